//! The chance that a year stays within its error budget.
//!
//! A mean is not a year: few and long outages make most years better than the mean and some far
//! worse. Years are drawn with their own streams; each fault strikes a Poisson number of times.

use domain::units::{Ppm, Seconds};
use libm::{exp, log};

use crate::random::{Fraction, Purpose, Streams, normal_quantile, scenario_number};

/// Years that are drawn: the chance is then known to a hundredth, with certainty for all purposes.
const YEARS: u32 = 20_000;
/// Events a year beyond which only their mean matters: its spread is a tenth of it, of little.
const MANY: f64 = 100.0;

/// How long a loss lasts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Span {
    /// No time beyond what is fixed.
    None,
    /// Without memory.
    Exponential { mean: f64 },
    /// Its logarithm is normal.
    LogNormal { median: f64, sigma: f64 },
}

impl Span {
    fn mean(self) -> f64 {
        match self {
            Self::None => 0.0,
            Self::Exponential { mean } => mean,
            Self::LogNormal { median, sigma } => median * exp(sigma * sigma / 2.0),
        }
    }

    fn quantile(self, uniform: f64) -> f64 {
        match self {
            Self::None => 0.0,
            Self::Exponential { mean } => -log(1.0 - uniform) * mean,
            Self::LogNormal { median, sigma } => median * exp(sigma * normal_quantile(uniform)),
        }
    }
}

/// Something that costs requests at a rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Loss {
    /// Events a second.
    pub rate: f64,
    /// How long each lasts.
    pub span: Span,
    /// The share of the requests that is lost meanwhile.
    pub lost: f64,
    /// Seconds' worth of requests that each event costs besides.
    pub fixed: f64,
}

impl Loss {
    /// A share that is lost all the time.
    pub(super) fn always(lost: f64) -> Self {
        Self { rate: f64::INFINITY, span: Span::None, lost, fixed: 0.0 }
    }
}

/// The share of years whose losses stay within a budget.
pub(super) fn within_budget(losses: &[Loss], budget: Ppm, seed: u64) -> f64 {
    let year = Seconds::YEAR.value();
    let allowed = budget.value() / 1e6 * year;
    let mut certain = 0.0;
    let mut random: Vec<(f64, Loss)> = Vec::new();
    for loss in losses {
        let events = loss.rate * year;
        let each = loss.span.mean() * loss.lost + loss.fixed;
        if events.is_infinite() {
            certain += loss.lost * year;
        } else if events > MANY {
            certain += events * each;
        } else if events * each > 0.0 {
            random.push((events, *loss));
        }
    }
    let streams = Streams::new(seed, scenario_number("year"), 0);
    let within = (0..YEARS)
        .filter(|number| {
            let draws = Draws { streams: &streams, year: (*number).into() };
            let losses = (0..).zip(&random);
            let lost: f64 =
                losses.map(|(entity, (events, loss))| draws.lost(entity, *events, loss)).sum();
            certain + lost <= allowed
        })
        .count();
    within as f64 / f64::from(YEARS)
}

/// The numbers of one year.
struct Draws<'a> {
    streams: &'a Streams,
    year: u64,
}

impl Draws<'_> {
    fn uniform(&self, entity: u32, place: u32) -> f64 {
        Fraction(self.streams.draw(Purpose::Year, entity, self.year, place).first()).open()
    }

    /// Seconds' worth of requests that a fault costs in this year.
    fn lost(&self, entity: u32, events: f64, loss: &Loss) -> f64 {
        let mut sum = 0.0;
        let mut clock = 0.0;
        // Gaps without memory until the year is over: a Poisson number of events.
        for event in 0.. {
            clock += -log(1.0 - self.uniform(entity, 2 * event)) / events;
            if clock > 1.0 {
                break;
            }
            let length = loss.span.quantile(self.uniform(entity, 2 * event + 1));
            sum += length * loss.lost + loss.fixed;
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four exponential outages a year that average exactly the budget of 99.9%: 43% of the years
    /// miss it. The exact chance of staying within is the sum over n of a Poisson(4) weight times
    /// the chance that n exponentials of mean m sum to at most 4m, an Erlang distribution.
    #[test]
    fn a_mean_on_budget_misses_it_in_43_of_100_years() {
        let year = Seconds::YEAR.value();
        let loss = Loss {
            rate: 4.0 / year,
            span: Span::Exponential { mean: year * 0.001 / 4.0 },
            lost: 1.0,
            fixed: 0.0,
        };
        let mut exact = 0.0;
        let mut weight = exp(-4.0);
        for count in 0..60 {
            let mut term = exp(-4.0);
            let mut below = 0.0;
            for order in 0..count {
                below += term;
                term *= 4.0 / f64::from(order + 1);
            }
            exact += weight * (1.0 - below);
            weight *= 4.0 / f64::from(count + 1);
        }
        let found = within_budget(&[loss], Ppm::of(1_000.0), 1);
        assert!((found - exact).abs() < 0.015, "{found} against {exact}");
        assert!((1.0 - exact - 0.43).abs() < 0.01, "{exact}");
    }

    #[test]
    fn what_is_lost_always_and_what_never_happens_are_certain() {
        let budget = Ppm::of(100.0);
        assert!((within_budget(&[], budget, 1) - 1.0).abs() < 1e-12);
        assert!(within_budget(&[Loss::always(2e-4)], budget, 1).abs() < 1e-12);
        assert!((within_budget(&[Loss::always(5e-5)], budget, 1) - 1.0).abs() < 1e-12);
    }
}
