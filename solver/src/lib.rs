//! From an intent to the cheapest plan that the model allows.
//!
//! `characterise` turns outcomes into a demand, `screen` rejects offers with a reason, `option`
//! works out what each way to run a service costs and does, `program` couples them into a
//! mixed-integer program, and `optimise` finds its optimum over all placements. The formulas here
//! only propose: the simulator, which shares none of them, judges.

pub mod assemble;
pub mod availability;
pub mod backend;
pub mod characterise;
pub mod constraints;
pub mod count;
pub mod cut;
mod descent;
pub mod disk;
pub mod dominated;
pub mod exclude;
pub mod explain_floor;
mod external_floor;
pub mod floor;
mod gates;
pub mod layout;
pub mod model;
mod node;
pub mod optimise;
pub mod option;
pub mod percentile;
mod placement;
pub mod program;
pub mod proof;
pub mod prune;
pub mod purchase;
pub mod queueing;
pub mod reach;
pub mod reduced;
pub mod relax;
pub mod screen;
pub mod search;
pub mod sojourn;
pub mod terms;
pub mod traffic_cost;
pub mod visits;
pub mod words;
