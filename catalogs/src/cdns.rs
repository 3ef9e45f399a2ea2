//! Content delivery networks, at the prices of the part of the world that a region is in. A catalog
//! may be without; a region without a row has none with a known price.

use std::collections::BTreeMap;

use domain::catalog::Tier;
use domain::cdn::ManagedCdn;
use domain::name::Name;
use domain::offer::{Price, Provider};

use crate::cells::{Least, whole};
use crate::fault::FaultKind;
use crate::place::Place;
use crate::regions::{Regions, key, region};
use crate::table::{Files, Reading};

const FILE: &str = "cdns.csv";

const CDNS: [&str; 10] = [
    "provider", "region", "product", "kind", "up_to_gb", "usd", "basis", "as_of", "source", "note",
];

/// What a row is the price of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A GB to clients.
    Egress,
    /// A GB from the region.
    Fill,
    /// Ten thousand requests.
    Requests,
}

const KINDS: [(&str, Kind); 3] =
    [("egress", Kind::Egress), ("fill", Kind::Fill), ("requests", Kind::Requests)];

/// What was read of one so far.
#[derive(Default)]
struct Known {
    product: String,
    egress: Vec<Tier>,
    fill: Option<Price>,
    requests: Option<Price>,
    /// Whether a price of it could not be read, which was told already.
    unread: bool,
}

/// Reads `cdns.csv`, if there is one.
pub(crate) fn read(reading: &mut Reading, files: &Files<'_>, regions: &mut Regions) {
    let mut known: BTreeMap<(Provider, Name), Known> = BTreeMap::new();
    let mut last = None;
    reading.optional(files, FILE, &CDNS, |cells| {
        let region = region(cells, regions);
        let product = cells.text().map(str::to_owned);
        let kind = cells.word(&KINDS);
        let up_to_gb = cells.optional_quantity(|cell| whole(cell, 1, 1 << 50));
        let free = kind == Some(Kind::Fill);
        let price = cells.price(if free { Least::Free } else { Least::AboveZero });
        cells.sources();
        cells.optional();
        let (Some(region), Some(product), Some(kind)) = (region, product, kind) else { return };
        let [provider, name] = key(region);
        let word = KINDS.iter().find(|(_, own)| *own == kind).map_or("", |(word, _)| *word);
        let row = [provider, name, word.to_owned()];
        cells.follows(&mut last, row, kind == Kind::Egress);
        let own = known.entry((region.provider, region.name.clone())).or_default();
        if !own.product.is_empty() && own.product != product {
            cells.add_row_fault(FaultKind::Tiers { why: "a region has one product only" });
        }
        own.product = product;
        let Some(price) = price else {
            own.unread = true;
            return;
        };
        let ends = own.egress.last().map(|before| before.up_to_gb);
        match kind {
            Kind::Egress if ends.is_some_and(|before| !after(before, up_to_gb)) => {
                let why = "this step does not begin where the one before it ends";
                cells.add_row_fault(FaultKind::Tiers { why });
            }
            Kind::Egress => own.egress.push(Tier { up_to_gb, price }),
            Kind::Fill | Kind::Requests if up_to_gb.is_some() => {
                let why = "only egress has steps";
                cells.add_row_fault(FaultKind::Tiers { why });
            }
            Kind::Fill => own.fill = Some(price),
            Kind::Requests => own.requests = Some(price),
        }
    });
    for (place, own) in known.into_iter().filter(|(_, own)| !own.unread) {
        let whole = own.egress.last().is_some_and(|tier| tier.up_to_gb.is_none());
        match (own.requests, regions.get_mut(&place)) {
            (Some(requests), Some(region)) if whole => {
                let Known { product, egress, fill, .. } = own;
                region.cdn = Some(ManagedCdn { product, requests, egress, fill });
            }
            _ => {
                let why = "each region has a price of requests, and a last step of egress without \
                           a last GB";
                reading.faults.add(|| Place::file(FILE), FaultKind::Tiers { why });
            }
        }
    }
}

/// Whether a step ends after the one before it.
fn after(before: Option<u64>, up_to_gb: Option<u64>) -> bool {
    before.is_some_and(|before| up_to_gb.is_none_or(|last| last > before))
}
