//! Databases with one writer, alone or with a standby in another zone.

use domain::candidate::Rejection;
use domain::hours::Shut;
use domain::intent::ServiceKind;
use domain::topology::Balancing;
use domain::units::{Gigabits, MicroDollars};

use super::station::Station;
use super::{Copies, Found, ServiceOption, Source, backup, by_view, recovery, vcpus};
use crate::availability;
use crate::disk::{self, Storage};
use crate::purchase::{self, Fleet, Item, ItemKind};
use crate::queueing::Moments;
use crate::reach::noticed;
use crate::screen::{Candidate, Platform, managed_sql};

/// The least that any candidate costs.
pub(super) fn least_cost(source: &Source<'_, '_>) -> Option<MicroDollars> {
    source
        .candidates()
        .map(|candidate| Database::new(source, candidate))
        .filter(Database::holds)
        .flat_map(|database| {
            allowed(source)
                .filter_map(|copies| Some(purchase::total(&database.items(copies)?).expected))
                .collect::<Vec<_>>()
        })
        .min()
}

/// All candidates that hold by themselves and are wanted, with and without a standby where both
/// are allowed.
pub(super) fn collect<'a>(source: &Source<'_, 'a>, found: &mut Found<'a, '_>) {
    let recovers = recovery::ways(source).next().is_some();
    for candidate in source.candidates() {
        let database = Database::new(source, candidate);
        if !database.disk_holds() {
            found.reject(Rejection::Iops, candidate);
            continue;
        }
        if !database.holds() {
            found.reject(Rejection::TooSmall, candidate);
            continue;
        }
        if !recovers {
            found.reject(Rejection::Recovery, candidate);
            continue;
        }
        for copies in allowed(source) {
            let Some(items) = database.items(copies) else {
                found.reject(Rejection::NoPrice, candidate);
                continue;
            };
            if found.admits(purchase::total(&items).expected) {
                found.take(database.option(copies, items));
            }
        }
    }
}

/// The moments of each candidate.
pub(super) fn fastest(source: &Source<'_, '_>, improve: &mut dyn FnMut(Vec<[Option<Moments>; 4]>)) {
    for candidate in source.candidates() {
        let database = Database::new(source, candidate);
        if database.holds() && allowed(source).next().is_some() {
            improve(database.latency());
        }
    }
}

/// The fewest vCPUs of any candidate that holds by itself.
pub(super) fn least_vcpus(source: &Source<'_, '_>) -> u64 {
    let machines = allowed(source).map(machines).min().unwrap_or(0);
    let databases = source.candidates().map(|candidate| Database::new(source, candidate));
    let holding = databases.filter(Database::holds);
    holding.map(|database| vcpus(&database.candidate, machines)).min().unwrap_or(0)
}

/// The connections of the candidate that offers the most, below zero.
pub(super) fn least_connections(source: &Source<'_, '_>) -> i64 {
    let databases = source.candidates().map(|candidate| Database::new(source, candidate));
    databases.map(|database| -database.connections()).min().unwrap_or(0)
}

/// The better of the ways in which it may be copied.
pub(super) fn least_unavailability(source: &Source<'_, '_>) -> f64 {
    allowed(source)
        .map(|copies| unavailability(source, source.stock.platform, copies))
        .fold(f64::INFINITY, f64::min)
}

/// What the database adds, in ppm.
fn unavailability(source: &Source<'_, '_>, platform: Platform, copies: Copies) -> f64 {
    let demand = source.model.demand;
    let each = match copies {
        Copies::Standby => availability::failover(&demand.faults.sql_failover),
        Copies::Single | Copies::Active => availability::single_sql(demand),
    };
    let self_run = platform == Platform::SelfRun;
    let each = if self_run { each * demand.faults.self_run_factor } else { each };
    each * noticed(demand, source.service)
}

/// Whether it may or must have a standby.
fn allowed(source: &Source<'_, '_>) -> impl Iterator<Item = Copies> + use<> {
    let demand = source.model.demand;
    let pinned = |copies: u32| {
        demand.pins.iter().filter(|pin| pin.service == source.service).all(|pin| {
            pin.replicas_min.is_none_or(|least| copies >= least)
                && pin.replicas_max.is_none_or(|most| copies <= most)
        })
    };
    let free = !demand.rules.redundant_data && !source.layout.survives_zone_loss;
    let single = (free && pinned(1)).then_some(Copies::Single);
    let standby = (source.layout.zones >= 2 && pinned(2)).then_some(Copies::Standby);
    let recovering: Vec<Copies> = recovery::ways(source).collect();
    single.into_iter().chain(standby).filter(move |copies| recovering.contains(copies))
}

/// One candidate as the database's machine.
struct Database<'m, 'a> {
    source: Source<'m, 'a>,
    station: Station<'m, 'a>,
    candidate: Candidate<'a>,
    platform: Platform,
}

impl<'m, 'a> Database<'m, 'a> {
    fn new(source: &Source<'m, 'a>, candidate: &Candidate<'a>) -> Self {
        Self {
            source: *source,
            station: source.station(candidate, (candidate.servers, Balancing::Random)),
            candidate: *candidate,
            platform: source.stock.platform,
        }
    }

    fn holds(&self) -> bool {
        let model = self.station.model;
        let rules = &model.demand.rules;
        let bytes = model.bytes_per_second[self.station.service.0] * model.headroom;
        let network = self.candidate.offer.network.map_or(0.0, Gigabits::bytes_per_second);
        self.disk_holds()
            && self.station.within(1, 1.0, rules.utilisation_sql.value())
            && self.station.within(1, model.headroom, rules.utilisation_headroom.value())
            && bytes <= network * rules.utilisation_sql.value()
    }

    /// Whether what comes with the price of its storage does as many operations a second as the
    /// queries take with the load of the headroom. More could be bought; no price of that is known.
    fn disk_holds(&self) -> bool {
        let (model, region) = (self.station.model, self.station.layout.region);
        let service = self.station.service;
        let data = model.demand.service(service).data.as_ref();
        let Some((data, due)) = data.zip(disk::due(model, service)) else { return true };
        let storage = match self.platform {
            Platform::Managed => Storage::managed(model.catalog, region),
            Platform::SelfRun => Storage::disk(model.catalog, region, self.candidate.disk),
        };
        disk::carries(storage.operations(data.size), due)
    }

    /// What is bought; `None` where a price of it is unknown.
    fn items(&self, copies: Copies) -> Option<Vec<Item>> {
        let (model, layout) = (self.station.model, self.station.layout);
        let data = model.demand.service(self.station.service).data.as_ref()?;
        let size = data.size.gibibytes();
        let backups = backup::items(&self.source, size)?;
        let provider = layout.region.provider;
        let product = (self.platform == Platform::Managed).then(|| managed_sql(provider));
        let shut = Shut::of(ServiceKind::Sql, product.as_deref());
        let machine = (&self.candidate, 0);
        let fleet = Fleet::fixed(model, &self.candidate, shut, machines(copies));
        let mut items = match self.platform {
            Platform::Managed => {
                let storage = layout.region.sql_storage.as_ref()?;
                let size = size.max(storage.minimum.gibibytes());
                let (mut items, gib_month) = if copies == Copies::Standby {
                    // Nobody knows what a standby costs on a promise.
                    let known = self.candidate.terms.on_demand.is_some();
                    let pair = self.candidate.offer.prices.with_standby.filter(|_| known)?;
                    let pair = Item::constant(ItemKind::Node, pair, purchase::hours(model, shut));
                    (vec![pair], storage.standby_gib_month)
                } else {
                    let nodes = (&fleet, ItemKind::Node);
                    let nodes = purchase::machine_hours(model, machine, nodes, shut);
                    (nodes, storage.single_gib_month)
                };
                items.push(Item::constant(ItemKind::SqlStorage, gib_month, size));
                items
            }
            Platform::SelfRun => {
                let disk = self.candidate.disk?;
                let mut items = purchase::instances(model, machine, &fleet, shut);
                let size = size.max(disk.minimum.gibibytes()) * f64::from(machines(copies));
                items.push(Item::constant(ItemKind::DataDisk, disk.gib_month, size));
                items
            }
        };
        items.extend(backups);
        Some(items)
    }

    /// The standby takes over, so the states with something lost are the base state again.
    fn latency(&self) -> Vec<[Option<Moments>; 4]> {
        let model = self.station.model;
        let base = self.station.latency(1, 1.0);
        let headroom = self.station.latency(1, model.headroom);
        by_view(&[base.clone(), headroom, base.clone(), base], model.lanes())
    }

    fn option(&self, copies: Copies, items: Vec<Item>) -> ServiceOption<'a> {
        let replicas = machines(copies);
        ServiceOption {
            candidate: Some(self.candidate),
            standing: None,
            platform: self.platform,
            replicas,
            shards: 1,
            copies,
            balancing: self.station.balancing,
            servers: self.station.servers,
            floor: replicas,
            ceiling: replicas,
            expected_replicas: f64::from(replicas),
            cost: purchase::total(&items),
            items,
            unavailability: unavailability(&self.source, self.platform, copies),
            survives_zone_loss: copies == Copies::Standby,
            latency: self.latency(),
            level: None,
            vcpus: vcpus(&self.candidate, replicas),
            connections: -self.connections(),
        }
    }

    /// Connections that the database offers to its callers.
    fn connections(&self) -> i64 {
        let model = self.station.model;
        let data = model.demand.service(self.station.service).data.as_ref();
        let reserved = data.map_or(0, |data| data.reserved_connections);
        let by_memory =
            self.candidate.offer.memory.gibibytes() * model.constants.connections_per_gib;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "capped by a ledger entry of thousands"
        )]
        let most = by_memory.min(model.constants.connections_max).min(1e9).floor() as i64;
        (most - i64::from(reserved)).max(0)
    }
}

const fn machines(copies: Copies) -> u32 {
    match copies {
        Copies::Standby => 2,
        Copies::Single | Copies::Active => 1,
    }
}
