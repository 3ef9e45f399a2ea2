//! What policies say about people: how it is read, what is refused and where, and how layers meet.

use domain::intent::Faults;
use domain::name::Name;
use domain::policy::{
    AuthorKind, POLICY_SCHEMA, Policies, PolicySource, Stage, read_part, read_policies,
};

const EXAMPLE: &str = include_str!("../../../examples/policies/reviews.yaml");
const LEE: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEW8qQUzlegd61IBpOmU4gRHigviheA2fcTMvJqNzYR2";
const PARK: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIN/h2Vh+AE5XGXwRqDX/MRT7lwVQmNch4JY8ByS9pGeI";

fn source(file: &str, text: &str) -> PolicySource {
    PolicySource { file: file.into(), text: text.into(), digest: format!("sha256:{file}") }
}

fn layer(name: &str, body: &str) -> PolicySource {
    let head = format!("apiVersion: plimsoll/v1\nkind: Policy\nmetadata: {{name: {name}}}\n");
    source(&format!("{name}.yaml"), &format!("{head}rules: []\n{body}"))
}

fn lee(roles: &str) -> String {
    format!("  - {{name: lee@example.com, key: {LEE}, roles: {roles}}}\n")
}

fn read(layers: &[PolicySource]) -> Result<Policies, Faults> {
    read_policies(layers)
}

/// The code of the first fault, what it points at, and what is said of it.
fn first(faults: &Faults) -> (&'static str, &str, String) {
    let placed = &faults.faults[0];
    let at = &placed.text.content[placed.offset..placed.offset + placed.length];
    (placed.code(), at, format!("{placed}; {}", placed.fault.words().help))
}

#[test]
fn the_example_is_read_as_it_stands_and_meets_the_schema() {
    let policies = read(&[source("reviews.yaml", EXAMPLE)]).expect("it is sound");
    let people = &policies.people;
    assert_eq!(people.stage, Some(Stage::Walk));
    let names: Vec<&str> = people.reviews.iter().map(|review| review.name.as_str()).collect();
    assert_eq!(names, ["prod-change", "dearer", "dear", "made-by-agent"]);
    assert_eq!(people.reviews[1].when.increase_ppm, Some(100_000));
    assert_eq!(people.reviews[2].when.expected.expect("it has one").micros(), 10_000_000_000);
    assert_eq!(people.reviews[3].when.author, Some(AuthorKind::Agent));
    assert_eq!(people.reviews[3].approvals, 2);
    assert_eq!(people.reviews[0].place, "reviews.yaml:14:10");
    assert_eq!(people.signers[0].key, LEE);
    assert_eq!(people.signers_for(&[Name::of("platform")]).count(), 2);
    let schema = serde_json::from_str(POLICY_SCHEMA).expect("it is JSON");
    let schema = jsonschema::validator_for(&schema).expect("it is a schema");
    let value: serde_json::Value = serde_saphyr::from_str(EXAMPLE).expect("it is YAML");
    let faults: Vec<String> = schema.iter_errors(&value).map(|fault| fault.to_string()).collect();
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn each_fault_has_its_code_and_its_place() {
    let cases = [
        ("stage: jog\n", "policy::choice", "jog"),
        ("reviews: [{id: a, approvals: 0, from: [x]}]\n", "policy::range", "0"),
        ("reviews: [{id: a, approvals: 1, from: []}]\n", "policy::missing_key", "from"),
        ("reviews: [{id: a, approvals: 1}]\n", "policy::missing_key", ""),
        ("reviews: [{id: a, approvals: 1, from: [x]}]\n", "policy::range", "a"),
        (
            "reviews: [{id: a, when: {cost.increase: 10%}, approvals: 1, from: [x]}]\n",
            "policy::direction",
            "10%",
        ),
        (
            "reviews: [{id: a, when: {cost.expected: '>= 5 USD/month'}, approvals: 1, from: [x]}]",
            "policy::direction",
            "'>= 5 USD/month'",
        ),
        (
            "reviews: [{id: a, when: {author.kind: robot}, approvals: 1, from: [x]}]\n",
            "policy::choice",
            "robot",
        ),
        (
            "reviews: [{id: a, when: {zones: 3}, approvals: 1, from: [x]}]\n",
            "policy::unknown_key",
            "zones",
        ),
        ("signers: [{name: a, key: ssh-rsa AAAA, roles: [x]}]\n", "policy::choice", "ssh-rsa"),
        ("signers: [{name: a b, key: ssh-ed25519 AAAA, roles: [x]}]\n", "policy::name", "a b"),
        (
            "signers: [{name: a, key: ssh-ed25519 AAAA, roles: [x], until: soon}]\n",
            "policy::number",
            "soon",
        ),
        ("signers: [{name: a, keys: 1, roles: [x]}]\n", "policy::missing_key", ""),
    ];
    for (body, code, at) in cases {
        let faults = read(&[layer("test", body)]).expect_err(body);
        let found = first(&faults);
        assert_eq!(found.0, code, "{body}: {}", found.2);
        assert!(found.1.starts_with(at), "{body}: {}", found.1);
    }
}

#[test]
fn of_several_layers_all_reviews_hold_and_the_strictest_stage() {
    let review = "reviews: [{id: look, approvals: 1, from: [platform]}]\n";
    let signers = format!("signers:\n{}", lee("[platform]"));
    let organisation = layer("org", &format!("stage: run\n{review}{signers}"));
    let team = layer("team", &format!("stage: walk\n{review}"));
    let people = read(&[organisation, team]).expect("they hold together").people;
    assert_eq!(people.stage, Some(Stage::Walk));
    let names: Vec<&str> = people.reviews.iter().map(|review| review.name.as_str()).collect();
    assert_eq!(names, ["org/look", "team/look"]);
}

#[test]
fn signers_of_layers_are_united_and_a_second_key_is_a_contradiction_with_both_places() {
    let one = layer("one", &format!("signers:\n{}", lee("[platform], until: 2027-06-30")));
    let two = layer("two", &format!("signers:\n{}", lee("[finops], until: 2027-03-31")));
    let people = read(&[one.clone(), two]).expect("they hold together").people;
    let signer = &people.signers[0];
    assert_eq!(people.signers.len(), 1);
    assert_eq!(signer.roles, [Name::of("platform"), Name::of("finops")]);
    assert_eq!(signer.until.expect("it ends").to_string(), "2027-03-31", "the earlier day");
    let other = format!("signers: [{{name: lee@example.com, key: {PARK}, roles: [platform]}}]\n");
    let faults = read(&[one.clone(), layer("two", &other)]).expect_err("two keys");
    let (code, at, said) = first(&faults);
    assert_eq!((code, at), ("policy::contradiction", "lee@example.com"));
    assert!(said.contains("one.yaml:6:12"), "{said}");
    let other = format!("signers: [{{name: eve@example.com, key: {LEE}, roles: [platform]}}]\n");
    let faults = read(&[one, layer("two", &other)]).expect_err("one key of two people");
    assert_eq!(first(&faults).0, "policy::contradiction");
}

#[test]
fn a_review_that_nobody_could_satisfy_is_a_fault_unless_only_signers_are_asked_for() {
    let review = "reviews: [{id: look, approvals: 2, from: [platform]}]\n";
    let layers = [layer("one", &format!("{review}signers:\n{}", lee("[platform]")))];
    let faults = read(&layers).expect_err("one signer is not two");
    let (code, at, said) = first(&faults);
    assert_eq!((code, at), ("policy::range", "look"));
    assert!(said.contains("wants 2 of platform, and the policies list 1"), "{said}");
    assert_eq!(read_part(&layers).expect("the signers are sound").people.signers.len(), 1);
}
