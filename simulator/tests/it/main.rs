//! The judge from the outside: plain queues, whole topologies, and what must hold of any of them.

#![expect(clippy::unwrap_used, reason = "a test ends where it meets what it does not expect")]

mod agreement;
mod attempts;
mod awaits;
mod boundary;
mod bursts;
mod cases;
mod common;
mod connections;
mod control;
mod copies;
mod coverage;
mod data;
mod day;
mod deadlines;
mod degrading;
mod documents;
mod engine;
mod exact;
mod external;
mod extremes;
mod known;
mod lives;
mod messages;
mod metamorphic;
mod metastable;
mod mixed;
mod order;
mod properties;
mod queues;
mod rare;
mod studies;
mod systems;
mod tail;
mod theory;
mod uptime;
mod variance;
mod verification;
mod written;
mod zones;
