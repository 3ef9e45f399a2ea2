//! What the screen says, and that nothing of it is lost for want of columns.

use domain::environments::{Environments, Row};
use domain::name::Name;
use domain::outcome::{Alternative, Answer, Outcome};
use domain::plan::{Certainty, ThreeBills};
use domain::units::{MicroDollars, Seconds};
use domain::verification::CheckUnit;
use reports::terminal::{self, Style};

use crate::common;

fn room_of_users(answer: &Answer) -> String {
    let text = terminal::verdict(answer, Style::PLAIN, None);
    text.lines().find(|line| line.contains("users")).unwrap_or_default().to_owned()
}

#[test]
fn a_refusal_by_estimate_says_so_first() {
    let mut infeasible = common::over_budget();
    infeasible.certainty = Certainty::Estimated;
    let screen = terminal::infeasible(&infeasible, Style::PLAIN);
    assert!(screen.starts_with("INFEASIBLE (by estimate)  "), "{screen}");
    let first = terminal::first_line(&Outcome::Infeasible(Box::new(infeasible)), Style::PLAIN);
    assert!(first.starts_with("INFEASIBLE (by estimate)  "), "{first}");
}

#[test]
fn a_long_first_line_is_wrapped_on_a_screen_and_whole_for_scripts() {
    let mut infeasible = common::over_budget();
    infeasible.headline =
        format!("{}and the end cannot hold together", "99.9% uptime, ".repeat(12));
    let screen = terminal::infeasible(&infeasible, Style::PLAIN);
    assert!(screen.lines().all(|line| line.len() <= 100), "{screen}");
    let flat = screen.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("uptime, and the end cannot hold together"), "{screen}");
    let headline = infeasible.headline.clone();
    let first = terminal::first_line(&Outcome::Infeasible(Box::new(infeasible)), Style::PLAIN);
    assert_eq!(first.lines().count(), 1);
    assert!(first.trim_end().ends_with(&headline), "{first}");
}

#[test]
fn a_conflict_is_wrapped_and_never_cut() {
    let mut infeasible = common::over_budget();
    let regions = "aws, us-east-1, us-west-2, eu-west-1, eu-central-1, ap-southeast-1, 3 zones";
    infeasible.conflict[0].stated = regions.to_owned();
    let screen = terminal::infeasible(&infeasible, Style::PLAIN);
    for region in regions.split(", ") {
        assert!(screen.contains(region), "{region}: {screen}");
    }
    let relaxation = infeasible.relaxations[0].clone();
    infeasible.relaxations = vec![relaxation; 60];
    let screen = terminal::infeasible(&infeasible, Style::PLAIN);
    assert!(screen.lines().count() <= 40, "{screen}");
    assert!(screen.contains("more: --json lists all"), "{screen}");
}

#[test]
fn what_breaks_first_is_named() {
    let mut answer = common::answer();
    assert!(room_of_users(&answer).ends_with("+32%, then app saturates"));
    let breaks = answer.verification.breaking_load.clone().unwrap().breaks.unwrap();
    let app = answer.demand.services.iter().position(|one| one.name.as_str() == "app").unwrap();
    answer.plan.sizing[app].at_peak = 0.6 / breaks;
    answer.demand.objectives.latency[0].limit = Seconds::of(1e-4);
    let room = room_of_users(&answer);
    assert!(room.ends_with("+32%, then latency p95 breaks (app 60% busy)"), "{room}");
    answer.demand.objectives.latency.clear();
    let room = room_of_users(&answer);
    assert!(room.ends_with("+32%, then requests fail (app 60% busy)"), "{room}");
}

#[test]
fn a_load_without_a_limit_has_no_interval() {
    let mut answer = common::answer();
    let breaking = answer.verification.breaking_load.as_mut().unwrap();
    (breaking.holds, breaking.breaks) = (4.0, None);
    for check in &mut answer.verification.checks {
        if check.unit == CheckUnit::LoadFactor {
            (check.observed.value, check.observed.low, check.observed.high) = (4.0, 4.0, 4.0);
        }
    }
    let room = room_of_users(&answer);
    assert!(room.contains("no limit found") && !room.contains("40,000 - 40,000"), "{room}");
}

#[test]
fn a_lever_is_shown_when_it_saves_notably() {
    let mut answer = common::answer();
    let lever = |dollars| Alternative {
        id: "self-run-data:anywhere".into(),
        text: "databases and caches run on instances, anywhere".into(),
        cost: Some(MicroDollars::from_dollars(dollars)),
    };
    answer.alternatives = vec![lever(2_000)];
    let text = terminal::verdict(&answer, Style::PLAIN, None);
    let said = "$2,000 with --set rules.self_run_data=anywhere";
    assert!(text.contains(said) && text.contains("levers"), "{text}");
    answer.alternatives = vec![lever(3_380)];
    assert!(!terminal::verdict(&answer, Style::PLAIN, None).contains("levers"));
}

#[test]
fn several_regions_are_said_to_be_a_choice() {
    let mut answer = common::answer();
    answer.intent.run_on.regions = vec![Name::of("us-east-1"), Name::of("eu-west-1")];
    let text = terminal::verdict(&answer, Style::PLAIN, None);
    assert!(text.contains("in one place, the cheapest of us-east-1 and eu-west-1"), "{text}");
}

/// Rounded amounts that make another sum than the one below them say so.
#[test]
fn a_sum_of_environments_says_where_it_is_rounded_once() {
    let rows = |micros: i64| {
        let mut answer = common::answer();
        answer.plan.bill.lines.truncate(1);
        let amount = MicroDollars::new(micros).unwrap();
        answer.plan.bill.lines[0].amount =
            ThreeBills { expected: amount, peak_fleet: amount, ceiling: amount };
        let outcome = Outcome::Planned(Box::new(answer));
        ["dev", "prod"].map(|name| Row { name: name.parse().unwrap(), outcome: outcome.clone() })
    };
    for (micros, sum) in [(7_000_000, "all  "), (7_400_000, "all (rounded once)  ")] {
        let answers = Environments { rows: rows(micros).to_vec() };
        let text = terminal::environments(&answers, Style::PLAIN, (None, "1 s"));
        assert!(text.contains(&format!("\n {sum}")), "{sum} {text}");
    }
}

#[test]
fn a_saving_is_the_difference_of_what_is_shown() {
    let mut answer = common::answer();
    let expected = answer.plan.bill.totals().expected;
    let dollars = (expected.micros() + 500_000) / 1_000_000;
    // Both round down where their exact difference rounds up.
    let cost = MicroDollars::new((dollars - 68) * 1_000_000 - 400_000).unwrap();
    answer.alternatives =
        vec![Alternative { id: "headroom:0".into(), text: "none".into(), cost: Some(cost) }];
    let text = terminal::verdict(&answer, Style::PLAIN, None);
    assert!(text.contains("--headroom 0% saves $68"), "{text}");
}
