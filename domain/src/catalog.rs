//! A catalog: what the clouds sell, at which prices, how it fails, and the defaults of the model.
//!
//! This is the noun only. The catalogs room reads it from files; the solver buys from it.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::cdn::ManagedCdn;
use crate::facts::Facts;
use crate::name::Name;
use crate::offer::{Offer, Price, Provider};
use crate::topology::Balancing;
use crate::units::{Mebibytes, Probability, Seconds};

/// Everything that a plan is bought from.
#[derive(Debug, Clone, PartialEq)]
pub struct Catalog {
    /// `sha256:` and the digest over all of its files in a stated order.
    pub digest: String,
    /// The newest date of a price in it.
    pub as_of: Date,
    /// Regions in the order of provider and name.
    pub regions: Vec<Region>,
    /// Offers in the order of provider, region and SKU.
    pub offers: Vec<Offer>,
    /// Published service-level agreements; they are reported, never planned with.
    pub slas: Vec<Sla>,
    /// How long instances take to boot, by provider.
    pub boot_times: BTreeMap<Provider, BootTime>,
    /// Defaults of the model by name in the ledger.
    pub defaults: Defaults,
    /// Archetypes by name.
    pub archetypes: Vec<Archetype>,
    /// What only rules ask about.
    pub facts: Facts,
}

impl Catalog {
    /// The offers of one region.
    pub fn offers_in(&self, provider: Provider, region: &Name) -> &[Offer] {
        let start = self.offers.partition_point(|offer| {
            (offer.provider, offer.region.as_str()) < (provider, region.as_str())
        });
        let length = self.offers[start..].partition_point(|offer| {
            (offer.provider, offer.region.as_str()) <= (provider, region.as_str())
        });
        &self.offers[start..start + length]
    }
}

/// A region with the prices that belong to it rather than to an offer.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// The cloud.
    pub provider: Provider,
    /// The provider's name of it.
    pub name: Name,
    /// Its zones; `None` when unknown.
    pub zones: Option<u8>,
    /// Traffic to the internet, by tier; empty when no sourced price is known.
    pub internet_egress: Vec<Tier>,
    /// Traffic between zones: a GB that crosses is billed at this price twice, once where it
    /// leaves and once where it arrives; `None` when unknown.
    pub between_zones: Option<Price>,
    /// The managed balancer; `None` where none has a known price.
    pub balancer: Option<ManagedBalancer>,
    /// The managed queue; `None` where none has a known price.
    pub queue: Option<ManagedQueue>,
    /// The content delivery network; `None` where none has a known price.
    pub cdn: Option<ManagedCdn>,
    /// A disk of an instance; `None` when unknown.
    pub disk: Option<DiskProduct>,
    /// The disk of an instance of a family that does not take that one, by family.
    pub family_disks: BTreeMap<String, DiskProduct>,
    /// Storage of a managed database; `None` when unknown.
    pub sql_storage: Option<SqlStorage>,
}

impl Region {
    /// The disk of an instance of a family; `None` when unknown.
    pub fn disk_of(&self, family: &str) -> Option<&DiskProduct> {
        self.family_disks.get(family).or(self.disk.as_ref())
    }
}

/// One step of a price that falls with the quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tier {
    /// The last GB of a month at this price; `None` for the last tier.
    pub up_to_gb: Option<u64>,
    /// For one GB.
    pub price: Price,
}

/// A managed balancer, billed by the hour and by units of its use.
#[derive(Debug, Clone, PartialEq)]
pub struct ManagedBalancer {
    /// The product: `aws.alb`.
    pub product: String,
    /// For each hour.
    pub hour: Price,
    /// For each unit and hour.
    pub unit_hour: Price,
    /// GB an hour that one unit carries.
    pub unit_gb_per_hour: f64,
    /// New connections a second that one unit carries.
    pub unit_connections_per_second: f64,
    /// Connections open at once that one unit carries.
    pub unit_open_connections: f64,
    /// How it can choose among its targets.
    pub policies: Vec<Balancing>,
    /// Whether each target can have a weight of its own.
    pub weights: bool,
}

/// A managed queue, billed by what is asked of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagedQueue {
    /// The product: `aws.sqs`.
    pub product: String,
    /// For a million requests: to send, to receive and to delete are one each.
    pub million_requests: Price,
}

/// A disk for instances: what is free with it and what more costs.
#[derive(Debug, Clone, PartialEq)]
pub struct DiskProduct {
    /// `gp3`, `premium_ssd`, `pd-balanced`, `hyperdisk-balanced`.
    pub product: String,
    /// For each GiB and month.
    pub gib_month: Price,
    /// The smallest disk that is sold: a smaller one is billed as this one.
    pub minimum: Mebibytes,
    /// IOPS that are part of the price.
    pub iops: u32,
    /// Throughput that is part of the price, in MiB a second.
    pub throughput: u32,
}

/// Storage of a managed database.
#[derive(Debug, Clone, PartialEq)]
pub struct SqlStorage {
    /// `gp3`, `gp2`.
    pub product: String,
    /// For each GiB and month without a standby.
    pub single_gib_month: Price,
    /// For each GiB and month with a standby.
    pub standby_gib_month: Price,
    /// The smallest volume.
    pub minimum: Mebibytes,
    /// IOPS that are part of the price.
    pub iops: u32,
}

/// A published service-level agreement.
#[derive(Debug, Clone, PartialEq)]
pub struct Sla {
    /// Who gives it.
    pub provider: Provider,
    /// For what: `ec2`, `elb`, `rds`, `elasticache`.
    pub service: String,
    /// Under which condition: `multi-zone`, `single`.
    pub scope: String,
    /// The share of time or requests that it speaks of.
    pub share: Probability,
    /// Where it was read, and how sure that is.
    pub source: String,
}

/// From an API call to user code running.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BootTime {
    /// Half of the instances take no longer.
    pub p50: Seconds,
    /// Nine of ten take no longer: what a plan counts on.
    pub p90: Seconds,
}

/// A default as its file states it: texts with units, read where they are used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefaultValue {
    /// The value with its unit: `7s`.
    pub value: String,
    /// The low end of the range in which it is believed to lie.
    pub low: Option<String>,
    /// The high end.
    pub high: Option<String>,
    /// Where it comes from; *judgement* where it is one.
    pub source: String,
}

/// Defaults by their name in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Defaults {
    /// In the order of their names.
    pub values: BTreeMap<String, DefaultValue>,
}

/// A system that nobody described, as most of its kind are built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archetype {
    /// `web`.
    pub name: Name,
    /// In one sentence.
    pub summary: String,
    /// Its requests and services in the form of an intent document.
    pub document: String,
    /// Where each of its values comes from, by path in the document.
    pub sources: BTreeMap<String, DefaultValue>,
}
