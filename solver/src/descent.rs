//! One placement from a few options of each service to a proven optimum.
//!
//! A service has thousands of options, of which an optimum needs the cheap ones. So only those up
//! to a cost are made, the limits are priced by the linear program over them, and what was left
//! out is bounded by what every option has at least (column generation with a bound in place of a
//! pricing problem). The search then goes over all choices up to a little more than the bound,
//! then up to more, until one holds: the first that does is the optimum.

use std::collections::BTreeMap;

use domain::demand::ServiceIndex;
use domain::units::MicroDollars;

use crate::backend::{self, BackendAnswer};
use crate::constraints::{self, LatencyState};
use crate::option::ServiceOption;
use crate::placement::{Placement, Solved};
use crate::program::{Choice, Program};
use crate::reduced::{LeftOut, Reduced};
use crate::search::{self, Found, first_gap, up_to};

/// What one unit of each limit is worth, in dollars, by the name of its row.
pub(crate) type Prices = BTreeMap<String, f64>;

/// Options up to this factor on the cheapest are made first.
const FIRST_WIDTH: f64 = 1.25;
/// How often the limits are priced anew, each time over more options.
const PRICINGS: usize = 6;
/// A plan that costs up to this share more than the bound is searched against at once.
const NEAR: f64 = 0.25;
/// Nodes at which a search is tried with the prices of another placement.
const FEW_NODES: u64 = 100;
/// Costs beyond this, in micro-dollars, are no limit.
const NO_LIMIT: f64 = 1e17;

/// The way to the optimum of a placement.
pub(crate) struct Descent<'s, 'm, 'a> {
    placement: &'s Placement<'m, 'a>,
    /// By service, what every option has at least.
    floors: Vec<ServiceOption<'a>>,
    /// The most that the services may cost, in micro-dollars.
    most: i64,
    /// Whether to put the placement off where not even parts of options hold every limit.
    hasty: bool,
    /// The states in which latency is looked at.
    states: Vec<LatencyState>,
    /// The most that an option of each service may cost to be made; `None` makes all.
    caps: Vec<Option<MicroDollars>>,
    /// By service, what was made.
    made: Vec<Made<'a>>,
    /// For some states, the least that any option of each service adds to each row, in each way in
    /// which it may.
    least: (Vec<LatencyState>, Vec<Vec<Vec<f64>>>),
}

/// The options of a service up to a cost that no other one beats.
#[derive(Default)]
struct Made<'a> {
    /// Whether they were made, and the cap for which they were.
    done: bool,
    cap: Option<MicroDollars>,
    options: Vec<ServiceOption<'a>>,
    looked_at: u64,
}

/// The program over the options that were made, and what they leave out.
struct Restricted {
    program: Program,
    left_out: Vec<Option<LeftOut>>,
}

/// What a search over the options that are there came to.
enum Step {
    /// The optimum, or the best at the end of a search that gave up.
    Ended(Found),
    /// Nothing that costs so little holds.
    Nothing,
    /// What was found breaks states that are looked at from now on.
    Again,
}

impl<'s, 'm, 'a> Descent<'s, 'm, 'a> {
    pub(crate) fn new(
        placement: &'s Placement<'m, 'a>,
        floors: Vec<ServiceOption<'a>>,
        most: i64,
        hasty: bool,
    ) -> Self {
        let caps = floors.iter().map(|floor| Some(widened(floor.cost.expected))).collect();
        let states = constraints::first_states(placement.layout());
        let made = floors.iter().map(|_| Made::default()).collect();
        Self { placement, floors, most, hasty, states, caps, made, least: (Vec::new(), Vec::new()) }
    }

    /// Looks for the optimum; `prices` are those of another placement, and become those here.
    pub(crate) fn run(mut self, prices: &mut Prices) -> Solved<'a> {
        let mut restricted = self.restricted();
        // Most placements are ruled out by the prices that another one left, improved here.
        let mut own = prices.clone();
        let mut multipliers = known(&restricted.program, &own);
        while !prices.is_empty() {
            multipliers = search::improved(&restricted.program, &multipliers, self.most);
            note(&mut own, &restricted.program, &multipliers);
            let reduced = Reduced::new(&restricted.program, &multipliers, &restricted.left_out);
            if reduced.bound > self.most as f64 {
                return self.too_dear();
            }
            if !self.widen(&reduced, first_gap(reduced.bound), 1.0) {
                match self.search(&mut restricted, &multipliers, FEW_NODES) {
                    Step::Ended(found) if !found.complete => break,
                    Step::Ended(found) => return self.solved(found),
                    Step::Nothing => return self.nothing(),
                    Step::Again => {}
                }
            }
            restricted = self.restricted();
            multipliers = known(&restricted.program, &own);
        }
        loop {
            let (mut feasible, mut left) = (true, PRICINGS);
            while left > 0 {
                left -= usize::from(feasible);
                if let BackendAnswer::Optimal(found) = backend::multipliers(&restricted.program) {
                    feasible = found.feasible;
                    multipliers = found.rows;
                }
                let reduced = Reduced::new(&restricted.program, &multipliers, &restricted.left_out);
                let gap = first_gap(reduced.bound);
                // Where even parts of options hold no limit, the prices say what is wanted, but
                // not how much of it.
                let factor = if feasible { f64::INFINITY } else { 1.0 };
                if reduced.bound > self.most as f64 || !self.widen(&reduced, gap, factor) {
                    break;
                }
                restricted = self.restricted();
            }
            if self.hasty && !feasible {
                return Solved { looked_at: self.looked_at(), put_off: true, ..Solved::default() };
            }
            // Prices at which nothing holds say nothing of other placements.
            if feasible {
                note(prices, &restricted.program, &multipliers);
            }
            match self.search(&mut restricted, &multipliers, search::NODE_LIMIT) {
                Step::Ended(found) => return self.solved(found),
                Step::Nothing => return self.nothing(),
                Step::Again => restricted = self.restricted(),
            }
        }
    }

    fn solved(self, found: Found) -> Solved<'a> {
        let looked_at = self.looked_at();
        let options = self.made.into_iter().map(|made| made.options).collect();
        Solved { looked_at, ..self.placement.solved(found, options) }
    }

    /// There is no plan here that costs at most what it may.
    fn nothing(&self) -> Solved<'a> {
        if self.most < i64::MAX {
            self.too_dear()
        } else {
            Solved { looked_at: self.looked_at(), ..Solved::default() }
        }
    }

    /// No plan here costs as little as one that is known.
    fn too_dear(&self) -> Solved<'a> {
        let bound = self.placement.with_fixed(self.most.saturating_add(1));
        Solved { bound: Some(bound), looked_at: self.looked_at(), ..Solved::default() }
    }

    /// Tries choices that cost up to a little more than the bound, then up to more.
    fn search(&mut self, restricted: &mut Restricted, multipliers: &[f64], nodes: u64) -> Step {
        let mut gap: Option<f64> = None;
        loop {
            let reduced = Reduced::new(&restricted.program, multipliers, &restricted.left_out);
            let all = restricted.program.dearest();
            let everything = self.caps.iter().all(Option::is_none);
            if reduced.bound > self.most as f64 || (everything && reduced.bound > all as f64) {
                return Step::Nothing;
            }
            // Where a plan is known that costs little more, that is the gap to close.
            let known = self.most as f64 - reduced.bound;
            let near = known < reduced.bound.abs() * NEAR;
            let first = || if near { known + 1.0 } else { first_gap(reduced.bound) };
            let wide = *gap.get_or_insert_with(first);
            if self.widen(&reduced, wide, f64::INFINITY) {
                *restricted = self.restricted();
                continue;
            }
            let most = up_to(reduced.bound + wide).min(self.most);
            let found = search::within(&reduced, most, nodes);
            if !found.complete && nodes < search::NODE_LIMIT {
                return Step::Ended(found);
            }
            let found = if found.complete { found } else { by_highs(&reduced, found, most) };
            let broken = found.best.as_ref().map(|choice| self.broken_states(choice));
            if let Some(broken) = broken.filter(|broken| !broken.is_empty()) {
                self.states.extend(broken);
                return Step::Again;
            }
            if found.best.is_some() || !found.complete {
                return Step::Ended(found);
            }
            if most == self.most || (everything && most >= all) {
                return Step::Nothing;
            }
            gap = Some(wide * search::WIDER);
        }
    }

    /// The states that a choice breaks, of those that were not looked at.
    fn broken_states(&self, choice: &Choice) -> Vec<LatencyState> {
        let chosen: Vec<&ServiceOption<'a>> = self
            .made
            .iter()
            .zip(&choice.columns)
            .map(|(made, column)| &made.options[*column])
            .collect();
        let broken = constraints::broken_states(self.placement.model(), &chosen, &self.floors);
        broken.into_iter().filter(|state| !self.states.contains(state)).collect()
    }

    /// Raises the caps until nothing that is left out can be in a choice that costs up to `gap`
    /// more than the bound, but by no more than that factor; whether any had to be raised.
    fn widen(&mut self, reduced: &Reduced<'_>, gap: f64, factor: f64) -> bool {
        let mut raised = false;
        for (group, cap) in self.caps.iter_mut().enumerate() {
            let Some(known) = *cap else { continue };
            let beyond = reduced.left_out(group);
            let wanted = match reduced.least(group) {
                Some(least) => least + gap - beyond,
                // Nothing is there yet.
                None => known.micros() as f64 + 1e6,
            };
            if wanted >= 0.0 && beyond.is_finite() {
                *cap = raised_by(known, wanted.min(known.micros() as f64 * factor + 1e6));
                raised = true;
            }
        }
        raised
    }

    /// The program over the options up to the caps.
    fn restricted(&mut self) -> Restricted {
        for (service, (made, cap)) in self.made.iter_mut().zip(&mut self.caps).enumerate() {
            if made.done && made.cap == *cap {
                continue;
            }
            // What costs less is there already, and nothing dearer beats it.
            let known = made.cap.filter(|_| made.done);
            let mut set = self.placement.option_set(ServiceIndex(service), (known, *cap), true);
            // Until there is any, there is nothing to price limits with.
            while made.options.is_empty()
                && set.options.is_empty()
                && let Some(known) = set.complete_to.filter(|known| known.micros() <= self.most)
            {
                let more = (Some(known), Some(widened(known)));
                set = self.placement.option_set(ServiceIndex(service), more, true);
            }
            *cap = set.complete_to;
            let looked_at = set.looked_at;
            set.options.splice(0..0, std::mem::take(&mut made.options));
            let options = self.placement.prune(set);
            *made = Made { done: true, cap: *cap, options, looked_at };
        }
        let options: Vec<&[ServiceOption<'a>]> =
            self.made.iter().map(|made| made.options.as_slice()).collect();
        let program = self.placement.program(&options, &self.floors, &self.states);
        let left_out = self.left_out();
        Restricted { program, left_out }
    }

    fn looked_at(&self) -> u64 {
        self.made.iter().map(|made| made.looked_at).sum()
    }

    /// What was left out of each service: beyond its cap, with the best of everything.
    fn left_out(&mut self) -> Vec<Option<LeftOut>> {
        if self.least.0 != self.states {
            let floors: Vec<&[ServiceOption<'a>]> = self.placement.shared_floors().map_or_else(
                || self.floors.iter().map(std::slice::from_ref).collect(),
                |floors| floors.iter().map(Vec::as_slice).collect(),
            );
            let program = self.placement.program(&floors, &self.floors, &self.states);
            let of_column = |group: usize, column: usize| -> Vec<f64> {
                program.rows.iter().map(|row| row.at(group, column)).collect()
            };
            let ways = floors.iter().enumerate().map(|(group, columns)| {
                (0..columns.len()).map(|column| of_column(group, column)).collect()
            });
            self.least = (self.states.clone(), ways.collect());
        }
        let caps = self.caps.iter().zip(&self.least.1);
        caps.map(|(cap, least)| {
            Some(LeftOut { cost: (*cap)?.micros(), coefficients: least.clone() })
        })
        .collect()
    }
}

/// The multipliers of a program's rows, by their names.
fn known(program: &Program, prices: &Prices) -> Vec<f64> {
    program
        .rows
        .iter()
        .map(|row| prices.get(&row.name).map_or(0.0, |price| price * row.scale))
        .collect()
}

fn note(prices: &mut Prices, program: &Program, multipliers: &[f64]) {
    for (row, multiplier) in program.rows.iter().zip(multipliers) {
        prices.insert(row.name.clone(), multiplier / row.scale);
    }
}

/// The search gave up: HiGHS takes over on the columns that it had left, and its answer is checked
/// exactly. Columns that are each within the gap may cost more than `most` together.
fn by_highs(reduced: &Reduced<'_>, found: Found, most: i64) -> Found {
    let most = found.best.as_ref().map_or(most, |best| best.cost - 1);
    let columns = reduced.within(most);
    let program = reduced.program();
    match backend::mixed_integer(&program.only(&columns)) {
        BackendAnswer::Optimal(choice) => {
            let places = choice.columns.iter().zip(&columns);
            let columns: Vec<usize> = places.map(|(place, columns)| columns[*place]).collect();
            if choice.cost <= most && program.broken(&columns).is_empty() {
                let best = Some(Choice { columns, cost: choice.cost });
                Found { best, ..found }
            } else {
                found
            }
        }
        _ => found,
    }
}

/// A little more, and a dollar: a free service must not exclude what costs little.
fn widened(amount: MicroDollars) -> MicroDollars {
    raised_by(amount, amount.micros() as f64 * (FIRST_WIDTH - 1.0) + 1e6).unwrap_or(amount)
}

/// More by so many micro-dollars and a little; `None` where that is no limit.
fn raised_by(amount: MicroDollars, micros: f64) -> Option<MicroDollars> {
    let raised = (amount.micros() as f64 + micros) * (1.0 + 1e-9) + 1e3;
    if raised > NO_LIMIT { None } else { MicroDollars::new(up_to(raised)).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::{Column, Label};

    #[test]
    fn what_highs_finds_costs_no_more_than_was_asked_for() {
        let mut program = Program::default();
        for group in ["app", "db"] {
            let column = |cost| Column { name: Label::Text(format!("{cost}")), cost };
            program.add_group(group, false, vec![column(10), column(20), column(40)]);
        }
        program.add_row("limit", 3.0, 1.0, |_, column| [3.0, 2.0, 1.0][column]);
        let reduced = Reduced::new(&program, &[0.0], &[]);
        let gave_up = Found { best: None, bound: 20, complete: false, nodes: 1 };
        // Every column is within the gap, and the cheapest choice that holds costs 60.
        assert_eq!(by_highs(&reduced, gave_up.clone(), 59).best, None);
        let found = by_highs(&reduced, gave_up, 60).best.expect("it costs no more than that");
        assert_eq!(found.cost, 60);
    }
}
