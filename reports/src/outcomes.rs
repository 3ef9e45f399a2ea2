//! Every outcome that was asked for, with what was found: the rows of the verdict.

use domain::outcome::Answer;
use domain::units::{MicroDollars, Seconds};
use domain::verification::{BreakingLoad, Check, CheckUnit, Method, Observed, Verdict};

use crate::figures::{self, UNKNOWN, dollars, time, time_range};
use crate::findings;

/// One outcome.
pub(crate) struct Row {
    /// What became of it; `None` where nothing was compared.
    pub(crate) verdict: Option<Verdict>,
    /// What it is.
    pub(crate) name: String,
    /// What was asked for.
    pub(crate) asked: String,
    /// What holds.
    pub(crate) holds: String,
    /// How sure that is.
    pub(crate) interval: String,
    /// What is left, or what stands in the way.
    pub(crate) room: String,
}

/// Load, uptime, latencies, ages of messages, budget, then whatever else is demanded and does not
/// hold.
pub(crate) fn rows(answer: &Answer) -> Vec<Row> {
    let latencies = answer.demand.objectives.latency.iter();
    let latencies = latencies.map(|objective| {
        let limit = objective.limit.value();
        latency(answer, &objective.id(), limit)
    });
    let mut rows = vec![load(answer)];
    rows.extend(uptime(answer));
    rows.extend(latencies);
    rows.extend(ages(answer));
    rows.extend(budget(answer));
    rows.extend(others(answer));
    rows
}

fn checks<'a>(answer: &'a Answer, objective: &'a str) -> impl Iterator<Item = &'a Check> + Clone {
    let checks = answer.verification.checks.iter();
    checks.filter(move |check| check.objective == objective)
}

fn load(answer: &Answer) -> Row {
    let at_peak = answer.verification.checks.iter();
    let at_peak = at_peak.filter(|check| check.scenario == "peak" || check.objective == "load");
    let mut row = Row {
        verdict: findings::worst(at_peak),
        name: match answer.demand.load.users {
            Some(_) => "users".into(),
            None => "load".into(),
        },
        asked: findings::load(answer, 1.0),
        holds: UNKNOWN.into(),
        interval: UNKNOWN.into(),
        room: UNKNOWN.into(),
    };
    if let Some(breaking) = &answer.verification.breaking_load {
        row.holds = findings::load(answer, breaking.holds);
        row.interval = match breaking.breaks {
            Some(breaks) => format!("breaks by {}", findings::load(answer, breaks)),
            None => "no limit found".into(),
        };
        row.room = load_room(answer, breaking);
    }
    let measured = checks(answer, "load").find(|check| check.unit == CheckUnit::LoadFactor);
    if let Some(check) = measured {
        let end = |factor: f64| findings::load(answer, factor);
        row.holds = end(check.observed.value);
        if check.observed.low >= check.observed.high {
            // Nothing beyond it was seen to break: there is no interval.
            return row;
        }
        // No interval: the least load that was seen to break it.
        row.interval = format!("breaks by {}", end(check.observed.high));
    }
    row
}

fn load_room(answer: &Answer, breaking: &BreakingLoad) -> String {
    let beyond = findings::beyond(breaking.holds);
    if breaking.breaks.is_none() {
        return format!("{beyond} or more");
    }
    match findings::gives_in(answer, breaking) {
        None => beyond,
        Some(what) if breaking.holds < 1.0 => format!("{beyond}: {what}"),
        Some(what) => format!("{beyond}, then {what}"),
    }
}

fn uptime(answer: &Answer) -> Option<Row> {
    let objective = answer.demand.objectives.uptime?;
    let check = checks(answer, "uptime").find(|check| check.unit == CheckUnit::UnavailabilityPpm);
    let simulated = answer.verification.uptime.as_ref();
    let found = check
        .map(|check| check.observed.value)
        .or(simulated.map(|uptime| uptime.request_weighted.value()));
    let budget = objective.error_budget().value();
    Some(Row {
        verdict: findings::worst(checks(answer, "uptime")),
        name: "uptime".into(),
        asked: objective.to_string(),
        holds: found.map_or(UNKNOWN.into(), figures::availability),
        interval: check.map_or(UNKNOWN.into(), |check| share_of_uptime(&check.observed)),
        room: found.map_or(UNKNOWN.into(), |found| budget_used(answer, found, budget)),
    })
}

fn share_of_uptime(observed: &Observed) -> String {
    let end = figures::availability;
    between(&end(observed.high), &end(observed.low))
}

/// Both ends of an interval, or what both read as.
fn between(low: &str, high: &str) -> String {
    if low == high { low.to_owned() } else { format!("{low} – {high}") }
}

/// How much of the error budget of the window is used: `2.3 of 8.8 h a year used`, `9.1 of 43.2 min
/// in 30 d used`; of its open hours, where there are hours.
fn budget_used(answer: &Answer, found: f64, budget: f64) -> String {
    let window = answer.intent.objectives.uptime_window;
    let span = window.unwrap_or(Seconds::YEAR).value() / 3_600.0;
    let hours = |ppm: f64| ppm / 1e6 * span * answer.demand.open_share();
    let (unit, scale) = if hours(budget) < 2.0 { ("min", 60.0) } else { ("h", 1.0) };
    let part = |ppm: f64| figures::decimals(hours(ppm) * scale, 1);
    let of = window.map_or_else(
        || "a year".to_owned(),
        |window| format!("in {} d", figures::decimals(window.value() / 86_400.0, 0)),
    );
    format!("{} of {} {unit} {of} used", part(found), part(budget))
}

fn latency(answer: &Answer, id: &str, limit: f64) -> Row {
    let all = checks(answer, id).filter(|check| check.unit == CheckUnit::Seconds);
    let shown = all.clone().find(|check| check.scenario == "peak").or_else(|| all.clone().next());
    let verdict = findings::worst(checks(answer, id));
    let Some(shown) = shown else {
        return Row {
            verdict,
            name: findings::objective(answer, id),
            asked: time(limit),
            holds: UNKNOWN.into(),
            interval: UNKNOWN.into(),
            room: UNKNOWN.into(),
        };
    };
    let demanded = all.filter(|check| check.demanded);
    let objection = demanded.clone().find(|check| Some(check.verdict) == verdict);
    let tightest =
        demanded.clone().max_by(|left, right| left.observed.value.total_cmp(&right.observed.value));
    let telling = match verdict {
        Some(Verdict::Fail | Verdict::Undecided) => objection,
        Some(Verdict::Pass) | None => tightest,
    };
    Row {
        verdict,
        name: findings::objective(answer, id),
        asked: time(limit),
        holds: time(shown.observed.value),
        interval: interval(shown),
        room: telling.map_or(UNKNOWN.into(), |check| latency_room(answer, check, limit)),
    }
}

/// The ages of messages that workers are held to.
fn ages(answer: &Answer) -> Vec<Row> {
    let services = answer.demand.services.iter();
    let aged = services.filter_map(|own| Some((own, own.age()?, own.backlog?)));
    aged.map(|(own, id, backlog)| {
        let row = latency(answer, &id, backlog.drain_within.value());
        Row { name: format!("age p99 {}", own.name), ..row }
    })
    .collect()
}

fn interval(check: &Check) -> String {
    match check.method {
        Method::Exact => "exact".into(),
        Method::Sequential => time_range(check.observed.low, check.observed.high),
        Method::Fixed => sureness(check, time_range(check.observed.low, check.observed.high), time),
    }
}

/// How sure what was observed is: its interval, which is given; or what is no interval, in words.
pub(crate) fn sureness(check: &Check, range: String, end: impl Fn(f64) -> String) -> String {
    let Observed { low, high, .. } = check.observed;
    match (check.method, check.unit) {
        _ if low >= high => UNKNOWN.to_owned(),
        (Method::Fixed, CheckUnit::LoadFactor) => format!("breaks by {}", end(high)),
        // The first and the last of all trials.
        (Method::Fixed, _) => format!("{range}, all trials"),
        (Method::Sequential | Method::Exact, _) => range,
    }
}

fn latency_room(answer: &Answer, check: &Check, limit: f64) -> String {
    let (seen, when) = (time(check.observed.value), findings::scenario(answer, &check.scenario));
    match check.verdict {
        Verdict::Undecided => format!("{seen} {when}: undecided"),
        Verdict::Pass if check.scenario == "peak" => {
            format!("{} below the limit", time((limit - check.observed.value).max(0.0)))
        }
        Verdict::Pass | Verdict::Fail => format!("{seen} {when}"),
    }
}

fn budget(answer: &Answer) -> Vec<Row> {
    let limits = &answer.demand.objectives.budget;
    let totals = answer.plan.bill.totals();
    let row = |name: &str, limit: Option<MicroDollars>, found: MicroDollars| {
        let limit = limit?;
        let holds = found <= limit;
        let (high, low) = if holds { (limit, found) } else { (found, limit) };
        let apart = MicroDollars::new((high - low).micros()).unwrap_or_default();
        let side = if holds { "below" } else { "above" };
        Some(Row {
            verdict: Some(if holds { Verdict::Pass } else { Verdict::Fail }),
            name: name.into(),
            asked: dollars(limit),
            holds: dollars(found),
            interval: "exact sum".into(),
            room: format!("{} {side} the limit", dollars(apart)),
        })
    };
    row("budget", limits.expected, totals.expected)
        .into_iter()
        .chain(row("budget ceiling", limits.ceiling, totals.ceiling))
        .collect()
}

/// Demanded checks that do not hold and that no row above speaks of: a row for each objective.
fn others(answer: &Answer) -> Vec<Row> {
    let objectives = &answer.demand.objectives;
    let known = |check: &Check| {
        check.objective == "uptime" && objectives.uptime.is_some()
            || check.objective == "load"
            || objectives.latency.iter().any(|each| each.id() == check.objective)
            || answer.demand.services.iter().any(|own| own.age().as_ref() == Some(&check.objective))
    };
    let mut rows: Vec<Row> = Vec::new();
    for check in &answer.verification.checks {
        let named = rows.iter().any(|row| row.name == check.objective);
        if check.demanded && check.verdict != Verdict::Pass && !known(check) && !named {
            rows.push(other(answer, check));
        }
    }
    rows
}

fn other(answer: &Answer, check: &Check) -> Row {
    Row {
        verdict: Some(check.verdict),
        name: check.objective.clone(),
        asked: quantity(answer, check, check.limit),
        holds: observed(check, |value| quantity(answer, check, value)),
        interval: if check.observed.low < check.observed.high {
            sureness(check, observed_range(answer, check), |end| quantity(answer, check, end))
        } else if check.method == Method::Exact {
            "exact".into()
        } else {
            "all trials alike".into()
        },
        room: findings::scenario(answer, &check.scenario),
    }
}

/// The interval of a check in its unit.
pub(crate) fn observed_range(answer: &Answer, check: &Check) -> String {
    let Observed { low, high, .. } = check.observed;
    match check.unit {
        CheckUnit::LoadFactor => {
            format!("{} – {}", findings::load(answer, low), findings::load(answer, high))
        }
        unit => measured_range(unit, &check.observed),
    }
}

/// What was observed; where it misses the limit by less than is shown, to which side.
pub(crate) fn observed(check: &Check, show: impl Fn(f64) -> String) -> String {
    let (value, limit) = (check.observed.value, check.limit);
    let text = show(value);
    if check.verdict != Verdict::Fail || text != show(limit) {
        return text;
    }
    let side = if value > limit { "over" } else { "under" };
    format!("{side} {text}")
}

/// A number of a check in its unit; a load in that of the answer.
pub(crate) fn quantity(answer: &Answer, check: &Check, value: f64) -> String {
    match check.unit {
        CheckUnit::LoadFactor => findings::load(answer, value),
        unit => measure(unit, value),
    }
}

/// An interval in a unit.
pub(crate) fn measured_range(unit: CheckUnit, observed: &Observed) -> String {
    match unit {
        CheckUnit::Seconds => time_range(observed.low, observed.high),
        CheckUnit::UnavailabilityPpm => share_of_uptime(observed),
        CheckUnit::Share | CheckUnit::LoadFactor => {
            between(&measure(unit, observed.low), &measure(unit, observed.high))
        }
    }
}

/// A number in a unit; a load as a share of the stated one.
pub(crate) fn measure(unit: CheckUnit, value: f64) -> String {
    match unit {
        CheckUnit::Seconds => time(value),
        CheckUnit::Share => figures::good(value),
        CheckUnit::LoadFactor => figures::percent(value, 0),
        CheckUnit::UnavailabilityPpm => figures::availability(value),
    }
}
