//! The bill: every item of every option as a line, and the lines of the placement.

use domain::plan::{Bill, CostCategory, CostLine};
use domain::policy::Gates;

use crate::gates::backup_of;
use crate::model::Model;
use crate::optimise::Optimum;
use crate::option::ServiceOption;
use crate::purchase::{Item, ItemKind};
use crate::screen::Platform;

pub(super) fn bill(model: &Model<'_>, optimum: &Optimum<'_>) -> Bill {
    let mut lines = Vec::new();
    for (service, option) in model.demand.services.iter().zip(&optimum.options) {
        for item in &option.items {
            lines.push(line((&model.demand.policy, service.name.as_str()), option, item, optimum));
        }
    }
    lines.extend(optimum.fixed.iter().cloned());
    Bill { lines }
}

fn line(
    (gates, service): (&Gates, &str),
    option: &ServiceOption<'_>,
    item: &Item,
    optimum: &Optimum<'_>,
) -> CostLine {
    let pool = option.pools().nth(item.pool).map(|(candidate, _)| candidate);
    let offer = pool.map_or("", |candidate| candidate.offer.sku.as_str());
    let region = optimum.layout.region;
    let disk = pool.and_then(|candidate| candidate.disk);
    let disk = disk.map_or("", |disk| disk.product.as_str());
    let volume = region.sql_storage.as_ref().map_or("", |storage| storage.product.as_str());
    let standby = option.copies == crate::option::Copies::Standby;
    let (suffix, category, sku, unit) = match item.kind {
        ItemKind::Compute => ("compute", CostCategory::Compute, offer.to_owned(), "hour"),
        ItemKind::Node => ("nodes", CostCategory::Databases, offer.to_owned(), "hour"),
        ItemKind::RootDisk => ("disk", CostCategory::Storage, disk.to_owned(), "gib_month"),
        ItemKind::DataDisk => {
            ("data", CostCategory::Storage, format!("{disk} for data"), "gib_month")
        }
        ItemKind::SqlStorage => {
            let zones = if standby { " multi-zone" } else { "" };
            ("storage", CostCategory::Databases, format!("{volume}{zones}"), "gib_month")
        }
        ItemKind::Backup => {
            ("backup", CostCategory::Storage, format!("backups in {}", region.name), "gib_month")
        }
        ItemKind::BackupCopy => {
            let sku = format!("backups in {}", copied_to(gates, option, optimum));
            ("backup-copy", CostCategory::Storage, sku, "gib_month")
        }
        ItemKind::BackupSent => {
            let sku = format!("backups sent to {}", copied_to(gates, option, optimum));
            ("backup-sent", CostCategory::Networking, sku, "gb")
        }
    };
    let suffix = match item.promise {
        Some(promise) => format!("{suffix}-{}", promise.commitment.term.as_str()),
        None => suffix.to_owned(),
    };
    let number = if item.pool > 0 { format!(".{}", item.pool + 1) } else { String::new() };
    CostLine {
        id: format!("{service}.{suffix}{number}"),
        service: service.to_owned(),
        category,
        sku,
        unit,
        unit_price: item.price.unit_price,
        quantity: item.quantity,
        amount: item.amount(),
        as_of: item.price.as_of,
        basis: item.price.basis,
        promise: item.promise,
    }
}

/// The region that backups of a database are copied to.
fn copied_to<'g>(gates: &'g Gates, option: &ServiceOption<'_>, optimum: &Optimum<'_>) -> &'g str {
    let region = optimum.layout.region;
    let of = backup_of(option.platform == Platform::Managed);
    let found = gates.copied_to(region.provider, &region.name, of);
    found.map_or("", |(name, _)| name.as_str())
}
