//! Why the program could not answer, and with which exit code it says so.

use std::path::PathBuf;

use catalogs::CatalogFaults;
use domain::intent::Faults;
use domain::name::Name;
use domain::policy::Refusals;
use domain::spec::SpecFault;
use miette::Diagnostic;
use reports::restore::RestoreFaults;
use simulator::SimulatorFault;

use crate::approvals::ApprovalFaults;
use crate::chain::ChainFault;
use crate::emission::EmitFault;
use crate::planning::PlanningError;
use crate::studies::WithFaults;
use crate::trace::TraceFaults;

/// Everything that keeps the program from answering. Infeasible and refuted are answers.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum Failure {
    /// The intent or the model cannot be read.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Intent(#[from] Faults),
    /// One environment of the intent cannot be planned for.
    #[error("environment {name} of the intent cannot be planned for")]
    #[diagnostic(help("that is in environment {name}"))]
    InEnvironment {
        /// Which.
        name: Name,
        /// Why.
        #[related]
        cause: Vec<Failure>,
    },
    /// The intent has several environments, and the command answers for one.
    #[error("the intent has several environments, and this command answers for one")]
    #[diagnostic(code(cli::environments), help("add --environment with one of {names}"))]
    Environments {
        /// Their names.
        names: String,
    },
    /// Policies refuse the intent.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Refused(#[from] Refusals),
    /// Approvals do not count.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Approvals(#[from] ApprovalFaults),
    /// Nothing may be built from the spec.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Emit(#[from] EmitFault),
    /// A format has no way to say what the spec holds.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Unsupported(#[from] reports::emit::Unsupported),
    /// What somebody answered would be written over.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Answers(#[from] reports::emit::Lost),
    /// The audit chain does not hold.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Chain(#[from] ChainFault),
    /// What a policy lists as a key is none.
    #[error("the key of signer {name} ({place}) is not one")]
    #[diagnostic(code(policy::key), help("copy the whole line of the signer's .pub file"))]
    SignerKey {
        /// Whose.
        name: String,
        /// Where the signer stands.
        place: String,
    },
    /// The policies in the spec are not those that it was planned under.
    #[error("the policies in the spec are not those that it was planned under")]
    #[diagnostic(
        code(spec::other_policies),
        help("plan again, or give the phrase or the document itself with its policies")
    )]
    OtherPolicies,
    /// The catalog cannot be used.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Catalog(#[from] CatalogFaults),
    /// The folder of `--catalog` is not that of a catalog.
    #[error("{} holds no catalog: there is no catalog.toml in it", path.display())]
    #[diagnostic(
        code(catalog::none),
        help("give the folder of a catalog, or leave it out for the embedded one")
    )]
    NoCatalog {
        /// Which.
        path: PathBuf,
    },
    /// A file is no spec that can be read.
    #[error("{file}: {cause}")]
    #[diagnostic(forward(cause))]
    Spec {
        /// Which.
        file: String,
        /// What is wrong with it.
        cause: SpecFault,
    },
    /// The spec does not say what it was planned from.
    #[error("the spec does not hold the intent that it was planned from")]
    #[diagnostic(
        code(spec::no_intent),
        help("plan again with this version, or give the phrase or the document itself")
    )]
    NoIntent,
    /// The intent in the spec is not the one that was planned.
    #[error("the intent in the spec is not the one that it was planned from")]
    #[diagnostic(
        code(spec::other_intent),
        help("plan again, or give the phrase or the document itself")
    )]
    OtherIntent,
    /// The spec was changed after it was planned, and what is asked rests on what was planned.
    #[error("the spec was changed after it was planned, so it is not the answer to its intent")]
    #[diagnostic(
        code(spec::edited),
        help(
            "judge what was changed with plimsoll verify; to ask further, give the spec as it was \
              written, or the phrase or the document itself"
        )
    )]
    EditedSpec,
    /// The spec is not byte for byte as it was written.
    #[error("{file} is not as it was written: it states the digest {stated} and has {found}")]
    #[diagnostic(
        code(spec::changed),
        help("give the spec as plimsoll wrote it, or plan again; approvals are for those bytes")
    )]
    ChangedSpec {
        /// Which.
        file: String,
        /// The digest in it.
        stated: String,
        /// The digest of it.
        found: String,
    },
    /// A plan cannot take the place of that of something else.
    #[error("this plan is for {own}, and the spec of --supersedes for {before}")]
    #[diagnostic(code(plan::supersedes), help("{help}"))]
    Succession {
        /// The system and its environment.
        own: String,
        /// Those of the earlier spec.
        before: String,
        /// What to do.
        help: String,
    },
    /// The spec was planned from other prices.
    #[error("the spec was planned from another catalog: its prices are of {theirs}, not {ours}")]
    #[diagnostic(
        code(spec::other_catalog),
        help("give the folder of that catalog with --catalog, or plan again with this one")
    )]
    OtherCatalog {
        /// The newest date of a price in the spec's catalog.
        theirs: jiff::civil::Date,
        /// The newest date of a price in the catalog at hand.
        ours: jiff::civil::Date,
    },
    /// What the spec says means nothing.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Described(#[from] RestoreFaults),
    /// Studies are not about the plan of the spec.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Studies(#[from] WithFaults),
    /// The trace cannot be read.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Trace(#[from] TraceFaults),
    /// What a spec or a model describes cannot be simulated.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Simulator(#[from] SimulatorFault),
    /// There is no answer to a sound question.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Planning(#[from] PlanningError),
    /// A file or folder cannot be read.
    #[error("{} cannot be read: {cause}", path.display())]
    #[diagnostic(code(io::read), help("check the path and its permissions"))]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// A file holds something else than text.
    #[error("{} is not UTF-8 text", path.display())]
    #[diagnostic(code(io::encoding), help("save it as UTF-8"))]
    Encoding {
        /// Which.
        path: PathBuf,
    },
    /// A file is larger than any document of its kind.
    #[error("{} is larger than {} MiB", path.display(), limit >> 20)]
    #[diagnostic(code(io::size), help("no intent, catalog or spec of use is as large"))]
    Size {
        /// Which.
        path: PathBuf,
        /// The limit.
        limit: u64,
    },
    /// The folder of `--out` cannot be written to.
    #[error("{} cannot be written: {cause}", path.display())]
    #[diagnostic(code(io::write), help("choose a folder that you may write to"))]
    Write {
        /// Which file or folder.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// The result cannot be written to standard output.
    #[error("standard output cannot be written: {cause}")]
    #[diagnostic(
        code(io::output),
        help("the result is lost: free some space, or send it somewhere else")
    )]
    Print {
        /// Why.
        cause: std::io::Error,
    },
    /// A file of the answer exists already.
    #[error("{} exists already", path.display())]
    #[diagnostic(code(io::exists), help("choose another folder, or overwrite with --force"))]
    Exists {
        /// Which.
        path: PathBuf,
    },
    /// A plot could not be drawn.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Plot(#[from] reports::plots::PlotFault),
    /// The arguments are not those of a command.
    #[error("{message}")]
    #[diagnostic(code(cli::usage), help("{help}"))]
    Usage {
        /// What is wrong with them.
        message: String,
        /// What would be right.
        help: String,
    },
    /// A code or archetype that is not known.
    #[error("`{name}` is not {what}")]
    #[diagnostic(code(cli::unknown), help("{help}"))]
    Unknown {
        /// What was asked for.
        name: String,
        /// What it should have been.
        what: &'static str,
        /// What there is.
        help: String,
    },
}

/// What an exit code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The plan is verified, or the command did its work.
    Verified,
    /// A fault of the program.
    Internal,
    /// Usage, invalid input, or a file that cannot be read or written.
    Invalid,
    /// There is no plan.
    Infeasible,
    /// The plan was refuted, or could not be decided.
    Refuted,
    /// A newer plan costs more than an older one.
    Dearer,
}

impl Exit {
    /// The code that the process ends with.
    pub const fn code(self) -> u8 {
        match self {
            Self::Verified => 0,
            Self::Internal => 1,
            Self::Invalid => 2,
            Self::Infeasible => 3,
            Self::Refuted => 4,
            Self::Dearer => 5,
        }
    }
}

impl Failure {
    /// The exit code for it.
    pub const fn exit(&self) -> Exit {
        match self {
            Self::Plot(_) => Exit::Internal,
            _ => Exit::Invalid,
        }
    }
}
