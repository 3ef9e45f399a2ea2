//! What several policies say about people, together: every review holds, the strictest stage wins,
//! and signers are united.

use std::collections::BTreeMap;

use super::read::Whole;
use super::walk::People;
use super::{Gatekeeping, Review, Signer};
use crate::intent::fault::IntentFault;
use crate::intent::faults::Noted;
use crate::intent::text::{Place, Texts};
use crate::name::Name;

/// A signer with the place of its name.
type Placed = (Signer, Place);

/// All of it, with what contradicts itself noted.
pub(super) fn united(
    layers: Vec<(Name, People)>,
    whole: Whole,
    texts: &Texts,
    noted: &mut Noted,
) -> Gatekeeping {
    let stage = layers.iter().filter_map(|(_, people)| people.stage).min();
    let (mut reviews, mut signers): (Vec<(Name, Review, Place)>, Vec<Placed>) = Default::default();
    for (policy, people) in layers {
        reviews.extend(people.reviews.into_iter().map(|(own, at)| (policy.clone(), own, at)));
        for signer in people.signers {
            unite(&mut signers, signer, texts, noted);
        }
    }
    let gates = Gatekeeping {
        stage,
        reviews: Vec::new(),
        signers: signers.into_iter().map(|(signer, _)| signer).collect(),
    };
    // A signer that could not be read is missed by every review: that is said once.
    let countable = whole == Whole::Yes && noted.is_empty();
    for (_, review, place) in reviews.iter().filter(|_| countable) {
        short_of_signers(review, *place, &gates, noted);
    }
    Gatekeeping { reviews: told_apart(reviews), ..gates }
}

/// Adds a signer to the others: to the one of that name where there is one.
fn unite(signers: &mut Vec<Placed>, (new, place): Placed, texts: &Texts, noted: &mut Noted) {
    let other = |first: Place| {
        let origin = texts.origin(first);
        format!("the other stands at {origin}; change one of the two")
    };
    let same_name = signers.iter_mut().find(|(known, _)| known.name == new.name);
    if let Some((known, first)) = same_name {
        if known.key != new.key {
            let message = format!("signer {} has two keys", new.name);
            noted.add(IntentFault::Contradiction, place, message, other(*first));
            return;
        }
        let further: Vec<Name> =
            new.roles.into_iter().filter(|role| !known.roles.contains(role)).collect();
        known.roles.extend(further);
        // The earlier end is the stricter one.
        known.until = [known.until, new.until].into_iter().flatten().min();
        return;
    }
    if let Some((known, first)) = signers.iter().find(|(known, _)| known.key == new.key) {
        let message = format!("{} and {} sign with the same key", known.name, new.name);
        noted.add(IntentFault::Contradiction, place, message, other(*first));
        return;
    }
    signers.push((new, place));
}

/// A review that nobody could ever satisfy is a mistake.
fn short_of_signers(review: &Review, place: Place, gates: &Gatekeeping, noted: &mut Noted) {
    let found = gates.signers_for(&review.from).count();
    if review.from.is_empty() || found >= review.approvals as usize {
        return;
    }
    let roles: Vec<&str> = review.from.iter().map(Name::as_str).collect();
    let roles = roles.join(" or ");
    let message = format!(
        "review {} wants {} of {roles}, and the policies list {found}",
        review.name, review.approvals
    );
    let help = format!("list more signers with the role {roles}, or ask for fewer approvals");
    noted.add(IntentFault::Range, place, message, help);
}

/// The reviews with names of their own: those that share one have that of their policy before it.
fn told_apart(reviews: Vec<(Name, Review, Place)>) -> Vec<Review> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (_, review, _) in &reviews {
        *counts.entry(review.name.clone()).or_default() += 1;
    }
    let named = reviews.into_iter().map(|(policy, mut review, _)| {
        if counts[&review.name] > 1 {
            review.name = format!("{policy}/{}", review.name);
        }
        review
    });
    named.collect()
}
