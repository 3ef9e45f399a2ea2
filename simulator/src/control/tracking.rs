//! Target tracking of EC2 Auto Scaling.
//!
//! As its user guide has it ("Target tracking scaling policies", "Set the default instance
//! warmup"), and as the alarms look that it makes by itself:
//! - it scales out when the mean utilisation was above the target for 3 periods of a minute in a
//!   row, in proportion, rounded up; while an alarm lasts, it looks again every period;
//! - it scales in when it was below 90% of the target for 15 periods in a row, in proportion,
//!   rounded up as well, so that it does not end above the target;
//! - instances that warm up are counted neither in the figure nor in the capacity, so that the same
//!   alarm adds nothing twice, and nothing is scaled in while there are any;
//! - without a figure nothing happens.

use super::alarm::{Breaches, Group};
use super::{Seen, period, span, whole};
use crate::model::{ModelFault, number};
use crate::time::from_seconds;

/// A target tracking policy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TargetTracking {
    /// The mean utilisation that it steers to, as a share.
    pub target: f64,
    /// Seconds of a period.
    pub period: f64,
    /// Periods in a row above the target before it scales out.
    pub periods_out: u32,
    /// Periods in a row below the lower threshold before it scales in.
    pub periods_in: u32,
    /// The lower threshold as a share of the target.
    pub low: f64,
    /// Whether it scales in at all.
    pub scales_in: bool,
    /// Seconds from when an instance comes into service until it counts.
    pub warm_up: f64,
    /// Seconds after a change in which it does not scale in.
    pub cooldown: f64,
}

impl TargetTracking {
    /// With the alarms that EC2 makes, without a warm-up and a cooldown.
    pub const fn of(target: f64) -> Self {
        Self {
            target,
            period: 60.0,
            periods_out: 3,
            periods_in: 15,
            low: 0.9,
            scales_in: true,
            warm_up: 0.0,
            cooldown: 0.0,
        }
    }

    pub(super) fn validate(&self, place: &str) -> Result<(), ModelFault> {
        number(place, "target utilisation", self.target, 1e-9)?;
        number(place, "lower threshold, as a share of the target", self.low, 0.0)?;
        number(place, "lower threshold of at most the target", -self.low, -1.0)?;
        number(place, "warm-up", self.warm_up, 0.0)?;
        number(place, "cooldown", self.cooldown, 0.0)?;
        period(place, self.period)
    }
}

/// The policy at work.
#[derive(Debug, Clone)]
pub(super) struct Tracking {
    plan: TargetTracking,
    /// Nanoseconds of a period.
    pub(super) period: u64,
    above: Breaches,
    below: Breaches,
    changed: Option<u64>,
}

impl Tracking {
    pub(super) fn new(plan: &TargetTracking) -> Self {
        let (above, below) = (Breaches::default(), Breaches::default());
        Self { plan: *plan, period: span(plan.period), above, below, changed: None }
    }

    pub(super) fn decide(&mut self, seen: &Seen<'_>) -> u32 {
        let plan = self.plan;
        let group = Group::of(seen, from_seconds(plan.warm_up));
        let metric = group.metric;
        let high = metric.is_some_and(|metric| metric > plan.target);
        let low = metric.is_some_and(|metric| metric < plan.target * plan.low);
        let out = self.above.count(high, plan.periods_out);
        let back = self.below.count(low, plan.periods_in);
        let wanted = whole(f64::from(group.warm) * metric.unwrap_or(0.0) / plan.target - 1e-9);
        let rests = self
            .changed
            .is_some_and(|changed| seen.now < changed.saturating_add(from_seconds(plan.cooldown)));
        let desired = if out {
            seen.desired.max(wanted)
        } else if back && plan.scales_in && group.warming == 0 && !rests {
            seen.desired.min(wanted)
        } else {
            seen.desired
        };
        if desired != seen.desired {
            self.changed = Some(seen.now);
        }
        desired
    }
}

#[cfg(test)]
mod tests {
    use super::super::Member;
    use super::super::samples::{at, seen};
    use super::*;

    fn booting(count: usize) -> Vec<Member> {
        vec![Member { age: None, utilisation: None }; count]
    }

    #[test]
    fn it_scales_out_in_the_third_minute_and_in_proportion() {
        let mut tracking = Tracking::new(&TargetTracking::of(0.5));
        let members = at(0.8, 10);
        let found: Vec<u32> =
            (1..=3).map(|look| tracking.decide(&seen(look * 60, 10, &members))).collect();
        assert_eq!(found, [10, 10, 16]);
    }

    #[test]
    fn a_minute_within_the_target_begins_anew() {
        let mut tracking = Tracking::new(&TargetTracking::of(0.5));
        let looks = [0.8, 0.8, 0.5, 0.8, 0.8, 0.8];
        let found: Vec<u32> = (1..)
            .zip(looks)
            .map(|(look, metric)| tracking.decide(&seen(look * 60, 10, &at(metric, 10))))
            .collect();
        assert_eq!(found, [10, 10, 10, 10, 10, 16]);
    }

    /// The example that AWS gives: while what was added warms up, the same alarm adds nothing, and
    /// a higher one adds the difference.
    #[test]
    fn what_warms_up_is_not_added_twice() {
        let mut tracking = Tracking::new(&TargetTracking::of(0.5));
        let mut members = at(0.6, 4);
        for look in 1..=2 {
            assert_eq!(tracking.decide(&seen(look * 60, 4, &members)), 4);
        }
        assert_eq!(tracking.decide(&seen(180, 4, &members)), 5);
        members.extend(booting(1));
        assert_eq!(tracking.decide(&seen(240, 5, &members)), 5);
        let mut higher = at(0.7, 4);
        higher.extend(booting(1));
        assert_eq!(tracking.decide(&seen(300, 5, &higher)), 6);
    }

    #[test]
    fn it_scales_in_after_fifteen_minutes_below_nine_tenths() {
        let mut tracking = Tracking::new(&TargetTracking::of(0.5));
        let members = at(0.24, 10);
        for look in 1..15 {
            assert_eq!(tracking.decide(&seen(look * 60, 10, &members)), 10);
        }
        assert_eq!(tracking.decide(&seen(900, 10, &members)), 5);
        let near = at(0.46, 10);
        let mut tracking = Tracking::new(&TargetTracking::of(0.5));
        assert!((1..60).all(|look| tracking.decide(&seen(look * 60, 10, &near)) == 10));
    }

    #[test]
    fn it_does_not_scale_in_while_something_warms_up_or_rests_or_is_told_not_to() {
        let low = |plan: TargetTracking, warming: usize, looks: u64| {
            let mut tracking = Tracking::new(&plan);
            let mut members = at(0.1, 10);
            members.extend(booting(warming));
            let last = (1..=looks).map(|look| tracking.decide(&seen(look * 60, 10, &members)));
            last.last().unwrap()
        };
        let plan = TargetTracking::of(0.5);
        assert_eq!(low(plan, 0, 15), 2);
        assert_eq!(low(plan, 1, 60), 10);
        assert_eq!(low(TargetTracking { scales_in: false, ..plan }, 0, 60), 10);
        let mut resting = Tracking::new(&TargetTracking { cooldown: 1_200.0, ..plan });
        for look in 1..=3 {
            resting.decide(&seen(look * 60, 10, &at(0.8, 10)));
        }
        let found: Vec<u32> =
            (4..=23).map(|look| resting.decide(&seen(look * 60, 16, &at(0.1, 16)))).collect();
        assert_eq!(found[18..], [16, 4]);
        assert!(found[..18].iter().all(|desired| *desired == 16));
    }

    #[test]
    fn without_a_figure_nothing_happens() {
        let mut tracking = Tracking::new(&TargetTracking::of(0.5));
        assert!((1..40).all(|look| tracking.decide(&seen(look * 60, 3, &booting(3))) == 3));
    }
}
