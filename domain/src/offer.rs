//! What a cloud sells: an instance type, a database class or a cache node in one region.

use std::collections::BTreeSet;
use std::fmt;

use jiff::civil::Date;

use crate::name::Name;
use crate::units::{Gigabits, Mebibytes, Speed, UnitPrice};

/// A cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Provider {
    /// Amazon Web Services.
    Aws,
    /// Microsoft Azure.
    Azure,
    /// Google Cloud.
    Google,
}

impl Provider {
    /// Every provider, in the order that ties are broken in.
    pub const ALL: [Self; 3] = [Self::Aws, Self::Azure, Self::Google];

    /// As documents and the spec write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::Azure => "azure",
            Self::Google => "google",
        }
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// The instruction set of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Architecture {
    /// Intel and AMD.
    X86_64,
    /// Graviton, Cobalt, Axion.
    Arm64,
}

impl Architecture {
    /// As the spec writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Arm64 => "arm64",
        }
    }
}

/// What kind of thing is sold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Product {
    /// A virtual machine.
    Instance,
    /// A managed database with this engine.
    ManagedSql {
        /// `postgres`, `mysql`, `mariadb` …
        engine: String,
    },
    /// A managed cache with this engine.
    ManagedCache {
        /// `valkey`, `redis` …
        engine: String,
    },
}

/// A peculiarity that keeps an offer out of a plan unless a rule is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Peculiarity {
    /// Full speed lasts only while credits do.
    Burstable,
    /// A vCPU that is shared with other customers.
    SharedCore,
    /// Full speed for 95% of the time only.
    Flex,
    /// Less than one vCPU.
    Fractional,
    /// A whole machine.
    Metal,
    /// An accelerator is part of the price.
    Accelerator,
    /// The provider calls it previous generation.
    PreviousGeneration,
    /// vCPUs are switched off for licences.
    ConstrainedCores,
    /// Not sold to everybody.
    NotPublic,
}

impl Peculiarity {
    /// As the ledger and the report write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Burstable => "burstable",
            Self::SharedCore => "shared core",
            Self::Flex => "flex",
            Self::Fractional => "fractional vCPU",
            Self::Metal => "metal",
            Self::Accelerator => "accelerator",
            Self::PreviousGeneration => "previous generation",
            Self::ConstrainedCores => "constrained cores",
            Self::NotPublic => "not public",
        }
    }
}

/// How sure a price is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PriceBasis {
    /// The provider's own list, directly or through a community copy.
    Published,
    /// Worked out from a neighbour: another size, another region, another system.
    Estimated,
}

impl PriceBasis {
    /// As the spec writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Estimated => "estimated",
        }
    }
}

/// A price with its date and basis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// US dollars for one unit.
    pub unit_price: UnitPrice,
    /// The day for which it was known.
    pub as_of: Date,
    /// How sure it is.
    pub basis: PriceBasis,
}

/// How instances are paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PurchaseTerm {
    /// By the hour, without a promise.
    OnDemand,
    /// Promised for a year.
    ReservedOneYear,
    /// Promised for three years.
    ReservedThreeYears,
    /// Reclaimed at short notice.
    Spot,
}

impl PurchaseTerm {
    /// Every term, the one without a promise first.
    pub const ALL: [Self; 4] =
        [Self::OnDemand, Self::ReservedOneYear, Self::ReservedThreeYears, Self::Spot];

    /// As the spec writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OnDemand => "on_demand",
            Self::ReservedOneYear => "reserved_1y",
            Self::ReservedThreeYears => "reserved_3y",
            Self::Spot => "spot",
        }
    }

    /// Months for which what is bought on it is paid, needed or not; `None` without a promise.
    pub const fn months(self) -> Option<u32> {
        match self {
            Self::OnDemand | Self::Spot => None,
            Self::ReservedOneYear => Some(12),
            Self::ReservedThreeYears => Some(36),
        }
    }
}

/// The hourly prices of an offer, by term. An unknown price is `None`, never zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Prices {
    /// On demand, for one instance or node, or for a database without a standby.
    pub on_demand: Option<Price>,
    /// On demand, for a database with a standby in another zone.
    pub with_standby: Option<Price>,
    /// Promised for one year.
    pub reserved_one_year: Option<Price>,
    /// Promised for three years.
    pub reserved_three_years: Option<Price>,
    /// Average of the spot market.
    pub spot: Option<Price>,
}

impl Prices {
    /// For an hour of one instance or node, or of a database without a standby.
    pub const fn on(&self, term: PurchaseTerm) -> Option<Price> {
        match term {
            PurchaseTerm::OnDemand => self.on_demand,
            PurchaseTerm::ReservedOneYear => self.reserved_one_year,
            PurchaseTerm::ReservedThreeYears => self.reserved_three_years,
            PurchaseTerm::Spot => self.spot,
        }
    }
}

/// A speed relative to one vCPU of an m5, with the range of the measurements behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Index {
    /// The lowest of the measurements: what a plan counts on.
    pub low: Speed,
    /// Their centre.
    pub middle: Speed,
    /// The highest of them.
    pub high: Speed,
    /// How many independent measurements there are.
    pub measurements: u8,
}

/// How fast an offer is: two different questions with two different answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Performance {
    /// Throughput of one vCPU while all vCPUs are busy.
    pub capacity: Index,
    /// Speed of one request on an otherwise idle instance.
    pub speed: Index,
}

/// Something that can be bought by the hour.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// Who sells it.
    pub provider: Provider,
    /// Where.
    pub region: Name,
    /// The provider's own name of it: `c8g.xlarge`, `db.m6g.large`.
    pub sku: String,
    /// The family, to which performance and quotas belong: `c8g`.
    pub family: String,
    /// What it is.
    pub product: Product,
    /// Its instruction set.
    pub architecture: Architecture,
    /// Its vCPUs, in thousandths: a shared core may be a quarter of one.
    pub milli_vcpus: u32,
    /// Its memory.
    pub memory: Mebibytes,
    /// Its network bandwidth, for good and not in bursts; `None` when unknown.
    pub network: Option<Gigabits>,
    /// Whether that bandwidth is a row of the catalog, rather than worked out from other offers.
    pub network_known: bool,
    /// Zones of the region that have it; `None` when unknown.
    pub zones: Option<u8>,
    /// What is peculiar about it.
    pub peculiarities: BTreeSet<Peculiarity>,
    /// How fast it is; `None` when nobody measured it.
    pub performance: Option<Performance>,
    /// What it costs.
    pub prices: Prices,
}

impl Offer {
    /// Provider, region and SKU: unique within a catalog together with the product.
    pub fn id(&self) -> String {
        format!("{}/{}/{}", self.provider, self.region, self.sku)
    }

    /// Whole vCPUs.
    pub const fn vcpus(&self) -> u32 {
        self.milli_vcpus / 1_000
    }
}
