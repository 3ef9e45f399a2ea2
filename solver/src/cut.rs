//! What a refuted plan forbids.
//!
//! "More capacity never hurts" is false in general: another balancing, other offers, retries or a
//! database's connections can make a larger plan worse. So a refutation forbids that plan alone,
//! and everything smaller of the same kind only where more capacity cannot hurt. How far it reaches
//! is for the judge to say: a cut only knows which plans it speaks of.

use domain::demand::{Demand, ServiceIndex};
use domain::name::Name;
use domain::offer::Provider;

use crate::layout::Layout;
use crate::option::{ServiceOption, Signature};
use crate::program::Exclusion;

/// Plans that were refuted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// The cloud of the refuted plan.
    pub provider: Provider,
    /// Its region.
    pub region: Name,
    /// The number of its zones.
    pub zones: u8,
    /// Its options, by service.
    pub signatures: Vec<Signature>,
    /// How far it reaches.
    pub kind: CutKind,
}

/// How far a cut reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CutKind {
    /// That plan alone.
    NoGood,
    /// Every plan with the same offers and nowhere more replicas or zones.
    Dominance,
    /// Every plan that runs this service the same way, in any region of the same cloud: the service
    /// fails by itself, whatever stands beside it.
    Service(ServiceIndex),
    /// The same machines in any region of the same cloud.
    Alike,
    /// Every plan with the same offers and nowhere more replicas, in any region of the same cloud
    /// and any number of zones.
    AtMost,
    /// Every plan that runs this service on the same offer with no more replicas, in any region of
    /// the same cloud and any number of zones.
    ServiceAtMost(ServiceIndex),
    /// Every plan on other offers or another cloud. Nothing refutes those: it narrows a proposal
    /// down to one family of plans.
    Strangers,
}

impl CutKind {
    /// As rounds report it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoGood | Self::Alike => "no-good",
            Self::Dominance | Self::AtMost => "dominance",
            Self::Service(_) | Self::ServiceAtMost(_) => "service",
            Self::Strangers => "strangers",
        }
    }
}

/// Which cut a demand allows: without retries and without connections to share, equal instances
/// behind a balancer only gain from company.
pub fn kind_for(demand: &Demand) -> CutKind {
    let retries = demand.services.iter().any(|service| service.on_failure.retries > 0);
    let databases =
        demand.services.iter().any(|service| service.kind == domain::intent::ServiceKind::Sql);
    if retries || databases { CutKind::NoGood } else { CutKind::Dominance }
}

impl Cut {
    /// Whether it speaks of plans in that placement.
    fn applies(&self, layout: &Layout<'_>) -> bool {
        let same_region = layout.region.name == self.region;
        let same_zones = layout.zones == self.zones;
        let reached = match self.kind {
            CutKind::NoGood => same_region && same_zones,
            CutKind::Dominance => same_region && layout.zones <= self.zones,
            CutKind::Service(_) | CutKind::Alike => same_zones,
            CutKind::AtMost | CutKind::ServiceAtMost(_) | CutKind::Strangers => true,
        };
        reached && layout.region.provider == self.provider
    }

    /// Whether it speaks of a way to run that service, in a placement that it speaks of.
    fn covers(&self, service: usize, other: &Signature) -> bool {
        let own = &self.signatures[service];
        match self.kind {
            CutKind::NoGood | CutKind::Service(_) | CutKind::Alike => other == own,
            CutKind::Dominance | CutKind::AtMost | CutKind::ServiceAtMost(_) => {
                alike(own, other) && other.replicas <= own.replicas
            }
            CutKind::Strangers => !alike(own, other),
        }
    }

    /// Whether plans with that way to run a service may be forbidden for what stands beside it: it
    /// must not take the place of another one.
    pub fn concerns(&self, service: ServiceIndex, other: &Signature) -> bool {
        match self.kind {
            CutKind::NoGood | CutKind::Dominance | CutKind::Alike | CutKind::AtMost => {
                self.covers(service.0, other)
            }
            // What these forbid is left out before anything is compared.
            CutKind::Service(_) | CutKind::ServiceAtMost(_) | CutKind::Strangers => false,
        }
    }

    /// Whether it forbids an option of a service, whatever is chosen beside it.
    pub fn forbids(
        &self,
        layout: &Layout<'_>,
        service: ServiceIndex,
        option: &ServiceOption<'_>,
    ) -> bool {
        let covers = || self.covers(service.0, &option.signature());
        match self.kind {
            CutKind::Service(own) | CutKind::ServiceAtMost(own) => {
                own == service && self.applies(layout) && covers()
            }
            CutKind::Strangers => !self.applies(layout) || covers(),
            CutKind::NoGood | CutKind::Dominance | CutKind::Alike | CutKind::AtMost => false,
        }
    }

    /// What it forbids among the columns of a program; `None` where it forbids nothing there, or
    /// an option by itself.
    pub fn exclusion(
        &self,
        layout: &Layout<'_>,
        options: &[&[ServiceOption<'_>]],
        groups: usize,
    ) -> Option<Exclusion> {
        let alone = match self.kind {
            CutKind::Service(_) | CutKind::ServiceAtMost(_) | CutKind::Strangers => true,
            CutKind::NoGood | CutKind::Dominance | CutKind::Alike | CutKind::AtMost => false,
        };
        if alone || !self.applies(layout) {
            return None;
        }
        let mut columns = Vec::with_capacity(groups);
        for (service, options) in options.iter().enumerate() {
            let covered = |column: &usize| self.covers(service, &options[*column].signature());
            let covered: Vec<usize> = (0..options.len()).filter(covered).collect();
            if covered.is_empty() {
                return None;
            }
            columns.push(covered);
        }
        columns.resize(groups, Vec::new());
        Some(Exclusion { columns })
    }
}

/// Whether two ways to run a service differ in their number of instances at most.
fn alike(one: &Signature, other: &Signature) -> bool {
    (&one.sku, one.copies, one.shards, &one.standing)
        == (&other.sku, other.copies, other.shards, &other.standing)
}
