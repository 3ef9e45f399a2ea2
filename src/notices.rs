//! What is said beside every answer: names in rules that nothing sold is called, disks of which
//! nobody says what is asked, what lifts rules, and regions in which no plan can stand.

use std::collections::{BTreeMap, BTreeSet};

use domain::catalog::Catalog;
use domain::demand::Demand;
use domain::intent::{Intent, nearest};
use domain::outcome::{Risk, Severity};
use domain::plan::Plan;
use domain::policy::{Clause, Subject};
use solver::disk::Storage;
use solver::model::Model;
use solver::optimise::{region_rejection, regions};
use solver::words::figure;

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

/// Databases of which nobody says what a query takes of their disk, where less than one operation
/// for each comes with their storage.
pub(crate) fn unjudged_disks(catalog: &Catalog, demand: &Demand, plan: &Plan) -> Option<Risk> {
    let topology = &plan.topology;
    let mut regions = catalog.regions.iter();
    let region =
        regions.find(|own| own.provider == topology.provider && own.name == topology.region)?;
    let load = 1.0 + demand.objectives.headroom.load.value();
    let deployed = demand.services.iter().zip(&topology.services).zip(&plan.sizing);
    let told: Vec<String> = deployed
        .filter_map(|((service, deployed), sizing)| {
            let data = service.data.as_ref().filter(|data| data.iops_per_query.is_none())?;
            let size = deployed.storage?;
            let storage = if deployed.product.is_some() {
                Storage::managed(catalog, region)
            } else {
                let family = &deployed.pools.first()?.family;
                Storage::disk(catalog, region, region.disk_of(family))
            };
            let operations = storage.operations(size.max(data.size));
            let queries = sizing.arrival_rate.value() * load;
            let each = f64::from(operations) / queries;
            (each < 1.0).then(|| {
                format!(
                    "{}: {} operations a second come with {} GiB, {} for each query with the \
                     load of the headroom (state services.{}.iops_per_query)",
                    service.name,
                    figure(f64::from(operations)),
                    size.gibibytes(),
                    figure(each),
                    service.name
                )
            })
        })
        .collect();
    (!told.is_empty()).then(|| Risk {
        id: "disk".to_owned(),
        severity: Severity::Medium,
        text: format!("what queries take of a disk is not judged: {}", told.join("; ")),
    })
}
