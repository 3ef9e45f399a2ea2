//! Who asks and who agrees, what is generated, and where it is recorded.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use domain::policy::AuthorKind;
use jiff::civil::Date;
use reports::emit::Format;

/// Who asks.
#[derive(Debug, Args)]
pub struct Authorship {
    /// Who asks for it, mostly an e-mail address; nobody may approve a plan of their own.
    #[arg(long, value_name = "NAME")]
    pub author: Option<String>,
    /// Whether a person asks, or a program that acts for one.
    #[arg(long, value_name = "KIND", default_value = "human")]
    pub author_kind: AuthorWord,
}

/// What a plan takes the place of.
#[derive(Debug, Args)]
pub struct Succession {
    /// The spec of the plan whose place this one takes, so that an increase of the bill can be
    /// judged.
    #[arg(long, value_name = "SPEC")]
    pub supersedes: Option<PathBuf>,
    /// Add a line to this audit chain.
    #[arg(long, value_name = "FILE", conflicts_with = "compare")]
    pub audit: Option<PathBuf>,
}

/// A person or a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AuthorWord {
    /// A person.
    Human,
    /// A program that acts for somebody.
    Agent,
}

impl AuthorWord {
    /// As policies and specs have it.
    pub const fn kind(self) -> AuthorKind {
        match self {
            Self::Human => AuthorKind::Human,
            Self::Agent => AuthorKind::Agent,
        }
    }
}

/// What to approve.
#[derive(Debug, Args)]
pub struct ApproveArguments {
    /// The path of a spec as it was written, or - for one on standard input.
    pub spec: String,
    /// Who approves: the name of a signer in a policy.
    #[arg(long, value_name = "NAME")]
    pub by: String,
    /// The review that it is for; may be given several times. All that the signer may speak for,
    /// when left out.
    #[arg(long = "review", value_name = "ID")]
    pub reviews: Vec<String>,
    /// The role in which it is given; all roles of the signer when left out.
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
    /// The last day on which it counts.
    #[arg(long, value_name = "DATE")]
    pub until: Date,
    /// The day on which it is given; today when left out.
    #[arg(long, value_name = "DATE")]
    pub on: Option<Date>,
    /// Write the approval into this file.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// A policy with signers and reviews, beside those of the spec; may be given several times.
    #[arg(long = "policy", value_name = "FILE")]
    pub policies: Vec<PathBuf>,
    /// Overwrite the file of --out.
    #[arg(long)]
    pub force: bool,
    /// Add a line to this audit chain.
    #[arg(long, value_name = "FILE")]
    pub audit: Option<PathBuf>,
}

/// What to generate.
#[derive(Debug, Args)]
pub struct EmitArguments {
    /// The path of a spec as it was written, or - for one on standard input.
    pub spec: String,
    /// The format; may be given several times.
    #[arg(long = "to", value_name = "FORMAT", required = true)]
    pub formats: Vec<FormatWord>,
    /// Write into this folder.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// An approval, with its signature in the file of that name and .sig; may be given several
    /// times.
    #[arg(long = "approval", value_name = "FILE")]
    pub approvals: Vec<PathBuf>,
    /// A policy that holds beside those of the spec; may be given several times. Where one lists
    /// signers, only those of the policies given here count.
    #[arg(long = "policy", value_name = "FILE")]
    pub policies: Vec<PathBuf>,
    /// The day on which it is built; today when left out.
    #[arg(long, value_name = "DATE")]
    pub on: Option<Date>,
    /// A folder with the catalog that the spec was made from, instead of the embedded one.
    #[arg(long, value_name = "DIR")]
    pub catalog: Option<PathBuf>,
    /// Generate from a plan that was refuted, or that could not be decided.
    #[arg(long)]
    pub unverified: bool,
    /// Overwrite existing files in the folder of --out; the answers in kubernetes/inputs.yaml are
    /// kept.
    #[arg(long)]
    pub force: bool,
    /// Who asks.
    #[command(flatten)]
    pub authorship: Authorship,
    /// Add a line to this audit chain.
    #[arg(long, value_name = "FILE")]
    pub audit: Option<PathBuf>,
}

/// A format that can be generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FormatWord {
    /// Every resource with its tags, encryption and backup, as JSON for policy engines.
    Bom,
    /// The cloud's own alarm for the bill, in Terraform.
    Budget,
    /// The expected bill of a month in the columns of FOCUS 1.2, as CSV.
    Focus,
    /// The load that was simulated, as a k6 script with the objectives as thresholds.
    K6,
    /// The programs of the plan in a cluster, as manifests for Kubernetes.
    Kubernetes,
    /// The objectives as OpenSLO documents.
    Openslo,
    /// Alerting rules for Prometheus, with what the simulation saw hold.
    Alerts,
    /// What is to be built, as a root module of Terraform for AWS.
    TerraformAws,
    /// What is to be built, as a root module of Terraform for Azure.
    TerraformAzure,
    /// What is to be built, as a root module of Terraform for Google Cloud.
    TerraformGoogle,
}

impl FormatWord {
    /// What it stands for.
    pub const fn format(self) -> Format {
        match self {
            Self::Bom => Format::Bom,
            Self::Budget => Format::Budget,
            Self::Focus => Format::Focus,
            Self::K6 => Format::K6,
            Self::Kubernetes => Format::Kubernetes,
            Self::Openslo => Format::Openslo,
            Self::Alerts => Format::Alerts,
            Self::TerraformAws => Format::TerraformAws,
            Self::TerraformAzure => Format::TerraformAzure,
            Self::TerraformGoogle => Format::TerraformGoogle,
        }
    }
}

/// What to do with an audit chain.
#[derive(Debug, Subcommand)]
pub enum AuditAction {
    /// Find a line that was cut out, changed or moved.
    Verify {
        /// The file of the chain.
        file: PathBuf,
        /// The hash that its last line must have: a chain alone cannot show that its end is
        /// missing.
        #[arg(long, value_name = "HASH")]
        expect_last: Option<String>,
        /// How many lines it must have.
        #[arg(long, value_name = "N")]
        lines: Option<u64>,
    },
}
