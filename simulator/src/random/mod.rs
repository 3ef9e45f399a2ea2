//! Counter-based random numbers: every draw is a function of what it is for, not of when it is
//! made.

mod gamma;
mod normal;
mod philox;
mod stream;
mod table;

pub use gamma::gamma_quantile;
pub use normal::{normal_quantile, student_quantile};
pub use philox::Philox;
pub use stream::{Draw, Fraction, GENERATOR, Purpose, Streams, scenario_number};
pub(crate) use table::QuantileTable;
