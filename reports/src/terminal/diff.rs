//! What changed between two specs on a terminal: which way it went, each change, and its causes.

use domain::verification::{Status, Verdict};

use super::Style;
use super::screen::{COLUMNS, Colour, Column, Screen, mark, wrapped_table};
use crate::diff::{Change, Course, Difference};
use crate::figures;
use crate::safe;

/// So many changes of a kind are shown, and no outcome is left out for it; the others are counted,
/// and stand in the document.
const MOST: usize = 12;

/// The difference of two specs.
pub fn difference(difference: &Difference, style: Style) -> String {
    let mut screen = Screen::new(style);
    head(&mut screen, difference);
    changes((&mut screen, style), "", &difference.changes);
    let bill: Vec<Change> = difference.bill.iter().map(paid).collect();
    changes((&mut screen, style), "the bill of a month", &bill);
    changes((&mut screen, style), "because", &difference.causes);
    screen.finish()
}

/// Its first line alone, without a colour.
pub fn difference_line(difference: &Difference, style: Style) -> String {
    let mut screen = Screen::unbounded(Style { colour: false, ..style });
    head(&mut screen, difference);
    screen.finish()
}

fn head(screen: &mut Screen, difference: &Difference) {
    let colour = match difference.course {
        Course::Worse => Colour::Red,
        Course::Dearer => Colour::Yellow,
        Course::Cheaper | Course::Same => Colour::Green,
    };
    screen.sentence(&headline(difference), colour);
}

/// `DEARER  $3,382 → $3,499 a month (+$117, +3.5%) · still verified`
pub(crate) fn headline(difference: &Difference) -> String {
    let word = match difference.course {
        Course::Worse => "WORSE",
        Course::Dearer => "DEARER",
        Course::Cheaper => "CHEAPER",
        Course::Same => "SAME",
    };
    let (from, to) = (difference.from.expected_micros, difference.to.expected_micros);
    let margin = difference.margin();
    let money = if from == to {
        format!("{} a month as before", figures::dollars(to))
    } else {
        let part = from.micros().unsigned_abs().max(1) as f64;
        let part = figures::percent(margin.micros().unsigned_abs() as f64 / part, 1);
        let sign = if margin.micros() < 0 { "−" } else { "+" };
        let [before, now, by] = figures::step(from, to);
        format!("{before} → {now} a month ({by}, {sign}{part})")
    };
    let held = match (difference.from.status, difference.to.status) {
        (Status::Verified, Status::Verified) => "still verified".to_owned(),
        (before, Status::Verified) => format!("verified, was {}", before.as_str()),
        (before, now) if before == now => format!("still {}", now.as_str()),
        (before, now) => format!("{}, was {}", now.as_str(), before.as_str()),
    };
    let is_outcome = |about: &str| {
        about.starts_with("objectives.")
            || (about.starts_with("requests.") && about.contains(".latency."))
    };
    let asked = difference.causes.iter().any(|cause| is_outcome(&cause.about));
    let asked = if asked { " · other objectives" } else { "" };
    format!("{word}  {money} · {held}{asked}")
}

/// What is paid for a service as a change.
pub(crate) fn paid(bill: &crate::diff::BillChange) -> Change {
    let [from, to, _] = figures::step(bill.from_micros, bill.to_micros).map(Some);
    Change { about: bill.service.clone(), from, to, held: None, demanded: None }
}

fn changes((screen, style): (&mut Screen, Style), heading: &str, changes: &[Change]) {
    if changes.is_empty() {
        return;
    }
    screen.blank();
    if !heading.is_empty() {
        screen.line(&format!(" {heading}"));
    }
    let nothing = || figures::UNKNOWN.to_owned();
    let shown = shown(changes);
    let rows: Vec<Vec<String>> = shown
        .iter()
        .map(|change| {
            let from = change.from.clone().unwrap_or_else(nothing);
            let to = change.to.clone().unwrap_or_else(nothing);
            let sign = match (&change.from, &change.to) {
                (None, _) => "+",
                (_, None) => "-",
                _ => "~",
            };
            let turned = change.held.map_or_else(String::new, |[was, is]| {
                let sign = |verdict: Verdict| mark(Some(verdict), style).0;
                format!("{} → {}", sign(was), sign(is))
            });
            vec![format!("{sign} {}", change.about), from, "→".to_owned(), to, turned]
        })
        .collect();
    let widest = |place: usize, most: usize| {
        let cells = rows.iter().map(|row| safe::width(&style.text(&row[place])));
        cells.max().unwrap_or(0).min(most)
    };
    // A name takes what the other cells leave; so that it always has some, they are wrapped.
    let others = [widest(1, 24), 2, widest(3, COLUMNS / 4), widest(4, 12)];
    let name = COLUMNS - 10 - others.iter().sum::<usize>();
    let columns = [name, others[0], others[1], others[2], others[3]];
    let columns = columns.map(|most| Column { most, ends: false });
    for line in wrapped_table(&rows, &columns, style).into_iter().flatten() {
        screen.line(&format!("  {}", line.trim_end()));
    }
    if changes.len() > shown.len() {
        screen.line(&format!("  and {} more, which --json lists", changes.len() - shown.len()));
    }
}

/// What is shown where there is much: all that an outcome demands, and the first of the rest,
/// which outcomes take no room from.
fn shown(changes: &[Change]) -> Vec<&Change> {
    let mut room = MOST;
    let mut fits = |change: &&Change| {
        if change.demanded == Some(true) {
            return true;
        }
        let own = room > 0;
        room = room.saturating_sub(1);
        own
    };
    changes.iter().filter(|change| fits(change)).collect()
}
