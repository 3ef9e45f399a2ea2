//! What must come true.

use super::environments::part_of;
use super::{Walker, joined, shown};
use crate::intent::StatedObjectives;
use crate::intent::bands;
use crate::intent::environments::SHARE;
use crate::intent::fault::IntentFault;
use crate::intent::text::Place;
use crate::intent::tree::{Entry, Node, Value};
use crate::name::Name;
use crate::objective::{Budget, LatencyObjective, Load, MeasuredAt, Recovery, UserKind};
use crate::units::{Availability, Percentile, Ratio, Reading, Seconds};

const OBJECTIVES: &[&str] = &["load", "uptime", "latency", "recovery", "budget", "headroom"];
const LOAD: &[&str] = &[
    "concurrent_users",
    "daily_active_users",
    "registered_users",
    "users",
    "requests_per_second",
    "think_time",
];

impl Walker<'_> {
    pub(super) fn objectives(&mut self, node: &Node) -> StatedObjectives {
        let mut stated = StatedObjectives::default();
        for entry in self.mapping(node, "objectives").unwrap_or_default() {
            let value = &entry.value;
            match entry.key.as_str() {
                "load" => {
                    stated.load_share = self.load_share(value);
                    let load = self.load(value);
                    let share = stated.load_share.as_ref().map_or(Ratio::ONE, |own| own.value);
                    stated.load = load.map(|load| part_of(&load, share));
                }
                "uptime" => {
                    (stated.uptime, stated.uptime_window) = self.uptime_objective(value);
                }
                "latency" => stated.latency = self.latency(value, "objectives.latency", None),
                "recovery" => stated.recovery = self.recovery(value),
                "budget" => stated.budget = self.budget(value),
                "headroom" => self.headroom(value, &mut stated),
                _ => self.strange_key(entry, "objectives", OBJECTIVES, &[]),
            }
        }
        stated
    }

    /// One reading of the load, and the pause between two actions with it.
    fn load(&mut self, node: &Node) -> Option<Load> {
        let mut loads: Vec<(Load, Place)> = Vec::new();
        let mut pause: Option<(Seconds, Place)> = None;
        for entry in self.mapping(node, "objectives.load")? {
            let path = joined("objectives.load", &entry.key);
            if entry.key == SHARE && !entry.stated {
                continue;
            }
            let kind = match entry.key.as_str() {
                "concurrent_users" => Some(UserKind::Concurrent),
                "daily_active_users" => Some(UserKind::DailyActive),
                "registered_users" => Some(UserKind::Registered),
                "users" => None,
                "requests_per_second" => {
                    let rate = self.rate(&entry.value, &path);
                    loads.extend(rate.map(|rate| (rate, entry.value.place)));
                    continue;
                }
                "think_time" => {
                    let value = self.value(&entry.value, &path, &bands::THINK_TIME);
                    pause = value.map(|value| (value, entry.value.place));
                    continue;
                }
                _ => {
                    self.strange_key(entry, "objectives.load", LOAD, &[]);
                    continue;
                }
            };
            let count = self.value(&entry.value, &path, &bands::USERS);
            loads.extend(count.map(|count| {
                let think_time = None;
                let load = Load::Users { count, kind, think_time };
                (load, entry.value.place)
            }));
        }
        self.one_load(loads, pause)
    }

    /// A rate; the key says the unit, so a bare number is one too.
    fn rate(&mut self, node: &Node, path: &str) -> Option<Load> {
        let bare = match &node.value {
            Value::Text(text) => u64::read(text).is_ok() || f64::read(text).is_ok(),
            _ => false,
        };
        let mut node = node.clone();
        if let Value::Text(text) = &mut node.value
            && bare
        {
            text.push_str("/s");
        }
        Some(Load::Rate(self.value(&node, path, &bands::RATE)?))
    }

    /// Loads of two kinds exclude each other, and so do a rate and a pause.
    fn one_load(
        &mut self,
        loads: Vec<(Load, Place)>,
        pause: Option<(Seconds, Place)>,
    ) -> Option<Load> {
        let mut loads = loads.into_iter();
        let Some((mut load, _)) = loads.next() else {
            if let Some((_, place)) = pause {
                let help = "say how many users there are, for example: 10k users";
                let message = "a think time is stated without users";
                self.note(IntentFault::MissingKey, place, message, help);
            }
            return None;
        };
        for (_, place) in loads {
            let message = "the load is stated in two ways".to_owned();
            let help = "keep one of them: the readings differ by a factor of a thousand";
            self.note(IntentFault::Contradiction, place, &message, help);
        }
        match (&mut load, pause) {
            (Load::Users { think_time, .. }, Some((pause, _))) => *think_time = Some(pause),
            (Load::Rate(_), Some((_, place))) => {
                let help = "leave it out: the rate says how often requests come";
                let message = "a think time does not go with a rate of requests";
                self.note(IntentFault::Contradiction, place, message, help);
            }
            (_, None) => {}
        }
        Some(load)
    }

    fn uptime_objective(&mut self, node: &Node) -> (Option<Availability>, Option<Seconds>) {
        let (mut uptime, mut window) = (None, None);
        let path = "objectives.uptime";
        for entry in self.mapping(node, path).unwrap_or_default() {
            let value = &entry.value;
            match entry.key.as_str() {
                "target" => uptime = self.uptime(value, path, &bands::UPTIME),
                "window" => window = self.window(value),
                "counted" => {
                    let counted = self.choice(
                        value,
                        "objectives.uptime.counted",
                        &[("by_request", true), ("by_time", false)],
                    );
                    if counted == Some(false) {
                        self.unsupported(value.place, "uptime counted by time");
                    }
                }
                _ => self.strange_key(entry, path, &["target", "window", "counted"], &[]),
            }
        }
        self.due(node, "target", path);
        (uptime, window)
    }

    /// Any window but a year: what is expected of one is expected of all, because faults come at
    /// the same rates in each.
    fn window(&mut self, node: &Node) -> Option<Seconds> {
        let window = self.value(node, "objectives.uptime.window", &bands::HORIZON);
        window.filter(|window| *window != Seconds::YEAR)
    }

    /// A key that must be there.
    pub(super) fn due(&mut self, node: &Node, key: &str, path: &str) {
        if matches!(node.value, Value::Map(_)) && node.child(key).is_none() {
            let message = format!("{} has no {key}", shown(path));
            let help = format!("add `{key}:`");
            self.note(IntentFault::MissingKey, node.place, &message, help);
        }
    }

    /// Percentiles of all requests, or of one class.
    pub(super) fn latency(
        &mut self,
        node: &Node,
        path: &str,
        class: Option<&Name>,
    ) -> Vec<LatencyObjective> {
        let mut latency: Vec<LatencyObjective> = Vec::new();
        for entry in self.bounded(node, path, 20).unwrap_or_default() {
            if entry.key == "measured_at" {
                let path = joined(path, "measured_at");
                let choices = [("balancer", MeasuredAt::Balancer), ("client", MeasuredAt::Client)];
                if self.choice(&entry.value, &path, &choices) == Some(MeasuredAt::Client) {
                    self.unsupported(entry.value.place, "latency measured at the client");
                }
                continue;
            }
            let full = joined(path, &entry.key);
            let Some(percentile) = self.percentile(entry, path) else {
                continue;
            };
            let Some(limit) = self.value(&entry.value, &full, &bands::LATENCY) else {
                continue;
            };
            if latency.iter().any(|known| known.percentile == percentile) {
                let message = format!("{path} states {percentile} twice");
                self.note(IntentFault::StatedTwice, entry.place, &message, "keep one of them");
                continue;
            }
            latency.push(LatencyObjective {
                class: class.cloned(),
                percentile,
                percentile_stated: entry.stated,
                limit,
                measured_at: MeasuredAt::Balancer,
            });
        }
        latency
    }

    /// `p95`, `p99.9`.
    fn percentile(&mut self, entry: &Entry, path: &str) -> Option<Percentile> {
        let known = ["p50", "p95", "p99", "p99.9", "measured_at"];
        let digits = entry.key.strip_prefix('p').filter(|rest| rest.parse::<f64>().is_ok());
        let Some(digits) = digits else {
            self.strange_key(entry, path, &known, &[]);
            return None;
        };
        // Whole parts per thousand, read digit by digit: 99.9 is 999.
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let permille = match (whole.len(), part.len()) {
            (1..=2, 0..=1) => format!("{whole}{part:0<1}").parse::<u16>().ok(),
            _ => None,
        };
        let percentile = permille.and_then(|permille| Percentile::from_permille(permille).ok());
        if percentile.is_none() {
            let message = format!("`{}` is not a percentile", shown(&entry.key));
            let help = "p0.1 to p99.9 in steps of a tenth; a maximum cannot be promised";
            self.note(IntentFault::Percentile, entry.place, &message, help);
        }
        percentile
    }

    fn budget(&mut self, node: &Node) -> Budget {
        let mut budget = Budget::default();
        for entry in self.mapping(node, "objectives.budget").unwrap_or_default() {
            let path = joined("objectives.budget", &entry.key);
            match entry.key.as_str() {
                "expected" => budget.expected = self.value(&entry.value, &path, &bands::BUDGET),
                "ceiling" => budget.ceiling = self.value(&entry.value, &path, &bands::BUDGET),
                _ => self.strange_key(entry, "objectives.budget", &["expected", "ceiling"], &[]),
            }
        }
        budget
    }

    fn recovery(&mut self, node: &Node) -> Recovery {
        let (mut recovery, known) = (Recovery::default(), ["rpo", "rto"]);
        for entry in self.mapping(node, "objectives.recovery").unwrap_or_default() {
            let path = joined("objectives.recovery", &entry.key);
            match entry.key.as_str() {
                "rpo" => recovery.rpo = self.value(&entry.value, &path, &bands::LOST),
                "rto" => recovery.rto = self.value(&entry.value, &path, &bands::AWAY),
                _ => self.strange_key(entry, "objectives.recovery", &known, &[]),
            }
        }
        recovery
    }

    fn headroom(&mut self, node: &Node, stated: &mut StatedObjectives) {
        let known = ["load", "instances_down"];
        for entry in self.mapping(node, "objectives.headroom").unwrap_or_default() {
            let path = joined("objectives.headroom", &entry.key);
            let value = &entry.value;
            match entry.key.as_str() {
                "load" => stated.headroom_load = self.quantity(value, &path, &bands::SHARE),
                "instances_down" => {
                    stated.instances_down = self.count(value, &path, &bands::INSTANCES_DOWN);
                }
                _ => self.strange_key(entry, "objectives.headroom", &known, &[]),
            }
        }
    }
}
