//! Environments of one intent: what each takes over, what it states itself, and what is refused.

use domain::intent::{Faults, INTENT_SCHEMA, Intent, Source, read_intent};
use domain::name::Name;
use domain::objective::{Load, UserKind};
use domain::offer::PurchaseTerm;
use domain::policy::environment;
use domain::units::{Percentile, Seconds};

use super::{codes, first, with_head};

const SHOP: &str = r#"metadata: {name: shop, labels: {team: storefront}}
objectives:
  load: {concurrent_users: 10k, think_time: 7s}
  uptime: 99.9%
  latency: {p95: 400ms, p99: 1.2s}
  budget: {expected: 20000 USD/month, ceiling: 40000 USD/month}
run_on: {providers: [aws], zones: {at_least: 2}}
environments:
  dev:
    load: 2%
    objectives: {uptime: 95%, latency: 2s, budget: {expected: 500 USD/month}}
    hours: {mon-fri: "08:00-19:00", zone: Europe/Dublin}
    zones: 1
    purchase: [spot, on_demand]
    operations: basic
    assume: {demand.think_time: 9s}
    pins: {app: {replicas: 2}}
  staging: {load: 20%, objectives: {uptime: 99%}, hours: office}
  prod:
"#;

fn read(settings: &[&str]) -> Result<Intent, Faults> {
    let source = Source::Document { name: "shop.yaml".into(), text: with_head(SHOP) };
    let settings: Vec<String> = settings.iter().map(|text| (*text).to_owned()).collect();
    read_intent(&source, &settings)
}

fn users(intent: &Intent) -> u64 {
    match intent.objectives.load {
        Some(Load::Users { count, kind: Some(UserKind::Concurrent), .. }) => count,
        ref other => panic!("{other:?}"),
    }
}

#[test]
fn a_patch_takes_the_place_of_what_it_states_and_of_nothing_else() {
    let dev = read(&["environment=dev"]).unwrap();
    assert_eq!(users(&dev), 200);
    assert!((dev.objectives.load_share.as_ref().unwrap().value.value() - 0.02).abs() < 1e-12);
    assert_eq!(dev.objectives.uptime.unwrap().ppm(), 950_000);
    let [only] = dev.objectives.latency.as_slice() else { panic!("{dev:#?}") };
    assert_eq!((only.percentile, only.limit), (Percentile::P95, Seconds::of(2.0)));
    let budget = dev.objectives.budget;
    assert_eq!(budget.expected.unwrap().micros(), 500_000_000);
    assert_eq!(budget.ceiling.unwrap().micros(), 40_000_000_000);
    let hours = dev.hours.as_ref().unwrap();
    assert_eq!(hours.value.to_string(), "mon-fri 08:00-19:00 Europe/Dublin");
    assert!(hours.source.starts_with("shop.yaml:14:"), "{}", hours.source);
    assert_eq!(dev.run_on.zones.as_ref().unwrap().value, 1);
    assert_eq!(dev.run_on.providers.len(), 1);
    let terms: Vec<PurchaseTerm> = dev.purchase.iter().map(|term| term.value).collect();
    assert_eq!(terms, [PurchaseTerm::Spot, PurchaseTerm::OnDemand]);
    assert_eq!(dev.assume.len(), 1);
    assert_eq!(dev.pins[0].replicas_max.as_ref().unwrap().value, 2);
    assert_eq!(environment(&dev), Some("dev"));
    assert_eq!(dev.environment.as_ref().unwrap().as_str(), "dev");
    assert!(dev.environments.is_empty());
    assert_eq!(dev.metadata.labels.len(), 2);
}

#[test]
fn an_empty_patch_is_the_whole() {
    let (prod, whole) = (read(&["environment=prod"]).unwrap(), read(&[]).unwrap());
    assert_eq!(prod.objectives, whole.objectives);
    assert_eq!(prod.run_on, whole.run_on);
    assert!(prod.hours.is_none());
    let names: Vec<&str> = whole.environments.iter().map(Name::as_str).collect();
    assert_eq!(names, ["dev", "staging", "prod"]);
    assert_eq!((environment(&whole), &whole.environment), (None, &None));
    let staging = read(&["environment=staging"]).unwrap();
    assert_eq!(staging.hours.unwrap().value.minutes(), 55 * 60);
}

#[test]
fn what_is_set_before_is_set_for_all_and_what_is_set_after_for_one() {
    let more = "objectives.load.concurrent_users=20k";
    assert_eq!(users(&read(&[more, "environment=dev"]).unwrap()), 400);
    assert_eq!(users(&read(&["environment=dev", more]).unwrap()), 20_000);
    let own = "environments.dev.load=10%";
    assert_eq!(users(&read(&[own, "environment=dev"]).unwrap()), 1_000);
    let uptime = |settings: &[&str]| read(settings).unwrap().objectives.uptime.unwrap().ppm();
    assert_eq!(uptime(&["objectives.uptime=99.99%", "environment=dev"]), 950_000);
    assert_eq!(uptime(&["objectives.uptime=99.99%", "environment=prod"]), 999_900);
    assert_eq!(uptime(&["environment=dev", "objectives.uptime=97%"]), 970_000);
}

#[test]
fn an_environment_that_is_not_there_is_refused_with_those_that_are() {
    let faults = read(&["environment=production"]).unwrap_err();
    let (code, at, help) = first(&faults);
    assert_eq!((code, at), ("intent::environment", "production"));
    assert_eq!(help, "the environments are dev, staging, prod");
    let source = Source::Phrase("10k users".into());
    let faults = read_intent(&source, &["environment=dev".into()]).unwrap_err();
    assert_eq!(first(&faults).0, "intent::environment");
}

#[test]
fn a_label_of_another_environment_contradicts() {
    let label = "metadata.labels.environment=prod";
    for settings in [[label, "environment=dev"], ["environment=dev", label]] {
        assert_eq!(codes(&read(&settings).unwrap_err()), ["intent::contradiction"]);
    }
    assert!(read(&[label, "environment=prod"]).is_ok());
}

#[test]
fn faults_of_a_patch_stand_where_it_does() {
    let read = |patch: &str, settings: &[String]| {
        let text =
            with_head(&format!("objectives: {{load: 10k users}}\nenvironments:\n  dev: {patch}\n"));
        read_intent(&Source::Document { name: "shop.yaml".into(), text }, settings)
    };
    let taken = ["environment=dev".to_owned()];
    for (patch, code, at) in [
        ("{load: 2}", "intent::unit", "2"),
        ("{load: 0%}", "intent::range", "0%"),
        ("{load: 2%, objectives: {load: 5 users}}", "intent::contradiction", "load"),
        ("{objectives: {uptime: 0.95}}", "intent::uptime", "0.95"),
        ("{objectives: {load: {share: 2%}}}", "intent::unknown_key", "share"),
        ("{operations: heroic}", "intent::choice", "heroic"),
        ("{zones: 0}", "intent::range", "0"),
        ("{services: {}}", "intent::unknown_key", "services"),
        ("5", "intent::shape", "5"),
    ] {
        let faults = read(patch, &taken).unwrap_err();
        let (found, place, _) = first(&faults);
        assert_eq!((found, place), (code, at), "{patch}: {faults:#?}");
        let (line, _) = faults.faults[0].text.line_and_column(faults.faults[0].offset);
        assert_eq!(line, 5, "{patch}");
    }
    // What has the wrong form is refused whichever is taken; values are read where they are.
    assert!(read("{services: {}}", &[]).is_err());
    assert!(read("{load: 2}", &[]).is_ok());
    let faults = read("{requests: {page: {share: 3%}}}", &[]).unwrap_err();
    assert_eq!((first(&faults).0, first(&faults).1), ("intent::unknown_key", "share"));
    let none = with_head("environments: {dev: {load: 2%}}\n");
    let source = Source::Document { name: "shop.yaml".into(), text: none };
    assert_eq!(first(&read_intent(&source, &taken).unwrap_err()).0, "intent::missing_key");
}

#[test]
fn the_schema_takes_what_the_reader_takes() {
    let schema = serde_json::from_str(INTENT_SCHEMA).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let value: serde_json::Value = serde_saphyr::from_str(&with_head(SHOP)).unwrap();
    let faults: Vec<String> = schema.iter_errors(&value).map(|fault| fault.to_string()).collect();
    assert!(faults.is_empty(), "{faults:?}");
    for body in [
        "environments: {dev: {cost: 1}}",
        "environments: {}",
        "purchase: [spot]",
        "hours: {mon: 8}",
        "hours: {monday: \"08:00-19:00\"}",
        "hours: always",
    ] {
        let value: serde_json::Value = serde_saphyr::from_str(&with_head(body)).unwrap();
        assert!(!schema.is_valid(&value), "{body}");
        assert!(super::document(body).is_err(), "{body}");
    }
}
