//! The condition that a system is in: what is lost for good, and how much comes in.

use crate::model::Rate;

/// A condition, long after whatever led to it: lost instances are ejected, standbys have taken
/// over.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Condition {
    /// Zones that are out.
    pub lost_zones: Vec<u16>,
    /// Services with the number of their instances that are down: those that can do most first, of
    /// equals those of the fullest zone.
    pub down: Vec<(usize, u32)>,
    /// Services whose first primary is lost; its standby has taken over.
    pub failed_over: Vec<usize>,
    /// Services of which nothing is left.
    pub dead: Vec<usize>,
    /// Services with the number of instances that an autoscaler keeps; those of the plan elsewhere.
    pub fleet: Vec<(usize, u32)>,
    /// Whether a fault is going to strike, of which nothing is seen yet.
    pub struck: bool,
    /// Requests a second; the stated peak where there is none.
    pub rate: Option<Rate>,
}

impl Condition {
    /// All is well, at the stated peak.
    pub(crate) fn healthy() -> Self {
        Self::default()
    }

    /// All is well until something happens.
    pub(crate) fn struck() -> Self {
        Self { struck: true, ..Self::default() }
    }

    /// Whether something is broken, or going to be. Only then may anything be answered degraded:
    /// what is too small for its load breaks nothing, and is no reason to be content with less.
    pub(crate) fn is_faulty(&self) -> bool {
        let down = self.down.iter().any(|(_, count)| *count > 0);
        let lost = !self.lost_zones.is_empty() || !self.failed_over.is_empty();
        self.struck || down || lost || !self.dead.is_empty()
    }

    /// A zone is out.
    pub(crate) fn without_zone(zone: u16) -> Self {
        Self { lost_zones: vec![zone], ..Self::default() }
    }

    /// Some instances of a service are down.
    pub(crate) fn without_instances(service: usize, count: u32) -> Self {
        Self { down: vec![(service, count)], ..Self::default() }
    }

    /// The primary of a service's first shard is lost.
    pub(crate) fn without_primary(service: usize) -> Self {
        Self { failed_over: vec![service], ..Self::default() }
    }

    /// Nothing is left of a service.
    pub(crate) fn without_service(service: usize) -> Self {
        Self { dead: vec![service], ..Self::default() }
    }
}
