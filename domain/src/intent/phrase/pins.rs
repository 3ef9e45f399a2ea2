//! Decisions that were taken beforehand: "3 EC2 instances for web", "db on db.m6g.large".

use super::super::fault::IntentFault;
use super::lexicon::{FILLERS, MACHINES, USERS, Way, lists};
use super::parser::Parser;
use super::quantity::{Measure, Quantity};
use super::tokens::Kind;

/// A cloud that a wording implies, and what its machines are.
type Machines = (&'static str, Option<&'static str>);

/// What the machines of a cloud are called.
const PRODUCTS: &[(&str, Machines)] = &[
    ("aws ec2", ("aws", Some("instance"))),
    ("amazon ec2", ("aws", Some("instance"))),
    ("ec2", ("aws", Some("instance"))),
    ("aws", ("aws", None)),
    ("rds", ("aws", Some("managed_sql"))),
    ("elasticache", ("aws", Some("managed_cache"))),
    ("azure", ("azure", None)),
    ("gce", ("google", Some("instance"))),
    ("compute engine", ("google", Some("instance"))),
    ("google", ("google", None)),
    ("gcp", ("google", None)),
];

/// Behind the name of a service these say nothing more.
const TIERS: &[&str] = &["tier", "layer", "service", "services", "servers", "server"];

/// Limits that exclude themselves: four is not "under 4".
const STRICT: &[&str] = &["under", "below", "over", "above", "<", ">", "than"];

/// A decision as far as it has been read.
#[derive(Default)]
struct Decision {
    count: Option<(Way, String)>,
    /// Whether the limit itself is excluded, as in "under 4".
    strict: bool,
    machines: Option<Machines>,
    instance_type: Option<String>,
    service: Option<String>,
}

impl Decision {
    /// "3 EC2" is enough without the word for machines.
    fn names_a_product(&self) -> bool {
        self.machines.is_some_and(|(_, product)| product.is_some())
    }
}

impl Parser<'_, '_> {
    /// A decision, if one starts here.
    pub(super) fn pin(&mut self, at: usize) -> Option<usize> {
        let (decision, next) = self
            .counted_machines(at)
            .or_else(|| self.service_on_type(at))
            .or_else(|| self.type_for_service(at))?;
        self.decide((at, next), &decision);
        Some(next)
    }

    /// "at least 3 c8g.xlarge EC2 instances for web".
    fn counted_machines(&self, at: usize) -> Option<(Decision, usize)> {
        let (way, number) = self.limits(at);
        let quantity = self.quantity(number)?;
        let Quantity { measure, text, next } = quantity;
        // "3x m5.large" counts machines; "4x the mean" does not.
        let times = measure == Measure::Times
            && (self.instance_type(next).is_some() || self.row(next, PRODUCTS).is_some());
        if (measure != Measure::Bare && !times) || self.people(next).is_some() {
            return None;
        }
        let mut decision = Decision {
            count: Some((way.unwrap_or(Way::Equal), text)),
            strict: !matches!(self.word(at), "no" | "not")
                && (at..number).any(|at| STRICT.contains(&self.word(at))),
            ..Decision::default()
        };
        let mut next = self.machine_words(next, &mut decision);
        let machines = self.any_of(next, MACHINES);
        if let Some((after, _)) = machines {
            next = after;
        } else if decision.instance_type.is_none() && !decision.names_a_product() {
            let (after, _) = self.any_of(next + 1, MACHINES)?;
            decision.service = Some(self.service_name(next)?);
            return Some((decision, after));
        }
        if machines.is_some() && self.is_down(next).is_some() {
            return None;
        }
        if let Some((after, _)) = self.any_of(next, &["of type", "type"])
            && let Some(kind) = self.instance_type(after)
        {
            (decision.instance_type, next) = (Some(kind), after + 1);
        }
        next = self.for_service(next, &mut decision);
        if let Some((kind, after)) = self.on_type(next).filter(|_| decision.service.is_some()) {
            (decision.instance_type, next) = (Some(kind), after);
        }
        Some((decision, next))
    }

    /// The cloud and the type before the machines, in either order.
    fn machine_words(&self, at: usize, decision: &mut Decision) -> usize {
        let mut next = at;
        for _ in 0..2 {
            if let Some((after, machines)) = self.row(next, PRODUCTS) {
                (decision.machines, next) = (Some(machines), after);
            } else if let Some(kind) = self.instance_type(next) {
                (decision.instance_type, next) = (Some(kind), next + 1);
            }
        }
        next
    }

    /// "for the web tier".
    fn for_service(&self, at: usize, decision: &mut Decision) -> usize {
        let joins = ["for the", "for my", "for our", "for", "as the", "as", "behind the", "behind"];
        let Some((after, _)) = self.any_of(at, &joins) else {
            return at;
        };
        let Some(name) = self.service_name(after) else {
            return at;
        };
        decision.service = Some(name);
        self.any_of(after + 1, TIERS).map_or(after + 1, |(next, _)| next)
    }

    /// "db on db.m6g.large".
    fn service_on_type(&self, at: usize) -> Option<(Decision, usize)> {
        let service = self.service_name(at)?;
        let tier = self.any_of(at + 1, TIERS).map_or(at + 1, |(next, _)| next);
        let (kind, next) = self.on_type(tier)?;
        let decision =
            Decision { instance_type: Some(kind), service: Some(service), ..Decision::default() };
        Some((decision, next))
    }

    fn on_type(&self, at: usize) -> Option<(String, usize)> {
        let joins = ["runs on", "running on", "run on", "on", "uses", "using", "=", ":", "is"];
        let (after, _) = self.any_of(at, &joins)?;
        let after = self.any_of(after, &["a", "an"]).map_or(after, |(next, _)| next);
        let kind = self.instance_type(after)?;
        let next = self.any_of(after + 1, MACHINES).map_or(after + 1, |(next, _)| next);
        Some((kind, next))
    }

    /// "c8g.xlarge for app".
    fn type_for_service(&self, at: usize) -> Option<(Decision, usize)> {
        let mut decision =
            Decision { instance_type: Some(self.instance_type(at)?), ..Decision::default() };
        let next = self.any_of(at + 1, MACHINES).map_or(at + 1, |(next, _)| next);
        let next = self.for_service(next, &mut decision);
        Some((decision, next))
    }

    /// A word that can name a service.
    fn service_name(&self, at: usize) -> Option<String> {
        let token = self.token(at).filter(|token| token.kind == Kind::Word)?;
        let word = token.word.as_str();
        let harmless = lists(FILLERS, word) && !matches!(word, "app" | "web" | "application");
        let reserved = harmless || USERS.contains(&word) || MACHINES.contains(&word);
        let name = word.parse::<crate::name::Name>().is_ok();
        (name && !reserved && self.instance_type(at).is_none()).then(|| word.to_owned())
    }

    /// A type as the clouds write them.
    fn instance_type(&self, at: usize) -> Option<String> {
        let token = self.token(at).filter(|token| token.kind == Kind::Word)?;
        is_instance_type(&token.word).then(|| {
            let written = self.written(at, at + 1);
            let own_case = written.to_ascii_lowercase().starts_with("standard_");
            if own_case { written.to_owned() } else { token.word.clone() }
        })
    }

    fn decide(&mut self, span: (usize, usize), decision: &Decision) {
        let Some(service) = &decision.service else {
            let help = format!("for example: {} for app", self.written(span.0, span.1));
            self.fault(IntentFault::Pin, span, "does not say of which service", help);
            return;
        };
        if decision.strict {
            let help = "say at least, at most or exactly";
            self.fault(IntentFault::Direction, span, "excludes its own limit", help);
            return;
        }
        let said = self.written(span.0, span.1).to_owned();
        if let Some((way, count)) = &decision.count {
            if *way != Way::AtMost {
                self.state(span, &["pins", service, "replicas", "min"], count, &said);
            }
            if *way != Way::AtLeast {
                self.state(span, &["pins", service, "replicas", "max"], count, &said);
            }
        }
        if let Some(kind) = &decision.instance_type {
            self.state(span, &["pins", service, "instance_type"], kind, &said);
        }
        if let Some((provider, product)) = decision.machines {
            self.state(span, &["pins", service, "provider"], provider, &said);
            if let Some(product) = product {
                self.state(span, &["pins", service, "product"], product, &said);
            }
        }
    }
}

/// Whether a word has the form of an instance type: `c8g.xlarge`, `db.m6g.large`,
/// `Standard_D4ps_v6`, `n2-standard-4`.
pub(super) fn is_instance_type(word: &str) -> bool {
    let amazon = word.split_once('.').is_some_and(|(head, rest)| {
        let size = rest.rsplit('.').next().unwrap_or_default();
        let sizes = ["large", "medium", "small", "micro", "nano", "metal"];
        !head.is_empty() && sizes.iter().any(|known| size.contains(known))
    });
    let azure = word.starts_with("standard_") || {
        let version = word.rsplit_once("_v");
        version.is_some_and(|(head, number)| {
            head.starts_with(|letter: char| letter.is_ascii_lowercase())
                && head.contains(|letter: char| letter.is_ascii_digit())
                && number.parse::<u8>().is_ok()
        })
    };
    let google = word.split_once('-').is_some_and(|(family, rest)| {
        let kinds = ["standard", "highmem", "highcpu", "medium", "small", "micro"];
        let mut letters = family.chars();
        letters.next().is_some_and(|letter| letter.is_ascii_lowercase())
            && letters.next().is_some_and(|letter| letter.is_ascii_digit())
            && kinds.iter().any(|kind| rest.starts_with(kind))
    });
    amazon || azure || google
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_the_three_clouds_are_known_by_their_form() {
        for word in [
            "c8g.xlarge",
            "db.m6g.large",
            "cache.m7g.large",
            "standard_d4ps_v6",
            "d4ps_v6",
            "n2-standard-4",
            "c4a-highmem-8",
            "e2-medium",
            "m5.metal",
            "t4g.micro",
        ] {
            assert!(is_instance_type(word), "{word}");
        }
        for word in ["web", "us-east-1", "p99.9", "e-mail", "shop.yaml", "v6", "_v6", ""] {
            assert!(!is_instance_type(word), "{word}");
        }
    }
}
