//! What the model expects of each latency objective, in the state in which it is worst.

use domain::plan::LatencyEstimate;
use domain::units::Seconds;

use crate::constraints::LatencyState;
use crate::model::{Model, view_of};
use crate::optimise::{Optimum, latency_states};
use crate::option::STATES;
use crate::percentile::GammaPercentile;
use crate::queueing::Moments;

/// The worst estimate of each objective over the states that the demand asks for.
pub fn worst_estimates(model: &Model<'_>, optimum: &Optimum<'_>) -> Vec<LatencyEstimate> {
    let options: Vec<_> = optimum.options.iter().map(|option| vec![option.clone()]).collect();
    let states = latency_states(model, &optimum.layout, &options);
    model
        .demand
        .objectives
        .latency
        .iter()
        .filter_map(|objective| {
            let view = view_of(model.demand, objective);
            let place = model.views.iter().position(|known| *known == view)?;
            let percentile = GammaPercentile::tabulated(objective.percentile);
            states
                .iter()
                .filter_map(|state| {
                    let moments = total(optimum, place, *state)?;
                    let deviation = moments.variance.sqrt();
                    Some(LatencyEstimate {
                        objective: objective.id(),
                        state: state_name(model, *state),
                        mean: Seconds::of(moments.mean),
                        deviation: Seconds::of(deviation),
                        percentile: Seconds::of(percentile.at(moments.mean, deviation)),
                        limit: objective.limit,
                    })
                })
                .max_by(|a, b| a.percentile.cmp(&b.percentile))
        })
        .collect()
}

/// The sojourn over all services; `None` where some service cannot carry the state.
fn total(optimum: &Optimum<'_>, view: usize, state: LatencyState) -> Option<Moments> {
    optimum.options.iter().enumerate().try_fold(Moments::default(), |sum, (service, option)| {
        let own = state.of(service);
        let place = STATES.iter().position(|known| *known == own)?;
        Some(sum.plus(option.latency[view][place]?))
    })
}

fn state_name(model: &Model<'_>, state: LatencyState) -> String {
    match state {
        LatencyState::Headroom => "headroom".to_owned(),
        LatencyState::InstanceDown(service) => {
            format!("instance-down:{}", model.demand.service(service).name)
        }
        LatencyState::ZoneLost => "zone-loss".to_owned(),
    }
}
