//! The request classes: where each enters and what it weighs.

use super::{Walker, joined, said, shown};
use crate::intent::bands;
use crate::intent::fault::IntentFault;
use crate::intent::nearest::did_you_mean;
use crate::intent::tree::{Entry, Node};
use crate::intent::{RequestClass, ServiceKind};
use crate::name::Name;

const CLASS: &[&str] = &["share", "enters", "per_page", "response", "cacheable", "objectives"];
/// More classes than anybody measures apart.
const CLASSES: usize = 100;

impl Walker<'_> {
    pub(super) fn requests(&mut self, node: &Node) -> Vec<RequestClass> {
        let mut classes = Vec::new();
        for entry in self.bounded(node, "requests", CLASSES).unwrap_or_default() {
            if let Some(name) = self.name(&entry.key, entry.place, "requests") {
                classes.extend(self.class(name, entry));
            }
        }
        if classes.is_empty() && self.noted.is_empty() {
            let help = "name a class and where it enters, or leave `requests` out";
            self.note(IntentFault::Empty, node.place, "requests describes no class", help);
        }
        self.shares(&classes, node);
        classes
    }

    fn class(&mut self, name: Name, entry: &Entry) -> Option<RequestClass> {
        let path = joined("requests", name.as_str());
        let mut enters = None;
        let mut class = RequestClass {
            name,
            share: None,
            enters: Name::of("nowhere"),
            per_page: None,
            response: None,
            cacheable: None,
            latency: Vec::new(),
        };
        for entry in self.mapping(&entry.value, &path)? {
            let (value, full) = (&entry.value, joined(&path, &entry.key));
            match entry.key.as_str() {
                "share" => class.share = self.quantity(value, &full, &bands::POSITIVE_SHARE),
                "enters" => enters = self.enters(value, &full),
                "per_page" => class.per_page = self.quantity(value, &full, &bands::PER_PAGE),
                "response" => class.response = self.quantity(value, &full, &bands::RESPONSE),
                "cacheable" => class.cacheable = self.quantity(value, &full, &bands::CACHEABLE),
                "objectives" => {
                    for entry in self.mapping(value, &full).unwrap_or_default() {
                        if entry.key == "latency" {
                            let full = joined(&full, "latency");
                            class.latency = self.latency(&entry.value, &full, Some(&class.name));
                        } else {
                            self.strange_key(entry, &full, &["latency"], &["uptime"]);
                        }
                    }
                }
                _ => self.strange_key(entry, &path, CLASS, &[]),
            }
        }
        self.due(&entry.value, "enters", &path);
        class.enters = enters?;
        Some(class)
    }

    /// The service that a class enters at: stateless code, the only thing that takes requests.
    fn enters(&mut self, node: &Node, path: &str) -> Option<Name> {
        let text = self.text(node, path)?;
        if self.known_service(text, node, &format!("{path} is `{}`", shown(text)))
            && let Some(kind) = self.kind_of(text)
            && kind != ServiceKind::Service
        {
            let message = format!("{path} is `{text}`, a {}", said(kind));
            let help = match kind {
                ServiceKind::Queue => "requests enter at a service, which hands messages over",
                ServiceKind::External => "requests enter at a service of your own",
                _ => "requests enter at a service; caches and databases are called by one",
            };
            self.note(IntentFault::Entry, node.place, &message, help);
        }
        self.name(text, node.place, path)
    }

    /// Notes a service that is not described; whether it may be taken to be.
    pub(super) fn known_service(&mut self, name: &str, node: &Node, said: &str) -> bool {
        let Some(known) = &self.known else {
            return true;
        };
        if known.services.contains_key(name) {
            return true;
        }
        let names: Vec<&str> = known.services.keys().map(String::as_str).collect();
        let help = did_you_mean(name, &names);
        let message = format!("{said}, which is not a service");
        self.note(IntentFault::UnknownService, node.place, &message, help);
        false
    }

    /// Notes a class that is not described; whether it may be taken to be.
    pub(super) fn known_class(&mut self, name: &str, entry: &Entry, said: &str) -> bool {
        let Some(known) = &self.known else {
            return true;
        };
        if known.classes.contains(name) {
            return true;
        }
        let names: Vec<&str> = known.classes.iter().map(String::as_str).collect();
        let help = did_you_mean(name, &names);
        let message = format!("{said}, which is not a request class");
        let place = entry.place;
        self.note(IntentFault::UnknownClass, place, &message, help);
        false
    }

    /// What a described service is.
    pub(super) fn kind_of(&self, name: &str) -> Option<ServiceKind> {
        match self.known.as_ref()?.services.get(name)?.as_str() {
            "service" => Some(ServiceKind::Service),
            "cache" => Some(ServiceKind::Cache),
            "sql" => Some(ServiceKind::Sql),
            "queue" => Some(ServiceKind::Queue),
            "external" => Some(ServiceKind::External),
            _ => None,
        }
    }

    /// The shares add up to the whole; classes that state none share what is left.
    fn shares(&mut self, classes: &[RequestClass], node: &Node) {
        let share = |class: &RequestClass| class.share.as_ref().map(|share| share.value.value());
        let stated: Vec<f64> = classes.iter().filter_map(share).collect();
        let sum: f64 = stated.iter().sum();
        let percent = (sum * 1e8).round() / 1e6;
        let silent = classes.len() - stated.len();
        let off = (sum - 1.0).abs() > 1e-9;
        let (message, help) = if classes.is_empty() || node.entries().len() != classes.len() {
            return;
        } else if silent == 0 && off {
            (
                format!("the shares of the requests add up to {percent}%"),
                "they must add up to 100%; one share may be left out",
            )
        } else if silent > 0 && sum > 1.0 - 1e-9 {
            (
                format!("the shares of the requests add up to {percent}% already"),
                "nothing is left for the classes without a share",
            )
        } else {
            return;
        };
        self.note(IntentFault::Shares, node.place, &message, help);
    }
}
