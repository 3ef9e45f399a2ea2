//! Intents from the outside: phrases, documents, settings, archetypes, and what attacks them.

mod archetypes;
mod degrading;
mod documents;
mod environments;
mod examples;
mod external;
mod faults;
mod hostile;
mod labels;
mod models;
mod phrases;
mod policies;
mod properties;
mod queues;
mod reviews;
mod settings;
mod systems;

use domain::intent::document::read_document;
use domain::intent::{Faults, Intent};

/// The shop with its five services.
const SHOP: &str = include_str!("data/shop.yaml");

/// A document with a head, read.
fn document(body: &str) -> Result<Intent, Faults> {
    read_document(&with_head(body), "test.yaml")
}

/// A document with a head.
fn with_head(body: &str) -> String {
    format!("apiVersion: plimsoll/v1\nkind: Intent\n{body}")
}

/// The codes of all faults, in the order of their places.
fn codes(faults: &Faults) -> Vec<&'static str> {
    faults.faults.iter().map(|placed| placed.fault.code()).collect()
}

/// The first fault: its code, what it points at, and what to do.
fn first(faults: &Faults) -> (&'static str, &str, &str) {
    let placed = &faults.faults[0];
    let at = &placed.text.content[placed.offset..placed.offset + placed.length];
    (placed.fault.code(), at, &placed.fault.words().help)
}
