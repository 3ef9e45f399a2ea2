//! Latencies in a phrase: their percentile may stand before them, behind them, or be a share of the
//! requests.

use super::lexicon::LATENCY;
use super::outcomes::{Subject, spaced};
use super::parser::{Parser, WORDS};
use super::quantity::{Measure, Quantity};

const OF_REQUESTS: &[&str] = &[
    "of all requests",
    "of the requests",
    "of requests",
    "of all responses",
    "of the responses",
    "of responses",
    "of all calls",
    "of calls",
    "of the time",
    "of users",
    "of all users",
];
impl Parser<'_, '_> {
    /// "p95 latency", "95th percentile response time", "median": the percentile, if one is said.
    pub(super) fn latency_words(&self, at: usize) -> Option<(Option<String>, usize)> {
        let (mut percentile, mut next) = (None, at);
        for _ in 0..WORDS {
            let from = match self.any_of(next, &["of the", "of", "the", "for the", "for"]) {
                Some((after, _)) if next > at => after,
                _ => next,
            };
            if let Some((key, after)) = self.percentile(from).filter(|_| percentile.is_none()) {
                (percentile, next) = (Some(key), after);
            } else if let Some((after, _)) = self.any_of(from, LATENCY) {
                next = after;
            } else {
                break;
            }
        }
        (next > at).then_some((percentile, next))
    }

    /// "p95", "p(95)", "95th percentile", "median".
    pub(super) fn percentile(&self, at: usize) -> Option<(String, usize)> {
        let word = self.word(at);
        if word == "median" {
            return Some(("p50".to_owned(), at + 1));
        }
        for head in ["tp", "p"] {
            if let Some(number) = word.strip_prefix(head)
                && number.trim_matches(['(', ')']).parse::<f64>().is_ok()
            {
                return Some((format!("p{}", number.trim_matches(['(', ')'])), at + 1));
            }
        }
        if let Some(after) = self.sequence(at, "percentile") {
            let number = self.quantity(after)?;
            let counted = matches!(number.measure, Measure::Bare | Measure::Ordinal);
            return counted.then(|| (format!("p{}", number.text), number.next));
        }
        let number = self.quantity(at)?;
        let after = self.any_of(number.next, &["percentile", "%ile"]);
        match (number.measure, after) {
            (Measure::Ordinal, after) => {
                Some((format!("p{}", number.text), after.map_or(number.next, |(next, _)| next)))
            }
            (Measure::Bare, Some((next, _))) => Some((format!("p{}", number.text), next)),
            _ => None,
        }
    }

    /// Notes a latency; without a percentile it reads as p95, and the answer says so.
    pub(super) fn latency(&mut self, span: (usize, usize), percentile: Option<&str>, text: &str) {
        let key = percentile.unwrap_or("p95");
        let label = match percentile {
            Some(percentile) => format!("latency {percentile} {}", spaced(text)),
            None => format!("latency {}", spaced(text)),
        };
        self.state(span, &["objectives", "latency", key], text, &label);
        if let Some(statement) = self.statements.last_mut() {
            statement.stated = percentile.is_some();
        }
    }

    /// "95% of requests under 400ms" is a p95.
    pub(super) fn share_of_requests(&mut self, at: usize, quantity: &Quantity) -> Option<usize> {
        let named = self.any_of(quantity.next, OF_REQUESTS);
        let mut next = named.map_or(quantity.next, |(after, _)| after);
        if let Some((_, after)) = self.latency_words(next).filter(|_| named.is_some()) {
            next = after;
        }
        let (way, number) = self.limits(next);
        if named.is_none() && way.is_none() {
            return None;
        }
        let limit = self.quantity(number)?;
        if limit.measure != (Measure::Time { long: false }) {
            return None;
        }
        let key = format!("p{}", quantity.text.trim_end_matches('%'));
        self.conclude((at, limit.next), &Subject::Latency(Some(key)), way, &limit)
    }

    /// "at p95", "latency", "for 95% of requests" behind a time, unless a time of its own follows.
    pub(super) fn latency_behind(&self, next: usize) -> (Option<String>, usize) {
        let joins = ["at the", "at", "for the", "for", "in the", "as the", "as"];
        let from = self.any_of(next, &joins).map_or(next, |(after, _)| after);
        if let Some((percentile, after)) = self.latency_words(from)
            && !self.time_follows(after)
        {
            // "400 ms response time for 95% of requests".
            return match self.share_behind(after).filter(|_| percentile.is_none()) {
                Some((share, after)) => (Some(share), after),
                None => (percentile, after),
            };
        }
        if let Some((None, after)) = self.latency_words(next)
            && !self.time_follows(after)
        {
            return (None, after);
        }
        match self.share_behind(next) {
            Some((share, after)) => (Some(share), after),
            None => (None, next),
        }
    }

    /// "for 95% of requests".
    fn share_behind(&self, next: usize) -> Option<(String, usize)> {
        let joins = ["for the", "for", "in the", "in", "at"];
        let from = self.any_of(next, &joins).map_or(next, |(after, _)| after);
        let share = self.quantity(from).filter(|share| share.measure == Measure::Percent)?;
        let (after, _) = self.any_of(share.next, OF_REQUESTS)?;
        Some((format!("p{}", share.text.trim_end_matches('%')), after))
    }

    fn time_follows(&self, next: usize) -> bool {
        let (_, number) = self.limits(next);
        let quantity = self.quantity(number);
        quantity.is_some_and(|quantity| quantity.measure == Measure::Time { long: false })
    }
}
