//! What the readers of all documents share: one of several words, and how messages quote.

use super::fault::IntentFault;
use super::faults::Noted;
use super::nearest::did_you_mean;
use super::text::Place;

/// What says whether something is so.
pub(crate) const TRUTHS: [(&str, bool); 2] = [("true", true), ("false", false)];

impl Noted {
    /// What a word stands for. Any other is noted, by what a message calls the value at its place.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        text: &str,
        place: Place,
        called: &str,
        choices: &[(&str, T)],
    ) -> Option<T> {
        if let Some((_, value)) = choices.iter().find(|(word, _)| *word == text) {
            return Some(*value);
        }
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        let message = format!("{called} cannot be `{}`", shown(text));
        let help = match did_you_mean(text, &words) {
            question if question.ends_with('?') => question,
            _ => format!("write one of {}", words.join(", ")),
        };
        self.add(IntentFault::Choice, place, message, help);
        None
    }
}

/// A path one key longer.
pub(crate) fn joined(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// A text short enough for a message.
pub(crate) fn shown(text: &str) -> String {
    let mut letters = text.chars();
    let head: String = letters.by_ref().take(60).collect();
    if letters.next().is_some() { format!("{head}\u{2026}") } else { head }
}
