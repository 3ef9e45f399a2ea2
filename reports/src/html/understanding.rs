//! Sections 1 and 2: the intent as it was understood, and what the answer rests on.

use domain::intent::ServiceKind;
use domain::ledger::{Assumption, Origin, Value};
use domain::outcome::Alternative;
use domain::units::Margin;
use maud::{Markup, html};

use super::Sheet;
use super::page::{Cell, Table, absent, folded, list, section};
use super::visible::visible;
use crate::figures::{self, dollars, whole_dollars};
use crate::findings;
use crate::outcomes;

/// So many assumptions stand above the fold.
const TOP: usize = 10;

pub(super) fn intent(sheet: &Sheet<'_>) -> Markup {
    let (spec, answer) = (sheet.spec, sheet.answer);
    let load = &answer.demand.load;
    let rate = |rate| findings::rate(rate, ServiceKind::Service);
    let body = html! {
        @if let Some(phrase) = &spec.intent.phrase { pre { (visible(phrase)) } }
        @if let Some(document) = &spec.intent.document {
            (folded("The document that it was read from", &html! { pre { (visible(document)) } }))
        }
        @if !spec.intent.settings.is_empty() {
            p { "Set beside it:" }
            (list(&spec.intent.settings))
        }
        p {
            "Read as " (visible(&load.reading)) ": " (rate(load.peak)) " at the peak, "
            (rate(load.mean)) " on average over the day."
        }
        (Table::new("asked", "What must come true", &["outcome", ">asked", "how it is read"])
            .of(asked(sheet)))
        (list(&held_to(sheet)))
        (Table::new("readings", "The same words read otherwise: solved, not simulated", &[
            "reading", ">USD a month", ">change",
        ]).of(answer.other_readings.iter().map(|each| alternative(sheet, each))))
    };
    section(1, "Intent as understood", &body)
}

fn asked(sheet: &Sheet<'_>) -> Vec<Vec<Cell>> {
    let answer = sheet.answer;
    let objectives = &answer.demand.objectives;
    let latencies = &objectives.latency;
    outcomes::rows(answer)
        .into_iter()
        .map(|row| {
            let latency =
                latencies.iter().find(|each| findings::objective(answer, &each.id()) == row.name);
            let how = match (row.name.as_str(), latency) {
                ("users" | "load", _) => answer.demand.load.reading.clone(),
                ("uptime", _) => "counted by request over a year".to_owned(),
                (_, Some(latency)) if latency.percentile_stated => {
                    "of requests, at the load balancer".to_owned()
                }
                (_, Some(_)) => {
                    "of requests, at the load balancer; the percentile is read, not stated".into()
                }
                _ => String::new(),
            };
            vec![Cell::words(&row.name), Cell::words(&row.asked), Cell::words(&how)]
        })
        .collect()
}

fn held_to(sheet: &Sheet<'_>) -> Vec<String> {
    let (spec, answer) = (sheet.spec, sheet.answer);
    let mut items = vec![match findings::headroom(answer) {
        Some(headroom) => format!("With {headroom}, all of this must still hold."),
        None => "No headroom beyond the stated load.".to_owned(),
    }];
    items.push(format!("Operations: {}.", answer.demand.operations.as_str()));
    if let Some(hours) = &answer.demand.hours {
        items.push(format!("Open in the hours {hours}; outside them nothing is promised."));
    }
    let allowed = &spec.demand.run_on;
    let providers: Vec<&str> = allowed.providers.iter().map(|each| each.as_str()).collect();
    let regions: Vec<&str> = allowed.regions.iter().map(AsRef::as_ref).collect();
    let either = |words: &[&str], any: &str| match words {
        [] => any.to_owned(),
        words => findings::listed(words),
    };
    items.push(format!(
        "May run on {}, in {}.",
        either(&providers, "any provider"),
        either(&regions, "any region")
    ));
    items.extend(spec.demand.pins.iter().map(|pin| {
        let kind = pin.instance_type.as_deref().unwrap_or("any type");
        let bound = |limit: Option<u32>| limit.map_or("any number".into(), |it| it.to_string());
        let (least, most) = (bound(pin.replicas_min), bound(pin.replicas_max));
        format!("Pinned: {} on {kind}, at least {least} and at most {most}.", pin.service)
    }));
    let labels = spec.metadata.labels.iter().chain(&spec.metadata.annotations);
    items.extend(labels.map(|(key, value)| format!("{key}: {value}")));
    items
}

/// A question that differs in one respect: what its answer costs, and how much more that is.
pub(super) fn alternative(sheet: &Sheet<'_>, alternative: &Alternative) -> Vec<Cell> {
    let expected = sheet.answer.plan.bill.totals().expected;
    let (cost, change) = match alternative.cost {
        None => (Cell::words("no plan"), Cell::words("")),
        Some(cost) => {
            let change = cost - expected;
            (
                Cell::figure(&whole_dollars(cost), cost.dollars()),
                Cell::figure(&figures::change(change), change.micros() as f64),
            )
        }
    };
    vec![Cell::words(&alternative.text), cost, change]
}

pub(super) fn assumptions(sheet: &Sheet<'_>) -> Markup {
    let ledger = &sheet.answer.demand.ledger;
    let mut entries: Vec<&Assumption> = ledger.entries().collect();
    entries.sort_by_key(|entry| std::cmp::Reverse(moved(sheet, entry)));
    let defaults = ledger.entries().filter(|entry| entry.origin == Origin::Default).count();
    let headings = ["name", ">value", "believed within", "origin", ">at 120%", "source"];
    let (top, rest) = entries.split_at(entries.len().min(TOP));
    let rows = |some: &[&Assumption]| some.iter().map(|each| row(sheet, each)).collect::<Vec<_>>();
    let budget = dollars(sheet.answer.plan.bill.totals().expected);
    let body = html! {
        p {
            "Every number that the answer rests on: " (entries.len()) " entries, " (defaults)
            " of them a " span.mark { "DEFAULT" } " that nobody stated. Those that move the price \
            most come first; the change is that of the expected bill of " (budget)
            " at 120% of the value. " code { "--set NAME=VALUE" } " overrides any of them."
        }
        @if sheet.answer.sensitivities.is_empty() {
            (absent("What each of them moves was not worked out", "plimsoll plan … --out DIR"))
        }
        (Table::new("assumptions", "What moves the price most", &headings).of(rows(top)))
        @if !rest.is_empty() {
            (folded(&format!("{} more assumptions", rest.len()), &Table::new(
                "all-assumptions", "Every other assumption", &headings,
            ).of(rows(rest))))
        }
    };
    section(2, "Assumptions", &body)
}

/// How far an assumption moves the price: `None` sorts last, having no plan at all first.
fn moved(sheet: &Sheet<'_>, entry: &Assumption) -> Option<u64> {
    let mut sensitivities = sheet.answer.sensitivities.iter();
    let sensitivity = sensitivities.find(|each| each.name == entry.name)?;
    let change = sensitivity.change.map(Margin::micros);
    Some(change.map_or(u64::MAX, i64::unsigned_abs))
}

fn row(sheet: &Sheet<'_>, entry: &Assumption) -> Vec<Cell> {
    let show = |value| figures::ledger(value, entry.unit);
    let within =
        entry.interval.as_ref().map(|(low, high)| format!("{} – {}", show(low), show(high)));
    let mut sensitivities = sheet.answer.sensitivities.iter();
    let change = sensitivities.find(|each| each.name == entry.name).map(|each| match each.change {
        None => Cell::words("no plan"),
        Some(change) => Cell::figure(&figures::change(change), change.micros() as f64),
    });
    vec![
        Cell::markup(html! { code { (visible(&entry.name)) } }),
        match entry.value {
            Value::Number(number) => Cell::figure(&show(&entry.value), number),
            Value::Choice(_) => Cell::words(&show(&entry.value)),
        },
        Cell::words(&within.unwrap_or_default()),
        Cell::markup(origin(entry.origin)),
        change.unwrap_or_else(|| Cell::words("")),
        Cell::words(&entry.source),
    ]
}

/// Where a number came from; a default is marked as one.
fn origin(origin: Origin) -> Markup {
    html! {
        @if origin == Origin::Default { span.mark { "DEFAULT" } } @else { (origin.as_str()) }
    }
}

/// The value of an assumption, with its mark where it is a default, and its entry for a pointer.
pub(super) fn ledger_entry(entry: &Assumption) -> Markup {
    html! {
        a href="#s2" title=(visible(&format!("{}: {}", entry.name, entry.source))) {
            (visible(&figures::ledger(&entry.value, entry.unit)))
        }
        @if entry.origin == Origin::Default { " " span.mark { "DEFAULT" } }
    }
}
