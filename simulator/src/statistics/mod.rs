//! Statistics: mergeable histograms, intervals over trials, and what a run showed.

mod calls;
mod compare;
mod controls;
mod figure;
mod histogram;
mod interval;
mod messages;
mod run;
mod summary;
mod tail;

pub use compare::{Comparison, Difference, compare};
pub use controls::Controls;
pub use figure::Figure;
pub use histogram::{CoarseHistogram, Histogram, LogLinear};
pub(crate) use interval::CONFIDENCE;
pub use interval::{Estimate, Interval};
pub use messages::late_messages;
pub(crate) use run::trials;
pub use run::{Experiment, Statistics, VisitCounts, run};
pub(crate) use summary::{Quantile, Summary, TrialRecord, busiest};
pub use tail::{LADDER, TailPoint};
