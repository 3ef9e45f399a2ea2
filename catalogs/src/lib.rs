//! Catalogs: what the clouds sell, at which prices, how it fails, and the defaults of the model.
//!
//! A catalog is a folder of plain files that a person can read and compare: offers by provider
//! and region, what belongs to regions, performance by family, agreements, boot times, defaults and
//! archetypes. Every row is dated, says how sure its prices are, and names its source in
//! `sources.toml`. What is unknown is left empty: never zero and never unlimited.
//!
//! [`embedded`] is the snapshot that is part of the program, [`read`] reads any other one that the
//! caller took from a folder, and [`warnings`] looks for what deserves a second look in it. There
//! is no I/O here. A catalog with a fault is refused whole, with all of its faults.

mod bandwidth;
mod cdns;
mod cells;
mod check;
mod embedded;
mod facts;
mod fault;
mod files;
mod offers;
mod performance;
mod place;
mod reference;
mod regions;
mod sources;
mod table;

pub use bandwidth::UNKNOWN_BANDWIDTH;
pub use check::{Warning, WarningKind, warnings};
pub use embedded::{embedded, embedded_files};
pub use fault::{CatalogFault, CatalogFaults, FaultKind};
pub use files::{belongs, read};
pub use place::Place;
pub use sources::{Source, Sources, sources};
