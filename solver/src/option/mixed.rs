//! Stateless services on two offers at once: instances that always run, and others beside them
//! whose number follows the load.
//!
//! Two offers are mixed where neither is beaten in a fleet of its own, and where one instance of
//! each works on as many requests at once. A pair has as few standing instances as any number up
//! to what would carry the peak alone, and the fewest following ones that hold, or up to
//! [`SPARE`] more. Calls are spread in proportion to what an instance can do, so all are as busy.

use domain::demand::ServiceIndex;
use domain::hours::Shut;
use domain::topology::Balancing;

use super::stateless::{Bounds, Sizes, ceiling, own_edge, undominated, whole};
use super::station::Stay;
use super::{Copies, Found, ServiceOption, Source, Standing, by_view, takes_weights, vcpus};
use crate::availability;
use crate::prune::CutOffers;
use crate::purchase::{self, Fleet};
use crate::queueing::Moments;
use crate::reach::noticed;
use crate::screen::{Candidate, Platform};

/// Following instances beyond the fewest that hold.
const SPARE: u32 = 4;

/// Whether a service may stand on two offers: where the rule says so, and calls can be spread in
/// proportion, or the policy finds the faster instances by itself.
fn may_mix(source: &Source<'_, '_>) -> bool {
    source.model.demand.rules.offers_per_service >= 2
        && match source.balancing() {
            Balancing::LeastOutstanding => true,
            Balancing::Random => takes_weights(source.model.demand, source.layout, source.service),
            Balancing::PowerOfTwo | Balancing::RoundRobin => false,
        }
}

/// All mixed fleets that hold by themselves and are wanted.
pub(super) fn collect<'a>(source: &Source<'_, 'a>, found: &mut Found<'a, '_>) {
    if !may_mix(source) {
        return;
    }
    for pair in pairs(source) {
        pair.collect(found);
    }
}

/// The least that any mixed fleet costs, in dollars: its processors at the best price of all, as
/// many as the mean of the day asks for.
pub(super) fn least_dollars(source: &Source<'_, '_>) -> Option<f64> {
    if !may_mix(source) {
        return None;
    }
    let model = source.model;
    let hours = purchase::hours(model, Shut::Off);
    let rate = |candidate: &Candidate<'_>| {
        candidate.dollars * hours / (candidate.speed * f64::from(candidate.servers))
    };
    let cheapest = source.candidates().map(rate).reduce(f64::min)?;
    let load = model.reference_load(source.service);
    let busiest = model.busiest(source.service);
    Some(cheapest * load / busiest * model.day.mean_load())
}

/// The fewest vCPUs of any mixed fleet: what carries the peak where a vCPU carries most.
pub(super) fn least_vcpus(source: &Source<'_, '_>) -> Option<u64> {
    if !may_mix(source) {
        return None;
    }
    let carried = |candidate: &Candidate<'_>| {
        candidate.speed * f64::from(candidate.servers) / f64::from(candidate.offer.vcpus())
    };
    let most = source.candidates().map(carried).reduce(f64::max)?;
    let busiest = source.model.busiest(source.service);
    let vcpus = source.model.reference_load(source.service) / busiest / most;
    Some(u64::from(whole_below(vcpus)))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to what fits before"
)]
fn whole_below(number: f64) -> u32 {
    (number * (1.0 - 1e-9)).floor().clamp(0.0, 1e9) as u32
}

/// Every two offers that may be mixed.
fn pairs<'m, 'a>(source: &Source<'m, 'a>) -> Vec<Pair<'m, 'a>> {
    let candidates = undominated(source, &CutOffers::default());
    let bounds = Bounds::of(source);
    let sizes: Vec<Sizes<'m, 'a>> =
        candidates.iter().map(|candidate| Sizes::new(source, candidate)).collect();
    let mut pairs = Vec::new();
    for (at, standing) in sizes.iter().enumerate() {
        // As many as carry the peak alone need nothing beside them.
        let Some(alone) = standing.smallest(bounds) else { continue };
        for (other, following) in sizes.iter().enumerate() {
            let alike = standing.candidate.servers == following.candidate.servers;
            if at != other && alike {
                let (standing, following) = (standing.clone(), following.clone());
                pairs.push(Pair { standing, following, bounds, alone });
            }
        }
    }
    pairs
}

/// Two offers.
struct Pair<'m, 'a> {
    standing: Sizes<'m, 'a>,
    following: Sizes<'m, 'a>,
    bounds: Bounds,
    /// Standing instances that carry the peak alone.
    alone: u32,
}

/// How many of each: those that stand, and those that follow.
#[derive(Clone, Copy)]
struct Count {
    standing: u32,
    following: u32,
}

impl<'a> Pair<'_, 'a> {
    fn collect(&self, found: &mut Found<'a, '_>) {
        let hours = purchase::hours(self.following.station.model, Shut::Off);
        let price = |sizes: &Sizes<'_, '_>| sizes.candidate.dollars * hours * (1.0 - 1e-9);
        let most = self.bounds.most;
        for standing in 1..self.alone.min(most) {
            let stands = f64::from(standing) * price(&self.standing);
            if !found.may_admit(stands) {
                break;
            }
            let Some(fewest) = self.fewest_beside(standing) else { continue };
            let last = fewest.saturating_add(SPARE).min(most - standing);
            for following in fewest..=last {
                let count = Count { standing, following };
                let floor = self.floor(count);
                let expected = self.expected(count, floor);
                // One more can cost less, where it lets fewer stay at night.
                if !found.may_admit(stands + expected * price(&self.following)) {
                    continue;
                }
                let option = self.option(count, floor, expected);
                if found.admits(option.cost.expected) {
                    found.take(option);
                }
            }
        }
    }

    /// The fewest that hold beside so many that stand.
    fn fewest_beside(&self, standing: u32) -> Option<u32> {
        let (mut low, mut high) = (1, self.bounds.most.checked_sub(standing)?);
        let holds = |following| self.holds(Count { standing, following });
        if low > high || !holds(high) {
            return None;
        }
        while low < high {
            let middle = u32::midpoint(low, high);
            if holds(middle) { high = middle } else { low = middle + 1 }
        }
        Some(low)
    }

    /// What so many can do together, in reference vCPUs a server.
    fn capacity(&self, count: Count) -> f64 {
        f64::from(count.standing) * self.standing.candidate.speed
            + f64::from(count.following) * self.following.candidate.speed
    }

    /// Without the strongest ones.
    fn without(&self, count: Count, down: u32) -> Count {
        let Count { standing, following } = count;
        if self.standing.candidate.speed >= self.following.candidate.speed {
            let more = down.saturating_sub(standing);
            Count {
                standing: standing.saturating_sub(down),
                following: following.saturating_sub(more),
            }
        } else {
            let more = down.saturating_sub(following);
            Count {
                standing: standing.saturating_sub(more),
                following: following.saturating_sub(down),
            }
        }
    }

    /// Without the strongest zone.
    fn after_zone_loss(&self, count: Count) -> Count {
        let layout = self.following.station.layout;
        let standing = layout.spread(count.standing);
        let following = layout.spread_beside(&standing, count.following);
        let zones = standing.iter().zip(&following);
        let zones =
            zones.map(|(standing, following)| Count { standing: *standing, following: *following });
        let strongest =
            zones.reduce(|a, b| if self.capacity(b) > self.capacity(a) { b } else { a });
        strongest.map_or(count, |lost| Count {
            standing: count.standing - lost.standing,
            following: count.following - lost.following,
        })
    }

    /// The capacity that is left after the losses that must be survived.
    fn left(&self, count: Count) -> f64 {
        let down = self.capacity(self.without(count, self.following.instances_down));
        if self.following.station.layout.survives_zone_loss {
            down.min(self.capacity(self.after_zone_loss(count)))
        } else {
            down
        }
    }

    /// Utilisation on that capacity, at that factor of the peak.
    fn utilisation(&self, capacity: f64, factor: f64) -> f64 {
        let station = &self.following.station;
        let load = station.model.reference_load(station.service) * factor;
        if capacity > 0.0 { load / f64::from(station.servers) / capacity } else { f64::INFINITY }
    }

    /// Whether so many carry what they must: processors, memory and network.
    fn holds(&self, count: Count) -> bool {
        let model = self.following.station.model;
        let rules = &model.demand.rules;
        let (left, whole) = (self.left(count), self.capacity(count));
        let rate = model.traffic.rates[self.following.station.service.0];
        let carries = |sizes: &Sizes<'_, '_>| {
            let speed = sizes.candidate.speed;
            rate * speed <= sizes.rate_by_memory * left + 1e-9
                && sizes.by_network * speed <= whole + 1e-9
        };
        count.standing + count.following >= self.bounds.fewest
            && self.utilisation(left, 1.0) <= model.busiest(self.following.station.service) + 1e-12
            && self.utilisation(whole, model.headroom) <= rules.utilisation_headroom.value() + 1e-12
            && carries(&self.standing)
            && carries(&self.following)
    }

    /// The fewest following ones that the autoscaler may keep at night.
    fn floor(&self, count: Count) -> u32 {
        let target = self.utilisation(self.capacity(count), 1.0);
        let limit = self.following.station.model.demand.rules.utilisation_headroom.value();
        let holds = |following: u32| {
            let fleet = Count { following, ..count };
            let left = self.left(fleet);
            count.standing + following >= self.bounds.fewest
                && left > 0.0
                && self.capacity(fleet) * target <= left * limit + 1e-12
        };
        let largest_bad = (0..=count.following).rev().find(|following| !holds(*following));
        largest_bad.map_or(0, |bad| (bad + 1).min(count.following))
    }

    /// Following instances on average over the day.
    fn expected(&self, count: Count, floor: u32) -> f64 {
        let one = self.following.candidate.speed;
        let stands = f64::from(count.standing) * self.standing.candidate.speed / one;
        let all = self.capacity(count) / one;
        self.following.station.model.day.expected_beside((all, stands), (floor, count.following))
    }

    /// The fewest instances on which the stated peak is still carried, whichever are left.
    fn needed(&self, count: Count) -> u32 {
        let edge = self.following.station.model.demand.rules.utilisation_headroom.value();
        let all = count.standing + count.following;
        let carried = |down: u32| {
            let left = self.capacity(self.without(count, down));
            self.utilisation(left, 1.0) <= edge + 1e-9
        };
        let spare = (1..=all).take_while(|down| carried(*down)).last().unwrap_or(0);
        all - spare
    }

    fn latency(&self, count: Count) -> Vec<[Option<Moments>; 4]> {
        let model = self.following.station.model;
        let states = [
            self.stay(count, 1.0),
            self.stay(count, model.headroom),
            self.stay(self.without(count, 1), 1.0),
            self.stay(self.after_zone_loss(count), 1.0),
        ];
        by_view(&states, model.lanes())
    }

    /// What the service adds to a request of each view: a stay at one of the instances, each as
    /// likely as what it can do is part of the whole.
    fn stay(&self, count: Count, factor: f64) -> Vec<Option<Moments>> {
        let whole = self.capacity(count);
        let instances = count.standing + count.following;
        let kinds = [(&self.standing, count.standing), (&self.following, count.following)];
        let kinds = kinds.into_iter().filter(|(_, own)| *own > 0).map(|(sizes, own)| {
            let each = sizes.candidate.speed / whole;
            // As busy as in a fleet of so many of its kind that has as much to do each.
            (f64::from(own) * each, &sizes.station, factor * each * f64::from(instances))
        });
        if self.following.station.model.proof.is_some() {
            // What is seldom exceeded at either kind is not exceeded more often at one of them.
            let tails = kinds.map(|(_, station, factor)| station.latency(instances, factor));
            let nothing = || vec![None; self.following.station.model.lanes()];
            return tails.reduce(longest).unwrap_or_else(nothing);
        }
        let parts: Vec<_> = kinds
            .map(|(share, station, factor)| (share, station.stays(instances, factor)))
            .collect();
        self.following.station.visits(&|view| {
            let stays = parts.iter().map(|(share, stay)| Some((*share, stay.as_ref()?.of(view))));
            stays.collect::<Option<Vec<_>>>().filter(|stays| !stays.is_empty()).map(Stay::either)
        })
    }

    fn option(&self, count: Count, floor: u32, expected: f64) -> ServiceOption<'a> {
        let Count { standing, following } = count;
        let station = &self.following.station;
        let model = station.model;
        let all = standing + following;
        let factor = model.constants.autoscaler_ceiling;
        let most = ceiling(factor, all).min(self.bounds.most).max(all);
        let candidate = &self.following.candidate;
        let beyond = |promised| self.expected(count, promised) - f64::from(promised);
        let fleet = Fleet::of((floor, following, most - standing), expected);
        let fleet = fleet.promising(model, candidate, Shut::Off, beyond);
        let stands = &self.standing.candidate;
        let stands = ((stands, 0), Fleet::fixed(model, stands, Shut::Off, standing));
        let mut items = purchase::instances(model, stands.0, &stands.1, Shut::Off);
        items.extend(purchase::instances(model, (candidate, 1), &fleet, Shut::Off));
        let after_zone = self.capacity(self.after_zone_loss(count));
        let cap = model.busiest(station.service);
        let instances = availability::instances(model.demand, all, self.needed(count));
        let ServiceIndex(at) = station.service;
        ServiceOption {
            candidate: Some(*candidate),
            standing: Some(Standing { candidate: self.standing.candidate, count: standing }),
            platform: Platform::SelfRun,
            replicas: all,
            shards: 1,
            copies: Copies::Active,
            balancing: station.balancing,
            servers: station.servers,
            floor: standing + floor,
            ceiling: most,
            expected_replicas: f64::from(standing) + expected,
            cost: purchase::total(&items),
            items,
            unavailability: (own_edge(model.demand, ServiceIndex(at)) + instances)
                * noticed(model.demand, ServiceIndex(at)),
            survives_zone_loss: self.utilisation(after_zone, 1.0) <= cap + 1e-12,
            latency: self.latency(count),
            level: None,
            vcpus: vcpus(&self.standing.candidate, standing) + vcpus(candidate, following),
            connections: whole(model.constants.connections_per_instance * f64::from(most)),
        }
    }
}

/// The longer of each two; none where one of them is none.
fn longest(one: Vec<Option<Moments>>, other: Vec<Option<Moments>>) -> Vec<Option<Moments>> {
    let both = one.into_iter().zip(other);
    both.map(|(one, other)| {
        let (one, other) = (one?, other?);
        Some(if one.mean >= other.mean { one } else { other })
    })
    .collect()
}
