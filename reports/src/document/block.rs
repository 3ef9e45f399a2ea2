//! The parts that a report is made of, whatever it is written as. Nothing is escaped here: texts
//! are as they came, and each format makes all of them safe.

use std::fmt::Display;

use domain::outcome::Answer;
use domain::study::Studies;
use domain::units::MicroDollars;
use domain::verification::Verdict;

use crate::figures::{self, decimals, percent};
use crate::plots::PlotFault;

/// A piece of a sentence.
pub(crate) enum Span {
    /// Words, foreign ones among them.
    Text(String),
    /// A command, or what is typed in one.
    Code(&'static str),
    /// A mark that stands out, as it stands in tables.
    Mark(&'static str),
    /// A pointer to a section.
    Section(u8),
}

impl From<&str> for Span {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Span {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// A part of a section.
pub(crate) enum Block {
    /// A paragraph.
    Says(Vec<Span>),
    /// A heading within the section.
    Heading(&'static str),
    /// Sentences; nothing without any.
    List(Vec<String>),
    /// Foreign text as it is, with its lines.
    Verbatim(String),
    /// What was not asked for, and the command that adds it.
    Absent(&'static str, &'static str),
    /// The drawing of what stands where.
    Topology,
    /// A table; nothing without rows.
    Table(Table),
    /// A plot with the numbers in it.
    Figure(Figure),
    /// A plot of a study with the numbers in it.
    Studied(Figure<StudyPlot>),
    /// What is long and mostly skipped, under a few words.
    Folded(String, Vec<Self>),
}

impl Block {
    /// A paragraph of one piece.
    pub(super) fn says(text: impl Into<String>) -> Self {
        Self::Says(vec![Span::Text(text.into())])
    }

    /// A table without a sum.
    pub(super) fn table(
        id: &str,
        caption: &str,
        headings: &[&str],
        rows: impl IntoIterator<Item = Vec<Cell>>,
    ) -> Self {
        Self::Table(Table::new(id, caption, headings, rows))
    }
}

/// A table with its caption; a heading that starts with `>` is for figures.
pub(crate) struct Table {
    /// Unique within the report.
    pub(crate) id: String,
    /// What the table shows.
    pub(crate) caption: String,
    /// One for each column.
    pub(crate) headings: Vec<String>,
    /// As many cells each as there are headings.
    pub(crate) rows: Vec<Vec<Cell>>,
    /// The sum, if there is one.
    pub(crate) foot: Option<Vec<Cell>>,
}

impl Table {
    /// A table without a sum.
    pub(crate) fn new(
        id: &str,
        caption: &str,
        headings: &[&str],
        rows: impl IntoIterator<Item = Vec<Cell>>,
    ) -> Self {
        Self {
            id: id.to_owned(),
            caption: caption.to_owned(),
            headings: headings.iter().map(|name| (*name).to_owned()).collect(),
            rows: rows.into_iter().collect(),
            foot: None,
        }
    }
}

/// How a cell is set.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Form {
    /// As it is.
    #[default]
    Plain,
    /// An identifier.
    Code,
    /// What became of a check.
    Verdict(Verdict),
}

/// A cell of a table: what is read, and what it is sorted by where that is not the text.
#[derive(Default)]
pub(crate) struct Cell {
    /// Empty where nothing is known.
    pub(crate) text: String,
    /// Finite.
    pub(crate) key: Option<f64>,
    /// How the text is set.
    pub(crate) form: Form,
    /// What stands out behind the text.
    pub(crate) marks: Vec<&'static str>,
}

impl Cell {
    /// Words, foreign ones among them.
    pub(crate) fn words(text: impl Display) -> Self {
        Self { text: text.to_string(), ..Self::default() }
    }

    /// An identifier.
    pub(super) fn code(text: impl Display) -> Self {
        Self { form: Form::Code, ..Self::words(text) }
    }

    /// A figure as it is read, and the number that it is sorted by.
    pub(super) fn figure(text: impl Display, key: f64) -> Self {
        Self { key: key.is_finite().then_some(key), ..Self::words(text) }
    }

    /// A count.
    pub(super) fn count(count: impl Into<u64>) -> Self {
        let count = count.into();
        Self::figure(figures::grouped(count), count as f64)
    }

    /// A number with at most so many decimals.
    pub(super) fn number(value: f64, places: usize) -> Self {
        Self::figure(decimals(value, places), value)
    }

    /// A share as a percentage with at most so many decimals.
    pub(super) fn share(value: f64, places: usize) -> Self {
        Self::figure(percent(value, places), value)
    }

    /// Seconds.
    pub(super) fn time(seconds: f64) -> Self {
        Self::figure(figures::time(seconds), seconds)
    }

    /// An amount to the dollar, under a heading that says of what.
    pub(super) fn dollars(amount: MicroDollars) -> Self {
        Self::figure(figures::whole_dollars(amount), amount.dollars())
    }

    /// What became of a check, in a word; the gravest is sorted first.
    pub(crate) fn verdict(verdict: Verdict, word: &str) -> Self {
        let key = match verdict {
            Verdict::Fail => 0.0,
            Verdict::Undecided => 1.0,
            Verdict::Pass => 2.0,
        };
        Self { form: Form::Verdict(verdict), ..Self::figure(word, key) }
    }

    /// The same with marks behind it.
    pub(super) fn marked(self, marks: impl IntoIterator<Item = &'static str>) -> Self {
        Self { marks: marks.into_iter().collect(), ..self }
    }
}

/// Draws an answer.
pub(crate) type AnswerPlot = fn(&Answer) -> Result<String, PlotFault>;

/// Draws a study of an answer.
pub(crate) type StudyPlot = fn(&Answer, &Studies) -> Result<String, PlotFault>;

/// A plot with its caption, and the same numbers as tables.
pub(crate) struct Figure<P = AnswerPlot> {
    /// Unique within the report.
    pub(crate) id: &'static str,
    /// What is drawn, for who does not see it.
    pub(crate) description: &'static str,
    /// Where the numbers came from: seed, sample size.
    pub(crate) caption: String,
    /// Draws it.
    pub(crate) plot: P,
    /// Its file, where it is one of those that stand beside a report without drawings.
    pub(crate) file: Option<&'static str>,
    /// What is drawn.
    pub(crate) numbers: Vec<Table>,
    /// Whether the numbers stand only where they can be folded away: they are many, or stand in
    /// another table as well.
    pub(crate) aside: bool,
}
