//! What became of a question, with the interval that decided it.

use domain::verification::{Observed, Verdict};

use super::sequential::Question;
use super::spending::{Share, Spending};
use crate::statistics::{Quantile, Summary};
use crate::time::{NEVER, SECOND};

/// What became of a question, and what was known of it by then.
///
/// The intervals are the test, turned round: a question passes exactly where its whole interval
/// lies on the right side of what is allowed, and fails only where all of it lies on the other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Answer {
    /// The verdict.
    pub verdict: Verdict,
    /// The share of the requests over the limit, those that failed included.
    pub over: Observed,
    /// The latency in seconds that such a share as allowed is above; none where so many fail that
    /// there is no such latency, or where the question is about failures alone.
    pub latency: Option<f64>,
    /// The low end of its interval, likewise.
    pub latency_low: Option<f64>,
    /// The high end, likewise.
    pub latency_high: Option<f64>,
    /// Whether the verdict follows from the flow of work alone.
    pub exact: bool,
}

/// What was observed, cut to a range.
pub(crate) fn bounded(observed: Observed, least: f64, most: f64) -> Observed {
    let cut = |value: f64| value.clamp(least, most);
    Observed { value: cut(observed.value), low: cut(observed.low), high: cut(observed.high) }
}

impl Answer {
    /// Nothing was seen.
    pub(crate) const fn unseen(verdict: Verdict) -> Self {
        let over = if matches!(verdict, Verdict::Pass) { 0.0 } else { 1.0 };
        Self {
            verdict,
            over: Observed { value: over, low: over, high: over },
            latency: None,
            latency_low: None,
            latency_high: None,
            exact: false,
        }
    }

    /// What a look at some trials says about the question at a place; the verdict is `None` where
    /// another look may say more.
    pub(super) fn of(
        summary: &Summary,
        (place, question): (usize, &Question),
        spending: &Spending,
        look: u32,
    ) -> (Option<Verdict>, Self) {
        let Some(share) = Share::of(summary, place, question) else {
            return (None, Self::unseen(Verdict::Undecided));
        };
        let verdict = spending.decide(share, question.allowed, look);
        let half = spending.half_width(share, look);
        let mut answer = Self {
            verdict: verdict.unwrap_or(Verdict::Undecided),
            over: Observed {
                value: share.value,
                low: (share.value - half).max(0.0),
                high: (share.value + half).min(1.0),
            },
            ..Self::unseen(Verdict::Undecided)
        };
        if question.limit.latency != NEVER {
            answer.add_latency(summary, question, half);
        }
        (verdict, answer)
    }

    fn add_latency(&mut self, summary: &Summary, question: &Question, half: f64) {
        let below = 1.0 - question.allowed;
        let at = |share: f64| {
            let class = question.limit.class;
            let quantile = Quantile { class, share: share.clamp(0.0, 1.0), failures: true };
            summary.level(quantile).map(|latency| latency / SECOND as f64)
        };
        // The limit is counted exactly; the latencies lie in cells.
        let limit = crate::time::seconds(question.limit.latency);
        let (least, most) = match self.verdict {
            Verdict::Pass => (0.0, limit),
            Verdict::Fail => (limit, f64::INFINITY),
            Verdict::Undecided => (0.0, f64::INFINITY),
        };
        let cut = |latency: Option<f64>| latency.map(|latency| latency.clamp(least, most));
        self.latency = cut(at(below));
        self.latency_low = cut(at(below - half));
        // A share of all of them is no latency: the slowest seen is not the slowest there is.
        self.latency_high = cut(if below + half < 1.0 { at(below + half) } else { None });
    }

    /// The share of the requests that were good.
    pub(crate) fn good(&self) -> Observed {
        Observed {
            value: 1.0 - self.over.value,
            low: 1.0 - self.over.high,
            high: 1.0 - self.over.low,
        }
    }

    /// At least such a share is over the limit, whatever was seen.
    pub(crate) fn bound(&mut self, least: f64) {
        self.over = bounded(self.over, least, 1.0);
    }

    /// It fails, and no trial is needed to say so.
    pub(crate) const fn fail(&mut self) {
        self.verdict = Verdict::Fail;
        self.exact = true;
        self.latency = None;
        self.latency_low = None;
        self.latency_high = None;
    }
}
