//! What stands beside the verdict in every format: whether somebody has to agree, and what nobody
//! demanded and would fail.

use domain::outcome::Answer;
use domain::spec::{Approval, Spec};
use domain::verification::{Check, CheckUnit, Verdict};

use crate::figures;
use crate::findings;

/// The objective of being back after a fault.
const RECOVERY: &str = "recovery";

/// Before what would fail.
pub(crate) const WOULD_FAIL: &str = "Not demanded, and would fail:";

/// Where nothing would.
pub(crate) const NOTHING_ELSE: &str = "Nothing else that was simulated would fail.";

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

/// What nobody demanded, and would fail or could not be decided.
pub(crate) fn beside(answer: &Answer) -> Vec<Beside> {
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
    let slow = own().find(|check| check.unit == CheckUnit::Seconds && check.objective != RECOVERY);
    told.extend(
        slow.map(|check| findings::objective(answer, &check.objective) + " beyond its limit"),
    );
    let back = own().find(|check| check.objective == RECOVERY);
    told.extend(back.map(|_| "not back in time".to_owned()));
    Beside {
        verdict: if fails { Verdict::Fail } else { Verdict::Undecided },
        scenario: findings::scenario(answer, scenario),
        told: told.join(", "),
    }
}
