//! What is promised to a cloud: some instances, paid for in every hour of a term.

use crate::offer::PurchaseTerm;
use crate::units::{MicroDollars, MilliUnits, UnitPrice};

/// Hours of the month that bills are quoted for; twelve of them are a year.
const HOURS_A_MONTH: u32 = 730;

/// Some instances of a pool that are paid for in all hours of a term, needed or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Commitment {
    /// For how long.
    pub term: PurchaseTerm,
    /// How many instances or nodes.
    pub instances: u32,
}

/// A promise as a line of the bill tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    /// What is promised.
    pub commitment: Commitment,
    /// What the same costs on demand, for one unit; `None` where that is not known.
    pub on_demand: Option<UnitPrice>,
}

impl Commitment {
    /// Months for which it is paid.
    pub fn months(self) -> u32 {
        self.term.months().unwrap_or(0)
    }

    /// What is promised to be paid over the whole term, at that price for an hour of one instance.
    pub fn total(self, hour: UnitPrice) -> MicroDollars {
        let hours = self.months() * HOURS_A_MONTH;
        hour.times(MilliUnits::rounded_up(f64::from(hours) * f64::from(self.instances)))
    }
}
