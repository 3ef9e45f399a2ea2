//! What holds otherwise. What was simulated is uncertain, so two observations differ only where
//! their intervals do not overlap.

use std::cmp::Ordering;

use domain::spec::{CheckPart, ScenarioPart, Share, Spec};
use domain::verification::Verdict;

use super::Change;
use crate::figures;

/// Every change of an outcome, and whether something that is demanded no longer holds.
pub(super) fn changes(from: &Spec, to: &Spec) -> (Vec<Change>, bool) {
    let mut all: Vec<Change> = carried(from, to).into_iter().collect();
    let mut worse = false;
    let find = |spec: &'_ Spec, id: &str| -> Option<CheckPart> {
        spec.checks.iter().find(|own| own.id == id).cloned()
    };
    for now in &to.checks {
        let before = find(from, &now.id);
        let was = before.as_ref().map(|own| own.verdict);
        let fell = now.demanded && now.verdict != Verdict::Pass;
        worse |= fell && was.is_none_or(|was| was == Verdict::Pass);
        let turned = was.is_some_and(|was| was != now.verdict);
        let moved = before.as_ref().is_some_and(|before| apart(before, now));
        let tightened = before.as_ref().is_some_and(|before| limit(before) != limit(now));
        // A failure that nobody demanded to survive is news as well, if it is one.
        let news = before.is_none() && (now.demanded || now.verdict == Verdict::Fail);
        if turned || (now.demanded && (moved || tightened)) || news {
            all.push(Change {
                about: now.id.clone(),
                from: before.as_ref().map(said),
                to: Some(said(now)),
                held: was.filter(|_| turned).map(|was| [was, now.verdict]),
                demanded: Some(now.demanded || before.is_some_and(|before| before.demanded)),
            });
        }
    }
    let gone = from.checks.iter().filter(|own| own.demanded && find(to, &own.id).is_none());
    all.extend(gone.map(|own| Change {
        about: own.id.clone(),
        from: Some(said(own)),
        to: None,
        held: None,
        demanded: Some(true),
    }));
    all.extend(to.scenarios.iter().filter_map(|now| on_the_way(now, from, to)));
    (all, worse)
}

/// What is served from a fault until it is over, which no check judges: of the scenarios in which
/// something is demanded, where the intervals do not overlap.
fn on_the_way(now: &ScenarioPart, from: &Spec, to: &Spec) -> Option<Change> {
    let before = from.scenarios.iter().find(|own| own.name == now.name)?;
    let mut checks = from.checks.iter().chain(&to.checks).filter(|own| own.scenario == now.name);
    let judged = |own: &CheckPart| own.demanded && own.objective == "recovery";
    let ([low, high], [least, most]) = (before.goodput.ci95_ppm, now.goodput.ci95_ppm);
    if !checks.any(judged) || (least <= high && low <= most) {
        return None;
    }
    let said = |share: &Share| Some(figures::good(share.observed_ppm as f64 / 1e6));
    Some(Change {
        about: format!("served during {}", now.name),
        from: said(&before.goodput),
        to: said(&now.goodput),
        held: None,
        demanded: Some(true),
    })
}

/// The largest load that holds.
fn carried(from: &Spec, to: &Spec) -> Option<Change> {
    let said = |spec: &Spec| {
        let load = spec.breaking_load.as_ref()?;
        Some(match load.holds_users {
            Some(users) => format!("{} users", figures::grouped(users)),
            None => figures::percent(load.holds_ppm as f64 / 1e6, 0) + " of the peak",
        })
    };
    Change::of("load that holds", said(from), said(to))
}

/// What was observed against its limit.
fn said(check: &CheckPart) -> String {
    let time = |us: u64| figures::time(us as f64 / 1e6);
    let share = |ppm: u64| figures::good(ppm as f64 / 1e6);
    let load = |permille: u64| figures::percent(permille as f64 / 1e3, 0);
    let observed = check.observed_us.map(time).or_else(|| check.observed_ppm.map(share));
    let observed = observed.or_else(|| check.observed_load_permille.map(load));
    let observed = observed.unwrap_or_else(|| "without bound".to_owned());
    match limit(check) {
        // What is beyond its limit by less than is told may not look as if it kept it.
        Some(limit) if limit == observed => match beyond(check) {
            Ordering::Greater => format!("over {observed} of {limit}"),
            Ordering::Less => format!("under {observed} of {limit}"),
            Ordering::Equal => format!("{observed} of {limit}"),
        },
        Some(limit) => format!("{observed} of {limit}"),
        None => observed,
    }
}

/// On which side of its limit an observation is.
fn beyond(check: &CheckPart) -> Ordering {
    let sides = [
        (check.observed_us, check.limit_us),
        (check.observed_ppm, check.limit_ppm),
        (check.observed_load_permille, check.limit_load_permille),
    ];
    let both = sides.into_iter().find_map(|(observed, limit)| Some((observed?, limit?)));
    both.map_or(Ordering::Equal, |(observed, limit)| observed.cmp(&limit))
}

fn limit(check: &CheckPart) -> Option<String> {
    let time = check.limit_us.map(|us| figures::time(us as f64 / 1e6));
    let share = check.limit_ppm.map(|ppm| figures::good(ppm as f64 / 1e6));
    let load = check.limit_load_permille.map(|own| figures::percent(own as f64 / 1e3, 0));
    time.or(share).or(load)
}

/// Whether two observations are further apart than their intervals are wide.
fn apart(one: &CheckPart, other: &CheckPart) -> bool {
    let interval = |check: &CheckPart| -> Option<[u64; 2]> {
        let time = check.ci95_us.and_then(|[low, high]| Some([low?, high?]));
        time.or(check.ci95_ppm).or(check.ci95_load_permille)
    };
    match (interval(one), interval(other)) {
        (Some(one), Some(other)) => one[1] < other[0] || other[1] < one[0],
        (one, other) => one != other,
    }
}
