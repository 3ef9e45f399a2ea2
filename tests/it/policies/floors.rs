//! Floors of latency and recovery: each changes a plan, leaves another intent without one, and
//! refuses one that asks for less.

use domain::objective::Recovery;
use domain::topology::Redundancy;
use domain::units::{Percentile, Seconds};
use plimsoll::check::recovery::given;
use solver::characterise::characterise;
use solver::model::Settings;
use solver::relax::{Aspect, Prober};

use super::rules::{Kept, Prepare, nothing, one_zone, refused};
use super::{Market, cheapest, market, place, policies};
use crate::support::{assume, latency};

/// The latency is left to the rule.
fn no_latency(market: &mut Market) {
    market.intent.objectives.latency.clear();
}

/// A rule with what is done beforehand, and what it changes.
pub(super) const CHANGES: [(&str, Prepare, Kept); 3] = [
    ("{id: x, require: {latency.p99: '<= 200ms'}}", no_latency, |plan, _, _| {
        plan.estimates.iter().any(|own| own.limit == Seconds::of(0.2))
    }),
    ("{id: x, require: {recovery.rpo: '<= 1min'}}", nothing, |_, _, db| {
        db.redundancy != Redundancy::Single
    }),
    (
        "{id: x, when: {service.stateful: true}, require: {recovery.rto: '<= 5min'}}",
        nothing,
        |_, _, db| db.redundancy != Redundancy::Single,
    ),
];

/// A rule with what is done beforehand, such that no plan is left.
pub(super) const LEAVES_NOTHING: [(&str, Prepare); 3] = [
    ("{id: x, require: {latency.p50: '<= 2ms'}}", no_latency),
    ("{id: x, require: {recovery.rpo: '<= 1min'}}", one_zone),
    ("{id: x, require: {recovery.rto: '<= 1min'}}", nothing),
];

#[test]
fn an_intent_that_asks_for_less_is_refused_and_one_that_is_silent_takes_the_floor() {
    let mut market = market();
    let floor = "{id: x, require: {latency.p95: '<= 200ms'}}";
    assert_eq!(refused(&market, floor), ["x: latency p95 300ms"]);
    market.intent.objectives.latency = vec![latency(950, 150.0)];
    assert_eq!(refused(&market, floor), Vec::<String>::new());
    let limits = |market: &Market| -> Vec<(Percentile, Seconds)> {
        let demand = characterise(&market.intent, &market.catalog, None).expect("sound");
        demand.objectives.latency.iter().map(|own| (own.percentile, own.limit)).collect()
    };
    market.intent.policy = policies(&[floor]);
    assert_eq!(limits(&market), [(Percentile::P95, Seconds::of(0.15))], "what is stricter stays");
    no_latency(&mut market);
    assert_eq!(limits(&market), [(Percentile::P95, Seconds::of(0.2))]);
    // Where 99% are as fast, 95% are.
    market.intent.objectives.latency = vec![latency(990, 180.0)];
    assert_eq!(limits(&market), [(Percentile::P99, Seconds::of(0.18))]);
    market.intent.objectives.latency = vec![latency(990, 280.0)];
    let both = [(Percentile::P99, Seconds::of(0.28)), (Percentile::P95, Seconds::of(0.2))];
    assert_eq!(limits(&market), both);

    market.intent.objectives.recovery =
        Recovery { rpo: Some(Seconds::of(3_600.0)), rto: Some(Seconds::of(7_200.0)) };
    let floor = "{id: x, require: {recovery.rpo: '<= 15min', recovery.rto: '<= 90min'}}";
    assert_eq!(refused(&market, floor), ["x: recovery.rpo 1h", "x: recovery.rto 2h"]);
}

#[test]
fn a_recovery_that_an_intent_asks_for_is_kept_and_explained() {
    let mut market = market();
    let alone = cheapest(&market).expect("a plan");
    let db = place(&market, "db");
    assert_eq!(alone.topology.services[db].redundancy, Redundancy::Single);
    // Twenty gibibytes at fifteen seconds each and twenty minutes are twenty-five minutes.
    let within = |seconds: f64| Recovery { rpo: None, rto: Some(Seconds::of(seconds)) };
    market.intent.objectives.recovery = within(1_500.0);
    let same = cheapest(&market).expect("a plan");
    assert_eq!(same.topology, alone.topology);
    let demand = characterise(&market.intent, &market.catalog, None).expect("sound");
    let told = given(&demand, &demand.services[db], &same.topology.services[db]).expect("told");
    assert_eq!((told.lost, told.away), (300.0, 1_500.0));
    market.intent.objectives.recovery = within(1_499.0);
    let copied = cheapest(&market).expect("a plan");
    assert_ne!(copied.topology.services[db].redundancy, Redundancy::Single);
    // A larger database takes longer; what is assumed of it can be said otherwise.
    assume(&mut market.intent, "recovery.restore.per_gib", "10s");
    assert_eq!(cheapest(&market).expect("a plan").topology, alone.topology);

    market.intent.objectives.recovery = within(60.0);
    assert!(cheapest(&market).is_none(), "no standby takes over within a minute");
    let prober = Prober { catalog: &market.catalog, settings: Settings::GUARDED };
    assert!(prober.conflict(&market.intent).contains(&Aspect::Recovery));
    assert_eq!(Aspect::Recovery.phrase(&market.intent), "a recovery with rto 1min");
    assert!(prober.feasible(&Aspect::Recovery.loosest(&market.intent)));
}
