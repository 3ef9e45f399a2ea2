//! Which reviews a plan needs, as a spec states it, and what reviews ask as a spec states it.

use domain::policy::{Author, Demanded, Facts, Gatekeeping, Superseded};
use domain::spec::{Approval, AuthorPart, ReviewPart, Spec, SupersededPart};

/// What became of each review, in the order of the policies.
pub fn judged(people: &Gatekeeping, facts: &Facts<'_>) -> Vec<ReviewPart> {
    let part = |demanded: Demanded| ReviewPart {
        review: demanded.review,
        applies: demanded.applies,
        why: demanded.why,
        approvals: demanded.approvals,
        from: demanded.from,
    };
    people.demanded(facts).into_iter().map(part).collect()
}

/// Whether somebody has to agree.
pub fn approval(people: &Gatekeeping, facts: &Facts<'_>) -> Approval {
    let due = people.demanded(facts).iter().any(|review| review.applies);
    if due || people.forbids(facts.environment).is_some() {
        Approval::Unapproved
    } else {
        Approval::NotRequired
    }
}

/// The environment that a spec is for, where it says so.
pub fn environment_in(spec: &Spec) -> Option<&str> {
    spec.metadata.environment_name()
}

/// Who asked for a spec; a person without a name where it says nothing.
pub fn author_in(spec: &Spec) -> Author {
    let stated = spec.provenance.author.as_ref();
    stated.map_or_else(Author::default, |author| Author {
        name: author.name.clone(),
        kind: author.kind,
    })
}

/// What reviews ask about the plan of a spec.
pub fn facts_in<'s>(spec: &'s Spec, author: &'s Author) -> Facts<'s> {
    Facts {
        environment: environment_in(spec),
        author,
        expected: spec.cost.monthly_micros.expected,
        before: spec.provenance.supersedes.as_ref().map(|earlier| earlier.expected_micros),
    }
}

pub(super) fn author(author: &Author) -> Option<AuthorPart> {
    let part = AuthorPart { kind: author.kind, name: author.name.clone() };
    (*author != Author::default()).then_some(part)
}

pub(super) fn superseded(earlier: &Superseded) -> SupersededPart {
    SupersededPart { digest: earlier.digest.clone(), expected_micros: earlier.expected }
}
