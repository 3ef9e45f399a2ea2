//! From a tree to a model, with all faults at once: a part that cannot be read is noted and passed
//! over, so that one walk finds everything.

mod autoscaler;
mod calls;
mod distributions;
mod rates;
mod sources;
mod stations;
mod steps;
mod upkeep;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use super::order::order;
use super::read::Traces;
use super::{Change, Class, Incident, Model, Network, RunSettings, Source, Station, StationIndex};
use crate::intent::fault::IntentFault;
use crate::intent::faults::Noted;
use crate::intent::text::Place;
use crate::intent::tree::{Entry, Node, Value};
use crate::intent::words::{joined, shown};
use crate::name::Name;
use crate::units::Ratio;

const ROOT: &[&str] = &[
    "apiVersion",
    "kind",
    "name",
    "classes",
    "arrivals",
    "population",
    "stations",
    "network",
    "incidents",
    "run",
];
const RUN: &[&str] = &["precision", "trials", "request_limit", "warm_up", "duration"];
/// Stations of a model.
const STATIONS: usize = 1_000;
/// Classes of a model.
const CLASSES: usize = 100;
/// Incidents of a model.
const INCIDENTS: usize = 10_000;

/// Reads a tree.
pub(super) struct Reader<'a> {
    noted: &'a mut Noted,
    traces: Traces<'a>,
    known: Known,
}

/// What may be referred to.
#[derive(Default)]
struct Known {
    /// Stations with their places, callers first.
    stations: BTreeMap<String, usize>,
    /// Those of them whose contents are described.
    caches: BTreeSet<usize>,
    /// Classes in the order of the document, and what each has of its own.
    classes: Vec<String>,
    shares: Vec<f64>,
    priorities: Vec<u8>,
}

impl<'a> Reader<'a> {
    /// A reader that notes faults and asks for traces.
    pub(super) fn new(noted: &'a mut Noted, traces: Traces<'a>) -> Self {
        Self { noted, traces, known: Known::default() }
    }

    /// Reads all of a document; nothing where not even its outline could be read.
    pub(super) fn model(&mut self, root: &Node) -> Option<Model> {
        if matches!(root.value, Value::Null) {
            let help = "start with `apiVersion: plimsoll/v1`, `kind: Model`, `arrivals:` and \
                        `stations:`";
            self.note(IntentFault::Empty, root.place, "the document is empty", help);
            return None;
        }
        let entries = self.entries(root, "the document");
        self.head(root);
        for entry in entries.iter().filter(|entry| !ROOT.contains(&entry.key.as_str())) {
            self.strange_key(entry, "", ROOT);
        }
        let described = self.described(root);
        let classes = self.classes(root, described);
        let name = match root.child("name") {
            Some(node) => {
                let text = self.text(node, "name")?;
                self.name(text, node.place, "name")
            }
            None => None,
        };
        let sources = self.sources(root);
        let stations = self.stations(described);
        let network = root.child("network").map_or(Network::default(), |node| self.network(node));
        let incidents = root.child("incidents").map(|node| self.incidents(node, &stations));
        let incidents = incidents.unwrap_or_default();
        let run = root.child("run").map(|node| self.run(node)).unwrap_or_default();
        Some(Model { name, classes, sources, stations, network, incidents, run })
    }

    fn head(&mut self, root: &Node) {
        for (key, due) in [("apiVersion", "plimsoll/v1"), ("kind", "Model")] {
            let Some(node) = root.child(key) else {
                let start = Place { end: root.place.start, ..root.place };
                let message = format!("the document has no {key}");
                let help = format!("add the line `{key}: {due}` at the top");
                if matches!(root.value, Value::Map(_)) {
                    self.note(IntentFault::MissingKey, start, message, help);
                }
                continue;
            };
            if let Some(text) = self.text(node, key)
                && text != due
            {
                let message = format!("{key} is `{}`", shown(text));
                self.note(IntentFault::Version, node.place, message, format!("write {due}"));
            }
        }
    }

    /// The entries of the stations, whose names and order are known from here on.
    fn described<'n>(&mut self, root: &'n Node) -> &'n [Entry] {
        self.due(root, "stations", "the document", "{queue: {service: 1s}}");
        let Some(node) = root.child("stations") else {
            return &[];
        };
        let entries = self.entries(node, "stations");
        let (kind, what, help): (fn(_) -> _, &str, &str) = match entries.len() {
            0 => {
                let help = "for example: `queue: {service: 1s}`";
                (IntentFault::MissingKey, "stations has no station", help)
            }
            1..=STATIONS => {
                let places = order(entries, self.noted);
                let named = entries.iter().zip(places);
                self.known.stations = named.map(|(entry, at)| (entry.key.clone(), at)).collect();
                let caches = entries.iter().filter(|entry| entry.value.child("contents").is_some());
                let places = caches.map(|entry| self.known.stations[&entry.key]);
                self.known.caches = places.collect();
                return entries;
            }
            _ => {
                let help = "at most 1,000 are simulated";
                (IntentFault::TooLarge, "there are too many stations", help)
            }
        };
        if matches!(node.value, Value::Map(_)) {
            self.note(kind, node.place, what, help);
        }
        &[]
    }

    fn stations(&mut self, described: &[Entry]) -> Vec<Station> {
        let mut stations: Vec<(usize, Station)> = Vec::new();
        for entry in described {
            let name = self.name(&entry.key, entry.place, "stations");
            let station = self.station_of(name.unwrap_or_else(|| Name::of("x")), &entry.value);
            stations.push((self.known.stations[&entry.key], station));
        }
        stations.sort_by_key(|(at, _)| *at);
        stations.into_iter().map(|(_, station)| station).collect()
    }

    fn classes(&mut self, root: &Node, described: &[Entry]) -> Vec<Class> {
        let first = described.first().and_then(|entry| self.known.stations.get(&entry.key));
        let enters = StationIndex(first.copied().unwrap_or(0));
        let mut classes = Vec::new();
        if let Some(node) = root.child("classes") {
            for entry in self.entries(node, "classes").iter().take(CLASSES + 1) {
                classes.extend(self.class(entry, enters));
            }
            if classes.len() > CLASSES {
                let help = "at most 100 are simulated";
                self.note(IntentFault::TooLarge, node.place, "there are too many classes", help);
            }
        }
        if classes.is_empty() {
            classes.push(Class { name: Name::of("all"), share: 1.0, enters, priority: 0 });
        }
        let shares: f64 = classes.iter().map(|class| class.share).sum();
        if let (true, Some(node)) = (shares <= 0.0, root.child("classes")) {
            let help = "give at least one class a share above 0";
            self.note(IntentFault::Contradiction, node.place, "no class has any share", help);
        }
        self.known.classes = classes.iter().map(|class| class.name.as_str().to_owned()).collect();
        self.known.shares = classes.iter().map(|class| class.share).collect();
        self.known.priorities = classes.iter().map(|class| class.priority).collect();
        classes
    }

    fn class(&mut self, entry: &Entry, enters: StationIndex) -> Option<Class> {
        let name = self.name(&entry.key, entry.place, "classes")?;
        let path = format!("classes.{name}");
        let mut class = Class { name, share: 1.0, enters, priority: 0 };
        if matches!(entry.value.value, Value::Null) {
            return Some(class);
        }
        for entry in self.entries(&entry.value, &path) {
            let (value, full) = (&entry.value, joined(&path, &entry.key));
            match entry.key.as_str() {
                "share" => class.share = self.weight(value, &full).unwrap_or(1.0),
                "enters" => class.enters = self.station(value, &full).unwrap_or(enters),
                "priority" => class.priority = self.small(value, &full, 255).unwrap_or(0),
                _ => self.strange_key(entry, &path, &["share", "enters", "priority"]),
            }
        }
        Some(class)
    }

    fn sources(&mut self, root: &Node) -> Vec<Source> {
        let mut sources = Vec::new();
        if let Some(node) = root.child("arrivals") {
            sources.extend(self.arrivals(node));
        }
        if let Some(node) = root.child("population") {
            sources.extend(self.populations(node));
        } else {
            self.due(root, "arrivals", "the document", "{rate: 7.2/s}");
        }
        sources
    }

    fn network(&mut self, node: &Node) -> Network {
        let mut network = Network::default();
        for entry in self.entries(node, "network") {
            let (value, full) = (&entry.value, joined("network", &entry.key));
            match entry.key.as_str() {
                "same_zone" => network.same_zone = self.time(value, &full).unwrap_or_default(),
                "cross_zone" => network.cross_zone = self.time(value, &full).unwrap_or_default(),
                _ => self.strange_key(entry, "network", &["same_zone", "cross_zone"]),
            }
        }
        network
    }

    fn incidents(&mut self, node: &Node, stations: &[Station]) -> Vec<Incident> {
        let items = self.items(node, "incidents", INCIDENTS);
        items.iter().filter_map(|item| self.incident(item, stations)).collect()
    }

    fn incident(&mut self, node: &Node, stations: &[Station]) -> Option<Incident> {
        const KEYS: &[&str] =
            &["at", "down", "up", "eject", "admit", "stall", "duration", "instances"];
        let path = "incidents";
        self.due(node, "at", path, "60s");
        let (mut at, mut station, mut change) = (None, None, None);
        let (mut duration, mut instances) = (None, Vec::new());
        for entry in self.entries(node, path) {
            let (value, full) = (&entry.value, joined(path, &entry.key));
            let what = match entry.key.as_str() {
                "at" => {
                    at = self.time(value, &full);
                    continue;
                }
                "duration" => {
                    duration = self.time(value, &full);
                    continue;
                }
                "instances" => {
                    let items = self.items(value, &full, 1_000_000);
                    instances = items.iter().filter_map(|item| self.index(item, &full)).collect();
                    continue;
                }
                "down" => Change::Down,
                "up" => Change::Up,
                "eject" => Change::Eject,
                "admit" => Change::Admit,
                "stall" => Change::Stall(duration.unwrap_or_default()),
                _ => {
                    self.strange_key(entry, path, KEYS);
                    continue;
                }
            };
            if change.replace(what).is_some() {
                let help = "write one incident for each thing that happens";
                let message = "an incident does two things at once";
                self.note(IntentFault::Contradiction, entry.place, message, help);
            }
            station = self.station(value, &full);
        }
        if change.is_none() && matches!(node.value, Value::Map(_)) {
            let help = "add one of down, up, eject, admit and stall, with the name of a station";
            self.note(IntentFault::MissingKey, node.place, "an incident does nothing", help);
        }
        if let Some(Change::Stall(time)) = &mut change {
            self.due(node, "duration", path, "10s");
            *time = duration?;
        }
        let station = station?;
        let count = stations.get(station.0).map_or(0, Station::count);
        if let Some(missing) = instances.iter().find(|index| **index as u64 >= count) {
            let message = format!("incidents: there is no instance {missing}");
            let help = format!("the station has {count}, counted from 0");
            self.note(IntentFault::Range, node.place, message, help);
        }
        Some(Incident { at: at?, station, instances, change: change? })
    }

    fn index(&mut self, node: &Node, path: &str) -> Option<usize> {
        usize::try_from(self.count(node, path, (0, 999_999))?).ok()
    }

    fn run(&mut self, node: &Node) -> RunSettings {
        let mut run = RunSettings::default();
        for entry in self.entries(node, "run") {
            let (value, full) = (&entry.value, joined("run", &entry.key));
            match entry.key.as_str() {
                "precision" => {
                    let share = self.share(value, &full).and_then(|share| Ratio::new(share).ok());
                    run.precision = share.unwrap_or(run.precision);
                }
                "trials" => run.trials = self.count(value, &full, (2, 1_000)).unwrap_or(2),
                "request_limit" => {
                    let limit = self.count(value, &full, (1_000, 2_000_000_000));
                    run.request_limit = limit.map_or(run.request_limit, u64::from);
                }
                "warm_up" => run.warm_up = self.time(value, &full),
                "duration" => run.duration = self.span(value, &full),
                _ => self.strange_key(entry, "run", RUN),
            }
        }
        run
    }
}
