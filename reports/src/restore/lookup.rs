//! Whether what a spec buys is sold.

use domain::catalog::Catalog;
use domain::intent::nearest;

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
        let sold: Vec<&str> = offers.iter().map(|offer| offer.sku.as_str()).collect();
        for service in &self.spec.services {
            for offer in &service.offers {
                if !sold.contains(&offer.instance_type.as_str()) {
                    let place = format!("services.{}.offers", service.name);
                    self.unknown(place, "the instance type", &offer.instance_type, &sold);
                }
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
