//! Offers that were not bought, and why.

use std::collections::{BTreeMap, BTreeSet};

use domain::candidate::Rejection;
use domain::catalog::Catalog;
use domain::explanation::{OfferAnswer, Rejected};
use domain::intent::{Intent, Pin, ServiceKind, nearest};
use domain::ledger::Stated;
use domain::offer::{Offer, Peculiarity, Product};
use domain::topology::Pool;
use rayon::prelude::*;
use solver::dominated::{self, Dominated};
use solver::exclude;
use solver::model::{Model, Settings};
use solver::words::figure;

use super::Answered;
use crate::failure::Failure;
use crate::planning::{PlanningError, solved_cost};

/// Why offers were not bought.
struct Reasons {
    /// By reason, the identifiers of the offers.
    offers: BTreeMap<Rejection, BTreeSet<String>>,
    /// What dominates the dominated ones.
    dominated: BTreeMap<String, Dominated>,
}

/// What offers that do, and are dearer, are counted as.
const DEARER: &str = "dearer";

/// The offer of that name, if anybody sells it.
pub(super) fn known<'s>(catalog: &Catalog, sku: &'s str) -> Result<&'s str, Failure> {
    if catalog.offers.iter().any(|offer| offer.sku == sku) {
        return Ok(sku);
    }
    let names = catalog.offers.iter().map(|offer| offer.sku.as_str());
    Err(Failure::Unknown {
        name: sku.to_owned(),
        what: "an offer of the catalog",
        help: match nearest(sku, names) {
            Some(name) => format!("did you mean `{name}`?"),
            None => "give an instance type, a node type or a database class".to_owned(),
        },
    })
}

impl Answered<'_> {
    /// Every reason with an example, where the plan stands.
    pub(super) fn rejected(&self) -> Vec<Rejected> {
        let here = &self.design.plan.topology;
        let offers = self.planner.catalog.offers_in(here.provider, &here.region);
        let find = |id: &str| offers.iter().find(|offer| offer.id() == id);
        let reasons = self.reasons();
        let mut rejected: Vec<Rejected> = reasons
            .offers
            .iter()
            .filter_map(|(reason, ids)| {
                let named = ids.iter().filter_map(|id| find(id));
                let example = named.min_by_key(|offer| self.distance(offer))?;
                Some(Rejected {
                    reason: reason.label(),
                    offers: ids.len() as u64,
                    example: example.sku.clone(),
                    why: self.why(reason, example, &reasons),
                    by: reasons.dominated.get(&example.id()).map(|found| found.by.clone()),
                })
            })
            .collect();
        rejected.extend(self.dearer(offers, &reasons));
        rejected
    }

    /// The offers of each reason, each once; what is bought has none.
    fn reasons(&self) -> Reasons {
        let topology = &self.design.plan.topology;
        let model = Model::new(self.demand, self.planner.catalog, Settings::GUARDED);
        let sold = self.planner.catalog.offers_in(topology.provider, &topology.region);
        let sold = sold.iter().filter(|offer| self.bought().any(|bought| bought == offer.sku));
        let bought: BTreeSet<String> = sold.map(Offer::id).collect();
        let found = exclude::rejections(&model, topology).by_reason;
        let mut offers: BTreeMap<Rejection, BTreeSet<String>> =
            found.into_iter().map(|(reason, ids)| (reason, ids.into_iter().collect())).collect();
        let known: BTreeSet<String> = offers.values().flatten().chain(&bought).cloned().collect();
        let mut dominated = BTreeMap::new();
        for found in dominated::dominated(&model, topology) {
            // What is kept out by itself has that reason.
            if !known.contains(&found.offer) {
                offers.entry(Rejection::Dominated).or_default().insert(found.offer.clone());
                dominated.insert(found.offer.clone(), found);
            }
        }
        for ids in offers.values_mut() {
            ids.retain(|id| !bought.contains(id));
        }
        offers.retain(|_, ids| !ids.is_empty());
        Reasons { offers, dominated }
    }

    /// How unlike what was bought an offer is: examples are to be alike.
    fn distance(&self, offer: &Offer) -> (u32, String) {
        let services = self.design.plan.topology.services.iter();
        let pools = services.flat_map(|service| &service.pools);
        let apart = |pool: &Pool| pool.vcpus.abs_diff(offer.vcpus());
        (pools.map(apart).min().unwrap_or(0), offer.sku.clone())
    }

    fn why(&self, reason: &Rejection, offer: &Offer, reasons: &Reasons) -> String {
        let rules = &self.demand.rules;
        match reason {
            Rejection::NoPrice => "nobody published a price of it on demand".into(),
            Rejection::NoZoneCount => "nobody knows how many zones sell it".into(),
            Rejection::NoPerformanceIndex => "nobody measured how fast it is".into(),
            Rejection::Rule(peculiarity) => peculiar(*peculiarity).into(),
            Rejection::Vcpus => format!(
                "{} vCPU{}, and {} to {} are allowed",
                offer.vcpus(),
                if offer.vcpus() == 1 { "" } else { "s" },
                rules.vcpus_min,
                rules.vcpus_max
            ),
            Rejection::Memory => {
                format!("{} MiB of memory is too little", offer.memory.value())
            }
            Rejection::Pinned => "the pin names another".into(),
            Rejection::Placement => "its region is not allowed".into(),
            Rejection::TooFewZones => "too few zones sell it".into(),
            Rejection::RegionWithoutPrice(what) => format!("its region has no price of {what}"),
            Rejection::TooSmall => {
                format!("no number of it up to {} carries the load", rules.replicas_max)
            }
            Rejection::TooSlow => "one request takes too long on it, without any waiting".into(),
            Rejection::Dominated => {
                let (by, are) = match reasons.dominated.get(&offer.id()) {
                    Some(found) if found.alone => (found.by.as_str(), "is"),
                    Some(found) => (found.by.as_str(), "and others are"),
                    None => ("another offer", "is"),
                };
                format!("{by} {are} at least as good in everything, and no dearer")
            }
            Rejection::Engine => "it is of another engine".into(),
            Rejection::Backups(days) => {
                format!("backups of it are kept for {days} days at most")
            }
            Rejection::Recovery => "no way to copy it recovers as is demanded".into(),
            Rejection::Iops => {
                "what comes with its storage does fewer operations a second than its queries take"
                    .into()
            }
            Rejection::Policy(rule) => self.policy_says(rule),
        }
    }

    /// What the rule of a policy says, and where.
    fn policy_says(&self, rule: &str) -> String {
        let mut rules = self.intent.policy.rules.iter();
        rules.find(|own| own.name == rule).map_or_else(
            || "a policy denies it".to_owned(),
            |own| format!("{} ({})", own.text(), own.place),
        )
    }

    /// Offers that would do and are dearer, with the price of the one most like what was bought.
    fn dearer(&self, offers: &[Offer], reasons: &Reasons) -> Option<Rejected> {
        let rejected: BTreeSet<&String> = reasons.offers.values().flatten().collect();
        let bought: Vec<&str> = self.bought().collect();
        let sold = offers.iter().filter(|offer| {
            !bought.contains(&offer.sku.as_str())
                && !self.services_for(offer).is_empty()
                && !rejected.contains(&offer.id())
        });
        let mut sold: Vec<&Offer> = sold.collect();
        sold.sort_by_key(|offer| self.distance(offer));
        let cost = |offer: &Offer| {
            let service = *self.services_for(offer).first()?;
            let mut intent = self.pinned(service, &offer.sku);
            intent.run_on.regions = vec![self.design.plan.topology.region.clone()];
            let demand = self.planner.demand(&intent).ok()?;
            let cost = solved_cost(&demand, self.planner.catalog)?;
            Some((cost, self.demand.services[service].name.clone()))
        };
        let (example, (cost, service)) =
            sold.iter().take(8).find_map(|offer| Some((offer, cost(offer)?)))?;
        let more = (cost - self.design.cost()).micros().max(0) / 1_000_000;
        let more = figure(more as f64);
        Some(Rejected {
            reason: DEARER.into(),
            offers: sold.len() as u64,
            example: example.sku.clone(),
            why: format!("with {service} on it, the cheapest plan costs ${more} a month more"),
            by: None,
        })
    }

    fn bought(&self) -> impl Iterator<Item = &str> {
        let services = self.design.plan.topology.services.iter();
        services.flat_map(|service| &service.pools).map(|pool| pool.sku.as_str())
    }

    /// The places of the services that could run on an offer where the plan stands.
    fn services_for(&self, offer: &Offer) -> Vec<usize> {
        let deployed = self.design.plan.topology.services.iter();
        let both = self.demand.services.iter().zip(deployed).enumerate();
        let fits = both.filter(|(_, (service, deployment))| {
            let engine = service.data.as_ref().map(|data| data.engine.as_str());
            let managed = deployment.product.is_some();
            match (&offer.product, service.kind) {
                (Product::Instance, _) => !managed && !deployment.pools.is_empty(),
                (Product::ManagedSql { engine: sold }, ServiceKind::Sql)
                | (Product::ManagedCache { engine: sold }, ServiceKind::Cache) => {
                    managed && engine == Some(sold)
                }
                _ => false,
            }
        });
        fits.map(|(at, _)| at).collect()
    }

    /// The intent with a service pinned to an offer.
    fn pinned(&self, service: usize, sku: &str) -> Intent {
        let mut intent = self.intent.clone();
        let name = self.demand.services[service].name.clone();
        let sku = Some(Stated::by_user(sku.to_owned(), "explanation"));
        match intent.pins.iter_mut().find(|pin| pin.service == name) {
            Some(pin) => pin.instance_type = sku,
            None => intent.pins.push(Pin {
                service: name,
                instance_type: sku,
                replicas_min: None,
                replicas_max: None,
                provider: None,
                product: None,
            }),
        }
        intent
    }

    /// Why an offer was not bought: what keeps it out, and what the plan would be on it.
    pub(super) fn why_not(&self, sku: &str) -> Result<OfferAnswer, PlanningError> {
        let here = &self.design.plan.topology;
        let offers = self.planner.catalog.offers_in(here.provider, &here.region);
        let sold: Vec<&Offer> = offers.iter().filter(|offer| offer.sku == sku).collect();
        let mut reasons: Vec<String> = Vec::new();
        if sold.is_empty() {
            reasons.push(format!("not sold in {} {}", here.provider, here.region));
        }
        if self.bought().any(|bought| bought == sku) {
            reasons.push("it is bought".to_owned());
        }
        let found = self.reasons();
        for (reason, ids) in &found.offers {
            for offer in sold.iter().filter(|offer| ids.contains(&offer.id())) {
                let told = format!("{}: {}", reason.label(), self.why(reason, offer, &found));
                // One offer for each engine that it is sold with, all for the same reason.
                if !reasons.contains(&told) {
                    reasons.push(told);
                }
            }
        }
        let anywhere = self.planner.catalog.offers.iter().filter(|offer| offer.sku == sku);
        let mut services: Vec<usize> =
            anywhere.flat_map(|offer| self.services_for(offer)).collect();
        services.sort_unstable();
        services.dedup();
        let instead = services
            .into_par_iter()
            .map(|service| {
                let found = self.planner.found(&self.pinned(service, sku))?;
                Ok((self.demand.services[service].name.to_string(), found))
            })
            .collect::<Result<_, PlanningError>>()?;
        Ok(OfferAnswer { sku: sku.to_owned(), reasons, instead })
    }
}

/// What is peculiar about an offer, and why that keeps it out.
const fn peculiar(peculiarity: Peculiarity) -> &'static str {
    match peculiarity {
        Peculiarity::Burstable => "it keeps its speed only while its credits last",
        Peculiarity::SharedCore => "it shares its core with others",
        Peculiarity::Flex => "it keeps its full speed only for most of the time",
        Peculiarity::Fractional => "it has no whole vCPU",
        Peculiarity::Metal => "a whole machine, which boots too slowly to scale",
        Peculiarity::Accelerator => "its accelerator would be paid for and not used",
        Peculiarity::PreviousGeneration => "the provider advises against what is new on it",
        Peculiarity::ConstrainedCores => "it has the price of cores that it has not",
        Peculiarity::NotPublic => "not everybody can buy it",
    }
}
