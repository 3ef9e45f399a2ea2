//! What rules approve and deny, as a demand carries it to whoever buys.

use jiff::civil::Date;

use super::{Clause, Rule, Subject};

/// Everything that rules approve, deny or find too old.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gates {
    /// Approvals and denials, in the order of the rules.
    pub gates: Vec<Gate>,
    /// The oldest day that a price may be of, by rule, with the rule.
    pub oldest: Vec<(Date, String)>,
}

/// One approval or denial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// The rule that it comes from.
    pub rule: String,
    /// What it speaks of.
    pub subject: Subject,
    /// Whether only what matches may be used; otherwise what matches may not.
    pub allows: bool,
    /// Names, in which `*` stands for anything.
    pub patterns: Vec<String>,
    /// Whether it speaks of services that hold data only, or of the others; `None` for all.
    pub stateful: Option<bool>,
}

impl Gates {
    /// What some rules say, on the day that the prices of a catalog are of.
    pub fn of<'r>(rules: impl Iterator<Item = &'r Rule>, as_of: Date) -> Self {
        let mut all = Self::default();
        for rule in rules {
            for clause in &rule.clauses {
                let (subject, allows, patterns) = match clause {
                    Clause::Allow(subject, patterns) => (*subject, true, patterns),
                    Clause::Deny(subject, patterns) => (*subject, false, patterns),
                    Clause::PriceAge(days) => {
                        let span = jiff::Span::new().days(i64::from(*days));
                        let oldest = as_of.saturating_sub(span);
                        all.oldest.push((oldest, rule.name.clone()));
                        continue;
                    }
                    _ => continue,
                };
                all.gates.push(Gate {
                    rule: rule.name.clone(),
                    subject,
                    allows,
                    patterns: patterns.clone(),
                    stateful: rule.stateful,
                });
            }
        }
        all
    }
}
