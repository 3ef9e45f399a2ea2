//! The best plan of each provider and of each region, side by side.

use crate::demand::Demand;
use crate::intent::ServiceKind;
use crate::name::Name;
use crate::offer::Provider;
use crate::outcome::Provenance;
use crate::plan::Plan;
use crate::units::{MicroDollars, Ppm, Seconds};
use crate::verification::{CheckUnit, Status, Verification};

/// The best plan of every region that an intent allows.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// How the intent was understood.
    pub demand: Demand,
    /// Every region that the intent allows: providers by their best row, the rows of a provider
    /// together, best first.
    pub rows: Vec<Row>,
    /// The row that answers the intent as it stands: the cheapest verified one that runs nothing
    /// itself that the intent wants managed, else one that stayed undecided.
    pub answer: Option<usize>,
    /// Where it came from.
    pub provenance: Provenance,
}

impl Comparison {
    /// The row that answers the intent, with its plan.
    pub fn answered(&self) -> Option<(&Row, &Placed)> {
        let row = &self.rows[self.answer?];
        row.placed().map(|placed| (row, placed))
    }

    /// The cheapest plan that nothing refuted, wherever it is and however its data is run.
    pub fn cheapest(&self) -> Option<(&Row, &Placed)> {
        let placed = self.rows.iter().filter_map(|row| Some((row, row.placed()?)));
        placed.min_by_key(|(_, placed)| (placed.evidence.rank(), placed.cost()))
    }

    /// The best row of each provider, in the order of the rows.
    pub fn best(&self) -> impl Iterator<Item = &Row> {
        let first = |at: usize| at == 0 || self.rows[at - 1].provider != self.rows[at].provider;
        self.rows.iter().enumerate().filter(move |(at, _)| first(*at)).map(|(_, row)| row)
    }
}

/// One region.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The cloud.
    pub provider: Provider,
    /// Its region.
    pub region: Name,
    /// The plan there, or why there is none.
    pub found: Result<Box<Placed>, String>,
}

impl Row {
    /// The plan there.
    pub fn placed(&self) -> Option<&Placed> {
        self.found.as_deref().ok()
    }
}

/// The cheapest plan of a region.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// What to build.
    pub plan: Plan,
    /// How sure it is that it holds.
    pub evidence: Evidence,
    /// How its databases and caches are run.
    pub data: DataRuns,
}

impl Placed {
    /// The expected bill of a month.
    pub const fn cost(&self) -> MicroDollars {
        self.plan.optimality.objective
    }

    /// The unavailability that was found; by the model where nothing was simulated.
    pub fn unavailability(&self) -> Ppm {
        let found = self.evidence.verification().and_then(|found| found.uptime.as_ref());
        found.map_or(self.plan.availability.total, |uptime| uptime.request_weighted)
    }

    /// The worst latency that was found in any demanded scenario, by the identifier of its
    /// objective; by the model where nothing was simulated.
    pub fn latency(&self, objective: &str) -> Option<Seconds> {
        let Some(found) = self.evidence.verification() else {
            let estimates = self.plan.estimates.iter();
            let own = estimates.filter(|estimate| estimate.objective == objective);
            return own
                .map(|estimate| estimate.percentile)
                .max_by(|a, b| a.value().total_cmp(&b.value()));
        };
        let checks = found.checks.iter().filter(|check| {
            check.demanded && check.objective == objective && check.unit == CheckUnit::Seconds
        });
        let worst = checks.map(|check| check.observed.value).max_by(f64::total_cmp);
        worst.map(Seconds::of)
    }
}

/// How sure it is that a plan holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Evidence {
    /// It was simulated: verified, or left undecided.
    Simulated(Box<Verification>),
    /// The same machines were simulated in another region of the provider.
    SameAs(Name, Box<Verification>),
    /// It was solved and not simulated.
    Estimated,
}

impl Evidence {
    /// What the simulation found.
    pub fn verification(&self) -> Option<&Verification> {
        match self {
            Self::Simulated(found) | Self::SameAs(_, found) => Some(found),
            Self::Estimated => None,
        }
    }

    /// The verdict of the simulation; `None` where there was none.
    pub fn status(&self) -> Option<Status> {
        self.verification().map(|found| found.status)
    }

    /// Less is surer.
    pub fn rank(&self) -> u8 {
        match self.status() {
            Some(Status::Verified) => 0,
            None => 1,
            Some(Status::Undecided | Status::Refuted) => 2,
        }
    }

    /// As documents write it.
    pub fn as_str(&self) -> &'static str {
        self.status().map_or("estimated", Status::as_str)
    }
}

/// How the databases and caches of a plan are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DataRuns {
    /// There are none.
    None,
    /// All are managed products.
    Managed,
    /// All run on instances.
    SelfRun,
    /// Some of each.
    Mixed,
}

impl DataRuns {
    /// How the data services of a demand are run by a plan for it.
    pub fn of(demand: &Demand, plan: &Plan) -> Self {
        let pairs = demand.services.iter().zip(&plan.topology.services);
        let data = pairs.filter(|(service, _)| match service.kind {
            ServiceKind::Cache | ServiceKind::Sql => true,
            ServiceKind::Balancer
            | ServiceKind::Service
            | ServiceKind::Queue
            | ServiceKind::External => false,
        });
        let managed: Vec<bool> = data.map(|(_, deployed)| deployed.product.is_some()).collect();
        match (managed.iter().any(|managed| *managed), managed.iter().all(|managed| *managed)) {
            _ if managed.is_empty() => Self::None,
            (_, true) => Self::Managed,
            (false, _) => Self::SelfRun,
            (true, false) => Self::Mixed,
        }
    }

    /// Whether anything runs on instances.
    pub const fn runs_itself(self) -> bool {
        matches!(self, Self::SelfRun | Self::Mixed)
    }

    /// As documents write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Managed => "managed",
            Self::SelfRun => "self-run",
            Self::Mixed => "mixed",
        }
    }
}
