//! What is said beside every answer: names in rules that nothing sold is called, what lifts rules,
//! and regions in which no plan can stand.

use std::collections::{BTreeMap, BTreeSet};

use domain::catalog::Catalog;
use domain::intent::{Intent, nearest};
use domain::outcome::{Risk, Severity};
use domain::policy::{Clause, Subject};
use solver::model::Model;
use solver::optimise::{region_rejection, regions};

use crate::check::policy::among;

/// Families and regions that rules allow or deny and that are not in the catalog: such a rule may
/// be misspelt, or meant for another catalog.
pub(crate) fn strange_names(intent: &Intent, catalog: &Catalog) -> Vec<String> {
    let families: BTreeSet<&str> =
        catalog.offers.iter().map(|offer| offer.family.as_str()).collect();
    let regions: BTreeSet<&str> =
        catalog.regions.iter().map(|region| region.name.as_str()).collect();
    let mut told = Vec::new();
    for rule in intent.policy.rules.iter() {
        for clause in &rule.clauses {
            let (Clause::Allow(subject, patterns) | Clause::Deny(subject, patterns)) = clause
            else {
                continue;
            };
            let known = match subject {
                Subject::Family => &families,
                Subject::Region => &regions,
                _ => continue,
            };
            let (what, name, place) = (subject.as_str(), &rule.name, &rule.place);
            for pattern in patterns {
                let own = std::slice::from_ref(pattern);
                if known.iter().any(|known| among(own, known)) {
                    continue;
                }
                let meant = nearest(pattern.trim_matches('*'), known.iter().copied());
                let meant = meant.map_or_else(String::new, |meant| format!("; is {meant} meant?"));
                told.push(format!(
                    "rule {name} ({place}): no {what} of the catalog is called {pattern}{meant}"
                ));
            }
        }
    }
    told
}

/// The same as a risk of a plan.
pub(crate) fn strange_rules(intent: &Intent, catalog: &Catalog) -> Option<Risk> {
    let told = strange_names(intent, catalog);
    (!told.is_empty()).then(|| Risk {
        id: "rule-names".to_owned(),
        severity: Severity::Medium,
        text: told.join("; "),
    })
}

/// What is lacking where nothing can be planned in any region that was looked at, whatever it
/// costs; nothing where one of them is open.
pub(crate) fn closed_regions(model: &Model<'_>) -> Vec<String> {
    let mut closed: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for region in regions(model) {
        let Some(reason) = region_rejection(model, region) else { return Vec::new() };
        let name = format!("{} {}", region.provider, region.name);
        closed.entry(reason.label()).or_default().push(name);
    }
    closed.into_iter().map(|(reason, names)| format!("{}: {reason}", names.join(", "))).collect()
}
