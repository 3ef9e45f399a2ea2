//! The limits that couple the services of a plan, one a file.

mod availability;
mod budget;
mod connections;
mod latency;
mod quota;
mod tail;

use domain::units::MicroDollars;

use crate::layout::Layout;
use crate::model::Model;
use crate::option::ServiceOption;
use crate::program::Program;

pub use availability::affordable;
pub use latency::{Ladder, LatencyState, broken_states, first_states, states};
pub use tail::least_shared;

/// What the constraints of a program are built from.
pub struct Context<'c, 'a> {
    /// The model.
    pub model: &'c Model<'a>,
    /// The placement.
    pub layout: &'c Layout<'a>,
    /// The options by service, which are the columns of the program's first groups.
    pub options: &'c [&'c [ServiceOption<'a>]],
    /// By service, what every option has at least, whether it is among those or not.
    pub floors: &'c [ServiceOption<'a>],
    /// What the placement itself costs: expected, and at the ceiling.
    pub fixed_cost: (MicroDollars, MicroDollars),
}

impl<'a> Context<'_, 'a> {
    /// The option that a column stands for; `None` for an auxiliary group.
    fn option(&self, group: usize, column: usize) -> Option<&ServiceOption<'a>> {
        self.options.get(group).map(|options| &options[column])
    }
}

/// Adds every row that the demand asks for, in a fixed order; those of latency for some states.
pub fn add_all(context: &Context<'_, '_>, states: &[LatencyState], program: &mut Program) {
    availability::add(context, program);
    connections::add(context, program);
    quota::add(context, program);
    budget::add(context, program);
    latency::add(context, states, program);
}
