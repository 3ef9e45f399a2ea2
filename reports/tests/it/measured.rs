//! What is generated to measure a system by: the load, the objectives, the alerts.

use domain::name::Name;
use domain::spec::{HoursPart, ObjectivePart, Spec, WindowPart};
use jiff::civil::date;
use proptest::prelude::*;
use reports::emit::{Format, emit};
use reports::spec::render;
use serde_json::Value;

use crate::common;

fn spec() -> Spec {
    render(&common::answer())
}

fn text(spec: &Spec, format: Format) -> String {
    emit(spec, format, date(2026, 11, 26)).expect("it is generated").remove(0).1
}

fn documents(text: &str) -> Vec<Value> {
    serde_saphyr::from_multiple(text).expect("it is YAML")
}

#[test]
fn the_load_of_a_spec() {
    insta::assert_snapshot!(text(&spec(), Format::K6));
}

#[test]
fn the_objectives_of_a_spec() {
    insta::assert_snapshot!(text(&spec(), Format::Openslo));
}

#[test]
fn the_alerts_of_a_spec() {
    insta::assert_snapshot!(text(&spec(), Format::Alerts));
}

/// The numbers between two texts of a script.
fn after(script: &str, before: &str) -> Vec<u64> {
    let parts = script.split(before).skip(1);
    let digits = |part: &str| part.chars().take_while(char::is_ascii_digit).collect::<String>();
    parts.map(|part| digits(part).parse().expect("a number stands there")).collect()
}

#[test]
fn the_script_offers_the_peak_and_the_headroom() {
    let spec = spec();
    let script = text(&spec, Format::K6);
    // Two steps at the peak and two with the headroom, for each class.
    let targets = after(&script, "{ target: ");
    assert_eq!(targets.len(), 4 * spec.demand.classes.len());
    let sum = |level: usize| targets.chunks(4).map(|own| own[level]).sum::<u64>() as f64;
    let peak = spec.demand.peak_micro_rps as f64 * 60.0 / 1e6;
    let headroom = spec.intent.objectives.iter().find_map(|objective| match objective {
        ObjectivePart::Users { headroom_ppm, .. } => Some(*headroom_ppm as f64 / 1e6),
        _ => None,
    });
    let beyond = peak * (1.0 + headroom.expect("users were asked for"));
    for (level, wanted) in [(0, peak), (1, peak), (2, beyond), (3, beyond)] {
        let classes = spec.demand.classes.len() as f64;
        assert!(sum(level) >= wanted - 1e-6 && sum(level) <= wanted + classes, "{level}");
    }
    let busy = after(&script, "preAllocatedVUs: ");
    let most = after(&script, "maxVUs: ");
    assert!(busy.iter().zip(&most).all(|(busy, most)| 0 < *busy && busy <= most));
}

#[test]
fn every_promise_is_a_threshold_an_objective_and_an_alert() {
    let spec = spec();
    let script = text(&spec, Format::K6);
    let slos = documents(&text(&spec, Format::Openslo));
    let alerts = text(&spec, Format::Alerts);
    let mut promised = 0;
    for objective in &spec.intent.objectives {
        let (id, target, threshold) = match objective {
            ObjectivePart::Latency { id, percentile_permille, threshold_us, .. } => {
                let permille = f64::from(*percentile_permille);
                let limit = *threshold_us as f64 / 1e3;
                let metric = format!("\"answered_within_{limit}_ms\"");
                assert!(script.contains(&format!("limit: {limit}, met: new Rate({metric})")));
                (id, permille / 1e3, format!("{metric}: [\"rate>={}\"]", permille / 1e3))
            }
            ObjectivePart::Availability { id, target_ppm, .. } => {
                let lost = f64::from(1_000_000 - target_ppm) / 1e6;
                (id, f64::from(*target_ppm) / 1e6, format!("rate<={lost}"))
            }
            _ => continue,
        };
        promised += 1;
        assert!(script.contains(&threshold), "{threshold} in {script}");
        let name = format!("{}-{id}", spec.metadata.name);
        let slo = slos.iter().find(|own| own["metadata"]["name"] == name.as_str());
        let slo = slo.unwrap_or_else(|| panic!("no objective {name}"));
        assert_eq!(slo["spec"]["objectives"][0]["target"], target, "{name}");
        assert_eq!(slo["spec"]["service"], spec.metadata.name.as_str());
        assert!(alerts.contains(&format!("{id} loses")), "{id}");
    }
    assert_eq!(promised, slos.len() - 1);
    assert!(promised >= 2, "the example promises a latency and an uptime");
}

/// The share of a promise that is kept is a part of the same requests, of which none that is
/// answered with a failure counts as kept, however fast; and it is 0 where nobody wrote of it.
#[test]
fn a_fast_failure_keeps_no_promise() {
    let spec = spec();
    let slos = documents(&text(&spec, Format::Openslo));
    let alerts = documents(&text(&spec, Format::Alerts));
    let rules = alerts[0]["groups"].as_array().expect("groups");
    let promises = rules.iter().find(|own| own["name"] == "web-promises").expect("promises");
    let mut seen = 0;
    for slo in slos.iter().filter(|own| own["kind"] == "SLO") {
        let ratio = &slo["spec"]["indicator"]["spec"]["ratioMetric"];
        let query = |part: &str| {
            let query = ratio[part]["metricSource"]["spec"]["query"].as_str();
            query.expect("a query").to_owned()
        };
        let (good, total) = (query("good"), query("total"));
        let part = good.strip_suffix(&format!(" or 0 * {total})"));
        let part = part.unwrap_or_else(|| panic!("{good} is nothing where all fail"));
        assert!(part.contains("http_response_status_code!~\"5..\""), "{good}");
        for rule in promises["rules"].as_array().expect("rules") {
            let expression = rule["expr"].as_str().expect("an expression");
            let own = format!("(1 - {good} / {total}) > ");
            seen += usize::from(expression.contains(&own));
        }
    }
    // Each promise is watched over five minutes once.
    assert_eq!(seen, slos.len() - 1);
}

/// The rule of that name.
fn rule(spec: &Spec, name: &str) -> Option<Value> {
    let rules = documents(&text(spec, Format::Alerts));
    let groups = rules[0]["groups"].as_array().expect("groups").clone();
    let rules = groups.iter().flat_map(|own| own["rules"].as_array().expect("rules").clone());
    rules.into_iter().find(|own| own["alert"] == name)
}

/// Dead programs measure nothing, so something has to fire where nothing is measured, at each
/// service that requests enter at; who is shut at night says so to whoever routes alerts.
#[test]
fn silence_is_heard() {
    let mut spec = spec();
    let mut other = spec.demand.classes[0].clone();
    other.name = Name::of("call");
    other.enters = Name::of("api");
    spec.demand.classes.push(other);
    let absent = |service: &str| {
        format!(
            "absent(http_server_request_duration_seconds_count\
             {{service_name=\"{service}\",service_namespace=\"web\"}})"
        )
    };
    let silent = rule(&spec, "NothingMeasured").expect("it is heard");
    assert_eq!(silent["expr"], format!("{} or {}", absent("api"), absent("app")));
    assert_eq!(
        (&silent["labels"]["severity"], &silent["labels"]["hours"]),
        (&"page".into(), &Value::Null)
    );
    spec.demand.hours = Some(HoursPart {
        zone: "Europe/Dublin".to_owned(),
        windows: vec![WindowPart {
            days: vec!["mon".to_owned(), "tue".to_owned()],
            opens: "08:00".to_owned(),
            closes: "19:00".to_owned(),
        }],
        open_minutes_a_week: 1320,
    });
    let silent = rule(&spec, "NothingMeasured").expect("it is heard");
    assert_eq!(silent["labels"]["hours"], "open");
    let told = silent["annotations"]["description"].as_str().expect("a text");
    assert!(told.contains("mon, tue from 08:00 to 19:00 (Europe/Dublin)"), "{told}");
}

/// A number of a rule has no digits that nobody can measure, and is never below what was seen.
#[test]
fn rules_have_the_digits_that_can_be_measured() {
    let mut spec = spec();
    spec.demand.peak_micro_rps = 4_571_428_571;
    if let Some(most) = &mut spec.breaking_load {
        most.holds_ppm = 1_410_229;
    }
    let headroom = spec.scenarios.iter_mut().find(|own| own.name == "headroom");
    let seen = headroom.expect("a headroom").utilisation.get_mut("db").expect("of db");
    (seen.observed_ppm, seen.ci95_ppm) = (866_178, [854_959, 877_396]);
    let near = rule(&spec, "LoadNearBreaking").expect("a load breaks it");
    let told = near["annotations"]["description"].as_str().expect("a text");
    assert!(told.starts_with("141% of the peak"), "{told}");
    let above = |own: &Value| {
        let text = own["expr"].as_str().expect("an expression");
        text.rsplit_once(" > ").expect("a comparison").1.to_owned()
    };
    assert_eq!(above(&near), "6446.7");
    assert_eq!(above(&rule(&spec, "LoadBeyondHeadroom").expect("it is kept")), "5714.2");
    let busy = rule(&spec, "DbBusy").expect("it is measured");
    assert_eq!(above(&busy), "0.878");
    let told = busy["annotations"]["description"].as_str().expect("a text");
    assert!(told.contains("86.6% busy with all of the headroom (85.5 to 87.7%)"), "{told}");
}

/// Without headroom the peak is the most that was asked for.
#[test]
fn a_system_without_headroom_is_watched_at_its_peak() {
    let mut spec = spec();
    spec.scenarios.retain(|own| own.name != "headroom");
    let peak = spec.scenarios.iter().find(|own| own.name == "peak").expect("a peak");
    let most = peak.utilisation["db"].ci95_ppm[1].div_ceil(1_000) as f64 / 1e3;
    let busy = rule(&spec, "DbBusy").expect("it is watched");
    let expression = busy["expr"].as_str().expect("an expression");
    assert!(expression.ends_with(&format!(" > {most}")), "{expression} at {most}");
    let told = busy["annotations"]["summary"].as_str().expect("a text");
    assert!(told.ends_with("db is busier than at the peak that was planned for"), "{told}");
}

/// What the balancer answers in the place of programs is held against what may be lost.
#[test]
fn what_the_balancer_answers_itself_is_heard() {
    let mut spec = spec();
    let above = |spec: &Spec| {
        let own = rule(spec, "EdgeUnanswered")?;
        let expression = own["expr"].as_str().expect("an expression");
        let (failed, rest) = expression.split_once(" > ").expect("a comparison");
        let (share, handed_on) = rest.split_once(" * ").expect("a share");
        assert!(failed.contains("_elb_5_xx_count_sum{"), "{failed}");
        assert!(handed_on.ends_with(&format!("or 0 * {failed})")), "{handed_on}");
        Some(share.to_owned())
    };
    assert_eq!(above(&spec).as_deref(), Some("0.0144"));
    for (promised, wanted) in [(999_990, "0.000144"), (900_000, "0.5")] {
        for own in &mut spec.intent.objectives {
            if let ObjectivePart::Availability { target_ppm, .. } = own {
                *target_ppm = promised;
            }
        }
        assert_eq!(above(&spec).as_deref(), Some(wanted), "{promised}");
    }
    spec.intent.objectives.retain(|own| !matches!(own, ObjectivePart::Availability { .. }));
    assert_eq!(above(&spec), None);
}

/// Every rule has what Prometheus asks for, and no two are called alike.
#[test]
fn the_rules_are_rules() {
    let rules = documents(&text(&spec(), Format::Alerts));
    let groups = rules[0]["groups"].as_array().expect("groups");
    let mut names = Vec::new();
    for group in groups {
        assert!(group["name"].is_string());
        for rule in group["rules"].as_array().expect("rules") {
            let name = rule["alert"].as_str().or_else(|| rule["record"].as_str());
            let own = (name.expect("a name"), rule["labels"]["service"].as_str());
            let expression = rule["expr"].as_str().expect("an expression");
            let open = expression.matches(['(', '{', '[']).count();
            assert_eq!(open, expression.matches([')', '}', ']']).count(), "{expression}");
            assert!(own.0.chars().all(|sign| sign.is_ascii_alphanumeric() || "_:".contains(sign)));
            names.push(own);
        }
    }
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all, "two rules are called alike");
    assert!(names.iter().any(|(name, _)| *name == "LoadNearBreaking"));
}

fn of_environment(environment: &str) -> Spec {
    let mut spec = spec();
    spec.metadata.labels.insert("environment".to_owned(), environment.to_owned());
    spec
}

/// Whatever is asked for is asked of this system in this environment: each selector says so, by a
/// label that what is generated gives it.
#[test]
fn nothing_of_another_system_is_measured() {
    let (dev, prod) = (of_environment("dev"), of_environment("prod"));
    let system = format!("{}-prod", prod.metadata.name);
    let ours = ["service_namespace", "system", "tag_plimsoll_dev_system"]
        .map(|label| format!("{label}=\"{system}\""));
    let selectors = |query: &str| -> Vec<String> {
        let parts = query.split('{').skip(1);
        parts.map(|own| own.split_once('}').expect("it ends").0.to_owned()).collect()
    };
    let asked = |query: &str| {
        let own = selectors(query);
        assert!(!own.is_empty(), "{query}");
        for one in own {
            let labels: Vec<&str> = one.split(',').collect();
            assert!(ours.iter().any(|label| labels.contains(&label.as_str())), "{query}");
        }
    };
    let rules = documents(&text(&prod, Format::Alerts));
    for group in rules[0]["groups"].as_array().expect("groups") {
        assert!(group["name"].as_str().expect("a name").starts_with(&system));
        for rule in group["rules"].as_array().expect("rules") {
            asked(rule["expr"].as_str().expect("an expression"));
            assert_eq!(rule["labels"]["system"], system.as_str());
            if rule["alert"].is_string() {
                assert_eq!(rule["labels"]["environment"], "prod");
                let told = rule["annotations"]["summary"].as_str().expect("a summary");
                assert!(told.starts_with(&system), "{told}");
            }
        }
    }
    let names = |spec: &Spec| -> Vec<String> {
        let own = documents(&text(spec, Format::Openslo));
        own.iter().map(|own| own["metadata"]["name"].as_str().expect("one").to_owned()).collect()
    };
    let slos = documents(&text(&prod, Format::Openslo));
    for slo in slos.iter().filter(|own| own["kind"] == "SLO") {
        assert_eq!(slo["spec"]["service"], system.as_str());
        for part in ["good", "total"] {
            let own = &slo["spec"]["indicator"]["spec"]["ratioMetric"][part];
            asked(own["metricSource"]["spec"]["query"].as_str().expect("a query"));
        }
    }
    let (dev, prod) = (names(&dev), names(&prod));
    assert!(prod.iter().all(|own| own.len() <= 63 && !dev.contains(own)), "{prod:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Labels may hold anything, and come back as they were.
    #[test]
    fn texts_of_people_come_back(key in "\\PC{1,20}", value in any::<String>()) {
        let plain = spec();
        let mut spec = plain.clone();
        spec.metadata.labels.insert(key.clone(), value.clone());
        let slos = documents(&text(&spec, Format::Openslo));
        let told = &slos[0]["metadata"]["annotations"][key.as_str()];
        prop_assert_eq!(told.as_str(), Some(value.as_str()));
        let annotations = slos[0]["metadata"]["annotations"].as_object().expect("a map");
        let mut own = annotations.iter().filter(|(name, _)| **name != key);
        // As long as the schema of OpenSLO lets one be.
        let fits = |value: &Value| value.as_str().is_some_and(|own| own.len() <= 63);
        prop_assert!(own.all(|(_, value)| fits(value)));
        for format in [Format::K6, Format::Alerts] {
            prop_assert_eq!(text(&spec, format), text(&plain, format));
        }
    }
}
