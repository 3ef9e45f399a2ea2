//! A phrase as tokens: numbers with what is written against them, words, and marks.

use crate::units::number_end;

/// A token and where it stands in the phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: Kind,
    /// The token in lower case.
    pub(super) word: String,
    /// Its first byte.
    pub(super) start: usize,
    /// The byte after its last.
    pub(super) end: usize,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A number; so many bytes of it are digits, the rest is written against them.
    Number(usize),
    /// A word.
    Word,
    /// The sign of a currency.
    Currency,
    /// `<`, `<=`, `>`, `=` and their kin.
    Comparison,
    /// A colon.
    Colon,
    /// A mark that parts statements.
    Break,
}

impl Token {
    /// What is written against the digits of a number, in lower case.
    pub(super) fn suffix(&self) -> &str {
        match self.kind {
            Kind::Number(digits) => &self.word[digits..],
            _ => "",
        }
    }

    /// The digits of a number.
    pub(super) fn digits(&self) -> &str {
        match self.kind {
            Kind::Number(digits) => &self.word[..digits],
            _ => "",
        }
    }
}

/// Whether the letter belongs to a mark of its own, so that a word ends before it.
const fn ends_word(letter: char) -> bool {
    matches!(
        letter,
        ',' | ';'
            | ':'
            | '<'
            | '>'
            | '='
            | '\u{2264}'
            | '\u{2265}'
            | '$'
            | '\u{20ac}'
            | '\u{a3}'
            | '\u{a5}'
            | '"'
            | '`'
            | '('
            | ')'
            | '['
            | ']'
            | '{'
            | '}'
            | '|'
            | '&'
            | '\u{b7}'
            | '\u{2013}'
            | '\u{2014}'
            | '\u{201c}'
            | '\u{201d}'
            | '!'
            | '?'
            | '~'
            | '\u{2248}'
    )
}

/// Brackets, quotes, hyphens and signs of approximation say nothing by themselves.
const fn is_silent(letter: char) -> bool {
    matches!(
        letter,
        '"' | '`'
            | '\''
            | '('
            | ')'
            | '['
            | ']'
            | '{'
            | '}'
            | '\u{201c}'
            | '\u{201d}'
            | '~'
            | '+'
            | '-'
            | '@'
            | '\u{2248}'
    )
}

/// The tokens of a phrase.
pub(super) fn tokens(phrase: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(letter) = phrase[at..].chars().next() {
        let rest = &phrase[at..];
        let length = letter.len_utf8();
        let (kind, length) = if letter.is_whitespace() {
            at += length;
            continue;
        } else if let Some((digits, length)) = number(rest) {
            (Kind::Number(digits), length)
        } else if is_silent(letter) {
            at += length;
            continue;
        } else {
            match letter {
                '$' | '\u{20ac}' | '\u{a3}' | '\u{a5}' => (Kind::Currency, length),
                '<' | '>' | '=' | '\u{2264}' | '\u{2265}' => {
                    (Kind::Comparison, length + usize::from(rest[length..].starts_with('=')))
                }
                ':' => (Kind::Colon, length),
                _ if ends_word(letter) || letter == '.' => (Kind::Break, length),
                _ => (Kind::Word, word(rest)),
            }
        };
        let end = at + length;
        tokens.push(Token { kind, word: lower(&phrase[at..end]), start: at, end });
        at = end;
    }
    tokens
}

/// Lower case that keeps every length: a letter whose lower case is longer stays as it is.
fn lower(text: &str) -> String {
    text.chars()
        .map(|letter| {
            let mut lower = letter.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(single), None) if single.len_utf8() == letter.len_utf8() => single,
                _ => letter,
            }
        })
        .collect()
}

/// A number at the start: bytes of its digits, and bytes with what is written against them.
fn number(rest: &str) -> Option<(usize, usize)> {
    let digits = number_end(rest);
    if digits == 0 || !rest[..digits].bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let written = |letter: char| {
        letter.is_alphanumeric() || matches!(letter, '%' | '/' | '_' | '\u{d7}' | '.')
    };
    let suffix: usize =
        rest[digits..].chars().take_while(|letter| written(*letter)).map(char::len_utf8).sum();
    let trimmed = rest[digits..digits + suffix].trim_end_matches(['.', '/']);
    Some((digits, digits + trimmed.len()))
}

/// Bytes of the word at the start: to white space or a mark, without the full stop of a sentence.
fn word(rest: &str) -> usize {
    if let Some(length) = bracketed_percentile(rest) {
        return length;
    }
    let length: usize = rest
        .chars()
        .take_while(|letter| !letter.is_whitespace() && !ends_word(*letter))
        .map(char::len_utf8)
        .sum();
    let trimmed = rest[..length].trim_end_matches(['.', '\'']);
    trimmed.len().max(rest.chars().next().map_or(0, char::len_utf8))
}

/// `p(95)`, as load-testing tools write it.
fn bracketed_percentile(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix("p(").or_else(|| rest.strip_prefix("P("))?;
    let digits = number_end(inner);
    (digits > 0 && inner[digits..].starts_with(')')).then_some(digits + 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(phrase: &str) -> Vec<String> {
        tokens(phrase).into_iter().map(|token| token.word).collect()
    }

    #[test]
    fn numbers_keep_what_is_written_against_them() {
        assert_eq!(
            words("10k users, 99.9% at p(95)<400ms."),
            ["10k", "users", ",", "99.9%", "at", "p(95)", "<", "400ms", "."]
        );
        assert_eq!(words("$3k/month"), ["$", "3k/month"]);
        assert_eq!(words("10,000 users/day"), ["10,000", "users/day"]);
        assert_eq!(words("3-zone"), ["3", "zone"]);
        assert_eq!(words("on c8g.xlarge."), ["on", "c8g.xlarge", "."]);
        assert_eq!(words("(10k+ users)"), ["10k", "users"]);
        assert_eq!(words("p95 <= 1.2s"), ["p95", "<=", "1.2s"]);
    }

    #[test]
    fn every_token_stands_on_letter_boundaries() {
        let phrase = "\u{130}stanbul \u{1f600}10k\u{202e} \u{2264}400ms \u{10ffff}\u{0}.";
        for token in tokens(phrase) {
            let written = &phrase[token.start..token.end];
            assert_eq!(written.len(), token.word.len());
        }
    }
}
