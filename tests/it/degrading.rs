//! What a service can do without: in the error budget of the model, and in a spec.

use domain::degradation::Substitute;
use domain::intent::{Intent, ServiceKind};
use domain::name::Name;
use domain::units::Seconds;
use serde_json::Value;
use solver::model::Settings;

use crate::support::plans::{cheapest, machines, with_checkout};
use crate::support::program::{plimsoll, with_input};
use crate::support::{call, chain, latency, service, stated, uptime};

/// Every request reads the catalog, a tenth goes through the cart too, and both ask for prices.
fn shop() -> Intent {
    let mut intent = chain(900, &[2.0]);
    intent.objectives.uptime = Some(uptime(999_000));
    intent.objectives.latency = vec![latency(950, 2_000.0)];
    with_checkout(&mut intent);
    let mut cart = call("cart");
    cart.class = Some(Name::of("checkout"));
    intent.services[0].calls = vec![call("catalog"), cart];
    for name in ["catalog", "cart", "prices"] {
        let mut own = service(name, ServiceKind::Service);
        own.cpu_time = vec![(None, stated(Seconds::of_milliseconds(2.0)))];
        own.calls = if name == "prices" { Vec::new() } else { vec![call("prices")] };
        intent.services.push(own);
    }
    intent
}

fn without(intent: &mut Intent, caller: &str, service: &str) {
    let mut services = intent.services.iter_mut();
    let own = services.find(|own| own.name.as_str() == caller).expect("the caller is there");
    own.degrades.push((Name::of(service), Substitute::Nothing));
    own.on_failure.timeout = Some(stated(Seconds::of(0.3)));
    own.on_failure.retries = Some(stated(0));
}

/// What prices add to the unavailability of the cheapest plan, in ppm.
fn prices(intent: &Intent) -> f64 {
    let market = machines([("m0", 2, 0.05), ("m1", 4, 0.11)]);
    let (_, plan) = cheapest(intent, &market, Settings::GUARDED).expect("there is a plan");
    let term = plan.availability.terms.iter().find(|term| term.name == "prices");
    term.expect("it is counted").ppm.value()
}

#[test]
fn an_outage_counts_for_those_who_cannot_do_without() {
    let mut intent = shop();
    let whole = prices(&intent);
    assert!(whole > 0.1, "{whole}");
    // Whoever goes through the cart still needs them: a tenth.
    without(&mut intent, "catalog", "prices");
    let tenth = prices(&intent);
    assert!((tenth / whole - 0.1).abs() < 1e-9, "{tenth} of {whole}");
    without(&mut intent, "cart", "prices");
    assert!(prices(&intent) <= 0.0);
    // To do without the cart is not to do without prices.
    let mut other = shop();
    without(&mut other, "s0", "cart");
    assert!((prices(&other) / whole - 1.0).abs() < 1e-12);
    // Nor is it to wait for them for as long as the caller waits.
    let mut late = shop();
    without(&mut late, "catalog", "prices");
    late.services[1].on_failure.timeout = None;
    assert!((prices(&late) / whole - 1.0).abs() < 1e-12);
}

const SHOP: &str = "\
apiVersion: plimsoll/v1
kind: Intent
objectives:
  load: {requests_per_second: 60}
  uptime: 99%
  latency: {p95: 400ms}
requests:
  browse: {share: 90%, enters: web}
  checkout: {share: 10%, enters: web}
services:
  web:
    type: service
    calls: [{to: catalog, for: browse}, {to: orders, for: checkout}]
  catalog:
    type: service
    calls: [{to: orders}]
    degrade: {without: orders, serve: stale}
  orders: {type: sql}
run_on: {providers: [aws], regions: [eu-west-1]}
";

fn planned(text: &str) -> Value {
    let said = with_input(&["plan", "-", "--json"], text.to_owned());
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    said.json()
}

fn term(spec: &Value) -> u64 {
    let terms = spec["uptime"]["terms"].as_array().expect("terms").iter();
    let own =
        terms.filter(|term| term["name"].as_str().is_some_and(|own| own.starts_with("orders")));
    own.map(|term| term["unavailability_ppb"].as_u64().expect("a number")).sum()
}

#[test]
fn a_report_tells_what_is_served_with_less() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("spec.json");
    let spec = with_input(&["plan", "-", "--json"], SHOP.to_owned()).stdout;
    std::fs::write(&path, spec).expect("it is written");
    let said = plimsoll(&["report", path.to_str().expect("text"), "--format", "md"]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    let words = "catalog: while orders is down it answers with what it has from before";
    assert!(said.stdout.contains(words), "{}", said.stdout);
    assert!(said.stdout.contains("served, but without something that is down"));
}

#[test]
fn a_spec_tells_what_is_served_with_less_apart() {
    let lenient = planned(SHOP);
    let services = lenient["demand"]["services"].as_array().expect("services");
    let catalog = services.iter().find(|own| own["name"] == "catalog").expect("catalog");
    assert_eq!(catalog["degrades"][0]["without"], "orders");
    assert_eq!(catalog["degrades"][0]["serve"], "stale");
    let degraded = lenient["uptime"]["degraded_ppb"].as_u64().expect("a number");
    let strict = planned(&SHOP.replace("    degrade: {without: orders, serve: stale}\n", ""));
    assert_eq!(strict["uptime"]["degraded_ppb"], Value::Null);
    // Nine tenths of what the database's outages would lose are served.
    let (all, left) = (term(&strict), term(&lenient));
    assert!(all > 10_000 && left * 7 < all && left * 14 > all, "{left} of {all}");
    assert!(degraded * 10 > all * 8, "{degraded} of {all}");
    for spec in [lenient, strict] {
        let said = with_input(&["check", "-"], spec.to_string());
        assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    }
}
