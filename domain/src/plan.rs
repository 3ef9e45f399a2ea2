//! A topology with what it costs, what each part carries, and how good it is proven to be.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::commitment::Promise;
use crate::name::Name;
use crate::offer::PriceBasis;
use crate::topology::Topology;
use crate::units::{
    Erlangs, MicroDollars, MilliUnits, Ppm, Ratio, RequestsPerSecond, Seconds, UnitPrice,
};

/// A topology that the model allows, before or after it was judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// What to build.
    pub topology: Topology,
    /// What it costs.
    pub bill: Bill,
    /// What each service carries, in the order of the topology.
    pub sizing: Vec<Sizing>,
    /// How its unavailability adds up.
    pub availability: AvailabilityWorking,
    /// What the model expects of each latency objective.
    pub estimates: Vec<LatencyEstimate>,
    /// How good it is proven to be.
    pub optimality: Optimality,
}

/// An amount in each of the three bills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ThreeBills<T> {
    /// The autoscaled fleet over the day.
    pub expected: T,
    /// The fleet of the peak, all month.
    pub peak_fleet: T,
    /// Every autoscaler at its maximum and traffic at its peak, all month.
    pub ceiling: T,
}

/// A month's bill: lines that add up exactly.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bill {
    /// In the order of services, then as they are bought.
    pub lines: Vec<CostLine>,
}

impl Bill {
    /// The sums of the lines.
    pub fn totals(&self) -> ThreeBills<MicroDollars> {
        ThreeBills {
            expected: self.lines.iter().map(|line| line.amount.expected).sum(),
            peak_fleet: self.lines.iter().map(|line| line.amount.peak_fleet).sum(),
            ceiling: self.lines.iter().map(|line| line.amount.ceiling).sum(),
        }
    }

    /// The oldest price that a line rests on.
    pub fn oldest_price(&self) -> Option<Date> {
        self.lines.iter().map(|line| line.as_of).min()
    }
}

/// What a line of the bill is for, in the categories of FOCUS 1.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CostCategory {
    /// Instances.
    Compute,
    /// Disks and volumes.
    Storage,
    /// Managed databases and caches.
    Databases,
    /// Balancers and traffic.
    Networking,
}

impl CostCategory {
    /// As FOCUS writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Compute => "Compute",
            Self::Storage => "Storage",
            Self::Databases => "Databases",
            Self::Networking => "Networking",
        }
    }
}

/// One line of the bill.
#[derive(Debug, Clone, PartialEq)]
pub struct CostLine {
    /// Unique within the bill: `app.compute`.
    pub id: String,
    /// The service that it is for; `traffic` for what belongs to none.
    pub service: String,
    /// What it is for.
    pub category: CostCategory,
    /// What is bought.
    pub sku: String,
    /// The unit: `hour`, `gib_month`, `gb`, `lcu_hour`.
    pub unit: &'static str,
    /// For one unit.
    pub unit_price: UnitPrice,
    /// How many units.
    pub quantity: ThreeBills<MilliUnits>,
    /// Quantity × price, each rounded once.
    pub amount: ThreeBills<MicroDollars>,
    /// The day for which the price was known.
    pub as_of: Date,
    /// How sure the price is.
    pub basis: PriceBasis,
    /// The promise that it pays for; `None` for what is bought on demand.
    pub promise: Option<Promise>,
}

/// What limits a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resource {
    /// Its processors.
    Cpu,
    /// Its memory.
    Memory,
    /// Its network.
    Network,
    /// The connections it accepts.
    Connections,
    /// Nothing: it is managed, or the floor of redundancy is above the need.
    Floor,
}

impl Resource {
    /// As the spec writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Memory => "memory",
            Self::Network => "network",
            Self::Connections => "connections",
            Self::Floor => "redundancy",
        }
    }
}

/// What one service carries.
#[derive(Debug, Clone, PartialEq)]
pub struct Sizing {
    /// Calls to it at the stated peak.
    pub arrival_rate: RequestsPerSecond,
    /// The servers that they keep busy, at the offer's speed.
    pub offered_load: Erlangs,
    /// All servers of the fleet of the peak.
    pub servers: u32,
    /// Utilisation at the stated peak, above 1 where it would not hold.
    pub at_peak: f64,
    /// With the load of the headroom.
    pub with_headroom: f64,
    /// With one instance down; `None` where a copy takes over.
    pub instance_down: Option<f64>,
    /// With its fullest zone lost.
    pub zone_lost: Option<f64>,
    /// Instances on average over the day, in thousandths.
    pub expected_replicas: MilliUnits,
    /// What limits it first.
    pub bottleneck: Resource,
}

/// How unavailability adds up.
#[derive(Debug, Clone, PartialEq)]
pub struct AvailabilityWorking {
    /// Terms in the order of their size, largest first.
    pub terms: Vec<AvailabilityTerm>,
    /// Their sum.
    pub total: Ppm,
    /// What the published agreements would compose to; reported, never planned with.
    pub sla_composition: Option<Ppm>,
    /// Agreements that no source is known for.
    pub sla_unknown: Vec<String>,
    /// Whether the outcome holds at the peak on what is left of any zone's loss.
    pub survives_zone_loss: bool,
}

/// One cause of unavailability.
#[derive(Debug, Clone, PartialEq)]
pub struct AvailabilityTerm {
    /// `zone`, `region`, `change`, `app.instances` …
    pub name: String,
    /// How much.
    pub ppm: Ppm,
}

/// How the latency of a request is worked out from what each service adds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum LatencyForm {
    /// Means and variances add up, and a distribution is assumed: an estimate.
    #[default]
    Moment,
    /// Each service keeps to a share of what may be slower: a bound of the sum.
    Proof,
}

impl LatencyForm {
    /// Whether it is the one that a spec does not state.
    pub const fn is_moment(&self) -> bool {
        matches!(self, Self::Moment)
    }

    /// As the command line and the spec write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Moment => "moment",
            Self::Proof => "proof",
        }
    }
}

/// What an estimate of a latency rests on.
#[derive(Debug, Clone, PartialEq)]
pub enum LatencyBasis {
    /// The moments of the sojourn over all services and the network.
    Moment {
        /// Its mean.
        mean: Seconds,
        /// Its standard deviation.
        deviation: Seconds,
    },
    /// What each service that is visited keeps to, in the order of the services.
    Proof(Vec<TailPart>),
}

impl LatencyBasis {
    /// The form that it is of.
    pub const fn form(&self) -> LatencyForm {
        match self {
            Self::Moment { .. } => LatencyForm::Moment,
            Self::Proof(_) => LatencyForm::Proof,
        }
    }
}

/// What one service keeps to in the proof form.
#[derive(Debug, Clone, PartialEq)]
pub struct TailPart {
    /// The service.
    pub service: Name,
    /// All its visits in a request take at most so long, but for its share of the tail.
    pub quantile: Seconds,
    /// Its share of what may be slower.
    pub share: Ratio,
}

/// What the model expects of a latency objective.
#[derive(Debug, Clone, PartialEq)]
pub struct LatencyEstimate {
    /// The objective's identifier.
    pub objective: String,
    /// The state in which it is worst: `peak+25%`, `app: one instance down`.
    pub state: String,
    /// What it rests on.
    pub basis: LatencyBasis,
    /// The percentile: of a gamma distribution with those moments, or the sum of those quantiles,
    /// which it is at most.
    pub percentile: Seconds,
    /// The limit.
    pub limit: Seconds,
}

/// What is claimed of a plan's cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Claim {
    /// Every cheaper plan is excluded by a certified bound or by simulation.
    CheapestVerified,
    /// Some cheaper plan is excluded by an estimate only; the gap says how much it could save.
    Verified,
    /// It was not verified.
    None,
}

impl Claim {
    /// As the spec writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CheapestVerified => "cheapest_verified",
            Self::Verified => "verified",
            Self::None => "none",
        }
    }
}

/// What became of the search for every cheaper plan that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pursuit {
    /// Every cheaper plan was excluded, by a certified bound or by simulation.
    Complete,
    /// None that could be judged holds; some could not be.
    Undecided,
    /// Its rounds ran out before every cheaper plan was excluded.
    RoundsSpent,
}

impl Pursuit {
    /// As the spec writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Undecided => "undecided",
            Self::RoundsSpent => "rounds_spent",
        }
    }
}

/// How good a plan is proven to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Optimality {
    /// What is claimed.
    pub claim: Claim,
    /// What became of the search for cheaper plans; `None` where there was none, because the first
    /// plan that held was enough.
    pub pursuit: Option<Pursuit>,
    /// The expected bill.
    pub objective: MicroDollars,
    /// No plan costs less: from the relaxation that certifies.
    pub bound: MicroDollars,
    /// The solver's own bound of the program that gave the plan.
    pub program_bound: MicroDollars,
    /// Options of all services that were looked at.
    pub designs: u64,
    /// Options left after pruning.
    pub kept: u64,
    /// Options that were not kept, by reason.
    pub pruned: BTreeMap<String, u64>,
    /// What excluded cheaper plans, dearest last.
    pub excluded: Vec<Exclusion>,
}

impl Optimality {
    /// How much dearer than the bound the plan is, in parts per million of its cost.
    pub fn gap_ppm(&self) -> u64 {
        let objective = self.objective.micros();
        let above = (self.objective - self.bound).micros().max(0);
        if objective == 0 {
            return 0;
        }
        u64::try_from(i128::from(above) * 1_000_000 / i128::from(objective)).unwrap_or(u64::MAX)
    }
}

/// How sure it is that a cheaper plan does not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// Proven: load above capacity, work that takes too long without waiting, an exact limit.
    Certified,
    /// By the moment form.
    Estimated,
    /// By simulation.
    Simulated,
}

impl Certainty {
    /// As the spec writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Certified => "certified",
            Self::Estimated => "estimated",
            Self::Simulated => "simulated",
        }
    }
}

/// A cheaper plan, and what excluded it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    /// The plan in words.
    pub plan: String,
    /// What it would have cost.
    pub cost: MicroDollars,
    /// How sure.
    pub certainty: Certainty,
    /// By what: a check, a limit, a rule.
    pub reason: String,
}
