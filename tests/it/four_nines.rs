//! 99.99% on AWS: the topology that the Reliability Pillar describes for that goal, and what a lost
//! zone does to it.
//!
//! Source: AWS Well-Architected, Reliability Pillar, "Availability goals: 99.99% scenario": three
//! zones, a database in several zones, and capacity that holds a lost zone without scaling.

use domain::outcome::Outcome;
use domain::topology::Redundancy;
use domain::verification::{Status, Verdict};

use crate::grid::plan;

#[test]
fn four_nines_stand_in_three_zones_and_hold_a_lost_one() {
    let catalog = catalogs::embedded();
    let phrase = "10k users, 99.99% uptime, 400ms latency on aws, operations: advanced";
    let Outcome::Planned(answer) = plan(phrase, &catalog) else { panic!("it is refused") };
    assert_eq!(answer.status(), Status::Verified, "{:?}", answer.rounds);
    let topology = &answer.plan.topology;
    assert!(topology.zones >= 3);
    for (service, deployed) in answer.demand.services.iter().zip(&topology.services) {
        match service.name.as_str() {
            "app" => {
                let pool = &deployed.pools[0];
                assert!(pool.per_zone.iter().all(|count| *count > 0), "{:?}", pool.per_zone);
            }
            "db" | "cache" => {
                assert!(matches!(deployed.redundancy, Redundancy::Standby { .. }));
                let zones = deployed.pools[0].per_zone.iter().filter(|count| **count > 0).count();
                assert!(zones >= 2, "{}", service.name);
            }
            _ => {}
        }
    }
    let lost: Vec<_> = answer
        .verification
        .checks
        .iter()
        .filter(|check| check.demanded && check.scenario.starts_with("zone-loss"))
        .collect();
    assert!(lost.iter().any(|check| check.objective == "latency-p95"), "{lost:?}");
    for check in lost {
        assert_eq!(check.verdict, Verdict::Pass, "{check:?}");
    }
    let scenario = answer
        .verification
        .scenarios
        .iter()
        .find(|scenario| scenario.name.starts_with("zone-loss"))
        .expect("the scenario is reported");
    assert!(scenario.goodput.value > 0.0 && scenario.goodput.value < 1.0, "{:?}", scenario.goodput);
}
