//! What the backups of databases cost, again: from what the spec says of them and the terms of the
//! catalog.

use domain::catalog::Region;
use domain::facts::{BackupOf, Facts};
use domain::intent::ServiceKind;
use domain::name::Name;
use domain::plan::CostCategory;

use super::Audit;
use super::bill::{Due, alike, gibibytes};
use super::exact::Span;

/// Days of the month that bills are quoted for are hours over these.
const HOURS: (u32, u32) = (730, 24);
/// Bytes of a GiB and of a GB.
const GIB: u64 = 1 << 30;
const GB: u64 = 1_000_000_000;

impl Audit<'_> {
    /// The lines of databases whose backups a rule speaks of, or that have such a line.
    pub(super) fn backups(&self, region: &Region, facts: &Facts, due: &mut Vec<Due>) {
        for (at, service) in self.spec.services.iter().enumerate() {
            let Some(backup) = &service.backup else { continue };
            let name = service.name.as_str();
            let own = format!("{name}.backup");
            let safeguard = self.known.demand.policy.safeguards.get(at);
            let asked = safeguard.is_some_and(domain::safeguard::Safeguard::is_backed_up);
            if service.kind != ServiceKind::Sql
                || !(asked || self.spec.cost.lines.iter().any(|line| line.id == own))
            {
                continue;
            }
            let managed = service.product.is_some();
            let of = if managed { BackupOf::ManagedSql } else { BackupOf::Disk };
            let terms = |at: &Name| facts.backups.get(&(region.provider, at.clone(), of));
            let here = terms(&region.name);
            let size = gibibytes(self.data_size(service));
            let change = self.assumed("backup.daily_change");
            let added = change.times(Span::whole(backup.retention_days)).times(size);
            let kept = size.plus(added);
            let free = here.is_some_and(|own| own.own_size_free);
            let mut push = |suffix: &str, category, sku: String, unit, (price, units)| {
                let (id, service) = (format!("{name}.{suffix}"), name.to_owned());
                let (units, promise) = (alike(units), None);
                due.push(Due { id, service, category, sku, unit, price, units, promise });
            };
            let storage = CostCategory::Storage;
            let sku = format!("backups in {}", region.name);
            let price = here.map(|own| own.gib_month);
            let charged = if free { added } else { kept };
            push("backup", storage, sku, "gib_month", (price, charged));
            let Some(there) = &backup.copy_region else { continue };
            let price = terms(there).map(|own| own.gib_month);
            push("backup-copy", storage, format!("backups in {there}"), "gib_month", (price, kept));
            let month = Span::whole(HOURS.0).over(Span::whole(HOURS.1));
            let sent = size.times(change).times(month).times(Span::whole(GIB));
            let sent = sent.over(Span::whole(GB));
            let sku = format!("backups sent to {there}");
            let price = here.map(|own| own.sent_gb);
            push("backup-sent", CostCategory::Networking, sku, "gb", (price, sent));
        }
    }
}
