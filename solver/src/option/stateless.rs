//! Stateless services: equal instances in all zones, autoscaled over the day.

use domain::candidate::Rejection;
use domain::demand::{Demand, ServiceIndex};
use domain::hours::Shut;
use domain::intent::ServiceKind;
use domain::plan::ThreeBills;
use domain::units::MicroDollars;

use super::fleets::{self, Priced};
use super::station::Station;
use super::{Copies, Found, ServiceOption, Source, by_view, mixed, vcpus};
use crate::availability;
use crate::prune::{CutOffers, by_price, has_no_worse_disk};
use crate::purchase::{self, Fleet, Item};
use crate::queueing::Moments;
use crate::reach::noticed;
use crate::screen::{Candidate, Platform, has_rivals};

/// The least that any number of any candidate costs: the smallest fleet that holds, at the lowest
/// floor. More instances or a higher floor never cost less.
pub(super) fn least_cost(source: &Source<'_, '_>) -> Option<MicroDollars> {
    let bounds = Bounds::of(source);
    let held = source.model.day.mean_load();
    let mut least: Option<f64> = None;
    for candidate in source.candidates() {
        let hour = candidate.dollars * purchase::hours(source.model, Shut::Off);
        if least.is_some_and(|least| f64::from(bounds.fewest) * hour >= least) {
            continue;
        }
        let fleet = Sizes::new(source, candidate);
        let Some(smallest) = fleet.smallest(bounds) else { continue };
        let mean = (held * f64::from(smallest)).max(f64::from(bounds.fewest));
        let dollars = mean * hour;
        least = Some(least.map_or(dollars, |least| least.min(dollars)));
    }
    // Only offers that could carry it alone are mixed.
    let mixed = least.and_then(|_| mixed::least_dollars(source));
    let least = least.into_iter().chain(mixed).reduce(f64::min);
    // A little below, because sums of floating numbers err a little.
    least.map(|dollars| whole_micros(dollars * (1.0 - 1e-9)))
}

/// The candidates that no other one beats: of the same number, the other is at least as fast, not
/// dearer, and it carries the load where this one does. The first by price and name stays.
pub(super) fn undominated<'a>(source: &Source<'_, 'a>, cut: &CutOffers<'_>) -> Vec<Candidate<'a>> {
    let bounds = Bounds::of(source);
    if !has_rivals(source.model.demand) {
        let holds = |own: &&Candidate<'a>| Sizes::new(source, own).smallest(bounds).is_some();
        return source.candidates().filter(holds).copied().collect();
    }
    let mut found: Vec<(u32, &Candidate<'a>)> = source
        .candidates()
        .filter_map(|candidate| Some((Sizes::new(source, candidate).smallest(bounds)?, candidate)))
        .collect();
    found.sort_by(|a, b| by_price(a.1, b.1));
    let mut kept: Vec<(u32, &Candidate<'a>)> = Vec::new();
    for (smallest, candidate) in found {
        let beats = |(known, rival): &(u32, &Candidate<'a>)| {
            *known <= smallest
                && rival.servers >= candidate.servers
                && rival.speed >= candidate.speed
                && rival.offer.vcpus() <= candidate.offer.vcpus()
                && rival.terms.never_above(&candidate.terms)
                && has_no_worse_disk(rival, candidate)
                && cut.may_replace(rival)
        };
        if !kept.iter().any(beats) {
            kept.push((smallest, candidate));
        }
    }
    kept.into_iter().map(|(_, candidate)| *candidate).collect()
}

/// The fewest vCPUs of any number of any candidate.
pub(super) fn least_vcpus(source: &Source<'_, '_>) -> u64 {
    let bounds = Bounds::of(source);
    let mut least: Option<u64> = None;
    for candidate in source.candidates() {
        if least.is_some_and(|least| vcpus(candidate, bounds.fewest) >= least) {
            continue;
        }
        if let Some(smallest) = Sizes::new(source, candidate).smallest(bounds) {
            let own = vcpus(candidate, smallest);
            least = Some(least.map_or(own, |least| least.min(own)));
        }
    }
    least.into_iter().chain(mixed::least_vcpus(source)).min().unwrap_or(0)
}

#[expect(clippy::cast_possible_truncation, reason = "dollars of a bill that fits")]
fn whole_micros(dollars: f64) -> MicroDollars {
    MicroDollars::new((dollars * 1e6).floor().min(9e18) as i64).unwrap_or(MicroDollars::ZERO)
}

/// All numbers of all candidates that hold by themselves and are wanted.
pub(super) fn collect<'a>(source: &Source<'_, 'a>, found: &mut Found<'a, '_>) {
    let bounds = Bounds::of(source);
    let Bounds { fewest, most } = bounds;
    if fewest > most {
        return;
    }
    let day = &source.model.day;
    let (mut wanted, mut priced) = (Vec::new(), Vec::new());
    for candidate in source.candidates() {
        let sizes = Sizes::new(source, candidate);
        let Some(smallest) = sizes.smallest(bounds) else {
            found.reject(Rejection::TooSmall, candidate);
            continue;
        };
        wanted.push(sizes);
        let sizes = wanted.last().expect("just added");
        let month = |hour| purchase::dollars_a_month(source.model, candidate, hour);
        let least = month(candidate.dollars);
        // No promise makes a fleet dearer than it is on demand.
        let hour = candidate.terms.on_demand.map(|hour| hour.unit_price.dollars_as_float());
        let most_a_month = hour.map_or(f64::INFINITY, month);
        for replicas in smallest..=most {
            // More instances never cost less at the same floor, so the first that is too dear
            // even at the lowest floor ends the candidate.
            if !found.may_admit(day.expected_replicas(replicas, fewest) * least * (1.0 - 1e-9)) {
                break;
            }
            let floor = sizes.floor(replicas, fewest);
            let expected = day.expected_replicas(replicas, floor);
            if found.is_known(expected * most_a_month) {
                continue;
            }
            let ceiling = ceiling(source.model.constants.autoscaler_ceiling, replicas).min(most);
            let fleet = Fleet::of((floor, replicas, ceiling), expected);
            let beyond = |promised| day.expected_beyond(replicas, promised);
            let fleet = fleet.promising(source.model, candidate, Shut::Off, beyond);
            let items = purchase::instances(source.model, (candidate, 0), &fleet, Shut::Off);
            let cost = purchase::total(&items);
            if found.admits(cost.expected) {
                priced.push(Priced { at: wanted.len() - 1, fleet, items, cost });
            }
        }
    }
    fleets::complete(&wanted, priced, found);
    mixed::collect(source, found);
}

/// The moments of the fastest candidates at their largest number, where each is fastest.
pub(super) fn fastest(source: &Source<'_, '_>, improve: &mut dyn FnMut(Vec<[Option<Moments>; 4]>)) {
    let bounds = Bounds::of(source);
    let mut candidates: Vec<_> = source.candidates().collect();
    candidates.sort_by(|a, b| b.speed.total_cmp(&a.speed).then(b.servers.cmp(&a.servers)));
    let mut servers = 0;
    for candidate in candidates {
        // Fewer and slower servers are never faster.
        if candidate.servers <= servers {
            continue;
        }
        let sizes = Sizes::new(source, candidate);
        if sizes.smallest(bounds).is_some() {
            servers = candidate.servers;
            improve(sizes.latency(bounds.most));
        }
    }
}

/// What is left where any number of instances may fail by itself: their common causes, and the
/// ejection of each.
pub(super) fn least_unavailability(source: &Source<'_, '_>) -> f64 {
    let Bounds { most, .. } = Bounds::of(source);
    let demand = source.model.demand;
    let own = own_edge(demand, source.service) + availability::instances(demand, most, 0);
    own * noticed(demand, source.service)
}

/// The fewest and the most replicas that rules and pins allow.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    pub(super) fewest: u32,
    pub(super) most: u32,
}

impl Bounds {
    pub(super) fn of(source: &Source<'_, '_>) -> Self {
        let demand = source.model.demand;
        let pin = demand.pins.iter().find(|pin| pin.service == source.service);
        let fewest = demand.rules.replicas_min.max(u32::from(source.layout.zones));
        let pinned_most = pin.and_then(|pin| pin.replicas_max);
        let pinned_fewest = pin.and_then(|pin| pin.replicas_min);
        // A pin may raise the rule's limit by asking for more; "at most" only ever lowers it.
        let limit = demand.rules.replicas_max.max(pinned_fewest.unwrap_or(0));
        Self {
            fewest: pinned_fewest.map_or(fewest, |pinned| pinned.max(fewest)),
            most: pinned_most.map_or(limit, |most| most.min(limit)),
        }
    }
}

/// The numbers of one candidate, and what each carries.
#[derive(Clone)]
pub(super) struct Sizes<'m, 'a> {
    pub(super) station: Station<'m, 'a>,
    pub(super) candidate: Candidate<'a>,
    /// Instances that may be down at the peak.
    pub(super) instances_down: u32,
    /// Requests a second that the memory of one instance holds.
    pub(super) rate_by_memory: f64,
    /// Instances that the network needs.
    pub(super) by_network: f64,
}

impl<'m, 'a> Sizes<'m, 'a> {
    pub(super) fn new(source: &Source<'m, 'a>, candidate: &Candidate<'a>) -> Self {
        let model = source.model;
        let service = model.demand.service(source.service);
        let usable = model.constants.memory_usable;
        let in_flight = purchase::in_flight_limit(service, candidate.offer.memory, usable);
        // Memory must hold what arrives within a timeout: what a stalled callee piles up.
        let timeout = service.on_failure.timeout.value().max(1e-9);
        let bandwidth =
            candidate.offer.network.map_or(0.0, domain::units::Gigabits::bytes_per_second);
        let bandwidth = bandwidth * model.demand.rules.utilisation_stateless.value();
        let bytes = model.bytes_per_second[source.service.0] * model.headroom;
        Self {
            station: source.station(candidate, (candidate.servers, source.balancing())),
            candidate: *candidate,
            instances_down: model.instances_down(source.service),
            rate_by_memory: f64::from(in_flight) / timeout,
            by_network: if bytes > 0.0 { bytes / bandwidth } else { 0.0 },
        }
    }

    /// The smallest number that holds; `None` when not even the largest does. Every larger number
    /// holds as well, because all limits are on what one instance has to carry.
    pub(super) fn smallest(&self, Bounds { fewest, most }: Bounds) -> Option<u32> {
        if fewest > most || !self.holds(most) {
            return None;
        }
        let (mut low, mut high) = (fewest, most);
        while low < high {
            let middle = u32::midpoint(low, high);
            if self.holds(middle) { high = middle } else { low = middle + 1 }
        }
        Some(low)
    }

    /// Whether so many instances carry what they must: processors, memory and network.
    fn holds(&self, replicas: u32) -> bool {
        let model = self.station.model;
        let rules = &model.demand.rules;
        let left = self.left(replicas, self.instances_down);
        let rate = model.traffic.rates[self.station.service.0];
        self.station.within(left, 1.0, model.busiest(self.station.service))
            && self.station.within(replicas, model.headroom, rules.utilisation_headroom.value())
            && rate <= self.rate_by_memory * f64::from(left) + 1e-9
            && self.by_network <= f64::from(replicas) + 1e-9
    }

    /// What is left of a fleet after the losses that it must survive.
    fn left(&self, fleet: u32, down: u32) -> u32 {
        let left = fleet.saturating_sub(down);
        if self.station.layout.survives_zone_loss {
            left.min(self.station.layout.after_zone_loss(fleet))
        } else {
            left
        }
    }

    /// The fewest instances that the autoscaler may keep at night: with its target, a fleet of
    /// this size or larger stays below the rule's utilisation when it loses what it must be able
    /// to lose.
    fn floor(&self, peak: u32, fewest: u32) -> u32 {
        let target = self.station.utilisation(peak, 1.0);
        let limit = self.station.model.demand.rules.utilisation_headroom.value();
        let holds = |fleet: u32| {
            let left = f64::from(self.left(fleet, self.instances_down));
            left > 0.0 && f64::from(fleet) * target <= left * limit + 1e-12
        };
        let lowest = fewest.min(peak);
        let largest_bad = (lowest..=self.surely(target / limit, peak)).rev().find(|n| !holds(*n));
        largest_bad.map_or(lowest, |bad| (bad + 1).min(peak))
    }

    /// A number up to `peak` beyond which what is left of every fleet, of which no more than a
    /// zone's share and one are lost, or what may be down, is more than that part of it.
    fn surely(&self, part: f64, peak: u32) -> u32 {
        let survives = self.station.layout.survives_zone_loss;
        let zone = if survives { 1.0 / f64::from(self.station.layout.zones) } else { 0.0 };
        let lost = f64::from(self.instances_down.max(1));
        let enough = (lost + 1.0) / (1.0 - zone - part).max(1e-9);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "cut off at a number of instances"
        )]
        let enough = enough.min(f64::from(peak)).ceil() as u32;
        enough
    }

    /// The fewest instances on which the stated peak is still carried.
    fn needed(&self) -> u32 {
        let edge = self.station.model.demand.rules.utilisation_headroom.value();
        let one = self.station.utilisation(1, 1.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a ratio of loads, cut off far above any fleet"
        )]
        let needed = (one / edge - 1e-9).ceil().clamp(1.0, 1e9) as u32;
        needed
    }

    pub(super) fn latency(&self, replicas: u32) -> Vec<[Option<Moments>; 4]> {
        let model = self.station.model;
        let states = [
            self.station.latency(replicas, 1.0),
            self.station.latency(replicas, model.headroom),
            self.station.latency(replicas.saturating_sub(1), 1.0),
            self.station.latency(self.station.layout.after_zone_loss(replicas), 1.0),
        ];
        by_view(&states, model.lanes())
    }

    /// The moments as if no request ever waited: no number of instances is faster.
    pub(super) fn unhindered(&self) -> Vec<[Option<Moments>; 4]> {
        let states = std::array::from_fn(|_| self.station.unhindered());
        by_view(&states, self.station.model.lanes())
    }

    pub(super) fn option(
        &self,
        fleet: &Fleet,
        (items, cost): (Vec<Item>, ThreeBills<MicroDollars>),
        latency: Vec<[Option<Moments>; 4]>,
    ) -> ServiceOption<'a> {
        let model = self.station.model;
        let after_zone = self.station.layout.after_zone_loss(fleet.peak);
        let cap = model.busiest(self.station.service);
        let instances = availability::instances(model.demand, fleet.peak, self.needed());
        let connections = model.constants.connections_per_instance * f64::from(fleet.ceiling);
        ServiceOption {
            candidate: Some(self.candidate),
            standing: None,
            platform: Platform::SelfRun,
            replicas: fleet.peak,
            shards: 1,
            copies: Copies::Active,
            balancing: self.station.balancing,
            servers: self.station.servers,
            floor: fleet.floor,
            ceiling: fleet.ceiling,
            expected_replicas: fleet.expected,
            cost,
            items,
            unavailability: (own_edge(model.demand, self.station.service) + instances)
                * noticed(model.demand, self.station.service),
            survives_zone_loss: self.station.within(after_zone, 1.0, cap),
            latency,
            level: None,
            vcpus: vcpus(&self.candidate, fleet.peak),
            connections: whole(connections),
        }
    }
}

/// What a self-run balancer adds beside its instances: the way its clients find another one.
pub(super) fn own_edge(demand: &Demand, service: ServiceIndex) -> f64 {
    match demand.service(service).kind {
        ServiceKind::Balancer => demand.faults.balancer.value() * demand.faults.self_run_factor,
        ServiceKind::Service
        | ServiceKind::Cache
        | ServiceKind::Sql
        | ServiceKind::Queue
        | ServiceKind::External => 0.0,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a few connections times a few instances")]
pub(super) fn whole(count: f64) -> i64 {
    count.min(1e12).ceil() as i64
}

/// The most instances that the autoscaler starts.
pub(super) fn ceiling(factor: f64, peak: u32) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a small factor on a small count, cut off"
    )]
    let ceiling = (f64::from(peak) * factor.max(1.0) - 1e-9).ceil().min(1e9) as u32;
    ceiling.max(peak)
}
