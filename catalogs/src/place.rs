//! Where in the files of a catalog something is: the file, the line and the cell.

use std::fmt;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

/// No more of a line than this is quoted, in bytes.
const QUOTED: usize = 300;

/// A place: a file, a line of it, and the cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The path within the catalog.
    pub file: String,
    /// The line, from 1; 0 when the whole file is meant.
    pub line: usize,
    /// The text of that line, shortened when it is long.
    pub text: String,
    /// Where in that text, as offset and length in bytes.
    pub span: (usize, usize),
}

impl Place {
    /// The whole of a file.
    pub(crate) fn file(file: &str) -> Self {
        Self { file: file.to_owned(), line: 0, text: String::new(), span: (0, 0) }
    }

    /// A line of a file, the whole of it.
    pub(crate) fn line(file: &str, line: usize, text: &str) -> Self {
        let first = text.lines().next().unwrap_or_default();
        let end = (0..=first.len().min(QUOTED))
            .rev()
            .find(|at| first.is_char_boundary(*at))
            .unwrap_or_default();
        Self { file: file.to_owned(), line, text: first[..end].to_owned(), span: (0, end) }
    }

    /// The same line, with one cell of it pointed at when it is an unquoted one.
    pub(crate) fn cell(mut self, column: usize) -> Self {
        if self.text.contains('"') {
            return self;
        }
        let mut start = 0;
        for (at, cell) in self.text.split(',').enumerate() {
            if at == column {
                self.span = (start, cell.len());
                break;
            }
            start += cell.len() + 1;
        }
        self
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            write!(formatter, "{}", self.file)
        } else {
            write!(formatter, "{}:{}", self.file, self.line)
        }
    }
}

impl SourceCode for Place {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        context_lines_before: usize,
        context_lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let text = self.text.as_bytes();
        let found = text.read_span(span, context_lines_before, context_lines_after)?;
        Ok(Box::new(MietteSpanContents::new_named(
            self.file.clone(),
            found.data(),
            *found.span(),
            found.line() + self.line.saturating_sub(1),
            found.column(),
            found.line_count(),
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_quotes_one_line_and_points_at_a_cell() {
        let place = Place::line("a.csv", 3, "one,two,three\nfour").cell(1);
        assert_eq!(place.to_string(), "a.csv:3");
        assert_eq!(place.text, "one,two,three");
        assert_eq!(place.span, (4, 3));
    }

    #[test]
    fn a_long_line_is_cut_between_letters() {
        let place = Place::line("a.csv", 1, &"é".repeat(400));
        assert!(place.text.len() <= QUOTED);
        assert_eq!(place.span.1, place.text.len());
    }
}
