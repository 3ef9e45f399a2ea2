//! What a visit calls, and where it goes then.

use super::{Reader, joined, shown};
use crate::intent::fault::IntentFault;
use crate::intent::tree::{Node, Value};
use crate::model::{Call, Lookup, Route};
use crate::units::Ratio;

const CALL: &[&str] = &["to", "for", "count", "parallel", "lookup"];
/// Calls of one station.
const CALLS: usize = 1_000;
/// Keys of one call.
const KEYS: u32 = 100_000;

impl Reader<'_> {
    /// The calls of a station, by class.
    pub(super) fn calls(&mut self, node: &Node, path: &str, calls: &mut [Vec<Call>]) {
        for item in self.items(node, path, CALLS) {
            if let Some((class, call)) = self.call(item, path) {
                match class {
                    Some(class) => calls[class].push(call),
                    None => calls.iter_mut().for_each(|calls| calls.push(call)),
                }
            }
        }
    }

    /// A call with the class for which it is made.
    fn call(&mut self, node: &Node, path: &str) -> Option<(Option<usize>, Call)> {
        if matches!(node.value, Value::Text(_)) {
            let to = self.station(node, path)?;
            return Some((None, Call { to, count: 1.0, parallel: false, lookup: None }));
        }
        self.due(node, "to", path, "database");
        let (mut to, mut class, mut count) = (None, None, Some(1.0));
        let (mut parallel, mut lookup) = (false, None);
        for entry in self.entries(node, path) {
            let (value, full) = (&entry.value, joined(path, &entry.key));
            match entry.key.as_str() {
                "to" => to = self.station(value, &full),
                "for" => {
                    let text = self.text(value, &full)?;
                    class = Some(self.class_called(text, value.place, &full)?);
                }
                "count" => count = self.number(value, &full, (0.0, 10_000.0, "0 to 10,000")),
                "parallel" => parallel = self.truth(value, &full)?,
                "lookup" => lookup = Some(self.lookup(value, &full)?),
                _ => self.strange_key(entry, path, CALL),
            }
        }
        Some((class, Call { to: to?, count: count?, parallel, lookup }))
    }

    fn lookup(&mut self, node: &Node, path: &str) -> Option<Lookup> {
        let (mut keys, mut hits, mut fallback) = (1, None, None);
        self.due(node, "hit_ratio", path, "90%");
        for entry in self.entries(node, path) {
            let (value, full) = (&entry.value, joined(path, &entry.key));
            match entry.key.as_str() {
                "keys" => keys = self.count(value, &full, (1, KEYS))?,
                "hit_ratio" => hits = self.share(value, &full),
                "fallback" => fallback = Some(self.station(value, &full)?),
                _ => self.strange_key(entry, path, &["keys", "hit_ratio", "fallback"]),
            }
        }
        Some(Lookup { keys, hit_ratio: Ratio::new(hits?).ok()?, fallback })
    }

    /// Probabilities by station.
    pub(super) fn routes(&mut self, node: &Node, path: &str) -> Vec<Route> {
        let mut routes = Vec::new();
        for entry in self.entries(node, path) {
            let full = joined(path, &entry.key);
            let to = self.station_called(&entry.key, entry.place, path);
            let probability = self.share(&entry.value, &full);
            if let (Some(to), Some(probability)) = (to, probability) {
                routes.push(Route { to, probability });
            }
        }
        let sum: f64 = routes.iter().map(|route| route.probability).sum();
        if sum > 1.0 + 1e-9 {
            let message = format!("the probabilities of {} add up to {sum}", shown(path));
            let help = "let them add up to at most 1; with what is left a request is answered";
            self.note(IntentFault::Contradiction, node.place, message, help);
        }
        routes
    }

    /// Probabilities by class and station.
    pub(super) fn routes_by_class(&mut self, node: &Node, path: &str, routing: &mut [Vec<Route>]) {
        let read = |reader: &mut Self, node: &Node, path: &str| Some(reader.routes(node, path));
        let found = self.by_class(node, path, read);
        for (routes, found) in routing.iter_mut().zip(found) {
            if let Some(found) = found {
                *routes = found;
            }
        }
    }
}
