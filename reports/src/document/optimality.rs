//! Sections 8 and 9: how good the price is proven to be, and what was rejected.

use domain::outcome::Round;
use domain::plan::Exclusion;

use super::understanding::alternative;
use super::{Block, Cell, Sheet, studies};
use crate::figures::{dollars, grouped, percent};
use crate::findings;

pub(super) fn optimality(sheet: Sheet<'_>) -> Vec<Block> {
    let answer = sheet.answer;
    let optimality = &answer.plan.optimality;
    let mut blocks = vec![
        Block::says(format!(
            "Claimed: {}. The plan's expected bill is {}; no plan can cost less than {} \
             (certified), which is a gap of {}, and the program that proposed it is bounded by \
             {}. {} designs were looked at and {} kept.",
            findings::claim(&answer.plan)[0],
            dollars(optimality.objective),
            dollars(optimality.bound),
            percent(optimality.gap_ppm() as f64 / 1e6, 3),
            dollars(optimality.program_bound),
            grouped(optimality.designs),
            grouped(optimality.kept)
        )),
        Block::table(
            "rounds",
            "Plans that were judged, in their order",
            &[">round", "plan", ">USD a month", "objection", "cut"],
            answer.rounds.iter().enumerate().map(round),
        ),
    ];
    if optimality.excluded.is_empty() {
        blocks.push(Block::says("No cheaper plan was excluded one by one."));
    }
    blocks.push(Block::table(
        "excluded",
        "Cheaper plans, and what excluded them",
        &["plan", ">USD a month", "how sure", "by what"],
        optimality.excluded.iter().map(excluded),
    ));
    blocks.push(Block::table(
        "requirements",
        "The price of requirements: solved, not simulated",
        &["requirement", ">USD a month", ">change"],
        answer.alternatives.iter().map(|each| alternative(answer, each)),
    ));
    blocks.extend(studies::optimality(sheet));
    blocks
}

fn round((place, round): (usize, &Round)) -> Vec<Cell> {
    vec![
        Cell::count(place as u64 + 1),
        Cell::words(&round.plan),
        Cell::dollars(round.cost),
        Cell::words(round.objection.as_deref().unwrap_or("none")),
        Cell::words(round.cut.unwrap_or("none")),
    ]
}

fn excluded(exclusion: &Exclusion) -> Vec<Cell> {
    vec![
        Cell::words(&exclusion.plan),
        Cell::dollars(exclusion.cost),
        Cell::words(exclusion.certainty.as_str()),
        Cell::words(&exclusion.reason),
    ]
}

pub(super) fn rejected(sheet: Sheet<'_>) -> Vec<Block> {
    let mut reasons: Vec<(&String, &u64)> = sheet.answer.plan.optimality.pruned.iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let rows =
        reasons.iter().map(|(reason, count)| vec![Cell::words(reason), Cell::count(**count)]);
    let caption = "Offers that were not considered further, by reason";
    let mut blocks = vec![Block::table("rejected", caption, &["reason", ">offers"], rows)];
    if reasons.is_empty() {
        blocks.push(Block::says("No offer was rejected."));
    }
    blocks.extend(studies::rejected(sheet));
    blocks
}
