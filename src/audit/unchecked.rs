//! What could not be checked, and who could.

use domain::plan::LatencyForm;
use domain::spec::Spec;
use reports::checked::Unchecked;

use super::Against;

/// Everything in a spec that nothing here is compared with.
pub(super) fn of(spec: &Spec, against: &Against<'_>) -> Vec<Unchecked> {
    let mut found = Vec::new();
    let mut push = |places: &[&str], reason: &str| {
        let places = places.iter().map(|place| (*place).to_owned()).collect();
        found.push(Unchecked { places, reason: reason.to_owned() });
    };
    if against.catalog.is_none() {
        push(
            &["/cost/lines", "/services"],
            "made from another catalog: prices, quantities and machines; give it by --catalog DIR",
        );
    }
    if against.asked.is_none() {
        push(
            &["/intent/objectives", "/demand", "/assumptions"],
            "the intent could not be read again: they were taken as they stand",
        );
    }
    push(
        &["/verdict", "/checks", "/scenarios", "/load_curve", "/breaking_load", "/day", "/uptime"],
        "latency, good answers, recovery and uptime: what a simulation saw; run plimsoll verify",
    );
    let compared = if spec.estimates.iter().any(|own| own.form == LatencyForm::Proof) {
        "what the queueing model expects: only its sums and limits were compared"
    } else {
        "what the queueing model expects: only its limits were compared"
    };
    push(&["/estimates"], compared);
    push(
        &["/optimality"],
        "that no plan is cheaper, and how many were looked at: only a solver can tell",
    );
    push(
        &["/availability/terms", "/availability/sla_composition_ppb"],
        "unavailability of each service, of zones and of agreements: only their sum was compared",
    );
    if !(spec.alternatives.is_empty() && spec.sensitivities.is_empty()) {
        push(
            &["/alternatives", "/sensitivities", "/intent/other_readings"],
            "what other questions cost: other plans, which the spec does not hold",
        );
    }
    found
}
