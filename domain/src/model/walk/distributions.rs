//! Distributions: a bare time is the mean of an exponential.

use super::{Reader, joined, shown};
use crate::intent::fault::IntentFault;
use crate::intent::tree::{Node, Value};
use crate::model::{Distribution, Phase, Weighted};
use crate::units::Seconds;

const KINDS: &[&str] = &[
    "exponential",
    "deterministic",
    "erlang",
    "hyperexponential",
    "lognormal",
    "gamma",
    "uniform",
    "pareto",
    "empirical",
    "coxian",
    "phase_type",
];
/// Values of an empirical distribution, or branches of a hyperexponential one.
const VALUES: usize = 10_000;
/// Phases; their transitions are a square table.
const PHASES: usize = 100;
/// What a coefficient of variation may be.
const CV: (f64, f64, &str) = (0.0, 100.0, "0 to 100");
/// What a weight may be.
const WEIGHT: (f64, f64, &str) = (0.0, 1e9, "0 to 1e9");

impl Reader<'_> {
    /// A distribution of times.
    pub(super) fn distribution(&mut self, node: &Node, path: &str) -> Option<Distribution> {
        if matches!(node.value, Value::Text(_)) {
            return self.time(node, path).map(Distribution::Exponential);
        }
        let entry = self.kind(node, path, KINDS)?;
        let (value, path) = (&entry.value, joined(path, &entry.key));
        match entry.key.as_str() {
            "exponential" => self.time(value, &path).map(Distribution::Exponential),
            "deterministic" => self.time(value, &path).map(Distribution::Deterministic),
            "erlang" => {
                let [mean, stages] = self.children(value, &path, ["mean", "stages"])?;
                let stages = self.count(stages, &path, (1, 100_000));
                let mean = self.time(mean, &path)?;
                Some(Distribution::Erlang { stages: stages?, mean })
            }
            "hyperexponential" => self.hyperexponential(value, &path),
            "lognormal" | "gamma" => {
                let [mean, cv] = self.children(value, &path, ["mean", "cv"])?;
                let (mean, cv) = (self.time(mean, &path), self.number(cv, &path, CV));
                let (mean, cv) = (mean?, cv?);
                Some(match entry.key.as_str() {
                    "gamma" => Distribution::Gamma { mean, cv },
                    _ => Distribution::Lognormal { mean, cv },
                })
            }
            "uniform" => {
                let [low, high] = self.children(value, &path, ["low", "high"])?;
                let (low, high) = (self.time(low, &path)?, self.time(high, &path)?);
                self.ordered(low, high, value, &path)?;
                Some(Distribution::Uniform { low, high })
            }
            "pareto" => {
                let [scale, shape] = self.children(value, &path, ["scale", "shape"])?;
                let words =
                    (1.000_001, 1e6, "an exponent above 1, without which there is no mean,");
                let (scale, shape) = (self.time(scale, &path), self.number(shape, &path, words));
                Some(Distribution::Pareto { scale: scale?, shape: shape? })
            }
            "empirical" => self.empirical(value, &path),
            "coxian" => self.coxian(value, &path),
            _ => self.phase_type(value, &path),
        }
    }

    /// The values of keys that must all be there, and no others.
    pub(super) fn children<'n, const N: usize>(
        &mut self,
        node: &'n Node,
        path: &str,
        keys: [&'static str; N],
    ) -> Option<[&'n Node; N]> {
        for entry in self.entries(node, path) {
            if !keys.contains(&entry.key.as_str()) {
                self.strange_key(entry, path, &keys);
            }
        }
        for key in keys {
            self.due(node, key, path, "...");
        }
        let found: Vec<&Node> = keys.iter().filter_map(|key| node.child(key)).collect();
        found.try_into().ok()
    }

    fn ordered(&mut self, low: Seconds, high: Seconds, node: &Node, path: &str) -> Option<()> {
        if low <= high {
            return Some(());
        }
        let message = format!("{} has its low end above its high end", shown(path));
        self.note(IntentFault::Contradiction, node.place, message, "exchange the two");
        None
    }

    /// Branches, or a mean with a coefficient of variation, by two branches of balanced means.
    fn hyperexponential(&mut self, node: &Node, path: &str) -> Option<Distribution> {
        if matches!(node.value, Value::Map(_)) {
            let [mean, cv] = self.children(node, path, ["mean", "cv"])?;
            let range = (1.0, 100.0, "1 to 100");
            let (mean, cv) = (self.time(mean, path)?, self.number(cv, path, range)?);
            let square = cv * cv;
            let likely = f64::midpoint(1.0, ((square - 1.0) / (square + 1.0)).sqrt());
            let branch = |weight: f64| {
                Some(Weighted { time: Seconds::new(mean.value() / (2.0 * weight)).ok()?, weight })
            };
            return Some(Distribution::Hyperexponential(vec![
                branch(likely)?,
                branch(1.0 - likely)?,
            ]));
        }
        let mut branches = Vec::new();
        for item in self.items(node, path, VALUES) {
            let [probability, mean] = self.children(item, path, ["probability", "mean"])?;
            let (weight, time) = (self.share(probability, path)?, self.time(mean, path)?);
            branches.push(Weighted { time, weight });
        }
        let sum: f64 = branches.iter().map(|branch| branch.weight).sum();
        if (sum - 1.0).abs() > 1e-9 {
            self.not_one(node, path, sum);
            return None;
        }
        Some(Distribution::Hyperexponential(branches))
    }

    /// Notes that probabilities do not add up.
    pub(super) fn not_one(&mut self, node: &Node, path: &str, sum: f64) {
        let message = format!("the probabilities of {} add up to {sum}", shown(path));
        self.note(IntentFault::Contradiction, node.place, message, "let them add up to 1");
    }

    /// Times, each alone or with a weight.
    fn empirical(&mut self, node: &Node, path: &str) -> Option<Distribution> {
        let mut values = Vec::new();
        for item in self.items(node, path, VALUES) {
            let (time, weight) = match &item.value {
                Value::Map(_) => {
                    let [value, weight] = self.children(item, path, ["value", "weight"])?;
                    (value, self.number(weight, path, WEIGHT)?)
                }
                _ => (item, 1.0),
            };
            values.push(Weighted { time: self.time(time, path)?, weight });
        }
        let sum: f64 = values.iter().map(|value| value.weight).sum();
        if sum > 0.0 {
            return Some(Distribution::Empirical(values));
        }
        if matches!(node.value, Value::List(_)) {
            let message = format!("{} has no value of any weight", shown(path));
            self.note(IntentFault::MissingKey, node.place, message, "for example: [10ms, 20ms]");
        }
        None
    }

    /// Phases in a row, each going on to the next with a probability.
    fn coxian(&mut self, node: &Node, path: &str) -> Option<Distribution> {
        let items = self.items(node, path, PHASES);
        let mut phases = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let last = at + 1 == items.len();
            let keys = if last { &["mean"][..] } else { &["mean", "continue"] };
            let (mut mean, mut onward) = (None, 0.0);
            self.due(item, "mean", path, "1s");
            for entry in self.entries(item, path) {
                match entry.key.as_str() {
                    "mean" => mean = self.time(&entry.value, path),
                    "continue" if !last => onward = self.share(&entry.value, path)?,
                    _ => self.strange_key(entry, path, keys),
                }
            }
            let mut next = vec![0.0; items.len()];
            if let Some(chance) = next.get_mut(at + 1) {
                *chance = onward;
            }
            phases.push(Phase { start: if at == 0 { 1.0 } else { 0.0 }, mean: mean?, next });
        }
        if phases.is_empty() && matches!(node.value, Value::List(_)) {
            let message = format!("{} has no phase", shown(path));
            self.note(IntentFault::Shape, node.place, message, "list at least one phase");
        }
        (!phases.is_empty()).then_some(Distribution::PhaseType(phases))
    }

    /// Phases with a start and a row of transitions each.
    fn phase_type(&mut self, node: &Node, path: &str) -> Option<Distribution> {
        let items = self.items(node, path, PHASES);
        let mut phases = Vec::new();
        for item in items {
            let [start, mean, next] = self.children(item, path, ["start", "mean", "next"])?;
            let (start, mean) = (self.share(start, path)?, self.time(mean, path)?);
            let mut chances = Vec::new();
            for chance in self.items(next, path, PHASES) {
                chances.push(self.share(chance, path)?);
            }
            let sum: f64 = chances.iter().sum();
            if chances.len() != items.len() || sum > 1.0 + 1e-9 {
                let message = format!("{}: a phase goes on in {} ways", shown(path), chances.len());
                let help = format!("list {} probabilities, together at most 1", items.len());
                self.note(IntentFault::Contradiction, next.place, message, help);
                return None;
            }
            phases.push(Phase { start, mean, next: chances });
        }
        let sum: f64 = phases.iter().map(|phase| phase.start).sum();
        if (sum - 1.0).abs() > 1e-9 {
            self.not_one(node, path, sum);
            return None;
        }
        Some(Distribution::PhaseType(phases))
    }
}
