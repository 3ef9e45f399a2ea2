//! Sections 1 and 2: the intent as it was understood, and what the answer rests on.

use domain::area::Country;
use domain::intent::ServiceKind;
use domain::ledger::{Assumption, Origin, Value};
use domain::outcome::{Alternative, Answer};
use domain::units::Margin;

use super::{Block, Cell, Sheet, Span};
use crate::cdn;
use crate::figures::{self, decimals, dollars, good};
use crate::findings;
use crate::outcomes;

/// So many assumptions stand above the fold.
const TOP: usize = 10;

pub(super) fn intent(sheet: Sheet<'_>) -> Vec<Block> {
    let (spec, answer) = (sheet.spec, sheet.answer);
    let load = &answer.demand.load;
    let rate = |rate| findings::rate(rate, ServiceKind::Service);
    let mut blocks: Vec<Block> =
        spec.intent.phrase.iter().map(|phrase| Block::Verbatim(phrase.clone())).collect();
    blocks.extend(spec.intent.document.iter().map(|document| {
        let document = vec![Block::Verbatim(document.clone())];
        Block::Folded("The document that it was read from".to_owned(), document)
    }));
    if !spec.intent.settings.is_empty() {
        blocks.push(Block::says("Set beside it:"));
        blocks.push(Block::List(spec.intent.settings.clone()));
    }
    blocks.push(Block::says(format!(
        "Read as {}: {} at the peak, {} on average over the day.",
        load.reading,
        rate(load.peak),
        rate(load.mean)
    )));
    let before = cdn::lines(answer);
    if !before.is_empty() {
        blocks.push(Block::says(format!("Content delivery network: {}.", before.join("; "))));
    }
    let readings = answer.other_readings.iter().map(|each| alternative(answer, each));
    blocks.extend([
        Block::table(
            "asked",
            "What must come true",
            &["outcome", ">asked", "how it is read"],
            asked(answer),
        ),
        Block::List(held_to(sheet)),
        Block::table(
            "readings",
            "The same words read otherwise: solved, not simulated",
            &["reading", ">USD a month", ">change"],
            readings,
        ),
    ]);
    blocks
}

fn asked(answer: &Answer) -> Vec<Vec<Cell>> {
    let latencies = &answer.demand.objectives.latency;
    let rows = outcomes::rows(answer).into_iter().map(|row| {
        let latency =
            latencies.iter().find(|each| findings::objective(answer, &each.id()) == row.name);
        let how = match (row.name.as_str(), latency) {
            ("users" | "load", _) => answer.demand.load.reading.clone(),
            ("uptime", _) => format!("counted by request {}", over(answer)),
            (_, Some(latency)) if latency.percentile_stated => {
                "of requests, at the load balancer".to_owned()
            }
            (_, Some(_)) => {
                "of requests, at the load balancer; the percentile is read, not stated".into()
            }
            _ => String::new(),
        };
        vec![Cell::words(row.name), Cell::words(row.asked), Cell::words(how)]
    });
    rows.collect()
}

/// Over what uptime is counted. Faults come at the same rates in every window, so that what is
/// expected of a year is expected of each.
fn over(answer: &Answer) -> String {
    answer.intent.objectives.uptime_window.map_or_else(
        || "over a year".to_owned(),
        |window| {
            let days = decimals(window.value() / 86_400.0, 1);
            let days = days.trim_end_matches(".0");
            format!("over {days} days; the share that is expected is the same in every window")
        },
    )
}

fn held_to(sheet: Sheet<'_>) -> Vec<String> {
    let (spec, answer) = (sheet.spec, sheet.answer);
    let mut items = vec![match findings::headroom(answer) {
        Some(headroom) => format!("With {headroom}, every latency must still hold."),
        None => "No headroom beyond the stated load.".to_owned(),
    }];
    items.extend(findings::goodput(answer).map(|least| {
        format!("In each scenario that is demanded, {} must be good answers.", good(least))
    }));
    let judged = "Uptime is judged over the year, each fault as often as it comes, and by no \
                  scenario alone.";
    items.extend(answer.demand.objectives.uptime.map(|_| judged.to_owned()));
    items.push(format!("Operations: {}.", answer.demand.operations.as_str()));
    if let Some(hours) = &answer.demand.hours {
        items.push(format!("Open in the hours {hours}; outside them nothing is promised."));
    }
    let users = answer.intent.traffic.users_in.as_ref();
    items.extend(users.map(|countries| {
        let codes: Vec<&str> = countries.value.iter().map(Country::as_str).collect();
        let codes = codes.join(", ");
        format!("Users in {codes}: says whose law protects them, and adds no latency.")
    }));
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
    let labels = [("Label", &spec.metadata.labels), ("Annotation", &spec.metadata.annotations)];
    items.extend(labels.into_iter().flat_map(|(what, texts)| {
        texts.iter().map(move |(key, value)| format!("{what} {key}: {value}"))
    }));
    items
}

/// A question that differs in one respect: what its answer costs, and how much more that is.
pub(super) fn alternative(answer: &Answer, alternative: &Alternative) -> Vec<Cell> {
    let (cost, change) = match alternative.cost {
        None => (Cell::words("no plan"), Cell::default()),
        Some(cost) => {
            let here = answer.plan.bill.totals().expected;
            let sorted = (cost - here).micros() as f64;
            (Cell::dollars(cost), Cell::figure(figures::beyond(cost, here), sorted))
        }
    };
    vec![Cell::words(&alternative.text), cost, change]
}

pub(super) fn assumptions(sheet: Sheet<'_>) -> Vec<Block> {
    let answer = sheet.answer;
    let ledger = &answer.demand.ledger;
    let mut entries: Vec<&Assumption> = ledger.entries().collect();
    entries.sort_by_key(|entry| std::cmp::Reverse(moved(answer, entry)));
    let defaults = entries.iter().filter(|entry| entry.origin == Origin::Default).count();
    let (top, rest) = entries.split_at(entries.len().min(TOP));
    let table = |id, caption, some: &[&Assumption]| {
        let headings = ["name", ">value", "believed within", "origin", ">at 120%", "source"];
        Block::table(id, caption, &headings, some.iter().map(|each| row(answer, each)))
    };
    let mut blocks = vec![Block::Says(vec![
        format!(
            "Every number that the answer rests on: {} entries, {defaults} of them a ",
            entries.len()
        )
        .into(),
        Span::Mark("DEFAULT"),
        format!(
            " that nobody stated. Those that move the price most come first; the change is that \
             of the expected bill of {} at 120% of the value. ",
            dollars(answer.plan.bill.totals().expected)
        )
        .into(),
        Span::Code("--set NAME=VALUE"),
        " overrides any of them.".into(),
    ])];
    if answer.sensitivities.is_empty() {
        let what = "What each of them moves was not worked out";
        blocks.push(Block::Absent(what, "plimsoll plan … --out DIR"));
    }
    blocks.push(table("assumptions", "What moves the price most", top));
    if !rest.is_empty() {
        let rest_of = table("all-assumptions", "Every other assumption", rest);
        let summary = figures::counted(rest.len(), "more assumption");
        blocks.push(Block::Folded(summary, vec![rest_of]));
    }
    blocks
}

/// How far an assumption moves the price: `None` sorts last, having no plan at all first.
fn moved(answer: &Answer, entry: &Assumption) -> Option<u64> {
    let mut sensitivities = answer.sensitivities.iter();
    let sensitivity = sensitivities.find(|each| each.name == entry.name)?;
    let change = sensitivity.change.map(Margin::micros);
    Some(change.map_or(u64::MAX, i64::unsigned_abs))
}

fn row(answer: &Answer, entry: &Assumption) -> Vec<Cell> {
    let show = |value| figures::entry(&entry.name, value, entry.unit);
    let within =
        entry.interval.as_ref().map(|(low, high)| format!("{} – {}", show(low), show(high)));
    let mut sensitivities = answer.sensitivities.iter();
    let moves = sensitivities.find(|each| each.name == entry.name);
    vec![
        Cell::code(&entry.name),
        match entry.value {
            Value::Number(number) => Cell::figure(show(&entry.value), number),
            Value::Choice(_) => Cell::words(show(&entry.value)),
        },
        Cell::words(within.unwrap_or_default()),
        match entry.origin {
            Origin::Default => Cell::default().marked(["DEFAULT"]),
            stated => Cell::words(stated.as_str()),
        },
        moves.map(|each| change(each.change)).unwrap_or_default(),
        Cell::words(&entry.source),
    ]
}

/// What a change of an assumption costs.
pub(super) fn change(change: Option<Margin>) -> Cell {
    change.map_or_else(
        || Cell::words("no plan"),
        |change| Cell::figure(figures::change(change), change.micros() as f64),
    )
}

/// The value of an assumption, with its mark where it is a default.
pub(super) fn ledger_entry(entry: &Assumption) -> Cell {
    let marks = (entry.origin == Origin::Default).then_some("DEFAULT");
    Cell::words(figures::entry(&entry.name, &entry.value, entry.unit)).marked(marks)
}
