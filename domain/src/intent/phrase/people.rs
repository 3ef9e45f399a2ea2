//! Users of a kind in a phrase: kinds differ by a factor of a thousand, so none is guessed from a
//! word that could mean two of them.

use super::super::fault::IntentFault;
use super::lexicon::USERS;
use super::parser::{Parser, WORDS};
use super::tokens::Kind;

/// The kinds by their key in a document, and as the answer says them.
pub(super) const KINDS: &[(&str, &str)] = &[
    (UNSAID, "users"),
    (CONCURRENT, "concurrent users"),
    (DAILY, "daily active users"),
    (REGISTERED, "registered users"),
];

const UNSAID: &str = "users";
const CONCURRENT: &str = "concurrent_users";
const DAILY: &str = "daily_active_users";
const REGISTERED: &str = "registered_users";
/// Users of a week or a month, and kinds that exclude each other.
const UNREADABLE: &str = "unreadable";

const BEFORE: &[(&str, &str)] = &[
    ("concurrent", CONCURRENT),
    ("simultaneous", CONCURRENT),
    ("parallel", CONCURRENT),
    ("online", CONCURRENT),
    ("daily active", DAILY),
    ("daily", DAILY),
    ("registered", REGISTERED),
    ("signed-up", REGISTERED),
    ("monthly active", UNREADABLE),
    ("monthly", UNREADABLE),
    ("weekly active", UNREADABLE),
    ("weekly", UNREADABLE),
    ("yearly", UNREADABLE),
    ("active", UNSAID),
    ("unique", UNSAID),
    ("peak", UNSAID),
];

const NOUNS: &[(&str, &str)] = &[
    ("dau", DAILY),
    ("daus", DAILY),
    ("mau", UNREADABLE),
    ("maus", UNREADABLE),
    ("wau", UNREADABLE),
    ("ccu", CONCURRENT),
    ("vus", CONCURRENT),
    ("users/day", DAILY),
    ("visitors/day", DAILY),
    ("users/month", UNREADABLE),
    ("visitors/month", UNREADABLE),
    ("users/week", UNREADABLE),
];

const AFTER: &[(&str, &str)] = &[
    ("at the same time", CONCURRENT),
    ("at the peak", CONCURRENT),
    ("at peak", CONCURRENT),
    ("at once", CONCURRENT),
    ("in parallel", CONCURRENT),
    ("concurrently", CONCURRENT),
    ("simultaneously", CONCURRENT),
    ("online", CONCURRENT),
    ("each day", DAILY),
    ("every day", DAILY),
    ("per day", DAILY),
    ("a day", DAILY),
    ("/day", DAILY),
    ("daily", DAILY),
    ("registered", REGISTERED),
    ("per month", UNREADABLE),
    ("a month", UNREADABLE),
    ("each month", UNREADABLE),
    ("every month", UNREADABLE),
    ("/month", UNREADABLE),
    ("monthly", UNREADABLE),
    ("per week", UNREADABLE),
    ("a week", UNREADABLE),
    ("weekly", UNREADABLE),
    ("a year", UNREADABLE),
    ("per year", UNREADABLE),
];

/// The kind that two words together say.
fn both(one: &'static str, other: &'static str) -> &'static str {
    match (one, other) {
        (UNSAID, kind) | (kind, UNSAID) => kind,
        (one, other) if one == other => one,
        _ => UNREADABLE,
    }
}

impl Parser<'_, '_> {
    /// "concurrent users", "users a day", "DAU": the kind's key, and the token after the words.
    pub(super) fn people(&self, at: usize) -> Option<(&'static str, usize)> {
        let (mut kind, mut next) = (UNSAID, at);
        for _ in 0..WORDS {
            let Some((after, said)) = self.row(next, BEFORE) else { break };
            (kind, next) = (both(kind, said), after);
        }
        if let Some((after, _)) = self.any_of(next, USERS) {
            next = after;
        } else if let Some((after, said)) = self.row(next, NOUNS) {
            (kind, next) = (both(kind, said), after);
        } else {
            // "10k concurrent" says enough; "10k daily" and "10k concurrent requests" do not.
            return (kind == CONCURRENT && self.ends(next)).then_some((kind, next));
        }
        for _ in 0..WORDS {
            let Some((after, said)) = self.row(next, AFTER) else { break };
            (kind, next) = (both(kind, said), after);
        }
        Some((kind, next))
    }

    /// Whether a statement may end before this token.
    fn ends(&self, at: usize) -> bool {
        let goes_on = ["and", "with", "at", "on", "in", "for"];
        self.token(at).is_none_or(|token| {
            matches!(token.kind, Kind::Break | Kind::Number(_) | Kind::Comparison)
                || goes_on.contains(&token.word.as_str())
        })
    }

    /// Notes a number of users.
    pub(super) fn users(&mut self, span: (usize, usize), key: &str, count: &str, said: &str) {
        if key == UNREADABLE {
            let help = "say concurrent, daily active or registered users, or requests/s";
            self.fault(IntentFault::Users, span, "cannot be read as a load", help);
            return;
        }
        self.state(span, &["objectives", "load", key], count, &format!("{said} {count}"));
    }
}
