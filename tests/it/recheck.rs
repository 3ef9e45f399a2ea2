//! The independent re-check accepts what the solver makes and refuses what was changed in it.

use domain::outcome::{Answer, Outcome};
use domain::plan::Plan;
use domain::units::MilliUnits;
use plimsoll::check;

use crate::grid::plan;

fn answer() -> Box<Answer> {
    let catalog = catalogs::embedded();
    match plan("1k users, 99.9% uptime, 400ms latency", &catalog) {
        Outcome::Planned(answer) => answer,
        Outcome::Infeasible(infeasible) => panic!("refused: {}", infeasible.headline),
    }
}

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
