//! What a phrase says number first: "10k users", "99.9% uptime", "under 400ms".

use super::super::fault::IntentFault;
use super::lexicon::{BUDGET, LIMITS, MACHINES, UPTIME, Way};
use super::outcomes::Subject;
use super::parser::Parser;
use super::people::KINDS;
use super::quantity::{Measure, Quantity};
use super::tokens::Kind;

/// What has befallen an instance that is down.
const DOWN: &[&str] = &[
    "down",
    "fails",
    "fail",
    "failed",
    "failing",
    "lost",
    "out",
    "dead",
    "unavailable",
    "failure",
    "failures",
];
const MEAN: &[&str] = &[
    "the mean",
    "the average",
    "mean",
    "average",
    "the daily mean",
    "the daily average",
    "peak",
    "at peak",
    "at the peak",
];

impl Parser<'_, '_> {
    /// A number, with a limit before it or not, and what it is said about behind it.
    pub(super) fn limited(&mut self, at: usize) -> Option<usize> {
        let (way, number) = match self.row(at, LIMITS) {
            Some((next, way)) => (Some(way), self.limits(next).1),
            None => (None, at),
        };
        let quantity = self.quantity(number)?;
        if let Some(next) = self.by_name(at, way, &quantity) {
            return Some(next);
        }
        let span = (at, quantity.next);
        let next = match quantity.measure {
            Measure::Time { long } => self.time(at, way, &quantity, long)?,
            Measure::Money => self.conclude(span, &Subject::Budget, way, &quantity)?,
            Measure::Rate => self.conclude(span, &Subject::Rate, way, &quantity)?,
            Measure::Times => self.times(at, &quantity)?,
            Measure::OtherMoney => {
                self.other_money(span);
                quantity.next
            }
            Measure::DailyRate => {
                self.daily_rate(span);
                quantity.next
            }
            // Only digits are a number without a unit: "one" and "million" may be plain words.
            _ if self.token(number)?.kind == Kind::Word => return None,
            _ => {
                self.says_nothing(span, &quantity);
                quantity.next
            }
        };
        Some(self.after_money(next, quantity.measure))
    }

    /// "$3k budget", "$3k ceiling" is one statement; the first is consumed here.
    fn after_money(&self, next: usize, measure: Measure) -> usize {
        match measure {
            Measure::Money | Measure::OtherMoney => {
                self.any_of(next, BUDGET).map_or(next, |(after, _)| after)
            }
            _ => next,
        }
    }

    /// A number that the words behind it name.
    fn by_name(&mut self, at: usize, way: Option<Way>, quantity: &Quantity) -> Option<usize> {
        let next = quantity.next;
        match quantity.measure {
            Measure::Bare | Measure::Odd => self.counted(at, way, quantity),
            Measure::Percent | Measure::PercentPerYear => self.percent(at, way, quantity),
            Measure::Money => {
                let after = self.sequence(next, "ceiling")?;
                self.conclude((at, after), &Subject::Ceiling, way, quantity)
            }
            _ => None,
        }
    }

    fn counted(&mut self, at: usize, way: Option<Way>, quantity: &Quantity) -> Option<usize> {
        let next = quantity.next;
        let bare = quantity.measure == Measure::Bare;
        if let Some((key, after)) = self.people(next).filter(|_| bare) {
            let said = KINDS.iter().find(|(name, _)| *name == key);
            self.users((at, after), key, &quantity.text, said.map_or("users", |(_, said)| said));
            return Some(after);
        }
        if let Some((after, _)) = self.any_of(next, &["nines", "9s"]) {
            let after = self.sequence(after, "of").unwrap_or(after);
            let after = self.any_of(after, UPTIME).map_or(after, |(after, _)| after);
            self.nines((at, after), &quantity.text);
            return Some(after);
        }
        let zones = ["availability zones", "availability zone", "zones", "zone", "azs", "az"];
        if let Some((after, _)) = self.any_of(next, &zones) {
            if self.is_down(after).is_some() {
                return None;
            }
            return self.conclude((at, after), &Subject::Zones, way, quantity);
        }
        if let Some((after, _)) = self.any_of(next, MACHINES)
            && let Some(after) = self.is_down(after)
        {
            return self.conclude((at, after), &Subject::InstancesDown, way, quantity);
        }
        if let Some((after, _)) = self.any_of(next, &["requests", "request", "req", "hits"]) {
            let help = format!("write {} requests/s", quantity.text);
            self.fault(IntentFault::Unit, (at, after), "has no span of time", help);
            return Some(after);
        }
        // "99.9 uptime", "400 latency": named, but without a unit.
        let (subject, after) = self.subject(next)?;
        if matches!(subject, Subject::Users(_) | Subject::Rate) {
            return None;
        }
        self.without_unit((at, after), &subject, quantity);
        Some(after)
    }

    /// "down", "is down", "fails".
    pub(super) fn is_down(&self, at: usize) -> Option<usize> {
        let said = self.any_of(at, &["is", "are", "has", "have"]).map_or(at, |(after, _)| after);
        self.any_of(said, DOWN).map(|(after, _)| after)
    }

    /// "three nines" is 99.9%.
    pub(super) fn nines(&mut self, span: (usize, usize), count: &str) {
        let percent = match count {
            "1" => "90%",
            "2" => "99%",
            "3" => "99.9%",
            "4" => "99.99%",
            "5" => "99.999%",
            "6" => "99.9999%",
            _ => {
                let help = "one to six nines are read";
                self.fault(IntentFault::Range, span, "is no uptime", help);
                return;
            }
        };
        let path = ["objectives", "uptime", "target"];
        self.state(span, &path, percent, &format!("uptime {percent}"));
    }

    fn percent(&mut self, at: usize, way: Option<Way>, quantity: &Quantity) -> Option<usize> {
        let next = quantity.next;
        if quantity.measure == Measure::Percent {
            if let Some(next) = self.share_of_requests(at, quantity) {
                return Some(next);
            }
            let mut uptime = next;
            while let Some((after, _)) = self.any_of(uptime, UPTIME) {
                uptime = after;
            }
            let of_the_time = self.sequence(uptime, "of the time").unwrap_or(uptime);
            if of_the_time > next {
                return self.conclude((at, of_the_time), &Subject::Uptime, way, quantity);
            }
            let spare = ["headroom", "spare capacity", "more load", "extra load"];
            if let Some((after, _)) = self.any_of(next, &spare) {
                return self.conclude((at, after), &Subject::Headroom, way, quantity);
            }
        }
        let growth = ["yearly growth", "annual growth", "growth"];
        let (after, _) = self.any_of(next, &growth)?;
        let yearly = ["per year", "a year", "each year", "every year", "yearly", "annually"];
        let after = self.any_of(after, &yearly).map_or(after, |(after, _)| after);
        self.conclude((at, after), &Subject::Growth, way, quantity)
    }

    /// A span of time: a pause, a horizon, or else a latency.
    fn time(
        &mut self,
        at: usize,
        way: Option<Way>,
        quantity: &Quantity,
        long: bool,
    ) -> Option<usize> {
        let pause = [
            "think time",
            "think-time",
            "thinking time",
            "of thinking",
            "between pages",
            "between actions",
            "between clicks",
            "between two pages",
            "between two actions",
        ];
        let of = self.sequence(quantity.next, "of").unwrap_or(quantity.next);
        if let Some((after, _)) = self.any_of(of, &pause) {
            return self.conclude((at, after), &Subject::ThinkTime, way, quantity);
        }
        if long {
            let next = self.any_of(quantity.next, &["planning horizon", "horizon", "ahead"]);
            let after = next.map_or(quantity.next, |(after, _)| after);
            return self.conclude((at, after), &Subject::Horizon, None, quantity);
        }
        let (percentile, after) = self.latency_behind(quantity.next);
        self.conclude((at, after), &Subject::Latency(percentile), way, quantity)
    }

    /// "3x the mean".
    fn times(&mut self, at: usize, quantity: &Quantity) -> Option<usize> {
        let of = self.sequence(quantity.next, "of").unwrap_or(quantity.next);
        let (after, _) = self.any_of(of, MEAN)?;
        self.conclude((at, after), &Subject::PeakToMean, None, quantity)
    }

    /// A number that nothing around it explains.
    fn says_nothing(&mut self, span: (usize, usize), quantity: &Quantity) {
        let number = quantity.text.as_str();
        let (why, help) = match quantity.measure {
            Measure::Percent => ("does not say of what", format!("for example: {number} uptime")),
            Measure::Odd => (
                "has a unit that is not known",
                "for example: 10k users, 99.9% uptime, 400ms latency".to_owned(),
            ),
            _ => ("has no unit", format!("for example: {number} users or {number} requests/s")),
        };
        self.fault(IntentFault::Unit, span, why, help);
    }
}
