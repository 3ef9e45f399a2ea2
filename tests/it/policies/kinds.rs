//! Of every kind of rule one is tried that changes what is planned and one that leaves nothing or
//! refuses the intent. A kind that is added and not tried fails here.

use std::collections::BTreeSet;

use domain::policy::{Clause, Subject};

use super::{capacity, floors, guarded, hours, labels, policies, purchase, rules};

/// Names the kinds of clauses, each once; a clause of none of them does not compile.
macro_rules! kinds {
    ($($clause:pat => $name:literal,)*) => {
        const KINDS: &[&str] = &[$($name),*];

        fn kind(clause: &Clause) -> &'static str {
            match clause {
                $($clause => $name,)*
            }
        }
    };
}

kinds! {
    Clause::Uptime(_) => "uptime",
    Clause::Latency(..) => "latency",
    Clause::Rpo(_) => "recovery.rpo",
    Clause::Rto(_) => "recovery.rto",
    Clause::HeadroomLoad(_) => "headroom.load",
    Clause::InstancesDown(_) => "headroom.instances_down",
    Clause::Expected(_) => "cost.expected",
    Clause::Ceiling(_) => "cost.ceiling",
    Clause::Zones(_) => "zones",
    Clause::ReplicasLeast(_) => "replicas, at least",
    Clause::ReplicasMost(_) => "replicas, at most",
    Clause::Standby => "database.standby",
    Clause::ZoneLoss => "survives_zone_loss",
    Clause::Utilisation(_) => "utilisation",
    Clause::Hours(_) => "hours",
    Clause::PriceAge(_) => "price.age",
    Clause::Labels(_) => "labels",
    Clause::RegionIn(_) => "region.in",
    Clause::BackupIn(_) => "backup.region.in",
    Clause::PrivateSubnets => "subnets",
    Clause::DatabasePrivate => "database.public",
    Clause::Ingress(_) => "ingress",
    Clause::EncryptedAtRest => "encryption.at_rest",
    Clause::EncryptedInTransit => "encryption.in_transit",
    Clause::BackupDays(_) => "backup.retention",
    Clause::BackupCopy => "backup.copy",
    Clause::Allow(Subject::Provider, _) => "allow provider",
    Clause::Allow(Subject::Region, _) => "allow region",
    Clause::Allow(Subject::Family, _) => "allow family",
    Clause::Allow(Subject::Architecture, _) => "allow architecture",
    Clause::Allow(Subject::Product, _) => "allow product",
    Clause::Allow(Subject::Purchase, _) => "allow purchase",
    Clause::Allow(Subject::Platform, _) => "allow platform",
    Clause::Allow(Subject::Kubernetes, _) => "allow kubernetes",
    Clause::Deny(Subject::Provider, _) => "deny provider",
    Clause::Deny(Subject::Region, _) => "deny region",
    Clause::Deny(Subject::Family, _) => "deny family",
    Clause::Deny(Subject::Architecture, _) => "deny architecture",
    Clause::Deny(Subject::Product, _) => "deny product",
    Clause::Deny(Subject::Purchase, _) => "deny purchase",
    Clause::Deny(Subject::Platform, _) => "deny platform",
    Clause::Deny(Subject::Kubernetes, _) => "deny kubernetes",
}

/// Nothing is planned on Kubernetes, so these speak of nothing.
const OF_NOTHING: [&str; 2] = ["allow kubernetes", "deny kubernetes"];

/// The kinds that no rule by itself is of.
fn untried<'r>(tried: impl Iterator<Item = &'r str>) -> Vec<&'static str> {
    let mut left: BTreeSet<&str> = KINDS.iter().copied().collect();
    for rule in tried {
        if let [clause] = &policies(&[rule]).rules[0].clauses[..] {
            left.remove(kind(clause));
        }
    }
    KINDS.iter().filter(|kind| left.contains(*kind)).copied().collect()
}

#[test]
fn a_rule_of_every_kind_changes_what_is_planned() {
    let all = rules::CHANGES.iter().chain(&floors::CHANGES).chain(&guarded::CHANGES);
    let tables = all.chain(&purchase::CHANGES).map(|(rule, _, _)| *rule);
    let apart = [labels::RULE, hours::RULE, guarded::PORTS.0, capacity::LIMIT];
    assert_eq!(untried(tables.chain(apart)), OF_NOTHING);
}

#[test]
fn a_rule_of_every_kind_leaves_no_plan_or_refuses_the_intent() {
    let all = rules::LEAVES_NOTHING.iter().chain(&floors::LEAVES_NOTHING);
    let all = all.chain(&guarded::LEAVES_NOTHING).chain(&purchase::LEAVES_NOTHING);
    let apart = [labels::RULE, hours::RULE, guarded::PORTS.1];
    assert_eq!(untried(all.map(|(rule, _)| *rule).chain(apart)), OF_NOTHING);
}

/// An amount is written with the digits that it has, and cents with two.
#[test]
fn an_amount_is_told_as_people_write_it() {
    for (written, told) in [
        ("20000 USD/month", "20000 USD/month"),
        ("819.870000 USD/month", "819.87 USD/month"),
        ("819.5 USD/month", "819.50 USD/month"),
        ("0.000001 USD/month", "0.000001 USD/month"),
        ("1.234500 USD/month", "1.2345 USD/month"),
    ] {
        let policy = policies(&[&format!("{{id: x, limit: {{cost.expected: {written}}}}}")]);
        assert_eq!(policy.rules[0].text(), format!("cost.expected <= {told}"));
    }
}
