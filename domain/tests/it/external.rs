//! Services of somebody else: called by name, with what is known of them.

use domain::intent::ServiceKind;
use domain::units::{Ratio, Seconds};

use crate::{codes, document, first};

const TILL: &str = "\
requests: {order: {enters: shop}}
services:
  shop: {type: service, calls: [{to: payments, count: 2}]}
external:
  payments: {latency: {p50: 120ms, p99: 600ms}, uptime: 99.99%}
";

#[test]
fn a_service_of_somebody_else_is_called_like_any_other() {
    for text in [TILL.to_owned(), {
        // The order of the sections says nothing.
        let (services, external) = TILL.split_at(TILL.find("external").unwrap());
        format!("{external}{services}")
    }] {
        let intent = document(&text).unwrap_or_else(|faults| panic!("{faults:#?}"));
        let [shop, payments] = &intent.services[..] else { panic!("two services") };
        assert_eq!((payments.kind, payments.name.as_str()), (ServiceKind::External, "payments"));
        assert_eq!(shop.calls[0].to, payments.name);
        let external = payments.external.as_ref().unwrap();
        assert_eq!(external.p50.value, Seconds::of_milliseconds(120.0));
        assert_eq!(external.p99.value, Seconds::of_milliseconds(600.0));
        assert_eq!(external.uptime.value, Ratio::of(0.9999));
        assert!(external.uptime.source.starts_with("test.yaml:"));
    }
}

#[test]
fn windows_countries_and_operations_are_read() {
    let read = |window: &str| {
        let text = format!(
            "objectives: {{uptime: {{target: 99.9%, window: {window}, counted: by_request}}}}\n\
             traffic: {{users_in: [IE, GB, DE]}}\n\
             {TILL}  idp: {{latency: {{p50: 20ms, p99: 20ms}}, uptime: 99%}}\n"
        );
        let text = text.replace(
            "calls: [{to: payments, count: 2}]}",
            "calls: [{to: payments}, {to: idp}, {to: db}]}\n  db: {type: sql, iops_per_query: 0.3}",
        );
        document(&text).unwrap_or_else(|faults| panic!("{faults:#?}"))
    };
    assert_eq!(read("30d").objectives.uptime_window, Some(Seconds::of(30.0 * 86_400.0)));
    assert_eq!(read("1y").objectives.uptime_window, None);
    let intent = read("90d");
    let codes: Vec<String> =
        intent.traffic.users_in.unwrap().value.iter().map(ToString::to_string).collect();
    assert_eq!(codes, ["DE", "GB", "IE"]);
    let each = intent.services[1].iops_per_query.as_ref().unwrap();
    assert!((each.value - 0.3).abs() < 1e-12);
}

#[test]
fn what_makes_no_sense_of_it_is_refused() {
    for (from, to, code, at) in [
        ("p99: 600ms", "p99: 60ms", "intent::contradiction", "latency"),
        (", p99: 600ms", "", "intent::missing_key", "latency"),
        (", uptime: 99.99%", "", "intent::missing_key", "payments"),
        ("uptime: 99.99%", "uptime: 0.9999", "intent::unit", "0.9999"),
        ("uptime: 99.99%", "uptime: 100%", "intent::range", "100%"),
        ("p50: 120ms", "p50: 120", "intent::unit", "120"),
        ("p50: 120ms", "p90: 120ms", "intent::unknown_key", "p90"),
        ("uptime: 99.99%", "uptme: 99.99%", "intent::unknown_key", "uptme"),
        ("  payments:", "  shop:", "intent::unknown_service", "payments"),
        ("  payments:", "  edge:", "intent::unknown_service", "payments"),
        ("enters: shop", "enters: payments", "intent::entry", "payments"),
        (
            "calls: [{to: payments, count: 2}]",
            "port: 80",
            "intent::unreachable_service",
            "payments",
        ),
        ("to: payments, count: 2", "to: payments, reads: 5%", "intent::misplaced_key", "reads"),
        (
            "external:",
            "pins: {payments: {replicas: 2}}\nexternal:",
            "intent::misplaced_key",
            "payments",
        ),
    ] {
        assert!(TILL.contains(from), "{from}");
        let faults = document(&TILL.replacen(from, to, 1)).unwrap_err();
        assert!(codes(&faults).contains(&code), "{to}: {faults:#?}");
        let (found, place, help) = first(&faults);
        assert!(place.contains(at) || found == "intent::missing_key", "{to}: {place}");
        assert!(!help.is_empty());
    }
    let twice = TILL.replace("  payments: {latency", "  shop: {latency");
    let faults = document(&twice).unwrap_err();
    assert!(codes(&faults).contains(&"intent::name"), "{faults:#?}");
    let alone = &TILL[TILL.find("external").unwrap()..];
    assert_eq!(codes(&document(alone).unwrap_err()), ["intent::misplaced_key"]);
}
