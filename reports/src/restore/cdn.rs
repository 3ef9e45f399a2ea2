//! What is answered before the edge, from the spec.

use domain::cdn::{CachedClass, CdnDemand, MOST_CACHEABLE};
use domain::spec::{CachedPart, CdnDemandPart};
use domain::units::RequestsPerSecond;

use super::{Reader, RestoreFault, millionths};

/// Millionths of a request a second, up to 10⁹ requests.
const MOST: u64 = 1_000_000_000_000_000;

impl Reader<'_> {
    pub(super) fn cdn(&mut self, part: &CdnDemandPart) -> CdnDemand {
        let demand = &self.spec.demand;
        self.same_length(
            "demand.cdn.classes",
            part.classes.len(),
            ("demand.classes", demand.classes.len()),
        );
        if !(demand.peak_micro_rps..=MOST).contains(&part.peak_micro_rps) {
            let what = "load, from what reaches the edge up";
            self.out_of_range("demand.cdn.peak_micro_rps", what, part.peak_micro_rps);
        }
        let peak = RequestsPerSecond::of(millionths(part.peak_micro_rps));
        let classes = part.classes.iter().zip(&demand.classes);
        let classes = classes.map(|(own, class)| {
            let place = format!("demand.cdn.classes.{}", own.class);
            if own.class != class.name {
                let (what, name) =
                    ("the class, in the order of `demand.classes`,", own.class.to_string());
                self.faults.push(RestoreFault::Dangling { place: place.clone(), what, name });
            }
            self.cached(&place, own)
        });
        CdnDemand { peak, classes: classes.collect() }
    }

    fn cached(&mut self, place: &str, part: &CachedPart) -> CachedClass {
        let cacheable = self.ratio(format!("{place}.cacheable_ppm"), part.cacheable_ppm);
        if cacheable > MOST_CACHEABLE {
            let what = "share that is answered before the edge: something always reaches it";
            self.out_of_range(format!("{place}.cacheable_ppm"), what, part.cacheable_ppm);
        }
        CachedClass { share: self.ratio(format!("{place}.share_ppm"), part.share_ppm), cacheable }
    }
}
