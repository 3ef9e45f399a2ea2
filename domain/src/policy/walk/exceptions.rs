//! What a policy lifts for a time.

use jiff::civil::Date;

use super::{Reader, Walked};
use crate::intent::fault::IntentFault;
use crate::intent::nearest::did_you_mean;
use crate::intent::text::Place;
use crate::intent::tree::Node;
use crate::intent::words::{joined, shown};
use crate::name::Name;

const KEYS: [&str; 5] = ["rule", "service", "until", "by", "because"];
/// Exceptions of one policy.
const EXCEPTIONS: usize = 200;

/// An exception as it was read.
pub(in crate::policy) struct Lifting {
    /// The place of the rule among those of its policy.
    pub(in crate::policy) rule: usize,
    pub(in crate::policy) service: Option<Name>,
    pub(in crate::policy) until: Date,
    pub(in crate::policy) by: String,
    pub(in crate::policy) because: String,
}

impl Reader<'_> {
    /// The exceptions of a policy from the rules of that policy.
    pub(super) fn exceptions(&mut self, node: &Node, rules: &[Walked]) -> Vec<Lifting> {
        let items = self.items(node, "exceptions", EXCEPTIONS);
        items.iter().filter_map(|item| self.exception(item, rules)).collect()
    }

    fn exception(&mut self, node: &Node, rules: &[Walked]) -> Option<Lifting> {
        for (key, example) in [
            ("rule", "families"),
            ("until", "2027-03-31"),
            ("by", "a.lee@example.com"),
            ("because", "it runs at night"),
        ] {
            self.due(node, key, "an exception", example);
        }
        let (mut rule, mut service, mut until) = (None, None, None);
        let (mut by, mut because) = (None, None);
        for entry in self.entries(node, "exceptions") {
            let (value, full) = (&entry.value, joined("exceptions", &entry.key));
            match entry.key.as_str() {
                "rule" => rule = self.lifted_rule(value, &full, rules),
                "service" => {
                    service = self.name(value, &full).map(|name| (name, value.place));
                }
                "until" => until = self.day(value, &full),
                "by" => by = self.printable(value, &full),
                "because" => because = self.printable(value, &full),
                _ => self.strange_key(entry, "exceptions", &KEYS, &[]),
            }
        }
        let rule = rule?;
        if let Some((_, place)) = &service {
            self.of_one_service(&rules[rule], *place);
        }
        let service = service.map(|(name, _)| name);
        Some(Lifting { rule, service, until: until?, by: by?, because: because? })
    }

    /// The place of the rule of that name.
    fn lifted_rule(&mut self, node: &Node, path: &str, rules: &[Walked]) -> Option<usize> {
        let text = self.text(node, path)?;
        let found = rules.iter().position(|walked| walked.rule.name == text);
        if found.is_none() {
            let names: Vec<&str> = rules.iter().map(|walked| walked.rule.name.as_str()).collect();
            let message =
                format!("{}: no rule of this policy is called `{}`", shown(path), shown(text));
            let help = did_you_mean(text, &names);
            self.note(IntentFault::Name, node.place, message, help);
        }
        found
    }

    /// A rule of the whole system is lifted as a whole, or not at all.
    fn of_one_service(&mut self, walked: &Walked, place: Place) {
        let whole = walked.rule.clauses.iter().find(|clause| !clause.is_of_services());
        if let Some(clause) = whole {
            let name = &walked.rule.name;
            let message = format!("rule {name}: {} is not of one service", clause.text());
            let help = "leave `service` out to lift the rule as a whole, or split the rule";
            self.note(IntentFault::Contradiction, place, message, help);
        }
    }
}
