//! The answer: a plan with its evidence, or why there is none and what would make one possible.

use crate::demand::Demand;
use crate::intent::Intent;
use crate::offer::Provider;
use crate::plan::{Certainty, Plan};
use crate::policy::{Author, Facts, RuleVerdict, Superseded, environment};
use crate::units::{Margin, MicroDollars};
use crate::verification::{Status, Verification};

/// What came of an intent. Infeasible and refuted are outcomes, not errors.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// There is a plan; its verification says whether it holds.
    Planned(Box<Answer>),
    /// There is none.
    Infeasible(Box<Infeasible>),
}

/// A plan with everything that it was asked for and found out with.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What was asked for.
    pub intent: Intent,
    /// How it was understood.
    pub demand: Demand,
    /// What to build.
    pub plan: Plan,
    /// The evidence.
    pub verification: Verification,
    /// Every plan that was judged, the last one included.
    pub rounds: Vec<Round>,
    /// What the load would cost at its other readings: solved, not simulated.
    pub other_readings: Vec<Alternative>,
    /// What the answer costs under other requirements: solved, not simulated.
    pub alternatives: Vec<Alternative>,
    /// What the price rests on: each at 120% of its value, largest change first.
    pub sensitivities: Vec<Sensitivity>,
    /// What to know before relying on it.
    pub risks: Vec<Risk>,
    /// What became of each rule of the policies, in their order.
    pub policy: Vec<RuleVerdict>,
    /// Where it came from.
    pub provenance: Provenance,
}

impl Answer {
    /// The verdict of the simulation.
    pub const fn status(&self) -> Status {
        self.verification.status
    }

    /// What reviews ask about it.
    pub fn facts(&self) -> Facts<'_> {
        Facts {
            environment: environment(&self.intent),
            author: &self.provenance.author,
            expected: self.plan.bill.totals().expected,
            before: self.provenance.supersedes.as_ref().map(|earlier| earlier.expected),
        }
    }
}

/// A plan that was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// The plan in words.
    pub plan: String,
    /// Its expected bill.
    pub cost: MicroDollars,
    /// The check that refuted it or that stayed undecided.
    pub objection: Option<String>,
    /// What was cut off with it: `dominance`, `no-good` or `service`.
    pub cut: Option<&'static str>,
}

/// A question that differs in one respect, and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    /// A stable identifier: `reading:daily_active`, `headroom:0`, `latency:p99`.
    pub id: String,
    /// In words: "at 30 s between pages".
    pub text: String,
    /// The cheapest plan's expected bill; `None` when there is none.
    pub cost: Option<MicroDollars>,
}

/// How much an assumption moves the price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sensitivity {
    /// The name in the ledger.
    pub name: String,
    /// What the expected bill changes by at 120% of the value; `None` when no plan is left.
    pub change: Option<Margin>,
}

/// Something to know before relying on a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Risk {
    /// A stable identifier: `cache-lost`, `stale-price`.
    pub id: String,
    /// How much it matters.
    pub severity: Severity,
    /// In one sentence.
    pub text: String,
}

/// How much a risk matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// An outcome fails when it happens.
    High,
    /// A number may be off.
    Medium,
    /// Good to know.
    Low,
}

impl Severity {
    /// As the spec writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}

/// Where an answer came from; no wall clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// Program and version.
    pub tool: String,
    /// The command that gives the same answer again.
    pub command: String,
    /// The seed of all random streams.
    pub seed: u64,
    /// `sha256:` of the intent as it was read.
    pub intent_digest: String,
    /// `sha256:` of each policy that it was planned under.
    pub policy_digests: Vec<String>,
    /// `sha256:` of the catalog.
    pub catalog_digest: String,
    /// The newest date of a price in the catalog.
    pub catalog_as_of: jiff::civil::Date,
    /// Who asked for it.
    pub author: Author,
    /// The plan whose place it takes.
    pub supersedes: Option<Superseded>,
}

/// Why no plan carries an intent.
#[derive(Debug, Clone, PartialEq)]
pub struct Infeasible {
    /// What was asked for.
    pub intent: Intent,
    /// How it was understood.
    pub demand: Demand,
    /// In one sentence.
    pub headline: String,
    /// What the headline rests on, in a few lines of plain words; may be empty.
    pub details: Vec<String>,
    /// The smallest set that cannot hold together, whatever else is asked; any fewer of them can.
    pub conflict: Vec<ConflictPart>,
    /// How sure it is that there is none.
    pub certainty: Certainty,
    /// Regions and providers that were looked at.
    pub searched: Vec<(Provider, u32)>,
    /// What would make it possible, nearest first; each planned and verified.
    pub relaxations: Vec<Relaxation>,
    /// Outcomes whose relaxation alone does not help.
    pub no_help: Vec<String>,
    /// Where it came from.
    pub provenance: Provenance,
}

/// One of the things that cannot hold together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConflictPart {
    /// `users`, `uptime`, `latency`, `budget`, `placement`, `operations`, `pins`, `headroom`, or
    /// `policy rule` with the name of the rule.
    pub name: String,
    /// As it was stated.
    pub stated: String,
    /// What follows from it.
    pub because: String,
}

/// A change that makes a plan possible.
#[derive(Debug, Clone, PartialEq)]
pub struct Relaxation {
    /// What to change, mostly one thing.
    pub changes: Vec<Change>,
    /// The plan's expected bill.
    pub cost: MicroDollars,
    /// The verdict on that plan.
    pub status: Status,
    /// `sha256:` of that plan.
    pub plan_digest: String,
    /// That plan in words.
    pub plan: String,
    /// The last value on the way that is certain not to help: up to it no plan can do. `None`
    /// where nothing was tried in between, or several things change.
    pub useless: Option<String>,
}

/// One thing changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// `users`, `uptime`, `latency p95`, `budget`, `operations` …
    pub name: String,
    /// As it was stated.
    pub from: String,
    /// As it would have to be.
    pub to: String,
}
