//! Whether what a spec buys is sold.

use domain::catalog::Catalog;
use domain::intent::nearest;
use domain::offer::{Offer, Product};

use super::{Reader, RestoreFault};

impl Reader<'_> {
    /// Looks the region and every instance type up.
    pub(super) fn look_up(&mut self, catalog: &Catalog) {
        let placement = &self.spec.placement;
        let provider = placement.provider;
        let regions = catalog.regions.iter().filter(|region| region.provider == provider);
        let names: Vec<&str> = regions.clone().map(|region| region.name.as_str()).collect();
        let known = regions.clone().find(|region| region.name == placement.region);
        let Some(region) = known else {
            // What an unknown region sells is not known either.
            return self.unknown(
                "placement.region".to_owned(),
                "the region",
                placement.region.as_str(),
                &names,
            );
        };
        let zones = placement.zones.len() as u64;
        if region.zones.is_some_and(|most| zones > u64::from(most)) {
            self.out_of_range("placement.zones", "number of zones of that region", zones);
        }
        let offers = catalog.offers_in(provider, &placement.region);
        for service in &self.spec.services {
            // What we run runs on machines; what the provider runs is sold under its own names.
            let managed = service.product.is_some();
            let fits = |offer: &&Offer| (offer.product == Product::Instance) != managed;
            let offers: Vec<&Offer> = offers.iter().filter(fits).collect();
            let sold: Vec<&str> = offers.iter().map(|offer| offer.sku.as_str()).collect();
            for part in &service.offers {
                let place = format!("services.{}.offers", service.name);
                let found = offers.iter().find(|offer| offer.sku == part.instance_type);
                let Some(offer) = found else {
                    self.unknown(place, "the instance type", &part.instance_type, &sold);
                    continue;
                };
                let place = format!("{place}.{}", part.instance_type);
                let vcpus = ("the catalog", offer.vcpus().into());
                self.same(format!("{place}.vcpu"), part.vcpu.into(), vcpus);
                let memory = ("the catalog", offer.memory.value());
                self.same(format!("{place}.memory_mib"), part.memory_mib, memory);
            }
        }
    }

    fn unknown(&mut self, place: String, what: &'static str, name: &str, known: &[&str]) {
        let name: String = name.chars().take(60).collect();
        let help = match nearest(&name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`? or give its catalog by --catalog DIR"),
            None => {
                "`plimsoll catalog list` names regions; or give another by --catalog DIR".into()
            }
        };
        self.faults.push(RestoreFault::Unknown { place, what, name, help });
    }
}
