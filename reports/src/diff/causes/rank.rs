//! What stands first among causes: outcomes and demand, then where it may run, then services, then
//! rules that bind, and what moves no machine last.

use std::collections::BTreeSet;

use domain::spec::{PolicyResult, Spec};

use super::Change;

/// How near a cause is to what was asked for, the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Load,
    Demand,
    Uptime,
    Latency,
    Cost,
    Outcome,
    Place,
    Requests,
    Services,
    Catalog,
    Binding,
    Acting,
    Other,
    Labels,
    /// What an idle rule says, and the parts of a service that came or went as a whole.
    Rest,
}

/// Puts causes in their order; equals stay in theirs.
pub(super) fn order(causes: &mut [Change], from: &Spec, to: &Spec) {
    let lone = lone(from, to);
    causes.sort_by_key(|cause| rank(cause, &lone, [from, to]));
}

/// The services that only one of the two has.
fn lone<'s>(from: &'s Spec, to: &'s Spec) -> BTreeSet<&'s str> {
    let names = |spec: &'s Spec| -> BTreeSet<&str> {
        spec.demand.services.iter().map(|own| own.name.as_str()).collect()
    };
    names(from).symmetric_difference(&names(to)).copied().collect()
}

fn rank(cause: &Change, lone: &BTreeSet<&str>, specs: [&Spec; 2]) -> Rank {
    let about = cause.about.strip_prefix("assumption ").unwrap_or(&cause.about);
    if let Some(rule) = about.strip_prefix("policy rule ") {
        return of_rule(rule, specs);
    }
    let mut words = about.split('.');
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    match (first, second) {
        ("objectives", "load") => Rank::Load,
        ("demand" | "traffic", _) => Rank::Demand,
        ("objectives", "uptime") => Rank::Uptime,
        ("objectives", "latency") => Rank::Latency,
        ("requests", _) if words.next() == Some("latency") => Rank::Latency,
        ("objectives", "budget") => Rank::Cost,
        ("objectives" | "headroom", _) => Rank::Outcome,
        ("run_on" | "hours" | "operations" | "pins" | "purchase", _)
        | ("rules", "zones_min" | "survives_zone_loss") => Rank::Place,
        ("requests", _) => Rank::Requests,
        ("services", name) if lone.contains(name) => match words.next() {
            Some("type") => Rank::Services,
            _ => Rank::Rest,
        },
        ("services", _) => Rank::Services,
        ("catalog", _) => Rank::Catalog,
        _ if about.starts_with("exception from ") => Rank::Binding,
        ("name" | "environment" | "program" | "seed" | "metadata", _) => Rank::Labels,
        _ if about.starts_with("label ") || about.starts_with("annotation ") => Rank::Labels,
        _ => Rank::Other,
    }
}

/// A rule that makes the plan another one, or is broken, before one that is only kept, and that
/// before one that does not apply here, in whichever of the two it matters more.
fn of_rule(rule: &str, specs: [&Spec; 2]) -> Rank {
    let results = specs.into_iter().flat_map(|spec| &spec.policy.results);
    let own = results.filter(|own| own.rule == rule);
    let matters = |own: &PolicyResult| match own {
        own if !own.kept || own.without_micros.is_some() => Rank::Binding,
        // So begins what became of a rule for another environment, or for data that nobody holds.
        own if own.text.starts_with("does not ") => Rank::Rest,
        _ => Rank::Acting,
    };
    own.map(matters).min().unwrap_or(Rank::Other)
}
