//! Queues and their workers, planned and priced like everything else.

use std::sync::LazyLock;

use domain::candidate::Rejection;
use domain::catalog::{Catalog, ManagedQueue};
use domain::demand::Demand;
use domain::intent::{Intent, ServiceKind};
use domain::name::Name;
use domain::plan::Plan;
use domain::policy::{Gate, Gates, Subject};
use domain::units::{MicroDollars, Seconds};
use serde_json::Value;
use solver::characterise::characterise;
use solver::model::Settings;
use solver::screen::Shelf;

use crate::check::no_digit_can_be_another;
use crate::support::plans::{self, machines};
use crate::support::program::{example, plimsoll};
use crate::support::{call, chain, latency, price, service, stated, uptime};

/// A shop that hands a mail over for each request, which workers send in 80 ms.
fn intent(drain_within: f64) -> Intent {
    let mut intent = chain(900, &[6.0]);
    intent.objectives.uptime = Some(uptime(999_000));
    intent.objectives.latency = vec![latency(950, 60.0)];
    intent.services[0].calls = vec![call("mail")];
    let mut queue = service("mail", ServiceKind::Queue);
    queue.calls = vec![call("mail-workers")];
    let mut workers = service("mail-workers", ServiceKind::Service);
    workers.cpu_time = vec![(None, stated(Seconds::of_milliseconds(80.0)))];
    workers.drain_within = Some(stated(Seconds::of(drain_within)));
    intent.services.extend([queue, workers]);
    intent
}

fn market() -> Catalog {
    let mut market = machines([("m0", 2, 0.05), ("m1", 4, 0.11), ("m2", 8, 0.23)]);
    let queue = ManagedQueue { product: "aws.sqs".into(), million_requests: price(0.4) };
    market.regions[0].queue = Some(queue);
    market
}

fn cheapest(intent: &Intent, catalog: &Catalog) -> Option<(Demand, Plan)> {
    plans::cheapest(intent, catalog, Settings::GUARDED)
}

fn planned(drain_within: f64) -> (Demand, Plan) {
    cheapest(&intent(drain_within), &market()).expect("there is a plan")
}

fn cost(plan: &Plan) -> MicroDollars {
    plan.optimality.objective
}

#[test]
fn workers_are_so_many_that_a_backlog_is_worked_off_in_time() {
    // With a standstill of 60 s, workers that are 75% busy work it off in three minutes.
    let mut before: Option<MicroDollars> = None;
    for drain_within in [15.0, 60.0, 120.0, 180.0, 3_600.0] {
        let (demand, plan) = planned(drain_within);
        let at = demand.services.iter().position(|own| own.backlog.is_some()).expect("workers");
        let busy = plan.sizing[at].instance_down.expect("one may be down");
        assert!(busy * 60.0 <= (1.0 - busy) * drain_within * (1.0 + 1e-9), "{busy}");
        assert!(busy <= 0.75 + 1e-9, "{busy}");
        assert!(before.is_none_or(|before| cost(&plan) <= before), "{drain_within}");
        before = Some(cost(&plan));
    }
    let [strict, loose] = [15.0, 3_600.0].map(|time| cost(&planned(time).1));
    assert!(strict.dollars() > 1.5 * loose.dollars(), "{strict:?} {loose:?}");
}

#[test]
fn nobody_waits_for_what_becomes_of_a_message() {
    let own = planned(300.0).1;
    let mut slow = intent(300.0);
    slow.services[2].cpu_time = vec![(None, stated(Seconds::of_milliseconds(300.0)))];
    let (demand, plan) = cheapest(&slow, &market()).expect("there is a plan");
    // A latency of 60 ms is kept beside workers that take 300 ms.
    assert_eq!(own.estimates.len(), 1);
    assert!(own.estimates[0].percentile < Seconds::of_milliseconds(60.0));
    assert_eq!(own.topology.services[1], plan.topology.services[1]);
    assert_eq!(own.estimates, plan.estimates);
    assert!(plan.estimates[0].percentile < Seconds::of_milliseconds(60.0));
    assert!(demand.load.peak.value() > 100.0);
}

#[test]
fn a_message_is_three_requests_to_its_queue() {
    let (demand, plan) = planned(300.0);
    let line = plan.bill.lines.iter().find(|line| line.id == "mail.requests").expect("its line");
    assert_eq!((line.unit, line.sku.as_str()), ("million_requests", "aws.sqs requests"));
    let messages = demand.load.peak.value() * 730.0 * 3_600.0;
    let ceiling = line.quantity.ceiling.thousandths() as f64 / 1e3;
    assert!((ceiling - 3.0 * messages / 1e6).abs() < 2e-3, "{ceiling}");
    let mut batched = intent(300.0);
    crate::support::assume(&mut batched, "queue.requests_per_message", "0.3");
    let cheaper = cheapest(&batched, &market()).expect("there is a plan").1;
    assert!(cost(&cheaper) < cost(&plan));
}

#[test]
fn without_a_price_of_a_queue_there_is_no_plan() {
    let mut catalog = market();
    catalog.regions[0].queue = None;
    assert!(cheapest(&intent(300.0), &catalog).is_none());
    let demand = characterise(&intent(300.0), &catalog, None).expect("the intent is sound");
    let shelf = Shelf::new(&catalog, &demand, &catalog.regions[0], None);
    assert_eq!(shelf.map(|_| ()), Err(Rejection::RegionWithoutPrice("managed queue")));
    let mut barred = demand.clone();
    barred.policy = Gates {
        gates: vec![Gate {
            subject: Subject::Product,
            allows: false,
            patterns: vec!["managed_queue".into()],
            reach: domain::policy::Reach::default(),
            rule: "no-queues".into(),
        }],
        ..Gates::default()
    };
    let sold = market();
    let shelf = Shelf::new(&sold, &barred, &sold.regions[0], None);
    assert_eq!(shelf.map(|_| ()), Err(Rejection::Policy("no-queues".into())));
    let said = plimsoll(&["plan", "50 jobs/s worker, 99.9% uptime, azure"]);
    assert_eq!(said.code, 3, "{}{}", said.stdout, said.stderr);
    assert!(said.stdout.contains("placement  azure"), "{}", said.stdout);
}

#[test]
fn the_order_and_the_names_of_services_say_nothing() {
    let own = planned(60.0).1;
    let mut turned = intent(60.0);
    turned.services.reverse();
    let other = cheapest(&turned, &market()).expect("there is a plan").1;
    assert_eq!(own.topology, other.topology);
    assert_eq!(own.bill, other.bill);
    let mut named = intent(60.0);
    let renamed = Name::of("aaa");
    named.services[1].calls[0].to = renamed.clone();
    named.services[2].name = renamed;
    let other = cheapest(&named, &market()).expect("there is a plan").1;
    assert_eq!(own.topology, other.topology);
    assert_eq!(cost(&own), cost(&other));
}

/// The plan of the example with a mail for each order.
static SPEC: LazyLock<Value> =
    LazyLock::new(|| plimsoll(&["plan", &example("mail.yaml"), "--json"]).json());

#[test]
fn no_digit_of_a_plan_with_a_queue_can_be_another() {
    assert_eq!(SPEC["verdict"]["status"], "verified", "{}", SPEC["verdict"]);
    let ages = |check: &&Value| check["objective"] == "age-p99-mail-workers";
    let checks = SPEC["checks"].as_array().expect("checks");
    assert!(checks.iter().filter(ages).count() >= 3, "{checks:?}");
    no_digit_can_be_another(&SPEC);
}
