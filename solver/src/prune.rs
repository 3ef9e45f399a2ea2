//! Exact pruning: an option that another one matches or beats in everything is never needed.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use domain::demand::{Demand, ServiceIndex};
use domain::units::Gigabits;

use crate::cut::{Cut, CutKind};
use crate::option::{STATES, ServiceOption, Signature, State};
use crate::proof::Level;
use crate::screen::Candidate;

/// What an option is measured by, where less is better in every part. The first part is its cost.
pub(crate) type Measures = Vec<f64>;

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
    // What beats an option with a share of the tail beats it with the same share.
    let mut rivals_of: BTreeMap<Option<Level>, Vec<Measures>> = BTreeMap::new();
    for option in options {
        let own = measures(&option, states, counts);
        let rivals = rivals_of.entry(option.level).or_default();
        if rivals.iter().any(|rival| matches_or_beats(rival, &own)) {
            continue;
        }
        if !refuted.contains(&option.signature()) {
            rivals.push(own);
        }
        kept.push(option);
    }
    kept
}

/// Options on their way, cheapest first: what one beats even at its best needs no closer look.
pub(crate) struct Sieve<'s> {
    states: &'s BTreeSet<State>,
    counts: Counts,
    /// Whether an option may take the place of another.
    may_replace: &'s dyn Fn(&ServiceOption<'_>) -> bool,
    rivals: Vec<Measures>,
}

impl<'s> Sieve<'s> {
    /// A sieve for limits that speak of those states and counts.
    pub(crate) fn new(
        (states, counts): (&'s BTreeSet<State>, Counts),
        may_replace: &'s dyn Fn(&ServiceOption<'_>) -> bool,
    ) -> Self {
        Self { states, counts, may_replace, rivals: Vec::new() }
    }

    /// Whether some option that was noted is at least as good in everything.
    pub(crate) fn beats(&self, option: &ServiceOption<'_>) -> bool {
        let own = measures(option, self.states, self.counts);
        self.rivals.iter().any(|rival| matches_or_beats(rival, &own))
    }

    /// Lets an option beat those that follow, where it may take their place.
    pub(crate) fn note(&mut self, option: &ServiceOption<'_>) {
        let own = measures(option, self.states, self.counts);
        if !self.rivals.iter().any(|rival| matches_or_beats(rival, &own))
            && (self.may_replace)(option)
        {
            self.rivals.push(own);
        }
    }
}

/// Which limits count options by more than cost, availability and latency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// A quota on vCPUs.
    pub vcpus: bool,
    /// A limit on the ceiling.
    pub ceiling: bool,
}

impl Counts {
    /// What the limits of a demand count.
    pub const fn of(demand: &Demand) -> Self {
        Self {
            vcpus: demand.rules.vcpu_quota.is_some(),
            ceiling: demand.objectives.budget.ceiling.is_some(),
        }
    }
}

/// The states of single services that limits speak of, where a lost zone must be survived or not.
pub(crate) fn needed_states(demand: &Demand, survives_zone_loss: bool) -> BTreeSet<State> {
    let mut states = BTreeSet::from([State::Base, State::Headroom]);
    if demand.objectives.headroom.instances_down > 0 {
        states.insert(State::OneDown);
    }
    if survives_zone_loss {
        states.insert(State::ZoneLost);
    }
    states
}

/// Whether an option is at least as good in everything.
pub(crate) fn matches_or_beats(rival: &Measures, own: &Measures) -> bool {
    rival.iter().zip(own).all(|(rival, own)| rival <= own)
}

/// Everything that a limit counts of an option, in those states.
pub(crate) fn measures(
    option: &ServiceOption<'_>,
    states: &BTreeSet<State>,
    counts: Counts,
) -> Measures {
    let mut measures = vec![
        option.cost.expected.micros() as f64,
        option.unavailability,
        option.connections as f64,
    ];
    if counts.vcpus {
        measures.push(option.vcpus as f64);
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

/// What cuts say of the offers of one service.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CutOffers<'c> {
    /// Offers of which a plan was refuted: they beat nothing, because the plan in which they would
    /// replace another offer may be the refuted one.
    pub refuted: BTreeSet<&'c str>,
    /// The only ones that are looked at; `None` for all.
    pub only: Option<BTreeSet<&'c str>>,
}

impl<'c> CutOffers<'c> {
    /// What those cuts say of a service.
    pub fn new(cuts: &'c [Cut], ServiceIndex(service): ServiceIndex) -> Self {
        let skus = |cut: &'c Cut| {
            let own = &cut.signatures[service];
            let standing = own.standing.iter().map(|(sku, _)| sku.as_str());
            standing.chain([own.sku.as_str()])
        };
        let strangers = cuts.iter().filter(|cut| cut.kind == CutKind::Strangers);
        let only: BTreeSet<&str> = strangers.flat_map(skus).collect();
        let refuted = cuts.iter().flat_map(skus).collect();
        Self { refuted, only: (!only.is_empty()).then_some(only) }
    }

    /// Whether an offer is looked at.
    pub fn admits(&self, candidate: &Candidate<'_>) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(candidate.offer.sku.as_str()))
    }

    /// Whether an offer may take the place of another.
    pub fn may_replace(&self, candidate: &Candidate<'_>) -> bool {
        !self.refuted.contains(candidate.offer.sku.as_str())
    }
}

/// Keeps the offers that no other one with as many vCPUs beats in everything that any service
/// looks at: with the same number of the better one, every limit holds as well and the bill is not
/// higher.
///
/// Of offers that are alike in everything, the one whose name comes first stays, which is the one
/// that wins ties.
pub fn undominated_offers<'a>(
    mut candidates: Vec<Candidate<'a>>,
    cut: &CutOffers<'_>,
) -> Vec<Candidate<'a>> {
    candidates.retain(|candidate| cut.admits(candidate));
    candidates.sort_by(by_price);
    // An offer with other vCPUs hardly ever beats one in everything.
    let mut rivals: BTreeMap<u32, Vec<Candidate<'a>>> = BTreeMap::new();
    candidates.retain(|candidate| {
        let alike = rivals.entry(candidate.offer.vcpus()).or_default();
        let stays = !alike.iter().any(|rival| beats(rival, candidate));
        if stays && cut.may_replace(candidate) {
            alike.push(*candidate);
        }
        stays
    });
    candidates
}

/// By price, then by name.
pub(crate) fn by_price(one: &Candidate<'_>, other: &Candidate<'_>) -> Ordering {
    // Decimals are slow to compare, and seldom equal.
    let roughly = one.dollars.total_cmp(&other.dollars);
    let exactly = || one.terms.order(&other.terms);
    let by_name = || one.offer.sku.cmp(&other.offer.sku);
    if roughly.is_eq() { exactly().then_with(by_name) } else { roughly }
}

/// Whether an offer that comes first by price and name is at least as good in everything but its
/// vCPUs, which are as many.
fn beats(rival: &Candidate<'_>, other: &Candidate<'_>) -> bool {
    let network =
        |candidate: &Candidate<'_>| candidate.offer.network.map_or(0.0, Gigabits::bytes_per_second);
    let standby = || match (rival.offer.prices.with_standby, other.offer.prices.with_standby) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(rival), Some(other)) => rival.unit_price <= other.unit_price,
    };
    rival.servers >= other.servers
        && rival.speed >= other.speed
        && rival.offer.memory >= other.offer.memory
        && rival.zones >= other.zones
        && network(rival) >= network(other)
        && rival.terms.never_above(&other.terms)
        && standby()
        && has_no_worse_disk(rival, other)
}

/// Whether the disks of an offer cost no more than those of another, and do as much.
pub(crate) fn has_no_worse_disk(rival: &Candidate<'_>, other: &Candidate<'_>) -> bool {
    match (rival.disk_terms(), other.disk_terms()) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(rival), Some(other)) => {
            rival.0 <= other.0 && rival.1 <= other.1 && rival.2 <= other.2
        }
    }
}
