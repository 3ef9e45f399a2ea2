//! A program under prices on its limits: a bound, and what each column adds to it.
//!
//! For any multipliers u ≥ 0, L(u) = Σ min(c + u·a) − u·b, summed over groups, is a lower bound of
//! every feasible choice (Lagrangian relaxation; A. M. Geoffrion, 1974). A choice that takes
//! another column than the cheapest of a group adds at least that column's reduced cost to the
//! bound, so only columns within the gap can be in an optimum. The multipliers come from HiGHS, but
//! nothing rests on their being right: bad ones only make the bound lower.

use crate::program::Program;

/// By how much a bound in floating micro-dollars may err: sums of a few hundred terms of at most
/// 10¹³ keep far more than this.
pub(crate) const SLACK: f64 = 0.01;

/// The least that a column adds which a group has but the program leaves out.
#[derive(Debug, Clone, PartialEq)]
pub struct LeftOut {
    /// It costs at least this, in micro-dollars.
    pub cost: i64,
    /// It adds at least this to each row, scaled: in one of these ways.
    pub coefficients: Vec<Vec<f64>>,
}

/// The Lagrangian bound for those multipliers in micro-dollars.
pub fn lagrangian_bound(program: &Program, multipliers: &[f64]) -> f64 {
    Reduced::new(program, multipliers, &[]).bound
}

/// A program with the price that multipliers put on its rows.
#[derive(Debug, Clone)]
pub struct Reduced<'p> {
    program: &'p Program,
    /// In micro-dollars for one scaled unit of each row.
    prices: Vec<f64>,
    /// No feasible choice costs less, in micro-dollars; below that of the program alone where a
    /// column that was left out could be cheaper.
    pub bound: f64,
    /// For each group: reduced cost above the group's least, and the column.
    order: Vec<Vec<(f64, usize)>>,
    /// For each group, the reduced cost of what was left out.
    left_out: Vec<f64>,
}

impl<'p> Reduced<'p> {
    /// Prices a program. `left_out` is by group; nothing is left out of groups beyond its end.
    pub fn new(program: &'p Program, multipliers: &[f64], left_out: &[Option<LeftOut>]) -> Self {
        let price: Vec<f64> = multipliers.iter().map(|dollars| dollars.max(0.0) * 1e6).collect();
        let paid: f64 = program.rows.iter().zip(&price).map(|(row, price)| row.limit * price).sum();
        let mut reduced = Self {
            program,
            prices: price.clone(),
            bound: -paid,
            order: Vec::new(),
            left_out: Vec::new(),
        };
        for (group, content) in program.groups.iter().enumerate() {
            let mut costs: Vec<(f64, usize)> = content
                .columns
                .iter()
                .enumerate()
                .map(|(column, content)| (content.cost as f64, column))
                .collect();
            for (row, price) in program.rows.iter().zip(&price).filter(|(_, price)| **price > 0.0) {
                for ((cost, _), coefficient) in costs.iter_mut().zip(&row.coefficients[group]) {
                    *cost += coefficient * price;
                }
            }
            costs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let beyond =
                left_out.get(group).and_then(Option::as_ref).map_or(f64::INFINITY, |rest| {
                    let priced = rest.coefficients.iter().map(|ways| {
                        let rows = ways.iter().zip(&price);
                        rows.map(|(own, price)| own * price).sum::<f64>()
                    });
                    rest.cost as f64 + priced.fold(f64::INFINITY, f64::min)
                });
            let least = costs.first().map_or(beyond, |(cost, _)| cost.min(beyond));
            if least.is_finite() {
                reduced.bound += least;
            }
            for (cost, _) in &mut costs {
                *cost -= least;
            }
            reduced.order.push(costs);
            reduced.left_out.push(beyond - least);
        }
        reduced
    }

    /// The program.
    pub const fn program(&self) -> &'p Program {
        self.program
    }

    /// In micro-dollars for one scaled unit of each row.
    pub fn prices(&self) -> &[f64] {
        &self.prices
    }

    /// The least reduced cost of a column of the group, above that of what was left out where
    /// that is less; `None` when it has no column.
    pub fn least(&self, group: usize) -> Option<f64> {
        self.order[group].first().map(|(excess, _)| *excess)
    }

    /// The reduced cost of what was left out of a group: never negative, infinite when nothing
    /// was.
    pub fn left_out(&self, group: usize) -> f64 {
        self.left_out[group]
    }

    /// The columns of each group that can be in a choice that costs at most `most`, in their
    /// order.
    pub fn within(&self, most: i64) -> Vec<Vec<usize>> {
        let gap = most as f64 + SLACK - self.bound;
        let within = |order: &Vec<(f64, usize)>| {
            let mut columns: Vec<usize> =
                order.iter().take_while(|(excess, _)| *excess <= gap).map(|part| part.1).collect();
            columns.sort_unstable();
            columns
        };
        self.order.iter().map(within).collect()
    }
}
