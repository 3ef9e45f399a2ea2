//! What the options of a service are made from, and the least that any of them has.

use domain::candidate::Rejections;
use domain::catalog::ManagedBalancer;
use domain::demand::{Demand, ServiceIndex};
use domain::intent::ServiceKind;
use domain::plan::ThreeBills;
use domain::topology::Balancing;
use domain::units::MicroDollars;

use super::station::Station;
use super::{
    Copies, Found, OptionSet, ServiceOption, balancer, cache, external, level, sql, stateless,
};
use crate::layout::Layout;
use crate::model::Model;
use crate::prune::{CutOffers, Sieve};
use crate::queueing::Moments;
use crate::screen::{Candidate, Platform, Stock, managed_balancer};

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

impl<'m, 'a> Source<'m, 'a> {
    /// The candidates that are sold in as many zones as the placement uses.
    pub(super) fn candidates(&self) -> impl Iterator<Item = &'m Candidate<'a>> + use<'m, 'a> {
        let zones = self.layout.zones;
        self.stock.candidates.iter().filter(move |candidate| candidate.zones >= zones)
    }

    /// Equal instances of a candidate among which calls are spread in that way.
    pub(super) fn station(
        &self,
        candidate: &Candidate<'_>,
        (servers, balancing): (u32, Balancing),
    ) -> Station<'m, 'a> {
        Station {
            model: self.model,
            layout: self.layout,
            service: self.service,
            servers,
            speed: candidate.speed,
            balancing,
        }
    }

    /// How calls to the service are spread: as is asked for, or by what waits least among the
    /// policies of whatever sends them. Of two options that differ in their policy alone the one
    /// that waits least is never worse, so no others are made.
    pub(crate) fn balancing(&self) -> Balancing {
        let demand = self.model.demand;
        if let Some(stated) = demand.rules.balancing {
            return stated;
        }
        let balancer = managed_sender(demand, self.layout, self.service);
        let able =
            |policy: &Balancing| balancer.is_none_or(|balancer| balancer.policies.contains(policy));
        Balancing::ALL.into_iter().find(able).unwrap_or(Balancing::Random)
    }

    /// The candidates that no other one beats for this service, as far as cuts let them.
    pub(crate) fn undominated(&self, cut: &CutOffers<'_>) -> Vec<Candidate<'a>> {
        match self.kind() {
            Kind::Stateless => stateless::undominated(self, cut),
            Kind::Managed | Kind::External | Kind::Cache | Kind::Sql => {
                self.candidates().copied().collect()
            }
        }
    }

    /// No option of the service costs less than this; `None` when there is none at all.
    pub fn least_cost(&self) -> Option<MicroDollars> {
        match self.kind() {
            Kind::Managed | Kind::External => Some(MicroDollars::ZERO),
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
        self.collect((None, limit), rejections, None)
    }

    /// The options that hold by themselves and cost more than the first amount and at most the
    /// second: all, or without those that a sieve need not let through.
    pub(crate) fn options_between(
        &self,
        costs: (Option<MicroDollars>, Option<MicroDollars>),
        sieve: Option<Sieve<'_>>,
    ) -> OptionSet<'a> {
        self.collect(costs, None, sieve)
    }

    fn collect(
        &self,
        (above, limit): (Option<MicroDollars>, Option<MicroDollars>),
        rejections: Option<&mut Rejections>,
        sieve: Option<Sieve<'_>>,
    ) -> OptionSet<'a> {
        let (options, looked_at, left_out) = (Vec::new(), 0, false);
        let mut found = Found { limit, above, rejections, sieve, options, looked_at, left_out };
        match self.kind() {
            Kind::Managed => balancer::managed(self, &mut found),
            Kind::External => external::collect(self, &mut found),
            Kind::Stateless => stateless::collect(self, &mut found),
            Kind::Cache => cache::collect(self, &mut found),
            Kind::Sql => sql::collect(self, &mut found),
        }
        let Found { options, looked_at, left_out, .. } = found;
        let options = in_order(options);
        let complete_to = limit.filter(|_| left_out);
        OptionSet { service: self.service, options, looked_at, complete_to }
    }

    /// What every option of the service has at least, as if one had all of it, at that cost.
    pub fn floor(&self, cost: MicroDollars) -> ServiceOption<'a> {
        ServiceOption {
            candidate: None,
            standing: None,
            platform: self.stock.platform,
            replicas: 0,
            shards: 1,
            copies: Copies::Active,
            balancing: self.balancing(),
            servers: 0,
            floor: 0,
            ceiling: 0,
            expected_replicas: 0.0,
            items: Vec::new(),
            cost: ThreeBills { expected: cost, peak_fleet: cost, ceiling: cost },
            unavailability: self.least_unavailability(),
            survives_zone_loss: true,
            latency: level::best(self.model, self.fastest()),
            level: None,
            vcpus: self.least_vcpus(),
            connections: self.least_connections(),
        }
    }

    /// The fewest vCPUs of any option.
    fn least_vcpus(&self) -> u64 {
        match self.kind() {
            Kind::Managed | Kind::External => 0,
            Kind::Stateless => stateless::least_vcpus(self),
            Kind::Cache => cache::least_vcpus(self),
            Kind::Sql => sql::least_vcpus(self),
        }
    }

    /// The fewest connections that any option holds, below zero where it offers them.
    fn least_connections(&self) -> i64 {
        match self.kind() {
            Kind::Managed | Kind::External | Kind::Stateless | Kind::Cache => 0,
            Kind::Sql => sql::least_connections(self),
        }
    }

    /// The least mean and the least variance, by view and state, that any option has: no plan is
    /// faster. `None` where nothing carries the load at all. In the proof form, for each share of
    /// the tail.
    pub(super) fn fastest(&self) -> Vec<[Option<Moments>; 4]> {
        let views = self.model.lanes();
        let mut fastest = vec![[None; 4]; views];
        let mut improve = |latency: Vec<[Option<Moments>; 4]>| {
            for (best, own) in fastest.iter_mut().zip(latency) {
                for (best, own) in best.iter_mut().zip(own) {
                    *best = componentwise_least(*best, own);
                }
            }
        };
        match self.kind() {
            Kind::Managed => improve(vec![[Some(Moments::default()); 4]; views]),
            Kind::External => improve(external::latency(self)),
            Kind::Stateless => stateless::fastest(self, &mut improve),
            Kind::Cache => cache::fastest(self, &mut improve),
            Kind::Sql => sql::fastest(self, &mut improve),
        }
        fastest
    }

    /// No option of the service is less unavailable than this, lost zones apart, in ppm.
    pub fn least_unavailability(&self) -> f64 {
        match self.kind() {
            // A managed queue is taken to be as available as a managed balancer.
            Kind::Managed => self.model.demand.faults.balancer.value(),
            Kind::External => external::unavailability(self),
            Kind::Stateless => stateless::least_unavailability(self),
            Kind::Cache => cache::least_unavailability(self),
            Kind::Sql => sql::least_unavailability(self),
        }
    }

    fn kind(&self) -> Kind {
        match (self.model.demand.service(self.service).kind, self.stock.platform) {
            (ServiceKind::Balancer, Platform::Managed) | (ServiceKind::Queue, _) => Kind::Managed,
            (ServiceKind::Balancer | ServiceKind::Service, _) => Kind::Stateless,
            (ServiceKind::External, _) => Kind::External,
            (ServiceKind::Cache, _) => Kind::Cache,
            (ServiceKind::Sql, _) => Kind::Sql,
        }
    }
}

/// Options in their order, each of them moved once.
fn in_order(options: Vec<ServiceOption<'_>>) -> Vec<ServiceOption<'_>> {
    let mut places: Vec<usize> = (0..options.len()).collect();
    places.sort_by(|one, other| options[*one].order(&options[*other]));
    let mut left: Vec<Option<ServiceOption<'_>>> = options.into_iter().map(Some).collect();
    places.into_iter().filter_map(|place| left[place].take()).collect()
}

pub(super) fn componentwise_least(one: Option<Moments>, other: Option<Moments>) -> Option<Moments> {
    match (one, other) {
        (Some(one), Some(other)) => Some(Moments {
            mean: one.mean.min(other.mean),
            variance: one.variance.min(other.variance),
        }),
        (one, other) => one.or(other),
    }
}

/// The managed balancer that sends calls to a service, if one does.
fn managed_sender<'l>(
    demand: &Demand,
    layout: &'l Layout<'_>,
    service: ServiceIndex,
) -> Option<&'l ManagedBalancer> {
    let at_the_edge =
        service == ServiceIndex(0) || demand.classes.iter().any(|class| class.enters == service);
    managed_balancer(layout.region, demand).filter(|_| at_the_edge)
}

/// Whether whatever sends calls to a service takes a weight for each instance.
pub(crate) fn takes_weights(demand: &Demand, layout: &Layout<'_>, service: ServiceIndex) -> bool {
    managed_sender(demand, layout, service).is_none_or(|balancer| balancer.weights)
}

/// How options are made.
enum Kind {
    /// Bought with the layout: the balancer, or a queue.
    Managed,
    /// Not bought at all.
    External,
    Stateless,
    Cache,
    Sql,
}
