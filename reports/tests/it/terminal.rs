//! The verdict on a terminal: snapshots, and its manners.

use domain::demand::ServiceIndex;
use domain::name::Name;
use domain::outcome::{Answer, Outcome};
use domain::plan::{Claim, Pursuit};
use domain::units::{MicroDollars, Ratio};
use domain::verification::{Status, Verdict};
use reports::terminal::{self, Style};

use crate::common;

pub(crate) const UNICODE: Style = Style { colour: false, unicode: true };

const COLOUR: Style = Style { colour: true, unicode: true };

#[test]
fn a_search_to_the_end_says_how_it_ended() {
    let first_line = |pursuit: Option<Pursuit>| {
        let mut answer = common::answer();
        answer.plan.optimality.claim = Claim::Verified;
        answer.plan.optimality.bound = MicroDollars::from_dollars(3_100);
        answer.plan.optimality.pursuit = pursuit;
        let text = terminal::first_line(&Outcome::Planned(Box::new(answer)), UNICODE);
        assert!(text.chars().count() <= 101, "{text}");
        text
    };
    assert!(!first_line(None).contains("undecided"));
    assert!(first_line(Some(Pursuit::Undecided)).contains("undecided"));
    assert!(first_line(Some(Pursuit::RoundsSpent)).contains("rounds ran out"));
}

fn refuted() -> Answer {
    let mut answer = common::answer();
    answer.verification.status = Status::Refuted;
    answer.plan.optimality.claim = Claim::None;
    let check = &mut answer.verification.checks[2];
    check.verdict = Verdict::Fail;
    check.observed.value = 0.512;
    answer
}

#[test]
fn what_is_served_without_something_is_told_where_there_is_any() {
    let mut answer = common::answer();
    let line = |answer: &Answer| {
        let text = terminal::verdict(answer, UNICODE, None);
        text.lines().find_map(|line| line.strip_prefix("  degraded  ")).map(str::to_owned)
    };
    assert_eq!(line(&answer), None, "nothing is degraded");
    let uptime = answer.verification.uptime.as_mut().expect("there is an uptime");
    uptime.degraded = domain::units::Ppm::of(23.0);
    assert_eq!(line(&answer).as_deref(), Some("0.002% over a year · counted as served"));
    let scenarios = &mut answer.verification.scenarios;
    let names = ["zone-loss:1", "sql-failover:db", "blip"];
    let mut added = names.map(|name| {
        let mut scenario = scenarios[0].clone();
        scenario.name = name.to_owned();
        scenario
    });
    added[1].degraded = 0.074;
    added[2].degraded = 0.01;
    scenarios.extend(added);
    // A line that is full ends where an item does.
    let told = "7.4% of requests after a failover of db, less in 1 other scenario · \
                0.002% over a year counted as served";
    let text = terminal::verdict(&answer, UNICODE, None);
    let whole = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(whole.contains(&format!("degraded {told}")), "{text}");
}

#[test]
fn a_verified_plan_on_a_terminal() {
    insta::assert_snapshot!(terminal::verdict(&common::answer(), UNICODE, Some("0.21 s")));
}

#[test]
fn a_verified_plan_in_a_pipe() {
    insta::assert_snapshot!(terminal::verdict(&common::answer(), Style::PLAIN, None));
}

#[test]
fn a_verified_plan_in_colour() {
    let text = terminal::verdict(&common::answer(), COLOUR, Some("0.21 s"));
    insta::assert_snapshot!(text.replace('\u{1b}', "<ESC>"));
    let colourless = strip(&text);
    assert_eq!(colourless, terminal::verdict(&common::answer(), UNICODE, Some("0.21 s")));
}

/// The text without its colours.
fn strip(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |kept, part| kept + part.split_once('m').map_or("", |(_, rest)| rest))
}

#[test]
fn a_refuted_plan() {
    insta::assert_snapshot!(terminal::verdict(&refuted(), UNICODE, None));
}

#[test]
fn an_undecided_plan() {
    let mut answer = refuted();
    answer.verification.status = Status::Undecided;
    answer.verification.checks[2].verdict = Verdict::Undecided;
    insta::assert_snapshot!(terminal::verdict(&answer, Style::PLAIN, None));
}

#[test]
fn no_plan_below_the_budget() {
    insta::assert_snapshot!(terminal::infeasible(&common::over_budget(), UNICODE));
}

#[test]
fn no_plan_below_the_work() {
    insta::assert_snapshot!(terminal::infeasible(&common::below_the_work(), Style::PLAIN));
}

#[test]
fn the_first_line_is_that_of_the_screen() {
    let answer = common::answer();
    let screen = terminal::verdict(&answer, UNICODE, None);
    let first = terminal::first_line(&Outcome::Planned(Box::new(answer)), COLOUR);
    assert_eq!(first.trim_end(), screen.lines().next().unwrap());
    let infeasible = common::over_budget();
    let screen = terminal::infeasible(&infeasible, UNICODE);
    let first = terminal::first_line(&Outcome::Infeasible(Box::new(infeasible)), UNICODE);
    assert_eq!(first.trim_end(), screen.lines().next().unwrap());
}

#[test]
fn cheapest_is_said_only_where_it_is_proven() {
    let mut answer = common::answer();
    answer.plan.optimality.claim = Claim::Verified;
    answer.plan.optimality.bound = MicroDollars::from_dollars(3_100);
    let text = terminal::verdict(&answer, UNICODE, None);
    let first = text.lines().next().unwrap();
    assert!(first.ends_with("no design under $3,100 (gap 8.3%)"), "{first}");
    assert!(!text.contains("cheapest"));
    answer.plan.optimality.bound = MicroDollars::ZERO;
    let text = terminal::verdict(&answer, UNICODE, None);
    assert!(text.lines().next().unwrap().ends_with("no lower bound is known"));
}

#[test]
fn what_is_not_known_is_not_made_up() {
    let mut answer = common::answer();
    let verification = &mut answer.verification;
    verification.checks.clear();
    verification.breaking_load = None;
    verification.uptime = None;
    verification.status = Status::Undecided;
    answer.sensitivities.clear();
    answer.alternatives.clear();
    answer.other_readings.clear();
    answer.risks.clear();
    insta::assert_snapshot!(terminal::verdict(&answer, UNICODE, None));
}

#[test]
fn a_dropped_headroom_is_said_to_be() {
    let mut answer = common::answer();
    answer.demand.objectives.headroom.load = Ratio::ZERO;
    answer.demand.objectives.headroom.instances_down = 0;
    let text = terminal::verdict(&answer, UNICODE, None);
    assert!(text.contains("held back nothing: no headroom is asked for"), "{text}");
}

#[test]
fn a_budget_is_an_outcome() {
    let mut answer = common::answer();
    answer.demand.objectives.budget.expected = Some(MicroDollars::from_dollars(4_000));
    answer.demand.objectives.budget.ceiling = Some(MicroDollars::from_dollars(7_000));
    let text = terminal::verdict(&answer, UNICODE, None);
    let line = |name: &str| text.lines().find(|line| line.contains(name)).unwrap();
    assert!(line("✓ budget").ends_with("$618 below the limit"), "{text}");
    assert!(line("✗ budget ceiling").ends_with("$130 above the limit"), "{text}");
}

/// The answer with so many more services, all like the app.
pub(crate) fn with_services(more: usize) -> Answer {
    let mut answer = common::answer();
    for place in 0..more {
        let mut service = answer.demand.services[1].clone();
        service.name = Name::of(&format!("service-{place}"));
        service.calls[0].to = ServiceIndex(2);
        answer.demand.services.push(service);
        let deployment = answer.plan.topology.services[1].clone();
        answer.plan.topology.services.push(deployment);
        let sizing = answer.plan.sizing[1].clone();
        answer.plan.sizing.push(sizing);
        let mut line = answer.plan.bill.lines[2].clone();
        line.id = format!("service-{place}.compute");
        line.service = format!("service-{place}");
        answer.plan.bill.lines.push(line);
    }
    answer
}

#[test]
fn a_large_system_still_fits_on_a_screen_and_adds_up() {
    let mut answer = with_services(40);
    let objective = answer.demand.objectives.latency[0].clone();
    for place in 0..20 {
        let mut objective = objective.clone();
        objective.class = Some(Name::of(&format!("class-{place}")));
        answer.demand.objectives.latency.push(objective);
    }
    let risk = answer.risks[0].clone();
    answer.risks.extend(vec![risk; 9]);
    let text = terminal::verdict(&answer, UNICODE, Some("0.21 s"));
    assert!(text.lines().count() <= 40, "{text}");
    let table = text.lines().skip(3).take_while(|line| !line.contains('─'));
    let amounts = table.map(|line| {
        let amount = line.split_whitespace().next_back().unwrap();
        amount.replace(',', "").parse::<i64>().unwrap()
    });
    let rows: Vec<i64> = amounts.collect();
    let total = answer.plan.bill.totals().expected.micros() / 1_000_000;
    let apart = (rows.iter().sum::<i64>() - total).unsigned_abs();
    // Each row is rounded to the dollar.
    assert!(apart <= rows.len() as u64, "{text}");
    // The offer of many services stands there once, and no more than a tenth of the money is
    // under a word for the rest.
    let offer = &answer.plan.topology.services[1].pools[0].sku;
    assert_eq!(text.matches(offer.as_str()).count(), 1, "{text}");
    assert!(text.contains("41 services"), "{text}");
}

/// The rows that are shown are those of the money, and the last one names what is left.
#[test]
fn what_a_screen_has_no_room_for_is_little_and_named() {
    let mut answer = with_services(30);
    for (place, deployment) in answer.plan.topology.services.iter_mut().enumerate().skip(3) {
        for pool in &mut deployment.pools {
            pool.sku = format!("c8g.{place}xlarge");
        }
    }
    for (place, line) in answer.plan.bill.lines.iter_mut().enumerate() {
        let dollars = if place % 7 == 0 { 900 } else { 2 };
        line.amount.expected = MicroDollars::from_dollars(dollars);
    }
    let text = terminal::verdict(&answer, UNICODE, None);
    let table: Vec<&str> = text.lines().skip(3).take_while(|line| !line.contains('─')).collect();
    let (rest, shown) = table.split_last().expect("rows");
    let amount = |line: &str| -> f64 {
        let text = line.split_whitespace().next_back().unwrap();
        text.replace(',', "").parse().unwrap()
    };
    let total: f64 = table.iter().map(|line| amount(line)).sum();
    let told: f64 = shown.iter().map(|line| amount(line)).sum();
    assert!(told >= 0.9 * total, "{told} of {total}: {text}");
    assert!(rest.trim_start().split(' ').nth(1) == Some("more"), "{text}");
    assert!(rest.contains("service-"), "{text}");
}
