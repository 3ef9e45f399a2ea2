//! The policies that hold for an intent: those of the command line, and those that a spec was
//! planned under.

use std::path::PathBuf;

use domain::digest::sha256_text;
use domain::policy::{Effect, Policies, PolicySource, Rule, Signer, read_part, read_policies};
use domain::spec::Spec;
use jiff::civil::Date;
use sha2::{Digest, Sha256};

use crate::approvals;
use crate::chain::today;
use crate::failure::Failure;
use crate::input::{self, ReadIntent};

/// Reads the policies of a command line.
pub(crate) fn sources(files: &[PathBuf]) -> Result<Vec<PolicySource>, Failure> {
    let source = |path: &PathBuf| {
        let file = path.to_string_lossy().into_owned();
        Ok(source(file, input::document(path)?))
    };
    files.iter().map(source).collect()
}

/// The policies that a spec was planned under, as it holds them.
pub(crate) fn behind(spec: &Spec) -> Result<Vec<PolicySource>, Failure> {
    let documents = spec.policy.documents.iter();
    let sources: Vec<PolicySource> =
        documents.map(|own| source(own.file.clone(), own.text.clone())).collect();
    let digests = sources.iter().map(|source| &source.digest);
    if digests.eq(&spec.provenance.policy_digests) {
        Ok(sources)
    } else {
        Err(Failure::OtherPolicies)
    }
}

fn source(file: String, text: String) -> PolicySource {
    let digest = sha256_text(&Sha256::digest(text.as_bytes()));
    PolicySource { file, text, digest }
}

/// The intent under all of those policies, each once, with the labels that they fill in; refused
/// where it asks for less than they demand. Exceptions are judged on a day: the stated one, or else
/// today.
pub(crate) fn govern(
    read: ReadIntent,
    sources: Vec<PolicySource>,
    on: Option<Date>,
) -> Result<ReadIntent, Failure> {
    let mut read = read;
    read.intent.policy = read_policies(&once(sources))?;
    if !read.intent.policy.exceptions.is_empty() {
        read.intent.policy.on = Some(on.unwrap_or_else(today));
    }
    verifiable(&read.intent.policy.people.signers)?;
    let policy = read.intent.policy.clone();
    policy.label(&mut read.intent);
    policy.admit(&read.intent)?;
    Ok(read)
}

fn once(sources: Vec<PolicySource>) -> Vec<PolicySource> {
    let mut once: Vec<PolicySource> = Vec::new();
    for source in sources {
        if once.iter().all(|known| known.digest != source.digest) {
            once.push(source);
        }
    }
    once
}

/// A key that looks like one may still be none.
fn verifiable(signers: &[Signer]) -> Result<(), Failure> {
    match signers.iter().find(|signer| approvals::key(signer).is_none()) {
        None => Ok(()),
        Some(Signer { name, place, .. }) => {
            Err(Failure::SignerKey { name: name.clone(), place: place.clone() })
        }
    }
}

/// What holds for a spec when it is approved and built.
pub(crate) struct InForce {
    /// The policies of the spec, and those that are given; of two of one name that which is given.
    pub(crate) policies: Policies,
    /// Whose signatures count: those whom the given policies list where they list any. What stands
    /// in a spec, its author may have written.
    pub(crate) signers: Vec<Signer>,
    /// The first rule that holds now and that the spec was not planned under.
    pub(crate) unplanned: Option<Rule>,
}

/// The policies in force for a spec.
pub(crate) fn in_force(spec: &Spec, files: &[PathBuf]) -> Result<InForce, Failure> {
    let (own, given) = (behind(spec)?, sources(files)?);
    let planned = read_part(&own)?;
    let trusted = read_part(&given)?;
    let renewed = |name: &str| trusted.layers.iter().any(|layer| layer.name.as_str() == name);
    let kept = own.into_iter().zip(planned.layers.iter());
    let kept = kept.filter(|(_, layer)| !renewed(layer.name.as_str())).map(|(source, _)| source);
    let policies = read_policies(&once(kept.chain(given).collect()))?;
    let listed = &trusted.people.signers;
    let signers = if listed.is_empty() { &policies.people.signers } else { listed }.clone();
    verifiable(&signers)?;
    let known: Vec<Rule> = planned.rules.iter().map(meaning).collect();
    let mut binding = policies.rules.iter().filter(|rule| rule.effect == Effect::Enforce);
    let unplanned = binding.find(|rule| !known.contains(&meaning(rule))).cloned();
    Ok(InForce { policies, signers, unplanned })
}

/// A rule without what it is called and where it stands.
fn meaning(rule: &Rule) -> Rule {
    Rule {
        name: String::new(),
        place: String::new(),
        serves: Vec::new(),
        because: None,
        ..rule.clone()
    }
}
