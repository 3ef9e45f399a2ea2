//! Services of somebody else: in the path and in the error budget, and neither sized nor paid for.

use domain::catalog::Catalog;
use domain::demand::Demand;
use domain::intent::{Intent, ServiceKind, StatedExternal};
use domain::ledger::{Origin, Value as Entry};
use domain::name::Name;
use domain::plan::{LatencyBasis, LatencyForm, Plan};
use domain::units::{Ratio, Seconds};
use serde_json::{Value, json};
use solver::characterise::characterise;
use solver::explain_floor::reason;
use solver::model::{Model, Settings};

use crate::support::plans::{self, machines, with_checkout};
use crate::support::program::with_input;
use crate::support::{call, chain, latency, service, stated, uptime};

/// A shop of which a tenth of the requests pays at somebody else's.
fn intent(p95: f64, share_up: f64) -> Intent {
    let mut intent = chain(900, &[6.0]);
    intent.objectives.uptime = Some(uptime(999_000));
    intent.objectives.latency = vec![latency(950, p95)];
    with_checkout(&mut intent);
    let mut pay = call("payments");
    pay.class = Some(Name::of("checkout"));
    intent.services[0].calls = vec![pay];
    let mut payments = service("payments", ServiceKind::External);
    payments.external = Some(StatedExternal {
        p50: stated(Seconds::of(0.12)),
        p99: stated(Seconds::of(0.6)),
        uptime: stated(Ratio::of(share_up)),
    });
    intent.services.push(payments);
    intent
}

fn market() -> Catalog {
    machines([("m0", 2, 0.05), ("m1", 4, 0.11), ("m2", 8, 0.23)])
}

fn cheapest(intent: &Intent, settings: Settings) -> Option<(Demand, Plan)> {
    plans::cheapest(intent, &market(), settings)
}

fn demand(intent: &Intent) -> Demand {
    characterise(intent, &market(), None).expect("the intent is sound")
}

/// The mean latency that the model expects with the load of the headroom, in s.
fn mean(plan: &Plan) -> f64 {
    match &plan.estimates[0].basis {
        LatencyBasis::Moment { mean, .. } => mean.value(),
        LatencyBasis::Proof(parts) => panic!("{parts:?}"),
    }
}

#[test]
fn nothing_is_bought_for_it_and_its_time_is_in_the_path() {
    let (demand, plan) = cheapest(&intent(900.0, 0.9999), Settings::GUARDED).expect("a plan");
    let mut without = intent(900.0, 0.9999);
    without.services[0].calls.clear();
    without.services.pop();
    let (_, bare) = cheapest(&without, Settings::GUARDED).expect("a plan");
    assert_eq!(plan.optimality.objective, bare.optimality.objective);
    assert_eq!(plan.topology.services[..2], bare.topology.services[..2]);
    let at = demand.services.len() - 1;
    assert!(plan.topology.services[at].pools.is_empty());
    // p50 120 ms and p99 600 ms: σ = ln 5 / 2.3263, mean 120 ms · exp(σ²/2) = 152.4 ms.
    let wait = demand.services[at].work[0].cpu_time.value();
    assert!((wait - 0.1524).abs() < 1e-4, "{wait}");
    let more = mean(&plan) - mean(&bare);
    // A tenth of the requests wait for it, and for a round trip of at most 2 ms.
    assert!(more > 0.1 * wait && more < 0.1 * (wait + 0.002), "{more}");
    let entry = demand.ledger.find("external.payments.latency.mean").expect("it is in the ledger");
    assert_eq!(entry.origin, Origin::Derived);
    assert!(entry.source.contains("lognormal"), "{}", entry.source);
    let entry = demand.ledger.find("external.payments.uptime").expect("it is in the ledger");
    assert_eq!((entry.origin, &entry.value), (Origin::User, &Entry::Number(0.9999)));
}

#[test]
fn its_outages_are_those_of_the_requests_that_call_it() {
    let (_, plan) = cheapest(&intent(900.0, 0.9999), Settings::GUARDED).expect("a plan");
    let term = plan.availability.terms.iter().find(|term| term.name == "payments").expect("a term");
    // 100 ppm for a tenth of the requests.
    assert!((term.ppm.value() - 10.0).abs() < 1e-6, "{term:?}");
    // 2% away for a tenth is more than 1,000 ppm allow.
    assert!(cheapest(&intent(900.0, 0.98), Settings::CERTIFIED).is_none());
    assert!(cheapest(&intent(900.0, 0.998), Settings::CERTIFIED).is_some());
}

#[test]
fn an_objective_that_it_breaks_alone_is_refused_for_certain() {
    // 4.6% of 10% of the requests are slower than 390 ms, which a p95 of all allows and a p99.9
    // does not.
    let mut tight = intent(390.0, 0.9999);
    assert!(cheapest(&tight, Settings::GUARDED).is_some());
    tight.objectives.latency = vec![latency(999, 390.0)];
    assert!(cheapest(&tight, Settings::CERTIFIED).is_none());
    let (demand, catalog) = (demand(&tight), market());
    let why = reason(&Model::new(&demand, &catalog, Settings::CERTIFIED)).expect("a reason");
    assert!(why.headline.contains("the external service payments alone"), "{why:?}");
    assert!(why.details[0].contains("p50 120 ms, p99 600 ms"), "{why:?}");
    // Of its own class half of all answers take longer than 120 ms.
    let mut of_class = intent(390.0, 0.9999);
    let mut own = latency(950, 119.0);
    own.class = Some(Name::of("checkout"));
    of_class.requests[1].latency = vec![own];
    assert!(cheapest(&of_class, Settings::CERTIFIED).is_none());
}

#[test]
fn the_proof_form_has_its_tail_too() {
    let proof = Settings { form: LatencyForm::Proof, ..Settings::GUARDED };
    let loose = cheapest(&intent(2_000.0, 0.9999), proof);
    assert!(loose.is_some());
    assert!(cheapest(&intent(60.0, 0.9999), proof).is_none());
}

const TILL: &str = "\
apiVersion: plimsoll/v1
kind: Intent
objectives:
  load: {requests_per_second: 60}
  uptime: 99.9%
  latency: {p95: 400ms}
requests:
  browse: {share: 90%, enters: web}
  checkout: {share: 10%, enters: web}
services:
  web: {type: service, calls: [{to: payments, for: checkout}]}
external:
  payments: {latency: {p50: 120ms, p99: 600ms}, uptime: 99.99%}
run_on: {providers: [aws], regions: [eu-west-1]}
";

/// The plan of a text.
fn planned(text: &str) -> (i32, Value) {
    let said = with_input(&["plan", "-", "--json"], text.to_owned());
    (said.code, said.json())
}

#[test]
fn a_spec_says_what_is_known_of_it_and_holds() {
    let (code, spec) = planned(TILL);
    assert_eq!(code, 0, "{}", spec["verdict"]);
    let services = spec["demand"]["services"].as_array().expect("services");
    let own = services.iter().find(|own| own["name"] == "payments").expect("payments");
    assert_eq!(own["type"], "external");
    let known = json!({"p50_us": 120_000, "p99_us": 600_000, "uptime_ppm": 999_900});
    assert_eq!(own["external"], known);
    let lines = spec["cost"]["lines"].as_array().expect("lines");
    assert!(lines.iter().all(|line| line["service"] != "payments"));
    let terms = spec["uptime"]["terms"].as_array().expect("terms");
    let term = terms.iter().find(|term| term["name"] == "payments").expect("a term");
    // A tenth of the requests calls it: about 10 ppm are lost, as the simulation of its absence
    // has it.
    let ppb = term["unavailability_ppb"].as_u64().expect("a number");
    assert!((8_000..13_000).contains(&ppb), "{ppb}");
    let checked = |spec: &Value| with_input(&["check", "-"], spec.to_string());
    let said = checked(&spec);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    for (pointer, other) in [
        ("/external/p50_us", json!(130_000)),
        ("/external/p99_us", json!(900_000)),
        ("/external/uptime_ppm", json!(999_800)),
        ("/work/0/cv_ppm", json!(500_000)),
    ] {
        let mut other_spec = spec.clone();
        let services = other_spec["demand"]["services"].as_array_mut().expect("services");
        let own = services.iter_mut().find(|own| own["name"] == "payments").expect("payments");
        *own.pointer_mut(pointer).expect(pointer) = other;
        assert_ne!(checked(&other_spec).code, 0, "{pointer}");
    }
}

#[test]
fn an_answer_that_it_breaks_names_it() {
    let text = TILL.replace("p95: 400ms", "p99.9: 200ms");
    let said = with_input(&["plan", "-"], text);
    assert_eq!(said.code, 3, "{}{}", said.stdout, said.stderr);
    assert!(said.stdout.contains("the external service payments alone"), "{}", said.stdout);
}
