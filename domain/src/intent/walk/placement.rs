//! Where a system may run, and decisions that were taken beforehand.

use super::{Walker, joined, shown};
use crate::intent::bands;
use crate::intent::fault::IntentFault;
use crate::intent::regions::{provider_of, suggestion};
use crate::intent::text::Place;
use crate::intent::tree::{Entry, Node, Value};
use crate::intent::{Pin, PinnedProduct, RunOn, ServiceKind};
use crate::name::Name;
use crate::offer::Provider;

const RUN_ON: &[&str] = &["platform", "providers", "regions", "zones"];
const PIN: &[&str] = &["instance_type", "replicas", "provider", "product"];
const PRODUCTS: &[(&str, PinnedProduct)] = &[
    ("instance", PinnedProduct::Instance),
    ("managed_sql", PinnedProduct::ManagedSql),
    ("managed_cache", PinnedProduct::ManagedCache),
];
const LISTED: usize = 100;

impl Walker<'_> {
    pub(super) fn run_on(&mut self, node: &Node) -> RunOn {
        let mut run_on = RunOn::default();
        let mut regions = Vec::new();
        for entry in self.mapping(node, "run_on").unwrap_or_default() {
            match entry.key.as_str() {
                "platform" => self.platform(&entry.value),
                "providers" => run_on.providers = self.providers(&entry.value),
                "regions" => regions = self.regions(&entry.value),
                "zones" => {
                    for entry in self.mapping(&entry.value, "run_on.zones").unwrap_or_default() {
                        let path = "run_on.zones.at_least";
                        if entry.key == "at_least" {
                            run_on.zones = self.count(&entry.value, path, &bands::ZONES);
                        } else {
                            self.strange_key(entry, "run_on.zones", &["at_least"], &["exactly"]);
                        }
                    }
                }
                _ => self.strange_key(entry, "run_on", RUN_ON, &[]),
            }
        }
        self.regions_of_providers(&regions, &run_on.providers);
        run_on.regions = regions.into_iter().map(|(name, _)| name).collect();
        run_on
    }

    /// Machines are virtual; the other platforms come later.
    fn platform(&mut self, node: &Node) {
        let path = "run_on.platform";
        let choices = [("any", true), ("vm", true), ("kubernetes", false), ("containers", false)];
        if self.choice(node, path, &choices) == Some(false) {
            self.unsupported(node.place, "a platform other than vm or any");
        }
    }

    fn providers(&mut self, node: &Node) -> Vec<Provider> {
        let path = "run_on.providers";
        let mut providers = Vec::new();
        for item in self.list(node, path, LISTED).unwrap_or_default() {
            let choices = Provider::ALL.map(|provider| (provider.as_str(), provider));
            let Some(provider) = self.choice(item, path, &choices) else {
                continue;
            };
            if providers.contains(&provider) {
                let message = format!("{path} names {provider} twice");
                self.note(IntentFault::StatedTwice, item.place, &message, "keep one of them");
            } else {
                providers.push(provider);
            }
        }
        self.not_empty(node, path);
        providers
    }

    /// An empty list allows nothing, which is not what anybody means by it.
    fn not_empty(&mut self, node: &Node, path: &str) {
        if matches!(&node.value, Value::List(items) if items.is_empty()) {
            let help = "name one, or leave the key out for any";
            self.note(IntentFault::Empty, node.place, &format!("{path} names none"), help);
        }
    }

    fn regions(&mut self, node: &Node) -> Vec<(Name, Place)> {
        let path = "run_on.regions";
        let mut regions: Vec<(Name, Place)> = Vec::new();
        for item in self.list(node, path, LISTED).unwrap_or_default() {
            let Some(text) = self.text(item, path) else {
                continue;
            };
            if provider_of(text).is_none() {
                let message = format!("`{}` is not a region", shown(text));
                let help = suggestion(&text.to_lowercase(), &[]);
                self.note(IntentFault::Region, item.place, &message, help);
                continue;
            }
            let Some(name) = self.name(text, item.place, path) else {
                continue;
            };
            if regions.iter().any(|(known, _)| *known == name) {
                let message = format!("{path} names {name} twice");
                self.note(IntentFault::StatedTwice, item.place, &message, "keep one of them");
            } else {
                regions.push((name, item.place));
            }
        }
        self.not_empty(node, path);
        regions
    }

    /// A region of a cloud that is not allowed contradicts itself.
    fn regions_of_providers(&mut self, regions: &[(Name, Place)], allowed: &[Provider]) {
        for (region, place) in regions {
            let Some(provider) = provider_of(region.as_str()) else {
                continue;
            };
            if !allowed.is_empty() && !allowed.contains(&provider) {
                let stated: Vec<&str> = allowed.iter().map(|cloud| cloud.as_str()).collect();
                let stated = stated.join(" and ");
                let message = format!("`{region}` is a region of {provider}, not of {stated}");
                let help = format!("name a region of {stated}, or allow {provider}");
                self.note(IntentFault::Contradiction, *place, &message, help);
            }
        }
    }

    pub(super) fn pins(&mut self, node: &Node) -> Vec<Pin> {
        let mut pins = Vec::new();
        for entry in self.bounded(node, "pins", LISTED).unwrap_or_default() {
            let path = joined("pins", &entry.key);
            let at = Node { place: entry.place, ..entry.value.clone() };
            if !self.known_service(&entry.key, &at, &format!("pins names `{}`", shown(&entry.key)))
            {
                continue;
            }
            if self.kind_of(&entry.key) == Some(ServiceKind::External) {
                let message = format!("{path} pins a service of somebody else");
                let help = "nothing of it can be chosen; leave the pin out";
                self.note(IntentFault::MisplacedKey, entry.place, &message, help);
                continue;
            }
            if let Some(service) = self.name(&entry.key, entry.place, "pins") {
                pins.extend(self.pin(service, entry, &path));
            }
        }
        pins
    }

    fn pin(&mut self, service: Name, entry: &Entry, path: &str) -> Option<Pin> {
        let mut pin = Pin {
            service,
            instance_type: None,
            replicas_min: None,
            replicas_max: None,
            provider: None,
            product: None,
        };
        for entry in self.mapping(&entry.value, path)? {
            let (value, full) = (&entry.value, joined(path, &entry.key));
            match entry.key.as_str() {
                "instance_type" => pin.instance_type = self.stated_text(value, &full),
                "replicas" => self.replicas(value, &full, &mut pin),
                "provider" => {
                    let choices = Provider::ALL.map(|provider| (provider.as_str(), provider));
                    pin.provider = self.choice(value, &full, &choices);
                }
                "product" => pin.product = self.choice(value, &full, PRODUCTS),
                _ => self.strange_key(entry, path, PIN, &[]),
            }
        }
        if entry.value.entries().is_empty() {
            let help = "state an instance_type or replicas, or leave it out";
            self.note(IntentFault::Empty, entry.place, &format!("{path} pins nothing"), help);
        }
        Some(pin)
    }

    fn replicas(&mut self, node: &Node, path: &str, pin: &mut Pin) {
        let mut refused = None;
        for entry in self.mapping(node, path).unwrap_or_default() {
            let (value, full) = (&entry.value, joined(path, &entry.key));
            if refused == Some(value.place) {
                // A count of both kinds in one number has been refused once.
                continue;
            }
            let before = self.noted.count();
            match entry.key.as_str() {
                "min" => pin.replicas_min = self.count(value, &full, &bands::REPLICAS),
                "max" => pin.replicas_max = self.count(value, &full, &bands::REPLICAS),
                _ => self.strange_key(entry, path, &["min", "max"], &[]),
            }
            refused = (self.noted.count() > before).then_some(value.place);
        }
        if let (Some(least), Some(most)) = (&pin.replicas_min, &pin.replicas_max)
            && least.value > most.value
        {
            let message = format!("{path} is at least {} and at most {}", least.value, most.value);
            self.note(IntentFault::Contradiction, node.place, &message, "swap them");
        }
    }

    /// The cloud that a pin's wording implies must be one that is allowed.
    pub(super) fn pins_of_providers(&mut self, pins: &[Pin], allowed: &[Provider], root: &Node) {
        let mut implied: Option<Provider> = None;
        for pin in pins {
            let Some(provider) = pin.provider else {
                continue;
            };
            let node = root.find(&["pins", pin.service.as_str(), "provider"]);
            let place = node.map_or(root.place, |node| node.place);
            let other = implied.filter(|known| *known != provider);
            if let Some(other) = other {
                let message = format!("the pin of {} is of {provider}", pin.service);
                let help = format!("another pin is of {other}; a plan runs on one cloud");
                self.note(IntentFault::Contradiction, place, &message, help);
            } else if !allowed.is_empty() && !allowed.contains(&provider) {
                let message = format!("the pin of {} is of {provider}", pin.service);
                let help = "that cloud is not among those allowed; drop one of them";
                self.note(IntentFault::Contradiction, place, &message, help);
            }
            implied = implied.or(Some(provider));
        }
    }
}
