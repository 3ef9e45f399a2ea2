//! What policies make of an intent: floors of its outcomes, caps of its bills, bounds of the rules,
//! and what may be bought. Of several rules the strictest one holds.

use std::collections::BTreeMap;

use domain::catalog::Catalog;
use domain::intent::Intent;
use domain::ledger::{Origin, Stated};
use domain::objective::{Budget, LatencyObjective, MeasuredAt};
use domain::policy::{Clause, Gates, ports};
use domain::units::{Availability, MicroDollars};

/// A bound of an entry of the ledger, as a text that is read as that entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bound {
    /// The bound with its unit.
    pub(crate) text: String,
    /// Whether it is the most; otherwise it is the least.
    pub(crate) most: bool,
    /// The rule that it comes from.
    pub(crate) rule: String,
}

/// The bounds of the ledger's entries, by name.
pub(crate) type Bounds = BTreeMap<&'static str, Vec<Bound>>;

/// The bounds that the rules set.
pub(super) fn bounds(intent: &Intent) -> Bounds {
    let mut bounds = Bounds::new();
    for (_, rule) in intent.policy.acting(intent) {
        for clause in &rule.clauses {
            let (names, text, most) = bounded(clause);
            for name in names {
                let bound = Bound { text: text.clone(), most, rule: rule.name.clone() };
                bounds.entry(*name).or_default().push(bound);
            }
        }
    }
    bounds
}

/// The entries that a clause bounds, by what, and whether that is the most.
fn bounded(clause: &Clause) -> (&'static [&'static str], String, bool) {
    match clause {
        Clause::HeadroomLoad(least) => (&["headroom.load"], least.to_string(), false),
        Clause::InstancesDown(least) => (&["headroom.instances_down"], least.to_string(), false),
        Clause::Zones(least) => (&["rules.zones_min"], least.to_string(), false),
        Clause::ReplicasLeast(least) => (&["rules.replicas_min"], least.to_string(), false),
        Clause::ReplicasMost(most) => (&["rules.replicas_max"], most.to_string(), true),
        Clause::Standby => (&["rules.redundant_data"], "1".to_owned(), false),
        Clause::ZoneLoss => (&["rules.survives_zone_loss"], "1".to_owned(), false),
        Clause::Utilisation(most) => {
            let names = &[
                "rules.utilisation.stateless",
                "rules.utilisation.cache",
                "rules.utilisation.sql",
            ];
            (names, most.to_string(), true)
        }
        Clause::Uptime(_)
        | Clause::Latency(..)
        | Clause::Rpo(_)
        | Clause::Rto(_)
        | Clause::Hours(_)
        | Clause::Expected(_)
        | Clause::Ceiling(_)
        | Clause::PriceAge(_)
        | Clause::Labels(_)
        | Clause::RegionIn(_)
        | Clause::BackupIn(_)
        | Clause::PrivateSubnets
        | Clause::DatabasePrivate
        | Clause::Ingress(_)
        | Clause::EncryptedAtRest
        | Clause::EncryptedInTransit
        | Clause::BackupDays(_)
        | Clause::BackupCopy
        | Clause::Allow(..)
        | Clause::Deny(..) => (&[], String::new(), false),
    }
}

/// The uptime that is stated, or the highest floor where that is more.
pub(super) fn uptime(intent: &Intent) -> Option<Availability> {
    intent.objectives.uptime.max(uptime_floor(intent))
}

/// The highest floor of the uptime.
pub(crate) fn uptime_floor(intent: &Intent) -> Option<Availability> {
    let floors = clauses(intent).filter_map(|clause| match clause {
        Clause::Uptime(least) => Some(*least),
        _ => None,
    });
    floors.max()
}

/// Holds the latencies that are stated of all requests to the floors, and adds those that nobody
/// stated.
pub(super) fn latency(intent: &Intent, latency: &mut Vec<LatencyObjective>) {
    for clause in clauses(intent) {
        let Clause::Latency(percentile, most) = clause else { continue };
        let mut stated = latency.iter_mut();
        let own = stated.find(|own| own.class.is_none() && own.percentile == *percentile);
        if let Some(own) = own {
            own.limit = own.limit.min(*most);
            continue;
        }
        // Where more of the requests are as fast already, this part of them is.
        let implied = latency
            .iter()
            .any(|own| own.class.is_none() && own.percentile > *percentile && own.limit <= *most);
        if !implied {
            latency.push(LatencyObjective {
                class: None,
                percentile: *percentile,
                percentile_stated: true,
                limit: *most,
                measured_at: MeasuredAt::Balancer,
            });
        }
    }
}

/// The budget that is stated, or the lowest cap where that is less.
pub(super) fn budget(intent: &Intent) -> Budget {
    let mut budget = intent.objectives.budget;
    let lower = |limit: &mut Option<MicroDollars>, cap: MicroDollars| {
        *limit = Some(limit.map_or(cap, |stated| stated.min(cap)));
    };
    for clause in clauses(intent) {
        match clause {
            Clause::Expected(cap) => lower(&mut budget.expected, *cap),
            Clause::Ceiling(cap) => lower(&mut budget.ceiling, *cap),
            _ => {}
        }
    }
    budget
}

/// The port of the edge where rules let the internet reach some ports only and nobody stated one:
/// the first that all of them let through and at which an edge can listen.
pub(super) fn edge_port(intent: &Intent) -> Option<Stated<u16>> {
    let mut found: Option<(Vec<u16>, &str)> = None;
    for (_, rule) in intent.policy.acting(intent) {
        for clause in &rule.clauses {
            let Clause::Ingress(ports) = clause else { continue };
            let own = ports::of_edge(ports);
            let left = match &found {
                None => own.collect(),
                Some((known, _)) => own.filter(|port| known.contains(port)).collect(),
            };
            found = Some((left, &rule.name));
        }
    }
    let (ports, rule) = found?;
    // The usual one stays where it is let through.
    let port = ports.iter().copied().find(|port| *port == 443).or(ports.first().copied())?;
    let source = format!("policy rule {rule}: the internet reaches it");
    Some(Stated { value: port, origin: Origin::Derived, source, interval: None })
}

/// What may be bought.
pub(super) fn gates(intent: &Intent, catalog: &Catalog) -> Gates {
    Gates::of(intent, catalog.as_of, &catalog.facts)
}

fn clauses(intent: &Intent) -> impl Iterator<Item = &Clause> {
    intent.policy.acting(intent).flat_map(|(_, rule)| &rule.clauses)
}
