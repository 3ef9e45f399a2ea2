//! Whether what an intent names is sold: a mistyped region or instance type is a fault of the
//! input, not an outcome that cannot be met.

use std::collections::BTreeSet;

use super::fault::IntentFault;
use super::faults::{Faults, Noted};
use super::nearest::{did_you_mean, nearest};
use super::regions::provider_of;
use super::text::{Place, Texts};
use super::tree::{Node, Value};
use super::{Intent, Pin, PinnedProduct, ServiceKind};
use crate::catalog::Catalog;
use crate::name::Name;
use crate::offer::{Product, Provider};

impl Intent {
    /// Checks regions, pinned instance types and those that CPU times were measured on.
    ///
    /// # Errors
    /// When the catalog has none of that name: all faults at once.
    pub fn check_against(&self, catalog: &Catalog) -> Result<(), Faults> {
        let mut texts = self.described.texts.clone();
        if self.described.root.is_none() {
            texts.add(super::Form::Phrase, "", self.phrase.as_deref().unwrap_or_default());
        }
        let mut noted = Noted::default();
        for region in &self.run_on.regions {
            if !catalog.regions.iter().any(|known| known.name == *region) {
                let place = self.place_of(&["run_on", "regions"], &texts);
                let message = format!("the catalog has no prices of `{region}`");
                noted.add(IntentFault::Region, place, message, self.instead(catalog, region));
            }
        }
        let skus: BTreeSet<&str> = catalog.offers.iter().map(|offer| offer.sku.as_str()).collect();
        let mut sold = |name: &str, place: Place| {
            if skus.iter().any(|sku| sku.eq_ignore_ascii_case(name)) {
                return;
            }
            let help = match nearest(name, skus.iter().copied()) {
                Some(sku) => format!("did you mean `{sku}`?"),
                None => "plimsoll catalog list shows what is sold".to_owned(),
            };
            let message = format!("the catalog has no `{name}`");
            noted.add(IntentFault::Offer, place, message, help);
        };
        for pin in &self.pins {
            if let Some(kind) = &pin.instance_type {
                sold(&kind.value, self.place_of_pinned(&kind.value, &texts));
            }
        }
        for service in &self.services {
            if let Some(kind) = &service.measured_on {
                let path = ["services", service.name.as_str(), "measured_on"];
                sold(&kind.value, self.place_of(&path, &texts));
            }
        }
        self.check_products(catalog, &texts, &mut noted);
        if noted.is_empty() { Ok(()) } else { Err(noted.into_faults(&texts)) }
    }

    /// What could stand for a region that has no prices: a region of a cloud that is allowed, and
    /// of its own cloud where that is known.
    fn instead(&self, catalog: &Catalog, region: &Name) -> String {
        let own = provider_of(region.as_str());
        let allowed = |provider: Provider| {
            own.is_none_or(|own| own == provider)
                && (self.run_on.providers.is_empty() || self.run_on.providers.contains(&provider))
        };
        let regions = catalog.regions.iter().filter(|region| allowed(region.provider));
        let known: BTreeSet<&str> = regions.map(|region| region.name.as_str()).collect();
        let known: Vec<&str> = known.into_iter().collect();
        match own {
            // It is no slip of the pen.
            Some(own) if !known.is_empty() => format!("of {own} it has {}", known.join(", ")),
            _ => did_you_mean(region.as_str(), &known),
        }
    }

    /// A database or a cache is bought managed where a cloud sells that, and nothing else is bought
    /// so: a pin that says otherwise is refused, never ignored.
    fn check_products(&self, catalog: &Catalog, texts: &Texts, noted: &mut Noted) {
        for pin in &self.pins {
            let service = self.services.iter().find(|service| service.name == pin.service);
            let Some((product, service)) = pin.product.zip(service) else { continue };
            let name = &service.name;
            let fits = match product {
                PinnedProduct::Instance => !self.is_managed(catalog, pin, service.kind),
                PinnedProduct::ManagedSql => service.kind == ServiceKind::Sql,
                PinnedProduct::ManagedCache => service.kind == ServiceKind::Cache,
            };
            if fits {
                continue;
            }
            let place = self.place_of_product(texts);
            let (why, help) = match product {
                PinnedProduct::Instance => (
                    format!("{name} is bought as a managed product there, not run on instances"),
                    format!("leave the kind of machine out, for example: 2 nodes for {name}"),
                ),
                PinnedProduct::ManagedSql | PinnedProduct::ManagedCache => (
                    format!("{name} does not run on that managed product"),
                    format!("leave the product out, for example: 2 instances for {name}"),
                ),
            };
            noted.add(IntentFault::Unsupported, place, why, help);
        }
    }

    /// Whether some cloud that is allowed sells the service as a managed product.
    fn is_managed(&self, catalog: &Catalog, pin: &Pin, kind: ServiceKind) -> bool {
        let allowed = |provider| match pin.provider {
            Some(only) => provider == only,
            None => self.run_on.providers.is_empty() || self.run_on.providers.contains(&provider),
        };
        catalog.offers.iter().filter(|offer| allowed(offer.provider)).any(|offer| {
            matches!(
                (&offer.product, kind),
                (Product::ManagedSql { .. }, ServiceKind::Sql)
                    | (Product::ManagedCache { .. }, ServiceKind::Cache)
            )
        })
    }

    /// Where a pinned product stands; a pin may have been renamed to the service that it meant.
    fn place_of_product(&self, texts: &Texts) -> Place {
        let pins = self.described.root.as_ref().and_then(|root| root.child("pins"));
        let mut entries = pins.map_or(&[][..], Node::entries).iter();
        let pinned = entries.find_map(|entry| entry.value.child("product"));
        pinned.map_or_else(|| self.place_of(&["pins"], texts), |node| node.place)
    }

    /// Where a pinned type stands; a pin may have been renamed to the service that it meant.
    fn place_of_pinned(&self, kind: &str, texts: &Texts) -> Place {
        let pins = self.described.root.as_ref().and_then(|root| root.child("pins"));
        let types = pins.map_or(&[][..], Node::entries).iter();
        let pinned = types
            .filter_map(|entry| entry.value.child("instance_type"))
            .find(|node| matches!(&node.value, Value::Text(text) if text == kind));
        pinned.map_or_else(|| self.place_of(&["pins"], texts), |node| node.place)
    }
}
