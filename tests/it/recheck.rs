//! The independent re-check accepts what the solver makes and refuses what was changed in it.

use domain::outcome::{Answer, Outcome};
use domain::plan::{CostLine, Plan, ThreeBills};
use domain::topology::Deployment;
use domain::units::{MilliUnits, Speed};
use plimsoll::check;

use crate::grid::plan;

fn answer() -> Box<Answer> {
    let catalog = catalogs::embedded();
    match plan("1k users, 99.9% uptime, 400ms latency", &catalog) {
        Outcome::Planned(answer) => answer,
        Outcome::Infeasible(infeasible) => panic!("refused: {}", infeasible.headline),
    }
}

/// Something done to a service of a plan.
type Resized<'c> = &'c dyn Fn(&mut Deployment);

/// Something done to a plan.
type Change<'c> = &'c dyn Fn(&mut Plan);

#[test]
fn a_changed_plan_does_not_pass() {
    let catalog = catalogs::embedded();
    let answer = answer();
    let faults = |change: &dyn Fn(&mut Plan)| {
        let mut plan = answer.plan.clone();
        change(&mut plan);
        check::faults(&answer.demand, &plan, &catalog)
    };
    assert_eq!(faults(&|_| {}), Vec::<String>::new());
    let app = answer.demand.services.iter().position(|service| service.name.as_str() == "app");
    let app = app.expect("the archetype has an app");
    let changes: [(&str, Change<'_>); 8] = [
        ("one instance fewer", &|plan| plan.topology.services[app].pools[0].per_zone[0] -= 1),
        ("another machine", &|plan| plan.topology.services[app].pools[0].sku = "m5.large".into()),
        ("a faster server", &|plan| plan.topology.services[app].pools[0].servers = 0),
        ("a zone fewer", &|plan| plan.topology.zones -= 1),
        ("a line missing", &|plan| drop(plan.bill.lines.pop())),
        ("another quantity", &|plan| {
            plan.bill.lines[0].quantity.peak_fleet = MilliUnits::whole(1);
        }),
        ("another price", &|plan| {
            plan.bill.lines[0].unit_price = "0.00001".parse().expect("a price");
        }),
        ("a term missing", &|plan| drop(plan.availability.terms.remove(0))),
    ];
    for (name, change) in changes {
        assert!(!faults(change).is_empty(), "{name} passes the check");
    }
}

/// The plan with one instance of the app as a pool of its own, which stands, and with its bill: the
/// machines are the same, so each hour that is paid for moves from the one line to the other.
fn split(plan: &mut Plan, app: usize) {
    let pools = &mut plan.topology.services[app].pools;
    let mut stands = pools[0].clone();
    stands.autoscaler = None;
    stands.per_zone.iter_mut().skip(1).for_each(|count| *count = 0);
    stands.per_zone[0] = 1;
    let follows = &mut pools[0];
    follows.per_zone[0] -= 1;
    let scaler = follows.autoscaler.as_mut().expect("the app follows the load");
    (scaler.min, scaler.max) = (scaler.min - 1, scaler.max - 1);
    pools.insert(0, stands);
    let own = |line: &&CostLine| line.service == "app";
    let mut more: Vec<CostLine> = plan.bill.lines.iter().filter(own).cloned().collect();
    for line in &mut more {
        let one = if line.unit == "hour" { 730_000 } else { 20_000 };
        let left = |all: MilliUnits| MilliUnits::from_thousandths(all.thousandths() - one);
        let one = MilliUnits::from_thousandths(one);
        let first = plan.bill.lines.iter_mut().find(|first| first.id == line.id);
        let first = first.expect("it is a copy");
        charge(first, ThreeBills { expected: one, peak_fleet: one, ceiling: one });
        let all = line.quantity;
        charge(
            line,
            ThreeBills {
                expected: left(all.expected),
                peak_fleet: left(all.peak_fleet),
                ceiling: left(all.ceiling),
            },
        );
        line.id.push_str(".2");
    }
    plan.bill.lines.extend(more);
    plan.optimality.objective = plan.bill.totals().expected;
    plan.optimality.bound = plan.optimality.objective;
}

fn charge(line: &mut CostLine, quantity: ThreeBills<MilliUnits>) {
    let price = line.unit_price;
    line.quantity = quantity;
    line.amount = ThreeBills {
        expected: price.times(quantity.expected),
        peak_fleet: price.times(quantity.peak_fleet),
        ceiling: price.times(quantity.ceiling),
    };
}

#[test]
fn a_fleet_of_two_pools_is_rechecked_as_one() {
    let catalog = catalogs::embedded();
    let answer = answer();
    let app = answer.demand.services.iter().position(|service| service.name.as_str() == "app");
    let app = app.expect("the archetype has an app");
    let faults = |change: &dyn Fn(&mut Deployment)| {
        let mut plan = answer.plan.clone();
        split(&mut plan, app);
        change(&mut plan.topology.services[app]);
        check::faults(&answer.demand, &plan, &catalog).join("\n")
    };
    assert_eq!(faults(&|_| {}), "");
    let scaler = answer.plan.topology.services[app].pools[0].autoscaler;
    let changes: [(&str, Resized<'_>); 6] = [
        ("app.compute.2: the quantity", &|app| app.pools[1].per_zone[0] += 1),
        ("app.compute: the quantity", &|app| app.pools[0].per_zone[0] += 1),
        // What stands does more, and less follows.
        ("app.compute.2: the quantity", &|app| app.pools[0].speed = Speed::of(9.0)),
        ("a fleet that stands follows the load", &|app| app.pools[0].autoscaler = scaler),
        ("its machines do not serve side by side", &|app| app.pools[0].per_zone[0] = 0),
        ("% busy at the peak", &|app| {
            app.pools[0].speed = Speed::of(0.01);
            app.pools[1].speed = Speed::of(0.01);
        }),
    ];
    for (expected, change) in changes {
        let found = faults(change);
        assert!(found.contains(expected), "{expected}: {found}");
    }
}
