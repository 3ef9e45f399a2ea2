//! What each cause costs, as a share of the time weighted by requests.

use domain::intent::ServiceKind;
use domain::topology::Redundancy;

use super::faults::{FailoverRates, Rates, Repairable};
use super::states::{Found, Outcomes, State, enumerate, fails_by_instance};
use super::year::{Loss, Span};
use crate::scenario::Course;
use crate::system::System;

/// Seconds of one outage of the balancer, the name service or what stands before the edge, whose
/// faults are stated as a share of the time only: five minutes, so that 10 ppm are one event a
/// year.
const SHORT_OUTAGE: f64 = 300.0;

/// Of nothing is more than this share of the time assumed to be away, at whatever factor.
const MOST_AWAY: f64 = 0.99;

/// The sum over all causes.
#[derive(Debug, Clone, Default)]
pub(super) struct Terms {
    /// Each cause with the share of requests that it loses.
    pub by_cause: Vec<(String, f64)>,
    /// The share of time in which the latency objectives do not hold.
    pub not_holding: f64,
    /// The share of requests answered degraded.
    pub degraded: f64,
    /// The same losses as events of a year.
    pub losses: Vec<Loss>,
    /// States enumerated.
    pub states: u32,
}

impl Terms {
    /// The share of requests lost.
    pub(super) fn lost(&self) -> f64 {
        self.by_cause.iter().map(|(_, share)| share).sum::<f64>().min(1.0)
    }

    fn add(&mut self, name: &str, share: f64) {
        match self.by_cause.iter_mut().find(|(known, _)| known == name) {
            Some((_, sum)) => *sum += share,
            None => self.by_cause.push((name.to_owned(), share)),
        }
    }

    /// Something that breaks and is repaired, and what is found meanwhile.
    fn outage(&mut self, name: &str, fault: Repairable, found: Found) {
        let share = fault.unavailability();
        let lost = found.lost.value;
        self.add(name, share * lost);
        self.degraded += share * found.degraded;
        self.not_holding += if found.holds { 0.0 } else { share };
        self.losses.push(Loss {
            rate: fault.rate,
            span: Span::Exponential { mean: fault.duration },
            lost,
            fixed: 0.0,
        });
    }

    /// Something that happens at a rate and costs what one episode costs.
    fn episode(&mut self, name: &str, rate: f64, course: &Course, tail: f64) {
        let lost = course.lost_seconds.value;
        self.add(name, rate * lost);
        self.degraded += rate * course.degraded_seconds;
        if lost > tail * course.whole_seconds {
            self.not_holding += rate * course.whole_seconds;
        }
        self.losses.push(Loss { rate, span: Span::None, lost: 0.0, fixed: lost });
    }
}

/// Works every term out.
pub(super) fn terms(system: &System<'_>, outcomes: &Outcomes, rates: &Rates) -> Terms {
    let mut terms = Terms::default();
    add_states(&mut terms, system, outcomes, rates);
    add_zones(&mut terms, system, outcomes, rates);
    for service in system.services() {
        if system.is_queue(service) {
            // As available as a managed balancer: whoever has a message to hand over fails without.
            terms.outage(system.name(service), short_outage(rates.balancer), Found::NOTHING);
        } else if let Some(external) = system.demand.services[service].external {
            let away = (external.uptime.complement().value() * rates.factor).min(MOST_AWAY);
            let found = outcomes.without(service).of_part(1.0);
            terms.outage(system.name(service), away_for(away), found);
        } else if fails_by_instance(system, service) {
            add_instances(&mut terms, system, outcomes, rates, service);
        } else {
            add_data(&mut terms, system, outcomes, rates, service);
        }
    }
    terms.outage("region", rates.region, Found::NOTHING);
    terms.outage("balancer", short_outage(rates.balancer), Found::NOTHING);
    terms.outage("dns", short_outage(rates.dns), Found::NOTHING);
    // All requests go through it: without it those that it would pass on are lost as well.
    if rates.cdn > 0.0 {
        terms.outage("cdn", short_outage(rates.cdn), Found::NOTHING);
    }
    terms.outage("change", rates.change, Found::NOTHING.of_part(rates.change_reach));
    terms
}

/// An outage that is stated as a share of the time, which may be a large one.
fn away_for(share: f64) -> Repairable {
    short_outage(share / (1.0 - share))
}

/// An outage that is stated as a small share of the time.
fn short_outage(share: f64) -> Repairable {
    Repairable { rate: share / SHORT_OUTAGE, duration: SHORT_OUTAGE }
}

/// The smallest share of slow requests that an objective allows.
fn tail(system: &System<'_>) -> f64 {
    let latency = &system.demand.objectives.latency;
    latency.iter().map(|objective| objective.percentile.tail().value()).fold(0.05, f64::min)
}

fn add_states(terms: &mut Terms, system: &System<'_>, outcomes: &Outcomes, rates: &Rates) {
    let (states, rare) = enumerate(system, rates);
    terms.states = u32::try_from(states.len()).unwrap_or(u32::MAX);
    terms.add("rare", rare);
    terms.not_holding += rare;
    for weighted in &states {
        let found = outcomes.of(&weighted.state);
        let name = match (weighted.state.zones.as_slice(), weighted.state.down.as_slice()) {
            ([], []) => "healthy".to_owned(),
            ([], [(service, _)]) => format!("{}.instances", system.name(*service)),
            ([_], []) => "zone".to_owned(),
            _ => "rare".to_owned(),
        };
        terms.add(&name, weighted.probability * found.lost.value);
        terms.degraded += weighted.probability * found.degraded;
        terms.not_holding += if found.holds { 0.0 } else { weighted.probability };
        if name == "healthy" {
            terms.losses.push(Loss::always(found.lost.value));
        }
    }
}

/// Zones: until traffic has left one, and all of them at once. Their states are counted elsewhere.
fn add_zones(terms: &mut Terms, system: &System<'_>, outcomes: &Outcomes, rates: &Rates) {
    let tail = tail(system);
    for zone in 0..u16::from(system.topology.zones) {
        let course = outcomes.zones.get(&zone);
        if let Some(course) = course {
            terms.episode("zone", rates.zone.rate, course, tail);
        }
        let state = State { zones: vec![zone], down: Vec::new() };
        terms.losses.push(Loss {
            rate: rates.zone.rate,
            span: Span::LogNormal { median: rates.zone_median, sigma: rates.zone_sigma },
            lost: outcomes.of(&state).lost.value,
            fixed: 0.0,
        });
    }
    terms.outage("zones.common", rates.zone.times(rates.all_zones), Found::NOTHING);
}

/// Instances: until one is ejected, and all of a zone at once. Their states are counted elsewhere.
fn add_instances(
    terms: &mut Terms,
    system: &System<'_>,
    outcomes: &Outcomes,
    rates: &Rates,
    service: usize,
) {
    let name = system.name(service);
    let deployment = &system.topology.services[service];
    let whole = f64::from(deployment.replicas());
    let alone = rates.instance.times(1.0 - rates.together);
    if let Some(course) = outcomes.ejections.get(&service) {
        terms.episode(&format!("{name}.ejection"), alone.rate * whole, course, tail(system));
    }
    let state = State { zones: Vec::new(), down: vec![(service, 1)] };
    terms.losses.push(Loss {
        rate: alone.rate * whole,
        span: Span::Exponential { mean: alone.duration },
        lost: outcomes.of(&state).lost.value,
        fixed: 0.0,
    });
    let together = rates.instance.times(rates.together);
    for zone in 0..system.topology.zones {
        let here = |pool: &domain::topology::Pool| pool.per_zone[usize::from(zone)];
        let here: u32 = deployment.pools.iter().map(here).sum();
        if here == 0 {
            continue;
        }
        // The loss of the whole zone takes these instances and more with it.
        let found = outcomes.of(&State { zones: vec![zone.into()], down: Vec::new() });
        terms.outage(&format!("{name}.together"), together, found);
        let silent = f64::from(here) / whole * rates.ejection;
        let course = Course::certain(silent, rates.ejection);
        terms.episode(&format!("{name}.together"), together.rate, &course, tail(system));
    }
}

/// Databases, and caches with copies.
fn add_data(
    terms: &mut Terms,
    system: &System<'_>,
    outcomes: &Outcomes,
    rates: &Rates,
    service: usize,
) {
    let name = system.name(service);
    let deployment = &system.topology.services[service];
    let self_run = if deployment.product.is_none() { rates.self_run } else { 1.0 };
    let is_sql = system.demand.services[service].kind == ServiceKind::Sql;
    let dead = outcomes.without(service);
    let shards = f64::from(deployment.shards.max(1));
    if !matches!(deployment.redundancy, Redundancy::Standby { .. }) {
        let nodes = if deployment.redundancy == Redundancy::Single { shards } else { 1.0 };
        let of_all = self_run * nodes;
        let found = dead.of_part(1.0 / nodes);
        terms.outage(&format!("{name}.faults"), rates.sql_single.times(of_all), found);
        let maintenance = rates.sql_maintenance.times(of_all);
        terms.outage(&format!("{name}.maintenance"), maintenance, found);
        return;
    }
    let failover: FailoverRates = if is_sql { rates.sql_failover } else { rates.cache_failover };
    let events = failover.events * self_run * shards;
    if let Some(course) = outcomes.failovers.get(&service) {
        terms.episode(&format!("{name}.failover"), events, course, tail(system));
    }
    let failing = failover.failing.times(self_run * shards);
    terms.outage(&format!("{name}.failover.failing"), failing, dead.of_part(1.0 / shards));
}
