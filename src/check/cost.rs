//! The bill again: unit prices from the catalog, quantities from the topology, exact products.

use domain::catalog::{Catalog, Region};
use domain::commitment::Promise;
use domain::demand::Demand;
use domain::facts::BackupOf;
use domain::hours::Hours;
use domain::intent::ServiceKind;
use domain::name::Name;
use domain::offer::{Offer, Price};
use domain::plan::{Bill, CostLine, Plan, ThreeBills};
use domain::topology::{Deployment, Pool, Redundancy};
use domain::units::{MicroDollars, MilliUnits};

use super::cdn;
use super::load::{Arrivals, arrivals};
use super::terms;

pub(super) const HOURS: f64 = 730.0;
const SECONDS: f64 = HOURS * 3600.0;
const GB: f64 = 1e9;

pub(super) fn check(demand: &Demand, plan: &Plan, catalog: &Catalog, faults: &mut Vec<String>) {
    let topology = &plan.topology;
    let region = catalog
        .regions
        .iter()
        .find(|region| region.provider == topology.provider && region.name == topology.region);
    let Some(region) = region else {
        faults.push("the region is not in the catalog".to_owned());
        return;
    };
    let offers = catalog.offers_in(topology.provider, &topology.region);
    let mut expected = Expected { lines: Vec::new(), faults };
    for (service, deployed) in demand.services.iter().zip(&topology.services) {
        let name = service.name.as_str();
        for (at, pool) in deployed.pools.iter().enumerate() {
            terms::check(demand, name, pool, expected.faults);
            machines(demand, (name, service.kind), (deployed, at), (offers, region), &mut expected);
        }
    }
    backups(demand, plan, catalog, &mut expected);
    let arrivals = arrivals(demand);
    balancer(demand, plan, region, &mut expected);
    queues(demand, &arrivals, region, &mut expected);
    traffic(demand, (plan, &arrivals), region, &mut expected);
    let Expected { lines, .. } = expected;
    compare(&lines, &plan.bill, faults);
    totals(demand, plan, faults);
}

/// A line as it should be.
struct ExpectedLine {
    id: String,
    price: Price,
    units: ThreeBills<f64>,
    promise: Option<Promise>,
}

pub(super) struct Expected<'f> {
    lines: Vec<ExpectedLine>,
    faults: &'f mut Vec<String>,
}

impl Expected<'_> {
    pub(super) fn line(&mut self, id: String, price: Option<Price>, units: ThreeBills<f64>) {
        match price {
            Some(price) => self.lines.push(ExpectedLine { id, price, units, promise: None }),
            None => self.faults.push(format!("{id}: the catalog has no price")),
        }
    }

    /// The last line pays for a promise.
    pub(super) fn promised(&mut self, promise: Promise) {
        if let Some(last) = self.lines.last_mut() {
            last.promise = Some(promise);
        }
    }
}

/// The share of a month in which what is not needed outside the hours runs.
fn open(demand: &Demand) -> f64 {
    let week = |hours: &Hours| {
        let windows = hours.days().iter().flatten();
        windows.map(|window| f64::from(window.closes - window.opens)).sum::<f64>()
    };
    demand.hours.as_ref().map_or(1.0, |hours| week(hours) / (7.0 * 24.0 * 60.0))
}

pub(super) const fn same(units: f64) -> ThreeBills<f64> {
    ThreeBills { expected: units, peak_fleet: units, ceiling: units }
}

pub(super) fn scaled(count: ThreeBills<f64>, each: f64) -> ThreeBills<f64> {
    ThreeBills {
        expected: count.expected * each,
        peak_fleet: count.peak_fleet * each,
        ceiling: count.ceiling * each,
    }
}

/// Instances or nodes of one of the pools with their disks and volumes.
fn machines(
    demand: &Demand,
    (name, kind): (&str, ServiceKind),
    (deployed, at): (&Deployment, usize),
    (offers, region): (&[Offer], &Region),
    expected: &mut Expected<'_>,
) {
    let (managed, pool) = (deployed.product.is_some(), &deployed.pools[at]);
    let offer = offers.iter().find(|offer| {
        let instance = offer.product == domain::offer::Product::Instance;
        offer.sku == pool.sku && instance != managed && engine_fits(demand, name, offer)
    });
    let Some(offer) = offer else {
        expected.faults.push(format!("{name}: {} is not sold there", pool.sku));
        return;
    };
    let standby = matches!(deployed.redundancy, Redundancy::Standby { .. });
    let count = counts(demand, &deployed.pools, at, 0.0);
    let further = if at == 0 { String::new() } else { format!(".{}", at + 1) };
    let size = deployed.storage.map_or(0.0, domain::units::Mebibytes::gibibytes);
    let open = open(demand);
    if managed && kind == ServiceKind::Sql {
        // Of the managed databases only RDS can be stopped and keeps its storage.
        let stops = deployed.product.as_deref() == Some("aws.rds");
        let hours = if stops { HOURS * open } else { HOURS };
        let id = format!("{name}.nodes");
        if standby {
            // Nobody knows what a standby costs on a promise.
            expected.line(id, offer.prices.with_standby, same(hours));
            if pool.commitment.is_some() {
                expected.faults.push(format!("{name}: a standby is promised"));
            }
        } else {
            terms::hours(demand, (&id, &further), (deployed, at), (offer, hours), expected);
        }
        let storage = region.sql_storage.as_ref();
        let gib =
            storage.map(
                |storage| {
                    if standby { storage.standby_gib_month } else { storage.single_gib_month }
                },
            );
        let least = storage.map_or(0.0, |storage| storage.minimum.gibibytes());
        expected.line(format!("{name}.storage"), gib, same(size.max(least)));
        return;
    }
    if managed {
        let id = format!("{name}.nodes");
        terms::hours(demand, (&id, &further), (deployed, at), (offer, HOURS), expected);
        return;
    }
    let disk = region.disk_of(&offer.family);
    let least = disk.map_or(0.0, |disk| disk.minimum.gibibytes());
    let gib = disk.map(|disk| disk.gib_month);
    // A cache would lose what it holds, so it runs on; a database is stopped and keeps its disks.
    let (hours, disks) = match kind {
        ServiceKind::Cache | ServiceKind::Queue | ServiceKind::External => (HOURS, 1.0),
        ServiceKind::Sql => (HOURS * open, 1.0),
        ServiceKind::Balancer | ServiceKind::Service => (HOURS * open, open),
    };
    let id = format!("{name}.compute");
    terms::hours(demand, (&id, &further), (deployed, at), (offer, hours), expected);
    let root = number(demand, "disk.size") / 1024.0;
    expected.line(format!("{name}.disk{further}"), gib, scaled(count, root.max(least) * disks));
    if kind == ServiceKind::Sql {
        let volumes = f64::from(pool.replicas());
        expected.line(format!("{name}.data"), gib, same(size.max(least) * volumes));
    }
}

/// Backups of databases, where rules speak of them: kept in the region, copied to the region that
/// the line of the bill names, and sent there.
fn backups(demand: &Demand, plan: &Plan, catalog: &Catalog, expected: &mut Expected<'_>) {
    let topology = &plan.topology;
    let deployed = demand.services.iter().zip(&topology.services);
    for ((service, deployed), safeguard) in deployed.zip(&demand.policy.safeguards) {
        if !safeguard.is_backed_up() {
            continue;
        }
        let name = &service.name;
        let of = if deployed.product.is_some() { BackupOf::ManagedSql } else { BackupOf::Disk };
        let terms =
            |region: &Name| catalog.facts.backups.get(&(topology.provider, region.clone(), of));
        let here = terms(&topology.region);
        let size = deployed.storage.map_or(0.0, domain::units::Mebibytes::gibibytes);
        let change = number(demand, "backup.daily_change");
        // A week where no rule asks for more.
        let days = f64::from(safeguard.backup_days.unwrap_or(0).max(7));
        let added = size * change * days;
        let free = here.is_some_and(|own| own.own_size_free);
        let charged = if free { added } else { size + added };
        expected.line(format!("{name}.backup"), here.map(|own| own.gib_month), same(charged));
        if safeguard.backup_copy {
            let id = format!("{name}.backup-copy");
            let mut lines = plan.bill.lines.iter();
            let copied = lines.find(|line| line.id == id);
            let region = copied.and_then(|line| line.sku.rsplit(' ').next()?.parse().ok());
            let elsewhere = region.filter(|region| *region != topology.region);
            let there = elsewhere.as_ref().and_then(terms);
            expected.line(id, there.map(|own| own.gib_month), same(size + added));
            let gigabytes = size * 1_073_741_824.0 / GB;
            let sent = gigabytes * change * HOURS / 24.0;
            expected.line(format!("{name}.backup-sent"), here.map(|own| own.sent_gb), same(sent));
        }
    }
}

/// Whether a managed product runs the engine that the service asks for.
fn engine_fits(demand: &Demand, name: &str, offer: &Offer) -> bool {
    let service = demand.services.iter().find(|service| service.name.as_str() == name);
    let wanted = service.and_then(|service| service.data.as_ref()).map(|data| &data.engine);
    match &offer.product {
        domain::offer::Product::Instance => true,
        domain::offer::Product::ManagedSql { engine }
        | domain::offer::Product::ManagedCache { engine } => Some(engine) == wanted,
    }
}

/// Instances of one of the pools beyond so many, on average, at the peak and at most. One that
/// follows the load is asked for what the others, which stand, leave of it.
pub(super) fn counts(demand: &Demand, pools: &[Pool], at: usize, beyond: f64) -> ThreeBills<f64> {
    let pool = &pools[at];
    let peak = f64::from(pool.replicas());
    let left = |count: f64| (count - beyond).max(0.0);
    let Some(autoscaler) = pool.autoscaler else { return same(left(peak)) };
    let one = |pool: &Pool| pool.speed.value() * f64::from(pool.servers);
    let others = pools.iter().enumerate().filter(|(other, _)| *other != at);
    // In instances of its own.
    let standing: f64 =
        others.map(|(_, other)| f64::from(other.replicas()) * one(other) / one(pool)).sum();
    let load: Vec<f64> = demand.day.fractions.iter().map(|part| part.value()).collect();
    let before = load.iter().cycle().skip(load.len() - 1);
    // The fleet holds what the step before asked for, as long as its scale-in window lasts.
    let fleet = load.iter().zip(before).map(|(now, before)| {
        let asked = (now.max(*before) * (standing + peak) - standing - 1e-9).ceil();
        left(asked.min(peak).max(f64::from(autoscaler.min)))
    });
    let expected = fleet.sum::<f64>() / load.len() as f64;
    ThreeBills { expected, peak_fleet: left(peak), ceiling: left(f64::from(autoscaler.max)) }
}

/// The load in each bill as a factor on the peak all month.
fn loads(demand: &Demand) -> ThreeBills<f64> {
    let day = &demand.day.fractions;
    let mean = day.iter().map(|part| part.value()).sum::<f64>() / day.len() as f64;
    let open = open(demand);
    ThreeBills { expected: mean * open, peak_fleet: mean * open, ceiling: open }
}

fn balancer(demand: &Demand, plan: &Plan, region: &Region, expected: &mut Expected<'_>) {
    let managed = plan.topology.services.first().is_some_and(|edge| edge.product.is_some());
    let Some(balancer) = region.balancer.as_ref().filter(|_| managed) else { return };
    let peak = demand.load.peak.value();
    let opened = peak / number(demand, "demand.requests_per_connection");
    let dimensions = [
        peak * mean_response(demand) * 3600.0 / GB / balancer.unit_gb_per_hour,
        opened / balancer.unit_connections_per_second,
        opened * number(demand, "demand.open_connection_time") / balancer.unit_open_connections,
    ];
    let units = dimensions.into_iter().fold(0.0, f64::max);
    expected.line("edge.hours".to_owned(), Some(balancer.hour), same(HOURS));
    let hours = scaled(loads(demand), units * HOURS);
    expected.line("edge.units".to_owned(), Some(balancer.unit_hour), hours);
}

/// Requests to queues, in millions: each message takes several.
fn queues(demand: &Demand, arrivals: &[Arrivals], region: &Region, expected: &mut Expected<'_>) {
    let queues = demand.services.iter().zip(arrivals);
    for (queue, arrivals) in queues.filter(|(own, _)| own.kind == ServiceKind::Queue) {
        let each = number(demand, "queue.requests_per_message");
        let price = region.queue.as_ref().map(|queue| queue.million_requests);
        let millions = arrivals.rate * SECONDS * each / 1e6;
        expected.line(format!("{}.requests", queue.name), price, scaled(loads(demand), millions));
    }
}

fn mean_response(demand: &Demand) -> f64 {
    let parts = demand.classes.iter();
    let mean: f64 = parts.map(|class| class.share.value() * class.response.value() as f64).sum();
    (mean - 1e-9).ceil()
}

fn traffic(
    demand: &Demand,
    (plan, arrivals): (&Plan, &[Arrivals]),
    region: &Region,
    expected: &mut Expected<'_>,
) {
    let peak = demand.load.peak.value() * mean_response(demand) * SECONDS / GB;
    let (mut lines, internet) = match &demand.cdn {
        Some(cdn) => cdn::lines(demand, cdn, region, (loads(demand), peak)),
        None => (Vec::new(), true),
    };
    if internet {
        let sent = scaled(loads(demand), peak);
        lines.extend(cdn::tiers("traffic.internet", &region.internet_egress, sent));
    }
    for (id, price, units) in lines {
        expected.line(id, price, units);
    }
    let zones = f64::from(plan.topology.zones);
    let mut bytes: f64 = arrivals.iter().map(|arrivals| arrivals.bytes).sum();
    if plan.topology.services.first().is_some_and(|edge| edge.product.is_none()) {
        bytes += demand.load.peak.value() * plain_response(demand);
    }
    if zones > 1.0 && bytes > 0.0 {
        let crossing = bytes * (zones - 1.0) / zones * 2.0 * SECONDS / GB;
        let units = scaled(loads(demand), crossing);
        expected.line("traffic.zones".to_owned(), region.between_zones, units);
    }
}

fn plain_response(demand: &Demand) -> f64 {
    let parts = demand.classes.iter();
    parts.map(|class| class.share.value() * class.response.value() as f64).sum()
}

/// Every line is expected, with the catalog's price, the topology's quantity and their product.
fn compare(lines: &[ExpectedLine], bill: &Bill, faults: &mut Vec<String>) {
    for line in &bill.lines {
        let Some(expected) = lines.iter().find(|expected| expected.id == line.id) else {
            faults.push(format!("{}: nothing of the kind is needed", line.id));
            continue;
        };
        if line.unit_price != expected.price.unit_price || line.as_of != expected.price.as_of {
            faults.push(format!("{}: the catalog has another price", line.id));
        }
        if line.promise != expected.promise {
            faults.push(format!("{}: another promise is made", line.id));
        }
        let pairs = [
            (line.quantity.expected, expected.units.expected, line.amount.expected),
            (line.quantity.peak_fleet, expected.units.peak_fleet, line.amount.peak_fleet),
            (line.quantity.ceiling, expected.units.ceiling, line.amount.ceiling),
        ];
        for (quantity, units, amount) in pairs {
            compare_amount(line, (quantity, units, amount), faults);
        }
    }
    for expected in lines {
        // Less than a thousandth of a unit is no line.
        let needed = expected.units.ceiling * 1_000.0 > 0.01;
        if needed && !bill.lines.iter().any(|line| line.id == expected.id) {
            faults.push(format!("{}: the line is missing", expected.id));
        }
    }
}

fn compare_amount(
    line: &CostLine,
    (quantity, units, amount): (MilliUnits, f64, MicroDollars),
    faults: &mut Vec<String>,
) {
    // Both round up to a thousandth, from sums that may differ in their last bits.
    let difference = quantity.thousandths() as f64 - units * 1_000.0;
    if !(-0.01..=1.01).contains(&difference) {
        faults.push(format!("{}: the quantity is {quantity}, not {units:.3}", line.id));
    }
    if line.unit_price.times(quantity) != amount {
        faults.push(format!("{}: the amount is not quantity times price", line.id));
    }
}

fn totals(demand: &Demand, plan: &Plan, faults: &mut Vec<String>) {
    let totals = plan.bill.totals();
    if totals.expected != plan.optimality.objective {
        faults.push("the expected bill is not what was minimised".to_owned());
    }
    if totals.expected > totals.peak_fleet || totals.peak_fleet > totals.ceiling {
        faults.push("the three bills are not in their order".to_owned());
    }
    let budget = demand.objectives.budget;
    if budget.expected.is_some_and(|limit| totals.expected > limit) {
        faults.push("the expected bill is above the budget".to_owned());
    }
    if budget.ceiling.is_some_and(|limit| totals.ceiling > limit) {
        faults.push("the ceiling is above its limit".to_owned());
    }
    if plan.optimality.bound > plan.optimality.objective {
        faults.push("the bound is above the cost".to_owned());
    }
}

/// A number of the ledger; not a number where it lacks one, which no comparison passes.
fn number(demand: &Demand, name: &str) -> f64 {
    match demand.ledger.find(name).map(|entry| &entry.value) {
        Some(domain::ledger::Value::Number(number)) => *number,
        _ => f64::NAN,
    }
}
