//! The rules that keep a plan sane by default: each in the ledger, priced and droppable.

use std::collections::BTreeSet;

use crate::offer::Peculiarity;
use crate::topology::Balancing;
use crate::units::{Mebibytes, Ratio};

/// Rules that hold unless the intent drops them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// Utilisation of stateless services at the peak, after the loss that must be survived.
    pub utilisation_stateless: Ratio,
    /// The same for caches.
    pub utilisation_cache: Ratio,
    /// The same for databases.
    pub utilisation_sql: Ratio,
    /// Utilisation at the peak with more load by the headroom: a plan is never on its edge.
    pub utilisation_headroom: Ratio,
    /// The smallest instance.
    pub vcpus_min: u32,
    /// The largest instance.
    pub vcpus_max: u32,
    /// The least memory of an instance.
    pub memory_min: Mebibytes,
    /// The most replicas of one service.
    pub replicas_max: u32,
    /// All vCPUs that the account may start; `None` when nobody stated a quota.
    pub vcpu_quota: Option<u32>,
    /// At least so many zones.
    pub zones_min: u8,
    /// At least so many instances of every stateless service and nodes of every cache.
    pub replicas_min: u32,
    /// Whether a database needs a standby in another zone and a cache a copy.
    pub redundant_data: bool,
    /// Whether what is left after the loss of a zone must carry the peak.
    pub survives_zone_loss: bool,
    /// Whether databases and caches may be run on instances where no managed product has a known
    /// price.
    pub self_run_data: bool,
    /// How calls are spread over instances; `None` where the solver takes what waits least among
    /// the policies of whatever sends the calls.
    pub balancing: Option<Balancing>,
    /// The most offers that one stateless service stands on at once: 1, or 2 for mixed fleets.
    pub offers_per_service: u32,
    /// Offers with one of these are not bought.
    pub excluded: BTreeSet<Peculiarity>,
}
