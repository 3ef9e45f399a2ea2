//! The rules that keep a plan sane: utilisation caps, sizes, and redundancy by uptime.

use std::collections::BTreeSet;

use domain::intent::Intent;
use domain::objective::Objectives;
use domain::offer::Peculiarity;
use domain::rules::Rules;
use domain::topology::Balancing;

use super::book::Book;
use super::{CharacteriseError, small};

/// From this uptime upwards: two zones, redundant data, two instances of everything.
const REDUNDANT_FROM: u32 = 999_000;
/// From this uptime upwards: three zones, and what is left of a lost zone carries the peak.
const ZONE_LOSS_FROM: u32 = 999_900;

/// Offers with one of these are not bought for production.
const EXCLUDED: [Peculiarity; 9] = [
    Peculiarity::Burstable,
    Peculiarity::SharedCore,
    Peculiarity::Flex,
    Peculiarity::Fractional,
    Peculiarity::Metal,
    Peculiarity::Accelerator,
    Peculiarity::PreviousGeneration,
    Peculiarity::ConstrainedCores,
    Peculiarity::NotPublic,
];

pub(super) fn rules(intent: &Intent, objectives: &Objectives, book: &mut Book<'_>) -> Rules {
    let uptime = objectives.uptime.map_or(0, domain::units::Availability::ppm);
    let ladder = "redundancy by uptime: 99.9% two of everything, 99.99% three zones, static";
    let redundant = uptime >= REDUNDANT_FROM;
    let redundant_data = book.ruled_truth("rules.redundant_data", redundant, ladder);
    let name = "rules.survives_zone_loss";
    let survives_zone_loss = book.ruled_truth(name, uptime >= ZONE_LOSS_FROM, ladder);
    let by_uptime: u64 = if survives_zone_loss { 3 } else { 1 + u64::from(redundant) };
    let zones = book.ruled("rules.zones_min", by_uptime.max(stated_zones(intent)), ladder);
    let replicas = book.ruled("rules.replicas_min", 1 + u64::from(redundant), ladder);
    Rules {
        utilisation_stateless: book.default("rules.utilisation.stateless"),
        utilisation_cache: book.default("rules.utilisation.cache"),
        utilisation_sql: book.default("rules.utilisation.sql"),
        utilisation_headroom: book.default("rules.utilisation.headroom"),
        vcpus_min: small(book.default("rules.vcpus_min")),
        vcpus_max: small(book.default("rules.vcpus_max")),
        memory_min: book.default("rules.memory_min"),
        replicas_max: small(book.default("rules.replicas_max")),
        vcpu_quota: book.optional::<u64>("rules.vcpu_quota").map(small),
        zones_min: u8::try_from(zones).unwrap_or(u8::MAX),
        replicas_min: small(replicas),
        redundant_data,
        survives_zone_loss,
        self_run_data: self_run_data(intent, book),
        balancing: balancing(book),
        offers_per_service: small(book.default("rules.offers_per_service")),
        excluded: BTreeSet::from(EXCLUDED),
    }
}

/// The one policy that is asked for; `None` for any.
fn balancing(book: &mut Book<'_>) -> Option<Balancing> {
    let name = "balancing.policy";
    let text = book.choice(name, None, name);
    let found = Balancing::ALL.into_iter().find(|policy| policy.as_str() == text);
    if found.is_none() && text != "any" {
        let known = "any, least_outstanding_requests, power_of_two_choices, round_robin, random";
        book.fault(CharacteriseError::UnknownChoice { name: name.to_owned(), text, known });
    }
    found
}

fn stated_zones(intent: &Intent) -> u64 {
    intent.run_on.zones.as_ref().map_or(1, |zones| u64::from(zones.value))
}

/// A bill leaves out the work of running a database oneself, so the cheapest place for it is not
/// found by price: without a provider or region named, databases and caches are managed ones.
fn self_run_data(intent: &Intent, book: &mut Book<'_>) -> bool {
    let name = "rules.self_run_data";
    match book.choice(name, None, name).as_str() {
        "anywhere" => true,
        "where_named" => {
            let run_on = super::classes::run_on(intent);
            !run_on.providers.is_empty() || !run_on.regions.is_empty()
        }
        text => {
            let (name, text, known) = (name.to_owned(), text.to_owned(), "where_named, anywhere");
            book.fault(CharacteriseError::UnknownChoice { name, text, known });
            false
        }
    }
}
