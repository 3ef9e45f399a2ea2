//! The hours of a week in which a system is open: as stated, or as a policy has them.

use domain::hours::Hours;
use domain::intent::Intent;
use domain::ledger::{Origin, Stated};
use domain::policy::Clause;
use domain::units::Seconds;

use super::book::Book;

/// The hours, and their share of a week, written down; `None` where it is always open.
pub(super) fn hours(intent: &Intent, book: &mut Book<'_>) -> Option<Hours> {
    let stated = of(intent)?;
    let Stated { value, origin, source, .. } = stated;
    let words = Stated { value: value.to_string(), origin, source, interval: None };
    book.choice("hours.open", Some(&words), "hours.open");
    book.derived("hours.share", value.share(), "open minutes of a week / 10,080");
    Some(value)
}

/// How long the day is over which a day's load comes.
pub(super) fn day_length(intent: &Intent) -> Seconds {
    of(intent).map_or(Seconds::DAY, |hours| hours.value.shortest_day())
}

/// What is stated, else the shortest that a rule has; `None` where it is always open.
fn of(intent: &Intent) -> Option<Stated<Hours>> {
    let hours = intent.hours.clone().or_else(|| of_rules(intent));
    hours.filter(|hours| !hours.value.is_always())
}

fn of_rules(intent: &Intent) -> Option<Stated<Hours>> {
    let rules = intent.policy.acting(intent);
    let all = rules.flat_map(|(_, rule)| rule.clauses.iter().map(move |clause| (rule, clause)));
    let hours = all.filter_map(|(rule, clause)| match clause {
        Clause::Hours(hours) => Some((rule, hours)),
        _ => None,
    });
    let (rule, hours) = hours.min_by_key(|(_, hours)| hours.minutes())?;
    let source = format!("policy rule {}: office hours, judgement", rule.name);
    let (value, origin) = (hours.clone(), Origin::Default);
    Some(Stated { value, origin, source, interval: None })
}
