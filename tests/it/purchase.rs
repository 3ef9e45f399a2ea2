//! Terms of purchase: what is promised makes the bill least, nothing is promised that was not
//! listed, and no line of a promise can be another one.

use std::sync::LazyLock;

use domain::catalog::Catalog;
use domain::intent::Intent;
use domain::offer::{Prices, PurchaseTerm};
use domain::spec::Spec;
use domain::units::MicroDollars;
use jiff::civil::date;
use plimsoll::audit::{Against, asked, audit};
use plimsoll::check;
use reports::emit::{Format, emit};
use serde_json::{Value, json};
use solver::characterise::characterise;
use solver::model::{Model, Settings};

use crate::check::reread;
use crate::optimum::generate;
use crate::support::brute::least_by_trying;
use crate::support::document::{answer, json_of, read};
use crate::support::plans::cost;
use crate::support::program::{example, plimsoll, with_input};
use crate::support::{Draw, price};

const INSTANCES: u64 = 120;

/// A system of which offers have prices of promises, most of them, and an intent that lists some.
fn promising(seed: u64) -> (Catalog, Intent) {
    let (mut catalog, intent) = generate(seed);
    let mut draw = Draw::new(0xB0_57 + seed);
    for offer in &mut catalog.offers {
        let hour = offer.prices.on_demand.expect("it has one").unit_price.dollars_as_float();
        let promise = |draw: &mut Draw, low: f64| {
            let part = draw.within(low, 0.95);
            draw.chance(0.8).then(|| price(hour * part))
        };
        let (one, three) = (promise(&mut draw, 0.5), promise(&mut draw, 0.3));
        offer.prices =
            Prices { reserved_one_year: one, reserved_three_years: three, ..offer.prices };
    }
    let mut document = json_of(&intent);
    document["purchase"] = match draw.place(3) {
        0 => json!(["on_demand", "reserved_1y"]),
        1 => json!(["reserved_3y", "on_demand", "spot"]),
        _ => json!(["on_demand", "reserved_1y", "reserved_3y"]),
    };
    if draw.chance(0.3) {
        document["objectives"]["budget"] = json!({"ceiling": "3000 USD/month"});
    }
    document["traffic"] = json!({"shape": {"diurnal": {"peak_to_mean": "2"}}});
    (catalog, read(&document.to_string()))
}

#[test]
fn an_optimum_with_promises_equals_brute_force_and_is_never_dearer() {
    let (mut cheaper, mut planned) = (0, 0);
    for seed in 0..INSTANCES {
        let (catalog, intent) = promising(seed);
        let demand = characterise(&intent, &catalog, None).expect("sound");
        let model = Model::new(&demand, &catalog, Settings::GUARDED);
        let with = cost(&intent, &catalog);
        assert_eq!(with, least_by_trying(&model), "seed {seed}");
        let without = cost(&Intent { purchase: Vec::new(), ..intent }, &catalog);
        // Hours on demand are rounded up to a thousandth, in one line instead of none.
        let cent = MicroDollars::new(10_000).expect("an amount");
        let never_dearer = match (with, without) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(with), Some(without)) => with <= without + cent,
        };
        assert!(never_dearer, "seed {seed}: {with:?} with promises, {without:?} without");
        planned += u64::from(with.is_some());
        cheaper += u64::from(with < without || without.is_none());
    }
    assert!(planned * 2 > INSTANCES && cheaper * 3 > planned, "{cheaper} of {planned} cheaper");
}

#[test]
fn both_checks_accept_every_answer_with_promises() {
    let mut promised = 0;
    for seed in 0..INSTANCES {
        let (catalog, intent) = promising(seed);
        let Some(answer) = answer(&intent, &catalog) else { continue };
        let faults = check::faults(&answer.demand, &answer.plan, &catalog);
        assert!(faults.is_empty(), "seed {seed}: {faults:?}");
        let spec = reports::spec::render(&answer);
        let asked = asked(&spec, &catalog).expect("the intent in it can be read again");
        let against = Against { catalog: Some(&catalog), asked: Some(&asked), digests: true };
        let checked = audit(&spec, &against).expect("it can be looked at");
        assert_eq!(checked.faults, [], "seed {seed}");
        let pools = || answer.plan.topology.services.iter().flat_map(|own| &own.pools);
        assert!(pools().all(|pool| pool.terms().all(|term| term != PurchaseTerm::Spot)));
        promised += u64::from(pools().any(|pool| pool.commitment.is_some()));
    }
    assert!(promised * 3 > INSTANCES, "only {promised} of {INSTANCES} promise something");
}

/// The plan of prod, which lists both promises.
static PROD: LazyLock<Value> = LazyLock::new(|| of_environment("prod", &[]));

fn of_environment(name: &str, settings: &[&str]) -> Value {
    let shop = example("environments.yaml");
    let mut arguments = vec!["plan", &shop, "--environment", name, "--json"];
    arguments.extend(settings);
    plimsoll(&arguments).json()
}

fn service<'v>(spec: &'v Value, name: &str) -> &'v Value {
    let services = spec["services"].as_array().expect("services");
    services.iter().find(|own| own["name"] == name).expect("the service")
}

fn line<'v>(spec: &'v Value, id: &str) -> Option<&'v Value> {
    spec["cost"]["lines"].as_array().expect("lines").iter().find(|line| line["id"] == id)
}

#[test]
fn what_always_runs_is_promised_and_the_rest_is_bought_on_demand() {
    let web = &service(&PROD, "web")["offers"][0];
    let least = web["autoscaling"]["min"].as_u64().expect("a number");
    let count = web["committed"]["instances"].as_u64().expect("a promise");
    assert!(count >= least, "{web}");
    assert_eq!((&web["purchase"], &web["committed"]["months"]), (&json!("on_demand"), &json!(36)));
    let promised = line(&PROD, "web.compute-reserved_3y").expect("its line");
    assert_eq!(promised["quantity_milli"]["expected"], count * 730_000);
    assert_eq!(promised["quantity_milli"]["ceiling"], count * 730_000);
    // c7g.large in us-east-1: the catalog's price of three years, and 36 months of 730 hours of it.
    assert_eq!(promised["unit_price_usd"], "0.02774");
    assert_eq!(promised["commitment"]["total_micros"], count * 36 * 730 * 27_740);
    let rest = line(&PROD, "web.compute").expect("what the load adds");
    assert!(rest["commitment"].is_null());
    // All nodes of the cache always run; nobody knows a price of a promise for the database.
    let sessions = &service(&PROD, "sessions")["offers"][0];
    assert_eq!(sessions["purchase"], "reserved_3y");
    assert!(line(&PROD, "sessions.nodes").is_none());
    assert!(service(&PROD, "orders-db")["offers"][0]["committed"].is_null());
    let risks = PROD["risks"].as_array().expect("risks");
    let told = risks.iter().find(|risk| risk["id"] == "commitment").expect("it is told");
    assert!(told["text"].as_str().is_some_and(|text| text.contains("web 3 × c7g.large for 3 y")));
    let without = of_environment("prod", &["--set", "environments.prod={}"]);
    assert!(without["demand"]["purchase"].is_null(), "what is not listed is not in the spec");
    let cost = |spec: &Value| spec["cost"]["monthly_micros"]["expected"].as_u64().expect("a sum");
    assert!(cost(&PROD) < cost(&without));
}

#[test]
fn what_is_off_at_night_is_promised_only_where_all_hours_cost_less() {
    let terms = "environments.dev.purchase=[on_demand, reserved_3y, spot]";
    let dev = of_environment("dev", &["--set", terms]);
    // Open for 55 of 168 hours: a third of all hours on demand costs less than all on the promise.
    let web = &service(&dev, "web")["offers"][0];
    assert!(web["committed"].is_null(), "{web}");
    let sessions = &service(&dev, "sessions")["offers"][0];
    assert_eq!(sessions["committed"]["term"], "reserved_3y", "a cache runs on: {sessions}");
    let risks = dev["risks"].as_array().expect("risks");
    let told = risks.iter().find(|risk| risk["id"] == "purchase").expect("it is told");
    assert_eq!(told["text"], "spot is listed and not bought: interruptions are not simulated");
}

/// Something done to a spec.
type Change = (&'static str, fn(&mut Value));

#[test]
fn no_term_count_or_price_of_a_promise_can_be_another_one() {
    fn at<'v>(spec: &'v mut Value, id: &str) -> &'v mut Value {
        let lines = spec["cost"]["lines"].as_array_mut().expect("lines");
        lines.iter_mut().find(|line| line["id"] == id).expect("the line")
    }
    fn web(spec: &mut Value) -> &mut Value {
        &mut spec["services"][1]["offers"][0]
    }
    const LINE: &str = "web.compute-reserved_3y";
    let changes: [Change; 10] = [
        ("committed/months", |spec| web(spec)["committed"]["term"] = json!("reserved_1y")),
        ("committed/months", |spec| web(spec)["committed"]["months"] = json!(35)),
        ("quantity_milli", |spec| web(spec)["committed"]["instances"] = json!(4)),
        ("purchase", |spec| web(spec)["purchase"] = json!("reserved_3y")),
        ("purchase", |spec| web(spec)["purchase"] = json!("spot")),
        ("unit_price_usd", |spec| at(spec, LINE)["unit_price_usd"] = json!("0.02775")),
        ("commitment/term", |spec| at(spec, LINE)["commitment"]["term"] = json!("reserved_1y")),
        ("total_micros", |spec| at(spec, LINE)["commitment"]["total_micros"] = json!(1)),
        ("on_demand_usd", |spec| at(spec, LINE)["commitment"]["on_demand_usd"] = json!("0.08")),
        ("commitment", |spec| drop(at(spec, LINE).as_object_mut().unwrap().remove("commitment"))),
    ];
    let catalog = catalogs::embedded();
    let asked = reread(&PROD);
    let faults = |document: &Value| {
        let spec: Spec = domain::spec::migrate(document.clone()).expect("it is a spec");
        let against = Against { catalog: Some(&catalog), asked: Some(&asked), digests: false };
        let places = audit(&spec, &against).expect("it can be looked at").faults;
        places.into_iter().map(|fault| fault.place).collect::<Vec<_>>()
    };
    assert_eq!(faults(&PROD), Vec::<String>::new());
    for (place, change) in changes {
        let mut document = PROD.clone();
        change(&mut document);
        let found = faults(&document);
        assert!(found.iter().any(|own| own.contains(place)), "{place}: {found:?}");
    }
    // A promise that was not listed is none, whatever the bill says.
    let mut document = PROD.clone();
    document["demand"]["purchase"] = json!(["reserved_1y"]);
    assert!(!faults(&document).is_empty());
    let said = with_input(&["check", "-"], document.to_string());
    assert_eq!(said.code, 4, "{}", said.stdout);
}

#[test]
fn generated_bills_tell_what_is_promised() {
    let spec: Spec = domain::spec::migrate(PROD.clone()).expect("it is a spec");
    let csv = emit(&spec, Format::Focus, date(2026, 1, 5)).unwrap().remove(0).1;
    let mut rows = csv.lines().map(|row| row.split(',').collect::<Vec<_>>());
    let heading = rows.next().expect("a heading");
    let place = |name: &str| heading.iter().position(|own| *own == name).expect("the column");
    let rows: Vec<Vec<&str>> = rows.collect();
    let of = |id: &str| rows.iter().find(|row| row[place("ResourceId")] == id).expect("its row");
    let (promised, rest) = (of("web.compute-reserved_3y"), of("web.compute"));
    assert_eq!(promised[place("PricingCategory")], "Committed");
    assert_eq!(promised[place("CommitmentDiscountStatus")], "Used");
    assert_eq!(promised[place("CommitmentDiscountType")], "reserved_3y");
    assert_eq!(promised[place("ListUnitPrice")], "0.0725");
    assert_eq!(promised[place("EffectiveCost")], "60.7506");
    assert_eq!(rest[place("PricingCategory")], "Standard");
    assert_eq!(rest[place("CommitmentDiscountId")], "");
    let bom = emit(&spec, Format::Bom, date(2026, 1, 5)).unwrap().remove(0).1;
    let bom: Value = serde_json::from_str(&bom).unwrap();
    let commitment = &bom["commitments"][0];
    assert_eq!((&commitment["service"], &commitment["count"]), (&json!("web"), &json!(3)));
    let resources = bom["resources"].as_array().expect("resources");
    let web = resources.iter().find(|own| own["id"] == "web.instance.1.z1").expect("the web");
    assert_eq!(web["purchase"], json!(["reserved_3y", "on_demand"]));
}
