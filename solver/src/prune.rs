//! Exact pruning: an option that another one matches or beats in everything is never needed.

use std::collections::BTreeSet;

use crate::option::{STATES, ServiceOption, Signature, State};

/// What an option is measured by, where less is better in every part. The first part is its cost.
type Measures = Vec<f64>;

/// Keeps the options that no cheaper one dominates.
///
/// `refuted` names options that are part of a refuted plan: they dominate nothing, because the
/// plan in which they would replace another option may be the refuted one.
pub fn undominated<'a>(
    options: Vec<ServiceOption<'a>>,
    states: &BTreeSet<State>,
    counts: Counts,
    refuted: &BTreeSet<Signature>,
) -> Vec<ServiceOption<'a>> {
    let mut kept: Vec<ServiceOption<'a>> = Vec::new();
    let mut rivals: Vec<Measures> = Vec::new();
    for option in options {
        let own = measures(&option, states, counts);
        let beats = |rival: &Measures| rival.iter().zip(&own).all(|(rival, own)| rival <= own);
        if rivals.iter().any(beats) {
            continue;
        }
        if !refuted.contains(&option.signature()) {
            rivals.push(own);
        }
        kept.push(option);
    }
    kept
}

/// Which limits count options by more than cost, availability and latency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// A quota on vCPUs.
    pub vcpus: bool,
    /// A limit on the ceiling.
    pub ceiling: bool,
}

fn measures(option: &ServiceOption<'_>, states: &BTreeSet<State>, counts: Counts) -> Measures {
    let mut measures = vec![
        option.cost.expected.micros() as f64,
        option.unavailability,
        option.connections as f64,
    ];
    if counts.vcpus {
        measures.push(option.vcpus() as f64);
    }
    if counts.ceiling {
        measures.push(option.cost.ceiling.micros() as f64);
    }
    for view in &option.latency {
        for (state, moments) in STATES.iter().zip(view) {
            if states.contains(state) {
                let moments = moments.as_ref();
                measures.push(moments.map_or(f64::INFINITY, |moments| moments.mean));
                measures.push(moments.map_or(f64::INFINITY, |moments| moments.variance));
            }
        }
    }
    measures
}
