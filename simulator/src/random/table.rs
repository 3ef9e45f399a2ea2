//! Quantile functions as tables, for sampling in a few nanoseconds.

use std::ops::Range;
use std::sync::Arc;

use super::Fraction;

/// Cells of equal probability, as a power of two.
const BITS: u32 = 9;
const CELLS: usize = 1 << BITS;
/// Cells at either end in which the curve bends more than a polynomial follows.
const EXACT: usize = 8;

/// A quantile function, cut into cells of equal probability with a cubic polynomial in each.
///
/// The cells next to either end are cut again in the same way, and what is next to the end there
/// is left to the exact function: one number in 2,048. Outside of that the distance to the end
/// changes by at most an eighth within a cell; there a cubic through the Chebyshev nodes is within
/// 10⁻⁶ of a power of that distance, relatively, and far closer elsewhere. The test compares with
/// the exact function.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct QuantileTable {
    cells: Arc<Cells>,
    /// The same for the shares of probability at the low end and at the high end.
    ends: [Arc<Cells>; 2],
}

type Cells = [[f64; 4]; CELLS];

impl QuantileTable {
    /// The table of a quantile function, given for probabilities strictly between 0 and 1.
    pub(crate) fn new(quantile: impl Fn(f64) -> f64) -> Self {
        const END: f64 = EXACT as f64 / CELLS as f64;
        Self {
            cells: cells(EXACT..CELLS - EXACT, &quantile),
            ends: [
                cells(EXACT..CELLS, |share| quantile(share * END)),
                cells(EXACT..CELLS, |share| quantile(1.0 - share * END)),
            ],
        }
    }

    /// The quantile of a uniform number; `None` near the ends, where only the function itself is
    /// near enough.
    #[inline]
    pub(crate) fn at(&self, uniform: Fraction) -> Option<f64> {
        let (index, part) = uniform.cell::<BITS>();
        if index.wrapping_sub(EXACT) < CELLS - 2 * EXACT {
            Some(value(&self.cells[index], part))
        } else {
            self.at_an_end(uniform)
        }
    }

    #[cold]
    fn at_an_end(&self, uniform: Fraction) -> Option<f64> {
        let high = uniform.0 >> 63 == 1;
        let distance = if high { !uniform.0 } else { uniform.0 };
        let share = Fraction(distance << (CELLS / EXACT).ilog2());
        let (index, part) = share.cell::<BITS>();
        (index >= EXACT).then(|| value(&self.ends[usize::from(high)][index], part))
    }
}

/// Polynomials in some cells, and nothing in the others.
fn cells(of: Range<usize>, quantile: impl Fn(f64) -> f64) -> Arc<Cells> {
    let mut cells = Arc::new([[0.0; 4]; CELLS]);
    let filled = Arc::make_mut(&mut cells);
    for index in of {
        let at = |part: f64| quantile((index as f64 + part) / CELLS as f64);
        filled[index] = cubic(NODES.map(at));
    }
    cells
}

#[inline]
fn value([a, b, c, d]: &[f64; 4], part: f64) -> f64 {
    (a + b * part) + (c + d * part) * (part * part)
}

/// The Chebyshev nodes of the unit interval: (1 − cos((2k + 1)π/8)) / 2.
const NODES: [f64; 4] = [
    0.038_060_233_744_356_62,
    0.308_658_283_817_455_1,
    0.691_341_716_182_544_9,
    0.961_939_766_255_643_4,
];

/// The cubic through values at the nodes, its constant term first, by divided differences.
fn cubic(values: [f64; 4]) -> [f64; 4] {
    let mut differences = values;
    for order in 1..4 {
        for place in (order..4).rev() {
            differences[place] = (differences[place] - differences[place - 1])
                / (NODES[place] - NODES[place - order]);
        }
    }
    let mut coefficients = [0.0; 4];
    for place in (0..4).rev() {
        // Horner's rule for polynomials: multiply by (x − node) and add the next difference.
        for power in (0..4).rev() {
            let lower = if power > 0 { coefficients[power - 1] } else { 0.0 };
            coefficients[power] = lower - coefficients[power] * NODES[place];
        }
        coefficients[0] += differences[place];
    }
    coefficients
}

#[cfg(test)]
mod tests {
    use libm::{exp, log, pow};

    use super::*;
    use crate::random::normal_quantile;

    fn worst(quantile: impl Fn(f64) -> f64) -> f64 {
        let table = QuantileTable::new(&quantile);
        (0..1_000_003_u64)
            .map(|step| Fraction(step * 18_446_688_733_000))
            .filter_map(|uniform| Some((table.at(uniform)?, uniform)))
            .map(|(found, uniform)| (found / quantile(uniform.open()) - 1.0).abs())
            .fold(0.0, f64::max)
    }

    #[test]
    fn a_table_is_within_a_millionth_of_its_function() {
        assert!(worst(|u| -log(1.0 - u)) < 2e-7);
        assert!(worst(|u| exp(1.3 * normal_quantile(u))) < 1e-6);
        assert!(worst(|u| exp(2.0 * normal_quantile(u))) < 5e-6);
        assert!(worst(|u| pow(1.0 - u, -1.0 / 1.1)) < 2e-6);
    }
}
