//! A page of Markdown: headings, sentences, lists and tables, with foreign text made safe.

use domain::outcome::Answer;

use super::diagram::diagram;
use crate::document::{Block, Cell, Figure, Span, Table};
use crate::figures::UNKNOWN;
use crate::safe;

/// Text that grows from top to bottom.
#[derive(Default)]
pub(super) struct Page {
    text: String,
    /// A heading under which nothing stands yet.
    heading: Option<&'static str>,
}

impl Page {
    /// A heading of a section: `## 4 Bill of materials`.
    pub(super) fn section(&mut self, number: usize, title: &str) {
        self.heading = None;
        self.block(&format!("## {number} {title}"));
    }

    /// The parts of a section; what a page folds away stands open.
    pub(super) fn shows(&mut self, answer: &Answer, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Says(spans) => self.says(&spans.iter().map(piece).collect::<String>()),
                Block::Heading(text) => self.heading = Some(text),
                Block::List(items) => {
                    let items = items.iter().map(|item| safe::markdown(item));
                    self.list(&items.collect::<Vec<_>>());
                }
                Block::Verbatim(text) => self.verbatim(text),
                Block::Absent(what, command) => self.says(&format!("{what}: `{command}` adds it.")),
                Block::Topology => {
                    self.verbatim(&diagram(answer));
                    self.says("Of two copies `*` serves, and `o` stands by.");
                }
                Block::Table(table) => self.table(table),
                Block::Figure(figure) => self.figure(figure),
                Block::Studied(figure) => self.figure(figure),
                Block::Folded(summary, body) => {
                    // A table says by its caption what it is.
                    if !matches!(body.first(), Some(Block::Table(_))) {
                        self.says(&format!("{}:", safe::markdown(summary)));
                    }
                    self.shows(answer, body);
                }
            }
        }
    }

    /// A paragraph of our own words; what is foreign in it went through [`safe::markdown`].
    pub(super) fn says(&mut self, text: &str) {
        self.block(text);
    }

    /// A list of our own words.
    pub(super) fn list(&mut self, items: &[String]) {
        if !items.is_empty() {
            let items: Vec<String> = items.iter().map(|item| format!("- {item}")).collect();
            self.block(&items.join("\n"));
        }
    }

    /// Foreign text as it is, in a fence that it cannot close.
    pub(super) fn verbatim(&mut self, text: &str) {
        let lines: Vec<String> = text.lines().map(safe::clean).collect();
        let longest = lines.iter().flat_map(|line| line.split(|letter| letter != '`'));
        let ticks = longest.map(str::len).max().unwrap_or(0).max(2) + 1;
        let fence = "`".repeat(ticks);
        self.block(&format!("{fence}text\n{}\n{fence}", lines.join("\n")));
    }

    /// A table under its caption, the sum as its last row; every cell is made safe here.
    pub(super) fn table(&mut self, table: &Table) {
        if table.rows.is_empty() {
            return;
        }
        let set = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
        let names = table.headings.iter().map(|name| safe::markdown(name.trim_start_matches('>')));
        let side = |name: &String| if name.starts_with('>') { "---:" } else { "---" }.to_owned();
        let mut lines = vec![set(names.collect()), set(table.headings.iter().map(side).collect())];
        let rows = table.rows.iter().chain(&table.foot);
        lines.extend(rows.map(|row| set(row.iter().map(cell_text).collect())));
        self.says(&format!("**{}**", safe::markdown(&table.caption)));
        self.block(&lines.join("\n"));
    }

    /// A picture where it stands beside the report, and its numbers.
    fn figure<P>(&mut self, figure: &Figure<P>) {
        if let (Some(file), Some(numbers)) = (figure.file, figure.numbers.first())
            && !numbers.rows.is_empty()
        {
            self.block(&format!("![{}]({file})", safe::markdown(&numbers.caption)));
        }
        if !figure.aside {
            figure.numbers.iter().for_each(|numbers| self.table(numbers));
        }
    }

    /// Below its heading, which is written where something comes below it, and only there.
    fn block(&mut self, text: &str) {
        if let Some(heading) = self.heading.take() {
            self.block(&format!("### {heading}"));
        }
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// The page with one line break at its end.
    pub(super) fn finish(self) -> String {
        self.text
    }
}

fn cell_text(cell: &Cell) -> String {
    let text = safe::markdown(&cell.text);
    let texts = Some(text.as_str()).filter(|text| !text.is_empty());
    let parts: Vec<&str> = texts.into_iter().chain(cell.marks.iter().copied()).collect();
    if parts.is_empty() { UNKNOWN.to_owned() } else { parts.join(", ") }
}

fn piece(span: &Span) -> String {
    match span {
        Span::Text(text) => {
            let safe = safe::markdown(text);
            let [before, after] = [text.starts_with(' '), text.ends_with(' ')];
            let space = |is_there| if is_there { " " } else { "" };
            format!("{}{safe}{}", space(before), space(after))
        }
        Span::Code(text) => format!("`{text}`"),
        Span::Mark(text) => format!("**{text}**"),
        Span::Section(number) => format!("section {number}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fence_cannot_be_closed_from_within() {
        let mut page = Page::default();
        page.verbatim("a\n```\n<script>");
        assert_eq!(page.finish(), "````text\na\n```\n<script>\n````\n");
    }

    #[test]
    fn a_cell_stays_one_cell() {
        let mut page = Page::default();
        let rows = [vec![Cell::words("x | y\nz"), Cell::default()]];
        page.table(&Table::new("id", "Two *cells*", &["a", ">b"], rows));
        let table = "| a | b |\n| --- | ---: |\n| x \\| y z | – |\n";
        assert_eq!(page.finish(), format!("**Two \\*cells\\***\n\n{table}"));
    }
}
