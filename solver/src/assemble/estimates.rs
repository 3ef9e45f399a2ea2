//! What the model expects of each latency objective, in the state in which it is worst.

use domain::plan::{LatencyBasis, LatencyEstimate, LatencyForm, TailPart};
use domain::units::{Ratio, Seconds};

use crate::constraints::LatencyState;
use crate::model::Model;
use crate::optimise::{Optimum, latency_states};
use crate::option::{STATES, State};
use crate::percentile::GammaPercentile;
use crate::proof::Tail;
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
            let place = model.place_of(objective);
            let percentile = GammaPercentile::tabulated(objective.percentile);
            states
                .iter()
                .filter_map(|state| {
                    let moments = total(optimum, place, *state)?;
                    let deviation = moments.variance.sqrt();
                    let (basis, percentile) = match model.settings.form {
                        LatencyForm::Moment => {
                            let (mean, deviation) =
                                (Seconds::of(moments.mean), Seconds::of(deviation));
                            let basis = LatencyBasis::Moment { mean, deviation };
                            (basis, percentile.at(moments.mean, deviation.value()))
                        }
                        LatencyForm::Proof => {
                            let parts = tails(model, optimum, place, *state);
                            (LatencyBasis::Proof(parts), Tail::from(moments).quantile)
                        }
                    };
                    Some(LatencyEstimate {
                        objective: objective.id(),
                        state: state_name(model, *state),
                        basis,
                        percentile: Seconds::of(percentile),
                        limit: objective.limit,
                    })
                })
                .max_by(|a, b| a.percentile.cmp(&b.percentile))
        })
        .collect()
}

/// What each service that is visited keeps to in the proof form.
fn tails(
    model: &Model<'_>,
    optimum: &Optimum<'_>,
    view: usize,
    state: LatencyState,
) -> Vec<TailPart> {
    let services = model.demand.services.iter().zip(&optimum.options).enumerate();
    let parts = services.filter_map(|(at, (service, option))| {
        let tail = Tail::from(option.latency[view][place_of(state.of(at))?]?);
        let share = Ratio::of(tail.share);
        let quantile = Seconds::of(tail.quantile);
        Some(TailPart { service: service.name.clone(), quantile, share })
    });
    parts.filter(|part| part.share > Ratio::ZERO).collect()
}

fn place_of(state: State) -> Option<usize> {
    STATES.iter().position(|known| *known == state)
}

/// The sojourn over all services; `None` where some service cannot carry the state.
fn total(optimum: &Optimum<'_>, view: usize, state: LatencyState) -> Option<Moments> {
    optimum.options.iter().enumerate().try_fold(Moments::default(), |sum, (service, option)| {
        Some(sum.plus(option.latency[view][place_of(state.of(service))?]?))
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
