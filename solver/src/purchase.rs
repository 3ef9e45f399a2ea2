//! What is bought for an option, line by line: exact unit prices, quantities in thousandths, and
//! amounts that are rounded once.

use domain::commitment::{Commitment, Promise};
use domain::demand::ServiceDemand;
use domain::hours::Shut;
use domain::offer::Price;
use domain::plan::ThreeBills;
use domain::units::{Mebibytes, MicroDollars, MilliUnits};

use crate::model::Model;
use crate::screen::Candidate;

/// Hours of the month that bills are quoted for.
pub(crate) const HOURS: f64 = 730.0;

/// What a line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemKind {
    /// Hours of instances.
    Compute,
    /// Hours of a managed database or of cache nodes.
    Node,
    /// Root disks of instances.
    RootDisk,
    /// Volumes for data on instances.
    DataDisk,
    /// Storage of a managed database.
    SqlStorage,
    /// Backups of a database in its own region.
    Backup,
    /// Copies of them in another region.
    BackupCopy,
    /// What is sent there.
    BackupSent,
}

/// One line of what is bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// What it is for.
    pub kind: ItemKind,
    /// For one unit.
    pub price: Price,
    /// How many units, in each bill.
    pub quantity: ThreeBills<MilliUnits>,
    /// Which of the option's machines it is for: 0 but for those that follow in a mixed fleet.
    pub pool: usize,
    /// The promise that it pays for; `None` for what is bought on demand.
    pub promise: Option<Promise>,
}

impl Item {
    /// The same quantity in every bill.
    pub(crate) fn constant(kind: ItemKind, price: Price, units: f64) -> Self {
        let quantity = MilliUnits::rounded_up(units);
        let quantity = ThreeBills { expected: quantity, peak_fleet: quantity, ceiling: quantity };
        Self { kind, price, quantity, pool: 0, promise: None }
    }

    /// Quantity × price in each bill.
    pub fn amount(&self) -> ThreeBills<MicroDollars> {
        let price = self.price.unit_price;
        ThreeBills {
            expected: price.times(self.quantity.expected),
            peak_fleet: price.times(self.quantity.peak_fleet),
            ceiling: price.times(self.quantity.ceiling),
        }
    }
}

/// The sums of some lines.
pub(crate) fn total(items: &[Item]) -> ThreeBills<MicroDollars> {
    let mut total = ThreeBills::default();
    for item in items {
        let amount = item.amount();
        total.expected += amount.expected;
        total.peak_fleet += amount.peak_fleet;
        total.ceiling += amount.ceiling;
    }
    total
}

/// How many instances there are at the peak, at most, and on average over the day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Fleet {
    pub(crate) peak: u32,
    pub(crate) floor: u32,
    pub(crate) ceiling: u32,
    pub(crate) expected: f64,
    /// How many are paid for at all hours, needed or not.
    pub(crate) promised: u32,
    /// How many there are on average beyond them.
    pub(crate) beyond: f64,
}

impl Fleet {
    /// A fleet of which nothing is promised yet.
    pub(crate) const fn of((floor, peak, ceiling): (u32, u32, u32), expected: f64) -> Self {
        Self { peak, floor, ceiling, expected, promised: 0, beyond: expected }
    }

    /// A fleet whose size never changes, of which all or nothing is promised.
    pub(crate) fn fixed(
        model: &Model<'_>,
        candidate: &Candidate<'_>,
        shut: Shut,
        count: u32,
    ) -> Self {
        let fleet = Self::of((count, count, count), f64::from(count));
        fleet.promising(model, candidate, shut, |promised| f64::from(count - promised))
    }

    /// With so many promised as makes its expected bill least; `beyond` says how many there are on
    /// average beyond any number from the floor to the peak.
    pub(crate) fn promising(
        self,
        model: &Model<'_>,
        candidate: &Candidate<'_>,
        shut: Shut,
        beyond: impl Fn(u32) -> f64,
    ) -> Self {
        let open = hours(model, shut) / HOURS;
        let promised = candidate.terms.promised_of(&self, open, &beyond);
        if promised == 0 {
            return self;
        }
        let beyond = if promised < self.peak { beyond(promised) } else { 0.0 };
        Self { promised, beyond, ..self }
    }

    fn units(&self, each: f64) -> ThreeBills<MilliUnits> {
        ThreeBills {
            expected: MilliUnits::rounded_up(self.expected * each),
            peak_fleet: MilliUnits::rounded_up(f64::from(self.peak) * each),
            ceiling: MilliUnits::rounded_up(f64::from(self.ceiling) * each),
        }
    }

    /// The same of what is not promised.
    fn unpromised(&self, each: f64) -> ThreeBills<MilliUnits> {
        let left = |all: u32| all.saturating_sub(self.promised);
        let (peak, ceiling) = (left(self.peak), left(self.ceiling));
        Self { peak, ceiling, expected: self.beyond, ..*self }.units(each)
    }
}

/// Hours of instances or nodes: on demand, and on a promise.
pub(crate) fn machine_hours(
    model: &Model<'_>,
    (candidate, pool): (&Candidate<'_>, usize),
    (fleet, kind): (&Fleet, ItemKind),
    shut: Shut,
) -> Vec<Item> {
    let mut items = Vec::with_capacity(2);
    let terms = &candidate.terms;
    if let Some(price) = terms.on_demand.filter(|_| fleet.promised < fleet.ceiling) {
        let quantity = fleet.unpromised(hours(model, shut));
        items.push(Item { kind, price, quantity, pool, promise: None });
    }
    if let Some((term, price)) = terms.promised.filter(|_| fleet.promised > 0) {
        let commitment = Commitment { term, instances: fleet.promised };
        let on_demand = candidate.offer.prices.on_demand.map(|price| price.unit_price);
        let promise = Some(Promise { commitment, on_demand });
        let hours = f64::from(fleet.promised) * HOURS;
        items.push(Item { pool, promise, ..Item::constant(kind, price, hours) });
    }
    items
}

/// Hours of a month in which something runs: the open ones, unless it runs on outside them.
pub(crate) fn hours(model: &Model<'_>, shut: Shut) -> f64 {
    match shut {
        Shut::Off | Shut::Stopped => HOURS * model.demand.open_share(),
        Shut::RunsOn => HOURS,
    }
}

/// The share of a month for which disks are paid: they go with their instances, and stay with
/// those that are stopped.
fn kept(model: &Model<'_>, shut: Shut) -> f64 {
    match shut {
        Shut::Off => model.demand.open_share(),
        Shut::Stopped | Shut::RunsOn => 1.0,
    }
}

/// Instances with their root disks.
pub(crate) fn instances(
    model: &Model<'_>,
    (candidate, pool): (&Candidate<'_>, usize),
    fleet: &Fleet,
    shut: Shut,
) -> Vec<Item> {
    let hours = (fleet, ItemKind::Compute);
    let mut items = machine_hours(model, (candidate, pool), hours, shut);
    if let Some(disk) = candidate.disk {
        let size = model.constants.disk_gib.max(disk.minimum.gibibytes());
        let quantity = fleet.units(size * kept(model, shut));
        let (kind, price) = (ItemKind::RootDisk, disk.gib_month);
        items.push(Item { kind, price, quantity, pool, promise: None });
    }
    items
}

/// What one instance with its root disk costs in a month at so many dollars an hour, but for
/// rounding, where it is off outside the open hours.
pub(crate) fn dollars_a_month(model: &Model<'_>, candidate: &Candidate<'_>, hour: f64) -> f64 {
    let disk = candidate.disk.map_or(0.0, |disk| {
        let size = model.constants.disk_gib.max(disk.minimum.gibibytes());
        size * disk.gib_month.unit_price.dollars_as_float()
    });
    (hour * HOURS + disk) * model.demand.open_share()
}

/// Requests that the memory of one instance holds beside the idle process.
pub(crate) fn in_flight_limit(service: &ServiceDemand, memory: Mebibytes, usable: f64) -> u32 {
    let free = memory.value() as f64 * usable - service.memory_base.value() as f64;
    let each = (service.memory_per_request.value() as f64).max(0.001);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to a range that fits"
    )]
    let limit = (free / each).floor().clamp(0.0, 1e9) as u32;
    limit
}
