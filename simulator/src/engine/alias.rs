//! Draws from many things of different likelihood in the same time, however many there are.

use crate::random::Fraction;

/// A table of aliases (Walker 1977, built as by Vose 1991).
#[derive(Debug, Clone)]
pub(crate) struct Aliases {
    /// For each thing, up to where its cell is its own, in units of 2⁻⁶⁴, and whose the rest is.
    cells: Vec<(u64, u32)>,
}

impl Aliases {
    /// A table for things with these shares of 1; there is at least one.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share times 2⁶⁴; the cast saturates"
    )]
    pub(crate) fn new(shares: &[f64]) -> Self {
        let count = shares.len() as f64;
        let mut left: Vec<f64> = shares.iter().map(|share| share * count).collect();
        let mut cells: Vec<(u64, u32)> =
            (0..left.len()).map(|own| (u64::MAX, super::place(own))).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) =
            (0..left.len()).partition(|own| left[*own] < 1.0);
        while let Some(low) = small.pop() {
            let Some(&high) = large.last() else {
                break;
            };
            cells[low] = ((left[low] * 18_446_744_073_709_551_616.0) as u64, super::place(high));
            left[high] -= 1.0 - left[low];
            if left[high] < 1.0 {
                large.pop();
                small.push(high);
            }
        }
        Self { cells }
    }

    /// One of the things for a uniform number.
    pub(crate) fn draw(&self, mut uniform: Fraction) -> u32 {
        let own = uniform.choose(super::place(self.cells.len()));
        let (bound, other) = self.cells[own as usize];
        if uniform.0 < bound { own } else { other }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};

    #[test]
    fn each_thing_comes_as_often_as_its_share() {
        let shares = [0.5, 0.05, 0.05, 0.3, 0.1, 0.0];
        let table = Aliases::new(&shares);
        let streams = Streams::new(9, 0, 0);
        let mut counts = [0_u32; 6];
        for request in 0..100_000 {
            let draw = streams.draw(Purpose::Data, 0, request, 0);
            counts[table.draw(Fraction(draw.first())) as usize] += 1;
        }
        for (share, count) in shares.iter().zip(counts) {
            let deviation = (100_000.0 * share * (1.0 - share)).sqrt();
            assert!((f64::from(count) - 100_000.0 * share).abs() <= 5.0 * deviation, "{counts:?}");
        }
    }
}
