//! Text that came from somewhere else, made safe to show: no control characters, no characters that
//! turn the direction of writing, nothing that a reader of Markdown takes for markup.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What stands for a character that must not be shown.
const REPLACEMENT: char = '\u{FFFD}';

/// So many accents may stand on one letter; the languages that stack them stack two.
const MOST_MARKS: u32 = 2;

/// The text in one line without characters that a terminal obeys or that hide others: control and
/// format characters, turned directions, invisible ones, private ones.
pub(crate) fn clean(text: &str) -> String {
    let mut marks = MOST_MARKS;
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars().filter_map(shown) {
        marks = match letter.width() {
            // Accents have no place of their own: a few belong to a letter, more would pile up.
            Some(0) => marks + 1,
            _ => 0,
        };
        if marks <= MOST_MARKS {
            safe.push(letter);
        }
    }
    safe
}

/// The character as it is shown: itself, a space, the replacement, or nothing.
fn shown(letter: char) -> Option<char> {
    match letter {
        '\t' | '\n' | '\r' => Some(' '),
        _ if is_invisible(letter) => None,
        _ if letter.is_control() || formats(letter) || is_private(letter) => Some(REPLACEMENT),
        _ => Some(letter),
    }
}

/// Whether a character shows itself, and nothing else.
pub(crate) fn is_plain(letter: char) -> bool {
    shown(letter) == Some(letter)
}

/// Joiners, fillers and selectors: they show nothing, or change what stands before them.
fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{34F}'
            | '\u{115F}'..='\u{1160}'
            | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200D}'
            | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FFA0}'
            | '\u{E0100}'..='\u{E01EF}'
    )
}

/// Characters of the Unicode category "format", and the separators of lines and paragraphs.
fn formats(letter: char) -> bool {
    matches!(
        letter,
        '\u{AD}'
            | '\u{600}'..='\u{605}'
            | '\u{61C}'
            | '\u{6DD}'
            | '\u{70F}'
            | '\u{890}'..='\u{891}'
            | '\u{8E2}'
            | '\u{200E}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}'
            | '\u{110BD}'
            | '\u{110CD}'
            | '\u{13430}'..='\u{1343F}'
            | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E007F}'
    )
}

/// Characters that mean something to one machine only, and those that are none.
fn is_private(letter: char) -> bool {
    matches!(
        letter,
        '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}' | '\u{FDD0}'..='\u{FDEF}'
    ) || u32::from(letter) & 0xFFFE == 0xFFFE
}

/// Columns that a clean text takes on a terminal.
pub(crate) fn width(text: &str) -> usize {
    let by_letter = text.chars().map(|letter| letter.width().unwrap_or(0)).sum();
    text.width().max(by_letter)
}

/// The text in at most so many columns, with `mark` at its end where some of it is missing.
pub(crate) fn fitted(text: &str, most: usize, mark: &str) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let room = most.saturating_sub(width(mark));
    let mut kept = String::new();
    for letter in text.chars() {
        kept.push(letter);
        if width(&kept) > room {
            kept.pop();
            break;
        }
    }
    format!("{}{mark}", kept.trim_end())
}

/// The text in lines of at most so many columns, broken between words where there are any.
pub(crate) fn wrapped(text: &str, most: usize, mark: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let word = fitted(word, most, mark);
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(&word) <= most => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

/// The text where a reader of Markdown, or of the HTML in it, sees exactly these characters. It is
/// meant for the middle of a line: in a cell, an item, a sentence.
pub(crate) fn markdown(text: &str) -> String {
    let text = clean(text);
    let text = text.trim();
    // Two signs of a dollar may enclose a formula, which no sign before a digit ends: `$5 to $6`.
    let mut behind = text.split('$').skip(1);
    let amounts = behind.all(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()));
    let formula = !amounts && text.matches('$').nth(1).is_some();
    let mut safe = String::with_capacity(text.len() + 8);
    let mut before = None;
    for (place, letter) in text.char_indices() {
        let after = &text[place + letter.len_utf8()..];
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            // An address becomes a link in some readers.
            ':' if after.starts_with("//") => safe.push_str("&#58;"),
            '_' if is_within_a_word(before, after) => safe.push(letter),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' => safe.extend(['\\', letter]),
            '$' if formula => safe.extend(['\\', letter]),
            '#' | '+' | '-' if before.is_none() && after.starts_with([' ', '#']) => {
                safe.extend(['\\', letter]);
            }
            _ => safe.push(letter),
        }
        before = Some(letter);
    }
    safe
}

/// Whether letters or digits stand on both sides, where an underscore is nothing but itself.
fn is_within_a_word(before: Option<char>, after: &str) -> bool {
    before.is_some_and(char::is_alphanumeric) && after.starts_with(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_is_left() {
        assert_eq!(clean("a\u{1b}[31mb"), "a\u{FFFD}[31mb");
        assert_eq!(clean("a\u{202e}b\u{2066}c\u{200f}"), "a\u{FFFD}b\u{FFFD}c\u{FFFD}");
        assert_eq!(clean("a\nb\tc"), "a b c");
        assert_eq!(clean("e\u{301}\u{301}\u{301}"), "e\u{301}\u{301}");
        assert_eq!(clean("\u{301}a\u{200b}\u{fe0f}"), "a");
        assert_eq!(clean("naïve 日本"), "naïve 日本");
    }

    #[test]
    fn a_text_is_cut_by_columns_and_not_by_letters() {
        assert_eq!(fitted("日本語", 5, "…"), "日本…");
        assert_eq!(fitted("日本語", 6, "…"), "日本語");
        assert_eq!(fitted("abcdef", 4, "..."), "a...");
        assert_eq!(wrapped("one two three", 7, "…"), ["one two", "three"]);
        assert_eq!(wrapped("abcdefghij", 5, "…"), ["abcd…"]);
    }

    #[test]
    fn markup_is_shown_and_not_obeyed() {
        assert_eq!(markdown("<b>*x*|[y](z)"), "&lt;b&gt;\\*x\\*\\|\\[y\\](z)");
        assert_eq!(markdown("# b\n# c"), "\\# b # c");
        assert_eq!(markdown("https://x"), "https&#58;//x");
        assert_eq!(markdown("a_b _c_"), "a_b \\_c\\_");
        assert_eq!(markdown("$5 and $6"), "$5 and $6");
        assert_eq!(markdown("$5x$"), "\\$5x\\$");
        assert_eq!(markdown("$x$"), "\\$x\\$");
    }
}
