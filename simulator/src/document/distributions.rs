//! Distributions of a document.

use domain::model::{Distribution, Weighted};
use domain::units::Seconds;

use super::convert::Converter;
use crate::model::{Phase, Service};

impl Converter {
    /// A time in the unit of the run.
    pub(super) fn time(self, time: Seconds) -> f64 {
        time.value() * self.scale
    }

    /// A distribution in the unit of the run.
    pub(super) fn service(self, distribution: &Distribution) -> Service {
        let weighted = |part: &Weighted| (part.weight, self.time(part.time));
        match distribution {
            Distribution::Deterministic(time) => Service::Fixed { time: self.time(*time) },
            Distribution::Exponential(mean) => Service::Exponential { mean: self.time(*mean) },
            Distribution::Erlang { stages, mean } => {
                Service::Erlang { stages: *stages, mean: self.time(*mean) }
            }
            Distribution::Hyperexponential(branches) => {
                Service::Hyperexponential { branches: branches.iter().map(weighted).collect() }
            }
            Distribution::Lognormal { mean, cv } => {
                Service::LogNormal { mean: self.time(*mean), cv: *cv }
            }
            Distribution::Gamma { mean, cv } => Service::Gamma { mean: self.time(*mean), cv: *cv },
            Distribution::Uniform { low, high } => {
                Service::Uniform { low: self.time(*low), high: self.time(*high) }
            }
            Distribution::Pareto { scale, shape } => {
                Service::Pareto { scale: self.time(*scale), shape: *shape }
            }
            Distribution::Empirical(values) => Service::Empirical {
                values: values.iter().map(|part| (self.time(part.time), part.weight)).collect(),
            },
            Distribution::PhaseType(phases) => {
                let phase = |phase: &domain::model::Phase| Phase {
                    start: phase.start,
                    mean: self.time(phase.mean),
                    next: phase.next.clone(),
                };
                Service::Phases { phases: phases.iter().map(phase).collect() }
            }
        }
    }
}
