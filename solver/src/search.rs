//! The exact search: the cheapest choice, proven, with ties broken by a stated order.
//!
//! Branch and bound. A node is a set of columns of each group; its bound is the Lagrangian one,
//! with prices of its own that a few subgradient steps improve on those of the node above (M. Held,
//! P. Wolfe and H. P. Crowder, 1974). Columns whose reduced cost is beyond the gap, or beside which
//! some row cannot hold, are left out. Then the group in which the bound wavers most between two
//! columns is split between them, the ladders of the latency limits like the services.

use crate::node::{Bounds, Narrowed, Node};
use crate::program::{Choice, Program, TOLERANCE};
use crate::reduced::{Reduced, SLACK};

/// The search gives up after so many nodes, and says so.
pub const NODE_LIMIT: u64 = 50_000;

/// The first choices that are tried cost up to this share more than the bound.
const FIRST_GAP: f64 = 5e-4;
/// The next ones cost up to this factor more beyond it.
pub(crate) const WIDER: f64 = 3.0;

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

/// The cheapest feasible choice that costs at most `limit` micro-dollars.
///
/// Among choices of the same cost, the one whose columns come first wins, group by group; columns
/// of a group stand in the order of cost and then of a name.
pub fn cheapest(program: &Program, multipliers: &[f64], limit: Option<i64>) -> Found {
    let mut reduced = Reduced::new(program, multipliers, &[]);
    let unpriced = Reduced::new(program, &vec![0.0; program.rows.len()], &[]);
    if reduced.bound < unpriced.bound {
        reduced = unpriced;
    }
    let limit = limit.unwrap_or(i64::MAX);
    let all = limit.min(program.dearest());
    let mut gap = first_gap(reduced.bound);
    let mut nodes = 0;
    loop {
        let most = up_to(reduced.bound + gap).min(all);
        let found = within(&reduced, most, NODE_LIMIT);
        nodes += found.nodes;
        if found.best.is_some() || !found.complete || most == all {
            let nothing = found.best.is_none() && found.complete;
            let bound = if nothing { limit.saturating_add(1) } else { found.bound };
            return Found { bound, nodes, ..found };
        }
        gap *= WIDER;
    }
}

/// Multipliers with a higher bound than those given, as a few steps lead to: in whole columns of
/// the program alone, for choices that cost at most `most` micro-dollars.
pub(crate) fn improved(program: &Program, multipliers: &[f64], most: i64) -> Vec<f64> {
    let groups = program.groups.iter();
    let alive: Vec<Vec<usize>> = groups.map(|group| (0..group.columns.len()).collect()).collect();
    if alive.iter().any(Vec::is_empty) {
        return multipliers.to_vec();
    }
    let prices = multipliers.iter().map(|dollars| dollars.max(0.0) * 1e6).collect();
    let mut node = Node { alive, prices };
    Bounds::new(program).improve(&mut node, most as f64);
    node.prices.iter().map(|price| price / 1e6).collect()
}

/// By how much more than the bound, in micro-dollars, the first choices that are tried may cost.
pub(crate) fn first_gap(bound: f64) -> f64 {
    (bound.abs() * FIRST_GAP).max(1e4)
}

#[expect(clippy::cast_possible_truncation, reason = "casts saturate")]
pub(crate) const fn up_to(micros: f64) -> i64 {
    micros as i64
}

/// The cheapest feasible choice of a program under prices that costs at most `limit` micro-dollars,
/// looked for at so many nodes.
pub fn within(reduced: &Reduced<'_>, limit: i64, nodes: u64) -> Found {
    let bound = floor(reduced.bound);
    let program = reduced.program();
    // Nothing costs more than the dearest of everything, which tells when nothing holds.
    let most = limit.min(program.dearest());
    let alive = reduced.within(most);
    let mut search = Search::new(program, most, nodes);
    if !alive.iter().any(Vec::is_empty) {
        search.descend(Node { alive, prices: reduced.prices().to_vec() });
    }
    let complete = search.nodes < nodes;
    let bound = match &search.best {
        Some(best) if complete => best.cost,
        None if complete => limit.saturating_add(1).max(bound),
        _ => bound,
    };
    Found { best: search.best, bound, complete, nodes: search.nodes }
}

#[expect(clippy::cast_possible_truncation, reason = "a bound on costs, which fit; casts saturate")]
fn floor(bound: f64) -> i64 {
    (bound - SLACK).ceil() as i64
}

struct Search<'p> {
    program: &'p Program,
    bounds: Bounds<'p>,
    best: Option<Choice>,
    limit: i64,
    nodes: u64,
    node_limit: u64,
}

impl<'p> Search<'p> {
    fn new(program: &'p Program, limit: i64, node_limit: u64) -> Self {
        Self { program, bounds: Bounds::new(program), best: None, limit, nodes: 0, node_limit }
    }

    /// The most that a choice may still cost to be of interest.
    fn most(&self) -> i64 {
        self.best.as_ref().map_or(self.limit, |best| best.cost.min(self.limit))
    }

    fn descend(&mut self, mut node: Node) {
        if self.nodes >= self.node_limit {
            return;
        }
        self.nodes += 1;
        let most = self.most() as f64;
        loop {
            let bound = self.bounds.improve(&mut node, most);
            if bound > most + SLACK {
                return;
            }
            match self.bounds.narrow(&mut node, bound, most) {
                Narrowed::Empty => return,
                Narrowed::Much => {}
                Narrowed::Little => break,
            }
        }
        self.bounds.bound(&node);
        self.propose();
        let Some((group, at)) = self.bounds.wavering(&node) else { return };
        let halves = node.alive[group].split_at(at);
        let mut parts = [halves.0, halves.1].map(|half| node.half(group, half));
        let [first, second] = parts.each_ref().map(|part| self.bounds.bound(part));
        if second < first {
            parts.reverse();
        }
        for part in parts {
            self.descend(part);
        }
    }

    /// Keeps the cheapest columns as a choice when they are feasible and the best so far.
    ///
    /// A row speaks of one auxiliary group at most, so each of those is filled by itself.
    fn propose(&mut self) {
        let mut chosen = self.bounds.picks.clone();
        let design = self.bounds.places.iter().filter(|place| !place.auxiliary).count();
        let cost = self.program.cost(&chosen);
        let better = self
            .best
            .as_ref()
            .is_none_or(|best| (cost, &chosen[..design]) < (best.cost, &best.columns[..design]));
        if cost > self.most() || !better || !self.fill(&mut chosen) {
            return;
        }
        if self.program.broken(&chosen).is_empty() {
            self.best = Some(Choice { columns: chosen, cost });
        }
    }

    /// Fills the auxiliary groups so that the rows that speak of them hold, where that is possible.
    fn fill(&self, chosen: &mut [usize]) -> bool {
        for (group, place) in
            self.bounds.places.iter().enumerate().filter(|(_, place)| place.auxiliary)
        {
            let fits = |column: usize| {
                place.rows.iter().zip(place.adds(column)).all(|(row, own)| {
                    let row = &self.program.rows[*row];
                    let others = self.program.activity(row, chosen) - row.at(group, chosen[group]);
                    others + own <= row.limit + TOLERANCE / 2.0
                })
            };
            let Some(column) = (0..place.costs.len()).find(|column| fits(*column)) else {
                return false;
            };
            chosen[group] = column;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::{Column, Exclusion, Label};

    fn column(name: &str, cost: i64) -> Column {
        Column { name: Label::Text(name.into()), cost }
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
