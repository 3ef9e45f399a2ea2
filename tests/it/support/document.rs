//! Generated intents as documents, and what is answered to one of them as a spec.

use domain::catalog::Catalog;
use domain::digest::sha256_text;
use domain::intent::{Call, Intent, Pin, RequestClass, Service, Shape, Source, read_intent};
use domain::name::Name;
use domain::objective::{LatencyObjective, Load};
use domain::outcome::{Answer, Provenance, Round};
use domain::policy::Author;
use domain::units::Seconds;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use solver::assemble;
use solver::characterise::characterise;
use solver::model::{Model, Settings};
use solver::optimise::{Optimised, optimise};

/// What a document is called.
const NAME: &str = "generated.yaml";

/// The intent as a document says it, read again: the numbers are those of the document.
///
/// Only what the generators state is written.
pub(crate) fn reread(intent: &Intent) -> Intent {
    read(&json_of(intent).to_string())
}

/// Reads a document that must be sound.
pub(crate) fn read(text: &str) -> Intent {
    let source = Source::Document { name: NAME.to_owned(), text: text.to_owned() };
    read_intent(&source, &[]).unwrap_or_else(|faults| panic!("{faults:?} in {text}"))
}

/// The document of an intent, as JSON, which is YAML as well.
pub(crate) fn json_of(intent: &Intent) -> Value {
    let objectives = &intent.objectives;
    let mut stated = Map::new();
    stated.insert("load".into(), load(objectives.load.as_ref().expect("a load is stated")));
    if let Some(uptime) = objectives.uptime {
        stated.insert("uptime".into(), json!(format!("{}%", f64::from(uptime.ppm()) / 1e4)));
    }
    stated.insert("latency".into(), latency(&objectives.latency));
    let budget = [("expected", objectives.budget.expected), ("ceiling", objectives.budget.ceiling)];
    for (bill, limit) in budget.into_iter().filter_map(|(bill, limit)| Some((bill, limit?))) {
        let micros = limit.micros();
        let dollars = format!("{}.{:06} USD/month", micros / 1_000_000, micros % 1_000_000);
        let budget = stated.entry("budget").or_insert_with(|| json!({}));
        budget[bill] = json!(dollars);
    }
    let services = intent.services.iter();
    let services = named(services.map(|own| (own.name.to_string(), service(intent, own))));
    let mut document = json!({
        "apiVersion": "plimsoll/v1",
        "kind": "Intent",
        "objectives": stated,
        "requests": named(intent.requests.iter().map(|own| (own.name.to_string(), class(own)))),
        "services": services,
        "pins": named(intent.pins.iter().map(|own| (own.service.to_string(), pin(own)))),
        "assume": named(
            intent.assume.iter().map(|(name, own)| (name.clone(), json!(own.value))),
        ),
    });
    if let Some(Shape::Diurnal { peak_to_mean: Some(ratio) }) = &intent.traffic.shape {
        let shape = json!({"diurnal": {"peak_to_mean": ratio.value.to_string()}});
        document["traffic"] = json!({"shape": shape});
    }
    document
}

fn named(parts: impl Iterator<Item = (String, Value)>) -> Value {
    Value::Object(parts.collect())
}

fn load(load: &Load) -> Value {
    match load {
        Load::Users { count, kind: None, think_time: None } => {
            json!({"users": count.to_string()})
        }
        Load::Rate(rate) => json!({"requests_per_second": rate.value().to_string()}),
        Load::Users { .. } => panic!("no generator states more of its users"),
    }
}

fn milliseconds(time: Seconds) -> String {
    // A millionth of a millisecond is finer than any generator states a time.
    let text = format!("{:.6}", time.value() * 1e3);
    format!("{}ms", text.trim_end_matches('0').trim_end_matches('.'))
}

fn latency(objectives: &[LatencyObjective]) -> Value {
    named(objectives.iter().map(|own| (own.percentile.to_string(), json!(milliseconds(own.limit)))))
}

fn class(class: &RequestClass) -> Value {
    let mut parts = json!({"enters": class.enters.as_str()});
    if let Some(share) = &class.share {
        parts["share"] = json!(format!("{}%", share.value.value() * 1e2));
    }
    if let Some(response) = &class.response {
        parts["response"] = json!(response.value.to_string());
    }
    if !class.latency.is_empty() {
        parts["objectives"] = json!({"latency": latency(&class.latency)});
    }
    parts
}

fn service(intent: &Intent, service: &Service) -> Value {
    let mut parts = json!({"type": service.kind.as_str()});
    let of = |class: Option<&Name>| {
        let mut times = service.cpu_time.iter();
        times.find(|(of, _)| of.as_ref() == class).map(|(_, time)| json!(milliseconds(time.value)))
    };
    if service.cpu_time.iter().any(|(class, _)| class.is_some()) {
        // A document states one time, or one for each class.
        let classes = intent.requests.iter().filter_map(|class| {
            let time = of(Some(&class.name)).or_else(|| of(None))?;
            Some((class.name.to_string(), time))
        });
        parts["cpu_time"] = named(classes);
    } else if let Some(time) = of(None) {
        parts["cpu_time"] = time;
    }
    if !service.calls.is_empty() {
        parts["calls"] = service.calls.iter().map(call).collect();
    }
    if let Some(retries) = &service.on_failure.retries {
        parts["on_failure"] = json!({"retries": retries.value.to_string()});
    }
    if let Some(size) = &service.working_set {
        parts["working_set"] = json!(format!("{}MiB", size.value.value()));
    }
    if let Some(ratio) = &service.hit_ratio {
        parts["hit_ratio"] = json!(format!("{}%", ratio.value.value() * 1e2));
    }
    if let Some(fallback) = &service.fallback {
        parts["fallback"] = json!(fallback.as_str());
    }
    if let Some(size) = &service.storage {
        parts["storage"] = json!(format!("{}MiB", size.value.value()));
    }
    parts
}

fn call(call: &Call) -> Value {
    let mut parts = json!({"to": call.to.as_str()});
    if let Some(class) = &call.class {
        parts["for"] = json!(class.as_str());
    }
    if let Some(count) = &call.count {
        parts["count"] = json!(count.value.to_string());
    }
    parts
}

fn pin(pin: &Pin) -> Value {
    let mut parts = json!({});
    for (key, count) in [("min", &pin.replicas_min), ("max", &pin.replicas_max)] {
        if let Some(count) = count {
            parts["replicas"][key] = json!(count.value.to_string());
        }
    }
    if let Some(sku) = &pin.instance_type {
        parts["instance_type"] = json!(sku.value);
    }
    parts
}

/// The answer to an intent that was read from a document: the optimum of the guarded model,
/// simulated at its peak with few requests; `None` where the model allows no plan.
///
/// The verdict is a real one, though often that so few requests decide nothing: what is made of the
/// answer here does not depend on it.
pub(crate) fn answer(intent: &Intent, catalog: &Catalog) -> Option<Answer> {
    let demand = characterise(intent, catalog, None).expect("a generated intent is sound");
    let model = Model::new(&demand, catalog, Settings::GUARDED);
    let optimum = match optimise(&model, &[]) {
        Optimised::Found(optimum) => optimum,
        Optimised::Infeasible => return None,
        Optimised::GaveUp => panic!("a small search ends by itself"),
    };
    let plan = assemble::plan(&model, &optimum);
    let few = simulator::Settings { request_limit: 2_000, ..simulator::Settings::default() };
    let peak = ["peak".to_owned()];
    let verification = simulator::verify_scenarios(&demand, &plan.topology, &peak, &few, &|_| {})
        .expect("a plan of the model can be simulated");
    assert!(verification.requests > 0, "it was simulated");
    let summary = assemble::summary(&model, &optimum);
    let round = Round { plan: summary, cost: optimum.cost, objection: None, cut: None };
    let provenance = Provenance {
        tool: "plimsoll".into(),
        command: "none".into(),
        seed: few.seed,
        intent_digest: digest(intent),
        policy_digests: Vec::new(),
        catalog_digest: catalog.digest.clone(),
        catalog_as_of: catalog.as_of,
        author: Author::default(),
        supersedes: None,
    };
    Some(Answer {
        intent: intent.clone(),
        plan,
        verification,
        rounds: vec![round],
        other_readings: Vec::new(),
        alternatives: Vec::new(),
        sensitivities: Vec::new(),
        risks: Vec::new(),
        policy: Vec::new(),
        provenance,
        demand,
    })
}

/// The digest of the document that an intent was read from, which an audit compares.
fn digest(intent: &Intent) -> String {
    let Some(Source::Document { text, .. }) = intent.described.source() else {
        panic!("the intent was read from a document")
    };
    let mut hasher = Sha256::new();
    for part in ["document", text] {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    sha256_text(&hasher.finalize())
}
