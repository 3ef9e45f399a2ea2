//! Studies of the answer made by hand: what `explain` and `frontier` would find, made up.

use domain::capacity::{Against, Capacity, Refused};
use domain::design::{Ask, Design, Found};
use domain::explanation::{
    Explanation, IdleRule, Lever, OfferAnswer, Price, Rejected, Repriced, Swing, Swung,
};
use domain::frontier::{Frontier, Growth, Month, Point, Series, Slack, Standing};
use domain::ledger::Value;
use domain::name::Name;
use domain::objective::Operations;
use domain::outcome::Answer;
use domain::study::Studies;
use domain::units::{Availability, MicroDollars, Ratio, Seconds};
use domain::verification::Status;
use reports::spec;

use super::answer;

/// How a rule is varied.
const WITHOUT: &str = "without it";

/// Both studies of the answer.
pub(crate) fn studies() -> Studies {
    let (explanation, frontier) = (explanation(), frontier());
    Studies {
        explanation: Some(Box::new(spec::explanation(&explanation))),
        frontier: Some(Box::new(spec::frontier(&frontier))),
        growth: None,
        capacity: Some(Box::new(spec::capacity(&capacity()))),
    }
}

/// The plan of the answer as a design.
fn here(answer: &Answer) -> Design {
    Design {
        plan: answer.plan.clone(),
        summary: "app 8 × c8g.xlarge, cache 2 × cache.m6g.large, db 2 × db.m6g.large".into(),
        status: Status::Verified,
        requests: 7_100_000,
        operations: None,
    }
}

/// Another one: its machines of the app have another name, and cost more.
fn other(answer: &Answer, sku: &str, more: u32) -> Design {
    let mut design = here(answer);
    design.plan.topology.services[1].pools[0].sku = sku.into();
    design.summary = format!("app 8 × {sku}, cache 2 × cache.m6g.large");
    let more = MicroDollars::from_dollars(more);
    let cost = design.plan.optimality.objective;
    design.plan.optimality.objective = [cost, more].into_iter().sum();
    let line = design.plan.bill.lines.iter_mut().find(|line| line.service == "app");
    let amount = &mut line.expect("the app costs something").amount;
    amount.expected = [amount.expected, more].into_iter().sum();
    design
}

fn found(design: Design) -> Found {
    Found::Design(Box::new(design))
}

/// Why the answer is as it is.
pub(crate) fn explanation() -> Explanation {
    let answer = answer();
    let repriced = |value: &str, found| Some(Repriced { value: value.into(), found });
    let careful =
        Design { operations: Some(Operations::Advanced), ..other(&answer, "c8g.2xlarge", 582) };
    let price = |name: &str, asked: &str, varied: &str, less, more| Price {
        name: name.into(),
        place: name.starts_with("policy rule").then(|| "policy.yaml:8:5".into()),
        asked: asked.into(),
        varied: varied.into(),
        less,
        more,
    };
    let mut cheaper = other(&answer, "c7g.xlarge", 0);
    cheaper.plan.optimality.objective = MicroDollars::from_dollars(3_000);
    let (cheaper, alike) = (found(cheaper), found(here(&answer)));
    let none = || Found::Nothing("no design carries 65 ms".into());
    Explanation {
        prices: vec![
            price("users", "10,000", "±25%", None, repriced("12,500", found(here(&answer)))),
            price("uptime", "99.9%", "one nine", None, repriced("99.99%", found(careful))),
            price("latency p95", "400 ms", "±25%", repriced("500 ms", none()), None),
            price("policy rule spread", "zones >= 2", WITHOUT, repriced(WITHOUT, cheaper), None),
            price("policy rule near", "region.in EU", WITHOUT, repriced(WITHOUT, alike), None),
        ],
        idle: vec![IdleRule {
            rule: "small".into(),
            place: "policy.yaml:9:5".into(),
            says: "cost.ceiling <= 2000 USD/month".into(),
            why: "does not apply: the environment is prod, not dev".into(),
        }],
        runner_ups: vec![other(&answer, "c7g.xlarge", 117), other(&answer, "m8g.xlarge", 204)],
        elsewhere: vec![(Name::of("us-west-2"), MicroDollars::from_dollars(3_391))],
        refuted: answer.plan.optimality.excluded.clone(),
        rejected: vec![
            Rejected {
                reason: "dominated".into(),
                offers: 4_902,
                example: "c6g.xlarge".into(),
                why: "c8g.xlarge is faster and no dearer".into(),
                by: Some("c8g.xlarge".into()),
            },
            Rejected {
                reason: "burstable".into(),
                offers: 27,
                example: "t4g.large".into(),
                why: "30% of a core is guaranteed".into(),
                by: None,
            },
        ],
        levers: vec![
            Lever {
                id: "compress-responses".into(),
                text: "compress responses 30%".into(),
                cost: Some(MicroDollars::from_dollars(2_711)),
            },
            Lever { id: "halve-queries".into(), text: "half the queries".into(), cost: None },
        ],
        offer: Some(OfferAnswer {
            sku: "m7g.large".into(),
            reasons: vec!["8 GiB are less than 13 GiB".into()],
            instead: vec![
                ("app".into(), found(other(&answer, "m7g.large", 390))),
                ("db".into(), Found::Nothing("no database runs on it".into())),
            ],
        }),
        swings: swings(),
        provenance: answer.provenance.clone(),
        design: here(&answer),
        demand: answer.demand,
    }
}

fn swings() -> Vec<Swing> {
    let at = |dollars: u32| Swung::Cost(MicroDollars::from_dollars(dollars));
    let swing = |name: &str, value: f64, unit, ends: [Swung; 2]| Swing {
        name: name.into(),
        value: Value::Number(value),
        unit,
        half: ends[0],
        twice: ends[1],
        within: Some([(value / 2.0, ends[0]), (value * 2.0, ends[1])]),
    };
    vec![
        swing("demand.think_time", 7.0, "s", [at(5_900), at(2_100)]),
        swing("services.cache.hit_ratio", 0.9, "ratio", [at(4_818), Swung::Impossible]),
        swing("requests.page.response", 6_000.0, "B", [at(2_287), Swung::NoPlan]),
        Swing {
            name: "demand.users".into(),
            value: Value::Number(10_000.0),
            unit: "count",
            half: at(2_001),
            twice: at(6_402),
            within: None,
        },
    ]
}

/// What a budget buys.
pub(crate) fn capacity() -> Capacity {
    let answer = answer();
    let uptime = |ppm| Ask::Uptime(Availability::from_ppm(ppm).expect("an uptime"));
    Capacity {
        outcome: "users".into(),
        budget: MicroDollars::from_dollars(3_450),
        against: Against::Expected,
        carried: Ask::Users(10_430),
        design: other(&answer, "c8g.xlarge", 61),
        refused: Some(Refused {
            ask: Ask::Users(10_440),
            unlimited: found(other(&answer, "c8g.xlarge", 72)),
        }),
        next_machines: Some(Ask::Users(11_700)),
        elsewhere: vec![(uptime(990_000), Some(Ask::Users(12_100))), (uptime(999_990), None)],
        careful: Some((Operations::Advanced, Ask::Users(10_610))),
        next: "plimsoll plan".into(),
        provenance: answer.provenance.clone(),
        demand: answer.demand,
    }
}

/// What other outcomes would cost.
pub(crate) fn frontier() -> Frontier {
    let answer = answer();
    let point = |ask, found, standing| Point { ask, asked: false, found, standing };
    let own = |ask| Point { asked: true, ..point(ask, found(here(&answer)), Standing::Frontier) };
    let uptime = |ppm| Ask::Uptime(Availability::from_ppm(ppm).expect("an uptime"));
    let limit = |ms: f64| Ask::Latency(Seconds::of_milliseconds(ms));
    let dear = |more| found(other(&answer, "c8g.2xlarge", more));
    let none = |reason: &str| Found::Nothing(reason.into());
    Frontier {
        series: vec![
            Series {
                name: "users".into(),
                points: vec![
                    own(Ask::Users(10_000)),
                    point(Ask::Users(20_000), dear(2_417), Standing::Frontier),
                ],
            },
            Series {
                name: "uptime".into(),
                points: vec![
                    point(uptime(990_000), found(here(&answer)), Standing::Dominated),
                    own(uptime(999_000)),
                    point(uptime(999_900), dear(582), Standing::Frontier),
                    point(
                        uptime(999_990),
                        none("no design carries 99.999% uptime"),
                        Standing::Unreached,
                    ),
                ],
            },
            Series {
                name: "latency p95".into(),
                points: vec![
                    point(limit(20.0), none("no design carries 20 ms"), Standing::Unreached),
                    point(limit(60.0), dear(107), Standing::Frontier),
                    own(limit(400.0)),
                ],
            },
        ],
        growth: Some(Growth {
            carried_to: Some(1),
            monthly: Ratio::of(0.1),
            months: vec![
                Month { month: 0, load: Ask::Users(10_000), found: found(here(&answer)) },
                Month { month: 1, load: Ask::Users(11_000), found: found(here(&answer)) },
                Month { month: 2, load: Ask::Users(12_100), found: dear(335) },
                Month { month: 3, load: Ask::Users(13_310), found: dear(335) },
                Month { month: 4, load: Ask::Users(14_641), found: none("no design carries it") },
            ],
        }),
        slack: vec![Slack {
            name: "latency p95".into(),
            asked: Seconds::of_milliseconds(400.0),
            free_to: Some(Seconds::of_milliseconds(65.0)),
            cost: here(&answer).cost(),
            tighter: vec![
                (Seconds::of_milliseconds(52.0), dear(21)),
                (Seconds::of_milliseconds(39.0), none("no design carries 39 ms")),
            ],
        }],
        provenance: answer.provenance.clone(),
        demand: answer.demand,
    }
}
