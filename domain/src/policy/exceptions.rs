//! What lifts a rule for a time: named, with a last day, and told in every report.

use jiff::civil::Date;

use super::Policies;
use crate::demand::Demand;
use crate::name::Name;

/// A rule that does not hold until some day, for one service or for all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// The place of the rule among all rules.
    pub rule: usize,
    /// The only service that it is lifted for; `None` for all.
    pub service: Option<Name>,
    /// The last day on which it is.
    pub until: Date,
    /// Who lifted it.
    pub by: String,
    /// Why.
    pub because: String,
}

impl Policies {
    /// Whether an exception lifts its rule on the day on which exceptions are judged.
    pub fn lifts(&self, exception: &Exception) -> bool {
        self.on.is_some_and(|on| on <= exception.until)
    }

    /// Whether it does so for what is there: an exception for another service lifts nothing.
    pub fn lifts_in(&self, exception: &Exception, demand: &Demand) -> bool {
        let there = |name: &Name| demand.services.iter().any(|service| service.name == *name);
        self.lifts(exception) && exception.service.as_ref().is_none_or(there)
    }

    /// What lifts the rule at a place for every service; `None` where nothing does.
    pub fn lifted(&self, rule: usize) -> Option<&Exception> {
        self.lifting(rule).find(|own| own.service.is_none())
    }

    /// What lifts the rule at a place, for every service or for one.
    pub fn lifting(&self, rule: usize) -> impl Iterator<Item = &Exception> {
        self.exceptions.iter().filter(move |own| own.rule == rule && self.lifts(own))
    }
}
