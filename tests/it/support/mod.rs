//! What several tests build upon: random numbers, small catalogs, intents without a reader.

pub(crate) mod brute;
pub(crate) mod document;
pub(crate) mod plans;
pub(crate) mod program;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use domain::catalog::{Catalog, DiskProduct, ManagedBalancer, Region, Tier};
use domain::facts::Facts;
use domain::intent::{Call, Intent, OnFailure, RequestClass, Service, ServiceKind};
use domain::ledger::Stated;
use domain::name::Name;
use domain::objective::{LatencyObjective, Load, MeasuredAt};
use domain::offer::{
    Architecture, Index, Offer, Performance, Price, PriceBasis, Prices, Product, Provider,
};
use domain::topology::Balancing;
use domain::units::{
    Availability, Bytes, Gigabits, Mebibytes, Percentile, Seconds, Speed, UnitPrice,
};
use jiff::civil::date;

/// A small random number generator (splitmix64, G. L. Steele et al. 2014), so that tests draw the
/// same numbers everywhere.
pub(crate) struct Draw(u64);

impl Draw {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number within `low..high`.
    pub(crate) fn within(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A whole number within `low..=high`.
    pub(crate) fn whole(&mut self, low: u32, high: u32) -> u32 {
        low + u32::try_from(self.next() % u64::from(high - low + 1)).expect("below a u32")
    }

    /// A place among that many.
    pub(crate) fn place(&mut self, count: usize) -> usize {
        usize::try_from(self.next() % count as u64).expect("below a usize")
    }

    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.within(0.0, 1.0) < probability
    }
}

pub(crate) fn price(dollars: f64) -> Price {
    let unit_price: UnitPrice = format!("{dollars:.5}").parse().expect("a plain number");
    Price { unit_price, as_of: date(2026, 1, 1), basis: PriceBasis::Published }
}

fn index(speed: f64) -> Index {
    let speed = Speed::of(speed);
    Index { low: speed, middle: speed, high: speed, measurements: 5 }
}

/// An instance of the `test` family with that many vCPUs, each of that speed.
pub(crate) fn instance(sku: &str, region: &str, (vcpus, speed): (u32, f64), hour: f64) -> Offer {
    Offer {
        provider: Provider::Aws,
        region: Name::of(region),
        sku: sku.to_owned(),
        family: "test".to_owned(),
        product: Product::Instance,
        architecture: Architecture::Arm64,
        milli_vcpus: vcpus * 1_000,
        memory: Mebibytes::from_gibibytes(u64::from(vcpus) * 4),
        network: Some(Gigabits::from_megabits(10_000)),
        network_known: true,
        zones: Some(3),
        peculiarities: BTreeSet::new(),
        performance: Some(Performance { capacity: index(speed), speed: index(speed) }),
        prices: Prices { on_demand: Some(price(hour)), ..Prices::default() },
    }
}

/// A region that lacks nothing but managed databases and caches.
pub(crate) fn region(name: &str) -> Region {
    Region {
        provider: Provider::Aws,
        name: Name::of(name),
        zones: Some(3),
        internet_egress: vec![Tier { up_to_gb: None, price: price(0.09) }],
        between_zones: Some(price(0.01)),
        balancer: Some(ManagedBalancer {
            product: "aws.alb".into(),
            hour: price(0.0225),
            unit_hour: price(0.008),
            unit_gb_per_hour: 1.0,
            unit_connections_per_second: 25.0,
            unit_open_connections: 3_000.0,
            policies: Balancing::ALL.to_vec(),
            weights: true,
        }),
        queue: None,
        cdn: None,
        disk: Some(DiskProduct {
            product: "gp3".into(),
            gib_month: price(0.08),
            iops: 3_000,
            throughput: 125,
            minimum: Mebibytes::from_gibibytes(1),
        }),
        family_disks: BTreeMap::new(),
        sql_storage: None,
    }
}

/// The snapshot that is part of the program, read once.
pub(crate) static EMBEDDED: LazyLock<Catalog> = LazyLock::new(catalogs::embedded);

/// A catalog of those regions and offers, in the one order that a catalog has, with the defaults of
/// the embedded one.
pub(crate) fn catalog(mut regions: Vec<Region>, mut offers: Vec<Offer>) -> Catalog {
    regions.sort_by(|a, b| (a.provider, &a.name).cmp(&(b.provider, &b.name)));
    offers.sort_by(|a, b| (a.provider, &a.region, &a.sku).cmp(&(b.provider, &b.region, &b.sku)));
    Catalog {
        digest: "sha256:test".into(),
        as_of: date(2026, 1, 1),
        regions,
        offers,
        slas: Vec::new(),
        boot_times: EMBEDDED.boot_times.clone(),
        defaults: EMBEDDED.defaults.clone(),
        archetypes: Vec::new(),
        facts: Facts::default(),
    }
}

/// A value that a test states.
pub(crate) fn stated<T>(value: T) -> Stated<T> {
    Stated::by_user(value, "test")
}

/// A service of which nothing is stated.
pub(crate) fn service(name: &str, kind: ServiceKind) -> Service {
    Service {
        name: Name::of(name),
        kind,
        cpu_time: Vec::new(),
        measured_on: None,
        spread: None,
        memory_base: None,
        memory_per_request: None,
        startup: None,
        calls: Vec::new(),
        on_failure: OnFailure::default(),
        degrades: Vec::new(),
        working_set: None,
        hit_ratio: None,
        fallback: None,
        engine: None,
        engine_version: None,
        storage: None,
        connections: None,
        iops_per_query: None,
        writes: None,
        port: None,
        drain_within: None,
        health_path: None,
        image: None,
        holds: Vec::new(),
        external: None,
    }
}

/// A call of every class, once.
pub(crate) fn call(to: &str) -> Call {
    Call { to: Name::of(to), class: None, count: None, lookups: None, parallel: false, reads: None }
}

/// An intent for that many concurrent users of a chain of services, each calling the next.
pub(crate) fn chain(users: u64, cpu_times_ms: &[f64]) -> Intent {
    let names: Vec<String> = (0..cpu_times_ms.len()).map(|at| format!("s{at}")).collect();
    let services = cpu_times_ms.iter().enumerate().map(|(at, cpu_time)| {
        let mut service = service(&names[at], ServiceKind::Service);
        service.cpu_time = vec![(None, stated(Seconds::of_milliseconds(*cpu_time)))];
        service.calls = names.get(at + 1).map(|next| call(next)).into_iter().collect();
        service
    });
    let mut intent = Intent { services: services.collect(), ..Intent::default() };
    intent.objectives.load = Some(Load::Users { count: users, kind: None, think_time: None });
    intent.requests = vec![RequestClass {
        name: Name::of("page"),
        share: None,
        enters: Name::of("s0"),
        per_page: None,
        response: Some(stated(Bytes::new(6_000))),
        cacheable: None,
        latency: Vec::new(),
    }];
    intent
}

/// A latency objective over all requests.
pub(crate) fn latency(permille: u16, milliseconds: f64) -> LatencyObjective {
    LatencyObjective {
        class: None,
        percentile: Percentile::from_permille(permille).expect("a percentile of a test"),
        percentile_stated: true,
        limit: Seconds::of_milliseconds(milliseconds),
        measured_at: MeasuredAt::Balancer,
    }
}

pub(crate) fn uptime(ppm: u32) -> Availability {
    Availability::from_ppm(ppm).expect("an uptime of a test")
}

/// States a default differently.
pub(crate) fn assume(intent: &mut Intent, name: &str, value: &str) {
    intent.assume.push((name.to_owned(), stated(value.to_owned())));
}
