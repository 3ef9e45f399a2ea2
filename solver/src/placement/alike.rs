//! Placements in which every plan has one in another placement that is as good and costs the same.

use domain::catalog::Region;
use domain::demand::ServiceDemand;
use domain::facts::BackupOf;
use domain::units::{Mebibytes, UnitPrice};

use super::Placement;
use crate::cut::{Cut, CutKind};
use crate::layout::Layout;
use crate::screen::Candidate;

/// Operations a second that come with volumes: with any, and from sizes in GiB on.
#[derive(PartialEq)]
struct Included<'a> {
    any: [Option<u32>; 2],
    from: [&'a [(u64, u32)]; 2],
}

/// What a disk costs, for the comparison of regions.
fn disk(region: &Region) -> Option<(UnitPrice, Mebibytes)> {
    region.disk.as_ref().map(|disk| (disk.gib_month.unit_price, disk.minimum))
}

/// What the storage of a managed database costs, alone and with a standby.
fn storage(region: &Region) -> Option<(UnitPrice, UnitPrice, Mebibytes)> {
    let storage = region.sql_storage.as_ref()?;
    let prices = (storage.single_gib_month.unit_price, storage.standby_gib_month.unit_price);
    Some((prices.0, prices.1, storage.minimum))
}

impl<'a> Placement<'_, 'a> {
    /// Operations a second that come with volumes there; nothing where no query asks for them.
    fn operations(&self, region: &Region) -> Option<Included<'a>> {
        let asked = |own: &ServiceDemand| own.data.as_ref().and_then(|data| data.iops_per_query);
        self.model.demand.services.iter().find_map(asked)?;
        let any = [
            region.sql_storage.as_ref().map(|storage| storage.iops),
            region.disk.as_ref().map(|disk| disk.iops),
        ];
        let facts = &self.model.catalog.facts;
        let from = [BackupOf::ManagedSql, BackupOf::Disk].map(|of| {
            let own = facts.iops.get(&(region.provider, region.name.clone(), of));
            own.map_or(&[][..], Vec::as_slice)
        });
        Some(Included { any, from })
    }

    /// Whether the same machines are sold here at the same prices, so that every plan there has one
    /// here that is as good and costs the same.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let (here, there) = (self.layout.region, other.layout.region);
        let anywhere = |cut: &Cut| match cut.kind {
            CutKind::NoGood | CutKind::Dominance => false,
            CutKind::Service(_)
            | CutKind::Alike
            | CutKind::AtMost
            | CutKind::ServiceAtMost(_)
            | CutKind::Strangers => true,
        };
        here.provider == there.provider
            && disk(here) == disk(there)
            && storage(here) == storage(there)
            && self.operations(here) == self.operations(there)
            && self.model.demand.policy.backups.is_empty()
            && self.layout == Layout { region: here, ..other.layout }
            && self.fixed_cost() == other.fixed_cost()
            && self.cuts.iter().all(anywhere)
            && self.stocks.len() == other.stocks.len()
            && self.stocks.iter().zip(other.stocks.iter()).all(|(own, other)| {
                let sold = |offer: &&Candidate<'_>| offer.zones >= self.layout.zones;
                let (here, there) = (own.candidates.iter(), other.candidates.iter());
                let (here, there) = (here.filter(sold), there.filter(sold));
                own.platform == other.platform
                    && here.clone().count() == there.clone().count()
                    && here.zip(there).all(|(here, there)| here.is_like(there))
            })
    }
}
