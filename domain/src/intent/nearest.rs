//! "Did you mean": the known word that a mistyped one is nearest to.

/// The known word within a third of the word's length in edits, the nearest first, then the
/// first in the order given.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters: Vec<char> = word.to_lowercase().chars().take(64).collect();
    let allowed = (letters.len() / 3).clamp(1, 3);
    known
        .into_iter()
        // To suggest the very word that was written helps nobody.
        .filter(|candidate| *candidate != word)
        .map(|candidate| (distance(&letters, candidate), candidate))
        .filter(|(edits, candidate)| *edits <= allowed && *edits < candidate.chars().count())
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// A help line: the nearest known word as a question, or all that are known.
pub(crate) fn did_you_mean(word: &str, known: &[&str]) -> String {
    match nearest(word, known.iter().copied()) {
        Some(candidate) => format!("did you mean `{candidate}`?"),
        None if known.is_empty() => "leave it out".to_owned(),
        None => format!("known are {}", known.join(", ")),
    }
}

/// Edits between two words: letters added, dropped, replaced, or two neighbours swapped
/// (the optimal string alignment distance).
fn distance(from: &[char], to: &str) -> usize {
    let to: Vec<char> = to.to_lowercase().chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    for (i, letter) in from.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, other) in to.iter().enumerate() {
            let replaced = last[j] + usize::from(letter != other);
            let mut edits = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            let swapped = i > 0 && j > 0 && from[i - 1] == *other && to[j - 1] == *letter;
            if swapped {
                edits = edits.min(before[j - 1] + 1);
            }
            row.push(edits);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_found() {
        let known = ["payments", "orders-db", "cache"];
        assert_eq!(nearest("paymnets", known), Some("payments"));
        assert_eq!(nearest("Orders-DB", known), Some("orders-db"));
        assert_eq!(nearest("cahce", known), Some("cache"));
        assert_eq!(nearest("cache", known), None);
        assert_eq!(nearest("mail", known), None);
        assert_eq!(nearest("", known), None);
    }

    #[test]
    fn distances_are_as_published() {
        let letters = |word: &str| word.chars().collect::<Vec<_>>();
        assert_eq!(distance(&letters("kitten"), "sitting"), 3);
        assert_eq!(distance(&letters("ca"), "ac"), 1);
        assert_eq!(distance(&letters(""), "abc"), 3);
        assert_eq!(distance(&letters("abc"), ""), 3);
    }

    #[test]
    fn what_is_known_is_listed_when_nothing_is_near() {
        assert_eq!(did_you_mean("zzz", &["flat", "diurnal"]), "known are flat, diurnal");
        assert_eq!(did_you_mean("flaat", &["flat", "diurnal"]), "did you mean `flat`?");
    }
}
