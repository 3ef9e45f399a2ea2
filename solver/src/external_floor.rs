//! Objectives that a service of somebody else breaks by itself, whatever is bought.

use domain::demand::{ClassIndex, ServiceIndex};
use domain::intent::ServiceKind;
use domain::objective::LatencyObjective;
use statrs::distribution::{ContinuousCDF, Normal};

use crate::explain_floor::FloorReason;
use crate::model::{Model, view_of};
use crate::queueing::Moments;

/// Whether some objective is missed however fast all else is: certain, since no request that is
/// sure to call it is faster than one of its answers.
pub(crate) fn breaks_one(model: &Model<'_>, service: ServiceIndex) -> bool {
    model.demand.objectives.latency.iter().any(|objective| breaks(model, objective, service))
}

fn breaks(model: &Model<'_>, objective: &LatencyObjective, service: ServiceIndex) -> bool {
    slower(model, objective, service) > objective.percentile.tail().value() * (1.0 + 1e-9)
}

/// The share of the requests of an objective that one answer of a service alone keeps longer than
/// the limit, counting those that are sure to call it.
fn slower(model: &Model<'_>, objective: &LatencyObjective, service: ServiceIndex) -> f64 {
    let (demand, ServiceIndex(at)) = (model.demand, service);
    let of_class = |class: usize| {
        let view = &model.traffic.classes[class];
        let surely = view.sure[at] >= 1.0;
        if surely { exceeds(view.work[at], objective.limit.value()) } else { 0.0 }
    };
    if let Some(ClassIndex(class)) = view_of(demand, objective) {
        return of_class(class);
    }
    let classes = demand.classes.iter().enumerate();
    classes.map(|(class, own)| own.share.value() * of_class(class)).sum()
}

/// The probability that a lognormal time with those moments exceeds so many seconds.
fn exceeds(time: Moments, limit: f64) -> f64 {
    if time.mean <= 0.0 {
        return 0.0;
    }
    let square = libm::log1p(time.variance / (time.mean * time.mean));
    let middle = libm::log(time.mean) - square / 2.0;
    if square <= 0.0 {
        return if time.mean > limit { 1.0 } else { 0.0 };
    }
    Normal::standard().sf((libm::log(limit) - middle) / square.sqrt())
}

/// The first objective that a service of somebody else breaks by itself, in words.
pub(crate) fn reason(model: &Model<'_>) -> Option<FloorReason> {
    let demand = model.demand;
    let externals = || {
        let services = demand.service_indices();
        services.filter(|index| demand.service(*index).kind == ServiceKind::External)
    };
    demand.objectives.latency.iter().find_map(|objective| {
        let service = externals().find(|service| breaks(model, objective, *service))?;
        Some(describe(model, objective, service))
    })
}

fn describe(model: &Model<'_>, objective: &LatencyObjective, service: ServiceIndex) -> FloorReason {
    let own = model.demand.service(service);
    let limit = objective.limit.value() * 1e3;
    let share = slower(model, objective, service) * 100.0;
    let tail = objective.percentile.tail().value() * 100.0;
    let stated = own.external.map_or_else(String::new, |external| {
        let (p50, p99) = (external.p50.value() * 1e3, external.p99.value() * 1e3);
        format!(" (p50 {p50} ms, p99 {p99} ms)")
    });
    let of = objective.class.as_ref().map_or_else(String::new, |class| format!(" of {class}"));
    FloorReason {
        headline: format!(
            "{} of {limit} ms{of} cannot hold: the external service {} alone breaks it",
            objective.percentile, own.name
        ),
        details: vec![
            format!(
                "{share:.2}% of these requests wait longer than {limit} ms for one answer of \
                 {}{stated}; {tail:.2}% may take longer",
                own.name
            ),
            "nothing that is bought makes it faster: relax the limit, or call it without waiting"
                .to_owned(),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lognormal_time_exceeds_its_median_half_of_the_time() {
        let time = Moments { mean: 1.0, variance: 1.0 };
        assert!((exceeds(time, 0.5_f64.sqrt()) - 0.5).abs() < 1e-12);
        assert!((exceeds(Moments::constant(0.2), 0.1) - 1.0).abs() < 1e-12);
        assert!(exceeds(Moments::constant(0.2), 0.3).abs() < 1e-12);
        assert!(exceeds(Moments::default(), 0.3).abs() < 1e-12);
    }
}
