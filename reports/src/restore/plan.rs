//! What a plan costs, carries and is proven to be, from the spec.

use domain::commitment::{Commitment, Promise};
use domain::plan::{
    AvailabilityTerm, AvailabilityWorking, Bill, CostLine, Exclusion, LatencyBasis,
    LatencyEstimate, LatencyForm, Optimality, Plan, Sizing, TailPart, ThreeBills,
};
use domain::spec::{EstimatePart, Line, ServicePart, Spec, Term};
use domain::topology::Topology;
use domain::units::{Erlangs, MilliUnits, Ppm, Ratio, RequestsPerSecond};

use super::answer::kept;
use super::{millionths, time};
use crate::spec::NOTHING_LEFT_PERMILLE;

pub(super) fn plan(spec: &Spec, topology: Topology) -> Plan {
    let working = &spec.availability;
    let proven = &spec.optimality;
    Plan {
        topology,
        bill: Bill { lines: spec.cost.lines.iter().map(line).collect() },
        sizing: spec.services.iter().map(sizing).collect(),
        availability: AvailabilityWorking {
            terms: working.terms.iter().map(term).collect(),
            total: unavailable(working.total_ppb),
            sla_composition: working.sla_composition_ppb.map(unavailable),
            sla_unknown: working.sla_unknown.clone(),
            survives_zone_loss: working.survives_zone_loss,
        },
        estimates: spec.estimates.iter().map(estimate).collect(),
        optimality: Optimality {
            claim: proven.claim,
            pursuit: proven.pursuit,
            objective: proven.objective_micros,
            bound: proven.bound_micros,
            program_bound: proven.program_bound_micros,
            designs: proven.designs,
            kept: proven.kept,
            pruned: proven.pruned.clone(),
            excluded: proven
                .excluded
                .iter()
                .map(|part| Exclusion {
                    plan: part.plan.clone(),
                    cost: part.monthly_micros,
                    certainty: part.certainty,
                    reason: part.reason.clone(),
                })
                .collect(),
        },
    }
}

fn line(part: &Line) -> CostLine {
    let (quantity, amount) = (part.quantity_milli, part.amount_micros);
    CostLine {
        id: part.id.clone(),
        service: part.service.clone(),
        category: part.service_category,
        sku: part.sku.clone(),
        unit: kept(&part.unit),
        unit_price: part.unit_price_usd,
        quantity: ThreeBills {
            expected: quantity.expected,
            peak_fleet: quantity.peak_fleet,
            ceiling: quantity.ceiling,
        },
        amount: ThreeBills {
            expected: amount.expected,
            peak_fleet: amount.peak_fleet,
            ceiling: amount.ceiling,
        },
        as_of: part.as_of.0,
        basis: part.price_basis,
        promise: part.commitment.map(|own| Promise {
            commitment: Commitment { term: own.term, instances: own.instances },
            on_demand: own.on_demand_usd,
        }),
    }
}

fn sizing(part: &ServicePart) -> Sizing {
    let sizing = &part.sizing;
    let busy = sizing.utilisation_permille;
    let of = |permille: u64| match permille {
        NOTHING_LEFT_PERMILLE.. => f64::INFINITY,
        some => some as f64 / 1e3,
    };
    let expected = part.replicas.as_ref().map_or(0, |replicas| replicas.expected_milli);
    Sizing {
        arrival_rate: RequestsPerSecond::of(millionths(sizing.arrival_micro_rps)),
        offered_load: Erlangs::of(sizing.load_erlang_milli as f64 / 1e3),
        servers: sizing.servers,
        at_peak: of(busy.peak),
        with_headroom: of(busy.headroom),
        instance_down: busy.instance_down.map(of),
        zone_lost: busy.zone_lost.map(of),
        expected_replicas: MilliUnits::from_thousandths(
            expected.min(MilliUnits::LIMIT.thousandths()),
        ),
        bottleneck: sizing.bottleneck,
    }
}

fn term(part: &Term) -> AvailabilityTerm {
    AvailabilityTerm { name: part.name.clone(), ppm: unavailable(part.unavailability_ppb) }
}

/// An unavailability in billionths; more than all of the time is all of it.
pub(super) fn unavailable(ppb: u64) -> Ppm {
    Ppm::new(ppb as f64 / 1e3).unwrap_or(Ppm::of(1e6))
}

fn estimate(part: &EstimatePart) -> LatencyEstimate {
    let basis = match part.form {
        LatencyForm::Moment => LatencyBasis::Moment {
            mean: time(part.mean_us.unwrap_or(0)),
            deviation: time(part.deviation_us.unwrap_or(0)),
        },
        LatencyForm::Proof => LatencyBasis::Proof(
            part.parts
                .iter()
                .map(|own| TailPart {
                    service: own.service.clone(),
                    quantile: time(own.quantile_us),
                    share: Ratio::new(own.share_ppb as f64 / 1e9).unwrap_or(Ratio::ONE),
                })
                .collect(),
        ),
    };
    LatencyEstimate {
        objective: part.objective.clone(),
        state: part.state.clone(),
        basis,
        percentile: time(part.percentile_us),
        limit: time(part.limit_us),
    }
}
