//! Services that nobody described, taken from an archetype.

use std::collections::BTreeMap;

use domain::catalog::{Archetype, DefaultValue};
use domain::intent::phrase::read_phrase;
use domain::intent::{Faults, Intent, Source, read_intent};
use domain::ledger::Origin;
use domain::name::Name;
use domain::units::{Bytes, Seconds};

use crate::{SHOP, codes, document, first};

const WEB: &str = "\
apiVersion: plimsoll/v1
kind: Intent
requests:
  page: {share: 100%, enters: app, per_page: 3.2, response: 6kB}
services:
  app:
    type: service
    cpu_time: 10ms
    spread: {cv: 1.2}
    memory: {base: 400MiB, per_request: 2MiB}
    startup: 40s
    calls: [{to: cache, count: 3, lookups: 8}]
    on_failure: {timeout: 2s, retries: 1, retry_budget: 10%}
  cache: {type: cache, engine: valkey, working_set: 8GiB, hit_ratio: 90%, fallback: db}
  db: {type: sql, engine: postgres, cpu_time: 1.2ms, spread: {cv: 2}, storage: 200GiB, writes: 20%}
";

fn web() -> Archetype {
    let row = |value: &str, low: &str, high: &str, source: &str| DefaultValue {
        value: value.into(),
        low: Some(low.into()),
        high: Some(high.into()),
        source: source.into(),
    };
    let sources = BTreeMap::from([
        ("services.app.cpu_time".into(), row("10ms", "5ms", "40ms", "judgement")),
        ("services.app.calls[0].lookups".into(), row("8", "4", "16", "Stack Overflow")),
        ("services.db.engine".into(), row("postgres", "", "", "most common")),
    ]);
    let (name, summary) = (Name::of("web"), "balancer, app, cache, database".to_owned());
    Archetype { name, summary, document: WEB.to_owned(), sources }
}

fn completed(phrase: &str, settings: &[&str]) -> Result<Intent, Faults> {
    let settings: Vec<String> = settings.iter().map(|&text| text.to_owned()).collect();
    read_intent(&Source::Phrase(phrase.to_owned()), &settings)?.complete(&web())
}

#[test]
fn services_come_with_source_and_interval() {
    let intent = completed("10k users", &[]).unwrap_or_else(|faults| panic!("{faults:#?}"));
    assert_eq!(intent.archetype.as_ref().unwrap().as_str(), "web");
    let names: Vec<&str> = intent.services.iter().map(|service| service.name.as_str()).collect();
    assert_eq!(names, ["app", "cache", "db"]);
    let (_, cpu_time) = &intent.services[0].cpu_time[0];
    assert_eq!(cpu_time.origin, Origin::Default);
    assert_eq!(cpu_time.source, "judgement");
    assert_eq!(cpu_time.interval, Some((Seconds::of(0.005), Seconds::of(0.04))));
    let lookups = intent.services[0].calls[0].lookups.as_ref().unwrap();
    assert_eq!(lookups.source, "Stack Overflow");
    assert_eq!(lookups.interval, Some((4.0, 16.0)));
    assert_eq!(intent.services[2].engine.as_ref().unwrap().source, "most common");
    assert_eq!(intent.services[0].startup.as_ref().unwrap().source, "archetype web");
    assert_eq!(intent.requests[0].enters.as_str(), "app");
}

#[test]
fn described_services_stay_as_they_are() {
    let shop = domain::intent::document::read_document(SHOP, "shop.yaml").unwrap();
    assert_eq!(shop.clone().complete(&web()).unwrap(), shop);
}

#[test]
fn settings_wait_for_the_services() {
    let intent = completed(
        "10k users",
        &[
            "services.app.cpu_time=20ms",
            "requests.page.response=3kB",
            "services.cache.hit_ratio=95%",
        ],
    )
    .unwrap();
    let (_, cpu_time) = &intent.services[0].cpu_time[0];
    assert_eq!((cpu_time.value, cpu_time.origin), (Seconds::of(0.02), Origin::User));
    assert_eq!((cpu_time.source.as_str(), &cpu_time.interval), ("--set", &None));
    let response = intent.requests[0].response.as_ref().unwrap();
    assert_eq!((response.value, response.origin), (Bytes::new(3_000), Origin::User));
    let faults = completed("10k users", &["services.ap.cpu_time=20ms"]).unwrap_err();
    assert_eq!(first(&faults), ("intent::unknown_service", "ap", "did you mean `app`?"));
    let faults = completed("10k users", &["services.app.cpu_tme=20ms"]).unwrap_err();
    assert_eq!(first(&faults), ("intent::unknown_key", "cpu_tme", "did you mean `cpu_time`?"));
}

#[test]
fn requests_of_ones_own_enter_the_archetype() {
    let intent = document("requests: {read: {share: 90%, enters: app}, write: {enters: app}}");
    let intent = intent.unwrap().complete(&web()).unwrap();
    assert_eq!(intent.requests.len(), 2);
    assert_eq!(intent.requests[0].share.as_ref().unwrap().origin, Origin::User);
    let astray = document("requests: {read: {enters: ap}}").unwrap();
    let faults = astray.complete(&web()).unwrap_err();
    assert_eq!(first(&faults), ("intent::unknown_service", "ap", "did you mean `app`?"));
    let cache = document("requests: {read: {enters: cache}}").unwrap();
    assert_eq!(codes(&cache.complete(&web()).unwrap_err()), ["intent::entry"]);
}

#[test]
fn pins_find_the_services_that_they_mean() {
    for (phrase, service) in [
        ("3 EC2 instances for web", "app"),
        ("3 instances for app", "app"),
        ("database on db.m6g.large", "db"),
        ("redis on cache.m6g.large", "cache"),
    ] {
        let intent = completed(phrase, &[]).unwrap_or_else(|faults| panic!("{faults:#?}"));
        assert_eq!(intent.pins[0].service.as_str(), service, "{phrase}");
    }
    let faults = completed("3 instances for mailer", &[]).unwrap_err();
    assert_eq!(codes(&faults), ["intent::unknown_service"]);
    let faults = completed("3 instances for web, 4 instances for app", &[]).unwrap_err();
    assert_eq!(codes(&faults), ["intent::stated_twice"]);
}

#[test]
fn what_was_changed_since_is_kept() {
    let mut intent = read_phrase("10k users").unwrap();
    intent.objectives.load = None;
    let intent = intent.complete(&web()).unwrap();
    assert_eq!(intent.objectives.load, None);
    assert!(!intent.services.is_empty());
}

#[test]
fn an_archetype_is_chosen_by_a_word_or_by_its_name() {
    let api = Archetype { name: Name::of("api"), ..web() };
    let files = Archetype { name: Name::of("static"), ..web() };
    let archetypes = [api, files, web()];
    let chosen = |intent: Intent| intent.complete_among(&archetypes).unwrap().archetype.unwrap();
    for (phrase, due) in [
        ("500 requests/s api", "api"),
        ("an API with a database for 500 requests/s", "api"),
        ("REST API, 10k users, 99.9% uptime", "api"),
        ("api, rest api, 10k users", "api"),
        ("static site, 50k daily users", "static"),
        ("a static website behind a CDN for 10k users, 99.9% uptime", "static"),
        ("10k users", "web"),
        ("a web application for 10k users", "web"),
        ("10k users, 3 instances for api", "web"),
    ] {
        assert_eq!(chosen(read_phrase(phrase).unwrap()).as_str(), due, "{phrase}");
    }
    assert_eq!(chosen(document("archetype: api").unwrap()).as_str(), "api");
    let settings = ["archetype=api".to_owned()];
    let set = read_intent(&Source::Phrase("10k users".into()), &settings).unwrap();
    assert_eq!(chosen(set).as_str(), "api");
}

#[test]
fn an_archetype_that_is_not_there_is_refused_with_those_that_are() {
    let refused = |body: &str| document(body).unwrap().complete_among(&[web()]).unwrap_err();
    let faults = refused("archetype: wbe");
    assert_eq!(first(&faults), ("intent::choice", "wbe", "did you mean `web`?"));
    let faults = refused("archetype: mainframe");
    assert_eq!(first(&faults), ("intent::choice", "mainframe", "the archetypes are web"));
    let both =
        document("archetype: web\nservices: {a: {type: service}}\nrequests: {r: {enters: a}}");
    assert_eq!(codes(&both.unwrap_err()), ["intent::misplaced_key"]);
    let twice = read_phrase("an api, a web application, 10k users").unwrap_err();
    assert_eq!(codes(&twice), ["intent::stated_twice"]);
    let nobody = read_phrase("10k users").unwrap().complete_among(&[]).unwrap();
    assert!(nobody.services.is_empty());
}

#[test]
fn an_archetype_that_cannot_be_read_is_a_fault_of_its_own() {
    let broken = Archetype { document: "services: {app: {type: service}".into(), ..web() };
    let faults = read_phrase("10k users").unwrap().complete(&broken).unwrap_err();
    assert_eq!(codes(&faults), ["intent::syntax"]);
    assert_eq!(faults.faults[0].text.name, "archetype web");
}
