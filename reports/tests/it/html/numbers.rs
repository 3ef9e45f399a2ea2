//! The numbers of the report are those of the spec, and a wrong one would be found.

use domain::spec::{Amounts, Spec};
use domain::units::MicroDollars;
use reports::spec;
use serde_json::Value;

use super::document::Page;
use super::shown;
use super::trace::{numbers, untraced};
use crate::common;
use crate::terminal::with_services;

#[test]
fn every_number_is_one_of_the_spec() {
    let mut answers = vec![common::answer(), with_services(9), common::answer()];
    answers[2].demand.objectives.budget.expected = Some(MicroDollars::from_dollars(4_000));
    answers[2].demand.objectives.budget.ceiling = Some(MicroDollars::from_dollars(7_000));
    for answer in answers {
        let written = spec::render(&answer);
        let html = shown(&written);
        assert_eq!(untraced(&html, &written), Vec::<String>::new());
        let read = Page::parse(&html);
        let count: usize = read.read().map(|(_, text)| numbers(text).len()).sum();
        assert!(count > 500, "{count} numbers were looked at");
    }
}

#[test]
fn a_number_from_nowhere_is_found() {
    let written = spec::render(&common::answer());
    let html = shown(&written);
    for (from, to) in [("$3,382", "$3,383"), ("13,200", "13,300"), ("24 ms", "25.7 ms")] {
        assert!(html.contains(from), "{from}");
        let forged = html.replace(from, to);
        assert!(!untraced(&forged, &written).is_empty(), "{to} for {from}");
    }
    assert_eq!(numbers("$3,382.50 at 99.9%, p95; 1.2.3,"), ["3,382.50", "99.9", "95", "1.2.3"]);
}

/// Numbers of a spec, each at its place, with another value for it.
const CHANGED: [(&str, u64); 21] = [
    ("/cost/lines/0/amount_micros/expected", 777_770_000),
    ("/cost/lines/0/amount_micros/ceiling", 5_777_770_000),
    ("/cost/lines/0/quantity_milli/expected", 7_777_777),
    ("/checks/0/observed_us", 77_700),
    ("/checks/0/trials", 77),
    ("/checks/1/observed_ppm", 777_770),
    ("/scenarios/0/goodput/observed_ppm", 777_770),
    ("/scenarios/0/requests", 7_777_777),
    ("/scenarios/0/distribution/0/unanswered", 7_777),
    ("/scenarios/0/distribution/0/points/4/observed_us", 17_700),
    ("/scenarios/0/distribution/0/points/4/above_ppm", 277_700),
    ("/uptime/request_weighted_ppb", 777_700),
    ("/uptime/terms/0/unavailability_ppb", 177_700),
    ("/availability/terms/0/unavailability_ppb", 377_700),
    ("/breaking_load/holds_ppm", 1_277_000),
    ("/load_curve/2/p95/observed_us", 77_700),
    ("/services/1/sizing/utilisation_permille/zone_lost", 1_777),
    ("/demand/peak_micro_rps", 4_777_000_000),
    ("/optimality/designs", 7_777),
    ("/alternatives/0/monthly_micros", 3_777_000_000),
    ("/sensitivities/0/change_micros_at_120_percent", 777_000_000),
];

#[test]
fn a_spec_with_another_number_has_another_report() {
    let written = spec::render(&common::answer());
    let before = shown(&written);
    for (place, value) in CHANGED {
        let mut document: Value = serde_json::from_str(&spec::text(&written)).unwrap();
        let number = document.pointer_mut(place).unwrap_or_else(|| panic!("{place} is there"));
        assert_ne!(*number, Value::from(value), "{place}");
        *number = Value::from(value);
        let mut changed: Spec = serde_json::from_value(document).unwrap();
        // A bill that does not add up is no bill.
        let sum = |of: fn(&Amounts) -> MicroDollars| {
            changed.cost.lines.iter().map(|line| of(&line.amount_micros)).sum()
        };
        changed.cost.monthly_micros = Amounts {
            expected: sum(|amounts| amounts.expected),
            peak_fleet: sum(|amounts| amounts.peak_fleet),
            ceiling: sum(|amounts| amounts.ceiling),
        };
        let after = shown(&changed);
        let read = |html: &str| {
            let page = Page::parse(html);
            page.read().map(|(_, text)| text.to_owned()).collect::<Vec<_>>()
        };
        assert_ne!(read(&after), read(&before), "{place} is not in the report");
        // The new number is one of the new spec, and none of the old one.
        assert!(!untraced(&after, &written).is_empty(), "{place} is read as before");
        assert_eq!(untraced(&after, &changed), Vec::<String>::new(), "{place}");
    }
}
