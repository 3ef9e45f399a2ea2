//! What the loops by hand and the other simulators draw from and count with: the fastest that is
//! to be had, and the figures that our engine keeps as well.

use rand_distr::{Distribution, Exp1};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

/// A generator.
pub(crate) fn generator(seed: u64) -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(seed)
}

/// An exponential time of mean 1, by the ziggurat.
pub(crate) fn exponential(random: &mut Xoshiro256PlusPlus) -> f64 {
    Exp1.sample(random)
}

/// Sums and a histogram of the stays, 128 cells for each doubling.
pub(crate) struct Figures {
    pub customers: u64,
    waited: u64,
    waiting: f64,
    staying: f64,
    squares: f64,
    area: f64,
    busy: f64,
    cells: Vec<u64>,
}

impl Figures {
    pub(crate) fn new() -> Self {
        let cells = vec![0; 1 << 19];
        Self {
            customers: 0,
            waited: 0,
            waiting: 0.0,
            staying: 0.0,
            squares: 0.0,
            area: 0.0,
            busy: 0.0,
            cells,
        }
    }

    #[inline]
    pub(crate) fn leaves(&mut self, wait: f64, stay: f64) {
        self.customers += 1;
        self.waited += u64::from(wait > 0.0);
        self.waiting += wait;
        self.staying += stay;
        self.squares += stay * stay;
        self.cells[(stay.to_bits() >> 45) as usize & 0x7_ffff] += 1;
    }

    #[inline]
    pub(crate) fn passes(&mut self, time: f64, inside: usize, serving: usize) {
        self.area += time * inside as f64;
        self.busy += time * serving as f64;
    }

    pub(crate) fn wait(&self) -> f64 {
        // So that none of the figures is left out by the compiler.
        let all = self.staying + self.squares + self.area + self.busy + self.waited as f64;
        assert!(all.is_finite() && self.cells.iter().sum::<u64>() == self.customers);
        self.waiting / self.customers as f64
    }
}
