//! Where a plan runs and how it is connected.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::cdn::CdnPart;
use crate::name::Name;
use crate::offer::Provider;

/// Where it runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Placement {
    /// The cloud.
    pub provider: Provider,
    /// The region.
    pub region: Name,
    /// The zones, by a name of our own: which zone of the account each is stays open.
    pub zones: Vec<Zone>,
    /// What may stand behind those names.
    pub zone_binding: ZoneBinding,
}

/// A zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// `z1`, `z2` …
    pub id: Name,
}

/// What may stand behind the names of zones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum ZoneBinding {
    /// Any zones of the region, each a different one.
    AnyDistinct,
}

/// How it is connected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// The network of the system alone.
    pub vpc: Vpc,
    /// One of each tier for every zone.
    pub subnets: Vec<Subnet>,
    /// What stands before the edge; absent where nothing does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cdn: Option<CdnPart>,
    /// All connections that are allowed; any other is refused.
    pub flows: Vec<Flow>,
}

/// A private network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Vpc {
    /// Its addresses.
    pub cidr: String,
    /// Gateways through which private subnets reach the internet; each would be a line of the bill.
    pub nat_gateways: u32,
}

/// A part of the network in one zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subnet {
    /// Unique within the network: `app-z1`.
    pub name: Name,
    /// The group that services name: `public`, `app`, `data`.
    pub group: Name,
    /// Who can reach it.
    pub tier: SubnetTier,
    /// Its zone.
    pub zone: Name,
    /// Its addresses.
    pub cidr: String,
}

/// Who can reach a subnet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum SubnetTier {
    /// The internet.
    Public,
    /// Other subnets.
    Private,
    /// Other subnets, and it reaches nothing itself.
    Isolated,
}

/// A connection that is allowed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// The service that opens it, or `internet`.
    pub from: Name,
    /// The service that it is opened to.
    pub to: Name,
    /// The port.
    pub port: u16,
    /// Whether a rule demands that it is encrypted; what the internet opens is by its listener.
    #[serde(default, skip_serializing_if = "is_false")]
    pub encrypted: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes every field by reference")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}
