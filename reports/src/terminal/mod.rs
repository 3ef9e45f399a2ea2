//! The verdict on a terminal: its first word says what came of it, and it fits on one screen of 40
//! lines and 100 columns whatever the answer holds.

mod blocks;
mod capacity;
mod checked;
mod comparison;
mod diff;
mod environments;
mod explanation;
mod frontier;
mod judgement;
mod refusal;
mod remarks;
mod rules;
mod screen;
mod services;
mod simulation;

use domain::outcome::{Answer, Outcome};
use domain::verification::Status;

use crate::composition;
use crate::findings;
use crate::safe;
use screen::{COLUMNS, Colour, LINES, Screen};

pub use capacity::{capacity, capacity_line};
pub use checked::{checked, checked_line};
pub use comparison::{comparison, comparison_line};
pub use diff::{difference, difference_line};
pub(crate) use diff::{headline, paid};
pub use environments::{environments, environments_line};
pub use explanation::{explanation, explanation_line};
pub use frontier::{frontier, frontier_line};
pub use judgement::{judgement, judgement_line};
pub use refusal::infeasible;
pub use simulation::{simulation, simulation_line};

/// What a terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// Colours; off for pipes, `NO_COLOR` and `TERM=dumb`.
    pub colour: bool,
    /// Signs beyond ASCII; off where colours are off for the terminal's sake.
    pub unicode: bool,
}

impl Style {
    /// Plain ASCII.
    pub const PLAIN: Self = Self { colour: false, unicode: false };

    /// The text without what a terminal obeys, in the letters that this one has.
    fn text(self, text: &str) -> String {
        let text = safe::clean(text);
        if self.unicode {
            return text;
        }
        let mut ascii = String::with_capacity(text.len());
        for letter in text.chars() {
            match letter {
                ' '..='~' => ascii.push(letter),
                '–' | '−' | '─' => ascii.push('-'),
                '×' => ascii.push('x'),
                '→' => ascii.push_str("->"),
                '≥' => ascii.push_str(">="),
                '…' => ascii.push_str("..."),
                'µ' => ascii.push('u'),
                '▇' => ascii.push('#'),
                '◀' => ascii.push('<'),
                '±' => ascii.push_str("+-"),
                // "a · b" reads as "a; b".
                '·' if ascii.ends_with(' ') => {
                    ascii.pop();
                    ascii.push(';');
                }
                _ => ascii.push('?'),
            }
        }
        ascii
    }

    /// What stands where text was cut off.
    const fn cut(self) -> &'static str {
        if self.unicode { "…" } else { "..." }
    }
}

/// The verdict on a plan. `elapsed` is how long the whole answer took, in words, when the caller
/// measured it.
pub fn verdict(answer: &Answer, style: Style, elapsed: Option<&str>) -> String {
    shown(answer, style, (elapsed, false))
}

/// The same where the files of the plan are written: what comes next is not to write them.
pub fn verdict_of_written(answer: &Answer, style: Style, elapsed: Option<&str>) -> String {
    shown(answer, style, (elapsed, true))
}

fn shown(answer: &Answer, style: Style, run: (Option<&str>, bool)) -> String {
    let mut screen = Screen::new(style);
    head(&mut screen, answer, style);
    screen.blank();
    let after = blocks::after(answer, style, run);
    let outcomes = blocks::outcomes(answer, style);
    let around = screen.height() + outcomes.height() + after.height();
    services::table(&mut screen, answer, style, LINES - around.min(LINES));
    screen.append(outcomes);
    screen.append(after);
    screen.finish()
}

/// The first line alone, without a colour: for scripts, which have the exit code beside it.
pub fn first_line(outcome: &Outcome, style: Style) -> String {
    let style = Style { colour: false, ..style };
    let mut screen = Screen::unbounded(style);
    match outcome {
        Outcome::Planned(answer) => head(&mut screen, answer, style),
        Outcome::Infeasible(infeasible) => refusal::head(&mut screen, infeasible),
    }
    screen.finish()
}

/// `VERIFIED  $3,382 a month  on aws us-east-1, 2 zones · …`
fn head(screen: &mut Screen, answer: &Answer, style: Style) {
    let (status, plan) = (answer.status(), &answer.plan);
    let start = format!(
        "{}  {} a month  on {}",
        findings::status(status),
        crate::figures::dollars(plan.bill.totals().expected),
        composition::place(&plan.topology)
    );
    let ends: Vec<String> = match status {
        Status::Verified => findings::claim(plan).into(),
        Status::Refuted | Status::Undecided => vec![findings::objection(answer)],
    };
    // The first end that fits; the last one goes on below where none does.
    let lines = ends.iter().map(|end| format!("{start} · {end}"));
    let fits = |line: &String| safe::width(&style.text(line)) <= COLUMNS;
    let last = lines.clone().next_back().unwrap_or(start.clone());
    let line = lines.clone().find(fits).unwrap_or(last);
    let colour = match status {
        Status::Verified => Colour::Green,
        Status::Refuted => Colour::Red,
        Status::Undecided => Colour::Yellow,
    };
    screen.sentence(&line, colour);
}
