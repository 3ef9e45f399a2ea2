//! A re-computation of a spec on a terminal: the verdict, what does not hold, what is open.

use super::Style;
use super::screen::{COLUMNS, Colour, Screen};
use crate::checked::{Checked, Fault};
use crate::figures;
use crate::safe;

/// So many faults are shown; the others are counted, and stand in the document.
const MOST_FAULTS: usize = 30;
const INDENT: usize = 4;

/// The result of a check. `elapsed` is how long it took, in words.
pub fn checked(checked: &Checked, style: Style, elapsed: Option<&str>) -> String {
    let mut screen = Screen::new(style);
    head(&mut screen, checked);
    if !checked.faults.is_empty() {
        screen.blank();
        screen.line(" does not hold:");
        for fault in checked.faults.iter().take(MOST_FAULTS) {
            wrapped((&mut screen, style), &fault.place, &words(fault));
        }
        if checked.faults.len() > MOST_FAULTS {
            let more = checked.faults.len() - MOST_FAULTS;
            screen.line(&format!("  and {more} more, which --json lists"));
        }
    }
    screen.blank();
    screen.line(" not checked:");
    for open in &checked.unchecked {
        wrapped((&mut screen, style), &open.places.join(", "), &open.reason);
    }
    screen.blank();
    let took = elapsed.map_or_else(String::new, |took| format!(" · {took}"));
    screen.line(&format!(
        " {} comparisons · {}{took}",
        figures::grouped(checked.compared),
        checked.spec_digest
    ));
    screen.finish()
}

/// Its first line alone, without a colour.
pub fn checked_line(checked: &Checked, style: Style) -> String {
    let mut screen = Screen::unbounded(Style { colour: false, ..style });
    head(&mut screen, checked);
    screen.finish()
}

/// `HOLDS  web · all of 1,234 comparisons`
fn head(screen: &mut Screen, checked: &Checked) {
    let name = &checked.name;
    if checked.faults.is_empty() {
        let compared = figures::grouped(checked.compared);
        let text = format!("HOLDS  {name} · all of {compared} comparisons");
        screen.marked(&text, Colour::Green);
    } else {
        let count = figures::counted(checked.faults.len(), "fault");
        screen.marked(&format!("REFUTED  {name} · {count}"), Colour::Red);
    }
}

fn words(fault: &Fault) -> String {
    match (&fault.stated, &fault.recomputed) {
        (Some(stated), Some(recomputed)) => format!("{stated} stated, {recomputed} recomputed"),
        _ => fault.text.clone(),
    }
}

/// A place on its own line, and what is to say of it below.
fn wrapped((screen, style): (&mut Screen, Style), place: &str, text: &str) {
    screen.line(&format!("  {place}"));
    for line in safe::wrapped(&style.text(text), COLUMNS - INDENT, style.cut()) {
        screen.line(&format!("{}{line}", " ".repeat(INDENT)));
    }
}
