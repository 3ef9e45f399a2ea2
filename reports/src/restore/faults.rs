//! How things fail, from the spec.

use domain::fault::{ChangeFailures, Failover, FaultModel, Outage};
use domain::spec::{ChangePart, FailoverPart, FaultsPart, OutagePart};
use domain::units::{PerYear, Ppm, Probability};

use super::{Reader, millionths, time};

impl Reader<'_> {
    pub(super) fn fault_model(&mut self, part: &FaultsPart) -> FaultModel {
        let place = |name: &str| format!("demand.faults.{name}");
        FaultModel {
            instance: outage(part.instance),
            ejection: time(part.ejection_us),
            common_cause_in_zone: self
                .ratio(place("common_cause_in_zone_ppm"), part.common_cause_in_zone_ppm),
            zone: outage(part.zone),
            zone_median: time(part.zone_median_us),
            zone_sigma: millionths(part.zone_sigma_ppm),
            zone_ejection: time(part.zone_ejection_us),
            common_cause_across_zones: self
                .ratio(place("common_cause_across_zones_ppm"), part.common_cause_across_zones_ppm),
            region: outage(part.region),
            sql_single: outage(part.sql_single),
            sql_maintenance: outage(part.sql_maintenance),
            sql_failover: self.failover(place("sql_failover"), part.sql_failover),
            cache_failover: self.failover(place("cache_failover"), part.cache_failover),
            self_run_factor: millionths(part.self_run_factor_ppm),
            balancer: unavailability(part.balancer_ppb),
            dns: unavailability(part.dns_ppb),
            cdn: unavailability(part.cdn_ppb.unwrap_or(0)),
            change: self.change(place("change"), part.change),
        }
    }

    fn failover(&mut self, place: String, part: FailoverPart) -> Failover {
        Failover {
            events: per_year(part.micro_per_year),
            duration: time(part.duration_us),
            unplanned: per_year(part.unplanned_micro_per_year),
            failing: self.probability(place, part.failing_ppm),
            repair: time(part.repair_us),
        }
    }

    fn change(&mut self, place: String, part: ChangePart) -> ChangeFailures {
        ChangeFailures {
            rate: per_year(part.micro_per_year),
            reach: self.ratio(format!("{place}.reach_ppm"), part.reach_ppm),
            failing: self.probability(place, part.failing_ppm),
            duration: time(part.duration_us),
        }
    }

    fn probability(&mut self, place: String, ppm: u64) -> Probability {
        Probability::of(self.ratio(place + ".failing_ppm", ppm).value())
    }
}

fn outage(part: OutagePart) -> Outage {
    Outage { rate: per_year(part.micro_per_year), duration: time(part.duration_us) }
}

fn per_year(micro: u64) -> PerYear {
    PerYear::of(millionths(micro))
}

fn unavailability(ppb: u64) -> Ppm {
    Ppm::of(ppb as f64 / 1e3)
}
