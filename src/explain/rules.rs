//! The rules of policies: what each that acts costs, and why nothing depends on the others.

use std::collections::BTreeSet;

use domain::explanation::IdleRule;
use domain::intent::Intent;
use domain::policy::Effect;
use reports::spec::built;
use solver::relax::Aspect;

use super::Answered;
use super::prices::Question;
use crate::check::policy::verdicts;
use crate::planning::standing;

/// What is asked of a rule.
const WITHOUT: &str = "without it";

impl Answered<'_> {
    /// Each rule that acts: less of it is to waive it alone, and there is no more of it.
    pub(super) fn rules(&self) -> Vec<Question> {
        let acting = self.intent.policy.acting(self.intent);
        let asked = acting.map(|(at, rule)| {
            let aspect = Aspect::Policy(at);
            Question {
                name: aspect.name(self.intent),
                place: Some(rule.place.clone()),
                asked: aspect.stated(self.intent),
                varied: WITHOUT,
                less: Some((WITHOUT.to_owned(), aspect.loosest(self.intent))),
                more: None,
            }
        });
        asked.collect()
    }

    /// Whether the same machines are judged by the same demand for another intent: what differs is
    /// what may be bought, and where.
    pub(super) fn is_judged_alike(&self, other: &Intent) -> bool {
        let Ok(mut other) = self.planner.demand(other) else { return false };
        let here = self.demand;
        other.policy.clone_from(&here.policy);
        other.ledger.clone_from(&here.ledger);
        other.run_on.clone_from(&here.run_on);
        other == *here
    }

    /// The other rules, each with why nothing depends on it.
    pub(super) fn idle(&self) -> Vec<IdleRule> {
        let (intent, plan) = (self.intent, &self.design.plan);
        let policies = &intent.policy;
        if policies.rules.is_empty() {
            return Vec::new();
        }
        let acting: BTreeSet<usize> = policies.acting(intent).map(|(at, _)| at).collect();
        let binding: BTreeSet<usize> = policies.binding(intent).map(|(at, _)| at).collect();
        let built = built(intent, self.demand, plan);
        let standing = standing((intent, self.demand, plan), &built, self.planner.catalog);
        let environment = domain::policy::environment(intent);
        let judged = verdicts(&standing).into_iter().zip(policies.rules.iter()).enumerate();
        let idle = judged.filter(|(at, _)| !acting.contains(at));
        let told = idle.map(|(at, (verdict, rule))| {
            let speaks = rule.applies(environment) && rule.is_bound(intent);
            let why = match rule.effect {
                Effect::Warn if speaks && policies.lifted(at).is_none() => {
                    format!("only warns: {}", verdict.text)
                }
                Effect::Enforce if binding.contains(&at) => {
                    format!("no choice depends on it: {}", verdict.text)
                }
                Effect::Warn | Effect::Enforce => verdict.text,
            };
            let (rule, place, says) = (rule.name.clone(), rule.place.clone(), rule.text());
            IdleRule { rule, place, says, why }
        });
        told.collect()
    }
}
