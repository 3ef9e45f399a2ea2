//! What a content delivery network answers, costs and takes from the uptime, and what rules make
//! of it.

mod program;

use domain::candidate::Rejection;
use domain::catalog::{Catalog, Tier};
use domain::cdn::ManagedCdn;
use domain::demand::Demand;
use domain::facts::Ability;
use domain::intent::{Intent, RequestClass};
use domain::name::Name;
use domain::offer::Provider;
use domain::plan::{CostLine, Plan};
use domain::policy::Policies;
use domain::units::{Bytes, Ratio, UnitPrice};
use solver::characterise::characterise;
use solver::model::Settings;
use solver::screen::Shelf;

use crate::policies::policies;
use crate::support::plans;
use crate::support::program::plimsoll;
use crate::support::{assume, catalog, chain, instance, latency, price, region, stated, uptime};

/// Pages of 50 kB, of which a share is answered before the edge, and calls, of which none is.
fn intent(cacheable: f64) -> Intent {
    let mut intent = chain(3_000, &[6.0]);
    intent.objectives.uptime = Some(uptime(999_000));
    intent.objectives.latency = vec![latency(950, 80.0)];
    let page = &mut intent.requests[0];
    page.share = Some(stated(Ratio::of(0.75)));
    page.response = Some(stated(Bytes::new(50_000)));
    page.cacheable = (cacheable > 0.0).then(|| stated(Ratio::of(cacheable)));
    intent.requests.push(RequestClass {
        name: Name::of("call"),
        share: None,
        response: Some(stated(Bytes::new(2_000))),
        cacheable: None,
        ..intent.requests[0].clone()
    });
    intent
}

fn sold() -> ManagedCdn {
    let free: UnitPrice = "0".parse().expect("a plain number");
    ManagedCdn {
        product: "aws.cloudfront".into(),
        requests: price(0.01),
        egress: vec![
            Tier { up_to_gb: Some(1_000), price: price(0.085) },
            Tier { up_to_gb: None, price: price(0.06) },
        ],
        fill: Some(domain::offer::Price { unit_price: free, ..price(0.01) }),
    }
}

fn market(cdn: Option<ManagedCdn>) -> Catalog {
    let mut here = region("us-east-1");
    here.cdn = cdn;
    let machines = [("m0", 2, 0.05), ("m1", 4, 0.11), ("m2", 8, 0.23)];
    let offers = machines.map(|(sku, vcpus, hour)| instance(sku, "us-east-1", (vcpus, 1.0), hour));
    let mut catalog = catalog(vec![here], offers.to_vec());
    catalog.facts.abilities = ["instance", "managed_balancer"].map(able).to_vec();
    catalog
}

fn able(product: &str) -> Ability {
    Ability {
        provider: Provider::Aws,
        product: product.to_owned(),
        offers: "*".to_owned(),
        at_rest: true,
        in_transit: true,
        private: true,
    }
}

fn cheapest(intent: &Intent, catalog: &Catalog) -> Option<(Demand, Plan)> {
    plans::cheapest(intent, catalog, Settings::GUARDED)
}

fn planned(intent: &Intent) -> (Demand, Plan) {
    cheapest(intent, &market(Some(sold()))).expect("there is a plan")
}

fn line<'p>(plan: &'p Plan, id: &str) -> Option<&'p CostLine> {
    plan.bill.lines.iter().find(|line| line.id == id)
}

/// Units of a line at the ceiling, where the peak is all month.
fn units(plan: &Plan, id: &str) -> f64 {
    line(plan, id).map_or(0.0, |line| line.quantity.ceiling.thousandths() as f64 / 1e3)
}

fn near(found: f64, due: f64) {
    assert!((found - due).abs() <= 2e-3 + due * 1e-9, "{found} for {due}");
}

#[test]
fn what_is_answered_before_the_edge_never_reaches_it() {
    let (without, _) = planned(&intent(0.0));
    assert_eq!(without.cdn, None);
    let (demand, _) = planned(&intent(0.6));
    // Of 75% of the requests 60% are answered: 45% of all.
    near(demand.offered().value(), without.load.peak.value());
    near(demand.load.peak.value(), without.load.peak.value() * 0.55);
    near(demand.load.mean.value(), without.load.mean.value() * 0.55);
    let shares: Vec<f64> = demand.classes.iter().map(|class| class.share.value()).collect();
    near(shares[0], 0.3 / 0.55);
    near(shares[1], 0.25 / 0.55);
    let visits = solver::visits::traffic(&demand).rates;
    near(visits[1], without.load.peak.value() * 0.55);
}

#[test]
fn all_responses_are_paid_for_as_its_egress_and_all_requests_are_counted() {
    let (demand, plan) = planned(&intent(0.6));
    assert_eq!(plan.topology.cdn.as_deref(), Some("aws.cloudfront"));
    let month = demand.offered().value() * 730.0 * 3_600.0;
    near(units(&plan, "traffic.cdn.requests"), month / 1e4);
    let gigabytes = month * (0.75 * 50_000.0 + 0.25 * 2_000.0) / 1e9;
    near(units(&plan, "traffic.cdn.1"), 1_000.0);
    near(units(&plan, "traffic.cdn.2"), gigabytes - 1_000.0);
    // What the region sends to it is free.
    assert!(plan.bill.lines.iter().all(|line| !line.id.starts_with("traffic.internet")));
    assert_eq!(line(&plan, "traffic.cdn.fill"), None);
    let product = &line(&plan, "traffic.cdn.requests").expect("its line").sku;
    assert_eq!(product, "aws.cloudfront requests");
}

#[test]
fn what_the_region_sends_to_it_costs_what_is_known_of_that() {
    let intent = intent(0.6);
    let passed = |demand: &Demand| {
        let bytes = (0.3 / 0.55 * 50_000.0 + 0.25 / 0.55 * 2_000.0_f64).ceil();
        demand.load.peak.value() * 730.0 * 3_600.0 * bytes / 1e9
    };
    let priced = ManagedCdn { fill: Some(price(0.01)), ..sold() };
    let (demand, plan) = cheapest(&intent, &market(Some(priced))).expect("there is a plan");
    near(units(&plan, "traffic.cdn.fill"), passed(&demand));
    // Where nobody knows, it is what the internet costs.
    let unknown = ManagedCdn { fill: None, ..sold() };
    let (demand, dearer) = cheapest(&intent, &market(Some(unknown))).expect("there is a plan");
    near(units(&dearer, "traffic.internet.1"), passed(&demand));
    let free = planned(&intent).1.optimality.objective;
    assert!(free < plan.optimality.objective);
    assert!(plan.optimality.objective < dearer.optimality.objective);
}

#[test]
fn the_more_is_answered_before_the_edge_the_less_stands_behind_it() {
    let behind = |plan: &Plan| -> i64 {
        let lines = plan.bill.lines.iter().filter(|line| line.service != "traffic");
        lines.map(|line| line.amount.expected.micros()).sum()
    };
    let costs = [0.1, 0.4, 0.8, 0.99].map(|share| behind(&planned(&intent(share)).1));
    assert!(costs.is_sorted_by(|one, other| one >= other), "{costs:?}");
    assert!(costs[0] > costs[3], "{costs:?}");
}

#[test]
fn its_outages_take_from_the_uptime() {
    let (demand, plan) = planned(&intent(0.6));
    let found = plan.availability.terms.iter().find(|term| term.name == "cdn");
    near(found.expect("its term").ppm.value(), 50.0);
    near(demand.faults.cdn.value(), 50.0);
    assert!(planned(&intent(0.0)).1.availability.terms.iter().all(|term| term.name != "cdn"));
    // More than the whole budget of 99.9% is taken by it alone.
    let mut frail = intent(0.6);
    assume(&mut frail, "availability.cdn", "1100");
    assert!(cheapest(&frail, &market(Some(sold()))).is_none());
    assume(&mut frail, "requests.page.cacheable", "30%");
    let demand = characterise(&frail, &market(Some(sold())), None).expect("the intent is sound");
    near(demand.cdn.expect("it stands").hits(), 0.75 * 0.3);
}

#[test]
fn without_a_price_of_one_there_is_no_plan() {
    let catalog = market(None);
    assert!(cheapest(&intent(0.6), &catalog).is_none());
    assert!(cheapest(&intent(0.0), &catalog).is_some());
    let demand = characterise(&intent(0.6), &catalog, None).expect("the intent is sound");
    let shelf = Shelf::new(&catalog, &demand, &catalog.regions[0], None);
    let lacking = Rejection::RegionWithoutPrice("content delivery network");
    assert_eq!(shelf.map(|_| ()), Err(lacking));
    let cached = "requests.page.cacheable=40%";
    let said = plimsoll(&["plan", "2k users, 99% uptime, azure", "--set", cached]);
    assert_eq!(said.code, 3, "{}{}", said.stdout, said.stderr);
    assert!(said.stdout.contains("placement  azure"), "{}", said.stdout);
    let why = "no content delivery network has a known price there";
    assert!(said.stdout.contains(why), "{}", said.stdout);
}

/// The demand of the intent under rules.
fn under(rules: &[&str], catalog: &Catalog) -> (Intent, Demand) {
    let mut intent = intent(0.6);
    intent.policy = policies(rules);
    let demand = characterise(&intent, catalog, None).expect("the intent is sound");
    (intent, demand)
}

/// Rules that it cannot keep, each with the name of the rule.
const BARRED: [&str; 5] = [
    "{id: barred, require: {region.in: US}}",
    "{id: barred, allow: {region: [us-east-1]}}",
    "{id: barred, deny: {product: [managed_cdn]}}",
    "{id: barred, allow: {product: [instance, managed_balancer]}}",
    "{id: barred, require: {encryption.in_transit: true}}",
];

#[test]
fn a_rule_that_it_cannot_keep_sends_all_requests_to_the_edge() {
    let mut catalog = market(Some(sold()));
    let here = (Provider::Aws, Name::of("us-east-1"));
    catalog.facts.countries.insert(here, "US".parse().expect("two letters"));
    for rule in BARRED {
        let (intent, demand) = under(&[rule], &catalog);
        assert_eq!(demand.cdn, None, "{rule}");
        let entry = demand.ledger.find("cdn").expect("it says why");
        assert_eq!(entry.source, "policy rule barred", "{rule}");
        let (demand, plan) = cheapest(&intent, &catalog).expect("there is a plan");
        assert_eq!(plan.topology.cdn, None, "{rule}");
        near(demand.load.peak.value(), demand.offered().value());
        // A plan that had one all the same would break the rule.
        assert_eq!(broken(&intent, &demand, &plan, &catalog), Vec::<String>::new(), "{rule}");
        let mut smuggled = plan.clone();
        smuggled.topology.cdn = Some("aws.cloudfront".into());
        let found = broken(&intent, &demand, &smuggled, &catalog);
        assert!(found.len() == 1 && found[0].starts_with("rule barred"), "{rule}: {found:?}");
        let faults = plimsoll::check::faults(&demand, &smuggled, &catalog);
        assert!(!faults.is_empty(), "{rule}");
    }
    // Known to be encrypted, and bought in a product that is allowed, it stands.
    catalog.facts.abilities.push(able("managed_cdn"));
    for rule in [
        "{id: kept, require: {encryption.in_transit: true, encryption.at_rest: true}}",
        "{id: kept, allow: {product: [instance, managed_balancer, managed_cdn]}}",
        "{id: kept, deny: {product: [managed_cdn]}, when: {service.stateful: true}}",
    ] {
        let (intent, demand) = under(&[rule], &catalog);
        assert!(demand.cdn.is_some(), "{rule}");
        let (demand, plan) = cheapest(&intent, &catalog).expect("there is a plan");
        assert_eq!(broken(&intent, &demand, &plan, &catalog), Vec::<String>::new(), "{rule}");
    }
    let (intent, _) = under(&["{id: stale, require: {price.age: \"<= 10d\"}}"], &catalog);
    let old = domain::offer::Price { as_of: jiff::civil::date(2025, 1, 1), ..price(0.01) };
    let stale = market(Some(ManagedCdn { requests: old, ..sold() }));
    assert!(cheapest(&intent, &stale).is_none());
}

/// The rules that a plan breaks, judged by code that the solver does not use.
fn broken(intent: &Intent, demand: &Demand, plan: &Plan, catalog: &Catalog) -> Vec<String> {
    let (network, services) = reports::spec::built(intent, demand, plan);
    let totals = plan.bill.totals();
    plimsoll::check::policy::broken(&plimsoll::check::policy::Standing {
        intent,
        demand,
        topology: &plan.topology,
        labels: &intent.metadata.labels,
        network: &network,
        services: &services,
        facts: &catalog.facts,
        expected: totals.expected,
        ceiling: totals.ceiling,
        oldest: plan.bill.oldest_price(),
        as_of: catalog.as_of,
    })
}

#[test]
fn no_policy_is_no_reason_to_go_without() {
    let mut intent = intent(0.6);
    intent.policy = Policies::default();
    assert!(planned(&intent).0.cdn.is_some());
}
