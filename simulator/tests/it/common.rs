//! Hand-made demands and topologies: the web archetype in its default sizes, and variations.

use std::collections::BTreeSet;

use domain::demand::{
    CallDemand, ClassDemand, ClassIndex, DataDemand, DayProfile, Demand, FailureHandling,
    Interface, LoadReading, NetworkDelay, ServiceDemand, ServiceIndex, Work,
};
use domain::fault::{ChangeFailures, Failover, FaultModel, Outage};
use domain::intent::{RunOn, ServiceKind};
use domain::ledger::Ledger;
use domain::name::Name;
use domain::objective::{Budget, Headroom, LatencyObjective, MeasuredAt, Objectives, Operations};
use domain::offer::{Architecture, Provider, PurchaseTerm};
use domain::rules::Rules;
use domain::topology::{
    Autoscaler, Balancing, Deployment, HealthCheck, InstanceLimits, Pool, Redundancy, Topology,
};
use domain::units::{
    Availability, Bytes, Gigabits, Mebibytes, PerYear, Percentile, Ppm, Probability, Ratio,
    RequestsPerSecond, Seconds, Speed,
};

/// The edge, the app, the cache and the database, by their places.
/// See [`EDGE`].
pub(crate) const APP: usize = 1;
/// See [`EDGE`].
pub(crate) const CACHE: usize = 2;
/// See [`EDGE`].
pub(crate) const DB: usize = 3;

/// The seed phrase's demand: 10k users, 4,571 requests a second, 99.9%, p95 within 400 ms.
pub(crate) fn demand() -> Demand {
    Demand {
        name: Name::of("web"),
        load: LoadReading {
            users: None,
            peak: RequestsPerSecond::of(32_000.0 / 7.0),
            mean: RequestsPerSecond::of(32_000.0 / 21.0),
            reading: "10k concurrent".to_owned(),
        },
        day: diurnal(3.0),
        hours: None,
        purchase: Vec::new(),
        classes: vec![ClassDemand {
            name: Name::of("all"),
            share: Ratio::ONE,
            enters: ServiceIndex(APP),
            response: Bytes::new(6_000),
        }],
        cdn: None,
        services: services(),
        network: NetworkDelay { same_zone: Seconds::of(0.000_5), cross_zone: Seconds::of(0.001_5) },
        objectives: objectives(999_000, 950, 0.4),
        operations: Operations::Standard,
        run_on: RunOn::default(),
        pins: Vec::new(),
        rules: rules(),
        policy: domain::policy::Gates::default(),
        faults: faults(),
        ledger: Ledger::default(),
    }
}

/// Objectives with the default headroom.
pub(crate) fn objectives(uptime_ppm: u32, permille: u16, limit: f64) -> Objectives {
    Objectives {
        uptime: Some(Availability::from_ppm(uptime_ppm).unwrap()),
        latency: vec![LatencyObjective {
            class: None,
            percentile: Percentile::from_permille(permille).unwrap(),
            percentile_stated: true,
            limit: Seconds::of(limit),
            measured_at: MeasuredAt::Balancer,
        }],
        budget: Budget::default(),
        headroom: Headroom { load: Ratio::of(0.25), instances_down: 1 },
    }
}

/// A day between its peak and what brings its mean to a part of that, along a cosine.
pub(crate) fn diurnal(peak_to_mean: f64) -> DayProfile {
    let depth = 2.0 * (1.0 - 1.0 / peak_to_mean);
    let fraction = |hour: u32| {
        let angle = std::f64::consts::TAU * (f64::from(hour) - 20.0) / 24.0;
        let shape = 1.0 - depth * (1.0 - libm::cos(angle)) / 2.0;
        Ratio::of(shape.clamp(0.0, 1.0))
    };
    DayProfile { fractions: (0..24).map(fraction).collect() }
}

/// How the default callers behave.
pub(crate) fn handling() -> FailureHandling {
    FailureHandling {
        timeout: Seconds::of(2.0),
        retries: 1,
        retry_budget: Ratio::of(0.1),
        queue: Seconds::of(2.0),
    }
}

/// A service with work for one class and no calls.
pub(crate) fn service(name: &str, kind: ServiceKind, cpu_time: f64, cv: f64) -> ServiceDemand {
    ServiceDemand {
        name: Name::of(name),
        kind,
        work: vec![Work { cpu_time: Seconds::of(cpu_time), cv }],
        calls: Vec::new(),
        servers_max: None,
        memory_base: Mebibytes::new(400),
        memory_per_request: Mebibytes::new(2),
        startup: Seconds::of(40.0),
        on_failure: handling(),
        degrades: Vec::new(),
        data: None,
        backlog: None,
        external: None,
        interface: Interface { port: 8_080, health_path: None, image: None },
        bytes_per_call: Bytes::new(2_000),
    }
}

/// A call of every class.
pub(crate) fn call(to: usize, count: f64, lookups: u32) -> CallDemand {
    CallDemand {
        to: ServiceIndex(to),
        class: None::<ClassIndex>,
        count,
        lookups,
        parallel: false,
        reads: Ratio::of(0.8),
    }
}

/// What a cache or a database holds.
pub(crate) fn data(hit_ratio: f64, fallback: Option<usize>) -> DataDemand {
    DataDemand {
        engine: "engine".to_owned(),
        engine_version: "1".to_owned(),
        size: Mebibytes::from_gibibytes(8),
        hit_ratio: Ratio::of(hit_ratio),
        fallback: fallback.map(ServiceIndex),
        writes: Ratio::of(0.2),
        reserved_connections: 20,
        iops_per_query: None,
    }
}

fn services() -> Vec<ServiceDemand> {
    let edge = service("edge", ServiceKind::Balancer, 0.0, 0.0);
    let mut app = service("app", ServiceKind::Service, 0.010, 1.2);
    app.calls = vec![call(CACHE, 3.0, 8)];
    let mut cache = service("cache", ServiceKind::Cache, 0.000_02, 1.0);
    cache.servers_max = Some(1);
    cache.data = Some(data(0.9, Some(DB)));
    let mut db = service("db", ServiceKind::Sql, 0.001_2, 2.0);
    db.data = Some(data(1.0, None));
    vec![edge, app, cache, db]
}

/// Faults as the defaults have them.
pub(crate) fn faults() -> FaultModel {
    let outage = |rate: f64, minutes: f64| Outage {
        rate: PerYear::of(rate),
        duration: Seconds::of(minutes * 60.0),
    };
    FaultModel {
        instance: outage(0.5, 10.0),
        ejection: Seconds::of(30.0),
        common_cause_in_zone: Ratio::of(0.05),
        zone: outage(0.2, 4.946_2 * 60.0),
        zone_median: Seconds::of(3.0 * 3_600.0),
        zone_sigma: 1.0,
        zone_ejection: Seconds::of(60.0),
        common_cause_across_zones: Ratio::of(0.01),
        region: outage(0.05, 240.0),
        sql_single: outage(0.5, 60.0),
        sql_maintenance: outage(2.0, 10.0),
        sql_failover: Failover {
            events: PerYear::of(2.7),
            duration: Seconds::of(120.0),
            unplanned: PerYear::of(0.7),
            failing: Probability::of(0.02),
            repair: Seconds::of(7_200.0),
        },
        cache_failover: Failover {
            events: PerYear::of(2.1),
            duration: Seconds::of(30.0),
            unplanned: PerYear::of(0.5),
            failing: Probability::ZERO,
            repair: Seconds::of(600.0),
        },
        self_run_factor: 2.0,
        balancer: Ppm::of(10.0),
        dns: Ppm::of(1.0),
        cdn: Ppm::ZERO,
        change: ChangeFailures {
            rate: PerYear::of(52.0),
            failing: Probability::of(0.05),
            duration: Seconds::of(15.0 * 60.0),
            reach: Ratio::ONE,
        },
    }
}

/// Rules, which the simulation never looks at.
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
        self_run_data: false,
        excluded: BTreeSet::new(),
    }
}

/// A pool of equal machines.
pub(crate) fn pool(servers: u32, speed: f64, per_zone: &[u32]) -> Pool {
    Pool {
        sku: "machine".to_owned(),
        family: "machines".to_owned(),
        architecture: Architecture::Arm64,
        vcpus: servers,
        memory: Mebibytes::from_gibibytes(8),
        network: Gigabits::from_megabits(10_000),
        servers,
        speed: Speed::of(speed),
        weight: 1,
        per_zone: per_zone.to_vec(),
        term: PurchaseTerm::OnDemand,
        commitment: None,
        autoscaler: None,
    }
}

/// A deployment of one pool behind least outstanding.
pub(crate) fn deployment(pool: Option<Pool>, redundancy: Redundancy) -> Deployment {
    Deployment {
        product: Some("product".to_owned()),
        pools: pool.into_iter().collect(),
        balancing: Balancing::LeastOutstanding,
        redundancy,
        shards: 1,
        limits: Some(InstanceLimits { queue: 1_000, in_flight: 2_000 }),
        storage: None,
        connections: None,
        health_check: HealthCheck {
            interval: Seconds::of(10.0),
            timeout: Seconds::of(2.0),
            unhealthy_after: 3,
            healthy_after: 2,
        },
    }
}

/// A standby that takes over after so many seconds.
pub(crate) fn standby(seconds: f64) -> Redundancy {
    Redundancy::Standby { failover: Seconds::of(seconds) }
}

/// An autoscaler as the defaults have it, for a fleet of so many at the peak.
pub(crate) fn autoscaler(min: u32, peak: u32) -> Autoscaler {
    Autoscaler {
        min,
        max: peak + peak / 2,
        target: Ratio::of(0.7),
        period: Seconds::of(60.0),
        warm_up: Seconds::of(114.0),
        scale_in_window: Seconds::of(300.0),
        drain: Seconds::of(30.0),
    }
}

/// What the seed phrase is about: eight machines of four vCPUs in two zones, a cache with a copy, a
/// database with a standby.
pub(crate) fn topology() -> Topology {
    let mut app = deployment(Some(pool(4, 1.95, &[4, 4])), Redundancy::Active);
    app.limits = Some(InstanceLimits { queue: 1_560, in_flight: 2_300 });
    app.pools[0].autoscaler = Some(autoscaler(4, 8));
    let mut cache = deployment(Some(pool(1, 1.5, &[1, 1])), standby(30.0));
    cache.limits = Some(InstanceLimits { queue: 150_000, in_flight: 200_000 });
    let mut db = deployment(Some(pool(16, 1.3, &[1, 1])), standby(120.0));
    db.limits = Some(InstanceLimits { queue: 34_000, in_flight: 40_000 });
    Topology {
        provider: Provider::Aws,
        region: Name::of("us-east-1"),
        zones: 2,
        cdn: None,
        services: vec![deployment(None, Redundancy::Active), app, cache, db],
    }
}
