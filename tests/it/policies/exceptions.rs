//! Exceptions: a rule does not hold until a day, for one service or for all, and everybody is told.

use domain::policy::Policies;
use jiff::civil::date;
use plimsoll::check::policy::{broken, verdicts};
use reports::spec::built;
use solver::characterise::characterise;

use super::rules::standing;
use super::{cheapest, market, place, policy};
use domain::policy::{PolicySource, read_policies};

/// A policy with those rules and exceptions.
fn lifting(rules: &[&str], exceptions: &[&str]) -> Policies {
    let list: Vec<String> = exceptions.iter().map(|own| format!("  - {own}\n")).collect();
    let text = format!("{}exceptions:\n{}", policy(rules), list.concat());
    let source = PolicySource { file: "test.yaml".into(), text, digest: "sha256:test".into() };
    read_policies(&[source]).unwrap_or_else(|faults| panic!("{exceptions:?}: {faults:?}"))
}

const DENIED: &str = "{id: families, deny: {family: ['t*']}}";

#[test]
fn an_exception_lifts_its_rule_to_the_end_of_its_last_day() {
    let mut market = market();
    let app = place(&market, "s0");
    let lifted = "{rule: families, until: 2027-03-31, by: a.lee, because: it runs at night}";
    market.intent.policy = lifting(&[DENIED], &[lifted]);
    let family = |market: &super::Market| {
        let plan = cheapest(market).expect("a plan");
        plan.topology.services[app].pools[0].family.clone()
    };
    assert_eq!(family(&market), "m7", "without a day nothing is lifted");
    market.intent.policy.on = Some(date(2027, 3, 31));
    assert_eq!(family(&market), "t3");
    let plan = cheapest(&market).expect("a plan");
    let demand = characterise(&market.intent, &market.catalog, None).expect("sound");
    let parts = built(&market.intent, &demand, &plan);
    let verdict = &verdicts(&standing((&market, &demand, &plan), &parts))[0];
    assert!(verdict.kept);
    assert_eq!(verdict.text, "lifted until 2027-03-31 by a.lee: it runs at night");
    market.intent.policy.on = Some(date(2027, 4, 1));
    assert_eq!(family(&market), "m7");
    let late = broken(&standing((&market, &demand, &plan), &parts));
    assert_eq!(late, ["rule families: family t3 is used"]);
}

#[test]
fn an_exception_for_one_service_leaves_the_rule_to_the_others() {
    let mut market = market();
    let (app, db) = (place(&market, "s0"), place(&market, "db"));
    let rule = "{id: families, deny: {family: [t3, m6]}}";
    let lifted = "{rule: families, service: db, until: 2027-03-31, by: a.lee, because: so}";
    market.intent.policy = lifting(&[rule], &[lifted]);
    market.intent.policy.on = Some(date(2026, 11, 26));
    let plan = cheapest(&market).expect("a plan");
    assert_eq!(plan.topology.services[app].pools[0].family, "m7");
    assert_eq!(plan.topology.services[db].pools[0].family, "m6");
    let demand = characterise(&market.intent, &market.catalog, None).expect("sound");
    let parts = built(&market.intent, &demand, &plan);
    assert_eq!(broken(&standing((&market, &demand, &plan), &parts)), Vec::<String>::new());
    market.intent.policy.on = None;
    let faults = broken(&standing((&market, &demand, &plan), &parts));
    assert_eq!(faults, ["rule families: family m6 is used"]);
}
