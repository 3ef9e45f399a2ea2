//! What can be had exactly: shares of time too small for any simulation to see.
//!
//! Five nines are not estimated by waiting for the tenth of a million: replicas that fail and are
//! repaired are a chain of births and deaths, and zones that fail with all that is in them are a
//! convolution. How well a system performs in each of these states is for the engine to say.

mod chain;
mod redundancy;

pub use chain::Chain;
pub use redundancy::{Availability, Replicas, Spares, Zones};
