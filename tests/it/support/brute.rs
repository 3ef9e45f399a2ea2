//! Programs solved without any method: by trying.

use domain::units::MicroDollars;
use solver::model::Model;
use solver::optimise::programs;
use solver::program::{Program, Row};

/// The cheapest of all that a model can place, by trying every choice.
pub(crate) fn least_by_trying(model: &Model<'_>) -> Option<MicroDollars> {
    let tried = programs(model).into_iter().filter_map(|programs| {
        let cost = MicroDollars::new(brute_force(&programs.plain)?).expect("an amount");
        Some(programs.fixed + cost)
    });
    tried.min()
}

/// The cheapest feasible choice of a program by trying every one.
pub(crate) fn brute_force(program: &Program) -> Option<i64> {
    let design = program.groups.iter().take_while(|group| !group.auxiliary).count();
    let mut best: Option<i64> = None;
    let mut columns = vec![0; program.groups.len()];
    loop {
        let cost = program.cost(&columns[..design]);
        if best.is_none_or(|best| cost < best) && fill(program, &mut columns, design) {
            best = Some(cost);
        }
        // The next choice, as an odometer counts.
        let Some(at) =
            (0..design).rev().find(|at| columns[*at] + 1 < program.groups[*at].columns.len())
        else {
            return best;
        };
        columns[at] += 1;
        columns[at + 1..].fill(0);
    }
}

/// Tries every way to fill the auxiliary groups one by one, each for the rows that speak of it.
pub(crate) fn fill(program: &Program, columns: &mut [usize], design: usize) -> bool {
    for group in design..program.groups.len() {
        let speaks = |row: &Row| row.coefficients[group].iter().any(|value| *value != 0.0);
        let rows: Vec<_> = program.rows.iter().filter(|row| speaks(row)).collect();
        let fitting = (0..program.groups[group].columns.len()).find(|column| {
            columns[group] = *column;
            rows.iter().all(|row| program.activity(row, columns) <= row.limit + 1e-9)
        });
        if fitting.is_none() {
            return false;
        }
    }
    program.broken(columns).is_empty()
}
