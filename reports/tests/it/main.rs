//! What the reports room renders, held against snapshots and against its own rules.

#[path = "../common/mod.rs"]
mod common;

mod completeness;
mod diff;
mod focus;
mod html;
mod kubernetes;
mod markdown;
mod measured;
mod mixed;
mod plots;
mod policies;
mod properties;
mod spec;
mod studies;
mod terminal;
mod terraform;
mod wording;
