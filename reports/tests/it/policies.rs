//! What reports say of policies: every rule, what became of it, and what it costs.

use domain::outcome::Answer;
use domain::policy::{PolicySource, RuleVerdict, read_policies};
use domain::units::MicroDollars;
use reports::{spec, terminal};

use crate::common::answer;
use crate::markdown::written;

const POLICY: &str = "apiVersion: plimsoll/v1
kind: Policy
metadata: {name: platform, version: 3}
rules:
  - {id: spread, require: {zones: '>= 2'}, serves: [SOC2 A1.2], because: a zone fails each year}
  - {id: fresh, require: {price.age: '<= 30d'}, effect: warn}
";

/// The answer to the seed phrase under a policy, of whose rules one costs something and one warns.
fn governed() -> Answer {
    let source = PolicySource {
        file: "platform.yaml".into(),
        text: POLICY.into(),
        digest: format!("sha256:{}", "0af1".repeat(16)),
    };
    let mut answer = answer();
    answer.intent.policy = read_policies(&[source]).expect("the policy is sound");
    answer.provenance.policy_digests =
        answer.intent.policy.layers.iter().map(|layer| layer.digest.clone()).collect();
    let verdict = |rule: &str, kept, text: &str, without| RuleVerdict {
        rule: rule.into(),
        kept,
        text: text.into(),
        without,
    };
    let less = Some(MicroDollars::from_dollars(1_234));
    answer.policy = vec![
        verdict("spread", true, "it stands in 2 zones", less),
        verdict("fresh", false, "the oldest price is of 2021-08-03", None),
    ];
    answer
}

#[test]
fn the_terminal_counts_rules_and_tells_warnings_and_costs() {
    let text = terminal::verdict(&governed(), terminal::Style::PLAIN, None);
    for part in [
        "  policies  1 of 2 rules of platform 3 are kept",
        "warning: rule fresh (price.age <= 30d): the oldest price is of 2021-08-03",
        "without spread $1,234",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let text = terminal::verdict(&answer(), terminal::Style::PLAIN, None);
    assert!(!text.contains("policies"), "{text}");
}

/// What has to be done is told to its end, however long it is.
#[test]
fn what_an_approval_wants_is_not_cut_off() {
    let people = "reviews:
  - {id: dearer, when: {cost.increase: '> 10%'}, approvals: 1, from: [finops]}
signers:
  - name: a.lee@example.com
    key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEW8qQUzlegd61IBpOmU4gRHigviheA2fcTMvJqNzYR2
    roles: [finops]
";
    let mut answer = governed();
    let source = PolicySource {
        file: "people.yaml".into(),
        text: format!("{POLICY}{people}"),
        digest: format!("sha256:{}", "0af1".repeat(16)),
    };
    answer.intent.policy = read_policies(&[source]).expect("the policy is sound");
    let text = terminal::verdict(&answer, terminal::Style::PLAIN, None);
    let words: Vec<&str> = text.split_whitespace().collect();
    let told = "dearer wants 1 of finops: the increase is not known: plan with --supersedes and \
                the spec of what is built now";
    assert!(words.join(" ").contains(told), "{text}");
    assert!(text.lines().all(|line| line.len() <= 100), "{text}");
}

/// A rule for another environment is kept by any plan, which says nothing of this one.
#[test]
fn rules_that_do_not_apply_are_not_counted_as_kept() {
    let mut answer = governed();
    for (at, told) in [
        (0, "  policies  0 of 1 rules of platform 3 are kept; 1 more does not apply here"),
        (1, "  policies  none of the 2 rules of platform 3 applies here"),
    ] {
        let mut rules = answer.intent.policy.rules.to_vec();
        rules[at].environment = Some("elsewhere".parse().expect("a name"));
        answer.intent.policy.rules = rules.into();
        let text = terminal::verdict(&answer, terminal::Style::PLAIN, None);
        assert!(text.contains(told), "{told}\n{text}");
    }
}

#[test]
fn the_report_has_a_section_for_them() {
    let text = written(&governed());
    for part in [
        "## 14 Policies",
        "| platform | 3 | platform.yaml | sha256:0af1",
        "| spread | holds | zones",
        "SOC2 A1.2 | $1,234 |",
        "| fresh | warning | price.age",
        "spread is there because a zone fails each year.",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(!written(&answer()).contains("## 14"));
}

#[test]
fn the_spec_holds_documents_and_verdicts_and_is_read_back() {
    let text = spec::text(&spec::render(&governed()));
    let read = domain::spec::read(&text).expect("it is a spec");
    assert_eq!(spec::text(&read), text);
    assert_eq!(read.policy.documents[0].text, POLICY);
    assert_eq!(read.policy.results[0].says, "zones >= 2");
    assert_eq!(read.policy.results[0].without_micros, Some(MicroDollars::from_dollars(1_234)));
    assert!(!read.policy.results[1].kept);
    assert_eq!(read.provenance.policy_digests.len(), 1);
}
