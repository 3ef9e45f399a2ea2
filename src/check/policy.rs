//! What became of each rule of the policies, judged from what stands and what it costs alone.
//!
//! Nothing here asks what the solver was allowed to buy: a rule is read again as it was written.

use domain::demand::Demand;
use domain::facts::Facts;
use domain::intent::{Intent, ServiceKind, nearest};
use domain::policy::{Clause, Effect, Exception, LabelDue, RuleVerdict, Subject, environment};
use domain::spec::{Network, ServicePart};
use domain::topology::{Deployment, Pool, Redundancy, Topology};
use domain::units::{Availability, MicroDollars, Ratio};
use jiff::civil::Date;

use super::spoken::Spoken;
use super::{cdn, guarded};

/// A system with what was asked of it and what it costs.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// What was asked for, with its policies.
    pub intent: &'a Intent,
    /// How that was understood.
    pub demand: &'a Demand,
    /// What stands.
    pub topology: &'a Topology,
    /// Its labels, as its spec has them.
    pub labels: &'a [(String, String)],
    /// How it is connected, as its spec has it.
    pub network: &'a Network,
    /// Its services, as its spec has them.
    pub services: &'a [ServicePart],
    /// What is known of regions and products; nothing where no catalog is at hand.
    pub facts: &'a Facts,
    /// The expected bill of a month.
    pub expected: MicroDollars,
    /// The bill with every autoscaler at its maximum.
    pub ceiling: MicroDollars,
    /// The oldest price of a line.
    pub oldest: Option<Date>,
    /// The newest date of a price in the catalog.
    pub as_of: Date,
}

/// What became of each rule, in the order of the policies.
pub fn verdicts(standing: &Standing<'_>) -> Vec<RuleVerdict> {
    (0..standing.intent.policy.rules.len()).map(|at| verdict(standing, at)).collect()
}

/// The rules that are broken and more than warnings, in plain words.
pub fn broken(standing: &Standing<'_>) -> Vec<String> {
    let rules = standing.intent.policy.rules.iter().enumerate();
    let enforced = rules.filter(|(_, rule)| rule.effect == Effect::Enforce);
    let verdicts = enforced.map(|(at, rule)| (rule, verdict(standing, at)));
    let broken = verdicts.filter(|(_, verdict)| !verdict.kept);
    broken.map(|(rule, verdict)| format!("rule {}: {}", rule.name, verdict.text)).collect()
}

fn verdict(standing: &Standing<'_>, at: usize) -> RuleVerdict {
    let policies = &standing.intent.policy;
    let rule = &policies.rules[at];
    let kept =
        |text: String| RuleVerdict { rule: rule.name.clone(), kept: true, text, without: None };
    let own = environment(standing.intent);
    if let Some(of) = rule.environment.as_ref().filter(|of| Some(of.as_str()) != own) {
        return kept(elsewhere(own, of.as_str()));
    }
    let spoken = Spoken::of(standing, at);
    if let Some(class) = rule.holds.filter(|_| spoken.holders.is_empty()) {
        return kept(format!("does not bind: no service holds {} data", class.as_str()));
    }
    let mut lifting = policies.exceptions.iter().filter(|own| own.rule == at);
    let in_force = |own: &&Exception| policies.on.is_some_and(|on| on <= own.until);
    if let Some(lifted) = lifting.find(|own| own.service.is_none() && in_force(own)) {
        let Exception { until, by, because, .. } = lifted;
        return kept(format!("lifted until {until} by {by}: {because}"));
    }
    let found: Vec<(bool, String)> =
        rule.clauses.iter().flat_map(|clause| all_judged(&spoken, clause)).collect();
    let faults: Vec<&str> =
        found.iter().filter(|(kept, _)| !kept).map(|(_, text)| text.as_str()).collect();
    if faults.is_empty() {
        let mut texts: Vec<&str> = found.iter().map(|(_, text)| text.as_str()).collect();
        texts.dedup();
        let nothing = "there is nothing that it speaks of".to_owned();
        return kept(if texts.is_empty() { nothing } else { texts.join("; ") });
    }
    RuleVerdict { rule: rule.name.clone(), kept: false, text: faults.join("; "), without: None }
}

/// A rule for another environment; one that is spelt nearly alike may be meant for this one.
fn elsewhere(own: Option<&str>, of: &str) -> String {
    let Some(own) = own else {
        return "does not apply: the environment is not stated".to_owned();
    };
    let meant = match nearest(of, [own]) {
        Some(_) => format!("; is {own} meant?"),
        None => String::new(),
    };
    format!("does not apply: the environment is {own}, not {of}{meant}")
}

/// What services and what stands before the edge make of a clause.
fn all_judged(spoken: &Spoken<'_>, clause: &Clause) -> Vec<(bool, String)> {
    judged(spoken, clause).into_iter().chain(cdn::judged(spoken, clause)).collect()
}

/// Whether a clause is kept, and what it was compared with; once for each thing that it speaks of.
fn judged(spoken: &Spoken<'_>, clause: &Clause) -> Vec<(bool, String)> {
    let standing = spoken.standing;
    let (objectives, rules) = (&standing.demand.objectives, &standing.demand.rules);
    let one = |kept: bool, text: String| vec![(kept, text)];
    match clause {
        Clause::Uptime(least) => {
            let asked = objectives.uptime.map_or(0, Availability::ppm);
            let text = objectives.uptime.map_or_else(|| "none".into(), |own| own.to_string());
            one(asked >= least.ppm(), format!("an uptime of {text} is planned for"))
        }
        Clause::HeadroomLoad(least) => {
            let load = objectives.headroom.load;
            one(load >= *least, format!("{load} more load is planned for"))
        }
        Clause::InstancesDown(least) => {
            let down = objectives.headroom.instances_down;
            one(down >= *least, format!("{down} down is planned for"))
        }
        Clause::Expected(most) => within("the expected bill", standing.expected, *most),
        Clause::Ceiling(most) => within("the bill at the ceiling", standing.ceiling, *most),
        Clause::Zones(least) => {
            let zones = standing.topology.zones;
            one(u32::from(zones) >= *least, format!("it stands in {zones} zones"))
        }
        Clause::ReplicasLeast(least) => counts(standing, End::Fewest, |count| count >= *least),
        Clause::ReplicasMost(most) => counts(standing, End::Most, |count| count <= *most),
        Clause::Standby => copies(standing),
        Clause::ZoneLoss => {
            let text = "what is left of a lost zone carries the peak".to_owned();
            one(rules.survives_zone_loss, text)
        }
        Clause::Utilisation(most) => {
            let caps =
                [rules.utilisation_stateless, rules.utilisation_cache, rules.utilisation_sql];
            let largest = caps.into_iter().fold(Ratio::ZERO, Ord::max);
            one(largest <= *most, format!("no service may be busier than {largest}"))
        }
        Clause::Hours(most) => {
            let own = standing.demand.hours.as_ref();
            let kept = own.is_some_and(|own| own.minutes() <= most.minutes());
            let text = own.map_or_else(|| "always".to_owned(), ToString::to_string);
            vec![(kept, format!("it is open {text}"))]
        }
        Clause::PriceAge(days) => {
            let Some(oldest) = standing.oldest else { return Vec::new() };
            let age = (standing.as_of - oldest).get_days();
            one(i64::from(age) <= i64::from(*days), format!("the oldest price is of {oldest}"))
        }
        Clause::Labels(labels) => labelled(standing, labels),
        Clause::Allow(subject, names) => used(spoken, *subject, |name| among(names, name)),
        Clause::Deny(subject, names) => used(spoken, *subject, |name| !among(names, name)),
        _ => guarded::judged(spoken, clause),
    }
}

/// Whether each label is there, and has the value that is due.
fn labelled(standing: &Standing<'_>, labels: &[LabelDue]) -> Vec<(bool, String)> {
    let judged = |LabelDue { name, value }: &LabelDue| {
        let own = standing.labels.iter().find(|(key, _)| key == name).map(|(_, own)| own);
        match (own.filter(|own| !own.trim().is_empty()), value) {
            (None, _) => (false, format!("the label {name} is missing")),
            (Some(_), None) => (true, format!("the label {name} is there")),
            (Some(own), Some(due)) if own == due => (true, format!("the label {name} is {own}")),
            (Some(own), Some(due)) => (false, format!("the label {name} is {own}, not {due}")),
        }
    };
    labels.iter().map(judged).collect()
}

fn within(what: &str, amount: MicroDollars, most: MicroDollars) -> Vec<(bool, String)> {
    vec![(amount <= most, format!("{what} is {:.2} USD a month", amount.micros() as f64 / 1e6))]
}

/// The services with how they are deployed.
fn deployed<'a>(
    standing: &Standing<'a>,
) -> impl Iterator<Item = (&'a domain::demand::ServiceDemand, &'a Deployment)> {
    standing.demand.services.iter().zip(&standing.topology.services)
}

/// The fewest or the most instances of each stateless service, whatever its autoscaler does.
fn counts(standing: &Standing<'_>, end: End, holds: impl Fn(u32) -> bool) -> Vec<(bool, String)> {
    let counted = deployed(standing)
        .filter(|(service, deployment)| !stores(service.kind) && !deployment.pools.is_empty());
    let at_end = |pool: &Pool| match (&pool.autoscaler, end) {
        (None, _) => pool.replicas(),
        (Some(scaler), End::Fewest) => scaler.min,
        (Some(scaler), End::Most) => scaler.max,
    };
    counted
        .map(|(service, deployment)| {
            let count = deployment.pools.iter().map(at_end).sum();
            let word = if end == End::Fewest { "fewest" } else { "most" };
            (holds(count), format!("{} has {count} at its {word}", service.name))
        })
        .collect()
}

/// An end of what an autoscaler may do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Fewest,
    Most,
}

/// Whether each database and cache has a copy.
fn copies(standing: &Standing<'_>) -> Vec<(bool, String)> {
    let data = deployed(standing).filter(|(service, _)| stores(service.kind));
    data.map(|(service, deployment)| {
        let single = matches!(deployment.redundancy, Redundancy::Single);
        let text = if single { "has no copy" } else { "has a copy" };
        (!single, format!("{} {text}", service.name))
    })
    .collect()
}

pub(super) const fn stores(kind: ServiceKind) -> bool {
    matches!(kind, ServiceKind::Cache | ServiceKind::Sql)
}

/// Every name that is used of a subject, and whether it may be.
fn used(spoken: &Spoken<'_>, subject: Subject, may: impl Fn(&str) -> bool) -> Vec<(bool, String)> {
    let topology = spoken.standing.topology;
    let mut names: Vec<&str> = Vec::new();
    match subject {
        Subject::Provider => names.push(topology.provider.as_str()),
        Subject::Region => names.push(topology.region.as_str()),
        // Nothing stands on Kubernetes.
        Subject::Kubernetes => {}
        Subject::Product | Subject::Platform => {
            for (service, deployment) in spoken.deployed() {
                let product = product(service.kind, deployment);
                let platform = if product == "instance" { "vm" } else { "managed" };
                names.push(if subject == Subject::Product { product } else { platform });
            }
        }
        Subject::Family | Subject::Architecture => {
            for (_, deployment) in spoken.deployed() {
                names.extend(deployment.pools.iter().map(|pool| match subject {
                    Subject::Family => pool.family.as_str(),
                    _ => pool.architecture.as_str(),
                }));
            }
        }
        Subject::Purchase => {
            for (_, deployment) in spoken.deployed() {
                for term in deployment.pools.iter().flat_map(Pool::terms) {
                    names.push(term.as_str());
                }
            }
        }
    }
    names.sort_unstable();
    names.dedup();
    let said = |name: &str| (may(name), format!("{} {name} is used", subject.as_str()));
    names.into_iter().map(said).collect()
}

/// What a service is bought as.
const fn product(kind: ServiceKind, deployment: &Deployment) -> &'static str {
    match (deployment.product.is_some(), kind) {
        (false, _) | (true, ServiceKind::Service) => "instance",
        (true, ServiceKind::Balancer) => "managed_balancer",
        (true, ServiceKind::Cache) => "managed_cache",
        (true, ServiceKind::Sql) => "managed_sql",
        (true, ServiceKind::Queue) => "managed_queue",
        (true, ServiceKind::External) => "external",
    }
}

pub(crate) fn among(patterns: &[String], name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    patterns.iter().any(|pattern| matches(&pattern.to_ascii_lowercase(), &name))
}

/// Whether a name is of a pattern: its parts between the `*` stand in the name one after another,
/// the first at its beginning and the last at its end.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut left) = name.strip_prefix(head) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let tail = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = left.find(part) else { return false };
        left = &left[at + part.len()..];
    }
    left.ends_with(tail)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, name) in [
            ("t*", "t3"),
            ("*", ""),
            ("*a*b", "xaabab"),
            ("e2", "e2"),
            ("a*a", "aa"),
            ("a**b", "ab"),
        ] {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("t*", "m5t"), ("e2", "e2x"), ("*a*b", "xaaba"), ("a*a", "a")] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }
}
