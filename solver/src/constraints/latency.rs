//! Latency: for each objective and state, the percentile of the summed sojourn is within its limit.
//!
//! The percentile of a sum is not linear in its parts, but its mean and variance are. For every
//! step of a fixed ladder of variances, the largest mean that the limit allows is worked out
//! beforehand, and a plan must stay under one step in both: two rows and a choice of one step, with
//! no big M. The ladder does not depend on the limit, so a tighter limit only takes plans away.
//!
//! In the proof form the same two rows count quantiles in place of means and shares of the tail in
//! place of variances, and their ladder has one step: the limit, and the whole tail.

use domain::demand::ServiceIndex;
use domain::intent::ServiceKind;
use domain::objective::LatencyObjective;

use super::Context;
use crate::layout::Layout;
use crate::model::Model;
use crate::option::{STATES, ServiceOption, State};
use crate::percentile::GammaPercentile;
use crate::program::{Column, Label, Program, TOLERANCE};
use crate::proof::Tail;
use crate::queueing::Moments;

/// Standard deviations of the ladder grow by this factor from step to step.
const STEP: f64 = 1.06;
/// The lowest step, in seconds.
const LOWEST: f64 = 1e-5;
/// Means that differ by a smaller share are the same.
const NEARLY: f64 = 1e-9;
/// The highest step, in seconds.
const HIGHEST: f64 = 1e2;

/// A state of the whole system in which latency is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LatencyState {
    /// The load of the headroom, everything up.
    Headroom,
    /// The stated peak with one instance of this service down.
    InstanceDown(ServiceIndex),
    /// The stated peak with the fullest zone lost.
    ZoneLost,
}

impl LatencyState {
    /// The state of one service in it.
    pub const fn of(self, service: usize) -> State {
        match self {
            Self::Headroom => State::Headroom,
            Self::InstanceDown(ServiceIndex(down)) if down == service => State::OneDown,
            Self::InstanceDown(_) => State::Base,
            Self::ZoneLost => State::ZoneLost,
        }
    }
}

/// The states that are looked at in any case; those with an instance down seldom bind.
pub fn first_states(layout: &Layout<'_>) -> Vec<LatencyState> {
    let zone_lost = layout.survives_zone_loss.then_some(LatencyState::ZoneLost);
    [Some(LatencyState::Headroom), zone_lost].into_iter().flatten().collect()
}

/// The states that the demand asks for in a placement, without those that follow from others.
pub fn states(context: &Context<'_, '_>) -> Vec<LatencyState> {
    let demand = context.model.demand;
    let mut states = vec![LatencyState::Headroom];
    if demand.objectives.headroom.instances_down > 0 {
        let stateless = demand.service_indices().filter(|index| {
            matches!(demand.service(*index).kind, ServiceKind::Service | ServiceKind::Balancer)
        });
        let relevant = stateless.filter(|index| {
            context.options[index.0].iter().any(worse_with_one_down_than_with_headroom)
        });
        states.extend(relevant.map(LatencyState::InstanceDown));
    }
    if context.layout.survives_zone_loss {
        states.push(LatencyState::ZoneLost);
    }
    states
}

/// Where this is so for no option of a service, the row of its lost instance follows from the row
/// of the headroom, because every other service is better off at the stated peak.
fn worse_with_one_down_than_with_headroom(option: &ServiceOption<'_>) -> bool {
    option.latency.iter().any(|states| {
        let (headroom, down) = (states[1], states[2]);
        match (headroom, down) {
            (Some(headroom), Some(down)) => {
                down.mean > headroom.mean || down.variance > headroom.variance
            }
            _ => true,
        }
    })
}

/// Two rows and a ladder for each objective and state; none where only certain limits are wanted.
pub(super) fn add(context: &Context<'_, '_>, states: &[LatencyState], program: &mut Program) {
    let objectives = &context.model.demand.objectives.latency;
    for (objective, ladder) in objectives.iter().zip(&context.model.ladders) {
        for state in states {
            ladder.add(context, objective, *state, program);
        }
    }
}

/// The states with an instance down in which those options, one for each service, miss an
/// objective.
pub fn broken_states(
    model: &Model<'_>,
    chosen: &[&ServiceOption<'_>],
    floors: &[ServiceOption<'_>],
) -> Vec<LatencyState> {
    let demand = model.demand;
    if demand.objectives.headroom.instances_down == 0 {
        return Vec::new();
    }
    let stateless = demand.service_indices().filter(|index| {
        matches!(demand.service(*index).kind, ServiceKind::Service | ServiceKind::Balancer)
    });
    let down = stateless.map(LatencyState::InstanceDown);
    let views: Vec<usize> = views_of_objectives(model);
    down.filter(|state| {
        let mut ladders = model.ladders.iter().zip(&views);
        !ladders.all(|(ladder, view)| {
            let least = total(floors.iter(), *view, *state).unwrap_or_default();
            let sum = total(chosen.iter().copied(), *view, *state);
            sum.is_some_and(|sum| ladder.allows(sum, scale_of(least)))
        })
    })
    .collect()
}

/// What those options, one for each service, add up to; `None` where one cannot hold the state.
fn total<'o, 'a: 'o>(
    options: impl Iterator<Item = &'o ServiceOption<'a>>,
    view: usize,
    state: LatencyState,
) -> Option<Moments> {
    options.enumerate().try_fold(Moments::default(), |sum, (service, option)| {
        Some(sum.plus(option.latency[view][place_of_state(state.of(service))]?))
    })
}

fn views_of_objectives(model: &Model<'_>) -> Vec<usize> {
    let objectives = model.demand.objectives.latency.iter();
    objectives.map(|objective| model.place_of(objective)).collect()
}

pub(super) fn place_of_state(state: State) -> usize {
    STATES.iter().position(|known| *known == state).expect("every state is listed")
}

/// The steps of one objective: a variance, and the largest mean that it allows.
#[derive(Debug, Clone, PartialEq)]
pub struct Ladder {
    steps: Vec<(f64, f64)>,
    /// The limit of the objective, in s: the scale of its means.
    limit: f64,
}

impl Ladder {
    /// The ladder of an objective whose estimate must stay below its limit by the factor `guard`.
    pub fn new(objective: &LatencyObjective, guard: f64) -> Self {
        let percentile = GammaPercentile::tabulated(objective.percentile);
        let limit = objective.limit.value() / guard;
        let mut steps = Vec::new();
        let mut deviation = LOWEST;
        while deviation <= HIGHEST {
            steps.push((deviation * deviation, percentile.largest_mean(deviation, limit)));
            deviation *= STEP;
        }
        // A step is needless where the next one allows more variance and as large a mean.
        let last = steps.len().saturating_sub(1);
        let means: Vec<f64> = steps.iter().map(|step| step.1).collect();
        let mut at = 0..;
        steps.retain(|(_, mean)| {
            let at = at.next().unwrap_or(last);
            at == last || means[at + 1] < mean * (1.0 - NEARLY)
        });
        Self { steps, limit: objective.limit.value() }
    }

    /// The one step of an objective in the proof form: the quantiles of all services add up to at
    /// most the limit, and their shares to the whole tail.
    pub fn of_tails(objective: &LatencyObjective, guard: f64) -> Self {
        let limit = objective.limit.value();
        let whole = Moments::from(Tail { quantile: limit / guard, share: 1.0 });
        Self { steps: vec![(whole.variance, whole.mean)], limit }
    }

    /// Whether some step holds those moments, by the rows that it becomes; `scale` is that of the
    /// variance.
    fn allows(&self, total: Moments, scale: f64) -> bool {
        let variance = total.variance - TOLERANCE * scale;
        let step = self.steps.iter().find(|(step, _)| *step >= variance);
        step.is_some_and(|(_, mean)| total.mean <= *mean + TOLERANCE * self.limit)
    }

    fn add(
        &self,
        context: &Context<'_, '_>,
        objective: &LatencyObjective,
        state: LatencyState,
        program: &mut Program,
    ) {
        let view = context.model.place_of(objective);
        let moments = |group: usize, column: usize| {
            let option = context.option(group, column)?;
            Some(moments_in(option, view, state.of(group)))
        };
        let name = state_name(context, objective, state);
        let least = total(context.floors.iter(), view, state).unwrap_or_default();
        let useful = self.useful(least);
        let columns = useful
            .iter()
            .map(|(variance, _)| Column { name: Label::Deviation(variance.sqrt()), cost: 0 })
            .collect();
        let group_of_ladder = program.add_group(&format!("ladder {name}"), true, columns);
        let part = |wanted: fn(Moments) -> f64, step: fn(&(f64, f64)) -> f64| {
            let (useful, moments) = (&useful, &moments);
            move |group: usize, column: usize| {
                if group == group_of_ladder {
                    -step(&useful[column])
                } else {
                    moments(group, column).map_or(0.0, wanted)
                }
            }
        };
        let mean = part(|moments| moments.mean, |step| step.1);
        program.add_row(&format!("{name}.mean"), 0.0, self.limit, mean);
        let variance = part(|moments| moments.variance, |step| step.0);
        program.add_row(&format!("{name}.variance"), 0.0, scale_of(least), variance);
    }

    /// The steps between the least variance and the least mean of any choice; at least one, so
    /// that a limit below every step makes the program infeasible and not empty.
    fn useful(&self, least: Moments) -> Vec<(f64, f64)> {
        let holds = |(variance, mean): &(f64, f64)| {
            *variance >= least.variance && *mean >= least.mean * (1.0 - 1e-9)
        };
        let useful: Vec<(f64, f64)> = self.steps.iter().copied().filter(holds).collect();
        if useful.is_empty() { vec![(0.0, 0.0)] } else { useful }
    }
}

/// The scale of variances, where no choice has less than those moments.
fn scale_of(least: Moments) -> f64 {
    least.variance.max(1e-12)
}

/// What an option adds in a state.
///
/// # Panics
/// When it has no moments there: such options are left out before the program is built.
fn moments_in(option: &ServiceOption<'_>, view: usize, state: State) -> Moments {
    let moments = option.latency[view][place_of_state(state)];
    moments.expect("options that cannot hold a state are left out before")
}

/// `latency-p95@headroom`, `latency-p95@instance-down:app`, `latency-p95@zone-loss`.
fn state_name(
    context: &Context<'_, '_>,
    objective: &LatencyObjective,
    state: LatencyState,
) -> String {
    let id = objective.id();
    match state {
        LatencyState::Headroom => format!("{id}@headroom"),
        LatencyState::InstanceDown(service) => {
            format!("{id}@instance-down:{}", context.model.demand.service(service).name)
        }
        LatencyState::ZoneLost => format!("{id}@zone-loss"),
    }
}
