//! The report as Markdown.

use domain::outcome::Answer;
use domain::spec::Approval;
use domain::study::Studies;
use domain::verification::{Observed, Status, Verdict};
use reports::{markdown, spec};

use crate::common;

/// The report of an answer.
pub(crate) fn written(answer: &Answer) -> String {
    markdown::render(&spec::render(answer), answer)
}

/// The same with studies of it.
pub(crate) fn written_with(answer: &Answer, studies: &Studies) -> String {
    markdown::render_with(&spec::render(answer), answer, studies)
}

#[test]
fn the_whole_report() {
    insta::assert_snapshot!(written(&common::answer()));
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
    let text = written(&answer);
    assert!(text.contains("The breaking load was not looked for: `plimsoll plan"));
    assert!(text.contains("No uptime was simulated: `plimsoll plan"));
    assert!(text.contains("Nothing was solved again: `plimsoll plan"));
    assert!(!text.contains("load-against-latency.svg"), "there is no such plot");
}

#[test]
fn a_refuted_plan_is_called_refuted_first() {
    let mut answer = common::answer();
    answer.verification.status = Status::Refuted;
    answer.verification.checks[0].verdict = Verdict::Fail;
    let text = written(&answer);
    let verdict = text.lines().nth(4).unwrap();
    assert!(verdict.starts_with("**REFUTED**"), "{verdict}");
    assert!(verdict.ends_with("latency p95 fails at the stated peak"), "{verdict}");
    assert!(text.contains("| FAILS | latency p95 |"));
}

#[test]
fn what_fails_by_less_than_is_shown_does_not_read_as_met() {
    let mut answer = common::answer();
    let check = answer.verification.checks.iter_mut().find(|own| own.id == "latency-p95@headroom");
    let check = check.expect("it is checked");
    (check.verdict, check.observed.value) = (Verdict::Fail, 0.400_01);
    let text = written(&answer);
    assert!(text.contains("| 400 ms | over 400 ms |"), "{text}");
}

#[test]
fn foreign_text_is_shown_and_not_obeyed() {
    let mut answer = common::answer();
    answer.intent.phrase = Some("10k users\n```\n<script>alert(1)</script>".into());
    answer.risks[0].text = "<img src=x> | [click](https://example.com) **now**".into();
    answer.intent.metadata.labels = vec![("<b>".into(), "`x`\u{202e}".into())];
    let text = written(&answer);
    assert!(text.contains("````text\n10k users\n```\n<script>"));
    assert!(text.contains("&lt;img src=x&gt; \\| \\[click\\](https&#58;//example.com)"));
    assert!(text.contains("- Label &lt;b&gt;: \\`x\\`\u{FFFD}"));
}

/// The verdict says whether somebody has to agree, and what nobody demanded and would fail.
#[test]
fn the_verdict_says_the_same_as_the_page() {
    let mut answer = common::answer();
    for (approval, says) in [
        (Approval::NotRequired, "needs approval: no"),
        (Approval::Unapproved, "needs approval: yes"),
    ] {
        let mut own = spec::render(&answer);
        own.verdict.approval = approval;
        let text = markdown::render(&own, &answer);
        let verdict = text.lines().nth(4).unwrap();
        assert!(verdict.contains(" a month**") && verdict.contains(says), "{verdict}");
    }
    let screen = |answer: &Answer| {
        let text = written(answer);
        text.split_once("\n## 1 ").expect("a section follows").0.to_owned()
    };
    let failing = "Not demanded, and would fail:\n\n- FAILS after the loss of a zone: latency p95 \
                   beyond its limit\n\nThree bills";
    assert!(screen(&answer).contains(failing), "{}", screen(&answer));
    // What is not decided is not said to fail, and its interval stands beside the limit.
    for check in answer.verification.checks.iter_mut().filter(|check| !check.demanded) {
        check.verdict = Verdict::Undecided;
        check.observed = Observed { value: 2.0, low: 0.2, high: 4.0 };
    }
    let open = "\nNothing else that was simulated is known to fail.\n\nNot demanded, and not \
                decided whether it would fail:\n\n- UNDECIDED after the loss of a zone: latency \
                p95 0.2 – 4 s, which says neither, against 400 ms\n\nThree bills";
    assert!(screen(&answer).contains(open), "{}", screen(&answer));
    let text = written(&answer);
    assert!(!text.contains("would fail:\n\n- FAILS") && !text.contains("it would not hold"));
    assert!(text.contains("Not demanded, and not decided whether it would hold: latency p95"));
    answer.verification.checks.retain(|check| check.demanded);
    assert!(screen(&answer).contains("\nNothing else that was simulated would fail.\n"));
    assert!(!screen(&answer).contains("Not demanded"));
}

/// What a scenario has to serve is another question than what the year has to: both are told, and
/// the former is what the checks demand.
#[test]
fn what_is_demanded_of_a_scenario_is_told_beside_the_uptime() {
    let mut answer = common::answer();
    let mut check = answer.verification.checks[0].clone();
    check.demanded = true;
    (check.objective, check.limit) = ("goodput".to_owned(), 0.9985);
    answer.verification.checks.retain(|own| own.objective != "goodput");
    answer.verification.checks.push(check);
    let text = written(&answer);
    assert!(text.contains("- With 25% more load and one instance down, every latency must"));
    assert!(text.contains("- In each scenario that is demanded, 99.85% must be good answers."));
    assert!(text.contains("- Uptime is judged over the year, each fault as often as it comes"));
    assert!(!text.contains("all of this must still hold"));
    answer.demand.objectives.uptime = None;
    assert!(!written(&answer).contains("Uptime is judged over the year"));
}

/// Of users the number is counted; a rate comes with its unit.
#[test]
fn a_load_has_one_unit() {
    let mut answer = common::answer();
    let holds = |answer: &Answer| {
        let text = written(answer);
        let told = text.split_once("Every objective holds up to ").expect("it is said").1;
        told.split_once(';').expect("it goes on").0.to_owned()
    };
    assert_eq!(holds(&answer), "13,200 users");
    answer.demand.load.users = None;
    let rate = holds(&answer);
    assert!(rate.ends_with(" req/s"), "{rate}");
    assert_eq!(rate.split(' ').count(), 2, "{rate}");
}

/// A heading without anything under it says nothing: the courses of faults are in the page alone.
#[test]
fn under_every_heading_something_stands() {
    let mut bare = common::answer();
    bare.verification.breaking_load = None;
    bare.verification.day = None;
    bare.verification.scenarios.clear();
    for answer in [common::answer(), bare] {
        let text = written(&answer);
        let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
        let is_heading = |line: &str| line.starts_with("## ") || line.starts_with("### ");
        let headings = lines.iter().filter(|line| line.starts_with("### ")).count();
        assert!(headings > 3, "{text}");
        for (line, next) in lines.iter().zip(&lines[1..]) {
            assert!(!(is_heading(line) && is_heading(next)), "{line} before {next}");
        }
        assert!(!is_heading(lines.last().expect("there are lines")), "{text}");
    }
}

#[test]
fn every_row_of_a_table_has_as_many_cells_as_its_heading() {
    let text = written(&common::answer());
    let mut width = None;
    for line in text.lines() {
        let cells = line.replace("\\|", "").matches('|').count();
        if line.starts_with("| ") {
            assert_eq!(*width.get_or_insert(cells), cells, "{line}");
        } else {
            width = None;
        }
    }
}
