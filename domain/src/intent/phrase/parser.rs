//! Statements out of the tokens of a phrase: what is recognised, what is harmless, and what is not
//! understood. Nothing is dropped: a token is one of the three.

use super::super::fault::{IntentFault, Words};
use super::super::faults::Noted;
use super::super::nearest::nearest;
use super::super::text::Place;
use super::super::words::shown;
use super::lexicon::{FILLERS, INDIFFERENT, JOINS, KNOWN, LIMITS, VAGUE, Way, lists};
use super::tokens::{Kind, Token, tokens};

/// Something that a phrase states, as a path of the document and a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Statement {
    /// The keys that lead to it in a document.
    pub(crate) path: Vec<String>,
    /// Whether the last key was said, rather than read into the phrase.
    pub(crate) stated: bool,
    /// The value as a document writes it.
    pub(crate) value: String,
    /// Whether it is one more of a list.
    pub(crate) listed: bool,
    /// Where it was said.
    pub(crate) place: Place,
    /// In words, for what was understood: "users 10k".
    pub(crate) label: String,
}

/// Nobody puts more words than this between a subject and its number; looking further from every
/// word of a phrase would take its time.
pub(super) const WORDS: usize = 8;

/// After a limit, these say nothing more.
const OR_BETTER: &[&str] = &[
    "or better",
    "or less",
    "or more",
    "or fewer",
    "or faster",
    "or cheaper",
    "or lower",
    "or higher",
    "or above",
    "or below",
];

/// A phrase on its way through the recognisers.
pub(super) struct Parser<'a, 'n> {
    source: &'a str,
    base: Place,
    exact: bool,
    tokens: Vec<Token>,
    noted: &'n mut Noted,
    pub(super) statements: Vec<Statement>,
    /// Places that are no regions; answered when the clouds are known.
    pub(super) places: Vec<(Place, String)>,
}

impl<'a, 'n> Parser<'a, 'n> {
    /// A parser of a text that stands at `base`; `exact` when byte for byte.
    pub(super) fn new(source: &'a str, base: Place, exact: bool, noted: &'n mut Noted) -> Self {
        let tokens = tokens(source);
        let (statements, places) = (Vec::new(), Vec::new());
        Self { source, base, exact, tokens, noted, statements, places }
    }

    /// Reads all of it.
    pub(super) fn read(&mut self) {
        let (mut at, mut unread) = (0, None);
        while at < self.tokens.len() {
            let known = match self.tokens[at].kind {
                Kind::Break | Kind::Colon => Some(at + 1),
                _ => self.statement(at).or_else(|| self.filler(at)),
            };
            let Some(next) = known else {
                unread.get_or_insert(at);
                at += 1;
                continue;
            };
            if let Some(from) = unread.take() {
                self.not_understood(from, at);
            }
            at = self.any_of(next, OR_BETTER).map_or(next, |(after, _)| after);
        }
        if let Some(from) = unread {
            self.not_understood(from, at);
        }
    }

    /// The token after the statement that starts here.
    fn statement(&mut self, at: usize) -> Option<usize> {
        self.pin(at)
            .or_else(|| self.choice(at))
            .or_else(|| self.topic(at))
            .or_else(|| self.limited(at))
    }

    fn filler(&self, at: usize) -> Option<usize> {
        let indifferent = self.any_of(at, INDIFFERENT).map(|(next, _)| next);
        let word = self.word(at);
        indifferent.or_else(|| lists(FILLERS, word).then_some(at + 1))
    }

    /// The token at that place.
    pub(super) fn token(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at)
    }

    /// The word at that place, in lower case; nothing beyond the end.
    pub(super) fn word(&self, at: usize) -> &str {
        self.token(at).map_or("", |token| token.word.as_str())
    }

    /// A word as it was written.
    pub(super) fn written(&self, from: usize, next: usize) -> &'a str {
        let start = self.tokens.get(from).map_or(0, |token| token.start);
        let end = self.tokens[..next.min(self.tokens.len())].last();
        let end = end.map_or(start, |token| token.end);
        self.source.get(start..end).unwrap_or_default()
    }

    /// The token after words that stand here one by one.
    pub(super) fn sequence(&self, at: usize, words: &str) -> Option<usize> {
        let mut next = at;
        for word in words.split(' ') {
            if self.word(next) != word {
                return None;
            }
            next += 1;
        }
        Some(next)
    }

    /// The longest of the phrases that stands here, with the token after it.
    pub(super) fn any_of<'p>(&self, at: usize, phrases: &[&'p str]) -> Option<(usize, &'p str)> {
        let standing = phrases.iter();
        standing
            .filter_map(|phrase| Some((self.sequence(at, phrase)?, *phrase)))
            .max_by_key(|(next, _)| *next)
    }

    /// The value of the longest row of a table that stands here.
    pub(super) fn row<T: Copy>(&self, at: usize, table: &[(&str, T)]) -> Option<(usize, T)> {
        let standing = table.iter();
        standing
            .filter_map(|(phrase, value)| Some((self.sequence(at, phrase)?, *value)))
            .max_by_key(|(next, _)| *next)
    }

    /// Passes over the words that join a limit to what it limits, and says which way it limits.
    pub(super) fn limits(&self, at: usize) -> (Option<Way>, usize) {
        let (mut way, mut next) = (None, at);
        for _ in 0..WORDS {
            if let Some((after, found)) = self.row(next, LIMITS) {
                (way, next) = (way.or(Some(found)), after);
            } else if let Some((after, _)) = self.any_of(next, JOINS) {
                next = after;
            } else {
                break;
            }
        }
        (way, next)
    }

    /// The place of some tokens.
    pub(super) fn place(&self, from: usize, next: usize) -> Place {
        if !self.exact {
            return self.base;
        }
        let start = self.tokens.get(from).map_or(0, |token| token.start);
        let end = self.tokens[..next.min(self.tokens.len())].last();
        let end = end.map_or(start, |token| token.end);
        Place { text: self.base.text, start: self.base.start + start, end: self.base.start + end }
    }

    /// Notes what some tokens state.
    pub(super) fn state(&mut self, span: (usize, usize), path: &[&str], value: &str, label: &str) {
        self.statements.push(Statement {
            path: path.iter().map(|&key| key.to_owned()).collect(),
            stated: true,
            value: value.to_owned(),
            listed: false,
            place: self.place(span.0, span.1),
            label: label.to_owned(),
        });
    }

    /// Notes a fault of some tokens.
    pub(super) fn fault(
        &mut self,
        kind: fn(Words) -> IntentFault,
        span: (usize, usize),
        why: &str,
        help: impl Into<String>,
    ) {
        let message = format!("`{}` {why}", shown(self.written(span.0, span.1)));
        let place = self.place(span.0, span.1);
        self.noted.add(kind, place, message, help);
    }

    /// Notes words that are no statement and not harmless.
    fn not_understood(&mut self, from: usize, next: usize) {
        let words: Vec<&str> = (from..next).map(|at| self.word(at)).collect();
        let vague = words.iter().find_map(|word| {
            let row = VAGUE.iter().find(|(_, of)| lists(of, word));
            row.map(|(example, _)| *example)
        });
        if (from..next).any(|at| self.percentile(at).is_some()) {
            let help = "for example: p95 under 400ms";
            self.fault(IntentFault::UnknownWord, (from, next), "has no limit", help);
            return;
        }
        if let Some(example) = vague {
            let help = format!("for example: {example}");
            self.fault(IntentFault::UnknownWord, (from, next), "is not a number", help);
            return;
        }
        let slip = nearest(words[0], KNOWN.split(' ')).filter(|_| words.len() == 1);
        let file = [".yaml", ".yml", ".json"];
        let help = match slip {
            Some(known) => format!("did you mean `{known}`?"),
            None if file.iter().any(|ending| words[0].ends_with(ending)) => {
                "there is no file of that name".to_owned()
            }
            None => "leave it out, or say it in a document".to_owned(),
        };
        self.fault(IntentFault::UnknownWord, (from, next), "is not understood", help);
    }
}
