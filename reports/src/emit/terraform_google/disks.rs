//! Which disks a kind of machines takes.

use domain::spec::{OfferPart, Volume};

use crate::emit::terraform::words::gib;

/// The families that take no Persistent Disk, by
/// <https://docs.cloud.google.com/compute/docs/disks/hyperdisks>.
const HYPERDISK_ALONE: [&str; 6] = ["c4", "c4a", "c4d", "n4", "n4a", "n4d"];

/// A disk for a machine.
pub(super) struct Disk {
    /// Google's name of its type, where the spec has one.
    pub product: Option<String>,
    /// Whole gibibytes.
    pub size: u64,
    /// What is to be said of it.
    pub about: Option<String>,
}

/// A volume of the spec as a disk of a machine: one that its family takes.
pub(super) fn disk(offer: &OfferPart, volume: &Volume) -> Disk {
    let size = gib(volume.size_mib);
    let family = offer.instance_type.split('-').next().unwrap_or_default();
    let stated = volume.product.clone();
    let persistent = stated.as_deref().filter(|own| own.starts_with("pd-"));
    match persistent.filter(|_| HYPERDISK_ALONE.contains(&family)) {
        Some(product) => Disk {
            product: Some("hyperdisk-balanced".to_owned()),
            size,
            about: Some(format!(
                "The bill has {product}, which machines of the family {family} do not take: this \
                 stands for it."
            )),
        },
        None => Disk { product: stated, size, about: None },
    }
}
