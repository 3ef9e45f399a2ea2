//! What policies approve and deny, asked of regions, offers and products before anything is made of
//! them.

use domain::candidate::Rejection;
use domain::catalog::Region;
use domain::demand::Demand;
use domain::intent::ServiceKind;
use domain::offer::{Offer, Price, Product, PurchaseTerm};
use domain::policy::{Gate, Subject};

/// The rule that keeps plans out of a region; `None` where none does.
pub(crate) fn region(demand: &Demand, region: &Region) -> Option<Rejection> {
    let gates = demand.policy.gates.iter();
    let mut barred = gates.filter(|gate| match gate.subject {
        Subject::Provider => bars(gate, region.provider.as_str()),
        Subject::Region => bars(gate, region.name.as_str()),
        _ => false,
    });
    barred.next().map(|gate| Rejection::Policy(gate.rule.clone()))
}

/// The rule that finds a price too old that every plan in a region pays; `None` where none does.
pub(crate) fn region_prices(demand: &Demand, region: &Region) -> Option<Rejection> {
    let disk = region.disk.as_ref().map(|disk| disk.gib_month);
    let traffic = region.internet_egress.iter().map(|tier| tier.price);
    disk.into_iter()
        .chain(region.between_zones)
        .chain(traffic)
        .find_map(|price| stale(demand, &price))
}

/// The rule that keeps a service off an offer; `None` where none does.
pub(crate) fn offer(demand: &Demand, kind: ServiceKind, offer: &Offer) -> Option<Rejection> {
    let sold_as = match &offer.product {
        Product::Instance => "instance",
        Product::ManagedSql { .. } => "managed_sql",
        Product::ManagedCache { .. } => "managed_cache",
    };
    let mut gates = demand.policy.gates.iter().filter(|gate| concerns(gate, kind));
    let barred = gates.find(|gate| match gate.subject {
        Subject::Provider | Subject::Region => false,
        Subject::Family => bars(gate, &offer.family),
        Subject::Architecture => bars(gate, offer.architecture.as_str()),
        Subject::Product => bars(gate, sold_as),
        // Plans are bought on demand.
        Subject::Purchase => bars(gate, PurchaseTerm::OnDemand.as_str()),
    });
    if let Some(gate) = barred {
        return Some(Rejection::Policy(gate.rule.clone()));
    }
    let prices = [offer.prices.on_demand, offer.prices.with_standby];
    prices.into_iter().flatten().find_map(|price| stale(demand, &price))
}

/// The rule that keeps plans off the managed balancer; `None` where none does.
pub(crate) fn managed_balancer(demand: &Demand) -> Option<Rejection> {
    let gates = demand.policy.gates.iter();
    let mut barred = gates
        .filter(|gate| concerns(gate, ServiceKind::Balancer) && gate.subject == Subject::Product)
        .filter(|gate| bars(gate, "managed_balancer"));
    barred.next().map(|gate| Rejection::Policy(gate.rule.clone()))
}

/// The rule that finds a price too old; `None` where none does.
pub(crate) fn stale(demand: &Demand, price: &Price) -> Option<Rejection> {
    let mut rules = demand.policy.oldest.iter();
    rules.find(|(oldest, _)| price.as_of < *oldest).map(|(_, rule)| Rejection::Policy(rule.clone()))
}

fn concerns(gate: &Gate, kind: ServiceKind) -> bool {
    let stateful = matches!(kind, ServiceKind::Cache | ServiceKind::Sql);
    gate.stateful.is_none_or(|own| own == stateful)
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
