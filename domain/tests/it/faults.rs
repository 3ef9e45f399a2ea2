//! Each fault of a document: its code, what it points at, and what it says to do.

use std::collections::BTreeSet;

use domain::catalog::{Catalog, Defaults};
use domain::intent::document::read_document;
use domain::intent::phrase::read_phrase;
use domain::intent::{Faults, IntentFault, Source, read_intent};
use jiff::civil::date;

use crate::{SHOP, codes, document, first};

/// A document's body, the code of its first fault, the text at fault, a part of the help.
type Row = (&'static str, &'static str, &'static str, &'static str);

/// A system of one service and one class around which faults are planted.
const SMALL: &str = "requests: {page: {enters: app}}\nservices: {app: {type: service";

const ROWS: &[Row] = &[
    ("objectives: {uptime: 0.999}", "intent::uptime", "0.999", "write 99.9%"),
    ("objectives: {uptime: 99.9}", "intent::unit", "99.9", "write 99.9%"),
    ("objectives: {uptime: 99,9%}", "intent::unit", "99", "write 99%"),
    ("objectives: {uptime: \"99,9%\"}", "intent::number", "\"99,9%\"", "write 99.9%"),
    ("objectives: {uptime: 40%}", "intent::range", "40%", "50% to 99.9999%"),
    ("objectives: {uptime: 100%}", "intent::range", "100%", "50% to 99.9999%"),
    ("objectives: {uptime: 99.99995%}", "intent::number", "99.99995%", "round it"),
    ("objectives: {uptime: {window: 1y}}", "intent::missing_key", "uptime", "add `target:`"),
    ("objectives: {uptime: {target: 99%, window: 30}}", "intent::unit", "30", "write"),
    ("objectives: {uptime: {target: 99%, window: 5min}}", "intent::range", "5min", "1 day"),
    ("objectives: {uptime: {target: 99%, counted: by_time}}", "intent::unsupported", "by_time", ""),
    ("objectives: {latency: {p95: 400}}", "intent::unit", "400", "write 400ms or 400s"),
    ("objectives: {latency: 400}", "intent::unit", "400", "write 400ms or 400s"),
    ("objectives: {latency: {p95: .nan}}", "intent::number", ".nan", "1 ms to 60 s"),
    ("objectives: {latency: {p95: -.inf}}", "intent::number", "-.inf", "1 ms to 60 s"),
    ("objectives: {latency: {p95: -400ms}}", "intent::range", "-400ms", "1 ms to 60 s"),
    ("objectives: {latency: {p95: 400us}}", "intent::range", "400us", "1 ms to 60 s"),
    ("objectives: {latency: {p95: 1e-400s}}", "intent::number", "1e-400s", "round it"),
    ("objectives: {latency: {p95: 1e400s}}", "intent::number", "1e400s", "1 ms to 60 s"),
    ("objectives: {latency: {p95: 5m}}", "intent::ambiguous", "5m", "write 5min or 5ms"),
    ("objectives: {latency: {p95: 3 parsecs}}", "intent::unit", "3 parsecs", "400ms"),
    ("objectives: {latency: {p95: fast}}", "intent::number", "fast", "400ms"),
    ("objectives: {latency: {p100: 1s}}", "intent::percentile", "p100", "p99.9"),
    ("objectives: {latency: {p99.99: 1s}}", "intent::percentile", "p99.99", "p99.9"),
    ("objectives: {latency: {p95: 1s, p95.0: 2s}}", "intent::stated_twice", "p95.0", "keep one"),
    ("objectives: {latency: {q95: 1s}}", "intent::unknown_key", "q95", "did you mean `p95`?"),
    ("objectives: {latency: {measured_at: client}}", "intent::unsupported", "client", "leave"),
    ("objectives: {latency: p95 over 1s}", "intent::direction", "p95 over 1s", "at most"),
    ("objectives: {latency: 10k users}", "intent::misplaced_key", "10k users", "one thing only"),
    ("objectives: {load: please}", "intent::empty", "please", "10k users"),
    ("objectives: {load: 10k}", "intent::unit", "10k", "10k users"),
    ("objectives: {load: {users: 0}}", "intent::range", "0", "1 to 1,000,000,000"),
    ("objectives: {load: {users: 2e9}}", "intent::range", "2e9", "1 to 1,000,000,000"),
    ("objectives: {load: {users: 1.5}}", "intent::number", "1.5", "a whole number"),
    ("objectives: {load: {users: 1k, requests_per_second: 5}}", "intent::contradiction", "5", ""),
    ("objectives: {load: {requests_per_second: 1M/day}}", "intent::unit", "1M/day", "500/s"),
    ("objectives: {load: {monthly_users: 1k}}", "intent::unknown_key", "monthly_users", "users"),
    ("objectives: {budget: 3000}", "intent::unit", "3000", "write 3000 USD/month"),
    ("objectives: {budget: {expected: 5 EUR}}", "intent::unit", "5 EUR", "3000 USD/month"),
    ("objectives: {budget: 0.1 USD}", "intent::range", "0.1 USD", "$1 to"),
    ("objectives: {headroom: {load: 0.25}}", "intent::unit", "0.25", "write 25% or 0.25%"),
    ("objectives: {headroom: {instances_down: 999}}", "intent::range", "999", "0 to 100"),
    ("objectives: {recovery: {rpo: 5}}", "intent::unit", "5", "5ms"),
    ("objectives: {}\nobjectives: {}", "intent::duplicate_key", "objectives", "on line 3"),
    ("objectivs: {}", "intent::unknown_key", "objectivs", "did you mean `objectives`?"),
    ("objectives:", "intent::shape", "objectives", "a mapping is due"),
    ("objectives: [a]", "intent::shape", "objectives", "a mapping is due"),
    ("external: {payments: {}}", "intent::misplaced_key", "external", "services that call it"),
    ("environments: {dev: {cost: 1}}", "intent::unknown_key", "cost", "known are load"),
    ("environments: {}", "intent::empty", "environments", "name one"),
    ("hours: {mon-fri: 8-19}", "intent::hours", "8-19", "for example"),
    ("hours: {mon-fri: \"08:00-08:30\"}", "intent::hours", "\"08:00-08:30\"", "at least 60"),
    ("hours: {mon: \"08:00-25:00\"}", "intent::hours", "\"08:00-25:00\"", "for example"),
    ("hours: {fri-mon: \"08:00-19:00\"}", "intent::unknown_key", "fri-mon", "write mon"),
    ("hours: {zone: UTC}", "intent::empty", "hours", "for example"),
    ("hours: {mon: \"08:00-19:00\", zone: dublin}", "intent::hours", "dublin", "IANA"),
    (
        "hours: {mon: \"08:00-19:00\", zone: Europe/Dubln}",
        "intent::hours",
        "Europe/Dubln",
        "Dublin",
    ),
    ("hours: {mon: \"08:00-19:00\", zone: Mars/Base}", "intent::hours", "Mars/Base", "IANA"),
    ("purchase: [spot]", "intent::missing_key", "purchase", "add on_demand"),
    ("purchase: [on_demand, on_demand]", "intent::stated_twice", "on_demand", "keep one"),
    ("purchase: [credit]", "intent::choice", "credit", "write one of"),
    ("metadata: {name: My Shop}", "intent::name", "My Shop", "for example: my-shop"),
    ("metadata: {labels: {a: \"x\\u202Ey\"}}", "intent::text", "\"x\\u202Ey\"", "letters"),
    ("metadata: {labels: {a: [b]}}", "intent::shape", "a", "a text is due"),
    ("traffic: {shape: flaat}", "intent::choice", "flaat", "did you mean `flat`?"),
    ("traffic: {shape: flash_crowd}", "intent::unsupported", "flash_crowd", "leave it out"),
    ("traffic: {shape: {trace: w.csv}}", "intent::unsupported", "trace", "leave it out"),
    ("traffic: {growth: 20%}", "intent::unit", "20%", "write 20%/year"),
    ("traffic: {users_in: [UK]}", "intent::country", "UK", "is GB"),
    ("traffic: {users_in: [ie]}", "intent::country", "ie", "for example: IE"),
    ("traffic: {users_in: [XQ]}", "intent::country", "XQ", "ISO 3166-1"),
    ("traffic: {users_in: [IE, IE]}", "intent::stated_twice", "IE", "keep one"),
    ("traffic: {users_in: []}", "intent::empty", "users_in", "name one"),
    ("traffic: {users_in: IE}", "intent::shape", "IE", "a list is due"),
    ("traffic: {shape: {diurnal: {peak_to_mean: 0.5}}}", "intent::range", "0.5", "1 to 100"),
    ("requests: {}", "intent::empty", "requests", "leave `requests` out"),
    ("requests: {page: {share: 100%}}", "intent::missing_key", "page", "add `enters:`"),
    ("requests: {p: {enters: a, cacheable: 100%}}", "intent::range", "100%", "99.99%"),
    ("requests: {p: {enters: a, cacheable: 0%}}", "intent::range", "0%", "99.99%"),
    (
        "requests: {a: {share: 60%, enters: x}, b: {share: 60%, enters: x}}",
        "intent::shares",
        "requests",
        "100%",
    ),
    ("requests: {a: {share: 100%, enters: x}, b: {enters: x}}", "intent::shares", "requests", ""),
    ("services: {}", "intent::empty", "services", "archetype"),
    ("services: {app: {type: service}}", "intent::entry", "services", "enters"),
    ("services: {edge: {type: service}}", "intent::name", "edge", "balancer"),
    ("services: {mail: {type: function}}", "intent::unsupported", "function", "leave it out"),
    ("services: {app: {cpu_time: 1ms}}", "intent::missing_key", "app", "add `type:`"),
    ("services: {app: {type: servce}}", "intent::choice", "servce", "did you mean `service`?"),
    ("run_on: {platform: kubernetes}", "intent::unsupported", "kubernetes", "leave it out"),
    ("run_on: {providers: []}", "intent::empty", "providers", "any"),
    ("run_on: {providers: [aws, aws]}", "intent::stated_twice", "aws", "keep one"),
    ("run_on: {providers: [ibm]}", "intent::choice", "ibm", "aws, azure, google"),
    ("run_on: {providers: aws}", "intent::shape", "aws", "a list is due"),
    ("run_on: {regions: [dublin]}", "intent::region", "dublin", "try eu-west-1 or northeurope"),
    (
        "run_on: {providers: [azure], regions: [us-east-1]}",
        "intent::contradiction",
        "us-east-1",
        "a region of azure",
    ),
    ("run_on: {zones: {at_least: 7}}", "intent::range", "7", "1 to 6"),
    ("run_on: {zones: {exactly: 2}}", "intent::unsupported", "exactly", "leave it out"),
    ("pins: {app: {}}", "intent::empty", "app", "instance_type"),
    ("pins: {app: {replicas: {min: 5, max: 3}}}", "intent::contradiction", "replicas", "swap"),
    ("pins: {app: {replicas: 20k}}", "intent::range", "20k", "1 to 10,000"),
    ("pins: {app: {replicas: 3}, app: {replicas: 4}}", "intent::duplicate_key", "app", "on line 3"),
    ("operations: heroic", "intent::choice", "heroic", "basic, standard, advanced"),
    ("assume: {think_time: 7s}", "intent::unknown_key", "think_time", "demand.think_time"),
    ("? [a, b]\n: c", "intent::shape", "[", "a plain word"),
    ("- a\n- b", "intent::syntax", "", ""),
    ("a: b: c", "intent::syntax", "", ""),
    ("kind: &k Intent2", "intent::duplicate_key", "kind", "on line 2"),
    ("operations: &o basic", "intent::alias", "basic", "leave the anchor out"),
    ("operations: *o", "intent::alias", "", "write the value out"),
    ("operations: !!str basic", "intent::tag", "!!str", "leave the tag out"),
    ("operations: basic\n---\nkind: Intent", "intent::several_documents", "---", "one document"),
];

/// Faults inside a service.
const IN_SERVICE: &[Row] = &[
    (", cpu_time: 12", "intent::unit", "12", "12ms or 12s"),
    (", cpu_time: 2min", "intent::range", "2min", "1 us to 60 s"),
    (", cpu_time: {pgae: 1ms}", "intent::unknown_class", "pgae", "did you mean `page`?"),
    (", measured_on: m5.large", "intent::missing_key", "m5.large", "cpu_time"),
    (", spread: {cv: 25}", "intent::range", "25", "0 to 20"),
    (", spread: {p99: 3ms}", "intent::unsupported", "p99", "leave it out"),
    (", spread: 1.2", "intent::shape", "1.2", "a mapping"),
    (", memory: {base: 400M}", "intent::ambiguous", "400M", "write 400MiB or 400MB"),
    (", memory: {base: 25TiB}", "intent::range", "25TiB", "24 TiB"),
    (", memory: {base: 400}", "intent::unit", "400", "400MiB or 400GiB"),
    (", startup: 2h", "intent::range", "2h", "0 to 1 h"),
    (", port: 70000", "intent::range", "70000", "1 to 65535"),
    (", health_path: ready", "intent::text", "ready", "/healthz"),
    (", image: \"a b\"", "intent::text", "\"a b\"", "one word"),
    (", degrade: {}", "intent::missing_key", "degrade", "add `without:`"),
    (", cpu_tme: 1ms", "intent::unknown_key", "cpu_tme", "did you mean `cpu_time`?"),
    (", hit_ratio: 90%", "intent::misplaced_key", "hit_ratio", "leave it out"),
    (", on_failure: {retries: 11}", "intent::range", "11", "0 to 10"),
    (", on_failure: {retry_budget: 0.1}", "intent::unit", "0.1", "write 10% or 0.1%"),
    (", calls: {to: db}", "intent::shape", "calls", "a list is due"),
    (", calls: [{count: 1}]", "intent::missing_key", "{", "add `to:`"),
    (", calls: [{to: paymnets}]", "intent::unknown_service", "paymnets", "app"),
    (", calls: [{to: app}]", "intent::cycle", "app", "come to an end"),
];

/// Faults of a database and a cache behind the service.
const BEHIND: &[Row] = &[
    ("db: {type: sql}", "intent::unreachable_service", "db", "call it"),
    ("db: {type: sql, engine: oracle}", "intent::choice", "oracle", "postgres, mysql, mariadb"),
    ("db: {type: sql, engine: postgresql}", "intent::choice", "postgresql", "`postgres`?"),
    ("db: {type: sql, iops_per_query: 0}", "intent::range", "0", "to 1,000"),
    ("c: {type: cache, iops_per_query: 1}", "intent::misplaced_key", "iops_per_query", ""),
    ("db: {type: sql, calls: []}", "intent::misplaced_key", "calls", "this is a database"),
    ("db: {type: sql, connections: 0}", "intent::range", "0", "1 to 100,000"),
    ("c: {type: cache, fallback: d}", "intent::unknown_service", "d", "app, c"),
    ("c: {type: cache, fallback: c}", "intent::fallback", "c", "a database or a service"),
    ("c: {type: cache, hit_ratio: 0.9}", "intent::unit", "0.9", "write 90% or 0.9%"),
    (
        "x: {type: service, calls: [{to: db, lookups: 3}]}, db: {type: sql}",
        "intent::misplaced_key",
        "lookups",
        "this calls a database",
    ),
    (
        "x: {type: service, calls: [{to: db, async: true}]}, db: {type: sql}",
        "intent::unsupported",
        "async",
        "leave it out",
    ),
    (
        "x: {type: service, calls: [{to: y}]}, y: {type: service, calls: [{to: x}]}",
        "intent::cycle",
        "x",
        "",
    ),
];

/// What is not as the row says.
fn check(text: &str, row: &Row, reached: &mut BTreeSet<&'static str>) -> Option<String> {
    let (_, code, at, help) = *row;
    let Err(faults) = document(text) else {
        return Some(format!("{text}\n  is read"));
    };
    let (found, place, said) = first(&faults);
    reached.extend(codes(&faults));
    let as_stated = found == code && place == at && said.contains(help) && !said.is_empty();
    let message = &faults.faults[0].fault;
    (!as_stated).then(|| format!("{text}\n  {found} at `{place}`: {message}; {said}"))
}

#[test]
fn every_fault_has_its_code_its_place_and_its_help() {
    let mut reached = BTreeSet::new();
    let all = ROWS.iter().map(|row| (row.0.to_owned(), row));
    let all = all.chain(IN_SERVICE.iter().map(|row| (format!("{SMALL}{}}}}}", row.0), row)));
    let all = all.chain(BEHIND.iter().map(|row| (format!("{SMALL}}}, {}}}", row.0), row)));
    let others: Vec<String> =
        all.filter_map(|(text, row)| check(&text, row, &mut reached)).collect();
    assert!(others.is_empty(), "{}", others.join("\n"));
    for phrase in ["flurbs", "1M MAU", "3 instances", "average latency 1s"] {
        reached.extend(codes(&read_phrase(phrase).unwrap_err()));
    }
    let none = Source::Phrase("10k users".to_owned());
    reached.extend(codes(&read_intent(&none, &["x".to_owned()]).unwrap_err()));
    reached.extend(codes(&read_intent(&none, &["environment=x".to_owned()]).unwrap_err()));
    reached.extend(codes(&read_document("kind: Plan", "x").unwrap_err()));
    reached.extend(codes(&read_phrase(&"a ".repeat(9_999)).unwrap_err()));
    reached.extend(codes(&unsold()));
    let missing: Vec<_> =
        IntentFault::CODES.iter().filter(|code| !reached.contains(*code)).collect();
    assert!(missing.is_empty(), "no test reaches {missing:?}");
}

#[test]
fn the_head_says_what_a_document_is() {
    let faults = read_document("objectives: {}", "x.yaml").unwrap_err();
    assert_eq!(codes(&faults), ["intent::missing_key", "intent::missing_key"]);
    let faults = read_document("apiVersion: plimsoll/v2\nkind: Spec", "x.yaml").unwrap_err();
    assert_eq!(codes(&faults), ["intent::version", "intent::version"]);
    assert_eq!(first(&faults).2, "write plimsoll/v1");
    for text in ["", "# nothing", "---\n"] {
        assert_eq!(codes(&read_document(text, "x").unwrap_err()), ["intent::empty"], "{text:?}");
    }
    assert_eq!(codes(&read_document("hello", "x").unwrap_err()), ["intent::shape"]);
}

#[test]
fn a_cycle_is_named() {
    let services = "a: {type: service, calls: [{to: b}]}, b: {type: service, calls: [{to: c}]}, \
                    c: {type: service, calls: [{to: a}]}";
    let text = format!("requests: {{page: {{enters: a}}}}\nservices: {{{services}}}");
    let faults = document(&text).unwrap_err();
    let message = faults.faults[0].fault.to_string();
    assert_eq!(message, "services call each other in a circle: a \u{2192} b \u{2192} c \u{2192} a");
}

#[test]
fn faults_come_all_at_once_in_the_order_of_their_places() {
    let text = SHOP
        .replace("target: 99.9%", "target: 0.999")
        .replace("{to: catalog, for: browse", "{to: catlog, for: brwose")
        .replace("working_set: 8GiB", "working_set: 8G")
        .replace("operations: standard", "operatons: standard");
    let faults = read_document(&text, "shop.yaml").unwrap_err();
    assert_eq!(
        codes(&faults),
        ["intent::uptime", "intent::unknown_service", "intent::ambiguous", "intent::unknown_key",]
    );
    let (line, column) = faults.faults[1].text.line_and_column(faults.faults[1].offset);
    assert_eq!((line, column), (42, 14));
}

/// Faults of an intent that names what an empty catalog does not sell.
fn unsold() -> Faults {
    let catalog = Catalog {
        digest: String::new(),
        as_of: date(2026, 7, 20),
        regions: Vec::new(),
        offers: Vec::new(),
        slas: Vec::new(),
        boot_times: std::collections::BTreeMap::new(),
        defaults: Defaults::default(),
        archetypes: Vec::new(),
        facts: domain::facts::Facts::default(),
    };
    let phrase = "3 c9x.large instances for web in us-east-1";
    let intent = read_phrase(phrase).expect("the phrase is read");
    intent.check_against(&catalog).expect_err("an empty catalog sells nothing")
}

#[test]
fn what_is_not_sold_is_a_fault_of_the_input() {
    let faults = unsold();
    assert_eq!(codes(&faults), ["intent::offer", "intent::region"]);
    assert_eq!(first(&faults).1, "3 c9x.large instances for web");
}

#[test]
fn the_book_explains_every_code() {
    let book = include_str!("../../../docs/book/src/errors.md");
    let headings: Vec<&str> = book.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let ours: Vec<&str> =
        headings.iter().copied().filter(|code| code.starts_with("intent::")).collect();
    assert_eq!(ours, IntentFault::CODES);
    assert!(headings.is_sorted());
}
