//! How instances fare, and what they hold.

use super::autoscaler::INSTANCES;
use super::{Reader, joined, shown};
use crate::intent::fault::IntentFault;
use crate::intent::tree::{Node, Value};
use crate::model::{Connections, Contents, Copies, Distribution, Eviction, HealthCheck, Life};
use crate::units::Seconds;

const LIFE: &[&str] = &["mttf", "mttr", "health_check", "slow_start"];
const CONTENTS: &[&str] = &["keys", "capacity", "policy", "zipf"];
/// Keys of a cache.
const KEYS: u32 = 10_000_000;
/// Keys of all instances of a cache.
const KEYS_OF_ALL: u64 = 50_000_000;

impl Reader<'_> {
    /// How instances die and come back.
    pub(super) fn life(&mut self, node: &Node, path: &str) -> Option<Life> {
        let (mut lasts, mut repair, mut check, mut slow_start) = (None, None, None, None);
        match (node.child("mttf"), node.child("mttr")) {
            (Some(_), None) => self.due(node, "mttr", path, "4h"),
            (None, Some(_)) => self.due(node, "mttf", path, "1000h"),
            _ => {}
        }
        for entry in self.entries(node, path) {
            let (value, full) = (&entry.value, joined(path, &entry.key));
            match entry.key.as_str() {
                "mttf" => lasts = self.lasting(value, &full),
                "mttr" => repair = self.lasting(value, &full),
                "health_check" => check = self.check(value, &full),
                "slow_start" => {
                    let [time, speed] = self.children(value, &full, ["time", "speed"])?;
                    let time = self.time(time, &full);
                    slow_start = Some((time?, self.positive_share(speed, &full)?));
                }
                _ => self.strange_key(entry, path, LIFE),
            }
        }
        Some(Life { failures: lasts.zip(repair), check, slow_start })
    }

    /// A distribution of times that are not all nothing.
    fn lasting(&mut self, node: &Node, path: &str) -> Option<Distribution> {
        let found = self.distribution(node, path)?;
        if found.simple_mean().is_none_or(|mean| mean.value() >= 1e-9) {
            return Some(found);
        }
        let message = format!("{} is no time at all", shown(path));
        self.note(IntentFault::Range, node.place, message, "write a mean above 0");
        None
    }

    fn check(&mut self, node: &Node, path: &str) -> Option<HealthCheck> {
        let (mut interval, mut unhealthy_after, mut healthy_after) = (None, 1, 1);
        self.due(node, "interval", path, "10s");
        for entry in self.entries(node, path) {
            let (value, full) = (&entry.value, joined(path, &entry.key));
            match entry.key.as_str() {
                "interval" => interval = self.look(value, &full),
                "unhealthy_after" => unhealthy_after = self.count(value, &full, (1, 1_000))?,
                "healthy_after" => healthy_after = self.count(value, &full, (1, 1_000))?,
                _ => {
                    let known = ["interval", "unhealthy_after", "healthy_after"];
                    self.strange_key(entry, path, &known);
                }
            }
        }
        Some(HealthCheck { interval: interval?, unhealthy_after, healthy_after })
    }

    /// What a cache holds.
    pub(super) fn contents(&mut self, node: &Node, path: &str) -> Option<Contents> {
        let (mut keys, mut capacity) = (None, None);
        let (mut policy, mut zipf) = (Eviction::LeastRecent, 0.0);
        self.due(node, "keys", path, "100k");
        self.due(node, "capacity", path, "10k");
        for entry in self.entries(node, path) {
            let (value, full) = (&entry.value, joined(path, &entry.key));
            match entry.key.as_str() {
                "keys" => keys = self.count(value, &full, (1, KEYS)),
                "capacity" => capacity = self.count(value, &full, (1, u32::MAX)),
                "policy" => {
                    let words = [
                        ("lru", Eviction::LeastRecent),
                        ("fifo", Eviction::FirstIn),
                        ("random", Eviction::Random),
                    ];
                    policy = self.choice(value, &full, &words).unwrap_or(policy);
                }
                "zipf" => zipf = self.number(value, &full, (0.0, 100.0, "0 to 100"))?,
                _ => self.strange_key(entry, path, CONTENTS),
            }
        }
        Some(Contents { keys: keys?, capacity: capacity?, policy, zipf })
    }

    /// Notes a cache whose instances could not be held in memory.
    pub(super) fn fits(&mut self, contents: &Contents, instances: u64, node: &Node, path: &str) {
        let all = u64::from(contents.keys) * instances;
        if all > KEYS_OF_ALL {
            let place = node.child("contents").map_or(node.place, |at| at.place);
            let message = format!("{path} has {all} keys in all of its instances");
            let help = format!("at most {KEYS_OF_ALL} are simulated one by one");
            self.note(IntentFault::TooLarge, place, message, help);
        }
    }

    /// Copies of one another.
    pub(super) fn copies(&mut self, node: &Node, path: &str) -> Option<Copies> {
        let (mut lag, mut failover, mut keys) = (None, None, 1);
        self.due(node, "lag", path, "100ms");
        self.due(node, "failover", path, "30s");
        for entry in self.entries(node, path) {
            let (value, full) = (&entry.value, joined(path, &entry.key));
            match entry.key.as_str() {
                "lag" => lag = self.distribution(value, &full),
                "failover" => failover = self.time(value, &full),
                "keys" => keys = self.count(value, &full, (1, KEYS))?,
                _ => self.strange_key(entry, path, &["lag", "failover", "keys"]),
            }
        }
        Some(Copies { lag: lag?, failover: failover?, keys })
    }

    /// Pools of connections by the station called.
    pub(super) fn connections(&mut self, node: &Node, path: &str) -> Vec<Connections> {
        let mut pools = Vec::new();
        for entry in self.entries(node, path) {
            let full = joined(path, &entry.key);
            let to = self.station_called(&entry.key, entry.place, path);
            let pool = self.pool(&entry.value, &full);
            if let (Some(to), Some((most, waiting, patience))) = (to, pool) {
                pools.push(Connections { to, most, waiting, patience });
            }
        }
        pools
    }

    /// A number of connections, or more about it.
    fn pool(&mut self, node: &Node, path: &str) -> Option<(u32, Option<u32>, Option<Seconds>)> {
        if matches!(node.value, Value::Text(_)) {
            return Some((self.count(node, path, (1, INSTANCES))?, None, None));
        }
        let (mut most, mut waiting, mut patience) = (None, None, None);
        self.due(node, "max", path, "20");
        for entry in self.entries(node, path) {
            let (value, full) = (&entry.value, joined(path, &entry.key));
            match entry.key.as_str() {
                "max" => most = self.count(value, &full, (1, INSTANCES)),
                "waiting" => waiting = self.count(value, &full, (0, u32::MAX - 1)),
                "patience" => patience = self.span(value, &full),
                _ => self.strange_key(entry, path, &["max", "waiting", "patience"]),
            }
        }
        Some((most?, waiting, patience))
    }
}
