//! What stands beside the verdict in every format: whether somebody has to agree, and what nobody
//! demanded and would fail, or was not decided.

use domain::outcome::Answer;
use domain::spec::{Approval, Spec};
use domain::verification::{Check, CheckUnit, Observed, Verdict};

use crate::figures;
use crate::findings;

/// The objective of being back after a fault.
const RECOVERY: &str = "recovery";

/// Before what would fail.
const WOULD_FAIL: &str = "Not demanded, and would fail:";

/// Before what could not be decided: an interval that holds its limit says neither.
const MAY_FAIL: &str = "Not demanded, and not decided whether it would fail:";

/// Where nothing would fail, and nothing was left open.
const NOTHING_ELSE: &str = "Nothing else that was simulated would fail.";

/// The same where something was left open.
const NONE_DECIDED: &str = "Nothing else that was simulated is known to fail.";

/// Whether somebody has to agree, as it is said beside the price.
pub(crate) const fn approval(spec: &Spec) -> &'static str {
    match spec.verdict.approval {
        Approval::NotRequired => "needs approval: no",
        Approval::Unapproved => "needs approval: yes",
    }
}

/// A scenario in which something would fail, or could not be decided, that nobody demanded.
pub(crate) struct Beside {
    pub(crate) verdict: Verdict,
    /// The scenario as the end of a sentence.
    pub(crate) scenario: String,
    /// What goes wrong in it; nothing where that is not known more closely.
    pub(crate) told: String,
}

/// What nobody demanded: each sentence with what stands under it, which would fail or could not be
/// decided.
pub(crate) fn beside(answer: &Answer) -> Vec<(&'static str, Vec<Beside>)> {
    let (fails, open): (Vec<Beside>, Vec<Beside>) =
        scenarios(answer).into_iter().partition(|own| own.verdict == Verdict::Fail);
    let first = match (fails.is_empty(), open.is_empty()) {
        (false, _) => WOULD_FAIL,
        (true, true) => NOTHING_ELSE,
        (true, false) => NONE_DECIDED,
    };
    let second = (!open.is_empty()).then_some((MAY_FAIL, open));
    [(first, fails)].into_iter().chain(second).collect()
}

fn scenarios(answer: &Answer) -> Vec<Beside> {
    let mut scenarios: Vec<&str> = Vec::new();
    for check in answer.verification.checks.iter().filter(|check| is_open(check)) {
        if !scenarios.contains(&check.scenario.as_str()) {
            scenarios.push(&check.scenario);
        }
    }
    scenarios.into_iter().map(|scenario| failing(answer, scenario)).collect()
}

fn is_open(check: &Check) -> bool {
    !check.demanded && check.verdict != Verdict::Pass
}

/// What goes wrong in a scenario, shortest first: the share that is served, then all that fails.
fn failing(answer: &Answer, scenario: &str) -> Beside {
    let checks = &answer.verification.checks;
    let own = || checks.iter().filter(|check| is_open(check) && check.scenario == scenario);
    let served = checks.iter().find(|check| {
        check.scenario == scenario && check.unit == CheckUnit::Share && !check.demanded
    });
    let fails = own().any(|check| check.verdict == Verdict::Fail);
    let mut told: Vec<String> = Vec::new();
    told.extend(served.map(|served| format!("{} served", figures::good(served.observed.value))));
    // Of several the one that fails is told.
    let first = |is: fn(&Check) -> bool| {
        let fails = |check: &&Check| check.verdict == Verdict::Fail;
        own().filter(|check| is(check)).find(fails).or_else(|| own().find(|check| is(check)))
    };
    let slow = first(|check| check.unit == CheckUnit::Seconds && check.objective != RECOVERY);
    told.extend(slow.map(|check| {
        let what = findings::objective(answer, &check.objective);
        match check.verdict {
            Verdict::Undecided => format!("{what} {}", between(check)),
            Verdict::Pass | Verdict::Fail => what + " beyond its limit",
        }
    }));
    let back = first(|check| check.objective == RECOVERY);
    told.extend(back.map(|check| match check.verdict {
        Verdict::Undecided => format!("back in time or not: {}", between(check)),
        Verdict::Pass | Verdict::Fail => "not back in time".to_owned(),
    }));
    Beside {
        verdict: if fails { Verdict::Fail } else { Verdict::Undecided },
        scenario: findings::scenario(answer, scenario),
        told: told.join(", "),
    }
}

/// What is known of what is open, beside its limit.
fn between(check: &Check) -> String {
    let Observed { low, high, .. } = check.observed;
    let seen = figures::time_range(low, high);
    format!("{seen}, which says neither, against {}", figures::time(check.limit))
}
