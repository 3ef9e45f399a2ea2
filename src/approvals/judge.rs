//! Which approvals count for which reviews, and what is lacking.

use std::collections::BTreeSet;

use domain::approval::{Approval, ApprovedSpec};
use domain::name::Name;
use domain::policy::{Demanded, Signer};
use domain::spec::Spec;
use reports::spec::reviews;

use super::{ApprovalFault, ApprovalFaults, Bench, Given, opened, safe};

/// A review for which too few people gave their leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lack {
    /// The review.
    pub review: String,
    /// So many are wanted.
    pub wanted: u32,
    /// So many are there.
    pub found: u32,
    /// Of these roles; empty for every signer.
    pub from: Vec<Name>,
    /// Why they are wanted.
    pub why: String,
}

/// A spec as approvals name it.
pub fn approved_spec(spec: &Spec) -> ApprovedSpec {
    ApprovedSpec {
        name: spec.metadata.name.clone(),
        environment: reviews::environment_in(spec).map(str::to_owned),
        digest: spec.metadata.digest.clone(),
    }
}

/// What the approvals that are given leave to be desired; empty where they are enough.
///
/// # Errors
/// Where one of them does not count, even if the others are enough: for each the first reason.
pub fn judge(given: &[Given], bench: &Bench<'_>) -> Result<Vec<Lack>, ApprovalFaults> {
    let (mut faults, mut counted) = (Vec::new(), Vec::<(&Given, Approval, Vec<Name>)>::new());
    for one in given {
        let judged = opened(one, bench).and_then(|(approval, signer)| {
            let roles = admissible(&one.file, &approval, signer, bench)?;
            Ok((approval, roles))
        });
        match judged {
            Err(fault) => faults.push(fault),
            Ok((approval, roles)) => {
                match counted.iter().find(|(_, other, _)| overlap(other, &approval)) {
                    Some((other, ..)) => faults.push(ApprovalFault::Twice {
                        file: one.file.clone(),
                        other: other.file.clone(),
                        by: safe(&approval.by),
                    }),
                    None => counted.push((one, approval, roles)),
                }
            }
        }
    }
    if !faults.is_empty() {
        return Err(ApprovalFaults(faults));
    }
    let due = bench.demanded.iter().filter(|review| review.applies);
    let lacks = due.filter_map(|review| {
        let people: BTreeSet<&str> = counted
            .iter()
            .filter(|(_, approval, roles)| counts(approval, roles, review))
            .map(|(_, approval, _)| approval.by.as_str())
            .collect();
        let found = u32::try_from(people.len()).unwrap_or(u32::MAX);
        (found < review.approvals).then(|| Lack {
            review: review.review.clone(),
            wanted: review.approvals,
            found,
            from: review.from.clone(),
            why: review.why.clone(),
        })
    });
    Ok(lacks.collect())
}

/// The same person for the same review.
fn overlap(one: &Approval, other: &Approval) -> bool {
    let all = one.reviews.is_empty() || other.reviews.is_empty();
    one.by == other.by && (all || one.reviews.iter().any(|review| other.reviews.contains(review)))
}

/// Whether an approval in those roles counts for a review. What a stage demands is anybody's leave.
fn counts(approval: &Approval, roles: &[Name], review: &Demanded) -> bool {
    let meant = approval.reviews.is_empty() || approval.reviews.contains(&review.review);
    let spoken_for = roles.iter().any(|role| review.from.contains(role));
    review.from.is_empty() || meant && spoken_for
}

/// The roles in which a signer gives an approval, which is looked at for all but its signature.
///
/// # Errors
/// The first reason for which it does not count.
pub fn admissible(
    file: &str,
    approval: &Approval,
    signer: &Signer,
    bench: &Bench<'_>,
) -> Result<Vec<Name>, ApprovalFault> {
    in_time(file, approval, signer, bench)?;
    let (file, by) = (file.to_owned(), safe(&approval.by));
    let author = reviews::author_in(bench.spec).name;
    if author.is_some_and(|author| author.to_lowercase() == approval.by.to_lowercase()) {
        return Err(ApprovalFault::Author { file, by });
    }
    let listed = |roles: &[Name]| {
        let words: Vec<&str> = roles.iter().map(Name::as_str).collect();
        words.join(" and ")
    };
    let due: Vec<&Demanded> = bench.demanded.iter().filter(|review| review.applies).collect();
    let named = |name: &String| due.iter().find(|review| review.review == *name);
    if let Some(review) = approval.reviews.iter().find(|name| named(name).is_none()) {
        let others: Vec<&str> = due.iter().map(|review| review.review.as_str()).collect();
        let help = if others.is_empty() {
            "no review is due for it".to_owned()
        } else {
            format!("those that are due: {}", others.join(", "))
        };
        return Err(ApprovalFault::Review { file, review: safe(review), help });
    }
    let roles = match &approval.role {
        None => signer.roles.clone(),
        Some(role) if signer.roles.contains(role) => vec![role.clone()],
        Some(role) => {
            let (roles, wanted) = (listed(&signer.roles), format!("the approval says {role}"));
            return Err(ApprovalFault::Role { file, by, roles, wanted });
        }
    };
    let speaks = |review: &Demanded| {
        review.from.is_empty() || review.from.iter().any(|role| roles.contains(role))
    };
    let mut meant = approval.reviews.iter().filter_map(named);
    let beyond = match meant.find(|review| !speaks(review)) {
        Some(review) => Some(*review),
        None if due.is_empty() || due.iter().any(|review| speaks(review)) => None,
        None => due.first().copied(),
    };
    if let Some(review) = beyond {
        let wanted = format!("review {} is for {}", review.review, listed(&review.from));
        return Err(ApprovalFault::Role { file, by, roles: listed(&roles), wanted });
    }
    Ok(roles)
}

/// Whether an approval and its key count on that day.
fn in_time(
    file: &str,
    approval: &Approval,
    signer: &Signer,
    bench: &Bench<'_>,
) -> Result<(), ApprovalFault> {
    let (file, on, dated, until) = (file.to_owned(), bench.on, approval.on.0, approval.until.0);
    if until < dated {
        let message = format!("it is dated {dated} and counts until {until}");
        return Err(ApprovalFault::Form { file, message });
    }
    let prices = bench.spec.provenance.catalog.as_of.0;
    if dated > on {
        let why = format!("and today is {on}");
        return Err(ApprovalFault::Early { file, dated, why });
    }
    if dated < prices {
        let why = format!("before the prices of the spec, which are of {prices}");
        return Err(ApprovalFault::Early { file, dated, why });
    }
    if until < on {
        return Err(ApprovalFault::Expired { file, until, on });
    }
    match signer.until {
        Some(until) if until < on => {
            Err(ApprovalFault::KeyExpired { file, signer: signer.name.clone(), until })
        }
        _ => Ok(()),
    }
}
