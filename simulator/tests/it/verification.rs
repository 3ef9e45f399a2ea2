//! Whole topologies judged: what is demanded, what is verified, what is refuted, and in what words.

use crate::common::{APP, CACHE, DB, demand, deployment, objectives, pool, standby, topology};
use domain::demand::{Demand, ServiceIndex};
use domain::topology::{InstanceLimits, Redundancy, Topology};
use domain::units::{Probability, Ratio, RequestsPerSecond};
use domain::verification::{Check, CheckUnit, Method, Status, Verdict, Verification};
use simulator::{Evidence, Settings, SimulatorFault, culprit, verify};

fn settings(evidence: Evidence) -> Settings {
    Settings { evidence, ..Settings::default() }
}

fn judged(demand: &Demand, topology: &Topology, evidence: Evidence) -> Verification {
    verify(demand, topology, &settings(evidence), &|_| {}).unwrap()
}

fn check<'a>(verification: &'a Verification, id: &str) -> &'a Check {
    verification
        .checks
        .iter()
        .find(|check| check.id == id)
        .unwrap_or_else(|| panic!("no check {id}"))
}

/// A demand and a topology that hold the loss of a zone: three zones, half again as much of
/// everything, and careful releases.
fn four_nines() -> (Demand, Topology) {
    let mut demand = demand();
    demand.objectives = objectives(999_900, 950, 0.4);
    demand.faults.change.reach = Ratio::of(0.25);
    demand.faults.change.duration = domain::units::Seconds::of(300.0);
    let mut topology = topology();
    topology.zones = 3;
    let limits = topology.services[APP].limits;
    topology.services[APP] = deployment(Some(pool(4, 1.95, &[5, 5, 5])), Redundancy::Active);
    topology.services[APP].limits = limits;
    for service in [CACHE, DB] {
        topology.services[service].pools[0].per_zone = vec![1, 1, 0];
    }
    (demand, topology)
}

#[test]
fn the_seed_phrase_is_verified_with_room() {
    let found = judged(&demand(), &topology(), Evidence::UnlessRefuted);
    assert_eq!(found.status, Status::Verified, "{:#?}", found.first_objection());
    assert_eq!(found.generator, "philox2x64-7");
    let p95 = check(&found, "latency-p95@headroom");
    assert!(p95.demanded && p95.unit == CheckUnit::Seconds && p95.method == Method::Sequential);
    assert!(p95.observed.value > 0.015 && p95.observed.value < 0.1);
    assert!(p95.observed.low < p95.observed.value && p95.observed.value < p95.observed.high);
    let breaking = found.breaking_load.as_ref().unwrap();
    let breaks = breaking.breaks.unwrap();
    assert!(breaking.holds >= 1.25 && breaks < 1.45 && breaks / breaking.holds <= 1.02);
    assert_eq!(breaking.saturates, "app");
    let utilisation = &found.scenarios[0].utilisation;
    assert!((utilisation["app"].value - 0.733).abs() < 0.02);
    let day = found.day.as_ref().unwrap();
    assert!(day.instance_hours["app"] > 100.0 && day.instance_hours["app"] < 8.0 * 24.0);
    assert!(day.request_level_share > 0.0 && day.fluid_error < 0.1);
    assert!(day.worst_goodput > 0.999);
}

/// Eleven open hours with the ups and downs of a whole day: steeper, and with nothing in between.
#[test]
fn the_day_of_a_system_with_hours_is_its_open_one() {
    let office = domain::hours::Hours::office("UTC");
    let open = Demand { hours: Some(office), ..demand() };
    let day = |demand: &Demand| {
        let found = judged(demand, &topology(), Evidence::UnlessRefuted);
        assert_eq!(found.status, Status::Verified, "{:#?}", found.first_objection());
        found.day.expect("the uptime demands a day")
    };
    let (whole, open) = (day(&demand()), day(&open));
    let (whole, open) = (whole.instance_hours["app"] / 24.0, open.instance_hours["app"] / 11.0);
    assert!(open < 8.0 && (open / whole - 1.0).abs() < 0.1, "{whole} {open} instances on average");
}

#[test]
fn the_same_inputs_give_the_same_bits_on_any_number_of_threads() {
    let (demand, topology) = (demand(), topology());
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| judged(&demand, &topology, Evidence::Always))
    };
    let one = format!("{:?}", on(1));
    assert_eq!(one, format!("{:?}", on(2)));
    assert_eq!(one, format!("{:?}", on(8)));
}

#[test]
fn what_is_demanded_follows_from_the_uptime() {
    let scenarios = |uptime: Option<u32>| {
        let (mut demand, topology) = four_nines();
        demand.objectives = objectives(uptime.unwrap_or(0), 950, 0.4);
        if uptime.is_none() {
            demand.objectives.uptime = None;
        }
        demand.load.peak = RequestsPerSecond::of(200.0);
        let found = judged(&demand, &topology, Evidence::UnlessRefuted);
        let demanded = found.checks.iter().filter(|check| check.demanded);
        let mut names: Vec<String> = demanded.map(|check| check.scenario.clone()).collect();
        names.sort();
        names.dedup();
        names.join(" ")
    };
    let below = "headroom peak";
    assert_eq!(scenarios(None), below);
    assert_eq!(scenarios(Some(990_000)), format!("{below} states"));
    let three = "day headroom instance-down:app peak";
    assert_eq!(scenarios(Some(999_000)), format!("{three} states"));
    assert_eq!(scenarios(Some(999_500)), format!("{three} sql-failover:db states"));
    assert_eq!(
        scenarios(Some(999_900)),
        format!("blip {three} sql-failover:db states zone-loss:1 zone-loss:2")
    );
}

#[test]
fn dropped_headroom_is_not_demanded() {
    let mut demand = demand();
    demand.objectives.headroom.load = Ratio::ZERO;
    demand.objectives.headroom.instances_down = 0;
    let found = judged(&demand, &topology(), Evidence::Demanded);
    assert_eq!(found.status, Status::Verified);
    assert!(found.checks.iter().all(|check| check.scenario != "headroom"));
    assert!(found.breaking_load.is_none() && found.load_curve.is_empty());
    let down = |check: &&Check| check.scenario.starts_with("instance-down");
    assert!(found.checks.iter().filter(down).all(|check| !check.demanded));
}

#[test]
fn four_nines_hold_the_loss_of_any_zone() {
    let (demand, topology) = four_nines();
    let found = judged(&demand, &topology, Evidence::Demanded);
    assert_eq!(found.status, Status::Verified, "{:#?}", found.first_objection());
    // The first zone has the primaries. The third has no standby, the second has: neither serves
    // more than the machines of the app, so losing one is like losing the other.
    for zone in 1..=2 {
        let name = format!("zone-loss:{zone}");
        let scenario = found.scenarios.iter().find(|scenario| scenario.name == name).unwrap();
        assert!(scenario.recovered_after.unwrap().value() < 20.0);
        assert!(scenario.goodput.value < 1.0, "something is lost until a zone is ejected");
        let p95 = check(&found, &format!("latency-p95@{name}"));
        assert!(p95.demanded && p95.verdict == Verdict::Pass && p95.observed.value < 0.1);
        assert_eq!(check(&found, &format!("recovery@{name}")).verdict, Verdict::Pass);
    }
    let failover = found.scenarios.iter().find(|scenario| scenario.name == "sql-failover:db");
    assert!(failover.unwrap().goodput.value < 0.2, "nothing is answered without a database");
    let ppm = found.uptime.as_ref().unwrap().request_weighted.value();
    assert!(ppm > 35.0 && ppm < 75.0, "{ppm}");
}

/// Law 50: two zones, each of which carries the peak alone and nothing scales, survive the loss of
/// either.
#[test]
fn two_zones_with_room_survive_the_loss_of_either() {
    let (mut demand, mut topology) = four_nines();
    demand.load.peak = RequestsPerSecond::of(1_000.0);
    topology.zones = 2;
    topology.services[APP].pools[0].per_zone = vec![3, 3];
    for service in [CACHE, DB] {
        topology.services[service].pools[0].per_zone = vec![1, 1];
    }
    let found = judged(&demand, &topology, Evidence::Demanded);
    for zone in 1..=2 {
        for what in ["latency-p95", "goodput", "recovery"] {
            let check = check(&found, &format!("{what}@zone-loss:{zone}"));
            assert!(check.demanded && check.verdict == Verdict::Pass, "{check:?}");
        }
    }
}

#[test]
fn two_zones_without_room_lose_a_zone_at_the_peak() {
    let mut demand = demand();
    demand.objectives = objectives(999_900, 950, 0.4);
    let found = judged(&demand, &topology(), Evidence::Always);
    assert_eq!(found.status, Status::Refuted);
    assert_eq!(check(&found, "goodput@zone-loss:1").verdict, Verdict::Fail);
    assert_eq!(check(&found, "recovery@zone-loss:1").verdict, Verdict::Fail);
    assert_eq!(check(&found, "latency-p95@peak").verdict, Verdict::Pass);
    assert!(found.breaking_load.is_some(), "all evidence was asked for");
}

#[test]
fn a_plan_that_is_too_small_is_refuted_without_evidence() {
    let mut topology = topology();
    topology.services[APP].pools[0].per_zone = vec![3, 2];
    let found = judged(&demand(), &topology, Evidence::UnlessRefuted);
    assert_eq!(found.status, Status::Refuted);
    let goodput = check(&found, "goodput@peak");
    assert_eq!((goodput.verdict, goodput.method), (Verdict::Fail, Method::Exact));
    assert!(goodput.observed.value <= 1.0 / 1.17);
    assert!(found.load_curve.is_empty() && found.uptime.is_none());
    // What the undisturbed peak refutes is put to no fault, unless all is asked for.
    let names = |found: &Verification| -> Vec<String> {
        found.scenarios.iter().map(|scenario| scenario.name.clone()).collect()
    };
    assert_eq!(names(&found), ["peak", "headroom"]);
    let all = judged(&demand(), &topology, Evidence::Always);
    assert!(names(&all).iter().any(|name| name == "instance-down:app"), "{:?}", names(&all));
    let objections = [&found, &all].map(|found| found.first_objection().cloned());
    assert!(objections[0].is_some() && objections[0] == objections[1]);
}

#[test]
fn who_fails_alone_is_blamed_and_who_fails_with_others_is_not() {
    let blamed = |demand: &Demand, topology: &Topology| {
        let found = judged(demand, topology, Evidence::Demanded);
        assert_eq!(found.status, Status::Refuted);
        let blamed = culprit(demand, topology, &found, &settings(Evidence::Demanded)).unwrap();
        blamed.map(|culprit| culprit.service)
    };
    let mut small = topology();
    small.services[APP].pools[0].per_zone = vec![3, 2];
    assert_eq!(blamed(&demand(), &small), Some(APP));
    // The work of all services together is too much, that of none by itself.
    let mut hurried = demand();
    hurried.objectives = objectives(999_000, 950, 0.03);
    assert_eq!(blamed(&hurried, &topology()), None);
    // Nobody is to blame for what holds.
    let holds = judged(&demand(), &topology(), Evidence::Demanded);
    let nobody = culprit(&demand(), &topology(), &holds, &settings(Evidence::Demanded));
    assert_eq!(nobody.unwrap(), None);
}

#[test]
fn a_latency_below_the_work_itself_is_refuted_and_one_far_above_is_not() {
    for (limit, status) in [(0.02, Status::Refuted), (0.06, Status::Verified)] {
        let mut demand = demand();
        demand.objectives = objectives(999_000, 950, limit);
        let found = judged(&demand, &topology(), Evidence::Demanded);
        assert_eq!(found.status, status, "{limit}: {:?}", found.first_objection());
    }
}

#[test]
fn a_stalled_database_is_recovered_from_only_with_a_budget_or_a_bound() {
    let recovered = |budget: f64, queue: u32| {
        let mut demand = demand();
        let mut topology = topology();
        for service in &mut demand.services {
            service.on_failure.retry_budget = Ratio::of(budget);
        }
        for service in [APP, DB] {
            topology.services[service].limits = Some(InstanceLimits { queue, in_flight: queue });
        }
        // The database is the bottleneck, at 64% of what it can do.
        topology.services[APP].pools[0].per_zone = vec![8, 8];
        topology.services[APP].pools[0].autoscaler = None;
        let found = judged(&demand, &topology, Evidence::UnlessRefuted);
        check(&found, "recovery@blip").verdict
    };
    assert_eq!(recovered(0.1, 30_000), Verdict::Pass);
    assert_eq!(recovered(1.0, 400), Verdict::Pass);
    assert_eq!(recovered(1.0, 10_000_000), Verdict::Fail);
}

#[test]
fn losing_all_of_the_cache_is_told_and_never_demanded() {
    let found = judged(&demand(), &topology(), Evidence::UnlessRefuted);
    let lost = check(&found, "goodput@cache-lost:cache");
    assert!(!lost.demanded);
    assert_eq!(lost.verdict, Verdict::Fail, "ten times the queries are too many");
}

#[test]
fn an_error_that_is_smaller_takes_more_trials_not_another_verdict() {
    let strict = Settings { alpha: Probability::of(0.001), ..settings(Evidence::Demanded) };
    let found = verify(&demand(), &topology(), &strict, &|_| {}).unwrap();
    assert_eq!(found.status, Status::Verified);
}

#[test]
fn what_does_not_belong_together_is_refused() {
    let judge = |demand: &Demand, topology: &Topology| {
        verify(demand, topology, &Settings::default(), &|_| {}).unwrap_err()
    };
    let mut short = topology();
    short.services.pop();
    assert!(matches!(judge(&demand(), &short), SimulatorFault::Services { .. }));
    let mut zones = topology();
    zones.services[APP].pools[0].per_zone = vec![8];
    assert!(matches!(judge(&demand(), &zones), SimulatorFault::Zones { .. }));
    let mut class = demand();
    class.objectives.latency[0].class = Some(domain::name::Name::of("checkout"));
    assert!(matches!(judge(&class, &topology()), SimulatorFault::Class { .. }));
    let mut cycle = demand();
    cycle.services[DB].calls = vec![crate::common::call(APP, 1.0, 0)];
    assert!(matches!(judge(&cycle, &topology()), SimulatorFault::Cycle { .. }));
    let mut absurd = demand();
    absurd.services[APP].calls[0].count = 1e7;
    assert!(matches!(judge(&absurd, &topology()), SimulatorFault::Model(_)));
}

#[test]
fn classes_have_objectives_of_their_own() {
    let mut demand = demand();
    let mut checkout = demand.classes[0].clone();
    checkout.name = domain::name::Name::of("checkout");
    checkout.share = Ratio::of(0.1);
    demand.classes[0].share = Ratio::of(0.9);
    demand.classes.push(checkout);
    for service in &mut demand.services {
        let work = service.work[0];
        service.work.push(work);
    }
    // A checkout asks the database ten times more, one query after the other.
    let class = Some(domain::demand::ClassIndex(1));
    let more = domain::demand::CallDemand { class, ..crate::common::call(DB, 10.0, 0) };
    demand.services[APP].calls.push(more);
    demand.objectives.latency[0].limit = domain::units::Seconds::of(0.05);
    let mut own = demand.objectives.latency[0].clone();
    own.class = Some(domain::name::Name::of("checkout"));
    demand.objectives.latency.push(own);
    let mut topology = topology();
    topology.services[DB].pools[0].servers = 32;
    let found = judged(&demand, &topology, Evidence::Always);
    let all = check(&found, "latency-p95@peak");
    let checkout = check(&found, "latency-p95-checkout@peak");
    assert_eq!(all.verdict, Verdict::Pass);
    assert_eq!(checkout.verdict, Verdict::Fail);
    assert!(checkout.observed.value > all.observed.value + 0.01);
}

#[test]
fn a_self_run_edge_is_a_station() {
    let mut demand = demand();
    demand.services[0].work[0].cpu_time = domain::units::Seconds::of(0.000_1);
    demand.services[0].work[0].cv = 1.0;
    let mut topology = topology();
    topology.services[0] = deployment(Some(pool(2, 1.0, &[1, 1])), Redundancy::Active);
    let found = judged(&demand, &topology, Evidence::Demanded);
    assert_eq!(found.status, Status::Verified, "{:?}", found.first_objection());
    let busy = found.scenarios[0].utilisation["edge"].value;
    assert!((busy - 4_571.4 * 0.000_1 / 4.0).abs() < 0.01, "{busy}");
    assert!(found.scenarios.iter().any(|scenario| scenario.name == "instance-down:edge"));
}

#[test]
fn a_plain_service_without_an_edge_is_judged_too() {
    let mut demand = demand();
    demand.services.remove(0);
    for service in &mut demand.services {
        for call in &mut service.calls {
            call.to = ServiceIndex(call.to.0 - 1);
        }
        if let Some(data) = &mut service.data {
            data.fallback = data.fallback.map(|to| ServiceIndex(to.0 - 1));
        }
    }
    demand.classes[0].enters = ServiceIndex(0);
    let mut topology = topology();
    topology.services.remove(0);
    topology.services[1].redundancy = standby(30.0);
    assert_eq!(judged(&demand, &topology, Evidence::Demanded).status, Status::Verified);
}
