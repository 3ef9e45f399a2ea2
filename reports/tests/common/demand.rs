//! The demand of the seed phrase.

use std::collections::BTreeSet;

use domain::demand::{
    CallDemand, ClassDemand, DataDemand, DayProfile, Demand, FailureHandling, Interface,
    LoadReading, NetworkDelay, ServiceDemand, ServiceIndex, Work,
};
use domain::fault::{ChangeFailures, Failover, FaultModel, Outage};
use domain::intent::{RunOn, ServiceKind};
use domain::name::Name;
use domain::objective::{
    Budget, Headroom, LatencyObjective, MeasuredAt, Objectives, Operations, UserKind,
};
use domain::offer::Peculiarity;
use domain::rules::Rules;
use domain::units::{
    Availability, Bytes, Mebibytes, PerYear, Percentile, Ppm, Probability, Ratio,
    RequestsPerSecond, Seconds,
};

pub(super) fn demand() -> Demand {
    let peak = RequestsPerSecond::of(10_000.0 / 7.0 * 3.2);
    Demand {
        name: Name::of("web"),
        load: LoadReading {
            users: Some((10_000, UserKind::Concurrent)),
            peak,
            mean: peak.times(1.0 / 3.0),
            reading: "10k concurrent, 7 s between pages, 3.2 requests a page".into(),
        },
        day: DayProfile { fractions: [0.0, 0.25, 1.0, 1.0 / 3.0].map(Ratio::of).to_vec() },
        hours: None,
        purchase: Vec::new(),
        classes: vec![ClassDemand {
            name: Name::of("page"),
            share: Ratio::ONE,
            enters: ServiceIndex(1),
            response: Bytes::new(6_000),
        }],
        cdn: None,
        services: vec![edge(), app(), cache(), db()],
        network: NetworkDelay {
            same_zone: Seconds::of_milliseconds(0.5),
            cross_zone: Seconds::of_milliseconds(1.5),
        },
        objectives: objectives(),
        operations: Operations::Standard,
        run_on: RunOn::default(),
        pins: Vec::new(),
        rules: rules(),
        policy: domain::policy::Gates::default(),
        faults: faults(),
        ledger: super::ledger(),
    }
}

fn objectives() -> Objectives {
    Objectives {
        uptime: Availability::from_ppm(999_000).ok(),
        latency: vec![LatencyObjective {
            class: None,
            percentile: Percentile::P95,
            percentile_stated: false,
            limit: Seconds::of_milliseconds(400.0),
            measured_at: MeasuredAt::Balancer,
        }],
        budget: Budget::default(),
        headroom: Headroom { load: Ratio::of(0.25), instances_down: 1 },
    }
}

fn rules() -> Rules {
    Rules {
        utilisation_stateless: Ratio::of(0.75),
        utilisation_cache: Ratio::of(0.75),
        utilisation_sql: Ratio::of(0.65),
        utilisation_headroom: Ratio::of(0.95),
        vcpus_min: 2,
        vcpus_max: 96,
        memory_min: Mebibytes::from_gibibytes(4),
        replicas_max: 64,
        vcpu_quota: None,
        zones_min: 2,
        replicas_min: 2,
        redundant_data: true,
        survives_zone_loss: false,
        balancing: None,
        offers_per_service: 1,
        self_run_data: true,
        excluded: BTreeSet::from([Peculiarity::Burstable, Peculiarity::PreviousGeneration]),
    }
}

fn service(name: &str, kind: ServiceKind, cpu_time: f64, port: u16) -> ServiceDemand {
    ServiceDemand {
        name: Name::of(name),
        kind,
        work: vec![Work { cpu_time: Seconds::of(cpu_time), cv: 1.2 }],
        calls: Vec::new(),
        servers_max: None,
        memory_base: Mebibytes::new(400),
        memory_per_request: Mebibytes::new(2),
        startup: Seconds::of(40.0),
        on_failure: FailureHandling {
            timeout: Seconds::of(2.0),
            retries: 1,
            retry_budget: Ratio::of(0.1),
            queue: Seconds::of(2.0),
        },
        degrades: Vec::new(),
        data: None,
        backlog: None,
        external: None,
        interface: Interface { port, health_path: None, image: None },
        bytes_per_call: Bytes::new(2_000),
    }
}

fn call(to: usize, count: f64, lookups: u32) -> CallDemand {
    CallDemand {
        to: ServiceIndex(to),
        class: None,
        count,
        lookups,
        parallel: false,
        reads: Ratio::of(0.8),
    }
}

fn edge() -> ServiceDemand {
    let mut edge = service("edge", ServiceKind::Balancer, 0.000_1, 443);
    edge.calls = vec![call(1, 1.0, 1)];
    edge.interface.health_path = Some("/healthz".into());
    edge
}

fn app() -> ServiceDemand {
    let mut app = service("app", ServiceKind::Service, 0.012, 8080);
    app.calls = vec![call(2, 2.4, 8)];
    app.interface.health_path = Some("/healthz".into());
    app
}

fn cache() -> ServiceDemand {
    let mut cache = service("cache", ServiceKind::Cache, 0.000_02, 6379);
    cache.servers_max = Some(1);
    cache.data = Some(DataDemand {
        engine: "valkey".into(),
        engine_version: "8".into(),
        size: Mebibytes::from_gibibytes(4),
        hit_ratio: Ratio::of(0.9),
        fallback: Some(ServiceIndex(3)),
        writes: Ratio::of(0.2),
        reserved_connections: 0,
        iops_per_query: None,
    });
    cache
}

fn db() -> ServiceDemand {
    let mut db = service("db", ServiceKind::Sql, 0.001_2, 5432);
    db.data = Some(DataDemand {
        engine: "postgres".into(),
        engine_version: "17".into(),
        size: Mebibytes::from_gibibytes(100),
        hit_ratio: Ratio::ONE,
        fallback: None,
        writes: Ratio::of(0.2),
        reserved_connections: 20,
        iops_per_query: None,
    });
    db
}

fn outage(rate: f64, seconds: f64) -> Outage {
    Outage { rate: PerYear::of(rate), duration: Seconds::of(seconds) }
}

fn failover(rate: f64, seconds: f64) -> Failover {
    Failover {
        events: PerYear::of(rate),
        duration: Seconds::of(seconds),
        unplanned: PerYear::of(0.7),
        failing: Probability::of(0.02),
        repair: Seconds::of(7_200.0),
    }
}

fn faults() -> FaultModel {
    FaultModel {
        instance: outage(0.5, 600.0),
        ejection: Seconds::of(30.0),
        common_cause_in_zone: Ratio::of(0.05),
        zone: outage(0.2, 17_820.0),
        zone_median: Seconds::of(10_800.0),
        zone_sigma: 1.0,
        zone_ejection: Seconds::of(60.0),
        common_cause_across_zones: Ratio::of(0.01),
        region: outage(0.05, 14_400.0),
        sql_single: outage(0.5, 3_600.0),
        sql_maintenance: outage(2.0, 600.0),
        sql_failover: failover(2.7, 120.0),
        cache_failover: failover(2.1, 30.0),
        self_run_factor: 2.0,
        balancer: Ppm::of(10.0),
        dns: Ppm::of(1.0),
        cdn: Ppm::ZERO,
        change: ChangeFailures {
            rate: PerYear::of(52.0),
            failing: Probability::of(0.05),
            duration: Seconds::of(900.0),
            reach: Ratio::ONE,
        },
    }
}
