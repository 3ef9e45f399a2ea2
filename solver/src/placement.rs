//! One placement on its way to an optimum: its options, the program over them, and its solution.

mod alike;

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use domain::demand::ServiceIndex;
use domain::plan::CostLine;
use domain::units::MicroDollars;

use crate::constraints::{self, Context, LatencyState};
use crate::cut::Cut;
use crate::descent::{Descent, Prices};
use crate::floor;
use crate::layout::Layout;
use crate::model::Model;
use crate::optimise::Optimum;
use crate::option::{OptionSet, ServiceOption, Signature, Source, State, at_levels};
use crate::program::{Column, Label, Program};
use crate::proof::Level;
use crate::prune::{Counts, CutOffers, Sieve, needed_states, undominated};
use crate::screen::{Shelf, Stock};
use crate::search::Found;
use crate::traffic_cost;

/// A placement in which a plan could stand.
pub(crate) struct Placement<'m, 'a> {
    model: &'m Model<'a>,
    /// What each service may be bought as.
    stocks: Cow<'m, [Stock<'a>]>,
    layout: Layout<'a>,
    cuts: &'m [Cut],
    /// What the placement itself costs.
    fixed: Vec<CostLine>,
    /// The least that each service costs here.
    least_by_service: Vec<MicroDollars>,
    /// What every option has at least with each share of the tail, once it was asked for.
    shared: OnceCell<Vec<Vec<ServiceOption<'a>>>>,
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
    /// Whether it is better looked at when a plan is known elsewhere.
    pub(crate) put_off: bool,
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
            stocks: Cow::Borrowed(&shelf.stocks),
            layout,
            cuts,
            fixed,
            least_by_service: Vec::new(),
            shared: OnceCell::new(),
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
        services.zip(self.stocks.iter()).map(|(service, stock)| Source {
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
    ///
    /// `prices` are what the limits were worth where something was solved last; they are replaced
    /// by what they are worth here. `hasty` puts the placement off where limits look hard to hold.
    pub(crate) fn solve(
        &self,
        limit: Option<MicroDollars>,
        hasty: bool,
        prices: &mut Prices,
    ) -> Solved<'a> {
        let budget = self.model.demand.objectives.budget.expected;
        if limit.is_some_and(|limit| self.least >= limit) {
            return Solved { bound: Some(self.least), ..Solved::default() };
        }
        if budget.is_some_and(|budget| self.least > budget) || !self.may_be_up() {
            return Solved::default();
        }
        let narrowed = self.narrowed();
        let floors = narrowed.floors();
        if !narrowed.may_hold(&floors) || !narrowed.may_be_proven() {
            return Solved::default();
        }
        let (expected, _) = self.fixed_cost();
        let most = limit.map_or(i64::MAX, |limit| (limit - expected).micros() - 1);
        Descent::new(&narrowed, floors, most, hasty).run(prices)
    }

    /// The same placement without the offers that others beat for a service.
    fn narrowed(&self) -> Self {
        let stocks = self.sources().map(|source| {
            let cut = CutOffers::new(self.cuts, source.service);
            Stock { platform: source.stock.platform, candidates: source.undominated(&cut) }
        });
        Self {
            stocks: Cow::Owned(stocks.collect()),
            fixed: self.fixed.clone(),
            least_by_service: self.least_by_service.clone(),
            shared: OnceCell::new(),
            ..*self
        }
    }

    /// The program over all options, with and without pruning, and the cost of the placement.
    pub(crate) fn programs(&self) -> Option<PlacementPrograms> {
        let services = self.model.demand.service_indices();
        let sets: Vec<OptionSet<'a>> =
            services.map(|service| self.option_set(service, (None, None), false)).collect();
        if sets.iter().any(|set| set.options.is_empty()) {
            return None;
        }
        let every: Vec<Vec<ServiceOption<'a>>> =
            sets.iter().map(|set| set.options.clone()).collect();
        let pruned: Vec<_> = sets.into_iter().map(|set| self.prune(set)).collect();
        let floors = self.floors();
        let program = |options: &[Vec<ServiceOption<'a>>]| {
            let options: Vec<&[ServiceOption<'a>]> = options.iter().map(Vec::as_slice).collect();
            let fixed_cost = self.fixed_cost();
            let (model, layout, floors) = (self.model, &self.layout, &floors[..]);
            let context = Context { model, layout, options: &options, floors, fixed_cost };
            self.program(&options, floors, &constraints::states(&context))
        };
        Some(PlacementPrograms {
            plain: program(&every),
            pruned: program(&pruned),
            fixed: self.fixed_cost().0,
        })
    }

    /// The program over the options that no other one beats.
    pub(crate) fn undominated_program(&self) -> Program {
        let narrowed = self.narrowed();
        let services = self.model.demand.service_indices();
        let options: Vec<Vec<ServiceOption<'a>>> = services
            .map(|service| narrowed.prune(narrowed.option_set(service, (None, None), true)))
            .collect();
        let options: Vec<&[ServiceOption<'a>]> = options.iter().map(Vec::as_slice).collect();
        let floors = narrowed.floors();
        narrowed.program(&options, &floors, &constraints::first_states(&self.layout))
    }

    /// What every option of a service has at least, for each.
    fn floors(&self) -> Vec<ServiceOption<'a>> {
        let sources = self.sources().zip(&self.least_by_service);
        sources.map(|(source, least)| source.floor(*least)).collect()
    }

    /// The same with each share of the tail; `None` in the moment form.
    pub(crate) fn shared_floors(&self) -> Option<&[Vec<ServiceOption<'a>>]> {
        self.model.proof.as_ref()?;
        Some(self.shared.get_or_init(|| {
            let floors = self.floors();
            let sources = self.sources().zip(&floors);
            sources.map(|(source, floor)| source.shared_floor(floor)).collect()
        }))
    }

    /// A quick look whether the fastest of everything could share the tail.
    fn may_be_proven(&self) -> bool {
        let Some(floors) = self.shared_floors() else { return true };
        let objectives = self.model.demand.objectives.latency.iter();
        objectives.into_iter().all(|objective| {
            let view = self.model.place_of(objective);
            let states = constraints::first_states(&self.layout);
            states.into_iter().all(|state| {
                let least = constraints::least_shared(floors, view, state);
                least <= objective.limit.value() * (1.0 + 1e-6)
            })
        })
    }

    /// A quick look whether every limit would be kept, had each service the best of everything.
    fn may_hold(&self, floors: &[ServiceOption<'a>]) -> bool {
        let options: Vec<&[ServiceOption<'a>]> = floors.iter().map(std::slice::from_ref).collect();
        let program = self.program(&options, floors, &constraints::first_states(&self.layout));
        let mut rows = program.rows.iter();
        rows.all(|row| {
            let groups = row.coefficients.iter();
            let least: f64 =
                groups.map(|own| own.iter().copied().reduce(f64::min).unwrap_or(0.0)).sum();
            least <= row.limit + 1e-9
        })
    }

    /// A quick look whether services as available as their best options keep the uptime.
    fn may_be_up(&self) -> bool {
        let least: f64 = self.sources().map(|source| source.least_unavailability()).sum();
        constraints::affordable(self.model, &self.layout, least)
    }

    /// The options of a service that hold by themselves and cost more than the first amount and at
    /// most the second; where `undominated`, hardly any that [`Self::prune`] would leave out.
    pub(crate) fn option_set(
        &self,
        service: ServiceIndex,
        costs: (Option<MicroDollars>, Option<MicroDollars>),
        undominated: bool,
    ) -> OptionSet<'a> {
        let stock = &self.stocks[service.0];
        let source = Source { model: self.model, layout: &self.layout, service, stock };
        let states = self.needed_states();
        // Many options have one of a few speeds.
        let judged: RefCell<BTreeMap<u64, bool>> = RefCell::default();
        let slow = |speed: f64| {
            let judge = || floor::too_slow(self.model, service, speed);
            *judged.borrow_mut().entry(speed.to_bits()).or_insert_with(judge)
        };
        let stands = |option: &ServiceOption<'_>| {
            let survives = option.survives_zone_loss || !self.layout.survives_zone_loss;
            let refuted = || self.cuts.iter().any(|cut| cut.forbids(&self.layout, service, option));
            survives && !option.fastest_speed().is_some_and(slow) && !refuted()
        };
        let may_replace = |option: &ServiceOption<'_>| {
            let touched = || self.touched(service, &option.signature());
            stands(option) && option.is_stable(&states) && (self.cuts.is_empty() || !touched())
        };
        let counted = self.counted_states();
        // In the proof form an option is many, one for each share of the tail.
        let sieved = undominated && self.model.proof.is_none();
        let counts = Counts::of(self.model.demand);
        let sieve = sieved.then(|| Sieve::new((&counted, counts), &may_replace));
        let mut set = source.options_between(costs, sieve);
        set.options.retain(stands);
        set.options = at_levels(self.model, set.options);
        set.options.retain(|option| option.is_stable(&states));
        set
    }

    /// Whether options with a signature may be part of a refuted plan.
    fn touched(&self, service: ServiceIndex, own: &Signature) -> bool {
        self.cuts.iter().any(|cut| cut.concerns(service, own))
    }

    /// The states in which the latency of an option counts.
    fn counted_states(&self) -> BTreeSet<State> {
        let guarded = self.model.settings.guard.is_some();
        if guarded { self.needed_states() } else { BTreeSet::new() }
    }

    fn needed_states(&self) -> BTreeSet<State> {
        needed_states(self.model.demand, self.layout.survives_zone_loss)
    }

    /// What the services cost, with what the placement itself costs.
    pub(crate) fn with_fixed(&self, micros: i64) -> MicroDollars {
        let (expected, _) = self.fixed_cost();
        let cost = MicroDollars::new(micros.clamp(0, i64::MAX / 4));
        cost.expect("clamped to what is not negative") + expected
    }

    pub(crate) const fn model(&self) -> &'m Model<'a> {
        self.model
    }

    pub(crate) const fn layout(&self) -> &Layout<'a> {
        &self.layout
    }

    pub(crate) fn solved(&self, found: Found, options: Vec<Vec<ServiceOption<'a>>>) -> Solved<'a> {
        let kept = options.iter().map(|options| options.len() as u64).sum();
        let bound = self.with_fixed(found.bound);
        let optimum = found.best.map(|choice| {
            let chosen = options.into_iter().zip(&choice.columns);
            let cost = self.with_fixed(choice.cost);
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
        Solved { optimum, bound: Some(bound), gave_up: !found.complete, ..Solved::default() }
    }

    pub(crate) fn prune(&self, set: OptionSet<'a>) -> Vec<ServiceOption<'a>> {
        let counts = Counts::of(self.model.demand);
        let states = self.counted_states();
        let options = set.options.iter().map(ServiceOption::signature);
        let refuted = options.filter(|own| self.touched(set.service, own)).collect();
        undominated(set.options, &states, counts, &refuted)
    }

    /// An option as the algebra calls it.
    fn named(&self, option: &ServiceOption<'a>) -> String {
        let signature = option.signature();
        let shares = self.model.proof.as_ref().map(|proof| &proof.shares);
        match shares.zip(option.level) {
            Some((shares, Level(level))) => format!("{signature}; {}", shares[level]),
            None => signature.to_string(),
        }
    }

    /// The program over those options, with the rows of latency for some states.
    pub(crate) fn program(
        &self,
        options: &[&[ServiceOption<'a>]],
        floors: &[ServiceOption<'a>],
        states: &[LatencyState],
    ) -> Program {
        let mut program = Program::default();
        for (service, options) in self.model.demand.services.iter().zip(options) {
            let columns = options
                .iter()
                .map(|option| Column {
                    name: Label::Text(self.named(option)),
                    cost: option.cost.expected.micros(),
                })
                .collect();
            program.add_group(service.name.as_str(), false, columns);
        }
        let fixed_cost = self.fixed_cost();
        let (model, layout) = (self.model, &self.layout);
        let context = Context { model, layout, options, floors, fixed_cost };
        constraints::add_all(&context, states, &mut program);
        let groups = program.groups.len();
        let exclusions = self.cuts.iter();
        program.exclusions =
            exclusions.filter_map(|cut| cut.exclusion(&self.layout, options, groups)).collect();
        program
    }
}
