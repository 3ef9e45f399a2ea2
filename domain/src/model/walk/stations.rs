//! Stations: their instances, their balancer, and the order of service.

use super::{Reader, joined, shown};
use crate::intent::fault::IntentFault;
use crate::intent::tree::{Entry, Node, Value};
use crate::model::{Balancer, Discipline, Distribution, Instances, OnFailure, Servers, Station};
use crate::name::Name;

const STATION: &[&str] = &[
    "servers",
    "instances",
    "speed",
    "shards",
    "balancer",
    "capacity",
    "queue_limit",
    "service",
    "service_by_class",
    "discipline",
    "priorities",
    "patience",
    "drop_expired",
    "failure",
    "setup",
    "thresholds",
    "calls",
    "on_failure",
    "routing",
    "routing_by_class",
    "autoscaler",
    "life",
    "contents",
    "copies",
    "near",
    "connections",
];
const INSTANCE: &[&str] = &["count", "servers", "speed", "weight", "zone", "shard", "serving"];
/// Servers of one instance; that many are as good as infinitely many.
const SERVERS: u32 = 1_000_000_000;
/// Instances of one station.
const INSTANCES: u32 = 1_000_000;
/// Servers of one station that fail or are switched off.
const FALLIBLE: u64 = 100_000;
/// Different instances of one station.
const GROUPS: usize = 10_000;

impl Reader<'_> {
    /// A station.
    pub(super) fn station_of(&mut self, name: Name, node: &Node) -> Station {
        let path = format!("stations.{name}");
        let mut station = self.plain(name);
        let equal = self.equal_instances(node, &path);
        station.instances = match node.child("instances") {
            None => vec![equal],
            Some(count) if matches!(count.value, Value::Text(_)) => {
                let count = self.count(count, &joined(&path, "instances"), (0, INSTANCES));
                vec![Instances { count: count.unwrap_or(1), ..equal }]
            }
            Some(list) => self.instances(list, &joined(&path, "instances"), equal),
        };
        let stated = |key| node.child(key).is_some();
        if !stated("service_by_class") {
            self.due(node, "service", &path, "1s");
        }
        for entry in self.entries(node, &path) {
            let full = joined(&path, &entry.key);
            self.part(entry, &full, &mut station, &path);
        }
        if let Some(autoscaler) = &station.autoscaler {
            self.room_to_grow(node, &path, autoscaler, &mut station.instances);
        }
        if let Some(contents) = &station.contents {
            self.fits(contents, station.count(), node, &path);
        }
        let kinds = ["failure", "setup", "thresholds"];
        if kinds.iter().filter(|key| stated(key)).count() > 1 {
            let message = format!("{path} has servers of several kinds");
            let help = format!("keep one of {}", kinds.join(", "));
            self.note(IntentFault::Contradiction, node.place, message, help);
        }
        let each: u64 = station
            .instances
            .iter()
            .map(|equal| u64::from(equal.count) * u64::from(equal.servers))
            .sum();
        if station.availability != Servers::Always && each > FALLIBLE {
            let place =
                kinds.iter().find_map(|key| node.child(key)).map_or(node.place, |at| at.place);
            let message = format!("{path} has {each} servers that are not always there");
            let help = format!("at most {FALLIBLE} are simulated one by one");
            self.note(IntentFault::TooLarge, place, message, help);
        }
        station
    }

    /// A station of which only the name was written.
    fn plain(&self, name: Name) -> Station {
        let classes = self.known.classes.len();
        let priorities = &self.known.priorities;
        let alike = priorities.iter().all(|priority| *priority == priorities[0]);
        Station {
            name,
            instances: Vec::new(),
            shards: 1,
            balancer: Balancer::LeastOutstanding,
            capacity: None,
            queue_limit: None,
            service: vec![Distribution::Deterministic(crate::units::Seconds::ZERO); classes],
            discipline: Discipline::FirstCome,
            priorities: if alike { Vec::new() } else { priorities.clone() },
            patience: None,
            drop_expired: false,
            availability: Servers::Always,
            calls: vec![Vec::new(); classes],
            on_failure: OnFailure::default(),
            routing: vec![Vec::new(); classes],
            autoscaler: None,
            life: None,
            contents: None,
            copies: None,
            near: None,
            connections: Vec::new(),
        }
    }

    fn part(&mut self, entry: &Entry, full: &str, station: &mut Station, path: &str) {
        let node = &entry.value;
        match entry.key.as_str() {
            "servers" | "instances" | "speed" => {}
            "shards" => station.shards = self.count(node, full, (1, INSTANCES)).unwrap_or(1),
            "balancer" => {
                station.balancer = self.balancer(node, full).unwrap_or(station.balancer);
            }
            "capacity" => station.capacity = self.count(node, full, (0, u32::MAX)),
            "queue_limit" => station.queue_limit = self.count(node, full, (0, u32::MAX)),
            "service" => {
                if let Some(service) = self.distribution(node, full) {
                    station.service.fill(service);
                }
            }
            "service_by_class" => self.service_by_class(node, full, station),
            "discipline" => {
                station.discipline = self.discipline(node, full).unwrap_or(station.discipline);
            }
            "priorities" => self.priorities(node, full, station),
            "patience" => station.patience = self.distribution(node, full),
            "drop_expired" => station.drop_expired = self.truth(node, full).unwrap_or_default(),
            "failure" => station.availability = self.failure(node, full),
            "setup" => {
                let time = self.distribution(node, full);
                station.availability = time.map_or(Servers::Always, Servers::SetUp);
            }
            "thresholds" => station.availability = self.thresholds(node, full),
            "calls" => self.calls(node, full, &mut station.calls),
            "on_failure" => station.on_failure = self.on_failure(node, full),
            "routing" => {
                let routes = self.routes(node, full);
                station.routing.fill(routes);
            }
            "life" => station.life = self.life(node, full),
            "contents" => station.contents = self.contents(node, full),
            "copies" => station.copies = self.copies(node, full),
            "near" => station.near = self.count(node, full, (1, INSTANCES)),
            "connections" => station.connections = self.connections(node, full),
            "autoscaler" => station.autoscaler = self.autoscaler(node, full),
            "routing_by_class" => self.routes_by_class(node, full, &mut station.routing),
            _ => self.strange_key(entry, path, STATION),
        }
    }

    /// What every instance has unless it says otherwise.
    fn equal_instances(&mut self, node: &Node, path: &str) -> Instances {
        let mut equal = Instances {
            count: 1,
            servers: 1,
            speed: 1.0,
            weight: 1.0,
            zone: 0,
            shard: None,
            serving: true,
        };
        for key in ["servers", "speed"] {
            if let Some(value) = node.child(key) {
                self.of_instance(key, value, &joined(path, key), &mut equal);
            }
        }
        equal
    }

    fn instances(&mut self, node: &Node, path: &str, equal: Instances) -> Vec<Instances> {
        let mut instances = Vec::new();
        for item in self.items(node, path, GROUPS) {
            let mut own = equal;
            for entry in self.entries(item, path) {
                if INSTANCE.contains(&entry.key.as_str()) {
                    let full = joined(path, &entry.key);
                    self.of_instance(&entry.key, &entry.value, &full, &mut own);
                } else {
                    self.strange_key(entry, path, INSTANCE);
                }
            }
            instances.push(own);
        }
        let count: u64 = instances.iter().map(|equal| u64::from(equal.count)).sum();
        if count > u64::from(INSTANCES) {
            let message = format!("{} are {count} instances", shown(path));
            let help = format!("at most {INSTANCES} are simulated");
            self.note(IntentFault::TooLarge, node.place, message, help);
        }
        instances
    }

    fn of_instance(&mut self, key: &str, node: &Node, path: &str, own: &mut Instances) {
        match key {
            "count" => own.count = self.count(node, path, (0, INSTANCES)).unwrap_or(1),
            "servers" if matches!(&node.value, Value::Text(text) if text == "infinite") => {
                own.servers = SERVERS;
            }
            "servers" => own.servers = self.count(node, path, (0, SERVERS)).unwrap_or(1),
            "speed" => {
                own.speed = self.number(node, path, (1e-6, 1e6, "1e-6 to 1e6")).unwrap_or(1.0);
            }
            "weight" => own.weight = self.weight(node, path).unwrap_or(1.0),
            "zone" => own.zone = self.small(node, path, 99).unwrap_or(0),
            "shard" => own.shard = self.count(node, path, (0, INSTANCES - 1)),
            _ => own.serving = self.truth(node, path).unwrap_or(true),
        }
    }

    fn service_by_class(&mut self, node: &Node, path: &str, station: &mut Station) {
        let read = |reader: &mut Self, node: &Node, path: &str| reader.distribution(node, path);
        let found = self.by_class(node, path, read);
        for (service, found) in station.service.iter_mut().zip(found) {
            if let Some(found) = found {
                *service = found;
            }
        }
    }

    fn priorities(&mut self, node: &Node, path: &str, station: &mut Station) {
        let read = |reader: &mut Self, node: &Node, path: &str| reader.small(node, path, 255);
        let found = self.by_class::<u8>(node, path, read);
        let usual = self.known.priorities.iter();
        station.priorities =
            usual.zip(found).map(|(usual, found)| found.unwrap_or(*usual)).collect();
    }

    fn balancer(&mut self, node: &Node, path: &str) -> Option<Balancer> {
        if matches!(node.value, Value::Text(_)) {
            let two = Balancer::PowerOf { choices: 2, replacement: false };
            let words = [
                ("random", Balancer::Random),
                ("round_robin", Balancer::RoundRobin),
                ("least_outstanding", Balancer::LeastOutstanding),
                ("jsq", Balancer::LeastOutstanding),
                ("power_of_two", two),
                ("join_idle", Balancer::JoinIdle),
                ("weighted", Balancer::Weighted),
                ("least_by_weight", Balancer::LeastByWeight),
            ];
            return self.choice(node, path, &words);
        }
        let entry = self.kind(node, path, &["power_of", "client_hash"])?;
        let (value, path) = (&entry.value, joined(path, &entry.key));
        if entry.key == "client_hash" {
            let [clients] = self.children(value, &path, ["clients"])?;
            let clients = self.count(clients, &path, (1, u32::MAX))?;
            return Some(Balancer::ClientHash { clients });
        }
        let [choices, replacement] = self.children(value, &path, ["choices", "replacement"])?;
        let choices = self.count(choices, &path, (1, 8));
        let replacement = self.truth(replacement, &path)?;
        Some(Balancer::PowerOf { choices: choices?, replacement })
    }

    fn discipline(&mut self, node: &Node, path: &str) -> Option<Discipline> {
        if matches!(node.value, Value::Text(_)) {
            let words = [
                ("fcfs", Discipline::FirstCome),
                ("lcfs", Discipline::LastCome { preemptive: false }),
                ("lcfs_preemptive", Discipline::LastCome { preemptive: true }),
                ("priority", Discipline::Priority { preemptive: false }),
                ("priority_preemptive", Discipline::Priority { preemptive: true }),
                ("processor_sharing", Discipline::ProcessorSharing { limit: None }),
            ];
            return self.choice(node, path, &words);
        }
        let entry = self.kind(node, path, &["processor_sharing"])?;
        let path = joined(path, &entry.key);
        let [limit] = self.children(&entry.value, &path, ["limit"])?;
        let limit = Some(self.count(limit, &path, (1, u32::MAX))?);
        Some(Discipline::ProcessorSharing { limit })
    }

    fn failure(&mut self, node: &Node, path: &str) -> Servers {
        let (mut lasts, mut repair, mut crews) = (None, None, None);
        self.due(node, "time_to_failure", path, "1000h");
        self.due(node, "time_to_repair", path, "4h");
        for entry in self.entries(node, path) {
            let (value, full) = (&entry.value, joined(path, &entry.key));
            match entry.key.as_str() {
                "time_to_failure" => lasts = self.distribution(value, &full),
                "time_to_repair" => repair = self.distribution(value, &full),
                "crews" => crews = self.count(value, &full, (1, SERVERS)),
                _ => {
                    let known = ["time_to_failure", "time_to_repair", "crews"];
                    self.strange_key(entry, path, &known);
                }
            }
        }
        match (lasts, repair) {
            (Some(time_to_failure), Some(time_to_repair)) => {
                Servers::Failing { time_to_failure, time_to_repair, crews }
            }
            _ => Servers::Always,
        }
    }

    fn thresholds(&mut self, node: &Node, path: &str) -> Servers {
        let keys = ["least", "start_at", "stop_at", "start"];
        let Some([least, up, down, start]) = self.children(node, path, keys) else {
            return Servers::Always;
        };
        let least = self.count(least, path, (0, SERVERS));
        let (up, down) =
            (self.count(up, path, (1, u32::MAX)), self.count(down, path, (0, u32::MAX)));
        let start = self.distribution(start, path);
        let (Some(least), Some(start_at), Some(stop_at), Some(start)) = (least, up, down, start)
        else {
            return Servers::Always;
        };
        if start_at <= stop_at {
            let message = format!("{} stops where it starts", shown(path));
            let help = "let start_at be above stop_at";
            self.note(IntentFault::Contradiction, node.place, message, help);
        }
        Servers::Thresholds { least, start_at, stop_at, start }
    }
}
