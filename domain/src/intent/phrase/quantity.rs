//! A number in a phrase with its unit, whatever it measures.

use super::lexicon::NUMBERS;
use super::parser::Parser;
use super::tokens::{Kind, Token};

/// A number with its unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quantity {
    /// What it measures.
    pub(super) measure: Measure,
    /// The text that a reader of that measure reads: "400ms", "10k", "$3k/month".
    pub(super) text: String,
    /// The token after it.
    pub(super) next: usize,
}

/// What a number measures, by its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    /// Nothing yet: a number without a unit.
    Bare,
    /// A span of time; a long one counts months or years.
    Time {
        /// Whether it is too long for a latency or a pause by its very unit.
        long: bool,
    },
    /// A percentage.
    Percent,
    /// A percentage a year.
    PercentPerYear,
    /// An amount of US dollars a month.
    Money,
    /// An amount in another currency, or for another span of time.
    OtherMoney,
    /// Requests in a second, minute or hour.
    Rate,
    /// Requests in a day: a mean, not a peak.
    DailyRate,
    /// 95th.
    Ordinal,
    /// 3x.
    Times,
    /// A unit that nothing here is measured in.
    Odd,
}

const SHORT_TIMES: &[&str] = &[
    "ns",
    "us",
    "\u{b5}s",
    "\u{3bc}s",
    "microsecond",
    "microseconds",
    "ms",
    "msec",
    "msecs",
    "millisecond",
    "milliseconds",
    "s",
    "sec",
    "secs",
    "second",
    "seconds",
    "min",
    "mins",
    "minute",
    "minutes",
    "h",
    "hr",
    "hrs",
    "hour",
    "hours",
];
const LONG_TIMES: &[&str] =
    &["d", "day", "days", "week", "weeks", "month", "months", "y", "yr", "year", "years"];
const MULTIPLIERS: &[(&str, &str)] = &[
    ("k", "k"),
    ("thousand", "k"),
    ("m", "M"),
    ("mn", "M"),
    ("million", "M"),
    ("b", "B"),
    ("bn", "B"),
    ("billion", "B"),
];
const RATES: &[(&str, &str)] = &[("rps", "/s"), ("qps", "/s"), ("tps", "/s"), ("rpm", "/min")];
const REQUESTS: &[&str] = &[
    "requests",
    "request",
    "reqs",
    "req",
    "hits",
    "calls",
    "queries",
    "transactions",
    "transaction",
    "jobs",
    "job",
    "messages",
    "message",
];
const PERS: &[(&str, &str)] = &[
    ("s", "/s"),
    ("sec", "/s"),
    ("second", "/s"),
    ("min", "/min"),
    ("minute", "/min"),
    ("h", "/h"),
    ("hour", "/h"),
    ("day", "/day"),
    ("week", "/week"),
    ("month", "/month"),
];
const DOLLARS: &[&str] = &["us dollars", "dollars", "dollar", "usd", "$"];
const OTHER_CURRENCIES: &[&str] =
    &["eur", "euro", "euros", "gbp", "pounds", "chf", "yen", "jpy", "\u{20ac}", "\u{a3}", "\u{a5}"];
const MONTHLY: &[&str] =
    &["per month", "a month", "each month", "every month", "/ month", "/month", "/mo", "monthly"];
const YEARLY: &[&str] = &[
    "per year",
    "a year",
    "each year",
    "every year",
    "/ year",
    "/year",
    "/yr",
    "yearly",
    "annually",
];
const OTHER_PERIODS: &[&str] = &[
    "per day", "a day", "/day", "daily", "per hour", "an hour", "/hour", "/h", "hourly",
    "per week", "a week", "/week",
];

fn found<'a>(table: &[(&str, &'a str)], word: &str) -> Option<&'a str> {
    let row = table.iter().find(|(name, _)| *name == word);
    row.map(|(_, value)| *value)
}

impl Parser<'_, '_> {
    /// The quantity that starts at a token, if one does.
    pub(super) fn quantity(&self, at: usize) -> Option<Quantity> {
        let token = self.token(at)?;
        match token.kind {
            Kind::Currency => self.money_after_sign(at),
            Kind::Number(_) => Some(self.number(at, token)),
            Kind::Word => self.number_word(at, &token.word),
            _ => None,
        }
    }

    /// "three", "ten thousand", "million".
    fn number_word(&self, at: usize, word: &str) -> Option<Quantity> {
        let next = self.token(at + 1).map_or("", |token| token.word.as_str());
        if let Some(digits) = found(NUMBERS, word) {
            let (scale, after) = match found(MULTIPLIERS, next).filter(|_| next.len() > 2) {
                Some(scale) => (scale, at + 2),
                None => ("", at + 1),
            };
            return Some(self.with_words(&format!("{digits}{scale}"), after));
        }
        let scale = found(MULTIPLIERS, word).filter(|_| word.len() > 2)?;
        Some(self.with_words(&format!("1{scale}"), at + 1))
    }

    /// A number token, with what is written against it or after it.
    fn number(&self, at: usize, token: &Token) -> Quantity {
        let (digits, suffix) = (token.digits(), token.suffix());
        if suffix.is_empty() || found(MULTIPLIERS, suffix).is_some() {
            let scale = found(MULTIPLIERS, suffix).unwrap_or_default();
            let word = self.token(at + 1).map_or("", |next| next.word.as_str());
            let (scale, next) = match found(MULTIPLIERS, word) {
                Some(more) if suffix.is_empty() && (word.len() > 1 || word == "k") => {
                    (more, at + 2)
                }
                _ => (scale, at + 1),
            };
            return self.with_words(&format!("{digits}{scale}"), next);
        }
        let (measure, text) = suffixed(digits, suffix);
        let next = at + 1;
        match measure {
            Measure::Money if !text.ends_with("/year") => self.period(&text, next),
            Measure::Percent => self.yearly(&text, next),
            _ => Quantity { measure, text, next },
        }
    }

    /// A number whose unit, if it has one, follows as a word of its own.
    fn with_words(&self, number: &str, next: usize) -> Quantity {
        if let Some(quantity) = self.rate_in_words(number, next) {
            return quantity;
        }
        if let Some((after, _)) = self.any_of(next, DOLLARS) {
            return self.period(&format!("{number} USD"), after);
        }
        let word = self.word(next);
        if let Some((_, per)) = word.split_once('/').filter(|(what, _)| DOLLARS.contains(what)) {
            return with_period(&format!("{number} USD"), &format!("/{per}"), next + 1);
        }
        if let Some((after, _)) = self.any_of(next, OTHER_CURRENCIES) {
            return Quantity { measure: Measure::OtherMoney, text: number.to_owned(), next: after };
        }
        if matches!(word, "%" | "percent" | "pct") {
            return self.yearly(&format!("{number}%"), next + 1);
        }
        let plain = !number.ends_with(|letter: char| letter.is_ascii_alphabetic());
        let measure = if plain && matches!(word, "x" | "times" | "\u{d7}") {
            Measure::Times
        } else if plain && (SHORT_TIMES.contains(&word) || LONG_TIMES.contains(&word)) {
            Measure::Time { long: LONG_TIMES.contains(&word) }
        } else {
            return Quantity { measure: Measure::Bare, text: number.to_owned(), next };
        };
        let text = match measure {
            Measure::Times => number.to_owned(),
            _ => format!("{number}{word}"),
        };
        Quantity { measure, text, next: next + 1 }
    }

    /// "rps", "requests/s", "requests per minute", "per second".
    fn rate_in_words(&self, number: &str, next: usize) -> Option<Quantity> {
        let word = self.token(next)?.word.as_str();
        let (unit, after) = if let Some(unit) = found(RATES, word) {
            (unit, next + 1)
        } else if let Some((what, per)) = word.split_once('/').filter(|(_, per)| !per.is_empty()) {
            let named = what.is_empty() || REQUESTS.contains(&what);
            (found(PERS, per).filter(|_| named)?, next + 1)
        } else {
            let from = next + usize::from(REQUESTS.contains(&word));
            let (after, _) = self.any_of(from, &["per", "a", "an", "each", "every", "/"])?;
            let per = found(PERS, self.token(after)?.word.as_str())?;
            if from == next && !matches!(per, "/s" | "/min") {
                return None;
            }
            (per, after + 1)
        };
        Some(rate(number, unit, after))
    }

    /// `$3k/month`, `€500`.
    fn money_after_sign(&self, at: usize) -> Option<Quantity> {
        let sign = self.token(at)?;
        let number = self.token(at + 1)?;
        let Kind::Number(_) = number.kind else {
            return None;
        };
        let (digits, suffix) = (number.digits(), number.suffix());
        let (scale, period) = suffix.split_at(suffix.find('/').unwrap_or(suffix.len()));
        let word = self.token(at + 2).map_or("", |next| next.word.as_str());
        let (scale, next) = match (found(MULTIPLIERS, scale), found(MULTIPLIERS, word)) {
            (Some(scale), _) => (scale, at + 2),
            (None, Some(scale)) if suffix.is_empty() && word.len() > 1 => (scale, at + 3),
            _ => (scale, at + 2),
        };
        let named = self.any_of(next, DOLLARS).map_or(next, |(after, _)| after);
        let text = format!("${digits}{scale}");
        let mut quantity = match period {
            "" => self.period(&text, named),
            _ => with_period(&text, period, next),
        };
        if sign.word != "$" {
            quantity.measure = Measure::OtherMoney;
        }
        Some(quantity)
    }

    /// What an amount is for: a month, unless another span of time follows.
    fn period(&self, text: &str, next: usize) -> Quantity {
        let (measure, next) = if let Some((after, _)) = self.any_of(next, MONTHLY) {
            (Measure::Money, after)
        } else if let Some((after, _)) = self.any_of(next, YEARLY) {
            return with_period(text, "/year", after);
        } else if let Some((after, _)) = self.any_of(next, OTHER_PERIODS) {
            (Measure::OtherMoney, after)
        } else {
            (Measure::Money, next)
        };
        let text = text.to_owned();
        Quantity { measure, text, next }
    }

    /// A percentage, with the year that it may be counted over.
    fn yearly(&self, text: &str, next: usize) -> Quantity {
        let words = ["per year", "a year", "/ year", "/year", "every year", "each year"];
        let (measure, next) = match self.any_of(next, &words) {
            Some((after, _)) => (Measure::PercentPerYear, after),
            None => (Measure::Percent, next),
        };
        let text = text.to_owned();
        Quantity { measure, text, next }
    }
}

fn rate(number: &str, unit: &str, next: usize) -> Quantity {
    let measure = match unit {
        "/day" | "/week" | "/month" => Measure::DailyRate,
        _ => Measure::Rate,
    };
    Quantity { measure, text: format!("{number}{unit}"), next }
}

fn with_period(text: &str, period: &str, next: usize) -> Quantity {
    let yearly = YEARLY.contains(&period);
    let dollars = yearly || MONTHLY.contains(&period);
    let measure = if dollars { Measure::Money } else { Measure::OtherMoney };
    let text = if yearly { format!("{text}/year") } else { text.to_owned() };
    Quantity { measure, text, next }
}

/// What a unit says that is written against its number.
fn suffixed(digits: &str, suffix: &str) -> (Measure, String) {
    let as_written = format!("{digits}{suffix}");
    match suffix {
        "%" | "percent" | "pct" => return (Measure::Percent, format!("{digits}%")),
        "%/year" => return (Measure::PercentPerYear, format!("{digits}%")),
        "th" | "st" | "nd" | "rd" => return (Measure::Ordinal, digits.to_owned()),
        "x" | "\u{d7}" => return (Measure::Times, digits.to_owned()),
        _ if SHORT_TIMES.contains(&suffix) => return (Measure::Time { long: false }, as_written),
        _ if LONG_TIMES.contains(&suffix) => return (Measure::Time { long: true }, as_written),
        _ => {}
    }
    for (scale, rest) in scaled(suffix) {
        let number = format!("{digits}{scale}");
        let (what, per) = rest.split_once('/').unwrap_or((rest, ""));
        if let Some(unit) = found(RATES, rest) {
            return (rate(&number, unit, 0).measure, format!("{number}{unit}"));
        }
        if let Some(unit) = found(PERS, per).filter(|_| what.is_empty() || REQUESTS.contains(&what))
        {
            return (rate(&number, unit, 0).measure, format!("{number}{unit}"));
        }
        let period = &rest[what.len()..];
        if DOLLARS.contains(&what) && (per.is_empty() || MONTHLY.contains(&period)) {
            return (Measure::Money, format!("${number}"));
        }
        if DOLLARS.contains(&what) && YEARLY.contains(&period) {
            return (Measure::Money, format!("${number}/year"));
        }
        if OTHER_CURRENCIES.contains(&what) || DOLLARS.contains(&what) {
            return (Measure::OtherMoney, number);
        }
    }
    (Measure::Odd, as_written)
}

/// A suffix with and without the multiplier that it may begin with.
fn scaled(suffix: &str) -> impl Iterator<Item = (&'static str, &str)> {
    let scale = |letter: &str| found(MULTIPLIERS, letter).unwrap_or_default();
    let first = suffix.chars().next().map_or(0, char::len_utf8);
    let (letter, rest) = suffix.split_at(first);
    let multiplied = matches!(letter, "k" | "m" | "b").then(|| (scale(letter), rest));
    std::iter::once(("", suffix)).chain(multiplied)
}
