//! Which services a rule speaks of.

use super::{Policies, Rule};
use crate::data_class::DataClass;
use crate::intent::Intent;
use crate::name::Name;

/// The services that a rule speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reach {
    /// Those that hold data only, or the others; `None` for all.
    pub stateful: Option<bool>,
    /// Only these; `None` for all.
    pub only: Option<Vec<Name>>,
    /// None of these.
    pub except: Vec<Name>,
}

impl Reach {
    /// Whether it has a service, by its name and whether it holds data.
    pub fn has(&self, name: &Name, stateful: bool) -> bool {
        self.stateful.is_none_or(|own| own == stateful)
            && self.only.as_ref().is_none_or(|only| only.contains(name))
            && !self.except.contains(name)
    }
}

impl Policies {
    /// The services that the rule at a place speaks of.
    pub fn reach(&self, at: usize, intent: &Intent) -> Reach {
        let rule = &self.rules[at];
        let except = self.lifting(at).filter_map(|own| own.service.clone()).collect();
        let only = rule.holds.map(|class| holding(intent, class).cloned().collect());
        Reach { stateful: rule.stateful, only, except }
    }
}

impl Rule {
    /// Whether some service holds the data that it is for; a rule for no data binds always.
    pub fn is_bound(&self, intent: &Intent) -> bool {
        self.holds.is_none_or(|class| holding(intent, class).next().is_some())
    }
}

/// The services of an intent that hold data of a class.
fn holding(intent: &Intent, class: DataClass) -> impl Iterator<Item = &Name> {
    let services = intent.services.iter();
    services.filter(move |own| own.holds.contains(&class)).map(|own| &own.name)
}
