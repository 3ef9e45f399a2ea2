//! The services that a rule speaks of, read from the rule, the intent and the exceptions.

use domain::demand::ServiceDemand;
use domain::intent::ServiceKind;
use domain::name::Name;
use domain::policy::Rule;
use domain::spec::ServicePart;
use domain::topology::Deployment;

use super::policy::{Standing, stores};

/// A rule with the services that it speaks of.
pub(super) struct Spoken<'s> {
    pub(super) standing: &'s Standing<'s>,
    rule: &'s Rule,
    /// Services that hold the data that the rule is for; none where it is for none.
    pub(super) holders: Vec<&'s Name>,
    /// Services that it is lifted for.
    except: Vec<&'s Name>,
}

impl<'s> Spoken<'s> {
    /// The rule at a place.
    pub(super) fn of(standing: &'s Standing<'s>, at: usize) -> Self {
        let policies = &standing.intent.policy;
        let rule = &policies.rules[at];
        let holds = |class| move |own: &&domain::intent::Service| own.holds.contains(&class);
        let holders = match rule.holds {
            Some(class) => {
                let services = standing.intent.services.iter().filter(holds(class));
                services.map(|own| &own.name).collect()
            }
            None => Vec::new(),
        };
        let lifting = policies
            .exceptions
            .iter()
            .filter(|own| own.rule == at && policies.on.is_some_and(|on| on <= own.until));
        let except = lifting.filter_map(|own| own.service.as_ref()).collect();
        Self { standing, rule, holders, except }
    }

    /// Whether it speaks of a service: of none of somebody else, of which nothing is chosen.
    fn is_of(&self, service: &ServiceDemand) -> bool {
        let name = &service.name;
        service.kind != ServiceKind::External
            && self.rule.stateful.is_none_or(|own| own == stores(service.kind))
            && (self.rule.holds.is_none() || self.holders.contains(&name))
            && !self.except.contains(&name)
    }

    /// Whether it speaks of the edge, and so of what stands before it.
    pub(super) fn is_of_the_edge(&self) -> bool {
        self.standing.demand.services.first().is_some_and(|edge| self.is_of(edge))
    }

    /// The services with how they are deployed.
    pub(super) fn deployed(&self) -> impl Iterator<Item = (&'s ServiceDemand, &'s Deployment)> {
        let standing = self.standing;
        let all = standing.demand.services.iter().zip(&standing.topology.services);
        all.filter(|(service, _)| self.is_of(service))
    }

    /// The services as their spec has them.
    pub(super) fn parts(&self) -> impl Iterator<Item = &'s ServicePart> {
        let standing = self.standing;
        let all = standing.demand.services.iter().filter(|service| self.is_of(service));
        all.filter_map(|own| standing.services.iter().find(|part| part.name == own.name))
    }
}
