//! A verification of a spec on a terminal: the verdict, then every check with its interval.

use domain::verification::{Check, Status, Verdict, Verification};

use super::Style;
use super::screen::{Colour, Column, Screen, left, mark, table};
use crate::composition;
use crate::figures;
use crate::findings;
use crate::outcomes::{measure, measured_range};
use crate::restore::Described;

/// The verification of what a spec describes. `elapsed` is how long it took, in words.
pub fn judgement(
    described: &Described,
    found: &Verification,
    style: Style,
    elapsed: Option<&str>,
) -> String {
    let mut screen = Screen::new(style);
    head(&mut screen, described, found);
    screen.blank();
    checks(&mut screen, found, style);
    screen.blank();
    let demanded = found.checks.iter().any(|check| !check.demanded);
    if demanded {
        screen.line(" told, not demanded: what is in brackets");
    }
    let took = elapsed.map_or_else(String::new, |took| format!(" · {took}"));
    screen.line(&format!(
        " {} scenarios, {} requests simulated · seed {}{took}",
        found.scenarios.len(),
        figures::many(found.requests),
        found.seed
    ));
    screen.finish()
}

/// Its first line alone, without a colour.
pub fn judgement_line(described: &Described, found: &Verification, style: Style) -> String {
    let mut screen = Screen::unbounded(Style { colour: false, ..style });
    head(&mut screen, described, found);
    screen.finish()
}

/// `VERIFIED  web on aws us-east-1, 2 zones · all of 9 checks pass`
fn head(screen: &mut Screen, described: &Described, found: &Verification) {
    let demanded: Vec<&Check> = found.checks.iter().filter(|check| check.demanded).collect();
    let end = match found.first_objection() {
        None => format!("all of {} demanded checks pass", demanded.len()),
        Some(check) => format!(
            "{}: {} of {} asked",
            check.id,
            observed(check),
            measure(check.unit, check.limit)
        ),
    };
    let line = format!(
        "{}  {} on {} · {end}",
        findings::status(found.status),
        described.demand.name,
        composition::place(&described.topology)
    );
    let colour = match found.status {
        Status::Verified => Colour::Green,
        Status::Refuted => Colour::Red,
        Status::Undecided => Colour::Yellow,
    };
    screen.sentence(&line, colour);
}

/// What does not hold first, then what is demanded, then what is only told.
fn checks(screen: &mut Screen, found: &Verification, style: Style) {
    let mut checks: Vec<&Check> = found.checks.iter().collect();
    checks.sort_by_key(|check| (!check.demanded, check.verdict == Verdict::Pass));
    let heading = ["scenario", "objective", "asked", "observed", "95% interval"];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    rows.extend(checks.iter().map(|check| row(check)));
    let columns = [30, 20, 12, 12, 24].map(|most| Column { most, ends: false });
    let lines = table(&rows, &columns, style);
    let signs = if style.unicode { 1 } else { 4 };
    screen.line(&format!("  {} {}", " ".repeat(signs), lines[0]));
    for (check, line) in checks.iter().zip(&lines[1..]) {
        let (sign, colour) = mark(Some(check.verdict), style);
        let line = format!("  {} {line}", left(sign, signs));
        match colour.filter(|_| check.demanded) {
            Some(colour) => screen.marked(&line, colour),
            None => screen.line(&line),
        }
    }
}

/// What was observed; where it misses the limit by less than is shown, to which side.
fn observed(check: &Check) -> String {
    let (value, limit) = (check.observed.value, check.limit);
    let text = measure(check.unit, value);
    if check.verdict != Verdict::Fail || text != measure(check.unit, limit) {
        return text;
    }
    let side = if value > limit { "over" } else { "under" };
    format!("{side} {text}")
}

fn row(check: &Check) -> Vec<String> {
    let scenario =
        if check.demanded { check.scenario.clone() } else { format!("({})", check.scenario) };
    let interval = check.observed;
    vec![
        scenario,
        check.objective.clone(),
        measure(check.unit, check.limit),
        observed(check),
        if interval.low < interval.high {
            measured_range(check.unit, &interval)
        } else {
            figures::UNKNOWN.to_owned()
        },
    ]
}
