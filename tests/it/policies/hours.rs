//! Office hours by a rule: what they change of a plan, whom they refuse, and the re-check of it.

use domain::hours::{Hours, Window};
use domain::ledger::{Origin, Value};
use domain::plan::{CostLine, Plan};
use domain::policy::Refusal;
use plimsoll::check::{self, policy::verdicts};
use reports::spec::built;
use solver::characterise::characterise;

use super::rules::standing;
use super::{cheapest, market, policies};
use crate::support::stated;

/// It changes the plan of an intent without hours, and refuses one with longer ones.
pub(super) const RULE: &str = "{id: night, require: {hours: office}}";

fn line<'p>(plan: &'p Plan, id: &str) -> &'p CostLine {
    let found = plan.bill.lines.iter().find(|line| line.id == id);
    found.unwrap_or_else(|| panic!("no {id}"))
}

#[test]
fn an_intent_without_hours_takes_them_and_pays_for_them_alone() {
    let mut market = market();
    let free = cheapest(&market).expect("a plan without the rule");
    market.intent.policy = policies(&[RULE]);
    market.intent.policy.admit(&market.intent).expect("it states no hours");
    let bound = cheapest(&market).expect("a plan with the rule");
    assert!(bound.optimality.objective < free.optimality.objective);
    let demand = characterise(&market.intent, &market.catalog, None).expect("sound");
    let hours = demand.hours.clone().expect("the rule's");
    assert_eq!(hours.minutes(), 3_300);
    let entry = demand.ledger.find("hours.open").expect("an entry");
    assert_eq!(entry.origin, Origin::Default);
    assert_eq!(entry.value, Value::Choice("mon-fri 08:00-19:00 UTC".into()));
    assert!(entry.source.contains("policy rule night"), "{}", entry.source);
    // Instances pay for their hours, data for the month; and the re-check agrees to the thousandth.
    let instances = bound.sizing[1].expected_replicas.thousandths();
    let open = (instances as f64 * 730.0 * 55.0 / 168.0).ceil();
    let paid = line(&bound, "s0.compute").quantity.expected.thousandths() as f64;
    // The mean of the day is known to a thousandth of an instance, which runs for 239 hours.
    assert!((paid - open).abs() <= 240.0, "{paid} {open}");
    assert_eq!(check::faults(&demand, &bound, &market.catalog), Vec::<String>::new());
    for id in ["s0.compute", "db.nodes", "db.storage", "edge.hours", "edge.units"] {
        let mut wrong = bound.clone();
        let Some(line) = wrong.bill.lines.iter_mut().find(|line| line.id == id) else { continue };
        line.quantity.expected = domain::units::MilliUnits::rounded_up(731.0);
        line.amount.expected = line.unit_price.times(line.quantity.expected);
        assert_ne!(check::faults(&demand, &wrong, &market.catalog), Vec::<String>::new(), "{id}");
    }
    let built = built(&market.intent, &demand, &bound);
    assert!(verdicts(&standing((&market, &demand, &bound), &built))[0].kept);
    let always = domain::demand::Demand { hours: None, ..demand };
    assert!(!verdicts(&standing((&market, &always, &bound), &built))[0].kept);
}

#[test]
fn longer_hours_are_refused_by_the_name_of_the_rule_and_shorter_ones_stay() {
    let mut market = market();
    let days = |opens: u16, closes: u16| {
        let window = Window::new(opens * 60, closes * 60);
        Hours::new([window, window, window, window, window, None, None], "Europe/Dublin")
    };
    let rules = policies(&[RULE]);
    market.intent.hours = days(7, 21).map(stated);
    let refusals = rules.admit(&market.intent).expect_err("70 hours are more than 55");
    let [Refusal::Below { rule, stated: said, .. }] = refusals.0.as_slice() else {
        panic!("{refusals:?}")
    };
    assert_eq!(
        (rule.as_str(), said.as_str()),
        ("night", "hours mon-fri 07:00-21:00 Europe/Dublin")
    );
    market.intent.hours = days(9, 12).map(stated);
    rules.admit(&market.intent).expect("15 hours are fewer");
    market.intent.policy = rules;
    let demand = characterise(&market.intent, &market.catalog, None).expect("sound");
    assert_eq!(demand.hours.expect("its own").minutes(), 900);
    // A rule that is waived gives no hours.
    market.intent.hours = None;
    market.intent.policy.waived.insert(0);
    let demand = characterise(&market.intent, &market.catalog, None).expect("sound");
    assert_eq!(demand.hours, None);
}

/// A week that is dearest when it is always open, and cheaper with each hour that is shut.
#[test]
fn fewer_hours_never_cost_more() {
    let mut market = market();
    let mut before = cheapest(&market).expect("a plan").optimality.objective;
    for closes in [24, 22, 18, 13, 9] {
        let window = Window::new(8 * 60, closes * 60);
        market.intent.hours = Hours::new([window; 7], "UTC").map(stated);
        let demand = characterise(&market.intent, &market.catalog, None).expect("sound");
        let plan = cheapest(&market).expect("a plan");
        assert_eq!(check::faults(&demand, &plan, &market.catalog), Vec::<String>::new());
        assert!(plan.optimality.objective <= before, "until {closes}: {before:?}");
        before = plan.optimality.objective;
    }
}
