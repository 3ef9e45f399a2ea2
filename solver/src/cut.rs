//! What a refuted plan forbids.
//!
//! "More capacity never hurts" is false in general: another balancing, other offers, retries or a
//! database's connections can make a larger plan worse. So a refutation forbids that plan alone,
//! and everything smaller of the same kind only where more capacity cannot hurt.

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
}

impl CutKind {
    /// As rounds report it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoGood => "no-good",
            Self::Dominance => "dominance",
            Self::Service(_) => "service",
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
        let zones = match self.kind {
            CutKind::NoGood | CutKind::Service(_) => layout.zones == self.zones,
            CutKind::Dominance => layout.zones <= self.zones,
        };
        let anywhere = matches!(self.kind, CutKind::Service(_));
        let region = anywhere || layout.region.name == self.region;
        zones && region && layout.region.provider == self.provider
    }

    fn covers(&self, own: &Signature, option: &ServiceOption<'_>) -> bool {
        let other = option.signature();
        match self.kind {
            CutKind::NoGood | CutKind::Service(_) => &other == own,
            CutKind::Dominance => {
                other.sku == own.sku
                    && other.copies == own.copies
                    && other.shards == own.shards
                    && other.replicas <= own.replicas
            }
        }
    }

    /// Whether it forbids an option of a service, whatever is chosen beside it.
    pub fn forbids(
        &self,
        layout: &Layout<'_>,
        service: ServiceIndex,
        option: &ServiceOption<'_>,
    ) -> bool {
        self.kind == CutKind::Service(service)
            && self.applies(layout)
            && self.covers(&self.signatures[service.0], option)
    }

    /// What it forbids among the columns of a program; `None` where it forbids nothing there, or
    /// an option by itself.
    pub fn exclusion(
        &self,
        layout: &Layout<'_>,
        options: &[&[ServiceOption<'_>]],
        groups: usize,
    ) -> Option<Exclusion> {
        if matches!(self.kind, CutKind::Service(_)) || !self.applies(layout) {
            return None;
        }
        let mut columns = Vec::with_capacity(groups);
        for (own, options) in self.signatures.iter().zip(options) {
            let covered: Vec<usize> =
                (0..options.len()).filter(|column| self.covers(own, &options[*column])).collect();
            if covered.is_empty() {
                return None;
            }
            columns.push(covered);
        }
        columns.resize(groups, Vec::new());
        Some(Exclusion { columns })
    }
}
