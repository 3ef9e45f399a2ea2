//! The answers to one intent in each of its environments.

use crate::name::Name;
use crate::outcome::Outcome;
use crate::plan::ThreeBills;
use crate::units::MicroDollars;
use crate::verification::Status;

/// One answer for each environment.
#[derive(Debug, Clone, PartialEq)]
pub struct Environments {
    /// In the order of the document, at least one.
    pub rows: Vec<Row>,
}

/// What came of one environment.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The environment.
    pub name: Name,
    /// Its plan, or why there is none.
    pub outcome: Outcome,
}

/// What came of an environment or of all of them, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// The plan holds.
    Verified,
    /// The simulation could not decide.
    Undecided,
    /// The plan does not hold.
    Refuted,
    /// There is no plan.
    Infeasible,
}

impl Standing {
    /// As documents write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Undecided => "undecided",
            Self::Refuted => "refuted",
            Self::Infeasible => "infeasible",
        }
    }
}

impl Row {
    /// What came of it.
    pub const fn standing(&self) -> Standing {
        match &self.outcome {
            Outcome::Infeasible(_) => Standing::Infeasible,
            Outcome::Planned(answer) => match answer.status() {
                Status::Verified => Standing::Verified,
                Status::Undecided => Standing::Undecided,
                Status::Refuted => Standing::Refuted,
            },
        }
    }

    /// The three bills of its plan; `None` where there is none.
    pub fn bills(&self) -> Option<ThreeBills<MicroDollars>> {
        match &self.outcome {
            Outcome::Planned(answer) => Some(answer.plan.bill.totals()),
            Outcome::Infeasible(_) => None,
        }
    }
}

impl Environments {
    /// The worst that came of any, with the first environment of which it did.
    ///
    /// # Panics
    /// Where there is no environment.
    pub fn worst(&self) -> (Standing, &Row) {
        let standings = self.rows.iter().map(|row| (row.standing(), row));
        let worst = standings.reduce(|worst, next| if next.0 > worst.0 { next } else { worst });
        worst.expect("an intent with environments has one")
    }

    /// The three bills of all environments together; `None` where one has no plan.
    pub fn total(&self) -> Option<ThreeBills<MicroDollars>> {
        let mut total = ThreeBills::default();
        for row in &self.rows {
            let bills = row.bills()?;
            total.expected += bills.expected;
            total.peak_fleet += bills.peak_fleet;
            total.ceiling += bills.ceiling;
        }
        Some(total)
    }
}
