//! `plimsoll check` of a spec in which services stand on two offers at once.

use std::sync::LazyLock;

use domain::spec::Spec;
use plimsoll::audit::{Against, Asked, audit};
use reports::checked::Fault;
use serde_json::{Value, json};

use crate::check::{EXCLUDED, accepted, reread};
use crate::support::program::{example, plimsoll, with_input};

/// Where `web`, which the managed balancer sends to, and `catalog`, which it does not, stand.
const WEB: usize = 1;
const CATALOG: usize = 2;

/// The plan of the shop, in which two services stand on two offers.
static SPEC: LazyLock<Value> = LazyLock::new(|| {
    let mut spec = plimsoll(&["plan", &example("shop.yaml"), "--json"]).json();
    mix(&mut spec, WEB, ("m8g.large", [1, 1]), ("c7g.large", [4, 3], [1, 12]));
    mix(&mut spec, CATALOG, ("c7g.large", [4, 4]), ("m8g.large", [5, 5], [0, 19]));
    settle(spec)
});

/// Puts a service on instances of one offer that stand and instances of another that follow the
/// load between bounds.
fn mix(
    spec: &mut Value,
    at: usize,
    (standing, first): (&str, [u32; 2]),
    (following, second, bounds): (&str, [u32; 2], [u32; 2]),
) {
    let service = &mut spec["services"][at];
    let name = service["name"].as_str().expect("a name").to_owned();
    let own = service["offers"][0].clone();
    let offer = |sku: &str, per_zone: [u32; 2]| {
        let mut offer = own.clone();
        offer["instance_type"] = json!(sku);
        offer["weight"] = json!(1);
        offer["per_zone"] = json!({"z1": per_zone[0], "z2": per_zone[1]});
        offer
    };
    let (mut stands, mut follows) = (offer(standing, first), offer(following, second));
    stands.as_object_mut().expect("an offer").remove("autoscaling");
    follows["autoscaling"]["min"] = json!(bounds[0]);
    follows["autoscaling"]["max"] = json!(bounds[1]);
    service["offers"] = json!([stands, follows]);
    let lines = spec["cost"]["lines"].as_array_mut().expect("lines");
    let own = lines.iter().filter(|line| line["service"] == name.as_str()).cloned();
    let more: Vec<Value> = own
        .map(|mut line| {
            line["id"] = json!(format!("{}.2", line["id"].as_str().expect("an identifier")));
            line
        })
        .collect();
    lines.extend(more);
}

/// Something done to a spec.
type Change<'c> = &'c dyn Fn(&mut Value);

/// What does not hold in a document.
fn faults(document: &Value, asked: &Asked) -> Vec<Fault> {
    let catalog = catalogs::embedded();
    let spec: Spec = domain::spec::migrate(document.clone()).expect("it is a spec");
    let against = Against { catalog: Some(&catalog), asked: Some(asked), digests: true };
    audit(&spec, &against).expect("it can be looked at").faults
}

/// The document with every number as it is recomputed. That those are right is for the other tests
/// to say; that no others are accepted, for the digits.
fn settle(mut document: Value) -> Value {
    let asked = reread(&document);
    for _ in 0..16 {
        let faults = faults(&document, &asked);
        for fault in &faults {
            let Some(text) = &fault.recomputed else { continue };
            let slot = document.pointer_mut(&fault.place).expect("it is there");
            let number: Option<u64> = text.split(' ').next().and_then(|least| least.parse().ok());
            *slot = match number.filter(|_| slot.is_number()) {
                Some(number) => json!(number),
                None => json!(text),
            };
        }
        if faults.is_empty() {
            return document;
        }
    }
    panic!("it does not settle: {:?}", faults(&document, &asked));
}

fn whole(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

/// A number of units in thousandths, rounded up but for what floating numbers err by.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "units of a small fleet"
)]
fn thousandths(units: f64) -> u64 {
    (units * 1e3 - 1e-6).ceil() as u64
}

/// Hours of a month.
fn hours(instances: f64) -> u64 {
    thousandths(instances * 730.0)
}

fn line<'s>(spec: &'s Value, id: &str) -> &'s Value {
    let lines = spec["cost"]["lines"].as_array().expect("lines");
    lines.iter().find(|line| line["id"] == id).unwrap_or_else(|| panic!("there is no {id}"))
}

#[test]
fn a_mixed_fleet_is_what_its_offers_do_together() {
    let catalog = &SPEC["services"][CATALOG];
    let speeds = [0.863, 1.074];
    // Requests a second, each with 6 ms of work.
    let work = whole(&catalog["sizing"]["arrival_micro_rps"]) / 1e6 * 6e-3;
    let capacity = |slow: f64, fast: f64| 4.0 * (slow * speeds[0] + fast * speeds[1]);
    let busy = |factor: f64, capacity: f64| (work * factor / capacity * 1e3).round();
    let found = &catalog["sizing"]["utilisation_permille"];
    for (state, due) in [
        ("peak", busy(1.0, capacity(8.0, 10.0))),
        ("headroom", busy(1.25, capacity(8.0, 10.0))),
        ("instance_down", busy(1.0, capacity(8.0, 9.0))),
        ("zone_lost", busy(1.0, capacity(4.0, 5.0))),
    ] {
        assert!((whole(&found[state]) - due).abs() < 0.5, "{state}: {found} {due}");
    }
    assert_eq!(catalog["sizing"]["servers"], 72);
    let erlangs = work * 72.0 / capacity(8.0, 10.0);
    assert!((whole(&catalog["sizing"]["load_erlang_milli"]) - erlangs * 1e3).abs() < 1.0);
    let target = (work / capacity(8.0, 10.0) * 1e3).ceil() * 1e3;
    let following = &catalog["offers"][1];
    assert!((whole(&following["autoscaling"]["target_ppm"]) - target).abs() < 0.5);
    // 100 · 1.074 / 0.863 = 124.4; the managed balancer sends every machine the same.
    assert_eq!((&catalog["offers"][0]["weight"], &following["weight"]), (&json!(100), &json!(124)));
    for offer in SPEC["services"][WEB]["offers"].as_array().expect("offers") {
        assert!(offer.get("weight").is_none_or(|weight| weight == 1), "{offer}");
    }
    // The slower one has less memory as well, wherever it stands: (4096 · 0.9 - base) / 1 MiB.
    let alone = plimsoll(&["plan", &example("shop.yaml"), "--json"]).json();
    for at in [WEB, CATALOG] {
        assert_eq!(SPEC["services"][at]["process"], alone["services"][at]["process"]);
    }
}

#[test]
fn one_offer_stands_in_all_bills_and_the_other_follows_the_day() {
    let day: Vec<f64> =
        SPEC["demand"]["day_ppm"].as_array().expect("a day").iter().map(whole).collect();
    // Instances that follow, of a peak with so many and so much that stands.
    let follows = |most: f64, standing: f64, least: f64| {
        let before = day.iter().cycle().skip(day.len() - 1);
        let held = day.iter().zip(before).map(|(now, before)| f64::max(*now, *before) / 1e6);
        let asked = held.map(|held| (held * (standing + most) - standing - 1e-9).ceil());
        asked.map(|asked| asked.clamp(least, most)).sum::<f64>() / day.len() as f64
    };
    let cases = [
        ("catalog", 8.0, 10.0, follows(10.0, 8.0 * 0.863 / 1.074, 0.0), 19.0),
        ("web", 2.0, 7.0, follows(7.0, 2.0 * 1.074 / 0.863, 1.0), 12.0),
    ];
    for (name, stands, most, mean, ceiling) in cases {
        assert!(mean > 1.0 && mean < most * 0.6, "the day is seen: {mean}");
        let bills = |expected: f64, peak: f64, ceiling: f64| {
            let [expected, peak_fleet, ceiling] = [expected, peak, ceiling].map(hours);
            json!({"expected": expected, "peak_fleet": peak_fleet, "ceiling": ceiling})
        };
        let first = line(&SPEC, &format!("{name}.compute"));
        assert_eq!(first["quantity_milli"], bills(stands, stands, stands), "{name}");
        let second = line(&SPEC, &format!("{name}.compute.2"));
        assert_eq!(second["quantity_milli"], bills(mean, most, ceiling), "{name}");
        let disks = &line(&SPEC, &format!("{name}.disk.2"))["quantity_milli"];
        assert_eq!(disks["peak_fleet"], json!(thousandths(most * 20.0)), "{name}");
    }
    let replicas = &SPEC["services"][CATALOG]["replicas"];
    let bounds = ["min", "peak", "max"].map(|name| replicas[name].as_u64());
    assert_eq!(bounds, [Some(8), Some(18), Some(27)]);
    let mean = follows(10.0, 8.0 * 0.863 / 1.074, 0.0);
    assert_eq!(replicas["expected_milli"], json!(thousandths(8.0 + mean)));
}

#[test]
fn no_digit_of_a_mixed_fleet_can_be_another() {
    let mut patterns: Vec<String> = EXCLUDED.iter().map(|(own, _)| (*own).to_owned()).collect();
    // What stands in specs of fleets of one offer as well.
    patterns
        .extend(["/demand", "/assumptions", "/intent", "/network", "/checks"].map(str::to_owned));
    let services = SPEC["services"].as_array().expect("services").len();
    let others = (0..services).filter(|at| ![WEB, CATALOG].contains(at));
    patterns.extend(others.map(|at| format!("/services/{at}")));
    let lines = SPEC["cost"]["lines"].as_array().expect("lines").iter().enumerate();
    let others = lines.filter(|(_, line)| line["service"] != "web" && line["service"] != "catalog");
    patterns.extend(others.map(|(at, _)| format!("/cost/lines/{at}")));
    let patterns: Vec<&str> = patterns.iter().map(String::as_str).collect();
    let mut document = SPEC.clone();
    document["scenarios"] = json!([]);
    document["load_curve"] = json!([]);
    let (tried, accepted) = accepted(&document, &patterns);
    assert!(tried > 2_500, "{tried} changes were tried");
    assert_eq!(accepted, Vec::<String>::new(), "of {tried}");
}

#[test]
fn it_holds_as_a_file_and_what_no_mixed_fleet_may_be_does_not() {
    let said = with_input(&["check", "-"], SPEC.to_string());
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    let asked = reread(&SPEC);
    let told = |change: &dyn Fn(&mut Value)| {
        let mut changed = SPEC.clone();
        change(&mut changed);
        let faults = faults(&changed, &asked);
        faults.iter().map(|fault| fault.text.clone()).collect::<Vec<_>>().join("\n")
    };
    let changes: [(Change<'_>, &str); 5] = [
        (
            &|spec| spec["services"][CATALOG]["algorithm"] = json!("round_robin"),
            "its calls are spread in a way that takes no weights",
        ),
        (
            &|spec| spec["services"][CATALOG]["offers"][0]["servers"] = json!(3),
            "the instances of its offers have different numbers of servers",
        ),
        (
            &|spec| {
                let two = spec["services"][CATALOG]["offers"].clone();
                spec["services"][4]["offers"] = two;
            },
            "only a stateless service stands on several offers",
        ),
        (
            &|spec| spec["services"][WEB]["offers"][0]["per_zone"] = json!({"z1": 0, "z2": 0}),
            "an offer has no instance at the peak",
        ),
        // Together they carry the load; fewer do not.
        (
            &|spec| {
                let catalog = &mut spec["services"][CATALOG];
                catalog["offers"][1]["per_zone"] = json!({"z1": 4, "z2": 3});
                catalog["replicas"]["peak"] = json!(15);
                catalog["replicas"]["per_zone"] = json!({"z1": 8, "z2": 7});
            },
            // 49.37 / (4 · (8 · 0.863 + 6 · 1.074))
            "catalog: 92.5% busy after what may be lost",
        ),
    ];
    for (change, text) in changes {
        let found = told(change);
        assert!(found.contains(text), "{text}: {found}");
    }
}
