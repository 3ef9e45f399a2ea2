//! What rules approve and deny, as a demand carries it to whoever buys.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Clause, Policies, Reach, Subject, ports};
use crate::area::Area;
use crate::facts::{Ability, BackupOf, BackupTerms, Facts};
use crate::intent::{Intent, Service, ServiceKind};
use crate::name::Name;
use crate::offer::Provider;
use crate::safeguard::Safeguard;

/// Everything that rules approve, deny or find too old.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gates {
    /// Approvals and denials, in the order of the rules.
    pub gates: Vec<Gate>,
    /// The oldest day that a price may be of, by rule, with the rule.
    pub oldest: Vec<(Date, String)>,
    /// Where everything has to be, by rule.
    pub places: Vec<Place>,
    /// What has to be protected, by rule.
    pub protections: Vec<Protection>,
    /// What offers are able to, where rules ask.
    pub abilities: Vec<Ability>,
    /// On which terms backups are kept, where rules speak of them.
    pub backups: BTreeMap<(Provider, Name, BackupOf), BackupTerms>,
    /// Regions that a backup may be copied to; empty where rules speak of no copies.
    pub copies_to: BTreeSet<(Provider, Name)>,
    /// What is demanded for the data of each service, in the order of the demand; empty where
    /// nothing is.
    pub safeguards: Vec<Safeguard>,
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
    /// The services that it speaks of.
    pub reach: Reach,
}

/// Regions that everything has to be in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The rule that it comes from.
    pub rule: String,
    /// Whether everything has to be there; otherwise it is backups.
    pub everything: bool,
    /// The regions that are known to be where the rule wants them.
    pub regions: BTreeSet<(Provider, Name)>,
}

/// What has to be protected of some services.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protection {
    /// The rule that it comes from.
    pub rule: String,
    /// Against what.
    pub guard: Guard,
    /// The services that it speaks of.
    pub reach: Reach,
}

/// What something is protected against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// Whoever reads what is stored: it is encrypted.
    AtRest,
    /// Whoever listens: what is sent is encrypted.
    InTransit,
    /// Databases that the internet reaches.
    PublicDatabase,
    /// Machines and data that the internet reaches: nothing of ours but a managed edge may be.
    PublicSubnet,
}

impl Guard {
    /// Whether a service of that kind is protected when it is bought as such a product, of which
    /// that is known.
    pub fn is_met(self, kind: ServiceKind, product: &str, known: Option<&Ability>) -> bool {
        let private = known.is_some_and(|can| can.private);
        match self {
            Self::AtRest => known.is_some_and(|can| can.at_rest),
            Self::InTransit => known.is_some_and(|can| can.in_transit),
            Self::PublicDatabase => kind != ServiceKind::Sql || private,
            Self::PublicSubnet => match kind {
                // The edge is what the internet reaches: a product may be, a machine of ours not.
                ServiceKind::Balancer => product != "instance",
                ServiceKind::Queue | ServiceKind::External => true,
                ServiceKind::Service | ServiceKind::Cache | ServiceKind::Sql => private,
            },
        }
    }
}

impl Gates {
    /// What the rules that bind an intent say, on the day that the prices of a catalog are of.
    pub fn of(intent: &Intent, as_of: Date, facts: &Facts) -> Self {
        let mut all = Self::default();
        for (at, rule) in intent.policy.acting(intent) {
            let reach = intent.policy.reach(at, intent);
            for clause in &rule.clauses {
                all.add((&rule.name, &reach), clause, (intent, as_of, facts));
            }
        }
        // Where rules let different ports through, there is no edge that all of them let stand.
        let mut known: Option<Vec<u16>> = None;
        for (rule, open) in ingress(intent) {
            let own = ports::of_edge(open);
            let left: Vec<u16> = match known {
                None => own.collect(),
                Some(known) => own.filter(|port| known.contains(port)).collect(),
            };
            if left.is_empty() {
                all.places.push(Place {
                    rule: rule.to_owned(),
                    everything: false,
                    regions: BTreeSet::new(),
                });
                break;
            }
            known = Some(left);
        }
        if !all.protections.is_empty() {
            all.abilities.clone_from(&facts.abilities);
        }
        all.backed_up(&intent.policy, intent, facts);
        all
    }

    fn add(
        &mut self,
        (rule, reach): (&str, &Reach),
        clause: &Clause,
        (intent, as_of, facts): (&Intent, Date, &Facts),
    ) {
        let rule = rule.to_owned();
        let protection = |guard| Protection { rule: rule.clone(), guard, reach: reach.clone() };
        let (subject, allows, patterns) = match clause {
            Clause::Allow(subject, patterns) => (*subject, true, patterns),
            Clause::Deny(subject, patterns) => (*subject, false, patterns),
            Clause::PriceAge(days) => {
                let span = jiff::Span::new().days(i64::from(*days));
                self.oldest.push((as_of.saturating_sub(span), rule));
                return;
            }
            Clause::BackupIn(_) if !intent.services.iter().any(is_backed_up) => return,
            // A backup that is not copied is where its database is.
            Clause::RegionIn(areas) | Clause::BackupIn(areas) => {
                let everything = matches!(clause, Clause::RegionIn(_));
                self.places.push(Place { rule, everything, regions: within(areas, facts) });
                return;
            }
            Clause::EncryptedAtRest => return self.protections.push(protection(Guard::AtRest)),
            Clause::EncryptedInTransit => {
                return self.protections.push(protection(Guard::InTransit));
            }
            Clause::DatabasePrivate => {
                return self.protections.push(protection(Guard::PublicDatabase));
            }
            Clause::PrivateSubnets => {
                return self.protections.push(protection(Guard::PublicSubnet));
            }
            _ => return,
        };
        self.gates.push(Gate {
            rule,
            subject,
            allows,
            patterns: patterns.clone(),
            reach: reach.clone(),
        });
    }

    /// The terms of backups and where copies may go, where some rule speaks of backups.
    fn backed_up(&mut self, policies: &Policies, intent: &Intent, facts: &Facts) {
        let clauses = || policies.acting(intent).flat_map(|(_, rule)| &rule.clauses);
        let kept = |clause: &Clause| matches!(clause, Clause::BackupDays(_) | Clause::BackupCopy);
        if !clauses().any(kept) {
            return;
        }
        self.backups.clone_from(&facts.backups);
        if !clauses().any(|clause| *clause == Clause::BackupCopy) {
            return;
        }
        let known = facts.backups.keys().map(|(provider, region, _)| (*provider, region.clone()));
        self.copies_to = known.collect();
        for clause in clauses() {
            if let Clause::RegionIn(areas) | Clause::BackupIn(areas) = clause {
                let allowed = within(areas, facts);
                self.copies_to.retain(|region| allowed.contains(region));
            }
        }
    }

    /// Where a backup of a region is copied to, and on which terms it is kept there: the cheapest
    /// other region of the provider, and of those the first by its name.
    pub fn copied_to(
        &self,
        provider: Provider,
        region: &Name,
        of: BackupOf,
    ) -> Option<(&Name, &BackupTerms)> {
        let others = self.copies_to.iter().filter(|(own, name)| *own == provider && name != region);
        let priced = others
            .filter_map(|(_, name)| Some((name, self.backups.get(&(provider, name.clone(), of))?)));
        priced.min_by_key(|(name, terms)| (terms.gib_month.unit_price, *name))
    }
}

/// The ports that each rule lets the internet reach.
fn ingress(intent: &Intent) -> impl Iterator<Item = (&str, &[u16])> {
    let rules = intent.policy.acting(intent).map(|(_, rule)| rule);
    rules.flat_map(|rule| {
        rule.clauses.iter().filter_map(|clause| match clause {
            Clause::Ingress(ports) => Some((rule.name.as_str(), ports.as_slice())),
            _ => None,
        })
    })
}

/// Databases are backed up; caches are filled again.
fn is_backed_up(service: &Service) -> bool {
    service.kind == ServiceKind::Sql
}

/// The regions that are known to be in one of those.
fn within(areas: &[Area], facts: &Facts) -> BTreeSet<(Provider, Name)> {
    let inside = facts
        .countries
        .iter()
        .filter(|(_, country)| areas.iter().any(|area| area.holds(**country)));
    inside.map(|(region, _)| region.clone()).collect()
}
