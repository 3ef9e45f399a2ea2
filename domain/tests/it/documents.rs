//! Documents that are read, and their schema.

use domain::intent::document::read_document;
use domain::intent::{INTENT_SCHEMA, Shape};
use domain::ledger::Origin;
use domain::objective::{LatencyObjective, Load, UserKind};
use domain::units::{Bytes, Mebibytes, MicroDollars, Seconds};

use crate::{SHOP, document, with_head};

#[test]
fn the_shop_is_read() {
    let intent = read_document(SHOP, "shop.yaml").unwrap_or_else(|faults| panic!("{faults:#?}"));
    assert_eq!(intent.metadata.name.unwrap().as_str(), "shop");
    let labels: Vec<&str> = intent.metadata.labels.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(labels, ["cost-center", "owner", "team"]);
    let objectives = &intent.objectives;
    assert_eq!(
        objectives.load,
        Some(Load::Users {
            count: 10_000,
            kind: Some(UserKind::Concurrent),
            think_time: Some(Seconds::of(7.0)),
        })
    );
    assert_eq!(objectives.uptime.unwrap().ppm(), 999_000);
    let ids: Vec<String> = objectives.latency.iter().map(LatencyObjective::id).collect();
    assert_eq!(ids, ["latency-p95", "latency-p99"]);
    assert!(objectives.latency.iter().all(|one| one.percentile_stated));
    assert_eq!(objectives.budget.expected, Some(MicroDollars::from_dollars(20_000)));
    assert_eq!(objectives.instances_down.as_ref().unwrap().value, 1);
    assert!(matches!(&intent.traffic.shape, Some(Shape::Diurnal { peak_to_mean: Some(_) })));
    assert_eq!(intent.requests[0].response.as_ref().unwrap().value, Bytes::new(18_000));
    assert_eq!(intent.requests[1].latency[0].id(), "latency-p95-checkout");
    assert_eq!(intent.services.len(), 5);
    let web = &intent.services[0];
    assert_eq!(web.cpu_time.len(), 2);
    assert_eq!(web.cpu_time[0].0.as_ref().unwrap().as_str(), "browse");
    assert_eq!(web.measured_on.as_ref().unwrap().value, "m7g.large");
    assert!(web.calls[0].parallel);
    assert_eq!(web.on_failure.retries.as_ref().unwrap().value, 1);
    let sessions = &intent.services[3];
    assert_eq!(sessions.working_set.as_ref().unwrap().value, Mebibytes::from_gibibytes(8));
    assert_eq!(sessions.fallback.as_ref().unwrap().as_str(), "orders-db");
    assert_eq!(intent.pins.len(), 2);
    assert_eq!(intent.assume.len(), 2);
}

#[test]
fn every_value_knows_where_it_stands() {
    let intent = read_document(SHOP, "shop.yaml").unwrap();
    let web = &intent.services[0];
    let spread = web.spread.as_ref().unwrap();
    assert_eq!(spread.origin, Origin::User);
    assert_eq!(spread.source, "shop.yaml:38:18");
    assert_eq!(intent.assume[0].1.source, "shop.yaml:88:24");
}

#[test]
fn shorthands_say_the_same() {
    let long = document(
        "objectives:\n  load: {concurrent_users: 10k}\n  uptime: {target: 99.9%}\n  latency: {p99: \
         1s}\n  budget: {expected: $3k}\n  headroom: {load: 30%}\n",
    );
    let short = document(
        "objectives:\n  load: 10k concurrent users\n  uptime: 99.9%\n  latency: p99 under 1s\n  \
         budget: 3000 USD/month\n  headroom: 30%\n",
    );
    let (mut long, short) = (long.unwrap().objectives, short.unwrap().objectives);
    long.headroom_load = short.headroom_load.clone();
    assert_eq!(long, short);
    let bare = document("objectives: {latency: 400ms, load: 500 rps}").unwrap().objectives;
    assert!(!bare.latency[0].percentile_stated);
    assert!(matches!(bare.load, Some(Load::Rate(rate)) if (rate.value() - 500.0).abs() < 1e-9));
}

#[test]
fn a_rate_may_be_bare_where_its_key_says_the_unit() {
    for text in ["500", "500/s", "30k/min", "0.5k"] {
        let body = format!("objectives: {{load: {{requests_per_second: {text}}}}}");
        let load = document(&body).unwrap().objectives.load;
        assert!(matches!(load, Some(Load::Rate(rate)) if (rate.value() - 500.0).abs() < 1e-9));
    }
}

#[test]
fn json_is_read_as_well() {
    let text = r#"{"apiVersion": "plimsoll/v1", "kind": "Intent",
        "objectives": {"load": {"users": 10000}, "uptime": "99.9%", "latency": {"p99": "1s"}},
        "pins": {"app": {"replicas": 3}}}"#;
    let intent = read_document(text, "intent.json").unwrap();
    assert_eq!(intent.pins[0].replicas_max.as_ref().unwrap().value, 3);
    assert_eq!(intent.objectives.uptime.unwrap().ppm(), 999_000);
}

#[test]
fn documents_that_are_read_meet_the_schema() {
    let schema = serde_json::from_str(INTENT_SCHEMA).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let small = [
        with_head("objectives: {load: 10k users, uptime: 99.9%, latency: 400ms}\n"),
        with_head("objectives: {load: {requests_per_second: 500}}\ntraffic: {shape: flat}\n"),
        with_head("pins: {app: {replicas: 3, instance_type: c8g.xlarge, provider: aws}}\n"),
        with_head("assume: {demand.think_time: 30s, cache.threads: 1}\noperations: advanced\n"),
    ];
    for text in small.iter().map(String::as_str).chain([SHOP]) {
        read_document(text, "test.yaml").unwrap_or_else(|faults| panic!("{text}\n{faults:#?}"));
        let value: serde_json::Value = serde_saphyr::from_str(text).unwrap();
        let faults: Vec<String> =
            schema.iter_errors(&value).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{text}\n{faults:?}");
    }
}

#[test]
fn what_the_schema_refuses_is_refused_by_the_reader() {
    let schema = serde_json::from_str(INTENT_SCHEMA).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    for body in [
        "objectives: {uptime: 0.999}",
        "objectives: {latency: {p100: 1s}}",
        "objectives: {recovery: {rpo: 5}}",
        "external: {}",
        "run_on: {platform: kubernetes}",
        "services: {edge: {type: service}}\nrequests: {page: {enters: edge}}",
        "services: {mail: {type: function}}\nrequests: {page: {enters: mail}}",
        "services: {db: {type: sql, hit_ratio: 90%}}\nrequests: {page: {enters: db}}",
        "requests: {page: {share: 100%}}",
        "traffic: {growth: 20%}",
        "operations: heroic",
    ] {
        let text = with_head(body);
        let value: serde_json::Value = serde_saphyr::from_str(&text).unwrap();
        assert!(!schema.is_valid(&value), "{body}");
        assert!(document(body).is_err(), "{body}");
    }
}
