//! Step scaling of EC2 Auto Scaling.
//!
//! As its user guide has it ("Step and simple scaling policies"): an alarm that lasted for so many
//! periods changes the capacity by the step in which the metric lies beyond the threshold. What
//! warms up is not counted in the capacity that a step is added to, so the same step adds nothing
//! twice; what leaves is still counted in the capacity that one is taken from, and nothing is taken
//! while something warms up. A share of the capacity is cut to whole instances, but to one at
//! least.

use super::alarm::{Breaches, Group};
use super::{Seen, period, span, whole};
use crate::model::{ModelFault, number};
use crate::time::from_seconds;

/// A pair of step scaling policies.
#[derive(Debug, Clone, PartialEq)]
pub struct StepScaling {
    /// Seconds of a period.
    pub period: f64,
    /// What the changes of its steps mean.
    pub adjustment: Adjustment,
    /// The alarm above whose threshold it scales out.
    pub out: Option<Alarm>,
    /// The alarm below whose threshold it scales in.
    pub back: Option<Alarm>,
    /// Seconds from when an instance comes into service until it counts.
    pub warm_up: f64,
}

/// What the change of a step means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adjustment {
    /// So many instances more or less.
    Instances,
    /// So many percent more or less, and at least so many instances.
    Percent {
        /// The least magnitude of a change.
        least: u32,
    },
    /// Exactly so many instances.
    Exact,
}

/// A threshold of the mean utilisation, and what happens beyond it.
#[derive(Debug, Clone, PartialEq)]
pub struct Alarm {
    /// The threshold, as a share; reaching it is enough.
    pub threshold: f64,
    /// Periods in a row before something happens.
    pub periods: u32,
    /// The steps, from the threshold outwards.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// How far beyond the threshold it begins; it ends where the next one begins.
    pub from: f64,
    /// By how much the capacity changes, or to what: negative where it shrinks.
    pub change: f64,
}

impl StepScaling {
    pub(super) fn validate(&self, place: &str) -> Result<(), ModelFault> {
        number(place, "warm-up", self.warm_up, 0.0)?;
        for alarm in self.out.iter().chain(&self.back) {
            number(place, "threshold", alarm.threshold, 0.0)?;
            let mut before = 0.0;
            for step in &alarm.steps {
                number(place, "step after the one before it", step.from, before)?;
                number(place, "change of a step", step.change, f64::MIN)?;
                before = step.from;
            }
        }
        period(place, self.period)
    }
}

impl Adjustment {
    /// The capacity after a change.
    fn applied(self, capacity: u32, change: f64) -> u32 {
        let capacity = f64::from(capacity);
        match self {
            Self::Exact => whole(change.max(0.0).floor()),
            Self::Instances => whole((capacity + change.trunc()).max(0.0)),
            Self::Percent { least } => {
                let change = change / 100.0 * capacity;
                let cut = (change + 1e-9 * change.signum()).trunc();
                let magnitude = cut.abs().max(1.0).max(least.into());
                let by = if change == 0.0 { 0.0 } else { magnitude.copysign(change) };
                whole((capacity + by).max(0.0))
            }
        }
    }
}

impl Alarm {
    /// The change for a metric so far beyond the threshold.
    fn change(&self, beyond: f64) -> Option<f64> {
        let reached = self.steps.iter().rev().find(|step| beyond + 1e-12 >= step.from);
        reached.map(|step| step.change)
    }
}

/// The policies at work.
#[derive(Debug, Clone)]
pub(super) struct Steps {
    plan: StepScaling,
    /// Nanoseconds of a period.
    pub(super) period: u64,
    above: Breaches,
    below: Breaches,
}

impl Steps {
    pub(super) fn new(plan: &StepScaling) -> Self {
        let (above, below) = (Breaches::default(), Breaches::default());
        Self { period: span(plan.period), plan: plan.clone(), above, below }
    }

    pub(super) fn decide(&mut self, seen: &Seen<'_>) -> u32 {
        let Self { plan, above, below, .. } = self;
        let group = Group::of(seen, from_seconds(plan.warm_up));
        let breach = |alarm: &Option<Alarm>, breaches: &mut Breaches, sign: f64| {
            let alarm = alarm.as_ref()?;
            let beyond = group.metric.map(|metric| (metric - alarm.threshold) * sign);
            let breached = beyond.is_some_and(|beyond| beyond >= 0.0);
            let fires = breaches.count(breached, alarm.periods);
            if fires { alarm.change(beyond?) } else { None }
        };
        let more = breach(&plan.out, above, 1.0);
        let fewer = breach(&plan.back, below, -1.0);
        if let Some(change) = more {
            return seen.desired.max(plan.adjustment.applied(group.warm, change));
        }
        match fewer {
            Some(change) if group.warming == 0 => {
                let capacity = group.warm + seen.leaving;
                seen.desired.min(plan.adjustment.applied(capacity, change))
            }
            _ => seen.desired,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Member;
    use super::super::samples::{at, seen};
    use super::*;

    fn steps(steps: &[(f64, f64)]) -> Vec<Step> {
        steps.iter().map(|(from, change)| Step { from: *from, change: *change }).collect()
    }

    /// The example of the user guide: out by 10% from 60% on and by 30% from 70% on, in likewise.
    fn example() -> StepScaling {
        StepScaling {
            period: 60.0,
            adjustment: Adjustment::Percent { least: 1 },
            out: Some(Alarm {
                threshold: 0.5,
                periods: 1,
                steps: steps(&[(0.0, 0.0), (0.1, 10.0), (0.2, 30.0)]),
            }),
            back: Some(Alarm {
                threshold: 0.5,
                periods: 1,
                steps: steps(&[(0.0, 0.0), (0.1, -10.0), (0.2, -30.0)]),
            }),
            warm_up: 120.0,
        }
    }

    #[test]
    fn the_example_of_the_user_guide_is_followed() {
        let mut policy = Steps::new(&example());
        assert_eq!(policy.decide(&seen(60, 10, &at(0.55, 10))), 10);
        assert_eq!(policy.decide(&seen(120, 10, &at(0.60, 10))), 11);
        // The new one warms up: the same step adds nothing, the next one two more.
        let with_new = |metric, new: usize| {
            let mut members = at(metric, 10);
            members.extend(vec![Member { age: Some(1), utilisation: Some(0.9) }; new]);
            members
        };
        assert_eq!(policy.decide(&seen(180, 11, &with_new(0.62, 1))), 11);
        assert_eq!(policy.decide(&seen(240, 11, &with_new(0.70, 1))), 13);
        // While they warm up nothing is taken away; after that, 10% of 13 are one.
        assert_eq!(policy.decide(&seen(300, 13, &with_new(0.40, 3))), 13);
        assert_eq!(policy.decide(&seen(600, 13, &at(0.40, 13))), 12);
        let leaving = at(0.40, 12);
        let still = Seen { leaving: 1, ..seen(660, 12, &leaving) };
        assert_eq!(policy.decide(&still), 12);
    }

    #[test]
    fn shares_are_cut_to_whole_instances_and_to_one_at_least() {
        let percent = Adjustment::Percent { least: 0 };
        assert_eq!(percent.applied(100, 12.7), 112);
        assert_eq!(percent.applied(10, 6.7), 11);
        assert_eq!(percent.applied(10, -5.8), 9);
        assert_eq!(percent.applied(100, -6.67), 94);
        assert_eq!(Adjustment::Percent { least: 2 }.applied(4, 25.0), 6);
        assert_eq!(Adjustment::Exact.applied(4, 7.0), 7);
        assert_eq!(Adjustment::Instances.applied(4, -7.0), 0);
        assert_eq!(Adjustment::Instances.applied(4, 3.0), 7);
    }

    #[test]
    fn an_alarm_lasts_for_its_periods_first() {
        let mut plan = example();
        plan.out.as_mut().unwrap().periods = 3;
        let mut policy = Steps::new(&plan);
        let members = at(0.9, 10);
        let found: Vec<u32> =
            (1..=3).map(|look| policy.decide(&seen(look * 60, 10, &members))).collect();
        assert_eq!(found, [10, 10, 13]);
    }
}
