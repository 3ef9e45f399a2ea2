//! The command line.

mod governing;
mod judging;
mod reporting;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

pub use governing::{
    ApproveArguments, AuditAction, AuthorWord, Authorship, EmitArguments, FormatWord, Succession,
};
pub use judging::{CheckArguments, DiffArguments, DiffFormat, SimulateArguments, VerifyArguments};
pub use reporting::{ReportArguments, ReportWord};

/// From an outcome to the cheapest cloud topology that a load simulation could not sink.
#[derive(Debug, Parser)]
#[command(
    name = "plimsoll",
    version,
    disable_help_subcommand = true,
    after_help = "Exit codes: 0 verified, or the command did its work; 1 internal fault; 2 usage, \
                  invalid input or I/O; 3 infeasible; 4 refuted or undecided; 5 diff: dearer."
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Find the cheapest topology for an outcome and judge it by simulation.
    Plan(PlanArguments),
    /// The most users, the most nines or the tightest latency that a budget carries.
    Capacity(CapacityArguments),
    /// Why a plan is as it is: what binds, what each requirement costs, what came close.
    Explain(ExplainArguments),
    /// What outcomes cost against each other: designs along uptime, users or latency.
    Frontier(FrontierArguments),
    /// Judge the topology of a spec again, as it was written or changed by hand.
    Verify(VerifyArguments),
    /// Re-compute a spec from itself and the catalog: every cost, count, size and limit in it.
    Check(CheckArguments),
    /// What changed from one spec to another, what it costs and what it comes from.
    Diff(DiffArguments),
    /// Write an approval of a spec, for its signer to sign.
    Approve(ApproveArguments),
    /// Generate files from a spec that is verified and approved.
    Emit(EmitArguments),
    /// Show a spec as a report, as it was when it was planned.
    Report(ReportArguments),
    /// Look at an audit chain.
    Audit {
        /// What to do with it.
        #[command(subcommand)]
        action: AuditAction,
    },
    /// Simulate a queueing model until its mean response time is exact enough.
    Simulate(SimulateArguments),
    /// Print the JSON Schema of a kind of document.
    Schema {
        /// The kind of document.
        kind: SchemaKind,
    },
    /// Print the defaults of an archetype with their sources.
    Archetypes {
        /// Which one; all of them when left out.
        name: Option<String>,
    },
    /// Look at or validate a catalog.
    Catalog {
        /// What to do with it.
        #[command(subcommand)]
        action: CatalogAction,
    },
    /// Explain an error code, such as `intent::unit`.
    Help {
        /// The code, or the name of a command; all codes when left out.
        topic: Option<String>,
    },
}

/// What to plan, and how.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct PlanArguments {
    /// A phrase such as "handle 10k users, 99.9% uptime, 400ms latency", the path of an intent
    /// document, or - for a document on standard input.
    pub intent: String,
    /// A folder with a catalog to buy from instead of the embedded one.
    #[arg(long, value_name = "DIR")]
    pub catalog: Option<PathBuf>,
    /// Write spec.json, report.html, report.md and plots into this folder.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// What to find out about the plan beside it, in the same run: written into the folder of --out
    /// and shown in the report.
    #[arg(
        long = "study",
        value_name = "STUDY",
        value_delimiter = ',',
        requires = "out",
        conflicts_with = "compare"
    )]
    pub studies: Vec<StudyWord>,
    /// Generate from the plan as soon as it is found, as emit does: into the folder of --out, with
    /// the files of the plan; may be given several times. Nothing is generated where the plan does
    /// not hold, or where it has to be approved.
    #[arg(long = "emit", value_name = "FORMAT", requires = "out", conflicts_with = "compare")]
    pub formats: Vec<FormatWord>,
    /// How much the load grows each month, such as 5%, for the study frontier.
    #[arg(long, value_name = "P%", requires = "studies")]
    pub growth: Option<String>,
    /// Overwrite existing files in the folder of --out.
    #[arg(long)]
    pub force: bool,
    /// Print one JSON document: the spec, or why there is none.
    #[arg(long)]
    pub json: bool,
    /// Print the first line only.
    #[arg(short, long, conflicts_with = "json")]
    pub quiet: bool,
    /// The seed of all random streams.
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub seed: u64,
    /// How far the search for the cheapest plan goes: to the first one that holds, or until every
    /// cheaper one is excluded by a certified bound or by simulation.
    #[arg(long, value_name = "EFFORT", default_value = "quick")]
    pub effort: EffortWord,
    /// How latencies are worked out for a proposal: moments added up, an estimate; or a share of
    /// what may be slower for each service, a bound that costs more. Moment, unless a spec was
    /// planned in another form.
    #[arg(long, value_name = "FORM", conflicts_with = "compare")]
    pub latency_form: Option<FormWord>,
    /// Set any part of the intent or any assumption of the ledger.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub settings: Vec<String>,
    /// What must hold beyond the stated load, such as 25%; 0% drops all headroom.
    #[arg(long, value_name = "P%")]
    pub headroom: Option<String>,
    /// The most that the expected bill may be, such as 3000USD/month.
    #[arg(long, value_name = "AMOUNT")]
    pub budget: Option<String>,
    /// A policy that the plan has to keep; may be given several times, and all rules hold.
    #[arg(long = "policy", value_name = "FILE")]
    pub policies: Vec<PathBuf>,
    /// The day on which exceptions of policies are judged, such as 2027-03-31; today when left out.
    #[arg(long, value_name = "DATE")]
    pub on: Option<Date>,
    /// Plan this environment of the intent alone; all of them, each for itself, when left out.
    #[arg(long, value_name = "NAME")]
    pub environment: Option<String>,
    /// Show the best plan of each provider and region side by side; nothing is written.
    #[arg(long, conflicts_with_all = ["out", "effort"])]
    pub compare: bool,
    /// Who asks for it.
    #[command(flatten)]
    pub authorship: Authorship,
    /// What it takes the place of.
    #[command(flatten)]
    pub succession: Succession,
}

/// What can be found out about a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StudyWord {
    /// Why it is as it is, as explain --assumptions tells.
    Explain,
    /// What other users, uptimes and latencies would cost, as frontier tells.
    Frontier,
}

/// How far the search for the cheapest plan goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EffortWord {
    /// To the first plan that holds.
    Quick,
    /// Until every cheaper plan is excluded.
    Full,
}

/// How latencies are worked out for a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FormWord {
    /// The moments of all services are added up, and a distribution is assumed.
    Moment,
    /// Each service keeps to a share of what may be slower, whatever the others do.
    Proof,
}

/// What a command asks about an intent, whatever it asks.
#[derive(Debug, Args)]
pub struct Question {
    /// A phrase such as "handle 10k users, 99.9% uptime, 400ms latency", the path of an intent
    /// document or of a spec, or - for either on standard input.
    pub intent: String,
    /// A folder with a catalog to buy from instead of the embedded one.
    #[arg(long, value_name = "DIR")]
    pub catalog: Option<PathBuf>,
    /// Print one JSON document.
    #[arg(long)]
    pub json: bool,
    /// Print the first line only.
    #[arg(short, long, conflicts_with = "json")]
    pub quiet: bool,
    /// The seed of all random streams; that of the spec, or 1, when left out.
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Set any part of the intent or any assumption of the ledger.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub settings: Vec<String>,
    /// What must hold beyond the stated load, such as 25%; 0% drops all headroom.
    #[arg(long, value_name = "P%")]
    pub headroom: Option<String>,
    /// A policy that every plan has to keep, beside those of a spec; may be given several times.
    #[arg(long = "policy", value_name = "FILE")]
    pub policies: Vec<PathBuf>,
    /// The day on which exceptions of policies are judged; that of the spec, or today, when left
    /// out.
    #[arg(long, value_name = "DATE")]
    pub on: Option<Date>,
    /// Ask about this environment of the intent.
    #[arg(long, value_name = "NAME")]
    pub environment: Option<String>,
}

/// What to vary, and how to show it.
#[derive(Debug, Args)]
pub struct FrontierArguments {
    /// What is asked for.
    #[command(flatten)]
    pub question: Question,
    /// The outcomes that take other values, one after another.
    #[arg(
        long,
        value_name = "OUTCOME",
        value_delimiter = ',',
        default_values = ["uptime", "users"]
    )]
    pub over: Vec<Axis>,
    /// How much the load grows each month, such as 5%: what the next twelve months take.
    #[arg(long, value_name = "P%")]
    pub growth: Option<String>,
    /// Print a table with a row for each point.
    #[arg(long, conflicts_with_all = ["json", "quiet"])]
    pub csv: bool,
    /// Draw the steps into this file, as SVG.
    #[arg(long, value_name = "FILE")]
    pub plot: Option<PathBuf>,
    /// Overwrite the file of --plot.
    #[arg(long)]
    pub force: bool,
    /// The most that the expected bill may be, such as 3000USD/month.
    #[arg(long, value_name = "AMOUNT")]
    pub budget: Option<String>,
}

/// What to explain.
#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// What is asked for.
    #[command(flatten)]
    pub question: Question,
    /// Say why this offer was not bought: an instance type, a node type or a database class.
    #[arg(long, value_name = "NAME")]
    pub offer: Option<String>,
    /// List what half and twice the value of each assumption costs, largest change first.
    #[arg(long)]
    pub assumptions: bool,
    /// The most that the expected bill may be, such as 3000USD/month.
    #[arg(long, value_name = "AMOUNT")]
    pub budget: Option<String>,
}

/// What to spend, and on what.
#[derive(Debug, Args)]
pub struct CapacityArguments {
    /// What is asked for.
    #[command(flatten)]
    pub question: Question,
    /// The most that the bill may be, such as 3000USD/month.
    #[arg(long, value_name = "AMOUNT")]
    pub budget: String,
    /// The outcome of which the budget is to carry the most; what is stated of it is left aside.
    #[arg(long, value_name = "OUTCOME", default_value = "users")]
    pub outcome: Axis,
    /// The bill that the budget limits: the expected one, or that with every autoscaler at its
    /// maximum.
    #[arg(long, value_name = "BILL", default_value = "expected")]
    pub against: Bill,
}

/// A bill that a budget can limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Bill {
    /// The expected one.
    Expected,
    /// Every autoscaler at its maximum, all month.
    Ceiling,
}

/// An outcome that can take other values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Axis {
    /// How many users there are, or requests where those were stated.
    Users,
    /// The uptime.
    Uptime,
    /// Every latency that is stated.
    Latency,
}

impl Axis {
    /// As the command line takes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Uptime => "uptime",
            Self::Latency => "latency",
        }
    }
}

/// Kinds of documents with a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaKind {
    /// What comes out of `approve`.
    Approval,
    /// A line of the file of `--audit`.
    Audit,
    /// What comes out of `emit --to bom`.
    Bom,
    /// What comes out of `capacity`.
    Capacity,
    /// What comes out of `check`.
    Check,
    /// What comes out of `plan --compare`.
    Comparison,
    /// What comes out of `diff`.
    Difference,
    /// What comes out of `plan` of an intent with environments.
    Environments,
    /// What `--json` prints where something is wrong.
    Errors,
    /// What comes out of `explain`.
    Explanation,
    /// What comes out of `frontier`.
    Frontier,
    /// What comes out of `plan` where there is no plan.
    Infeasible,
    /// What goes into `plan`.
    Intent,
    /// What goes into `simulate`.
    Model,
    /// What goes into `plan --policy`.
    Policy,
    /// What comes out of `simulate`.
    Simulation,
    /// What comes out of `plan`.
    Spec,
    /// What comes out of `verify`.
    Verification,
}

/// What to do with a catalog.
#[derive(Debug, Subcommand)]
pub enum CatalogAction {
    /// List the regions with what is known of each.
    List {
        /// A folder with a catalog instead of the embedded one.
        #[arg(long, value_name = "DIR")]
        catalog: Option<PathBuf>,
    },
    /// Read a catalog and report its faults and what deserves a second look.
    Validate {
        /// A folder with a catalog; the embedded one when left out.
        dir: Option<PathBuf>,
    },
}
