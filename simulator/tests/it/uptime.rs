//! Uptime worked out for the rungs of the ladder, and its laws.

use crate::common::{APP, CACHE, DB, demand, objectives, standby, topology};
use domain::demand::Demand;
use domain::topology::{Redundancy, Topology};
use domain::units::{PerYear, Ppm, Ratio, Seconds};
use domain::verification::UptimeResult;
use simulator::{Evidence, Settings, verify};

fn uptime(demand: &Demand, topology: &Topology) -> UptimeResult {
    let settings = Settings { evidence: Evidence::Always, ..Settings::default() };
    verify(demand, topology, &settings, &|_| {}).unwrap().uptime.unwrap()
}

/// A tenth of the seed phrase's load, so that states are simulated quickly, on machines in these
/// zones; the database and the cache have standbys.
fn rung(per_zone: &[u32]) -> (Demand, Topology) {
    let mut demand = demand();
    demand.load.peak = domain::units::RequestsPerSecond::of(457.0);
    let mut topology = topology();
    topology.zones = u8::try_from(per_zone.len()).unwrap();
    topology.services[APP].pools[0].per_zone = per_zone.to_vec();
    topology.services[APP].pools[0].servers = 1;
    topology.services[APP].pools[0].autoscaler = None;
    for service in [CACHE, DB] {
        let pool = &mut topology.services[service].pools[0];
        pool.per_zone = per_zone.iter().map(|_| 1).collect();
        pool.servers = pool.servers.min(2);
    }
    (demand, topology)
}

fn term(result: &UptimeResult, name: &str) -> f64 {
    let found = result.terms.iter().find(|(known, _)| known == name);
    found.map_or(0.0, |(_, ppm)| ppm.value())
}

fn close(found: f64, expected: f64, share: f64) {
    assert!((found - expected).abs() <= share * expected, "{found} against {expected}");
}

/// What the rungs add up to when each is worked out by hand from the same rates, zones counted
/// once: 355 ppm for one zone with everything single, 353 for two zones without room for a loss,
/// 321 for two zones with room and a single database, 127 with a standby. By hand whatever is hit
/// is lost altogether, so it is the structural figure that compares; the first rung has a cache of
/// its own here, which falls back to a database with room to spare.
#[test]
fn the_rungs_of_the_ladder_come_out_as_by_hand() {
    let (demand, mut single) = rung(&[4]);
    single.services[DB].redundancy = Redundancy::Single;
    single.services[CACHE].redundancy = Redundancy::Single;
    let one_zone = uptime(&demand, &single);
    close(one_zone.structural.value(), 355.0, 0.1);
    close(one_zone.year_within_budget.value(), 0.945, 0.01);

    let (demand, tight) = rung(&[2, 2]);
    let without_room = uptime(&demand, &tight);
    close(without_room.structural.value(), 353.0, 0.02);

    let (demand, mut roomy) = rung(&[4, 4]);
    let with_standby = uptime(&demand, &roomy);
    close(with_standby.structural.value(), 127.0, 0.02);
    close(with_standby.year_within_budget.value(), 0.993, 0.005);
    roomy.services[DB].redundancy = Redundancy::Single;
    roomy.services[DB].pools[0].per_zone = vec![1, 0];
    close(uptime(&demand, &roomy).structural.value(), 321.0, 0.02);
}

/// All requests go through what stands before the edge: its 50 ppm are lost, and twice that at
/// twice the rates.
#[test]
fn outages_before_the_edge_lose_every_request() {
    let (mut demand, topology) = rung(&[4, 4]);
    let without = uptime(&demand, &topology);
    assert!(term(&without, "cdn") <= 0.0);
    demand.faults.cdn = Ppm::of(50.0);
    let with = uptime(&demand, &topology);
    close(term(&with, "cdn"), 50.0, 1e-3);
    let more = |of: fn(&UptimeResult) -> Ppm| of(&with).value() - of(&without).value();
    close(more(|own| own.request_weighted), 50.0, 1e-3);
    close(more(|own| own.structural), 50.0, 1e-3);
    close(more(|own| own.at_twice_the_rates), 100.0, 1e-3);
    assert!(with.year_within_budget < without.year_within_budget);
}

#[test]
fn what_is_lost_by_requests_is_never_more_than_by_structure() {
    for zones in [&[4, 4][..], &[2, 2], &[3, 3, 3]] {
        let (demand, topology) = rung(zones);
        let found = uptime(&demand, &topology);
        assert!(found.request_weighted <= found.structural, "{zones:?}: {found:?}");
        let sum: f64 = found.terms.iter().map(|(_, ppm)| ppm.value()).sum();
        close(sum, found.request_weighted.value(), 1e-9);
        assert!(found.terms.is_sorted_by(|one, other| one.1 >= other.1));
    }
}

#[test]
fn twice_the_rates_lose_about_twice_as_much() {
    let (demand, topology) = rung(&[4, 4]);
    let found = uptime(&demand, &topology);
    let twice = found.at_twice_the_rates.value() / found.request_weighted.value();
    assert!(twice > 1.99 && twice < 2.01, "{twice}");
}

#[test]
fn a_standby_never_loses_more_than_none() {
    let (demand, topology) = rung(&[4, 4]);
    let mut single = topology.clone();
    single.services[DB].redundancy = Redundancy::Single;
    single.services[DB].pools[0].per_zone = vec![1, 0];
    let with = uptime(&demand, &topology);
    let without = uptime(&demand, &single);
    assert!(with.request_weighted < without.request_weighted);
    assert!(with.structural < without.structural);
}

#[test]
fn a_longer_failover_or_repair_never_helps() {
    let lost = |failover: f64, region_hours: f64| {
        let (mut demand, mut topology) = rung(&[4, 4]);
        topology.services[DB].redundancy = standby(failover);
        demand.faults.region.duration = Seconds::of(region_hours * 3_600.0);
        uptime(&demand, &topology).request_weighted
    };
    assert!(lost(35.0, 4.0) < lost(120.0, 4.0));
    assert!(lost(120.0, 4.0) < lost(120.0, 8.0));
}

#[test]
fn when_all_faults_are_common_copies_are_worth_nothing() {
    let lost = |common: f64, per_zone: &[u32]| {
        let (mut demand, topology) = rung(per_zone);
        demand.faults.common_cause_in_zone = Ratio::of(common);
        // Instances that fail often enough to be seen.
        demand.faults.instance.rate = PerYear::of(50.0);
        let found = uptime(&demand, &topology);
        term(&found, "app.instances") + term(&found, "app.together")
    };
    // One zone: with everything common, four machines are down together as often as one would be.
    let down = 50.0 * 600.0 / (365.0 * 86_400.0) * 1e6;
    let silent = 50.0 * 30.0 / (365.0 * 86_400.0) * 1e6;
    close(lost(1.0, &[4]), down + silent, 0.02);
    assert!(lost(0.0, &[4]) < 0.02 * down);
    assert!(lost(1.0, &[4, 4]) < lost(1.0, &[4]), "another zone is no part of it");
}

#[test]
fn nothing_that_never_fails_is_ever_lost() {
    let (mut demand, topology) = rung(&[4, 4]);
    let never = PerYear::ZERO;
    let faults = &mut demand.faults;
    for outage in [
        &mut faults.instance,
        &mut faults.zone,
        &mut faults.region,
        &mut faults.sql_single,
        &mut faults.sql_maintenance,
    ] {
        outage.rate = never;
    }
    for failover in [&mut faults.sql_failover, &mut faults.cache_failover] {
        failover.events = never;
        failover.unplanned = never;
    }
    faults.change.rate = never;
    faults.balancer = Ppm::ZERO;
    faults.dns = Ppm::ZERO;
    let found = uptime(&demand, &topology);
    assert!(found.request_weighted.value() < 1e-6, "{found:?}");
    assert!((found.year_within_budget.value() - 1.0).abs() < 1e-12);
}

#[test]
fn an_uptime_that_the_faults_do_not_allow_is_refuted() {
    let (mut demand, topology) = rung(&[4, 4, 4]);
    let status = |demand: &Demand| {
        let settings = Settings { evidence: Evidence::Demanded, ..Settings::default() };
        let found = verify(demand, &topology, &settings, &|_| {}).unwrap();
        let check = found.checks.iter().find(|check| check.id == "uptime").unwrap().clone();
        (check.verdict, check.limit)
    };
    demand.objectives = objectives(999_800, 950, 0.4);
    assert_eq!(status(&demand), (domain::verification::Verdict::Pass, 200.0));
    // Releases that fail for a quarter of an hour cost 74 ppm alone.
    demand.objectives = objectives(999_900, 950, 0.4);
    assert_eq!(status(&demand), (domain::verification::Verdict::Fail, 100.0));
}

/// Law 52 of availability: one zone of so many machines is the same as two that never fail, with
/// as many in both. Needs: nothing in common between machines, and a way between zones that is no
/// longer than that within one.
#[test]
fn zones_that_never_fail_are_one_zone() {
    let lost = |per_zone: &[u32]| {
        let (mut demand, topology) = rung(per_zone);
        let faults = &mut demand.faults;
        faults.zone.rate = PerYear::ZERO;
        faults.common_cause_in_zone = Ratio::ZERO;
        faults.common_cause_across_zones = Ratio::ZERO;
        faults.instance.rate = PerYear::of(500.0);
        demand.network.cross_zone = demand.network.same_zone;
        term(&uptime(&demand, &topology), "app.instances")
    };
    let (one, two) = (lost(&[4]), lost(&[2, 2]));
    assert!(one > 10.0);
    close(two, one, 0.05);
}
