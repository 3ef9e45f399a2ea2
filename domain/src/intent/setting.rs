//! `PATH=VALUE` of the command line, put into the tree of a document before it is read.
//!
//! A path leads along the keys of a document, or is the name of an assumption in the ledger.

use super::WORKERS;
use super::environments::{SHARE, TAKEN};
use super::fault::IntentFault;
use super::faults::Noted;
use super::nearest::did_you_mean;
use super::text::{Place, Texts};
use super::tree::{Entry, Node, Value};
use super::walk::ROOT;
use super::yaml;

/// The longest setting, in bytes.
const LONGEST: usize = 10_000;

/// The first words of the ledger's names that are no keys of a document.
const LEDGER: &[&str] = &[
    "demand",
    "headroom",
    "service",
    "edge",
    "cache",
    "sql",
    "queue",
    "network",
    "recovery",
    "backup",
    "rules",
    "availability",
    "autoscaler",
    "health_check",
    "balancing",
    "disk",
];

/// The ledger's short names of what stands deeper in a document.
const SHORT: &[(&str, &[&str])] = &[
    ("memory_base", &["memory", "base"]),
    ("memory_per_request", &["memory", "per_request"]),
    ("timeout", &["on_failure", "timeout"]),
    ("retries", &["on_failure", "retries"]),
    ("retry_budget", &["on_failure", "retry_budget"]),
];

/// The ledger's names of what an outcome states: set there, so that it is the same outcome
/// wherever it is asked for.
const OUTCOMES: &[(&str, &[&str])] = &[
    ("demand.growth", &["traffic", "growth"]),
    ("demand.horizon", &["traffic", "horizon"]),
    ("demand.stated_rate", &["objectives", "load", "requests_per_second"]),
    (USERS, &["objectives", "load", "users"]),
    ("headroom.instances_down", &["objectives", "headroom", "instances_down"]),
    ("headroom.load", &["objectives", "headroom", "load"]),
];

/// The ledger's name of the number of users, whose kind stays as it was stated.
const USERS: &str = "demand.users";

/// Readings of the load: one takes the place of another.
const LOADS: &[&str] =
    &["users", "concurrent_users", "daily_active_users", "registered_users", "requests_per_second"];

/// Users whose kind was stated.
const KINDS: &[&str] = &["concurrent_users", "daily_active_users", "registered_users"];

/// A value for a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Setting {
    /// The keys that lead there.
    pub(super) path: Vec<(String, Place)>,
    value: Node,
    /// Whether users of any kind keep their kind.
    keeps_kind: bool,
}

/// Reads one setting, which is one of the texts.
pub(super) fn read(text: usize, texts: &Texts, noted: &mut Noted) -> Option<Setting> {
    let whole = texts.whole(text);
    let content = texts.slice(whole).to_owned();
    let mut refuse = |place: Place, message: String, help: &str| {
        noted.add(IntentFault::Setting, place, message, help);
    };
    let example = "for example: --set services.app.cpu_time=20ms";
    if content.len() > LONGEST {
        let start = Place { end: 0, ..whole };
        refuse(start, format!("--set has {} bytes", content.len()), "at most 10,000 are read");
        return None;
    }
    let Some((path, value)) = content.split_once('=') else {
        refuse(whole, "--set is not of the form PATH=VALUE".to_owned(), example);
        return None;
    };
    let path = segments(path, whole);
    if path.iter().any(|(key, _)| key.is_empty()) {
        refuse(whole, "the path of --set has an empty key".to_owned(), example);
        return None;
    }
    let start = whole.end - value.len() + (value.len() - value.trim_start().len());
    let place = Place { start, end: start + value.trim().len(), ..whole };
    let value = match value.trim() {
        "" => {
            refuse(whole, "--set has no value".to_owned(), example);
            return None;
        }
        inner if inner.starts_with(['[', '{']) => {
            let mut node = yaml::tree(inner, place, noted);
            if !matches!(node.value, Value::Refused) {
                node.place = place;
            }
            node
        }
        inner => Node::text(inner, place),
    };
    let keys: Vec<&str> = path.iter().map(|(key, _)| key.as_str()).collect();
    let keeps_kind = keys.join(".") == USERS;
    let path = in_document(path, &value);
    Some(Setting { path, value, keeps_kind })
}

/// The keys of a path, parted by points and brackets; `p99.9` is one key.
fn segments(path: &str, whole: Place) -> Vec<(String, Place)> {
    let mut keys: Vec<(String, Place)> = Vec::new();
    let mut start = 0;
    for key in path.split(['.', '[', ']']) {
        let end = start + key.len();
        let place = Place { start, end, ..whole };
        let closes = key.is_empty() && path[..start].ends_with(']');
        start = end + 1;
        match keys.last_mut() {
            _ if closes => {}
            Some((last, at)) if is_percentile(last) && is_digits(key) => {
                last.push('.');
                last.push_str(key);
                *at = at.to(place);
            }
            _ => keys.push((key.trim().to_owned(), place)),
        }
    }
    keys
}

fn is_digits(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_percentile(key: &str) -> bool {
    key.strip_prefix('p').is_some_and(is_digits)
}

/// The path in a document of a name in the ledger.
fn in_document(mut path: Vec<(String, Place)>, value: &Node) -> Vec<(String, Place)> {
    let (first, at) = path[0].clone();
    let keys: Vec<&str> = path.iter().map(|(key, _)| key.as_str()).collect();
    let outcome = OUTCOMES.iter().find(|(name, _)| *name == keys.join("."));
    if let Some((_, keys)) = outcome {
        let place = path.last().map_or(at, |(_, place)| at.to(*place));
        return keys.iter().map(|key| ((*key).to_owned(), place)).collect();
    }
    let names = usize::from(first == "assume");
    if names == 1 || LEDGER.contains(&first.as_str()) {
        let keys: Vec<&str> = path[names..].iter().map(|(key, _)| key.as_str()).collect();
        let end = path.last().map_or(at, |(_, place)| *place);
        return vec![("assume".to_owned(), at), (keys.join("."), at.to(end))];
    }
    if first == "services" && path.len() == 3 {
        let (key, place) = path[2].clone();
        let scalar = matches!(value.value, Value::Text(_));
        let keys: &[&str] = match key.as_str() {
            "spread" if scalar => &["spread", "cv"],
            key => SHORT.iter().find(|(short, _)| *short == key).map_or(&[], |(_, keys)| *keys),
        };
        if !keys.is_empty() {
            path.truncate(2);
            path.extend(keys.iter().map(|key| ((*key).to_owned(), place)));
        }
    }
    path
}

impl Setting {
    /// The path with points, to tell settings of the same path.
    pub(super) fn name(&self) -> String {
        let keys: Vec<&str> = self.path.iter().map(|(key, _)| key.as_str()).collect();
        keys.join(".")
    }

    /// The environment that it takes, with its place, if that is what it does.
    pub(super) fn taken(&self) -> Option<(&str, Place)> {
        match (self.path.as_slice(), &self.value.value) {
            ([(key, _)], Value::Text(name)) if key == TAKEN => Some((name, self.value.place)),
            _ => None,
        }
    }

    /// Where the setting stands.
    pub(super) fn place(&self) -> Place {
        self.path[0].1.to(self.value.place)
    }

    /// Puts the value into a tree.
    pub(super) fn apply(&self, root: &mut Node, noted: &mut Noted) {
        if !ROOT.contains(&self.path[0].0.as_str()) {
            let (key, place) = &self.path[0];
            let known: Vec<&str> = ROOT.iter().chain(LEDGER).copied().collect();
            let help = did_you_mean(key, &known);
            noted.add(IntentFault::UnknownKey, *place, format!("{key} is not a key"), help);
            return;
        }
        if self.keeps_kind
            && let Some(load) = root.find(&["objectives", "load"])
            && let Some(kind) = KINDS.iter().find(|kind| load.child(kind).is_some())
        {
            let mut same = Self { keeps_kind: false, ..self.clone() };
            if let Some((key, _)) = same.path.last_mut() {
                (*kind).clone_into(key);
            }
            same.apply(root, noted);
            return;
        }
        if let Some(consumer) = self.of_workers(root) {
            consumer.apply(root, noted);
            return;
        }
        self.make_room(root);
        let mut node = root;
        let mut at = 0;
        while at + 1 < self.path.len() {
            let Some((next, taken)) = self.step(node, at, noted) else {
                return;
            };
            (node, at) = (next, at + taken);
        }
        let (key, place) = &self.path[at.min(self.path.len() - 1)];
        match &mut node.value {
            Value::Map(_) | Value::Null => {
                node.remove(key);
                node.insert(Entry {
                    key: key.clone(),
                    place: *place,
                    stated: true,
                    value: self.value.clone(),
                });
            }
            Value::Refused => {}
            _ => refuse(key, *place, "leads into what is not a mapping", noted),
        }
    }

    /// The workers of a queue are described by its consumer: the same setting of that, where it
    /// names them.
    fn of_workers(&self, root: &Node) -> Option<Self> {
        let [(first, at), (workers, place), rest @ ..] = self.path.as_slice() else { return None };
        let queue = workers.strip_suffix(WORKERS).filter(|_| first == "services")?;
        let services = root.child("services").filter(|own| own.child(workers).is_none())?;
        let kind = services.child(queue)?.child("type").map(|kind| &kind.value);
        if !matches!(kind, Some(Value::Text(kind)) if kind == "queue") {
            return None;
        }
        let keys = [(first, at), (&queue.to_owned(), place), (&"consumer".to_owned(), place)];
        let mut path: Vec<(String, Place)> =
            keys.iter().map(|(key, at)| ((*key).clone(), **at)).collect();
        path.extend_from_slice(rest);
        Some(Self { path, ..self.clone() })
    }

    /// A load of another kind, and the shape that a peak belongs to, make room for the new one.
    fn make_room(&self, root: &mut Node) {
        let keys: Vec<&str> = self.path.iter().map(|(key, _)| key.as_str()).collect();
        if let ["objectives", "load", kind] = keys[..]
            && LOADS.contains(&kind)
            && let Some(load) = root.find_mut(&["objectives", "load"])
        {
            for other in LOADS.iter().chain([&SHARE]) {
                load.remove(other);
            }
        }
        if keys.starts_with(&["traffic", "shape", "diurnal"])
            && let Some(shape) = root.find_mut(&["traffic", "shape"])
            && matches!(shape.value, Value::Text(_))
        {
            shape.value = Value::Map(Vec::new());
        }
    }

    /// One key further, and how many keys of the path that took.
    fn step<'n>(
        &self,
        node: &'n mut Node,
        at: usize,
        noted: &mut Noted,
    ) -> Option<(&'n mut Node, usize)> {
        let (key, place) = &self.path[at];
        match node.value {
            Value::List(_) => self.step_in_list(node, at, noted),
            Value::Text(_) => {
                refuse(key, *place, "leads into a value, not a mapping", noted);
                None
            }
            Value::Refused => None,
            Value::Map(_) | Value::Null => {
                if node.child(key).is_none() && !self.may_add(node, at, noted) {
                    return None;
                }
                node.insert(Entry {
                    key: key.clone(),
                    place: *place,
                    stated: true,
                    value: Node::empty(*place),
                });
                Some((node.child_mut(key)?, 1))
            }
        }
    }

    /// A setting changes a service or a class; it does not make one.
    fn may_add(&self, node: &Node, at: usize, noted: &mut Noted) -> bool {
        let (kind, what): (fn(_) -> _, &str) = match (self.path[0].0.as_str(), at) {
            ("services", 1) => (IntentFault::UnknownService, "a service"),
            ("requests", 1) => (IntentFault::UnknownClass, "a request class"),
            _ => return true,
        };
        let (key, place) = &self.path[at];
        let known: Vec<&str> = node.entries().iter().map(|entry| entry.key.as_str()).collect();
        let help = did_you_mean(key, &known);
        noted.add(kind, *place, format!("`{key}` is not {what}"), help);
        false
    }

    /// An item of a list by its number, or a call by the service that it calls and its class.
    fn step_in_list<'n>(
        &self,
        node: &'n mut Node,
        at: usize,
        noted: &mut Noted,
    ) -> Option<(&'n mut Node, usize)> {
        let Value::List(items) = &mut node.value else {
            return None;
        };
        let (key, place) = &self.path[at];
        let next = self.path.get(at + 1).map(|(key, _)| key.as_str());
        let (found, taken) = match key.parse::<usize>() {
            Ok(number) => ((number < items.len()).then_some(number), 1),
            Err(_) => call(items, key, next),
        };
        let Some(found) = found else {
            refuse(key, *place, "is not one item of the list", noted);
            return None;
        };
        Some((&mut items[found], taken))
    }
}

/// The one call of that service; of several, the one of the class that the next key names.
fn call(items: &[Node], to: &str, next: Option<&str>) -> (Option<usize>, usize) {
    let says = |node: &Node, key: &str, word: &str| match node.child(key).map(|said| &said.value) {
        Some(Value::Text(text)) => text == word,
        _ => false,
    };
    let calls: Vec<usize> = (0..items.len()).filter(|at| says(&items[*at], "to", to)).collect();
    let of_class = |class: &str| calls.iter().copied().find(|at| says(&items[*at], "for", class));
    match (next.and_then(of_class), calls.as_slice()) {
        (Some(found), _) => (Some(found), 2),
        (None, [only]) => (Some(*only), 1),
        (None, _) => (None, 1),
    }
}

fn refuse(key: &str, place: Place, why: &str, noted: &mut Noted) {
    let help = "paths lead along the keys of a document, as in services.app.cpu_time";
    noted.add(IntentFault::Setting, place, format!("`{key}` {why}"), help);
}
