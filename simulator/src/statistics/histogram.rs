//! Log-linear histograms of times: bounded relative error, mergeable, no larger than their range.

/// A histogram with cells no wider than 1/128 of their value: an error below 0.8%, and half of
/// that where the values within a cell are spread evenly.
pub type Histogram = LogLinear<7>;
/// A histogram with cells no wider than 1/16 of their value, for series of many.
pub type CoarseHistogram = LogLinear<4>;

/// Counts of whole numbers in cells: each octave has 2^BITS of equal width.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogLinear<const BITS: u32> {
    cells: Vec<u64>,
    count: u64,
}

impl<const BITS: u32> LogLinear<BITS> {
    /// The cell of a value.
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "there are fewer than 2^16 cells, whatever the value"
    )]
    const fn cell(value: u64) -> usize {
        let magnitude = (value | 1).ilog2();
        if magnitude < BITS {
            return value as usize;
        }
        let shift = magnitude - BITS;
        let within = (value >> shift) - (1 << BITS);
        (((shift as u64 + 1) << BITS) + within) as usize
    }

    /// The lowest value of a cell, and the width of the cell.
    const fn bounds(cell: usize) -> (u64, u64) {
        let cell = cell as u64;
        if cell < 2 << BITS {
            return (cell, 1);
        }
        let shift = (cell >> BITS) - 1;
        let within = cell & ((1 << BITS) - 1);
        (((1 << BITS) + within) << shift, 1 << shift)
    }

    /// Counts a value.
    #[inline]
    pub fn record(&mut self, value: u64) {
        let cell = Self::cell(value);
        match self.cells.get_mut(cell) {
            Some(count) => *count += 1,
            None => self.grow(cell),
        }
        self.count += 1;
    }

    /// Counts the first value beyond the cells that there are.
    #[cold]
    fn grow(&mut self, cell: usize) {
        // A whole octave at a time, so that it happens a few times in a trial.
        self.cells.resize(((cell >> BITS) + 1) << BITS, 0);
        self.cells[cell] = 1;
    }

    /// Adds what another has counted.
    pub fn merge(&mut self, other: &Self) {
        if other.cells.len() > self.cells.len() {
            self.cells.resize(other.cells.len(), 0);
        }
        for (sum, count) in self.cells.iter_mut().zip(&other.cells) {
            *sum += count;
        }
        self.count += other.count;
    }

    /// The cells that are not empty, for keeping.
    pub(crate) fn packed(&self) -> Packed<BITS> {
        let cells = (0..).zip(&self.cells).filter(|(_, count)| **count > 0);
        Packed { cells: cells.map(|(cell, count)| (cell, *count)).collect() }
    }

    /// How many values were counted.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// How many of them lie above a threshold, those of its own cell by their part.
    pub(crate) fn above(&self, threshold: f64) -> f64 {
        let cells = self.cells.iter().enumerate().rev();
        above(
            cells.filter(|(_, count)| **count > 0).map(|(cell, count)| {
                let (low, width) = Self::bounds(cell);
                (low, width, *count)
            }),
            threshold,
        )
    }

    /// The value below which lies the given share of the counted ones and of `beyond` more that
    /// were larger than all of them; `None` when it lies among those, or nothing was counted.
    ///
    /// Within a cell the values are taken to be spread evenly.
    pub fn quantile(&self, share: f64, beyond: u64) -> Option<f64> {
        let rank = share * (self.count + beyond) as f64;
        let mut below = 0.0;
        for (cell, count) in self.cells.iter().enumerate() {
            let inside = *count as f64;
            if *count > 0 && below + inside >= rank {
                let (low, width) = Self::bounds(cell);
                let part = ((rank - below) / inside).clamp(0.0, 1.0);
                return Some(low as f64 + part * width as f64);
            }
            below += inside;
        }
        None
    }
}

/// The cells of a histogram that are not empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Packed<const BITS: u32> {
    cells: Vec<(usize, u64)>,
}

impl<const BITS: u32> Packed<BITS> {
    /// How many values there are.
    pub(crate) fn count(&self) -> u64 {
        self.cells.iter().map(|cell| cell.1).sum()
    }

    /// How many values lie above a threshold, those of its own cell by their part.
    pub(crate) fn above(&self, threshold: f64) -> f64 {
        let cells = self.cells.iter().rev().map(|(cell, count)| {
            let (low, width) = LogLinear::<BITS>::bounds(*cell);
            (low, width, *count)
        });
        above(cells, threshold)
    }
}

/// How many of the values of cells, each with its lowest value, its width and its count, lie above
/// a threshold; the highest cell first.
fn above(cells: impl Iterator<Item = (u64, u64, u64)>, threshold: f64) -> f64 {
    let above = cells.map(|(low, width, count)| {
        let part = (low as f64 + width as f64 - threshold) / width as f64;
        count as f64 * part.clamp(0.0, 1.0)
    });
    above.take_while(|above| *above > 0.0).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_lies_in_its_cell_and_cells_are_narrow() {
        let mut value = 0_u64;
        while value < u64::MAX / 32 {
            let (low, width) = Histogram::bounds(Histogram::cell(value));
            assert!(low <= value && value - low < width, "{value}: {low} + {width}");
            assert!(width == 1 || width * 128 <= low, "{value}: {width}");
            value = value * 17 / 16 + 1;
        }
        assert!(Histogram::cell(u64::MAX) < 7_552);
    }

    #[test]
    fn cells_follow_one_another_without_a_gap() {
        for cell in 0..4_000 {
            let (low, width) = CoarseHistogram::bounds(cell.min(900));
            assert_eq!(CoarseHistogram::bounds(cell.min(900) + 1).0, low + width);
        }
    }

    #[test]
    fn quantiles_are_within_the_stated_error_and_merging_changes_nothing() {
        let (mut whole, mut even, mut odd) =
            (Histogram::default(), Histogram::default(), Histogram::default());
        for value in 1..=100_000_u64 {
            whole.record(value * 1_000);
            if value % 2 == 0 { &mut even } else { &mut odd }.record(value * 1_000);
        }
        for (share, expected) in [(0.5, 5e7), (0.95, 9.5e7), (0.99, 9.9e7), (0.001, 1e5)] {
            let found = whole.quantile(share, 0).unwrap();
            assert!((found / expected - 1.0).abs() < 0.004, "{share}: {found}");
        }
        even.merge(&odd);
        assert_eq!(even, whole);
    }

    #[test]
    fn a_packed_histogram_knows_what_lies_above_a_quantile() {
        let mut histogram = Histogram::default();
        for value in 1..=10_000_u64 {
            histogram.record(value * value);
        }
        for share in [0.5, 0.9, 0.99, 0.999] {
            let threshold = histogram.quantile(share, 0).unwrap();
            let above = histogram.packed().above(threshold);
            assert!((above - 10_000.0 * (1.0 - share)).abs() < 1e-6, "{share}: {above}");
            assert_eq!(above.to_bits(), histogram.above(threshold).to_bits());
        }
    }

    #[test]
    fn failures_lie_beyond_every_latency() {
        let mut histogram = Histogram::default();
        for _ in 0..90 {
            histogram.record(5);
        }
        assert!(histogram.quantile(0.9, 10).is_some());
        assert_eq!(histogram.quantile(0.95, 10), None);
        assert_eq!(Histogram::default().quantile(0.5, 0), None);
    }
}
