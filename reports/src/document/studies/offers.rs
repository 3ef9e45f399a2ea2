//! Which offers were not bought, and why.

use domain::study::{ExplanationDocument, InsteadPart, OfferAnswerPart, RejectedPart};

use super::{priced, told, unexplained};
use crate::document::{Block, Cell, Sheet};

/// What section 9 has of an explanation.
pub(in crate::document) fn rejected(sheet: Sheet<'_>) -> Vec<Block> {
    let Some(study) = &sheet.studies.explanation else {
        return vec![unexplained("Which offers those are is not in a spec")];
    };
    let row = |part: &RejectedPart| {
        vec![
            Cell::words(&part.reason),
            Cell::count(part.offers),
            Cell::code(&part.example),
            Cell::words(&part.why),
            part.dominated_by.as_ref().map(Cell::code).unwrap_or_default(),
        ]
    };
    let headings = ["reason", ">offers", "such as", "why not that one", "dominated by"];
    let caption = "Offers that were not bought where the plan stands, each reason with that which \
                   is most like what was bought";
    let mut blocks =
        vec![Block::table("rejected-offers", caption, &headings, study.rejected.iter().map(row))];
    blocks.extend(study.offer.iter().flat_map(|offer| why_not(study, offer)));
    blocks
}

/// Why one offer was not bought, and what the plan on it would be.
fn why_not(study: &ExplanationDocument, offer: &OfferAnswerPart) -> Vec<Block> {
    let row = |part: &InsteadPart| {
        let [cost, change] = priced(part.found(), study.design.monthly_micros);
        vec![Cell::words(&part.service), cost, change, told(part.found())]
    };
    let headings = ["service on it", ">USD a month", ">change", "what changes"];
    let name = &offer.instance_type;
    let caption = format!("The plan with one service on {name}: solved and simulated");
    let mut blocks = vec![Block::says(format!("Why not {name}:"))];
    blocks.push(Block::List(offer.reasons.clone()));
    if offer.instead.is_empty() {
        blocks.push(Block::says("No service of this plan runs on what it is."));
    }
    let instead = offer.instead.iter().map(row);
    blocks.push(Block::table("why-not", &caption, &headings, instead));
    blocks
}
