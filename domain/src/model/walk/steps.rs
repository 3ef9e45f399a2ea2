//! Autoscalers that go by steps, and by the clock.

use super::autoscaler::{INSTANCES, PARTS, PERIODS};
use super::{Reader, joined, shown};
use crate::intent::fault::IntentFault;
use crate::intent::tree::Node;
use crate::model::{Schedule, ScheduleWindow, StepAdjustment, StepAlarm, StepScaling};
use crate::units::{Ratio, Seconds};

const STEPS: &[&str] =
    &["period", "adjustment", "at_least", "scale_out", "scale_in", "instance_warmup"];

impl Reader<'_> {
    pub(super) fn step_scaling(&mut self, node: &Node, path: &str) -> Option<StepScaling> {
        let mut found = StepScaling {
            period: Seconds::of(60.0),
            adjustment: StepAdjustment::Instances,
            out: None,
            back: None,
            warm_up: Seconds::ZERO,
        };
        let mut at_least = None;
        for entry in self.entries(node, path) {
            let (value, full) = (&entry.value, joined(path, &entry.key));
            match entry.key.as_str() {
                "period" => found.period = self.look(value, &full)?,
                "adjustment" => {
                    let words = [
                        ("instances", StepAdjustment::Instances),
                        ("percent", StepAdjustment::Percent(1)),
                        ("exact", StepAdjustment::Exact),
                    ];
                    found.adjustment = self.choice(value, &full, &words)?;
                }
                "at_least" => at_least = Some((entry, self.count(value, &full, (1, INSTANCES))?)),
                "scale_out" => found.out = self.alarm(value, &full, "above"),
                "scale_in" => found.back = self.alarm(value, &full, "below"),
                "instance_warmup" => found.warm_up = self.time(value, &full)?,
                _ => self.strange_key(entry, path, STEPS),
            }
        }
        match (&mut found.adjustment, at_least) {
            (_, None) => {}
            (StepAdjustment::Percent(least), Some((_, count))) => *least = count,
            (_, Some((entry, _))) => {
                let message = format!("{} says at_least beside no percentage", shown(path));
                let help = "add `adjustment: percent`, or leave at_least out";
                self.note(IntentFault::Contradiction, entry.place, message, help);
            }
        }
        if node.child("scale_out").is_none() && node.child("scale_in").is_none() {
            self.due(node, "scale_out", path, "{above: 70%, steps: [{from: 0, change: 1}]}");
        }
        Some(found)
    }

    /// An alarm, and by how much more, or fewer, beyond it.
    fn alarm(&mut self, node: &Node, path: &str, side: &str) -> Option<StepAlarm> {
        let (mut threshold, mut periods, mut steps) = (None, 1, Vec::new());
        self.due(node, side, path, "70%");
        self.due(node, "steps", path, "[{from: 0, change: 1}]");
        for entry in self.entries(node, path) {
            let (value, full) = (&entry.value, joined(path, &entry.key));
            match entry.key.as_str() {
                key if key == side => threshold = self.share(value, &full),
                "periods" => periods = self.count(value, &full, PERIODS)?,
                "steps" => steps = self.steps(value, &full)?,
                _ => self.strange_key(entry, path, &[side, "periods", "steps"]),
            }
        }
        Some(StepAlarm { threshold: Ratio::new(threshold?).ok()?, periods, steps })
    }

    fn steps(&mut self, node: &Node, path: &str) -> Option<Vec<(f64, f64)>> {
        let mut steps: Vec<(f64, f64)> = Vec::new();
        for item in self.items(node, path, PARTS) {
            let [from, change] = self.children(item, path, ["from", "change"])?;
            let from = self.share(from, path)?;
            let change = self.number(change, path, (0.0, 1e6, "0 to 1e6"))?;
            if steps.last().is_some_and(|before| before.0 >= from) {
                let message = format!("the steps of {} go backwards", shown(path));
                let help = "let each step begin further from the threshold than the one before";
                self.note(IntentFault::Contradiction, item.place, message, help);
            }
            steps.push((from, change));
        }
        Some(steps)
    }

    pub(super) fn schedule(&mut self, node: &Node, path: &str) -> Option<Schedule> {
        let (mut period, mut otherwise) = (Seconds::of(86_400.0), None);
        let mut windows = Vec::new();
        self.due(node, "otherwise", path, "2");
        self.due(node, "windows", path, "[{from: 8h, to: 18h, count: 10}]");
        for entry in self.entries(node, path) {
            let (value, full) = (&entry.value, joined(path, &entry.key));
            match entry.key.as_str() {
                "period" => period = self.look(value, &full)?,
                "otherwise" => otherwise = self.count(value, &full, (0, INSTANCES)),
                "windows" => {
                    for item in self.items(value, &full, PARTS) {
                        let keys = ["from", "to", "count"];
                        let [from, to, count] = self.children(item, &full, keys)?;
                        let (from, to) = (self.time(from, &full)?, self.time(to, &full)?);
                        let count = self.count(count, &full, (0, INSTANCES))?;
                        windows.push((ScheduleWindow { from, to, count }, item.place));
                    }
                }
                _ => self.strange_key(entry, path, &["period", "otherwise", "windows"]),
            }
        }
        for (window, place) in &windows {
            if window.from.max(window.to) > period {
                let message = format!("a window of {} lies beyond its period", shown(path));
                let help = "write moments from 0 to the period, which is a day unless it is given";
                self.note(IntentFault::Contradiction, *place, message, help);
            }
        }
        let windows = windows.into_iter().map(|(window, _)| window).collect();
        Some(Schedule { period, otherwise: otherwise?, windows })
    }
}
