//! The report as a page: all of it is there, it can be read by anybody, it stands alone, its
//! numbers are those of the spec, and foreign text stays text.

mod access;
mod document;
mod hostile;
mod numbers;
mod restored;
mod studied;
mod trace;

use domain::outcome::Answer;
use domain::spec::Spec;
use domain::study::Studies;
use domain::verification::{Status, Verdict};
use reports::{html, restore, spec};

use crate::common;
use document::Page;

/// The page of an answer, by way of its spec.
pub(crate) fn page(answer: &Answer) -> String {
    shown(&spec::render(answer))
}

/// The page of an answer with studies of it.
pub(crate) fn page_with(answer: &Answer, studies: &Studies) -> String {
    let spec = spec::render(answer);
    let answer = restore::answer(&spec).expect("the spec means something");
    html::render_with(&spec, &answer, studies).expect("the answer has a page")
}

/// The page of a spec alone.
pub(crate) fn shown(spec: &Spec) -> String {
    let answer = restore::answer(spec).expect("the spec means something");
    html::render(spec, &answer).expect("the answer has a page")
}

/// The page as lines, without what is the same in every report and what only draws.
fn told(html: &str) -> String {
    let mut lines = String::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let skipped = [("<style>", "</style>"), ("<script>", "</script>")];
        let drawn = "<svg viewBox=\"0 0 960 600\"";
        lines.push_str(&rest[..start]);
        rest = &rest[start..];
        if let Some((_, end)) = skipped.iter().find(|(tag, _)| rest.starts_with(tag)) {
            rest = &rest[rest.find(end).expect("it ends") + end.len()..];
        } else if rest.starts_with(drawn) {
            let title = &rest[..rest.find("</desc>").expect("it has one")];
            lines.push_str(title);
            rest = &rest[rest.find("</svg>").expect("it ends")..];
        } else {
            let starts = ["<section", "<tr", "<p", "<li", "<h", "<caption", "<figure", "<meta"];
            if starts.iter().any(|tag| rest.starts_with(tag)) {
                lines.push('\n');
            }
            lines.push('<');
            rest = &rest[1..];
        }
    }
    lines.push_str(rest);
    let policy = lines
        .lines()
        .map(|line| if line.contains("Content-Security-Policy") { "(the policy)" } else { line });
    policy.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_whole_page() {
    insta::assert_snapshot!(told(&page(&common::answer())));
}

#[test]
fn every_section_is_there_in_its_order() {
    let html = page(&common::answer());
    let page = Page::parse(&html);
    let sections: Vec<&str> =
        page.named("section").filter_map(|section| section.attribute("id")).collect();
    let expected: Vec<String> = (0..14).map(|number| format!("s{number}")).collect();
    assert_eq!(sections, expected);
    let titles: Vec<&str> = page.named("h2").map(|title| title.text.as_str()).collect();
    assert_eq!(titles[..4], ["0 Verdict", "Contents", "1Intent as understood", "2Assumptions"]);
    for number in 0..14 {
        let section = page.by_id(&format!("s{number}")).expect("it is there");
        assert!(section.text.len() > 80, "section {number} says something: {}", section.text);
    }
}

#[test]
fn the_first_screen_says_what_came_of_it() {
    let html = page(&common::answer());
    let screen = &Page::parse(&html);
    let screen = &screen.by_id("s0").expect("there is a first screen").text;
    let bills = ["VERIFIED", "expected $3,382", "peak fleet $3,772", "ceiling $7,130"];
    let mut from = 0;
    for bill in bills {
        let at = screen[from..].find(bill).unwrap_or_else(|| panic!("{bill} after {from}"));
        from += at;
    }
    let words = [
        "Not demanded, and would fail:✗ FAILS after the loss of a zone",
        "think time 7 s DEFAULT −$479",
        "losing the cache at peak",
        "without headroom3,289−$93",
        "Read otherwise: at 30 s between pages $1,243",
    ];
    for words in words {
        let found = screen.replace("  ", " ");
        assert!(found.contains(words), "{words} is not in {found}");
    }
}

#[test]
fn a_refuted_plan_is_called_refuted_first() {
    let mut answer = common::answer();
    answer.verification.status = Status::Refuted;
    answer.verification.checks[0].verdict = Verdict::Fail;
    let html = page(&answer);
    let page = Page::parse(&html);
    let title = &page.named("title").next().expect("the page has a title").text;
    assert!(title.starts_with("web: REFUTED, $3,382 a month"), "{title}");
    let screen = &page.by_id("s0").expect("there is a first screen").text;
    assert!(screen.starts_with("0 Verdict✗ REFUTED"), "{screen}");
    assert!(screen.contains("latency p95 fails at the stated peak"), "{screen}");
}

#[test]
fn a_section_without_evidence_says_what_adds_it() {
    let mut answer = common::answer();
    answer.verification.breaking_load = None;
    answer.verification.load_curve.clear();
    answer.verification.day = None;
    answer.verification.uptime = None;
    answer.sensitivities.clear();
    answer.alternatives.clear();
    for scenario in &mut answer.verification.scenarios {
        scenario.series.clear();
    }
    let html = page(&answer);
    let page = Page::parse(&html);
    let absent = page.elements.iter().filter(|own| own.attribute("class") == Some("absent"));
    let absent: Vec<&str> = absent.map(|own| own.text.as_str()).collect();
    for words in [
        "What each of them moves was not worked out: plimsoll plan … --out DIR adds it.",
        "No uptime was simulated: plimsoll plan … --set objectives.uptime=99.9% adds it.",
        "The breaking load was not looked for: plimsoll plan … --out DIR adds it.",
        "The day was not simulated: plimsoll plan … --set objectives.uptime=99.9% adds it.",
        "No fault was simulated: plimsoll plan … --set objectives.uptime=99.9% adds it.",
        "What each requirement costs was not solved: plimsoll explain spec.json --assumptions \
         --json > explanation.json && plimsoll report spec.json --with explanation.json --out \
         with-explanation.html adds it.",
        "Nothing was solved again: plimsoll plan … --out DIR adds it.",
    ] {
        assert!(absent.contains(&words), "{words} is not in {absent:#?}");
    }
    for plot in ["load-against-latency", "day", "worst-minutes", "error-budget", "tornado"] {
        assert!(page.by_id(plot).is_none(), "there is no such plot: {plot}");
    }
    assert!(page.by_id("cost-lines").is_some(), "the bill is drawn");
}

#[test]
fn the_same_spec_gives_the_same_bytes_on_every_thread() {
    let draw = || page(&common::answer());
    let first = draw();
    let threads: Vec<_> = (0..3).map(|_| std::thread::spawn(draw)).collect();
    for thread in threads {
        assert_eq!(thread.join().unwrap(), first);
    }
    assert!(first.len() < 1_500_000, "{} bytes", first.len());
}

#[test]
fn the_page_stands_alone() {
    let html = page(&common::answer());
    let page = Page::parse(&html);
    assert_eq!(page.faults, Vec::<String>::new());
    assert_eq!((page.named("script").count(), page.named("style").count()), (1, 1));
    for element in &page.elements {
        let fetching = ["src", "srcset", "action", "data", "poster", "style", "xlink:href"];
        for name in fetching {
            assert_eq!(element.attribute(name), None, "{element:?}");
        }
        let handler = element.attributes.iter().find(|(name, _)| name.starts_with("on"));
        assert_eq!(handler, None, "{element:?}");
        if let Some(target) = element.attribute("href") {
            let id = target.strip_prefix('#').expect("links stay on the page");
            assert!(page.by_id(id).is_some(), "{target} is nowhere");
        }
        let forbidden =
            ["link", "img", "iframe", "object", "embed", "base", "form", "image", "use"];
        assert!(!forbidden.contains(&element.name.as_str()), "{element:?}");
    }
    let policy = page.named("meta").find_map(|meta| {
        meta.attribute("http-equiv").filter(|name| *name == "Content-Security-Policy")?;
        meta.attribute("content")
    });
    let policy = policy.expect("the page has a policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
}
