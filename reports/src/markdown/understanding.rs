//! Sections 0 to 2: the verdict, the intent as it was understood, and what it rests on.

use domain::area::Country;
use domain::ledger::{Assumption, Origin};
use domain::offer::Provider;
use domain::outcome::{Alternative, Answer, Risk, Severity};
use domain::units::Margin;
use domain::verification::Status;

use super::page::Page;
use super::verdict_word;
use crate::cdn;
use crate::composition;
use crate::figures::{self, UNKNOWN, dollars, percent, time};
use crate::findings;
use crate::outcomes;
use crate::safe;

pub(super) fn verdict(page: &mut Page, answer: &Answer) {
    page.section(0, "Verdict");
    let totals = answer.plan.bill.totals();
    let says = match answer.status() {
        Status::Verified => findings::claim(&answer.plan)[0].clone(),
        Status::Refuted | Status::Undecided => safe::markdown(&findings::objection(answer)),
    };
    page.says(&format!(
        "**{}** · **{} a month** on {} · {says}",
        findings::status(answer.status()),
        dollars(totals.expected),
        composition::place(&answer.plan.topology)
    ));
    page.says(&safe::markdown(&composition::summary(answer)));
    let rows = outcomes::rows(answer).into_iter().map(|row| {
        let verdict = row.verdict.map_or(UNKNOWN, verdict_word);
        vec![verdict.into(), row.name, row.asked, row.holds, row.interval, row.room]
    });
    let headings = ["", "outcome", "asked", "holds", "95% interval", "room"];
    page.table(&headings, &rows.collect::<Vec<_>>());
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

pub(super) fn intent(page: &mut Page, answer: &Answer) {
    page.section(1, "Intent as understood");
    if let Some(phrase) = &answer.intent.phrase {
        page.verbatim(phrase);
    }
    page.says(&format!(
        "Read as {}: {} at the peak, {} on average over the day.",
        safe::markdown(&answer.demand.load.reading),
        findings::rate(answer.demand.load.peak, domain::intent::ServiceKind::Service),
        findings::rate(answer.demand.load.mean, domain::intent::ServiceKind::Service)
    ));
    let before: Vec<String> = cdn::lines(answer).iter().map(|line| safe::markdown(line)).collect();
    if !before.is_empty() {
        page.says(&format!("Content delivery network: {}.", before.join("; ")));
    }
    page.list(&outcomes_asked(answer));
    if !answer.other_readings.is_empty() {
        page.says("The same words read otherwise, solved but not simulated:");
        let rows = answer.other_readings.iter().map(alternative);
        page.table(&["reading", ">USD a month"], &rows.collect::<Vec<_>>());
    }
}

/// A question that differs in one respect, and what its answer costs.
pub(super) fn alternative(alternative: &Alternative) -> Vec<String> {
    let cost = alternative.cost.map_or("no plan".into(), figures::whole_dollars);
    vec![alternative.text.clone(), cost]
}

/// Over what uptime is counted. Faults come at the same rates in every window, so that what is
/// expected of a year is expected of each.
fn over(answer: &Answer) -> String {
    answer.intent.objectives.uptime_window.map_or_else(
        || "over a year".to_owned(),
        |window| {
            let days = figures::decimals(window.value() / 86_400.0, 1);
            let days = days.trim_end_matches(".0");
            format!("over {days} days; the share that is expected is the same in every window")
        },
    )
}

/// Where the users are.
fn users(answer: &Answer) -> Option<String> {
    let countries = answer.intent.traffic.users_in.as_ref()?;
    let codes: Vec<&str> = countries.value.iter().map(Country::as_str).collect();
    let codes = codes.join(", ");
    Some(format!("users in {codes}: says whose law protects them, and adds no latency"))
}

fn outcomes_asked(answer: &Answer) -> Vec<String> {
    let demand = &answer.demand;
    let objectives = &demand.objectives;
    let mut items = Vec::new();
    items.extend(
        objectives
            .uptime
            .map(|uptime| format!("uptime {uptime}, counted by request {}", over(answer))),
    );
    items.extend(users(answer));
    items.extend(objectives.latency.iter().map(|latency| {
        let read = if latency.percentile_stated { "" } else { " (read, not stated)" };
        let class = match &latency.class {
            Some(class) => format!(" of class {class}"),
            None => String::new(),
        };
        let (percentile, limit) = (latency.percentile, time(latency.limit.value()));
        format!("latency {percentile}{read}{class} at most {limit}, at the load balancer")
    }));
    let budget =
        [(objectives.budget.expected, "expected bill"), (objectives.budget.ceiling, "ceiling")];
    items.extend(budget.iter().filter_map(|(limit, name)| {
        limit.map(|limit| format!("{name} at most {} a month", dollars(limit)))
    }));
    items.push(match findings::headroom(answer) {
        Some(headroom) => format!("with {headroom}, all of this must still hold"),
        None => "no headroom beyond the stated load".into(),
    });
    items.push(format!("operations: {}", demand.operations.as_str()));
    items.push(where_allowed(answer));
    items.extend(demand.pins.iter().map(|pin| {
        let name = &demand.service(pin.service).name;
        let kind = pin.instance_type.as_deref().unwrap_or("any type");
        let bound = |limit: Option<u32>| limit.map_or(UNKNOWN.into(), |limit| limit.to_string());
        let (least, most) = (bound(pin.replicas_min), bound(pin.replicas_max));
        let kind = safe::markdown(kind);
        format!("pinned: {name} on {kind}, at least {least} and at most {most} instances")
    }));
    items.extend(
        answer.intent.metadata.labels.iter().map(|(key, value)| {
            format!("label {}: {}", safe::markdown(key), safe::markdown(value))
        }),
    );
    items
}

fn where_allowed(answer: &Answer) -> String {
    let run_on = &answer.demand.run_on;
    let providers: Vec<&str> =
        run_on.providers.iter().map(|each| Provider::as_str(*each)).collect();
    let regions: Vec<&str> = run_on.regions.iter().map(AsRef::as_ref).collect();
    let either = |words: &[&str], any: &str| match words {
        [] => any.to_owned(),
        words => findings::listed(words),
    };
    format!(
        "may run on {}, in {}",
        either(&providers, "any provider"),
        either(&regions, "any region")
    )
}

pub(super) fn assumptions(page: &mut Page, answer: &Answer) {
    page.section(2, "Assumptions");
    let ledger = &answer.demand.ledger;
    let defaults = ledger.entries().filter(|entry| entry.origin == Origin::Default).count();
    page.says(&format!(
        "Every number that the answer rests on: {} entries, {defaults} of them a **default** that \
         nobody stated. Those that move the price most come first; the change is that of the \
         expected bill at 120% of the value. `--set` overrides any of them by its name.",
        ledger.entries().len()
    ));
    let mut entries: Vec<&Assumption> = ledger.entries().collect();
    entries.sort_by_key(|entry| std::cmp::Reverse(moved(answer, entry)));
    let rows = entries.into_iter().map(|entry| row(answer, entry));
    let headings = ["name", ">value", ">believed within", "origin", ">at 120%", "source"];
    page.table(&headings, &rows.collect::<Vec<_>>());
}

/// How far an assumption moves the price: `None` sorts last, having no plan at all first.
fn moved(answer: &Answer, entry: &Assumption) -> Option<u64> {
    let mut sensitivities = answer.sensitivities.iter();
    let sensitivity = sensitivities.find(|each| each.name == entry.name)?;
    let change = sensitivity.change.map(Margin::micros);
    Some(change.map_or(u64::MAX, i64::unsigned_abs))
}

fn row(answer: &Answer, entry: &Assumption) -> Vec<String> {
    let show = |value| figures::ledger(value, entry.unit);
    let interval =
        entry.interval.as_ref().map(|(low, high)| format!("{} – {}", show(low), show(high)));
    let mut sensitivities = answer.sensitivities.iter();
    let change = sensitivities
        .find(|each| each.name == entry.name)
        .map(|each| each.change.map_or("no plan".into(), figures::change));
    vec![
        entry.name.clone(),
        show(&entry.value),
        interval.unwrap_or_default(),
        match entry.origin {
            Origin::Default => "DEFAULT".into(),
            stated => stated.as_str().to_owned(),
        },
        change.unwrap_or_default(),
        entry.source.clone(),
    ]
}

/// A share as the report writes it.
pub(super) fn share(value: f64) -> String {
    if value.is_finite() { percent(value, 1) } else { "nothing left".into() }
}
