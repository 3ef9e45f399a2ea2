//! The horizontal pod autoscaler of Kubernetes, `autoscaling/v2`, on the utilisation of a resource.
//!
//! From the documentation of the autoscaler and the behaviour of its controller (kubernetes.io,
//! "Horizontal Pod Autoscaling"; kubernetes/kubernetes, pkg/controller/podautoscaler):
//! - the utilisation is a whole percentage, cut; wanted = ⌈counted × utilisation / target⌉, and
//!   nothing changes while the quotient is within the tolerance;
//! - a pod that is not ready counts with 0% where that would make more of them, and not at all
//!   otherwise; one without a figure counts with 0% where there would be more, with 100% (or the
//!   target, if that is larger) where there would be fewer; and whatever would turn the direction
//!   round by that changes nothing;
//! - then the recommendations of the stabilisation windows: no more than the highest and no fewer
//!   than the lowest of each window; what counts is strictly younger than the window;
//! - then the policies: from the number at the start of a policy's period, so many pods or percent,
//!   upwards rounded up and downwards cut.

use std::collections::VecDeque;

use super::rules::HorizontalPod;
use super::{Seen, span, whole};

/// The autoscaler at work.
#[derive(Debug, Clone)]
pub(super) struct Pods {
    plan: HorizontalPod,
    /// Nanoseconds between two looks.
    pub(super) period: u64,
    /// What was recommended when, before stabilisation.
    recommendations: VecDeque<(u64, u32)>,
    /// When how many were added, or taken away.
    changes: VecDeque<(u64, i64)>,
    /// How long recommendations and changes are remembered.
    memory: [u64; 2],
}

impl Pods {
    pub(super) fn new(plan: &HorizontalPod) -> Self {
        let policies = || plan.up.policies.iter().chain(&plan.down.policies);
        let memory = [
            span(plan.up.window.max(plan.down.window)),
            policies().map(|pace| span(pace.period)).max().unwrap_or(0),
        ];
        Self {
            plan: plan.clone(),
            period: span(plan.period),
            recommendations: VecDeque::new(),
            changes: VecDeque::new(),
            memory,
        }
    }

    pub(super) fn decide(&mut self, seen: &Seen<'_>, (least, most): (u32, u32)) -> u32 {
        let (now, current) = (seen.now, seen.desired);
        if self.recommendations.is_empty() {
            self.recommendations.push_back((now, current));
        }
        let desired = if current == 0 && least > 0 {
            // Whoever sets the number to 0 has switched the autoscaler off.
            0
        } else if !(least..=most).contains(&current) {
            current.clamp(least, most)
        } else if let Some(wanted) = self.wanted(seen) {
            let stable = self.stabilised(now, current, wanted);
            self.limited(now, current, stable).clamp(least.min(current), most.max(current))
        } else {
            current
        };
        if desired != current {
            self.changes.push_back((now, i64::from(desired) - i64::from(current)));
        }
        if self.recommendations.len() > 1 {
            forget(&mut self.recommendations, now, self.memory[0]);
        }
        forget(&mut self.changes, now, self.memory[1]);
        desired
    }

    /// What the utilisation asks for; nothing where no pod gave a figure.
    fn wanted(&self, seen: &Seen<'_>) -> Option<u32> {
        let current = seen.desired;
        let (mut sum, mut ready, mut unready, mut missing) = (0.0, 0_u32, 0_u32, 0_u32);
        for member in seen.members {
            // A figure is that of a pod which was ready for the whole of the period.
            match (member.age.is_some_and(|age| age >= self.period), member.utilisation) {
                (false, _) => unready += 1,
                (true, None) => missing += 1,
                (true, Some(utilisation)) => {
                    sum += utilisation;
                    ready += 1;
                }
            }
        }
        if ready == 0 {
            return None;
        }
        let target = f64::from(self.plan.target);
        let ratio = |sum: f64, count: u32| (sum * 100.0 / f64::from(count) + 1e-9).trunc() / target;
        let first = ratio(sum, ready);
        let rebalances = unready > 0 && first > 1.0;
        if !rebalances && missing == 0 {
            let stays = self.tolerates(first);
            return Some(if stays { current } else { whole(first * f64::from(ready)) });
        }
        let mut counted = ready;
        if first < 1.0 {
            sum += f64::from(missing) * (target / 100.0).max(1.0);
        }
        if (first - 1.0).abs() > 0.0 {
            counted += missing;
        }
        if rebalances {
            counted += unready;
        }
        let second = ratio(sum, counted);
        let turns = first < 1.0 && second > 1.0 || first > 1.0 && second < 1.0;
        let wanted = whole(second * f64::from(counted));
        let strays = second < 1.0 && wanted > current || second > 1.0 && wanted < current;
        Some(if self.tolerates(second) || turns || strays { current } else { wanted })
    }

    fn tolerates(&self, ratio: f64) -> bool {
        (1.0 - self.plan.down.tolerance..=1.0 + self.plan.up.tolerance).contains(&ratio)
    }

    /// The number nearest to the present one that the recommendations of both windows allow.
    fn stabilised(&mut self, now: u64, current: u32, wanted: u32) -> u32 {
        let within = |window: f64| {
            let window = crate::time::from_seconds(window);
            let recent = move |entry: &&(u64, u32)| entry.0.saturating_add(window) > now;
            self.recommendations.iter().filter(recent).map(|entry| entry.1)
        };
        let lowest = within(self.plan.up.window).fold(wanted, u32::min);
        let highest = within(self.plan.down.window).fold(wanted, u32::max);
        self.recommendations.push_back((now, wanted));
        current.max(lowest).min(highest)
    }

    /// What the policies allow of it.
    fn limited(&self, now: u64, current: u32, wanted: u32) -> u32 {
        let from = |period: u64| {
            let recent = |change: &&(u64, i64)| change.0.saturating_add(period) > now;
            let net: i64 = self.changes.iter().filter(recent).map(|change| change.1).sum();
            f64::from(current) - net as f64
        };
        if wanted > current {
            wanted.min(self.plan.up.limit(true, current, from))
        } else {
            wanted.max(self.plan.down.limit(false, current, from))
        }
    }
}

/// Drops what is older than the span.
fn forget<T>(entries: &mut VecDeque<(u64, T)>, now: u64, span: u64) {
    while entries.front().is_some_and(|entry| entry.0.saturating_add(span) <= now) {
        entries.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{at, seen};
    use super::super::{Amount, Member, Pace, Select};
    use super::*;

    /// What an autoscaler asks for over time, one number for each change.
    fn course(plan: &HorizontalPod, bounds: (u32, u32), start: u32, load: f64) -> Vec<(u64, u32)> {
        let mut pods = Pods::new(plan);
        let mut desired = start;
        let mut course = vec![(0, start)];
        for look in 1..400_u64 {
            let second = look * 15;
            let members = at(load / f64::from(desired), desired);
            let next = pods.decide(&seen(second, desired, &members), bounds);
            if next != desired {
                course.push((second, next));
                desired = next;
            }
        }
        course
    }

    fn numbers(course: &[(u64, u32)]) -> Vec<u32> {
        course.iter().map(|change| change.1).collect()
    }

    /// The defaults of the documentation: 1 to 100 within 90 s.
    #[test]
    fn the_defaults_double_and_at_least_add_four() {
        let up = course(&HorizontalPod::of(50), (1, 100), 1, 1e6);
        assert_eq!(numbers(&up), [1, 5, 10, 20, 40, 80, 100]);
        assert_eq!(up.last().unwrap().0 - up[0].0, 90);
    }

    /// The example of the documentation: 80 pods to 10, by 10% or 4 pods a minute.
    #[test]
    fn a_tenth_a_minute_is_cut_to_whole_pods() {
        let mut plan = HorizontalPod::of(50);
        let pace = |amount| Pace { amount, period: 60.0 };
        plan.down.policies = vec![pace(Amount::Percent(10))];
        let by_tenths = course(&plan, (10, 100), 80, 0.05);
        assert_eq!(numbers(&by_tenths)[..5], [80, 72, 64, 57, 51]);
        // The first change comes once the window has forgotten the start, the next a minute later.
        assert_eq!(by_tenths[1].0, 15 + 300);
        assert_eq!(by_tenths[2].0, 15 + 300 + 60);
        plan.down.policies.push(pace(Amount::Pods(4)));
        let either = course(&plan, (10, 100), 80, 0.05);
        let expected = [80, 72, 64, 57, 51, 45, 40, 36, 32, 28, 24, 20, 16, 12, 10];
        assert_eq!(numbers(&either), expected);
        plan.down.select = Select::Smallest;
        let smallest = course(&plan, (10, 100), 80, 0.05);
        assert_eq!(numbers(&smallest)[..4], [80, 76, 72, 68]);
        plan.down.select = Select::Disabled;
        assert_eq!(numbers(&course(&plan, (10, 100), 80, 0.05)), [80]);
    }

    /// 200m against a target of 100m doubles the number, 50m halves it, 105m leaves it alone.
    #[test]
    fn the_number_follows_the_quotient_beyond_the_tolerance() {
        let wanted = |target, utilisation| {
            let members = at(utilisation, 10);
            Pods::new(&HorizontalPod::of(target)).wanted(&seen(15, 10, &members)).unwrap()
        };
        assert_eq!(wanted(40, 0.8), 20);
        assert_eq!(wanted(40, 0.2), 5);
        assert_eq!(wanted(100, 1.05), 10);
        assert_eq!(wanted(50, 0.55), 10);
        assert_eq!(wanted(50, 0.56), 12);
        assert_eq!(wanted(50, 0.45), 10);
        assert_eq!(wanted(50, 0.44), 9);
        // Percentages are whole: 55.9% is 55%.
        assert_eq!(wanted(50, 0.559), 10);
    }

    #[test]
    fn pods_that_are_not_ready_or_give_no_figure_dampen_the_change() {
        let wanted = |utilisation, unready: usize, missing: usize| {
            let mut members = at(utilisation, 4);
            members.extend(vec![Member { age: None, utilisation: None }; unready]);
            members.extend(vec![Member { age: Some(u64::MAX), utilisation: None }; missing]);
            let current = u32::try_from(members.len()).unwrap();
            Pods::new(&HorizontalPod::of(50)).wanted(&seen(15, current, &members)).unwrap()
        };
        // 4 at 100% alone ask for 8; with two that boot, (400/6 = 66)% of 6 are asked for.
        assert_eq!(wanted(1.0, 0, 0), 8);
        assert_eq!(wanted(1.0, 2, 0), 8);
        // 4 at 75% and 2 at nothing are at 50%: enough.
        assert_eq!(wanted(0.75, 2, 0), 6);
        assert_eq!(wanted(0.75, 0, 2), 6);
        // Those that boot do not matter where there would be fewer.
        assert_eq!(wanted(0.2, 2, 0), 2);
        // 4 at 10% and 2 taken to be at 100%: (240/6 = 40)% of 6 are 5.
        assert_eq!(wanted(0.1, 0, 2), 5);
        // 4 at 30% and 2 at 100% are at 53%: the direction would turn round.
        assert_eq!(wanted(0.3, 0, 2), 6);
    }

    #[test]
    fn a_pod_counts_once_it_was_ready_for_a_whole_period() {
        let pods = Pods::new(&HorizontalPod::of(50));
        let mut members = at(0.75, 2);
        members.push(Member { age: Some(pods.period - 1), utilisation: Some(1.0) });
        assert_eq!(pods.wanted(&seen(15, 3, &members)), Some(3));
        members[2].age = Some(pods.period);
        assert_eq!(pods.wanted(&seen(15, 3, &members)), Some(5));
        assert_eq!(pods.wanted(&seen(15, 3, &[Member { age: None, utilisation: None }])), None);
    }

    #[test]
    fn no_figures_no_change_and_zero_switches_off() {
        let mut pods = Pods::new(&HorizontalPod::of(50));
        let booting = [Member { age: None, utilisation: None }; 3];
        assert_eq!(pods.decide(&seen(15, 3, &booting), (1, 9)), 3);
        assert_eq!(pods.decide(&seen(30, 0, &[]), (1, 9)), 0);
        assert_eq!(pods.decide(&seen(45, 12, &at(0.5, 12)), (1, 9)), 9);
        assert_eq!(pods.decide(&seen(60, 1, &at(0.5, 1)), (2, 9)), 2);
    }

    #[test]
    fn windows_hold_to_the_extreme_of_what_was_recommended() {
        let mut plan = HorizontalPod::of(50);
        plan.up.window = 60.0;
        plan.down.window = 60.0;
        let mut pods = Pods::new(&plan);
        let looks = [0.5, 1.0, 1.0, 1.0, 1.0, 1.0, 0.1, 1.0];
        let mut desired = 10;
        let mut found = Vec::new();
        for (look, utilisation) in (1..).zip(looks) {
            let members = at(utilisation, desired);
            desired = pods.decide(&seen(look * 15, desired, &members), (1, 100));
            found.push(desired);
        }
        // Four looks at least ask for 20 before it is done; then 4 and 40 hold each other up.
        assert_eq!(found, [10, 10, 10, 10, 20, 20, 20, 20]);
    }

    #[test]
    fn changes_within_a_period_count_against_its_policy() {
        let mut plan = HorizontalPod::of(50);
        plan.up.policies = vec![Pace { amount: Amount::Pods(3), period: 60.0 }];
        let up = course(&plan, (1, 10), 1, 1e6);
        assert_eq!(up, [(0, 1), (15, 4), (75, 7), (135, 10)]);
    }
}
