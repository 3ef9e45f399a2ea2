//! How fast families are, relative to an m5: `performance.csv`.
//!
//! The capacity index ranges over measurements of throughput with all vCPUs busy: `CoreMark`,
//! `PassMark`, Geekbench, a web server with 16 kB pages, and Netflix' effective frequency.
//! stress-ng on all vCPUs is not among them: it times integer division alone, which rewards
//! processors with fast dividers twofold over every other measurement. The speed index ranges over
//! single-threaded measurements: `PassMark`, Geekbench and stress-ng on one core.

use std::collections::BTreeMap;

use domain::offer::{Index, Offer, Performance, Provider};
use domain::units::Speed;

use crate::cells::{Cells, is, whole};
use crate::fault::FaultKind;
use crate::table::{Files, Reading};

const COLUMNS: [&str; 11] = [
    "provider",
    "family",
    "capacity_low",
    "capacity_middle",
    "capacity_high",
    "capacity_measurements",
    "speed_low",
    "speed_middle",
    "speed_high",
    "speed_measurements",
    "source",
];

/// No processor is a thousand times as fast as another.
const SPEED_MAX: f64 = 1_000.0;

/// How fast each family is.
#[derive(Default)]
pub(crate) struct Performances {
    families: BTreeMap<Provider, BTreeMap<String, Performance>>,
}

impl Performances {
    /// Reads `performance.csv`.
    pub(crate) fn read(reading: &mut Reading, files: &Files<'_>) -> Self {
        let mut performances = Self::default();
        let mut last = None;
        reading.required(files, "performance.csv", &COLUMNS, |cells| {
            let provider = cells.provider();
            let family = cells.text();
            let capacity = index(cells, "the capacity index");
            let speed = index(cells, "the speed index");
            cells.sources();
            let Some((provider, family)) = provider.zip(family) else {
                return;
            };
            let key = [provider.to_string(), family.to_owned()];
            cells.follows(&mut last, key, false);
            if let Some((capacity, speed)) = capacity.zip(speed) {
                let families = performances.families.entry(provider).or_default();
                families.insert(family.to_owned(), Performance { capacity, speed });
            }
        });
        performances
    }

    /// How fast an offer is; `None` when nobody measured its family. A managed class is as fast as
    /// the family of instances that it runs on and is named after: an assumption.
    pub(crate) fn of(&self, offer: &Offer) -> Option<Performance> {
        let families = self.families.get(&offer.provider)?;
        families.get(&offer.family).copied()
    }
}

fn index(cells: &mut Cells<'_>, what: &'static str) -> Option<Index> {
    let low = cells.quantity(speed);
    let middle = cells.quantity(speed);
    let high = cells.quantity(speed);
    if let (Some(low), Some(middle), Some(high)) = (low, middle, high)
        && !(low <= middle && middle <= high)
    {
        cells.add_fault(FaultKind::Range { what });
    }
    let measurements = cells.quantity(|cell| whole(cell, 1, 100));
    Some(Index {
        low: low?,
        middle: middle?,
        high: high?,
        measurements: u8::try_from(measurements?).ok()?,
    })
}

fn speed(cell: &str) -> Result<Speed, String> {
    let number = cell.parse::<f64>().map_err(|_| "is not a number")?;
    let speed = Speed::new(number).map_err(|fault| is(&fault))?;
    if number > 0.0 && number <= SPEED_MAX {
        Ok(speed)
    } else {
        Err(format!("is not above zero and at most {SPEED_MAX}"))
    }
}
