//! Autoscalers of a document, and what their fleets cost.

use domain::model::{
    Autoscaler, Model as Document, ScalingChoice, ScalingPolicy, ScalingRules, StepAdjustment,
    StepAlarm,
};

use super::convert::Converter;
use crate::control::{
    Adjustment, Alarm, Amount, Controller, HorizontalPod, Pace, Policy, Rules, Schedule, Select,
    Step, StepScaling, TargetTracking, Window,
};
use crate::model::{Model, Station};

/// What an entry of a memory costs beside an instance.
const ENTRY: f64 = 0.1;

impl Converter {
    /// The controllers of all stations.
    pub(super) fn controllers(self, document: &Document) -> Vec<Controller> {
        let controller = |(station, written): (usize, &Autoscaler)| {
            let plain =
                Controller::of(station, written.least, written.most, self.policy(&written.policy));
            Controller {
                boot: self.service(&written.boot),
                warm_up: self.time(written.warm_up),
                warm_up_speed: written.warm_up_speed,
                drain: written.drain.map_or(plain.drain, |drain| self.time(drain)),
                ..plain
            }
        };
        let stations = document.stations.iter().enumerate();
        stations
            .filter_map(|(station, written)| Some((station, written.autoscaler.as_ref()?)))
            .map(controller)
            .collect()
    }

    fn policy(self, written: &ScalingPolicy) -> Policy {
        match written {
            ScalingPolicy::HorizontalPod(plan) => Policy::HorizontalPod(HorizontalPod {
                target: plan.target,
                period: self.time(plan.period),
                up: self.rules(&plan.up),
                down: self.rules(&plan.down),
            }),
            ScalingPolicy::TargetTracking(plan) => Policy::TargetTracking(TargetTracking {
                target: plan.target.value(),
                period: self.time(plan.period),
                periods_out: plan.periods_out,
                periods_in: plan.periods_in,
                low: plan.low.value(),
                scales_in: plan.scales_in,
                warm_up: self.time(plan.warm_up),
                cooldown: self.time(plan.cooldown),
            }),
            ScalingPolicy::StepScaling(plan) => {
                let fewer = if plan.adjustment == StepAdjustment::Exact { 1.0 } else { -1.0 };
                Policy::StepScaling(StepScaling {
                    period: self.time(plan.period),
                    adjustment: match plan.adjustment {
                        StepAdjustment::Instances => Adjustment::Instances,
                        StepAdjustment::Percent(least) => Adjustment::Percent { least },
                        StepAdjustment::Exact => Adjustment::Exact,
                    },
                    out: plan.out.as_ref().map(|written| alarm(written, 1.0)),
                    back: plan.back.as_ref().map(|written| alarm(written, fewer)),
                    warm_up: self.time(plan.warm_up),
                })
            }
            ScalingPolicy::Schedule(plan) => {
                let period = self.time(plan.period);
                // Where something happens once, the clock starts with what is observed, too.
                let moment = |time| {
                    let time: f64 = self.time(time);
                    if self.warm_up > 0.0 { (time + self.warm_up) % period } else { time }
                };
                let window = |written: &domain::model::ScheduleWindow| Window {
                    from: moment(written.from),
                    to: moment(written.to),
                    count: written.count,
                };
                Policy::Schedule(Schedule {
                    period,
                    otherwise: plan.otherwise,
                    windows: plan.windows.iter().map(window).collect(),
                })
            }
        }
    }

    fn rules(self, written: &ScalingRules) -> Rules {
        let pace = |pace: &domain::model::ScalingPace| Pace {
            amount: if pace.percent {
                Amount::Percent(pace.amount)
            } else {
                Amount::Pods(pace.amount)
            },
            period: self.time(pace.period),
        };
        Rules {
            tolerance: written.tolerance,
            window: self.time(written.window),
            select: match written.select {
                ScalingChoice::Largest => Select::Largest,
                ScalingChoice::Smallest => Select::Smallest,
                ScalingChoice::Disabled => Select::Disabled,
            },
            policies: written.policies.iter().map(pace).collect(),
        }
    }
}

fn alarm(written: &StepAlarm, sign: f64) -> Alarm {
    let step = |(from, change): &(f64, f64)| Step { from: *from, change: sign * change };
    Alarm {
        threshold: written.threshold.value(),
        periods: written.periods,
        steps: written.steps.iter().map(step).collect(),
    }
}

/// Lets every fleet be as large as it can be: what is too much then is too much for ever.
pub(super) fn grow(model: &mut Model) {
    for controller in &model.controllers {
        let most = usize::try_from(controller.most).unwrap_or(usize::MAX);
        for instance in model.stations[controller.station].instances.iter_mut().take(most) {
            instance.serving = true;
        }
    }
}

/// How long the slowest controller takes to forget, in seconds: half of what it looks back at.
/// A warm-up is several times as long.
pub(super) fn memory(model: &Model) -> f64 {
    let of = |controller: &Controller| {
        let looks = match &controller.policy {
            Policy::HorizontalPod(plan) => {
                let paces = plan.up.policies.iter().chain(&plan.down.policies);
                let longest = paces.map(|pace| pace.period).fold(plan.period, f64::max);
                longest + plan.up.window.max(plan.down.window)
            }
            Policy::TargetTracking(plan) => {
                let periods = f64::from(plan.periods_out.max(plan.periods_in)) * plan.period;
                periods + plan.warm_up + plan.cooldown
            }
            Policy::StepScaling(plan) => {
                let alarms = plan.out.iter().chain(&plan.back);
                let periods = alarms.map(|alarm| alarm.periods).max().unwrap_or(1);
                f64::from(periods) * plan.period + plan.warm_up
            }
            Policy::Proportional(plan) => plan.period + plan.window,
            Policy::Schedule(_) => 0.0,
        };
        (looks + controller.boot.mean() + controller.warm_up) / 2.0
    };
    model.controllers.iter().map(of).fold(0.0, f64::max)
}

/// Looks of all controllers a second, each of so much weight.
pub(super) fn looks(model: &Model, weight: fn(&Station) -> f64) -> f64 {
    let of = |controller: &Controller| {
        let looks = match &controller.policy {
            Policy::HorizontalPod(plan) => 1.0 / plan.period,
            Policy::TargetTracking(plan) => 1.0 / plan.period,
            Policy::StepScaling(plan) => 1.0 / plan.period,
            Policy::Proportional(plan) => 1.0 / plan.period,
            Policy::Schedule(plan) => 2.0 * plan.windows.len() as f64 / plan.period,
        };
        looks * weight(&model.stations[controller.station])
    };
    model.controllers.iter().map(of).sum()
}

/// What pod autoscalers go through of their memories a second, reckoned in instances.
pub(super) fn remembering(model: &Model) -> f64 {
    let of = |controller: &Controller| match &controller.policy {
        Policy::HorizontalPod(plan) => {
            let entries = plan.up.window.max(plan.down.window) / plan.period;
            entries * ENTRY / plan.period
        }
        _ => 0.0,
    };
    model.controllers.iter().map(of).sum()
}

/// The longest period of a schedule, in seconds.
pub(super) fn period(document: &Document) -> Option<f64> {
    let scalers = document.stations.iter().filter_map(|station| station.autoscaler.as_ref());
    let periods = scalers.filter_map(|scaler| match &scaler.policy {
        ScalingPolicy::Schedule(plan) => Some(plan.period.value()),
        _ => None,
    });
    periods.reduce(f64::max)
}
