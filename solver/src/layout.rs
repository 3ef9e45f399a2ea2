//! A placement to plan in: one region and a number of its zones.
//!
//! With the placement fixed, every coupling of the program is linear: the price list, the round
//! trips between zones, the traffic that crosses them and the cost of a lost zone are constants.

use domain::catalog::Region;
use domain::demand::NetworkDelay;

use crate::queueing::Moments;

/// Where a plan may stand, and whether it must survive a lost zone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Layout<'a> {
    /// The region with its prices.
    pub region: &'a Region,
    /// How many of its zones are used.
    pub zones: u8,
    /// Whether what is left of a lost zone carries the peak.
    pub survives_zone_loss: bool,
}

impl Layout<'_> {
    /// The share of internal calls that cross zones when nobody looks where the callee stands.
    pub fn crossing(&self) -> f64 {
        let zones = f64::from(self.zones);
        (zones - 1.0) / zones
    }

    /// One round trip between two services.
    pub fn round_trip(&self, network: &NetworkDelay) -> Moments {
        let crossing = self.crossing();
        let (near, far) = (network.same_zone.value(), network.cross_zone.value());
        let spread = far - near;
        Moments {
            mean: near + crossing * spread,
            variance: crossing * (1.0 - crossing) * spread * spread,
        }
    }

    /// How `replicas` are spread over the zones, as evenly as they can be, fullest first.
    pub fn spread(&self, replicas: u32) -> Vec<u32> {
        let zones = u32::from(self.zones);
        (0..zones).map(|zone| replicas / zones + u32::from(zone < replicas % zones)).collect()
    }

    /// How further `replicas` are spread beside those that stand in each zone: each in the first of
    /// the zones that have fewest.
    pub fn spread_beside(&self, standing: &[u32], replicas: u32) -> Vec<u32> {
        let mut beside = vec![0; standing.len()];
        for _ in 0..replicas {
            let count = |zone: &usize| standing[*zone] + beside[*zone];
            if let Some(emptiest) = (0..standing.len()).min_by_key(count) {
                beside[emptiest] += 1;
            }
        }
        beside
    }

    /// What is left of `replicas` when the fullest zone is lost.
    pub fn after_zone_loss(&self, replicas: u32) -> u32 {
        replicas - replicas.div_ceil(u32::from(self.zones))
    }
}
