//! Statistics: mergeable histograms, intervals over trials, and what a run showed.

mod calls;
mod histogram;
mod interval;
mod run;
mod summary;

pub use histogram::{CoarseHistogram, Histogram};
pub(crate) use interval::CONFIDENCE;
pub use interval::Estimate;
pub(crate) use run::trials;
pub use run::{Experiment, Statistics, VisitCounts, run};
pub(crate) use summary::{Quantile, Summary, TrialRecord, busiest};
