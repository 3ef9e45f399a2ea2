//! What policies approve and deny, asked of regions, offers and products before anything is made of
//! them.

use domain::candidate::Rejection;
use domain::catalog::Region;
use domain::cdn::MANAGED_CDN;
use domain::demand::{Demand, ServiceDemand};
use domain::facts::{Ability, BackupOf, sold_as};
use domain::intent::ServiceKind;
use domain::offer::{Offer, Price, Product, Provider, PurchaseTerm};
use domain::policy::{Gate, Reach, Subject};

use crate::terms::Terms;

/// The rule that keeps plans out of a region; `None` where none does.
pub(crate) fn region(demand: &Demand, region: &Region) -> Option<Rejection> {
    let gates = demand.policy.gates.iter();
    let mut barred = gates.filter(|gate| match gate.subject {
        Subject::Provider => bars(gate, region.provider.as_str()),
        Subject::Region => bars(gate, region.name.as_str()),
        _ => false,
    });
    if let Some(gate) = barred.next() {
        return Some(Rejection::Policy(gate.rule.clone()));
    }
    let key = (region.provider, region.name.clone());
    let mut outside = demand.policy.places.iter().filter(|place| !place.regions.contains(&key));
    outside.next().map(|place| Rejection::Policy(place.rule.clone()))
}

/// Why backups cannot be kept of a region's databases as is demanded; `None` where they can.
pub(crate) fn backups(demand: &Demand, region: &Region, managed: bool) -> Option<Rejection> {
    let (provider, of) = (region.provider, backup_of(managed));
    let policy = &demand.policy;
    let spoken_of = policy.safeguards.iter().filter(|own| own.is_backed_up());
    let terms = policy.backups.get(&(provider, region.name.clone(), of));
    let copied = policy.copied_to(provider, &region.name, of);
    for safeguard in spoken_of {
        let Some(terms) = terms else { return Some(Rejection::RegionWithoutPrice("backups")) };
        let days = safeguard.backup_days.unwrap_or(0);
        if terms.days_most.is_some_and(|most| days > most) {
            return Some(Rejection::Backups(terms.days_most.unwrap_or(0)));
        }
        if !safeguard.backup_copy {
            continue;
        }
        if copied.is_none() {
            return Some(Rejection::RegionWithoutPrice("a copy of backups in another region"));
        }
    }
    let prices = terms.into_iter().chain(copied.map(|(_, terms)| terms));
    prices.flat_map(|own| [own.gib_month, own.sent_gb]).find_map(|price| stale(demand, &price))
}

/// What is backed up of a database that is managed, or run on an instance.
pub(crate) const fn backup_of(managed: bool) -> BackupOf {
    if managed { BackupOf::ManagedSql } else { BackupOf::Disk }
}

/// The rule that finds a price too old that every plan in a region pays; `None` where none does.
pub(crate) fn region_prices(demand: &Demand, region: &Region) -> Option<Rejection> {
    let disk = region.disk.as_ref().map(|disk| disk.gib_month);
    let traffic = region.internet_egress.iter().map(|tier| tier.price);
    let cdn = region.cdn.iter().filter(|_| demand.cdn.is_some());
    let cdn = cdn.flat_map(|cdn| {
        let egress = cdn.egress.iter().map(|tier| tier.price);
        egress.chain([cdn.requests]).chain(cdn.fill)
    });
    disk.into_iter()
        .chain(region.between_zones)
        .chain(traffic)
        .chain(cdn)
        .find_map(|price| stale(demand, &price))
}

/// The rule that keeps a service off an offer; `None` where none does.
pub(crate) fn offer(demand: &Demand, service: &ServiceDemand, offer: &Offer) -> Option<Rejection> {
    let sold_as = sold_as(offer);
    let platform = if offer.product == Product::Instance { "vm" } else { "managed" };
    let mut gates = demand.policy.gates.iter().filter(|gate| concerns(&gate.reach, service));
    let barred = gates.find(|gate| match gate.subject {
        // Nothing is bought that runs Kubernetes, so nobody's is barred. One of several terms may
        // do, so they are looked at below.
        Subject::Provider | Subject::Region | Subject::Kubernetes | Subject::Purchase => false,
        Subject::Platform => bars(gate, platform),
        Subject::Family => bars(gate, &offer.family),
        Subject::Architecture => bars(gate, offer.architecture.as_str()),
        Subject::Product => bars(gate, sold_as),
    });
    if let Some(gate) = barred {
        return Some(Rejection::Policy(gate.rule.clone()));
    }
    if let Err(barred @ Rejection::Policy(_)) = Terms::of(demand, service, offer) {
        return Some(barred);
    }
    if let Some(bare) = unprotected(demand, service, (offer.provider, sold_as, &offer.sku)) {
        return Some(bare);
    }
    let prices = [offer.prices.on_demand, offer.prices.with_standby];
    prices.into_iter().flatten().find_map(|price| stale(demand, &price))
}

/// The rule that keeps a service off a term; `None` where none does.
pub(crate) fn purchase(
    demand: &Demand,
    service: &ServiceDemand,
    term: PurchaseTerm,
) -> Option<String> {
    let mut gates = demand.policy.gates.iter().filter(|gate| concerns(&gate.reach, service));
    let barred = gates.find(|gate| gate.subject == Subject::Purchase && bars(gate, term.as_str()));
    barred.map(|gate| gate.rule.clone())
}

/// The rule that keeps plans off the managed balancer; `None` where none does.
pub(crate) fn managed_balancer(demand: &Demand, provider: Provider) -> Option<Rejection> {
    managed(demand, demand.services.first()?, (provider, "managed_balancer"))
}

/// The rule that keeps plans off managed queues; `None` where none does.
pub(crate) fn managed_queue(demand: &Demand, provider: Provider) -> Option<Rejection> {
    let mut queues = demand.services.iter().filter(|own| own.kind == ServiceKind::Queue);
    queues.find_map(|queue| managed(demand, queue, (provider, "managed_queue")))
}

/// The rule that keeps plans off the content delivery network of a cloud; `None` where none does.
///
/// It keeps copies wherever its clients are: in no region that a rule names, and outside of every
/// area that everything has to be in.
pub(crate) fn cdn(demand: &Demand, provider: Provider) -> Option<Rejection> {
    let places = demand.policy.places.iter().filter(|place| place.everything);
    let regions = demand.policy.gates.iter().filter(|gate| gate.subject == Subject::Region);
    let mut rules = places.map(|own| &own.rule).chain(regions.map(|own| &own.rule));
    let barred = rules.next().map(|rule| Rejection::Policy(rule.clone()));
    barred.or_else(|| managed(demand, demand.services.first()?, (provider, MANAGED_CDN)))
}

/// The rule that keeps a service off what is bought with the region.
fn managed(
    demand: &Demand,
    service: &ServiceDemand,
    (provider, product): (Provider, &str),
) -> Option<Rejection> {
    let gates = demand.policy.gates.iter().filter(|gate| concerns(&gate.reach, service));
    let mut barred = gates.filter(|gate| match gate.subject {
        Subject::Product => bars(gate, product),
        Subject::Platform => bars(gate, "managed"),
        _ => false,
    });
    let barred = barred.next().map(|gate| Rejection::Policy(gate.rule.clone()));
    barred.or_else(|| unprotected(demand, service, (provider, product, "")))
}

/// The rule that wants something protected which cannot be, or of which nobody knows; `None` where
/// there is none.
fn unprotected(
    demand: &Demand,
    service: &ServiceDemand,
    (provider, product, sku): (Provider, &str, &str),
) -> Option<Rejection> {
    let of = |own: &&Ability| {
        let named = matches(own.offers.as_bytes(), sku.as_bytes());
        own.provider == provider && own.product == product && named
    };
    let mut rules = demand.policy.protections.iter();
    let bare = rules.find(|own| {
        let known = || demand.policy.abilities.iter().rfind(of);
        concerns(&own.reach, service) && !own.guard.is_met(service.kind, product, known())
    });
    bare.map(|own| Rejection::Policy(own.rule.clone()))
}

/// The rules that decide what may be bought for a service: alike for services that are.
pub(crate) fn concerning<'d>(
    demand: &'d Demand,
    service: &'d ServiceDemand,
) -> impl Iterator<Item = &'d str> {
    let gates = demand.policy.gates.iter().map(|own| (&own.rule, &own.reach));
    let protections = demand.policy.protections.iter().map(|own| (&own.rule, &own.reach));
    let all = gates.chain(protections).filter(|(_, reach)| concerns(reach, service));
    all.map(|(rule, _)| rule.as_str())
}

/// The rule that finds a price too old; `None` where none does.
pub(crate) fn stale(demand: &Demand, price: &Price) -> Option<Rejection> {
    let mut rules = demand.policy.oldest.iter();
    rules.find(|(oldest, _)| price.as_of < *oldest).map(|(_, rule)| Rejection::Policy(rule.clone()))
}

fn concerns(reach: &Reach, service: &ServiceDemand) -> bool {
    let stateful = matches!(service.kind, ServiceKind::Cache | ServiceKind::Sql);
    reach.has(&service.name, stateful)
}

/// Whether a rule does not let a name pass.
fn bars(gate: &Gate, name: &str) -> bool {
    let found = gate.patterns.iter().any(|pattern| matches(pattern.as_bytes(), name.as_bytes()));
    found != gate.allows
}

/// Whether a name is of a pattern, in which `*` stands for anything; case makes no difference.
fn matches(pattern: &[u8], name: &[u8]) -> bool {
    // Where the last `*` was, and how much of the name it stands for so far.
    let (mut at, mut here, mut star) = (0, 0, None);
    while here < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, here));
                at += 1;
            }
            Some(letter) if letter.eq_ignore_ascii_case(&name[here]) => {
                at += 1;
                here += 1;
            }
            _ => {
                let Some((back, taken)) = star else { return false };
                star = Some((back, taken + 1));
                at = back + 1;
                here = taken + 1;
            }
        }
    }
    pattern[at..].iter().all(|letter| *letter == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        let holds = |pattern: &str, name: &str| matches(pattern.as_bytes(), name.as_bytes());
        for (pattern, name) in
            [("t*", "t3"), ("B*", "bpts_v2"), ("*", ""), ("*a*b", "xaabab"), ("e2", "E2"), ("", "")]
        {
            assert!(holds(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("t*", "m5t"), ("e2", "e2x"), ("*a*b", "xaaba"), ("", "a")] {
            assert!(!holds(pattern, name), "{pattern} {name}");
        }
    }
}
