//! The values that an aspect can take instead of the stated one, nearest first.
//!
//! Nobody wants 41,237 users: values have three digits. Each is looser than the one before it, so
//! whether a plan exists is monotone along them, and the first one with a plan is found by
//! bisection.

use domain::intent::Intent;
use domain::ledger::Stated;
use domain::objective::{Load, Operations};
use domain::units::{Availability, MicroDollars, RequestsPerSecond, Seconds};

use super::Aspect;
use super::aspect::{latency, set_latency};
use crate::characterise::uptime_floor;

/// Uptimes that people ask for, from the strictest to the loosest, in ppm.
const UPTIMES: [u32; 14] = [
    999_999, 999_995, 999_990, 999_950, 999_900, 999_800, 999_500, 999_000, 998_000, 995_000,
    990_000, 980_000, 950_000, 900_000,
];

/// The loosest latency that is offered as a relaxation, in tenths of a millisecond: a minute.
const SLOWEST: u64 = 600_000;

/// The least load that is offered as a relaxation, as a fraction of the stated one.
const LEAST: u64 = 1_000;

/// So many dollars are the most that a budget is raised by.
const DEAREST: u64 = 1_000_000_000;

/// The values of one aspect of an intent, nearest first.
#[derive(Debug, Clone)]
pub struct Rungs<'i> {
    intent: &'i Intent,
    aspect: Aspect,
    values: Values,
}

#[derive(Debug, Clone)]
enum Values {
    Users(Vec<u64>),
    /// Thousandths of a request a second.
    Rates(Vec<u64>),
    Uptimes(Vec<u32>),
    /// Tenths of a millisecond.
    Limits(Vec<u64>),
    /// Dollars beyond what is stated, rounded down to whole ones.
    Dollars,
    Levels(Vec<Operations>),
    /// Nothing but to leave it out.
    Loosest,
}

impl<'i> Rungs<'i> {
    /// The values of an aspect that the intent has.
    pub fn new(intent: &'i Intent, aspect: Aspect) -> Self {
        let values = match aspect {
            Aspect::Load => match &intent.objectives.load {
                Some(Load::Users { count, .. }) => Values::Users(below(*count)),
                Some(Load::Rate(rate)) => Values::Rates(below(rounded(rate.value() * 1e3))),
                None => Values::Users(Vec::new()),
            },
            Aspect::Uptime => {
                let stated = intent.objectives.uptime.map_or(0, Availability::ppm);
                let floor = uptime_floor(intent).map_or(0, Availability::ppm);
                let rungs = UPTIMES.into_iter();
                Values::Uptimes(rungs.filter(|ppm| *ppm < stated && *ppm >= floor).collect())
            }
            Aspect::Latency(at) => {
                let stated = latency(intent, at).map_or(0.0, |(_, known)| known.limit.value());
                Values::Limits(above(rounded(stated * 1e4)))
            }
            Aspect::Budget => Values::Dollars,
            Aspect::Operations => {
                let stated = intent.operations.as_ref();
                let stated = stated.map_or(Operations::Standard, |level| level.value);
                let better = Operations::ALL.into_iter().filter(|level| *level > stated);
                Values::Levels(better.collect())
            }
            Aspect::Placement
            | Aspect::Pins
            | Aspect::Headroom
            | Aspect::Recovery
            | Aspect::Policy(_) => Values::Loosest,
        };
        Self { intent, aspect, values }
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        match &self.values {
            Values::Users(values) | Values::Rates(values) | Values::Limits(values) => {
                values.len() as u64
            }
            Values::Uptimes(values) => values.len() as u64,
            Values::Levels(values) => values.len() as u64,
            Values::Dollars => DEAREST,
            Values::Loosest => 1,
        }
    }

    /// The intent with the value at a place in place of the stated one.
    ///
    /// # Panics
    /// When there is no such place.
    pub fn at(&self, place: u64) -> Intent {
        let at = usize::try_from(place).expect("a place among values that are in memory");
        let mut changed = self.intent.clone();
        let objectives = &mut changed.objectives;
        match &self.values {
            Values::Users(values) => {
                if let Some(Load::Users { count, .. }) = &mut objectives.load {
                    *count = values[at];
                }
            }
            Values::Rates(values) => {
                let rate = RequestsPerSecond::of(values[at] as f64 / 1e3);
                objectives.load = Some(Load::Rate(rate));
            }
            Values::Uptimes(values) => {
                objectives.uptime = Availability::from_ppm(values[at]).ok();
            }
            Values::Limits(values) => {
                if let Aspect::Latency(objective) = self.aspect {
                    set_latency(&mut changed, objective, Seconds::of(values[at] as f64 / 1e4));
                }
            }
            Values::Dollars => {
                let budget = &mut objectives.budget;
                for limit in [&mut budget.expected, &mut budget.ceiling].into_iter().flatten() {
                    *limit = raised(*limit, place + 1);
                }
            }
            Values::Levels(values) => {
                changed.operations = Some(Stated::by_user(values[at], "relaxation"));
            }
            Values::Loosest => return self.aspect.loosest(self.intent),
        }
        changed
    }

    /// The first place whose budget is at least that; budgets of one kind only.
    pub(super) fn of_cost(&self, cost: MicroDollars) -> Option<u64> {
        let budget = self.intent.objectives.budget;
        let stated = budget.expected.filter(|_| budget.ceiling.is_none())?;
        let whole = stated.micros().div_euclid(1_000_000);
        let dollars = cost.micros().div_euclid(1_000_000) + 1;
        u64::try_from(dollars - whole - 1).ok().filter(|place| *place < DEAREST)
    }
}

/// An amount raised to so many whole dollars more.
fn raised(amount: MicroDollars, dollars: u64) -> MicroDollars {
    let whole = amount.micros().div_euclid(1_000_000);
    let dollars = i64::try_from(dollars).unwrap_or(i64::MAX / 4_000_000);
    MicroDollars::new((whole + dollars).saturating_mul(1_000_000)).unwrap_or(amount)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "rates and limits that a reader has let pass"
)]
fn rounded(value: f64) -> u64 {
    (value + 1e-6).floor() as u64
}

/// Every number of three digits below a stated one down to a thousandth of it, largest first.
fn below(stated: u64) -> Vec<u64> {
    let mut values = Vec::new();
    let mut next = stated.saturating_sub(1);
    while next > stated / LEAST {
        let value = next / third_digit(next) * third_digit(next);
        values.push(value);
        next = value - 1;
    }
    values
}

/// Every number of three digits above a stated one up to the slowest, smallest first.
fn above(stated: u64) -> Vec<u64> {
    let mut values = Vec::new();
    let mut next = stated + 1;
    while next <= SLOWEST {
        let value = next.div_ceil(third_digit(next)) * third_digit(next);
        values.push(value);
        next = value + 1;
    }
    values
}

/// The step of the third digit: 10 for 4,123.
fn third_digit(count: u64) -> u64 {
    let mut step = 1;
    while count / step >= 1_000 {
        step *= 10;
    }
    step
}

/// The first of so many places from `from` on for which `feasible` holds, where it holds for all
/// after it; `None` when it holds for none.
pub(super) fn first(from: u64, count: u64, feasible: impl Fn(u64) -> bool) -> Option<u64> {
    if from >= count || !feasible(count - 1) {
        return None;
    }
    // The edge is mostly near, so steps grow until it is passed.
    let (mut low, mut step) = (from, 1);
    let mut high = loop {
        let next = (low + step - 1).min(count - 1);
        if next == count - 1 || feasible(next) {
            break next;
        }
        low = next + 1;
        step *= 4;
    };
    while low < high {
        let middle = u64::midpoint(low, high);
        if feasible(middle) { high = middle } else { low = middle + 1 }
    }
    Some(high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_that_holds_is_found() {
        for edge in [0, 1, 2, 7, 99, 4_127] {
            assert_eq!(first(0, 5_000, |place| place >= edge), Some(edge));
            assert_eq!(first(3, 5_000, |place| place >= edge), Some(edge.max(3)));
        }
        assert_eq!(first(0, 100, |_| false), None);
        assert_eq!(first(0, 0, |_| true), None);
    }

    #[test]
    fn values_have_three_digits_and_leave_what_is_stated() {
        assert_eq!(below(41_237)[..2], [41_200, 41_100]);
        assert_eq!(below(1_000)[..2], [999, 998]);
        assert_eq!(below(3), [2, 1]);
        assert_eq!(above(999)[..2], [1_000, 1_010]);
        assert_eq!(above(360)[..2], [361, 362]);
        assert_eq!(above(0)[..2], [1, 2]);
    }
}
