//! How long messages take: calls that nobody waits for, from when each is handed over until it is
//! done.

use super::{Estimate, Experiment, Summary, trials};
use crate::engine::{Limit, Program, Watch};
use crate::model::{Model, ModelFault};
use crate::random::{Streams, scenario_number};
use crate::time::from_seconds;

/// The shares of the messages to a station that are not done within each of some times, in seconds;
/// by ratios over trials. Percentiles, waits and levels of the experiment are not looked at.
///
/// # Errors
/// When the model has a fault.
///
/// # Panics
/// When the station is none of the model's, or there are more than a class has numbers for.
pub fn late_messages(
    model: &Model,
    station: usize,
    times: &[f64],
    experiment: &Experiment,
) -> Result<Vec<Estimate>, ModelFault> {
    let program = Program::new(model)?;
    assert!(station < model.stations.len(), "the station is one of the model's");
    let class = u16::try_from(model.classes + station).expect("a model has fewer stations");
    let limit = |time: &f64| Limit { class: Some(class), latency: from_seconds(*time) };
    let warm_up = from_seconds(experiment.warm_up);
    let watch = Watch {
        load: experiment.load,
        limits: times.iter().map(limit).collect(),
        ..Watch::between(warm_up, warm_up + from_seconds(experiment.observed))
    };
    let scenario = scenario_number(&experiment.scenario);
    let streams = |trial| Streams::new(experiment.seed, scenario, trial);
    let mut summary = Summary::new(Vec::new());
    for tally in trials(&program, &watch, 0..experiment.trials, streams) {
        summary.add(tally);
    }
    let share = |place: usize| {
        Estimate::ratio(summary.trials.iter().map(|trial| {
            let (judged, over) = trial.limits[place];
            (over as f64, judged as f64)
        }))
    };
    Ok((0..times.len()).map(share).collect())
}
