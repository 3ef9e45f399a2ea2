//! A content delivery network: what it answers before the edge is asked, and what it costs.
//!
//! All requests go through it. Of each class it answers a share from what it keeps; the rest is
//! passed on to the edge, and only that rest is the load of everything behind.

use crate::catalog::Tier;
use crate::offer::Price;
use crate::units::{Ratio, RequestsPerSecond};

/// Under which name rules and facts speak of it as something that is bought.
pub const MANAGED_CDN: &str = "managed_cdn";

/// No more of a class than this is answered before the edge: the first request for anything, and
/// the first after it changed, is always passed on.
pub const MOST_CACHEABLE: Ratio = Ratio::of(0.9999);

/// What goes through a content delivery network.
#[derive(Debug, Clone, PartialEq)]
pub struct CdnDemand {
    /// All requests at the peak, before headroom, those that it answers included.
    pub peak: RequestsPerSecond,
    /// One for each class of the demand, in its order.
    pub classes: Vec<CachedClass>,
}

/// What a content delivery network does for one class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CachedClass {
    /// The share of the class in all requests; that in the requests that reach the edge is
    /// another one.
    pub share: Ratio,
    /// The share of its requests that are answered before the edge.
    pub cacheable: Ratio,
}

impl CdnDemand {
    /// The share of all requests that are answered before the edge.
    pub fn hits(&self) -> f64 {
        self.classes.iter().map(|class| class.share.value() * class.cacheable.value()).sum()
    }
}

/// A content delivery network for sale with a region, at the prices of the part of the world that
/// the region is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagedCdn {
    /// The product: `aws.cloudfront`.
    pub product: String,
    /// For ten thousand requests by HTTPS.
    pub requests: Price,
    /// For each GB to clients, by tier; never empty.
    pub egress: Vec<Tier>,
    /// For each GB from the region to it; `None` where that costs what the internet costs.
    pub fill: Option<Price>,
}
