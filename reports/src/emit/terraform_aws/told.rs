//! What machines are given when they start: their settings as a file, the owner's own start, and
//! where no balancer looks after them somebody who does.
//!
//! It is cloud-init's own document, in JSON, so that nothing in it passes through a shell. The file
//! of settings is read by a shell, by systemd and by container engines alike: a value of other
//! letters than those of addresses stands between quotes.

use domain::intent::ServiceKind;
use domain::spec::{HealthCheckPart, ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, list, map};
use crate::emit::terraform::fleet::{balancer_of, is_fleet, is_managed};
use crate::emit::terraform::network::encrypted;
use crate::emit::terraform::words::{demand, seconds};
use crate::emit::told::{self, Place, variable};

use super::names::ident;
use super::{database, discovery, outputs};

/// Where settings stand on a machine.
const SETTINGS: &str = "/etc/plimsoll/settings.env";
/// Where the owner's start stands.
const START: &str = "/var/lib/plimsoll/start";
/// Where the program stands that looks after the owner's.
const WATCH: &str = "/var/lib/plimsoll/watch";
/// The unit that runs it.
const UNIT: &str = "plimsoll-watch.service";

/// The most letters of an owner's start: AWS takes 16 KiB of all that a machine is given.
const MOST_START: usize = 8_000;

/// What a launch template gives a machine.
pub(super) fn user_data(service: &ServicePart) -> Expression {
    let boot = format!("local.{}_boot", ident(&service.name));
    code(&format!("base64encode(join(\"\\n\", [\"#cloud-config\", jsonencode({boot})]))"))
}

/// The variable with the owner's own start of a service.
pub(super) fn start(service: &ServicePart) -> String {
    format!("{}_start", ident(&service.name))
}

/// That variable.
pub(super) fn start_variable(service: &ServicePart) -> Body {
    let name = start(service);
    let about = format!(
        "What a machine of {} runs once when it starts, as root, with its settings \
         ({SETTINGS}) in its environment: a script with its own first line. Empty where the image \
         starts the program by itself",
        service.name
    );
    let condition = format!("length(var.{name}) <= {MOST_START}");
    let message =
        format!("A start has {MOST_START} letters at most; what is longer is in the image.");
    let valid = Body::default().set("condition", code(&condition)).set("error_message", message);
    let own = Body::default()
        .set("description", about)
        .set("type", code("string"))
        .set("default", "")
        .set("nullable", false)
        .gap()
        .block("validation", &[], valid);
    Body::default().part("", "variable", &[&name], own)
}

/// The settings of a service, and what its machines are given.
pub(super) fn locals(spec: &Spec, service: &ServicePart) -> Body {
    let label = ident(&service.name);
    let locals = Body::default()
        .set(&format!("{label}_settings"), map(settings(spec, service)))
        .set(&format!("{label}_boot"), boot(spec, service));
    let about = format!(
        "What the programs of {} are told, and what its machines are given when they start: the \
         settings as a file of variables ({SETTINGS}), written before any program needs the \
         network, and the start of your own. Nothing in it is a secret.",
        service.name
    );
    Body::default().part(&about, "locals", &[], locals)
}

/// The settings by their names.
fn settings(spec: &Spec, service: &ServicePart) -> Vec<(String, Expression)> {
    let own = told::settings(spec, service, told::admitted(service), |to| places(spec, to));
    let own = own.into_iter().map(|own| (own.name, own.value));
    let further = told::used(spec, service).flat_map(|to| {
        let key = variable(&to.name);
        match to.kind {
            ServiceKind::Queue => {
                let url = code(&format!("aws_sqs_queue.{}.url", ident(&to.name)));
                vec![(format!("{key}_URL"), url)]
            }
            ServiceKind::Sql => {
                told::account(&to.name).map(|(name, value)| (name, value.into())).to_vec()
            }
            _ => Vec::new(),
        }
    });
    let region = ("AWS_REGION".to_owned(), spec.placement.region.as_str().into());
    own.chain(further).chain([region]).collect()
}

/// Where something that is called is found, slice by slice.
fn places(spec: &Spec, to: &ServicePart) -> Vec<Place<Expression>> {
    if is_fleet(to) {
        return vec![Place::at(discovery::host(spec, to).into())];
    }
    if is_managed(to, ServiceKind::Sql) {
        let slices = 0..to.shards.max(1);
        return slices.map(|at| database::found(to, at)).collect();
    }
    if is_managed(to, ServiceKind::Queue) {
        return vec![Place::at(format!("sqs.{}.amazonaws.com", spec.placement.region).into())];
    }
    outputs::address(spec, to).map(|(_, host)| Place::at(host)).into_iter().collect()
}

/// What cloud-init does.
fn boot(spec: &Spec, service: &ServicePart) -> Expression {
    let file = |path: &str, mode: &str, content: Expression| {
        map([("path", path.into()), ("permissions", mode.into()), ("content", content)])
    };
    let start = code(&format!("var.{}", start(service)));
    let mut files = vec![file(SETTINGS, "0644", written(service)), file(START, "0700", start)];
    let run = format!("set -a; . {SETTINGS}; set +a; [ ! -s {START} ] || exec {START}");
    let mut commands = vec![list(["sh", "-c", &run])];
    if balancer_of(spec, service).is_none() {
        files.push(file(WATCH, "0755", watch(spec, service).into()));
        files.push(file(&format!("/etc/systemd/system/{UNIT}"), "0644", unit().into()));
        // Before the start, which may not come back.
        commands.insert(0, list(["systemctl", "daemon-reload"]));
        commands.insert(1, list(["systemctl", "enable", "--now", "--no-block", UNIT]));
    }
    map([("write_files", list(files)), ("runcmd", list(commands))])
}

/// The file of settings: a variable on each line.
fn written(service: &ServicePart) -> Expression {
    let settings = format!("local.{}_settings", ident(&service.name));
    let plain = "can(regex(\"^[A-Za-z0-9_./:@%+=,-]*$\", value))";
    let quoted = "join(\"\", [\"'\", replace(value, \"'\", \"'\\\\''\"), \"'\"])";
    let line = format!("join(\"=\", [name, {plain} ? value : {quoted}])");
    // The last line ends as well.
    code(&format!("join(\"\\n\", concat([for name, value in {settings} : {line}], [\"\"]))"))
}

/// The program that ends a machine whose own program answers no more: its group starts another.
fn watch(spec: &Spec, service: &ServicePart) -> String {
    let check = &service.health_check;
    // A machine that is too busy for a moment must not go: it has twice as long as a caller waits.
    let failures = 2 * u64::from(check.unhealthy_threshold);
    let patience = 2 * demand(spec, &service.name).map_or(0, |own| seconds(own.startup_us));
    let (needs, asks) = asked(spec, service, check);
    format!(
        "#!/bin/sh\n\
         # Ends this machine when its program has not answered {failures} times: its group\n\
         # starts another one in its place. Nothing is asked where {needs} is missing.\n\
         command -v {needs} >/dev/null || exit 0\n\
         sleep {patience}\n\
         failed=0\n\
         while [ \"$failed\" -lt {failures} ]; do\n\
         \x20 if {asks}; then failed=0; else failed=$((failed + 1)); fi\n\
         \x20 sleep {}\n\
         done\n\
         echo \"no answer, {failures} times: this machine ends\"\n\
         exec systemctl poweroff\n",
        seconds(check.interval_us),
    )
}

/// How the program is asked, and by what.
fn asked(spec: &Spec, service: &ServicePart, check: &HealthCheckPart) -> (&'static str, String) {
    let (wait, port) = (seconds(check.timeout_us).max(1), service.port);
    let Some(path) = &check.path else {
        return ("bash", format!("timeout {wait} bash -c ': </dev/tcp/127.0.0.1/{port}'"));
    };
    let scheme = if encrypted(spec, service) { "https" } else { "http" };
    let url = quoted(&format!("{scheme}://127.0.0.1:{port}{path}"));
    // The certificate is that of a name, and here the machine asks itself.
    (
        "curl",
        format!(
            "curl --globoff --insecure --silent --fail --output /dev/null --max-time {wait} {url}"
        ),
    )
}

/// A text as one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

fn unit() -> String {
    format!(
        "[Unit]\n\
         Description=Ends the machine when its program answers no more\n\
         After=network-online.target\n\
         \n\
         [Service]\n\
         ExecStart={WATCH}\n\
         \n\
         [Install]\n\
         WantedBy=multi-user.target\n"
    )
}
