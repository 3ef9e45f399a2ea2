//! Waiting and sojourn times of one instance, by formula.
//!
//! The solver proposes with these; the simulator, which must not know them, judges.

use domain::topology::Balancing;
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

/// The tail of a waiting time: that of a mixture of two exponential times.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WaitTail {
    /// The probability of each of them; what is missing to one does not wait.
    pub waits: [f64; 2],
    /// Their rates in 1/s, the smaller one last.
    pub rates: [f64; 2],
}

impl WaitTail {
    /// Waits of one kind.
    pub const fn exponential(waits: f64, rate: f64) -> Self {
        Self { waits: [waits, 0.0], rates: [rate, rate] }
    }

    /// Waits of that mean with a squared coefficient of variation above 1: the hyperexponential
    /// time with balanced means (P. J. Kuehn 1979; W. Whitt 1982).
    fn mixed(waits: f64, mean: f64, scv: f64) -> Self {
        let often = f64::midpoint(1.0, ((scv - 1.0) / (scv + 1.0)).sqrt());
        let seldom = 1.0 - often;
        Self {
            waits: [waits * often, waits * seldom],
            rates: [2.0 * often / mean, 2.0 * seldom / mean],
        }
    }
}

/// Probability that all of `servers` are busy and an arrival is lost: Erlang's B formula by its
/// stable recursion (A. K. Erlang, 1917), on what it is the inverse of, which needs no division.
pub fn erlang_b(servers: u32, load: Erlangs) -> f64 {
    let each = 1.0 / load.value();
    let mut inverse = 1.0;
    for busy in 1..=servers {
        inverse = f64::from(busy) * each * inverse + 1.0;
    }
    1.0 / inverse
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

/// The same for any number of servers in at most some hundreds of steps: the sum over the states
/// from all busy downwards, until what is left of it no longer counts.
fn erlang_c_of_many(servers: u32, load: f64) -> Option<f64> {
    let count = f64::from(servers);
    let utilisation = load / count;
    if servers == 0 || utilisation >= 1.0 {
        return None;
    }
    let (mut busy, mut term, mut sum) = (count, 1.0, 1.0);
    let each = 1.0 / load;
    while busy > 0.0 && sum < 1.0 / NEGLIGIBLE {
        term *= busy * each;
        sum += term;
        busy -= 1.0;
        if busy < load && term < sum * NEGLIGIBLE {
            break;
        }
    }
    let blocked = 1.0 / sum;
    Some(blocked / (1.0 - utilisation * (1.0 - blocked)))
}

/// How far least outstanding is from one queue for all servers on the way to a random choice.
const LEAST_OUTSTANDING: f64 = 0.05;
/// How much further the better of two random instances is, of very many.
const TWO_CHOICES: f64 = 0.2;

/// Probabilities and parts of a sum that no plan hangs on.
const NEGLIGIBLE: f64 = 1e-12;

/// How often an arrival waits, and how long on average where it does, in s.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Waits {
    often: f64,
    long: f64,
}

impl Waits {
    /// A part of the way to other ones.
    fn towards(self, other: Self, part: f64) -> Self {
        let between = |own: f64, other: f64| own + part * (other - own);
        Self { often: between(self.often, other.often), long: between(self.long, other.long) }
    }

    /// A wait that happens is taken to be exponential.
    fn moments(self) -> Moments {
        let mean = self.often * self.long;
        Moments { mean, variance: 2.0 * mean * self.long - mean * mean }
    }
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
        let waits = self.scaled(erlang_c(servers, Erlangs::of(load))?);
        if waits <= 0.0 {
            return Some(Moments::default());
        }
        let scv = service.variance / (service.mean * service.mean);
        let spare_rate = f64::from(servers) / service.mean - arrival_rate;
        let mean = waits / spare_rate * f64::midpoint(1.0, scv);
        let second = 2.0 * mean * mean / waits;
        Some(Moments { mean, variance: second - mean * mean })
    }

    /// Mean and variance of the waiting time in a fleet of equal instances, each with its own
    /// queue, among which a balancer spreads Poisson arrivals at `arrival_rate` a second.
    ///
    /// By the policy of the balancer:
    /// - random: each instance by itself, as [`Self::waiting_time`] has it;
    /// - round robin: every instance sees one of so many arrivals, whose gaps have a squared
    ///   coefficient of variation of 1 / instances;
    /// - least outstanding: between one queue for all servers and a random choice, a twentieth of
    ///   the way; two random choices: from there on up to a fifth further.
    ///
    /// Those parts are measured by simulation, for 2 to 12 instances of 2 to 8 servers, 50% to 93%
    /// busy, with coefficients of variation from 0.5 to 2.5: docs/book/src/queueing.md.
    /// `None` when the load is not below the number of servers.
    pub fn waiting_in_fleet(
        self,
        (policy, instances): (Balancing, u32),
        servers: u32,
        arrival_rate: f64,
        service: Moments,
    ) -> Option<Moments> {
        if instances == 0 {
            return None;
        }
        let each = arrival_rate / f64::from(instances);
        let part = match policy {
            _ if instances == 1 => return self.waiting_time(servers, arrival_rate, service),
            Balancing::Random => return self.waiting_time(servers, each, service),
            Balancing::RoundRobin => 1.0,
            Balancing::LeastOutstanding => LEAST_OUTSTANDING,
            Balancing::PowerOfTwo => {
                LEAST_OUTSTANDING + TWO_CHOICES * (1.0 - 2.0 / f64::from(instances))
            }
        };
        if arrival_rate * service.mean <= 0.0 {
            return Some(Moments::default());
        }
        let steady = policy == Balancing::RoundRobin;
        let gaps = if steady { 1.0 / f64::from(instances) } else { 1.0 };
        let alone = self.waits(gaps, (servers, each), service)?;
        if steady {
            return Some(alone.moments());
        }
        let all = servers.saturating_mul(instances);
        let often = erlang_c_of_many(all, arrival_rate * service.mean)?;
        let together = Waits { often: self.scaled(often), long: alone.long / f64::from(instances) };
        Some(together.towards(alone, part).moments())
    }

    /// How often and how long calls wait at one instance to which they come at a rate, with gaps of
    /// that squared coefficient of variation; `None` when the load is not below the servers.
    fn waits(
        self,
        gaps: f64,
        (servers, arrival_rate): (u32, f64),
        service: Moments,
    ) -> Option<Waits> {
        let often = erlang_c(servers, Erlangs::of(arrival_rate * service.mean))?;
        let scv = service.variance / (service.mean * service.mean);
        let spare_rate = f64::from(servers) / service.mean - arrival_rate;
        Some(Waits { often: self.scaled(often), long: f64::midpoint(gaps, scv) / spare_rate })
    }

    /// A probability of waiting with the factor of experiments.
    fn scaled(self, waits: f64) -> f64 {
        (waits * self.erlang_c_factor).min(1.0)
    }

    /// The tail of the same waiting time, where a wait that happens may vary more than an
    /// exponential one.
    ///
    /// Its second moment is that of M/G/1 at the same utilisation, with lognormal services: given a
    /// wait, E\[W²\]/E\[W\]² = (1 − ρ)·4(1 + c²)/3 + 2ρ (L. Takács, "A single-server queue with
    /// Poisson input", 1962). With several servers that is more than it is.
    pub fn waiting_tail(
        self,
        servers: u32,
        arrival_rate: f64,
        service: Moments,
    ) -> Option<WaitTail> {
        let load = arrival_rate * service.mean;
        if load <= 0.0 {
            return Some(WaitTail::exponential(0.0, 1.0));
        }
        let Waits { often: waits, long: mean } =
            self.waits(1.0, (servers, arrival_rate), service)?;
        let scv = service.variance / (service.mean * service.mean);
        let utilisation = load / f64::from(servers);
        let second = (1.0 - utilisation) * 4.0 * (1.0 + scv) / 3.0 + 2.0 * utilisation;
        Some(if second > 2.0 {
            WaitTail::mixed(waits, mean, second - 1.0)
        } else {
            WaitTail::exponential(waits, 1.0 / mean)
        })
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
    fn many_servers_wait_as_the_recursion_has_it() {
        for (servers, load) in [(1, 0.3), (8, 5.6), (8, 7.99), (96, 72.0), (4_096, 4_050.0)] {
            let exact = erlang_c(servers, Erlangs::of(load)).unwrap();
            let found = erlang_c_of_many(servers, load).unwrap();
            assert!((found - exact).abs() <= 1e-9 * exact + 1e-11, "{servers} {load} {found}");
        }
        assert_eq!(erlang_c_of_many(4, 4.0), None);
        assert!(erlang_c_of_many(6_144, 3_000.0).unwrap() < 1e-11);
    }

    #[test]
    fn policies_wait_in_their_order_and_all_less_than_a_random_choice() {
        let service = Moments { mean: 0.01, variance: 1.44e-4 };
        for instances in [2, 3, 8, 40] {
            let rate = f64::from(instances) * 2.0 * 0.8 / 0.01;
            let waits: Vec<Moments> = Balancing::ALL
                .into_iter()
                .map(|policy| {
                    let fleet = (policy, instances);
                    WaitingModel::default().waiting_in_fleet(fleet, 2, rate, service).unwrap()
                })
                .collect();
            assert!(waits.is_sorted_by(|a, b| a.mean <= b.mean && a.variance <= b.variance));
            let one_queue = WaitingModel::default().waiting_time(2 * instances, rate, service);
            assert!(waits[0].mean > one_queue.unwrap().mean);
        }
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
    fn the_tail_of_a_wait_has_its_moments() {
        let service = Moments { mean: 0.2, variance: 0.01 };
        let model = WaitingModel::default();
        let (wait, tail) =
            (model.waiting_time(4, 15.0, service), model.waiting_tail(4, 15.0, service));
        let (wait, tail) = (wait.unwrap(), tail.unwrap());
        let moments = |tail: WaitTail| {
            let parts = tail.waits.into_iter().zip(tail.rates);
            parts.fold((0.0, 0.0), |(mean, second), (waits, rate)| {
                (mean + waits / rate, second + 2.0 * waits / (rate * rate))
            })
        };
        let (mean, second) = moments(tail);
        assert!((mean - wait.mean).abs() < 1e-12);
        assert!((second - mean * mean - wait.variance).abs() < 1e-12);
        // One server with a service that varies much: E[W²] = 2 E[W]² + λ E[S³] / 3(1 − ρ).
        let service = Moments { mean: 1.0, variance: 3.0 };
        let (mean, second) = moments(model.waiting_tail(1, 0.5, service).unwrap());
        assert!((mean - 2.0).abs() < 1e-12);
        assert!((second - (8.0 + 0.5 * 64.0 / 1.5)).abs() < 1e-9, "{second}");
        assert_eq!(model.waiting_tail(4, 20.0, service), None);
    }

    #[test]
    fn a_random_number_of_visits_adds_its_own_spread() {
        let visit = Moments { mean: 2.0, variance: 1.0 };
        let sum = visit.repeated(Moments { mean: 3.0, variance: 0.5 });
        assert_eq!(sum, Moments { mean: 6.0, variance: 5.0 });
    }
}
