//! Services of somebody else: how long their answers take, and how often there are none.

use domain::demand::{ServiceDemand, Work};
use domain::external::External;
use domain::intent::{Intent, Service, ServiceKind, StatedExternal};
use domain::units::{Ratio, Seconds};

use super::book::Book;
use super::queues::unsized_service;

/// The 99th percentile of a standard normal number.
const NORMAL_P99: f64 = 2.326_347_874_040_841;

/// A service of somebody else. It is not sized: its work is the time that its answers take, on
/// servers that never run out.
pub(super) fn external(
    intent: &Intent,
    service: &Service,
    stated: &StatedExternal,
    book: &mut Book<'_>,
) -> ServiceDemand {
    let name = format!("external.{}", service.name);
    let p50 = book.fixed(&format!("{name}.latency.p50"), &stated.p50);
    let p99 = book.fixed(&format!("{name}.latency.p99"), &stated.p99);
    let path = format!("{name}.uptime");
    let uptime: Ratio = book.stated(&path, Some(&stated.uptime), &path);
    let (mean, cv) = lognormal(p50, p99);
    let formula = "mean of the lognormal time with that p50 and p99: p50 × exp(σ²/2), \
                   σ = ln(p99/p50)/2.326";
    let cpu_time = book.derived(&format!("{name}.latency.mean"), mean, formula);
    let formula = "variation of the lognormal time with that p50 and p99: √(exp(σ²) − 1)";
    let cv = book.derived(&format!("{name}.latency.cv"), cv, formula);
    ServiceDemand {
        work: vec![Work { cpu_time, cv }; intent.requests.len()],
        external: Some(External { p50, p99, uptime }),
        ..unsized_service(intent, service, ServiceKind::External)
    }
}

/// Mean and coefficient of variation of the lognormal time with that median and 99th percentile.
fn lognormal(p50: Seconds, p99: Seconds) -> (Seconds, f64) {
    let sigma = libm::log((p99.value() / p50.value()).max(1.0)) / NORMAL_P99;
    let square = sigma * sigma;
    (p50.times(libm::exp(square / 2.0)), libm::expm1(square).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::floor::lognormal_percentile;
    use crate::queueing::Moments;

    #[test]
    fn the_lognormal_time_has_the_percentiles_that_were_stated() {
        for (p50, p99) in [(0.12, 0.6), (0.05, 0.05), (0.001, 2.0)] {
            let (mean, cv) = lognormal(Seconds::of(p50), Seconds::of(p99));
            let mean = mean.value();
            let time = Moments { mean, variance: (cv * mean) * (cv * mean) };
            for (probability, stated) in [(0.5, p50), (0.99, p99)] {
                let found = lognormal_percentile(time, probability);
                assert!((found / stated - 1.0).abs() < 1e-9, "{found} for {stated}");
            }
        }
    }
}
