//! Rates of arrivals, constant or not.

use super::{Reader, joined, shown};
use crate::intent::fault::IntentFault;
use crate::intent::tree::{Node, Value};
use crate::model::{Point, Rate, Stay, trace};
use crate::units::Seconds;

const KINDS: &[&str] = &["steps", "lines", "sine", "mmpp", "trace"];
/// Points of a rate.
const POINTS: usize = 20_000;
/// States of a modulated rate; what follows them is a square table.
const STATES: usize = 100;

impl Reader<'_> {
    /// A rate that may change with time.
    pub(super) fn changing_rate(&mut self, node: &Node, path: &str) -> Option<Rate> {
        if matches!(node.value, Value::Text(_)) {
            return self.rate(node, path).map(Rate::Constant);
        }
        let entry = self.kind_with_period(node, path)?;
        let (value, full) = (&entry.value, joined(path, &entry.key));
        let period = match node.child("period") {
            Some(period) => Some(self.span(period, &joined(path, "period"))?),
            None => None,
        };
        match entry.key.as_str() {
            "steps" => Some(Rate::Steps { points: self.points(value, &full)?, period }),
            "lines" => Some(Rate::Lines { points: self.points(value, &full)?, period }),
            "trace" => Some(Rate::Steps { points: self.trace(value, &full)?, period }),
            "sine" => {
                let keys = ["mean", "amplitude", "period"];
                let [mean, amplitude, period] = self.children(value, &full, keys)?;
                let (mean, amplitude) = (self.rate(mean, &full)?, self.rate(amplitude, &full)?);
                let period = self.span(period, &full)?;
                if amplitude > mean {
                    let message = format!("{} swings below 0", shown(&full));
                    let help = "let the amplitude be at most the mean";
                    self.note(IntentFault::Contradiction, value.place, message, help);
                    return None;
                }
                Some(Rate::Sine { mean, amplitude, period })
            }
            _ => self.states(value, &full),
        }
    }

    /// The entry that says which kind of rate it is; steps and lines may have a period beside.
    fn kind_with_period<'n>(
        &mut self,
        node: &'n Node,
        path: &str,
    ) -> Option<&'n crate::intent::tree::Entry> {
        let entries = self.entries(node, path);
        let periodic = |key: &str| matches!(key, "steps" | "lines" | "trace");
        let mut kinds = entries.iter().filter(|entry| entry.key != "period");
        if let (Some(only), None) = (kinds.next(), kinds.next())
            && entries.len() == 2
            && periodic(&only.key)
        {
            return Some(only);
        }
        self.kind(node, path, KINDS)
    }

    fn points(&mut self, node: &Node, path: &str) -> Option<Vec<Point>> {
        let mut points = Vec::new();
        for item in self.items(node, path, POINTS) {
            let [at, rate] = self.children(item, path, ["at", "rate"])?;
            points.push(Point { at: self.time(at, path)?, rate: self.rate(rate, path)? });
        }
        self.in_order(&points, node, path)?;
        Some(points)
    }

    fn in_order(&mut self, points: &[Point], node: &Node, path: &str) -> Option<()> {
        let starts = points.first().is_some_and(|first| first.at == Seconds::ZERO);
        if starts && points.is_sorted_by(|one, other| one.at < other.at) {
            return Some(());
        }
        let message = format!("the moments of {} do not go on from 0", shown(path));
        let help = "let the first be at 0 and each later than the one before";
        self.note(IntentFault::Contradiction, node.place, message, help);
        None
    }

    /// A file of moments and rates.
    fn trace(&mut self, node: &Node, path: &str) -> Option<Vec<Point>> {
        let file = self.text(node, path)?;
        let read = (self.traces)(file).and_then(|text| trace::points(&text));
        match read {
            Ok(points) => {
                self.in_order(&points, node, path)?;
                Some(points)
            }
            Err(why) => {
                let message = format!("{}: the trace `{}` {why}", shown(path), shown(file));
                let help =
                    "a trace is a CSV file with the columns `seconds` and `rate`, or `requests`";
                self.note(IntentFault::Text, node.place, message, help);
                None
            }
        }
    }

    /// States of a modulated rate; each is followed by the next one where nothing is said.
    fn states(&mut self, node: &Node, path: &str) -> Option<Rate> {
        let items = self.items(node, path, STATES);
        let mut states = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let (mut rate, mut stay, mut next) = (None, None, None);
            self.due(item, "rate", path, "10/s");
            self.due(item, "stay", path, "50s");
            for entry in self.entries(item, path) {
                let full = joined(path, &entry.key);
                match entry.key.as_str() {
                    "rate" => rate = self.rate(&entry.value, &full),
                    "stay" => stay = self.distribution(&entry.value, &full),
                    "next" => next = Some(self.weights(&entry.value, &full, items.len())?),
                    _ => self.strange_key(entry, path, &["rate", "stay", "next"]),
                }
            }
            let next = next.unwrap_or_else(|| {
                let mut following = vec![0.0; items.len()];
                following[(at + 1) % items.len()] = 1.0;
                following
            });
            states.push(Stay { rate: rate?, stay: stay?, next });
        }
        if states.is_empty() && matches!(node.value, Value::List(_)) {
            let message = format!("{} has no state", shown(path));
            let help = "for example: [{rate: 4/s, stay: 50s}, {rate: 14/s, stay: 17s}]";
            self.note(IntentFault::MissingKey, node.place, message, help);
        }
        (!states.is_empty()).then_some(Rate::Modulated(states))
    }

    fn weights(&mut self, node: &Node, path: &str, due: usize) -> Option<Vec<f64>> {
        let mut weights = Vec::new();
        for item in self.items(node, path, STATES) {
            weights.push(self.number(item, path, (0.0, 1e9, "0 to 1e9"))?);
        }
        if weights.len() == due && weights.iter().sum::<f64>() > 0.0 {
            return Some(weights);
        }
        let message = format!("{} has {} weights", shown(path), weights.len());
        let help = format!("list {due}, one for each state, not all of them 0");
        self.note(IntentFault::Contradiction, node.place, message, help);
        None
    }
}
