//! Quantile functions that take too long to be worked out for each visit.

use std::sync::{Mutex, PoisonError};

use libm::{exp, log, pow};

use crate::random::{QuantileTable, gamma_quantile, normal_quantile};

/// Tables that are kept for the models to come: 48 KiB each.
const TABLES_MOST: usize = 64;

/// The tables made so far. A table is a function of its curve alone, and most services of a system
/// have the same one, so they share it: it stays in the cache, and is made once.
static TABLES: Mutex<Vec<(Curve, QuantileTable)>> = Mutex::new(Vec::new());

/// A quantile function, up to a factor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Curve {
    /// Of mean 1.
    Exponential,
    /// Of median 1.
    LogNormal { deviation: f64 },
    /// Of scale 1.
    Gamma { shape: f64 },
    /// From 1 on.
    Pareto { power: f64 },
}

impl Curve {
    /// The quantile of a probability strictly between 0 and 1.
    #[cold]
    pub(super) fn quantile(self, uniform: f64) -> f64 {
        match self {
            Self::Exponential => -log(1.0 - uniform),
            Self::LogNormal { deviation } => exp(deviation * normal_quantile(uniform)),
            Self::Gamma { shape } => gamma_quantile(shape, uniform),
            Self::Pareto { power } => pow(1.0 - uniform, power),
        }
    }

    /// Its table.
    pub(super) fn table(self) -> QuantileTable {
        // Whoever panicked while it held the lock left whole entries behind.
        let known = || TABLES.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, table)) = known().iter().find(|(curve, _)| *curve == self) {
            return table.clone();
        }
        let table = QuantileTable::new(|uniform| self.quantile(uniform));
        let mut known = known();
        if known.len() < TABLES_MOST {
            known.push((self, table.clone()));
        }
        table
    }
}
