//! Random systems and catalogs to state laws about: chains, fans, databases and caches behind them,
//! one class or two, one region or two, with and without the loss of a zone.

use domain::catalog::{Catalog, Region, SqlStorage, Tier};
use domain::intent::{Intent, Pin, RequestClass, Service, ServiceKind};
use domain::name::Name;
use domain::offer::{Offer, Price, Prices, Product};
use domain::units::{Bytes, Mebibytes, Ratio, Seconds};

use crate::support::{
    Draw, assume, call, catalog, chain, instance, latency, price, region, service, stated, uptime,
};

/// The regions of the systems, of which the first one always is there.
const REGIONS: [&str; 2] = ["us-east-1", "us-west-2"];

/// What is asked for, and what it is bought from.
#[derive(Clone)]
pub(super) struct System {
    pub(super) catalog: Catalog,
    pub(super) intent: Intent,
}

/// The system of a seed. No two quantities in it are alike but by chance; prices are whole tenths
/// of a cent, so that no amount is rounded.
pub(super) fn system(seed: u64) -> System {
    let mut draw = Draw::new(0x5_EED0 + seed);
    let intent = intent(&mut draw);
    System { catalog: market(&mut draw), intent }
}

fn intent(draw: &mut Draw) -> Intent {
    let mut intent = services(draw);
    let work: f64 = intent.services.iter().filter_map(milliseconds).sum();
    let uptimes = [950_000, 990_000, 995_000, 999_000, 999_500, 999_800];
    intent.objectives.uptime = Some(uptime(uptimes[draw.place(6)]));
    intent.objectives.latency = vec![latency(950, whole(work * draw.within(2.5, 8.0) + 12.0))];
    if draw.chance(0.4) {
        let limit = whole(work * draw.within(4.0, 12.0) + 15.0);
        intent.objectives.latency.push(latency(990, limit));
    }
    if draw.chance(0.4) {
        two_classes(draw, work, &mut intent);
    }
    if draw.chance(0.3) {
        let quota = draw.whole(20, 80).to_string();
        assume(&mut intent, "rules.vcpu_quota", &quota);
    }
    if draw.chance(0.2) {
        assume(&mut intent, "rules.survives_zone_loss", "true");
    }
    if draw.chance(0.4) {
        // Machines that fail often and for long, so that one to spare or a copy is worth its price.
        for machine in ["instance", "sql.single"] {
            assume(&mut intent, &format!("availability.{machine}.rate"), "2/year");
            assume(&mut intent, &format!("availability.{machine}.repair"), "4h");
        }
        let uptimes = [994_000, 995_000, 996_000, 997_000, 998_000];
        intent.objectives.uptime = Some(uptime(uptimes[draw.place(5)]));
    }
    intent
}

/// Services that call each other in one of four ways, few enough of each to be planned in a moment.
fn services(draw: &mut Draw) -> Intent {
    let count = draw.whole(1, 3) as usize;
    let times: Vec<f64> = (0..count).map(|_| whole(draw.within(2.0, 20.0) * 10.0) / 10.0).collect();
    let mut intent = chain(u64::from(draw.whole(60, 900)), &times);
    if count == 3 && draw.chance(0.5) {
        // The first calls both others, one after the other.
        let callee = intent.services[1].calls.remove(0);
        intent.services[0].calls.push(callee);
    }
    let last = intent.services.last_mut().expect("there is a service");
    let (database, cache) = (draw.chance(0.4), draw.chance(0.25));
    if database || cache {
        last.calls.push(call(if cache { "cache" } else { "db" }));
        let mut db = service("db", ServiceKind::Sql);
        db.cpu_time = vec![(None, stated(Seconds::of_milliseconds(f64::from(draw.whole(1, 4)))))];
        db.storage = Some(stated(Mebibytes::from_gibibytes(u64::from(draw.whole(10, 300)))));
        intent.services.push(db);
    }
    if cache {
        let mut cache = service("cache", ServiceKind::Cache);
        cache.working_set = Some(stated(Mebibytes::from_gibibytes(u64::from(draw.whole(1, 9)))));
        cache.hit_ratio = Some(stated(Ratio::of(f64::from(draw.whole(50, 99)) / 100.0)));
        cache.fallback = Some(Name::of("db"));
        intent.services.insert(count, cache);
    }
    for at in 0..count {
        let pin = at_most(&intent.services[at], draw.whole(4, 7));
        intent.pins.push(pin);
    }
    intent
}

/// A second class of requests that are fewer and heavier, with a limit of their own.
fn two_classes(draw: &mut Draw, work: f64, intent: &mut Intent) {
    let share = f64::from(draw.whole(50, 95)) / 100.0;
    let name = Name::of("order");
    intent.requests[0].share = Some(stated(Ratio::of(share)));
    let mut own = latency(950, whole(work * draw.within(4.0, 12.0) + 20.0));
    own.class = Some(name.clone());
    let heavier = f64::from(draw.whole(11, 19)) / 10.0;
    let entry = &mut intent.services[0];
    let time = entry.cpu_time[0].1.value;
    entry.cpu_time.push((Some(name.clone()), stated(time.times(heavier))));
    intent.requests.push(RequestClass {
        name,
        share: None,
        enters: Name::of("s0"),
        per_page: None,
        response: Some(stated(Bytes::new(u64::from(draw.whole(1, 30)) * 1_000))),
        cacheable: None,
        latency: vec![own],
    });
}

/// What a service works for one request, in milliseconds.
fn milliseconds(service: &Service) -> Option<f64> {
    service.cpu_time.first().map(|(_, time)| time.value.value() * 1e3)
}

fn whole(number: f64) -> f64 {
    number.round()
}

/// At most so many instances of a service.
pub(super) fn at_most(service: &Service, most: u32) -> Pin {
    Pin {
        service: service.name.clone(),
        instance_type: None,
        replicas_min: None,
        replicas_max: Some(stated(most)),
        provider: None,
        product: None,
    }
}

/// One region, or two, of which each sells three instance types, two databases and two caches.
fn market(draw: &mut Draw) -> Catalog {
    let count = if draw.chance(0.35) { 2 } else { 1 };
    let mut regions = Vec::new();
    let mut offers = Vec::new();
    for name in REGIONS.into_iter().take(count) {
        regions.push(place(draw, name));
        for at in 0..3 {
            offers.push(machine(draw, &format!("m{at}"), name));
        }
        for at in 0..2 {
            offers.push(database(draw, &format!("db.m{at}"), name));
            offers.push(cache(draw, &format!("cache.m{at}"), name));
        }
    }
    catalog(regions, offers)
}

fn place(draw: &mut Draw, name: &str) -> Region {
    let mut region = region(name);
    region.zones = Some(if draw.chance(0.4) { 3 } else { 2 });
    let tenths = |draw: &mut Draw, low, high| of_tenths(draw.whole(low, high));
    let last = tenths(draw, 40, 80);
    region.internet_egress = vec![
        Tier { up_to_gb: Some(u64::from(draw.whole(50, 3_000))), price: tenths(draw, 80, 120) },
        Tier { up_to_gb: None, price: last },
    ];
    region.between_zones = Some(tenths(draw, 5, 15));
    let balancer = region.balancer.as_mut().expect("support states one");
    (balancer.hour, balancer.unit_hour) = (tenths(draw, 15, 30), tenths(draw, 5, 10));
    if draw.chance(0.15) {
        region.balancer = None;
    }
    region.sql_storage = Some(SqlStorage {
        product: "gp3".into(),
        single_gib_month: tenths(draw, 90, 130),
        standby_gib_month: tenths(draw, 180, 260),
        minimum: Mebibytes::from_gibibytes(20),
        iops: 3_000,
    });
    region
}

/// An instance type of two, four or eight vCPUs at a price to the tenth of a cent.
pub(super) fn machine(draw: &mut Draw, sku: &str, region: &str) -> Offer {
    let vcpus = 2 << draw.whole(0, 2);
    let pace = whole(draw.within(0.6, 2.5) * 1e3) / 1e3;
    let hour = f64::from(vcpus) * pace * draw.within(0.02, 0.05);
    let mut offer = instance(sku, region, (vcpus, pace), whole(hour * 1e3) / 1e3);
    offer.zones = Some(if draw.chance(0.1) { 2 } else { 3 });
    offer
}

pub(super) fn database(draw: &mut Draw, sku: &str, region: &str) -> Offer {
    let mut offer = machine(draw, sku, region);
    let hour = dearer(offer.prices.on_demand.expect("it has one"), 2);
    offer.product = Product::ManagedSql { engine: "postgres".into() };
    (offer.prices.on_demand, offer.prices.with_standby) = (Some(hour), Some(dearer(hour, 2)));
    offer
}

pub(super) fn cache(draw: &mut Draw, sku: &str, region: &str) -> Offer {
    let mut offer = machine(draw, sku, region);
    offer.product = Product::ManagedCache { engine: "valkey".into() };
    offer
}

/// Tenths of a cent of a price that is whole in them.
pub(super) fn tenths(price: Price) -> u32 {
    let tenths = price.unit_price.dollars_as_float() * 1e3;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small price")]
    let rounded = tenths.round() as u32;
    assert!((tenths - f64::from(rounded)).abs() < 1e-6, "{price:?} is in tenths of a cent");
    rounded
}

/// A price of so many tenths of a cent.
pub(super) fn of_tenths(tenths: u32) -> Price {
    price(f64::from(tenths) / 1e3)
}

pub(super) fn dearer(price: Price, factor: u32) -> Price {
    of_tenths(tenths(price) * factor)
}

/// The catalog with every price of it changed.
pub(super) fn repriced(catalog: &Catalog, mut change: impl FnMut(Price) -> Price) -> Catalog {
    let mut changed = catalog.clone();
    let mut each = |price: &mut Price| *price = change(*price);
    for offer in &mut changed.offers {
        let Prices { on_demand, with_standby, .. } = &mut offer.prices;
        on_demand.iter_mut().chain(with_standby).for_each(&mut each);
    }
    for region in &mut changed.regions {
        region.internet_egress.iter_mut().for_each(|tier| each(&mut tier.price));
        region.between_zones.iter_mut().for_each(&mut each);
        if let Some(balancer) = &mut region.balancer {
            each(&mut balancer.hour);
            each(&mut balancer.unit_hour);
        }
        let disks = region.disk.iter_mut().chain(region.family_disks.values_mut());
        disks.for_each(|disk| each(&mut disk.gib_month));
        if let Some(storage) = &mut region.sql_storage {
            each(&mut storage.single_gib_month);
            each(&mut storage.standby_gib_month);
        }
    }
    changed
}
