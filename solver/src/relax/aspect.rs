//! The aspects of an intent: how each is loosened, restored and named.

use domain::intent::Intent;
use domain::ledger::Stated;
use domain::objective::{Budget, Load, Operations, Recovery};
use domain::outcome::Change;
use domain::units::{MicroDollars, Ratio, RequestsPerSecond, Seconds, span};

use super::Relaxed;
use crate::words::{figure, grouped};

/// Something that an intent asks for and that could be asked for less strictly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    /// The number of users or the rate of requests.
    Load,
    /// The uptime.
    Uptime,
    /// The latency objective at that place: those of all requests first, then those of classes.
    Latency(usize),
    /// The limits of the bills.
    Budget,
    /// Providers, regions and zones.
    Placement,
    /// Decisions taken beforehand.
    Pins,
    /// How often change hurts.
    Operations,
    /// The room kept beyond the stated peak.
    Headroom,
    /// What may be lost of databases, and for how long.
    Recovery,
    /// The rule of a policy at that place.
    Policy(usize),
}

impl Aspect {
    /// The aspects that an intent has, in the order in which they are reported.
    pub fn of(intent: &Intent) -> Vec<Self> {
        let objectives = &intent.objectives;
        let run_on = &intent.run_on;
        let placed = !run_on.providers.is_empty()
            || !run_on.regions.is_empty()
            || run_on.zones.is_some()
            || intent.pins.iter().any(|pin| pin.provider.is_some());
        let careful = intent.operations.as_ref().map(|stated| stated.value);
        let present = [
            (Self::Load, objectives.load.is_some()),
            (Self::Uptime, objectives.uptime.is_some()),
            (Self::Budget, objectives.budget != Budget::default()),
            (Self::Placement, placed),
            (Self::Pins, !intent.pins.is_empty()),
            // Better operations help the uptime only.
            (
                Self::Operations,
                objectives.uptime.is_some() && careful != Some(Operations::Advanced),
            ),
            (Self::Headroom, true),
            (Self::Recovery, !objectives.recovery.is_empty()),
        ];
        let mut aspects: Vec<Self> =
            present.into_iter().filter(|(_, present)| *present).map(|(aspect, _)| aspect).collect();
        let after_uptime = aspects.iter().position(|aspect| *aspect > Self::Uptime);
        let at = after_uptime.unwrap_or(aspects.len());
        let latencies = (0..latency_count(intent)).map(Self::Latency);
        aspects.splice(at..at, latencies);
        aspects.extend(intent.policy.acting(intent).map(|(at, _)| Self::Policy(at)));
        aspects
    }

    /// What is given up last when several have to change at once.
    pub(super) const fn importance(self) -> u8 {
        match self {
            Self::Budget => 0,
            Self::Placement => 1,
            Self::Pins => 2,
            Self::Uptime | Self::Recovery => 3,
            Self::Latency(_) => 4,
            Self::Load => 5,
            Self::Headroom => 6,
            Self::Operations => 7,
            // The rules of others are the last to give way.
            Self::Policy(_) => 8,
        }
    }

    /// A short name.
    pub fn name(self, intent: &Intent) -> String {
        match self {
            Self::Load => match &intent.objectives.load {
                Some(Load::Rate(_)) => "requests".to_owned(),
                _ => "users".to_owned(),
            },
            Self::Uptime => "uptime".to_owned(),
            Self::Latency(at) => latency(intent, at).map_or_else(String::new, |(class, limit)| {
                let of_class = class.map_or_else(String::new, |class| format!(" of {class}"));
                format!("latency {}{of_class}", limit.percentile)
            }),
            Self::Budget => "budget".to_owned(),
            Self::Placement => "placement".to_owned(),
            Self::Pins => "pins".to_owned(),
            Self::Operations => "operations".to_owned(),
            Self::Headroom => "headroom".to_owned(),
            Self::Recovery => "recovery".to_owned(),
            Self::Policy(at) => match intent.policy.rules.get(at) {
                Some(rule) => format!("policy rule {}", rule.name),
                None => String::new(),
            },
        }
    }

    /// In words, with its value: "99.9% uptime", "a latency p95 of 25 ms".
    pub fn phrase(self, intent: &Intent) -> String {
        let (name, stated) = (self.name(intent), self.stated(intent));
        match self {
            Self::Load if name == "users" => format!("{stated} users"),
            Self::Load => stated,
            Self::Uptime => format!("{stated} uptime"),
            Self::Latency(_) => format!("a {name} of {stated}"),
            Self::Budget => format!("a budget of {stated}"),
            Self::Placement => format!("the placement {stated}"),
            Self::Pins => "the pins".to_owned(),
            Self::Operations => format!("{stated} operations"),
            Self::Headroom => "the headroom".to_owned(),
            Self::Recovery => format!("a recovery with {stated}"),
            Self::Policy(_) => format!("the {name} ({stated})"),
        }
    }

    /// The intent with this aspect as loose as it can be.
    pub fn loosest(self, intent: &Intent) -> Intent {
        let mut loose = intent.clone();
        match self {
            Self::Load => loose.objectives.load = intent.objectives.load.as_ref().map(least_load),
            Self::Uptime => loose.objectives.uptime = None,
            Self::Latency(at) => set_latency(&mut loose, at, Seconds::of(3_600.0)),
            Self::Budget => loose.objectives.budget = Budget::default(),
            Self::Placement => {
                loose.run_on.providers.clear();
                loose.run_on.regions.clear();
                loose.run_on.zones = None;
                for pin in &mut loose.pins {
                    pin.provider = None;
                }
            }
            Self::Pins => loose.pins.clear(),
            Self::Operations => {
                loose.operations = Some(Stated::by_user(Operations::Advanced, "relaxation"));
            }
            Self::Headroom => {
                loose.objectives.headroom_load = Some(Stated::by_user(Ratio::ZERO, "relaxation"));
                loose.objectives.instances_down = Some(Stated::by_user(0, "relaxation"));
            }
            Self::Recovery => loose.objectives.recovery = Recovery::default(),
            Self::Policy(at) => {
                loose.policy.waived.insert(at);
            }
        }
        loose
    }

    /// `held` with this aspect as `stated` has it.
    pub(super) fn restored(self, held: &Intent, stated: &Intent) -> Intent {
        let mut restored = held.clone();
        match self {
            Self::Load => restored.objectives.load.clone_from(&stated.objectives.load),
            Self::Uptime => restored.objectives.uptime = stated.objectives.uptime,
            Self::Latency(at) => {
                if let Some((_, objective)) = latency(stated, at) {
                    set_latency(&mut restored, at, objective.limit);
                }
            }
            Self::Budget => restored.objectives.budget = stated.objectives.budget,
            Self::Placement => {
                restored.run_on = stated.run_on.clone();
                for (pin, stated) in restored.pins.iter_mut().zip(&stated.pins) {
                    pin.provider = stated.provider;
                }
            }
            Self::Pins => restored.pins.clone_from(&stated.pins),
            Self::Operations => restored.operations.clone_from(&stated.operations),
            Self::Headroom => {
                restored.objectives.headroom_load.clone_from(&stated.objectives.headroom_load);
                restored.objectives.instances_down.clone_from(&stated.objectives.instances_down);
            }
            Self::Recovery => restored.objectives.recovery = stated.objectives.recovery,
            Self::Policy(at) => {
                restored.policy.waived.remove(&at);
            }
        }
        restored
    }

    /// An intent that another one became by changing this aspect.
    pub fn relaxed(self, from: &Intent, to: Intent) -> Relaxed {
        let changes = vec![self.change(from, &to)];
        Relaxed { intent: to, changes }
    }

    /// What differs between two intents in this aspect.
    pub(super) fn change(self, from: &Intent, to: &Intent) -> Change {
        Change { name: self.name(from), from: self.stated(from), to: self.stated(to) }
    }

    /// As the intent states it.
    pub fn stated(self, intent: &Intent) -> String {
        let objectives = &intent.objectives;
        match self {
            Self::Load => objectives.load.as_ref().map_or_else(String::new, load_text),
            Self::Uptime => {
                objectives.uptime.map_or_else(|| "none".to_owned(), |uptime| uptime.to_string())
            }
            Self::Latency(at) => {
                latency(intent, at).map_or_else(String::new, |(_, limit)| time_text(limit.limit))
            }
            Self::Budget => match (objectives.budget.expected, objectives.budget.ceiling) {
                (Some(expected), Some(ceiling)) => {
                    format!("{}, {} at the ceiling", money_text(expected), money_text(ceiling))
                }
                (Some(expected), None) => money_text(expected),
                (None, Some(ceiling)) => format!("{} at the ceiling", money_text(ceiling)),
                (None, None) => "none".to_owned(),
            },
            Self::Placement => placement_text(intent),
            Self::Pins => match intent.pins.len() {
                0 => "none".to_owned(),
                count => format!("{count} stated"),
            },
            Self::Operations => intent
                .operations
                .as_ref()
                .map_or("standard", |stated| stated.value.as_str())
                .to_owned(),
            Self::Headroom => match &objectives.headroom_load {
                Some(stated) => stated.value.to_string(),
                None => "default".to_owned(),
            },
            Self::Recovery => recovery_text(objectives.recovery),
            Self::Policy(at) => match intent.policy.rules.get(at) {
                Some(rule) if !intent.policy.waived.contains(&at) => rule.text(),
                Some(_) => "waived".to_owned(),
                None => String::new(),
            },
        }
    }
}

/// A latency objective by its place, with its class.
pub(super) fn latency(
    intent: &Intent,
    at: usize,
) -> Option<(Option<&domain::name::Name>, &domain::objective::LatencyObjective)> {
    let own = intent.requests.iter().flat_map(|class| &class.latency);
    let objective = intent.objectives.latency.iter().chain(own).nth(at)?;
    Some((objective.class.as_ref(), objective))
}

fn latency_count(intent: &Intent) -> usize {
    let of_classes: usize = intent.requests.iter().map(|class| class.latency.len()).sum();
    intent.objectives.latency.len() + of_classes
}

/// Changes the limit of the latency objective at a place, as [`Aspect::Latency`] counts them.
pub fn set_latency(intent: &mut Intent, at: usize, limit: Seconds) {
    let own = intent.requests.iter_mut().flat_map(|class| &mut class.latency);
    if let Some(objective) = intent.objectives.latency.iter_mut().chain(own).nth(at) {
        objective.limit = limit;
    }
}

fn least_load(load: &Load) -> Load {
    match load {
        Load::Users { kind, think_time, .. } => {
            Load::Users { count: 1, kind: *kind, think_time: *think_time }
        }
        Load::Rate(_) => Load::Rate(RequestsPerSecond::of(0.01)),
    }
}

fn load_text(load: &Load) -> String {
    match load {
        Load::Users { count, kind, .. } => {
            let kind = kind.unwrap_or(domain::objective::UserKind::Concurrent);
            format!("{} {}", grouped(&count.to_string()), kind.as_str())
        }
        Load::Rate(rate) => format!("{} requests/s", figure(rate.value())),
    }
}

/// "rpo 5min, rto 30min".
fn recovery_text(recovery: Recovery) -> String {
    let told = |name: &str, time: Option<Seconds>| Some(format!("{name} {}", span(time?)));
    let parts = [told("rpo", recovery.rpo), told("rto", recovery.rto)];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
}

/// "400 ms" or "1.2 s".
pub(super) fn time_text(time: Seconds) -> String {
    let milliseconds = time.value() * 1e3;
    if milliseconds < 1_000.0 {
        format!("{} ms", (milliseconds * 1e3).round() / 1e3)
    } else {
        format!("{} s", (time.value() * 1e3).round() / 1e3)
    }
}

/// "$1,500", rounded to the dollar as everywhere.
pub(super) fn money_text(amount: MicroDollars) -> String {
    let dollars = amount.micros().unsigned_abs().saturating_add(500_000) / 1_000_000;
    format!("${}", grouped(&dollars.to_string()))
}

fn placement_text(intent: &Intent) -> String {
    let providers = intent.run_on.providers.iter().map(|provider| provider.as_str().to_owned());
    let regions = intent.run_on.regions.iter().map(ToString::to_string);
    let zones = intent.run_on.zones.as_ref().map(|zones| format!("{} zones", zones.value));
    let parts: Vec<String> = providers.chain(regions).chain(zones).collect();
    if parts.is_empty() { "any".to_owned() } else { parts.join(", ") }
}
