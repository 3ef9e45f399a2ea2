//! Replicas of which some must be up, and zones that take theirs down with them.

use super::Chain;
use crate::model::ModelFault;

/// Replicas that fail and are repaired, each on its own, after exponential times.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Replicas {
    /// How many there are.
    pub count: u32,
    /// How many must be up.
    pub needed: u32,
    /// Mean time from repair to failure of a replica that runs, in any unit.
    pub lasts: f64,
    /// Mean time of a repair, in the same unit.
    pub repair: f64,
    /// How many are repaired at once.
    pub crews: u32,
    /// What those that are not needed do.
    pub spares: Spares,
}

/// What replicas do that are up and not needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Spares {
    /// They run, and fail, like all others.
    #[default]
    Hot,
    /// They are off and do not fail, and take over at once.
    Cold,
}

/// How much of the time there is enough.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Availability {
    /// The share of time in which there is not.
    pub unavailability: f64,
    /// Outages in a unit of time.
    pub outages: f64,
    /// Mean time of an outage.
    pub mean_outage: f64,
    /// Mean time from all up to the first outage.
    pub first_outage: f64,
    /// Mean number of replicas that are up.
    pub mean_up: f64,
}

impl Replicas {
    /// How much of the time enough of them are up.
    ///
    /// # Errors
    /// When there are none, no crews, fewer than are needed, none needed, or a time is not a finite
    /// number above 0.
    pub fn availability(&self) -> Result<Availability, ModelFault> {
        let place = "replicas";
        let too_few = |what, number: u32| {
            let (place, number) = (place.to_owned(), f64::from(number));
            Err(ModelFault::Number { place, what, number })
        };
        if self.crews == 0 {
            return too_few("number of crews", self.crews);
        }
        if self.needed == 0 {
            return too_few("number of replicas needed", self.needed);
        }
        if self.count < self.needed {
            return too_few("number of replicas that reaches those needed", self.count);
        }
        let running = |failed: u32| match self.spares {
            Spares::Hot => self.count - failed,
            Spares::Cold => (self.count - failed).min(self.needed),
        };
        let births = (0..self.count).map(|failed| f64::from(running(failed)) / self.lasts);
        let deaths = (1..=self.count).map(|failed| f64::from(failed.min(self.crews)) / self.repair);
        let chain = Chain::new(births.collect(), deaths.collect())?;
        let out = (self.count - self.needed) as usize + 1;
        let (unavailability, outages) = (chain.share_from(out), chain.entries(out));
        Ok(Availability {
            unavailability,
            outages,
            mean_outage: unavailability / outages,
            first_outage: chain.first_passage(out),
            mean_up: f64::from(self.count) - chain.mean(),
        })
    }
}

/// Equal zones with equal replicas: a zone that is down takes all of its replicas with it, and
/// beside that each is down on its own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Zones {
    /// How many zones.
    pub zones: u32,
    /// Replicas in each.
    pub per_zone: u32,
    /// How many must be up in all.
    pub needed: u32,
    /// The share of time in which a zone is down.
    pub zone: f64,
    /// The share of time in which a replica is down by itself.
    pub replica: f64,
}

/// Replicas of all zones beyond which the sums would take minutes.
const REPLICAS_MAX: u64 = 10_000;

impl Zones {
    /// The share of time in which not enough are up.
    ///
    /// # Errors
    /// When a share is none, or there are more than 10,000 replicas.
    pub fn unavailability(&self) -> Result<f64, ModelFault> {
        let place = || "zones".to_owned();
        for number in [self.zone, self.replica] {
            if !(0.0..=1.0).contains(&number) {
                return Err(ModelFault::Number { place: place(), what: "share of time", number });
            }
        }
        if u64::from(self.zones) * u64::from(self.per_zone) > REPLICAS_MAX {
            let limit = REPLICAS_MAX;
            return Err(ModelFault::TooMany { place: place(), what: "replicas", limit });
        }
        // The chance of each number up, among more and more replicas and then zones.
        let among = |chances: &[f64], next: &[f64]| {
            let mut sum = vec![0.0; chances.len() + next.len() - 1];
            for (at, chance) in chances.iter().enumerate() {
                for (more, of) in next.iter().enumerate() {
                    sum[at + more] += chance * of;
                }
            }
            sum
        };
        let replica = [self.replica, 1.0 - self.replica];
        let mut zone = (0..self.per_zone).fold(vec![1.0], |up, _| among(&up, &replica));
        for chance in &mut zone {
            *chance *= 1.0 - self.zone;
        }
        zone[0] += self.zone;
        let all = (0..self.zones).fold(vec![1.0], |up, _| among(&up, &zone));
        Ok(all.iter().take(self.needed as usize).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAIR: Replicas =
        Replicas { count: 2, needed: 1, lasts: 100.0, repair: 1.0, crews: 2, spares: Spares::Hot };

    #[test]
    fn one_replica_is_up_as_long_as_it_lasts() {
        let one = Replicas { count: 1, ..PAIR }.availability().unwrap();
        assert!((one.unavailability - 1.0 / 101.0).abs() < 1e-15);
        assert!((one.first_outage - 100.0).abs() < 1e-12 && (one.mean_outage - 1.0).abs() < 1e-12);
    }

    #[test]
    fn replicas_on_their_own_are_binomial() {
        let found = Replicas { count: 7, needed: 5, crews: 7, ..PAIR }.availability().unwrap();
        let zones = Zones { zones: 1, per_zone: 7, needed: 5, zone: 0.0, replica: 1.0 / 101.0 };
        let exact = zones.unavailability().unwrap();
        assert!((found.unavailability / exact - 1.0).abs() < 1e-9, "{found:?}");
    }

    /// Trivedi (2002), 8.4: a cold pair of failure rate λ and repair rate μ lasts 2/λ + μ/λ².
    #[test]
    fn a_cold_spare_lasts_longer_than_a_hot_one() {
        let cold = Replicas { spares: Spares::Cold, ..PAIR }.availability().unwrap();
        assert!((cold.first_outage - (200.0 + 10_000.0)).abs() < 1e-9);
        assert!(PAIR.availability().unwrap().first_outage < cold.first_outage);
    }

    #[test]
    fn zones_beyond_reason_and_shares_that_are_none_are_refused() {
        let zones = Zones { zones: 3, per_zone: 2, needed: 4, zone: 1e-4, replica: 1e-3 };
        assert!(Zones { zone: 1.5, ..zones }.unavailability().is_err());
        assert!(Zones { replica: f64::NAN, ..zones }.unavailability().is_err());
        assert!(Zones { zones: u32::MAX, ..zones }.unavailability().is_err());
        assert!(Replicas { crews: 0, ..PAIR }.availability().is_err());
        assert!(Replicas { needed: 3, ..PAIR }.availability().is_err());
        assert!(Replicas { lasts: 0.0, ..PAIR }.availability().is_err());
    }
}
