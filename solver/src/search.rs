//! The exact search: the cheapest choice, proven, with ties broken by a stated order.
//!
//! For any multipliers u ≥ 0, L(u) = Σ min(c + u·a) − u·b, summed over groups, is a lower bound of
//! every feasible choice (Lagrangian relaxation; A. M. Geoffrion, 1974). A choice that takes
//! another column than the cheapest of a group adds at least that column's reduced cost to the
//! bound, so only columns within the gap can be in an optimum, and a depth-first search over them
//! is exact. The multipliers come from HiGHS, but nothing rests on their being right: bad ones only
//! make the search longer.

use crate::program::{Choice, Program, TOLERANCE};

/// The search gives up after so many nodes, and says so.
pub const NODE_LIMIT: u64 = 20_000_000;

/// By how much a bound in floating micro-dollars may err: sums of a few hundred terms of at most
/// 10¹³ keep far more than this.
const SLACK: f64 = 0.01;

/// What the search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The best choice; `None` when nothing below the limit of cost is feasible.
    pub best: Option<Choice>,
    /// No feasible choice costs less than this, in micro-dollars.
    pub bound: i64,
    /// Whether the search ended by itself, so that `best` is the optimum.
    pub complete: bool,
    /// Nodes that were looked at.
    pub nodes: u64,
}

/// The Lagrangian bound for those multipliers in micro-dollars.
pub fn lagrangian_bound(program: &Program, multipliers: &[f64]) -> f64 {
    Reduced::new(program, multipliers).bound
}

/// The cheapest feasible choice that costs at most `limit` micro-dollars.
///
/// Among choices of the same cost, the one whose columns come first wins, group by group; columns
/// of a group stand in the order of cost and then of a name.
pub fn cheapest(program: &Program, multipliers: &[f64], limit: Option<i64>) -> Found {
    let reduced = Reduced::new(program, multipliers);
    let bound = floor(reduced.bound);
    if program.groups.iter().any(|group| group.columns.is_empty()) {
        return Found { best: None, bound: i64::MAX, complete: true, nodes: 0 };
    }
    let design = program.groups.iter().position(|group| group.auxiliary);
    let mut search = Search {
        program,
        design: design.unwrap_or(program.groups.len()),
        least: Least::new(program),
        reduced,
        best: None,
        limit: limit.unwrap_or(i64::MAX),
        nodes: 0,
        chosen: vec![0; program.groups.len()],
        activity: vec![0.0; program.rows.len()],
    };
    search.descend(0, 0, search.reduced.bound);
    let complete = search.nodes < NODE_LIMIT;
    let bound = match &search.best {
        Some(best) if complete => best.cost,
        None if complete => search.limit.saturating_add(1).max(bound),
        _ => bound,
    };
    Found { best: search.best, bound, complete, nodes: search.nodes }
}

#[expect(clippy::cast_possible_truncation, reason = "a bound on costs, which fit; casts saturate")]
fn floor(bound: f64) -> i64 {
    (bound - SLACK).ceil() as i64
}

/// Reduced costs by group, and the columns of each group in their order.
struct Reduced {
    bound: f64,
    /// For each group: reduced cost above the group's least, and the column.
    order: Vec<Vec<(f64, usize)>>,
}

impl Reduced {
    fn new(program: &Program, multipliers: &[f64]) -> Self {
        let price: Vec<f64> = multipliers.iter().map(|dollars| dollars.max(0.0) * 1e6).collect();
        let paid: f64 = program.rows.iter().zip(&price).map(|(row, price)| row.limit * price).sum();
        let mut bound = -paid;
        let order = program
            .groups
            .iter()
            .enumerate()
            .map(|(group, content)| {
                let cost = |column: usize| {
                    let rows = program.rows.iter().zip(&price);
                    let priced: f64 =
                        rows.map(|(row, price)| row.coefficients[group][column] * price).sum();
                    content.columns[column].cost as f64 + priced
                };
                let mut costs: Vec<(f64, usize)> =
                    (0..content.columns.len()).map(|column| (cost(column), column)).collect();
                costs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                let least = costs.first().map_or(0.0, |(cost, _)| *cost);
                bound += least;
                for (cost, _) in &mut costs {
                    *cost -= least;
                }
                costs
            })
            .collect();
        Self { bound, order }
    }
}

/// For each group and row, the least that this group and all after it add.
struct Least {
    from: Vec<Vec<f64>>,
}

impl Least {
    fn new(program: &Program) -> Self {
        let rows = program.rows.len();
        let mut from = vec![vec![0.0; rows]; program.groups.len() + 1];
        for group in (0..program.groups.len()).rev() {
            for (at, row) in program.rows.iter().enumerate() {
                let least = row.coefficients[group].iter().copied().fold(f64::INFINITY, f64::min);
                from[group][at] = from[group + 1][at] + least;
            }
        }
        Self { from }
    }
}

struct Search<'p> {
    program: &'p Program,
    /// How many groups are not auxiliary; the auxiliary ones follow them.
    design: usize,
    reduced: Reduced,
    least: Least,
    best: Option<Choice>,
    limit: i64,
    nodes: u64,
    chosen: Vec<usize>,
    activity: Vec<f64>,
}

impl Search<'_> {
    /// Fills the groups from `group` on; `cost` is exact and `bound` bounds every completion.
    fn descend(&mut self, group: usize, cost: i64, bound: f64) {
        if group == self.design {
            return self.complete(cost);
        }
        for at in 0..self.reduced.order[group].len() {
            let (excess, column) = self.reduced.order[group][at];
            if bound + excess > self.most() as f64 + SLACK {
                break;
            }
            self.nodes += 1;
            if self.nodes >= NODE_LIMIT {
                return;
            }
            let cost = cost + self.program.groups[group].columns[column].cost;
            if cost > self.most() || !self.enter(group, column) {
                continue;
            }
            self.chosen[group] = column;
            self.descend(group + 1, cost, bound + excess);
            self.leave(group, column);
        }
    }

    /// Fills the auxiliary groups and keeps the choice when it is feasible and the best so far.
    ///
    /// A row speaks of one auxiliary group at most, so each is filled by itself.
    fn complete(&mut self, cost: i64) {
        for group in self.design..self.program.groups.len() {
            let columns = 0..self.program.groups[group].columns.len();
            let mut fitting = columns.filter(|column| self.fits(group, *column));
            let Some(column) = fitting.next() else { return };
            self.chosen[group] = column;
        }
        if self.program.broken(&self.chosen).is_empty() {
            let better = self.best.as_ref().is_none_or(|best| {
                let (chosen, known) = (&self.chosen[..self.design], &best.columns[..self.design]);
                (cost, chosen) < (best.cost, known)
            });
            if better {
                self.best = Some(Choice { columns: self.chosen.clone(), cost });
            }
        }
    }

    /// Whether an auxiliary column lets the rows that speak of its group hold.
    fn fits(&self, group: usize, column: usize) -> bool {
        self.program.rows.iter().enumerate().all(|(at, row)| {
            let own = row.coefficients[group][column];
            own == 0.0 || self.activity[at] + own <= row.limit + TOLERANCE / 2.0
        })
    }

    /// The most that a choice may still cost to be of interest.
    fn most(&self) -> i64 {
        self.best.as_ref().map_or(self.limit, |best| best.cost.min(self.limit))
    }

    /// Chooses a column unless some row can no longer hold.
    fn enter(&mut self, group: usize, column: usize) -> bool {
        let holds = self.program.rows.iter().enumerate().all(|(at, row)| {
            let least = self.activity[at] + row.coefficients[group][column];
            // Ten times the tolerance: sums here are in another order than in the exact check.
            least + self.least.from[group + 1][at] <= row.limit + 10.0 * TOLERANCE
        });
        if holds {
            for (at, row) in self.program.rows.iter().enumerate() {
                self.activity[at] += row.coefficients[group][column];
            }
        }
        holds
    }

    fn leave(&mut self, group: usize, column: usize) {
        for (at, row) in self.program.rows.iter().enumerate() {
            self.activity[at] -= row.coefficients[group][column];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::{Column, Exclusion};

    fn column(name: &str, cost: i64) -> Column {
        Column { name: name.into(), cost }
    }

    /// Two groups of three; the cheapest of both together break the one row.
    fn program() -> Program {
        let mut program = Program::default();
        for group in ["app", "db"] {
            let columns = vec![column("a", 10), column("b", 20), column("c", 40)];
            program.add_group(group, false, columns);
        }
        program.add_row("limit", 3.0, 1.0, |_, column| [3.0, 2.0, 1.0][column]);
        program
    }

    #[test]
    fn the_search_finds_the_optimum_whatever_the_multipliers() {
        for multiplier in [0.0, 1e-6, 1e-5, 1.0] {
            let found = cheapest(&program(), &[multiplier], None);
            let best = found.best.unwrap();
            assert_eq!((best.cost, best.columns), (60, vec![1, 2]), "{multiplier}");
            assert_eq!(found.bound, 60);
        }
    }

    #[test]
    fn what_was_refuted_is_not_found_again() {
        let mut program = program();
        program.exclusions.push(Exclusion { columns: vec![vec![1], vec![2]] });
        assert_eq!(cheapest(&program, &[0.0], None).best.unwrap().columns, vec![2, 1]);
        program.exclusions.push(Exclusion { columns: vec![vec![], vec![0, 1]] });
        assert_eq!(cheapest(&program, &[0.0], None).best.unwrap().columns, vec![2, 2]);
    }

    #[test]
    fn a_limit_of_cost_below_the_optimum_leaves_nothing() {
        let found = cheapest(&program(), &[0.0], Some(59));
        assert_eq!((found.best, found.bound, found.complete), (None, 60, true));
    }
}
