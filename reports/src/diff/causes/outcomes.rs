//! The outcomes that were asked for, by the names that an intent has for them.

use std::collections::{BTreeMap, BTreeSet};

use domain::spec::{ObjectivePart, Spec};
use domain::units::MicroDollars;

use super::Change;
use crate::figures;

/// What an outcome says: as it is read, and with all its digits.
struct Said {
    told: String,
    exactly: String,
}

/// What is asked for otherwise; with all its digits where that hides the change.
pub(super) fn changes(from: &Spec, to: &Spec) -> Vec<Change> {
    let (before, now) = (stated(from), stated(to));
    let names: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
    let change = |name: &String| {
        let said = |tell: fn(&Said) -> &String| {
            let side = |all: &BTreeMap<String, Said>| all.get(name).map(tell).cloned();
            Change::of(name.clone(), side(&before), side(&now))
        };
        said(|own| &own.told).or_else(|| said(|own| &own.exactly))
    };
    names.into_iter().filter_map(change).collect()
}

fn stated(spec: &Spec) -> BTreeMap<String, Said> {
    spec.intent.objectives.iter().flat_map(said).collect()
}

fn said(objective: &ObjectivePart) -> Vec<(String, Said)> {
    let at = |place: &str| format!("objectives.{place}");
    match objective {
        ObjectivePart::Users { reading, target, headroom_ppm, instances_down, .. } => {
            let users = format!("{} {} users", figures::grouped(*target), reading.as_str());
            loaded(as_is(users), *headroom_ppm, *instances_down)
        }
        ObjectivePart::Rate { target_micro_rps, headroom_ppm, instances_down, .. } => {
            let rate = Said {
                told: format!("{}/s", figures::number(*target_micro_rps as f64 / 1e6)),
                exactly: format!("{target_micro_rps} millionths/s"),
            };
            loaded(rate, *headroom_ppm, *instances_down)
        }
        ObjectivePart::Availability { target_ppm, window, counted_within, .. } => {
            let within = counted_within
                .iter()
                .map(|hours| (at("uptime.counted_within"), as_is(hours.clone())));
            let whole = [
                (at("uptime"), share(u64::from(*target_ppm))),
                (at("uptime.window"), as_is(window.clone())),
            ];
            whole.into_iter().chain(within).collect()
        }
        ObjectivePart::Latency {
            class, percentile_permille, threshold_us, measured_at, ..
        } => {
            let whose = match class {
                Some(class) => format!("requests.{class}.latency"),
                None => at("latency"),
            };
            let percentile = figures::decimals(f64::from(*percentile_permille) / 10.0, 1);
            let measured = as_is(measured_at.as_str().replace('_', " "));
            vec![
                (format!("{whose}.p{percentile}"), time(*threshold_us)),
                (format!("{whose}.measured_at"), measured),
            ]
        }
        ObjectivePart::Recovery { rpo_us, rto_us, .. } => {
            let parts = [("recovery.rpo", rpo_us), ("recovery.rto", rto_us)];
            parts.into_iter().filter_map(|(part, us)| Some((at(part), time((*us)?)))).collect()
        }
        ObjectivePart::Budget { expected_micros, ceiling_micros, .. } => {
            let parts = [("budget.expected", expected_micros), ("budget.ceiling", ceiling_micros)];
            parts.into_iter().filter_map(|(part, sum)| Some((at(part), money((*sum)?)))).collect()
        }
    }
}

/// A load and the room that is kept beyond it.
fn loaded(load: Said, headroom_ppm: u64, instances_down: u32) -> Vec<(String, Said)> {
    vec![
        ("objectives.load".to_owned(), load),
        ("objectives.headroom.load".to_owned(), share(headroom_ppm)),
        ("objectives.headroom.instances_down".to_owned(), as_is(instances_down.to_string())),
    ]
}

fn as_is(text: String) -> Said {
    Said { exactly: text.clone(), told: text }
}

fn share(ppm: u64) -> Said {
    Said { told: figures::percent(ppm as f64 / 1e6, 3), exactly: format!("{ppm} ppm") }
}

fn time(us: u64) -> Said {
    Said { told: figures::time(us as f64 / 1e6), exactly: format!("{us} us") }
}

fn money(sum: MicroDollars) -> Said {
    let whole = sum.micros() % 1_000_000 == 0;
    let told = if whole { figures::dollars(sum) } else { figures::cents(sum) };
    Said { told, exactly: format!("{} USD", sum.dollars()) }
}
