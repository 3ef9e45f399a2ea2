//! Controllers: how many instances a fleet should have, from what was measured of it.
//!
//! Each policy is a pure state machine: it is told the time, what is asked for at present and what
//! each instance did in the period before, and answers with a number. It knows no engine, so that
//! what a platform documents can be tested line by line.
//!
//! | policy | of |
//! |---|---|
//! | [`HorizontalPod`] | Kubernetes `autoscaling/v2` |
//! | [`TargetTracking`] | EC2 Auto Scaling, target tracking |
//! | [`StepScaling`] | EC2 Auto Scaling, step scaling |
//! | [`Schedule`] | a number by the time of the day |
//! | [`Proportional`] | the autoscalers of a plan |

mod alarm;
mod pods;
mod proportional;
mod rules;
mod schedule;
mod steps;
mod tracking;

pub use proportional::{Proportional, Standing};
pub use rules::{Amount, HorizontalPod, Pace, Rules, Select};
pub use schedule::{Schedule, Window};
pub use steps::{Adjustment, Alarm, Step, StepScaling};
pub use tracking::TargetTracking;

use crate::model::{Model, ModelFault, Service, number};
use crate::time::{NEVER, SECOND, from_seconds};

/// The shortest period between two looks, in seconds; a shorter one would be nothing but looks.
const PERIOD_LEAST: f64 = 1e-3;

/// Who decides how many instances of a station there are.
///
/// The station lists as many instances as there can be; those that serve at the start are there
/// from the start, and further ones are booted in the order of the list. The last ones leave first.
#[derive(Debug, Clone, PartialEq)]
pub struct Controller {
    /// The station.
    pub station: usize,
    /// Never fewer.
    pub least: u32,
    /// Never more.
    pub most: u32,
    /// By what rule.
    pub policy: Policy,
    /// From the decision until an instance is sent calls, in seconds.
    pub boot: Service,
    /// Seconds after that in which it serves more slowly.
    pub warm_up: f64,
    /// Its speed in that time, as a share of its own.
    pub warm_up_speed: f64,
    /// Seconds that a leaving instance has for what is inside; it takes no new work meanwhile,
    /// leaves as soon as it is empty, and loses what it has not done by then.
    pub drain: f64,
}

/// The rule of a controller.
#[derive(Debug, Clone, PartialEq)]
pub enum Policy {
    /// Kubernetes.
    HorizontalPod(HorizontalPod),
    /// EC2, towards a target.
    TargetTracking(TargetTracking),
    /// EC2, by steps.
    StepScaling(StepScaling),
    /// By the clock.
    Schedule(Schedule),
    /// As a plan states it.
    Proportional(Proportional),
}

impl Controller {
    /// A controller whose instances boot at once, need no warm-up, and have as long as they need
    /// to leave.
    pub fn of(station: usize, least: u32, most: u32, policy: Policy) -> Self {
        Self {
            station,
            least,
            most,
            policy,
            boot: Service::Fixed { time: 0.0 },
            warm_up: 0.0,
            warm_up_speed: 1.0,
            drain: 1e9,
        }
    }

    pub(crate) fn validate(&self, model: &Model) -> Result<(), ModelFault> {
        let place = "controller";
        let Some(station) = model.stations.get(self.station) else {
            return Err(ModelFault::Dangling {
                place: place.to_owned(),
                what: "station",
                index: self.station,
            });
        };
        let of_station = |other: &&Self| other.station == self.station;
        if model.controllers.iter().filter(of_station).count() > 1 {
            return Err(ModelFault::TooMany {
                place: station.name.clone(),
                what: "controllers",
                limit: 1,
            });
        }
        let there = station.instances.len() as f64;
        number(place, "most instances, of which the station has fewer", there, self.most.into())?;
        number(place, "most instances", self.most.into(), self.least.into())?;
        self.boot.validate(place)?;
        number(place, "warm-up", self.warm_up, 0.0)?;
        number(place, "speed of the warm-up", self.warm_up_speed, 1e-9)?;
        number(place, "time to drain", self.drain, 0.0)?;
        match &self.policy {
            Policy::HorizontalPod(policy) => policy.validate(place),
            Policy::TargetTracking(policy) => policy.validate(place),
            Policy::StepScaling(policy) => policy.validate(place),
            Policy::Schedule(policy) => policy.validate(place),
            Policy::Proportional(policy) => policy.validate(place),
        }
    }
}

fn period(place: &str, seconds: f64) -> Result<(), ModelFault> {
    number(place, "period", seconds, PERIOD_LEAST)
}

/// An instance as a controller sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Member {
    /// Nanoseconds since it was first sent calls; none while it boots.
    pub age: Option<u64>,
    /// Its utilisation in the period before; none where it gave no figure.
    pub utilisation: Option<f64>,
}

/// What a controller sees.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen<'a> {
    /// Nanoseconds from the start of the trial.
    pub now: u64,
    /// The number that is asked for at present.
    pub desired: u32,
    /// Instances that are there or booting, without those that leave.
    pub members: &'a [Member],
    /// How many leave.
    pub leaving: u32,
}

/// A controller at work.
#[derive(Debug, Clone)]
pub(crate) struct Steering {
    least: u32,
    most: u32,
    rule: Rule,
}

#[derive(Debug, Clone)]
enum Rule {
    Pods(pods::Pods),
    Tracking(tracking::Tracking),
    Steps(steps::Steps),
    Schedule(schedule::Clock),
    Proportion(proportional::Proportion),
}

impl Steering {
    /// A controller that has seen nothing.
    pub(crate) fn new(controller: &Controller) -> Self {
        let rule = match &controller.policy {
            Policy::HorizontalPod(policy) => Rule::Pods(pods::Pods::new(policy)),
            Policy::TargetTracking(policy) => Rule::Tracking(tracking::Tracking::new(policy)),
            Policy::StepScaling(policy) => Rule::Steps(steps::Steps::new(policy)),
            Policy::Schedule(policy) => Rule::Schedule(schedule::Clock::new(policy)),
            Policy::Proportional(policy) => Rule::Proportion(proportional::Proportion::new(policy)),
        };
        Self { least: controller.least, most: controller.most, rule }
    }

    /// When it looks after this moment.
    pub(crate) fn next(&self, now: u64) -> u64 {
        match &self.rule {
            Rule::Pods(pods) => now.saturating_add(pods.period),
            Rule::Tracking(tracking) => now.saturating_add(tracking.period),
            Rule::Steps(steps) => now.saturating_add(steps.period),
            Rule::Schedule(clock) => clock.next(now),
            Rule::Proportion(rule) => now.saturating_add(rule.period),
        }
    }

    /// Whether it looks at the very start too.
    pub(crate) const fn looks_at_start(&self) -> bool {
        matches!(self.rule, Rule::Schedule(_))
    }

    /// How many instances there should be.
    pub(crate) fn decide(&mut self, seen: &Seen<'_>) -> u32 {
        let bounds = (self.least, self.most);
        let desired = match &mut self.rule {
            Rule::Pods(pods) => pods.decide(seen, bounds),
            Rule::Tracking(tracking) => tracking.decide(seen),
            Rule::Steps(steps) => steps.decide(seen),
            Rule::Schedule(clock) => clock.wanted(seen.now),
            Rule::Proportion(rule) => rule.decide(seen, bounds),
        };
        desired.clamp(self.least, self.most)
    }
}

/// A whole period in nanoseconds.
fn span(seconds: f64) -> u64 {
    from_seconds(seconds).clamp(SECOND / 1_000, NEVER / 4)
}

/// A number of instances, rounded up.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of instances; the cast saturates"
)]
fn whole(count: f64) -> u32 {
    count.ceil() as u32
}

#[cfg(test)]
mod samples {
    use super::{Member, Seen};

    /// Instances that have been there for ever, all at this utilisation.
    pub(super) fn at(utilisation: f64, count: u32) -> Vec<Member> {
        vec![Member { age: Some(u64::MAX), utilisation: Some(utilisation) }; count as usize]
    }

    /// They, seen at a second.
    pub(super) fn seen(second: u64, desired: u32, members: &[Member]) -> Seen<'_> {
        Seen { now: second * crate::time::SECOND, desired, members, leaving: 0 }
    }
}
