//! The texts that an intent is read from, and places in them.

use std::sync::Arc;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

/// What kind of text it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One line of plain words.
    Phrase,
    /// A document, by its file name.
    Document,
    /// A `PATH=VALUE` of the command line.
    Setting,
    /// The document of an archetype: its numbers are defaults.
    Archetype,
    /// A model document, by its file name.
    Model,
    /// A policy document, by its file name.
    Policy,
}

/// A text that an intent is read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// What kind of text it is.
    pub form: Form,
    /// A name for messages; a phrase has none.
    pub name: String,
    /// The text itself.
    pub content: String,
}

impl Text {
    /// Line and column, both from 1, of a byte in the text; columns count characters.
    pub fn line_and_column(&self, offset: usize) -> (usize, usize) {
        let before = &self.content[..boundary(&self.content, offset)];
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        (line, before[start..].chars().count() + 1)
    }

    /// In words, where something was stated: "the phrase", "shop.yaml:9:11", "--set".
    fn origin(&self, offset: usize) -> String {
        match self.form {
            Form::Phrase => "the phrase".to_owned(),
            Form::Setting => "--set".to_owned(),
            Form::Archetype => self.name.clone(),
            Form::Document | Form::Model | Form::Policy => {
                let (line, column) = self.line_and_column(offset);
                format!("{}:{line}:{column}", self.name)
            }
        }
    }
}

impl SourceCode for Text {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let contents = self.content.read_span(span, before, after)?;
        if self.form == Form::Phrase {
            return Ok(contents);
        }
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            contents.data(),
            *contents.span(),
            contents.line(),
            contents.column(),
            contents.line_count(),
        )))
    }
}

/// The largest character boundary that is not beyond the offset.
fn boundary(text: &str, offset: usize) -> usize {
    text.floor_char_boundary(offset)
}

/// A stretch of one of the texts: bytes, on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Place {
    /// Which of the texts.
    pub(crate) text: usize,
    /// Its first byte.
    pub(crate) start: usize,
    /// The byte after its last.
    pub(crate) end: usize,
}

impl Place {
    /// From the start of this place to the end of the other.
    pub(crate) const fn to(self, other: Self) -> Self {
        Self { end: other.end, ..self }
    }
}

/// All texts that an intent is read from, in the order in which they were taken up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Texts {
    all: Vec<Arc<Text>>,
}

impl Texts {
    /// Takes a text up and says which one it is.
    pub(crate) fn add(&mut self, form: Form, name: &str, content: &str) -> usize {
        self.all.push(Arc::new(Text { form, name: name.to_owned(), content: content.to_owned() }));
        self.all.len() - 1
    }

    /// One of the texts.
    pub(crate) fn text(&self, place: Place) -> &Arc<Text> {
        &self.all[place.text]
    }

    /// What stands at a place.
    pub(crate) fn slice(&self, place: Place) -> &str {
        let content = &self.text(place).content;
        let (start, end) = (boundary(content, place.start), boundary(content, place.end));
        &content[start..end.max(start)]
    }

    /// In words, where something was stated.
    pub(crate) fn origin(&self, place: Place) -> String {
        self.text(place).origin(place.start)
    }

    /// Whether what stands there is a default.
    pub(crate) fn is_default(&self, place: Place) -> bool {
        self.text(place).form == Form::Archetype
    }

    /// The whole of a text.
    pub(crate) fn whole(&self, text: usize) -> Place {
        let end = self.all[text].content.len();
        Place { text, start: 0, end }
    }
}
