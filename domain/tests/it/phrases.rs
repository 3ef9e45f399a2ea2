//! Each wording that is read, and each that is refused, with the place of its fault.

use domain::intent::phrase::read_phrase;
use domain::intent::{Intent, PinnedProduct, Shape};
use domain::name::Name;
use domain::objective::{LatencyObjective, Load, Operations, UserKind};
use domain::offer::Provider;
use domain::units::{MicroDollars, Seconds};

use crate::{codes, first};

fn read(phrase: &str) -> Intent {
    read_phrase(phrase).unwrap_or_else(|faults| panic!("{phrase}: {faults:#?}"))
}

fn refused(phrase: &str) -> (&'static str, String, String) {
    let faults = read_phrase(phrase).expect_err(phrase);
    let (code, at, help) = first(&faults);
    (code, at.to_owned(), help.to_owned())
}

#[test]
fn the_seed_phrase_is_read() {
    let phrase = "handle 10k users, 99.9% uptime, 400ms latency";
    let intent = read(phrase);
    assert_eq!(
        intent.objectives.load,
        Some(Load::Users { count: 10_000, kind: None, think_time: None })
    );
    assert_eq!(intent.objectives.uptime.unwrap().ppm(), 999_000);
    let [latency] = &intent.objectives.latency[..] else { panic!("one latency") };
    assert_eq!(latency.id(), "latency-p95");
    assert!(!latency.percentile_stated);
    assert_eq!(latency.limit, Seconds::of(0.4));
    assert_eq!(intent.phrase.as_deref(), Some(phrase));
    assert!(intent.services.is_empty() && intent.pins.is_empty());
}

#[test]
fn order_marks_and_manners_change_nothing() {
    let seed = read("10k users, 99.9% uptime, 400ms latency").objectives;
    for phrase in [
        "99.9% uptime 400ms latency 10k users",
        "400ms latency;10k users;99.9% uptime",
        "99.9% uptime,400ms latency,10k users",
        "Please build me a website for 10,000 users with 99.9% Uptime and 400 ms latency!",
        "we need to support (about) 10k users at 99.9 % availability, latency: 400ms.",
        "users: 10k; uptime: 99.9%; latency: 400ms",
        "10 k users, three nines, latency should stay below 400 milliseconds",
        "ten thousand users, uptime of at least 99.9%, responses within 400ms",
        "10k users, 3 nines of availability, under 400ms",
        "10k users & availability SLO 99.9% & latency <= 400ms",
    ] {
        assert_eq!(read(phrase).objectives, seed, "{phrase}");
    }
}

#[test]
fn users_of_each_kind_are_told_apart() {
    for (phrase, users, kind) in [
        ("10k users", 10_000, None),
        ("10k active users", 10_000, None),
        ("up to 10k users", 10_000, None),
        ("a million users", 1_000_000, None),
        ("1.5M customers", 1_500_000, None),
        ("10,000 concurrent users", 10_000, Some(UserKind::Concurrent)),
        ("10k simultaneous users", 10_000, Some(UserKind::Concurrent)),
        ("10k users at the same time", 10_000, Some(UserKind::Concurrent)),
        ("10k users online at peak", 10_000, Some(UserKind::Concurrent)),
        ("concurrent users: 10k", 10_000, Some(UserKind::Concurrent)),
        ("10k concurrent", 10_000, Some(UserKind::Concurrent)),
        ("10k daily active users", 10_000, Some(UserKind::DailyActive)),
        ("10k DAU", 10_000, Some(UserKind::DailyActive)),
        ("10k unique visitors a day", 10_000, Some(UserKind::DailyActive)),
        ("10k users/day", 10_000, Some(UserKind::DailyActive)),
        ("50k registered users", 50_000, Some(UserKind::Registered)),
        ("50k accounts registered", 50_000, Some(UserKind::Registered)),
    ] {
        let think_time = None;
        let load = Load::Users { count: users, kind, think_time };
        assert_eq!(read(phrase).objectives.load, Some(load), "{phrase}");
    }
    for phrase in ["1M MAU", "10k monthly active users", "10k concurrent users a day"] {
        assert_eq!(refused(phrase).0, "intent::users", "{phrase}");
    }
}

#[test]
fn a_think_time_goes_with_users() {
    for phrase in [
        "10k users, 30s think time",
        "10k users, think time of 30 seconds",
        "10k users with 30s between pages",
    ] {
        let intent = read(phrase);
        let Some(Load::Users { think_time, .. }) = intent.objectives.load else {
            panic!("{phrase}")
        };
        assert_eq!(think_time, Some(Seconds::of(30.0)), "{phrase}");
    }
    assert_eq!(refused("500 rps with 30s think time").0, "intent::contradiction");
    assert_eq!(refused("30s think time").0, "intent::missing_key");
}

#[test]
fn rates_are_read_in_seconds_minutes_and_hours() {
    for (phrase, rate) in [
        ("500 requests/s", 500.0),
        ("500 requests per second", 500.0),
        ("500 rps", 500.0),
        ("500rps", 500.0),
        ("rps: 500", 500.0),
        ("500 tps", 500.0),
        ("500 transactions per second", 500.0),
        ("2k req/s", 2_000.0),
        ("2.5k requests a second at peak", 2_500.0),
        ("30k requests per minute", 500.0),
        ("36k requests/hour", 10.0),
        ("serve 500 queries per second", 500.0),
    ] {
        let Some(Load::Rate(read)) = read(phrase).objectives.load else { panic!("{phrase}") };
        assert!((read.value() - rate).abs() < 1e-9, "{phrase}");
    }
    assert_eq!(refused("1M requests/day").0, "intent::unit");
    assert_eq!(refused("10k requests").2, "write 10k requests/s");
}

#[test]
fn uptime_is_a_percentage_or_nines() {
    for (phrase, ppm) in [
        ("99.9% uptime", 999_000),
        ("99.95% available", 999_500),
        ("99.95 % availability", 999_500),
        ("availability of 99.99%", 999_900),
        ("99.9% uptime SLA", 999_000),
        ("up 99.9% of the time", 999_000),
        ("three nines", 999_000),
        ("four 9s of uptime", 999_900),
        ("uptime: five nines", 999_990),
    ] {
        assert_eq!(read(phrase).objectives.uptime.unwrap().ppm(), ppm, "{phrase}");
    }
}

#[test]
fn latency_takes_a_percentile_on_either_side() {
    for (phrase, percentile, stated, seconds) in [
        ("400ms latency", "p95", false, 0.4),
        ("latency under 400ms", "p95", false, 0.4),
        ("respond within 1 s", "p95", false, 1.0),
        ("p95 under 400ms", "p95", true, 0.4),
        ("p99 latency below 1.2s", "p99", true, 1.2),
        ("latency of 400ms at p99", "p99", true, 0.4),
        ("95th percentile 300ms", "p95", true, 0.3),
        ("response time 300ms at the 99th percentile", "p99", true, 0.3),
        ("median 50ms", "p50", true, 0.05),
        ("p50 50ms", "p50", true, 0.05),
        ("p99.9 < 2s", "p99.9", true, 2.0),
        ("p(95)<400ms", "p95", true, 0.4),
        ("99% of requests answered within 1s", "p99", true, 1.0),
        ("95% under 400ms", "p95", true, 0.4),
        ("400ms for 95% of requests", "p95", true, 0.4),
        ("300ms response time for 99% of requests", "p99", true, 0.3),
    ] {
        let intent = read(phrase);
        let [latency] = &intent.objectives.latency[..] else { panic!("{phrase}") };
        assert_eq!(latency.percentile.to_string(), percentile, "{phrase}");
        assert_eq!(latency.percentile_stated, stated, "{phrase}");
        assert_eq!(latency.limit, Seconds::of(seconds), "{phrase}");
    }
    let both = read("p95 < 400 ms and p99 < 1s").objectives.latency;
    let ids: Vec<String> = both.iter().map(LatencyObjective::id).collect();
    assert_eq!(ids, ["latency-p95", "latency-p99"]);
}

#[test]
fn budgets_are_dollars_a_month() {
    for (phrase, dollars) in [
        ("below $1500/month", 1_500),
        ("under 3000 USD a month", 3_000),
        ("budget $3k/month", 3_000),
        ("at most 2000 dollars per month", 2_000),
        ("monthly budget of 2,000 usd", 2_000),
        ("for $500", 500),
        ("1500 dollars/month", 1_500),
        ("1500$/month", 1_500),
        ("$6,000/yr", 500),
        ("72k USD a year", 6_000),
        ("at most 12000$/year", 1_000),
    ] {
        let expected = Some(MicroDollars::from_dollars(dollars));
        assert_eq!(read(phrase).objectives.budget.expected, expected, "{phrase}");
    }
    let both = read("expected cost under $3k a month, ceiling $5k").objectives.budget;
    assert_eq!(both.expected, Some(MicroDollars::from_dollars(3_000)));
    assert_eq!(both.ceiling, Some(MicroDollars::from_dollars(5_000)));
    for phrase in ["€3000/month", "$100 a day", "500 pounds a month"] {
        assert_eq!(refused(phrase).0, "intent::unit", "{phrase}");
    }
}

#[test]
fn placement_is_read() {
    for (phrase, provider) in [
        ("on aws", Provider::Aws),
        ("on Amazon Web Services", Provider::Aws),
        ("in azure", Provider::Azure),
        ("on google cloud", Provider::Google),
        ("using gcp", Provider::Google),
        ("provider: aws", Provider::Aws),
        ("on the aws cloud", Provider::Aws),
    ] {
        assert_eq!(read(phrase).run_on.providers, [provider], "{phrase}");
    }
    let intent = read("on aws or azure, in eu-west-1 or westeurope, across 3 availability zones");
    assert_eq!(intent.run_on.providers, [Provider::Aws, Provider::Azure]);
    let regions: Vec<&str> = intent.run_on.regions.iter().map(Name::as_str).collect();
    assert_eq!(regions, ["eu-west-1", "westeurope"]);
    assert_eq!(intent.run_on.zones.unwrap().value, 3);
    assert_eq!(read("multi-az").run_on.zones.unwrap().value, 2);
    for (phrase, at) in [
        ("in us-east-1 and eu-west-1", "eu-west-1"),
        ("in us-east-1 and in eu-west-1", "eu-west-1"),
        ("on aws & azure", "azure"),
        ("on aws and google cloud", "google cloud"),
    ] {
        let (code, place, help) = refused(phrase);
        assert_eq!((code, place.as_str()), ("intent::unsupported", at), "{phrase}");
        assert!(help.contains("`or`"), "{phrase}: {help}");
    }
    assert_eq!(read("on aws and in us-east-1").run_on.regions.len(), 1);
    for phrase in ["region: eu-west-1", "in the eu-west-1 region", "region eu-west-1"] {
        assert_eq!(read(phrase).run_on.regions[0].as_str(), "eu-west-1", "{phrase}");
    }
}

#[test]
fn places_are_answered_with_regions() {
    let (code, at, help) = refused("10k users on aws in Dublin");
    assert_eq!((code, at.as_str(), help.as_str()), ("intent::region", "Dublin", "try eu-west-1"));
    assert_eq!(refused("10k users in new zealand").1, "new zealand");
    assert_eq!(refused("10k users in the US on azure").2, "try eastus");
    assert_eq!(refused("in us-esat-1").2, "did you mean `us-east-1`?");
    assert_eq!(refused("on azure in us-east-1").0, "intent::contradiction");
}

#[test]
fn operations_headroom_and_traffic_are_read() {
    for (phrase, level) in [
        ("operations: advanced", Operations::Advanced),
        ("advanced operations", Operations::Advanced),
        ("with canary releases and automatic rollback", Operations::Advanced),
        ("manual releases", Operations::Basic),
        ("standard operations", Operations::Standard),
    ] {
        assert_eq!(read(phrase).operations.unwrap().value, level, "{phrase}");
    }
    for (phrase, percent) in
        [("with 50% headroom", 0.5), ("headroom of 10%", 0.1), ("no headroom", 0.0)]
    {
        let load = read(phrase).objectives.headroom_load.unwrap();
        assert!((load.value.value() - percent).abs() < 1e-12, "{phrase}");
    }
    for (phrase, count) in [
        ("with one instance down", 1),
        ("when an instance is down", 1),
        ("survive 2 nodes lost", 2),
        ("no instance down", 0),
    ] {
        assert_eq!(read(phrase).objectives.instances_down.unwrap().value, count, "{phrase}");
    }
    assert_eq!(read("flat traffic").traffic.shape, Some(Shape::Flat));
    let shape = read("peak 4x the mean").traffic.shape;
    let Some(Shape::Diurnal { peak_to_mean: Some(ratio) }) = shape else { panic!("{shape:?}") };
    assert!((ratio.value - 4.0).abs() < 1e-12);
    let traffic = read("growing 20% a year over 3 years").traffic;
    assert!((traffic.growth.unwrap().value.value() - 0.2).abs() < 1e-12);
    assert_eq!(traffic.horizon.unwrap().value, Seconds::of(3.0 * 31_536_000.0));
}

#[test]
fn decisions_are_taken_as_pins() {
    type Row<'a> =
        (&'a str, &'a str, Option<&'a str>, (Option<u32>, Option<u32>), Option<Provider>);
    let rows: [Row<'_>; 10] = [
        ("3 EC2 instances for web", "web", None, (Some(3), Some(3)), Some(Provider::Aws)),
        ("3 web servers", "web", None, (Some(3), Some(3)), None),
        ("at least 3 instances for the app tier", "app", None, (Some(3), None), None),
        ("no more than 8 nodes for app", "app", None, (None, Some(8)), None),
        ("4 c8g.xlarge instances for app", "app", Some("c8g.xlarge"), (Some(4), Some(4)), None),
        ("db on db.m6g.large", "db", Some("db.m6g.large"), (None, None), None),
        ("app uses Standard_D4ps_v6", "app", Some("Standard_D4ps_v6"), (None, None), None),
        ("n2-standard-4 for app", "app", Some("n2-standard-4"), (None, None), None),
        ("3x m5.large for app", "app", Some("m5.large"), (Some(3), Some(3)), None),
        ("3 x EC2 for app", "app", None, (Some(3), Some(3)), Some(Provider::Aws)),
    ];
    for (phrase, service, kind, replicas, provider) in rows {
        let intent = read(phrase);
        let [pin] = &intent.pins[..] else { panic!("{phrase}") };
        assert_eq!(pin.service.as_str(), service, "{phrase}");
        assert_eq!(pin.instance_type.as_ref().map(|kind| kind.value.as_str()), kind, "{phrase}");
        let count =
            |stated: &Option<domain::ledger::Stated<u32>>| stated.as_ref().map(|one| one.value);
        assert_eq!((count(&pin.replicas_min), count(&pin.replicas_max)), replicas, "{phrase}");
        assert_eq!(pin.provider, provider, "{phrase}");
    }
    let product = |phrase: &str| read(phrase).pins[0].product;
    assert_eq!(product("2 EC2 instances for cache"), Some(PinnedProduct::Instance));
    assert_eq!(product("2 RDS instances for db"), Some(PinnedProduct::ManagedSql));
    assert_eq!(product("2 aws instances for cache"), None);
    assert_eq!(refused("3 EC2 instances").0, "intent::pin");
    assert_eq!(refused("under 4 instances for web").0, "intent::direction");
    assert_eq!(refused("3 EC2 instances for web on azure").0, "intent::contradiction");
}

#[test]
fn every_refusal_has_its_code_and_its_place() {
    for (phrase, code, at) in [
        ("10k users, flurbs", "intent::unknown_word", "flurbs"),
        ("10k users, not on aws", "intent::unknown_word", "not"),
        ("500 concurrent requests", "intent::unit", "500"),
        ("99% or 99.9% uptime", "intent::unit", "99%"),
        ("10k users in 2 regions", "intent::unit", "2"),
        ("10k usres", "intent::unit", "10k"),
        ("low latency for 10k users", "intent::unknown_word", "low latency"),
        ("10k users and a cheap price", "intent::unknown_word", "cheap price"),
        ("p95 and p99 under 400ms", "intent::unknown_word", "p95"),
        ("shop.yaml", "intent::unknown_word", "shop.yaml"),
        ("400 latency", "intent::unit", "400 latency"),
        ("budget 3000", "intent::unit", "budget 3000"),
        ("99.9%", "intent::unit", "99.9%"),
        ("99.9 uptime", "intent::unit", "99.9 uptime"),
        ("latency 400parsecs", "intent::unit", "latency 400parsecs"),
        ("growth 20%", "intent::unit", "growth 20%"),
        ("0.999 uptime", "intent::uptime", "0.999 uptime"),
        ("uptime .999", "intent::uptime", "uptime .999"),
        ("99,9% uptime", "intent::number", "99,9% uptime"),
        ("1e400 users", "intent::number", "1e400 users"),
        ("-5 users", "intent::range", "-5 users"),
        ("100% uptime", "intent::range", "100% uptime"),
        ("400us latency", "intent::range", "400us latency"),
        ("seven nines", "intent::range", "seven nines"),
        ("10k users, 20k users", "intent::stated_twice", "20k users"),
        ("99.9% uptime, 99.9% availability", "intent::stated_twice", "99.9% availability"),
        ("400ms latency, p95 under 300ms", "intent::stated_twice", "p95 under 300ms"),
        ("10k users and 500 rps", "intent::contradiction", "500 rps"),
        ("no headroom but 50% headroom", "intent::stated_twice", "50% headroom"),
        ("under 99% uptime", "intent::direction", "under 99% uptime"),
        ("latency over 400ms", "intent::direction", "latency over 400ms"),
        ("at most 2 zones", "intent::direction", "at most 2 zones"),
        ("average latency 300ms", "intent::percentile", "average latency"),
        ("p100 under 400ms", "intent::percentile", "p100 under 400ms"),
        ("all requests under 400ms", "intent::percentile", "all requests under 400ms"),
        ("99.9% uptime on kubernetes", "intent::unsupported", "kubernetes"),
        ("rpo of 5min", "intent::unsupported", "rpo of 5min"),
        ("in one zone", "intent::unsupported", "one zone"),
        ("", "intent::empty", ""),
        ("please", "intent::empty", "please"),
    ] {
        let (found, place, help) = refused(phrase);
        assert_eq!((found, place.as_str()), (code, at), "{phrase}");
        assert!(!help.is_empty(), "{phrase}");
    }
}

#[test]
fn all_faults_come_together_with_what_was_understood() {
    let phrase = "handle 10k users, 99.9 uptime, 400ms latency, blazingly fast on aws in dublin";
    let faults = read_phrase(phrase).unwrap_err();
    assert_eq!(codes(&faults), ["intent::unit", "intent::unknown_word", "intent::region"]);
    assert_eq!(faults.understood, ["users 10k", "latency 400 ms", "provider aws"]);
    assert_eq!(faults.to_string(), "the intent has 3 faults");
}

#[test]
fn a_phrase_has_an_end() {
    let phrase = "10k users ".repeat(1_001);
    assert_eq!(refused(&phrase).0, "intent::too_large");
}
