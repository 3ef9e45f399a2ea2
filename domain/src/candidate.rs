//! What may be bought, and why the rest may not.

use std::collections::BTreeMap;

use crate::offer::Peculiarity;

/// Why an offer is not a candidate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rejection {
    /// Nobody knows what it costs on the terms that are allowed.
    NoPrice,
    /// Nobody knows how many zones have it.
    NoZoneCount,
    /// Nobody measured how fast it is.
    NoPerformanceIndex,
    /// A rule keeps offers of this kind out.
    Rule(Peculiarity),
    /// Its vCPUs are outside what the rules allow.
    Vcpus,
    /// Its memory is below what the rules or the service need.
    Memory,
    /// The pin names another.
    Pinned,
    /// The region or provider is not allowed.
    Placement,
    /// It sells in fewer zones than the plan needs.
    TooFewZones,
    /// Its region has no sourced price of what else the plan needs: traffic, disk, balancer.
    RegionWithoutPrice(&'static str),
    /// No number of it up to the limit carries the load.
    TooSmall,
    /// One request takes too long on it even without any waiting.
    TooSlow,
    /// Another offer is at least as good in everything and cheaper.
    Dominated,
    /// The engine is another one.
    Engine,
    /// Without a standby it loses more, or is away for longer, than may be; or with one it is.
    Recovery,
    /// Backups are kept there for fewer days than is demanded.
    Backups(u32),
    /// Its storage does fewer operations a second than the queries take.
    Iops,
    /// A policy keeps it out: the rule.
    Policy(String),
}

impl Rejection {
    /// As the report counts them.
    pub fn label(&self) -> String {
        match self {
            Self::NoPrice => "no price".into(),
            Self::NoZoneCount => "no zone count".into(),
            Self::NoPerformanceIndex => "no performance index".into(),
            Self::Rule(peculiarity) => peculiarity.as_str().into(),
            Self::Vcpus => "vcpu outside the rules".into(),
            Self::Memory => "too little memory".into(),
            Self::Pinned => "pinned to another".into(),
            Self::Placement => "placement not allowed".into(),
            Self::TooFewZones => "too few zones".into(),
            Self::RegionWithoutPrice(what) => format!("region without a price: {what}"),
            Self::TooSmall => "too small".into(),
            Self::TooSlow => "too slow".into(),
            Self::Dominated => "dominated".into(),
            Self::Engine => "another engine".into(),
            Self::Backups(days) => format!("backups for {days} days at most"),
            Self::Recovery => "recovers too little or too late".into(),
            Self::Iops => "too few operations of its storage".into(),
            Self::Policy(rule) => format!("policy rule {rule}"),
        }
    }
}

/// Offers that were looked at and are not candidates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rejections {
    /// By reason, the offers with that reason in the order of their identifiers.
    pub by_reason: BTreeMap<Rejection, Vec<String>>,
}

impl Rejections {
    /// Notes that an offer was rejected.
    pub fn add(&mut self, reason: Rejection, offer: String) {
        self.by_reason.entry(reason).or_default().push(offer);
    }

    /// How many offers each reason rejected.
    pub fn counts(&self) -> impl Iterator<Item = (&Rejection, usize)> {
        self.by_reason.iter().map(|(reason, offers)| (reason, offers.len()))
    }
}
