//! Sizes of things in storage and on the wire: whole numbers.

use std::fmt;
use std::iter::Sum;
use std::ops::Add;

macro_rules! size {
    ($(#[$doc:meta])* $name:ident($inner:ty) shown $unit:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name($inner);

        impl $name {
            /// Nothing of it.
            pub const ZERO: Self = Self(0);

            /// So many of them.
            pub const fn new(value: $inner) -> Self {
                Self(value)
            }

            /// How many there are.
            pub const fn value(self) -> $inner {
                self.0
            }
        }

        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0.saturating_add(other.0))
            }
        }

        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
                items.fold(Self::ZERO, Add::add)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{} {}", self.0, $unit)
            }
        }
    };
}

size! {
    /// What a request or a response weighs.
    Bytes(u64) shown "B"
}
size! {
    /// Memory and storage, in MiB.
    Mebibytes(u64) shown "MiB"
}

impl Mebibytes {
    /// From whole GiB.
    pub const fn from_gibibytes(gibibytes: u64) -> Self {
        Self(gibibytes.saturating_mul(1024))
    }

    /// In GiB, as prices of storage are quoted.
    pub fn gibibytes(self) -> f64 {
        self.0 as f64 / 1024.0
    }
}

/// Network bandwidth in thousandths of a gigabit a second, so that 0.75 Gbit/s is exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Gigabits(u64);

impl Gigabits {
    /// From megabits a second.
    pub const fn from_megabits(megabits: u64) -> Self {
        Self(megabits)
    }

    /// In bytes a second.
    pub fn bytes_per_second(self) -> f64 {
        self.0 as f64 * 125_000.0
    }

    /// In megabits a second.
    pub const fn megabits(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Gigabits {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} Gbit/s", self.0 as f64 / 1000.0)
    }
}
