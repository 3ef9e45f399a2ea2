//! Which offers may be bought for a service, and why the others may not.

use std::cmp::Reverse;

use domain::candidate::{Rejection, Rejections};
use domain::catalog::{Catalog, DiskProduct, ManagedBalancer, ManagedQueue, Region, SqlStorage};
use domain::demand::{Demand, ServiceDemand, ServiceIndex, ServicePin};
use domain::intent::ServiceKind;
use domain::offer::{Offer, Performance, Product, Provider};
use domain::units::{Mebibytes, UnitPrice};

use crate::gates;
use crate::prune::{CutOffers, undominated_offers};
use crate::terms::Terms;

/// An offer that may be bought, with the price on the terms that are allowed.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// The offer.
    pub offer: &'a Offer,
    /// What one hour of one instance or node without a standby costs.
    pub terms: Terms,
    /// The lowest of those prices in dollars, for estimates.
    pub dollars: f64,
    /// What its disks are, where it is an instance.
    pub disk: Option<&'a DiskProduct>,
    /// Zones of the region that have it.
    pub zones: u8,
    /// Requests that one instance works on at once.
    pub servers: u32,
    /// Reference vCPUs of each of them.
    pub speed: f64,
}

impl Candidate<'_> {
    /// Whether it is the same machine at the same prices, wherever both are sold.
    pub fn is_like(&self, other: &Self) -> bool {
        let prices = |own: &Self| {
            let standby = own.offer.prices.with_standby.map(|price| price.unit_price);
            (own.terms.unit_prices(), standby)
        };
        let size = |own: &Self| (own.offer.milli_vcpus, own.offer.memory, own.offer.network);
        self.offer.sku == other.offer.sku
            && prices(self) == prices(other)
            && self.disk_terms() == other.disk_terms()
            && size(self) == size(other)
            && self.servers == other.servers
            && self.speed.to_bits() == other.speed.to_bits()
    }

    /// What counts of its disks, wherever they are: each part is better the lower it is.
    pub(crate) fn disk_terms(&self) -> Option<(UnitPrice, Mebibytes, Reverse<u32>)> {
        self.disk.map(|disk| (disk.gib_month.unit_price, disk.minimum, Reverse(disk.iops)))
    }
}

/// How a service is run in a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// On instances of its own.
    SelfRun,
    /// As a managed product.
    Managed,
}

/// What a region has for one service.
#[derive(Debug, Clone)]
pub struct Stock<'a> {
    /// How the service is run there.
    pub platform: Platform,
    /// What it may be bought as.
    pub candidates: Vec<Candidate<'a>>,
}

/// What a region has for a demand.
#[derive(Debug, Clone)]
pub struct Shelf<'a> {
    /// The region.
    pub region: &'a Region,
    /// By service.
    pub stocks: Vec<Stock<'a>>,
}

impl<'a> Shelf<'a> {
    /// Goes through everything that a region sells.
    ///
    /// # Errors
    /// When the region lacks a price that every plan needs there.
    pub fn new(
        catalog: &'a Catalog,
        demand: &Demand,
        region: &'a Region,
        mut rejections: Option<&mut Rejections>,
    ) -> Result<Self, Rejection> {
        open(demand, region)?;
        let offers = catalog.offers_in(region.provider, &region.name);
        let stocks = demand
            .service_indices()
            .map(|service| stock(offers, demand, (region, service), rejections.as_deref_mut()))
            .collect::<Result<Vec<_>, Rejection>>()?;
        Ok(Self { region, stocks })
    }

    /// What is worth looking at of what a region sells: offers that no other one beats in
    /// everything, as far as cuts let them; `cut` says so by service.
    ///
    /// # Errors
    /// When the region lacks a price that every plan needs there.
    pub fn of_the_best(
        catalog: &'a Catalog,
        demand: &Demand,
        region: &'a Region,
        cut: &[CutOffers<'_>],
    ) -> Result<Self, Rejection> {
        open(demand, region)?;
        let offers = catalog.offers_in(region.provider, &region.name);
        let mut known: Vec<(Wanted<'_>, Stock<'a>)> = Vec::new();
        let mut stocks = Vec::with_capacity(demand.services.len());
        for service in demand.service_indices() {
            let wanted = Wanted::new(demand, service, &cut[service.0]);
            let found = known.iter().find(|(alike, _)| *alike == wanted).map(|(_, stock)| stock);
            if let Some(stock) = found {
                stocks.push(stock.clone());
                continue;
            }
            let mut stock = stock(offers, demand, (region, service), None)?;
            if has_rivals(demand) {
                stock.candidates = undominated_offers(stock.candidates, &cut[service.0]);
            } else {
                stock.candidates.retain(|candidate| cut[service.0].admits(candidate));
            }
            known.push((wanted, stock.clone()));
            stocks.push(stock);
        }
        Ok(Self { region, stocks })
    }
}

/// Whether an offer that costs less on all terms is never dearer in any bill that counts: what is
/// promised makes the expected bill least, not the one at the ceiling.
pub(crate) const fn has_rivals(demand: &Demand) -> bool {
    demand.purchase.is_empty() || demand.objectives.budget.ceiling.is_none()
}

/// What the managed database of a cloud is called.
pub(crate) fn managed_sql(provider: Provider) -> String {
    match provider {
        Provider::Aws => "aws.rds".to_owned(),
        provider => format!("{provider}.managed_sql"),
    }
}

/// Nothing is bought in a region whose own prices are not known, or too old for a policy.
fn open(demand: &Demand, region: &Region) -> Result<(), Rejection> {
    if region.disk.is_none() {
        return Err(Rejection::RegionWithoutPrice("disk"));
    }
    if demand.cdn.is_some() {
        if region.cdn.is_none() {
            return Err(Rejection::RegionWithoutPrice("content delivery network"));
        }
        gates::cdn(demand, region.provider).map_or(Ok(()), Err)?;
    }
    gates::region_prices(demand, region).map_or(Ok(()), Err)
}

/// What decides which offers a service may run on: alike for most services of a system.
#[derive(PartialEq)]
struct Wanted<'d> {
    kind: ServiceKind,
    engine: Option<&'d str>,
    pinned: Option<&'d str>,
    rules: Vec<&'d str>,
    cut: &'d CutOffers<'d>,
}

impl<'d> Wanted<'d> {
    fn new(demand: &'d Demand, service: ServiceIndex, cut: &'d CutOffers<'d>) -> Self {
        let content = demand.service(service);
        Self {
            kind: content.kind,
            engine: content.data.as_ref().map(|data| data.engine.as_str()),
            pinned: pin_of(demand, service).and_then(|pin| pin.instance_type.as_deref()),
            rules: gates::concerning(demand, content).collect(),
            cut,
        }
    }
}

fn pin_of(demand: &Demand, service: ServiceIndex) -> Option<&ServicePin> {
    demand.pins.iter().find(|pin| pin.service == service)
}

/// What a region has for one service.
fn stock<'a>(
    offers: &'a [Offer],
    demand: &Demand,
    (region, service): (&'a Region, ServiceIndex),
    mut rejections: Option<&mut Rejections>,
) -> Result<Stock<'a>, Rejection> {
    let content = demand.service(service);
    if content.kind == ServiceKind::External {
        return Ok(Stock { platform: Platform::Managed, candidates: Vec::new() });
    }
    if content.kind == ServiceKind::Queue {
        managed_queue(region, demand)?;
        return Ok(Stock { platform: Platform::Managed, candidates: Vec::new() });
    }
    let platform = platform(offers, demand, region, content);
    if platform == Platform::SelfRun && !demand.rules.self_run_data {
        let mut managed = offers.iter().filter(|offer| is_for(offer, content, Platform::Managed));
        let mut barred = || managed.find_map(|offer| gates::offer(demand, content, offer));
        managed_data_lacks(content).map_err(|lacking| barred().unwrap_or(lacking))?;
    }
    if content.kind == ServiceKind::Sql
        && let Some(lacking) = gates::backups(demand, region, platform == Platform::Managed)
    {
        return Err(lacking);
    }
    let pin = pin_of(demand, service);
    let mut candidates = Vec::new();
    for offer in offers.iter().filter(|offer| is_for(offer, content, platform)) {
        match judge(offer, demand, region, (content, pin)) {
            Ok(candidate) => candidates.push(candidate),
            Err(reason) => {
                if let Some(rejections) = &mut rejections {
                    rejections.add(reason, offer.id());
                }
            }
        }
    }
    Ok(Stock { platform, candidates })
}

/// A data service that nobody asked to run themselves needs a managed product.
const fn managed_data_lacks(service: &ServiceDemand) -> Result<(), Rejection> {
    match service.kind {
        ServiceKind::Cache => Err(Rejection::RegionWithoutPrice("managed cache")),
        ServiceKind::Sql => Err(Rejection::RegionWithoutPrice("managed database")),
        ServiceKind::Service
        | ServiceKind::Balancer
        | ServiceKind::Queue
        | ServiceKind::External => Ok(()),
    }
}

/// How a service is run there: managed where the region sells that at a known price.
fn platform(
    offers: &[Offer],
    demand: &Demand,
    region: &Region,
    service: &ServiceDemand,
) -> Platform {
    let sold = || {
        offers.iter().any(|offer| {
            is_for(offer, service, Platform::Managed)
                && gates::offer(demand, service, offer).is_none()
        })
    };
    let fresh = |storage: &SqlStorage| {
        let prices = [storage.single_gib_month, storage.standby_gib_month];
        prices.iter().all(|price| gates::stale(demand, price).is_none())
    };
    let managed = match service.kind {
        ServiceKind::Service => false,
        ServiceKind::Balancer => managed_balancer(region, demand).is_some(),
        ServiceKind::Queue | ServiceKind::External => true,
        ServiceKind::Cache => sold(),
        ServiceKind::Sql => region.sql_storage.as_ref().is_some_and(fresh) && sold(),
    };
    if managed { Platform::Managed } else { Platform::SelfRun }
}

/// The managed queue of a region, whose price must be known and no older than a policy allows.
pub(crate) fn managed_queue<'r>(
    region: &'r Region,
    demand: &Demand,
) -> Result<&'r ManagedQueue, Rejection> {
    let queue = region.queue.as_ref().ok_or(Rejection::RegionWithoutPrice("managed queue"))?;
    let barred = gates::managed_queue(demand, region.provider);
    barred.or_else(|| gates::stale(demand, &queue.million_requests)).map_or(Ok(queue), Err)
}

/// The managed balancer at the edge: where the region sells one that can spread calls as it is
/// asked for.
pub(crate) fn managed_balancer<'r>(
    region: &'r Region,
    demand: &Demand,
) -> Option<&'r ManagedBalancer> {
    let able = |balancer: &&ManagedBalancer| match demand.rules.balancing {
        Some(policy) => balancer.policies.contains(&policy),
        None => !balancer.policies.is_empty(),
    };
    let approved = |balancer: &&ManagedBalancer| {
        let mut prices = [balancer.hour, balancer.unit_hour].into_iter();
        prices.all(|price| gates::stale(demand, &price).is_none())
            && gates::managed_balancer(demand, region.provider).is_none()
    };
    region.balancer.as_ref().filter(able).filter(approved)
}

/// Whether an offer is the kind of thing that the service runs on.
fn is_for(offer: &Offer, service: &ServiceDemand, platform: Platform) -> bool {
    let engine = || service.data.as_ref().map(|data| data.engine.as_str());
    match (&offer.product, service.kind, platform) {
        (Product::Instance, _, Platform::SelfRun) => true,
        (Product::ManagedSql { engine: sold }, ServiceKind::Sql, Platform::Managed)
        | (Product::ManagedCache { engine: sold }, ServiceKind::Cache, Platform::Managed) => {
            engine() == Some(sold)
        }
        _ => false,
    }
}

fn judge<'a>(
    offer: &'a Offer,
    demand: &Demand,
    region: &'a Region,
    (service, pin): (&ServiceDemand, Option<&ServicePin>),
) -> Result<Candidate<'a>, Rejection> {
    let rules = &demand.rules;
    let pinned = pin.and_then(|pin| pin.instance_type.as_deref());
    if pinned.is_some_and(|sku| sku != offer.sku) {
        return Err(Rejection::Pinned);
    }
    if let Some(barred) = gates::offer(demand, service, offer) {
        return Err(barred);
    }
    let instance = offer.product == Product::Instance;
    let disk = region.disk_of(&offer.family).filter(|_| instance);
    if let Some(stale) = disk.and_then(|own| gates::stale(demand, &own.gib_month)) {
        return Err(stale);
    }
    let terms = Terms::of(demand, service, offer)?;
    let zones = offer.zones.ok_or(Rejection::NoZoneCount)?;
    // A pin is a decision of the owner: the rules of taste do not apply to it, the facts do.
    if pinned.is_none() {
        let excluded = |peculiarity: &&_| rules.excluded.contains(*peculiarity);
        if let Some(peculiarity) = offer.peculiarities.iter().find(excluded) {
            return Err(Rejection::Rule(*peculiarity));
        }
        if offer.vcpus() < rules.vcpus_min || offer.vcpus() > rules.vcpus_max {
            return Err(Rejection::Vcpus);
        }
        if instance && offer.memory < rules.memory_min {
            return Err(Rejection::Memory);
        }
    }
    let performance = offer.performance.ok_or(Rejection::NoPerformanceIndex)?;
    let (servers, speed) =
        servers(offer.vcpus(), &performance).ok_or(Rejection::NoPerformanceIndex)?;
    let dollars = terms.least_dollars();
    Ok(Candidate { offer, terms, dollars, disk, zones, servers, speed })
}

/// Servers of an instance and the speed of each, from the low ends of its two indices.
///
/// One request is worked on at the speed of one thread; all vCPUs together carry their capacity.
/// Where a vCPU carries more than one thread's speed, relative to the reference, there are more
/// servers than vCPUs, in whole numbers; where it carries less, each server is as slow as that.
fn servers(vcpus: u32, performance: &Performance) -> Option<(u32, f64)> {
    let (capacity, speed) = (performance.capacity.low.value(), performance.speed.low.value());
    if vcpus == 0 || capacity <= 0.0 || speed <= 0.0 {
        return None;
    }
    if capacity <= speed {
        return Some((vcpus, capacity));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a small factor on a number of vCPUs, cut off"
    )]
    let servers = (f64::from(vcpus) * capacity / speed + 1e-9).floor().min(1e6) as u32;
    Some((servers, speed))
}

#[cfg(test)]
mod tests {
    use domain::offer::Index;
    use domain::units::Speed;

    use super::*;

    fn performance(capacity: f64, speed: f64) -> Performance {
        let index = |low: f64| {
            let low = Speed::of(low);
            Index { low, middle: low, high: low, measurements: 3 }
        };
        Performance { capacity: index(capacity), speed: index(speed) }
    }

    #[test]
    fn capacity_and_speed_are_both_kept_on_the_low_side() {
        assert_eq!(servers(4, &performance(1.0, 1.0)), Some((4, 1.0)));
        assert_eq!(servers(4, &performance(2.1, 1.0)), Some((8, 1.0)));
        assert_eq!(servers(4, &performance(0.8, 1.0)), Some((4, 0.8)));
        assert_eq!(servers(0, &performance(0.8, 1.0)), None);
    }
}
