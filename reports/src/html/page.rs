//! The parts that the page is made of: sections, tables, figures, and what stands where there is no
//! evidence. All text is escaped by the template; what is foreign in it is made visible first.

use domain::verification::Verdict;
use maud::{Markup, PreEscaped, html};

use super::visible::visible;
use crate::figures::UNKNOWN;

/// A section under its number.
pub(super) fn section(number: u8, title: &str, body: &Markup) -> Markup {
    html! {
        section id=(format!("s{number}")) aria-labelledby=(format!("h{number}")) {
            h2 id=(format!("h{number}")) { span.number { (number) } (title) }
            (body)
        }
    }
}

/// What stands where evidence was not asked for: the command that adds it.
pub(super) fn absent(what: &str, command: &str) -> Markup {
    html! { p.absent { (what) ": " code { (command) } " adds it." } }
}

/// A cell of a table: what is read, and what it is sorted by where that is not the text.
pub(super) struct Cell {
    text: Markup,
    key: Option<f64>,
}

impl Cell {
    /// Words, foreign ones among them.
    pub(super) fn words(text: &str) -> Self {
        let text = match visible(text) {
            empty if empty.trim().is_empty() => UNKNOWN.to_owned(),
            text => text,
        };
        Self { text: html! { (text) }, key: None }
    }

    /// A figure as it is read, and the number that it is sorted by.
    pub(super) fn figure(text: &str, key: f64) -> Self {
        Self { key: key.is_finite().then_some(key), ..Self::words(text) }
    }

    /// A count.
    pub(super) fn count(count: u64) -> Self {
        Self::figure(&crate::figures::grouped(count), count as f64)
    }

    /// What became of a check.
    pub(super) fn verdict(verdict: Option<Verdict>) -> Self {
        let key = verdict.map(|verdict| match verdict {
            Verdict::Fail => 0.0,
            Verdict::Undecided => 1.0,
            Verdict::Pass => 2.0,
        });
        Self { text: word(verdict), key }
    }

    /// Anything else.
    pub(super) const fn markup(text: Markup) -> Self {
        Self { text, key: None }
    }
}

/// The sign and the word for a verdict: no meaning is in the colour alone.
pub(super) fn word(verdict: Option<Verdict>) -> Markup {
    match verdict {
        Some(Verdict::Pass) => html! { span.good { "✓ holds" } },
        Some(Verdict::Fail) => html! { span.bad { "✗ FAILS" } },
        Some(Verdict::Undecided) => html! { span.warn { "? UNDECIDED" } },
        None => html! { (UNKNOWN) },
    }
}

/// A table with its caption; a heading that starts with `>` is for figures.
pub(super) struct Table<'t> {
    /// Unique within the page.
    pub(super) id: &'t str,
    /// What the table shows.
    pub(super) caption: &'t str,
    /// One for each column.
    pub(super) headings: &'t [&'t str],
    /// The sum, if there is one.
    pub(super) foot: Option<Vec<Cell>>,
}

impl<'t> Table<'t> {
    /// A table without a sum.
    pub(super) const fn new(id: &'t str, caption: &'t str, headings: &'t [&'t str]) -> Self {
        Self { id, caption, headings, foot: None }
    }

    /// The table with its rows, in a region of its own that scrolls; nothing without rows.
    pub(super) fn of(&self, rows: impl IntoIterator<Item = Vec<Cell>>) -> Markup {
        let rows: Vec<Vec<Cell>> = rows.into_iter().collect();
        if rows.is_empty() {
            return Markup::default();
        }
        let caption = format!("{}-caption", self.id);
        let sides: Vec<bool> = self.headings.iter().map(|name| name.starts_with('>')).collect();
        html! {
            div.scroll role="region" aria-labelledby=(caption) tabindex="0" {
                table.sortable id=(self.id) {
                    caption id=(caption) { (self.caption) }
                    thead { tr { @for name in self.headings {
                        th scope="col" class=[name.starts_with('>').then_some("figure")] {
                            (name.trim_start_matches('>'))
                        }
                    } } }
                    tbody { @for row in &rows { (line(row, &sides)) } }
                    @if let Some(foot) = &self.foot { tfoot { (line(foot, &sides)) } }
                }
            }
        }
    }
}

/// A row whose first cell with a text in it names it.
fn line(row: &[Cell], sides: &[bool]) -> Markup {
    html! {
        tr { @for (place, cell) in row.iter().enumerate() {
            @let side = sides.get(place).is_some_and(|figure| *figure).then_some("figure");
            @if place == 0 {
                th scope="row" class=[side] data-sort=[cell.key] { (cell.text) }
            } @else {
                td class=[side] data-sort=[cell.key] { (cell.text) }
            }
        } }
    }
}

/// Sentences as a list; nothing without any.
pub(super) fn list<S: AsRef<str>>(items: &[S]) -> Markup {
    html! {
        @if !items.is_empty() {
            ul { @for item in items { li { (visible(item.as_ref())) } } }
        }
    }
}

/// What is long and mostly skipped.
pub(super) fn folded(summary: &str, body: &Markup) -> Markup {
    html! { details { summary { (summary) } (body) } }
}

/// A plot with its caption, and the same numbers as a table behind it.
pub(super) struct Figure<'f> {
    /// Unique within the page.
    pub(super) id: &'f str,
    /// What is drawn, for who does not see it.
    pub(super) description: &'f str,
    /// Where the numbers came from: seed, sample size.
    pub(super) caption: &'f str,
}

impl Figure<'_> {
    /// The plot as it was drawn: a document of its own with a title, which becomes a part of the
    /// page. The library that drew it escaped all text in it.
    pub(super) fn of(&self, svg: &str, numbers: &Markup) -> Markup {
        let (title, drawing) = parted(svg);
        let names = [format!("{}-title", self.id), format!("{}-desc", self.id)];
        html! {
            figure.plot id=(self.id) {
                div.scroll role="region" aria-labelledby=(names[0]) tabindex="0" {
                    svg viewBox="0 0 960 600" role="img" aria-labelledby=(names.join(" ")) {
                        title id=(names[0]) { (PreEscaped(title)) }
                        desc id=(names[1]) { (self.description) }
                        (PreEscaped(drawing))
                    }
                }
                figcaption { (visible(self.caption)) }
                (folded("The same numbers as a table", numbers))
            }
        }
    }
}

/// The title of a drawing, and what is drawn in it.
fn parted(svg: &str) -> (&str, &str) {
    let inner = svg.split_once(">\n").map_or(svg, |(_, inner)| inner);
    let inner = inner.trim_end().strip_suffix("</svg>").unwrap_or(inner);
    let inner = inner.strip_prefix("<title>").unwrap_or(inner);
    inner.split_once("</title>").unwrap_or(("", inner))
}
