//! What has to hold for the data of a service beyond the outcomes of requests.

use crate::objective::Recovery;

/// What is demanded for one service, by its intent and by rules.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Safeguard {
    /// What may be lost of its data, and for how long it may be away.
    pub recovery: Recovery,
    /// Its backups are kept for at least so many days.
    pub backup_days: Option<u32>,
    /// Its backups are copied to another region.
    pub backup_copy: bool,
    /// What it stores is encrypted.
    pub at_rest: bool,
    /// What it sends and receives is encrypted.
    pub in_transit: bool,
}

impl Safeguard {
    /// Whether its backups are spoken of at all.
    pub const fn is_backed_up(&self) -> bool {
        self.backup_days.is_some() || self.backup_copy
    }
}

impl Recovery {
    /// Whether nothing is demanded.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Both, the stricter of each.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let stricter = |one: Option<_>, other: Option<_>| match (one, other) {
            (Some(one), Some(other)) => Some(if other < one { other } else { one }),
            (one, other) => one.or(other),
        };
        Self { rpo: stricter(self.rpo, other.rpo), rto: stricter(self.rto, other.rto) }
    }
}
