//! Offers that are never needed: whatever number of one does for a service, some number of another
//! offer does at least as well in everything that a limit counts, at no higher price.
//!
//! This is the dominance that the program is pruned by, told by offers. It is looked at over every
//! option of a placement, so an offer of which a single option is undominated is not among them.

use std::collections::{BTreeMap, BTreeSet};

use domain::offer::Offer;
use domain::topology::Topology;

use crate::exclude::layout_of;
use crate::floor;
use crate::model::Model;
use crate::option::{ServiceOption, Source, State};
use crate::prune::{Counts, Measures, matches_or_beats, measures, needed_states};
use crate::screen::Shelf;

/// An offer that is never needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dominated {
    /// The identifier of the offer.
    pub offer: String,
    /// The name of the offer that beats most of what it can be bought as.
    pub by: String,
    /// Whether that one beats all of it.
    pub alone: bool,
}

/// The offers that are dominated for every service that they could run, where a topology stands,
/// in the order of their identifiers; none where its region is not in the catalog.
pub fn dominated(model: &Model<'_>, topology: &Topology) -> Vec<Dominated> {
    let Some(layout) = layout_of(model, topology) else { return Vec::new() };
    let Ok(shelf) = Shelf::new(model.catalog, model.demand, layout.region, None) else {
        return Vec::new();
    };
    let states = needed_states(model.demand, layout.survives_zone_loss);
    let mut counted = states.clone();
    // A plan may have to survive a lost zone for the sake of its uptime, whatever the rules say.
    if model.demand.objectives.uptime.is_some() {
        counted.insert(State::ZoneLost);
    }
    let (mut beaten, mut kept) = (BTreeMap::new(), BTreeSet::new());
    for (service, stock) in model.demand.service_indices().zip(&shelf.stocks) {
        let source = Source { model, layout: &layout, service, stock };
        let mut options = source.options(None, None).options;
        options.retain(|option| {
            let speed = option.fastest_speed();
            let fast = speed.is_some_and(|speed| !floor::too_slow(model, service, speed));
            fast && (option.survives_zone_loss || !layout.survives_zone_loss)
                && option.is_stable(&states)
        });
        let found = Offers::of(model, &options, &counted);
        kept.extend(found.needed);
        for (offer, by) in found.beaten {
            beaten.entry(offer).or_insert(by);
        }
    }
    let beaten = beaten.into_iter().filter(|(offer, _)| !kept.contains(offer));
    beaten.map(|(offer, (by, alone))| Dominated { offer, by, alone }).collect()
}

/// The offers of one service.
struct Offers {
    /// Those with an undominated option.
    needed: BTreeSet<String>,
    /// The others, with the name of what beats most of their options, and whether it beats all.
    beaten: BTreeMap<String, (String, bool)>,
}

impl Offers {
    fn of(model: &Model<'_>, options: &[ServiceOption<'_>], states: &BTreeSet<State>) -> Self {
        let measured: Vec<Measures> =
            options.iter().map(|option| measured(model, option, states)).collect();
        let mut kept: Vec<usize> = Vec::new();
        for at in 0..options.len() {
            // Who beat the last one is likely to beat the next.
            match kept.iter().position(|rival| matches_or_beats(&measured[*rival], &measured[at])) {
                Some(place) => kept[..=place].rotate_right(1),
                None => kept.push(at),
            }
        }
        kept.sort_unstable();
        let offer = |at: usize| options[at].candidate.map(|candidate| candidate.offer);
        let pools = kept.iter().flat_map(|at| options[*at].pools());
        let needed: BTreeSet<String> = pools.map(|(candidate, _)| candidate.offer.id()).collect();
        let mut others: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for at in 0..options.len() {
            let id = offer(at).map(Offer::id);
            if let Some(id) = id.filter(|id| !needed.contains(id)) {
                others.entry(id).or_default().push(at);
            }
        }
        let beaten = others.into_iter().filter_map(|(id, own)| {
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            for at in &own {
                let rivals = kept
                    .iter()
                    .filter(|rival| matches_or_beats(&measured[**rival], &measured[*at]));
                let skus: BTreeSet<&str> = rivals
                    .filter_map(|rival| offer(*rival))
                    .map(|offer| offer.sku.as_str())
                    .collect();
                for sku in skus {
                    *counts.entry(sku).or_default() += 1;
                }
            }
            // The first by name of those that beat most.
            let most = *counts.values().max()?;
            let by = counts.iter().find(|(_, count)| **count == most)?.0;
            Some((id, ((*by).to_owned(), most == own.len())))
        });
        Self { beaten: beaten.collect(), needed }
    }
}

/// Everything that a limit of the program counts, and whether a lost zone is survived, which a
/// placement may ask for.
fn measured(model: &Model<'_>, option: &ServiceOption<'_>, states: &BTreeSet<State>) -> Measures {
    let mut measures = measures(option, states, Counts::of(model.demand));
    measures.push(f64::from(u8::from(!option.survives_zone_loss)));
    measures
}
