//! The environments of one intent side by side: the worst verdict first, one row for each, and
//! what all of them cost together.

use domain::environments::{Environments, Row, Standing};
use domain::outcome::Outcome;
use domain::plan::ThreeBills;
use domain::units::MicroDollars;

use super::Style;
use super::screen::{Colour, Column, Screen, WHOLE, table};
use crate::composition;
use crate::figures::{UNKNOWN, counted, decimals, dollars, rounded_dollars, whole_dollars};
use crate::{findings, policies, reviews};

/// All environments on one screen. Whether files were written is known where they were asked for.
pub fn environments(
    answers: &Environments,
    style: Style,
    (wrote, elapsed): (Option<bool>, &str),
) -> String {
    let mut screen = Screen::new(style);
    head(&mut screen, answers);
    screen.blank();
    let heading = ["environment", "verdict", "$/month", "peak", "ceiling", "runs on", "open"];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    rows.extend(answers.rows.iter().map(row));
    if answers.rows.len() > 1 {
        let [expected, peak, ceiling] = bills(answers.total());
        let all = if adds_up(answers) { "all" } else { "all (rounded once)" };
        rows.push(vec![all.into(), String::new(), expected, peak, ceiling]);
    }
    let column = |most, ends| Column { most, ends };
    let columns = [
        column(20, false),
        column(10, false),
        column(10, true),
        column(10, true),
        column(10, true),
        column(30, false),
        column(20, false),
    ];
    for line in table(&rows, &columns, style) {
        screen.line(&format!(" {line}"));
    }
    for row in &answers.rows {
        if let Outcome::Planned(answer) = &row.outcome {
            let mut said = [policies::lines(answer), reviews::lines(answer)].concat();
            if let Some(first) = said.first_mut() {
                *first = format!("{}: {first}", row.name);
            }
            screen.beside("policies", &said, WHOLE);
        }
    }
    for row in &answers.rows {
        if let Some(why) = why(row) {
            screen.blank();
            screen.sentence(&format!("{}  {why}", row.name), Colour::Yellow);
        }
    }
    screen.blank();
    if wrote == Some(false) {
        screen.line(" nothing was written, because one of them has no plan");
    }
    let first = answers.worst().1;
    screen.line(&format!(
        " next: plimsoll plan … --environment {} (its whole answer) · … --out DIR",
        first.name
    ));
    let (seed, as_of) = match &first.outcome {
        Outcome::Planned(answer) => (answer.provenance.seed, answer.provenance.catalog_as_of),
        Outcome::Infeasible(none) => (none.provenance.seed, none.provenance.catalog_as_of),
    };
    screen.line(&format!(" seed {seed} · prices {as_of} · {elapsed}"));
    screen.finish()
}

/// The first line alone.
pub fn environments_line(answers: &Environments, style: Style) -> String {
    let mut screen = Screen::unbounded(Style { colour: false, ..style });
    head(&mut screen, answers);
    screen.finish()
}

/// `VERIFIED  $7,304 a month  for 3 environments`
fn head(screen: &mut Screen, answers: &Environments) {
    let (worst, row) = answers.worst();
    let all = counted(answers.rows.len(), "environment");
    let cost = answers.total().map(|total| dollars(total.expected));
    let (word, colour) = word(worst);
    let line = match (worst, cost) {
        (Standing::Verified, Some(cost)) => format!("{word}  {cost} a month  for {all}"),
        (_, Some(cost)) => {
            let standing = worst.as_str();
            format!("{word}  {cost} a month  for {all} · {} is {standing}", row.name)
        }
        (_, None) => format!("{word}  {} has no plan · {all} were asked for", row.name),
    };
    screen.sentence(&line, colour);
}

const fn word(standing: Standing) -> (&'static str, Colour) {
    match standing {
        Standing::Verified => ("VERIFIED", Colour::Green),
        Standing::Undecided => ("UNDECIDED", Colour::Yellow),
        Standing::Refuted => ("REFUTED", Colour::Red),
        Standing::Infeasible => ("INFEASIBLE", Colour::Red),
    }
}

fn row(row: &Row) -> Vec<String> {
    let [expected, peak, ceiling] = bills(row.bills());
    let (place, demand) = match &row.outcome {
        Outcome::Planned(answer) => (composition::place(&answer.plan.topology), &answer.demand),
        Outcome::Infeasible(infeasible) => (UNKNOWN.to_owned(), &infeasible.demand),
    };
    let open = demand.hours.as_ref().map_or_else(
        || "always".to_owned(),
        |hours| format!("{} of 168 h a week", decimals(f64::from(hours.minutes()) / 60.0, 1)),
    );
    let verdict = word(row.standing()).0.to_owned();
    vec![row.name.to_string(), verdict, expected, peak, ceiling, place, open]
}

fn bills(bills: Option<ThreeBills<MicroDollars>>) -> [String; 3] {
    bills.map_or_else(
        || [(); 3].map(|()| UNKNOWN.to_owned()),
        |bills| [bills.expected, bills.peak_fleet, bills.ceiling].map(whole_dollars),
    )
}

/// Whether the amounts of the rows, as they are shown, make those of their sum.
fn adds_up(answers: &Environments) -> bool {
    let shown = |bills: ThreeBills<MicroDollars>| {
        [bills.expected, bills.peak_fleet, bills.ceiling].map(rounded_dollars)
    };
    let rows = answers.rows.iter().filter_map(Row::bills).map(shown);
    let sums = rows.fold([0; 3], |sums, row| [0, 1, 2].map(|at| sums[at] + row[at]));
    answers.total().is_none_or(|total| shown(total) == sums)
}

/// Why an environment is not verified.
fn why(row: &Row) -> Option<String> {
    match &row.outcome {
        Outcome::Infeasible(infeasible) => Some(infeasible.headline.clone()),
        Outcome::Planned(answer) => {
            (row.standing() != Standing::Verified).then(|| findings::objection(answer))
        }
    }
}
