//! What a spec says of policies: every rule judged again from what the spec describes.

use domain::facts::Facts;
use domain::spec::Approval;
use domain::topology::Topology;
use reports::spec::reviews;

use super::asked::Asked;
use super::{Audit, exact::Whole};
use crate::check::policy::{Standing, broken, verdicts};

impl Audit<'_> {
    pub(super) fn policy(&mut self, asked: &Asked, topology: &Topology, facts: &Facts) {
        let own = &self.spec.policy;
        let policies = &asked.intent.policy;
        if topology.services.len() != asked.demand.services.len() {
            return;
        }
        let labels: Vec<(String, String)> = self.spec.metadata.labels.clone().into_iter().collect();
        let bills = self.spec.cost.monthly_micros;
        let standing = Standing {
            intent: &asked.intent,
            demand: &asked.demand,
            topology,
            labels: &labels,
            network: &self.spec.network,
            services: &self.spec.services,
            facts,
            expected: bills.expected,
            ceiling: bills.ceiling,
            oldest: self.spec.cost.lines.iter().map(|line| line.as_of.0).min(),
            as_of: self.spec.provenance.catalog.as_of.0,
        };
        let count = own.results.len() as u64;
        let due = policies.rules.len() as u128;
        self.book.whole("/policy/results", count, Whole::exactly(due));
        let judged = verdicts(&standing);
        for (at, (result, verdict)) in own.results.iter().zip(&judged).enumerate() {
            let place = format!("/policy/results/{at}");
            self.book.same(&format!("{place}/rule"), &result.rule, &verdict.rule);
            self.book.same(&format!("{place}/kept"), &result.kept, &verdict.kept);
            self.book.same(&format!("{place}/text"), &result.text, &verdict.text);
        }
        for (at, (result, rule)) in own.results.iter().zip(policies.rules.iter()).enumerate() {
            let place = format!("/policy/results/{at}/says");
            self.book.same(&place, &result.says, &rule.text());
        }
        for (at, (document, layer)) in own.documents.iter().zip(policies.layers.iter()).enumerate()
        {
            let place = format!("/policy/documents/{at}/name");
            self.book.same(&place, &document.name, &layer.name);
        }
        let lifting = policies.exceptions.iter().map(|own| {
            let rule = &policies.rules[own.rule].name;
            (rule.as_str(), own.service.as_ref(), own.until, policies.lifts_in(own, &asked.demand))
        });
        let told = own
            .exceptions
            .iter()
            .map(|own| (own.rule.as_str(), own.service.as_ref(), own.until.0, own.in_force));
        let text = "they are not those of the policies on that day";
        self.book.holds("/policy/exceptions", told.eq(lifting), text);
        self.reviews(asked);
        for text in broken(&standing) {
            self.book.push("/policy/results", &text, None);
        }
    }

    /// Which approvals the plan needs.
    fn reviews(&mut self, asked: &Asked) {
        let author = reviews::author_in(self.spec);
        let facts = reviews::facts_in(self.spec, &author);
        let people = &asked.intent.policy.people;
        let (own, verdict) = (&self.spec.policy, self.spec.verdict.approval);
        if people.is_empty()
            && own.reviews.is_empty()
            && own.stage.is_none()
            && verdict == Approval::NotRequired
        {
            return;
        }
        let due = reviews::judged(people, &facts);
        let same = own.reviews == due && own.stage == people.stage;
        self.book.holds("/policy/reviews", same, "other reviews follow from the policies");
        let same = verdict == reviews::approval(people, &facts);
        self.book.holds("/verdict/approval", same, "the policies say otherwise");
    }
}
