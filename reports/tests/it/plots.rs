//! Plots: well-formed, titled, inside their canvas, and the same bytes every time.

use domain::name::Name;
use domain::units::MicroDollars;
use reports::plots::{self, PlotFault};
use roxmltree::Document;

use crate::common;
use crate::terminal::with_services;

/// The text of an element, without the line breaks around it.
fn words(node: roxmltree::Node<'_, '_>) -> String {
    node.text().unwrap_or_default().trim().to_owned()
}

fn texts(svg: &str) -> Vec<String> {
    let document = Document::parse(svg).expect("the plot is XML");
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    texts.map(words).collect()
}

fn title(svg: &str) -> String {
    let document = Document::parse(svg).expect("the plot is XML");
    let mut titles = document.descendants().filter(|node| node.has_tag_name("title"));
    words(titles.next().expect("the plot has a title"))
}

#[test]
fn the_title_is_the_finding() {
    let answer = common::answer();
    let curve = plots::load_against_latency(&answer).unwrap();
    assert_eq!(title(&curve), "app saturates beyond 13,200 users (+32%)");
    assert!(texts(&curve).contains(&title(&curve)));
    let bill = plots::cost_lines(&answer).unwrap();
    assert_eq!(title(&bill), "traffic is 65% of $3,382 a month expected; at most $7,130");
    assert!(texts(&bill).contains(&title(&bill)));
}

#[test]
fn the_curve_shows_what_was_asked_held_and_promised() {
    let texts = texts(&plots::load_against_latency(&common::answer()).unwrap());
    for words in [
        "asked 10,000",
        "with headroom 12,500",
        "holds up to 13,200",
        "latency p95 at most 400 ms",
        "latency at the load balancer",
        "load, as a part of the 10,000 users asked",
        "p50",
        "p95",
        "p99",
        "seed 1 · 18.4 M requests simulated in all scenarios · bands are 95% intervals",
    ] {
        assert!(texts.iter().any(|text| text == words), "{words} is not in {texts:?}");
    }
}

#[test]
fn the_bills_show_the_numbers_behind_the_bars() {
    let mut answer = common::answer();
    answer.demand.objectives.budget.expected = Some(MicroDollars::from_dollars(4_000));
    let texts = texts(&plots::cost_lines(&answer).unwrap());
    for words in ["3,382", "3,772", "7,130", "2,190", "555", "budget $4,000", "peak fleet"] {
        assert!(texts.iter().any(|text| text == words), "{words} is not in {texts:?}");
    }
}

#[test]
fn no_text_starts_outside_the_canvas() {
    let answer = with_services(30);
    for svg in [plots::load_against_latency(&answer), plots::cost_lines(&answer)] {
        let svg = svg.unwrap();
        let document = Document::parse(&svg).unwrap();
        for node in document.descendants().filter(|node| node.has_tag_name("text")) {
            let at = |name: &str| node.attribute(name).unwrap().parse::<i32>().unwrap();
            assert!((0..960).contains(&at("x")) && (0..600).contains(&at("y")), "{node:?}");
        }
    }
}

#[test]
fn the_same_answer_gives_the_same_bytes_on_every_thread() {
    let draw = || {
        let answer = common::answer();
        let curve = plots::load_against_latency(&answer).unwrap();
        (curve, plots::cost_lines(&answer).unwrap())
    };
    let first = draw();
    let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(draw)).collect();
    for thread in threads {
        assert_eq!(thread.join().unwrap(), first);
    }
}

#[test]
fn an_answer_without_evidence_has_no_plot() {
    let mut answer = common::answer();
    answer.verification.load_curve.clear();
    let fault = plots::load_against_latency(&answer).unwrap_err();
    assert_eq!(fault, PlotFault::Nothing("latency against load"));
    answer.plan.bill.lines.clear();
    assert_eq!(plots::cost_lines(&answer), Err(PlotFault::Nothing("bill")));
}

#[test]
fn a_plan_that_never_holds_is_drawn_as_far_as_it_goes() {
    let mut answer = common::answer();
    for point in &mut answer.verification.load_curve {
        point.p99.value = f64::INFINITY;
        point.p95.high = f64::INFINITY;
    }
    answer.demand.load.users = None;
    answer.demand.objectives.latency.clear();
    answer.demand.services[1].name = Name::of("a");
    let svg = plots::load_against_latency(&answer).unwrap();
    assert_eq!(title(&svg), "app saturates beyond 6,034 requests/s (+32%)");
    assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
}
