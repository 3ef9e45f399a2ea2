//! What a later verification of a spec was about, and what it found.

use domain::units::{RequestsPerSecond, Seconds};
use domain::verification::Verification;

use crate::restore::Described;

/// A spec that was judged again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged<'a> {
    /// What the spec describes, with the load that it was judged by.
    pub described: &'a Described,
    /// The digest that the spec carries.
    pub spec_digest: &'a str,
    /// The recorded load in place of the stated one, if there was one.
    pub trace: Option<&'a Recorded>,
    /// Whether regions and instance types were looked up in the catalog that the spec was made
    /// from, or in one that was given.
    pub looked_up: bool,
    /// What was found.
    pub found: &'a Verification,
}

/// A recorded load.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// Its file.
    pub file: String,
    /// `sha256:` of that.
    pub digest: String,
    /// From its first row to the end of its last one.
    pub length: Seconds,
    /// Its busiest minute.
    pub peak: RequestsPerSecond,
    /// The mean of the day that was taken of it.
    pub mean: RequestsPerSecond,
    /// How bursty it is within a minute, as an index of dispersion: 1 where it is like a Poisson
    /// stream. None where its rows are too far apart to tell.
    pub dispersion: Option<f64>,
}
