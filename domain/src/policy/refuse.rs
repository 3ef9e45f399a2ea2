//! Why an intent is refused before it is planned: it asks for less than a rule demands, or lacks
//! what a rule wants to know.

use std::fmt;

use miette::Diagnostic;

use super::{Clause, Policies, Rule, Subject, environment, labels, ports};
use crate::intent::{Intent, ServiceKind};
use crate::units::{Seconds, span};

/// A rule that an intent does not keep, whatever the plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Diagnostic)]
pub enum Refusal {
    /// It asks for less than a rule demands.
    #[error("rule {rule} ({place}) demands {demanded}, and the intent states {stated}")]
    #[diagnostic(code(policy::floor), help("{help}"))]
    Below {
        /// The rule.
        rule: String,
        /// Where it stands.
        place: String,
        /// What it demands.
        demanded: String,
        /// What the intent says instead.
        stated: String,
        /// What to do.
        help: String,
    },
    /// It lacks labels.
    #[error("rule {rule} ({place}) demands the label `{label}`, which the intent lacks")]
    #[diagnostic(code(policy::label), help("add it under metadata.labels"))]
    Label {
        /// The rule.
        rule: String,
        /// Where it stands.
        place: String,
        /// The label.
        label: String,
    },
    /// It states another value of a label.
    #[error(
        "rule {rule} ({place}) demands the label `{label}` to be `{demanded}`, and it is \
         `{stated}` ({at})"
    )]
    #[diagnostic(
        code(policy::label),
        help("leave the label out, and the rule fills it in, or state the value that is demanded")
    )]
    OtherLabel {
        /// The rule.
        rule: String,
        /// Where it stands.
        place: String,
        /// The label.
        label: String,
        /// The value that the rule has for it.
        demanded: String,
        /// That of the intent.
        stated: String,
        /// Where that stands.
        at: String,
    },
    /// It allows only what no plan runs on yet.
    #[error(
        "rule {rule} ({place}) allows {allowed} only, and plans run on vm and managed products"
    )]
    #[diagnostic(code(policy::platform), help("allow vm, or both vm and managed, as well"))]
    Platform {
        /// The rule.
        rule: String,
        /// Where it stands.
        place: String,
        /// What it allows.
        allowed: String,
    },
    /// It opens no port at which an edge can listen.
    #[error("rule {rule} ({place}) opens {opened} alone, and the edge speaks HTTPS")]
    #[diagnostic(
        code(policy::ingress),
        help("open 443, or another port above 80; nobody asks for HTTPS at 80 or below")
    )]
    Ports {
        /// The rule.
        rule: String,
        /// Where it stands.
        place: String,
        /// What it opens: `port 80`.
        opened: String,
    },
    /// It does not say which environment it is for, and a rule wants to know.
    #[error("rule {rule} ({place}) is for one environment, and the intent does not say its own")]
    #[diagnostic(
        code(policy::environment),
        help("say so by a label: --set metadata.labels.environment=NAME")
    )]
    Environment {
        /// The first such rule.
        rule: String,
        /// Where it stands.
        place: String,
    },
}

/// Every reason for which an intent is refused, at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusals(pub Vec<Refusal>);

impl fmt::Display for Refusals {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.0.len();
        let plural = if count == 1 { "" } else { "s" };
        write!(formatter, "policies refuse the intent for {count} reason{plural}")
    }
}

impl std::error::Error for Refusals {}

impl Diagnostic for Refusals {
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(self.0.iter().map(|refusal| refusal as &dyn Diagnostic)))
    }
}

impl Policies {
    /// Refuses an intent that asks for less than the rules demand.
    ///
    /// What an intent does not state it takes from the rules; that is no reason.
    ///
    /// # Errors
    /// Every reason at once, each with the name of its rule.
    pub fn admit(&self, intent: &Intent) -> Result<(), Refusals> {
        let mut refusals = Vec::new();
        if environment(intent).is_none()
            && let Some(rule) = self.rules.iter().find(|rule| rule.environment.is_some())
        {
            let (rule, place) = (rule.name.clone(), rule.place.clone());
            refusals.push(Refusal::Environment { rule, place });
        }
        for (_, rule) in self.binding(intent) {
            for clause in &rule.clauses {
                refuse(rule, clause, intent, &mut refusals);
            }
        }
        if refusals.is_empty() { Ok(()) } else { Err(Refusals(refusals)) }
    }
}

/// The port that the edge is stated to have, where the internet may not reach it.
fn other_port(ports: &[u16], intent: &Intent) -> Option<String> {
    let stated = intent.assume.iter().find(|(name, _)| name == "edge.port");
    let port = stated.map(|(_, own)| own.value.trim())?;
    let open = ports.iter().any(|open| port == open.to_string());
    (!open).then(|| format!("edge.port {port}"))
}

/// Refuses what no intent can do anything about, and labels that one lacks.
fn refuse_lacking(rule: &Rule, clause: &Clause, intent: &Intent, refusals: &mut Vec<Refusal>) {
    let origin = || (rule.name.clone(), rule.place.clone());
    match clause {
        Clause::Allow(Subject::Platform, names)
            if !names.iter().any(|name| matches!(name.as_str(), "vm" | "managed")) =>
        {
            let (rule, place) = origin();
            refusals.push(Refusal::Platform { rule, place, allowed: names.join(", ") });
        }
        Clause::Ingress(ports) if ports::of_edge(ports).next().is_none() => {
            let (rule, place) = origin();
            let several = if ports.len() == 1 { "port" } else { "ports" };
            let all: Vec<String> = ports.iter().map(u16::to_string).collect();
            let opened = format!("{several} {}", all.join(", "));
            refusals.push(Refusal::Ports { rule, place, opened });
        }
        Clause::Labels(due) => labels::refuse(rule, due, intent, refusals),
        _ => {}
    }
}

/// A time that is stated, where it is more than what a rule lets be.
fn longer(what: &str, stated: Option<Seconds>, most: Seconds) -> Option<String> {
    stated.filter(|stated| *stated > most).map(|stated| format!("{what} {}", span(stated)))
}

fn refuse(rule: &Rule, clause: &Clause, intent: &Intent, refusals: &mut Vec<Refusal>) {
    let objectives = &intent.objectives;
    let pinned = |low: bool| {
        let bounds = intent.pins.iter().filter_map(move |pin| {
            let bound = if low { &pin.replicas_min } else { &pin.replicas_max };
            bound.as_ref().map(|stated| (pin, stated.value))
        });
        bounds.filter(|(pin, _)| {
            let mut services = intent.services.iter();
            let found = services.find(|service| service.name == pin.service);
            found.is_some_and(|service| {
                matches!(service.kind, ServiceKind::Service | ServiceKind::Balancer)
            })
        })
    };
    let below = match clause {
        Clause::Uptime(least) => {
            let stated = objectives.uptime.filter(|stated| stated < least);
            stated.map(|stated| format!("uptime {stated}"))
        }
        Clause::Latency(percentile, most) => {
            let stated = objectives.latency.iter().filter(|own| own.percentile == *percentile);
            let looser = stated.map(|own| own.limit).find(|limit| limit > most);
            looser.map(|limit| format!("latency {percentile} {}", span(limit)))
        }
        Clause::Rpo(most) => longer("recovery.rpo", objectives.recovery.rpo, *most),
        Clause::Rto(most) => longer("recovery.rto", objectives.recovery.rto, *most),
        Clause::HeadroomLoad(least) => {
            let stated = objectives.headroom_load.as_ref().filter(|stated| stated.value < *least);
            stated.map(|stated| format!("headroom.load {}", stated.value))
        }
        Clause::InstancesDown(least) => {
            let stated = objectives.instances_down.as_ref().filter(|stated| stated.value < *least);
            stated.map(|stated| format!("headroom.instances_down {}", stated.value))
        }
        Clause::Hours(most) => {
            let stated = intent.hours.as_ref().map(|stated| &stated.value);
            let longer = stated.filter(|stated| stated.minutes() > most.minutes());
            longer.map(|stated| format!("hours {stated}"))
        }
        Clause::ReplicasMost(most) => pinned(true)
            .find(|(_, count)| count > most)
            .map(|(pin, count)| format!("at least {count} of {} by its pins", pin.service)),
        Clause::ReplicasLeast(least) => pinned(false)
            .find(|(_, count)| count < least)
            .map(|(pin, count)| format!("at most {count} of {} by its pins", pin.service)),
        Clause::Ingress(ports) if ports::of_edge(ports).next().is_some() => {
            other_port(ports, intent)
        }
        Clause::Ingress(_) | Clause::Allow(..) | Clause::Labels(_) => {
            refuse_lacking(rule, clause, intent, refusals);
            None
        }
        _ => None,
    };
    if let Some(stated) = below {
        let help = match &rule.because {
            Some(because) => {
                format!("ask for what the rule demands; it is there because {because}")
            }
            None => "ask for what the rule demands, or leave it to the rule".to_owned(),
        };
        let (demanded, place) = (clause.text(), rule.place.clone());
        refusals.push(Refusal::Below { rule: rule.name.clone(), place, demanded, stated, help });
    }
}
