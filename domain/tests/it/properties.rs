//! Whatever is typed: no panic, and every fault points at whole letters of the text.

use domain::intent::document::read_document;
use domain::intent::phrase::read_phrase;
use domain::intent::{Faults, Intent, Source, read_intent};
use domain::units::{Bytes, MicroDollars, Ratio, Reading, RequestsPerSecond, Seconds};
use proptest::prelude::*;

use crate::SHOP;

/// Every fault stands on letters of its text and says something.
fn sound(result: Result<Intent, Faults>) {
    let Err(faults) = result else { return };
    assert!(!faults.faults.is_empty());
    for placed in &faults.faults {
        let end = placed.offset + placed.length;
        assert!(placed.text.content.get(placed.offset..end).is_some());
        assert!(!placed.fault.to_string().is_empty());
        assert!(!placed.fault.words().help.is_empty());
    }
}

/// Words that a phrase is made of, whole and broken.
fn phrase_words() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "10k",
        "users",
        "99.9%",
        "uptime",
        "400ms",
        "latency",
        "p95",
        "p(95)",
        "<",
        "under",
        "over",
        "at most",
        "three",
        "nines",
        "$3k",
        "/month",
        "month",
        "a",
        "on",
        "aws",
        "in",
        "us-east-1",
        "dublin",
        "30s",
        "think time",
        "3",
        "EC2",
        "instances",
        "for",
        "web",
        "c8g.xlarge",
        "zones",
        "headroom",
        "no",
        "20%",
        "growth",
        "year",
        "of requests",
        ",",
        ":",
        ";",
        "e5",
        "-1",
        "1e400",
        "0.999",
        "99,9%",
        "peak",
        "3x",
        "the mean",
        "million",
        "k",
        "\u{20ac}5",
        "\u{202e}",
        "'",
        ".",
        "95th",
        "percentile",
        "median",
        "operations",
        "advanced",
        "rpo",
        "5min",
        "req/s",
        "/",
        "one",
    ]);
    prop::collection::vec(words, 0..14).prop_map(|words| words.join(" "))
}

/// Pieces of YAML in any order.
fn yaml_pieces() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "apiVersion: plimsoll/v1\n",
        "kind: Intent\n",
        "objectives:",
        "\n",
        "  ",
        "uptime: ",
        "99.9%",
        "{",
        "}",
        "[",
        "]",
        ", ",
        ": ",
        "- ",
        "&a ",
        "*a",
        "!!str ",
        "|\n",
        ">-\n",
        "\"",
        "'",
        "#",
        "services:",
        "requests:",
        "app",
        "type: service",
        "calls: ",
        "to: app",
        "? ",
        "~",
        "---\n",
        "...\n",
        "%YAML 1.2\n",
        "<<: ",
        "\t",
        "\u{feff}",
        "\u{e9}",
        "\u{1f600}",
        "0.999",
        ".nan",
        "pins: {app: {replicas: 3}}",
        "run_on: {regions: [dublin]}",
        "\r\n",
        "\u{0}",
    ]);
    prop::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_is_a_phrase_or_a_fault(text in any::<String>()) {
        sound(read_phrase(&text));
    }

    #[test]
    fn any_words_are_a_phrase_or_a_fault(text in phrase_words()) {
        sound(read_phrase(&text));
    }

    #[test]
    fn any_text_is_a_document_or_a_fault(text in any::<String>()) {
        sound(read_document(&text, "any.yaml"));
    }

    #[test]
    fn any_yaml_is_a_document_or_a_fault(text in yaml_pieces()) {
        sound(read_document(&text, "any.yaml"));
    }

    #[test]
    fn a_shop_with_a_hole_is_a_document_or_a_fault(
        at in 0..SHOP.len(), length in 0..40_usize, patch in "[ -~\u{e9}]{0,8}",
    ) {
        let end = (at + length).min(SHOP.len());
        let (start, end) = (SHOP.floor_char_boundary(at), SHOP.ceil_char_boundary(end));
        sound(read_document(&format!("{}{patch}{}", &SHOP[..start], &SHOP[end..]), "shop.yaml"));
    }

    #[test]
    fn any_setting_is_applied_or_a_fault(
        path in "[a-z_.\\[\\]0-9]{0,30}", value in any::<String>(), shop in any::<bool>(),
    ) {
        let document = Source::Document { name: "shop.yaml".into(), text: SHOP.into() };
        let source = if shop { document } else { Source::Phrase("10k users".into()) };
        sound(read_intent(&source, &[format!("{path}={value}"), value]));
    }

    #[test]
    fn a_known_path_takes_any_value_or_refuses_it(
        path in prop::sample::select(vec![
            "objectives.uptime", "objectives.load", "objectives.latency", "objectives.latency.p95",
            "services.web.calls", "services.web.calls[0]", "services.web.calls.catalog.browse",
            "services.web.cpu_time", "requests", "services", "pins", "run_on", "traffic.shape",
            "traffic.shape.diurnal.peak_to_mean", "metadata", "assume", "kind", "operations",
        ]),
        value in prop_oneof![
            any::<String>(), phrase_words(), yaml_pieces().prop_map(|text| format!("[{text}]")),
            Just("{}".to_owned()), Just("[]".to_owned()), Just("{to: web}".to_owned()),
        ],
    ) {
        let source = Source::Document { name: "shop.yaml".into(), text: SHOP.into() };
        sound(read_intent(&source, &[format!("{path}={value}")]));
    }

    #[test]
    fn what_is_understood_reads_the_same_in_any_order(
        order in Just(vec!["10k users", "99.9% uptime", "p99 under 1s", "on aws", "below $5k"])
            .prop_shuffle(),
        comma in any::<bool>(),
    ) {
        let separator = if comma { ", " } else { " and " };
        let intent = read_phrase(&order.join(separator)).unwrap();
        let plain = read_phrase("10k users 99.9% uptime p99 under 1s on aws below $5k").unwrap();
        prop_assert_eq!(intent.objectives, plain.objectives);
        prop_assert_eq!(intent.run_on, plain.run_on);
    }

    #[test]
    fn any_text_is_a_quantity_or_a_fault(text in "[-+0-9.,_eE]{0,12} ?[a-zA-Z%$/\u{b5}]{0,6}") {
        let _ = Seconds::read(&text);
        let _ = RequestsPerSecond::read(&text);
        let _ = Bytes::read(&text);
        let _ = MicroDollars::read(&text);
        if let Ok(ratio) = Ratio::read(&text) {
            prop_assert!((0.0..=1.0).contains(&ratio.value()));
        }
    }

    #[test]
    fn a_time_survives_writing_and_reading(milliseconds in 1..60_000_u32) {
        let read = Seconds::read(&format!("{milliseconds}ms")).unwrap();
        prop_assert_eq!(read, Seconds::of(f64::from(milliseconds) / 1_000.0));
    }
}
