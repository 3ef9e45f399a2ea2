//! Machines of one offer or of several that serve together: what all of them can do, what is left
//! of that, how many of them a day asks for, and what each is meant to take of the calls.

use domain::intent::ServiceKind;
use domain::spec::{OfferPart, RedundancyPart, ServicePart};
use domain::topology::Balancing;

use super::Audit;
use super::bill::{Three, alike, peak};
use super::exact::{Span, Whole};

/// Weights are that fine: so many for the slowest of the offers.
const WEIGHTS: u32 = 100;

/// How many there are of each offer.
pub(super) type Counts = Vec<u64>;

/// All of them, as at the peak.
pub(super) fn all(offers: &[OfferPart]) -> Counts {
    offers.iter().map(peak).collect()
}

/// What is left when the strongest instance is down.
pub(super) fn without_one(offers: &[OfferPart]) -> Counts {
    let mut left = all(offers);
    let there = (0..offers.len()).filter(|at| left[*at] > 0);
    if let Some(at) = there.max_by_key(|at| strength(&offers[*at])) {
        left[at] -= 1;
    }
    left
}

/// What is left when the strongest zone is lost.
pub(super) fn without_a_zone(offers: &[OfferPart]) -> Counts {
    let here = |offer: &OfferPart, zone| u64::from(offer.per_zone.get(zone).copied().unwrap_or(0));
    let can = |zone| -> u128 {
        let parts = offers.iter().map(|offer| strength(offer) * u128::from(here(offer, zone)));
        parts.fold(0, u128::saturating_add)
    };
    let zones = offers.iter().flat_map(|offer| offer.per_zone.keys());
    let strongest = zones.max_by_key(|zone| can(*zone));
    let lost = |offer| strongest.map_or(0, |zone| here(offer, zone));
    offers.iter().map(|offer| peak(offer) - lost(offer)).collect()
}

/// The servers of so many of each offer.
pub(super) fn servers(offers: &[OfferPart], counts: &[u64]) -> u64 {
    let each = offers.iter().zip(counts);
    each.map(|(offer, count)| count.saturating_mul(offer.servers.into()))
        .fold(0, u64::saturating_add)
}

/// What one instance can do, in millionths of a reference vCPU.
fn strength(offer: &OfferPart) -> u128 {
    u128::from(offer.speed_ppm) * u128::from(offer.servers)
}

/// The speed that a spec states.
fn speed(offer: &OfferPart) -> f64 {
    offer.speed_ppm as f64 / 1e6
}

impl Audit<'_> {
    /// The speed of a server in reference vCPUs.
    pub(super) fn speed(&self, offer: &OfferPart) -> Span {
        self.known.micro(speed(offer))
    }

    /// What so many of each offer can do together, in reference vCPUs.
    pub(super) fn capacity(&self, offers: &[OfferPart], counts: &[u64]) -> Span {
        let parts = offers.iter().zip(counts).map(|(offer, count)| {
            let servers = Span::whole(count.saturating_mul(offer.servers.into()));
            self.speed(offer).times(servers)
        });
        parts.fold(Span::ZERO, Span::plus)
    }

    /// The speed of a server on average over the fleet of the peak, in reference vCPUs.
    pub(super) fn mean_speed(&self, offers: &[OfferPart]) -> Span {
        if let [only] = offers {
            return self.speed(only);
        }
        let all = all(offers);
        self.capacity(offers, &all).over(Span::whole(servers(offers, &all)))
    }

    /// Instances of one of the offers on average over the day, at the peak and at most.
    pub(super) fn fleet(&self, offers: &[OfferPart], at: usize) -> Three {
        self.fleet_beyond(offers, at, 0)
    }

    /// The same of those beyond so many. What follows the load is asked for what the others, which
    /// stand, leave.
    pub(super) fn fleet_beyond(&self, offers: &[OfferPart], at: usize, beyond: u64) -> Three {
        let part = &offers[at];
        let most = peak(part);
        let left = |count: u64| Span::whole(count.saturating_sub(beyond));
        let Some(scaler) = &part.autoscaling else { return alike(left(most)) };
        let mut others = all(offers);
        others[at] = 0;
        // In instances of its own.
        let one: Counts = (0..offers.len()).map(|other| u64::from(other == at)).collect();
        let standing = match offers {
            [_] => Span::ZERO,
            _ => self.capacity(offers, &others).over(self.capacity(offers, &one)),
        };
        let whole = standing.plus(Span::whole(most));
        let day = self.known.day();
        let steps = Span::whole(day.len() as u64);
        let before = day.iter().cycle().skip(day.len().saturating_sub(1));
        // The fleet holds what the step before asked for: its scale-in window is as long.
        let asked = day.iter().zip(before).map(|(now, before)| {
            let asked = now.max(*before).times(whole).minus(standing).up(1);
            asked.at_most(most.into()).at_least(scaler.min.into()).minus(beyond.into())
        });
        let sum = asked.fold(Whole::exactly(0_u64), Whole::plus);
        [sum.as_span().over(steps), left(most), left(scaler.max.into())]
    }

    /// What each instance is meant to take of the calls, and what several offers must have in
    /// common.
    pub(super) fn shared(&mut self, place: &str, (at, part): (usize, &ServicePart)) {
        let offers = &part.offers;
        let slowest = offers.iter().map(|offer| offer.speed_ppm).min().unwrap_or(0);
        let alike = offers.len() < 2 || self.is_behind_managed_balancer(at);
        for (number, offer) in offers.iter().enumerate() {
            let times = Span::whole(offer.speed_ppm).over(Span::whole(slowest));
            let weight = times.times(Span::whole(WEIGHTS)).nearest(1).at_least(1);
            let weight = if alike { Whole::exactly(1_u64) } else { weight };
            self.book.whole(&format!("{place}/offers/{number}/weight"), offer.weight, weight);
        }
        let [first, others @ ..] = offers.as_slice() else { return };
        if others.is_empty() {
            return;
        }
        let stateless = matches!(part.kind, ServiceKind::Service | ServiceKind::Balancer)
            && part.product.is_none()
            && matches!(part.redundancy, RedundancyPart::Active {});
        let servers = others.iter().all(|offer| offer.servers == first.servers);
        let weighed = matches!(part.algorithm, Balancing::Random | Balancing::LeastOutstanding)
            || offers.iter().all(|offer| offer.weight == 1);
        let rules = [
            (stateless, "only a stateless service stands on several offers"),
            (offers.iter().all(|offer| peak(offer) > 0), "an offer has no instance at the peak"),
            (servers, "the instances of its offers have different numbers of servers"),
            (weighed, "its calls are spread in a way that takes no weights"),
        ];
        for (holds, text) in rules {
            self.book.holds(&format!("{place}/offers"), holds, text);
        }
    }

    /// Whether calls come from a balancer that gives every machine the same.
    fn is_behind_managed_balancer(&self, at: usize) -> bool {
        let callers = self.spec.services.iter().zip(&self.known.demand.services);
        callers
            .filter(|(part, _)| part.kind == ServiceKind::Balancer && part.product.is_some())
            .any(|(_, caller)| caller.calls.iter().any(|call| call.to.0 == at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(speed_ppm: u64, per_zone: [u32; 2]) -> OfferPart {
        let text = format!(
            r#"{{"instance_type": "m", "family": "m", "architecture": "arm64", "vcpu": 2,
            "memory_mib": 4096, "servers": 4, "speed_ppm": {speed_ppm}, "purchase": "on_demand",
            "per_zone": {{"z1": {}, "z2": {}}}}}"#,
            per_zone[0], per_zone[1]
        );
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn what_is_lost_is_what_can_do_most_and_not_what_is_most() {
        let offers = [offer(500_000, [3, 0]), offer(1_000_000, [0, 2])];
        assert_eq!(all(&offers), [3, 2]);
        assert_eq!(without_one(&offers), [3, 1]);
        assert_eq!(without_a_zone(&offers), [3, 0]);
        assert_eq!(servers(&offers, &[3, 1]), 16);
        // Only what is there can be lost.
        let offers = [offer(500_000, [3, 2]), offer(1_000_000, [0, 0])];
        assert_eq!(without_one(&offers), [4, 0]);
        assert_eq!(without_a_zone(&offers), [2, 0]);
    }
}
