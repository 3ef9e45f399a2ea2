//! What became of the rules of policies in an answer, and what each of them costs.

use domain::catalog::Catalog;
use domain::demand::Demand;
use domain::intent::Intent;
use domain::plan::Plan;
use domain::policy::RuleVerdict;
use domain::spec::{Network, ServicePart};
use domain::units::MicroDollars;
use rayon::prelude::*;
use reports::spec::built;

use super::Planner;
use crate::check::policy::{Standing, verdicts};

impl Planner<'_> {
    /// Each rule judged; and for each that acts, what the cheapest plan would cost without it.
    pub(super) fn rules_judged(
        &self,
        intent: &Intent,
        demand: &Demand,
        plan: &Plan,
    ) -> Vec<RuleVerdict> {
        if intent.policy.is_empty() {
            return Vec::new();
        }
        let built = built(intent, demand, plan);
        let mut judged = verdicts(&standing((intent, demand, plan), &built, self.catalog));
        if self.thorough {
            (self.progress)("looking for what each rule costs");
            let with = self.solved_cost(demand);
            let acting: Vec<usize> = intent.policy.acting(intent).map(|(at, _)| at).collect();
            let without: Vec<(usize, Option<MicroDollars>)> =
                acting.into_par_iter().map(|at| (at, self.without(intent, at))).collect();
            for (at, cost) in without {
                judged[at].without = cost.filter(|cost| Some(*cost) != with);
            }
        }
        judged
    }

    /// The expected bill of the cheapest plan without one rule; `None` where there is none.
    fn without(&self, intent: &Intent, rule: usize) -> Option<MicroDollars> {
        let mut waived = intent.clone();
        waived.policy.waived.insert(rule);
        self.solved_cost(&self.demand(&waived).ok()?)
    }
}

/// A plan as its rules are judged.
pub(crate) fn standing<'a>(
    (intent, demand, plan): (&'a Intent, &'a Demand, &'a Plan),
    (network, services): &'a (Network, Vec<ServicePart>),
    catalog: &'a Catalog,
) -> Standing<'a> {
    let totals = plan.bill.totals();
    Standing {
        intent,
        demand,
        topology: &plan.topology,
        labels: &intent.metadata.labels,
        network,
        services,
        facts: &catalog.facts,
        expected: totals.expected,
        ceiling: totals.ceiling,
        oldest: plan.bill.oldest_price(),
        as_of: catalog.as_of,
    }
}
