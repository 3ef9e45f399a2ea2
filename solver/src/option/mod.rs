//! The ways to run one service in a layout, each with its exact cost and its moments worked out.
//!
//! Queueing is nonlinear; it lives in here, so that the program stays linear.

mod balancer;
mod cache;
mod day;
mod sql;
mod stateless;
mod station;

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;

use domain::candidate::{Rejection, Rejections};
use domain::demand::ServiceIndex;
use domain::intent::ServiceKind;
use domain::plan::ThreeBills;
use domain::units::MicroDollars;

use crate::layout::Layout;
use crate::model::Model;
use crate::prune::CutOffers;
use crate::purchase::Item;
use crate::queueing::Moments;
use crate::screen::{Candidate, Platform, Stock};

pub use day::Day;
use station::Station;

/// The states of the system in which a latency is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// The stated peak with everything up.
    Base,
    /// The load of the headroom with everything up.
    Headroom,
    /// The stated peak with one instance of this service down.
    OneDown,
    /// The stated peak with the fullest zone lost.
    ZoneLost,
}

/// Every state, in the order in which options hold their moments.
pub const STATES: [State; 4] = [State::Base, State::Headroom, State::OneDown, State::ZoneLost];

/// Which copies of a service serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Copies {
    /// All of them.
    Active,
    /// One of each shard; the other takes over.
    Standby,
    /// One of each shard, without another.
    Single,
}

/// One way to run one service.
#[derive(Debug, Clone)]
pub struct ServiceOption<'a> {
    /// What it is bought as; `None` for a managed balancer.
    pub candidate: Option<Candidate<'a>>,
    /// Whether it is managed.
    pub platform: Platform,
    /// All instances or nodes at the peak.
    pub replicas: u32,
    /// Slices of its state.
    pub shards: u32,
    /// Which of the instances serve.
    pub copies: Copies,
    /// Requests that one instance works on at once.
    pub servers: u32,
    /// The fewest instances that the autoscaler keeps; the number at the peak where there is none.
    pub floor: u32,
    /// The most instances that the autoscaler starts.
    pub ceiling: u32,
    /// Instances on average over the day.
    pub expected_replicas: f64,
    /// What is bought.
    pub items: Vec<Item>,
    /// What that costs.
    pub cost: ThreeBills<MicroDollars>,
    /// Unavailability in ppm, lost zones apart.
    pub unavailability: f64,
    /// Whether what is left of a lost zone carries the peak.
    pub survives_zone_loss: bool,
    /// What it adds to the latency of a request, by view and then by state; `None` where the load
    /// is not below the capacity.
    pub latency: Vec<[Option<Moments>; 4]>,
    /// All vCPUs at the peak.
    pub vcpus: u64,
    /// Connections that it holds to databases at its ceiling (positive) or offers (negative).
    pub connections: i64,
}

impl ServiceOption<'_> {
    /// Whether it carries the load in all of those states.
    pub fn is_stable(&self, states: &BTreeSet<State>) -> bool {
        let holds = |view: &[Option<Moments>; 4]| {
            STATES.iter().zip(view).all(|(state, at)| at.is_some() || !states.contains(state))
        };
        self.latency.iter().all(holds)
    }

    /// By cost, then as their signatures are ordered.
    fn order(&self, other: &Self) -> Ordering {
        let sku = |option: &Self| option.candidate.map_or("", |candidate| &candidate.offer.sku);
        let own = (self.cost.expected, self.replicas, sku(self), self.shards, self.copies);
        own.cmp(&(other.cost.expected, other.replicas, sku(other), other.shards, other.copies))
    }

    /// What identifies it within its service, for cuts and for ties.
    pub fn signature(&self) -> Signature {
        Signature {
            replicas: self.replicas,
            sku: self.candidate.map_or_else(String::new, |found| found.offer.sku.clone()),
            shards: self.shards,
            copies: self.copies,
        }
    }
}

/// What tells two options of a service apart; its order breaks ties of cost: fewer instances
/// first, then the name of the offer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signature {
    /// All instances or nodes.
    pub replicas: u32,
    /// The offer.
    pub sku: String,
    /// Slices of its state.
    pub shards: u32,
    /// Which of them serve.
    pub copies: Copies,
}

impl fmt::Display for Signature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sku = if self.sku.is_empty() { "managed" } else { &self.sku };
        write!(formatter, "{} x {sku}", self.replicas)?;
        match (self.copies, self.shards) {
            (Copies::Active, _) => Ok(()),
            (Copies::Standby, shards) => write!(formatter, ", {shards} with standby"),
            (Copies::Single, shards) => write!(formatter, ", {shards} alone"),
        }
    }
}

/// The options of one service in a layout, cheapest first, and how many were looked at.
#[derive(Debug, Clone)]
pub struct OptionSet<'a> {
    /// The service.
    pub service: ServiceIndex,
    /// Those that hold by themselves, in the order of cost and then of their signatures.
    pub options: Vec<ServiceOption<'a>>,
    /// How many were looked at.
    pub looked_at: u64,
    /// Every option that costs at most this is among them; `None` when all are.
    pub complete_to: Option<MicroDollars>,
}

impl OptionSet<'_> {
    /// The cost of the cheapest option; `None` when there is none.
    pub fn cheapest(&self) -> Option<MicroDollars> {
        self.options.first().map(|option| option.cost.expected)
    }
}

/// What the options of a service are made from.
#[derive(Clone, Copy)]
pub struct Source<'m, 'a> {
    /// The model.
    pub model: &'m Model<'a>,
    /// The placement.
    pub layout: &'m Layout<'a>,
    /// The service.
    pub service: ServiceIndex,
    /// What the region has for it.
    pub stock: &'m Stock<'a>,
}

/// All vCPUs of so many of an offer.
fn vcpus(candidate: &Candidate<'_>, replicas: u32) -> u64 {
    u64::from(candidate.offer.vcpus()) * u64::from(replicas)
}

impl<'m, 'a> Source<'m, 'a> {
    /// The candidates that are sold in as many zones as the placement uses.
    fn candidates(&self) -> impl Iterator<Item = &'m Candidate<'a>> + use<'m, 'a> {
        let zones = self.layout.zones;
        self.stock.candidates.iter().filter(move |candidate| candidate.zones >= zones)
    }

    fn station(&self, candidate: &Candidate<'_>, servers: u32) -> Station<'m, 'a> {
        Station {
            model: self.model,
            layout: self.layout,
            service: self.service,
            servers,
            speed: candidate.speed,
        }
    }

    /// The candidates that no other one beats for this service, as far as cuts let them.
    pub(crate) fn undominated(&self, cut: &CutOffers<'_>) -> Vec<Candidate<'a>> {
        match self.kind() {
            Kind::Stateless => stateless::undominated(self, cut),
            Kind::ManagedBalancer | Kind::Cache | Kind::Sql => self.candidates().copied().collect(),
        }
    }

    /// No option of the service costs less than this; `None` when there is none at all.
    pub fn least_cost(&self) -> Option<MicroDollars> {
        match self.kind() {
            Kind::ManagedBalancer => Some(MicroDollars::ZERO),
            Kind::Stateless => stateless::least_cost(self),
            Kind::Cache => cache::least_cost(self),
            Kind::Sql => sql::least_cost(self),
        }
    }

    /// All options that hold by themselves and cost at most `limit`.
    ///
    /// Offers of which no number does are noted in `rejections`.
    pub fn options(
        &self,
        limit: Option<MicroDollars>,
        rejections: Option<&mut Rejections>,
    ) -> OptionSet<'a> {
        let mut found =
            Found { limit, rejections, options: Vec::new(), looked_at: 0, left_out: false };
        match self.kind() {
            Kind::ManagedBalancer => balancer::managed(self, &mut found),
            Kind::Stateless => stateless::collect(self, &mut found),
            Kind::Cache => cache::collect(self, &mut found),
            Kind::Sql => sql::collect(self, &mut found),
        }
        let Found { mut options, looked_at, left_out, .. } = found;
        options.sort_by(ServiceOption::order);
        let complete_to = limit.filter(|_| left_out);
        OptionSet { service: self.service, options, looked_at, complete_to }
    }

    /// What every option of the service has at least, as if one had all of it, at that cost.
    pub fn floor(&self, cost: MicroDollars) -> ServiceOption<'a> {
        ServiceOption {
            candidate: None,
            platform: self.stock.platform,
            replicas: 0,
            shards: 1,
            copies: Copies::Active,
            servers: 0,
            floor: 0,
            ceiling: 0,
            expected_replicas: 0.0,
            items: Vec::new(),
            cost: ThreeBills { expected: cost, peak_fleet: cost, ceiling: cost },
            unavailability: self.least_unavailability(),
            survives_zone_loss: true,
            latency: self.fastest(),
            vcpus: self.least_vcpus(),
            connections: self.least_connections(),
        }
    }

    /// The fewest vCPUs of any option.
    fn least_vcpus(&self) -> u64 {
        match self.kind() {
            Kind::ManagedBalancer => 0,
            Kind::Stateless => stateless::least_vcpus(self),
            Kind::Cache => cache::least_vcpus(self),
            Kind::Sql => sql::least_vcpus(self),
        }
    }

    /// The fewest connections that any option holds, below zero where it offers them.
    fn least_connections(&self) -> i64 {
        match self.kind() {
            Kind::ManagedBalancer | Kind::Stateless | Kind::Cache => 0,
            Kind::Sql => sql::least_connections(self),
        }
    }

    /// The least mean and the least variance, by view and state, that any option has: no plan is
    /// faster. `None` where nothing carries the load at all.
    pub fn fastest(&self) -> Vec<[Option<Moments>; 4]> {
        let views = self.model.views.len();
        let mut fastest = vec![[None; 4]; views];
        let mut improve = |latency: Vec<[Option<Moments>; 4]>| {
            for (best, own) in fastest.iter_mut().zip(latency) {
                for (best, own) in best.iter_mut().zip(own) {
                    *best = componentwise_least(*best, own);
                }
            }
        };
        match self.kind() {
            Kind::ManagedBalancer => improve(vec![[Some(Moments::default()); 4]; views]),
            Kind::Stateless => stateless::fastest(self, &mut improve),
            Kind::Cache => cache::fastest(self, &mut improve),
            Kind::Sql => sql::fastest(self, &mut improve),
        }
        fastest
    }

    /// No option of the service is less unavailable than this, lost zones apart, in ppm.
    pub fn least_unavailability(&self) -> f64 {
        match self.kind() {
            Kind::ManagedBalancer => self.model.demand.faults.balancer.value(),
            Kind::Stateless => stateless::least_unavailability(self),
            Kind::Cache => cache::least_unavailability(self),
            Kind::Sql => sql::least_unavailability(self),
        }
    }

    fn kind(&self) -> Kind {
        match (self.model.demand.service(self.service).kind, self.stock.platform) {
            (ServiceKind::Balancer, Platform::Managed) => Kind::ManagedBalancer,
            (ServiceKind::Balancer | ServiceKind::Service, _) => Kind::Stateless,
            (ServiceKind::Cache, _) => Kind::Cache,
            (ServiceKind::Sql, _) => Kind::Sql,
        }
    }
}

fn componentwise_least(one: Option<Moments>, other: Option<Moments>) -> Option<Moments> {
    match (one, other) {
        (Some(one), Some(other)) => Some(Moments {
            mean: one.mean.min(other.mean),
            variance: one.variance.min(other.variance),
        }),
        (one, other) => one.or(other),
    }
}

/// How options are made.
enum Kind {
    ManagedBalancer,
    Stateless,
    Cache,
    Sql,
}

/// Options as they are found.
pub(crate) struct Found<'a, 'r> {
    limit: Option<MicroDollars>,
    rejections: Option<&'r mut Rejections>,
    options: Vec<ServiceOption<'a>>,
    looked_at: u64,
    left_out: bool,
}

impl<'a> Found<'a, '_> {
    /// Whether an option of that cost is wanted.
    fn admits(&mut self, cost: MicroDollars) -> bool {
        self.looked_at += 1;
        let within = self.limit.is_none_or(|limit| cost <= limit);
        self.left_out |= !within;
        within
    }

    /// Whether an option whose cost is at least that many dollars can still be wanted.
    fn may_admit(&mut self, dollars: f64) -> bool {
        let within = self.limit.is_none_or(|limit| dollars <= limit.dollars());
        self.left_out |= !within;
        within
    }

    /// Takes an option that was admitted.
    fn take(&mut self, option: ServiceOption<'a>) {
        self.options.push(option);
    }

    /// Notes that no number of an offer does.
    fn reject(&mut self, reason: Rejection, candidate: &Candidate<'_>) {
        self.looked_at += 1;
        if let Some(rejections) = &mut self.rejections {
            rejections.add(reason, candidate.offer.id());
        }
    }
}

/// Moments by state and view, turned to view and state.
pub(crate) fn by_view(
    states: &[Vec<Option<Moments>>; 4],
    views: usize,
) -> Vec<[Option<Moments>; 4]> {
    (0..views).map(|view| std::array::from_fn(|state| states[state][view])).collect()
}
