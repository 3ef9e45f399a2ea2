//! The first screen: the verdict, the price and the three bills, what holds beside what would not,
//! the design, where the money goes, what would change it, and what it rests on.

use domain::ledger::{Assumption, Origin};
use domain::outcome::{Alternative, Risk, Sensitivity};
use domain::units::MicroDollars;
use domain::verification::Status;
use maud::{Markup, html};

use super::diagram;
use super::page::word;
use super::visible::visible;
use crate::composition;
use crate::document::{self, Sheet, approval, is_doubtful};
use crate::figures::{self, UNKNOWN, dollars, whole_dollars};
use crate::findings;
use crate::outcomes;

/// So many are told on the first screen; their section has all of them.
const SHOWN: usize = 5;

pub(super) fn screen(sheet: Sheet<'_>) -> Markup {
    html! {
        section.screen id="s0" aria-labelledby="h0" {
            h2 id="h0" { "0 Verdict" }
            (headline(sheet))
            div.grid {
                div { (outcomes_box(sheet)) }
                div { (design(sheet)) }
                div { (money(sheet)) }
                div { (change(sheet)) }
                div { (rests_on(sheet)) }
                div { (risks(sheet)) }
            }
        }
    }
}

fn headline(sheet: Sheet<'_>) -> Markup {
    let (answer, totals) = (sheet.answer, sheet.answer.plan.bill.totals());
    let (sign, class) = match answer.status() {
        Status::Verified => ("✓", "good"),
        Status::Refuted => ("✗", "bad"),
        Status::Undecided => ("?", "warn"),
    };
    let says = match answer.status() {
        Status::Verified => findings::claim(&answer.plan)[0].clone(),
        Status::Refuted | Status::Undecided => findings::objection(answer),
    };
    html! {
        div.verdict {
            div.bills {
                p class=(class) { (sign) " " (findings::status(answer.status())) }
                p { a href="#s10" { "expected " strong { (dollars(totals.expected)) } " a month" } }
                p { "peak fleet " strong { (dollars(totals.peak_fleet)) } }
                p { "ceiling " strong { (dollars(totals.ceiling)) } }
            }
            p {
                a href="#s8" { (visible(&says)) } " · "
                (composition::place(&answer.plan.topology)) " · " (approval(sheet.spec))
            }
        }
    }
}

fn outcomes_box(sheet: Sheet<'_>) -> Markup {
    html! {
        h3 { "Outcomes" }
        div.scroll role="region" aria-label="Outcomes" tabindex="0" {
            table {
                thead { tr {
                    th scope="col" { "outcome" } th scope="col" { "verdict" }
                    th.figure scope="col" { "asked" } th.figure scope="col" { "holds" }
                    th scope="col" { "95% interval" } th scope="col" { "room" }
                } }
                tbody { @for row in outcomes::rows(sheet.answer) { tr {
                    th scope="row" { (visible(&row.name)) }
                    td { (word(row.verdict)) }
                    td.figure { (visible(&row.asked)) }
                    td.figure { a href="#s7" { (visible(&row.holds)) } }
                    td { (visible(&row.interval)) }
                    td { (visible(&row.room)) }
                } } }
            }
        }
        (beside(sheet))
    }
}

/// What nobody demanded, and would fail or could not be decided.
fn beside(sheet: Sheet<'_>) -> Markup {
    html! {
        @for (sentence, beside) in document::beside(sheet.answer) {
            @if beside.is_empty() {
                p.quiet { (sentence) }
            } @else {
                p { strong { (sentence) } }
                ul { @for own in &beside { li {
                    (word(Some(own.verdict))) " " a href="#s7" { (visible(&own.scenario)) }
                    @if !own.told.is_empty() { ": " (visible(&own.told)) }
                } } }
            }
        }
    }
}

fn design(sheet: Sheet<'_>) -> Markup {
    html! {
        h3 { "Design: " a href="#s3" { (composition::place(&sheet.answer.plan.topology)) } }
        (diagram::small(sheet))
    }
}

fn money(sheet: Sheet<'_>) -> Markup {
    let answer = sheet.answer;
    let total = answer.plan.bill.totals().expected;
    let mut groups: Vec<(String, MicroDollars, bool)> = composition::cost_groups(answer)
        .into_iter()
        .map(|(name, lines)| {
            let marked = lines.iter().any(|line| is_doubtful(answer, line));
            (name, composition::cost_of(&lines).expected, marked)
        })
        .filter(|(_, cost, _)| *cost > MicroDollars::ZERO)
        .collect();
    groups.sort_by_key(|(_, cost, _)| std::cmp::Reverse(*cost));
    let most = groups.first().map_or(1.0, |(_, cost, _)| cost.dollars());
    html! {
        h3 { "Where the money goes" }
        div.scroll role="region" aria-label="Where the money goes" tabindex="0" { table {
            thead { tr {
                th scope="col" { "for" } th.figure scope="col" { "USD a month" }
                th.figure scope="col" { "share" } th scope="col" { "" }
            } }
            tbody { @for (name, cost, marked) in &groups { tr {
                th scope="row" { (visible(name)) }
                td.figure {
                    a href="#s10" { (whole_dollars(*cost)) }
                    @if *marked { " " span.mark { "!" } }
                }
                td.figure { (share(*cost, total)) }
                td.long { (bar(cost.dollars() / most)) }
            } } }
        } }
        @if groups.iter().any(|(_, _, marked)| *marked) {
            p.quiet { span.mark { "!" } " rests on an old or an estimated price." }
        }
    }
}

/// A part of an amount as a percentage.
fn share(part: MicroDollars, whole: MicroDollars) -> String {
    if whole == MicroDollars::ZERO {
        return UNKNOWN.to_owned();
    }
    figures::percent(part.dollars() / whole.dollars(), 0)
}

/// A bar beside a number that says the same.
fn bar(fraction: f64) -> Markup {
    html! {
        svg.bar viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" {
            rect width=(figures::decimals(fraction * 100.0, 1)) height="8" {}
        }
    }
}

fn change(sheet: Sheet<'_>) -> Markup {
    let answer = sheet.answer;
    html! {
        h3 { "What would change it" }
        @if answer.alternatives.is_empty() {
            p.quiet { "Nothing was solved again: " code { "plimsoll explain" } " does." }
        } @else {
            div.scroll role="region" aria-label="What would change it" tabindex="0" { table {
                thead { tr {
                    th scope="col" { "requirement" } th.figure scope="col" { "USD a month" }
                    th.figure scope="col" { "change" }
                } }
                tbody { @for each in answer.alternatives.iter().take(SHOWN + 1) { tr {
                    th scope="row" { (visible(&each.text)) }
                    td.figure { (each.cost.map_or("no plan".into(), whole_dollars)) }
                    td.figure { (difference(sheet, each)) }
                } } }
            } }
            p.quiet { "Solved, not simulated. " (further(sheet)) }
        }
    }
}

/// Where the prices of other requirements stand, or what adds them.
fn further(sheet: Sheet<'_>) -> Markup {
    let studies = sheet.studies;
    let command = |name: &str| html! { code { "plimsoll " (name) } };
    let prices = html! { a href="#s8" { "Section 8" } " has the price of each requirement" };
    let others = html! { a href="#s11" { "section 11" } " what other outcomes cost" };
    match (&studies.explanation, &studies.frontier) {
        (None, None) => html! {
            (command("explain")) " and " (command("frontier")) " add more users and other nines."
        },
        (Some(_), None) => html! {
            (prices) "; " (command("frontier")) " adds more users and other nines."
        },
        (None, Some(_)) => html! {
            "In " (others) "; " (command("explain")) " adds the price of each requirement."
        },
        (Some(_), Some(_)) => html! { (prices) ", " (others) "." },
    }
}

fn difference(sheet: Sheet<'_>, alternative: &Alternative) -> String {
    let expected = sheet.answer.plan.bill.totals().expected;
    alternative.cost.map_or(UNKNOWN.into(), |cost| figures::beyond(cost, expected))
}

fn rests_on(sheet: Sheet<'_>) -> Markup {
    let answer = sheet.answer;
    let count = answer.demand.ledger.entries().len();
    let all = format!("{count} assumptions");
    html! {
        h3 { "This rests on" }
        p {
            a href="#s2" { (all) }
            @if !answer.sensitivities.is_empty() { "; those that move the price most, +20% each:" }
        }
        ul.inline { @for each in answer.sensitivities.iter().take(SHOWN) { li {
            (moved(sheet, each))
        } } }
        p {
            "Read as " (visible(&answer.demand.load.reading)) "."
            @for (place, each) in answer.other_readings.iter().enumerate() {
                (if place == 0 { " Read otherwise: " } else { ", " })
                (visible(&each.text)) " " (each.cost.map_or("no plan".into(), dollars))
            }
        }
    }
}

/// An assumption with its value, whether it is a default, and what it moves.
fn moved(sheet: Sheet<'_>, sensitivity: &Sensitivity) -> Markup {
    let change = sensitivity.change.map_or("no plan".into(), figures::change);
    html! {
        (visible(&findings::assumption(&sensitivity.name)))
        @if let Some(entry) = sheet.answer.demand.ledger.find(&sensitivity.name) {
            " " (ledger_entry(entry))
        }
        " " strong { (change) }
    }
}

/// The value of an assumption, with its mark where it is a default, and its entry for a pointer.
fn ledger_entry(entry: &Assumption) -> Markup {
    html! {
        a href="#s2" title=(visible(&format!("{}: {}", entry.name, entry.source))) {
            (visible(&figures::entry(&entry.name, &entry.value, entry.unit)))
        }
        @if entry.origin == Origin::Default { " " span.mark { "DEFAULT" } }
    }
}

fn risks(sheet: Sheet<'_>) -> Markup {
    let mut risks: Vec<&Risk> = sheet.answer.risks.iter().collect();
    risks.sort_by_key(|risk| risk.severity);
    html! {
        h3 { "Top risks" }
        @if risks.is_empty() { p { "None is known beyond the " a href="#s12" { "limits" } "." } }
        ul { @for risk in risks.iter().take(SHOWN) { li {
            span.mark { (risk.severity.as_str()) } " " a href="#s12" { (visible(&risk.text)) }
        } } }
    }
}
