//! What a cache holds.

use super::{ModelFault, number};

/// Items of all instances of a cache beyond which they would not fit into memory.
const ITEMS_MAX: u64 = 50_000_000;

/// What the instances of a cache hold, so that hits follow from what was asked for before.
///
/// Each key of a lookup is an item, by its popularity and independent of all others; the items of
/// each shard are its own. An instance starts empty, and so it is again after it was down. An item
/// that is not there is, from then on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contents {
    /// How many items there are for each shard.
    pub items: u32,
    /// The exponent of Zipf's law: the n-th most popular item is asked for in proportion to
    /// n^−exponent; all alike where it is 0.
    pub exponent: f64,
    /// How many items an instance can hold.
    pub capacity: u32,
    /// Which item goes when there is no room.
    pub eviction: Eviction,
}

/// Which item goes when there is no room for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Eviction {
    /// The one that was not asked for the longest (LRU).
    LeastRecent,
    /// The one that came first (FIFO).
    FirstIn,
    /// Any, each as likely.
    Random,
}

impl Contents {
    pub(super) fn validate(&self, place: &str, instances: usize) -> Result<(), ModelFault> {
        number(place, "number of items", self.items.into(), 1.0)?;
        number(place, "exponent of the popularity", self.exponent, 0.0)?;
        number(place, "capacity", self.capacity.into(), 1.0)?;
        if u64::from(self.items) * instances.max(1) as u64 > ITEMS_MAX {
            return Err(ModelFault::TooMany {
                place: place.to_owned(),
                what: "items in all instances",
                limit: ITEMS_MAX,
            });
        }
        Ok(())
    }

    /// The share of requests that asks for each item, the most popular one first.
    pub fn popularity(&self) -> Vec<f64> {
        let weight = |rank: u32| libm::pow(f64::from(rank), -self.exponent);
        let weights: Vec<f64> = (1..=self.items).map(weight).collect();
        let whole: f64 = weights.iter().sum();
        weights.iter().map(|weight| weight / whole).collect()
    }
}
