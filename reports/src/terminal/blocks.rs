//! The blocks of the verdict under its table: outcomes, how the load was read, the three bills,
//! what the price rests on, risks, and what to do next.

use domain::ledger::{Ledger, Origin};
use domain::name::Name;
use domain::outcome::{Answer, Risk};
use domain::units::MicroDollars;
use domain::verification::{ScenarioResult, Status};

use super::Style;
use super::screen::{Colour, Column, Screen, WHOLE, left, mark, table};
use crate::cdn;
use crate::figures::{self, UNKNOWN, dollars};
use crate::findings;
use crate::outcomes;
use crate::policies;
use crate::proven;
use crate::reviews;
use crate::safe;

/// So many outcomes stand on the screen; the rest is in the report.
const MOST_OUTCOMES: usize = 6;

/// A lever is worth a line when it leaves at most so many percent of the bill.
const NOTABLE: i64 = 95;

/// How a rule is dropped.
const ANYWHERE: &str = " with --set rules.self_run_data=anywhere";

/// So many assumptions and so many risks.
const MOST_SHOWN: usize = 3;

/// The table of outcomes: what was asked for, what holds, how sure that is, what is left.
pub(super) fn outcomes(answer: &Answer, style: Style) -> Screen {
    let mut screen = Screen::new(style);
    let mut rows = outcomes::rows(answer);
    let left_out = rows.len().saturating_sub(MOST_OUTCOMES);
    if left_out > 0 {
        // What does not hold comes first, and among equals the order stays.
        rows.sort_by_key(|row| row.verdict == Some(domain::verification::Verdict::Pass));
        rows.truncate(MOST_OUTCOMES);
    }
    let heading = ["outcome", "asked", "holds", "95% interval", "room"].map(str::to_owned);
    let mut cells = vec![heading.to_vec()];
    cells.extend(rows.iter().map(|row| {
        let cells = [&row.name, &row.asked, &row.holds, &row.interval, &row.room];
        cells.map(String::clone).to_vec()
    }));
    let columns = [26, 14, 14, 20, 48].map(|most| Column { most, ends: false });
    let lines = table(&cells, &columns, style);
    let signs = if style.unicode { 1 } else { 4 };
    screen.line(&format!("  {} {}", " ".repeat(signs), lines[0]));
    for (row, line) in rows.iter().zip(&lines[1..]) {
        let (sign, colour) = mark(row.verdict, style);
        let line = format!("  {} {line}", left(sign, signs));
        match colour {
            Some(colour) => screen.marked(&line, colour),
            None => screen.line(&line),
        }
    }
    if left_out > 0 {
        screen.line(&format!("  {} {left_out} more in the spec", " ".repeat(signs)));
    }
    screen.blank();
    screen
}

/// Everything under the outcomes.
pub(super) fn after(
    answer: &Answer,
    style: Style,
    (elapsed, written): (Option<&str>, bool),
) -> Screen {
    let mut screen = Screen::new(style);
    screen.beside("read as", &[reading(answer)], 1);
    screen.beside("", &other_readings(answer), 3);
    screen.beside("cdn", &cdn::lines(answer), 2);
    screen.beside("proven", &bounds(answer), MOST_SHOWN);
    screen.beside("bill", &bill(answer), 2);
    screen.beside("policies", &policies::lines(answer), WHOLE);
    screen.beside("approvals", &reviews::lines(answer), WHOLE);
    screen.beside("held back", &[held_back(answer)], 1);
    screen.beside("degraded", &degraded(answer), 2);
    screen.beside("levers", &levers(answer), 2);
    if !(answer.sensitivities.is_empty() && answer.risks.is_empty()) {
        screen.blank();
    }
    rests_on(&mut screen, answer, style);
    risks(&mut screen, answer);
    screen.blank();
    screen.line(next(answer, written));
    screen.line(&footer(answer, elapsed));
    screen
}

/// What the latency is at most, and what each service keeps to, where that was worked out.
fn bounds(answer: &Answer) -> Vec<String> {
    let told = |bound: proven::Bound| [bound.sum].into_iter().chain(bound.parts);
    proven::bounds(answer).into_iter().flat_map(told).collect()
}

/// What is served without something that is down: where most is, and over a year.
fn degraded(answer: &Answer) -> Vec<String> {
    let found = &answer.verification;
    let mut scenarios: Vec<&ScenarioResult> =
        found.scenarios.iter().filter(|scenario| scenario.degraded > 0.0).collect();
    scenarios.sort_by(|one, other| other.degraded.total_cmp(&one.degraded));
    let worst = scenarios.split_first().map(|(worst, others)| {
        let when = findings::scenario(answer, &worst.name);
        let others = match others.len() {
            0 => String::new(),
            more => format!(", less in {}", figures::counted(more, "other scenario")),
        };
        format!("{} of requests {when}{others}", figures::some(worst.degraded))
    });
    let year = found.uptime.as_ref().map(|uptime| uptime.degraded.value() / 1e6);
    let year = year.filter(|share| *share > 0.0);
    let year = year.map(|share| format!("{} over a year", figures::some(share)));
    let mut told: Vec<String> = worst.into_iter().chain(year).collect();
    if !told.is_empty() {
        told.push("counted as served".to_owned());
    }
    told
}

fn reading(answer: &Answer) -> String {
    let latency = &answer.demand.objectives.latency;
    let assumed = latency.iter().find(|objective| !objective.percentile_stated);
    let measured = match (latency.first(), assumed) {
        (None, _) => String::new(),
        (Some(_), Some(assumed)) => format!("; {} at the load balancer", assumed.percentile),
        (Some(_), None) => "; latency at the load balancer".into(),
    };
    format!("{}{measured}", answer.demand.load.reading)
}

/// What the other readings of the load and of the latency would cost.
fn other_readings(answer: &Answer) -> Vec<String> {
    let latency = answer.alternatives.iter();
    let latency = latency.filter(|alternative| alternative.id.starts_with("latency:"));
    let priced = answer.other_readings.iter().chain(latency).map(|alternative| {
        let cost = alternative.cost.map_or("no plan".into(), dollars);
        format!("{} {cost}", alternative.text)
    });
    one_place(answer).into_iter().chain(priced).collect()
}

/// A plan has one region of one cloud, of which several may have been named.
fn one_place(answer: &Answer) -> Option<String> {
    let run_on = &answer.intent.run_on;
    let regions: Vec<&str> = run_on.regions.iter().map(Name::as_str).collect();
    let clouds: Vec<&str> = run_on.providers.iter().map(|provider| provider.as_str()).collect();
    let named = if regions.is_empty() { clouds } else { regions };
    (named.len() > 1).then(|| format!("in one place, the cheapest of {}", findings::listed(&named)))
}

/// What would make it notably cheaper, of what was solved anyway.
fn levers(answer: &Answer) -> Vec<String> {
    let expected = answer.plan.bill.totals().expected;
    let notable = |cost: MicroDollars| cost.micros() < expected.micros() / 100 * NOTABLE;
    let said = [
        ("self-run-data:anywhere", "run databases and caches on instances: ", ANYWHERE),
        ("lever:compress-responses", "compress responses 30%: ", ""),
    ];
    let priced = said.iter().filter_map(|(id, what, how)| {
        let found = answer.alternatives.iter().find(|each| each.id == *id)?;
        let cost = found.cost.filter(|cost| notable(*cost))?;
        Some(format!("{what}{}{how}", dollars(cost)))
    });
    priced.collect()
}

fn bill(answer: &Answer) -> [String; 3] {
    let totals = answer.plan.bill.totals();
    [
        format!("expected {}", dollars(totals.expected)),
        format!("peak fleet all month {}", dollars(totals.peak_fleet)),
        format!("ceiling, all at maximum, {}", dollars(totals.ceiling)),
    ]
}

fn held_back(answer: &Answer) -> String {
    let Some(headroom) = findings::headroom(answer) else {
        return "nothing: no headroom is asked for".into();
    };
    let whose = match stated_by(&answer.demand.ledger, "headroom.load") {
        Some(Origin::User) => "as asked",
        _ => "default headroom",
    };
    let alternative = answer.alternatives.iter().find(|each| each.id == "headroom:0");
    let price = match alternative.map(|each| each.cost) {
        None => String::new(),
        Some(None) => "; without it there is no plan".into(),
        Some(Some(cost)) => format!("; {}", without(answer, cost)),
    };
    format!("{headroom} ({whose}{price})")
}

/// What is saved, as the difference of the two amounts that are shown elsewhere.
fn without(answer: &Answer, cost: MicroDollars) -> String {
    let expected = figures::rounded_dollars(answer.plan.bill.totals().expected);
    let saved = expected.saturating_sub(figures::rounded_dollars(cost));
    format!("--headroom 0% saves ${}", figures::grouped(saved))
}

fn stated_by(ledger: &Ledger, name: &str) -> Option<Origin> {
    ledger.find(name).map(|entry| entry.origin)
}

/// The assumptions that move the price most.
fn rests_on(screen: &mut Screen, answer: &Answer, style: Style) {
    if answer.sensitivities.is_empty() {
        return;
    }
    let heading = "  this price rests on (+20% of each)";
    screen.line(&format!("{}measure these first", left(heading, 46)));
    let ledger = &answer.demand.ledger;
    let rows: Vec<Vec<String>> = answer
        .sensitivities
        .iter()
        .take(MOST_SHOWN)
        .map(|sensitivity| {
            let entry = ledger.find(&sensitivity.name);
            let value = entry.map(|entry| figures::entry(&entry.name, &entry.value, entry.unit));
            vec![
                findings::assumption(&sensitivity.name),
                value.unwrap_or(UNKNOWN.into()),
                sensitivity.change.map_or("no plan".into(), figures::change),
            ]
        })
        .collect();
    let columns = [(22, false), (9, false), (9, true)];
    let columns = columns.map(|(most, ends)| Column { most, ends });
    for (place, line) in table(&rows, &columns, style).iter().enumerate() {
        let note = match place {
            0 => format!("--json lists all {}", ledger.entries().len()),
            _ => String::new(),
        };
        screen.line(&format!("    {}{note}", left(line, 42)));
    }
}

fn risks(screen: &mut Screen, answer: &Answer) {
    if answer.risks.is_empty() {
        return;
    }
    let mut risks: Vec<&Risk> = answer.risks.iter().collect();
    risks.sort_by_key(|risk| risk.severity);
    screen.line("  risks");
    let left_out = risks.len().saturating_sub(MOST_SHOWN);
    for risk in risks.iter().take(MOST_SHOWN) {
        screen.marked(&format!("    ! {}", safe::clean(&risk.text)), Colour::Yellow);
    }
    if left_out > 0 {
        screen.line(&format!("      {left_out} more in the spec"));
    }
}

const fn next(answer: &Answer, written: bool) -> &'static str {
    match answer.status() {
        Status::Verified if written => {
            " next: plimsoll explain … (why this plan) · plimsoll frontier … (at what other price)"
        }
        Status::Verified => {
            " next: plimsoll plan … --out sizing/ (spec.json, report.html) · plimsoll plan … --json"
        }
        Status::Refuted | Status::Undecided => {
            " next: plimsoll plan … --json (every check) · nothing is built from this plan"
        }
    }
}

fn footer(answer: &Answer, elapsed: Option<&str>) -> String {
    let verification = &answer.verification;
    let mut footer = format!(
        " {}, {} requests simulated, {} · {} · seed {} · prices {}",
        figures::counted(verification.scenarios.len(), "scenario"),
        figures::many(verification.requests),
        figures::counted(answer.rounds.len(), "round"),
        findings::error_allowed(verification),
        verification.seed,
        answer.provenance.catalog_as_of
    );
    if let Some(elapsed) = elapsed {
        footer.push_str(" · ");
        footer.push_str(elapsed);
    }
    footer
}
