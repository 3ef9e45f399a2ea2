//! What must be carried, from the spec.

use domain::degradation::Degradation;
use domain::demand::{
    Backlog, CallDemand, ClassDemand, ClassIndex, DataDemand, DayProfile, Demand, FailureHandling,
    Interface, LoadReading, NetworkDelay, ServiceDemand, ServiceIndex, ServicePin, Work,
};
use domain::external::External;
use domain::intent::RunOn;
use domain::ledger::{Ledger, Origin, Stated};
use domain::name::Name;
use domain::objective::{Budget, Headroom, LatencyObjective, Objectives};
use domain::policy::Gates;
use domain::rules::Rules;
use domain::spec::{
    CallPart, ClassPart, DataPart, DegradationPart, ExternalPart, ObjectivePart, PinPart,
    RulesPart, RunOnPart, ServiceDemandPart,
};
use domain::units::{
    Availability, Bytes, Mebibytes, Percentile, Ratio, RequestsPerSecond, Seconds,
};

use super::{Reader, millionths, time};

/// Where everything here comes from.
const SOURCE: &str = "the spec";

impl Reader<'_> {
    pub(super) fn demand(&mut self) -> Demand {
        let part = &self.spec.demand;
        let rate = |micro: u64| RequestsPerSecond::of(millionths(micro));
        if part.day_ppm.is_empty() {
            self.out_of_range("demand.day_ppm", "day: it has no step", 0);
        }
        if self.spec.demand.services.is_empty() {
            self.out_of_range("demand.services", "system: it has no service", 0);
        }
        let day = part.day_ppm.iter().map(|step| self.ratio("demand.day_ppm", *step)).collect();
        Demand {
            name: self.spec.metadata.name.clone(),
            load: LoadReading {
                users: part.users.map(|users| (users.count, users.reading)),
                peak: rate(part.peak_micro_rps),
                mean: rate(part.mean_micro_rps),
                reading: part.reading.clone(),
            },
            day: DayProfile { fractions: day },
            hours: self.hours(),
            purchase: part.purchase.clone(),
            classes: part.classes.iter().map(|class| self.class(class)).collect(),
            cdn: part.cdn.as_ref().map(|cdn| self.cdn(cdn)),
            services: part.services.iter().map(|service| self.service(service)).collect(),
            network: NetworkDelay {
                same_zone: time(part.network.same_zone_us),
                cross_zone: time(part.network.cross_zone_us),
            },
            objectives: self.objectives(),
            operations: part.operations,
            run_on: run_on(&part.run_on),
            pins: part.pins.iter().map(|pin| self.pin(pin)).collect(),
            rules: self.rules(&part.rules),
            // What was bought is judged, not what may be.
            policy: Gates::default(),
            faults: self.fault_model(&part.faults),
            ledger: Ledger::default(),
        }
    }

    fn service_index(&mut self, place: &str, name: &Name) -> ServiceIndex {
        let names = self.spec.demand.services.iter().map(|service| service.name.clone());
        ServiceIndex(self.place_of(place, "the service", name, names))
    }

    fn class_index(&mut self, place: &str, name: &Name) -> ClassIndex {
        let names = self.spec.demand.classes.iter().map(|class| class.name.clone());
        ClassIndex(self.place_of(place, "the class", name, names))
    }

    fn class(&mut self, part: &ClassPart) -> ClassDemand {
        let place = format!("demand.classes.{}", part.name);
        ClassDemand {
            name: part.name.clone(),
            share: self.ratio(format!("{place}.share_ppm"), part.share_ppm),
            enters: self.service_index(&format!("{place}.enters"), &part.enters),
            response: Bytes::new(part.response_bytes),
        }
    }

    fn service(&mut self, part: &ServiceDemandPart) -> ServiceDemand {
        let place = format!("demand.services.{}", part.name);
        let handling = part.on_failure;
        ServiceDemand {
            name: part.name.clone(),
            kind: part.kind,
            work: self.work(&place, part),
            calls: part.calls.iter().map(|call| self.call(&place, call)).collect(),
            servers_max: part.servers_max,
            memory_base: Mebibytes::new(part.memory_base_mib),
            memory_per_request: Mebibytes::new(part.memory_per_request_mib),
            startup: time(part.startup_us),
            on_failure: FailureHandling {
                timeout: time(handling.timeout_us),
                retries: handling.retries,
                retry_budget: self
                    .ratio(format!("{place}.retry_budget_ppm"), handling.retry_budget_ppm),
                queue: time(handling.queue_us),
            },
            degrades: part.degrades.iter().map(|own| self.degradation(&place, own)).collect(),
            data: part.data.as_ref().map(|data| self.data(&place, data)),
            backlog: part.backlog.map(|backlog| Backlog {
                drain_within: time(backlog.drain_within_us),
                standstill: time(backlog.standstill_us),
            }),
            external: part.external.map(|external| self.external(&place, external)),
            interface: Interface {
                port: part.interface.port,
                health_path: part.interface.health_path.clone(),
                image: part.interface.image.clone(),
            },
            bytes_per_call: Bytes::new(part.bytes_per_call),
        }
    }

    fn degradation(&mut self, place: &str, part: &DegradationPart) -> Degradation {
        let without = self.service_index(&format!("{place}.degrades"), &part.without);
        Degradation { without, serve: part.serve }
    }

    fn external(&mut self, place: &str, part: ExternalPart) -> External {
        External {
            p50: time(part.p50_us),
            p99: time(part.p99_us),
            uptime: self.ratio(format!("{place}.external.uptime_ppm"), part.uptime_ppm),
        }
    }

    fn work(&mut self, place: &str, part: &ServiceDemandPart) -> Vec<Work> {
        let classes = ("demand.classes", self.spec.demand.classes.len());
        self.same_length(format!("{place}.work"), part.work.len(), classes);
        let of = |(cpu_time_ns, cv_ppm): (u64, u64)| Work {
            cpu_time: Seconds::of(cpu_time_ns as f64 / 1e9),
            cv: millionths(cv_ppm),
        };
        let mut work = vec![Work::default(); classes.1];
        for entry in &part.work {
            let index = self.class_index(&format!("{place}.work"), &entry.class).0;
            if let Some(slot) = work.get_mut(index) {
                *slot = of((entry.cpu_time_ns, entry.cv_ppm));
            }
        }
        work
    }

    fn call(&mut self, caller: &str, part: &CallPart) -> CallDemand {
        let place = format!("{caller}.calls.{}", part.to);
        CallDemand {
            to: self.service_index(&place, &part.to),
            class: part.class.as_ref().map(|class| self.class_index(&place, class)),
            count: millionths(part.count_ppm),
            lookups: part.lookups,
            parallel: part.parallel,
            reads: self.ratio(format!("{place}.reads_ppm"), part.reads_ppm),
        }
    }

    fn data(&mut self, service: &str, part: &DataPart) -> DataDemand {
        let place = format!("{service}.data");
        DataDemand {
            engine: part.engine.clone(),
            engine_version: part.engine_version.clone(),
            size: Mebibytes::new(part.size_mib),
            hit_ratio: self.ratio(format!("{place}.hit_ratio_ppm"), part.hit_ratio_ppm),
            fallback: part
                .fallback
                .as_ref()
                .map(|to| self.service_index(&format!("{place}.fallback"), to)),
            writes: self.ratio(format!("{place}.writes_ppm"), part.writes_ppm),
            reserved_connections: part.reserved_connections,
            iops_per_query: part.iops_per_query_ppm.map(millionths),
        }
    }

    fn pin(&mut self, part: &PinPart) -> ServicePin {
        ServicePin {
            service: self.service_index("demand.pins", &part.service),
            instance_type: part.instance_type.clone(),
            replicas_min: part.replicas_min,
            replicas_max: part.replicas_max,
        }
    }

    fn rules(&mut self, part: &RulesPart) -> Rules {
        let mut ratio = |name: &str, ppm| self.ratio(format!("demand.rules.{name}"), ppm);
        Rules {
            utilisation_stateless: ratio(
                "utilisation_stateless_ppm",
                part.utilisation_stateless_ppm,
            ),
            utilisation_cache: ratio("utilisation_cache_ppm", part.utilisation_cache_ppm),
            utilisation_sql: ratio("utilisation_sql_ppm", part.utilisation_sql_ppm),
            utilisation_headroom: ratio("utilisation_headroom_ppm", part.utilisation_headroom_ppm),
            vcpus_min: part.vcpus_min,
            vcpus_max: part.vcpus_max,
            memory_min: Mebibytes::new(part.memory_min_mib),
            replicas_max: part.replicas_max,
            vcpu_quota: part.vcpu_quota,
            zones_min: part.zones_min,
            replicas_min: part.replicas_min,
            redundant_data: part.redundant_data,
            survives_zone_loss: part.survives_zone_loss,
            balancing: part.balancing,
            offers_per_service: part.offers_per_service,
            self_run_data: part.self_run_data,
            excluded: part.excluded.clone(),
        }
    }

    fn objectives(&mut self) -> Objectives {
        let mut objectives = Objectives {
            uptime: None,
            latency: Vec::new(),
            budget: Budget::default(),
            headroom: Headroom { load: Ratio::ZERO, instances_down: 0 },
        };
        for part in &self.spec.intent.objectives {
            match part {
                ObjectivePart::Users { headroom_ppm, instances_down, .. }
                | ObjectivePart::Rate { headroom_ppm, instances_down, .. } => {
                    objectives.headroom = Headroom {
                        load: self.ratio("intent.objectives.load.headroom_ppm", *headroom_ppm),
                        instances_down: *instances_down,
                    };
                }
                ObjectivePart::Availability { target_ppm, .. } => {
                    objectives.uptime = Availability::from_ppm(*target_ppm).ok();
                    if objectives.uptime.is_none() {
                        let place = "intent.objectives.uptime.target_ppm";
                        self.out_of_range(place, "uptime below a million", (*target_ppm).into());
                    }
                }
                ObjectivePart::Latency { .. } => {
                    objectives.latency.extend(self.latency(part));
                }
                // What follows from it is in what is described already.
                ObjectivePart::Recovery { .. } => {}
                ObjectivePart::Budget { expected_micros, ceiling_micros, .. } => {
                    objectives.budget =
                        Budget { expected: *expected_micros, ceiling: *ceiling_micros };
                }
            }
        }
        objectives
    }

    fn latency(&mut self, part: &ObjectivePart) -> Option<LatencyObjective> {
        let ObjectivePart::Latency {
            id,
            class,
            percentile_permille,
            percentile_stated,
            threshold_us,
            measured_at,
        } = part
        else {
            return None;
        };
        let place = format!("intent.objectives.{id}");
        if let Some(class) = class {
            self.class_index(&place, class);
        }
        let Ok(percentile) = Percentile::from_permille(*percentile_permille) else {
            let number = (*percentile_permille).into();
            self.out_of_range(place, "percentile in parts per thousand", number);
            return None;
        };
        Some(LatencyObjective {
            class: class.clone(),
            percentile,
            percentile_stated: *percentile_stated,
            limit: time(*threshold_us),
            measured_at: *measured_at,
        })
    }
}

fn run_on(part: &RunOnPart) -> RunOn {
    RunOn {
        providers: part.providers.clone(),
        regions: part.regions.clone(),
        zones: part.zones_min.map(|value| Stated {
            value,
            origin: Origin::User,
            source: SOURCE.to_owned(),
            interval: None,
        }),
    }
}
