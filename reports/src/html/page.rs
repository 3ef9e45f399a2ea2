//! The parts of a report as those of a page. All text is escaped by the template; what is foreign
//! in it is made visible first.

use domain::verification::Verdict;
use maud::{Markup, PreEscaped, html};

use super::diagram;
use super::visible::visible;
use crate::document::{self, Block, Cell, Figure, Form, Sheet, Span, TITLES, Table};
use crate::figures::UNKNOWN;
use crate::plots::PlotFault;

/// A section under its number.
pub(super) fn section(
    sheet: Sheet<'_>,
    number: usize,
    blocks: &[Block],
) -> Result<Markup, PlotFault> {
    Ok(html! {
        section id=(format!("s{number}")) aria-labelledby=(format!("h{number}")) {
            h2 id=(format!("h{number}")) { span.number { (number) } (TITLES[number]) }
            (shown(sheet, blocks)?)
        }
    })
}

fn shown(sheet: Sheet<'_>, blocks: &[Block]) -> Result<Markup, PlotFault> {
    let blocks = blocks.iter().map(|block| {
        Ok(match block {
            Block::Says(spans) => html! { p { @for span in spans { (piece(span)) } } },
            Block::Heading(text) => html! { h3 { (text) } },
            Block::List(items) if items.is_empty() => Markup::default(),
            Block::List(items) => html! { ul { @for item in items { li { (visible(item)) } } } },
            Block::Verbatim(text) => html! { pre { (visible(text)) } },
            Block::Absent(what, command) => html! {
                p.absent { (what) ": " code { (command) } " adds it." }
            },
            Block::Topology => html! {
                (diagram::large(sheet))
                p { "Lines are calls; a thick broken line is a copy of the state." }
            },
            Block::Table(own) => table(own),
            Block::Figure(own) => figure(own, (own.plot)(sheet.answer))?,
            Block::Studied(own) => figure(own, (own.plot)(sheet.answer, sheet.studies))?,
            Block::Folded(summary, body) => folded(summary, &shown(sheet, body)?),
        })
    });
    let blocks: Vec<Markup> = blocks.collect::<Result<_, PlotFault>>()?;
    Ok(html! { @for block in &blocks { (block) } })
}

fn piece(span: &Span) -> Markup {
    match span {
        Span::Text(text) => html! { (visible(text)) },
        Span::Code(text) => html! { code { (text) } },
        Span::Mark(text) => html! { span.mark { (text) } },
        Span::Section(number) => html! { a href=(format!("#s{number}")) { "section " (number) } },
    }
}

/// The sign and the word for a verdict: no meaning is in the colour alone.
pub(super) fn word(verdict: Option<Verdict>) -> Markup {
    verdict.map_or_else(|| html! { (UNKNOWN) }, |own| signed(own, document::word(own)))
}

fn signed(verdict: Verdict, word: &str) -> Markup {
    match verdict {
        Verdict::Pass => html! { span.good { "✓ " (word) } },
        Verdict::Fail => html! { span.bad { "✗ " (word) } },
        Verdict::Undecided => html! { span.warn { "? " (word) } },
    }
}

/// A table in a region of its own that scrolls; nothing without rows.
fn table(own: &Table) -> Markup {
    if own.rows.is_empty() {
        return Markup::default();
    }
    let caption = format!("{}-caption", own.id);
    let side = |name: &str| name.starts_with('>').then_some("figure");
    let sides: Vec<Option<&str>> = own.headings.iter().map(|name| side(name)).collect();
    html! {
        div.scroll role="region" aria-labelledby=(caption) tabindex="0" {
            table.sortable id=(own.id) {
                caption id=(caption) { (visible(&own.caption)) }
                thead { tr { @for (name, side) in own.headings.iter().zip(&sides) {
                    th scope="col" class=[side] { (name.trim_start_matches('>')) }
                } } }
                tbody { @for row in &own.rows { (line(row, &sides)) } }
                @if let Some(foot) = &own.foot { tfoot { (line(foot, &sides)) } }
            }
        }
    }
}

/// A row that its first cell names.
fn line(row: &[Cell], sides: &[Option<&str>]) -> Markup {
    html! {
        tr { @for (place, (cell, side)) in row.iter().zip(sides).enumerate() {
            @if place == 0 {
                th scope="row" class=[side] data-sort=[cell.key] { (text_of(cell)) }
            } @else {
                td class=[side] data-sort=[cell.key] { (text_of(cell)) }
            }
        } }
    }
}

fn text_of(cell: &Cell) -> Markup {
    let text = visible(&cell.text);
    let is_empty = text.trim().is_empty();
    html! {
        @match cell.form {
            _ if is_empty && cell.marks.is_empty() => (UNKNOWN),
            Form::Plain => (text),
            Form::Code => code { (text) },
            Form::Verdict(verdict) => (signed(verdict, &text)),
        }
        @for (place, mark) in cell.marks.iter().enumerate() {
            @if place > 0 || !is_empty { " " }
            span.mark { (mark) }
        }
    }
}

/// What is long and mostly skipped.
fn folded(summary: &str, body: &Markup) -> Markup {
    html! { details { summary { (visible(summary)) } (body) } }
}

/// A plot with its caption, and the same numbers as tables behind it; only those where there is
/// nothing to draw.
///
/// The plot is a document of its own with a title, which becomes a part of the page. The library
/// that drew it escaped all text in it.
fn figure<P>(own: &Figure<P>, svg: Result<String, PlotFault>) -> Result<Markup, PlotFault> {
    let numbers = html! { @for numbers in &own.numbers { (table(numbers)) } };
    let svg = match svg {
        Ok(svg) => svg,
        Err(PlotFault::Nothing(_)) => return Ok(numbers),
        Err(fault) => return Err(fault),
    };
    let (title, drawing) = parted(&svg);
    let names = [format!("{}-title", own.id), format!("{}-desc", own.id)];
    Ok(html! {
        figure.plot id=(own.id) {
            div.scroll role="region" aria-labelledby=(names[0]) tabindex="0" {
                svg viewBox="0 0 960 600" role="img" aria-labelledby=(names.join(" ")) {
                    title id=(names[0]) { (PreEscaped(title)) }
                    desc id=(names[1]) { (own.description) }
                    (PreEscaped(drawing))
                }
            }
            figcaption { (visible(&own.caption)) }
            (folded("The same numbers as a table", &numbers))
        }
    })
}

/// The title of a drawing, and what is drawn in it.
fn parted(svg: &str) -> (&str, &str) {
    let inner = svg.split_once(">\n").map_or(svg, |(_, inner)| inner);
    let inner = inner.trim_end().strip_suffix("</svg>").unwrap_or(inner);
    let inner = inner.strip_prefix("<title>").unwrap_or(inner);
    inner.split_once("</title>").unwrap_or(("", inner))
}
