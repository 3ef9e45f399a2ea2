//! What an answer says, in the words that terminal, report and plots share.

use domain::intent::ServiceKind;
use domain::objective::LatencyObjective;
use domain::outcome::Answer;
use domain::plan::{Claim, Plan, Pursuit};
use domain::units::{MicroDollars, RequestsPerSecond};
use domain::verification::{BreakingLoad, Check, Status, Verdict, Verification};

use crate::figures::{self, decimals, dollars, grouped, percent};

/// The users that a load stands for, rounded down.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, and a load is not negative"
)]
pub(crate) fn users_at(users: u64, factor: f64) -> u64 {
    (users as f64 * factor + 1e-6).floor() as u64
}

/// A load as it was stated: users where users were, requests a second elsewhere.
pub(crate) fn load(answer: &Answer, factor: f64) -> String {
    match answer.demand.load.users {
        Some((users, _)) => grouped(users_at(users, factor)),
        None => rate(answer.demand.offered().times(factor), ServiceKind::Service),
    }
}

/// The same with the word for what it counts: `12,345 users`, `1,273 req/s`.
pub(crate) fn counted_load(answer: &Answer, factor: f64) -> String {
    let load = load(answer, factor);
    if answer.demand.load.users.is_some() { format!("{load} users") } else { load }
}

/// The word for what a load counts.
pub(crate) fn load_unit(answer: &Answer) -> &'static str {
    match answer.demand.load.users {
        Some(_) => "users",
        None => "requests/s",
    }
}

/// A rate in the unit of what serves it.
pub(crate) fn rate(rate: RequestsPerSecond, kind: ServiceKind) -> String {
    let unit = match kind {
        ServiceKind::Balancer | ServiceKind::Service | ServiceKind::External => "req/s",
        ServiceKind::Cache => "op/s",
        ServiceKind::Sql => "query/s",
        ServiceKind::Queue => "msg/s",
    };
    format!("{} {unit}", figures::number(rate.value()))
}

/// What is claimed of the plan's cost, in the words that the proof carries; the second form is
/// shorter.
pub(crate) fn claim(plan: &Plan) -> [String; 2] {
    let optimality = &plan.optimality;
    let gap = match optimality.gap_ppm() {
        0 => "gap 0".to_owned(),
        gap => format!("gap {}", percent(gap as f64 / 1e6, if gap < 1_000 { 3 } else { 1 })),
    };
    match optimality.claim {
        Claim::CheapestVerified => {
            let designs = grouped(optimality.designs);
            let claim = "cheapest verified";
            [format!("{claim} of {designs} designs, {gap}"), format!("{claim}, {gap}")]
        }
        Claim::Verified | Claim::None if optimality.bound == MicroDollars::ZERO => {
            ["no lower bound is known".into(), "no lower bound".into()]
        }
        Claim::Verified | Claim::None => {
            let claim = format!("no design under {} ({gap})", dollars(optimality.bound));
            match optimality.pursuit {
                Some(Pursuit::Undecided) => {
                    [format!("{claim}, cheaper ones undecided"), format!("{gap}, undecided")]
                }
                Some(Pursuit::RoundsSpent) => {
                    [format!("{claim}, rounds ran out"), format!("{gap}, rounds ran out")]
                }
                Some(Pursuit::Complete) | None => [claim, gap],
            }
        }
    }
}

/// Why a plan is not verified, in a few words.
pub(crate) fn objection(answer: &Answer) -> String {
    let Some(check) = answer.verification.first_objection() else {
        return "no demanded check says why".into();
    };
    let what = objective(answer, &check.objective);
    let when = scenario(answer, &check.scenario);
    match check.verdict {
        Verdict::Fail => format!("{what} fails {when}"),
        Verdict::Undecided => format!("{what} is undecided {when}"),
        Verdict::Pass => format!("{what} holds {when}"),
    }
}

/// An objective by the name that it has on a screen.
pub(crate) fn objective(answer: &Answer, id: &str) -> String {
    let latency = answer.demand.objectives.latency.iter();
    match latency.clone().find(|objective| objective.id() == id) {
        Some(objective) => match &objective.class {
            Some(class) => format!("latency {} {class}", objective.percentile),
            None => format!("latency {}", objective.percentile),
        },
        None => id.to_owned(),
    }
}

/// A scenario as the end of a sentence: `with 25% more load`.
pub(crate) fn scenario(answer: &Answer, name: &str) -> String {
    let headroom = answer.demand.objectives.headroom.load.value();
    match name.split_once(':') {
        None => match name {
            "peak" => "at the stated peak".into(),
            "headroom" => format!("with {} more load", percent(headroom, 1)),
            "day" => "over the day".into(),
            "zone-loss" => "after the loss of a zone".into(),
            "blip" => "after a stall of a dependency".into(),
            other => format!("in {other}"),
        },
        Some(("zone-loss", zone)) => format!("after the loss of zone {zone}"),
        Some(("instance-down", service)) => format!("with one {service} instance down"),
        Some(("sql-failover", service)) => format!("after a failover of {service}"),
        Some(("cache-loss", service)) => format!("with one {service} node lost"),
        Some(("cache-lost", service)) => format!("with all of {service} lost"),
        Some((what, whom)) => format!("in {what} of {whom}"),
    }
}

/// The least share of good answers that every demanded scenario has to have by itself; `None` where
/// none is judged by it.
pub(crate) fn goodput(answer: &Answer) -> Option<f64> {
    let checks = answer.verification.checks.iter();
    let demanded = checks.filter(|check| check.demanded && check.objective == "goodput");
    demanded.map(|check| check.limit).reduce(f64::min)
}

/// From this utilisation on it is the service that gives in, whatever limit shows it first.
const SATURATED: f64 = 0.95;

/// What gives in at the breaking load: a saturated service, or a limit that breaks before any is;
/// nothing where the busiest service is not known.
pub(crate) fn gives_in(answer: &Answer, breaking: &BreakingLoad) -> Option<String> {
    let (service, breaks) = (&breaking.saturates, breaking.breaks?);
    let at = answer.demand.services.iter().position(|known| known.name.as_str() == service);
    let Some(sizing) = at.map(|at| &answer.plan.sizing[at]) else {
        return (!service.is_empty()).then(|| format!("{service} saturates"));
    };
    let busy = sizing.at_peak * breaks;
    if busy >= SATURATED {
        return Some(format!("{service} saturates"));
    }
    let objectives = &answer.demand.objectives.latency;
    let broken = objectives.iter().find(|objective| is_broken(answer, objective, breaks));
    let limit = match broken {
        Some(broken) => format!("{} breaks", self::objective(answer, &broken.id())),
        None if objectives.iter().any(|objective| objective.class.is_some()) => {
            "a latency breaks".to_owned()
        }
        None => "requests fail".to_owned(),
    };
    Some(format!("{limit} ({service} {} busy)", percent(busy, 0)))
}

/// Whether the curve shows a latency of all requests above its limit at a load.
fn is_broken(answer: &Answer, objective: &LatencyObjective, factor: f64) -> bool {
    let curve = answer.verification.load_curve.iter();
    let Some(point) = curve
        .filter(|point| point.factor >= factor * (1.0 - 1e-9))
        .min_by(|one, other| one.factor.total_cmp(&other.factor))
    else {
        return false;
    };
    let seen = match objective.percentile.permille() {
        500 => point.p50,
        950 => point.p95,
        990 => point.p99,
        _ => return false,
    };
    objective.class.is_none() && seen.value > objective.limit.value()
}

/// The word for a status.
pub(crate) const fn status(status: Status) -> &'static str {
    match status {
        Status::Verified => "VERIFIED",
        Status::Refuted => "REFUTED",
        Status::Undecided => "UNDECIDED",
    }
}

/// How often the verdict may be a false *verified*: `error 3%`.
pub(crate) fn error_allowed(found: &Verification) -> String {
    format!("error {}", percent(found.alpha.value(), 1))
}

/// The worst verdict among demanded checks; `None` when none is demanded.
pub(crate) fn worst<'a>(checks: impl Iterator<Item = &'a Check>) -> Option<Verdict> {
    let rank = |verdict: &Verdict| match verdict {
        Verdict::Pass => 0,
        Verdict::Undecided => 1,
        Verdict::Fail => 2,
    };
    checks.filter(|check| check.demanded).map(|check| check.verdict).max_by_key(rank)
}

/// What is kept beyond the stated peak: `25% more load and one instance down`.
pub(crate) fn headroom(answer: &Answer) -> Option<String> {
    let headroom = &answer.demand.objectives.headroom;
    let load = headroom.load.value();
    let load = (load > 0.0).then(|| format!("{} more load", percent(load, 1)));
    let down = match headroom.instances_down {
        0 => None,
        1 => Some("one instance down".to_owned()),
        more => Some(format!("{more} instances down")),
    };
    match (load, down) {
        (Some(load), Some(down)) => Some(format!("{load} and {down}")),
        (load, down) => load.or(down),
    }
}

/// The name of an assumption as people say it: `services.app.cpu_time` is the `app CPU time`.
pub(crate) fn assumption(name: &str) -> String {
    let short = ["demand.", "services.", "requests."]
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix))
        .unwrap_or(name);
    short
        .split(['.', '_'])
        .map(|word| match word {
            "cpu" => "CPU",
            "sql" => "SQL",
            other => other,
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// How much of a factor lies above or below the whole: `+32%`, `−13%`.
pub(crate) fn beyond(factor: f64) -> String {
    let sign = if factor < 1.0 { '−' } else { '+' };
    format!("{sign}{}%", decimals((factor - 1.0).abs() * 100.0, 0))
}

/// Words as a list in a sentence: `aws, azure and google`.
pub(crate) fn listed(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
