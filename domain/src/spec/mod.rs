//! The spec: everything that a generator, a reviewer or a later check needs, in one versioned
//! document, and nothing that they would still have to decide.
//!
//! Numbers are whole and carry their unit in their name: `_us` and `_ns` are times, `_ppm`,
//! `_permille` and `_ppb` are parts of a whole, `_milli` and `_micro_rps` are thousandths and
//! millionths, `_micros` are micro-dollars. Unit prices are exact decimals in a text. The only
//! floating numbers are values of the ledger, whose unit stands beside them. What feeds a later
//! verification (the demand and the placement) is finer than what is only shown.
//!
//! There is no wall clock in it: the same answer gives the same bytes.

mod assumption;
mod cdn;
mod cost;
mod demand;
mod evidence;
mod faults;
mod hours;
mod intent;
mod migration;
mod network;
mod optimality;
mod policy;
mod read;
mod service;
mod words;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::name::Name;
use crate::policy::ENVIRONMENT;
use crate::verification::Status;

pub use assumption::{AssumptionPart, LedgerValue, RiskPart};
pub use cdn::{CachedPart, CdnDemandPart, CdnPart};
pub use cost::{Amounts, Cost, CostBasis, Line, PromisePart, Quantities};
pub use demand::{
    BacklogPart, CallPart, ClassPart, DataPart, DegradationPart, DemandPart, ExternalPart,
    FailurePart, InterfacePart, NetworkDelayPart, PinPart, RulesPart, RunOnPart, ServiceDemandPart,
    UsersPart, WorkPart,
};
pub use evidence::{
    AvailabilityPart, BreakingLoadPart, CheckPart, CurvePoint, DayPart, DistributionPart,
    EstimatePart, ExceedancePart, Latency, ScenarioPart, SeriesPart, Share, TailEvidence, Term,
    UptimePart,
};
pub use faults::{ChangePart, FailoverPart, FaultsPart, OutagePart};
pub use hours::{HoursPart, OutOfHours, SchedulePart, WindowPart};
pub use intent::{IntentPart, ObjectivePart};
pub use migration::versions;
pub use network::{Flow, Network, Placement, Subnet, SubnetTier, Vpc, Zone, ZoneBinding};
pub use optimality::{AlternativePart, ExclusionPart, OptimalityPart, RoundPart, SensitivityPart};
pub use policy::{
    AuthorPart, PolicyDocument, PolicyException, PolicyPart, PolicyResult, ReviewPart,
    SupersededPart,
};
pub use read::{SpecFault, migrate, read};
pub(crate) use read::{brief, plain};
pub use service::{
    AutoscalingPart, Backup, CommittedPart, ConnectionsPart, EncryptionPart, HealthCheckPart,
    Listener, OfferPart, Platform, Process, RecoveryPart, RedundancyPart, Replicas, Rollout,
    RolloutStrategy, ServicePart, SizingPart, Utilisation, Volume,
};
pub use words::Day;

/// Where the published schema of version 1 is known by.
pub const SCHEMA_V1: &str = "https://plimsoll.dev/schemas/spec-v1.json";

/// The version of a document, as it is written. Older ones are brought to it by [`migrate`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum ApiVersion {
    /// The first.
    #[serde(rename = "plimsoll/v1")]
    V1,
}

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum Kind {
    /// A plan with its evidence.
    Spec,
}

/// A plan with its evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// Where the schema is known by.
    #[serde(rename = "$schema")]
    pub schema: String,
    /// The version of this form.
    #[serde(rename = "apiVersion")]
    pub api_version: ApiVersion,
    /// What the document is.
    pub kind: Kind,
    /// Who it belongs to, and its digest.
    pub metadata: Metadata,
    /// What became of the plan.
    pub verdict: VerdictPart,
    /// Where it came from.
    pub provenance: ProvenancePart,
    /// What was asked for.
    pub intent: IntentPart,
    /// How it was understood: all that a plan is judged by.
    pub demand: DemandPart,
    /// What only the owner can supply.
    pub inputs_required: Vec<InputRequired>,
    /// Where it runs.
    pub placement: Placement,
    /// How it is connected.
    pub network: Network,
    /// What runs, in the order of the demand: callers first.
    pub services: Vec<ServicePart>,
    /// What policies said.
    pub policy: PolicyPart,
    /// What it costs.
    pub cost: Cost,
    /// How good it is proven to be.
    pub optimality: OptimalityPart,
    /// What the model expects of each latency objective.
    pub estimates: Vec<EstimatePart>,
    /// How the model adds unavailability up.
    pub availability: AvailabilityPart,
    /// Every comparison with an objective, demanded ones first.
    pub checks: Vec<CheckPart>,
    /// Every scenario that was simulated.
    pub scenarios: Vec<ScenarioPart>,
    /// Uptime by enumeration of states.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uptime: Option<UptimePart>,
    /// Where it breaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breaking_load: Option<BreakingLoadPart>,
    /// Latency against load.
    pub load_curve: Vec<CurvePoint>,
    /// The day with its autoscalers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<DayPart>,
    /// The ledger.
    pub assumptions: Vec<AssumptionPart>,
    /// What the price rests on, largest change first.
    pub sensitivities: Vec<SensitivityPart>,
    /// What other requirements would cost: solved, not simulated.
    pub alternatives: Vec<AlternativePart>,
    /// What to know before relying on it.
    pub risks: Vec<RiskPart>,
}

/// Who a document belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Metadata {
    /// What the system is called.
    pub name: Name,
    /// The environment that it is for, when one was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<Name>,
    /// Labels that required-tag rules read.
    pub labels: BTreeMap<String, String>,
    /// Remarks.
    pub annotations: BTreeMap<String, String>,
    /// `sha256:` of this document's text with this field empty.
    pub digest: String,
    /// `sha256:` of what is built and what it costs, whatever the evidence.
    pub plan_digest: String,
}

impl Metadata {
    /// The environment that it is for: the one that was taken of several, or what the label says
    /// where there are none.
    pub fn environment_name(&self) -> Option<&str> {
        let label = || self.labels.get(ENVIRONMENT).map(String::as_str);
        self.environment.as_ref().map(Name::as_str).or_else(label)
    }
}

/// What became of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VerdictPart {
    /// Generators build from a verified plan only.
    pub status: Status,
    /// Whether somebody has to agree first.
    pub approval: Approval,
    /// The plan in one line.
    pub summary: String,
    /// The error that was allowed for the verdict of the last round.
    pub alpha_ppm: u64,
    /// Requests simulated in all scenarios.
    pub requests_simulated: u64,
}

/// Whether somebody has to agree before a plan is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Approval {
    /// No policy asks for one.
    NotRequired,
    /// A policy asks for one, which is a document beside the spec: no spec says of itself that it
    /// is approved.
    Unapproved,
}

/// Where an answer came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProvenancePart {
    /// Program and version.
    pub tool: String,
    /// The command that gives the same answer again.
    pub command: String,
    /// The seed of all random streams.
    pub seed: u64,
    /// The random number generator; absent where nothing was simulated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rng: Option<String>,
    /// `sha256:` of the intent as it was read.
    pub intent_digest: String,
    /// `sha256:` of each policy.
    pub policy_digests: Vec<String>,
    /// The prices and shapes that were bought from.
    pub catalog: CatalogPart,
    /// Who asked for it; absent for a person who was not named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<AuthorPart>,
    /// The plan whose place it takes, if one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<SupersededPart>,
}

/// A catalog by its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CatalogPart {
    /// `sha256:` over its files.
    pub digest: String,
    /// The newest date of a price in it.
    pub as_of: Day,
    /// The oldest price that a line of the bill rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest_price_used: Option<Day>,
}

/// Something that only the owner can supply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InputRequired {
    /// Unique within the spec: `app_image`.
    pub name: String,
    /// What kind of value it is.
    #[serde(rename = "type")]
    pub kind: InputKind,
    /// The service that needs it.
    pub service: Name,
    /// Such a value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
}

/// What kind of value an input is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum InputKind {
    /// A container image.
    Image,
    /// The provider's name of something that exists already.
    Reference,
    /// A name in DNS.
    Hostname,
    /// Where a secret is kept; never the secret itself.
    SecretReference,
}
