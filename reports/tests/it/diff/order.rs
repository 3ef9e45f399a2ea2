//! What stands first where two specs are compared: what was asked for, and what moves the bill.

use domain::spec::{LedgerValue, Spec};
use reports::diff::Difference;
use reports::terminal::{Style, difference};

use super::{assumed, causes, micros, spec};

/// A spec with another outcome of every kind, labels, rules and services that came and went.
fn another_intent() -> Spec {
    use domain::spec::ObjectivePart::{Availability, Users};
    let mut newer = spec();
    for objective in &mut newer.intent.objectives {
        match objective {
            Users { target, .. } => *target = 3_000,
            Availability { target_ppm, .. } => *target_ppm = 999_500,
            _ => {}
        }
    }
    let users = LedgerValue::Number(3_000.0);
    assumed(&mut newer, "demand.users", users, "count");
    newer.intent.objectives.push(domain::spec::ObjectivePart::Budget {
        id: "budget".to_owned(),
        expected_micros: Some(micros(20_000)),
        ceiling_micros: None,
    });
    newer.demand.run_on.zones_min = Some(3);
    for at in 0..20 {
        newer.metadata.labels.insert(format!("a{at}"), "x".to_owned());
    }
    let cache = newer.demand.services.iter_mut().find(|own| own.name.as_str() == "cache");
    cache.expect("a cache").name = "sessions".parse().expect("a name");
    let app = newer.demand.services.iter_mut().find(|own| own.name.as_str() == "app");
    app.expect("an app").servers_max = Some(7);
    let rule = |rule: &str, text: &str, without: Option<i64>| domain::spec::PolicyResult {
        rule: rule.to_owned(),
        kept: true,
        text: text.to_owned(),
        says: "cost.ceiling <= 1 USD/month".to_owned(),
        serves: Vec::new(),
        without_micros: without.map(micros),
    };
    newer.policy.results = vec![
        rule("a-dev", "does not apply: the environment is prod, not dev", None),
        rule("b-kept", "the bill is 1", None),
        rule("c-binds", "the bill is 1", Some(5)),
    ];
    newer
}

/// What was asked for comes before what follows from it, and labels last.
#[test]
fn causes_stand_in_the_order_of_what_they_move() {
    let there = causes(&spec(), &another_intent());
    let place = |about: &str| {
        let found = there.iter().position(|own| own.0 == about);
        found.unwrap_or_else(|| panic!("{about} is among {there:#?}"))
    };
    let order = [
        "objectives.load",
        "objectives.uptime",
        "objectives.budget.expected",
        "run_on.zones_min",
        "services.app.servers_max",
        "policy rule c-binds",
        "policy rule b-kept",
        "label a0",
        "policy rule a-dev",
    ];
    let places: Vec<usize> = order.iter().map(|about| place(about)).collect();
    assert!(places.is_sorted(), "{places:?} {there:#?}");
    assert_eq!(places[0], 0, "{there:#?}");
    let load = &there[0];
    assert_eq!((&*load.1, &*load.2), ("10,000 concurrent users", "3,000 concurrent users"));
    // The name of a field says nothing to whoever wrote the intent, and one number is told once.
    for own in &there {
        for field in ["_stated", ".id", ".kind", ".name", "_ppm", "demand.users"] {
            assert!(!own.0.ends_with(field), "{own:?}");
        }
    }
    // A service that came is told by its type before its parts are.
    assert!(place("services.sessions.type") < place("policy rule c-binds"), "{there:#?}");
    let screen = difference(&Difference::between(&spec(), &another_intent()), Style::PLAIN);
    let because = screen.split(" because").nth(1).expect("causes").to_owned();
    assert!(because.contains("3,000 concurrent users"), "{screen}");
    let row = |about: &str| because.find(about);
    assert!(row("objectives.uptime").is_some_and(|at| Some(at) < row("label a0")), "{screen}");
    let mut back: Vec<String> =
        causes(&another_intent(), &spec()).into_iter().map(|own| own.0).collect();
    let mut names: Vec<String> = there.iter().map(|own| own.0.clone()).collect();
    assert_eq!(back[..4], names[..4], "the way back has the same causes first");
    back.sort();
    names.sort();
    assert_eq!(back, names);
}

/// However many outcomes are new, the machines that move the bill are on the screen, dearest first.
#[test]
fn what_moves_the_bill_most_is_never_hidden() {
    let mut newer = spec();
    for (service, saved) in [("app", 100), ("db", 300), ("cache", 200)] {
        let own = newer.services.iter_mut().find(|own| own.name.as_str() == service);
        for offer in &mut own.expect("the service").offers {
            offer.instance_type += "-small";
        }
        let line = newer.cost.lines.iter_mut().find(|line| line.service == service);
        let line = line.expect("a line");
        line.amount_micros.expected =
            micros(line.amount_micros.expected.micros() / 1_000_000 + saved);
    }
    let check = newer.checks[0].clone();
    newer.checks.extend((0..30).map(|at| {
        let mut check = check.clone();
        check.id = format!("goodput@in-{at}");
        check.demanded = true;
        check
    }));
    let found = Difference::between(&spec(), &newer);
    let machines: Vec<&str> = found.changes.iter().map(|own| own.about.as_str()).collect();
    assert_eq!(machines[..3], ["db.machines", "cache.machines", "app.machines"]);
    assert_eq!(found.bill[0].service, "db");
    let screen = difference(&found, Style::PLAIN);
    assert!(screen.contains("db.machines") && screen.contains("goodput@in-29"), "{screen}");
    let whole = found.changes[0].to.clone().expect("machines");
    let shown: String = screen.split_whitespace().collect();
    let word = |text: &str| text.replace('\u{d7}', "x").split_whitespace().collect::<String>();
    assert!(shown.contains(&word(&whole)), "{whole} is not cut: {screen}");
}
