//! The order of the stations: every one before those that it calls.

use std::collections::{BTreeMap, BTreeSet};

use crate::intent::fault::IntentFault;
use crate::intent::faults::Noted;
use crate::intent::text::Place;
use crate::intent::tree::{Entry, Node, Value};

/// A call or a fallback, by the places of both stations in the document.
struct Edge {
    from: usize,
    to: usize,
    place: Place,
}

/// The place of each station, by its place in the document: callers first, and as it was written
/// where calls say nothing. A circle is noted at the call that closes it.
pub(super) fn order(stations: &[Entry], noted: &mut Noted) -> Vec<usize> {
    let edges = edges(stations);
    let mut waiting = vec![0_usize; stations.len()];
    let mut following: Vec<Vec<usize>> = vec![Vec::new(); stations.len()];
    for edge in &edges {
        waiting[edge.to] += 1;
        following[edge.from].push(edge.to);
    }
    let free = (0..stations.len()).filter(|station| waiting[*station] == 0);
    let mut free: BTreeSet<usize> = free.collect();
    let mut places = vec![usize::MAX; stations.len()];
    let mut next = 0;
    while let Some(station) = free.pop_first() {
        places[station] = next;
        next += 1;
        for to in &following[station] {
            waiting[*to] -= 1;
            if waiting[*to] == 0 {
                free.insert(*to);
            }
        }
    }
    if next < stations.len() {
        circle(stations, &edges, &places, noted);
        // Somewhere they must stand for the rest to be read.
        return (0..stations.len()).collect();
    }
    places
}

/// Every reference from station to station that must lead onward.
fn edges(stations: &[Entry]) -> Vec<Edge> {
    let names: BTreeMap<&str, usize> =
        (0..).zip(stations).map(|(at, entry)| (entry.key.as_str(), at)).collect();
    let mut edges = Vec::new();
    for (from, entry) in stations.iter().enumerate() {
        let calls = entry.value.child("calls").map(|calls| &calls.value);
        let Some(Value::List(calls)) = calls else {
            continue;
        };
        for call in calls {
            let mentioned = [Some(call), call.child("to"), call.find(&["lookup", "fallback"])];
            for node in mentioned.into_iter().flatten() {
                if let Some(to) = called(node, &names) {
                    edges.push(Edge { from, to, place: node.place });
                }
            }
        }
    }
    edges
}

fn called(node: &Node, names: &BTreeMap<&str, usize>) -> Option<usize> {
    match &node.value {
        Value::Text(name) => names.get(name.as_str()).copied(),
        _ => None,
    }
}

/// Follows calls among the stations that found no place until one comes back.
fn circle(stations: &[Entry], edges: &[Edge], places: &[usize], noted: &mut Noted) {
    let lost = |station: usize| places[station] == usize::MAX;
    // A station without a place has a caller without one, so going back never ends but in a circle.
    let mut back: BTreeMap<usize, &Edge> = BTreeMap::new();
    for edge in edges.iter().filter(|edge| lost(edge.from) && lost(edge.to)) {
        back.entry(edge.to).or_insert(edge);
    }
    let Some(mut at) = back.keys().next().copied() else {
        return;
    };
    let mut path: Vec<&Edge> = Vec::new();
    while let Some(edge) = back.get(&at) {
        if let Some(start) = path.iter().position(|seen| seen.to == at) {
            let mut names: Vec<&str> =
                path[start..].iter().rev().map(|edge| stations[edge.to].key.as_str()).collect();
            names.insert(0, names.last().copied().unwrap_or_default());
            let message = format!("stations call each other in a circle: {}", {
                names.iter().take(12).copied().collect::<Vec<_>>().join(" \u{2192} ")
            });
            let help = "leave one of these calls out, or use `routing`, which may lead back";
            noted.add(IntentFault::Cycle, path[start].place, message, help);
            return;
        }
        path.push(edge);
        at = edge.from;
    }
}
