//! Where the work itself, or the disk, is beyond what is sold: the reason in words and numbers.

use domain::demand::ServiceIndex;
use domain::objective::LatencyObjective;

use crate::disk;
use crate::external_floor;
use crate::floor::{network_floor, work_floor};
use crate::model::Model;
use crate::optimise::regions;
use crate::screen::{Candidate, Shelf};

/// Why an objective cannot be met however much is bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FloorReason {
    /// In one sentence.
    pub headline: String,
    /// The working, in a few lines.
    pub details: Vec<String>,
}

/// The first objective that a service of somebody else breaks by itself, or else that even the
/// fastest offer misses without any waiting, or else a database of whose disk too much is asked;
/// `None` when there is none of these.
pub fn reason(model: &Model<'_>) -> Option<FloorReason> {
    external_floor::reason(model).or_else(|| of_work(model)).or_else(|| disk::reason(model))
}

fn of_work(model: &Model<'_>) -> Option<FloorReason> {
    let fastest = fastest_by_service(model);
    model.demand.objectives.latency.iter().find_map(|objective| {
        let (service, candidate) =
            fastest.iter().map(|(service, candidate)| (*service, candidate)).max_by(|a, b| {
                let floor = |(service, candidate): &(ServiceIndex, &Candidate<'_>)| {
                    work_floor(model, objective, *service, candidate.speed)
                };
                floor(a).total_cmp(&floor(b))
            })?;
        let floor = work_floor(model, objective, service, candidate.speed);
        (floor > objective.limit.value())
            .then(|| describe(model, objective, (service, candidate), floor))
    })
}

fn describe(
    model: &Model<'_>,
    objective: &LatencyObjective,
    (service, candidate): (ServiceIndex, &Candidate<'_>),
    floor: f64,
) -> FloorReason {
    let name = &model.demand.service(service).name;
    let network = network_floor(model, objective);
    let work = model.traffic.all.work[service.0];
    let cv = if work.mean > 0.0 { work.variance.sqrt() / work.mean } else { 0.0 };
    FloorReason {
        headline: format!(
            "{} of {:.4} ms is below the work itself",
            objective.percentile,
            objective.limit.value() * 1e3
        )
        .replace(".0000 ms", " ms"),
        details: vec![
            format!(
                "one request works {:.1} ms at {} in {name} on an idle {}, the fastest offer \
                 (mean {:.1} ms of reference CPU, speed {:.2}, cv {cv:.1})",
                (floor - network) * 1e3,
                objective.percentile,
                candidate.offer.sku,
                work.mean * 1e3,
                candidate.speed
            ),
            format!("plus {:.1} ms of network; waiting comes on top", network * 1e3),
        ],
    }
}

/// The offer with the fastest server for each service, over all regions that are allowed.
fn fastest_by_service<'a>(model: &Model<'a>) -> Vec<(ServiceIndex, Candidate<'a>)> {
    let shelves: Vec<Shelf<'a>> = regions(model)
        .filter_map(|region| Shelf::new(model.catalog, model.demand, region, None).ok())
        .collect();
    model
        .demand
        .service_indices()
        .filter_map(|service| {
            let candidates = shelves.iter().flat_map(|shelf| &shelf.stocks[service.0].candidates);
            let fastest = candidates.max_by(|a, b| {
                a.speed.total_cmp(&b.speed).then_with(|| b.offer.sku.cmp(&a.offer.sku))
            })?;
            Some((service, *fastest))
        })
        .collect()
}
