//! Quantities with a type each, so that a wrong product does not compile.
//!
//! Every quantity refuses NaN, infinity and negative values where it is built. Times and rates are
//! floating; money is exact; counts and sizes are integers.
//!
//! A product that was not declared is refused by the compiler:
//!
//! ```compile_fail
//! use domain::units::{RequestsPerSecond, Seconds};
//! // A rate times a time is an offered load, never a time.
//! let wrong: Seconds = RequestsPerSecond::new(3.0).unwrap() * Seconds::new(2.0).unwrap();
//! ```
//!
//! ```compile_fail
//! use domain::units::Seconds;
//! // Nobody declared what a time squared is.
//! let wrong = Seconds::new(3.0).unwrap() * Seconds::new(2.0).unwrap();
//! ```
//!
//! ```
//! use domain::units::{Erlangs, RequestsPerSecond, Seconds};
//! let load: Erlangs = RequestsPerSecond::new(3.0).unwrap() * Seconds::new(2.0).unwrap();
//! assert_eq!(load, Erlangs::new(6.0).unwrap());
//! assert!(Seconds::new(f64::NAN).is_err());
//! assert!(Seconds::new(-1.0).is_err());
//! ```

mod money;
mod quantity;
mod read;
mod readings;
mod share;
mod size;
mod span;

pub use money::{Margin, MicroDollars, MilliUnits, UnitPrice};
pub use quantity::{
    Erlangs, Hours, PerYear, QuantityError, RequestsPerSecond, Seconds, Speed, Years,
};
pub(crate) use read::number_end;
pub use read::{ReadError, Reading};
pub use share::{Availability, Percentile, Ppm, Probability, Ratio};
pub use size::{Bytes, Gigabits, Mebibytes};
pub use span::span;
