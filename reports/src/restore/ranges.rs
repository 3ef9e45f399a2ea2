//! Numbers that no load and no machine has, though the form of a spec allows them.

use std::fmt;
use std::ops::RangeInclusive;

use domain::intent::ServiceKind;
use domain::spec::{ObjectivePart, OfferPart};

use super::Reader;

/// Millionths of a request a second, up to 10⁹ requests.
const RATES: RangeInclusive<u64> = 1..=1_000_000_000_000_000;
/// vCPUs of a machine.
const VCPUS: RangeInclusive<u64> = 1..=4_096;
/// Its memory in MiB, up to 64 TiB.
const MEMORY: RangeInclusive<u64> = 1..=67_108_864;
/// What it serves side by side.
const SERVERS: RangeInclusive<u64> = 1..=100_000;
/// Its speed in millionths of that of the reference, from a hundredth to the hundredfold.
const SPEEDS: RangeInclusive<u64> = 10_000..=100_000_000;
/// What is meant for an instance beside others.
const WEIGHTS: RangeInclusive<u64> = 1..=1_000_000;
/// What a time, a share or a count must be at least where there is to be any.
const SOME: RangeInclusive<u64> = 1..=u64::MAX;

impl Reader<'_> {
    /// Looks at every number whose unit alone does not say what it may be.
    pub(super) fn ranges(&mut self) {
        let spec = self.spec;
        let demand = &spec.demand;
        self.within("demand.peak_micro_rps", "load", demand.peak_micro_rps, RATES);
        let means = 1..=demand.peak_micro_rps.max(1);
        self.within("demand.mean_micro_rps", "load, up to the peak", demand.mean_micro_rps, means);
        if spec.intent.objectives.is_empty() {
            self.out_of_range("intent.objectives", "list of outcomes: it has none", 0);
        }
        for objective in &spec.intent.objectives {
            if let (ObjectivePart::Users { target, .. }, Some(users)) = (objective, demand.users) {
                let place = "demand.users.count".to_owned();
                self.same(place, users.count, ("`intent.objectives.load.target`", *target));
            }
        }
        for service in demand.services.iter().filter(|own| own.kind != ServiceKind::External) {
            let place = format!("demand.services.{}.on_failure.timeout_us", service.name);
            self.within(place, "timeout", service.on_failure.timeout_us, SOME);
        }
        for service in &spec.services {
            let place = format!("services.{}", service.name);
            self.within(format!("{place}.shards"), "number of shards", service.shards.into(), SOME);
            for (at, offer) in service.offers.iter().enumerate() {
                let place = format!("{place}.offers.{}", offer.instance_type);
                self.machine(&place, offer);
                self.scaling(&place, offer, (at, service.offers.len()));
            }
        }
    }

    fn machine(&mut self, place: &str, offer: &OfferPart) {
        self.within(format!("{place}.vcpu"), "number of vCPUs", offer.vcpu.into(), VCPUS);
        self.within(format!("{place}.memory_mib"), "memory", offer.memory_mib, MEMORY);
        let servers = u64::from(offer.servers);
        self.within(format!("{place}.servers"), "number of servers", servers, SERVERS);
        self.within(format!("{place}.speed_ppm"), "speed", offer.speed_ppm, SPEEDS);
        self.within(format!("{place}.weight"), "weight", offer.weight.into(), WEIGHTS);
    }

    /// One offer of several may have no instance at night, and only the last one follows the load.
    fn scaling(&mut self, place: &str, offer: &OfferPart, (at, offers): (usize, usize)) {
        let Some(scaling) = &offer.autoscaling else { return };
        let place = format!("{place}.autoscaling");
        self.within(format!("{place}.target_ppm"), "target", scaling.target_ppm, SOME);
        self.within(format!("{place}.period_us"), "period", scaling.period_us, SOME);
        if offers == 1 {
            let what = "least number of the only instances";
            self.within(format!("{place}.min"), what, scaling.min.into(), SOME);
        }
        if at + 1 < offers {
            let what = "number for this offer: only the last one of several follows the load";
            self.out_of_range(format!("{place}.max"), what, scaling.max.into());
        }
    }

    fn within(
        &mut self,
        place: impl fmt::Display,
        what: &'static str,
        number: u64,
        range: RangeInclusive<u64>,
    ) {
        if !range.contains(&number) {
            self.out_of_range(place, what, number);
        }
    }
}
