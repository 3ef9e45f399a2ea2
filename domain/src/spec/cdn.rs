//! A content delivery network before the edge: what it answers, and what it is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::name::Name;

/// What goes through it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CdnDemandPart {
    /// All requests at the peak, those that it answers included, in millionths of a request a
    /// second.
    pub peak_micro_rps: u64,
    /// One for each class, in the order of the classes.
    pub classes: Vec<CachedPart>,
}

/// What it does for one class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CachedPart {
    /// The class.
    pub class: Name,
    /// The share of the class in all requests; these add up to a million.
    pub share_ppm: u64,
    /// The share of its requests that are answered before the edge.
    pub cacheable_ppm: u64,
}

/// What stands before the edge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CdnPart {
    /// The product.
    pub product: String,
    /// The service that it passes on to what it does not answer; it takes requests by HTTPS.
    pub origin: Name,
    /// The port of that service.
    pub port: u16,
}
