//! What a load takes that grows: the plan for each month, and how far the first of them carries.

use domain::design::Ask;
use domain::frontier::{Growth, Month};
use domain::intent::Intent;
use domain::ledger::Stated;
use domain::units::Ratio;
use domain::verification::Status;
use rayon::prelude::*;
use simulator::{Evidence, Settings};

use super::{Around, Outcome, asked, first};
use crate::planning::PlanningError;
use crate::replan::with;

/// Months of growth that are looked at.
const MONTHS: u32 = 12;

impl Around<'_> {
    /// What the load takes as it grows; nothing where none is stated.
    pub(super) fn growth(&self, monthly: Ratio) -> Result<Option<Growth>, PlanningError> {
        let Some(now) = asked(self.intent, Outcome::Load) else { return Ok(None) };
        let load = |month: u32| {
            let factor = (0..month).fold(1.0, |factor, _| factor * (1.0 + monthly.value()));
            match now {
                Ask::Users(count) => Ask::Users(whole(count as f64 * factor)),
                Ask::Rate(rate) => Ask::Rate(rate.times(factor)),
                other => other,
            }
        };
        let grown = |month: u32| -> Result<Month, PlanningError> {
            let load = load(month);
            let found = match month {
                0 => self.here.clone(),
                _ => self.point(Outcome::Load, load, &mut Vec::new())?.found,
            };
            Ok(Month { month, load, found })
        };
        let months = (0..=MONTHS).into_par_iter().map(grown).collect::<Result<_, _>>()?;
        let carried_to = self.carried_to(&load)?;
        Ok(Some(Growth { monthly, months, carried_to }))
    }

    /// The last month in which the machines of now carry all that is asked of the load by then, in
    /// the simulation; `None` where there are none.
    fn carried_to(&self, load: &dyn Fn(u32) -> Ask) -> Result<Option<u32>, PlanningError> {
        let Some(design) = self.here.design() else { return Ok(None) };
        let mut intent: Intent = self.intent.clone();
        if let Some(level) = design.operations {
            intent.operations = Some(Stated::by_user(level, "frontier"));
        }
        let settings = Settings {
            seed: self.planner.seed,
            evidence: Evidence::Demanded,
            ..Settings::default()
        };
        let fails = |month: u64| -> Result<bool, PlanningError> {
            let month = u32::try_from(month).unwrap_or(MONTHS + 1);
            if month > MONTHS {
                return Ok(true);
            }
            let grown = with(&intent, load(month), 0);
            let Ok(demand) = self.planner.demand(&grown) else { return Ok(true) };
            let topology = &design.plan.topology;
            let found = simulator::verify(&demand, topology, &settings, &|_| {})?;
            Ok(found.status != Status::Verified)
        };
        let ends = first(0, u64::from(MONTHS) + 1, &fails)?;
        Ok(ends.and_then(|month| u32::try_from(month - 1).ok()))
    }
}

/// A count that is not below a number, but for what its digits leave open.
fn whole(count: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast saturates, and no load is negative"
    )]
    let whole = (count - 1e-6).ceil() as u64;
    whole
}
