//! Arrivals, populations, and what their clients do when an answer is late.

use super::{Reader, joined, shown};
use crate::intent::fault::IntentFault;
use crate::intent::tree::{Entry, Node, Value};
use crate::model::{Arrivals, Backoff, Batch, Distribution, Jitter, OnFailure, Population, Source};
use crate::units::Seconds;

const ARRIVALS: &[&str] =
    &["rate", "interarrival", "batch", "mix", "on_failure", "zones", "deadline"];
const POPULATION: &[&str] = &["size", "think_time", "mix", "on_failure", "zones", "deadline"];
const ON_FAILURE: &[&str] = &["timeout", "retries", "retry_budget", "backoff"];
const BACKOFF: &[&str] = &["first", "growth", "limit", "jitter"];
/// Streams of one kind.
const STREAMS: usize = 1_000;
/// Clients that the engine can number.
const CLIENTS: u32 = 1 << 20;

impl Reader<'_> {
    /// One stream of arrivals, or a list of them.
    pub(super) fn arrivals(&mut self, node: &Node) -> Vec<Source> {
        if !matches!(node.value, Value::List(_)) {
            return self.stream(node, "arrivals").into_iter().collect();
        }
        let items = self.items(node, "arrivals", STREAMS);
        items.iter().filter_map(|item| self.stream(item, "arrivals")).collect()
    }

    /// One population, or a list of them.
    pub(super) fn populations(&mut self, node: &Node) -> Vec<Source> {
        if !matches!(node.value, Value::List(_)) {
            return self.population(node, "population").into_iter().collect();
        }
        let items = self.items(node, "population", STREAMS);
        items.iter().filter_map(|item| self.population(item, "population")).collect()
    }

    fn stream(&mut self, node: &Node, path: &str) -> Option<Source> {
        let (mut rate, mut interarrival, mut batch) = (None, None, Batch::Fixed(1));
        let mut parts = self.common();
        for entry in self.entries(node, path) {
            let (value, full) = (&entry.value, joined(path, &entry.key));
            match entry.key.as_str() {
                "rate" => rate = self.changing_rate(value, &full),
                "interarrival" => interarrival = self.distribution(value, &full),
                "batch" => batch = self.batch(value, &full).unwrap_or(batch),
                _ => self.common_part(entry, &full, &mut parts, (path, ARRIVALS)),
            }
        }
        let stated = |key| node.child(key).is_some();
        if !stated("rate") && !stated("interarrival") {
            self.due(node, "rate", path, "7.2/s");
            return None;
        }
        if let (false, Some(gaps)) = (stated("rate"), &interarrival)
            && gaps.simple_mean().is_some_and(|mean| mean == Seconds::ZERO)
        {
            let message = format!("{path}.interarrival is no time at all");
            let help = "write a mean time between arrivals above 0";
            self.note(IntentFault::Range, node.place, message, help);
        }
        if stated("rate") && rate.is_none() || stated("interarrival") && interarrival.is_none() {
            return None;
        }
        let poisson = Distribution::Exponential(Seconds::of(1.0));
        let interarrival = interarrival.unwrap_or(poisson);
        Some(Source { arrivals: Arrivals::Open { interarrival, rate, batch }, ..parts })
    }

    fn population(&mut self, node: &Node, path: &str) -> Option<Source> {
        let mut size = None;
        let mut think_time = Distribution::Deterministic(Seconds::ZERO);
        let mut parts = self.common();
        self.due(node, "size", path, "10");
        for entry in self.entries(node, path) {
            let (value, full) = (&entry.value, joined(path, &entry.key));
            match entry.key.as_str() {
                "size" => size = self.count(value, &full, (0, CLIENTS)),
                "think_time" => think_time = self.distribution(value, &full).unwrap_or(think_time),
                _ => self.common_part(entry, &full, &mut parts, (path, POPULATION)),
            }
        }
        let population = Population { size: size?, think_time };
        Some(Source { arrivals: Arrivals::Closed(population), ..parts })
    }

    /// A source of nothing, whose requests are of the classes in their usual shares.
    fn common(&self) -> Source {
        Source {
            arrivals: Arrivals::Closed(Population {
                size: 0,
                think_time: Distribution::Deterministic(Seconds::ZERO),
            }),
            mix: self.known.shares.clone(),
            on_failure: OnFailure::default(),
            zones: Vec::new(),
            deadline: None,
        }
    }

    /// A part that streams and populations have in common.
    fn common_part(
        &mut self,
        entry: &Entry,
        path: &str,
        source: &mut Source,
        (parent, known): (&str, &[&str]),
    ) {
        match entry.key.as_str() {
            "mix" => source.mix = self.mix(&entry.value, path),
            "on_failure" => source.on_failure = self.on_failure(&entry.value, path),
            "deadline" => source.deadline = self.span(&entry.value, path),
            "zones" => source.zones = self.zones(&entry.value, path),
            _ => self.strange_key(entry, parent, known),
        }
    }

    fn mix(&mut self, node: &Node, path: &str) -> Vec<f64> {
        let weight = |reader: &mut Self, node: &Node, path: &str| reader.weight(node, path);
        let weights = self.by_class(node, path, weight);
        let weights: Vec<f64> = weights.into_iter().map(Option::unwrap_or_default).collect();
        if weights.iter().sum::<f64>() <= 0.0 && self.noted.is_empty() {
            let message = format!("{} leaves no class any share", shown(path));
            let help = "give at least one class a share above 0";
            self.note(IntentFault::Contradiction, node.place, message, help);
        }
        weights
    }

    /// A weight, or a percentage.
    pub(super) fn weight(&mut self, node: &Node, path: &str) -> Option<f64> {
        match &node.value {
            Value::Text(text) if text.ends_with('%') => self.share(node, path),
            _ => self.number(node, path, (0.0, 1e9, "0 to 1e9")),
        }
    }

    fn batch(&mut self, node: &Node, path: &str) -> Option<Batch> {
        if matches!(node.value, Value::Text(_)) {
            return self.count(node, path, (1, 1_000_000)).map(Batch::Fixed);
        }
        let [mean] = self.children(node, path, ["geometric"])?;
        let mean = self.number(mean, path, (1.0, 1e6, "1 to 1e6"))?;
        Some(Batch::Geometric(mean))
    }

    fn zones(&mut self, node: &Node, path: &str) -> Vec<u16> {
        let items = self.items(node, path, 100);
        items.iter().filter_map(|item| self.small(item, path, 99)).collect()
    }

    /// A small whole number.
    pub(super) fn small<T: TryFrom<u32>>(
        &mut self,
        node: &Node,
        path: &str,
        most: u32,
    ) -> Option<T> {
        T::try_from(self.count(node, path, (0, most))?).ok()
    }

    /// What a caller does about calls that take too long or fail.
    pub(super) fn on_failure(&mut self, node: &Node, path: &str) -> OnFailure {
        let mut found = OnFailure::default();
        for entry in self.entries(node, path) {
            let (value, full) = (&entry.value, joined(path, &entry.key));
            match entry.key.as_str() {
                "timeout" => found.timeout = self.span(value, &full),
                "retries" if matches!(&value.value, Value::Text(text) if text == "forever") => {
                    found.retries = None;
                }
                "retries" => found.retries = self.small(value, &full, 254).or(found.retries),
                "retry_budget" => found.retry_budget = self.weight(value, &full),
                "backoff" => found.backoff = self.backoff(value, &full),
                _ => self.strange_key(entry, path, ON_FAILURE),
            }
        }
        if found.retries.is_none() && found.backoff.first == Seconds::ZERO {
            let message = format!("{} repeats for ever without a pause", shown(path));
            let help = "add a backoff, for example: `backoff: 100ms`";
            self.note(IntentFault::Contradiction, node.place, message, help);
        }
        found
    }

    fn backoff(&mut self, node: &Node, path: &str) -> Backoff {
        let mut found = Backoff::default();
        if matches!(node.value, Value::Text(_)) {
            found.first = self.time(node, path).unwrap_or_default();
            return found;
        }
        self.due(node, "first", path, "100ms");
        for entry in self.entries(node, path) {
            let (value, full) = (&entry.value, joined(path, &entry.key));
            match entry.key.as_str() {
                "first" => found.first = self.time(value, &full).unwrap_or_default(),
                "growth" => {
                    let range = (1.0, 100.0, "1 to 100");
                    found.growth = self.number(value, &full, range).unwrap_or(found.growth);
                }
                "limit" => found.limit = self.span(value, &full),
                "jitter" => {
                    let words = [
                        ("none", Jitter::None),
                        ("full", Jitter::Full),
                        ("exponential", Jitter::Exponential),
                    ];
                    found.jitter = self.choice(value, &full, &words).unwrap_or(found.jitter);
                }
                _ => self.strange_key(entry, path, BACKOFF),
            }
        }
        found
    }
}
