//! The rule that a plan states for its autoscalers: in proportion, at once out, late in.
//!
//! Once a period it looks at the mean utilisation of what serves and asks for
//! `ceil(instances · utilisation / target)` within its bounds. Where some instances stand and
//! others come and go, it counts what all can do and takes off what stands: of those that come and
//! go, `ceil((standing + instances) · utilisation / target − standing)`. It boots what is missing
//! beside what boots already; it lets go only while nothing boots, and keeps as many as any look
//! within its window asked for. Without a figure nothing happens.

use std::collections::VecDeque;

use super::{Seen, period, span, whole};
use crate::model::{ModelFault, number};
use crate::time::from_seconds;

/// An autoscaler in proportion to the utilisation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Proportional {
    /// The mean utilisation that it steers to, as a share.
    pub target: f64,
    /// Seconds between two looks.
    pub period: f64,
    /// Seconds within which no look may have asked for more than what it scales in to.
    pub window: f64,
    /// What stands whatever it asks for.
    pub standing: Standing,
}

/// The instances of a fleet that never come nor go: the first ones of their station.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Standing {
    /// How many there are.
    pub instances: u32,
    /// What they can do, in instances of the kind that comes and goes.
    pub capacity: f64,
}

impl Standing {
    /// What so many instances can do, those that stand among them.
    pub(crate) fn capacity_of(self, serving: u32) -> f64 {
        self.capacity + f64::from(serving.saturating_sub(self.instances))
    }

    /// How many instances it takes, those that stand among them, so that together they can do so
    /// much. A hair less is enough: a fleet exactly at its target does not grow by rounding.
    pub(crate) fn instances_for(self, capacity: f64) -> u32 {
        self.instances.saturating_add(whole(capacity - self.capacity - 1e-9))
    }
}

impl Proportional {
    pub(super) fn validate(&self, place: &str) -> Result<(), ModelFault> {
        number(place, "target utilisation", self.target, 1e-9)?;
        number(place, "scale-in window", self.window, 0.0)?;
        number(place, "capacity of what stands", self.standing.capacity, 0.0)?;
        period(place, self.period)
    }
}

/// The rule at work.
#[derive(Debug, Clone)]
pub(super) struct Proportion {
    plan: Proportional,
    /// Nanoseconds between two looks.
    pub(super) period: u64,
    /// Nanoseconds of the window.
    window: u64,
    /// When looks asked for how many.
    asked: VecDeque<(u64, u32)>,
}

impl Proportion {
    pub(super) fn new(plan: &Proportional) -> Self {
        Self {
            plan: *plan,
            period: span(plan.period),
            window: from_seconds(plan.window),
            asked: VecDeque::new(),
        }
    }

    pub(super) fn decide(&mut self, seen: &Seen<'_>, (least, most): (u32, u32)) -> u32 {
        let (mut sum, mut figures, mut serving, mut booting) = (0.0, 0_u32, 0_u32, 0_u32);
        for member in seen.members {
            if member.age.is_none() {
                booting += 1;
                continue;
            }
            serving += 1;
            if let Some(utilisation) = member.utilisation {
                sum += utilisation;
                figures += 1;
            }
        }
        if figures == 0 {
            return seen.desired;
        }
        let utilisation = sum / f64::from(figures);
        let standing = self.plan.standing;
        let needed = standing.capacity_of(serving) * utilisation / self.plan.target;
        let asked = standing.instances_for(needed).clamp(least, most);
        self.asked.push_back((seen.now, asked));
        while self.asked.front().is_some_and(|(then, _)| then + self.window < seen.now) {
            self.asked.pop_front();
        }
        let highest = self.asked.iter().map(|(_, asked)| *asked).max().unwrap_or(asked);
        if asked > serving + booting {
            asked
        } else if highest < serving && booting == 0 {
            highest
        } else {
            seen.desired
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Member;
    use super::super::samples::{at, seen};
    use super::*;

    fn rule() -> Proportion {
        beside(Standing::default())
    }

    fn beside(standing: Standing) -> Proportion {
        Proportion::new(&Proportional { target: 0.5, period: 60.0, window: 300.0, standing })
    }

    #[test]
    fn it_grows_in_proportion_at_the_first_look() {
        assert_eq!(rule().decide(&seen(60, 10, &at(0.61, 10)), (2, 100)), 13);
        assert_eq!(rule().decide(&seen(60, 10, &at(0.5, 10)), (2, 100)), 10);
        assert_eq!(rule().decide(&seen(60, 10, &at(1.0, 10)), (2, 15)), 15);
    }

    #[test]
    fn what_boots_already_is_not_asked_for_twice() {
        let mut members = at(0.8, 10);
        members.extend(vec![Member { age: None, utilisation: None }; 6]);
        assert_eq!(rule().decide(&seen(60, 16, &members), (2, 100)), 16);
    }

    #[test]
    fn it_shrinks_to_the_most_that_its_window_asked_for() {
        let mut rule = rule();
        let mut found = Vec::new();
        for look in 1..=8_u64 {
            // 10 are busy at 50%, then at 40%, then at 20%.
            let utilisation = [0.5, 0.4, 0.2][usize::try_from(look - 1).unwrap().min(2)];
            found.push(rule.decide(&seen(look * 60, 10, &at(utilisation, 10)), (2, 100)));
        }
        assert_eq!(found, [10, 10, 10, 10, 10, 10, 8, 4]);
    }

    #[test]
    fn it_does_not_shrink_while_something_boots_nor_below_its_least() {
        let mut members = at(0.1, 10);
        assert_eq!(rule().decide(&seen(60, 10, &members), (3, 100)), 3);
        members.push(Member { age: None, utilisation: None });
        assert_eq!(rule().decide(&seen(60, 11, &members), (3, 100)), 11);
    }

    /// Two stand that do as much as three of those that come and go.
    #[test]
    fn what_stands_is_taken_off_what_is_asked_for() {
        let standing = Standing { instances: 2, capacity: 3.0 };
        let decide = |utilisation: f64, serving: u32, bounds: (u32, u32)| {
            beside(standing).decide(&seen(60, serving, &at(utilisation, serving)), bounds)
        };
        // 3 + 4 at their target of a half: enough as it is.
        assert_eq!(decide(0.5, 6, (2, 100)), 6);
        // (3 + 4) · 0.6 / 0.5 − 3 = 5.4 beside the two; of six equal ones it would be 7.2.
        assert_eq!(decide(0.6, 6, (2, 100)), 2 + 6);
        assert_eq!(decide(0.6, 6, (2, 7)), 7);
        // With none beside: 3 · 0.7 / 0.5 − 3 = 1.2.
        assert_eq!(decide(0.7, 2, (2, 100)), 2 + 2);
    }

    #[test]
    fn what_stands_never_leaves() {
        let mut rule = beside(Standing { instances: 2, capacity: 3.0 });
        // (3 + 1) · 0.05 / 0.5 is less than what stands.
        assert_eq!(rule.decide(&seen(60, 3, &at(0.05, 3)), (2, 100)), 2);
        assert_eq!(rule.decide(&seen(120, 2, &at(0.0, 2)), (2, 100)), 2);
        let mut rule = beside(Standing { instances: 2, capacity: 2.5 });
        let mut members = at(0.9, 3);
        members.extend(vec![Member { age: None, utilisation: None }; 2]);
        // (2.5 + 1) · 0.9 / 0.5 − 2.5 = 3.8: four beside the two, of which one serves and two boot.
        assert_eq!(rule.decide(&seen(60, 5, &members), (2, 100)), 6);
    }

    #[test]
    fn without_a_figure_nothing_happens() {
        let members = vec![Member { age: Some(1), utilisation: None }; 4];
        assert_eq!(rule().decide(&seen(60, 4, &members), (2, 100)), 4);
    }
}
