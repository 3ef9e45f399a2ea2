//! Rules that cannot hold together, in one policy or in two: found before anything is planned.

use super::walk::Walked;
use super::{Clause, Effect, LabelDue, Rule};
use crate::intent::fault::IntentFault;
use crate::intent::faults::Noted;
use crate::intent::text::{Place, Texts};

/// A clause with its rule and its place.
#[derive(Clone, Copy)]
struct Said<'r> {
    rule: &'r Rule,
    clause: &'r Clause,
    place: Place,
}

/// Notes every pair of clauses that leaves nothing, at the later one with the place of the other.
pub(super) fn contradictions(rules: &[Walked], texts: &Texts, noted: &mut Noted) {
    let binding = rules.iter().filter(|walked| walked.rule.effect == Effect::Enforce);
    let said: Vec<Said<'_>> = binding
        .flat_map(|walked| {
            let clauses = walked.rule.clauses.iter().zip(&walked.places);
            clauses.map(|(clause, place)| Said { rule: &walked.rule, clause, place: *place })
        })
        .filter(|said| {
            matches!(
                said.clause,
                Clause::ReplicasLeast(_)
                    | Clause::ReplicasMost(_)
                    | Clause::Labels(_)
                    | Clause::RegionIn(_)
                    | Clause::BackupIn(_)
                    | Clause::Ingress(_)
                    | Clause::Allow(..)
                    | Clause::Deny(..)
            )
        })
        .collect();
    for (at, later) in said.iter().enumerate() {
        for earlier in said[..at].iter().filter(|earlier| meet(earlier.rule, later.rule)) {
            if noted.is_full() {
                return;
            }
            let Some(why) = contradict(earlier.clause, later.clause) else { continue };
            let message = format!(
                "rule {}: {} contradicts rule {}: {}: {why}",
                later.rule.name,
                later.clause.text(),
                earlier.rule.name,
                earlier.clause.text()
            );
            let other = texts.origin(earlier.place);
            let help = format!("the other stands at {other}; change one of the two");
            noted.add(IntentFault::Contradiction, later.place, message, help);
        }
    }
}

/// Whether two rules may hold for the same environment and the same service.
fn meet(one: &Rule, other: &Rule) -> bool {
    let (here, there) = (&one.environment, &other.environment);
    let environments = here.is_none() || there.is_none() || here == there;
    let services =
        one.stateful.is_none() || other.stateful.is_none() || one.stateful == other.stateful;
    environments && services
}

fn contradict(one: &Clause, other: &Clause) -> Option<&'static str> {
    match (one, other) {
        (Clause::ReplicasLeast(least), Clause::ReplicasMost(most))
        | (Clause::ReplicasMost(most), Clause::ReplicasLeast(least)) => {
            (least > most).then_some("the floor is above the cap")
        }
        (Clause::RegionIn(areas), Clause::RegionIn(others))
        | (Clause::BackupIn(areas), Clause::BackupIn(others)) => {
            let common = areas.iter().any(|area| others.iter().any(|other| area.meets(*other)));
            (!common).then_some("no country is in both")
        }
        (Clause::Labels(labels), Clause::Labels(others)) => {
            let both = |label: &LabelDue| others.iter().any(|other| label.contradicts(other));
            labels.iter().any(both).then_some("a label has one value")
        }
        (Clause::Ingress(ports), Clause::Ingress(others)) => {
            let common = ports.iter().any(|port| others.contains(port));
            (!common).then_some("they let no port through in common")
        }
        (Clause::Allow(subject, names), Clause::Allow(of, others)) if subject == of => {
            let common = names.iter().any(|name| others.iter().any(|other| overlap(name, other)));
            (!common).then_some("they approve nothing in common")
        }
        (Clause::Allow(subject, names), Clause::Deny(of, others))
        | (Clause::Deny(of, others), Clause::Allow(subject, names))
            if subject == of =>
        {
            let denied = |name: &String| others.iter().any(|other| covers(other, name));
            names.iter().all(denied).then_some("all that is approved is denied")
        }
        _ => None,
    }
}

/// Whether some name may match both patterns: certain where both have no `*`, and else judged by
/// what stands before the first one.
fn overlap(one: &str, other: &str) -> bool {
    let (one, other) = (one.to_ascii_lowercase(), other.to_ascii_lowercase());
    match (one.split_once('*'), other.split_once('*')) {
        (None, None) => one == other,
        (Some((head, _)), None) => other.starts_with(head),
        (None, Some((head, _))) => one.starts_with(head),
        (Some((head, _)), Some((start, _))) => head.starts_with(start) || start.starts_with(head),
    }
}

/// Whether all that a pattern matches is matched by another one, as far as that is certain.
fn covers(wide: &str, narrow: &str) -> bool {
    let (wide, narrow) = (wide.to_ascii_lowercase(), narrow.to_ascii_lowercase());
    match wide.strip_suffix('*') {
        Some(head) if !head.contains('*') => narrow.starts_with(head),
        _ => wide == narrow,
    }
}
