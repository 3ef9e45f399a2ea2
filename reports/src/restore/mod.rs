//! What a spec says, as the nouns that it was written from: [`restore`] brings back enough of them
//! to judge its topology again, without the ledger, because nothing is worked out from it;
//! [`answer`] brings back all of them, to show them again.
//!
//! Every number comes back as fine as the spec keeps it, so what is brought back and written again
//! is the same spec.

mod answer;
mod cdn;
mod demand;
mod evidence;
mod faults;
mod hours;
mod lookup;
mod network;
mod plan;
mod ranges;
mod topology;

use std::fmt;

use domain::catalog::Catalog;
use domain::demand::Demand;
use domain::name::Name;
use domain::spec::Spec;
use domain::topology::Topology;
use domain::units::{Ratio, Seconds};
use miette::Diagnostic;
use thiserror::Error;

pub use answer::answer;

/// Instances of one service in one zone beyond which a spec is no plan of anybody.
const INSTANCES_MAX: u32 = 100_000;

/// What a spec describes.
#[derive(Debug, Clone, PartialEq)]
pub struct Described {
    /// What must be carried.
    pub demand: Demand,
    /// What carries it.
    pub topology: Topology,
}

/// Why a spec in the right form means nothing.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum RestoreFault {
    /// It names something that is not there.
    #[error("`{place}` names {what} `{name}`, which the spec does not have")]
    #[diagnostic(code(spec::dangling), help("name one that the spec lists, or take it out"))]
    Dangling {
        /// Where.
        place: String,
        /// A service, a class or a zone.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// It names something that the catalog does not have.
    #[error("`{place}` names {what} `{name}`, which the catalog does not have")]
    #[diagnostic(code(spec::unknown), help("{help}"))]
    Unknown {
        /// Where.
        place: String,
        /// A region or an instance type.
        what: &'static str,
        /// The name.
        name: String,
        /// What it may have been meant for.
        help: String,
    },
    /// A number is outside its range.
    #[error("`{place}` is {number}, which is no {what}")]
    #[diagnostic(code(spec::range), help("write a number within the range of what it counts"))]
    Range {
        /// Where.
        place: String,
        /// What it should be.
        what: &'static str,
        /// As it stands there.
        number: u64,
    },
    /// Two places say different things of the same.
    #[error("`{place}` says {found}, and the offers of the service add up to {expected}")]
    #[diagnostic(
        code(spec::contradiction),
        help("what runs is what `offers` say: change them, and the sums beside them")
    )]
    Contradiction {
        /// Where.
        place: String,
        /// What it says.
        found: u64,
        /// What the offers say.
        expected: u64,
    },
    /// It says other than what it is a copy of.
    #[error("`{place}` says {found}, and {beside} says {expected}")]
    #[diagnostic(code(spec::contradiction), help("change both, or neither"))]
    Copy {
        /// Where.
        place: String,
        /// What it says.
        found: u64,
        /// What it is a copy of.
        beside: String,
        /// What that says.
        expected: u64,
    },
    /// Two lists that belong together do not.
    #[error("`{place}` has {found} entries for {expected} of `{beside}`")]
    #[diagnostic(code(spec::lists), help("give one entry for each"))]
    Lists {
        /// Where.
        place: String,
        /// How many entries it has.
        found: usize,
        /// The list that it belongs to.
        beside: &'static str,
        /// How many entries that has.
        expected: usize,
    },
}

/// All faults of a spec.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
#[error("the spec has {} {}", faults.len(), if faults.len() == 1 { "fault" } else { "faults" })]
#[diagnostic(code(spec::meaning), help("each is told with its place"))]
pub struct RestoreFaults {
    /// In the order of the document.
    #[related]
    pub faults: Vec<RestoreFault>,
}

/// Brings back what a spec describes; regions and instance types are looked up in a catalog, where
/// there is one.
///
/// # Errors
/// When it names what it or the catalog does not have, or a number has no meaning; all such faults
/// at once.
pub fn restore(spec: &Spec, catalog: Option<&Catalog>) -> Result<Described, RestoreFaults> {
    let mut reader = Reader { spec, faults: Vec::new() };
    let demand = reader.demand();
    let topology = reader.topology();
    reader.network();
    reader.ranges();
    if let Some(catalog) = catalog {
        reader.look_up(catalog);
    }
    if reader.faults.is_empty() {
        Ok(Described { demand, topology })
    } else {
        Err(RestoreFaults { faults: reader.faults })
    }
}

/// A spec and what was found amiss in it. Where something is amiss a stand-in is returned, so that
/// the rest is looked at as well; with a fault nothing of it is used.
struct Reader<'a> {
    spec: &'a Spec,
    faults: Vec<RestoreFault>,
}

impl Reader<'_> {
    fn out_of_range(&mut self, place: impl fmt::Display, what: &'static str, number: u64) {
        self.faults.push(RestoreFault::Range { place: place.to_string(), what, number });
    }

    /// Whether a number is the one that it is a copy of.
    fn same(&mut self, place: String, found: u64, (beside, expected): (&str, u64)) {
        if found != expected {
            let beside = beside.to_owned();
            self.faults.push(RestoreFault::Copy { place, found, beside, expected });
        }
    }

    /// A share of a whole.
    fn ratio(&mut self, place: impl fmt::Display, ppm: u64) -> Ratio {
        Ratio::new(millionths(ppm)).unwrap_or_else(|_| {
            self.out_of_range(place, "share of a million", ppm);
            Ratio::ZERO
        })
    }

    /// A number that is small for what it counts.
    fn small<T: TryFrom<u64> + Default>(
        &mut self,
        place: impl fmt::Display,
        what: &'static str,
        number: u64,
    ) -> T {
        T::try_from(number).unwrap_or_else(|_| {
            self.out_of_range(place, what, number);
            T::default()
        })
    }

    /// The place of a name in a list.
    fn place_of(
        &mut self,
        place: impl fmt::Display,
        what: &'static str,
        name: &Name,
        mut list: impl Iterator<Item = Name>,
    ) -> usize {
        list.position(|known| known == *name).unwrap_or_else(|| {
            let name = name.to_string();
            self.faults.push(RestoreFault::Dangling { place: place.to_string(), what, name });
            0
        })
    }

    /// Whether a list has as many entries as another.
    fn same_length(
        &mut self,
        place: impl fmt::Display,
        found: usize,
        (beside, expected): (&'static str, usize),
    ) {
        if found != expected {
            let place = place.to_string();
            self.faults.push(RestoreFault::Lists { place, found, beside, expected });
        }
    }
}

/// A number of millionths.
fn millionths(number: u64) -> f64 {
    number as f64 / 1e6
}

/// A time in microseconds.
fn time(micros: u64) -> Seconds {
    Seconds::of(millionths(micros))
}
