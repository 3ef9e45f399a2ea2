//! A service that stands on two offers: how it is told, written down and read back.

use domain::outcome::Answer;
use domain::spec::{OfferPart, Spec};
use domain::topology::Pool;
use domain::units::Speed;
use reports::restore::restore;
use reports::spec;
use reports::terminal::{self, Style};

use crate::common;
use crate::markdown::written;

/// The answer with three instances of another offer, which stand, before those of its own, which
/// follow the load.
fn answer() -> Answer {
    let mut answer = common::answer();
    let pools = &mut answer.plan.topology.services[1].pools;
    pools[0].per_zone = vec![2, 3];
    let standing = Pool {
        sku: "c7g.xlarge".into(),
        family: "c7g".into(),
        speed: Speed::of(1.868),
        per_zone: vec![2, 1],
        autoscaler: None,
        ..pools[0].clone()
    };
    pools[0].weight = 125;
    if let Some(scaler) = &mut pools[0].autoscaler {
        (scaler.min, scaler.max) = (0, 9);
    }
    pools.insert(0, Pool { weight: 100, ..standing });
    answer
}

#[test]
fn both_offers_are_told_with_their_numbers() {
    let answer = answer();
    let screen = terminal::verdict(&answer, Style { colour: false, unicode: true }, None);
    for line in screen.lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }
    let row = screen.lines().find(|line| line.trim_start().starts_with("app ")).unwrap_or("");
    assert!(row.contains("3 × c7g.xlarge + 5 × c8g.xlarge"), "{screen}");
    assert!(row.contains(" 8 (3–12) "), "{screen}");
    let page = written(&answer);
    for told in [
        "edge application load balancer, app 3 × c7g.xlarge + 5 × c8g.xlarge, cache",
        "| 2 x c7g.xlarge + 2 x c8g.xlarge | 1 x c7g.xlarge + 3 x c8g.xlarge",
        "| app | c7g.xlarge (self-run) | 3 | 4 | 8 GiB | arm | on demand |",
        "| app | c8g.xlarge (self-run) | 5 (0–9) | 4 | 8 GiB | arm | on demand |",
        // (3 · 1.868 + 5 · 2.335) / 8 = 2.159875
        " / 2.16 = ",
        "v is the mean over their servers.",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(!written(&common::answer()).contains("several offers"));
}

#[test]
fn a_spec_of_two_offers_is_read_back_as_it_was() {
    let answer = answer();
    let rendered = spec::render(&answer);
    let replicas = rendered.services[1].replicas.as_ref().expect("it has machines");
    assert_eq!((replicas.min, replicas.peak, replicas.max), (3, 8, 12));
    let weights: Vec<u32> = rendered.services[1].offers.iter().map(|offer| offer.weight).collect();
    assert_eq!(weights, [100, 125]);
    let described = restore(&rendered, None).expect("a spec that was written means something");
    assert_eq!(described.topology.services[1].pools, answer.plan.topology.services[1].pools);
}

/// Something done to the offers of a service.
type Change = &'static dyn Fn(&mut Vec<OfferPart>);

#[test]
fn what_no_fleet_can_be_is_refused() {
    let told = |change: &dyn Fn(&mut Vec<OfferPart>)| {
        let mut changed: Spec = spec::render(&answer());
        change(&mut changed.services[1].offers);
        let faults = restore(&changed, None).expect_err("it is refused").faults;
        faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    let changes: [(Change, &str); 5] = [
        (
            &|offers| offers[0].weight = 0,
            "`services.app.offers.c7g.xlarge.weight` is 0, which is no weight",
        ),
        (
            &|offers| offers[1].weight = 1_000_001,
            "`services.app.offers.c8g.xlarge.weight` is 1000001, which is no weight",
        ),
        (
            &|offers| drop(offers.remove(0)),
            "`services.app.offers.c8g.xlarge.autoscaling.min` is 0, which is no least number of \
             the only instances",
        ),
        (
            &|offers| offers.swap(0, 1),
            "`services.app.offers.c8g.xlarge.autoscaling.max` is 9, which is no number for this \
             offer: only the last one of several follows the load",
        ),
        (
            &|offers| offers[1].autoscaling.as_mut().expect("it follows the load").max = 10,
            "`services.app.replicas.max` says 12, and the offers of the service add up to 13",
        ),
    ];
    for (change, expected) in changes {
        let found = told(change);
        assert!(found.contains(expected), "{expected}: {found}");
    }
}
