//! The states of zones and instances, with their probabilities and what is lost in them.

use std::collections::BTreeMap;

use libm::{exp, lgamma, log};

use domain::intent::ServiceKind;

use super::faults::Rates;
use crate::scenario::{Course, Lost};
use crate::system::System;

/// States less likely than this are not told apart; together they are counted as lost.
const RARE: f64 = 1e-10;
/// Zones beyond which not every subset is looked at: no plan uses more.
const ZONES_MAX: u16 = 10;

/// What is lost for good: zones, and instances of services beyond those in the zones.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct State {
    /// Zones that are down.
    pub zones: Vec<u16>,
    /// Services with how many more of their instances are down. Which ones is not told apart: those
    /// that can do most are taken to be, so that a state is no better than it may be.
    pub down: Vec<(usize, u32)>,
}

/// What simulation found of a state.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Found {
    /// The share of requests lost, at the peak.
    pub lost: Lost,
    /// The share of requests answered degraded, at the peak.
    pub degraded: f64,
    /// Whether the latency objectives hold.
    pub holds: bool,
}

/// What simulation found of everything that uptime is made of.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outcomes {
    /// By state; states that were not simulated are counted as lost.
    pub states: BTreeMap<State, Found>,
    /// What an instance of a service costs until it is ejected, by service.
    pub ejections: BTreeMap<usize, Course>,
    /// What the loss of a zone costs until traffic has left it, by zone.
    pub zones: BTreeMap<u16, Course>,
    /// What a failover costs, by service.
    pub failovers: BTreeMap<usize, Course>,
    /// What is lost while nothing is left of a service, by service.
    pub dead: BTreeMap<usize, Found>,
    /// Whether something could not be simulated, and is counted as lost altogether.
    pub unseen: bool,
}

impl Found {
    /// Of what nothing is known: everything is lost.
    pub(super) const NOTHING: Self = Self { lost: Lost::exactly(1.0), degraded: 0.0, holds: false };

    /// The same of a part of the requests: the others notice nothing.
    pub(super) fn of_part(self, part: f64) -> Self {
        let lost = Lost::exactly(self.lost.value * part);
        Self { lost, degraded: self.degraded * part, holds: false }
    }
}

impl Outcomes {
    /// What is known of a system of which nothing is left of a service.
    pub(super) fn without(&self, service: usize) -> Found {
        self.dead.get(&service).copied().unwrap_or(Found::NOTHING)
    }

    /// What is known of a state; everything is lost where nothing is known.
    pub(super) fn of(&self, state: &State) -> Found {
        self.states.get(state).copied().unwrap_or(Found::NOTHING)
    }
}

/// A state with its share of the time.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Weighted {
    /// The state.
    pub state: State,
    /// Its share of the time.
    pub probability: f64,
}

/// All states that are told apart, and the probability of all others together.
pub(super) fn enumerate(system: &System<'_>, rates: &Rates) -> (Vec<Weighted>, f64) {
    let zones = u16::from(system.topology.zones).min(ZONES_MAX);
    let zone = rates.zone.unavailability();
    let alone = rates.instance.times(1.0 - rates.together).unavailability();
    let mut states = Vec::new();
    for subset in 0_u32..1 << zones {
        let lost: Vec<u16> = (0..zones).filter(|zone| subset >> zone & 1 == 1).collect();
        let up = usize::from(zones) - lost.len();
        let probability = power(zone, lost.len()) * power(1.0 - zone, up);
        let counts = instances_left(system, &lost);
        spread(&counts, alone, (Vec::new(), probability), &mut |down, probability| {
            states.push(Weighted { state: State { zones: lost.clone(), down }, probability });
        });
    }
    let known: f64 = states.iter().map(|state| state.probability).sum();
    (states, (1.0 - known).max(0.0))
}

/// The services whose instances fail one by one, with how many of them stand in the zones left.
fn instances_left(system: &System<'_>, lost: &[u16]) -> Vec<(usize, u32)> {
    let mut counts = Vec::new();
    for service in system.services().filter(|service| fails_by_instance(system, *service)) {
        let pools = &system.topology.services[service].pools;
        let left = pools.iter().flat_map(|pool| (0..).zip(&pool.per_zone));
        let left = left.filter(|(zone, _)| !lost.contains(zone)).map(|(_, count)| *count);
        counts.push((service, left.sum()));
    }
    counts
}

/// Whether a service's instances are states of their own: not those of a database, whose faults
/// have rates of their own, nor what is not ours, nor those that a copy takes over from.
pub(super) fn fails_by_instance(system: &System<'_>, service: usize) -> bool {
    let kind = system.demand.services[service].kind;
    let apart = matches!(kind, ServiceKind::Sql | ServiceKind::Queue | ServiceKind::External);
    !apart && !system.has_standbys(service)
}

/// Every way in which some instances of the services are down that is not too rare.
fn spread(
    counts: &[(usize, u32)],
    unavailability: f64,
    (down, probability): (Vec<(usize, u32)>, f64),
    found: &mut impl FnMut(Vec<(usize, u32)>, f64),
) {
    if probability < RARE {
        return;
    }
    let Some(((service, count), rest)) = counts.split_first() else {
        found(down, probability);
        return;
    };
    for more in 0..=*count {
        let share = probability * binomial(*count, more, unavailability);
        if share < RARE {
            break;
        }
        let mut down = down.clone();
        if more > 0 {
            down.push((*service, more));
        }
        spread(rest, unavailability, (down, share), found);
    }
}

/// The chance that exactly so many of some independent things are down.
fn binomial(count: u32, down: u32, unavailability: f64) -> f64 {
    if unavailability <= 0.0 {
        return if down == 0 { 1.0 } else { 0.0 };
    }
    let (n, k) = (f64::from(count), f64::from(down));
    let ways = lgamma(n + 1.0) - lgamma(k + 1.0) - lgamma(n - k + 1.0);
    exp(ways + k * log(unavailability) + (n - k) * libm::log1p(-unavailability))
}

fn power(base: f64, exponent: usize) -> f64 {
    (0..exponent).fold(1.0, |product, _| product * base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ways_of_being_down_add_up_to_a_binomial() {
        let mut found = Vec::new();
        let counts = [(0, 3), (1, 2)];
        spread(&counts, 0.1, (Vec::new(), 1.0), &mut |down, probability| {
            found.push((down, probability));
        });
        let sum: f64 = found.iter().map(|(_, probability)| probability).sum();
        assert!((sum - 1.0).abs() < 1e-12, "{sum}");
        assert_eq!(found.len(), 4 * 3);
        // Two of three down and none of two: 3 · 0.1² · 0.9 · 0.9².
        let expected = 3.0 * 0.01 * 0.9 * 0.81;
        let two = found.iter().find(|(down, _)| down == &[(0, 2)]).unwrap();
        assert!((two.1 - expected).abs() < 1e-12);
    }

    #[test]
    fn what_never_fails_is_never_down() {
        let mut found = 0;
        spread(&[(0, 64)], 0.0, (Vec::new(), 1.0), &mut |down, probability| {
            found += 1;
            assert!(down.is_empty() && (probability - 1.0).abs() < 1e-15);
        });
        assert_eq!(found, 1);
    }
}
