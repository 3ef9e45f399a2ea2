//! What all scenarios of one verification share: the system, the objectives, the error allowed.

use domain::demand::Backlog;
use domain::objective::LatencyObjective;
use domain::units::Seconds;
use domain::verification::{Distribution, DistributionPoint, Observed};

use crate::engine::Limit;
use crate::fault::SimulatorFault;
use crate::model::Model;
use crate::random::{Streams, scenario_number};
use crate::scenario::Scenario;
use crate::statistics::{CONFIDENCE, Interval, LADDER, Quantile, Summary, TailPoint};
use crate::system::System;
use crate::time::{SECOND, from_seconds};
use crate::verdict::{Answer, Question, Spending};
use crate::verify::{Progress, Settings};

/// The share of good requests that every steady scenario must reach, whatever the uptime
/// objective: a thousandth lost all the time would be a fault of its own.
pub(crate) const GOODPUT: f64 = 0.999;
/// The strictest goodput that a steady scenario is tested for: a fraction of a ten-thousandth
/// takes more requests than a test is worth; the uptime check counts it all the same.
const GOODPUT_STRICTEST: f64 = 0.999_9;
/// Calls of one request that the request limit is meant for.
const CALLS_USUAL: f64 = 20.0;
/// Events of one call, its retries and theirs included, beyond which a trial is given up: an
/// undisturbed call has two.
const EVENTS_PER_CALL: f64 = 5.0;
/// Percentiles that are always shown, in permille.
const SHOWN: [u16; 3] = [500, 950, 990];

/// A latency objective, ready to be tested.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bar {
    /// Its identifier: `latency-p95`.
    pub id: String,
    /// The class that it speaks of.
    pub class: Option<u16>,
    /// The share of the requests that must be within the limit.
    pub share: f64,
    /// The limit.
    pub limit: Seconds,
}

impl Bar {
    fn of(objective: &LatencyObjective, system: &System<'_>) -> Result<Self, SimulatorFault> {
        let class = objective.class.as_ref().map(|name| {
            let classes = &system.demand.classes;
            let place = classes.iter().position(|class| class.name == *name);
            place
                .and_then(|place| u16::try_from(place).ok())
                .ok_or_else(|| SimulatorFault::Class { class: name.to_string() })
        });
        Ok(Self {
            id: objective.id(),
            class: class.transpose()?,
            share: 1.0 - objective.percentile.tail().value(),
            limit: objective.limit,
        })
    }

    /// What is asked of the workers of a queue, if those are what a service is.
    fn of_messages(system: &System<'_>, service: usize) -> Option<Self> {
        let backlog = system.demand.services[service].backlog?;
        let class = system.demand.classes.len() + system.station(service)?;
        Some(Self {
            id: system.demand.services[service].age()?,
            class: Some(u16::try_from(class).ok()?),
            share: f64::from(Backlog::PERCENTILE_PERMILLE) / 1_000.0,
            limit: backlog.drain_within,
        })
    }

    fn question(&self) -> Question {
        Question {
            limit: Limit { class: self.class, latency: from_seconds(self.limit.value()) },
            allowed: 1.0 - self.share,
        }
    }
}

/// What all scenarios share.
pub(crate) struct Judge<'a> {
    /// What is judged.
    pub system: &'a System<'a>,
    /// Seed, error, limits.
    pub settings: &'a Settings,
    /// The latency objectives, in the order stated, and then those of messages.
    pub bars: Vec<Bar>,
    /// Demanded checks.
    pub checks: u32,
    /// Percentiles that are shown, in permille.
    pub shown: Vec<u16>,
    /// Who is told how far it has come.
    pub progress: &'a (dyn Fn(&Progress<'_>) + Sync),
}

impl<'a> Judge<'a> {
    /// For a system; the number of demanded checks is counted later.
    ///
    /// # Errors
    /// When an objective speaks of an unknown class.
    pub(crate) fn new(
        system: &'a System<'a>,
        settings: &'a Settings,
        progress: &'a (dyn Fn(&Progress<'_>) + Sync),
    ) -> Result<Self, SimulatorFault> {
        let objectives = &system.demand.objectives;
        let bars: Result<Vec<Bar>, SimulatorFault> =
            objectives.latency.iter().map(|objective| Bar::of(objective, system)).collect();
        let mut bars = bars?;
        let services = 0..system.demand.services.len();
        bars.extend(services.filter_map(|service| Bar::of_messages(system, service)));
        let stated = objectives.latency.iter().map(|objective| objective.percentile.permille());
        let mut shown: Vec<u16> = stated.chain(SHOWN).collect();
        shown.sort_unstable();
        shown.dedup();
        Ok(Self { system, settings, bars, checks: 1, shown, progress })
    }

    /// Counts the checks that scenarios demand.
    pub(crate) fn count_checks(&mut self, scenarios: &[Scenario]) {
        let bars = self.bars.len();
        let demanded: usize = scenarios.iter().map(|scenario| scenario.demanded_checks(bars)).sum();
        self.checks = u32::try_from(demanded).unwrap_or(u32::MAX).max(1);
    }

    /// The stated peak in requests a second, as it is simulated.
    pub(crate) fn peak(&self) -> f64 {
        self.system.peak()
    }

    /// The goodput that the stated peak must reach: what the uptime objective asks for, within
    /// what can be tested.
    pub(crate) fn goodput_at_peak(&self) -> f64 {
        let uptime = self.system.demand.objectives.uptime;
        let asked = uptime.map_or(0.0, |uptime| f64::from(uptime.ppm()) / 1e6);
        asked.clamp(GOODPUT, GOODPUT_STRICTEST)
    }

    /// The latency objectives and a goodput as questions, in this order.
    pub(crate) fn questions(&self, goodput: f64) -> Vec<Question> {
        let latency = self.bars.iter().map(Bar::question);
        latency.chain([Question::failures(1.0 - goodput)]).collect()
    }

    /// The quantiles that trials note down.
    pub(crate) fn quantiles(&self) -> Vec<Quantile> {
        let shown = self.shown.iter().map(|permille| Quantile {
            class: None,
            share: f64::from(*permille) / 1_000.0,
            failures: false,
        });
        shown.collect()
    }

    /// The error that a check may make.
    pub(crate) fn spending(&self) -> Spending {
        Spending { alpha: self.settings.alpha.value(), checks: self.checks }
    }

    /// Requests that a scenario of a model may take: fewer where a request makes many calls, so
    /// that the limit is one of work.
    pub(crate) fn request_limit(&self, model: &Model) -> u64 {
        let calls = model.calls_per_request().max(CALLS_USUAL);
        whole(self.settings.request_limit as f64 * CALLS_USUAL / calls)
    }

    /// The streams of a trial of a scenario.
    pub(crate) fn streams(&self, scenario: &str) -> impl Fn(u32) -> Streams + Sync + use<> {
        let seed = self.settings.seed;
        let number = scenario_number(scenario);
        move |trial| Streams::new(seed, number, trial)
    }

    /// Tells how far a scenario has come.
    pub(crate) fn tell(&self, scenario: &str, summary: &Summary) {
        let p95 = self.shown.iter().position(|permille| *permille == 950);
        (self.progress)(&Progress {
            scenario,
            requests: summary.requests,
            latency_p95: p95.and_then(|place| quantile_seconds(summary, place)),
        });
    }

    /// The percentiles shown, of good requests.
    pub(crate) fn latency(&self, summary: &Summary) -> Vec<(u16, Observed)> {
        let place = (0..).zip(&self.shown);
        place
            .filter_map(|(place, permille)| {
                quantile_seconds(summary, place).map(|observed| (*permille, observed))
            })
            .collect()
    }

    /// The distribution of the latency: of all requests, then of each class where there are
    /// several. A percentile that is shown has its point. Nothing where there are no requests
    /// enough.
    pub(crate) fn distribution(&self, summary: &Summary) -> Vec<Distribution> {
        let stated = self.shown.iter().map(|permille| 1_000 * u32::from(1_000 - *permille));
        let mut shares: Vec<u32> = stated.chain(LADDER).collect();
        shares.sort_unstable_by(|one, other| other.cmp(one));
        shares.dedup();
        let classes = &self.system.demand.classes;
        let classes = if classes.len() > 1 { &classes[..] } else { &[] };
        let each = (0..).zip(classes).map(|(place, class)| (Some(place), Some(&class.name)));
        let curves = [(None, None)].into_iter().chain(each).map(|(place, class)| {
            let (requests, unanswered) = summary.counted(place);
            let points = summary.tail(place, &shares, CONFIDENCE).into_iter().map(point).collect();
            Distribution { class: class.cloned(), requests, unanswered, points }
        });
        curves.filter(|curve| !curve.points.is_empty()).collect()
    }

    /// The latency that answers an objective, failed requests being slower than all others. Where
    /// so many fail that there is no such latency, it is the longest that a client waits.
    pub(crate) fn observed(&self, bar: &Bar, answer: &Answer) -> Observed {
        let edge = &self.system.demand.services[0].on_failure;
        let longest = edge.timeout.value() * (f64::from(edge.retries) + 1.0);
        let longest = longest.max(bar.limit.value());
        Observed {
            value: answer.latency.unwrap_or(longest),
            low: answer.latency_low.unwrap_or(longest),
            high: answer.latency_high.unwrap_or(longest),
        }
    }
}

fn point(point: TailPoint) -> DistributionPoint {
    let Interval { value, low, high } = point.latency;
    DistributionPoint { above_ppm: point.above_ppm, latency: Observed { value, low, high } }
}

/// Events after which a trial of so many requests is given up.
pub(crate) fn events_max(model: &Model, requests: f64) -> u64 {
    let calls = model.calls_per_request() + 10.0;
    whole(EVENTS_PER_CALL * calls * (requests + 100.0))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count that is not negative; the cast saturates"
)]
const fn whole(number: f64) -> u64 {
    number as u64
}

/// A quantile over all trials with its interval, in seconds.
pub(crate) fn quantile_seconds(summary: &Summary, place: usize) -> Option<Observed> {
    let (value, estimate) = summary.quantile(place)?;
    let nanoseconds = estimate.around(value, 0.0, f64::MAX);
    let unit = SECOND as f64;
    Some(Observed {
        value: nanoseconds.value / unit,
        low: nanoseconds.low / unit,
        high: nanoseconds.high / unit,
    })
}

/// The share of good requests over all trials, with its interval.
pub(crate) fn goodput(summary: &Summary) -> Observed {
    let own = summary.trials.iter().filter(|trial| trial.offered > 0);
    let own = own.map(|trial| trial.good as f64 / trial.offered as f64);
    let estimate = crate::statistics::Estimate::of(own);
    let value =
        if summary.offered == 0 { 0.0 } else { summary.good as f64 / summary.offered as f64 };
    estimate.around(value, 0.0, 1.0)
}

/// A value that is known without an interval.
pub(crate) const fn exact(value: f64) -> Observed {
    Observed { value, low: value, high: value }
}
