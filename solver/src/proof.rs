//! The proof form of a latency: the union split.
//!
//! Each service is given a share of the tail, w with Σ w ≤ 1. Where the visits of a request to a
//! service take longer than q together with a probability of at most w·(1 − p), and every service
//! keeps to its own, all of them together take longer than Σ q with a probability of at most 1 − p,
//! however they depend on each other: p of the requests are faster than Σ q. What is estimated is
//! only the quantile of each service; what does not hold for quantiles, that they add up, is not
//! asked for (Boole's inequality; C. E. Bonferroni, 1936).
//!
//! Within a service the same is done over its visits: with m of them expected, each may exceed its
//! quantile with (w·(1 − p) − P(N > n)) / m, and up to n follow each other. The best n is taken.

use domain::demand::{ClassIndex, Demand};

use crate::count::{Count, counts};
use crate::model::Viewpoint;
use crate::queueing::{Moments, WaitTail};
use crate::sojourn::{Sojourn, Spread};
use crate::visits::Traffic;

/// Shares that any service may have are at least this many, each half of the one before. Half
/// steps fill the whole tail for any number of services, and cost little: between two of them the
/// quantile of an exponential time changes by ln 2.
const LEVELS: u32 = 7;
/// More visits than leave this part of the tail are not looked at: they gain nothing.
const NEEDLESS: f64 = 0.02;

/// What a service adds to a request in the proof form: the time in s that its visits exceed with
/// its share of the tail, and that share. Both are added up over the services, as means and
/// variances are in the moment form, and take their place in its rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tail {
    /// In s.
    pub quantile: f64,
    /// Of what may be slower, 0 to 1.
    pub share: f64,
}

impl From<Tail> for Moments {
    fn from(Tail { quantile, share }: Tail) -> Self {
        Self { mean: quantile, variance: share }
    }
}

impl From<Moments> for Tail {
    fn from(Moments { mean, variance }: Moments) -> Self {
        Self { quantile: mean, share: variance }
    }
}

/// Where in the list of shares an option's is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Level(pub usize);

/// What the tails of all services follow from.
#[derive(Debug, Clone)]
pub struct Proof {
    /// The shares of the tail that a service may have, largest first.
    pub shares: Vec<f64>,
    /// How long one visit to a service takes on a reference vCPU.
    spreads: Vec<Spread>,
    /// By viewpoint and service; `None` where it is never visited.
    lanes: Vec<Vec<Option<Lane>>>,
}

/// The visits of a kind of request to a service.
#[derive(Debug, Clone)]
struct Lane {
    /// The place of its spread.
    spread: usize,
    /// For each share, numbers of visits, and the tail that each visit has then.
    tries: Vec<Vec<(f64, f64)>>,
}

impl Proof {
    /// The visits and service times of a demand, as some viewpoints see them.
    pub(crate) fn new(demand: &Demand, traffic: &Traffic, viewpoints: &[Viewpoint]) -> Self {
        Self::with_shares(demand, traffic, viewpoints, shares(demand.services.len()))
    }

    /// The same with other shares to choose from, largest first.
    pub(crate) fn with_shares(
        demand: &Demand,
        traffic: &Traffic,
        viewpoints: &[Viewpoint],
        shares: Vec<f64>,
    ) -> Self {
        let classes = traffic.classes.iter().enumerate();
        let counts: Vec<Vec<Count>> =
            classes.map(|(at, view)| counts(demand, ClassIndex(at), view)).collect();
        let mut proof = Self { shares, spreads: Vec::new(), lanes: Vec::new() };
        for viewpoint in viewpoints {
            let services = 0..demand.services.len();
            let lanes = services
                .map(|service| {
                    let parts = parts(demand, traffic, viewpoint.class, service);
                    let counts =
                        parts.iter().map(|part| (part.share, &counts[part.class][service]));
                    let count = Count::mixed(counts);
                    let tail = viewpoint.percentile?.tail().value();
                    proof.lane(&parts, &count, tail)
                })
                .collect();
            proof.lanes.push(lanes);
        }
        proof
    }

    fn lane(&mut self, parts: &[Part], count: &Count, tail: f64) -> Option<Lane> {
        let visits: f64 = parts.iter().map(|part| part.share * part.visits).sum();
        if visits <= 0.0 {
            return None;
        }
        let weight = |part: &Part| part.share * part.visits / visits;
        let spread = match parts {
            [first, rest @ ..] if rest.iter().all(|part| part.work == first.work) => {
                Spread::lognormal(first.work)
            }
            _ => {
                let each = parts.iter().map(|part| (weight(part), Spread::lognormal(part.work)));
                Spread::mixed(&each.collect::<Vec<_>>())
            }
        };
        let place = self.spreads.iter().position(|known| *known == spread);
        let spread = place.unwrap_or_else(|| {
            self.spreads.push(spread);
            self.spreads.len() - 1
        });
        let tries = self.shares.iter().map(|share| tries(count, visits, share * tail)).collect();
        Some(Lane { spread, tries })
    }

    /// What a service adds for each viewpoint and, within it, for each share: with that wait
    /// before each visit, at that speed, and with a round trip of that many s. `None` where it
    /// cannot keep to a share, or the load is not below the capacity.
    pub(crate) fn tails(
        &self,
        service: usize,
        wait: Option<WaitTail>,
        (speed, trip): (f64, f64),
    ) -> Vec<Option<Moments>> {
        let mut tails = Vec::with_capacity(self.lanes.len() * self.shares.len());
        let mut known: Option<(usize, Sojourn)> = None;
        for lanes in &self.lanes {
            let (Some(wait), Some(lane)) = (wait, &lanes[service]) else {
                let tail = wait.map(|_| Moments::default());
                tails.extend(self.shares.iter().map(|_| tail));
                continue;
            };
            let sojourn = match known.take() {
                Some((spread, sojourn)) if spread == lane.spread => sojourn,
                _ => Sojourn::new(wait, &self.spreads[lane.spread], speed),
            };
            for (share, tries) in self.shares.iter().zip(&lane.tries) {
                let sums = tries.iter().filter_map(|(visits, tail)| {
                    if *visits <= 0.0 {
                        return Some(0.0);
                    }
                    Some(visits * (sojourn.upper(*tail)? + trip))
                });
                let least = sums.reduce(f64::min);
                tails.push(least.map(|quantile| Tail { quantile, share: *share }.into()));
            }
            known = Some((lane.spread, sojourn));
        }
        tails
    }
}

/// The shares of the tail that each of so many services may have, largest first: enough of them
/// that all services can have the smallest and half of the tail is left.
fn shares(services: usize) -> Vec<f64> {
    let mut shares = vec![1.0];
    let mut least = 1.0;
    while shares.len() < LEVELS as usize || least * services as f64 > 0.5 {
        least *= 0.5;
        shares.push(least);
    }
    shares
}

/// What one class of requests does to a service.
struct Part {
    class: usize,
    /// Of the requests that are looked at.
    share: f64,
    /// All visits of one of them.
    visits: f64,
    /// The reference CPU time of a visit, in s and s².
    work: Moments,
}

/// The classes that a viewpoint looks at.
fn parts(
    demand: &Demand,
    traffic: &Traffic,
    class: Option<ClassIndex>,
    service: usize,
) -> Vec<Part> {
    let part = |class: usize, share: f64| {
        let view = &traffic.classes[class];
        let visits = view.awaited[service].mean * view.side_by_side[service];
        Part { class, share, visits, work: view.work[service] }
    };
    match class {
        Some(ClassIndex(class)) => vec![part(class, 1.0)],
        None => demand
            .classes
            .iter()
            .enumerate()
            .map(|(class, own)| part(class, own.share.value()))
            .filter(|part| part.share > 0.0)
            .collect(),
    }
}

/// Numbers of visits, with what each may exceed its quantile by; the fewest first.
fn tries(count: &Count, visits: f64, tail: f64) -> Vec<(f64, f64)> {
    let mut tries = Vec::new();
    for (number, beyond) in count.beyond().enumerate() {
        if beyond < tail {
            tries.push((number as f64, (tail - beyond) / visits));
        }
        if beyond <= tail * NEEDLESS {
            break;
        }
    }
    tries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_services_can_share_the_tail() {
        for services in [1, 2, 3, 32, 33, 100, 1_000] {
            let shares = shares(services);
            let least = shares.last().unwrap();
            assert!(least * services as f64 <= 0.5);
            assert!((shares[0] - 1.0).abs() < 1e-12);
        }
        assert_eq!(shares(4).len(), 7);
    }

    #[test]
    fn more_visits_leave_more_of_the_tail_to_each() {
        let tries = tries(&Count::missed(24, 0.1), 2.4, 0.05);
        assert!(tries.len() > 2);
        assert!(tries.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1));
        assert!(tries.iter().all(|(number, each)| *number < 10.0 && *each < 0.05 / 2.4));
    }

    #[test]
    fn three_services_that_are_seldom_slow_are_slow_together() {
        // Each takes a second for 0.6% of its visits, and a millisecond for the others. The 99th
        // percentile of each is fast, and so is their sum; that of all three together is not.
        let slow = |chance: f64| {
            let spread = Spread::new(|tail| if tail < chance { 1.0 } else { 1e-3 });
            Sojourn::new(WaitTail::exponential(0.0, 1.0), &spread, 1.0)
        };
        let one = slow(0.006);
        assert!(3.0 * one.upper(0.01).unwrap() < 0.01);
        assert!(1.0 - 0.994_f64.powi(3) > 0.01);
        for shares in [[1.0 / 3.0; 3], [0.5, 0.25, 0.25], [0.75, 0.125, 0.125]] {
            let bound: f64 = shares.iter().map(|share| one.upper(share * 0.01).unwrap()).sum();
            assert!(bound > 1.0, "{shares:?}: {bound}");
        }
    }
}
