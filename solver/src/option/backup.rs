//! What the backups of a database cost, where rules speak of them: those of its own region, their
//! copies in another one, and what is sent there.

use domain::units::MilliUnits;

use super::Source;
use crate::gates::backup_of;
use crate::purchase::{Item, ItemKind};
use crate::screen::Platform;

/// Backups are kept for as many days where no rule says more; the spec says so.
const DAYS: u32 = 7;
/// Days of the month that bills are quoted for.
const MONTH: f64 = 730.0 / 24.0;
/// GB of a GiB.
const GB: f64 = 1.073_741_824;

/// The lines for a database of so many GiB; `None` where a price is unknown, and none at all where
/// no rule speaks of its backups.
pub(super) fn items(source: &Source<'_, '_>, gibibytes: f64) -> Option<Vec<Item>> {
    let model = source.model;
    let policy = &model.demand.policy;
    let Some(safeguard) = policy.safeguards.get(source.service.0) else { return Some(Vec::new()) };
    if !safeguard.is_backed_up() {
        return Some(Vec::new());
    }
    let region = source.layout.region;
    let of = backup_of(source.stock.platform == Platform::Managed);
    let terms = policy.backups.get(&(region.provider, region.name.clone(), of))?;
    let change = model.assumption("backup.daily_change");
    let days = f64::from(safeguard.backup_days.unwrap_or(DAYS).max(DAYS));
    let kept = gibibytes * (1.0 + change * days);
    let free = if terms.own_size_free { gibibytes } else { 0.0 };
    let mut items = vec![Item::constant(ItemKind::Backup, terms.gib_month, kept - free)];
    if safeguard.backup_copy {
        let (_, there) = policy.copied_to(region.provider, &region.name, of)?;
        items.push(Item::constant(ItemKind::BackupCopy, there.gib_month, kept));
        let sent = gibibytes * change * MONTH * GB;
        items.push(Item::constant(ItemKind::BackupSent, terms.sent_gb, sent));
    }
    items.retain(|item| item.quantity.ceiling > MilliUnits::default());
    Some(items)
}
