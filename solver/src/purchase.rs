//! What is bought for an option, line by line: exact unit prices, quantities in thousandths, and
//! amounts that are rounded once.

use domain::demand::ServiceDemand;
use domain::hours::Shut;
use domain::offer::Price;
use domain::plan::ThreeBills;
use domain::units::{Mebibytes, MicroDollars, MilliUnits};

use crate::layout::Layout;
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
}

impl Item {
    /// The same quantity in every bill.
    pub(crate) fn constant(kind: ItemKind, price: Price, units: f64) -> Self {
        let quantity = MilliUnits::rounded_up(units);
        let quantity = ThreeBills { expected: quantity, peak_fleet: quantity, ceiling: quantity };
        Self { kind, price, quantity, pool: 0 }
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
}

impl Fleet {
    /// A fleet whose size never changes.
    pub(crate) fn fixed(count: u32) -> Self {
        Self { peak: count, floor: count, ceiling: count, expected: f64::from(count) }
    }

    fn units(&self, each: f64) -> ThreeBills<MilliUnits> {
        ThreeBills {
            expected: MilliUnits::rounded_up(self.expected * each),
            peak_fleet: MilliUnits::rounded_up(f64::from(self.peak) * each),
            ceiling: MilliUnits::rounded_up(f64::from(self.ceiling) * each),
        }
    }
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
    layout: &Layout<'_>,
    (candidate, pool): (&Candidate<'_>, usize),
    fleet: &Fleet,
    shut: Shut,
) -> Vec<Item> {
    let quantity = fleet.units(hours(model, shut));
    let compute = Item { kind: ItemKind::Compute, price: candidate.hour, quantity, pool };
    let mut items = vec![compute];
    if let Some(disk) = &layout.region.disk {
        let size = model.constants.disk_gib.max(disk.minimum.gibibytes());
        let quantity = fleet.units(size * kept(model, shut));
        items.push(Item { kind: ItemKind::RootDisk, price: disk.gib_month, quantity, pool });
    }
    items
}

/// What one instance with its root disk costs in a month, in dollars, but for rounding, where it is
/// off outside the open hours.
pub(crate) fn dollars_a_month(
    model: &Model<'_>,
    layout: &Layout<'_>,
    candidate: &Candidate<'_>,
) -> f64 {
    let disk = layout.region.disk.as_ref().map_or(0.0, |disk| {
        let size = model.constants.disk_gib.max(disk.minimum.gibibytes());
        size * disk.gib_month.unit_price.dollars_as_float()
    });
    (candidate.dollars * HOURS + disk) * model.demand.open_share()
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
