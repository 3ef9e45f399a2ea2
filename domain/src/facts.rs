//! What is known of regions and products that only rules ask about. Unknown is left out, and a rule
//! that asks about it is not kept.

use std::collections::BTreeMap;

use crate::area::Country;
use crate::name::Name;
use crate::offer::{Offer, Price, Product, Provider};
use crate::units::Mebibytes;

/// All of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// The country that each region is in.
    pub countries: BTreeMap<(Provider, Name), Country>,
    /// What backups cost, by region and by what is backed up.
    pub backups: BTreeMap<(Provider, Name, BackupOf), BackupTerms>,
    /// Operations a second that come with the price of a larger volume: from so many GiB so many,
    /// smallest first. What comes with any volume is with its price.
    pub iops: BTreeMap<(Provider, Name, BackupOf), Vec<(u64, u32)>>,
    /// What offers are able to; of several that match an offer the last one holds.
    pub abilities: Vec<Ability>,
}

/// What is backed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BackupOf {
    /// A managed database.
    ManagedSql,
    /// The disk of an instance.
    Disk,
}

impl BackupOf {
    /// As files write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ManagedSql => "managed_sql",
            Self::Disk => "disk",
        }
    }
}

/// On which terms a region keeps backups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackupTerms {
    /// For each GiB and month.
    pub gib_month: Price,
    /// For each GB that is sent to another region of the provider.
    pub sent_gb: Price,
    /// Whether as much as the database itself is large costs nothing in its own region.
    pub own_size_free: bool,
    /// They are kept for at most so many days; `None` for any number.
    pub days_most: Option<u32>,
}

/// What some offers are able to, as far as rules ask about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ability {
    /// The cloud.
    pub provider: Provider,
    /// `instance`, or a managed product: `managed_sql`, `managed_cache`, `managed_balancer`,
    /// `managed_cdn`, `managed_queue`.
    pub product: String,
    /// The offers by name, in which `*` stands for anything at its end.
    pub offers: String,
    /// Whether what they store can be encrypted.
    pub at_rest: bool,
    /// Whether what they send and receive can be.
    pub in_transit: bool,
    /// Whether they can stand where the internet does not reach them.
    pub private: bool,
}

impl Facts {
    /// The country of a region; `None` where nobody says.
    pub fn country(&self, provider: Provider, region: &Name) -> Option<Country> {
        self.countries.get(&(provider, region.clone())).copied()
    }

    /// Operations a second that come with the price of a volume of that size, where so many come
    /// with any.
    pub fn iops(
        &self,
        (provider, region): (Provider, &Name),
        of: BackupOf,
        (size, any): (Mebibytes, u32),
    ) -> u32 {
        let steps = self.iops.get(&(provider, region.clone(), of));
        let reached = steps
            .into_iter()
            .flatten()
            .filter(|(from, _)| Mebibytes::from_gibibytes(*from) <= size);
        reached.map(|(_, iops)| *iops).fold(any, u32::max)
    }

    /// What an offer of a product is able to; `None` where nobody knows.
    pub fn ability(&self, provider: Provider, product: &str, sku: &str) -> Option<&Ability> {
        let of = |own: &&Ability| {
            let named = match own.offers.strip_suffix('*') {
                Some(head) => sku.starts_with(head),
                None => own.offers == sku,
            };
            own.provider == provider && own.product == product && named
        };
        self.abilities.iter().rfind(of)
    }
}

/// What an offer is sold as, in the words of rules and facts.
pub const fn sold_as(offer: &Offer) -> &'static str {
    match &offer.product {
        Product::Instance => "instance",
        Product::ManagedSql { .. } => "managed_sql",
        Product::ManagedCache { .. } => "managed_cache",
    }
}
