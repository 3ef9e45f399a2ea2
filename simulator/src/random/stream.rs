//! Random streams: pure functions of (seed, scenario, trial, purpose, entity, request, path).
//!
//! A path is where a call stands in the tree of calls of its request, and for where an attempt
//! goes and how long it takes also which attempt it is: every attempt asks for the same things.
//! Two plans that are compared therefore meet the same arrivals and the same work, request by
//! request, and adding a purpose changes no draw of another.

use super::philox::Philox;

/// The name of the generator, for the spec.
pub const GENERATOR: &str = "philox2x64-7";

/// What a draw is for. The numbers are part of the streams and never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Purpose {
    /// The shard of what a call asks for.
    Shard = 0,
    /// The gap before an arrival, and its class.
    Arrival = 1,
    /// The service time of a visit, and where it goes.
    Visit = 2,
    /// How many calls a visit makes.
    Count = 3,
    /// How long a retry waits.
    Backoff = 4,
    /// Further numbers for a service time that needs more than one.
    Service = 5,
    /// How often and how long something is out in a year.
    Year = 6,
    /// The class of a request.
    Class = 8,
    /// Where a visit goes next.
    Route = 9,
    /// How long a rate of arrivals stays as it is, and what follows.
    Modulation = 10,
    /// When servers fail, how long they take to be repaired or set up.
    Upkeep = 11,
    /// How long a visit is ready to wait.
    Patience = 12,
    /// How many requests come together.
    Batch = 13,
    /// How long a user thinks.
    Thinking = 14,
    /// Which items a call asks for, whether it writes, and how old what it reads is.
    Data = 15,
    /// The key of a trial.
    Key = 7,
}

/// 128 random bits.
#[derive(Debug, Clone, Copy, Default)]
pub struct Draw([u64; 2]);

impl Draw {
    /// The first 64 bits.
    #[inline]
    pub const fn first(self) -> u64 {
        self.0[0]
    }

    /// The other 64 bits.
    #[inline]
    pub const fn second(self) -> u64 {
        self.0[1]
    }
}

/// A uniform number between 0 and 1, in units of 2⁻⁶⁴, that choices take their bits from.
#[derive(Debug, Clone, Copy)]
pub struct Fraction(pub u64);

impl Fraction {
    /// One of `count` things, each as likely; what is left is uniform again.
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the high half of the product is below the count, the low half is what is left"
    )]
    pub const fn choose(&mut self, count: u32) -> u32 {
        let wide = self.0 as u128 * count as u128;
        self.0 = wide as u64;
        (wide >> 64) as u32
    }

    /// The number itself, strictly between 0 and 1.
    #[inline]
    pub const fn open(self) -> f64 {
        // 52 bits and a half: with one bit more the largest would round to 1. A signed number
        // becomes a floating one in a single instruction.
        ((self.0 >> 12).cast_signed() as f64 + 0.5) * (1.0 / (1_u64 << 52) as f64)
    }

    /// One of 2^BITS cells, each as likely, and where in the cell, strictly between 0 and 1.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the cell is cut to its bits")]
    pub(crate) const fn cell<const BITS: u32>(self) -> (usize, f64) {
        ((self.0 >> (64 - BITS)) as usize, Self(self.0 << BITS).open())
    }
}

/// All streams of one trial.
#[derive(Debug, Clone, Copy)]
pub struct Streams {
    generator: Philox,
}

impl Streams {
    /// The streams of a trial of a scenario under a seed.
    pub fn new(seed: u64, scenario: u32, trial: u32) -> Self {
        let number = u64::from(scenario) << 32 | u64::from(trial);
        let key = Philox::<7>::new(seed).block([number, (Purpose::Key as u64) << 60])[0];
        Self { generator: Philox::new(key) }
    }

    /// The bits for a purpose and entity of a request, at a path within it.
    #[inline]
    pub fn draw(&self, purpose: Purpose, entity: u32, request: u64, path: u32) -> Draw {
        let of = (purpose as u64) << 60 | u64::from(entity & 0x0FFF_FFFF) << 32 | u64::from(path);
        Draw(self.generator.block([request, of]))
    }
}

/// The number of a scenario's streams: FNV-1a of its name.
pub fn scenario_number(name: &str) -> u32 {
    name.bytes().fold(0x811C_9DC5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_differ_by_everything_they_are_a_function_of() {
        let base = Streams::new(1, 2, 3);
        let of = |streams: &Streams| streams.draw(Purpose::Visit, 1, 5, 0).first();
        let others = [
            of(&Streams::new(2, 2, 3)),
            of(&Streams::new(1, 3, 3)),
            of(&Streams::new(1, 2, 4)),
            base.draw(Purpose::Count, 1, 5, 0).first(),
            base.draw(Purpose::Visit, 2, 5, 0).first(),
            base.draw(Purpose::Visit, 1, 6, 0).first(),
            base.draw(Purpose::Visit, 1, 5, 1).first(),
        ];
        assert!(!others.contains(&of(&base)));
        assert_eq!(of(&base), of(&Streams::new(1, 2, 3)));
    }

    #[test]
    fn choices_are_even_and_leave_a_uniform_rest() {
        let streams = Streams::new(7, 0, 0);
        let mut counts = [0_u32; 15];
        for request in 0..30_000 {
            let mut fraction = Fraction(streams.draw(Purpose::Visit, 0, request, 0).second());
            let cell = fraction.choose(3) * 5 + fraction.choose(5);
            counts[cell as usize] += 1;
        }
        // 2,000 expected in each cell with a standard deviation of 43; five of them is never.
        assert!(counts.iter().all(|count| count.abs_diff(2_000) < 215), "{counts:?}");
    }

    #[test]
    fn a_uniform_number_is_never_0_or_1() {
        assert!(Fraction(0).open() > 0.0);
        assert!(Fraction(u64::MAX).open() < 1.0);
    }
}
