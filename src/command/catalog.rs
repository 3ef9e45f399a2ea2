//! `plimsoll catalog`: what a catalog holds, and whether it can be used.

use std::fmt::Write as _;

use domain::catalog::{Catalog, Region};
use domain::offer::Product;

use crate::arguments::CatalogAction;
use crate::failure::{Exit, Failure};
use crate::{input, screen};

pub(super) fn run(action: CatalogAction) -> Result<Exit, Failure> {
    match action {
        CatalogAction::List { catalog } => {
            let catalog = input::catalog(catalog.as_deref())?;
            screen::print(&listing(&catalog))?;
        }
        CatalogAction::Validate { dir } => {
            let catalog = input::catalog(dir.as_deref())?;
            screen::print(&validation(&catalog))?;
        }
    }
    Ok(Exit::Verified)
}

fn listing(catalog: &Catalog) -> String {
    let mut text = format!("{} as of {}\n\n", catalog.digest, catalog.as_of);
    let _ = writeln!(
        text,
        "  {:10} {:16} {:>5}  {:>9} {:>9} {:>6}  without a known price",
        "provider", "region", "zones", "instances", "databases", "caches"
    );
    for region in &catalog.regions {
        let offers = catalog.offers_in(region.provider, &region.name);
        let count = |wanted: fn(&Product) -> bool| {
            offers.iter().filter(|offer| wanted(&offer.product)).count()
        };
        let _ = writeln!(
            text,
            "  {:10} {:16} {:>5}  {:>9} {:>9} {:>6}  {}",
            region.provider,
            region.name,
            region.zones.map_or_else(|| "?".to_owned(), |zones| zones.to_string()),
            count(|product| matches!(product, Product::Instance)),
            count(|product| matches!(product, Product::ManagedSql { .. })),
            count(|product| matches!(product, Product::ManagedCache { .. })),
            unknown(region).join(", ")
        );
    }
    text
}

/// What of a region has no known price.
fn unknown(region: &Region) -> Vec<&'static str> {
    let known = [
        ("internet egress", !region.internet_egress.is_empty()),
        ("traffic between zones", region.between_zones.is_some()),
        ("managed balancer", region.balancer.is_some()),
        ("content delivery network", region.cdn.is_some()),
        ("disk", region.disk.is_some()),
        ("database storage", region.sql_storage.is_some()),
    ];
    known.into_iter().filter(|(_, known)| !known).map(|(name, _)| name).collect()
}

fn validation(catalog: &Catalog) -> String {
    let warnings = catalogs::warnings(catalog);
    let mut text = format!(
        "VALID  {} offers in {} regions, as of {}\n",
        catalog.offers.len(),
        catalog.regions.len(),
        catalog.as_of
    );
    for warning in &warnings {
        let _ = writeln!(text, "  ! {warning}");
    }
    let _ = writeln!(text, "{} worth a second look", warnings.len());
    text
}
