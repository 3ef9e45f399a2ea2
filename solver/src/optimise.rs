//! The optimum over all placements: regions, numbers of zones, and whether a zone may be lost.
//!
//! Placements are solved in the order of a lower bound of their cost, and left as soon as it shows
//! that they cannot win. Among plans of the same cost, the one in the first placement of the stated
//! order wins: by provider, region, number of zones.

use std::collections::{BTreeSet, VecDeque};

use domain::candidate::{Rejection, Rejections};
use domain::catalog::Region;
use domain::plan::CostLine;
use domain::units::MicroDollars;

use crate::constraints::{self, Context, LatencyState};
use crate::cut::Cut;
use crate::descent::Prices;
use crate::floor;
use crate::gates;
use crate::layout::Layout;
use crate::model::Model;
use crate::option::{ServiceOption, Source};
use crate::placement::{Placement, Solved};
use crate::program::Program;

pub use crate::placement::PlacementPrograms;
use crate::prune::CutOffers;
use crate::screen::Shelf;
use crate::traffic_cost;

/// The cheapest plan that the model allows.
#[derive(Debug, Clone)]
pub struct Optimum<'a> {
    /// Where it stands.
    pub layout: Layout<'a>,
    /// The option of each service.
    pub options: Vec<ServiceOption<'a>>,
    /// What the placement itself costs.
    pub fixed: Vec<CostLine>,
    /// The expected bill.
    pub cost: MicroDollars,
    /// No plan that the model allows costs less.
    pub bound: MicroDollars,
    /// Options that were looked at, over all placements that were opened.
    pub designs: u64,
    /// Options left after pruning, in the winning placement.
    pub kept: u64,
}

/// What came of the search for an optimum.
#[derive(Debug, Clone)]
pub enum Optimised<'a> {
    /// The cheapest plan.
    Found(Box<Optimum<'a>>),
    /// The model allows no plan.
    Infeasible,
    /// The limit of nodes was reached before a plan was found: there may be one.
    GaveUp,
}

/// Finds the cheapest plan that the model allows and no cut forbids.
pub fn optimise<'a>(model: &Model<'a>, cuts: &[Cut]) -> Optimised<'a> {
    let shelves = best_shelves(model, cuts);
    let mut placements = placements(model, &shelves, cuts);
    placements.sort_by_key(|placement| (placement.least, placement.order));
    let mut best: Option<(Optimum<'a>, usize)> = None;
    let mut bound: Option<MicroDollars> = None;
    let (mut designs, mut gave_up) = (0, false);
    let mut prices = Prices::new();
    let mut looked_at: Vec<&Placement<'_, 'a>> = Vec::new();
    let mut queue: VecDeque<(&Placement<'_, 'a>, bool)> =
        placements.iter().map(|placement| (placement, true)).collect();
    while let Some((placement, first_time)) = queue.pop_front() {
        // What was found in another region holds for the same machines at the same prices, and a
        // tie is that region's.
        let first = |twin: &&Placement<'_, 'a>| twin.order < placement.order;
        if looked_at.iter().copied().filter(first).any(|twin| placement.is_like(twin)) {
            continue;
        }
        looked_at.push(placement);
        let limit = best.as_ref().map(|(best, order)| {
            // A placement that comes first may win with the same cost, a later one may not.
            if placement.order < *order { above(best.cost) } else { best.cost }
        });
        let hasty = first_time && limit.is_none();
        let solved: Solved<'a> = placement.solve(limit, hasty, &mut prices);
        designs += solved.looked_at;
        if solved.put_off {
            queue.push_back((placement, false));
            continue;
        }
        gave_up |= solved.gave_up;
        if let Some(lowest) = solved.bound {
            bound = Some(bound.map_or(lowest, |bound| bound.min(lowest)));
        }
        if let Some(optimum) = solved.optimum {
            best = Some((optimum, placement.order));
        }
    }
    match best {
        Some((mut best, _)) => {
            best.bound = bound.map_or(best.cost, |bound| bound.min(best.cost));
            best.designs = designs;
            Optimised::Found(Box::new(best))
        }
        None if gave_up => Optimised::GaveUp,
        None => Optimised::Infeasible,
    }
}

/// The next amount.
fn above(cost: MicroDollars) -> MicroDollars {
    MicroDollars::new(cost.micros().saturating_add(1)).unwrap_or(cost)
}

/// Whether the model allows any plan at all.
pub fn feasible(model: &Model<'_>) -> bool {
    any(model, &[], None).is_some()
}

/// Some plan that the model allows, that no cut forbids, and that costs less than a limit: the
/// cheapest one of the first placement that has any.
pub fn any<'a>(
    model: &Model<'a>,
    cuts: &[Cut],
    below: Option<MicroDollars>,
) -> Option<Optimum<'a>> {
    let shelves = best_shelves(model, cuts);
    let mut placements = placements(model, &shelves, cuts);
    // The cheapest placement is the likeliest to have one below the limit.
    placements.sort_by_key(|placement| (placement.least, placement.order));
    let (mut prices, mut designs) = (Prices::new(), 0);
    let mut put_off = Vec::new();
    let mut some = |placement: &Placement<'_, 'a>, hasty: bool| {
        let solved = placement.solve(below, hasty, &mut prices);
        designs += solved.looked_at;
        (solved.optimum.map(|optimum| Optimum { designs, ..optimum }), solved.put_off)
    };
    for placement in &placements {
        match some(placement, true) {
            (Some(optimum), _) => return Some(optimum),
            (None, true) => put_off.push(placement),
            (None, false) => {}
        }
    }
    put_off.into_iter().find_map(|placement| some(placement, false).0)
}

/// The programs of every placement over all options: what tests and other solvers are given.
pub fn programs(model: &Model<'_>) -> Vec<PlacementPrograms> {
    let shelves = shelves(model);
    placements(model, &shelves, &[]).iter().filter_map(Placement::programs).collect()
}

/// The program of each placement over all options that no other one beats: what our own search is
/// measured against.
pub fn undominated_programs(model: &Model<'_>) -> Vec<Program> {
    let shelves = best_shelves(model, &[]);
    placements(model, &shelves, &[]).iter().map(Placement::undominated_program).collect()
}

/// What is worth looking at of what the allowed regions have.
fn best_shelves<'a>(model: &Model<'a>, cuts: &[Cut]) -> Vec<Shelf<'a>> {
    let services = model.demand.service_indices();
    let cut: Vec<CutOffers<'_>> = services.map(|service| CutOffers::new(cuts, service)).collect();
    regions(model)
        .filter_map(|region| Shelf::of_the_best(model.catalog, model.demand, region, &cut).ok())
        .collect()
}

/// All that the allowed regions have.
fn shelves<'a>(model: &Model<'a>) -> Vec<Shelf<'a>> {
    regions(model)
        .filter_map(|region| Shelf::new(model.catalog, model.demand, region, None).ok())
        .collect()
}

/// Every placement in which a plan could stand, in the order in which ties are broken.
fn placements<'m, 'a>(
    model: &'m Model<'a>,
    shelves: &'m [Shelf<'a>],
    cuts: &'m [Cut],
) -> Vec<Placement<'m, 'a>> {
    shelves
        .iter()
        .flat_map(|shelf| layouts(model, shelf.region).map(move |layout| (shelf, layout)))
        .enumerate()
        .filter_map(|(order, (shelf, layout))| Placement::new(model, shelf, layout, cuts, order))
        .collect()
}

/// The ways to stand in a region.
fn layouts<'a>(
    model: &Model<'a>,
    region: &'a Region,
) -> impl Iterator<Item = Layout<'a>> + use<'a> {
    let rules = &model.demand.rules;
    let must_survive = rules.survives_zone_loss;
    let may_survive = must_survive || model.demand.objectives.uptime.is_some();
    let most = region.zones.unwrap_or(0);
    (rules.zones_min.max(1)..=most).flat_map(move |zones| {
        let plain = (!must_survive).then_some(false);
        let survives = (may_survive && zones >= 2).then_some(true);
        plain.into_iter().chain(survives).map(move |survives_zone_loss| Layout {
            region,
            zones,
            survives_zone_loss,
        })
    })
}

/// The regions that the demand allows.
pub fn regions<'a>(model: &Model<'a>) -> impl Iterator<Item = &'a Region> + use<'a> {
    let demand = model.demand;
    let run_on = demand.run_on.clone();
    let approved = move |region: &&'a Region| gates::region(demand, region).is_none();
    model.catalog.regions.iter().filter(approved).filter(move |region| {
        (run_on.providers.is_empty() || run_on.providers.contains(&region.provider))
            && (run_on.regions.is_empty() || run_on.regions.contains(&region.name))
    })
}

/// Why nothing can be bought in a region whatever is chosen; `None` when it can.
pub fn region_rejection(model: &Model<'_>, region: &Region) -> Option<Rejection> {
    if let Some(barred) = gates::region(model.demand, region) {
        return Some(barred);
    }
    let shelf = match Shelf::new(model.catalog, model.demand, region, None) {
        Ok(shelf) => shelf,
        Err(rejection) => return Some(rejection),
    };
    let Some(zones) = region.zones else { return Some(Rejection::NoZoneCount) };
    if zones < model.demand.rules.zones_min {
        return Some(Rejection::TooFewZones);
    }
    let layout = Layout { region, zones, survives_zone_loss: false };
    traffic_cost::lines(model, &layout, shelf.stocks[0].platform).err()
}

/// The reasons of every offer that is not bought in a placement.
pub fn rejections(model: &Model<'_>, layout: &Layout<'_>) -> Rejections {
    let mut rejections = Rejections::default();
    let shelf = Shelf::new(model.catalog, model.demand, layout.region, Some(&mut rejections));
    let Ok(shelf) = shelf else { return rejections };
    for (service, stock) in model.demand.service_indices().zip(&shelf.stocks) {
        let source = Source { model, layout, service, stock };
        let set = source.options(None, Some(&mut rejections));
        let slow: BTreeSet<String> = set
            .options
            .iter()
            .flat_map(ServiceOption::pools)
            .map(|(candidate, _)| candidate)
            .filter(|candidate| floor::too_slow(model, service, candidate.speed))
            .map(|candidate| candidate.offer.id())
            .collect();
        for offer in slow {
            rejections.add(Rejection::TooSlow, offer);
        }
    }
    rejections
}

/// The states of the whole system that the rows of a placement speak of.
pub fn latency_states<'a>(
    model: &Model<'a>,
    layout: &Layout<'a>,
    options: &[Vec<ServiceOption<'a>>],
) -> Vec<LatencyState> {
    let options: Vec<&[ServiceOption<'a>]> = options.iter().map(Vec::as_slice).collect();
    let fixed_cost = (MicroDollars::ZERO, MicroDollars::ZERO);
    constraints::states(&Context { model, layout, options: &options, floors: &[], fixed_cost })
}
