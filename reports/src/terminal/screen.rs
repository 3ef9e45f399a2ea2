//! Lines on a terminal: at most 100 columns, safe text, colour only where something is judged.

use domain::verification::Verdict;

use super::Style;
use crate::safe;

/// Columns of a screen.
pub(super) const COLUMNS: usize = 100;

/// Lines of a screen.
pub(super) const LINES: usize = 40;

/// A colour of the sixteen that every terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Colour {
    Green,
    Red,
    Yellow,
}

impl Colour {
    const fn code(self) -> &'static str {
        match self {
            Self::Green => "\u{1b}[1;32m",
            Self::Red => "\u{1b}[1;31m",
            Self::Yellow => "\u{1b}[1;33m",
        }
    }
}

/// A line, and the part of it that has a colour.
struct Line {
    text: String,
    paint: Option<(usize, usize, Colour)>,
}

/// Lines from top to bottom.
pub(super) struct Screen {
    style: Style,
    lines: Vec<Line>,
    /// Columns of the widest line.
    columns: usize,
}

impl Screen {
    pub(super) fn new(style: Style) -> Self {
        let (lines, columns) = (Vec::new(), COLUMNS);
        Self { style, lines, columns }
    }

    /// For scripts, where a line is as long as it has to be.
    pub(super) fn unbounded(style: Style) -> Self {
        Self { columns: usize::MAX, ..Self::new(style) }
    }

    /// How many lines there are.
    pub(super) fn height(&self) -> usize {
        self.lines.len()
    }

    pub(super) fn blank(&mut self) {
        self.push("", None);
    }

    /// One line; what does not fit is cut off, and marked as cut.
    pub(super) fn line(&mut self, text: &str) {
        self.push(text, None);
    }

    /// One line of which the first word, after its indent, has a colour.
    pub(super) fn marked(&mut self, text: &str, colour: Colour) {
        self.push(text, Some(colour));
    }

    /// A sentence whose first word has a colour, on as many lines as it takes.
    pub(super) fn sentence(&mut self, text: &str, colour: Colour) {
        const INDENT: usize = 4;
        let text = self.style.text(text);
        if safe::width(&text) <= self.columns {
            self.push(&text, Some(colour));
            return;
        }
        let lines = safe::wrapped(&text, self.columns - INDENT, self.style.cut());
        for (place, line) in lines.iter().enumerate() {
            // The two spaces behind the verdict are no break between words.
            let start = text.split("  ").next().unwrap_or_default();
            let behind = line.strip_prefix(start).filter(|_| place == 0);
            match behind {
                Some(behind) => self.push(&format!("{start} {behind}"), Some(colour)),
                None if place == 0 => self.push(line, Some(colour)),
                None => self.push(&format!("{}{line}", " ".repeat(INDENT)), None),
            }
        }
    }

    /// Items beside a heading: `  heading   one · two`, on as many lines as they take up to `most`.
    /// An item is not broken unless it is longer than a line; without a `most`, nothing is cut off.
    pub(super) fn beside(&mut self, heading: &str, items: &[String], most: usize) {
        const INDENT: usize = 12;
        let (room, cut) = (COLUMNS - INDENT, self.style.cut());
        let mut lines: Vec<String> = Vec::new();
        for item in items {
            let item = self.style.text(item);
            let joined = |line: &String| self.style.text(&format!("{line} · {item}"));
            let full = lines.len() == most;
            match lines.last_mut() {
                Some(line) if full || safe::width(&joined(line)) <= room => {
                    *line = joined(line);
                }
                _ => lines.push(item),
            }
        }
        let whole = |line: &String| match most {
            WHOLE => safe::wrapped(line, room, cut),
            _ => vec![safe::fitted(line, room, cut)],
        };
        for (place, line) in lines.iter().flat_map(whole).enumerate() {
            let heading = if place == 0 { heading } else { "" };
            self.line(&format!("  {} {line}", left(heading, INDENT - 3)));
        }
    }

    /// All lines of another screen after those of this one.
    pub(super) fn append(&mut self, other: Self) {
        self.lines.extend(other.lines);
    }

    fn push(&mut self, text: &str, colour: Option<Colour>) {
        let text = self.style.text(text);
        let text = safe::fitted(text.trim_end(), self.columns, self.style.cut());
        let paint = colour.map(|colour| {
            let start = text.len() - text.trim_start().len();
            let end = text[start..].find(' ').map_or(text.len(), |at| start + at);
            (start, end, colour)
        });
        self.lines.push(Line { text, paint });
    }

    /// The screen as text, with a line break after every line.
    pub(super) fn finish(self) -> String {
        let mut text = String::new();
        for line in self.lines {
            match line.paint.filter(|_| self.style.colour) {
                None => text.push_str(&line.text),
                Some((start, end, colour)) => {
                    text.push_str(&line.text[..start]);
                    text.push_str(colour.code());
                    text.push_str(&line.text[start..end]);
                    text.push_str("\u{1b}[0m");
                    text.push_str(&line.text[end..]);
                }
            }
            text.push('\n');
        }
        text
    }
}

/// As many lines as are needed, so that nothing of what is to be done is cut off.
pub(super) const WHOLE: usize = usize::MAX;

/// The sign and the colour of a verdict.
pub(super) const fn mark(verdict: Option<Verdict>, style: Style) -> (&'static str, Option<Colour>) {
    match (verdict, style.unicode) {
        (Some(Verdict::Pass), true) => ("✓", Some(Colour::Green)),
        (Some(Verdict::Pass), false) => ("ok", Some(Colour::Green)),
        (Some(Verdict::Fail), true) => ("✗", Some(Colour::Red)),
        (Some(Verdict::Fail), false) => ("FAIL", Some(Colour::Red)),
        (Some(Verdict::Undecided), _) => ("?", Some(Colour::Yellow)),
        (None, _) => ("", None),
    }
}

/// The text with spaces after it.
pub(super) fn left(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(safe::width(text))))
}

/// The text with spaces before it.
pub(super) fn right(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(safe::width(text))))
}

/// How a column of a table is set.
#[derive(Clone, Copy)]
pub(super) struct Column {
    /// At most so many columns of the screen.
    pub(super) most: usize,
    /// Whether its cells end under each other.
    pub(super) ends: bool,
}

/// Rows of cells, each column as wide as its widest cell but no wider than allowed.
pub(super) fn table(rows: &[Vec<String>], columns: &[Column], style: Style) -> Vec<String> {
    let cut =
        |text: &String, column: &Column| safe::fitted(&style.text(text), column.most, style.cut());
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().zip(columns).map(|(text, column)| cut(text, column)).collect())
        .collect();
    let widest = |place: usize| {
        let cells = rows.iter().filter_map(|row: &Vec<String>| row.get(place));
        cells.map(|cell| safe::width(cell)).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns.len()).map(widest).collect();
    let set = |(place, cell): (usize, &String)| {
        if columns[place].ends { right(cell, widths[place]) } else { left(cell, widths[place]) }
    };
    rows.iter().map(|row| row.iter().enumerate().map(set).collect::<Vec<_>>().join("  ")).collect()
}

/// The same with every cell on as many lines as it takes: the lines of each row.
pub(super) fn wrapped_table(
    rows: &[Vec<String>],
    columns: &[Column],
    style: Style,
) -> Vec<Vec<String>> {
    let (mut lines, mut heights) = (Vec::new(), Vec::new());
    for row in rows {
        let wrapped = |(text, column): (&String, &Column)| {
            safe::wrapped(&style.text(text), column.most, style.cut())
        };
        let cells: Vec<Vec<String>> = row.iter().zip(columns).map(wrapped).collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0).max(1);
        let line = |line: usize| -> Vec<String> {
            cells.iter().map(|cell| cell.get(line).cloned().unwrap_or_default()).collect()
        };
        lines.extend((0..height).map(line));
        heights.push(height);
    }
    let mut set = table(&lines, columns, style).into_iter();
    heights.into_iter().map(|height| set.by_ref().take(height).collect()).collect()
}
