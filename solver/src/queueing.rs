//! Waiting and sojourn times of one instance, by formula.
//!
//! The solver proposes with these; the simulator, which must not know them, judges.

use domain::units::{Erlangs, Seconds};

/// Mean and variance of a time, in s and s².
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Moments {
    /// The mean.
    pub mean: f64,
    /// The variance.
    pub variance: f64,
}

impl Moments {
    /// A time that never varies.
    pub const fn constant(seconds: f64) -> Self {
        Self { mean: seconds, variance: 0.0 }
    }

    /// The sum of two independent times.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { mean: self.mean + other.mean, variance: self.variance + other.variance }
    }

    /// The sum over a random number of independent copies.
    #[must_use]
    pub fn repeated(self, count: Self) -> Self {
        Self {
            mean: count.mean * self.mean,
            variance: count.mean * self.variance + count.variance * self.mean * self.mean,
        }
    }
}

/// Probability that all of `servers` are busy and an arrival is lost: Erlang's B formula by its
/// stable recursion (A. K. Erlang, 1917).
pub fn erlang_b(servers: u32, load: Erlangs) -> f64 {
    let load = load.value();
    let mut blocked = 1.0;
    for busy in 1..=servers {
        blocked = load * blocked / (f64::from(busy) + load * blocked);
    }
    blocked
}

/// Probability that an arrival waits: Erlang's C formula. `None` when the load is not below the
/// number of servers, where every arrival waits for ever.
pub fn erlang_c(servers: u32, load: Erlangs) -> Option<f64> {
    let utilisation = load.value() / f64::from(servers);
    if servers == 0 || utilisation >= 1.0 {
        return None;
    }
    let blocked = erlang_b(servers, load);
    Some(blocked / (1.0 - utilisation * (1.0 - blocked)))
}

/// How waiting is estimated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WaitingModel {
    /// A factor on the probability of waiting: 1, but for experiments that show what depends on
    /// the formula and what does not.
    pub erlang_c_factor: f64,
}

impl Default for WaitingModel {
    fn default() -> Self {
        Self { erlang_c_factor: 1.0 }
    }
}

impl WaitingModel {
    /// Mean and variance of the waiting time in front of `servers` that serve in order of arrival.
    ///
    /// Arrivals are Poisson at `arrival_rate` a second; `service` are the moments of one service.
    /// The mean is that of Allen and Cunneen, and a wait that happens is taken to be exponential,
    /// which holds asymptotically for G/G/c (W. Whitt, "Approximating a point process by a renewal
    /// process", 1982; A. O. Allen, "Probability, Statistics, and Queueing Theory", 1990).
    /// `None` when the load is not below the number of servers.
    pub fn waiting_time(
        self,
        servers: u32,
        arrival_rate: f64,
        service: Moments,
    ) -> Option<Moments> {
        let load = arrival_rate * service.mean;
        if load <= 0.0 {
            return Some(Moments::default());
        }
        let waits = erlang_c(servers, Erlangs::of(load))?;
        let waits = (waits * self.erlang_c_factor).min(1.0);
        if waits <= 0.0 {
            return Some(Moments::default());
        }
        let scv = service.variance / (service.mean * service.mean);
        let spare_rate = f64::from(servers) / service.mean - arrival_rate;
        let mean = waits / spare_rate * f64::midpoint(1.0, scv);
        let second = 2.0 * mean * mean / waits;
        Some(Moments { mean, variance: second - mean * mean })
    }
}

/// Moments of a service of that mean and coefficient of variation at a speed.
pub fn service_moments(cpu_time: Seconds, cv: f64, speed: f64) -> Moments {
    let mean = cpu_time.value() / speed;
    Moments { mean, variance: (cv * mean) * (cv * mean) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn erlang_c_agrees_with_a_published_value() {
        // M/M/3 at a = 2: P(wait) = 4/9 (Gross et al., Fundamentals of Queueing Theory, 2.3).
        let waits = erlang_c(3, Erlangs::of(2.0)).unwrap();
        assert!((waits - 4.0 / 9.0).abs() < 1e-12);
    }

    #[test]
    fn nobody_is_served_in_time_where_the_load_exceeds_the_servers() {
        assert_eq!(erlang_c(2, Erlangs::of(2.0)), None);
        assert_eq!(erlang_c(0, Erlangs::of(0.0)), None);
    }

    #[test]
    fn the_waiting_time_of_one_server_is_that_of_pollaczek_and_khinchine() {
        let service = Moments { mean: 1.0, variance: 4.0 };
        let wait = WaitingModel::default().waiting_time(1, 0.5, service).unwrap();
        assert!((wait.mean - 2.5).abs() < 1e-12);
    }

    #[test]
    fn a_random_number_of_visits_adds_its_own_spread() {
        let visit = Moments { mean: 2.0, variance: 1.0 };
        let sum = visit.repeated(Moments { mean: 3.0, variance: 0.5 });
        assert_eq!(sum, Moments { mean: 6.0, variance: 5.0 });
    }
}
