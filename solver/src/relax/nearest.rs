//! The nearest value of one aspect with which a plan exists.
//!
//! Feasibility is monotone in each of them, so a bisection finds the edge; the value reported is
//! rounded to the safe side, to two or three digits, because nobody wants 41,237 users.

use domain::intent::Intent;
use domain::ledger::Stated;
use domain::objective::{Load, Operations};
use domain::units::{Availability, MicroDollars, RequestsPerSecond, Seconds};

use super::aspect::{latency, set_latency};
use super::{Aspect, Prober, Relaxed};
use crate::characterise::characterise;
use crate::model::Model;
use crate::optimise::{Optimised, optimise};

/// Uptimes that people ask for, from the strictest to the loosest, in ppm.
const UPTIMES: [u32; 14] = [
    999_999, 999_995, 999_990, 999_950, 999_900, 999_800, 999_500, 999_000, 998_000, 995_000,
    990_000, 980_000, 950_000, 900_000,
];

/// The loosest latency that is offered as a relaxation.
const SLOWEST: f64 = 60.0;

impl Prober<'_> {
    /// The intent with that aspect changed as little as possible; `None` where it does not help.
    pub fn nearest(&self, intent: &Intent, aspect: Aspect) -> Option<Relaxed> {
        if !self.feasible(&aspect.loosest(intent)) {
            return None;
        }
        let relaxed = match aspect {
            Aspect::Load => self.nearest_load(intent)?,
            Aspect::Uptime => self.nearest_uptime(intent)?,
            Aspect::Latency(at) => self.nearest_latency(intent, at)?,
            Aspect::Budget => self.nearest_budget(intent)?,
            Aspect::Operations => self.nearest_operations(intent)?,
            Aspect::Placement | Aspect::Pins | Aspect::Headroom => aspect.loosest(intent),
        };
        let changes = vec![aspect.change(intent, &relaxed)];
        Some(Relaxed { intent: relaxed, changes })
    }

    fn nearest_load(&self, intent: &Intent) -> Option<Intent> {
        let with = |load: Load| {
            let mut changed = intent.clone();
            changed.objectives.load = Some(load);
            changed
        };
        match intent.objectives.load.clone()? {
            Load::Users { count, kind, think_time } => {
                let users = |count| with(Load::Users { count, kind, think_time });
                let most = largest(count, |count| self.feasible(&users(count)))?;
                Some(users(most))
            }
            Load::Rate(rate) => {
                let rates =
                    |milli: u64| with(Load::Rate(RequestsPerSecond::of(milli as f64 / 1_000.0)));
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "rates are at most 1e8/s"
                )]
                let milli = (rate.value() * 1_000.0).round() as u64;
                let most = largest(milli, |milli| self.feasible(&rates(milli)))?;
                Some(rates(most))
            }
        }
    }

    fn nearest_uptime(&self, intent: &Intent) -> Option<Intent> {
        let stated = intent.objectives.uptime?.ppm();
        UPTIMES.into_iter().filter(|ppm| *ppm < stated).find_map(|ppm| {
            let mut changed = intent.clone();
            changed.objectives.uptime = Availability::from_ppm(ppm).ok();
            self.feasible(&changed).then_some(changed)
        })
    }

    fn nearest_latency(&self, intent: &Intent, at: usize) -> Option<Intent> {
        let (_, objective) = latency(intent, at)?;
        let with = |tenths: u64| {
            let mut changed = intent.clone();
            set_latency(&mut changed, at, Seconds::of(tenths as f64 / 1e4));
            changed
        };
        // In tenths of a millisecond: the smallest that is feasible.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a limit of at most a minute"
        )]
        let mut low = (objective.limit.value() * 1e4).floor() as u64;
        let mut high = low.max(1);
        while !self.feasible(&with(high)) {
            low = high;
            high *= 2;
            if high as f64 / 1e4 > SLOWEST {
                return None;
            }
        }
        while high - low > (high / 100).max(1) {
            let middle = u64::midpoint(low, high);
            if self.feasible(&with(middle)) { high = middle } else { low = middle }
        }
        let rounded = with(rounded_up(high));
        if self.feasible(&rounded) { Some(rounded) } else { Some(with(high)) }
    }

    /// The budget becomes what the cheapest plan costs, in whole dollars.
    fn nearest_budget(&self, intent: &Intent) -> Option<Intent> {
        let unlimited = Aspect::Budget.loosest(intent);
        let demand = characterise(&unlimited, self.catalog, None).ok()?;
        let model = Model::new(&demand, self.catalog, self.settings);
        let Optimised::Found(optimum) = optimise(&model, &[]) else {
            return None;
        };
        let mut changed = intent.clone();
        let budget = &mut changed.objectives.budget;
        if budget.expected.is_some() {
            budget.expected = Some(whole_dollars(optimum.cost));
        }
        if let Some(limit) = budget.ceiling {
            let options = optimum.options.iter().map(|option| option.cost.ceiling);
            let fixed = optimum.fixed.iter().map(|line| line.amount.ceiling);
            let ceiling: MicroDollars = options.chain(fixed).sum();
            budget.ceiling = Some(limit.max(whole_dollars(ceiling)));
        }
        self.feasible(&changed).then_some(changed)
    }

    fn nearest_operations(&self, intent: &Intent) -> Option<Intent> {
        let stated = intent.operations.as_ref().map_or(Operations::Standard, |level| level.value);
        Operations::ALL.into_iter().filter(|level| *level > stated).find_map(|level| {
            let mut changed = intent.clone();
            changed.operations = Some(Stated::by_user(level, "relaxation"));
            self.feasible(&changed).then_some(changed)
        })
    }
}

/// The next whole dollar.
fn whole_dollars(amount: MicroDollars) -> MicroDollars {
    let dollars = amount.micros().div_euclid(1_000_000) + 1;
    MicroDollars::new(dollars * 1_000_000).unwrap_or(amount)
}

/// The largest count up to `stated` for which `feasible` holds, rounded down to three digits;
/// `None` when it does not hold for 1.
fn largest(stated: u64, feasible: impl Fn(u64) -> bool) -> Option<u64> {
    let (mut low, mut high) = (1, stated);
    if !feasible(low) {
        return None;
    }
    while high - low > (low / 200).max(1) {
        // Loads span many powers of ten, so the middle is the geometric one.
        let middle = geometric_middle(low, high);
        if feasible(middle) { low = middle } else { high = middle }
    }
    let rounded = rounded_down(low);
    if feasible(rounded) { Some(rounded) } else { Some(low) }
}

fn geometric_middle(low: u64, high: u64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between two counts that fit"
    )]
    let middle = ((low as f64) * (high as f64)).sqrt() as u64;
    middle.clamp(low + 1, high - 1)
}

/// The step of the third digit: 10 for 4,123.
fn third_digit(count: u64) -> u64 {
    let mut step = 1;
    while count / step >= 1_000 {
        step *= 10;
    }
    step
}

fn rounded_down(count: u64) -> u64 {
    count / third_digit(count) * third_digit(count)
}

fn rounded_up(count: u64) -> u64 {
    count.div_ceil(third_digit(count)) * third_digit(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edge_is_found_and_rounded_to_the_safe_side() {
        for edge in [1, 2, 7, 99, 4_127, 1_234_567] {
            let most = largest(10_000_000, |count| count <= edge).unwrap();
            assert!(most <= edge && most as f64 >= edge as f64 * 0.98 - 1.0, "{edge}: {most}");
        }
        assert_eq!(largest(100, |_| false), None);
    }

    #[test]
    fn rounding_keeps_three_digits() {
        assert_eq!((rounded_down(41_237), rounded_up(41_237)), (41_200, 41_300));
        assert_eq!((rounded_down(999), rounded_up(999)), (999, 999));
    }
}
