//! What a content delivery network answers, and what it is.

use domain::cdn::{CachedClass, CdnDemand};
use domain::demand::{ClassDemand, Demand};
use domain::spec::{CachedPart, CdnDemandPart, CdnPart};
use domain::topology::Topology;

use super::measure::{micro_rps, ratio, whole_shares};

/// What goes through it.
pub(super) fn demand(demand: &Demand, cdn: &CdnDemand) -> CdnDemandPart {
    let CdnDemand { peak, classes } = cdn;
    let shares: Vec<f64> = classes.iter().map(|class| class.share.value()).collect();
    let part = |((own, class), share_ppm): ((&CachedClass, &ClassDemand), u64)| {
        let CachedClass { share: _, cacheable } = own;
        CachedPart { class: class.name.clone(), share_ppm, cacheable_ppm: ratio(*cacheable) }
    };
    let all = classes.iter().zip(&demand.classes).zip(whole_shares(&shares));
    CdnDemandPart { peak_micro_rps: micro_rps(*peak), classes: all.map(part).collect() }
}

/// What it is: it passes on to the edge what it does not answer.
pub(super) fn part(demand: &Demand, topology: &Topology) -> Option<CdnPart> {
    let (product, edge) = (topology.cdn.as_ref()?, demand.services.first()?);
    let (origin, port) = (edge.name.clone(), edge.interface.port);
    Some(CdnPart { product: product.clone(), origin, port })
}
