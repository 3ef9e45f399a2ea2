//! Foreign text with everything that would not be seen made visible: what turns the direction of
//! writing, controls, joiners and other characters without a shape of their own.

use std::fmt::Write as _;

use crate::safe;

/// The text as it is read: a character that shows nothing stands there by its number,
/// `⟨U+202E⟩`. Line breaks and tabs stay.
pub(crate) fn visible(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '\n' | '\t' | ' ') || safe::is_plain(letter) {
            seen.push(letter);
        } else {
            let _ = write!(seen, "⟨U+{:04X}⟩", u32::from(letter));
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn nothing_hides() {
        assert_eq!(visible("a\u{202e}b\u{200b}\r\n"), "a⟨U+202E⟩b⟨U+200B⟩⟨U+000D⟩\n");
        assert_eq!(visible("<naïve> 日本 é"), "<naïve> 日本 é");
        assert_eq!(visible("\u{0}\u{feff}\u{e0041}"), "⟨U+0000⟩⟨U+FEFF⟩⟨U+E0041⟩");
    }
}
