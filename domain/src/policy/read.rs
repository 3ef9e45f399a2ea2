//! Reads policies: YAML, of which JSON is a part, with everything bounded beforehand.

use std::collections::{BTreeMap, BTreeSet};

use super::layers;
use super::people::united;
use super::walk::{Reader, Walked};
use super::{Exception, Layer, Policies, Profile};
use crate::intent::Faults;
use crate::intent::fault::IntentFault;
use crate::intent::faults::Noted;
use crate::intent::text::{Form, Texts};
use crate::intent::yaml;

/// More policies than this are no layers any more.
const LAYERS: usize = 16;

/// A policy before it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicySource {
    /// Its file name, for messages.
    pub file: String,
    /// What stands in it.
    pub text: String,
    /// `sha256:` of that.
    pub digest: String,
}

/// Reads policies that hold together, in the order in which they were given.
///
/// # Errors
/// All faults of all of them at once, each with line and column, a code and what to do; rules that
/// contradict each other are named with both places.
pub fn read_policies(sources: &[PolicySource]) -> Result<Policies, Faults> {
    read(sources, Whole::Yes)
}

/// Reads some of the policies that hold, whose signers need not be enough for their reviews.
///
/// # Errors
/// As of [`read_policies`].
pub fn read_part(sources: &[PolicySource]) -> Result<Policies, Faults> {
    read(sources, Whole::No)
}

/// Whether those are all of the policies that hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    Yes,
    No,
}

fn read(sources: &[PolicySource], whole: Whole) -> Result<Policies, Faults> {
    let (mut texts, mut noted) = (Texts::default(), Noted::default());
    let (mut layers, mut walked, mut people) = (Vec::new(), Vec::new(), Vec::new());
    let mut exceptions: Vec<Exception> = Vec::new();
    let mut names = BTreeMap::new();
    let profiles = Profile::ALL.map(|profile| {
        let at = texts.add(Form::Policy, &profile.file(), profile.text());
        (profile, texts.whole(at))
    });
    let mut taken = BTreeSet::new();
    for (place, source) in sources.iter().enumerate() {
        let at = texts.add(Form::Policy, &source.file, &source.text);
        let whole = texts.whole(at);
        if place >= LAYERS {
            let help = format!("at most {LAYERS} are read");
            noted.add(IntentFault::TooLarge, whole, "there are too many policies", help);
            break;
        }
        let root = yaml::tree(&source.text, whole, &mut noted);
        let mut reader =
            Reader { texts: &texts, noted: &mut noted, profiles: &profiles, taken: &mut taken };
        let Some(read) = reader.policy(&root) else { continue };
        if let Some(first) = names.insert(read.name.clone(), read.place) {
            let message = format!("a policy is called `{}` already", read.name);
            let help = format!("it stands at {}; name each policy once", texts.origin(first));
            noted.add(IntentFault::Name, read.place, message, help);
        }
        layers.push(Layer {
            name: read.name.clone(),
            version: read.version,
            file: source.file.clone(),
            digest: source.digest.clone(),
            text: source.text.clone(),
        });
        let first = walked.len();
        exceptions.extend(read.exceptions.into_iter().map(|own| Exception {
            rule: first + own.rule,
            service: own.service,
            until: own.until,
            by: own.by,
            because: own.because,
        }));
        let policy = read.name;
        people.push((policy.clone(), read.people));
        walked.extend(read.rules.into_iter().map(|mut rule| {
            let policy = rule.policy.take().unwrap_or_else(|| policy.clone());
            (policy, rule)
        }));
    }
    let rules = told_apart(walked);
    layers::contradictions(&rules, &texts, &mut noted);
    let people = united(people, whole, &texts, &mut noted);
    if !noted.is_empty() {
        return Err(noted.into_faults(&texts));
    }
    let rules = rules.into_iter().map(|walked| walked.rule);
    Ok(Policies {
        layers: layers.into(),
        rules: rules.collect(),
        people: people.into(),
        exceptions: exceptions.into(),
        ..Policies::default()
    })
}

/// The rules with names of their own: those that share one have that of their policy before it.
fn told_apart(walked: Vec<(crate::name::Name, Walked)>) -> Vec<Walked> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (_, walked) in &walked {
        *counts.entry(walked.rule.name.clone()).or_default() += 1;
    }
    let named = walked.into_iter().map(|(policy, mut walked)| {
        if counts[&walked.rule.name] > 1 {
            walked.rule.name = format!("{policy}/{}", walked.rule.name);
        }
        walked
    });
    named.collect()
}
