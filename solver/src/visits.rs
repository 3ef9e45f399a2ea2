//! How often a request visits each service, and the work it brings there.
//!
//! Counts are random numbers with a mean and a variance: a call may be made with a probability,
//! and a cache misses some of its keys. The visits to a service are the sum over its callers
//! (the forced-flow law for the means; a compound sum for the variances).

use domain::demand::{CallDemand, ClassIndex, Demand, ServiceDemand, ServiceIndex};
use domain::units::Ratio;

use crate::queueing::Moments;

/// What one kind of request does to every service.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// The class; `None` for the mix of all.
    pub class: Option<ClassIndex>,
    /// Visits one after another, for each service.
    pub visits: Vec<Moments>,
    /// Those of them that the request waits for: all, but what comes of messages.
    pub awaited: Vec<Moments>,
    /// Visits that happen in any case, for each service.
    pub sure: Vec<f64>,
    /// Copies of each visit that run side by side, for each service: 1 where there are none.
    pub side_by_side: Vec<f64>,
    /// Reference CPU time of one visit, for each service.
    pub work: Vec<Moments>,
}

/// The load on every service at the stated peak.
#[derive(Debug, Clone, PartialEq)]
pub struct Traffic {
    /// Calls a second, for each service.
    pub rates: Vec<f64>,
    /// The mix of all classes.
    pub all: View,
    /// Each class by itself.
    pub classes: Vec<View>,
}

impl Traffic {
    /// The view of a class, or of the mix.
    pub fn view(&self, class: Option<ClassIndex>) -> &View {
        class.map_or(&self.all, |class| &self.classes[class.0])
    }
}

/// Works out the visits and rates of a demand.
pub fn traffic(demand: &Demand) -> Traffic {
    let classes: Vec<View> =
        (0..demand.classes.len()).map(|class| of_class(demand, ClassIndex(class))).collect();
    let all = mixture(demand, &classes);
    let peak = demand.load.peak.value();
    let rates = (0..demand.services.len())
        .map(|at| peak * all.visits[at].mean * all.side_by_side[at])
        .collect();
    Traffic { rates, all, classes }
}

fn of_class(demand: &Demand, class: ClassIndex) -> View {
    let count = demand.services.len();
    let mut visits = vec![Moments::default(); count];
    let mut awaited = visits.clone();
    let mut side_by_side = vec![1.0_f64; count];
    let mut sure = vec![0.0; count];
    sure[0] = 1.0;
    visits[0] = Moments::constant(1.0);
    awaited[0] = visits[0];
    for (at, service) in demand.services.iter().enumerate() {
        let copies = Moments::constant(side_by_side[at]);
        let visited = copies.repeated(visits[at]);
        let waits = copies.repeated(awaited[at]);
        for call in service.calls.iter().filter(|call| applies(call, class)) {
            let ServiceIndex(to) = call.to;
            let each = call_count(call);
            visits[to] = visits[to].plus(each.repeated(visited));
            if !demand.is_message(ServiceIndex(at), call.to) {
                awaited[to] = awaited[to].plus(each.repeated(waits));
                sure[to] += sure[at] * each.mean.floor();
            }
            if call.parallel {
                side_by_side[to] = side_by_side[to].max(call.count);
            }
            if let Some((fallback, missed)) = misses(&demand.services[to], call) {
                let calls = full_count(call).repeated(visited);
                visits[fallback.0] = visits[fallback.0].plus(missed.repeated(calls));
                let calls = full_count(call).repeated(waits);
                awaited[fallback.0] = awaited[fallback.0].plus(missed.repeated(calls));
            }
        }
    }
    let work = demand
        .services
        .iter()
        .map(|service| {
            let work = service.work.get(class.0).copied().unwrap_or_default();
            let mean = work.cpu_time.value();
            Moments { mean, variance: (work.cv * mean) * (work.cv * mean) }
        })
        .collect();
    View { class: Some(class), visits, awaited, sure, side_by_side, work }
}

pub(crate) fn applies(call: &CallDemand, class: ClassIndex) -> bool {
    call.class.is_none_or(|of| of == class)
}

/// Calls of one visit that follow each other: parallel copies count as one.
fn call_count(call: &CallDemand) -> Moments {
    if call.parallel { Moments::constant(1.0) } else { full_count(call) }
}

/// All calls of one visit: the whole part always, the rest with that probability.
fn full_count(call: &CallDemand) -> Moments {
    let fraction = call.count.fract();
    Moments { mean: call.count, variance: fraction * (1.0 - fraction) }
}

/// Where a call's misses go, and how many there are: binomial over its keys.
fn misses(callee: &ServiceDemand, call: &CallDemand) -> Option<(ServiceIndex, Moments)> {
    let data = callee.data.as_ref()?;
    let fallback = data.fallback?;
    let missing = Ratio::ONE.value() - data.hit_ratio.value();
    let keys = f64::from(call.lookups);
    let moments =
        Moments { mean: keys * missing, variance: keys * missing * data.hit_ratio.value() };
    Some((fallback, moments))
}

/// The mix of all classes, seen as one kind of request.
fn mixture(demand: &Demand, classes: &[View]) -> View {
    let shares: Vec<f64> = demand.classes.iter().map(|class| class.share.value()).collect();
    let count = demand.services.len();
    let mix = |of: fn(&View) -> &[Moments]| -> Vec<Moments> {
        let parts = |at: usize| shares.iter().zip(classes).map(move |(s, v)| (*s, of(v)[at]));
        (0..count).map(|at| mixed(parts(at))).collect()
    };
    let (visits, awaited) = (mix(|view| &view.visits), mix(|view| &view.awaited));
    let side_by_side = (0..count)
        .map(|at| classes.iter().map(|view| view.side_by_side[at]).fold(1.0, f64::max))
        .collect();
    let work = (0..count)
        .map(|at| {
            let total: f64 = shares.iter().zip(classes).map(|(s, v)| s * v.visits[at].mean).sum();
            let weight = |share: f64, view: &View| {
                if total > 0.0 { share * view.visits[at].mean / total } else { 0.0 }
            };
            let parts = shares.iter().zip(classes);
            mixed(parts.map(|(share, view)| (weight(*share, view), view.work[at])))
        })
        .collect();
    let sure = (0..count)
        .map(|at| classes.iter().map(|view| view.sure[at]).fold(f64::INFINITY, f64::min))
        .collect();
    View { class: None, visits, awaited, sure, side_by_side, work }
}

/// Moments of a mixture with those weights.
fn mixed(parts: impl Iterator<Item = (f64, Moments)>) -> Moments {
    let (mean, second) = parts.fold((0.0, 0.0), |(mean, second), (weight, part)| {
        let square = part.variance + part.mean * part.mean;
        (mean + weight * part.mean, second + weight * square)
    });
    Moments { mean, variance: (second - mean * mean).max(0.0) }
}
