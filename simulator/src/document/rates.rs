//! Arrivals of a document.

use domain::model::{
    Arrivals as Written, Batch as WrittenBatch, Point, Rate as WrittenRate,
    Source as WrittenSource, Stay,
};
use domain::units::Seconds;

use super::convert::Converter;
use crate::model::{Arrivals, Batch, Rate, RateState, Source, Users};

impl Converter {
    /// A stream of requests, or a population of clients.
    pub(super) fn source(self, source: &WrittenSource, enters: &[usize]) -> Source {
        let (arrivals, users) = match &source.arrivals {
            Written::Open { interarrival, rate, batch } => {
                let gaps = self.service(interarrival);
                let rate = match rate {
                    Some(rate) => self.rate(rate),
                    None => Rate::Constant(1.0 / gaps.mean()),
                };
                let batch = match batch {
                    WrittenBatch::Fixed(1) => Batch::Single,
                    WrittenBatch::Fixed(size) => Batch::Fixed(*size),
                    WrittenBatch::Geometric(mean) => Batch::Geometric(*mean),
                };
                (Arrivals { gaps, rate, batch }, None)
            }
            Written::Closed(population) => {
                let think = self.service(&population.think_time);
                (Arrivals::poisson(0.0), Some(Users { count: population.size, think }))
            }
        };
        Source {
            arrivals,
            users,
            mix: source.mix.clone(),
            enters: enters.to_vec(),
            resilience: self.resilience(&source.on_failure),
            zones: source.zones.clone(),
            deadline: source.deadline.map(|deadline| self.time(deadline)),
        }
    }

    fn rate(self, rate: &WrittenRate) -> Rate {
        match rate {
            WrittenRate::Constant(rate) => Rate::Constant(rate / self.scale),
            WrittenRate::Steps { points, period } => {
                self.repeated(points, *period, Rate::Steps, true)
            }
            WrittenRate::Lines { points, period } => {
                self.repeated(points, *period, Rate::Lines, false)
            }
            WrittenRate::Sine { mean, amplitude, period } => Rate::Sine {
                mean: mean / self.scale,
                amplitude: amplitude / self.scale,
                period: self.time(*period),
            },
            WrittenRate::Modulated(states) => {
                Rate::Modulated(states.iter().map(|state| self.state(state)).collect())
            }
        }
    }

    /// Steps or lines, over and over again or once; what happens once begins after the warm-up.
    fn repeated(
        self,
        points: &[Point],
        period: Option<Seconds>,
        shape: impl Fn(Vec<(f64, f64)>) -> Rate,
        steps: bool,
    ) -> Rate {
        let later = if period.is_some() { 0.0 } else { self.warm_up };
        let mut moved: Vec<(f64, f64)> = points
            .iter()
            .map(|point| (self.time(point.at) + later, point.rate / self.scale))
            .collect();
        if later > 0.0
            && let Some((_, first)) = moved.first().copied()
        {
            if steps {
                moved[0].0 = 0.0;
            } else {
                moved.insert(0, (0.0, first));
            }
        }
        match period {
            Some(period) => {
                Rate::Repeated { rate: Box::new(shape(moved)), period: self.time(period) }
            }
            None => shape(moved),
        }
    }

    fn state(self, state: &Stay) -> RateState {
        RateState {
            rate: state.rate / self.scale,
            stay: self.service(&state.stay),
            next: state.next.clone(),
        }
    }
}
