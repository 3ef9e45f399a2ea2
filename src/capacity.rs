//! What a budget buys: the most of one outcome, by exact search over whole steps of it.
//!
//! The model says where to look. What it says is simulated there, and one step further; where the
//! simulation disagrees the search goes on with it, so that what is carried is a verified plan and
//! what is refused has none.

use domain::capacity::{Against, Capacity, Refused};
use domain::catalog::Catalog;
use domain::demand::Demand;
use domain::design::{Ask, Design};
use domain::intent::{Intent, StatedObjectives};
use domain::ledger::Stated;
use domain::objective::{Budget, Operations};
use domain::topology::{Deployment, Topology};
use domain::units::{Availability, MicroDollars, RequestsPerSecond};
use rayon::prelude::*;

use crate::frontier::{Outcome, asked, milliseconds};
use crate::planning::{Planner, PlanningError, solved_cost, solved_plan};
use crate::replan::{better_operations, with};

/// Uptimes at which the same budget is looked at, in parts per million.
const UPTIMES: [u32; 3] = [990_000, 999_000, 999_900];

/// More users or requests a second than this are not looked at: no load is as large.
const LOADS: u64 = 1 << 40;

/// The loosest latency that is looked at, in milliseconds.
const SLOWEST: u64 = 60_000;

/// Whole steps of an outcome, each of which asks for more than the one before it.
#[derive(Debug, Clone, Copy)]
enum Scale {
    /// So many users a step.
    Users(u64),
    /// So many requests a second a step.
    Rates(u64),
    /// Thousandths of a percent.
    Uptimes,
    /// Milliseconds below the loosest latency.
    Latencies,
}

impl Scale {
    fn of(intent: &Intent, outcome: Outcome) -> Self {
        match (outcome, asked(intent, outcome)) {
            (Outcome::Load, Some(Ask::Rate(_))) => Self::Rates(1),
            (Outcome::Load, _) => Self::Users(1),
            (Outcome::Uptime, _) => Self::Uptimes,
            (Outcome::Latency(_), _) => Self::Latencies,
        }
    }

    /// The last step.
    const fn end(self) -> u64 {
        match self {
            Self::Users(step) | Self::Rates(step) => LOADS / step,
            Self::Uptimes => 99_999,
            Self::Latencies => SLOWEST - 1,
        }
    }

    /// Larger steps, where there are so many that nobody tells them apart: of the third digit.
    const fn coarsened(self, steps: u64) -> Self {
        let mut step = 1;
        while steps / step >= 1_000 {
            step *= 10;
        }
        match self {
            Self::Users(_) => Self::Users(step),
            Self::Rates(_) => Self::Rates(step),
            Self::Uptimes | Self::Latencies => self,
        }
    }

    /// The steps of a coarser scale that fit into so many of the finest.
    const fn steps(self, fine: u64) -> u64 {
        match self {
            Self::Users(step) | Self::Rates(step) => fine / step,
            Self::Uptimes | Self::Latencies => fine,
        }
    }

    fn ask(self, steps: u64) -> Ask {
        match self {
            Self::Users(step) => Ask::Users(steps * step),
            Self::Rates(step) => Ask::Rate(RequestsPerSecond::of((steps * step) as f64)),
            Self::Uptimes => {
                let ppm = u32::try_from(steps * 10).unwrap_or(u32::MAX);
                let uptime = Availability::from_ppm(ppm.min(999_999));
                Ask::Uptime(uptime.expect("below a million parts"))
            }
            Self::Latencies => Ask::Latency(milliseconds((SLOWEST - steps) as f64)),
        }
    }
}

/// What a search came to.
enum Carried {
    /// So many steps, with their design.
    Some(Scale, u64, Box<Design>),
    /// Not even one.
    Nothing(Scale),
}

/// A search for the most of an outcome.
pub(crate) struct Buying<'p> {
    pub(crate) planner: &'p Planner<'p>,
    /// With the budget.
    pub(crate) intent: &'p Intent,
    pub(crate) outcome: Outcome,
    pub(crate) budget: MicroDollars,
    pub(crate) against: Against,
}

impl Buying<'_> {
    /// The most that the budget carries; else the intent at the first step, which it does not.
    ///
    /// # Errors
    /// When the intent makes no demand or the simulation cannot be run.
    pub(crate) fn most(&self, next: &dyn Fn(Ask) -> String) -> Result<Bought, PlanningError> {
        let quiet = Planner { progress: &|_| {}, ..*self.planner };
        // What is at fault whatever is carried is said at once.
        let finest = Scale::of(self.intent, self.outcome);
        quiet.demand(&with(self.intent, finest.ask(1), self.outcome.place()))?;
        (self.planner.progress)("looking for the most that the budget carries");
        let (scale, steps, design) = match carried(&quiet, self.intent, self.outcome)? {
            Carried::Some(scale, steps, design) => (scale, steps, *design),
            Carried::Nothing(scale) => {
                let least = with(self.intent, scale.ask(1), self.outcome.place());
                return Ok(Bought::Nothing(Box::new(least)));
            }
        };
        (self.planner.progress)("looking at one step more, and at other uptimes");
        let unlimited = without_budget(self.intent.clone(), self.against);
        let carried = scale.ask(steps);
        let (refused, (elsewhere, careful)) = rayon::join(
            || self.refused(&quiet, &unlimited, (scale, steps)),
            || rayon::join(|| self.elsewhere(&quiet), || self.careful(&quiet, carried)),
        );
        let demand = quiet.demand(&with(self.intent, carried, self.outcome.place()))?;
        Ok(Bought::Some(Box::new(Capacity {
            next_machines: self.next_machines(&quiet, &unlimited, (scale, steps)),
            demand,
            outcome: self.outcome.aspect().name(self.intent),
            budget: self.budget,
            against: self.against,
            carried,
            design,
            refused: refused?,
            elsewhere: elsewhere?,
            careful: careful?,
            next: next(carried),
            provenance: self.planner.provenance(self.intent),
        })))
    }

    /// One step more, without the budget.
    fn refused(
        &self,
        planner: &Planner<'_>,
        unlimited: &Intent,
        (scale, steps): (Scale, u64),
    ) -> Result<Option<Refused>, PlanningError> {
        if steps >= scale.end() {
            return Ok(None);
        }
        let ask = scale.ask(steps + 1);
        let designed = planner.found_as_stated(&with(unlimited, ask, self.outcome.place()))?;
        Ok(Some(Refused { ask, unlimited: designed }))
    }

    /// The least load above what is carried at which the model's cheapest machines are others;
    /// `None` where one step more needs them already, and for other outcomes.
    fn next_machines(
        &self,
        planner: &Planner<'_>,
        unlimited: &Intent,
        (scale, steps): (Scale, u64),
    ) -> Option<Ask> {
        if self.outcome != Outcome::Load {
            return None;
        }
        let machines = |steps: u64| {
            let demand = planner.demand(&with(unlimited, scale.ask(steps), 0)).ok()?;
            let plan = solved_plan(&demand, planner.catalog)?;
            Some(fleet(&plan.topology))
        };
        let here = machines(steps)?;
        let same = |steps: u64| machines(steps).is_none_or(|other| other == here);
        if !same(steps + 1) {
            return None;
        }
        let (mut low, mut stride) = (steps + 1, 1);
        while same(low + stride) {
            low += stride;
            stride *= 2;
            if low > steps.saturating_mul(4) {
                return None;
            }
        }
        let mut high = low + stride;
        while high - low > 1 {
            let middle = u64::midpoint(low, high);
            if same(middle) { low = middle } else { high = middle }
        }
        Some(scale.ask(high))
    }

    /// What the same budget carries with more careful operations, where they carry a higher uptime:
    /// they cost nothing that a bill of the cloud shows.
    fn careful(
        &self,
        planner: &Planner<'_>,
        plain: Ask,
    ) -> Result<Option<(Operations, Ask)>, PlanningError> {
        if self.outcome != Outcome::Uptime {
            return Ok(None);
        }
        let mut best = None;
        for level in better_operations(&with(self.intent, plain, 0)) {
            let operations = Some(Stated::by_user(level, "capacity"));
            let intent = Intent { operations, ..self.intent.clone() };
            if let Carried::Some(scale, steps, _) = carried(planner, &intent, self.outcome)? {
                let found = scale.ask(steps);
                let before = best.map_or(plain, |(_, found)| found);
                if found.number() > before.number() {
                    best = Some((level, found));
                }
            }
        }
        Ok(best)
    }

    /// What the same budget carries at other uptimes, where it is users that are looked for.
    fn elsewhere(&self, planner: &Planner<'_>) -> Result<Vec<(Ask, Option<Ask>)>, PlanningError> {
        let Some(own) = self.intent.objectives.uptime.filter(|_| self.outcome == Outcome::Load)
        else {
            return Ok(Vec::new());
        };
        let others = UPTIMES.into_iter().filter(|ppm| *ppm != own.ppm());
        let others: Vec<Availability> =
            others.filter_map(|ppm| Availability::from_ppm(ppm).ok()).collect();
        let look = |uptime: Availability| {
            let ask = Ask::Uptime(uptime);
            let mut intent = with(self.intent, ask, 0);
            // Nobody has more than three nines without careful releases.
            if intent.operations.is_none() && uptime.ppm() > 999_500 {
                intent.operations = Some(Stated::by_user(Operations::Advanced, "capacity"));
            }
            Ok(match carried(planner, &intent, self.outcome)? {
                Carried::Some(scale, steps, _) => (ask, Some(scale.ask(steps))),
                Carried::Nothing(_) => (ask, None),
            })
        };
        others.into_par_iter().map(look).collect()
    }
}

/// What a budget buys.
pub(crate) enum Bought {
    /// Something.
    Some(Box<Capacity>),
    /// Nothing: this is the least that was asked for.
    Nothing(Box<Intent>),
}

fn without_budget(mut intent: Intent, against: Against) -> Intent {
    let budget = &mut intent.objectives.budget;
    match against {
        Against::Expected => budget.expected = None,
        Against::Ceiling => budget.ceiling = None,
    }
    intent
}

/// What runs, however the autoscalers are set.
fn fleet(topology: &Topology) -> Vec<(String, u32)> {
    let pools = |service: &Deployment| {
        let pools = service.pools.iter().map(|pool| (pool.sku.clone(), pool.replicas()));
        pools.collect::<Vec<_>>()
    };
    topology.services.iter().flat_map(pools).collect()
}

/// The most steps that an intent with a budget has a verified plan for.
fn carried(
    planner: &Planner<'_>,
    intent: &Intent,
    outcome: Outcome,
) -> Result<Carried, PlanningError> {
    let place = outcome.place();
    let finest = Scale::of(intent, outcome);
    let unlimited = Intent { objectives: unlimited(&intent.objectives), ..intent.clone() };
    let seems = |steps: u64| {
        let demand = planner.demand(&with(&unlimited, finest.ask(steps), place)).ok();
        demand.is_some_and(|demand| is_within(&demand, planner.catalog, &intent.objectives.budget))
    };
    let mut high = 1;
    while high <= finest.end() && seems(high) {
        high *= 2;
    }
    let fine = last(high / 2, high.min(finest.end() + 1), &seems);
    let scale = finest.coarsened(fine);
    let plan = |steps: u64| match planner.design(&with(intent, scale.ask(steps), place)) {
        // A load beyond what can be planned for is not carried.
        Err(PlanningError::Demand(_) | PlanningError::GaveUp) => Ok(None),
        designed => designed,
    };
    let mut low = scale.steps(fine);
    let mut best = if low == 0 { None } else { plan(low)? };
    high = low + 1;
    if best.is_some() {
        // Further up, as long as something holds that the model did not hope for.
        let mut stride = 1;
        while high <= scale.end() {
            let Some(design) = plan(high)? else { break };
            best = Some(design);
            low = high;
            high = low + stride;
            stride *= 2;
        }
    } else {
        // Further down, until something holds that the model hoped for.
        let mut stride = 1;
        high = low;
        while high > 1 && best.is_none() {
            low = high.saturating_sub(stride).max(1);
            best = plan(low)?;
            if best.is_none() {
                high = low;
                stride *= 2;
            }
        }
    }
    let Some(mut best) = best else { return Ok(Carried::Nothing(scale)) };
    while high - low > 1 {
        let middle = u64::midpoint(low, high);
        match plan(middle)? {
            Some(design) => (low, best) = (middle, design),
            None => high = middle,
        }
    }
    Ok(Carried::Some(scale, low, Box::new(best)))
}

fn unlimited(objectives: &StatedObjectives) -> StatedObjectives {
    StatedObjectives { budget: Budget::default(), ..objectives.clone() }
}

/// Whether the model's cheapest plan is within a budget. Where only the expected bill is limited,
/// no other plan is if this one is not; a ceiling may admit another one.
fn is_within(demand: &Demand, catalog: &Catalog, budget: &Budget) -> bool {
    let below = |limit: Option<MicroDollars>, cost| limit.is_none_or(|limit| cost <= limit);
    if budget.ceiling.is_none() {
        return solved_cost(demand, catalog).is_some_and(|cost| below(budget.expected, cost));
    }
    solved_plan(demand, catalog).is_some_and(|plan| {
        let totals = plan.bill.totals();
        below(budget.expected, totals.expected) && below(budget.ceiling, totals.ceiling)
    })
}

/// The last number from `low` on, of which it holds, below `high`, of which it does not.
fn last(mut low: u64, mut high: u64, holds: &dyn Fn(u64) -> bool) -> u64 {
    while high - low > 1 {
        let middle = u64::midpoint(low, high);
        if holds(middle) { low = middle } else { high = middle }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_number_is_found_wherever_it_is() {
        for edge in [0, 1, 7, 4_127, LOADS] {
            assert_eq!(last(0, LOADS + 1, &|number| number <= edge), edge);
        }
    }

    #[test]
    fn a_scale_goes_by_its_third_digit_and_never_beyond_what_fits() {
        let scale = Scale::Users(1).coarsened(5_234);
        assert_eq!(scale.steps(5_234), 523);
        assert_eq!(scale.ask(523), Ask::Users(5_230));
        assert_eq!(Scale::Users(1).coarsened(999).ask(999), Ask::Users(999));
        assert_eq!(Scale::Uptimes.ask(99_963).number().to_string(), "99.963");
        let tightest = Scale::Latencies.ask(Scale::Latencies.end());
        assert_eq!(tightest, Ask::Latency(milliseconds(1.0)));
    }
}
