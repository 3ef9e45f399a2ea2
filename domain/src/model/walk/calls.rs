//! What a visit calls, and where it goes then.

use super::{Reader, joined, shown};
use crate::intent::fault::IntentFault;
use crate::intent::tree::{Node, Value};
use crate::model::{Awaits, Call, Lookup, Route, StationIndex};
use crate::units::Ratio;

const CALL: &[&str] = &["to", "for", "count", "parallel", "lookup", "await", "writes"];
/// Calls of one station.
const CALLS: usize = 1_000;
/// Keys of one call.
const KEYS: u32 = 100_000;

/// One call after the one before it.
const fn once(to: StationIndex) -> Call {
    let awaits = Awaits::Every;
    Call { to, count: 1.0, parallel: false, lookup: None, awaits, writes: Ratio::ZERO }
}

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
            return Some((None, once(to)));
        }
        self.due(node, "to", path, "database");
        let (mut to, mut class, mut count) = (None, None, Some(1.0));
        let mut found = once(StationIndex(0));
        for entry in self.entries(node, path) {
            let (value, full) = (&entry.value, joined(path, &entry.key));
            match entry.key.as_str() {
                "to" => to = self.station(value, &full),
                "for" => {
                    let text = self.text(value, &full)?;
                    class = Some(self.class_called(text, value.place, &full)?);
                }
                "count" => count = self.number(value, &full, (0.0, 10_000.0, "0 to 10,000")),
                "parallel" => found.parallel = self.truth(value, &full)?,
                "lookup" => found.lookup = Some(self.lookup(value, &full)?),
                "await" => found.awaits = self.awaits(value, &full)?,
                "writes" => found.writes = Ratio::new(self.share(value, &full)?).ok()?,
                _ => self.strange_key(entry, path, CALL),
            }
        }
        let (to, count) = (to?, count?);
        if found.lookup.is_some() && found.awaits != Awaits::Every {
            let message = format!("a lookup of {} is not waited for", shown(path));
            let help = "leave `await` out: whoever looks up waits for every answer";
            self.note(IntentFault::Contradiction, node.place, message, help);
        }
        self.hits(node, path, to);
        if let Awaits::First(enough) = found.awaits
            && f64::from(enough) > count.ceil()
        {
            let message = format!("a call of {} waits for {enough} answers", shown(path));
            let help = format!("add a count of at least {enough}: so far it is {count}");
            self.note(IntentFault::Contradiction, node.place, message, help);
        }
        Some((class, Call { to, count, ..found }))
    }

    /// Notes a lookup of which it is not known, or not only by one of both, what is there.
    fn hits(&mut self, node: &Node, path: &str, to: StationIndex) {
        let Some(lookup) = node.child("lookup") else {
            return;
        };
        let path = joined(path, "lookup");
        match (lookup.child("hit_ratio"), self.known.caches.contains(&to.0)) {
            (None, false) => self.due(lookup, "hit_ratio", &path, "90%"),
            (Some(stated), true) => {
                let message = format!("{} is stated of a cache with contents", shown(&path));
                let help = "leave hit_ratio out: what is there follows from the contents";
                self.note(IntentFault::Contradiction, stated.place, message, help);
            }
            _ => {}
        }
    }

    /// `all`, `none`, or how many.
    fn awaits(&mut self, node: &Node, path: &str) -> Option<Awaits> {
        match &node.value {
            Value::Text(text) if text == "all" => Some(Awaits::Every),
            Value::Text(text) if text == "none" => Some(Awaits::Nothing),
            Value::Text(text) if !text.starts_with(|first: char| first.is_ascii_digit()) => {
                let words = [("all", Awaits::Every), ("none", Awaits::Nothing)];
                self.choice(node, path, &words)
            }
            _ => self.count(node, path, (1, KEYS)).map(Awaits::First),
        }
    }

    fn lookup(&mut self, node: &Node, path: &str) -> Option<Lookup> {
        let (mut keys, mut hits, mut fallback) = (1, None, None);
        for entry in self.entries(node, path) {
            let (value, full) = (&entry.value, joined(path, &entry.key));
            match entry.key.as_str() {
                "keys" => keys = self.count(value, &full, (1, KEYS))?,
                "hit_ratio" => hits = self.share(value, &full),
                "fallback" => fallback = Some(self.station(value, &full)?),
                _ => self.strange_key(entry, path, &["keys", "hit_ratio", "fallback"]),
            }
        }
        let hit_ratio = hits.and_then(|hits| Ratio::new(hits).ok());
        Some(Lookup { keys, hit_ratio, fallback })
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
