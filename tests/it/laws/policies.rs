//! Laws of policies: what no plan may break, and what a rule may never do.

use std::collections::BTreeMap;

use domain::facts::{Ability, BackupOf, BackupTerms, Facts};
use domain::intent::ServiceKind;
use domain::name::Name;
use domain::offer::Provider;
use domain::plan::Plan;
use domain::topology::{Deployment, Redundancy};
use plimsoll::check::policy::{Standing, broken};
use reports::spec::built;

use super::systems::System;
use super::{cheapest, demand, planned};
use crate::policies::policies;
use crate::support::{Draw, price};

/// Whether a plan keeps a rule.
type Kept = Box<dyn Fn(&System, &Plan) -> bool>;

/// A rule that was drawn: as a policy writes it, and as the test judges it.
struct Drawn {
    kind: &'static str,
    text: String,
    kept: Kept,
}

fn drawn(kind: &'static str, said: &str, kept: impl Fn(&System, &Plan) -> bool + 'static) -> Drawn {
    Drawn { kind, text: said.to_owned(), kept: Box::new(kept) }
}

/// Every machine of a plan, by its name in the catalog of the system.
fn bought(plan: &Plan) -> impl Iterator<Item = &str> {
    plan.topology.services.iter().flat_map(|own| &own.pools).map(|pool| pool.sku.as_str())
}

/// Whether the fleets of all stateless services hold to something, at night and at their largest.
fn counted(system: &System, plan: &Plan, holds: impl Fn(u32, u32) -> bool) -> bool {
    let kinds = demand(system).services.into_iter().map(|service| service.kind);
    let stateless = |kind| matches!(kind, ServiceKind::Service | ServiceKind::Balancer);
    let fleets = kinds.zip(&plan.topology.services).filter(|(kind, _)| stateless(*kind));
    fleets.filter(|(_, own)| !own.pools.is_empty()).all(|(_, own)| {
        let (mut fewest, mut most) = (0, 0);
        for pool in &own.pools {
            let peak: u32 = pool.per_zone.iter().sum();
            fewest += pool.autoscaler.map_or(peak, |scaler| scaler.min);
            most += pool.autoscaler.map_or(peak, |scaler| scaler.max);
        }
        holds(fewest, most)
    })
}

/// The databases of a plan.
fn databases<'p>(system: &System, plan: &'p Plan) -> impl Iterator<Item = &'p Deployment> {
    let kinds: Vec<ServiceKind> =
        demand(system).services.into_iter().map(|service| service.kind).collect();
    let deployed = kinds.into_iter().zip(&plan.topology.services);
    deployed.filter(|(kind, _)| *kind == ServiceKind::Sql).map(|(_, own)| own)
}

/// Whether each database has lines of the bill that cost something and end so.
fn paid(system: &System, plan: &Plan, ends: &[&str]) -> bool {
    let services = demand(system).services;
    let databases = services.iter().filter(|service| service.kind == ServiceKind::Sql);
    let ids = databases.flat_map(|own| ends.iter().map(|end| format!("{}.{end}", own.name)));
    ids.into_iter().all(|id| {
        let mut lines = plan.bill.lines.iter();
        lines.any(|line| line.id == id && line.amount.expected.micros() > 0)
    })
}

/// What is known of the regions of the systems: where they are, that the first kind of machine
/// cannot be encrypted, and what backups cost.
fn facts() -> Facts {
    let mut facts = Facts::default();
    for (region, country) in [("us-east-1", "CA"), ("us-west-2", "US")] {
        let region = || (Provider::Aws, Name::of(region));
        facts.countries.insert(region(), country.parse().expect("two letters"));
        for of in [BackupOf::ManagedSql, BackupOf::Disk] {
            let terms = BackupTerms {
                gib_month: price(0.1),
                sent_gb: price(0.02),
                own_size_free: of == BackupOf::ManagedSql,
                days_most: None,
            };
            let (provider, name) = region();
            facts.backups.insert((provider, name, of), terms);
        }
    }
    let able = |product: &str, offers: &str, at_rest: bool| Ability {
        provider: Provider::Aws,
        product: product.to_owned(),
        offers: offers.to_owned(),
        at_rest,
        in_transit: true,
        private: true,
    };
    facts.abilities = vec![
        able("instance", "*", true),
        able("instance", "m0", false),
        able("managed_balancer", "*", true),
        able("managed_cache", "*", true),
        able("managed_sql", "*", true),
    ];
    facts
}

/// What the re-check finds broken, by code that the solver does not use.
fn found_broken(system: &System, plan: &Plan) -> Vec<String> {
    let (intent, demand) = (&system.intent, demand(system));
    let (network, services) = built(intent, &demand, plan);
    let totals = plan.bill.totals();
    broken(&Standing {
        intent,
        demand: &demand,
        topology: &plan.topology,
        labels: &intent.metadata.labels,
        network: &network,
        services: &services,
        facts: &system.catalog.facts,
        expected: totals.expected,
        ceiling: totals.ceiling,
        oldest: plan.bill.oldest_price(),
        as_of: system.catalog.as_of,
    })
}

/// A rule of each kind, with numbers near those of the plan that there is without it.
fn rules(draw: &mut Draw, free: &Plan) -> Vec<Drawn> {
    let totals = free.bill.totals();
    let permille = i64::from(draw.whole(800, 1_000));
    let limit = totals.ceiling.micros() / 1_000 * permille;
    let amount = format!("{}.{:06} USD/month", limit / 1_000_000, limit % 1_000_000);
    let expected = totals.expected.micros() / 1_000 * i64::from(draw.whole(950, 1_100));
    let spent = format!("{}.{:06} USD/month", expected / 1_000_000, expected % 1_000_000);
    let zones = draw.whole(1, 3);
    let least = draw.whole(1, 5);
    let most = draw.whole(3, 9);
    let busy = f64::from(draw.whole(20, 80)) / 100.0;
    let region = free.topology.region.to_string();
    let (nines, ppm) = [("99%", 990_000), ("99.9%", 999_000), ("99.95%", 999_500)][draw.place(3)];
    let mut all = vec![
        drawn("ceiling", &format!("limit: {{cost.ceiling: {amount}}}"), move |_, plan| {
            let lines = plan.bill.lines.iter();
            lines.map(|line| line.amount.ceiling.micros()).sum::<i64>() <= limit
        }),
        drawn("expected", &format!("limit: {{cost.expected: {spent}}}"), move |_, plan| {
            let lines = plan.bill.lines.iter();
            lines.map(|line| line.amount.expected.micros()).sum::<i64>() <= expected
        }),
        drawn("zones", &format!("require: {{zones: '>= {zones}'}}"), move |_, plan| {
            u32::from(plan.topology.zones) >= zones
        }),
        drawn("least", &format!("require: {{replicas: '>= {least}'}}"), move |system, plan| {
            counted(system, plan, |fewest, _| fewest >= least)
        }),
        drawn("most", &format!("require: {{replicas: '<= {most}'}}"), move |system, plan| {
            counted(system, plan, |_, largest| largest <= most)
        }),
        drawn("standby", "require: {database.standby: true}", |_, plan| {
            plan.topology.services.iter().all(|own| own.redundancy != Redundancy::Single)
        }),
        drawn(
            "busy",
            &format!("require: {{utilisation: '<= {:.0}%'}}", busy * 100.0),
            move |_, plan| plan.sizing.iter().all(|own| own.at_peak <= busy + 1e-6),
        ),
        drawn("region", &format!("deny: {{region: [{region}]}}"), move |_, plan| {
            plan.topology.region.as_str() != region
        }),
        drawn("uptime", &format!("require: {{uptime: '>= {nines}'}}"), move |_, plan| {
            plan.availability.total.value() <= f64::from(1_000_000 - ppm) + 1e-6
        }),
        drawn("product", "deny: {product: [managed_sql, managed_cache]}", |_, plan| {
            bought(plan).all(|sku| !sku.contains('.'))
        }),
        drawn("balancer", "deny: {product: [managed_balancer]}", |_, plan| {
            plan.bill.lines.iter().all(|line| !line.sku.starts_with("aws.alb"))
        }),
    ];
    all.extend(guards());
    all
}

/// Rules about recovery, places, encryption, backups and platforms.
fn guards() -> Vec<Drawn> {
    vec![
        drawn("lost", "require: {recovery.rpo: '<= 1min'}", |system, plan| {
            databases(system, plan).all(|own| own.redundancy != Redundancy::Single)
        }),
        drawn("away", "require: {recovery.rto: '<= 3min'}", |system, plan| {
            databases(system, plan).all(|own| own.redundancy != Redundancy::Single)
        }),
        drawn("east", "require: {region.in: [CA, NO]}", |_, plan| {
            plan.topology.region.as_str() == "us-east-1"
        }),
        drawn("stored", "require: {encryption.at_rest: true}", |_, plan| {
            bought(plan).all(|sku| sku != "m0")
        }),
        drawn("kept", "require: {backup.retention: '>= 20d'}", |system, plan| {
            paid(system, plan, &["backup"])
        }),
        drawn(
            "copied",
            "when: {service.stateful: true}, require: {backup.copy: another_region}",
            |system, plan| paid(system, plan, &["backup", "backup-copy", "backup-sent"]),
        ),
        drawn("vms", "allow: {platform: [vm]}", |_, plan| {
            plan.topology.services.iter().all(|own| own.product.is_none())
        }),
    ]
}

/// Law 62: No plan breaks a rule of its policies, and no rule makes one cheaper; a plan that keeps
/// a rule by itself stays the plan. Needs: a rule only takes plans away, which those about managed
/// products do not.
#[test]
fn no_plan_breaks_a_rule_and_no_rule_makes_one_cheaper() {
    let mut tally: BTreeMap<&str, (u32, u32, u32)> = BTreeMap::new();
    for (case, free) in planned() {
        let mut draw = Draw::new(0x0090_11C7 + case.seed);
        let rules = rules(&mut draw, &free.plan);
        // One rule or two of them.
        let first = draw.place(rules.len());
        let second = draw.place(rules.len());
        let mut chosen = vec![first];
        if second != first && draw.chance(0.4) {
            chosen.push(second);
        }
        let chosen: Vec<&Drawn> = chosen.into_iter().map(|at| &rules[at]).collect();
        let texts: Vec<String> =
            chosen.iter().map(|rule| format!("{{id: {}, {}}}", rule.kind, rule.text)).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        if texts.iter().any(|text| text.contains("replicas: '>=")) && chosen.len() > 1 {
            // A floor and a cap may contradict each other, which a reader refuses.
            continue;
        }
        let mut system = case.system.clone();
        system.catalog.facts = facts();
        system.intent.policy = policies(&texts);
        if system.intent.policy.admit(&system.intent).is_err() {
            continue;
        }
        let kept = |plan: &Plan| chosen.iter().all(|rule| (rule.kept)(&system, plan));
        let held = kept(&free.plan);
        let found = cheapest(&system);
        for rule in &chosen {
            let counts = tally.entry(rule.kind).or_default();
            match &found {
                None => counts.2 += 1,
                Some(found) if found.machines() == free.machines() => counts.0 += 1,
                Some(_) => counts.1 += 1,
            }
        }
        let Some(found) = found else {
            assert!(!held || texts.iter().any(|text| stricter(text)), "{}: {texts:?}", case.seed);
            continue;
        };
        assert!(kept(&found.plan), "seed {}: {texts:?} {:?}", case.seed, found.plan.topology);
        let faults = found_broken(&system, &found.plan);
        assert_eq!(faults, Vec::<String>::new(), "seed {}: {texts:?}", case.seed);
        if texts.iter().any(|text| text.contains("managed") || text.contains("platform")) {
            // What is sold as a managed product is bought as one by default, even where running it
            // oneself costs less; a rule that denies it takes the place of that default.
            continue;
        }
        assert!(found.cost() >= free.cost(), "seed {}: {texts:?}", case.seed);
        if held && !texts.iter().any(|text| stricter(text)) {
            assert_eq!(found.cost(), free.cost(), "seed {}: {texts:?}", case.seed);
        }
    }
    let sum = |of: fn(&(u32, u32, u32)) -> u32| tally.values().map(of).sum::<u32>();
    // Rules that never move a plan or never leave none would prove nothing.
    assert!(sum(|counts| counts.1) >= 30, "{tally:?}");
    assert!(sum(|counts| counts.2) >= 10, "{tally:?}");
}

/// Law 63: A limit of the ceiling a millionth of a dollar below that of the cheapest plan gives
/// another plan, which keeps it and costs no less, or none. Needs: the limit is hard, and the
/// expected bill is what is minimised.
#[test]
fn a_limit_of_the_ceiling_moves_plans() {
    let (mut moved, mut none) = (0, 0);
    for (case, free) in planned() {
        let limit = free.plan.bill.totals().ceiling.micros() - 1;
        let amount = format!("{}.{:06} USD/month", limit / 1_000_000, limit % 1_000_000);
        let mut system = case.system.clone();
        system.intent.policy =
            policies(&[&format!("{{id: x, limit: {{cost.ceiling: {amount}}}}}")]);
        let Some(found) = cheapest(&system) else {
            none += 1;
            continue;
        };
        moved += 1;
        assert!(found.plan.bill.totals().ceiling.micros() <= limit, "seed {}", case.seed);
        assert!(found.cost() >= free.cost(), "seed {}", case.seed);
        assert!(found.machines() != free.machines(), "seed {}", case.seed);
    }
    assert!(moved >= 10 && none >= 10, "{moved} moved, {none} left without a plan");
}

/// Whether a rule asks for more than what is judged of it above: an uptime brings redundancy with
/// it, and a cap of the utilisation holds after a loss as well.
fn stricter(text: &str) -> bool {
    text.contains("uptime") || text.contains("utilisation")
}
