//! Labels that rules demand: how they are read, and what of them is refused.

use domain::intent::Faults;
use domain::policy::{
    Clause, LabelDue, POLICY_SCHEMA, Policies, PolicySource, Refusal, read_policies,
};

fn source(name: &str, labels: &str) -> PolicySource {
    let text = format!(
        "apiVersion: plimsoll/v1\nkind: Policy\nmetadata: {{name: {name}}}\nrules:\n  \
         - {{id: {name}, require: {{labels: {labels}}}}}\n"
    );
    PolicySource { file: format!("{name}.yaml"), text, digest: format!("sha256:{name}") }
}

fn read(labels: &str) -> Result<Policies, Faults> {
    read_policies(&[source("tags", labels)])
}

fn is_of_schema(labels: &str) -> bool {
    let schema = serde_json::from_str(POLICY_SCHEMA).expect("sound");
    let value: serde_json::Value =
        serde_saphyr::from_str(&source("tags", labels).text).expect("sound");
    jsonschema::validator_for(&schema).expect("sound").is_valid(&value)
}

#[test]
fn a_label_is_named_alone_or_with_its_value() {
    let label = |name: &str, value: Option<&str>| LabelDue {
        name: name.into(),
        value: value.map(str::to_owned),
    };
    let both = [label("owner", None), label("cost-center", Some("4711"))];
    for labels in [
        "[owner, cost-center: '4711']",
        "[owner, {cost-center: 4711}]",
        "[owner, {\"cost-center\": 4711}]",
    ] {
        let policies = read(labels).unwrap_or_else(|faults| panic!("{labels}: {faults:?}"));
        let [Clause::Labels(read)] = &policies.rules[0].clauses[..] else { panic!("{labels}") };
        assert_eq!(read[..], both, "{labels}");
        assert_eq!(policies.rules[0].text(), "labels owner, cost-center: 4711");
        assert!(is_of_schema(labels), "{labels}");
    }
    // So it is in lines of their own.
    let rule = "\n  - id: tags\n    require:\n      labels:\n        - owner\n        \
                - cost-center: 4711\n";
    let flow = source("tags", "[]");
    let text = flow.text.replace("\n  - {id: tags, require: {labels: []}}\n", rule);
    let lines = read_policies(&[PolicySource { text, ..flow }]).expect("sound");
    assert_eq!(lines.rules[0].clauses, [Clause::Labels(both.to_vec())]);
    let two = read("[{a: x, b: 'true'}]").expect("sound");
    assert_eq!(two.rules[0].text(), "labels a: x, b: true");
}

#[test]
fn what_no_intent_may_state_no_rule_demands() {
    let long = "x".repeat(257);
    for (labels, code, needle, in_schema) in [
        ("[{environment: prod}]", "policy::name", "by its value an intent says", false),
        ("[cost: ]", "policy::shape", "a text is due", false),
        ("[cost: '']", "policy::text", "is empty", false),
        ("[cost: ' ']", "policy::text", "is empty", true),
        ("[cost: [a]]", "policy::shape", "a text is due", false),
        ("[cost: \"a\\u202Eb\"]", "policy::text", "does not print", true),
        ("[\"a\\eb\": x]", "policy::text", "does not print", true),
        ("[{}]", "policy::shape", "a name with its value", false),
        ("{cost: a}", "policy::shape", "a list", false),
        ("[]", "policy::missing_key", "name at least one", false),
        ("[cost: a, cost: b]", "policy::contradiction", "keep one", true),
        (&format!("[cost: {long}]"), "policy::text", "at most 256", false),
    ] {
        let faults = read(labels).expect_err(labels);
        let words = faults.faults[0].fault.words();
        assert_eq!(faults.faults[0].code(), code, "{labels}: {words:?}");
        assert!(format!("{} {}", words.message, words.help).contains(needle), "{words:?}");
        assert_eq!(is_of_schema(labels), in_schema, "{labels}");
    }
    read("[environment]").expect("that an intent says which one it is for can be demanded");
}

#[test]
fn two_values_of_one_label_are_a_contradiction_in_both_orders() {
    let [one, two] = [source("one", "[cost: a]"), source("two", "[owner, cost: b]")];
    for (layers, last, first) in
        [([&one, &two], "two.yaml", "one.yaml:5:"), ([&two, &one], "one.yaml", "two.yaml:5:")]
    {
        let faults = read_policies(&layers.map(Clone::clone)).expect_err("two values");
        let [fault] = &faults.faults[..] else { panic!("{faults:?}") };
        assert_eq!((fault.code(), &*fault.text.name), ("policy::contradiction", last));
        assert!(fault.fault.words().help.contains(first), "{fault:?}");
    }
    let same = [source("one", "[cost: a]"), source("two", "[cost: a, owner]")];
    read_policies(&same).expect("one value, twice");
}

#[test]
fn a_refusal_has_both_values_and_both_places() {
    let text = "apiVersion: plimsoll/v1\nkind: Intent\nmetadata:\n  name: shop\n  labels:\n    \
                cost: b\n";
    let text = format!("{text}objectives: {{load: {{users: 10}}}}\n");
    let document = domain::intent::Source::Document { name: "shop.yaml".into(), text };
    let mut intent = domain::intent::read_intent(&document, &[]).expect("sound");
    let policies = read("[cost: a]").expect("sound");
    policies.label(&mut intent);
    let refused = policies.admit(&intent).expect_err("another value").0;
    let [Refusal::OtherLabel { place, demanded, stated, at, .. }] = &refused[..] else {
        panic!("{refused:?}")
    };
    assert_eq!((&**place, &**demanded), ("tags.yaml:5:10", "a"));
    assert_eq!((&**stated, &**at), ("b", "shop.yaml:6:5"));
}
