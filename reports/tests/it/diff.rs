//! What changed from one spec to another: found, said, and nothing else.

use domain::spec::{AssumptionPart, LedgerValue, Spec};
use domain::units::MicroDollars;
use domain::verification::{Status, Verdict};
use reports::diff::{Course, Difference};
use reports::spec::render;
use reports::terminal::{Style, difference, difference_line};
use reports::{diff, markdown};
use serde_json::Value;

use crate::common;

mod order;

fn spec() -> Spec {
    render(&common::answer())
}

fn micros(dollars: i64) -> MicroDollars {
    MicroDollars::new(dollars * 1_000_000).expect("not negative")
}

/// Another instance of the app, at a price, for more users, and a zone whose loss is survived.
fn larger() -> Spec {
    let mut spec = spec();
    let app = spec.services.iter_mut().find(|own| own.name.as_str() == "app").expect("an app");
    *app.offers[0].per_zone.values_mut().next().expect("a zone") += 1;
    let line = spec.cost.lines.iter_mut().find(|line| line.service == "app").expect("a line");
    line.amount_micros.expected += micros(117);
    spec.cost.monthly_micros.expected += micros(117);
    let users = spec.assumptions.iter_mut().find(|own| own.name == "demand.users");
    users.expect("users").value = domain::spec::LedgerValue::Number(11_000.0);
    let lost = spec.checks.iter_mut().find(|own| own.verdict == Verdict::Fail && !own.demanded);
    lost.expect("something fails that nobody demanded").verdict = Verdict::Pass;
    spec
}

#[test]
fn a_spec_does_not_differ_from_itself() {
    let found = Difference::between(&spec(), &spec());
    assert_eq!((found.course, found.margin().micros()), (Course::Same, 0));
    assert!(found.changes.is_empty() && found.bill.is_empty() && found.causes.is_empty());
    assert_eq!(difference_line(&found, Style::PLAIN).lines().count(), 1);
}

#[test]
fn a_dearer_plan_says_what_for() {
    let found = Difference::between(&spec(), &larger());
    assert_eq!((found.course, found.margin().micros()), (Course::Dearer, 117_000_000));
    let about: Vec<&str> = found.changes.iter().map(|change| change.about.as_str()).collect();
    assert!(about.contains(&"app.machines"), "{about:?}");
    assert!(found.changes.iter().any(|own| own.held == Some([Verdict::Fail, Verdict::Pass])));
    assert_eq!(found.bill.len(), 1);
    assert_eq!(found.bill[0].service, "app");
    assert_eq!(found.causes[0].about, "assumption demand.users");
    insta::assert_snapshot!(difference(&found, Style::PLAIN));
    insta::assert_snapshot!("comment", markdown::difference(&found));
}

#[test]
fn the_way_back_is_cheaper_by_as_much() {
    let back = Difference::between(&larger(), &spec());
    assert_eq!((back.course, back.margin().micros()), (Course::Cheaper, -117_000_000));
    let there = Difference::between(&spec(), &larger());
    let turned = |found: &Difference| -> Vec<_> {
        let changes = found.changes.iter().chain(&found.causes);
        changes.map(|own| (own.about.clone(), own.from.clone(), own.to.clone())).collect()
    };
    let again: Vec<_> =
        turned(&back).into_iter().map(|(about, from, to)| (about, to, from)).collect();
    assert_eq!(turned(&there), again);
}

#[test]
fn what_no_longer_holds_is_worse_whatever_it_costs() {
    let mut newer = spec();
    newer.cost.monthly_micros.expected = micros(1);
    newer.checks.iter_mut().find(|own| own.demanded).expect("a demand").verdict = Verdict::Fail;
    assert_eq!(Difference::between(&spec(), &newer).course, Course::Worse);
    let mut newer = spec();
    newer.verdict.status = Status::Undecided;
    let found = Difference::between(&spec(), &newer);
    assert_eq!(found.course, Course::Worse);
    assert!(difference_line(&found, Style::PLAIN).contains("undecided, was verified"));
}

/// Two runs of a simulation never agree to the microsecond: that is no change.
#[test]
fn noise_is_no_change() {
    let mut newer = spec();
    for check in newer.checks.iter_mut().filter(|own| own.ci95_us.is_some()) {
        check.observed_us = check.observed_us.map(|us| us + 1);
    }
    assert_eq!(Difference::between(&spec(), &newer).changes, []);
    for check in newer.checks.iter_mut().filter(|own| own.demanded) {
        if let Some([Some(_), Some(high)]) = check.ci95_us {
            check.ci95_us = Some([Some(high * 3), Some(high * 4)]);
            check.observed_us = Some(high * 3);
        }
    }
    let changes = Difference::between(&spec(), &newer).changes;
    assert!(changes.iter().any(|own| own.about.starts_with("latency")), "{changes:?}");
}

/// What is assumed otherwise.
fn assumed(spec: &mut Spec, name: &str, value: LedgerValue, unit: &str) {
    let first = spec.assumptions[0].clone();
    let (name, unit) = (name.to_owned(), unit.to_owned());
    spec.assumptions.retain(|own| own.name != name);
    spec.assumptions.push(AssumptionPart { name, value, unit, ..first });
}

fn causes(from: &Spec, to: &Spec) -> Vec<(String, String, String)> {
    let causes = Difference::between(from, to).causes.into_iter();
    let text = |side: Option<String>| side.unwrap_or_default();
    causes.map(|own| (own.about, text(own.from), text(own.to))).collect()
}

#[test]
fn a_label_is_told_by_its_name_and_once() {
    let (older, mut newer) = (spec(), spec());
    newer.metadata.labels.insert("cost-center".into(), "4711".into());
    let choice = LedgerValue::Choice("4711".into());
    assumed(&mut newer, "metadata.labels.cost-center", choice, "choice");
    let told = causes(&older, &newer);
    assert_eq!(told, [("label cost-center".into(), String::new(), "4711".into())]);
    let back = causes(&newer, &older);
    assert_eq!(back, [("label cost-center".into(), "4711".into(), String::new())]);
}

/// The ledger and the demand say the same of one number: it is told by its name in the ledger.
#[test]
fn one_change_is_told_once_and_in_the_unit_that_people_read() {
    let (mut older, mut newer) = (spec(), spec());
    for (spec, factor) in [(&mut older, 1.0), (&mut newer, 2.0)] {
        let number = |value: f64| LedgerValue::Number(value * factor);
        assumed(spec, "services.app.cpu_time", number(0.008), "s");
        assumed(spec, "services.db.storage", number(512_000.0), "MiB");
        assumed(spec, "services.cache.hit_ratio", number(0.4), "ratio");
        let tiny = LedgerValue::Number(0.01 + factor * 1e-7);
        assumed(spec, "services.app.cv", tiny, "ratio");
        let choice = LedgerValue::Choice(format!("{factor}"));
        assumed(spec, "balancing.policy", choice, "choice");
    }
    for service in &mut newer.demand.services {
        service.work.iter_mut().for_each(|own| own.cpu_time_ns *= 2);
        if let Some(data) = &mut service.data {
            data.hit_ratio_ppm = 800_000;
            data.size_mib *= 2;
        }
        service.bytes_per_call += 1_000;
    }
    let told = causes(&older, &newer);
    let of = |about: &str| {
        let mut found = told.iter().filter(|own| own.0.ends_with(about));
        let one = found.next().unwrap_or_else(|| panic!("{about} is not in {told:#?}"));
        assert_eq!(found.next(), None, "{about} is told once: {told:#?}");
        (one.0.as_str(), one.1.as_str(), one.2.as_str())
    };
    let ledger = "assumption services.";
    assert_eq!(of("app.cpu_time"), (&*format!("{ledger}app.cpu_time"), "8 ms", "16 ms"));
    assert_eq!(of("db.storage"), (&*format!("{ledger}db.storage"), "500 GiB", "1000 GiB"));
    assert_eq!(of("cache.hit_ratio"), (&*format!("{ledger}cache.hit_ratio"), "40%", "80%"));
    assert_eq!(of("balancing.policy"), ("assumption balancing.policy", "1", "2"));
    // What is rounded away is told with all its digits, and what no assumption says by its place.
    let (_, before, now) = of("app.cv");
    assert!(before != now && before.starts_with("0.01"), "{before} {now}");
    assert!(!told.iter().any(|own| own.0.starts_with("services.app.work")), "{told:#?}");
    assert!(!told.iter().any(|own| own.0.starts_with("services.db.data.size")), "{told:#?}");
    assert!(told.iter().any(|own| own.0 == "services.app.bytes_per_call"), "{told:#?}");
}

#[test]
fn what_misses_its_limit_by_little_does_not_look_as_if_it_kept_it() {
    let mut newer = spec();
    let check = newer.checks.iter_mut().find(|own| own.demanded && own.limit_us.is_some());
    let check = check.expect("a latency");
    check.observed_us = check.limit_us.map(|limit| limit + 40);
    check.verdict = Verdict::Fail;
    let found = Difference::between(&spec(), &newer);
    let change = found.changes.iter().find(|own| own.held.is_some()).expect("it fails now");
    assert_eq!(change.to.as_deref(), Some("over 400 ms of 400 ms"));
}

#[test]
fn the_bill_adds_up_on_the_first_line() {
    let (mut older, mut newer) = (spec(), spec());
    let micros = |micros: i64| MicroDollars::new(micros).expect("not negative");
    older.cost.monthly_micros.expected = micros(819_870_000);
    newer.cost.monthly_micros.expected = micros(553_490_000);
    let line = difference_line(&Difference::between(&older, &newer), Style::PLAIN);
    assert!(line.starts_with("CHEAPER  $819.87 -> $553.49 a month (-$266.38, -32.5%)"), "{line}");
}

/// However much of a plan changes, no outcome is cut from the screen for it.
#[test]
fn outcomes_are_never_cut() {
    let mut older = spec();
    let extra = older.services[1].clone();
    older.services.extend((0..12).map(|at| {
        let name = format!("more-{at}").parse().expect("a name");
        domain::spec::ServicePart { name, ..extra.clone() }
    }));
    let mut newer = spec();
    newer.checks.retain(|own| own.objective != "uptime");
    let demanded = older.checks.iter_mut().filter(|own| own.scenario == "zone-loss");
    demanded.for_each(|own| own.demanded = true);
    let fault = |spec: &mut Spec, share: u64| {
        let mut check = spec.checks[0].clone();
        check.id = "recovery@blip".to_owned();
        (check.objective, check.scenario) = ("recovery".to_owned(), "blip".to_owned());
        check.demanded = true;
        spec.checks.push(check);
        let mut scenario = spec.scenarios[0].clone();
        scenario.name = "blip".to_owned();
        scenario.goodput.observed_ppm = share;
        scenario.goodput.ci95_ppm = [share - 1_000, share + 1_000];
        spec.scenarios.push(scenario);
    };
    fault(&mut older, 800_000);
    fault(&mut newer, 300_000);
    for (one, other, sign) in [(&older, &newer, '-'), (&newer, &older, '+')] {
        let found = Difference::between(one, other);
        assert!(found.changes.len() > 20, "{:?}", found.changes);
        let screen = difference(&found, Style::PLAIN);
        let row = |about: &str| {
            let line = screen.lines().find(|line| line.contains(about));
            line.unwrap_or_else(|| panic!("{about} is shown:\n{screen}")).to_owned()
        };
        assert!(row("uptime ").starts_with(&format!("  {sign} uptime ")), "{screen}");
        let served = row("served during blip");
        assert!(served.contains("80%") && served.contains("30%"), "{served}");
        assert!(screen.contains(" more, which --json lists"), "{screen}");
    }
    // What only may differ by chance is no change.
    let mut again = older.clone();
    let last = again.scenarios.last_mut().expect("it was added");
    last.goodput.observed_ppm += 500;
    last.goodput.ci95_ppm = [799_500, 801_500];
    assert_eq!(Difference::between(&older, &again).changes, []);
}

#[test]
fn a_number_of_a_spec_is_told_in_its_unit() {
    use domain::spec::ObjectivePart::{Availability, Latency};
    let mut newer = spec();
    for objective in &mut newer.intent.objectives {
        match objective {
            Availability { target_ppm, .. } => *target_ppm = 999_500,
            Latency { threshold_us, .. } => *threshold_us += 1,
            _ => {}
        }
    }
    let found = Difference::between(&spec(), &newer);
    let told = |about: &str| {
        let cause = found.causes.iter().find(|own| own.about == about);
        let cause = cause.unwrap_or_else(|| panic!("{about} is among {:?}", found.causes));
        [cause.from.clone(), cause.to.clone()].map(Option::unwrap_or_default)
    };
    assert_eq!(told("objectives.uptime"), ["99.9%", "99.95%"]);
    // What a unit would hide stands as it is.
    assert_eq!(told("objectives.latency.p95"), ["400000 us", "400001 us"]);
    let screen = difference(&found, Style::PLAIN);
    assert!(screen.contains("objectives.latency.p95  400000 us"), "{screen}");
    assert!(screen.contains("other objectives"), "{screen}");
    assert!(screen.lines().all(|line| line.len() <= 100), "{screen}");
}

#[test]
fn a_service_that_came_or_went_is_told() {
    let mut newer = spec();
    newer.services.retain(|own| own.name.as_str() != "cache");
    let gone = Difference::between(&spec(), &newer).changes;
    let machines = gone.iter().find(|own| own.about == "cache.machines").expect("it is told");
    assert!(machines.from.is_some() && machines.to.is_none());
    let came = Difference::between(&newer, &spec()).changes;
    let machines = came.iter().find(|own| own.about == "cache.machines").expect("it is told");
    assert!(machines.from.is_none() && machines.to.is_some());
}

#[test]
fn the_document_is_of_its_schema() {
    let schema: Value = serde_json::from_str(&diff::schema()).expect("a schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    let document = Difference::between(&spec(), &larger()).json();
    let document: Value = serde_json::from_str(&document).expect("it is JSON");
    assert!(validator.is_valid(&document), "{document}");
    assert_eq!(document["course"], "dearer");
}

/// A rule's text is its owner's: it is told in a comment and opens nothing there.
#[test]
fn foreign_text_stays_text() {
    let mut newer = spec();
    newer.metadata.labels.insert("x".to_owned(), "y".to_owned());
    newer.policy.results.push(domain::spec::PolicyResult {
        rule: "a|b <img src=x>".to_owned(),
        kept: true,
        text: String::new(),
        says: "](javascript:alert(1)) | \n# heading \u{202e}".to_owned(),
        serves: Vec::new(),
        without_micros: None,
    });
    let comment = markdown::difference(&Difference::between(&spec(), &newer));
    assert!(!comment.contains("<img") && !comment.contains('\u{202e}'), "{comment}");
    assert!(!comment.lines().any(|line| line.starts_with("# ")), "{comment}");
    let rows = comment.lines().filter(|line| line.contains("javascript"));
    assert_eq!(rows.map(|line| line.matches(" | ").count()).collect::<Vec<_>>(), [2]);
}
