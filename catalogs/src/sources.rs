//! Where the rows come from: the keys that they name, with licences.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::fault::CatalogFaults;
use crate::files::document;
use crate::table::Files;

/// Where rows come from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What it is called.
    pub title: String,
    /// Where it was published.
    pub address: String,
    /// When it was published or read.
    pub date: String,
    /// The licence of what was taken; `facts` where nothing but facts was.
    pub licence: String,
    /// What was taken from it, and what was done to it.
    pub taken: String,
}

/// Sources by the key that rows name.
pub type Sources = BTreeMap<String, Source>;

/// Reads the sources of a catalog.
///
/// # Errors
/// When `sources.toml` is not there or cannot be read.
pub fn sources(files: &BTreeMap<String, String>) -> Result<Sources, CatalogFaults> {
    let mut faults = CatalogFaults::default();
    let files = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let sources = sources_of(&files, &mut faults);
    if faults.is_empty() { Ok(sources) } else { Err(faults) }
}

/// The same while a catalog is read.
pub(crate) fn sources_of(files: &Files<'_>, faults: &mut CatalogFaults) -> Sources {
    document(files, "sources.toml", faults).unwrap_or_default()
}
