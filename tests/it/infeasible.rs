//! What an infeasible intent is answered with: each value that is said to help does, what is said
//! to be certain is, and the documents are of their schemas.

use serde_json::Value;

use crate::support::program::plimsoll;

/// A phrase and settings.
type Asked = (&'static str, &'static [&'static str]);

/// 40 ms of service time with a p99 below 30 ms.
const WORK: Asked = ("300 rps, p99 30ms", &["services.app.cpu_time=40ms"]);
/// A budget of ten dollars.
const BUDGET: Asked = ("1k users, 400ms latency, below 10 USD a month", &[]);
/// 99.999% in one region.
const NINES: Asked = ("1k users, 99.999% uptime, 400ms latency in us-east-1", &[]);

fn planned((phrase, settings): Asked, further: &[String]) -> (i32, Value) {
    let mut arguments = vec!["plan", phrase, "--json"];
    let settings = settings.iter().copied().chain(further.iter().map(String::as_str));
    arguments.extend(settings.flat_map(|setting| ["--set", setting]));
    let said = plimsoll(&arguments);
    (said.code, said.json())
}

/// The setting that asks for a value as it is printed.
fn setting(name: &str, value: &str) -> Vec<String> {
    let plain = value.replace([',', ' '], "");
    match name {
        "users" => {
            let count = plain.trim_end_matches("concurrent");
            vec![format!("objectives.load.concurrent_users={count}")]
        }
        "requests" => {
            let rate = plain.trim_end_matches("requests/s");
            vec![format!("objectives.load.requests_per_second={rate}")]
        }
        "uptime" => vec![format!("objectives.uptime={plain}")],
        "budget" => vec![format!("objectives.budget={}USD/month", plain.trim_start_matches('$'))],
        "operations" => vec![format!("operations={plain}")],
        "headroom" => vec![
            format!("objectives.headroom.load={plain}"),
            "objectives.headroom.instances_down=0".to_owned(),
        ],
        latency => {
            let percentile = latency.strip_prefix("latency ").expect("a name that is known here");
            vec![format!("objectives.latency.{percentile}={plain}")]
        }
    }
}

fn faults(kind: &str, document: &Value) -> Vec<String> {
    let schema = plimsoll(&["schema", kind]).json();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    validator.iter_errors(document).map(|fault| fault.to_string()).collect()
}

/// Every relaxation of an infeasible intent: the names of what helps.
fn helps(asked: Asked) -> Vec<String> {
    let (code, refused) = planned(asked, &[]);
    assert_eq!((code, &refused["kind"]), (3, &Value::from("Infeasible")), "{refused}");
    assert_eq!(faults("infeasible", &refused), Vec::<String>::new());
    let conflict = refused["conflict"].as_array().expect("a conflict");
    assert!(!conflict.is_empty(), "{refused}");
    let relaxations = refused["relaxations"].as_array().expect("what helps");
    let mut names = Vec::new();
    for relaxation in relaxations {
        assert_eq!(relaxation["status"], "verified", "{relaxation}");
        let changes = relaxation["changes"].as_array().expect("changes");
        assert_eq!(changes.len(), 1, "{relaxation}");
        let text = |key: &str| changes[0][key].as_str().expect("a text").to_owned();
        let (name, to) = (text("name"), text("to"));
        let (code, spec) = planned(asked, &setting(&name, &to));
        assert_eq!(code, 0, "{name} {to}: {}", spec["verdict"]);
        assert_eq!(spec["metadata"]["plan_digest"], relaxation["plan_digest"], "{name} {to}");
        if let Some(useless) = relaxation["certainly_useless"].as_str() {
            let (code, refused) = planned(asked, &setting(&name, useless));
            assert_eq!((code, &refused["certainty"]), (3, &Value::from("certified")), "{useless}");
        }
        names.push(name);
    }
    names
}

#[test]
fn work_above_its_limit_is_helped_by_a_later_limit() {
    assert_eq!(helps(WORK), ["latency p99"]);
}

#[test]
fn ten_dollars_are_helped_by_more_dollars() {
    assert_eq!(helps(BUDGET), ["budget"]);
}

#[test]
fn five_nines_in_one_region_are_helped_by_fewer() {
    assert_eq!(helps(NINES), ["uptime"]);
}

#[test]
fn a_refused_budget_is_of_the_schema_whoever_is_asked() {
    let arguments = ["capacity", "99.9% uptime, 400ms latency", "--budget", "10USD/month"];
    let said = plimsoll(&[&arguments[..], &["--json"]].concat());
    assert_eq!(said.code, 3, "{}", said.stdout);
    assert_eq!(faults("infeasible", &said.json()), Vec::<String>::new());
}

#[test]
fn a_verification_is_of_its_schema() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("sizing");
    let out = out.to_str().expect("a text path");
    let said = plimsoll(&["plan", "100 users, 400ms latency", "--out", out]);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    let said = plimsoll(&["verify", &format!("{out}/spec.json"), "--json"]);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    assert_eq!(faults("verification", &said.json()), Vec::<String>::new());
}
