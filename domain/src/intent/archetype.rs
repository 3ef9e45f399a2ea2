//! Services that nobody described are those of an archetype, each number with its source.

use std::collections::BTreeMap;

use super::fault::IntentFault;
use super::faults::{Faults, Noted};
use super::nearest::did_you_mean;
use super::text::{Form, Place, Texts};
use super::tree::{Node, Value};
use super::walk::Walker;
use super::{Intent, Service, ServiceKind, graph, shorthand, yaml};
use crate::catalog::{Archetype, DefaultValue};
use crate::name::Name;

/// What people call the services of an archetype, beside their names.
const CALLED: &[(ServiceKind, &[&str])] = &[
    (
        ServiceKind::Service,
        &[
            "web",
            "app",
            "application",
            "api",
            "backend",
            "service",
            "server",
            "site",
            "website",
            "webserver",
            "origin",
        ],
    ),
    (ServiceKind::Sql, &["db", "database", "sql", "postgres", "mysql", "rds"]),
    (ServiceKind::Cache, &["cache", "redis", "valkey", "elasticache"]),
    (ServiceKind::Queue, &["queue", "worker", "workers", "consumer", "consumers"]),
];

impl Intent {
    /// Takes the services of an archetype, and its requests unless some are stated, when no
    /// services are described. An intent that describes its services stays as it is.
    ///
    /// # Errors
    /// When the archetype cannot be read, or settings, requests or pins name services that it does
    /// not have.
    pub fn complete(mut self, archetype: &Archetype) -> Result<Self, Faults> {
        if !self.services.is_empty() {
            return Ok(self);
        }
        let mut noted = Noted::default();
        let mut texts = self.described.texts.clone();
        let name = format!("archetype {}", archetype.name);
        let text = texts.add(Form::Archetype, &name, &archetype.document);
        let mut root = self.merged(texts.whole(text), &archetype.document, &mut noted);
        shorthand::expand(&mut root, &texts, &mut noted);
        for setting in &self.described.pending {
            setting.apply(&mut root, &mut noted);
        }
        shorthand::expand(&mut root, &texts, &mut noted);
        let sources = sources(archetype, &root);
        let mut walker = Walker::new(&texts, &mut noted, sources);
        let model = walker.intent(&root, Form::Archetype);
        let edges = std::mem::take(&mut walker.edges);
        graph::check(&model, &edges, &root, &mut noted);
        if noted.is_empty() {
            self.services = model.services;
            if self.requests.is_empty() {
                self.requests = model.requests;
            }
            self.resolve_pins(&texts, &mut noted);
        }
        if !noted.is_empty() {
            return Err(noted.into_faults(&texts));
        }
        self.archetype = Some(archetype.name.clone());
        self.described.texts = texts;
        Ok(self)
    }

    /// The archetype's services, with the requests of the intent or else of the archetype.
    fn merged(&self, place: Place, document: &str, noted: &mut Noted) -> Node {
        let mut root = yaml::tree(document, place, noted);
        for key in ["apiVersion", "kind", "metadata"] {
            root.remove(key);
        }
        let own = self.described.root.as_ref();
        if let Some(requests) = own.and_then(|own| own.child("requests"))
            && let Some(taken) = root.child_mut("requests")
        {
            *taken = requests.clone();
        }
        root
    }

    /// Finds the services that pins speak of: by name, or as people call them.
    fn resolve_pins(&mut self, texts: &Texts, noted: &mut Noted) {
        let mut pins = std::mem::take(&mut self.pins);
        for at in 0..pins.len() {
            let said = pins[at].service.clone();
            let place = self.place_of(&["pins", said.as_str()], texts);
            let Some(service) = self.called(&said).map(|service| service.name.clone()) else {
                let names: Vec<&str> =
                    self.services.iter().map(|service| service.name.as_str()).collect();
                let help = match did_you_mean(said.as_str(), &names) {
                    question if question.ends_with('?') => question,
                    _ => format!("the services are {}", names.join(", ")),
                };
                let message = format!("`{said}` is not a service");
                noted.add(IntentFault::UnknownService, place, message, help);
                continue;
            };
            if pins[..at].iter().any(|pin| pin.service == service) {
                let message = format!("`{said}` pins {service} a second time");
                noted.add(IntentFault::StatedTwice, place, message, "keep one of them");
            }
            pins[at].service = service;
        }
        self.pins = pins;
    }

    /// The service of that name, or the first of the kind that people call so.
    fn called(&self, said: &Name) -> Option<&Service> {
        let named = self.services.iter().find(|service| service.name == *said);
        let (kind, _) = CALLED
            .iter()
            .find(|(_, words)| words.contains(&said.as_str()))
            .copied()
            .or_else(|| named.map(|service| (service.kind, &[][..])))?;
        let entry = self.requests.first().map(|class| &class.enters);
        let of_kind = |service: &&Service| service.kind == kind;
        let entered = self.services.iter().find(|service| Some(&service.name) == entry);
        named.or_else(|| entered.filter(of_kind)).or_else(|| self.services.iter().find(of_kind))
    }

    /// Where a part of the intent was stated; the beginning when it was not.
    pub(super) fn place_of(&self, path: &[&str], texts: &Texts) -> Place {
        let root = self.described.root.as_ref();
        let found = root.and_then(|root| root.find(path));
        let place = found.map(|node| node.place);
        place.unwrap_or_else(|| Place { end: 0, ..texts.whole(0) })
    }
}

/// The sources of an archetype's values by the paths of the ledger: a call is named by the service
/// that it calls, not by its number.
fn sources<'a>(archetype: &'a Archetype, root: &Node) -> BTreeMap<String, &'a DefaultValue> {
    let renamed = |(path, source): (&String, &'a DefaultValue)| (in_ledger(path, root), source);
    archetype.sources.iter().map(renamed).collect()
}

/// `services.app.calls.cache.count` for `services.app.calls[0].count`.
fn in_ledger(path: &str, root: &Node) -> String {
    let keys: Vec<&str> = path.split(['.', '[', ']']).filter(|key| !key.is_empty()).collect();
    let mut named: Vec<&str> = Vec::new();
    for (at, key) in keys.iter().enumerate() {
        let list = root.find(&keys[..at]).map(|node| &node.value);
        let item = match list {
            Some(Value::List(items)) => {
                key.parse::<usize>().ok().and_then(|number| items.get(number))
            }
            _ => None,
        };
        let callee = item.and_then(|item| item.child("to")).map(|to| &to.value);
        match callee {
            Some(Value::Text(to)) => named.push(to),
            _ => named.push(key),
        }
    }
    named.join(".")
}
