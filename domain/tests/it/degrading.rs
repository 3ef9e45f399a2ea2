//! What a service can do without: named, called, and answered for in one word.

use domain::degradation::Substitute;

use crate::{codes, document};

/// A shop whose catalog can do without what the text says.
fn shop(degrade: &str) -> String {
    format!(
        "requests: {{order: {{enters: catalog}}}}\n\
         services:\n\
         \x20 catalog: {{type: service, calls: [{{to: kept}}, {{to: prices}}, {{to: jobs}}], \
         degrade: {degrade}}}\n\
         \x20 prices: {{type: service, calls: [{{to: rates}}]}}\n\
         \x20 rates: {{type: service}}\n\
         \x20 kept: {{type: cache, fallback: db}}\n\
         \x20 db: {{type: sql}}\n\
         \x20 jobs: {{type: queue, consumer: {{cpu_time: 1ms}}}}\n"
    )
}

#[test]
fn one_thing_or_several_can_be_done_without() {
    let read = |degrade: &str| {
        let intent = document(&shop(degrade)).unwrap_or_else(|faults| panic!("{faults:#?}"));
        let found = intent.services[0].degrades.clone();
        found.into_iter().map(|(name, serve)| (name.to_string(), serve)).collect::<Vec<_>>()
    };
    // What it calls itself, and what is behind a cache that it calls.
    assert_eq!(
        read("{without: prices, serve: default}"),
        [("prices".to_owned(), Substitute::Default)]
    );
    assert_eq!(
        read("[{without: db, serve: stale}, {serve: nothing, without: kept}]"),
        [("db".to_owned(), Substitute::Stale), ("kept".to_owned(), Substitute::Nothing)]
    );
}

#[test]
fn what_makes_no_sense_of_it_is_refused() {
    for (degrade, code, words) in [
        ("{without: kept}", "intent::missing_key", "serve"),
        ("{serve: stale}", "intent::missing_key", "without"),
        ("{without: pricse, serve: stale}", "intent::unknown_service", "pricse"),
        ("{without: prices, serve: fresh}", "intent::choice", "fresh"),
        ("{without: prices, serve: stale, for: order}", "intent::unknown_key", "for"),
        ("{without: rates, serve: stale}", "intent::contradiction", "never calls it"),
        ("{without: jobs, serve: stale}", "intent::contradiction", "a queue"),
        (
            "[{without: db, serve: stale}, {without: db, serve: nothing}]",
            "intent::contradiction",
            "twice",
        ),
        ("prices", "intent::shape", "a text"),
    ] {
        let text = shop(degrade);
        let faults = document(&text).expect_err(degrade);
        assert_eq!(codes(&faults), [code], "{degrade}: {faults:#?}");
        let said = &faults.faults[0].fault.words().message;
        assert!(said.contains(words), "{degrade}: {said}");
    }
}
