//! Uptime: every state that faults lead to, its share of the time, and what is lost in it.
//!
//! # How it is worked out
//! - *States*: each zone is up or down, and in the zones that are up a binomial number of each
//!   service's instances is down. All states above a tiny probability are enumerated; what lies
//!   below it is counted as lost. The share of requests lost in a state is simulated, at the stated
//!   peak: at any other hour it is less, so the sum is too high rather than too low. Of a service
//!   on several kinds of machines those that can do most are taken to be down, which errs on the
//!   same side.
//! - *Episodes*: until a fault is noticed and worked around, requests are lost that no state knows
//!   of. Each costs its rate times the seconds' worth of requests that the simulation lost.
//! - *Common causes*: a share of the instance faults takes all instances of a service in a zone at
//!   once, and loses no more than the loss of that zone does; a share of the zone faults takes all
//!   zones. A zone's outage is one event, whatever stands in it.
//! - *Not in the topology*: the region, the balancer, the name service, what stands before the
//!   edge and failing changes cost their rates times their durations.
//!
//! Request-weighted unavailability adds all that up. Its interval is that of what was simulated in
//! states and episodes; the rates of the faults are assumptions, and figures at twice the rates are
//! told instead. The structural one counts the whole time in
//! which the latency objectives do not hold at the peak. The year's chance of staying within its
//! budget comes from years in which each fault strikes at random: zone outages last lognormally,
//! other repairs exponentially, failovers and ejections as long as they were simulated.

mod faults;
mod outcomes;
mod states;
mod terms;
mod year;

use domain::units::{Availability, Ppm, Probability};
use domain::verification::{Check, CheckUnit, Method, Observed, UptimeResult, Verdict};

pub(crate) use outcomes::{Gathered, gather, matters};

use crate::judge::Judge;
use faults::Rates;
use states::Outcomes;

/// Works the uptime out from what the scenarios found.
pub(crate) fn uptime(
    judge: &Judge<'_>,
    found: &Gathered,
    objective: Availability,
) -> (UptimeResult, Observed) {
    let system = judge.system;
    let rates = Rates::of(&system.demand.faults, 1.0);
    let once = terms::terms(system, &found.outcomes, &rates);
    let twice = terms::terms(system, &found.outcomes, &Rates::of(&system.demand.faults, 2.0));
    // What is lost is a sum over findings that do not depend on one another.
    let distance = |moved: &[Outcomes]| {
        let moved = moved.iter().map(|other| terms::terms(system, other, &rates).lost());
        moved.map(|lost| (lost - once.lost()).powi(2)).sum::<f64>().sqrt()
    };
    let interval = Observed {
        value: once.lost() * 1e6,
        low: (once.lost() - distance(&found.better)).max(0.0) * 1e6,
        high: (once.lost() + distance(&found.worse)) * 1e6,
    };
    let budget = objective.error_budget();
    let within = year::within_budget(&once.losses, budget, judge.settings.seed);
    let mut terms: Vec<(String, Ppm)> = once
        .by_cause
        .iter()
        .map(|(name, share)| (name.clone(), Ppm::of(share * 1e6)))
        .filter(|(_, ppm)| ppm.value() > 0.0)
        .collect();
    // The largest first; equals in the order in which they were worked out.
    terms.sort_by_key(|(_, ppm)| std::cmp::Reverse(*ppm));
    let result = UptimeResult {
        request_weighted: Ppm::of(once.lost() * 1e6),
        at_twice_the_rates: Ppm::of(twice.lost() * 1e6),
        structural: Ppm::of(once.not_holding * 1e6),
        year_within_budget: Probability::of(within),
        degraded: Ppm::of(once.degraded * 1e6),
        terms,
        states: once.states,
    };
    (result, interval)
}

/// The check of an uptime objective by its unavailability in parts per million. Where something
/// could not be simulated and was counted as lost, what is above the objective with it may be below
/// without it.
pub(crate) fn check(
    observed: Observed,
    objective: Availability,
    unseen: bool,
    requests: u64,
) -> Check {
    let limit = objective.error_budget().value();
    Check {
        id: "uptime".to_owned(),
        objective: "uptime".to_owned(),
        scenario: "states".to_owned(),
        demanded: true,
        observed,
        limit,
        unit: CheckUnit::UnavailabilityPpm,
        verdict: if observed.high <= limit {
            Verdict::Pass
        } else if observed.low > limit && !unseen {
            Verdict::Fail
        } else {
            Verdict::Undecided
        },
        method: Method::Exact,
        trials: 0,
        requests,
    }
}
