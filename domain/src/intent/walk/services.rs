//! The services as described: what each is, what it works, and what it keeps.

use super::{Walker, joined, said, shown};
use crate::data_class::DataClass;
use crate::intent::bands;
use crate::intent::fault::IntentFault;
use crate::intent::text::Place;
use crate::intent::tree::{Entry, Node, Value};
use crate::intent::{OnFailure, Service, ServiceKind};
use crate::ledger::Stated;
use crate::name::Name;
use crate::units::Seconds;

/// More services than one plan can hold.
const SERVICES: usize = 200;
/// The balancer's own name.
pub(super) const EDGE: &str = "edge";

pub(super) const COMMON: &[&str] =
    &["type", "cpu_time", "measured_on", "spread", "memory", "startup", "port", "image", "holds"];
pub(super) const OF_SERVICE: &[&str] = &["calls", "on_failure", "degrade", "health_path"];
const OF_CACHE: &[&str] = &["working_set", "hit_ratio", "fallback", "engine", "engine_version"];
const OF_SQL: &[&str] =
    &["storage", "connections", "writes", "iops_per_query", "engine", "engine_version"];
const OF_QUEUE: &[&str] = &["consumer"];
const LATER: &[&str] = &["platform"];

const SQL_ENGINES: &[&str] = &["postgres", "mysql", "mariadb"];
const CACHE_ENGINES: &[&str] = &["valkey", "redis"];

/// The keys of a kind of service beside those that every kind has.
const fn own_keys(kind: ServiceKind) -> &'static [&'static str] {
    match kind {
        ServiceKind::Service | ServiceKind::Balancer => OF_SERVICE,
        ServiceKind::Cache => OF_CACHE,
        ServiceKind::Sql => OF_SQL,
        ServiceKind::Queue => OF_QUEUE,
        ServiceKind::External => &[],
    }
}

impl Walker<'_> {
    pub(super) fn services(&mut self, node: &Node) -> Vec<Service> {
        let mut services = Vec::new();
        let entries = self.bounded(node, "services", SERVICES).unwrap_or_default();
        if entries.is_empty() && matches!(node.value, Value::Map(_)) {
            let help = "describe a service, or leave `services` out for the archetype's";
            self.note(IntentFault::Empty, node.place, "services describes none", help);
        }
        for entry in entries {
            if entry.key == EDGE {
                let help = "the balancer at the edge has that name and is added by the plan";
                let message = "services.edge takes the balancer's name";
                self.note(IntentFault::Name, entry.place, message, help);
            } else if let Some(name) = self.name(&entry.key, entry.place, "services") {
                match entry.value.child("type").map(|kind| &kind.value) {
                    Some(Value::Text(kind)) if kind == "queue" => {
                        services.extend(self.queue(&name, entry));
                    }
                    _ => services.extend(self.service(name, entry)),
                }
            }
        }
        services
    }

    fn service(&mut self, name: Name, entry: &Entry) -> Option<Service> {
        let path = joined("services", name.as_str());
        let entries = self.mapping(&entry.value, &path)?;
        self.due(&entry.value, "type", &path);
        let kind = self.kind(entry.value.child("type")?, &path)?;
        let mut service = empty(name, kind);
        for entry in entries {
            let full = joined(&path, &entry.key);
            self.key(entry, &full, &mut service);
        }
        if let Some(place) = entry.value.child("measured_on").map(|node| node.place)
            && service.cpu_time.is_empty()
        {
            let message = format!("{path} has measured_on, but no cpu_time");
            let help = "say what was measured, for example: cpu_time: 12ms";
            self.note(IntentFault::MissingKey, place, &message, help);
        }
        Some(service)
    }

    fn kind(&mut self, node: &Node, path: &str) -> Option<ServiceKind> {
        let path = joined(path, "type");
        let text = self.text(node, &path)?;
        if matches!(text, "load_balancer" | "balancer" | "function" | "worker") {
            self.unsupported(node.place, &format!("the type {text}"));
            return None;
        }
        let kinds = [
            ("service", ServiceKind::Service),
            ("cache", ServiceKind::Cache),
            ("sql", ServiceKind::Sql),
            ("queue", ServiceKind::Queue),
        ];
        self.choice(node, &path, &kinds)
    }

    /// One key of a service.
    pub(super) fn key(&mut self, entry: &Entry, path: &str, service: &mut Service) {
        let (node, key, kind) = (&entry.value, entry.key.as_str(), service.kind);
        let own = own_keys(kind);
        if !COMMON.contains(&key) && !own.contains(&key) {
            self.foreign_key(entry, path, kind);
            return;
        }
        match key {
            "cpu_time" => service.cpu_time = self.cpu_time(node, path),
            "measured_on" => service.measured_on = self.stated_text(node, path),
            "spread" => service.spread = self.spread(node, path),
            "memory" => self.memory(node, path, service),
            "startup" => service.startup = self.quantity(node, path, &bands::STARTUP),
            "port" => service.port = self.count(node, path, &bands::PORT),
            "image" => service.image = self.stated_text(node, path),
            "holds" => service.holds = self.holds(node, path),
            "calls" => service.calls = self.calls(node, &service.name),
            "on_failure" => service.on_failure = self.on_failure(node, path),
            "degrade" => service.degrades = self.degrades(node, path),
            "health_path" => service.health_path = self.health_path(node, path),
            _ => self.data_key(entry, path, service),
        }
    }

    /// One key of what keeps data.
    fn data_key(&mut self, entry: &Entry, path: &str, service: &mut Service) {
        let node = &entry.value;
        match entry.key.as_str() {
            "working_set" => service.working_set = self.quantity(node, path, &bands::WORKING_SET),
            "hit_ratio" => service.hit_ratio = self.quantity(node, path, &bands::SHARE),
            "fallback" => service.fallback = self.fallback(node, path, &service.name),
            "engine" => service.engine = self.engine(node, path, service.kind),
            "engine_version" => service.engine_version = self.stated_text(node, path),
            "storage" => service.storage = self.quantity(node, path, &bands::STORAGE),
            "connections" => service.connections = self.quantity(node, path, &bands::CONNECTIONS),
            "iops_per_query" => service.iops_per_query = self.quantity(node, path, &bands::IOPS),
            "writes" => service.writes = self.quantity(node, path, &bands::SHARE),
            _ => {}
        }
    }

    /// A key of another kind of service, of a later version, or of none.
    fn foreign_key(&mut self, entry: &Entry, path: &str, kind: ServiceKind) {
        let kinds =
            [ServiceKind::Service, ServiceKind::Cache, ServiceKind::Sql, ServiceKind::Queue];
        let owner = kinds.into_iter().find(|other| own_keys(*other).contains(&entry.key.as_str()));
        if let Some(owner) = owner {
            let message = format!("{} belongs to a {}", shown(path), said(owner));
            let help = format!("this is a {}; leave it out", said(kind));
            self.note(IntentFault::MisplacedKey, entry.place, &message, help);
            return;
        }
        let known: Vec<&str> = COMMON.iter().chain(own_keys(kind)).copied().collect();
        let parent = path.rsplit_once('.').map_or("", |(parent, _)| parent);
        self.strange_key(entry, parent, &known, LATER);
    }

    /// One time for every class, or one for each.
    fn cpu_time(&mut self, node: &Node, path: &str) -> Vec<(Option<Name>, Stated<Seconds>)> {
        if matches!(node.value, Value::Text(_)) {
            let time = self.quantity(node, path, &bands::CPU_TIME);
            return time.into_iter().map(|time| (None, time)).collect();
        }
        let mut times = Vec::new();
        for entry in self.mapping(node, path).unwrap_or_default() {
            let full = joined(path, &entry.key);
            let words = format!("{path} names `{}`", shown(&entry.key));
            let known = self.known_class(&entry.key, entry, &words);
            let time = self.quantity(&entry.value, &full, &bands::CPU_TIME);
            if known && let Some(time) = time {
                let class = self.name(&entry.key, entry.place, path);
                times.extend(class.map(|class| (Some(class), time)));
            }
        }
        times
    }

    fn spread(&mut self, node: &Node, path: &str) -> Option<Stated<f64>> {
        let mut spread = None;
        for entry in self.mapping(node, path)? {
            let full = joined(path, &entry.key);
            match entry.key.as_str() {
                "cv" => spread = self.quantity(&entry.value, &full, &bands::SPREAD),
                key if key.starts_with('p') && key[1..].parse::<f64>().is_ok() => {
                    self.unsupported(entry.place, "a spread by percentiles");
                }
                _ => self.strange_key(entry, path, &["cv"], &[]),
            }
        }
        spread
    }

    fn memory(&mut self, node: &Node, path: &str, service: &mut Service) {
        for entry in self.mapping(node, path).unwrap_or_default() {
            let full = joined(path, &entry.key);
            let value = &entry.value;
            match entry.key.as_str() {
                "base" => service.memory_base = self.quantity(value, &full, &bands::MEMORY),
                "per_request" => {
                    service.memory_per_request = self.quantity(value, &full, &bands::MEMORY);
                }
                _ => self.strange_key(entry, path, &["base", "per_request"], &[]),
            }
        }
    }

    fn on_failure(&mut self, node: &Node, path: &str) -> OnFailure {
        let mut failure = OnFailure::default();
        let known = ["timeout", "retries", "retry_budget"];
        for entry in self.mapping(node, path).unwrap_or_default() {
            let full = joined(path, &entry.key);
            let value = &entry.value;
            match entry.key.as_str() {
                "timeout" => failure.timeout = self.quantity(value, &full, &bands::TIMEOUT),
                "retries" => failure.retries = self.count(value, &full, &bands::RETRIES),
                "retry_budget" => failure.retry_budget = self.quantity(value, &full, &bands::SHARE),
                _ => self.strange_key(entry, path, &known, &["circuit_breaker"]),
            }
        }
        failure
    }

    /// Where a cache's misses are answered from.
    fn fallback(&mut self, node: &Node, path: &str, cache: &Name) -> Option<Name> {
        let text = self.text(node, path)?;
        if !self.known_service(text, node, &format!("{path} is `{}`", shown(text))) {
            return None;
        }
        if let Some(kind @ (ServiceKind::Cache | ServiceKind::Queue)) = self.kind_of(text) {
            let message = format!("{path} is `{text}`, a {}", said(kind));
            let help = "misses are answered by a database or a service";
            self.note(IntentFault::Fallback, node.place, &message, help);
            return None;
        }
        let name = self.name(text, node.place, path)?;
        self.edge(cache, &name, node.place);
        Some(name)
    }

    /// Keeps in mind that one service calls another.
    pub(super) fn edge(&mut self, from: &Name, to: &Name, place: Place) {
        let (from, to) = (from.clone(), to.clone());
        self.edges.push(crate::intent::graph::Edge { from, to, place });
    }

    /// Classes of data, each once.
    fn holds(&mut self, node: &Node, path: &str) -> Vec<DataClass> {
        let Value::List(items) = &node.value else {
            self.wrong_shape(node, path, "a list");
            return Vec::new();
        };
        let classes = DataClass::ALL.map(|class| (class.as_str(), class));
        let read = items.iter().filter_map(|item| self.choice(item, path, &classes));
        let mut holds: Vec<DataClass> = read.collect();
        holds.sort_unstable();
        holds.dedup();
        holds
    }

    fn engine(&mut self, node: &Node, path: &str, kind: ServiceKind) -> Option<Stated<String>> {
        let engines = match kind {
            ServiceKind::Sql => SQL_ENGINES,
            _ => CACHE_ENGINES,
        };
        let choices: Vec<(&str, &str)> = engines.iter().map(|engine| (*engine, *engine)).collect();
        let engine = self.choice(node, path, &choices)?;
        Some(self.stated(engine.to_owned(), node, path))
    }

    fn health_path(&mut self, node: &Node, path: &str) -> Option<Stated<String>> {
        let stated = self.stated_text(node, path)?;
        if stated.value.starts_with('/') {
            return Some(stated);
        }
        let message = format!("{path} does not start with a slash");
        self.note(IntentFault::Text, node.place, &message, "for example: /healthz");
        None
    }

    /// A word for other programs: printable and without spaces.
    pub(super) fn stated_text(&mut self, node: &Node, path: &str) -> Option<Stated<String>> {
        let text = self.printable(node, path, 255)?;
        if text.is_empty() || text.contains(char::is_whitespace) {
            let message = format!("{path} is empty or holds a space");
            self.note(IntentFault::Text, node.place, &message, "write one word");
            return None;
        }
        Some(self.stated(text, node, path))
    }
}

/// A service of which nothing but its name and kind is known.
pub(super) const fn empty(name: Name, kind: ServiceKind) -> Service {
    Service {
        name,
        kind,
        cpu_time: Vec::new(),
        measured_on: None,
        spread: None,
        memory_base: None,
        memory_per_request: None,
        startup: None,
        calls: Vec::new(),
        on_failure: OnFailure { timeout: None, retries: None, retry_budget: None },
        degrades: Vec::new(),
        working_set: None,
        hit_ratio: None,
        fallback: None,
        engine: None,
        engine_version: None,
        storage: None,
        connections: None,
        iops_per_query: None,
        writes: None,
        drain_within: None,
        port: None,
        health_path: None,
        image: None,
        holds: Vec::new(),
        external: None,
    }
}
