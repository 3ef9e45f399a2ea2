//! The bill: lines with three quantities and three amounts that add up exactly.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::words::Day;
use crate::offer::{PriceBasis, PurchaseTerm};
use crate::plan::CostCategory;
use crate::units::{MicroDollars, MilliUnits, UnitPrice};

/// What a plan costs in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// `USD`.
    pub currency: String,
    /// Hours in a month.
    pub hours_per_month: u32,
    /// The sums of the lines.
    pub monthly_micros: Amounts,
    /// What each of the three bills is.
    pub basis: CostBasis,
    /// In the order of services, then as they are bought.
    pub lines: Vec<Line>,
}

/// Micro-dollars in each of the three bills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct Amounts {
    /// The autoscaled fleet over the day.
    pub expected: MicroDollars,
    /// The fleet of the peak, all month.
    pub peak_fleet: MicroDollars,
    /// Every autoscaler at its maximum and traffic at its peak, all month.
    pub ceiling: MicroDollars,
}

/// Thousandths of a unit in each of the three bills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct Quantities {
    /// The autoscaled fleet over the day.
    pub expected: MilliUnits,
    /// The fleet of the peak, all month.
    pub peak_fleet: MilliUnits,
    /// Every autoscaler at its maximum and traffic at its peak, all month.
    pub ceiling: MilliUnits,
}

/// What each of the three bills is, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct CostBasis {
    /// Of the expected bill.
    pub expected: String,
    /// Of the bill of the peak fleet.
    pub peak_fleet: String,
    /// Of the ceiling.
    pub ceiling: String,
}

/// One line of the bill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Unique within the bill.
    pub id: String,
    /// The service that it is for; `traffic` for what belongs to none.
    pub service: String,
    /// What it is for, in the categories of FOCUS 1.2.
    pub service_category: CostCategory,
    /// What is bought.
    pub sku: String,
    /// The unit.
    pub unit: String,
    /// US dollars for one unit, exact.
    pub unit_price_usd: UnitPrice,
    /// How many thousandths of a unit.
    pub quantity_milli: Quantities,
    /// Quantity × price, each rounded once.
    pub amount_micros: Amounts,
    /// The day for which the price was known.
    pub as_of: Day,
    /// How sure the price is.
    pub price_basis: PriceBasis,
    /// The promise that it pays for; absent for what is bought on demand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commitment: Option<PromisePart>,
}

/// A promise that a line of the bill pays for, needed or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct PromisePart {
    /// For how long.
    pub term: PurchaseTerm,
    /// The same in months.
    pub months: u32,
    /// How many instances or nodes.
    pub instances: u32,
    /// All that is promised to be paid: instances × months × 730 hours × the price of one.
    pub total_micros: MicroDollars,
    /// What one unit costs on demand, exact; absent where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_demand_usd: Option<UnitPrice>,
}
