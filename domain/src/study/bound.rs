//! Whether a study is about the plan of a spec.

use super::Study;
use crate::spec::Spec;
use crate::units::MicroDollars;

/// Something that a study and a spec say differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Where it stands in the study.
    pub place: &'static str,
    /// What it is, in a word or two.
    pub what: &'static str,
    /// What the study says.
    pub study: String,
    /// What the spec says.
    pub spec: String,
}

/// All that keeps a study from being about the plan of a spec: it was asked of another intent, with
/// other prices, under other policies, with another seed, by another version of the program, or it
/// found another plan. Empty where it belongs to the spec.
pub fn differences(study: &Study, spec: &Spec) -> Vec<Difference> {
    let (own, theirs) = (study.provenance(), &spec.provenance);
    let policies = |digests: &[String]| match digests {
        [] => "none".to_owned(),
        digests => digests.join(", "),
    };
    let mut told = vec![
        ("provenance.tool", "program", own.tool.clone(), theirs.tool.clone()),
        ("provenance.seed", "seed", own.seed.to_string(), theirs.seed.to_string()),
        (
            "provenance.intent_digest",
            "intent",
            own.intent_digest.clone(),
            theirs.intent_digest.clone(),
        ),
        (
            "provenance.policy_digests",
            "policies",
            policies(&own.policy_digests),
            policies(&theirs.policy_digests),
        ),
        (
            "provenance.catalog.digest",
            "catalog",
            own.catalog.digest.clone(),
            theirs.catalog.digest.clone(),
        ),
    ];
    // Another plan follows from another question: where one of those differs, it says no more.
    if told.iter().all(|(_, _, study, spec)| study == spec) {
        told.push(planned(study, spec));
    }
    let differing = told.into_iter().filter(|(_, _, study, spec)| study != spec);
    differing.map(|(place, what, study, spec)| Difference { place, what, study, spec }).collect()
}

/// The plan of each: an explanation is about its machines, a frontier about its price, and what a
/// budget buys about the question alone.
fn planned(study: &Study, spec: &Spec) -> (&'static str, &'static str, String, String) {
    let price = |cost: MicroDollars| format!("{} micro-dollars a month", cost.micros());
    match study {
        Study::Explanation(own) => {
            let (own, theirs) = (&own.design.plan_digest, &spec.metadata.plan_digest);
            ("design.plan_digest", "plan", own.clone(), theirs.clone())
        }
        Study::Frontier(own) => {
            let theirs = spec.cost.monthly_micros.expected;
            let mut asked = own.asked().map(|design| design.monthly_micros);
            let other = asked.find(|cost| *cost != theirs).unwrap_or(theirs);
            ("series", "plan", price(other), price(theirs))
        }
        // What a budget carries is no plan of what was asked for.
        Study::Capacity(own) => {
            ("design.plan_digest", "plan", own.digest.clone(), own.digest.clone())
        }
    }
}
