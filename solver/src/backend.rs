//! The one place that knows HiGHS: a program as a linear or mixed-integer program behind `good_lp`.
//!
//! Only here are dollars floating. One thread, no parallel search and a fixed seed make the answer
//! repeatable; its limits are nodes, never seconds. What comes back is not trusted: bounds are
//! recomputed from the multipliers, and choices are checked exactly, outside.

use good_lp::solvers::highs::{HighsParallelType, HighsProblem, highs};
use good_lp::{
    Expression, ProblemVariables, ResolutionError, Solution, SolverModel, Variable, variable,
};
use highs::{HighsModelStatus, HighsSolutionStatus};

use crate::program::{Choice, Group, Program};

/// A limit of the search tree that keeps a hard instance from running for ever.
const NODE_LIMIT: i32 = 200_000;

/// What exceeding a limit by the whole of it costs in the linear relaxation, as a factor on the
/// dearest choice.
const EXCESS_PRICE: f64 = 10.0;

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

/// What limits are worth in the linear relaxation.
#[derive(Debug, Clone, PartialEq)]
pub struct Multipliers {
    /// How many dollars one scaled unit of each row is worth, none negative.
    pub rows: Vec<f64>,
    /// Whether the relaxation holds every row; where it does not, no choice does.
    pub feasible: bool,
}

/// A relative gap below this is none: less than a micro-dollar on any bill.
const ROUNDING: f64 = 1e-12;

/// By how much rows may be exceeded in all before that is more than rounding.
const EXCESS: f64 = 1e-6;

/// The multipliers of the rows in the linear relaxation.
///
/// Every row may be exceeded at a price far above all costs, so that there is an answer where no
/// choice holds: its multipliers then show it, by a bound above every cost.
pub fn multipliers(program: &Program) -> BackendAnswer<Multipliers> {
    let dearest = |group: &Group| group.columns.iter().map(|column| column.cost).max().unwrap_or(0);
    let dearest: f64 = program.groups.iter().map(|group| dearest(group) as f64 / 1e6).sum();
    let built = build(program, Some(dearest.max(1.0) * EXCESS_PRICE));
    match built.problem.solve() {
        Ok(solution) => {
            let excess: f64 = built.excess.iter().map(|excess| solution.value(*excess)).sum();
            let inner = solution.into_inner();
            let duals = inner.dual_rows();
            let rows = program.rows.len();
            // In a minimisation the dual of a limit from above is at most zero.
            let duals = duals[built.first_row..built.first_row + rows].iter();
            BackendAnswer::Optimal(Multipliers {
                rows: duals.map(|dual| (-dual).max(0.0)).collect(),
                feasible: excess <= EXCESS,
            })
        }
        Err(ResolutionError::Infeasible) => BackendAnswer::Infeasible,
        Err(fault) => BackendAnswer::Failed(fault.to_string()),
    }
}

/// The best choice that HiGHS finds, by its own account; exact costs are recomputed.
pub fn mixed_integer(program: &Program) -> BackendAnswer<Choice> {
    // Below good_lp, which calls any gap a limit, and at the end of a whole search some is left by
    // rounding.
    let mut model = match build(program, None).problem.try_into_inner() {
        Ok(model) => model,
        Err(fault) => return BackendAnswer::Failed(fault.to_string()),
    };
    model.set_option("threads", 1);
    model.set_option("parallel", "off");
    model.set_option("random_seed", 0);
    model.set_option("mip_rel_gap", 0.0);
    model.set_option("mip_abs_gap", 0.0);
    model.set_option("mip_max_nodes", NODE_LIMIT);
    model.set_option("output_flag", false);
    let solved = match model.try_solve() {
        Ok(solved) => solved,
        Err(fault) => return BackendAnswer::Failed(format!("{fault:?}")),
    };
    let choice = || {
        let solution = solved.get_solution();
        let mut values = solution.columns().iter();
        let columns = program
            .groups
            .iter()
            .map(|group| {
                let own = values.by_ref().take(group.columns.len()).enumerate();
                own.max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(at, _)| at)
            })
            .collect::<Vec<usize>>();
        Choice { cost: program.cost(&columns), columns }
    };
    let status = solved.status();
    match status {
        // Columns are within 0 to 1, so nothing is unbounded.
        HighsModelStatus::Infeasible | HighsModelStatus::UnboundedOrInfeasible => {
            return BackendAnswer::Infeasible;
        }
        HighsModelStatus::Optimal | HighsModelStatus::ReachedSolutionLimit => {}
        // There is no solution of which anything could be asked.
        _ => return BackendAnswer::Failed(format!("{status:?}")),
    }
    match (status, solved.primal_solution_status()) {
        (HighsModelStatus::Optimal, HighsSolutionStatus::Feasible) => {
            if solved.mip_gap() <= ROUNDING {
                BackendAnswer::Optimal(choice())
            } else {
                BackendAnswer::Limit(Some(choice()))
            }
        }
        (_, HighsSolutionStatus::Feasible) => BackendAnswer::Limit(Some(choice())),
        _ => BackendAnswer::Limit(None),
    }
}

struct Built {
    problem: HighsProblem,
    /// By how much each row is exceeded; empty where none may be.
    excess: Vec<Variable>,
    /// Where the program's rows start among those of the problem.
    first_row: usize,
}

/// The program in whole columns, or its linear relaxation with a price in dollars on each scaled
/// unit by which a row is exceeded.
fn build(program: &Program, excess_price: Option<f64>) -> Built {
    let integer = excess_price.is_none();
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
    let rows = program.rows.iter().filter(|_| excess_price.is_some());
    let excess: Vec<Variable> = rows.map(|_| space.add(variable().min(0.0))).collect();
    let price = excess_price.unwrap_or(0.0);
    let penalty: Expression = excess.iter().map(|variable| price * *variable).sum();
    let costs: Expression = program
        .groups
        .iter()
        .zip(&variables)
        .flat_map(|(group, variables)| group.columns.iter().zip(variables))
        .map(|(column, variable)| (column.cost as f64 / 1e6) * *variable)
        .sum();
    let mut problem = space
        .minimise(costs + penalty)
        .using(highs)
        .set_threads(1)
        .set_parallel(HighsParallelType::Off)
        .set_option("random_seed", 0)
        .set_option("presolve", "off")
        .set_option("output_flag", false);
    for group in &variables {
        let sum: Expression = group.iter().sum();
        problem.add_constraint(sum.eq(1.0));
    }
    let first_row = variables.len();
    for (at, row) in program.rows.iter().enumerate() {
        let terms = row.coefficients.iter().zip(&variables).flat_map(|(values, variables)| {
            values.iter().zip(variables).filter(|(value, _)| **value != 0.0)
        });
        let sum: Expression = terms.map(|(value, variable)| *value * *variable).sum();
        let sum = excess.get(at).into_iter().fold(sum, |sum, excess| sum - *excess);
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
    Built { problem, excess, first_row }
}
