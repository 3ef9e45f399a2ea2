//! One placement on its way to an optimum: its options, the program over them, and its solution.

use std::collections::BTreeSet;

use domain::demand::ServiceIndex;
use domain::plan::CostLine;
use domain::units::MicroDollars;

use crate::backend::{self, BackendAnswer};
use crate::constraints::{self, Context};
use crate::cut::Cut;
use crate::floor;
use crate::layout::Layout;
use crate::model::Model;
use crate::optimise::Optimum;
use crate::option::{OptionSet, STATES, ServiceOption, Signature, Source, State};
use crate::program::{Column, Program};
use crate::prune::{Counts, undominated};
use crate::screen::Shelf;
use crate::search::{self, Found};
use crate::traffic_cost;

/// Options of a service up to this factor on its cheapest are looked at first, then up to the
/// next, then all. An optimum is checked against what was left out, so nothing is lost.
const WIDTHS: [Option<f64>; 3] = [Some(1.5), Some(6.0), None];

/// A placement in which a plan could stand.
pub(crate) struct Placement<'m, 'a> {
    model: &'m Model<'a>,
    shelf: &'m Shelf<'a>,
    layout: Layout<'a>,
    cuts: &'m [Cut],
    /// What the placement itself costs.
    fixed: Vec<CostLine>,
    /// The least that each service costs here.
    least_by_service: Vec<MicroDollars>,
    /// No plan costs less here.
    pub(crate) least: MicroDollars,
    /// Its place in the order in which ties are broken.
    pub(crate) order: usize,
}

/// The program of a placement over all of its options.
#[derive(Debug, Clone)]
pub struct PlacementPrograms {
    /// With every option that holds by itself.
    pub plain: Program,
    /// Without the dominated ones.
    pub pruned: Program,
    /// What the placement itself costs.
    pub fixed: MicroDollars,
}

/// What came of one placement.
#[derive(Default)]
pub(crate) struct Solved<'a> {
    pub(crate) optimum: Option<Optimum<'a>>,
    /// No plan in the placement costs less; `None` when there is none.
    pub(crate) bound: Option<MicroDollars>,
    pub(crate) looked_at: u64,
    pub(crate) gave_up: bool,
}

impl<'m, 'a> Placement<'m, 'a> {
    /// A placement with its fixed costs and the least that each service costs there; `None` where
    /// a price is unknown, a service cannot be run, or no choice could be fast enough.
    pub(crate) fn new(
        model: &'m Model<'a>,
        shelf: &'m Shelf<'a>,
        layout: Layout<'a>,
        cuts: &'m [Cut],
        order: usize,
    ) -> Option<Self> {
        let edge = shelf.stocks.first()?.platform;
        let fixed = traffic_cost::lines(model, &layout, edge).ok()?;
        let mut placement = Self {
            model,
            shelf,
            layout,
            cuts,
            fixed,
            least_by_service: Vec::new(),
            least: MicroDollars::ZERO,
            order,
        };
        placement.least_by_service =
            placement.sources().map(|source| source.least_cost()).collect::<Option<Vec<_>>>()?;
        let services: MicroDollars = placement.least_by_service.iter().copied().sum();
        placement.least = placement.fixed_cost().0 + services;
        Some(placement)
    }

    fn sources(&self) -> impl Iterator<Item = Source<'_, 'a>> {
        let services = self.model.demand.service_indices();
        services.zip(&self.shelf.stocks).map(|(service, stock)| Source {
            model: self.model,
            layout: &self.layout,
            service,
            stock,
        })
    }

    /// What the placement itself costs: expected, and at the ceiling.
    fn fixed_cost(&self) -> (MicroDollars, MicroDollars) {
        let expected = self.fixed.iter().map(|line| line.amount.expected).sum();
        let ceiling = self.fixed.iter().map(|line| line.amount.ceiling).sum();
        (expected, ceiling)
    }

    /// The cheapest plan here, if it costs less than `limit`.
    pub(crate) fn solve(&self, limit: Option<MicroDollars>) -> Solved<'a> {
        let budget = self.model.demand.objectives.budget.expected;
        if limit.is_some_and(|limit| self.least >= limit) {
            return Solved { bound: Some(self.least), ..Solved::default() };
        }
        if budget.is_some_and(|budget| self.least > budget) || !self.may_hold() {
            return Solved::default();
        }
        let mut looked_at = 0;
        for width in WIDTHS {
            let sets = self.option_sets(width);
            looked_at += sets.iter().map(|set| set.looked_at).sum::<u64>();
            let beyond = self.least_beyond(&sets);
            let mut solved = self.solve_sets(sets, limit);
            solved.looked_at = looked_at;
            let beaten = solved.optimum.as_ref().map(|optimum| optimum.cost).or(limit);
            let enough = beyond.is_none_or(|beyond| beaten.is_some_and(|beaten| beyond >= beaten));
            if enough {
                return solved;
            }
        }
        unreachable!("the widest set of options leaves nothing out")
    }

    /// The program over all options, with and without pruning, and the cost of the placement.
    pub(crate) fn programs(&self) -> Option<PlacementPrograms> {
        let sets = self.option_sets(None);
        if sets.iter().any(|set| set.options.is_empty()) {
            return None;
        }
        let every: Vec<Vec<ServiceOption<'a>>> =
            sets.iter().map(|set| set.options.clone()).collect();
        let pruned = self.prune(sets);
        Some(PlacementPrograms {
            plain: self.program(&every),
            pruned: self.program(&pruned),
            fixed: self.fixed_cost().0,
        })
    }

    /// A quick look whether even the best options in each respect keep the uptime and are fast
    /// enough.
    fn may_hold(&self) -> bool {
        let least: f64 = self.sources().map(|source| source.least_unavailability()).sum();
        if !constraints::affordable(self.model, &self.layout, least) {
            return false;
        }
        let fastest: Vec<_> = self.sources().map(|source| source.fastest()).collect();
        constraints::possible(self.model, &self.layout, &fastest)
    }

    /// The options of every service that hold by themselves, up to a factor on the cheapest.
    fn option_sets(&self, width: Option<f64>) -> Vec<OptionSet<'a>> {
        self.sources()
            .zip(&self.least_by_service)
            .map(|(source, least)| {
                let limit = width.map(|factor| widened(*least, factor));
                let mut set = source.options(limit, None);
                set.options.retain(|option| self.holds(source.service, option));
                set
            })
            .collect()
    }

    fn holds(&self, service: ServiceIndex, option: &ServiceOption<'_>) -> bool {
        let slow = option
            .candidate
            .is_some_and(|candidate| floor::too_slow(self.model, service, candidate.speed));
        let survives = option.survives_zone_loss || !self.layout.survives_zone_loss;
        let states = self.needed_states();
        let stable = option.latency.iter().all(|view| {
            STATES.iter().zip(view).all(|(state, found)| found.is_some() || !states.contains(state))
        });
        let mut cuts = self.cuts.iter();
        let refuted = cuts.any(|cut| cut.forbids(&self.layout, service, option));
        !slow && survives && stable && !refuted
    }

    /// The states of single services that some row speaks of.
    fn needed_states(&self) -> BTreeSet<State> {
        let mut states = BTreeSet::from([State::Base, State::Headroom]);
        if self.model.demand.objectives.headroom.instances_down > 0 {
            states.insert(State::OneDown);
        }
        if self.layout.survives_zone_loss {
            states.insert(State::ZoneLost);
        }
        states
    }

    /// The optimum over those options.
    fn solve_sets(&self, sets: Vec<OptionSet<'a>>, limit: Option<MicroDollars>) -> Solved<'a> {
        if sets.iter().any(|set| set.options.is_empty()) {
            return Solved::default();
        }
        let (expected, _) = self.fixed_cost();
        let options = self.prune(sets);
        let program = self.program(&options);
        let room = limit.map(|limit| (limit - expected).micros() - 1);
        solve_program(&program, room)
            .map_or_else(Solved::default, |found| self.solved(found, options))
    }

    fn solved(&self, found: Found, options: Vec<Vec<ServiceOption<'a>>>) -> Solved<'a> {
        let (expected, _) = self.fixed_cost();
        let kept = options.iter().map(|options| options.len() as u64).sum();
        let above = |micros: i64| {
            let cost = MicroDollars::new(micros.clamp(0, i64::MAX / 4));
            cost.expect("clamped to what is not negative") + expected
        };
        let bound = above(found.bound);
        let optimum = found.best.map(|choice| {
            let chosen = options.into_iter().zip(&choice.columns);
            let cost = above(choice.cost);
            Optimum {
                layout: self.layout,
                options: chosen.map(|(mut options, column)| options.swap_remove(*column)).collect(),
                fixed: self.fixed.clone(),
                cost,
                bound: bound.min(cost),
                designs: 0,
                kept,
            }
        });
        Solved { optimum, bound: Some(bound), looked_at: 0, gave_up: !found.complete }
    }

    fn prune(&self, sets: Vec<OptionSet<'a>>) -> Vec<Vec<ServiceOption<'a>>> {
        let demand = self.model.demand;
        let counts = Counts {
            vcpus: demand.rules.vcpu_quota.is_some(),
            ceiling: demand.objectives.budget.ceiling.is_some(),
        };
        let guarded = self.model.settings.guard.is_some();
        let states = if guarded { self.needed_states() } else { BTreeSet::new() };
        sets.into_iter()
            .enumerate()
            .map(|(service, set)| {
                let refuted: BTreeSet<Signature> =
                    self.cuts.iter().map(|cut| cut.signatures[service].clone()).collect();
                undominated(set.options, &states, counts, &refuted)
            })
            .collect()
    }

    /// The program over those options.
    fn program(&self, options: &[Vec<ServiceOption<'a>>]) -> Program {
        let mut program = Program::default();
        for (service, options) in self.model.demand.services.iter().zip(options) {
            let columns = options
                .iter()
                .map(|option| Column {
                    name: option.signature().to_string(),
                    cost: option.cost.expected.micros(),
                })
                .collect();
            program.add_group(service.name.as_str(), false, columns);
        }
        let fixed_cost = self.fixed_cost();
        let context = Context { model: self.model, layout: &self.layout, options, fixed_cost };
        constraints::add_all(&context, &mut program);
        let groups = program.groups.len();
        let exclusions = self.cuts.iter();
        program.exclusions =
            exclusions.filter_map(|cut| cut.exclusion(&self.layout, options, groups)).collect();
        program
    }

    /// The least that a plan with an option that was left out can cost; `None` when none was.
    fn least_beyond(&self, sets: &[OptionSet<'_>]) -> Option<MicroDollars> {
        let left_out = sets.iter().zip(&self.least_by_service);
        left_out
            .filter_map(|(set, least)| Some((set.complete_to? - *least).micros().max(0)))
            .min()
            .map(|more| {
                let more = MicroDollars::new(more).expect("at least nothing, by the line above");
                self.least + more
            })
    }
}

/// So many times the amount, and a dollar more: a free service must not exclude what costs little.
fn widened(amount: MicroDollars, factor: f64) -> MicroDollars {
    #[expect(clippy::cast_possible_truncation, reason = "a small factor on a bounded amount")]
    let micros = (amount.micros() as f64 * factor).ceil().min(1e18) as i64;
    MicroDollars::new(micros + 1_000_000).unwrap_or(amount)
}

/// The optimum of a program below a limit of cost; `None` when no choice is feasible.
fn solve_program(program: &Program, limit: Option<i64>) -> Option<Found> {
    let multipliers = match backend::multipliers(program) {
        BackendAnswer::Optimal(multipliers) => multipliers,
        // Not trusted: the search goes over the program without its help.
        BackendAnswer::Infeasible | BackendAnswer::Limit(_) | BackendAnswer::Failed(_) => {
            vec![0.0; program.rows.len()]
        }
    };
    let found = search::cheapest(program, &multipliers, limit);
    if found.complete {
        return (found.best.is_some() || limit.is_some()).then_some(found);
    }
    // The cap was hit: HiGHS takes over, and its answer is checked exactly.
    match backend::mixed_integer(program) {
        BackendAnswer::Optimal(choice) if program.broken(&choice.columns).is_empty() => {
            let better = found.best.as_ref().is_none_or(|best| choice.cost < best.cost);
            let best = if better { Some(choice) } else { found.best };
            Some(Found { best, ..found })
        }
        _ => Some(found),
    }
}
