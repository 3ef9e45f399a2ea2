//! The ways to run one service in a layout, each with its exact cost and its moments worked out.
//!
//! Queueing is nonlinear; it lives in here, so that the program stays linear.

mod backup;
mod balancer;
mod cache;
mod day;
mod external;
mod fleets;
mod level;
mod mixed;
mod recovery;
mod source;
mod sql;
mod stateless;
mod station;

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;

use domain::candidate::{Rejection, Rejections};
use domain::demand::ServiceIndex;
use domain::plan::ThreeBills;
use domain::topology::Balancing;
use domain::units::MicroDollars;

use crate::proof::Level;
use crate::prune::Sieve;
use crate::purchase::Item;
use crate::queueing::Moments;
use crate::screen::{Candidate, Platform};

pub use day::Day;
pub(crate) use level::at_levels;
pub use source::Source;
pub(crate) use source::takes_weights;

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

/// Instances of another offer in a mixed fleet, whose number stays.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// What they are bought as.
    pub candidate: Candidate<'a>,
    /// How many there are.
    pub count: u32,
}

/// One way to run one service.
#[derive(Debug, Clone)]
pub struct ServiceOption<'a> {
    /// What it is bought as; `None` for a managed balancer.
    pub candidate: Option<Candidate<'a>>,
    /// What stands beside that on another offer, in a mixed fleet.
    pub standing: Option<Standing<'a>>,
    /// Whether it is managed.
    pub platform: Platform,
    /// All instances or nodes at the peak.
    pub replicas: u32,
    /// Slices of its state.
    pub shards: u32,
    /// Which of the instances serve.
    pub copies: Copies,
    /// How calls are spread over them.
    pub balancing: Balancing,
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
    ///
    /// In the proof form each is a [`Tail`](crate::proof::Tail); until a share of the tail is
    /// chosen there is one for each share, by view, then by share, then by state.
    pub latency: Vec<[Option<Moments>; 4]>,
    /// Which share of the tail it has in the proof form; `None` in the moment form, and where it
    /// needs none.
    pub level: Option<Level>,
    /// All vCPUs at the peak.
    pub vcpus: u64,
    /// Connections that it holds to databases at its ceiling (positive) or offers (negative).
    pub connections: i64,
}

impl<'a> ServiceOption<'a> {
    /// Whether it carries the load in all of those states.
    pub fn is_stable(&self, states: &BTreeSet<State>) -> bool {
        let holds = |view: &[Option<Moments>; 4]| {
            STATES.iter().zip(view).all(|(state, at)| at.is_some() || !states.contains(state))
        };
        self.latency.iter().all(holds)
    }

    /// Its machines, those that stand first, with how many there are at the peak.
    pub fn pools(&self) -> impl Iterator<Item = (Candidate<'a>, u32)> + use<'a> {
        let stands = self.standing.map_or(0, |standing| standing.count);
        let standing = self.standing.map(|standing| (standing.candidate, standing.count));
        let follows = self.candidate.map(|candidate| (candidate, self.replicas - stands));
        standing.into_iter().chain(follows)
    }

    /// Reference vCPUs of a server of its fastest machines; `None` for a managed balancer.
    pub fn fastest_speed(&self) -> Option<f64> {
        self.pools().map(|(candidate, _)| candidate.speed).reduce(f64::max)
    }

    /// By cost, then as their signatures are ordered.
    fn order(&self, other: &Self) -> Ordering {
        let sku = |option: &Self| option.candidate.map_or("", |candidate| &candidate.offer.sku);
        let standing = |option: &Self| {
            option.standing.map(|standing| (&standing.candidate.offer.sku, standing.count))
        };
        let own = (self.cost.expected, self.replicas, sku(self), self.shards, self.copies);
        own.cmp(&(other.cost.expected, other.replicas, sku(other), other.shards, other.copies))
            .then_with(|| standing(self).cmp(&standing(other)))
    }

    /// What identifies it within its service, for cuts and for ties.
    pub fn signature(&self) -> Signature {
        Signature {
            replicas: self.replicas,
            sku: self.candidate.map_or_else(String::new, |found| found.offer.sku.clone()),
            shards: self.shards,
            copies: self.copies,
            standing: self
                .standing
                .map(|standing| (standing.candidate.offer.sku.clone(), standing.count)),
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
    /// Which offer some of them stand on beside it, and how many, in a mixed fleet.
    pub standing: Option<(String, u32)>,
}

impl fmt::Display for Signature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sku = if self.sku.is_empty() { "managed" } else { &self.sku };
        let mut replicas = self.replicas;
        if let Some((standing, count)) = &self.standing {
            write!(formatter, "{count} x {standing} + ")?;
            replicas -= count;
        }
        write!(formatter, "{replicas} x {sku}")?;
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

/// All vCPUs of so many of an offer.
fn vcpus(candidate: &Candidate<'_>, replicas: u32) -> u64 {
    u64::from(candidate.offer.vcpus()) * u64::from(replicas)
}

/// More than the lines of an option are rounded up by, in dollars.
const CENT: f64 = 0.01;

/// Options as they are found.
pub(crate) struct Found<'a, 'r> {
    limit: Option<MicroDollars>,
    /// What costs no more than this is known already.
    above: Option<MicroDollars>,
    rejections: Option<&'r mut Rejections>,
    /// What is left out without being worked out in full; `None` where all options are asked for.
    sieve: Option<Sieve<'r>>,
    options: Vec<ServiceOption<'a>>,
    looked_at: u64,
    left_out: bool,
}

impl<'a> Found<'a, '_> {
    /// Whether an option of that cost is wanted, and not known already.
    fn admits(&mut self, cost: MicroDollars) -> bool {
        self.looked_at += 1;
        let within = self.limit.is_none_or(|limit| cost <= limit);
        self.left_out |= !within;
        within && self.above.is_none_or(|above| cost > above)
    }

    /// Whether an option that costs that many dollars, but for rounding, is known already for sure.
    fn is_known(&mut self, dollars: f64) -> bool {
        let known =
            self.above.is_some_and(|above| dollars * (1.0 + 1e-9) + CENT <= above.dollars());
        self.looked_at += u64::from(known);
        known
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
