//! Studies in the report: they stand in their sections, and every number is one of theirs.

use domain::outcome::Answer;
use domain::study::{Studies, Study, read};
use reports::{markdown, plots, spec};
use serde_json::{Value, json};

use super::document::Page;
use super::page_with;
use super::trace::{untraced, untraced_with};
use crate::common;

const TABLES: [&str; 14] = [
    "requirement-prices",
    "idle-rules",
    "runner-ups",
    "refuted-plans",
    "same-machines",
    "levers",
    "rejected-offers",
    "why-not",
    "assumption-ends",
    "frontier-0",
    "frontier-1",
    "frontier-2",
    "growth-months",
    "budget-carries",
];

/// What is found out about the growth.
const GROWN: &str = "At 10% more a month this design carries what is asked with 25% more load and \
                     one instance down up to and in month 1, and ends in month 2; the machines \
                     first change in month 2, at +$335";

#[test]
fn studies_stand_in_their_sections() {
    let html = page_with(&common::answer(), &common::studies());
    let page = Page::parse(&html);
    assert_eq!(page.faults, Vec::<String>::new());
    for id in TABLES.iter().chain(&["both-ends", "cost-frontier", "growth"]) {
        assert!(page.by_id(id).is_some(), "{id} is not there");
    }
    let section = |number: u8| &page.by_id(&format!("s{number}")).expect("a section").text;
    for (number, words) in [
        (8, "Of what is required, policy rule spread binds: less of it is cheaper."),
        (8, "The policy rule near applies and does not bind."),
        (8, "policy rule spread (policy.yaml:8:5)"),
        (8, "does not apply: the environment is prod, not dev"),
        (8, "app is dearer"),
        (8, "operations: advanced"),
        (9, "c8g.xlarge is faster and no dearer"),
        (9, "8 GiB are less than 13 GiB"),
        (10, GROWN),
        (11, "no design carries 99.999% uptime"),
        (11, "What $3,450 a month carries, the expected bill"),
        (11, "at 99.999% uptimenothing"),
        (11, "latency p95: no trade-off between 65 ms and 400 ms; at 52 ms +$21"),
    ] {
        assert!(section(number).contains(words), "{words} is not in {}", section(number));
    }
    let absent = page.elements.iter().filter(|own| own.attribute("class") == Some("absent"));
    for own in absent {
        assert!(!own.text.contains("--with"), "{} is there", own.text);
    }
}

/// The first screen names a command only for what is not in the report.
#[test]
fn the_first_screen_asks_for_no_study_that_is_there() {
    let all = common::studies();
    for (explained, bounded) in [(true, true), (true, false), (false, true), (false, false)] {
        let studies = Studies {
            explanation: all.explanation.clone().filter(|_| explained),
            frontier: all.frontier.clone().filter(|_| bounded),
            ..Studies::default()
        };
        let html = page_with(&common::answer(), &studies);
        let page = Page::parse(&html);
        let screen = &page.by_id("s0").expect("a first screen").text;
        for (name, there) in [("plimsoll explain", explained), ("plimsoll frontier", bounded)] {
            assert_eq!(screen.contains(name), !there, "{name}, {explained} {bounded}: {screen}");
        }
        assert_eq!(screen.contains("Section 8 has the price"), explained);
        assert_eq!(screen.contains("ection 11 what other"), bounded, "{screen}");
    }
}

#[test]
fn without_them_a_section_says_which_command_adds_them() {
    let mut answer = common::answer();
    let told = |answer: &Answer| {
        let html = page_with(answer, &Studies::default());
        let page = Page::parse(&html);
        let absent = page.elements.iter().filter(|own| own.attribute("class") == Some("absent"));
        let told = absent.filter(|own| own.text.contains("--with")).map(|own| own.text.clone());
        told.collect::<Vec<_>>()
    };
    let all = told(&answer);
    assert_eq!(all.len(), 5, "{all:#?}");
    assert!(all.iter().any(|own| own.contains("--over users,uptime,latency ")), "{all:#?}");
    answer.demand.objectives.latency.clear();
    let all = told(&answer);
    assert!(all.iter().any(|own| own.contains("--over users,uptime --json")), "{all:#?}");
}

/// Sections of the Markdown by their numbers.
fn sections(text: &str, numbers: &[usize]) -> String {
    let parts: Vec<&str> = text.split("\n## ").collect();
    let told = parts
        .iter()
        .filter(|part| numbers.iter().any(|number| part.starts_with(&format!("{number} "))));
    told.copied().collect::<Vec<_>>().join("\n## ")
}

#[test]
fn both_forms_say_the_same() {
    let (answer, studies) = (common::answer(), common::studies());
    let written = markdown::render_with(&spec::render(&answer), &answer, &studies);
    let html = page_with(&answer, &studies);
    let page = Page::parse(&html);
    for id in TABLES {
        let caption = page.by_id(&format!("{id}-caption")).expect("a caption");
        assert!(written.contains(&format!("**{}**", caption.text)), "{}", caption.text);
    }
    insta::assert_snapshot!("sections_with_studies", sections(&written, &[8, 9, 10, 11]));
}

#[test]
fn every_number_is_one_of_the_spec_or_of_a_study() {
    let (answer, studies) = (common::answer(), common::studies());
    let (html, written) = (page_with(&answer, &studies), spec::render(&answer));
    assert_eq!(untraced_with(&html, &written, &studies), Vec::<String>::new());
    assert!(!untraced(&html, &written).is_empty(), "some are of a study alone");
    for (from, to) in [("+$582", "+$583"), ("4,902", "4,903"), ("3,391", "3,392")] {
        assert!(html.contains(from), "{from}");
        let forged = html.replace(from, to);
        assert!(!untraced_with(&forged, &written, &studies).is_empty(), "{to} for {from}");
    }
}

/// A frontier with growth and one without are asked for apart: both stand in one report, whichever
/// comes first, each in its section; a second one of a kind does not.
#[test]
fn a_frontier_with_growth_stands_beside_one_without() {
    let grown = common::studies().frontier.expect("one");
    let mut plain = grown.clone();
    plain.growth = None;
    let mut alone = grown.clone();
    alone.series.truncate(1);
    let whole = page_with(&common::answer(), &common::studies());
    for both in [[&plain, &alone], [&alone, &plain]] {
        let mut studies = Studies::default();
        for own in both {
            assert_eq!(studies.add(Study::Frontier(own.clone())), None);
        }
        assert_eq!(studies.growing(), Some(&*alone));
        assert_eq!(studies.frontier.as_ref(), Some(&plain));
        assert_eq!(
            page_with(
                &common::answer(),
                &Studies {
                    explanation: common::studies().explanation,
                    capacity: common::studies().capacity,
                    ..studies.clone()
                }
            ),
            whole
        );
        for again in [&plain, &alone] {
            assert!(studies.add(Study::Frontier(again.clone())).is_some());
        }
    }
}

/// A study with another number at a place.
fn changed(study: &Value, place: &str, value: Value) -> Study {
    let mut document = study.clone();
    let number = document.pointer_mut(place).unwrap_or_else(|| panic!("{place} is there"));
    assert_ne!(*number, value, "{place}");
    *number = value;
    read(&document.to_string()).expect("a study")
}

#[test]
fn a_study_with_another_number_has_another_report() {
    let (answer, studies) = (common::answer(), common::studies());
    let written = spec::render(&answer);
    let before = page_with(&answer, &studies);
    let explanation = serde_json::to_value(&studies.explanation).expect("JSON");
    let frontier = serde_json::to_value(&studies.frontier).expect("JSON");
    let capacity = serde_json::to_value(&studies.capacity).expect("JSON");
    let cost = json!(7_777_000_000_u64);
    for (study, place, value) in [
        (&explanation, "/prices/1/stricter/design/monthly_micros", cost.clone()),
        (&explanation, "/runner_ups/0/monthly_micros", cost.clone()),
        (&explanation, "/elsewhere/0/monthly_micros", cost.clone()),
        (&explanation, "/levers/0/monthly_micros", cost.clone()),
        (&explanation, "/refuted/0/monthly_micros", cost.clone()),
        (&explanation, "/rejected/0/offers", json!(7_777)),
        (&explanation, "/offer/instead/0/design/monthly_micros", cost.clone()),
        (&explanation, "/assumptions/0/half/monthly_micros", cost.clone()),
        (&explanation, "/assumptions/1/at_interval/0/monthly_micros", cost.clone()),
        (&explanation, "/assumptions/0/interval/1", json!(77.7)),
        (&frontier, "/series/0/points/1/design/monthly_micros", cost.clone()),
        (&frontier, "/series/0/points/1/ask/users", json!(77_777)),
        (&frontier, "/designs", json!(777)),
        (&frontier, "/latency_slack/0/free_to_us", json!(77_000)),
        (&frontier, "/growth/monthly_ppm", json!(177_700)),
        (&frontier, "/growth/months/1/ask/users", json!(11_777)),
        (&frontier, "/growth/months/3/design/monthly_micros", cost.clone()),
        (&frontier, "/latency_slack/0/tighter/0/limit_us", json!(37_000)),
        (&capacity, "/budget_micros", cost.clone()),
        (&capacity, "/design/monthly_micros", cost.clone()),
        (&capacity, "/carried/users", json!(7_777)),
        (&capacity, "/refused/ask/users", json!(7_778)),
        (&capacity, "/elsewhere/0/carried/users", json!(7_779)),
        (&capacity, "/careful/carried/users", json!(7_780)),
    ] {
        let mut own = studies.clone();
        match changed(study, place, value) {
            Study::Explanation(study) => own.explanation = Some(study),
            Study::Frontier(study) => own.frontier = Some(study),
            Study::Capacity(study) => own.capacity = Some(study),
        }
        let after = page_with(&answer, &own);
        assert!(after != before, "{place} is not in the report");
        assert_eq!(untraced_with(&after, &written, &own), Vec::<String>::new(), "{place}");
        assert!(!untraced_with(&after, &written, &studies).is_empty(), "{place} is read as before");
    }
}

fn texts(svg: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(svg).expect("the plot is XML");
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    texts.map(|node| node.text().unwrap_or_default().trim().to_owned()).collect()
}

#[test]
fn the_plots_say_what_they_found() {
    let studies = common::studies();
    let frontier = plots::frontier(studies.frontier.as_deref().expect("one")).expect("a plot");
    let ends = plots::both_ends(&common::answer(), studies.explanation.as_deref().expect("one"));
    let ends = ends.expect("a plot");
    let frontier_of = studies.frontier.as_deref().expect("one");
    let growth = plots::growth(&common::answer(), frontier_of).expect("a plot");
    for (svg, words) in [
        (&growth, GROWN),
        (&growth, "users at the peak"),
        (&growth, "US dollars a month"),
        (&growth, "held, nothing in reserve"),
        (&growth, "months from the load that was asked for"),
        (&frontier, "4 designs from $3,382 to $5,799 a month"),
        (&frontier, "asked $3,382"),
        (&frontier, "users at the peak"),
        (&frontier, "uptime over a year"),
        (&frontier, "limit of the latency p95"),
        (&frontier, "US dollars a month"),
        (&frontier, "none"),
        (&ends, "Measure the users first: −$1,381 at half, +$3,020 at twice"),
        (&ends, "change of the expected bill, US dollars a month"),
        (&ends, "3.5 s: +$2,518"),
        (&ends, "14 s: −$1,282"),
        (&ends, "12 kB: no plan"),
        (&ends, "a default that nobody stated"),
    ] {
        let texts = texts(svg);
        assert!(texts.iter().any(|text| text == words), "{words} is not in {texts:#?}");
    }
}

#[test]
fn no_text_of_a_plot_starts_outside_the_canvas() {
    let mut studies = common::studies();
    let frontier = studies.frontier.as_mut().expect("one");
    let series = frontier.series[1].clone();
    frontier.series.extend(vec![series; 9]);
    let points = frontier.series[0].points.clone();
    frontier.series[0].points.extend(points.into_iter().cycle().take(60));
    let svg = plots::frontier(frontier).expect("a plot");
    let document = roxmltree::Document::parse(&svg).expect("the plot is XML");
    for node in document.descendants().filter(|node| node.has_tag_name("text")) {
        let at =
            |name: &str| node.attribute(name).expect("a place").parse::<i32>().expect("a number");
        assert!((0..960).contains(&at("x")) && (0..600).contains(&at("y")), "{node:?}");
    }
    for series in &mut frontier.series {
        series.points.clear();
    }
    assert_eq!(plots::frontier(frontier), Err(plots::PlotFault::Nothing("design")));
}
