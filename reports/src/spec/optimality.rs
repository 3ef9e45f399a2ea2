//! How good the plan is proven to be, and what moves its price.

use domain::outcome::{Answer, Round, Sensitivity};
use domain::plan::{Exclusion, Optimality};
use domain::spec::{ExclusionPart, OptimalityPart, RoundPart, SensitivityPart};
use domain::units::Margin;

pub(super) fn optimality(answer: &Answer) -> OptimalityPart {
    let Optimality {
        claim,
        pursuit,
        objective,
        bound,
        program_bound,
        designs,
        kept,
        pruned,
        excluded,
    } = &answer.plan.optimality;
    OptimalityPart {
        claim: *claim,
        pursuit: *pursuit,
        objective_micros: *objective,
        bound_micros: *bound,
        program_bound_micros: *program_bound,
        gap_ppm: answer.plan.optimality.gap_ppm(),
        designs: *designs,
        kept: *kept,
        pruned: pruned.clone(),
        rounds: answer.rounds.iter().map(round).collect(),
        excluded: excluded.iter().map(exclusion).collect(),
    }
}

fn round(round: &Round) -> RoundPart {
    RoundPart {
        plan: round.plan.clone(),
        monthly_micros: round.cost,
        objection: round.objection.clone(),
        cut: round.cut.map(str::to_owned),
    }
}

fn exclusion(exclusion: &Exclusion) -> ExclusionPart {
    ExclusionPart {
        plan: exclusion.plan.clone(),
        monthly_micros: exclusion.cost,
        certainty: exclusion.certainty,
        reason: exclusion.reason.clone(),
    }
}

pub(super) fn sensitivities(answer: &Answer) -> Vec<SensitivityPart> {
    let part = |sensitivity: &Sensitivity| SensitivityPart {
        name: sensitivity.name.clone(),
        change_micros_at_120_percent: sensitivity.change.map(Margin::micros),
    };
    answer.sensitivities.iter().map(part).collect()
}
