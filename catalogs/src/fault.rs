//! What can be wrong with the files of a catalog: all faults at once, each with its place.

use std::fmt;

use miette::{Diagnostic, LabeledSpan, SourceCode};

use crate::place::Place;

/// No more faults than this are kept with their text; the rest are counted.
const KEPT: usize = 200;

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultKind {
    /// A file that every catalog needs is not there.
    #[error("there is no such file")]
    MissingFile,
    /// A file is not one that a catalog has.
    #[error("this is not a file of a catalog")]
    UnknownFile,
    /// A file, or all of them, are larger than any catalog.
    #[error("{bytes} bytes are more than the {limit} that are read")]
    FileTooLarge {
        /// How large it is.
        bytes: usize,
        /// How large it may be.
        limit: usize,
    },
    /// There are more rows than any catalog has.
    #[error("there are more than {limit} rows")]
    TooManyRows {
        /// How many there may be.
        limit: usize,
    },
    /// A TOML file cannot be read.
    #[error("{message}")]
    Document {
        /// Why not.
        message: String,
    },
    /// The columns are not those of this kind of file.
    #[error("the columns are not those of this file")]
    Columns {
        /// What the first line must be.
        expected: String,
    },
    /// A line is not a row.
    #[error("{message}")]
    Row {
        /// Why not.
        message: String,
    },
    /// A cell that must hold something is empty.
    #[error("{column} is empty")]
    Empty {
        /// Its column.
        column: &'static str,
    },
    /// A cell is not a quantity of its column.
    #[error("{column} {text:?} {why}")]
    Quantity {
        /// Its column.
        column: &'static str,
        /// What it holds.
        text: String,
        /// Why that is none.
        why: String,
    },
    /// A cell is not one of the words of its column.
    #[error("{column} {text:?} is none of {allowed}")]
    Word {
        /// Its column.
        column: &'static str,
        /// What it holds.
        text: String,
        /// What it may hold.
        allowed: String,
    },
    /// A cell is not a date.
    #[error("{column} {text:?} is not a date")]
    Date {
        /// Its column.
        column: &'static str,
        /// What it holds.
        text: String,
    },
    /// A date lies after the day of the catalog.
    #[error("{column} {date} is after {as_of}, the day of the catalog")]
    Future {
        /// Its column.
        column: &'static str,
        /// The date.
        date: String,
        /// The day of the catalog.
        as_of: String,
    },
    /// A price without its basis or date, or these without a price.
    #[error("{column} must have a price, a basis and a date, or none of them")]
    IncompletePrice {
        /// The column of the price.
        column: &'static str,
    },
    /// Two rows are about the same thing.
    #[error("{what} is there twice")]
    Duplicate {
        /// What they are about.
        what: String,
    },
    /// Rows are not sorted, so that changes could not be read from a comparison.
    #[error("{what} stands after {before}")]
    Order {
        /// What the row is about.
        what: String,
        /// What the row before it is about.
        before: String,
    },
    /// A key is not in `sources.toml`.
    #[error("source {key:?} is not in sources.toml")]
    UnknownSource {
        /// The key.
        key: String,
    },
    /// A region is not in `regions.csv`.
    #[error("region {region} of {provider} is not in regions.csv")]
    UnknownRegion {
        /// The provider.
        provider: String,
        /// The region.
        region: String,
    },
    /// A promise costs more than no promise.
    #[error("{column} {price} is above the price on demand, {on_demand}")]
    AboveOnDemand {
        /// The column of the promise.
        column: &'static str,
        /// Its price.
        price: String,
        /// The price on demand.
        on_demand: String,
    },
    /// A price is so far from its neighbours' that it must be in another unit.
    #[error("the price of a GiB of memory is {times} times that of its family")]
    Outlier {
        /// How far, always above one.
        times: String,
    },
    /// An offer is in more zones than its region has.
    #[error("{zones} zones are more than the {region} of its region")]
    Zones {
        /// Those of the offer.
        zones: u8,
        /// Those of the region.
        region: u8,
    },
    /// The steps of a price do not follow one another.
    #[error("{why}")]
    Tiers {
        /// Why not.
        why: &'static str,
    },
    /// A low end above its middle, or a middle above its high end.
    #[error("{what} must not fall from one cell to the next")]
    Range {
        /// Of what.
        what: &'static str,
    },
}

impl FaultKind {
    /// A stable code, under which the book explains it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::MissingFile => "catalog::missing_file",
            Self::UnknownFile => "catalog::unknown_file",
            Self::FileTooLarge { .. } | Self::TooManyRows { .. } => "catalog::size",
            Self::Document { .. } => "catalog::document",
            Self::Columns { .. } => "catalog::columns",
            Self::Row { .. } => "catalog::row",
            Self::Empty { .. } => "catalog::empty",
            Self::Quantity { .. } => "catalog::quantity",
            Self::Word { .. } => "catalog::word",
            Self::Date { .. } => "catalog::date",
            Self::Future { .. } => "catalog::future",
            Self::IncompletePrice { .. } => "catalog::incomplete_price",
            Self::Duplicate { .. } => "catalog::duplicate",
            Self::Order { .. } => "catalog::order",
            Self::UnknownSource { .. } => "catalog::unknown_source",
            Self::UnknownRegion { .. } => "catalog::unknown_region",
            Self::AboveOnDemand { .. } => "catalog::above_on_demand",
            Self::Outlier { .. } => "catalog::outlier",
            Self::Zones { .. } => "catalog::zones",
            Self::Tiers { .. } => "catalog::tiers",
            Self::Range { .. } => "catalog::range",
        }
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::MissingFile => "add it, even if it holds its columns only".into(),
            Self::UnknownFile => "remove it, or rename it to what it was meant to be".into(),
            Self::FileTooLarge { .. } | Self::TooManyRows { .. } => {
                "leave out regions and families that no plan will buy".into()
            }
            Self::Document { .. } => "repair the TOML".into(),
            Self::Columns { expected } => format!("the first line must be: {expected}"),
            Self::Row { .. } => "give every row as many cells as there are columns".into(),
            Self::Empty { .. } => "fill it, or remove the row: unknown is not zero".into(),
            Self::Quantity { .. } => "write a finite number of that column's unit".into(),
            Self::Word { allowed, .. } => format!("write one of {allowed}"),
            Self::Date { .. } => "write a date such as 2026-07-20".into(),
            Self::Future { .. } => "correct it, or the `as_of` of catalog.toml".into(),
            Self::IncompletePrice { .. } => "leave all three empty when it is unknown".into(),
            Self::Duplicate { .. } => "keep the row that holds".into(),
            Self::Order { .. } => "sort the rows by their keys, byte by byte".into(),
            Self::UnknownSource { .. } => "add it there, with its licence".into(),
            Self::UnknownRegion { .. } => "add it there, with its zones".into(),
            Self::AboveOnDemand { .. } => "correct the price, or leave it out".into(),
            Self::Outlier { .. } => "write dollars for an hour of Linux, not of Windows".into(),
            Self::Zones { .. } => "count zones of the region only".into(),
            Self::Tiers { .. } => "give each step its last GB, and the last one none".into(),
            Self::Range { .. } => "write the lowest first and the highest last".into(),
        }
    }
}

/// One thing that is wrong with the files of a catalog.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {kind}")]
pub struct CatalogFault {
    /// Where.
    pub place: Place,
    /// What.
    pub kind: FaultKind,
}

impl Diagnostic for CatalogFault {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.kind.code()))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.kind.help()))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        (self.place.line > 0).then_some(&self.place as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (self.place.line > 0).then(|| {
            let label = LabeledSpan::new_with_span(Some("here".into()), self.place.span);
            Box::new(std::iter::once(label)) as Box<dyn Iterator<Item = LabeledSpan> + '_>
        })
    }
}

/// Everything that is wrong with the files of a catalog.
#[derive(Debug, Clone, PartialEq, Eq, Default, thiserror::Error)]
#[error("the catalog has {} faults", self.count())]
pub struct CatalogFaults {
    /// The first ones, in the order of files and lines.
    pub faults: Vec<CatalogFault>,
    /// How many more there were.
    pub more: usize,
}

impl CatalogFaults {
    /// How many there are in all.
    pub fn count(&self) -> usize {
        self.faults.len() + self.more
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.faults.is_empty()
    }

    /// Notes one more.
    pub(crate) fn add(&mut self, place: impl FnOnce() -> Place, kind: FaultKind) {
        if self.faults.len() < KEPT {
            self.faults.push(CatalogFault { place: place(), kind });
        } else {
            self.more += 1;
        }
    }
}

impl Diagnostic for CatalogFaults {
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        let faults = self.faults.iter();
        Some(Box::new(faults.map(|fault| fault as &dyn Diagnostic)))
    }
}
