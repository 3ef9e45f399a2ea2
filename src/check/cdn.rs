//! What stands before the edge, again: that it is there where something is answered before the edge
//! and nowhere else, that what is left of the load is what reaches the edge, and what it costs.

use domain::catalog::{Region, Tier};
use domain::cdn::{CdnDemand, MANAGED_CDN};
use domain::demand::Demand;
use domain::offer::Price;
use domain::plan::{Plan, ThreeBills};
use domain::policy::{Clause, Subject};

use super::policy::among;
use super::spoken::Spoken;

/// A line as it should be: its id, its price, and its quantity were it the peak all month.
pub(super) type Line = (String, Option<Price>, ThreeBills<f64>);

/// Parts of a load that rounding may differ by.
const ROUNDING: f64 = 1e-9;

/// Whether it stands where it is asked for, and whether the requests before and behind it agree.
pub(super) fn check(demand: &Demand, plan: &Plan, faults: &mut Vec<String>) {
    if demand.cdn.is_some() != plan.topology.cdn.is_some() {
        let word = if demand.cdn.is_some() { "is none" } else { "is one" };
        faults.push(format!("there {word} content delivery network before the edge"));
    }
    let Some(cdn) = &demand.cdn else { return };
    if cdn.classes.len() != demand.classes.len() {
        faults.push("what is answered before the edge is of other classes".to_owned());
        return;
    }
    for (own, class) in cdn.classes.iter().zip(&demand.classes) {
        let all = cdn.peak.value() * own.share.value();
        let passed = all - all * own.cacheable.value();
        let reaches = demand.load.peak.value() * class.share.value();
        if (passed - reaches).abs() > ROUNDING * cdn.peak.value() {
            let name = &class.name;
            faults.push(format!("{name}: {reaches:.3}/s reach the edge, of {passed:.3}/s passed"));
        }
    }
}

/// Its lines, and whether what the edge sends to it costs what the internet costs. `loads` are the
/// months of the peak in each bill, `gb` is what the edge sends in one of them.
pub(super) fn lines(
    demand: &Demand,
    cdn: &CdnDemand,
    region: &Region,
    (loads, gb): (ThreeBills<f64>, f64),
) -> (Vec<Line>, bool) {
    let Some(sold) = &region.cdn else {
        let nothing = ThreeBills { expected: 1.0, peak_fleet: 1.0, ceiling: 1.0 };
        return (vec![("traffic.cdn.requests".to_owned(), None, nothing)], false);
    };
    let seconds = 730.0 * 3_600.0;
    let of = |month: f64| ThreeBills {
        expected: loads.expected * month,
        peak_fleet: loads.peak_fleet * month,
        ceiling: loads.ceiling * month,
    };
    let sizes = cdn.classes.iter().zip(&demand.classes);
    let mean: f64 =
        sizes.map(|(own, class)| class.response.value() as f64 * own.share.value()).sum();
    let sent = of(cdn.peak.value() * (mean - 1e-9).ceil() * seconds / 1e9);
    let mut lines = tiers("traffic.cdn", &sold.egress, sent);
    let requests = of(cdn.peak.value() * seconds / 10_000.0);
    lines.push(("traffic.cdn.requests".to_owned(), Some(sold.requests), requests));
    if let Some(fill) = sold.fill.filter(|fill| !fill.unit_price.dollars().is_zero()) {
        lines.push(("traffic.cdn.fill".to_owned(), Some(fill), of(gb)));
    }
    (lines, sold.fill.is_none())
}

/// The steps of a price that falls with the quantity.
pub(super) fn tiers(id: &str, tiers: &[Tier], sent: ThreeBills<f64>) -> Vec<Line> {
    let mut from = 0.0;
    let mut lines = Vec::new();
    for (at, tier) in tiers.iter().enumerate() {
        let to = tier.up_to_gb.map_or(f64::INFINITY, |gb| gb as f64);
        let within = |all: f64| (all.min(to) - from).max(0.0);
        let units = ThreeBills {
            expected: within(sent.expected),
            peak_fleet: within(sent.peak_fleet),
            ceiling: within(sent.ceiling),
        };
        if units.ceiling > 0.0 {
            lines.push((format!("{id}.{}", at + 1), Some(tier.price), units));
        }
        from = to;
    }
    lines
}

/// What a rule makes of it: it keeps copies wherever its clients are, so it is in no region and no
/// area that a rule names.
pub(super) fn judged(spoken: &Spoken<'_>, clause: &Clause) -> Vec<(bool, String)> {
    let standing = spoken.standing;
    let placed = match clause {
        Clause::RegionIn(_) => true,
        Clause::Allow(subject, _) | Clause::Deny(subject, _) => *subject == Subject::Region,
        _ => false,
    };
    let Some(product) = &standing.topology.cdn else {
        let asked = standing.intent.requests.iter().any(|class| class.cacheable.is_some());
        let text = "no content delivery network keeps copies elsewhere".to_owned();
        return if placed && asked { vec![(true, text)] } else { Vec::new() };
    };
    if placed {
        return vec![(false, format!("{product} keeps copies wherever its clients are"))];
    }
    if !spoken.is_of_the_edge() {
        return Vec::new();
    }
    let provider = standing.topology.provider;
    let known = || standing.facts.ability(provider, MANAGED_CDN, "");
    let encrypted = |kept: bool, when: &str| {
        let word = if kept { "is" } else { "is not known to be" };
        vec![(kept, format!("{product} {word} encrypted {when}"))]
    };
    let name = |subject: &Subject| match subject {
        Subject::Product => Some(MANAGED_CDN),
        Subject::Platform => Some("managed"),
        _ => None,
    };
    let used = |subject: &Subject, may: &dyn Fn(&str) -> bool| {
        let told = |name: &str| (may(name), format!("{} {name} is used", subject.as_str()));
        name(subject).into_iter().map(told).collect()
    };
    match clause {
        Clause::Allow(subject, names) => used(subject, &|name| among(names, name)),
        Clause::Deny(subject, names) => used(subject, &|name| !among(names, name)),
        Clause::EncryptedAtRest => encrypted(known().is_some_and(|own| own.at_rest), "at rest"),
        Clause::EncryptedInTransit => {
            encrypted(known().is_some_and(|own| own.in_transit), "in transit")
        }
        _ => Vec::new(),
    }
}
