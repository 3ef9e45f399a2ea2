//! What the owner could change, and what each assumption moves: solved by the model, not simulated.

use domain::explanation::{Lever, Swing, Swung};
use domain::intent::{Intent, ServiceKind};
use domain::ledger::{Assumption, Origin, Stated, Value};
use domain::name::Name;
use domain::objective::Operations;
use domain::offer::PurchaseTerm;
use domain::units::Ratio;
use rayon::prelude::*;
use solver::characterise::{Variation, characterise};

use super::Answered;
use crate::alternatives::{COMPRESS, COMPRESSION, compressed};
use crate::planning::solved_cost;

const SOURCE: &str = "lever";

/// The rule that says where databases and caches may run on instances.
const SELF_RUN: &str = "rules.self_run_data";

/// The rule that says how many offers a service stands on.
const OFFERS: &str = "rules.offers_per_service";

impl Answered<'_> {
    /// Each lever that there is, with the price of the cheapest plan behind it.
    pub(super) fn levers(&self) -> Vec<Lever> {
        let levers = [
            (COMPRESS, COMPRESSION, compressed(self.intent, self.demand)),
            ("halve-queries", "halve the queries a request", self.halved_queries()),
            ("halve-misses", "miss the cache half as often", self.halved_misses()),
            ("operations", "operations one step better", self.better_operations()),
            ("self-run-data", "databases and caches on instances", self.self_run_data()),
            ("second-offer", "services on two offers at once", self.second_offer()),
            ("commit-1y", "commit 1 year", self.promised(PurchaseTerm::ReservedOneYear)),
            ("commit-3y", "commit 3 years", self.promised(PurchaseTerm::ReservedThreeYears)),
        ];
        levers
            .into_par_iter()
            .filter_map(|(id, text, intent)| {
                let demand = self.planner.demand(&intent?).ok();
                let cost = demand.and_then(|demand| solved_cost(&demand, self.planner.catalog));
                Some(Lever { id: id.to_owned(), text: text.to_owned(), cost })
            })
            .collect()
    }

    /// Half the calls to databases, and to caches whose misses go to one.
    fn halved_queries(&self) -> Option<Intent> {
        let mut intent = self.intent.clone();
        let kind = |name: &Name| {
            let found = self.intent.services.iter().find(|service| &service.name == name)?;
            Some((found.kind, found.fallback.clone()))
        };
        let asks = |name: &Name| match kind(name) {
            Some((ServiceKind::Sql, _)) => true,
            Some((ServiceKind::Cache, Some(fallback))) => {
                kind(&fallback).is_some_and(|(kind, _)| kind == ServiceKind::Sql)
            }
            _ => false,
        };
        let mut halved = Vec::new();
        for service in &mut intent.services {
            let name = service.name.clone();
            for call in service.calls.iter_mut().filter(|call| asks(&call.to)) {
                let path = format!("services.{name}.calls.{}", call.to);
                let now = self.number(&format!("{path}.count"));
                let stated = call.count.as_ref().map(|count| count.value);
                let count = now.or(stated).unwrap_or(1.0) / 2.0;
                call.count = Some(Stated::by_user(count, SOURCE));
                halved.push(path);
            }
        }
        intent.assume.retain(|(name, _)| !halved.iter().any(|path| name.starts_with(path)));
        (!halved.is_empty()).then_some(intent)
    }

    fn halved_misses(&self) -> Option<Intent> {
        let mut intent = self.intent.clone();
        let mut halved = Vec::new();
        for service in intent.services.iter_mut().filter(|each| each.kind == ServiceKind::Cache) {
            let name = format!("services.{}.hit_ratio", service.name);
            let now = self.number(&name)?;
            let ratio = Ratio::new(f64::midpoint(now, 1.0)).ok()?;
            service.hit_ratio = Some(Stated::by_user(ratio, SOURCE));
            halved.push(name);
        }
        intent.assume.retain(|(name, _)| !halved.contains(name));
        (!halved.is_empty()).then_some(intent)
    }

    fn better_operations(&self) -> Option<Intent> {
        let stated = self.intent.operations.as_ref().map(|stated| stated.value);
        let now = stated.unwrap_or(Operations::Standard);
        let better = Operations::ALL.into_iter().find(|level| *level > now)?;
        let operations = Some(Stated::by_user(better, SOURCE));
        Some(Intent { operations, ..self.intent.clone() })
    }

    /// Databases and caches on instances, where only managed ones are looked at.
    fn self_run_data(&self) -> Option<Intent> {
        let data = |kind: ServiceKind| matches!(kind, ServiceKind::Cache | ServiceKind::Sql);
        let any = self.intent.services.iter().any(|service| data(service.kind));
        if self.demand.rules.self_run_data || !any {
            return None;
        }
        let mut intent = self.intent.clone();
        let anywhere = Stated::by_user("anywhere".to_owned(), SOURCE);
        intent.assume.retain(|(name, _)| name != SELF_RUN);
        intent.assume.push((SELF_RUN.to_owned(), anywhere));
        Some(intent)
    }

    /// Fleets of two offers, where those of one are looked at.
    fn second_offer(&self) -> Option<Intent> {
        if self.demand.rules.offers_per_service >= 2 {
            return None;
        }
        let mut intent = self.intent.clone();
        let two = Stated::by_user("2".to_owned(), SOURCE);
        intent.assume.retain(|(name, _)| name != OFFERS);
        intent.assume.push((OFFERS.to_owned(), two));
        Some(intent)
    }

    /// What always runs bought on a promise, where that is not listed yet.
    fn promised(&self, term: PurchaseTerm) -> Option<Intent> {
        if self.demand.purchase.contains(&term) {
            return None;
        }
        let mut intent = self.intent.clone();
        let on_demand = |own: &Stated<PurchaseTerm>| own.value == PurchaseTerm::OnDemand;
        if !intent.purchase.iter().any(on_demand) {
            intent.purchase.push(Stated::by_user(PurchaseTerm::OnDemand, SOURCE));
        }
        intent.purchase.push(Stated::by_user(term, SOURCE));
        Some(intent)
    }

    /// A number of the ledger.
    fn number(&self, name: &str) -> Option<f64> {
        match self.demand.ledger.find(name)?.value {
            Value::Number(number) => Some(number),
            Value::Choice(_) => None,
        }
    }

    /// What other values of each assumption cost, the largest change at half or twice first.
    pub(super) fn swings(&self) -> Vec<Swing> {
        let entries = self.demand.ledger.entries();
        let open = entries.filter(|entry| matches!(entry.origin, Origin::User | Origin::Default));
        // The shares of all classes are the whole: one alone has no other value.
        let is_share =
            |name: &str| name.starts_with("requests.") && name.rsplit('.').next() == Some("share");
        let open: Vec<&Assumption> = open
            .filter(|entry| matches!(entry.value, Value::Number(_)) && !is_share(&entry.name))
            .collect();
        let mut swings: Vec<Swing> = open
            .into_par_iter()
            .map(|entry| Swing {
                name: entry.name.clone(),
                value: entry.value.clone(),
                unit: entry.unit,
                half: self.swung(entry, 0.5),
                twice: self.swung(entry, 2.0),
                within: self.within(entry),
            })
            .collect();
        let here = self.design.cost();
        let change = |swung: Swung| match swung {
            Swung::Cost(cost) => (cost - here).micros().abs(),
            Swung::NoPlan => i64::MAX,
            Swung::Impossible => 0,
        };
        let most = |swing: &Swing| change(swing.half).max(change(swing.twice));
        swings.sort_by(|one, other| {
            most(other).cmp(&most(one)).then_with(|| one.name.cmp(&other.name))
        });
        swings
    }

    /// At both ends of what is believed of an assumption.
    fn within(&self, entry: &Assumption) -> Option<[(f64, Swung); 2]> {
        let number = |value: &Value| match value {
            Value::Number(number) => Some(*number),
            Value::Choice(_) => None,
        };
        let (low, high) = entry.interval.as_ref()?;
        let (own, low, high) = (number(&entry.value)?, number(low)?, number(high)?);
        let at = |end: f64| match end / own {
            _ if end.total_cmp(&own).is_eq() => Swung::Cost(self.design.cost()),
            factor if factor.is_finite() => self.swung(entry, factor),
            // Nothing is no multiple of anything.
            _ => Swung::Impossible,
        };
        Some([(low, at(low)), (high, at(high))])
    }

    fn swung(&self, entry: &Assumption, factor: f64) -> Swung {
        let variation = Variation { name: entry.name.clone(), factor };
        let catalog = self.planner.catalog;
        let Ok(demand) = characterise(self.intent, catalog, Some(&variation)) else {
            return Swung::Impossible;
        };
        // A share cannot be twice as large where that is more than the whole: it was left alone.
        let varied = demand.ledger.find(&entry.name).map(|varied| &varied.value);
        let zero = entry.value == Value::Number(0.0);
        if varied == Some(&entry.value) && !zero {
            return Swung::Impossible;
        }
        solved_cost(&demand, catalog).map_or(Swung::NoPlan, Swung::Cost)
    }
}
