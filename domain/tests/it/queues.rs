//! A queue and its workers: one entry of a document, two services of an intent.

use domain::intent::phrase::read_phrase;
use domain::intent::{Intent, ServiceKind, Source, read_intent};
use domain::units::Seconds;

use crate::{codes, document, first, with_head};

const MAIL: &str = "\
requests: {order: {enters: shop}}
services:
  shop:
    type: service
    calls: [{to: mail, count: 2, async: true}]
  mail:
    type: queue
    consumer: {cpu_time: 30ms, drain_within: 5min, calls: [{to: db}]}
  db: {type: sql}
";

fn mail() -> Intent {
    document(MAIL).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

#[test]
fn a_queue_and_its_workers_are_two_services() {
    let intent = mail();
    let names: Vec<&str> = intent.services.iter().map(|service| service.name.as_str()).collect();
    assert_eq!(names, ["shop", "mail", "mail-workers", "db"]);
    let [_, queue, workers, _] = &intent.services[..] else { panic!("four services") };
    assert_eq!((queue.kind, workers.kind), (ServiceKind::Queue, ServiceKind::Service));
    assert_eq!(queue.calls[0].to, workers.name);
    assert_eq!(workers.calls[0].to.as_str(), "db");
    assert_eq!(workers.cpu_time[0].1.value, Seconds::of_milliseconds(30.0));
    assert_eq!(workers.drain_within.as_ref().unwrap().value, Seconds::of(300.0));
    // What nobody says of workers is a default.
    let bare = document(&MAIL.replace("cpu_time: 30ms, drain_within: 5min, ", "")).unwrap();
    assert!(bare.services[2].cpu_time.is_empty() && bare.services[2].drain_within.is_none());
}

#[test]
fn a_queue_that_makes_no_sense_is_refused() {
    let changed = |from: &str, to: &str| {
        assert!(MAIL.contains(from), "{from}");
        document(&MAIL.replace(from, to)).unwrap_err()
    };
    for (from, to, code, at) in [
        ("async: true", "async: false", "intent::contradiction", "async"),
        ("drain_within: 5min", "drain_within: 5", "intent::unit", "5"),
        ("drain_within: 5min", "drain_within: 3 days", "intent::range", "3 days"),
        ("drain_within", "drain_with", "intent::unknown_key", "drain_with"),
        ("{cpu_time: 30ms,", "{type: service,", "intent::unknown_key", "type"),
        ("type: queue", "type: queue\n    port: 80", "intent::unknown_key", "port"),
        (
            "  db: {type: sql}",
            "  db: {type: sql, consumer: {}}",
            "intent::misplaced_key",
            "consumer",
        ),
        ("enters: shop", "enters: mail", "intent::entry", "mail"),
        ("count: 2", "lookups: 2", "intent::misplaced_key", "lookups"),
    ] {
        let faults = changed(from, to);
        let (found, place, _) = first(&faults);
        assert_eq!((found, place), (code, at), "{from} as {to}");
    }
    let taken = changed("  db: {type: sql}", "  db: {type: sql}\n  mail-workers: {type: service}");
    assert!(codes(&taken).contains(&"intent::name"), "{:?}", codes(&taken));
    let circle = changed("calls: [{to: db}]", "calls: [{to: shop}]");
    assert!(codes(&circle).contains(&"intent::cycle"), "{:?}", codes(&circle));
    let cache =
        changed("  db: {type: sql}", "  db: {type: sql}\n  c: {type: cache, fallback: mail}");
    assert!(codes(&cache).contains(&"intent::fallback"), "{:?}", codes(&cache));
}

#[test]
fn a_setting_of_the_workers_is_one_of_the_consumer() {
    let source = Source::Document { name: "mail.yaml".into(), text: with_head(MAIL) };
    let set = |setting: &str| read_intent(&source, &[setting.to_owned()]);
    for setting in ["services.mail-workers.cpu_time=90ms", "services.mail.consumer.cpu_time=90ms"] {
        let intent = set(setting).unwrap_or_else(|faults| panic!("{setting}: {faults:#?}"));
        let time = &intent.services[2].cpu_time[0].1;
        assert_eq!(time.value, Seconds::of_milliseconds(90.0), "{setting}");
    }
    let short = set("services.mail-workers.drain_within=1min").unwrap();
    assert_eq!(short.services[2].drain_within.as_ref().unwrap().value, Seconds::of(60.0));
    let base = set("services.mail-workers.memory_base=1GiB").unwrap();
    assert!(base.services[2].memory_base.is_some());
    assert!(set("services.shop-workers.cpu_time=90ms").is_err());
}

#[test]
fn a_phrase_speaks_of_workers() {
    for phrase in [
        "50 jobs/s worker with a queue, 99.9% uptime",
        "99.9% uptime, background jobs, 50 jobs per second",
        "workers behind a queue for 50 messages/s, 99.9% uptime",
    ] {
        let intent = read_phrase(phrase).unwrap_or_else(|faults| panic!("{phrase}: {faults:#?}"));
        assert_eq!(intent.chosen.as_ref().map(AsRef::as_ref), Some("worker"), "{phrase}");
        assert!(intent.objectives.load.is_some(), "{phrase}");
    }
    let faults = read_phrase("50 requests/s with a queue").unwrap_err();
    let (code, at, help) = first(&faults);
    assert_eq!((code, at), ("intent::unsupported", "queue"));
    assert!(help.contains("say `worker`"), "{help}");
}
