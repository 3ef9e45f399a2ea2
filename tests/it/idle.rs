//! A system with hardly any load: redundancy sets how many machines there are, and what they do by
//! themselves starts no more.

use std::fs;
use std::path::Path;

use domain::spec::{OfferPart, ServicePart, Spec};

use crate::support::program::{plimsoll, with_input};

/// Twenty people, for whom two machines of each kind are far too many.
const IDLE: &str = "20 users, 99.9% uptime, 400ms latency";

fn planned(folder: &Path, further: &[&str]) -> (String, Spec) {
    let out = folder.join("out").display().to_string();
    let arguments = [&["plan", IDLE, "--out", &out, "--force"][..], further].concat();
    let said = plimsoll(&arguments);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    assert!(!said.stdout.contains("autoscalers steer"), "{}", said.stdout);
    let file = format!("{out}/spec.json");
    let text = fs::read_to_string(&file).expect("it was written");
    (file, domain::spec::read(&text).expect("a spec"))
}

/// Fleets with an autoscaler, and how many of them there are at the peak.
fn fleets(spec: &Spec) -> impl Iterator<Item = (&ServicePart, &OfferPart, u32)> {
    spec.services.iter().flat_map(|service| {
        let follows = service.offers.iter().filter(|offer| offer.autoscaling.is_some());
        follows.map(move |offer| (service, offer, offer.per_zone.values().sum()))
    })
}

#[test]
fn what_machines_do_by_themselves_starts_no_more_of_them() {
    let folder = tempfile::tempdir().expect("a folder");
    for (further, least) in
        [(&[][..], 200_000), (&["--set", "autoscaler.target_min=35%"][..], 350_000)]
    {
        let (file, spec) = planned(folder.path(), further);
        assert!(fleets(&spec).count() > 0, "something follows the load");
        for (service, offer, peak) in fleets(&spec) {
            let scaler = offer.autoscaling.as_ref().expect("it follows");
            let busy = service.sizing.utilisation_permille.peak;
            assert!(busy < 50, "{}: it is hardly busy, {busy} of a thousand", service.name);
            assert_eq!(scaler.min, peak, "{}: redundancy sets the number", service.name);
            assert_eq!(scaler.target_ppm, least, "{}", service.name);
        }
        let entry = spec.assumptions.iter().find(|own| own.name == "autoscaler.target_min");
        assert!(entry.is_some_and(|own| !own.source.is_empty()), "its origin is in the ledger");
        let checked = plimsoll(&["check", &file]);
        assert_eq!(checked.code, 0, "{}", checked.stdout);
        // What is emitted is what was simulated.
        let out = folder.path().join("built").display().to_string();
        let emitted = plimsoll(&["emit", &file, "--to", "terraform-aws", "--out", &out, "--force"]);
        assert_eq!(emitted.code, 0, "{}", emitted.stderr);
        let text = fs::read_to_string(format!("{out}/terraform-aws/fleet.tf")).expect("a module");
        let target = format!("target_value = {}", least / 10_000);
        let own = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(own.contains(&target), "{text}");
        // A lower target than that is no plan of ours.
        let lower = fs::read_to_string(&file)
            .expect("it was written")
            .replace(&format!("\"target_ppm\": {least}"), "\"target_ppm\": 7000");
        let other = folder.path().join("lower.json").display().to_string();
        fs::write(&other, lower).expect("a file");
        let checked = plimsoll(&["check", &other]);
        assert_ne!(checked.code, 0, "{}", checked.stdout);
        assert!(checked.stdout.contains("autoscaling/target_ppm"), "{}", checked.stdout);
    }
}

/// Requests that take memory and hardly any work: the number falls at night, and so little busyness
/// is behind it that a risk says so.
#[test]
fn a_number_that_memory_sets_is_told_as_a_risk() {
    let intent = |memory: &str| {
        format!(
            "apiVersion: plimsoll/v1\nkind: Intent\nmetadata: {{name: held}}\nobjectives:\n  \
             load: {{requests_per_second: 400/s}}\n  uptime: 99.9%\ntraffic: {{shape: {{diurnal: \
             {{peak_to_mean: 4}}}}}}\nrequests:\n  all: {{share: 100%, enters: web, response: \
             4kB}}\nservices:\n  web: {{type: service, cpu_time: {{all: 0.3ms}}, memory: {{base: \
             300MiB, per_request: {memory}}}}}\nrun_on: {{providers: [aws]}}\n"
        )
    };
    let told = |memory: &str| {
        let said = with_input(&["plan", "-", "--json"], intent(memory));
        assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
        let spec = domain::spec::read(&said.stdout).expect("a spec");
        let falls = fleets(&spec).any(|(_, offer, peak)| {
            let scaler = offer.autoscaling.as_ref().expect("it follows");
            scaler.min < peak && scaler.target_ppm < 200_000
        });
        let risk = said.json()["risks"].to_string().contains("autoscalers steer web to 1%");
        (falls, risk)
    };
    assert_eq!(told("100MiB"), (true, true));
    assert_eq!(told("1MiB"), (false, false));
}
