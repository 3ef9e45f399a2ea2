//! Whether the calls of the services make a system: no circles, nothing out of reach.

use std::collections::{BTreeMap, BTreeSet};

use super::fault::IntentFault;
use super::faults::Noted;
use super::text::Place;
use super::tree::Node;
use super::{Intent, ServiceKind};
use crate::name::Name;

/// One service calls another, or answers another's misses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edge {
    /// The caller.
    pub(super) from: Name,
    /// The callee.
    pub(super) to: Name,
    /// Where that is stated.
    pub(super) place: Place,
}

/// Checks a described system as a whole; each reference has been checked where it stands.
pub(super) fn check(intent: &Intent, edges: &[Edge], root: &Node, noted: &mut Noted) {
    if intent.services.is_empty() {
        return;
    }
    if root.child("requests").is_none() {
        let place = root.child("services").map_or(root.place, |node| node.place);
        let help = "for example: `requests: {page: {enters: web}}`";
        noted.add(IntentFault::Entry, place, "no requests enter the services", help);
        return;
    }
    let callees = callees(edges);
    uncalled(intent, &callees, root, noted);
    cycles(intent, &callees, noted);
    if noted.is_empty() {
        // After a fault in a reference, half of the system would seem to be out of reach.
        unreachable(intent, &callees, root, noted);
    }
}

type Callees<'a> = BTreeMap<&'a Name, Vec<(&'a Name, Place)>>;

fn callees(edges: &[Edge]) -> Callees<'_> {
    let mut callees: Callees<'_> = BTreeMap::new();
    for edge in edges {
        callees.entry(&edge.from).or_default().push((&edge.to, edge.place));
    }
    callees
}

/// What a service can do without is something that it calls, itself or behind a cache.
fn uncalled(intent: &Intent, callees: &Callees<'_>, root: &Node, noted: &mut Noted) {
    let calls = |from: &Name, to: &Name| {
        callees.get(from).is_some_and(|own| own.iter().any(|(callee, _)| *callee == to))
    };
    let is_cache = |name: &Name| {
        let own = intent.services.iter().find(|service| service.name == *name);
        own.is_some_and(|service| service.kind == ServiceKind::Cache)
    };
    for service in &intent.services {
        let (name, own) = (&service.name, callees.get(&service.name));
        for (without, _) in &service.degrades {
            let mut caches = own.into_iter().flatten().filter(|(callee, _)| is_cache(callee));
            if calls(name, without) || caches.any(|(cache, _)| calls(cache, without)) {
                continue;
            }
            let place = root.find(&["services", name.as_str(), "degrade"]);
            let message =
                format!("services.{name} degrades without `{without}`, and never calls it");
            let help = "name a service among its `calls`, or the fallback of a cache among them";
            let place = place.map_or(root.place, |node| node.place);
            noted.add(IntentFault::Contradiction, place, &message, help);
        }
    }
}

/// Walks every path without recursion and notes the call that closes a circle.
fn cycles(intent: &Intent, callees: &Callees<'_>, noted: &mut Noted) {
    let mut done: BTreeSet<&Name> = BTreeSet::new();
    for service in &intent.services {
        // The path from the start, each service with the next of its calls to follow.
        let mut path: Vec<(&Name, usize)> = Vec::new();
        if done.insert(&service.name) {
            path.push((&service.name, 0));
        }
        while let Some((name, next)) = path.last_mut() {
            let Some((to, place)) = callees.get(*name).and_then(|calls| calls.get(*next)) else {
                path.pop();
                continue;
            };
            *next += 1;
            if let Some(start) = path.iter().position(|(on_path, _)| on_path == to) {
                let mut circle: Vec<&str> =
                    path[start..].iter().map(|(name, _)| name.as_str()).collect();
                circle.push(to.as_str());
                let message =
                    format!("services call each other in a circle: {}", circle.join(" \u{2192} "));
                let help = "leave one of these calls out: a request must come to an end";
                noted.add(IntentFault::Cycle, *place, message, help);
            } else if done.insert(to) {
                path.push((to, 0));
            }
        }
    }
}

/// Notes services that no request reaches: they would be paid for nothing.
fn unreachable(intent: &Intent, callees: &Callees<'_>, root: &Node, noted: &mut Noted) {
    let mut reached: BTreeSet<&Name> = intent.requests.iter().map(|class| &class.enters).collect();
    let mut frontier: Vec<&Name> = reached.iter().copied().collect();
    while let Some(name) = frontier.pop() {
        for (to, _) in callees.get(name).map(Vec::as_slice).unwrap_or_default() {
            if reached.insert(to) {
                frontier.push(to);
            }
        }
    }
    let described = ["services", "external"].into_iter().flat_map(|part| {
        let entries = root.child(part).map_or(&[][..], Node::entries);
        entries.iter().map(move |entry| (part, entry))
    });
    for (part, entry) in described {
        let reached = reached.iter().any(|name| name.as_str() == entry.key);
        if !reached {
            let message = format!("no request reaches {part}.{}", entry.key);
            let help = "call it, let a class enter at it, or leave it out";
            noted.add(IntentFault::UnreachableService, entry.place, message, help);
        }
    }
}
