//! Labels that a rule has a value for: filled in where an intent lacks them, and on everything that
//! is built; refused where it says otherwise.

use std::path::Path;

use domain::ledger::{Origin, Value};
use plimsoll::check::policy::{broken, verdicts};
use reports::spec::built;
use solver::characterise::characterise;

use super::rules::{refused, standing};
use super::{Market, cheapest, market, policies, policy};
use crate::support::program::{Said, example, plimsoll};

/// Each changes what is built of an intent without labels, and refuses one of another cost centre.
pub(super) const RULE: &str = "{id: x, require: {labels: [team, cost-center: '4711']}}";

/// The labels of a market's intent under some rules, as far as they were filled in.
fn filled(market: &mut Market, rules: &[&str]) -> Vec<(String, String)> {
    market.intent.policy = policies(rules);
    market.intent.policy.clone().label(&mut market.intent);
    market.intent.metadata.labels.clone()
}

fn label(key: &str, value: &str) -> (String, String) {
    (key.to_owned(), value.to_owned())
}

#[test]
fn a_label_that_a_rule_has_a_value_for_is_filled_in_or_refused() {
    let rule = RULE;
    let mut market = market();
    market.intent.metadata.labels = vec![label("cost-center", " "), label("team", "shop")];
    let missing = market.intent.clone();
    let labels = [label("cost-center", "4711"), label("team", "shop")];
    assert_eq!(filled(&mut market, &[rule]), labels);
    assert_eq!(refused(&market, rule), Vec::<String>::new());
    // The ledger says which rule it was, and the re-check sees it where it is and where it is not.
    let demand = characterise(&market.intent, &market.catalog, None).expect("sound");
    let entry = demand.ledger.find("metadata.labels.cost-center").expect("it is written down");
    assert_eq!((&entry.value, entry.origin), (&Value::Choice("4711".into()), Origin::Derived));
    assert_eq!(entry.source, "policy rule x: the intent has no label cost-center");
    let plan = cheapest(&market).expect("a plan");
    let parts = built(&market.intent, &demand, &plan);
    let of = |market: &Market| {
        let standing = standing((market, &demand, &plan), &parts);
        (verdicts(&standing)[0].text.clone(), broken(&standing).is_empty())
    };
    let text = "the label team is there; the label cost-center is 4711".to_owned();
    assert_eq!(of(&market), (text, true));
    market.intent.metadata.labels = missing.metadata.labels.clone();
    assert_eq!(of(&market), ("the label cost-center is missing".to_owned(), false));
    market.intent.metadata.labels = vec![label("cost-center", "5000"), label("team", "shop")];
    assert_eq!(of(&market), ("the label cost-center is 5000, not 4711".to_owned(), false));

    assert_eq!(refused(&market, rule), ["x: cost-center 5000"]);
    let labels = market.intent.metadata.labels.clone();
    assert_eq!(filled(&mut market, &[rule]), labels, "what is stated stays");
    market.intent.metadata.labels = vec![label("cost-center", "4711")];
    assert_eq!(refused(&market, rule), ["x: team"]);
}

#[test]
fn only_rules_that_hold_fill_labels_in() {
    let rule = "{id: x, when: {environment: prod}, require: {labels: [cost-center: 4711]}}";
    for (environment, count) in [("dev", 1), ("prod", 2)] {
        let mut market = market();
        market.intent.metadata.labels = vec![label("environment", environment)];
        assert_eq!(filled(&mut market, &[rule]).len(), count, "{environment}");
    }
    let mut market = market();
    let warns = "{id: x, effect: warn, require: {labels: [cost-center: 4711]}}";
    assert_eq!(filled(&mut market, &[warns]), []);
    assert_eq!(refused(&market, warns), Vec::<String>::new());
    let holds = "{id: x, when: {service.holds: health}, require: {labels: [cost-center: 4711]}}";
    assert_eq!(filled(&mut market, &[holds]), []);
    market.intent.services[1].holds = [domain::data_class::DataClass::Health].into();
    assert_eq!(filled(&mut market, &[holds]), [label("cost-center", "4711")]);
}

/// What a rule demands by name, another may have the value of, in whichever order.
#[test]
fn layers_fill_in_for_each_other() {
    let named = "{id: a, require: {labels: [cost-center, owner: platform]}}";
    let valued = "{id: b, require: {labels: [cost-center: 4711, owner: platform]}}";
    for (rules, first) in [([named, valued], "a"), ([valued, named], "b")] {
        let mut market = market();
        let labels = [label("cost-center", "4711"), label("owner", "platform")];
        assert_eq!(filled(&mut market, &rules), labels);
        market.intent.policy.admit(&market.intent).expect("all labels are there");
        let from: Vec<&str> = market.intent.metadata.filled.values().map(String::as_str).collect();
        assert_eq!(from, ["b", first]);
    }
}

const PHRASE: &str = "1k users on aws in eu-west-1, 99.9% uptime, 400ms latency";

fn under(folder: &Path, layers: &[&str], more: &[&str]) -> Said {
    let mut arguments: Vec<String> = vec!["plan".into(), PHRASE.into()];
    for (at, rule) in layers.iter().enumerate() {
        let path = folder.join(format!("p{at}.yaml"));
        let text = policy(&[rule]).replace("name: test", &format!("name: p{at}"));
        std::fs::write(&path, text).expect("a file can be written");
        arguments.extend(["--policy".to_owned(), path.display().to_string()]);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    plimsoll(&[&arguments, more].concat())
}

#[test]
fn a_label_of_a_policy_stands_on_everything_that_is_built() {
    let folder = tempfile::tempdir().expect("a folder");
    let rules = [
        "{id: bill, require: {labels: [cost-center: '4711']}}",
        "{id: team, require: {labels: [cost-center]}}",
    ];
    let said = under(folder.path(), &rules, &["--json"]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    let spec = said.json();
    assert_eq!(spec["metadata"]["labels"], serde_json::json!({"cost-center": "4711"}));
    let texts = [0, 1].map(|at| spec["policy"]["results"][at]["text"].clone());
    assert_eq!(texts, ["the label cost-center is 4711", "the label cost-center is there"]);
    let path = folder.path().join("spec.json").display().to_string();
    std::fs::write(&path, &said.stdout).expect("a file can be written");
    assert_eq!(plimsoll(&["check", &path]).code, 0);
    for (format, file, needle) in [
        ("terraform-aws", "terraform-aws/variables.tf", "\"cost-center\" = \"4711\""),
        ("bom", "bom.json", "\"cost-center\": \"4711\""),
    ] {
        let out = folder.path().join(format);
        let said = plimsoll(&["emit", &path, "--to", format, "--out", &out.display().to_string()]);
        assert_eq!(said.code, 0, "{}", said.stderr);
        let text = std::fs::read_to_string(out.join(file)).expect("it was written");
        let words: Vec<&str> = text.split_whitespace().collect();
        assert!(words.join(" ").contains(needle), "{text}");
    }
    // Whoever takes it out of the spec again is found out, whatever else the spec says.
    let bare = said.stdout.replacen("\"cost-center\": \"4711\"", "", 1);
    std::fs::write(&path, bare).expect("a file can be written");
    let checked = plimsoll(&["check", &path, "--json"]);
    assert_eq!(checked.code, 4, "{}", checked.stdout);
    for needle in ["/metadata/labels/cost-center", "rule bill: the label cost-center is missing"] {
        assert!(checked.stdout.contains(needle), "{needle}: {}", checked.stdout);
    }
}

#[test]
fn another_value_is_refused_with_both_and_their_places() {
    let folder = tempfile::tempdir().expect("a folder");
    let [bill, other] =
        ["4711", "5000"].map(|of| format!("{{id: b{of}, require: {{labels: [cost: '{of}']}}}}"));
    let said = under(folder.path(), &[&bill], &["--set", "metadata.labels.cost=4712"]);
    assert_eq!(said.code, 2, "{}", said.stderr);
    let text = said.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    for needle in ["error[policy::label]", "rule b4711", "p0.yaml:5:", "`4711`", "`4712` (--set)"] {
        assert!(text.contains(needle), "{needle}: {}", said.stderr);
    }
    for layers in [[&*bill, &*other], [&*other, &*bill]] {
        let said = under(folder.path(), &layers, &[]);
        assert_eq!(said.code, 2, "{}", said.stderr);
        for needle in ["error[policy::contradiction]", "p0.yaml:5:", "p1.yaml:5:"] {
            assert!(said.stderr.contains(needle), "{needle}: {}", said.stderr);
        }
    }
}

#[test]
fn each_environment_takes_the_labels_of_its_own_rules() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("p.yaml");
    let rules = [
        "{id: live, when: {environment: prod}, require: {labels: [cost-center: live]}}",
        "{id: play, when: {environment: dev}, require: {labels: [cost-center: play]}}",
    ];
    std::fs::write(&path, policy(&rules)).expect("a file can be written");
    let (intent, path) = (example("documents/stages.yaml"), path.display().to_string());
    let said = plimsoll(&["plan", &intent, "--policy", &path, "--json"]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    let answer = said.json();
    let environments = answer["environments"].as_array().expect("a list");
    let labels: Vec<String> = environments
        .iter()
        .map(|own| format!("{} {}", own["name"], own["spec"]["metadata"]["labels"]["cost-center"]))
        .collect();
    assert_eq!(labels, ["\"dev\" \"play\"", "\"prod\" \"live\""], "{answer:.300}");
}
