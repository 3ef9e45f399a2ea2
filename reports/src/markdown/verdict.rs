//! Section 0: the verdict, what holds of all that was asked for, and what it costs.

use domain::outcome::{Answer, Risk, Severity};
use domain::verification::Status;

use super::page::Page;
use crate::composition;
use crate::document::{self, Cell, Sheet, TITLES, Table, approval, word};
use crate::figures::dollars;
use crate::findings;
use crate::outcomes;
use crate::safe;

pub(super) fn verdict(page: &mut Page, sheet: Sheet<'_>) {
    let answer = sheet.answer;
    page.section(0, TITLES[0]);
    let totals = answer.plan.bill.totals();
    let says = match answer.status() {
        Status::Verified => findings::claim(&answer.plan)[0].clone(),
        Status::Refuted | Status::Undecided => safe::markdown(&findings::objection(answer)),
    };
    page.says(&format!(
        "**{}** · **{} a month** on {} · {} · {says}",
        findings::status(answer.status()),
        dollars(totals.expected),
        composition::place(&answer.plan.topology),
        approval(sheet.spec)
    ));
    page.says(&safe::markdown(&composition::summary(answer)));
    let rows = outcomes::rows(answer).into_iter().map(|row| {
        let verdict = row.verdict.map(|own| Cell::verdict(own, word(own)));
        let texts = [row.name, row.asked, row.holds, row.interval, row.room];
        std::iter::once(verdict.unwrap_or_default()).chain(texts.map(Cell::words)).collect()
    });
    let headings = ["", "outcome", "asked", "holds", "95% interval", "room"];
    page.table(&Table::new("outcomes", "Outcomes", &headings, rows));
    beside(page, answer);
    page.says(&format!(
        "Three bills a month: expected {}, peak fleet all month {}, ceiling with every maximum {}.",
        dollars(totals.expected),
        dollars(totals.peak_fleet),
        dollars(totals.ceiling)
    ));
    let high = answer.risks.iter().filter(|risk| risk.severity == Severity::High);
    let risk = |risk: &Risk| format!("Risk: {}", safe::markdown(&risk.text));
    page.list(&high.map(risk).collect::<Vec<_>>());
}

/// What nobody demanded, and would fail or could not be decided.
fn beside(page: &mut Page, answer: &Answer) {
    for (sentence, beside) in document::beside(answer) {
        page.says(sentence);
        let told = beside.iter().map(|own| {
            let told = if own.told.is_empty() { String::new() } else { format!(": {}", own.told) };
            format!("{} {}", word(own.verdict), safe::markdown(&(own.scenario.clone() + &told)))
        });
        page.list(&told.collect::<Vec<_>>());
    }
}
