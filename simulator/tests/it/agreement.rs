//! Verdicts and what is shown beside them agree: in every check, of whatever plan.

use crate::common::{APP, DB, demand, objectives, topology};
use domain::demand::Demand;
use domain::topology::Topology;
use domain::verification::{Check, CheckUnit, Method, Verdict, Verification};
use simulator::{Evidence, Settings, verify};

fn judged(demand: &Demand, topology: &Topology, seed: u64) -> Verification {
    let settings = Settings { seed, evidence: Evidence::Always, ..Settings::default() };
    verify(demand, topology, &settings, &|_| {}).unwrap()
}

/// Whether a value is on the side of the limit where the check holds.
fn holds(check: &Check, value: f64) -> bool {
    match check.unit {
        CheckUnit::Seconds | CheckUnit::UnavailabilityPpm => value <= check.limit,
        CheckUnit::Share | CheckUnit::LoadFactor => value >= check.limit,
    }
}

fn assert_agrees(check: &Check) {
    let observed = check.observed;
    assert!(observed.low <= observed.value && observed.value <= observed.high, "{check:?}");
    match check.verdict {
        Verdict::Pass => {
            let both = holds(check, observed.low) && holds(check, observed.high);
            // The load is told by where it holds and where it breaks.
            assert!(both || check.unit == CheckUnit::LoadFactor, "{check:?}");
            assert!(holds(check, observed.value), "{check:?}");
        }
        Verdict::Fail => assert!(!holds(check, observed.value), "{check:?}"),
        Verdict::Undecided => {}
    }
    if check.verdict == Verdict::Fail && check.method == Method::Sequential {
        assert!(!holds(check, observed.low) && !holds(check, observed.high), "{check:?}");
    }
}

#[test]
fn a_verdict_never_contradicts_its_interval() {
    // Room enough; none for a lost zone; too few machines; a database that is too small.
    let plans = [(vec![12, 12], 32), (vec![8, 8], 16), (vec![3, 2], 16), (vec![8, 8], 4)];
    for (seed, (per_zone, database)) in (1..).zip(plans) {
        let mut demand = demand();
        demand.objectives = objectives(999_900, 950, 0.4);
        let mut topology = topology();
        topology.services[APP].pools[0].per_zone = per_zone.clone();
        topology.services[APP].pools[0].autoscaler = None;
        topology.services[DB].pools[0].servers = database;
        let found = judged(&demand, &topology, seed);
        assert!(found.checks.len() > 10);
        for check in &found.checks {
            assert_agrees(check);
        }
        for (recovered, check) in found.scenarios.iter().filter_map(|scenario| {
            let id = format!("recovery@{}", scenario.name);
            let check = found.checks.iter().find(|check| check.id == id)?;
            Some((scenario.recovered_after, check))
        }) {
            assert_eq!(recovered.is_some(), holds(check, check.observed.high), "{check:?}");
        }
    }
}

#[test]
fn what_is_overloaded_fails_whatever_its_trials_saw() {
    let mut topology = topology();
    topology.services[APP].pools[0].per_zone = vec![3, 2];
    topology.services[APP].pools[0].autoscaler = None;
    let found = judged(&demand(), &topology, 1);
    for id in ["latency-p95@peak", "goodput@peak"] {
        let check = found.checks.iter().find(|check| check.id == id).unwrap();
        assert_eq!((check.verdict, check.method), (Verdict::Fail, Method::Exact), "{check:?}");
    }
}

/// Past saturation no more requests are answered than there is capacity for: at a load of f, at
/// most (the load at which it saturates)/f of them.
#[test]
fn the_load_curve_shows_no_more_goodput_than_the_capacity_allows() {
    let mut topology = topology();
    topology.services[APP].pools[0].per_zone = vec![4, 4];
    topology.services[APP].pools[0].autoscaler = None;
    let found = judged(&demand(), &topology, 1);
    let busy = found.scenarios[0].utilisation["app"].value;
    let past: Vec<_> = found.load_curve.iter().filter(|point| point.factor * busy > 1.05).collect();
    assert!(!past.is_empty(), "{:?}", found.breaking_load);
    for point in past {
        let most = 1.0 / (point.factor * busy);
        assert!(point.goodput.high <= most * 1.02, "{point:?} of at most {most}");
    }
}
