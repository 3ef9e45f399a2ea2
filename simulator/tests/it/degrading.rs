//! What a service can do without: what would be lost is served and told apart, where something is
//! broken and nowhere else.

use crate::common::{APP, CACHE, DB, call, demand, deployment, service, topology};
use domain::degradation::{Degradation, Substitute};
use domain::demand::{Demand, ServiceIndex};
use domain::external::External;
use domain::intent::ServiceKind;
use domain::topology::{Redundancy, Topology};
use domain::units::{Ratio, RequestsPerSecond, Seconds};
use domain::verification::{UptimeResult, Verdict};
use simulator::{Evidence, Settings, verify, verify_scenarios};

/// A tenth of the seed phrase's load on its system, with a database that has no standby; a client
/// does not try again.
fn system() -> (Demand, Topology) {
    let (mut demand, mut topology) = (demand(), topology());
    demand.load.peak = RequestsPerSecond::of(457.0);
    demand.services[0].on_failure.retries = 0;
    let database = &mut topology.services[DB];
    database.redundancy = Redundancy::Single;
    for (zone, count) in database.pools[0].per_zone.iter_mut().enumerate() {
        *count = u32::from(zone == 0);
    }
    (demand, topology)
}

fn without(demand: &mut Demand, service: usize) {
    let degradation = Degradation { without: ServiceIndex(service), serve: Substitute::Stale };
    demand.services[APP].degrades.push(degradation);
}

fn uptime(demand: &Demand, topology: &Topology) -> UptimeResult {
    let settings = Settings { evidence: Evidence::Always, ..Settings::default() };
    verify(demand, topology, &settings, &|_| {}).unwrap().uptime.unwrap()
}

fn term(result: &UptimeResult, name: &str) -> f64 {
    let found = result.terms.iter().find(|(known, _)| known == name);
    found.map_or(0.0, |(_, ppm)| ppm.value())
}

#[test]
fn what_would_be_lost_with_a_database_is_served_instead() {
    let (mut demand, topology) = system();
    let strict = uptime(&demand, &topology);
    assert!(strict.degraded.value() <= 0.0);
    without(&mut demand, DB);
    let lenient = uptime(&demand, &topology);
    // Half an outage of an hour and two of ten minutes a year; of a request's 24 keys one at least
    // is not in the cache with 1 − 0.9²⁴.
    let away = (0.5 * 3_600.0 + 2.0 * 600.0) / (365.25 * 86_400.0) * 1e6;
    let needing = 1.0 - libm::pow(0.9, 24.0);
    for cause in ["db.faults", "db.maintenance"] {
        assert!(term(&strict, cause) > 1.0, "{:?}", strict.terms);
        assert!(term(&lenient, cause) <= 0.0, "{:?}", lenient.terms);
    }
    let lost = term(&strict, "db.faults") + term(&strict, "db.maintenance");
    assert!((lost / (away * needing) - 1.0).abs() < 0.02, "{lost} for {}", away * needing);
    // The zone of the database takes it along, so a part of what it loses is served as well.
    let spared = strict.request_weighted.value() - lenient.request_weighted.value();
    let degraded = lenient.degraded.value();
    assert!(degraded > lost, "{degraded} of {lost}");
    assert!((spared / degraded - 1.0).abs() < 0.05, "{spared} spared, {degraded} degraded");
}

#[test]
fn an_outage_of_somebody_else_costs_nothing_where_it_can_be_done_without() {
    let (mut demand, mut topology) = system();
    let at = demand.services.len();
    demand.services[APP].calls.push(call(at, 0.2, 1));
    let mut other = service("payments", ServiceKind::External, 0.1, 0.5);
    other.external =
        Some(External { p50: Seconds::of(0.09), p99: Seconds::of(0.27), uptime: Ratio::of(0.99) });
    demand.services.push(other);
    topology.services.push(deployment(None, Redundancy::Active));
    without(&mut demand, at);
    let found = uptime(&demand, &topology);
    assert!(term(&found, "payments") <= 0.0, "{:?}", found.terms);
    let degraded = found.degraded.value();
    assert!((degraded / 2_000.0 - 1.0).abs() < 0.05, "{degraded}");
}

#[test]
fn too_small_a_database_is_no_reason_to_serve_less() {
    let (mut demand, mut topology) = system();
    without(&mut demand, DB);
    // Hardly anything may wait for it, so that most of what comes is refused at once.
    demand.services[DB].work[0].cpu_time = Seconds::of(0.05);
    topology.services[DB].pools[0].servers = 1;
    let limits = topology.services[DB].limits.as_mut().unwrap();
    (limits.queue, limits.in_flight) = (1, 2);
    let names = ["peak".to_owned()];
    let found = verify_scenarios(&demand, &topology, &names, &Settings::default(), &|_| {});
    let found = found.unwrap();
    let goodput = found.checks.iter().find(|check| check.objective == "goodput").unwrap();
    assert_eq!(goodput.verdict, Verdict::Fail, "{goodput:?}");
    assert!(found.scenarios[0].degraded <= 0.0);
}

#[test]
fn who_is_not_said_to_do_without_it_fails_without_it() {
    let (mut demand, topology) = system();
    // The cache's own outage is not the database's.
    without(&mut demand, DB);
    let lenient = uptime(&demand, &topology);
    demand.services[APP].degrades[0].without = ServiceIndex(2);
    let other = uptime(&demand, &topology);
    assert!(term(&other, "db.faults") > 1.0 && term(&lenient, "db.faults") <= 0.0);
}

/// A failover lasts longer than anyone waits, so that its end rescues nobody but who came last.
#[test]
fn all_who_need_a_database_are_lost_while_it_fails_over() {
    let (mut demand, topology) = (demand(), topology());
    let failover = match topology.services[DB].redundancy {
        Redundancy::Standby { failover } => failover.value(),
        _ => unreachable!("the database has a standby"),
    };
    let life = 2.0 * demand.services[APP].on_failure.timeout.value() + 1.0;
    let names = ["sql-failover:db".to_owned()];
    for hits in [0.9, 0.995] {
        demand.services[CACHE].data.as_mut().unwrap().hit_ratio = Ratio::of(hits);
        let needing = 1.0 - libm::pow(hits, 24.0);
        let found = verify_scenarios(&demand, &topology, &names, &Settings::default(), &|_| {});
        let goodput = found.unwrap().scenarios[0].goodput;
        let fewest = 1.0 - needing;
        let most = 1.0 - needing * (1.0 - life / failover);
        assert!(goodput.high >= fewest && goodput.low <= most, "{goodput:?} of {fewest} to {most}");
        assert!(goodput.high - goodput.low < 0.02, "{goodput:?} says little");
    }
}
