//! A page of Markdown: headings, sentences, lists and tables, with foreign text made safe.

use crate::figures::UNKNOWN;
use crate::safe;

/// Text that grows from top to bottom.
#[derive(Default)]
pub(super) struct Page {
    text: String,
}

impl Page {
    /// A heading of a section: `## 4 Bill of materials`.
    pub(super) fn section(&mut self, number: u8, title: &str) {
        self.block(&format!("## {number} {title}"));
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

    /// A table; every cell is made safe here. A heading that starts with `>` is for figures.
    pub(super) fn table(&mut self, headings: &[&str], rows: &[Vec<String>]) {
        if rows.is_empty() {
            return;
        }
        let set = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
        let names = headings.iter().map(|name| name.trim_start_matches('>').to_owned());
        let sides = headings
            .iter()
            .map(|name| if name.starts_with('>') { "---:".to_owned() } else { "---".to_owned() });
        let mut lines = vec![set(names.collect()), set(sides.collect())];
        lines.extend(rows.iter().map(|row| set(row.iter().map(|cell| cell_text(cell)).collect())));
        self.block(&lines.join("\n"));
    }

    /// A picture that stands beside the report.
    pub(super) fn picture(&mut self, words: &str, file: &str) {
        self.block(&format!("![{}]({file})", safe::markdown(words)));
    }

    fn block(&mut self, text: &str) {
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

fn cell_text(cell: &str) -> String {
    match safe::markdown(cell) {
        empty if empty.is_empty() => UNKNOWN.to_owned(),
        text => text,
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
        page.table(&["a", ">b"], &[vec!["x | y\nz".into(), String::new()]]);
        assert_eq!(page.finish(), "| a | b |\n| --- | ---: |\n| x \\| y z | – |\n");
    }
}
