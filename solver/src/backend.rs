//! The one place that knows HiGHS: a program as a linear or mixed-integer program behind `good_lp`.
//!
//! Only here are dollars floating. One thread, no parallel search and a fixed seed make the answer
//! repeatable; its limits are nodes, never seconds. What comes back is not trusted: bounds are
//! recomputed from the multipliers, and choices are checked exactly, outside.

use good_lp::solvers::highs::{HighsParallelType, HighsProblem, highs};
use good_lp::{
    Expression, ProblemVariables, ResolutionError, Solution, SolutionStatus, SolverModel, Variable,
    variable,
};

use crate::program::{Choice, Program};

/// A limit of the search tree that keeps a hard instance from running for ever.
const NODE_LIMIT: i32 = 200_000;

/// What the backend said.
#[derive(Debug, Clone, PartialEq)]
pub enum BackendAnswer<T> {
    /// An answer that it claims to be optimal.
    Optimal(T),
    /// There is none.
    Infeasible,
    /// It stopped at a limit, with the best it had.
    Limit(Option<T>),
    /// It failed.
    Failed(String),
}

/// The multipliers of the rows in the linear relaxation, none negative: how many dollars one
/// scaled unit of each limit is worth.
pub fn multipliers(program: &Program) -> BackendAnswer<Vec<f64>> {
    let built = build(program, false);
    match built.problem.solve() {
        Ok(solution) => {
            let inner = solution.into_inner();
            let duals = inner.dual_rows();
            let rows = program.rows.len();
            // In a minimisation the dual of a limit from above is at most zero.
            BackendAnswer::Optimal(
                duals[built.first_row..built.first_row + rows]
                    .iter()
                    .map(|dual| (-dual).max(0.0))
                    .collect(),
            )
        }
        Err(ResolutionError::Infeasible) => BackendAnswer::Infeasible,
        Err(fault) => BackendAnswer::Failed(fault.to_string()),
    }
}

/// The best choice that HiGHS finds, by its own account; exact costs are recomputed.
pub fn mixed_integer(program: &Program) -> BackendAnswer<Choice> {
    let built = build(program, true);
    match built.problem.solve() {
        Ok(solution) => {
            let columns = built
                .variables
                .iter()
                .map(|group| {
                    let value = |at: &usize| solution.value(group[*at]);
                    (0..group.len()).max_by(|a, b| value(a).total_cmp(&value(b))).unwrap_or(0)
                })
                .collect::<Vec<usize>>();
            let choice = Choice { cost: program.cost(&columns), columns };
            match solution.status() {
                SolutionStatus::Optimal => BackendAnswer::Optimal(choice),
                SolutionStatus::GapLimit | SolutionStatus::TimeLimit => {
                    BackendAnswer::Limit(Some(choice))
                }
            }
        }
        Err(ResolutionError::Infeasible) => BackendAnswer::Infeasible,
        Err(ResolutionError::Other("NoSolutionFound")) => BackendAnswer::Limit(None),
        Err(fault) => BackendAnswer::Failed(fault.to_string()),
    }
}

struct Built {
    problem: HighsProblem,
    variables: Vec<Vec<Variable>>,
    /// Where the program's rows start among those of the problem.
    first_row: usize,
}

fn build(program: &Program, integer: bool) -> Built {
    let mut space = ProblemVariables::new();
    let kind = || {
        let column = variable().min(0.0).max(1.0);
        if integer { column.integer() } else { column }
    };
    let variables: Vec<Vec<Variable>> = program
        .groups
        .iter()
        .map(|group| group.columns.iter().map(|_| space.add(kind())).collect())
        .collect();
    let objective: Expression = program
        .groups
        .iter()
        .zip(&variables)
        .flat_map(|(group, variables)| group.columns.iter().zip(variables))
        .map(|(column, variable)| (column.cost as f64 / 1e6) * *variable)
        .sum();
    let mut problem = space
        .minimise(objective)
        .using(highs)
        .set_threads(1)
        .set_parallel(HighsParallelType::Off)
        .set_option("random_seed", 0)
        .set_option("mip_rel_gap", 0.0)
        .set_option("mip_abs_gap", 0.0)
        .set_option("mip_max_nodes", NODE_LIMIT)
        .set_option("output_flag", false);
    for group in &variables {
        let sum: Expression = group.iter().sum();
        problem.add_constraint(sum.eq(1.0));
    }
    let first_row = variables.len();
    for row in &program.rows {
        let terms = row.coefficients.iter().zip(&variables).flat_map(|(values, variables)| {
            values.iter().zip(variables).filter(|(value, _)| **value != 0.0)
        });
        let sum: Expression = terms.map(|(value, variable)| *value * *variable).sum();
        problem.add_constraint(sum.leq(row.limit));
    }
    for exclusion in &program.exclusions {
        let chosen = exclusion
            .columns
            .iter()
            .zip(&variables)
            .flat_map(|(columns, variables)| columns.iter().map(|column| variables[*column]));
        let sum: Expression = chosen.sum();
        problem.add_constraint(sum.leq(exclusion.named() as f64 - 1.0));
    }
    Built { problem, variables, first_row }
}
