//! Which disks a kind of machines takes.

use domain::spec::{OfferPart, Volume};

use crate::emit::hcl_text::Body;
use crate::emit::terraform::words::gib;

/// The families that take no Persistent Disk, by
/// <https://docs.cloud.google.com/compute/docs/disks/hyperdisks>.
const HYPERDISK_ALONE: [&str; 8] = ["c4", "c4a", "c4d", "c4n", "m4", "n4", "n4a", "n4d"];

/// The families of the catalog that start from Persistent Disk alone, by the same page.
const PERSISTENT_ALONE: [&str; 10] =
    ["c2", "c2d", "e2", "f1", "g1", "n1", "n2", "n2d", "t2a", "t2d"];

/// Google's disks of which it sells so many operations and MiB a second with the space.
const HYPERDISK: &str = "hyperdisk-balanced";

/// What comes with the price of [`HYPERDISK`]: without a word Google makes faster ones of large
/// disks, and bills what is beyond.
const INCLUDED: (u32, u32) = (3_000, 140);

/// A disk for a machine.
pub(super) struct Disk {
    /// Google's name of its type, where the spec has one.
    product: Option<String>,
    /// Whole gibibytes.
    size: u64,
    /// What is to be said of it.
    pub about: Option<String>,
}

/// A volume of the spec as a disk of a machine: one that its family takes.
pub(super) fn disk(offer: &OfferPart, volume: &Volume) -> Disk {
    let size = gib(volume.size_mib);
    let family = offer.instance_type.split('-').next().unwrap_or_default();
    let stated = volume.product.clone();
    let other = match stated.as_deref() {
        Some(own) if own.starts_with("pd-") && HYPERDISK_ALONE.contains(&family) => Some(HYPERDISK),
        Some(HYPERDISK) if PERSISTENT_ALONE.contains(&family) => Some("pd-balanced"),
        _ => None,
    };
    let about = stated.as_deref().filter(|_| other.is_some()).map(|stated| {
        format!("Machines of the family {family} do not take {stated}: this is what they take.")
    });
    let product = other.map(str::to_owned).or(stated);
    let least = match product.as_deref() {
        Some(HYPERDISK) => 6,
        Some(own) if own.starts_with("pd-") => 10,
        _ => 1,
    };
    Disk { product, size: size.max(least), about }
}

impl Disk {
    /// Its type and its size, under the names that a resource has for them.
    pub(super) fn set(&self, body: Body, kind: &str, size: &str) -> Body {
        let body = body.set_some(kind, self.product.clone()).set(size, self.size);
        if self.product.as_deref() != Some(HYPERDISK) {
            return body;
        }
        let (iops, throughput) = INCLUDED;
        body.set("provisioned_iops", iops).set("provisioned_throughput", throughput)
    }
}
