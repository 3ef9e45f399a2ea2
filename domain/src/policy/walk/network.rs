//! What rules require of places, networks, encryption and backups.

use super::Reader;
use super::clauses::Way;
use crate::area::Area;
use crate::intent::fault::IntentFault;
use crate::intent::tree::{Entry, Node, Value};
use crate::intent::words::shown;
use crate::policy::Clause;

pub(super) const KEYS: [&str; 9] = [
    "region.in",
    "backup.region.in",
    "subnets",
    "database.public",
    "ingress",
    "encryption.at_rest",
    "encryption.in_transit",
    "backup.retention",
    "backup.copy",
];

/// Areas and ports in one list.
const LISTED: usize = 100;

impl Reader<'_> {
    /// What a key of those requires.
    pub(super) fn guarded(&mut self, entry: &Entry, full: &str) -> Option<Clause> {
        let node = &entry.value;
        match entry.key.as_str() {
            "region.in" => self.areas(node, full).map(Clause::RegionIn),
            "backup.region.in" => self.areas(node, full).map(Clause::BackupIn),
            "subnets" => {
                self.choice(node, full, &[("private", ())]).map(|()| Clause::PrivateSubnets)
            }
            "database.public" => {
                self.choice(node, full, &[("false", ())]).map(|()| Clause::DatabasePrivate)
            }
            "ingress" => self.ports(node, full).map(Clause::Ingress),
            "encryption.at_rest" => self.demanded(node, full, Clause::EncryptedAtRest),
            "encryption.in_transit" => self.demanded(node, full, Clause::EncryptedInTransit),
            "backup.retention" => self.retention(node, full),
            "backup.copy" => {
                self.choice(node, full, &[("another_region", ())]).map(|()| Clause::BackupCopy)
            }
            _ => None,
        }
    }

    /// One area, or several.
    fn areas(&mut self, node: &Node, path: &str) -> Option<Vec<Area>> {
        let items = match &node.value {
            Value::List(_) => self.items(node, path, LISTED),
            _ => std::slice::from_ref(node),
        };
        let read = items.iter().filter_map(|item| self.area(item, path));
        let areas: Vec<Area> = read.collect();
        self.some(areas, node, path)
    }

    fn area(&mut self, node: &Node, path: &str) -> Option<Area> {
        let text = self.text(node, path)?;
        let area = text.parse().ok();
        if area.is_none() {
            let message = format!("{}: `{}` is no area", shown(path), shown(text));
            let help = "write EU, EEA, or a country by its two letters in ISO 3166-1, such as IE";
            self.note(IntentFault::Choice, node.place, message, help);
        }
        area
    }

    fn ports(&mut self, node: &Node, path: &str) -> Option<Vec<u16>> {
        let items = self.items(node, path, LISTED);
        let read = items.iter().filter_map(|item| self.count(item, path, (1, 65_535)));
        let ports: Vec<u16> = read.filter_map(|port| u16::try_from(port).ok()).collect();
        self.some(ports, node, path)
    }

    /// Whole days, of which a part counts as one.
    fn retention(&mut self, node: &Node, path: &str) -> Option<Clause> {
        self.days(node, path, (Way::Least, f64::ceil)).map(Clause::BackupDays)
    }
}
