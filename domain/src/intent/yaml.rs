//! YAML, of which JSON is a part, to a tree: the syntax only, with every bound that keeps a
//! hostile document cheap. Nothing here knows what an intent is.

use std::collections::BTreeMap;

use serde_saphyr::granit_parser::{
    ErrorKind, Event, Options, Parser, ScalarStyle, ScanError, Span, StrInput,
};

use super::fault::IntentFault;
use super::faults::Noted;
use super::text::Place;
use super::tree::{Entry, Node, Value};

/// The largest document.
const BYTES: usize = 1 << 20;
/// The deepest nesting.
const DEPTH: usize = 64;
/// The most values in one document.
const NODES: usize = 50_000;

/// The tree of a document that begins at `start`. What could not be read is refused, with a fault
/// for each reason.
pub(crate) fn tree(content: &str, start: Place, noted: &mut Noted) -> Node {
    let whole = Place { end: start.start, ..start };
    if content.len() > BYTES {
        noted.add(
            IntentFault::TooLarge,
            whole,
            format!("the document has {} bytes", content.len()),
            "at most 1 MiB is read",
        );
        return refused(whole);
    }
    let mut options = Options::default();
    options.set_emit_comments(false);
    options.flow_nesting_limit = DEPTH;
    options.block_nesting_limit = DEPTH;
    let mut reader = Reader {
        parser: Parser::new_from_str_with_options(content, options),
        content,
        start: whole,
        nodes: 0,
        noted,
    };
    reader.document().unwrap_or_else(|_| refused(whole))
}

const fn refused(place: Place) -> Node {
    let value = Value::Refused;
    Node { value, place }
}

/// Nothing that follows can be read; the reason has been noted.
struct Stopped;

struct Reader<'t, 'n> {
    parser: Parser<'t, StrInput<'t>>,
    content: &'t str,
    start: Place,
    nodes: usize,
    noted: &'n mut Noted,
}

impl<'t> Reader<'t, '_> {
    fn document(&mut self) -> Result<Node, Stopped> {
        let mut root = None;
        loop {
            let (event, place) = self.next()?;
            match event {
                Event::StreamEnd => break,
                Event::DocumentStart(..) if root.is_some() => {
                    self.noted.add(
                        IntentFault::SeveralDocuments,
                        place,
                        "the file holds several documents",
                        "write one document a file",
                    );
                    return Err(Stopped);
                }
                Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd => {}
                event => root = Some(self.node(event, place, 1)?),
            }
        }
        Ok(root.unwrap_or(Node { value: Value::Null, place: self.start }))
    }

    /// The next event; those that are presentation only are passed over.
    fn next(&mut self) -> Result<(Event<'t>, Place), Stopped> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => {
                self.refuse_tag(&event, &span);
                Ok((event, self.place(&span)))
            }
            Some(Err(error)) => {
                self.syntax(&error);
                Err(Stopped)
            }
            None => Err(Stopped),
        }
    }

    fn node(&mut self, event: Event<'t>, place: Place, depth: usize) -> Result<Node, Stopped> {
        self.bound(place, depth)?;
        self.refuse_anchor(&event, place);
        let value = match event {
            Event::Scalar(text, ScalarStyle::Plain, ..)
                if matches!(&*text, "" | "~" | "null" | "Null" | "NULL") =>
            {
                Value::Null
            }
            Event::Scalar(text, ..) => Value::Text(text.into_owned()),
            Event::SequenceStart(..) => self.list(depth)?,
            Event::MappingStart(..) => self.map(depth)?,
            _ => {
                self.alias(place);
                Value::Refused
            }
        };
        Ok(Node { value, place })
    }

    fn list(&mut self, depth: usize) -> Result<Value, Stopped> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(Value::List(items)),
                (event, place) => items.push(self.node(event, place, depth + 1)?),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Value, Stopped> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut seen: BTreeMap<String, Place> = BTreeMap::new();
        loop {
            let (event, place) = self.next()?;
            let key = match event {
                Event::MappingEnd => return Ok(Value::Map(entries)),
                Event::Scalar(ref text, ..) => Some(text.to_string()),
                _ => None,
            };
            self.bound(place, depth)?;
            if key.is_some() {
                self.refuse_anchor(&event, place);
            } else {
                self.node(event, place, depth + 1)?;
                let help = "write a plain word before the colon";
                self.noted.add(IntentFault::Shape, place, "a key is not a word", help);
            }
            let (event, at) = self.next()?;
            let mut value = self.node(event, at, depth + 1)?;
            let Some(key) = key else { continue };
            if matches!(value.value, Value::List(_) | Value::Map(_) | Value::Null) {
                value.place = place;
            }
            if self.repeats(&key, place, &mut seen) {
                continue;
            }
            entries.push(Entry { key, place, stated: true, value });
        }
    }

    /// Notes a key that was there before.
    fn repeats(&mut self, key: &str, place: Place, seen: &mut BTreeMap<String, Place>) -> bool {
        let Some(first) = seen.insert(key.to_owned(), place) else {
            return false;
        };
        seen.insert(key.to_owned(), first);
        if self.noted.is_full() {
            // Counting the lines for each of thousands of repetitions would take its time.
            self.noted.count_only();
            return true;
        }
        let line = self.content[..first.start - self.start.start].matches('\n').count() + 1;
        self.noted.add(
            IntentFault::DuplicateKey,
            place,
            format!("`{key}` stands twice in the same mapping"),
            format!("it stands on line {line} already; keep one of them"),
        );
        true
    }

    /// Counts a node and refuses more than is read.
    fn bound(&mut self, place: Place, depth: usize) -> Result<(), Stopped> {
        self.nodes += 1;
        let (what, limit) = if self.nodes > NODES {
            ("the document has too many values", "at most 50,000 are read")
        } else if depth > DEPTH {
            ("the document is nested too deeply", "at most 64 levels are read")
        } else {
            return Ok(());
        };
        self.noted.add(IntentFault::TooLarge, place, what, limit);
        Err(Stopped)
    }

    fn alias(&mut self, place: Place) {
        let help = "write the value out: documents are read as they stand";
        self.noted.add(IntentFault::Alias, place, "aliases are not read", help);
    }

    fn refuse_anchor(&mut self, event: &Event<'t>, place: Place) {
        if event.anchor_id().is_some_and(|anchor| anchor > 0) {
            let help = "leave the anchor out: documents are read as they stand";
            self.noted.add(IntentFault::Alias, place, "anchors are not read", help);
        }
    }

    fn refuse_tag(&mut self, event: &Event<'t>, span: &Span) {
        if event.tag().is_some() {
            let place = span.tag_span().map_or_else(|| self.place(span), |tag| self.place(&tag));
            let help = "leave the tag out: a value is read by its place";
            self.noted.add(IntentFault::Tag, place, "tags are not read", help);
        }
    }

    fn syntax(&mut self, error: &ScanError) {
        let start = error.marker().byte_offset().unwrap_or(0);
        let place = self.clamped(start, start);
        match error.kind() {
            ErrorKind::UnknownAnchor => self.alias(place),
            ErrorKind::RecursionLimitExceeded => self.noted.add(
                IntentFault::TooLarge,
                place,
                "the document is nested too deeply",
                "at most 64 levels are read",
            ),
            kind => self.noted.add(
                IntentFault::Syntax,
                place,
                format!("the document is not YAML: {kind}"),
                "nothing after this place was read",
            ),
        }
    }

    fn place(&self, span: &Span) -> Place {
        let range = span.byte_range().unwrap_or(0..0);
        self.clamped(range.start, range.end)
    }

    fn clamped(&self, start: usize, end: usize) -> Place {
        let start = self.content.floor_char_boundary(start);
        let end = self.content.ceil_char_boundary(end).max(start);
        Place {
            text: self.start.text,
            start: self.start.start + start,
            end: self.start.start + end,
        }
    }
}
