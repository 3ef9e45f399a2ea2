//! Who changes the number of instances of a station, and by what rule.

use super::Distribution;
use crate::units::{Ratio, Seconds};

/// An autoscaler.
#[derive(Debug, Clone, PartialEq)]
pub struct Autoscaler {
    /// Never fewer instances.
    pub least: u32,
    /// Never more.
    pub most: u32,
    /// The rule.
    pub policy: ScalingPolicy,
    /// From the decision until an instance is sent calls.
    pub boot: Distribution,
    /// The time after that in which it serves more slowly.
    pub warm_up: Seconds,
    /// Its speed in that time, as a share of its own.
    pub warm_up_speed: f64,
    /// How long a leaving instance has for what is inside; as long as it takes where there is none.
    pub drain: Option<Seconds>,
}

/// The rule of an autoscaler.
#[derive(Debug, Clone, PartialEq)]
pub enum ScalingPolicy {
    /// The horizontal pod autoscaler of Kubernetes.
    HorizontalPod(HorizontalPod),
    /// Target tracking of EC2 Auto Scaling.
    TargetTracking(TargetTracking),
    /// Step scaling of EC2 Auto Scaling.
    StepScaling(StepScaling),
    /// By the clock.
    Schedule(Schedule),
}

/// What a horizontal pod autoscaler is told.
#[derive(Debug, Clone, PartialEq)]
pub struct HorizontalPod {
    /// The utilisation that it steers to, in whole percent.
    pub target: u32,
    /// From look to look.
    pub period: Seconds,
    /// How fast it may grow.
    pub up: ScalingRules,
    /// How fast it may shrink.
    pub down: ScalingRules,
}

/// How fast the number may change in one direction.
#[derive(Debug, Clone, PartialEq)]
pub struct ScalingRules {
    /// How far from 1 the quotient of utilisation and target may be.
    pub tolerance: f64,
    /// The stabilisation window.
    pub window: Seconds,
    /// Which of the policies counts.
    pub select: ScalingChoice,
    /// The policies, at least one.
    pub policies: Vec<ScalingPace>,
}

/// Which of several policies counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScalingChoice {
    /// The one that allows the largest change.
    Largest,
    /// The one that allows the smallest.
    Smallest,
    /// None: no change in this direction.
    Disabled,
}

/// By how much the number may change within a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScalingPace {
    /// Pods, or percent of those that there are.
    pub amount: u32,
    /// Whether it is percent.
    pub percent: bool,
    /// Within which time.
    pub period: Seconds,
}

/// What target tracking is told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TargetTracking {
    /// The mean utilisation that it steers to.
    pub target: Ratio,
    /// A period of its alarms.
    pub period: Seconds,
    /// Periods in a row above the target before it scales out.
    pub periods_out: u32,
    /// Periods in a row below the lower threshold before it scales in.
    pub periods_in: u32,
    /// The lower threshold as a share of the target.
    pub low: Ratio,
    /// Whether it scales in at all.
    pub scales_in: bool,
    /// From when an instance comes into service until it counts.
    pub warm_up: Seconds,
    /// The time after a change in which it does not scale in.
    pub cooldown: Seconds,
}

/// What a pair of step scaling policies is told.
#[derive(Debug, Clone, PartialEq)]
pub struct StepScaling {
    /// A period of its alarms.
    pub period: Seconds,
    /// What the changes of its steps mean.
    pub adjustment: StepAdjustment,
    /// The alarm above whose threshold it scales out.
    pub out: Option<StepAlarm>,
    /// The alarm below whose threshold it scales in.
    pub back: Option<StepAlarm>,
    /// From when an instance comes into service until it counts.
    pub warm_up: Seconds,
}

/// What the change of a step means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepAdjustment {
    /// So many instances more or fewer.
    Instances,
    /// So many percent more or fewer, and at least so many instances.
    Percent(u32),
    /// Exactly so many instances.
    Exact,
}

/// A threshold of the mean utilisation, and what happens beyond it.
#[derive(Debug, Clone, PartialEq)]
pub struct StepAlarm {
    /// The threshold.
    pub threshold: Ratio,
    /// Periods in a row before something happens.
    pub periods: u32,
    /// From how far beyond the threshold on, as a share, what change is made: how many more, how
    /// many fewer, or how many; from the threshold outwards.
    pub steps: Vec<(f64, f64)>,
}

/// A number of instances by the time, over and over again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// After which it begins anew.
    pub period: Seconds,
    /// The number where no window says otherwise.
    pub otherwise: u32,
    /// Windows; where several hold at once, the largest number counts.
    pub windows: Vec<ScheduleWindow>,
}

/// A part of the period of a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScheduleWindow {
    /// From the start of the period.
    pub from: Seconds,
    /// The end; one before the start lies in the next period.
    pub to: Seconds,
    /// How many instances.
    pub count: u32,
}

impl Autoscaler {
    /// The rule in one line.
    pub fn definition(&self) -> String {
        let bounds = format!("{} to {} instances", self.least, self.most);
        match &self.policy {
            ScalingPolicy::HorizontalPod(plan) => format!(
                "Kubernetes horizontal pod autoscaler to {}% utilisation, {bounds}, a look every \
                 {} s",
                plan.target,
                plan.period.value()
            ),
            ScalingPolicy::TargetTracking(plan) => format!(
                "EC2 target tracking to {}% utilisation, {bounds}",
                rounded(plan.target.value() * 100.0)
            ),
            ScalingPolicy::StepScaling(plan) => {
                let alarm = |word: &str, alarm: &Option<StepAlarm>| {
                    let alarm = alarm.as_ref()?;
                    let threshold = rounded(alarm.threshold.value() * 100.0);
                    Some(format!(" {word} {threshold}%"))
                };
                let alarms = [alarm("above", &plan.out), alarm("below", &plan.back)];
                let alarms: Vec<String> = alarms.into_iter().flatten().collect();
                format!("EC2 step scaling{}, {bounds}", alarms.join(" and"))
            }
            ScalingPolicy::Schedule(plan) => {
                let windows = plan.windows.len();
                format!("schedule of {windows} windows, otherwise {}, {bounds}", plan.otherwise)
            }
        }
    }
}

/// A percentage without what binary fractions add.
fn rounded(percent: f64) -> f64 {
    (percent * 1e6).round() / 1e6
}
