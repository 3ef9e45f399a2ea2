//! What stands before the edge, or why nothing does, in words.

use domain::ledger::Value;
use domain::outcome::Answer;
use domain::units::MicroDollars;

use crate::figures::{dollars, percent};
use crate::findings;

/// What is told of it; nothing where no request can be answered before the edge.
pub(crate) fn lines(answer: &Answer) -> Vec<String> {
    let demand = &answer.demand;
    let Some((cdn, product)) = demand.cdn.as_ref().zip(answer.plan.topology.cdn.as_ref()) else {
        return why_none(answer).into_iter().collect();
    };
    let kind = domain::intent::ServiceKind::Service;
    vec![
        format!(
            "{product} answers {} of {}; the {} that it passes on are judged",
            percent(cdn.hits(), 1),
            findings::rate(cdn.peak, kind),
            findings::rate(demand.load.peak, kind)
        ),
        format!("{} a month for it{}", dollars(cost(answer)), without(answer)),
    ]
}

/// What the plan costs without it.
fn without(answer: &Answer) -> String {
    let alternative = answer.alternatives.iter().find(|each| each.id == "cdn:none");
    match alternative.map(|each| each.cost) {
        None => String::new(),
        Some(None) => "; without it there is no plan".to_owned(),
        Some(Some(cost)) => format!("; without it {} in all", dollars(cost)),
    }
}

/// What is paid for it.
fn cost(answer: &Answer) -> MicroDollars {
    let lines = answer.plan.bill.lines.iter();
    lines.filter(|line| line.id.starts_with("traffic.cdn.")).map(|line| line.amount.expected).sum()
}

/// Why none stands where requests can be cached.
fn why_none(answer: &Answer) -> Option<String> {
    let entry = answer.demand.ledger.find("cdn")?;
    let none = matches!(&entry.value, Value::Choice(said) if said == "none");
    none.then(|| format!("none, by {}: all requests reach the load balancer", entry.source))
}
