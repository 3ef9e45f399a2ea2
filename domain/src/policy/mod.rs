//! Rules of a platform team that hold for every intent: what a policy document says.
//!
//! A policy is read and kept here; the solver obeys it, and the re-check judges it by itself. Of
//! several policies all rules hold, so the stricter one of any two wins without being looked for.

mod compliance;
mod demanded;
mod exceptions;
mod fault;
mod gates;
mod labels;
mod layers;
mod people;
pub mod ports;
mod reach;
mod read;
mod refuse;
mod reviews;
mod walk;
mod words;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::area::Area;
use crate::data_class::DataClass;
use crate::hours::Hours;
use crate::intent::Intent;
use crate::name::Name;
use crate::units::{Availability, MicroDollars, Percentile, Ratio, Seconds};

pub use compliance::Profile;
pub use demanded::{Demanded, Facts};
pub use exceptions::Exception;
pub use fault::POLICY_CODES;
pub(crate) use fault::policy_code;
pub use gates::{Gate, Gates, Place, Protection};
pub use labels::LabelDue;
pub use reach::Reach;
pub use read::{PolicySource, read_part, read_policies};
pub use refuse::{Refusal, Refusals};
pub use reviews::{Author, AuthorKind, Gatekeeping, Review, ReviewWhen, Signer, Stage, Superseded};

/// The JSON Schema (draft 2020-12) of a policy document.
pub const POLICY_SCHEMA: &str = include_str!("schema.json");

/// The label of an intent that says which environment it is for.
pub const ENVIRONMENT: &str = "environment";

/// All policies that hold for an intent, and their rules in the order in which they were given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policies {
    /// The documents, in the order in which they were given.
    pub layers: Arc<[Layer]>,
    /// The rules of all documents.
    pub rules: Arc<[Rule]>,
    /// Who has to agree before a plan is built.
    pub people: Arc<Gatekeeping>,
    /// What lifts rules for a time, in the order of the documents.
    pub exceptions: Arc<[Exception]>,
    /// The day on which exceptions are judged; where there is none, nothing is lifted.
    pub on: Option<jiff::civil::Date>,
    /// Places of rules that are left aside, to see what they cost; none in an answer.
    pub waived: BTreeSet<usize>,
}

/// A policy document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// What the policy is called.
    pub name: Name,
    /// Its version, where it states one.
    pub version: Option<u64>,
    /// Its file, for messages.
    pub file: String,
    /// `sha256:` of its text.
    pub digest: String,
    /// What stands in it.
    pub text: String,
}

/// What a rule that is broken leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// There is no such plan.
    Enforce,
    /// It is said, and nothing more.
    Warn,
}

/// A rule of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its name: unique among all policies, with that of its policy before it where two share one.
    pub name: String,
    /// Where it stands: `platform.yaml:9:5`.
    pub place: String,
    /// The environment that it is for; `None` for every one.
    pub environment: Option<Name>,
    /// Whether it speaks of services that hold data only, or of the others; `None` for all.
    pub stateful: Option<bool>,
    /// It binds where a service holds such data, and of services those that do; `None` for all.
    pub holds: Option<DataClass>,
    /// What it says, in the order of the document.
    pub clauses: Vec<Clause>,
    /// What a breach leads to.
    pub effect: Effect,
    /// The clauses of laws and standards that it serves.
    pub serves: Vec<String>,
    /// Why there is such a rule.
    pub because: Option<String>,
}

/// One thing that a rule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clause {
    /// An intent asks for at least that uptime.
    Uptime(Availability),
    /// That part of all requests is answered within that time.
    Latency(Percentile, Seconds),
    /// Of a database that is lost at most what was written within that time is lost.
    Rpo(Seconds),
    /// A database that is lost is back within that time.
    Rto(Seconds),
    /// At least so much more load is carried.
    HeadroomLoad(Ratio),
    /// At least so many instances may be down.
    InstancesDown(u32),
    /// The expected bill of a month is at most that.
    Expected(MicroDollars),
    /// The bill of a month with every autoscaler at its maximum is at most that.
    Ceiling(MicroDollars),
    /// At least so many zones.
    Zones(u32),
    /// At least so many instances of every stateless service, at any time.
    ReplicasLeast(u32),
    /// At most so many of them, at any time.
    ReplicasMost(u32),
    /// Databases have a standby and caches a copy.
    Standby,
    /// What is left of a lost zone carries the peak.
    ZoneLoss,
    /// No service is busier at the peak, after the loss that must be survived.
    Utilisation(Ratio),
    /// It is open in at most so many hours of a week; an intent that states none takes these.
    Hours(Hours),
    /// No price is older than so many days on the day of the catalog.
    PriceAge(u32),
    /// A system has these labels.
    Labels(Vec<LabelDue>),
    /// Everything is in one of these.
    RegionIn(Vec<Area>),
    /// Every backup is in one of these.
    BackupIn(Vec<Area>),
    /// Nothing but the edge can be reached from the internet.
    PrivateSubnets,
    /// No database can be reached from the internet.
    DatabasePrivate,
    /// The internet reaches these ports and no others.
    Ingress(Vec<u16>),
    /// What is stored is encrypted.
    EncryptedAtRest,
    /// What is sent is encrypted.
    EncryptedInTransit,
    /// Backups of databases are kept for at least so many days.
    BackupDays(u32),
    /// Backups of databases are copied to another region.
    BackupCopy,
    /// Nothing else may be used.
    Allow(Subject, Vec<String>),
    /// None of these may be used.
    Deny(Subject, Vec<String>),
}

/// What can be approved or denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A cloud: `aws`.
    Provider,
    /// A region: `eu-west-1`.
    Region,
    /// A family of instances: `c8g`, or `t*` for every one that begins so.
    Family,
    /// An instruction set: `arm64`.
    Architecture,
    /// What is bought: `instance`, `managed_sql`, `managed_cache`, `managed_balancer`,
    /// `managed_cdn`, `managed_queue`.
    Product,
    /// How instances are paid for: `on_demand`, `spot`.
    Purchase,
    /// What a service runs on: `vm`, `managed`, `kubernetes`, `containers`.
    Platform,
    /// Whose Kubernetes it is: `eks`.
    Kubernetes,
}

/// What became of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleVerdict {
    /// The rule.
    pub rule: String,
    /// Whether the plan keeps it; a rule that does not apply is kept.
    pub kept: bool,
    /// What was compared, in words.
    pub text: String,
    /// The expected bill of the cheapest plan without the rule, where that is another one: solved,
    /// not simulated.
    pub without: Option<MicroDollars>,
}

impl Subject {
    /// Every subject, in the order in which it is listed.
    pub const ALL: [Self; 8] = [
        Self::Provider,
        Self::Region,
        Self::Family,
        Self::Architecture,
        Self::Product,
        Self::Purchase,
        Self::Platform,
        Self::Kubernetes,
    ];

    /// As documents write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::Region => "region",
            Self::Family => "family",
            Self::Architecture => "architecture",
            Self::Product => "product",
            Self::Purchase => "purchase",
            Self::Platform => "platform",
            Self::Kubernetes => "kubernetes",
        }
    }
}

impl Policies {
    /// Whether no policy was given.
    pub fn is_empty(&self) -> bool {
        self.layers.is_empty()
    }

    /// The rules that hold for an intent, each with its place: those for its environment that are
    /// not left aside, not lifted, and more than a warning.
    pub fn binding<'p>(&'p self, intent: &Intent) -> impl Iterator<Item = (usize, &'p Rule)> {
        let environment = environment(intent).map(str::to_owned);
        self.rules.iter().enumerate().filter(move |(at, rule)| {
            rule.effect == Effect::Enforce
                && !self.waived.contains(at)
                && rule.applies(environment.as_deref())
                && rule.is_bound(intent)
                && self.lifted(*at).is_none()
        })
    }

    /// Those of them that the choice of a plan depends on.
    pub fn acting<'p>(&'p self, intent: &Intent) -> impl Iterator<Item = (usize, &'p Rule)> {
        let acts = |clause: &Clause| !matches!(clause, Clause::Labels(_));
        self.binding(intent).filter(move |(_, rule)| rule.clauses.iter().any(acts))
    }
}

impl Rule {
    /// Whether it is for an environment.
    pub fn applies(&self, environment: Option<&str>) -> bool {
        self.environment.as_ref().is_none_or(|own| Some(own.as_str()) == environment)
    }
}

impl Clause {
    /// Whether it speaks of services one by one; otherwise of the whole system.
    pub const fn is_of_services(&self) -> bool {
        match self {
            Self::Allow(subject, _) | Self::Deny(subject, _) => {
                !matches!(subject, Subject::Provider | Subject::Region)
            }
            Self::Rpo(_)
            | Self::Rto(_)
            | Self::DatabasePrivate
            | Self::EncryptedAtRest
            | Self::EncryptedInTransit
            | Self::BackupDays(_)
            | Self::BackupCopy => true,
            _ => false,
        }
    }
}

/// The environment that an intent is for, by its label.
pub fn environment(intent: &Intent) -> Option<&str> {
    let mut labels = intent.metadata.labels.iter();
    labels.find(|(key, _)| key == ENVIRONMENT).map(|(_, value)| value.as_str())
}
