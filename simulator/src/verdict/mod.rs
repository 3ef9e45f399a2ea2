//! The verdict: objectives as exceedance proportions, tested at a few looks at a growing number of
//! independent trials.
//!
//! # The rule
//! A latency objective "p95 within 400 ms" is the claim that at most 5% of the requests take longer
//! or fail; a goodput objective, that at most so many fail. Each trial is an independent run from
//! its own streams; it starts empty, and the requests of its warm-up are not observed. With x of n
//! requests over the limit, summed over R trials, the share is p = x/n. Its standard error is the
//! largest of three:
//! - that of the ratio estimator over trials;
//! - the same for the slowest p₀ of all the requests seen, p₀ being the allowed share. Slow
//!   requests come in clusters; a sample with few clusters over the limit has a low p *and* a low
//!   estimate of its error, and would pass far too often (a third of the runs of an M/M/1 queue at
//!   90% whose p99 is exactly at its limit). The slowest p₀ are as clustered, and always there;
//! - that of independent requests at exactly p₀, √(p₀(1 − p₀)/n): an x of 0 proves no more.
//!
//! Looks are taken after 12, 18, 27, 41 … trials. Look k spends α·6/(π²k²) of the error that the
//! round is allowed; over all looks that is at most α.
//! - *Pass*: p plus t standard errors lies below the allowed share, t being the quantile of
//!   Student's distribution at that look's error. A plan is verified when every demanded check
//!   passes, so the error of a false *verified* is that of a single check (an intersection-union
//!   test; Berger 1982), whatever the number of checks.
//! - *Fail*: p minus t standard errors lies above the allowed share, with the error divided by the
//!   number of demanded checks (Bonferroni): a plan is refuted when any of them fails.
//! - *Undecided*: neither, and the interval has become narrower than the indifference zone of 1% of
//!   the allowed share to either side, or the next look would take more requests than allowed.
//!
//! The interval that is shown with a check is that of its last look, and for a latency the
//! latencies at its two ends: it lies within the objective where the check passes, and beyond it
//! where it fails. Widened as above, it covers more than 95%.

mod answer;
mod pace;
mod sequential;
mod spending;

pub use sequential::{Judgement, Objective, Settings as JudgeSettings, judge};

pub(crate) use answer::{Answer, bounded};
pub(crate) use pace::{Pace, WARM_UP_RELAXATIONS};
pub(crate) use sequential::{Decided, Effort, Question, decide};
pub(crate) use spending::Spending;
