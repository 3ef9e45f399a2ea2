//! Autoscaled fleets on their way to options: waiting is worked out only where it can matter.

use domain::plan::ThreeBills;
use domain::units::MicroDollars;

use super::Found;
use super::stateless::Sizes;
use crate::purchase::{Fleet, Item};
use crate::queueing::Moments;

/// Works out the moments of fleets, cheapest first, but for those that others beat even if no
/// request waited.
pub(super) fn complete<'a>(
    wanted: &[Sizes<'_, 'a>],
    mut fleets: Vec<Priced>,
    found: &mut Found<'a, '_>,
) {
    let order = |priced: &Priced| {
        let sku = &wanted[priced.at].candidate.offer.sku;
        (priced.cost.expected, priced.fleet.peak, sku)
    };
    if found.sieve.is_some() {
        fleets.sort_by(|one, other| order(one).cmp(&order(other)));
    }
    let mut unhindered: Vec<Option<Vec<[Option<Moments>; 4]>>> = vec![None; wanted.len()];
    for Priced { at, fleet, items, cost } in fleets {
        let sizes = &wanted[at];
        let Some(sieve) = &mut found.sieve else {
            let latency = sizes.latency(fleet.peak);
            found.take(sizes.option(&fleet, (items, cost), latency));
            continue;
        };
        let latency = unhindered[at].get_or_insert_with(|| sizes.unhindered()).clone();
        let mut option = sizes.option(&fleet, (items, cost), latency);
        if !sieve.beats(&option) {
            option.latency = sizes.latency(fleet.peak);
            sieve.note(&option);
            found.take(option);
        }
    }
}

/// A fleet and what it costs, before anything is known of its waiting.
pub(super) struct Priced {
    /// Its place among the sizes that are wanted.
    pub(super) at: usize,
    pub(super) fleet: Fleet,
    pub(super) items: Vec<Item>,
    pub(super) cost: ThreeBills<MicroDollars>,
}
