//! What machines are told, read back by the shell that reads it there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use domain::intent::ServiceKind;
use domain::name::Name;
use domain::spec::{ServicePart, Spec};
use proptest::prelude::*;

use super::evaluated::{Boot, boot};
use super::specs;
use crate::terraform::hostile::{names, renamed, texts};

const SETTINGS: &str = "/etc/plimsoll/settings.env";
const START: &str = "/var/lib/plimsoll/start";
const WATCH: &str = "/var/lib/plimsoll/watch";

fn fleets(spec: &Spec) -> impl Iterator<Item = &ServicePart> {
    spec.services.iter().filter(|service| service.kind == ServiceKind::Service)
}

fn label(name: &Name) -> String {
    let own = name.as_str().replace('-', "_");
    if own.as_bytes()[0].is_ascii_digit() { format!("_{own}") } else { own }
}

/// A folder of a test's own.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("plimsoll-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    folder
}

/// What a shell finds in a file of settings.
fn sourced(folder: &Path, file: &str) -> BTreeMap<String, String> {
    let path = folder.join("settings.env");
    std::fs::write(&path, file).expect("a file can be written");
    let own = Command::new("/bin/sh")
        .args(["-c", "set -a; . \"$0\"; exec env -0"])
        .arg(&path)
        .env_clear()
        .env("PATH", std::env::var("PATH").expect("there is one"))
        .output()
        .expect("there is a shell");
    assert!(own.status.success(), "{}\n{file}", String::from_utf8_lossy(&own.stderr));
    let told = String::from_utf8(own.stdout).expect("it is text");
    let pairs = told.split('\0').filter_map(|line| line.split_once('='));
    let own = pairs.filter(|(name, _)| !["PATH", "PWD", "OLDPWD", "_", "SHLVL"].contains(name));
    own.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// Where everything is that a program calls, and what the simulation was told.
#[test]
fn programs_learn_what_the_spec_says() {
    let folder = folder("told");
    for (shape, spec) in specs::all() {
        for service in fleets(&spec) {
            let boot = boot(&spec, &label(&service.name), "", "arn:of:secret");
            let told = sourced(&folder, &boot.files[SETTINGS]);
            assert_eq!(told, boot.settings, "{shape}");
            let is = |name: &str, value: String| {
                assert_eq!(told.get(name), Some(&value), "{shape}: {name}");
            };
            is("PORT", service.port.to_string());
            is("OTEL_SERVICE_NAME", service.name.to_string());
            let system = format!("service.namespace={}", spec.metadata.name);
            is("OTEL_RESOURCE_ATTRIBUTES", system);
            let process = service.process.expect("it admits");
            is("MAX_IN_FLIGHT", process.max_in_flight.to_string());
            is("QUEUE_LIMIT", process.queue_limit.to_string());
            let calls = service.resilience.as_ref().expect("it calls");
            is("CALL_TIMEOUT_MS", (calls.timeout_us / 1_000).to_string());
            is("CALL_RETRIES", calls.retries.to_string());
            is("CALL_QUEUE_MS", (calls.queue_us / 1_000).to_string());
            let budget: f64 = told["CALL_RETRY_BUDGET_PERCENT"].parse().expect("a number");
            assert!((budget * 10_000.0 - calls.retry_budget_ppm as f64).abs() < 0.5, "{shape}");
            for to in spec.services.iter().filter(|own| service.targets.contains(&own.name)) {
                let key = to.name.as_str().to_uppercase();
                is(&format!("{key}_PORT"), to.port.to_string());
                match to.kind {
                    ServiceKind::Sql if to.shards > 1 => {
                        for at in 0..to.shards {
                            is(&format!("{key}_{}_HOST", at + 1), format!("{}.{at}.rds", to.name));
                        }
                    }
                    ServiceKind::Sql => {
                        is(&format!("{key}_HOST"), format!("{}.0.rds", to.name));
                        is(&format!("{key}_PASSWORD_SECRET"), "arn:of:secret".into());
                        let pool = to.connections.expect("it has connections").pool_per_instance;
                        is(&format!("{key}_POOL"), pool.to_string());
                        is(&format!("{key}_TLS"), "true".into());
                    }
                    ServiceKind::Cache => {
                        is(&format!("{key}_HOST"), format!("{}.cache", to.name));
                        is(&format!("{key}_TLS"), "true".into());
                    }
                    ServiceKind::Queue => {
                        is(&format!("{key}_URL"), format!("https://sqs/{}", to.name));
                    }
                    _ => {
                        let system = &spec.metadata.name;
                        is(&format!("{key}_HOST"), format!("{}.{system}.internal", to.name));
                        is(&format!("{key}_BALANCING"), to.algorithm.as_str().into());
                    }
                }
            }
        }
    }
    let _ = std::fs::remove_dir_all(folder);
}

/// A program that writes down its last word, in the place of one that a machine has.
fn stands_in(folder: &Path, name: &str, ends: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    let log = folder.join(name.to_owned() + ".log");
    let path = folder.join(name);
    let text = format!(
        "#!/bin/sh\nfor last; do :; done\nprintf '%s\\n' \"$last\" >>'{}'\n{ends}\n",
        log.display()
    );
    std::fs::write(&path, text).expect("a file can be written");
    let all = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&path, all).expect("it can be made a program");
}

fn logged(folder: &Path, name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join(name.to_owned() + ".log"));
    text.unwrap_or_default().lines().map(str::to_owned).collect()
}

/// Runs the program that looks after the owner's, among others that stand in for a machine's.
fn watched(folder: &Path, boot: &Boot, curl: &str) {
    let bin = folder.join("bin");
    let _ = std::fs::remove_dir_all(&bin);
    std::fs::create_dir_all(&bin).expect("a folder can be made");
    stands_in(&bin, "curl", curl);
    for name in ["sleep", "systemctl"] {
        stands_in(&bin, name, "");
    }
    let script = folder.join("watch");
    std::fs::write(&script, &boot.files[WATCH]).expect("a file can be written");
    let mut run = Command::new("/bin/sh");
    let ended = run.arg(&script).env_clear().env("PATH", &bin).output().expect("a shell");
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
}

/// A machine that no balancer asks ends when its program answers no more, and not before.
#[test]
fn a_hung_program_ends_its_machine() {
    let folder = folder("watch");
    let (_, spec) = specs::all().into_iter().find(|(shape, _)| *shape == "called").expect("it is");
    let behind = boot(&spec, "app", "", "");
    assert!(!behind.files.contains_key(WATCH), "its balancer asks it");
    let own = boot(&spec, "search", "", "");
    let enabled = ["systemctl", "enable", "--now", "--no-block", "plimsoll-watch.service"];
    assert_eq!(own.commands[1], enabled);
    let search = spec.services.iter().find(|own| own.name.as_str() == "search").expect("it is");
    let failures = 2 * usize::try_from(search.health_check.unhealthy_threshold).expect("few");
    let bin = folder.join("bin");

    watched(&folder, &own, "exit 22");
    let path = search.health_check.path.clone().expect("it has one");
    let asked = vec![format!("http://127.0.0.1:9200{path}"); failures];
    assert_eq!(logged(&bin, "curl"), asked);
    assert_eq!(logged(&bin, "systemctl"), ["poweroff"]);
    let every = (search.health_check.interval_us / 1_000_000).to_string();
    assert_eq!(logged(&bin, "sleep")[1..], vec![every; failures]);

    // One answer in between, and it has all of its time again.
    let once = format!(
        "read -r count <'{0}' 2>/dev/null || count=0\necho $((count + 1)) >'{0}'\n\
         [ \"$count\" = {1} ] || exit 22",
        folder.join("count").display(),
        failures - 1
    );
    watched(&folder, &own, &once);
    assert_eq!(logged(&bin, "curl").len(), 2 * failures);
    let _ = std::fs::remove_dir_all(folder);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever services are called and whatever stands in answers and paths: a shell reads what
    /// was meant, and runs nothing of it.
    #[test]
    fn a_shell_reads_what_was_meant(
        own in prop::collection::btree_set(names(), 5),
        (start, secret, path) in (texts(), texts(), texts()),
    ) {
        let new: Vec<Name> = own.iter().map(|name| Name::of(name)).collect();
        let fine = |text: &str| !text.contains(['\0', '\r', '\n']);
        prop_assume!(!new.iter().any(|name| name.as_str() == "internet"));
        prop_assume!(fine(&secret) && fine(&path));
        let (_, spec) = specs::all().into_iter().find(|(own, _)| *own == "called").expect("it is");
        let mut spec = renamed(spec, "web", &new);
        spec.services[4].health_check.path = Some(format!("/{path}"));
        let folder = folder("hostile");
        for at in [1, 4] {
            let name = spec.services[at].name.clone();
            let boot = boot(&spec, &label(&name), &start, &secret);
            prop_assert_eq!(&sourced(&folder, &boot.files[SETTINGS]), &boot.settings);
            prop_assert!(boot.settings.values().any(|value| *value == secret));
            prop_assert_eq!(&boot.files[START], &start);
        }
        let called = boot(&spec, &label(&spec.services[4].name), &start, &secret);
        watched(&folder, &called, "exit 22");
        let asked = logged(&folder.join("bin"), "curl");
        prop_assert_eq!(&asked[0], &format!("http://127.0.0.1:9200/{path}"));
        let _ = std::fs::remove_dir_all(folder);
    }
}
