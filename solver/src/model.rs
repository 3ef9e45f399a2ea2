//! What every part of the solver works from: the demand, the catalog, and how the model is set.

use domain::catalog::Catalog;
use domain::demand::{Backlog, ClassIndex, Demand, ServiceIndex};
use domain::intent::ServiceKind;
use domain::objective::LatencyObjective;
use domain::plan::LatencyForm;
use domain::units::{Bytes, Percentile, Seconds};

use crate::characterise::headroom_factor;
use crate::constraints::Ladder;
use crate::layout::Layout;
use crate::option::Day;
use crate::proof::Proof;
use crate::queueing::{Moments, WaitingModel};
use crate::visits::{Traffic, traffic};

/// How the model proposes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// The factor by which a latency estimate must stay below its limit; `None` drops the latency
    /// estimates altogether, which leaves only what is certified.
    pub guard: Option<f64>,
    /// How waiting is estimated.
    pub waiting: WaitingModel,
    /// How a latency is estimated from those of the services.
    pub form: LatencyForm,
}

impl Settings {
    /// The estimate is up to 11% too low against the simulation (measured over 14 plans), so the
    /// first plan keeps 15% away from its limits.
    pub const GUARDED: Self = Self {
        guard: Some(1.15),
        waiting: WaitingModel { erlang_c_factor: 1.0 },
        form: LatencyForm::Moment,
    };
    /// The estimate as it is.
    pub const UNGUARDED: Self = Self { guard: Some(1.0), ..Self::GUARDED };
    /// Bounds in place of estimates, which need no guard.
    pub const PROOF: Self = Self { form: LatencyForm::Proof, ..Self::UNGUARDED };
    /// Only what is certain to exclude a plan: capacity, work without waiting, exact limits.
    pub const CERTIFIED: Self = Self { guard: None, ..Self::GUARDED };
}

/// Numbers of the ledger that are needed for every option.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Constants {
    /// Share of an instance's memory that is left beside the system.
    pub memory_usable: f64,
    /// The autoscaler's maximum as a factor on the fleet of the peak.
    pub autoscaler_ceiling: f64,
    /// Connections to a database that an instance may hold.
    pub connections_per_instance: f64,
    /// Connections that a database accepts for each GiB of its memory.
    pub connections_per_gib: f64,
    /// The most connections that any database accepts.
    pub connections_max: f64,
    /// Memory of a cache beside its data, as a share of it.
    pub cache_overhead: f64,
    /// The root disk of an instance, in GiB.
    pub disk_gib: f64,
}

impl Constants {
    fn new(demand: &Demand) -> Self {
        Self {
            memory_usable: assumption(demand, "service.memory_usable"),
            autoscaler_ceiling: assumption(demand, "autoscaler.ceiling"),
            connections_per_instance: assumption(demand, "sql.connections_per_instance"),
            connections_per_gib: assumption(demand, "sql.connections_per_gib"),
            connections_max: assumption(demand, "sql.connections_max"),
            cache_overhead: assumption(demand, "cache.memory_overhead"),
            disk_gib: assumption(demand, "disk.size") / 1024.0,
        }
    }
}

/// A number of the ledger.
fn assumption(demand: &Demand, name: &str) -> f64 {
    match demand.ledger.find(name).map(|entry| &entry.value) {
        Some(domain::ledger::Value::Number(number)) => *number,
        _ => panic!("the ledger lacks {name}, which characterise always records"),
    }
}

/// What a latency is looked at for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Viewpoint {
    /// The kind of request; `None` for the mix of all.
    pub class: Option<ClassIndex>,
    /// The percentile, where what a service adds depends on it: in the proof form.
    pub percentile: Option<Percentile>,
}

/// A demand with the load on its services worked out, and the catalog to buy from.
#[derive(Debug, Clone)]
pub struct Model<'a> {
    /// What must be carried.
    pub demand: &'a Demand,
    /// What it is bought from.
    pub catalog: &'a Catalog,
    /// The load on every service.
    pub traffic: Traffic,
    /// The kinds of requests that some latency objective speaks of.
    pub views: Vec<Viewpoint>,
    /// How the model proposes.
    pub settings: Settings,
    /// Numbers of the ledger that are needed for every option.
    pub constants: Constants,
    /// For each latency objective, the means that it allows at each step of variance.
    pub ladders: Vec<Ladder>,
    /// What the tails of services follow from; `None` in the moment form.
    pub proof: Option<Proof>,
    /// The load with headroom, as a factor on the stated peak.
    pub headroom: f64,
    /// Fleets over the day.
    pub day: Day,
    /// Bytes a second over the network of each service at the stated peak, in and out.
    pub bytes_per_second: Vec<f64>,
}

impl<'a> Model<'a> {
    /// Works out the load of a demand.
    pub fn new(demand: &'a Demand, catalog: &'a Catalog, settings: Settings) -> Self {
        let objectives = demand.objectives.latency.iter();
        let mut views: Vec<Viewpoint> =
            objectives.map(|objective| viewpoint(demand, objective, settings.form)).collect();
        views.sort_unstable();
        views.dedup();
        let headroom = headroom_factor(demand.objectives.headroom.load);
        let day = Day::new(held_load(demand), largest_fleet(demand));
        let traffic = traffic(demand);
        let constants = Constants::new(demand);
        let ladders = settings.guard.map_or_else(Vec::new, |guard| {
            demand
                .objectives
                .latency
                .iter()
                .map(|objective| match settings.form {
                    LatencyForm::Moment => Ladder::new(objective, guard),
                    LatencyForm::Proof => Ladder::of_tails(objective, guard),
                })
                .collect()
        });
        let proof = match (settings.form, settings.guard) {
            (LatencyForm::Proof, Some(_)) => Some(Proof::new(demand, &traffic, &views)),
            _ => None,
        };
        let services = demand.service_indices();
        let bytes_per_second =
            services.map(|service| bytes_per_second(demand, &traffic, service)).collect();
        Self {
            demand,
            catalog,
            traffic,
            views,
            settings,
            constants,
            ladders,
            proof,
            headroom,
            day,
            bytes_per_second,
        }
    }

    /// The same in the proof form with other shares of the tail to choose from, largest first.
    #[must_use]
    pub fn sharing(self, shares: Vec<f64>) -> Self {
        let proof = Proof::with_shares(self.demand, &self.traffic, &self.views, shares);
        Self { proof: Some(proof), ..self }
    }

    /// How many latencies a service has before one of the shares of the tail is chosen for it: one
    /// for each kind of request, and within it for each share.
    pub(crate) fn lanes(&self) -> usize {
        self.views.len() * self.proof.as_ref().map_or(1, |proof| proof.shares.len())
    }

    /// The place among the views of what an objective speaks of.
    ///
    /// # Panics
    /// When it is not an objective of the demand.
    pub(crate) fn place_of(&self, objective: &LatencyObjective) -> usize {
        let own = viewpoint(self.demand, objective, self.settings.form);
        let place = self.views.iter().position(|known| *known == own);
        place.expect("every objective's view is among the model's")
    }

    /// How many instances of a service may be down.
    pub fn instances_down(&self, service: ServiceIndex) -> u32 {
        let stateless = match self.demand.service(service).kind {
            ServiceKind::Service | ServiceKind::Balancer => true,
            ServiceKind::Cache | ServiceKind::Sql | ServiceKind::Queue | ServiceKind::External => {
                false
            }
        };
        if stateless { self.demand.objectives.headroom.instances_down } else { 0 }
    }

    /// How busy what is left of a stateless service may be at the stated peak: as the rule has it,
    /// and of workers so little that they work a backlog off in time.
    pub fn busiest(&self, service: ServiceIndex) -> f64 {
        let rule = self.demand.rules.utilisation_stateless.value();
        self.demand
            .service(service)
            .backlog
            .map_or(rule, |backlog| rule.min(busiest_that_drains(backlog)))
    }

    /// Erlangs on reference vCPUs that a service carries at the stated peak.
    pub fn reference_load(&self, service: ServiceIndex) -> f64 {
        let ServiceIndex(at) = service;
        self.traffic.rates[at] * self.traffic.all.work[at].mean
    }

    /// The mean size of a response.
    pub fn response(&self) -> Bytes {
        let mean: f64 = self
            .demand
            .classes
            .iter()
            .map(|class| class.share.value() * class.response.value() as f64)
            .sum();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a mean of sizes that are within 0..=1e18"
        )]
        let bytes = (mean - 1e-9).ceil().max(0.0) as u64;
        Bytes::new(bytes)
    }

    /// One round trip between two services.
    pub fn round_trip(&self, layout: &Layout<'_>) -> Moments {
        layout.round_trip(&self.demand.network)
    }

    /// A number of the ledger that the solver itself reads.
    pub fn assumption(&self, name: &str) -> f64 {
        assumption(self.demand, name)
    }

    /// A span of time of the ledger.
    pub fn assumed_time(&self, name: &str) -> Seconds {
        Seconds::of(self.assumption(name))
    }
}

/// Bytes a second over the network of a service at the stated peak, in and out.
fn bytes_per_second(demand: &Demand, traffic: &Traffic, service: ServiceIndex) -> f64 {
    let ServiceIndex(at) = service;
    let own = demand.service(service);
    let calls_out: f64 = own
        .calls
        .iter()
        .map(|call| call.count * demand.service(call.to).bytes_per_call.value() as f64)
        .sum();
    let entry: f64 = demand
        .classes
        .iter()
        .map(|class| {
            let enters = at == 0 || class.enters == service;
            if enters { class.share.value() * class.response.value() as f64 } else { 0.0 }
        })
        .sum();
    let peak = demand.load.peak.value();
    let calls_in = traffic.rates[at] * own.bytes_per_call.value() as f64;
    peak * entry + calls_in + traffic.rates[at] * calls_out
}

/// The utilisation at which a backlog is worked off just in time. What a standstill of `s` seconds
/// leaves are λs messages; while as many go on coming, servers that could do μ a second work them
/// off at μ − λ. That takes λs/(μ − λ) = sρ/(1 − ρ), which is at most D where ρ is at most
/// D/(D + s): the fluid approximation (G. F. Newell, Applications of Queueing Theory, 1982, ch. 2).
fn busiest_that_drains(backlog: Backlog) -> f64 {
    let Backlog { drain_within, standstill } = backlog;
    drain_within.value() / (drain_within.value() + standstill.value()).max(1e-9)
}

/// The kind of request that an objective speaks of.
pub(crate) fn view_of(demand: &Demand, objective: &LatencyObjective) -> Option<ClassIndex> {
    let class = objective.class.as_ref()?;
    demand.classes.iter().position(|demand| &demand.name == class).map(ClassIndex)
}

/// What an objective looks at.
fn viewpoint(demand: &Demand, objective: &LatencyObjective, form: LatencyForm) -> Viewpoint {
    let percentile = match form {
        LatencyForm::Moment => None,
        LatencyForm::Proof => Some(objective.percentile),
    };
    Viewpoint { class: view_of(demand, objective), percentile }
}

/// The most instances that a rule or a pin allows a service.
fn largest_fleet(demand: &Demand) -> u32 {
    let pinned = demand.pins.iter().flat_map(|pin| [pin.replicas_min, pin.replicas_max]);
    pinned.flatten().chain([demand.rules.replicas_max]).max().unwrap_or(0)
}

/// For each step of the day the highest load within the autoscaler's scale-in window before it:
/// what the fleet is still sized for.
fn held_load(demand: &Demand) -> Vec<f64> {
    let fractions: Vec<f64> = demand.day.fractions.iter().map(|part| part.value()).collect();
    let count = fractions.len();
    let before = |at: usize| fractions[(at + count - 1) % count];
    (0..count).map(|at| fractions[at].max(before(at))).collect()
}
