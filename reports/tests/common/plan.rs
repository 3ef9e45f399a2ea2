//! The plan of the seed phrase and its bill.

use std::collections::BTreeMap;

use domain::name::Name;
use domain::offer::{Architecture, PriceBasis, Provider, PurchaseTerm};
use domain::plan::{
    AvailabilityTerm, AvailabilityWorking, Bill, Certainty, Claim, CostCategory, CostLine,
    Exclusion, LatencyBasis, LatencyEstimate, Optimality, Plan, Resource, Sizing, ThreeBills,
};
use domain::topology::{
    Autoscaler, Balancing, Connections, Deployment, HealthCheck, InstanceLimits, Pool, Redundancy,
    Topology,
};
use domain::units::{
    Erlangs, Gigabits, Mebibytes, MicroDollars, MilliUnits, Ppm, Ratio, RequestsPerSecond, Seconds,
    Speed, UnitPrice,
};
use jiff::civil::{Date, date};

pub(super) fn plan() -> Plan {
    let bill = bill();
    let cost = bill.totals().expected;
    Plan {
        topology: Topology {
            provider: Provider::Aws,
            region: Name::of("us-east-1"),
            zones: 2,
            cdn: None,
            services: vec![edge(), app(), cache(), db()],
        },
        bill,
        sizing: sizing(),
        availability: availability(),
        estimates: vec![LatencyEstimate {
            objective: "latency-p95".into(),
            state: "peak+25%".into(),
            basis: LatencyBasis::Moment {
                mean: Seconds::of_milliseconds(21.0),
                deviation: Seconds::of_milliseconds(18.0),
            },
            percentile: Seconds::of_milliseconds(66.0),
            limit: Seconds::of_milliseconds(400.0),
        }],
        optimality: Optimality {
            claim: Claim::CheapestVerified,
            pursuit: None,
            objective: cost,
            bound: cost,
            program_bound: cost,
            designs: 5_331,
            kept: 87,
            pruned: BTreeMap::from([
                ("dominated".into(), 4_902),
                ("too small".into(), 301),
                ("burstable".into(), 27),
                ("too slow".into(), 14),
            ]),
            excluded: vec![Exclusion {
                plan: "app 7 × c8g.xlarge".into(),
                cost: MicroDollars::from_dollars(3_336),
                certainty: Certainty::Simulated,
                reason: "latency-p95@headroom".into(),
            }],
        },
    }
}

fn pool(sku: &str, family: &str, size: (u32, u64), per_zone: [u32; 2]) -> Pool {
    Pool {
        sku: sku.into(),
        family: family.into(),
        architecture: Architecture::Arm64,
        vcpus: size.0,
        memory: Mebibytes::new(size.1),
        network: Gigabits::from_megabits(1_876),
        servers: size.0,
        speed: Speed::of(2.335),
        weight: 1,
        per_zone: per_zone.to_vec(),
        term: PurchaseTerm::OnDemand,
        commitment: None,
        autoscaler: None,
    }
}

fn deployment(product: Option<&str>, pools: Vec<Pool>, redundancy: Redundancy) -> Deployment {
    Deployment {
        product: product.map(str::to_owned),
        pools,
        balancing: Balancing::LeastOutstanding,
        redundancy,
        shards: 1,
        limits: Some(InstanceLimits { queue: 128, in_flight: 3_276 }),
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

fn edge() -> Deployment {
    let alb = deployment(Some("aws.alb"), Vec::new(), Redundancy::Active);
    Deployment { limits: None, ..alb }
}

fn app() -> Deployment {
    let mut fleet = pool("c8g.xlarge", "c8g", (4, 8_192), [4, 4]);
    fleet.autoscaler = Some(Autoscaler {
        min: 4,
        max: 12,
        target: Ratio::of(0.65),
        period: Seconds::of(60.0),
        warm_up: Seconds::of(114.0),
        scale_in_window: Seconds::of(300.0),
        drain: Seconds::of(30.0),
    });
    deployment(None, vec![fleet], Redundancy::Active)
}

fn cache() -> Deployment {
    let mut node = pool("cache.m6g.large", "cache.m6g", (2, 6_533), [1, 1]);
    node.servers = 1;
    let failover = Seconds::of(30.0);
    let redundancy = Redundancy::Standby { failover };
    deployment(Some("aws.elasticache"), vec![node], redundancy)
}

fn db() -> Deployment {
    let node = pool("db.m6g.large", "db.m6g", (2, 8_192), [1, 1]);
    let failover = Seconds::of(120.0);
    let redundancy = Redundancy::Standby { failover };
    let mut db = deployment(Some("aws.rds"), vec![node], redundancy);
    db.storage = Some(Mebibytes::from_gibibytes(100));
    db.connections = Some(Connections { max: 400, pool_per_instance: 24 });
    db
}

fn sizing() -> Vec<Sizing> {
    let carried = |rate: f64, load: f64, servers: u32, busy: [f64; 2]| Sizing {
        arrival_rate: RequestsPerSecond::of(rate),
        offered_load: Erlangs::of(load),
        servers,
        at_peak: busy[0],
        with_headroom: busy[1],
        instance_down: None,
        zone_lost: None,
        expected_replicas: MilliUnits::whole(2),
        bottleneck: Resource::Cpu,
    };
    let mut edge = carried(4_571.428_571, 0.0, 0, [0.0, 0.0]);
    edge.expected_replicas = MilliUnits::ZERO;
    edge.bottleneck = Resource::Floor;
    let mut app = carried(4_571.428_571, 23.493, 32, [0.734, 0.918]);
    app.instance_down = Some(0.839);
    app.zone_lost = Some(1.468);
    app.expected_replicas = MilliUnits::from_thousandths(4_700);
    let cache = carried(10_971.428_571, 0.094, 1, [0.12, 0.15]);
    let db = carried(1_591.0, 0.818, 2, [0.75, 0.937]);
    vec![edge, app, cache, db]
}

fn availability() -> AvailabilityWorking {
    let term = |name: &str, ppm: f64| AvailabilityTerm { name: name.into(), ppm: Ppm::of(ppm) };
    AvailabilityWorking {
        terms: vec![
            term("zone", 226.0),
            term("change", 74.2),
            term("region", 22.8),
            term("db.failover", 13.5),
        ],
        total: Ppm::of(336.5),
        sla_composition: Some(Ppm::of(750.0)),
        sla_unknown: vec!["the cache".into()],
        survives_zone_loss: false,
    }
}

fn bill() -> Bill {
    let priced = date(2026, 7, 20);
    let list = date(2025, 6, 1);
    let old = date(2021, 8, 3);
    let steady = |units| [units, units, units];
    let app = [3_431_000, 5_840_000, 8_760_000];
    let networking = CostCategory::Networking;
    let databases = CostCategory::Databases;
    let lines = vec![
        line("edge.hours", networking, ("aws.alb", "hour", "0.0225"), steady(730_000), list),
        line(
            "edge.units",
            networking,
            ("aws.alb units", "unit_hour", "0.008"),
            traffic(24_027),
            list,
        ),
        line("app.compute", CostCategory::Compute, ("c8g.xlarge", "hour", "0.15952"), app, priced),
        line(
            "app.disk",
            CostCategory::Storage,
            ("gp3", "gib_month", "0.08"),
            [94_000, 160_000, 240_000],
            list,
        ),
        line(
            "cache.nodes",
            databases,
            ("cache.m6g.large", "hour", "0.1192"),
            steady(1_460_000),
            date(2025, 5, 28),
        ),
        line("db.nodes", databases, ("db.m6g.large", "hour", "0.318"), steady(730_000), old),
        line(
            "db.storage",
            databases,
            ("gp3 multi-zone", "gib_month", "0.23"),
            steady(100_000),
            list,
        ),
        line(
            "traffic.internet.1",
            networking,
            ("internet egress to 10 TB", "gb", "0.09"),
            steady(10_240_000),
            list,
        ),
        line(
            "traffic.internet.2",
            networking,
            ("internet egress to 50 TB", "gb", "0.085"),
            [13_787_000, 13_787_000, 40_960_000],
            list,
        ),
        line(
            "traffic.zones",
            networking,
            ("between zones, both directions", "gb", "0.02"),
            traffic(4_805),
            list,
        ),
    ];
    Bill { lines }
}

/// Traffic is billed at the mean of the day, except in the ceiling.
fn traffic(units: u64) -> [u64; 3] {
    [units * 1_000, units * 1_000, units * 3_000]
}

fn line(
    id: &str,
    category: CostCategory,
    (sku, unit, price): (&str, &'static str, &str),
    thousandths: [u64; 3],
    as_of: Date,
) -> CostLine {
    let unit_price: UnitPrice = price.parse().expect("the prices above are prices");
    let [expected, peak_fleet, ceiling] = thousandths.map(MilliUnits::from_thousandths);
    CostLine {
        id: id.into(),
        service: id.split('.').next().unwrap_or(id).into(),
        category,
        sku: sku.into(),
        unit,
        unit_price,
        quantity: ThreeBills { expected, peak_fleet, ceiling },
        amount: ThreeBills {
            expected: unit_price.times(expected),
            peak_fleet: unit_price.times(peak_fleet),
            ceiling: unit_price.times(ceiling),
        },
        as_of,
        basis: PriceBasis::Published,
        promise: None,
    }
}
