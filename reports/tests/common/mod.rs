//! An answer made by hand, with the numbers that a reader of the seed phrase would see: unit prices
//! are list prices, loads follow from the stated defaults, what a simulation would find is made up.

mod demand;
mod evidence;
mod plan;
mod refusal;
mod studies;

use domain::intent::{Intent, Metadata, StatedObjectives};
use domain::ledger::{Assumption, Ledger, Origin, Value};
use domain::name::Name;
use domain::objective::Load;
use domain::outcome::{Alternative, Answer, Provenance, Risk, Round, Sensitivity, Severity};
use domain::policy::Author;
use domain::units::MicroDollars;

pub(crate) use refusal::{below_the_work, over_budget};
pub(crate) use studies::{capacity, explanation, frontier, studies};

/// The seed phrase.
pub(crate) const PHRASE: &str = "handle 10k users, 99.9% uptime, 400ms latency";

/// The verified answer to the seed phrase.
pub(crate) fn answer() -> Answer {
    Answer {
        intent: intent(),
        demand: demand::demand(),
        plan: plan::plan(),
        verification: evidence::verification(),
        rounds: vec![
            Round {
                plan: "app 7 × c8g.xlarge".into(),
                cost: MicroDollars::from_dollars(3_336),
                objection: Some("latency-p95@headroom".into()),
                cut: Some("dominance"),
            },
            Round {
                plan: "app 8 × c8g.xlarge".into(),
                cost: plan::plan().bill.totals().expected,
                objection: None,
                cut: None,
            },
        ],
        other_readings: vec![
            alternative("reading:slow", "at 30 s between pages", Some(1_243)),
            alternative("reading:daily_active", "10k daily active", Some(268)),
            alternative("reading:registered", "10k registered", Some(264)),
        ],
        alternatives: vec![
            alternative("headroom:0", "without headroom", Some(3_289)),
            alternative("latency:p99", "as p99", Some(3_382)),
        ],
        sensitivities: sensitivities(),
        risks: risks(),
        policy: Vec::new(),
        provenance: provenance(),
    }
}

pub(crate) fn intent() -> Intent {
    Intent {
        metadata: Metadata {
            name: Some(Name::of("web")),
            labels: vec![("team".into(), "storefront".into())],
            ..domain::intent::Metadata::default()
        },
        phrase: Some(PHRASE.into()),
        archetype: Some(Name::of("web")),
        objectives: StatedObjectives {
            load: Some(Load::Users { count: 10_000, kind: None, think_time: None }),
            ..StatedObjectives::default()
        },
        ..Intent::default()
    }
}

fn alternative(id: &str, text: &str, dollars: Option<u32>) -> Alternative {
    Alternative { id: id.into(), text: text.into(), cost: dollars.map(MicroDollars::from_dollars) }
}

fn sensitivities() -> Vec<Sensitivity> {
    let base = MicroDollars::from_dollars(3_382);
    let moved = |name: &str, dollars: u32| Sensitivity {
        name: name.into(),
        change: Some(MicroDollars::from_dollars(dollars) - base),
    };
    vec![
        moved("demand.think_time", 2_903),
        moved("requests.page.response", 3_829),
        moved("services.app.cpu_time", 3_498),
        Sensitivity { name: "services.db.cpu_time".into(), change: None },
    ]
}

fn risks() -> Vec<Risk> {
    let risk = |id: &str, severity, text: &str| Risk { id: id.into(), severity, text: text.into() };
    vec![
        risk(
            "stale-price",
            Severity::Medium,
            "the database price is five years old: db.m6g.large, 2021-08-03",
        ),
        risk(
            "cache-lost",
            Severity::High,
            "losing the cache at peak overloads db 5 times; 99.9% does not demand it",
        ),
    ]
}

pub(crate) fn provenance() -> Provenance {
    Provenance {
        tool: "plimsoll 0.1.0".into(),
        command: format!("plimsoll plan \"{PHRASE}\""),
        seed: 1,
        intent_digest: format!("sha256:{}", "77ab".repeat(16)),
        policy_digests: Vec::new(),
        catalog_digest: format!("sha256:{}", "4be1".repeat(16)),
        catalog_as_of: jiff::civil::date(2026, 7, 20),
        author: Author::default(),
        supersedes: None,
    }
}

/// A ledger of a few entries of every kind.
pub(crate) fn ledger() -> Ledger {
    let mut ledger = Ledger::default();
    let mut entry = |name: &str, value: Value, unit, origin, source: &str| {
        let interval = match (&value, origin) {
            (Value::Number(number), Origin::Default) => {
                Some((Value::Number(number / 2.0), Value::Number(number * 2.0)))
            }
            _ => None,
        };
        ledger.record(Assumption {
            name: name.into(),
            value,
            unit,
            origin,
            source: source.into(),
            interval,
        });
    };
    let number = Value::Number;
    entry("demand.users", number(10_000.0), "count", Origin::User, "the phrase");
    entry("demand.think_time", number(7.0), "s", Origin::Default, "TPC-W");
    let overflow = "Stack Overflow 2016: requests | page loads";
    entry("demand.requests_per_action", number(3.2), "count", Origin::Default, overflow);
    let law = "N / Z × requests an action";
    entry("demand.peak", number(10_000.0 / 7.0 * 3.2), "/s", Origin::Derived, law);
    let overflow = "Stack Overflow 2016";
    entry("requests.page.response", number(6_000.0), "B", Origin::Default, overflow);
    let archetype = "judgement: the web archetype on a reference vCPU";
    entry("services.app.cpu_time", number(0.012), "s", Origin::Default, archetype);
    entry("services.cache.hit_ratio", number(0.9), "ratio", Origin::Default, "judgement");
    entry("headroom.load", number(0.25), "ratio", Origin::Default, "judgement");
    entry("availability.zone.rate", number(0.2), "/year", Origin::Catalog, "judgement");
    entry("disk.size", number(20_480.0), "MiB", Origin::Default, "judgement");
    let choice = Value::Choice("standard".into());
    entry("operations", choice, "choice", Origin::Default, "judgement");
    ledger
}
