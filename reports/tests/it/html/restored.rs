//! What is brought back from a spec is the answer that it was written from.

use domain::spec;
use domain::units::{MicroDollars, Seconds};
use reports::restore;
use reports::spec::{plan_digest, render};

use crate::common;
use crate::terminal::with_services;

#[test]
fn what_is_brought_back_and_written_again_is_the_same_spec() {
    let mut answers = vec![common::answer(), with_services(12)];
    answers[1].demand.objectives.budget.expected = Some(MicroDollars::from_dollars(4_000));
    for answer in answers {
        let written = render(&answer);
        let again = restore::answer(&written).expect("it means something");
        let mut rewritten = render(&again);
        // Which document it was read from is not known of an answer that was brought back.
        rewritten.intent.document.clone_from(&written.intent.document);
        rewritten.intent.settings.clone_from(&written.intent.settings);
        assert_eq!(rewritten, written);
        assert_eq!(plan_digest(&again.plan), written.metadata.plan_digest);
    }
}

#[test]
fn the_golden_spec_of_version_1_is_still_shown() {
    let text = include_str!("../../golden/spec-v1.json");
    let old = spec::read(text).expect("the golden spec is read");
    let html = super::shown(&old);
    assert!(html.contains("<title>web: VERIFIED, $3,382 a month"), "{}", &html[..600]);
}

#[test]
fn the_verdict_reads_the_same_from_a_spec_and_from_its_answer() {
    let answer = common::answer();
    let again = restore::answer(&render(&answer)).expect("it means something");
    let shown = |answer| reports::terminal::verdict(answer, reports::terminal::Style::PLAIN, None);
    assert_eq!(shown(&again), shown(&answer));
    let written = |answer| reports::markdown::render(&render(answer), answer);
    assert_eq!(written(&again), written(&answer));
}

/// What of the error budget is used is told of the window that was asked for, wherever it is told.
#[test]
fn the_window_of_the_uptime_is_that_of_the_answer() {
    let told = [(2.0, "in 2 d used"), (30.0, "in 30 d used"), (90.0, "in 90 d used")];
    let odd = [(1.5, "in 2 d used"), (730.0, "in 730 d used")];
    for (days, used) in told.into_iter().chain(odd) {
        let mut answer = common::answer();
        answer.intent.objectives.uptime_window = Some(Seconds::of(days * 86_400.0));
        let written = render(&answer);
        let again = restore::answer(&written).expect("it means something");
        let own = again.intent.objectives.uptime_window;
        assert_eq!(own, answer.intent.objectives.uptime_window, "{days}");
        let html = super::shown(&written);
        assert!(html.contains(used), "{days}: {html}");
        assert!(!html.contains("a year used"), "{days}");
        let terminal = |of| reports::terminal::verdict(of, reports::terminal::Style::PLAIN, None);
        assert!(terminal(&answer).contains(used), "{days}");
        assert_eq!(terminal(&again), terminal(&answer), "{days}");
        let markdown = |of| reports::markdown::render(&written, of);
        assert_eq!(markdown(&again), markdown(&answer), "{days}");
    }
    let again = restore::answer(&render(&common::answer())).expect("it means something");
    assert_eq!(again.intent.objectives.uptime_window, None, "a year is what is not stated");
}

#[test]
fn a_spec_that_names_what_it_does_not_have_has_no_report() {
    let mut broken = render(&common::answer());
    broken.demand.classes[0].enters = domain::name::Name::of("nowhere");
    assert!(restore::answer(&broken).is_err());
}
