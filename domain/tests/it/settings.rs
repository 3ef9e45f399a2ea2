//! `--set PATH=VALUE` over phrases and documents.

use domain::intent::{Faults, Intent, Source, read_intent};
use domain::ledger::Origin;
use domain::objective::{LatencyObjective, Load, UserKind};
use domain::units::{RequestsPerSecond, Seconds};

use crate::{SHOP, codes, first};

fn phrase(settings: &[&str]) -> Result<Intent, Faults> {
    let phrase = "10k users, 99.9% uptime, 400ms latency";
    read(&Source::Phrase(phrase.to_owned()), settings)
}

fn shop(settings: &[&str]) -> Result<Intent, Faults> {
    let (name, text) = ("shop.yaml".to_owned(), SHOP.to_owned());
    read(&Source::Document { name, text }, settings)
}

fn read(source: &Source, settings: &[&str]) -> Result<Intent, Faults> {
    let settings: Vec<String> = settings.iter().map(|&text| text.to_owned()).collect();
    read_intent(source, &settings)
}

#[test]
fn a_setting_takes_the_place_of_what_was_stated() {
    let intent = phrase(&[
        "objectives.uptime=99.95%",
        "objectives.load.think_time=30s",
        "objectives.latency.p99.9=2s",
        "traffic.shape.diurnal.peak_to_mean=4",
        "run_on.regions=[eu-west-1, eu-central-1]",
    ])
    .unwrap_or_else(|faults| panic!("{faults:#?}"));
    assert_eq!(intent.objectives.uptime.unwrap().ppm(), 999_500);
    let Some(Load::Users { count, think_time, .. }) = intent.objectives.load else { panic!() };
    assert_eq!((count, think_time), (10_000, Some(Seconds::of(30.0))));
    let ids: Vec<String> = intent.objectives.latency.iter().map(LatencyObjective::id).collect();
    assert_eq!(ids, ["latency-p95", "latency-p99.9"]);
    assert_eq!(intent.run_on.regions.len(), 2);
}

#[test]
fn a_load_of_another_kind_takes_the_place_of_the_first() {
    let intent = phrase(&["objectives.load.daily_active_users=20k"]).unwrap();
    let kind = Some(UserKind::DailyActive);
    let load = Load::Users { count: 20_000, kind, think_time: None };
    assert_eq!(intent.objectives.load, Some(load));
}

#[test]
fn names_of_the_ledger_become_assumptions() {
    let intent = phrase(&["demand.think_time=30s", "availability.change.standard.failing=1%"]);
    let assume = intent.unwrap().assume;
    assert_eq!(assume[0].0, "demand.think_time");
    assert_eq!(assume[0].1.value, "30s");
    assert_eq!(assume[0].1.source, "--set");
    assert_eq!(assume[1].0, "availability.change.standard.failing");
    let explicit = phrase(&["assume.demand.think_time=30s"]).unwrap().assume;
    assert_eq!(explicit[0].0, "demand.think_time");
}

#[test]
fn names_of_the_ledger_that_are_outcomes_are_set_as_outcomes() {
    let intent = phrase(&[
        "demand.users=20k",
        "demand.growth=20%/year",
        "demand.horizon=2y",
        "headroom.load=50%",
        "headroom.instances_down=2",
    ]);
    let intent = intent.unwrap();
    assert!(matches!(intent.objectives.load, Some(Load::Users { count: 20_000, .. })));
    assert!(intent.traffic.growth.is_some() && intent.traffic.horizon.is_some());
    assert!(intent.objectives.headroom_load.is_some());
    assert_eq!(intent.objectives.instances_down.unwrap().value, 2);
    assert!(intent.assume.is_empty());
    let daily = Source::Phrase("10k daily active users".to_owned());
    let load = read(&daily, &["demand.users=20k"]).unwrap().objectives.load;
    let kind = Some(UserKind::DailyActive);
    assert_eq!(load, Some(Load::Users { count: 20_000, kind, think_time: None }));
    let rate = phrase(&["demand.stated_rate=500"]).unwrap().objectives.load;
    assert_eq!(rate, Some(Load::Rate(RequestsPerSecond::of(500.0))));
}

#[test]
fn paths_lead_into_services_and_calls() {
    let intent = shop(&[
        "services.catalog.cpu_time=20ms",
        "services.catalog.calls.orders-db.count=5",
        "services.web.calls[1].count=2",
        "services.web.calls.catalog.browse.count=3",
        "services.web.memory_base=1GiB",
        "services.cart.spread=2",
        "services.cart.timeout=1s",
        "services.web.cpu_time.browse=5ms",
        "pins.web.replicas=4",
        "metadata.name=boutique",
    ])
    .unwrap_or_else(|faults| panic!("{faults:#?}"));
    let catalog = &intent.services[1];
    assert_eq!(catalog.cpu_time[0].1.value, Seconds::of(0.02));
    assert_eq!(catalog.cpu_time[0].1.origin, Origin::User);
    assert_eq!(catalog.cpu_time[0].1.source, "--set");
    let count = |service: usize, call: usize| {
        intent.services[service].calls[call].count.as_ref().unwrap().value
    };
    assert!((count(1, 1) - 5.0).abs() < 1e-12);
    assert!((count(0, 0) - 3.0).abs() < 1e-12);
    assert!((count(0, 1) - 2.0).abs() < 1e-12);
    assert_eq!(intent.services[0].memory_base.as_ref().unwrap().value.value(), 1_024);
    assert!((intent.services[2].spread.as_ref().unwrap().value - 2.0).abs() < 1e-12);
    assert_eq!(intent.services[2].on_failure.timeout.as_ref().unwrap().value, Seconds::of(1.0));
    let pin = intent.pins.iter().find(|pin| pin.service.as_str() == "web").unwrap();
    assert_eq!(pin.replicas_max.as_ref().unwrap().value, 4);
    assert_eq!(intent.metadata.name.unwrap().as_str(), "boutique");
}

#[test]
fn a_setting_that_leads_nowhere_is_a_fault() {
    for (setting, code, at) in [
        ("objectives.uptime", "intent::setting", "objectives.uptime"),
        ("objectives.uptime=", "intent::setting", "objectives.uptime="),
        ("objectives..uptime=1", "intent::setting", "objectives..uptime=1"),
        ("objetives.uptime=99.9%", "intent::unknown_key", "objetives"),
        ("objectives.uptme=99.9%", "intent::unknown_key", "uptme"),
        ("objectives.uptime=0.999", "intent::uptime", "0.999"),
        ("objectives.latency.p95=400", "intent::unit", "400"),
        ("services.catlog.cpu_time=1ms", "intent::unknown_service", "catlog"),
        ("requests.brwse.response=1kB", "intent::unknown_class", "brwse"),
        ("services.web.calls[9].count=2", "intent::setting", "9"),
        ("services.web.type.x.y=2", "intent::setting", "x"),
        ("services.catalog.cpu_time.browse=2ms", "intent::setting", "browse"),
        ("pins.wbe.replicas=3", "intent::unknown_service", "wbe"),
        ("external.payments=1", "intent::shape", "1"),
        ("run_on.regions=[dublin]", "intent::region", "dublin"),
        ("run_on.regions=[eu-west-1", "intent::syntax", ""),
    ] {
        let faults = shop(&[setting]).expect_err(setting);
        let (found, place, help) = first(&faults);
        assert_eq!((found, place), (code, at), "{setting}: {faults:#?}");
        assert!(!help.is_empty());
    }
}

#[test]
fn a_path_is_set_once() {
    let faults = phrase(&["objectives.uptime=99%", "objectives.uptime=98%"]).unwrap_err();
    assert_eq!(codes(&faults), ["intent::stated_twice"]);
}

#[test]
fn faults_of_the_phrase_and_of_its_settings_come_together() {
    let source = Source::Phrase("10k users, flurbs".to_owned());
    let faults = read(&source, &["objectives.uptime=0.999", "nonsense"]).unwrap_err();
    assert_eq!(codes(&faults), ["intent::unknown_word", "intent::uptime", "intent::setting"]);
    assert_eq!(faults.understood, ["users 10k"]);
}
