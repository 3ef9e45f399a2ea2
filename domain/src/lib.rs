//! Plimsoll's nouns and units.
//!
//! Each stage of the pipeline is a function from one of these nouns to the next:
//! `Intent → Demand → CandidateSet → Plan → Verification → Outcome → Spec`.
//! There is no I/O here and no algorithm: no queueing formula, no cost model, no solver, no
//! simulation. A type that two rooms share lives here; what only one room needs lives there.

pub mod approval;
pub mod area;
pub mod candidate;
pub mod capacity;
pub mod catalog;
pub mod cdn;
pub mod commitment;
pub mod comparison;
pub mod data_class;
pub mod degradation;
pub mod demand;
pub mod design;
pub mod digest;
pub mod environments;
pub mod explanation;
pub mod external;
pub mod facts;
pub mod fault;
pub mod frontier;
pub mod hours;
pub mod intent;
pub mod ledger;
pub mod model;
pub mod name;
pub mod objective;
pub mod offer;
pub mod outcome;
pub mod plan;
pub mod policy;
pub mod record;
pub mod rules;
pub mod safeguard;
pub mod simulation;
pub mod spec;
pub mod study;
pub mod topology;
pub mod trace;
pub mod units;
pub mod verification;
