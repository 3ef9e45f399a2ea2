//! A verification of a spec on a terminal: the verdict, then every check with its interval.

use domain::verification::{Check, Method, Status, Verdict, Verification};

use super::Style;
use super::screen::{Colour, Column, Screen, left, mark, table};
use crate::composition;
use crate::figures;
use crate::findings;
use crate::judged::{Judged, Recorded};
use crate::outcomes::{measure, measured_range, observed, sureness};
use crate::safe;

/// The verification of what a spec describes. `elapsed` is how long it took, in words.
pub fn judgement(judged: &Judged<'_>, style: Style, elapsed: Option<&str>) -> String {
    let found = judged.found;
    let mut screen = Screen::new(style);
    head(&mut screen, judged);
    screen.blank();
    checks(&mut screen, found, style);
    screen.blank();
    for note in notes(judged) {
        screen.line(&format!(" {note}"));
    }
    let took = elapsed.map_or_else(String::new, |took| format!(" · {took}"));
    screen.line(&format!(
        " {}, {} requests simulated · {} · seed {}{took}",
        figures::counted(found.scenarios.len(), "scenario"),
        figures::many(found.requests),
        findings::error_allowed(found),
        found.seed
    ));
    screen.finish()
}

/// What has to be known to read the table, where it is about something that stands there.
fn notes(judged: &Judged<'_>) -> Vec<String> {
    let found = judged.found;
    let mut notes = Vec::new();
    if let Some(trace) = judged.trace {
        notes.extend(recorded(trace));
    }
    if judged.described.demand.cdn.is_some() {
        notes.push(
            "judged: the requests that reach the balancer; what is answered before it is not \
             simulated"
                .to_owned(),
        );
    }
    if !judged.looked_up {
        notes.push(
            "made from another catalog: regions and instance types were not looked up".to_owned(),
        );
    }
    if found.checks.iter().any(|check| !check.demanded) {
        notes.push("told, not demanded: what is in brackets".to_owned());
    }
    if found.checks.iter().any(|check| check.verdict == Verdict::Undecided) {
        notes.push("?: not decided, because the interval has the limit in it".to_owned());
    }
    if found.checks.iter().any(one_sided) {
        notes.push(
            "an interval that ends at its value is one-sided: nothing is above 100%".to_owned(),
        );
    }
    notes
}

/// Whether an interval ends at what was observed.
fn one_sided(check: &Check) -> bool {
    let observed = check.observed;
    let text = |value: f64| measure(check.unit, value);
    check.method != Method::Fixed
        && observed.low < observed.high
        && [observed.low, observed.high].map(text).contains(&text(observed.value))
}

/// What the load was taken from, and what it is like.
fn recorded(trace: &Recorded) -> [String; 3] {
    let repeated =
        if trace.length.value() < 86_399.0 { ", repeated until the day is full" } else { "" };
    let bursts = match trace.dispersion {
        None => "too coarse to show bursts within a minute".to_owned(),
        Some(index) if index <= 1.0 => "no bursts within a minute".to_owned(),
        Some(index) => {
            format!("bursts within a minute (index of dispersion {})", figures::number(index))
        }
    };
    [
        format!(
            "the load is that of {}: {}{repeated}",
            safe::clean(&trace.file),
            figures::time(trace.length.value())
        ),
        format!("  {}", trace.digest),
        format!(
            "  {} requests/s in the busiest minute, {} on average, {bursts}",
            figures::number(trace.peak.value()),
            figures::number(trace.mean.value()),
        ),
    ]
}

/// Its first line alone, without a colour.
pub fn judgement_line(judged: &Judged<'_>, style: Style) -> String {
    let mut screen = Screen::unbounded(Style { colour: false, ..style });
    head(&mut screen, judged);
    screen.finish()
}

/// `VERIFIED  web on aws us-east-1, 2 zones · all of 9 checks pass`
fn head(screen: &mut Screen, judged: &Judged<'_>) {
    let (described, found) = (judged.described, judged.found);
    let demanded: Vec<&Check> = found.checks.iter().filter(|check| check.demanded).collect();
    let end = match found.first_objection() {
        None if demanded.len() == 1 => "the one demanded check passes".to_owned(),
        None => format!("all of {} demanded checks pass", demanded.len()),
        Some(check) => format!(
            "{}: {} of {} asked",
            check.id,
            observed(check, |value| measure(check.unit, value)),
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
    let columns = [30, 20, 12, 12, 26].map(|most| Column { most, ends: false });
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

fn row(check: &Check) -> Vec<String> {
    let scenario =
        if check.demanded { check.scenario.clone() } else { format!("({})", check.scenario) };
    let interval = check.observed;
    vec![
        scenario,
        check.objective.clone(),
        measure(check.unit, check.limit),
        observed(check, |value| measure(check.unit, value)),
        sureness(check, measured_range(check.unit, &interval), |end| measure(check.unit, end)),
    ]
}
