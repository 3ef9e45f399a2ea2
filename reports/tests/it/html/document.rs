//! A page as a browser's tokenizer takes it apart, with the elements put back into each other.

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};

/// Elements without content, which have no end.
const VOID: [&str; 1] = ["meta"];

/// An element with its attributes and all text in it.
#[derive(Debug, Clone)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    /// Names of the elements around it, outermost first, each with its classes: `figure.plot`.
    pub(super) around: Vec<String>,
    pub(super) text: String,
}

impl Element {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Whether it is part of a drawing of a plot, which only its title is not.
    pub(super) fn is_plotted(&self) -> bool {
        self.around.iter().any(|own| own == "figure.plot")
            && self.around.iter().any(|own| own == "svg")
            && !matches!(self.name.as_str(), "title" | "desc")
    }
}

/// A piece of text, and the place of the element that it stands in.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) element: usize,
    pub(super) text: String,
}

/// A page.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) elements: Vec<Element>,
    pub(super) pieces: Vec<Piece>,
    /// What a browser would have to forgive.
    pub(super) faults: Vec<String>,
}

impl Page {
    pub(super) fn parse(html: &str) -> Self {
        let mut emitter = DefaultEmitter::default();
        emitter.naively_switch_states(true);
        let (mut page, mut open): (Self, Vec<usize>) = (Self::default(), Vec::new());
        let text_of = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        for Ok(token) in Tokenizer::new_with_emitter(html, emitter) {
            match token {
                Token::StartTag(tag) => {
                    let attributes = tag.attributes.iter();
                    let attributes =
                        attributes.map(|(name, value)| (text_of(name), text_of(value)));
                    let name = text_of(&tag.name);
                    page.elements.push(Element {
                        name: name.clone(),
                        attributes: attributes.collect(),
                        around: open.iter().map(|place| page.label(*place)).collect(),
                        text: String::new(),
                    });
                    if !VOID.contains(&name.as_str()) && !tag.self_closing {
                        open.push(page.elements.len() - 1);
                    }
                }
                Token::EndTag(tag) => {
                    let name = text_of(&tag.name);
                    let last = open.pop().map(|place| page.elements[place].name.clone());
                    if last.as_deref() != Some(&name) {
                        page.faults.push(format!("{last:?} is ended by {name}"));
                    }
                }
                Token::String(text) => page.add(&open, &text_of(&text)),
                Token::Comment(text) => page.faults.push(format!("comment {text:?}")),
                Token::Error(error) => page.faults.push(format!("{error:?}")),
                Token::Doctype(_) => {}
            }
        }
        let left: Vec<String> = open.iter().map(|place| page.label(*place)).collect();
        page.faults.extend(left.iter().map(|label| format!("{label} is open")));
        page
    }

    fn label(&self, place: usize) -> String {
        let element = &self.elements[place];
        match element.attribute("class") {
            Some(class) => format!("{}.{}", element.name, class.replace(' ', ".")),
            None => element.name.clone(),
        }
    }

    fn add(&mut self, open: &[usize], text: &str) {
        for place in open {
            self.elements[*place].text.push_str(text);
        }
        let Some(element) = open.last() else { return };
        match self.pieces.last_mut() {
            Some(last) if last.element == *element => last.text.push_str(text),
            _ => self.pieces.push(Piece { element: *element, text: text.to_owned() }),
        }
    }

    pub(super) fn named<'p>(&'p self, name: &'p str) -> impl Iterator<Item = &'p Element> {
        self.elements.iter().filter(move |element| element.name == name)
    }

    pub(super) fn by_id(&self, id: &str) -> Option<&Element> {
        self.elements.iter().find(|element| element.attribute("id") == Some(id))
    }

    /// What a reader reads, but not what is drawn in plots: their numbers stand in tables.
    pub(super) fn read(&self) -> impl Iterator<Item = (&Element, &str)> {
        let pieces = self.pieces.iter().map(|piece| (&self.elements[piece.element], &*piece.text));
        pieces.filter(|(element, _)| {
            !matches!(element.name.as_str(), "style" | "script") && !element.is_plotted()
        })
    }
}
