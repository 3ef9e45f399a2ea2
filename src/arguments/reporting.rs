//! The arguments of `plimsoll report`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// What to show, and how.
#[derive(Debug, Args)]
pub struct ReportArguments {
    /// The path of a spec as it was written, or - for one on standard input.
    pub spec: String,
    /// Write into this folder, or into this file where it ends in .html, .md or .txt.
    #[arg(long, value_name = "DIR|FILE")]
    pub out: Option<PathBuf>,
    /// The form; that of the file, else html where --out is given, and text where it is not.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<ReportWord>,
    /// Show what explain, frontier or capacity found out as well: a document that they print
    /// with --json; one of each may be given, and of frontiers one with --growth beside one
    /// without.
    #[arg(long = "with", value_name = "FILE")]
    pub studies: Vec<PathBuf>,
    /// Report on a plan that was refuted, or that could not be decided.
    #[arg(long)]
    pub unverified: bool,
    /// Overwrite existing files.
    #[arg(long)]
    pub force: bool,
}

/// A form of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportWord {
    /// One self-contained page.
    Html,
    /// Markdown, with plots beside it.
    Md,
    /// The verdict as a terminal shows it.
    Text,
}
