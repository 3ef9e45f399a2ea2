//! What is judged, and how: specs, and models of queues.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// What to verify, and how.
#[derive(Debug, Args)]
pub struct VerifyArguments {
    /// The path of a spec, or - for a spec on standard input.
    pub spec: String,
    /// Put the load of a recorded day in place of the stated one: a CSV file of moments and counts
    /// (`timestamp,requests`) or rates (`seconds,requests_per_second`).
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
    /// A folder with the catalog to look regions and instance types up in, instead of the embedded
    /// one.
    #[arg(long, value_name = "DIR")]
    pub catalog: Option<PathBuf>,
    /// Run this scenario only, as if the outcome demanded it; may be given several times.
    #[arg(long = "scenario", value_name = "NAME")]
    pub scenarios: Vec<String>,
    /// Print one JSON document: every check, scenario and point of the load curve.
    #[arg(long)]
    pub json: bool,
    /// Print the first line only.
    #[arg(short, long, conflicts_with = "json")]
    pub quiet: bool,
    /// The seed of all random streams; that of the spec when left out.
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
}

/// What to check, and how.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// The path of a spec, or - for a spec on standard input.
    pub spec: String,
    /// A folder with the catalog that the spec was made from, instead of the embedded one.
    #[arg(long, value_name = "DIR")]
    pub catalog: Option<PathBuf>,
    /// Print one JSON document: what does not hold, and what could not be checked.
    #[arg(long)]
    pub json: bool,
    /// Print the first line only.
    #[arg(short, long, conflicts_with = "json")]
    pub quiet: bool,
}

/// What to compare, and how.
#[derive(Debug, Args)]
pub struct DiffArguments {
    /// The path of the older spec, or - for one on standard input.
    pub from: String,
    /// The path of the newer spec, or - for one on standard input.
    pub to: String,
    /// How it is said.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: DiffFormat,
    /// Print one JSON document: every change, the bill and the causes.
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    /// Print the first line only.
    #[arg(short, long, conflicts_with_all = ["json", "format"])]
    pub quiet: bool,
}

/// How a difference is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// For a terminal.
    Text,
    /// A comment on a pull request.
    Markdown,
}

/// What to simulate, and how.
#[derive(Debug, Args)]
pub struct SimulateArguments {
    /// The path of a model document, or - for one on standard input.
    pub model: String,
    /// Write result.json and plots into this folder.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Overwrite existing files in the folder of --out.
    #[arg(long)]
    pub force: bool,
    /// Print one JSON document.
    #[arg(long)]
    pub json: bool,
    /// Print the first line only.
    #[arg(short, long, conflicts_with = "json")]
    pub quiet: bool,
    /// The seed of all random streams.
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub seed: u64,
}
