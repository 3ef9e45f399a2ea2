//! Sections 8 and 9: how good the price is proven to be, and what was rejected.

use domain::outcome::Round;
use domain::plan::Exclusion;
use maud::{Markup, html};

use super::Sheet;
use super::page::{Cell, Table, absent, section};
use super::understanding::alternative;
use super::visible::visible;
use crate::figures::{dollars, grouped, percent, whole_dollars};
use crate::findings;

pub(super) fn optimality(sheet: &Sheet<'_>) -> Markup {
    let answer = sheet.answer;
    let optimality = &answer.plan.optimality;
    let gap = percent(optimality.gap_ppm() as f64 / 1e6, 3);
    let body = html! {
        p {
            "Claimed: " (visible(&findings::claim(&answer.plan)[0]))
            ". The plan's expected bill is "
            (dollars(optimality.objective)) "; no plan can cost less than "
            (dollars(optimality.bound)) " (certified), which is a gap of " (gap)
            ", and the program that proposed it is bounded by "
            (dollars(optimality.program_bound)) ". " (grouped(optimality.designs))
            " designs were looked at and " (grouped(optimality.kept)) " kept."
        }
        (Table::new("rounds", "Plans that were judged, in their order", &[
            ">round", "plan", ">USD a month", "objection", "cut",
        ]).of(answer.rounds.iter().enumerate().map(round)))
        @if optimality.excluded.is_empty() {
            p { "No cheaper plan was excluded one by one." }
        }
        (Table::new("excluded", "Cheaper plans, and what excluded them", &[
            "plan", ">USD a month", "how sure", "by what",
        ]).of(optimality.excluded.iter().map(excluded)))
        @if answer.alternatives.is_empty() {
            (absent("What each requirement costs was not solved", "plimsoll explain …"))
        } @else {
            (Table::new("requirements", "The price of requirements: solved, not simulated", &[
                "requirement", ">USD a month", ">change",
            ]).of(answer.alternatives.iter().map(|each| alternative(sheet, each))))
            (absent("Runner-ups and what binds are not in a spec", "plimsoll explain …"))
        }
    };
    section(8, "Optimality", &body)
}

fn round((place, round): (usize, &Round)) -> Vec<Cell> {
    vec![
        Cell::count(place as u64 + 1),
        Cell::words(&round.plan),
        Cell::figure(&whole_dollars(round.cost), round.cost.dollars()),
        Cell::words(round.objection.as_deref().unwrap_or("none")),
        Cell::words(round.cut.unwrap_or("none")),
    ]
}

fn excluded(exclusion: &Exclusion) -> Vec<Cell> {
    vec![
        Cell::words(&exclusion.plan),
        Cell::figure(&whole_dollars(exclusion.cost), exclusion.cost.dollars()),
        Cell::words(exclusion.certainty.as_str()),
        Cell::words(&exclusion.reason),
    ]
}

pub(super) fn rejected(sheet: &Sheet<'_>) -> Markup {
    let mut reasons: Vec<(&String, &u64)> = sheet.answer.plan.optimality.pruned.iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let body = html! {
        @if reasons.is_empty() { p { "No offer was rejected." } }
        (Table::new("rejected", "Offers that were not considered further, by reason", &[
            "reason", ">offers",
        ]).of(reasons.into_iter().map(|(reason, count)| {
            vec![Cell::words(reason), Cell::count(*count)]
        })))
        (absent("Which offers those are is not in a spec", "plimsoll explain …"))
    };
    section(9, "Rejected options", &body)
}
