//! What a phrase limits: a subject and its number, in either order.

use super::super::fault::IntentFault;
use super::lexicon::{BUDGET, MACHINES, UPTIME, Way};
use super::parser::Parser;
use super::people::KINDS;
use super::quantity::{Measure, Quantity};

/// What a number is said about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Subject {
    /// People, by the key of their kind.
    Users(&'static str),
    /// Requests a second.
    Rate,
    /// The share of requests answered well.
    Uptime,
    /// A latency, with its percentile where one was said.
    Latency(Option<String>),
    /// The pause between two pages.
    ThinkTime,
    /// The expected bill.
    Budget,
    /// The bill with everything at its maximum.
    Ceiling,
    /// More load that must be carried.
    Headroom,
    /// Instances that may be down.
    InstancesDown,
    /// Zones at least.
    Zones,
    /// How much higher the peak is than the mean.
    PeakToMean,
    /// Growth in a year.
    Growth,
    /// How far ahead it is sized.
    Horizon,
}

const PLAIN: &[(&str, Subject)] = &[
    ("requests per second", Subject::Rate),
    ("requests a second", Subject::Rate),
    ("requests/second", Subject::Rate),
    ("requests/s", Subject::Rate),
    ("req/s", Subject::Rate),
    ("transactions per second", Subject::Rate),
    ("transactions/s", Subject::Rate),
    ("jobs per second", Subject::Rate),
    ("jobs/s", Subject::Rate),
    ("messages per second", Subject::Rate),
    ("messages/s", Subject::Rate),
    ("rps", Subject::Rate),
    ("qps", Subject::Rate),
    ("tps", Subject::Rate),
    ("think time", Subject::ThinkTime),
    ("think-time", Subject::ThinkTime),
    ("thinking time", Subject::ThinkTime),
    ("ceiling", Subject::Ceiling),
    ("headroom", Subject::Headroom),
    ("instances down", Subject::InstancesDown),
    ("availability zones", Subject::Zones),
    ("zones", Subject::Zones),
    ("azs", Subject::Zones),
    ("peak to mean", Subject::PeakToMean),
    ("peak-to-mean", Subject::PeakToMean),
    ("peak to average", Subject::PeakToMean),
    ("peak-to-average", Subject::PeakToMean),
    ("yearly growth", Subject::Growth),
    ("annual growth", Subject::Growth),
    ("growth", Subject::Growth),
    ("growing", Subject::Growth),
    ("grows", Subject::Growth),
    ("grow", Subject::Growth),
    ("planning horizon", Subject::Horizon),
    ("horizon", Subject::Horizon),
];

impl Parser<'_, '_> {
    /// "latency under 400ms": the subject comes first.
    pub(super) fn topic(&mut self, at: usize) -> Option<usize> {
        let (subject, after) = self.subject(at)?;
        let (way, number) = self.limits(after);
        let quantity = self.quantity(number)?;
        if quantity.measure == Measure::Bare && self.names_itself(quantity.next) {
            let nines = self.any_of(quantity.next, &["nines", "9s"]);
            return match (subject, nines) {
                (Subject::Uptime, Some((next, _))) => {
                    self.nines((at, next), &quantity.text);
                    Some(next)
                }
                _ => None,
            };
        }
        let (subject, end) = match subject {
            Subject::Latency(None) if fits(&subject, quantity.measure) => {
                let (percentile, end) = self.latency_behind(quantity.next);
                (Subject::Latency(percentile), end)
            }
            subject => (subject, quantity.next),
        };
        let next = self.conclude((at, end), &subject, way, &quantity)?;
        Some(self.echo(next, &subject))
    }

    /// The subject that stands here.
    pub(super) fn subject(&self, at: usize) -> Option<(Subject, usize)> {
        let plain = PLAIN.iter();
        let plain = plain
            .filter_map(|(words, subject)| Some((self.sequence(at, words)?, subject)))
            .max_by_key(|(next, _)| *next);
        if let Some((next, subject)) = plain {
            return Some((subject.clone(), next));
        }
        if let Some((next, _)) = self.any_of(at, UPTIME) {
            let next = self.any_of(next, UPTIME).map_or(next, |(after, _)| after);
            return Some((Subject::Uptime, next));
        }
        if let Some((next, _)) = self.any_of(at, BUDGET) {
            return Some((Subject::Budget, next));
        }
        if let Some((percentile, next)) = self.latency_words(at) {
            return Some((Subject::Latency(percentile), next));
        }
        let (key, next) = self.people(at)?;
        Some((Subject::Users(key), next))
    }

    /// The same subject once more behind its number says nothing new.
    fn echo(&self, next: usize, subject: &Subject) -> usize {
        let Some((again, after)) = self.subject(next) else {
            return next;
        };
        let same = match (subject, &again) {
            (Subject::Latency(_), Subject::Latency(said)) => said.is_none(),
            _ => *subject == again,
        };
        let (_, number) = self.limits(after);
        let has_its_own =
            self.quantity(number).is_some_and(|quantity| fits(subject, quantity.measure));
        if same && !has_its_own { after } else { next }
    }

    /// Whether the number before this token is named by what follows: users, machines, zones.
    pub(super) fn names_itself(&self, next: usize) -> bool {
        let named = ["nines", "9s", "zones", "zone", "azs", "az", "requests", "req"];
        self.people(next).is_some()
            || self.any_of(next, MACHINES).is_some()
            || named.contains(&self.word(next))
    }

    /// Notes what a number says about its subject; `None` when it says nothing about it.
    pub(super) fn conclude(
        &mut self,
        span: (usize, usize),
        subject: &Subject,
        way: Option<Way>,
        quantity: &Quantity,
    ) -> Option<usize> {
        if !fits(subject, quantity.measure) {
            return match quantity.measure {
                Measure::Bare | Measure::Odd => {
                    self.without_unit(span, subject, quantity);
                    Some(span.1)
                }
                Measure::DailyRate if *subject == Subject::Rate => {
                    self.daily_rate(span);
                    Some(span.1)
                }
                _ => None,
            };
        }
        if quantity.measure == Measure::OtherMoney {
            self.other_money(span);
            return Some(span.1);
        }
        if *subject == Subject::Growth && quantity.measure == Measure::Percent {
            let said = self.written(span.0, span.1).to_lowercase();
            if !said.contains("year") && !said.contains("annual") {
                let help = format!("write {} a year", quantity.text);
                self.fault(IntentFault::Unit, span, "has no span of time", help);
                return Some(span.1);
            }
        }
        self.refuse_direction(span, subject, way);
        self.conclude_fitting(span, subject, &quantity.text);
        Some(span.1)
    }

    fn conclude_fitting(&mut self, span: (usize, usize), subject: &Subject, text: &str) {
        let shown = spaced(text);
        match subject {
            Subject::Users(key) => {
                let kind = KINDS.iter().find(|(name, _)| name == key);
                let said = kind.map_or("users", |(_, said)| said);
                self.users(span, key, text, said);
            }
            Subject::Rate => {
                let bare = !text.ends_with(|letter: char| letter.is_ascii_lowercase())
                    || text.ends_with('k');
                let rate = if bare { format!("{text}/s") } else { text.to_owned() };
                let path = ["objectives", "load", "requests_per_second"];
                self.state(span, &path, &rate, &format!("requests {rate}"));
            }
            Subject::Uptime => {
                self.state(
                    span,
                    &["objectives", "uptime", "target"],
                    text,
                    &format!("uptime {text}"),
                );
            }
            Subject::Latency(percentile) => self.latency(span, percentile.as_deref(), text),
            Subject::ThinkTime => {
                let path = ["objectives", "load", "think_time"];
                self.state(span, &path, text, &format!("think time {shown}"));
            }
            Subject::Budget => {
                let path = ["objectives", "budget", "expected"];
                self.state(span, &path, text, &format!("budget {}", spent(text)));
            }
            Subject::Ceiling => {
                let path = ["objectives", "budget", "ceiling"];
                self.state(span, &path, text, &format!("ceiling {}", spent(text)));
            }
            _ => self.conclude_shape(span, subject, text),
        }
    }

    fn conclude_shape(&mut self, span: (usize, usize), subject: &Subject, text: &str) {
        match subject {
            Subject::Headroom => {
                let path = ["objectives", "headroom", "load"];
                self.state(span, &path, text, &format!("headroom {text}"));
            }
            Subject::InstancesDown => {
                let path = ["objectives", "headroom", "instances_down"];
                self.state(span, &path, text, &format!("instances down {text}"));
            }
            Subject::Zones if text == "1" => {
                let help = "zones are a lower bound; below 99.9% uptime one zone is taken anyway";
                self.fault(IntentFault::Unsupported, span, "is not supported yet", help);
            }
            Subject::Zones => {
                let path = ["run_on", "zones", "at_least"];
                self.state(span, &path, text, &format!("zones {text}"));
            }
            Subject::PeakToMean => {
                let path = ["traffic", "shape", "diurnal", "peak_to_mean"];
                self.state(span, &path, text, &format!("peak {text} times the mean"));
            }
            Subject::Growth => {
                let (path, yearly) = (["traffic", "growth"], format!("{text}/year"));
                self.state(span, &path, &yearly, &format!("growth {text} a year"));
            }
            Subject::Horizon => {
                self.state(
                    span,
                    &["traffic", "horizon"],
                    text,
                    &format!("horizon {}", spaced(text)),
                );
            }
            _ => {}
        }
    }

    /// A number without a unit, or with one that its subject cannot have.
    pub(super) fn without_unit(
        &mut self,
        span: (usize, usize),
        subject: &Subject,
        quantity: &Quantity,
    ) {
        let number = quantity.text.as_str();
        let fraction = number.starts_with("0.") || number.starts_with('.');
        if *subject == Subject::Uptime && quantity.measure == Measure::Bare && fraction {
            let percent = super::super::shorthand::percent(number);
            let help = format!("write {percent}; a fraction is too easy to confuse here");
            self.fault(IntentFault::Uptime, span, "is a fraction", help);
            return;
        }
        let odd = quantity.measure == Measure::Odd;
        let example = match subject {
            Subject::Uptime if odd => "99.9%".to_owned(),
            Subject::Latency(_) if odd => "400ms".to_owned(),
            _ if odd => "10k users, 99.9% uptime, 400ms latency".to_owned(),
            Subject::Uptime | Subject::Headroom => format!("{number}%"),
            Subject::Growth => format!("{number}%/year"),
            Subject::Latency(_) | Subject::ThinkTime => format!("{number}ms or {number}s"),
            Subject::Horizon => format!("{number} months or {number} years"),
            Subject::Budget | Subject::Ceiling => format!("${number}/month"),
            _ => number.to_owned(),
        };
        let why = if odd { "has a unit that is not known" } else { "has no unit" };
        let help = if odd { format!("for example: {example}") } else { format!("write {example}") };
        self.fault(IntentFault::Unit, span, why, help);
    }

    pub(super) fn daily_rate(&mut self, span: (usize, usize)) {
        let help = "say how many in a second at the peak, for example: 500 requests/s";
        self.fault(IntentFault::Unit, span, "is a mean over days, not a peak", help);
    }

    pub(super) fn other_money(&mut self, span: (usize, usize)) {
        let help = "budgets are US dollars a month or a year, for example: $1500/month";
        self.fault(IntentFault::Unit, span, "is not in dollars a month or a year", help);
    }

    /// Refuses a lower limit of what should be low and an upper limit of what should be high.
    fn refuse_direction(&mut self, span: (usize, usize), subject: &Subject, way: Option<Way>) {
        let wrong = match subject {
            Subject::Latency(_) | Subject::Budget | Subject::Ceiling | Subject::PeakToMean => {
                way == Some(Way::AtLeast)
            }
            Subject::Uptime | Subject::Zones | Subject::Headroom => way == Some(Way::AtMost),
            Subject::ThinkTime => matches!(way, Some(Way::AtMost | Way::AtLeast)),
            _ => false,
        };
        if wrong {
            let help = match subject {
                Subject::Uptime | Subject::Zones | Subject::Headroom => {
                    "say at least, or leave the comparison out"
                }
                Subject::ThinkTime => "leave the comparison out",
                _ => "say at most, or leave the comparison out",
            };
            self.fault(IntentFault::Direction, span, "limits the wrong way", help);
        }
    }
}

/// Whether a number with that unit can be said about the subject.
pub(super) const fn fits(subject: &Subject, measure: Measure) -> bool {
    match subject {
        Subject::Users(_) | Subject::Zones | Subject::InstancesDown => {
            matches!(measure, Measure::Bare)
        }
        Subject::Rate => matches!(measure, Measure::Bare | Measure::Rate),
        Subject::Uptime | Subject::Headroom => matches!(measure, Measure::Percent),
        Subject::Latency(_) => matches!(measure, Measure::Time { long: false }),
        Subject::ThinkTime | Subject::Horizon => matches!(measure, Measure::Time { .. }),
        Subject::Budget | Subject::Ceiling => {
            matches!(measure, Measure::Money | Measure::OtherMoney)
        }
        Subject::PeakToMean => matches!(measure, Measure::Bare | Measure::Times),
        Subject::Growth => matches!(measure, Measure::Percent | Measure::PercentPerYear),
    }
}

/// "$1500 a month", "$6,000 a year".
fn spent(text: &str) -> String {
    match text.strip_suffix("/year") {
        Some(amount) => format!("{amount} a year"),
        None => format!("{text} a month"),
    }
}

/// "400 ms" for "400ms", as people read it.
pub(super) fn spaced(text: &str) -> String {
    let unit = text.find(|letter: char| letter.is_alphabetic());
    match unit {
        Some(at) if at > 0 => format!("{} {}", text[..at].trim(), &text[at..]),
        _ => text.to_owned(),
    }
}
