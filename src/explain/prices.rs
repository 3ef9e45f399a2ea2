//! The price of each requirement: what less and more of it cost, solved and simulated.

use domain::design::Ask;
use domain::explanation::{Price, Repriced};
use domain::intent::Intent;
use domain::ledger::Stated;
use domain::name::Name;
use domain::offer::Provider;
use domain::topology::Topology;
use domain::units::{Availability, Ratio, RequestsPerSecond, Seconds};
use rayon::prelude::*;
use solver::relax::Aspect;

use super::Answered;
use crate::frontier::{Outcome, asked, latencies};
use crate::planning::{PlanningError, solved_plan};
use crate::replan::with;

/// A quarter less and a quarter more.
const QUARTER: &str = "±25%";

/// A requirement with a looser and a stricter form, each with its value in words.
pub(super) struct Question {
    pub(super) name: String,
    /// Where the rule stands that it is.
    pub(super) place: Option<String>,
    pub(super) asked: String,
    pub(super) varied: &'static str,
    pub(super) less: Option<(String, Intent)>,
    pub(super) more: Option<(String, Intent)>,
}

impl Answered<'_> {
    /// The price of each requirement, in the order in which they are told.
    pub(super) fn prices(&self) -> Result<Vec<Price>, PlanningError> {
        let mut varied: Vec<Question> = self.load().into_iter().chain(self.uptime()).collect();
        varied.extend((0..latencies(self.intent).count()).filter_map(|at| self.latency(at)));
        varied.push(self.headroom());
        varied.extend(self.region());
        varied.extend(self.provider());
        varied.extend(self.rules());
        varied.into_par_iter().map(|varied| self.priced(varied)).collect()
    }

    fn priced(&self, varied: Question) -> Result<Price, PlanningError> {
        let Question { name, place, asked, varied, less, more } = varied;
        let side = |question: Option<(String, Intent)>, looser: bool| {
            // What holds here holds for less of it, unless that is another load or place.
            let of_outcome = name == "uptime" || name.starts_with("latency");
            question
                .map(|(value, intent)| {
                    let holds = match &place {
                        None => of_outcome,
                        Some(_) => self.is_judged_alike(&intent),
                    };
                    let mut known =
                        if looser && holds { vec![self.known.clone()] } else { Vec::new() };
                    let found = self.planner.found_knowing(&intent, &mut known)?;
                    Ok::<_, PlanningError>(Repriced { value, found })
                })
                .transpose()
        };
        let (less, more) = rayon::join(|| side(less, true), || side(more, false));
        let (less, more, varied) = (less?, more?, varied.to_owned());
        Ok(Price { name, place, asked, varied, less, more })
    }

    fn aspect(&self, aspect: Aspect, varied: &'static str) -> Question {
        let (name, asked) = (aspect.name(self.intent), aspect.stated(self.intent));
        Question { name, place: None, asked, varied, less: None, more: None }
    }

    fn changed(&self, aspect: Aspect, ask: Ask, place: usize) -> (String, Intent) {
        let intent = with(self.intent, ask, place);
        (aspect.stated(&intent), intent)
    }

    fn load(&self) -> Option<Question> {
        let part = |quarters: u64| match asked(self.intent, Outcome::Load)? {
            Ask::Users(count) => {
                let part = u64::try_from(u128::from(count) * u128::from(quarters) / 4).ok()?;
                Some(Ask::Users(part.max(1)))
            }
            Ask::Rate(rate) => {
                Some(Ask::Rate(RequestsPerSecond::of(rate.value() * quarters as f64 / 4.0)))
            }
            Ask::Uptime(_) | Ask::Latency(_) => None,
        };
        let changed = |ask| self.changed(Aspect::Load, ask, 0);
        let (less, more) = (Some(changed(part(3)?)), Some(changed(part(5)?)));
        Some(Question { less, more, ..self.aspect(Aspect::Load, QUARTER) })
    }

    /// One nine fewer and one more: ten times the error budget, and a tenth of it.
    fn uptime(&self) -> Option<Question> {
        let own = self.intent.objectives.uptime?.ppm();
        let left = 1_000_000 - own;
        let at = |left: u32| {
            let uptime = Availability::from_ppm(1_000_000_u32.checked_sub(left)?).ok()?;
            Some(self.changed(Aspect::Uptime, Ask::Uptime(uptime), 0))
        };
        let less = left.checked_mul(10).filter(|left| *left < 1_000_000).and_then(at);
        let more = Some(left / 10).filter(|left| *left > 0).and_then(at);
        Some(Question { less, more, ..self.aspect(Aspect::Uptime, "one nine fewer / more") })
    }

    fn latency(&self, at: usize) -> Option<Question> {
        let limit = latencies(self.intent).nth(at)?.limit.value();
        let aspect = Aspect::Latency(at);
        let times =
            |factor: f64| Some(self.changed(aspect, Ask::Latency(Seconds::of(limit * factor)), at));
        Some(Question { less: times(1.25), more: times(0.75), ..self.aspect(aspect, QUARTER) })
    }

    /// None, as `--headroom 0%` has it, and twice as much.
    fn headroom(&self) -> Question {
        let own = self.demand.objectives.headroom.load;
        let at = |load: Ratio, down: Option<u32>| {
            let mut intent = self.intent.clone();
            intent.objectives.headroom_load = Some(Stated::by_user(load, "explanation"));
            if let Some(down) = down {
                intent.objectives.instances_down = Some(Stated::by_user(down, "explanation"));
            }
            (load.to_string(), intent)
        };
        let none = own == Ratio::ZERO && self.demand.objectives.headroom.instances_down == 0;
        let twice = Ratio::new(if own == Ratio::ZERO { 0.25 } else { own.value() * 2.0 }).ok();
        Question {
            asked: own.to_string(),
            less: (!none).then(|| at(Ratio::ZERO, Some(0))),
            more: twice.map(|load| at(load, None)),
            ..self.aspect(Aspect::Headroom, "none / twice")
        }
    }

    /// The cheapest other region alone; any region, where one was asked for.
    fn region(&self) -> Option<Question> {
        let run_on = &self.intent.run_on;
        let here = &self.design.plan.topology;
        let regions = self.planner.catalog.regions.iter().filter(|region| {
            (run_on.providers.is_empty() || run_on.providers.contains(&region.provider))
                && (run_on.regions.is_empty() || run_on.regions.contains(&region.name))
        });
        let regions: Vec<(Provider, Name)> =
            regions.map(|region| (region.provider, region.name.clone())).collect();
        let only = |name: &Name| {
            let mut intent = self.intent.clone();
            intent.run_on.regions = vec![name.clone()];
            (format!("{name} only"), intent)
        };
        let others = regions.iter().map(|(_, name)| name).filter(|name| **name != here.region);
        let more = self.cheapest(others.map(only).collect());
        let less = (!run_on.regions.is_empty()).then(|| {
            let mut intent = self.intent.clone();
            intent.run_on.regions.clear();
            ("any".to_owned(), intent)
        });
        let asked = match regions.as_slice() {
            [(_, only)] => only.to_string(),
            several => format!("any of {}", several.len()),
        };
        let name = "region".to_owned();
        (less.is_some() || more.is_some()).then_some(Question {
            name,
            place: None,
            asked,
            varied: "another only",
            less,
            more,
        })
    }

    /// The cheapest other provider alone; any provider, where one was asked for.
    fn provider(&self) -> Option<Question> {
        let stated = &self.intent.run_on.providers;
        // A region that was named is one of its provider's.
        let named = |provider: &Provider| {
            let named = &self.intent.run_on.regions;
            let mut regions = self.planner.catalog.regions.iter();
            named.is_empty()
                || regions.any(|known| known.provider == *provider && named.contains(&known.name))
        };
        let allowed: Vec<Provider> = Provider::ALL
            .into_iter()
            .filter(|provider| stated.is_empty() || stated.contains(provider))
            .filter(named)
            .collect();
        let here = self.design.plan.topology.provider;
        let only = |provider: Provider| {
            let mut intent = self.intent.clone();
            intent.run_on.providers = vec![provider];
            (format!("{provider} only"), intent)
        };
        let others = allowed.iter().copied().filter(|provider| *provider != here);
        let more = self.cheapest(others.map(only).collect());
        let less = (!stated.is_empty()).then(|| {
            let mut intent = self.intent.clone();
            intent.run_on.providers.clear();
            ("any".to_owned(), intent)
        });
        let asked = match allowed.as_slice() {
            [only] => only.to_string(),
            several => format!("any of {}", several.len()),
        };
        let name = "provider".to_owned();
        (less.is_some() || more.is_some()).then_some(Question {
            name,
            place: None,
            asked,
            varied: "another only",
            less,
            more,
        })
    }

    /// The question with the cheapest plan by the model. Where a place is named, databases may be
    /// run on instances; a plan that does is another bargain, so it comes last and says so.
    fn cheapest(&self, questions: Vec<(String, Intent)>) -> Option<(String, Intent)> {
        let priced = questions.into_par_iter().map(|(value, intent)| {
            let demand = self.planner.demand(&intent).ok();
            let plan = demand.and_then(|demand| solved_plan(&demand, self.planner.catalog));
            let cost = plan.as_ref().map(|plan| plan.optimality.objective);
            let unlike = plan.is_some_and(|plan| !self.is_as_managed(&plan.topology));
            let value = if unlike { format!("{value}, self-run data") } else { value };
            ((cost.is_none(), unlike, cost), value, intent)
        });
        let priced: Vec<_> = priced.collect();
        let first = priced.into_iter().min_by_key(|(rank, _, _)| *rank)?;
        Some((first.1, first.2))
    }

    /// Whether what is managed here is managed there.
    pub(super) fn is_as_managed(&self, other: &Topology) -> bool {
        let here = self.design.plan.topology.services.iter();
        let mut pairs = here.zip(&other.services);
        pairs.all(|(here, there)| here.product.is_none() || there.product.is_some())
    }
}
