//! A part of all choices on its way through the search: its bound, and what cannot be in it.

use crate::program::{Program, Row, TOLERANCE};
use crate::reduced::SLACK;

/// Subgradient steps at a node, each along a mean of the subgradients so far in which the newest
/// has this weight (N. Barahona and R. Anbil, "The volume algorithm", 2000), and as long as this
/// share of what would close the gap along it; after some that gained nothing, half as long.
const STEPS: usize = 20;
const FRESH: f64 = 0.25;
const PACE: f64 = 0.5;
const PATIENCE: u32 = 3;
/// A step that closes this share of the gap is worth some more.
const MUCH: f64 = 0.3;

/// A group in the form that bounds are worked out from.
pub(crate) struct Place {
    pub(crate) auxiliary: bool,
    /// The rows that some column of it adds to.
    pub(crate) rows: Vec<usize>,
    pub(crate) costs: Vec<f64>,
    /// What each column adds to those rows, column after column, each filled up with nothing to
    /// whole chunks.
    adds: Vec<f64>,
    /// The length of a column with what it is filled up with.
    stride: usize,
}

/// Values that are multiplied side by side.
const CHUNK: usize = 4;

/// Σ own × price, in a fixed order that a processor can do several of at once.
fn dot(own: &[f64], prices: &[f64]) -> f64 {
    let mut sums = [0.0; CHUNK];
    let (own, _) = own.as_chunks::<CHUNK>();
    let (prices, _) = prices.as_chunks::<CHUNK>();
    for (own, prices) in own.iter().zip(prices) {
        for lane in 0..CHUNK {
            sums[lane] += own[lane] * prices[lane];
        }
    }
    (sums[0] + sums[2]) + (sums[1] + sums[3])
}

impl Place {
    fn new(program: &Program, group: usize) -> Self {
        let content = &program.groups[group];
        let touches =
            |row: &usize| program.rows[*row].coefficients[group].iter().any(|a| *a != 0.0);
        let rows: Vec<usize> = (0..program.rows.len()).filter(touches).collect();
        let columns = 0..content.columns.len();
        let stride = rows.len().next_multiple_of(CHUNK);
        let mut adds = vec![0.0; columns.len() * stride];
        for (at, row) in rows.iter().enumerate() {
            let own = &program.rows[*row].coefficients[group];
            for (column, own) in columns.clone().zip(own) {
                adds[column * stride + at] = *own;
            }
        }
        Self {
            auxiliary: content.auxiliary,
            costs: content.columns.iter().map(|column| column.cost as f64).collect(),
            adds,
            rows,
            stride,
        }
    }

    fn filled_up(&self, column: usize) -> &[f64] {
        &self.adds[column * self.stride..(column + 1) * self.stride]
    }

    pub(crate) fn adds(&self, column: usize) -> &[f64] {
        &self.filled_up(column)[..self.rows.len()]
    }
}

/// By how much choices can differ in what they add to a row; 1 where they cannot.
fn range(row: &Row) -> f64 {
    let groups = row.coefficients.iter().map(|own| {
        let most = own.iter().copied().reduce(f64::max).unwrap_or(0.0);
        most - own.iter().copied().reduce(f64::min).unwrap_or(0.0)
    });
    let range: f64 = groups.sum();
    if range > 0.0 { range } else { 1.0 }
}

/// A part of all choices.
#[derive(Clone)]
pub(crate) struct Node {
    /// The columns of each group that are left, in their order.
    pub(crate) alive: Vec<Vec<usize>>,
    /// In micro-dollars for one scaled unit of each row.
    pub(crate) prices: Vec<f64>,
}

impl Node {
    /// The part with that group on one side of a place only.
    pub(crate) fn half(&self, group: usize, columns: &[usize]) -> Self {
        let mut half = self.clone();
        half.alive[group] = columns.to_vec();
        half
    }
}

/// What became of a node's columns.
pub(crate) enum Narrowed {
    /// A group has none left.
    Empty,
    /// Enough went for the bound to be worth another look.
    Much,
    Little,
}

/// What bounds are worked out with: a program, group by group, and the last prices looked at.
pub(crate) struct Bounds<'p> {
    program: &'p Program,
    pub(crate) places: Vec<Place>,
    /// The priced cost of each column of a group, by its place among those left.
    priced: Vec<Vec<f64>>,
    /// The cheapest column of each group.
    pub(crate) picks: Vec<usize>,
    /// By how much choices can differ in what they add to each row.
    range: Vec<f64>,
    /// The prices of the rows of one group.
    gathered: Vec<f64>,
}

impl<'p> Bounds<'p> {
    pub(crate) fn new(program: &'p Program) -> Self {
        let groups = program.groups.len();
        Self {
            program,
            places: (0..groups).map(|group| Place::new(program, group)).collect(),
            priced: vec![Vec::new(); groups],
            picks: vec![0; groups],
            range: program.rows.iter().map(range).collect(),
            gathered: Vec::new(),
        }
    }

    /// The Lagrangian bound of a part; notes priced costs and the cheapest columns.
    pub(crate) fn bound(&mut self, node: &Node) -> f64 {
        let rows = self.program.rows.iter().zip(&node.prices);
        let mut bound = -rows.map(|(row, price)| row.limit * price).sum::<f64>();
        let groups = self.places.iter().zip(&node.alive).zip(&mut self.priced);
        for (((place, alive), priced), pick) in groups.zip(&mut self.picks) {
            self.gathered.clear();
            self.gathered.extend(place.rows.iter().map(|row| node.prices[*row]));
            self.gathered.resize(place.stride, 0.0);
            priced.clear();
            let mut least = f64::INFINITY;
            for column in alive {
                let adds = dot(place.filled_up(*column), &self.gathered);
                let cost = place.costs[*column] + adds;
                priced.push(cost);
                if cost < least {
                    (least, *pick) = (cost, *column);
                }
            }
            bound += least;
        }
        bound
    }

    /// By how much the cheapest columns exceed each row.
    fn excess(&self) -> Vec<f64> {
        let mut excess: Vec<f64> = self.program.rows.iter().map(|row| -row.limit).collect();
        for (place, pick) in self.places.iter().zip(&self.picks) {
            for (row, own) in place.rows.iter().zip(place.adds(*pick)) {
                excess[*row] += own;
            }
        }
        excess
    }

    /// Looks for prices with a higher bound, and leaves the best found with the node.
    pub(crate) fn improve(&mut self, node: &mut Node, most: f64) -> f64 {
        let mut highest = self.bound(node);
        let mut best = node.prices.clone();
        // A search without a limit aims a little above.
        let mut aim = most.min(highest + highest.abs() * 0.02 + 1e4);
        let mut failures = 0;
        let mut direction = self.excess();
        let mut pace = PACE;
        let mut left = STEPS;
        while left > 0 && highest <= most + SLACK {
            left -= 1;
            for (drift, excess) in direction.iter_mut().zip(&self.excess()) {
                *drift += FRESH * (excess - *drift);
            }
            let may_change = |price: f64, excess: f64| price > 0.0 || excess > 0.0;
            // Rows are measured by their ranges, so that no unit matters.
            let moved = node.prices.iter().zip(&direction).zip(&self.range);
            let norm: f64 = moved
                .filter(|((price, excess), _)| may_change(**price, **excess))
                .map(|((_, excess), range)| (excess / range) * (excess / range))
                .sum();
            if norm <= 1e-18 {
                break;
            }
            let step = pace * (aim - highest).max(1.0) / norm;
            let moved = node.prices.iter_mut().zip(&direction).zip(&self.range);
            for ((price, excess), range) in moved {
                *price = (*price + step * excess / (range * range)).max(0.0);
            }
            let bound = self.bound(node);
            if bound > highest {
                // As long as it helps, it goes on.
                if bound - highest > (aim - highest) * MUCH {
                    left = STEPS;
                    aim = most.min(bound + bound.abs() * 0.02 + 1e4);
                }
                highest = bound;
                best.clone_from(&node.prices);
                failures = 0;
            } else {
                failures += 1;
                if failures % PATIENCE == 0 {
                    pace *= 0.5;
                }
            }
        }
        node.prices = best;
        self.bound(node)
    }

    /// Leaves out what cannot be in a choice that is of interest.
    pub(crate) fn narrow(&self, node: &mut Node, bound: f64, most: f64) -> Narrowed {
        let gap = most + SLACK - bound;
        let before: usize = node.alive.iter().map(Vec::len).sum();
        for (alive, priced) in node.alive.iter_mut().zip(&self.priced) {
            let least = priced.iter().copied().fold(f64::INFINITY, f64::min);
            let mut costs = priced.iter();
            alive.retain(|_| costs.next().is_some_and(|cost| cost - least <= gap));
        }
        let ranges = self.ranges(node);
        let rows = self.program.rows.len();
        let (mut least, mut greatest) = (vec![0.0; rows], vec![0.0; rows]);
        for (place, ranges) in self.places.iter().zip(&ranges) {
            for (row, range) in place.rows.iter().zip(ranges) {
                least[*row] += range.0;
                greatest[*row] += range.1;
            }
        }
        let groups = self.places.iter().zip(&mut node.alive).zip(&ranges);
        for ((place, alive), ranges) in groups {
            alive.retain(|column| {
                let rows = place.rows.iter().zip(ranges).zip(place.adds(*column));
                rows.into_iter().all(|((row, range), own)| {
                    // Sums here are in another order than in the exact check.
                    let limit = self.program.rows[*row].limit + 10.0 * TOLERANCE;
                    least[*row] - range.0 + own <= limit
                })
            });
            if let (true, [first, second]) = (place.auxiliary, ranges.as_slice()) {
                let rest = [greatest[place.rows[0]] - first.1, greatest[place.rows[1]] - second.1];
                self.forget_needless(place, alive, rest);
            }
            if alive.is_empty() {
                return Narrowed::Empty;
            }
        }
        let after: usize = node.alive.iter().map(Vec::len).sum();
        if after * 10 < before * 9 { Narrowed::Much } else { Narrowed::Little }
    }

    /// The least and the most that each group adds to each of its rows.
    fn ranges(&self, node: &Node) -> Vec<Vec<(f64, f64)>> {
        let groups = self.places.iter().zip(&node.alive);
        groups
            .map(|(place, alive)| {
                let mut ranges = vec![(f64::INFINITY, f64::NEG_INFINITY); place.rows.len()];
                for column in alive {
                    for (range, own) in ranges.iter_mut().zip(place.adds(*column)) {
                        *range = (range.0.min(*own), range.1.max(*own));
                    }
                }
                ranges
            })
            .collect()
    }

    /// Of the steps of a ladder that hold one row whatever is chosen, only the one that asks the
    /// least of the other row is needed. `rest` is the most that the other groups add to its rows.
    fn forget_needless(&self, place: &Place, alive: &mut Vec<usize>, rest: [f64; 2]) {
        for (sure, other) in [(0, 1), (1, 0)] {
            let limit = self.program.rows[place.rows[sure]].limit;
            let needed = alive
                .iter()
                .copied()
                .filter(|column| rest[sure] + place.adds(*column)[sure] <= limit)
                .min_by(|a, b| place.adds(*a)[other].total_cmp(&place.adds(*b)[other]));
            if let Some(needed) = needed {
                let asks = place.adds(needed)[other];
                alive.retain(|column| *column == needed || place.adds(*column)[other] < asks);
            }
        }
    }

    /// The group in which two columns with nearly the same priced cost differ the most in what
    /// they cost and use, and the place between them; `None` when every service is decided.
    pub(crate) fn wavering(&self, node: &Node) -> Option<(usize, usize)> {
        let mut found: Option<(f64, usize, usize)> = None;
        let mut undecided = false;
        for (group, (place, priced)) in self.places.iter().zip(&self.priced).enumerate() {
            let alive = &node.alive[group];
            if alive.len() < 2 {
                continue;
            }
            undecided |= !place.auxiliary;
            let pick = alive.iter().position(|column| *column == self.picks[group])?;
            for (at, column) in alive.iter().enumerate().filter(|(at, _)| *at != pick) {
                let (own, other) = (place.adds(*column), place.adds(self.picks[group]));
                let prices = place.rows.iter().map(|row| node.prices[*row]);
                let uses: f64 = own
                    .iter()
                    .zip(other)
                    .zip(prices)
                    .map(|((own, other), price)| (own - other).abs() * price)
                    .sum();
                let regret = (priced[at] - priced[pick]).max(0.0);
                let score = uses / (regret + 0.01 * uses + 1.0);
                let score = score * uses;
                if found.is_none_or(|(known, ..)| score > known) {
                    found = Some((score, group, usize::midpoint(at.min(pick), at.max(pick)) + 1));
                }
            }
        }
        undecided.then_some(found).flatten().map(|(_, group, at)| (group, at))
    }
}
