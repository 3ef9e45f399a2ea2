//! From a tree to a policy, with all faults at once: a part that cannot be read is noted and passed
//! over, so that one walk finds everything.

mod clauses;
mod exceptions;
mod floors;
mod labels;
mod network;
mod reviews;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use super::{Clause, Effect, Profile, Rule};
use crate::data_class::DataClass;
use crate::intent::fault::IntentFault;
use crate::intent::faults::Noted;
use crate::intent::text::{Place, Texts};
use crate::intent::tree::{Entry, Node, Value};
use crate::intent::words::{TRUTHS, joined, shown};
use crate::intent::yaml;
use crate::name::Name;
pub(super) use exceptions::Lifting;

pub(super) use reviews::People;

const ROOT: &[&str] = &[
    "apiVersion",
    "kind",
    "metadata",
    "stage",
    "compliance",
    "rules",
    "reviews",
    "signers",
    "exceptions",
];
const METADATA: &[&str] = &["name", "version", "labels"];
const RULE: &[&str] =
    &["id", "when", "require", "limit", "allow", "deny", "effect", "serves", "because"];
const WHEN: &[&str] = &["environment", "service.stateful", "service.holds"];
const WHEN_LATER: &[&str] = &["cost.increase", "author.kind"];
/// Rules of a policy.
const RULES: usize = 500;
/// Labels of a policy, and clauses of laws that a rule serves.
const LABELS: usize = 64;

/// Reads a tree.
pub(super) struct Reader<'a> {
    pub(super) texts: &'a Texts,
    pub(super) noted: &'a mut Noted,
    /// The text of each compliance profile.
    pub(super) profiles: &'a [(Profile, Place)],
    /// Profiles whose rules hold already.
    pub(super) taken: &'a mut BTreeSet<Profile>,
}

/// A policy as it was read.
pub(super) struct Read {
    pub(super) name: Name,
    /// Where its name stands.
    pub(super) place: Place,
    pub(super) version: Option<u64>,
    pub(super) rules: Vec<Walked>,
    pub(super) people: People,
    pub(super) exceptions: Vec<Lifting>,
}

/// A rule with the places of its clauses.
pub(super) struct Walked {
    /// The policy or profile that it stands in.
    pub(super) policy: Option<Name>,
    pub(super) rule: Rule,
    pub(super) places: Vec<Place>,
}

impl Reader<'_> {
    /// Reads all of a document; nothing where not even its name could be read.
    pub(super) fn policy(&mut self, root: &Node) -> Option<Read> {
        if matches!(root.value, Value::Null) {
            let help = "start with `apiVersion: plimsoll/v1`, `kind: Policy`, `metadata:` and \
                        `rules:`";
            self.note(IntentFault::Empty, root.place, "the document is empty", help);
            return None;
        }
        let entries = self.entries(root, "the document");
        for entry in entries {
            if !ROOT.contains(&entry.key.as_str()) {
                self.strange_key(entry, "", ROOT, &[]);
            }
        }
        if !matches!(root.value, Value::Map(_)) {
            return None;
        }
        self.head(root);
        self.due(root, "metadata", "the document", "{name: platform-baseline}");
        let instead = ["compliance", "stage", "reviews", "signers"];
        if instead.iter().all(|key| root.child(key).is_none()) {
            self.due(root, "rules", "the document", "[{id: ..., require: ...}]");
        }
        let metadata = root.child("metadata").map(|node| self.metadata(node));
        let mut rules = root.child("rules").map_or_else(Vec::new, |node| self.rules(node));
        if let Some(node) = root.child("compliance") {
            rules.extend(self.compliance(node));
        }
        let exceptions = root.child("exceptions");
        let exceptions = exceptions.map_or_else(Vec::new, |node| self.exceptions(node, &rules));
        let people = self.people(root);
        let (name, place, version) = metadata.flatten()?;
        Some(Read { name, place, version, rules, people, exceptions })
    }

    fn head(&mut self, root: &Node) {
        for (key, due) in [("apiVersion", "plimsoll/v1"), ("kind", "Policy")] {
            let Some(node) = root.child(key) else {
                let start = Place { end: root.place.start, ..root.place };
                let message = format!("the document has no {key}");
                let help = format!("add the line `{key}: {due}` at the top");
                self.note(IntentFault::MissingKey, start, message, help);
                continue;
            };
            if let Some(text) = self.text(node, key)
                && text != due
            {
                let message = format!("{key} is `{}`", shown(text));
                self.note(IntentFault::Version, node.place, message, format!("write {due}"));
            }
        }
    }

    fn metadata(&mut self, node: &Node) -> Option<(Name, Place, Option<u64>)> {
        self.due(node, "name", "metadata", "platform-baseline");
        let (mut name, mut version) = (None, None);
        for entry in self.entries(node, "metadata") {
            let value = &entry.value;
            match entry.key.as_str() {
                "name" => {
                    name = self.name(value, "metadata.name").map(|name| (name, value.place));
                }
                "version" => {
                    version = self.count(value, "metadata.version", (0, u32::MAX)).map(u64::from);
                }
                "labels" => self.labels(value),
                _ => self.strange_key(entry, "metadata", METADATA, &[]),
            }
        }
        name.map(|(name, place)| (name, place, version))
    }

    /// Whose the policy is: read, and kept in its text.
    fn labels(&mut self, node: &Node) {
        let entries = self.entries(node, "metadata.labels");
        if entries.len() > LABELS {
            let help = format!("at most {LABELS} are read");
            let message = "metadata.labels has too many entries";
            self.note(IntentFault::TooLarge, node.place, message, help);
            return;
        }
        for entry in entries {
            let path = joined("metadata.labels", &entry.key);
            self.printable(&entry.value, &path);
        }
    }

    /// The rules of the profiles that are named, of each once over all policies.
    fn compliance(&mut self, node: &Node) -> Vec<Walked> {
        let known = Profile::ALL.map(|profile| (profile.as_str(), profile));
        let items = self.items(node, "compliance", known.len());
        let named: Vec<Profile> =
            items.iter().filter_map(|item| self.choice(item, "compliance", &known)).collect();
        let mut rules = Vec::new();
        for (profile, whole) in self.profiles {
            if !named.contains(profile) || !self.taken.insert(*profile) {
                continue;
            }
            let root = yaml::tree(profile.text(), *whole, self.noted);
            let own = root.child("rules").map_or_else(Vec::new, |node| self.rules(node));
            let policy = Some(profile.name());
            rules.extend(own.into_iter().map(|own| Walked { policy: policy.clone(), ..own }));
        }
        rules
    }

    fn rules(&mut self, node: &Node) -> Vec<Walked> {
        let items = self.items(node, "rules", RULES);
        let mut seen: BTreeMap<String, Place> = BTreeMap::new();
        let mut rules = Vec::new();
        for item in items {
            let Some((walked, place)) = self.rule(item) else { continue };
            if let Some(first) = seen.insert(walked.rule.name.clone(), place) {
                let message = format!("a rule is called `{}` already", walked.rule.name);
                let help = format!("it stands at {}", self.texts.origin(first));
                self.note(IntentFault::Name, place, message, help);
            }
            rules.push(walked);
        }
        rules
    }

    fn rule(&mut self, node: &Node) -> Option<(Walked, Place)> {
        self.due(node, "id", "a rule", "prod-floor");
        let id = node.child("id");
        let path = match id.map(|id| &id.value) {
            Some(Value::Text(text)) => format!("rules.{}", shown(text)),
            _ => "rules".to_owned(),
        };
        let place = id.map_or(node.place, |id| id.place);
        let name = id.and_then(|id| self.name(id, "rules.id"));
        let mut rule = Rule {
            name: name.as_ref().map(ToString::to_string).unwrap_or_default(),
            place: self.texts.origin(place),
            environment: None,
            stateful: None,
            holds: None,
            clauses: Vec::new(),
            effect: Effect::Enforce,
            serves: Vec::new(),
            because: None,
        };
        let mut clauses: Vec<(Clause, Place)> = Vec::new();
        let before = self.noted.count();
        for entry in self.entries(node, &path) {
            let full = joined(&path, &entry.key);
            self.part(entry, &path, &full, (&mut rule, &mut clauses));
        }
        if clauses.is_empty() && self.noted.count() == before && matches!(node.value, Value::Map(_))
        {
            let help = "add one of require, limit, allow and deny";
            self.note(IntentFault::MissingKey, place, format!("{path} says nothing"), help);
        }
        self.conditions(&rule, &clauses, &path);
        let (said, places) = clauses.into_iter().unzip();
        rule.clauses = said;
        name.map(|_| (Walked { policy: None, rule, places }, place))
    }

    fn part(
        &mut self,
        entry: &Entry,
        path: &str,
        full: &str,
        (rule, clauses): (&mut Rule, &mut Vec<(Clause, Place)>),
    ) {
        let value = &entry.value;
        match entry.key.as_str() {
            "id" => {}
            "when" => self.when(value, full, rule),
            "require" => self.require(value, full, clauses),
            "limit" => self.limit(value, full, clauses),
            "allow" => self.names(value, full, true, clauses),
            "deny" => self.names(value, full, false, clauses),
            "effect" => {
                let choices = [("enforce", Effect::Enforce), ("warn", Effect::Warn)];
                rule.effect = self.choice(value, full, &choices).unwrap_or(Effect::Enforce);
            }
            "serves" => {
                let items = self.items(value, full, LABELS);
                rule.serves = items.iter().filter_map(|item| self.printable(item, full)).collect();
            }
            "because" => rule.because = self.printable(value, full),
            _ => self.strange_key(entry, path, RULE, &[]),
        }
    }

    fn when(&mut self, node: &Node, path: &str, rule: &mut Rule) {
        for entry in self.entries(node, path) {
            let full = joined(path, &entry.key);
            match entry.key.as_str() {
                "environment" => rule.environment = self.name(&entry.value, &full),
                "service.stateful" => rule.stateful = self.choice(&entry.value, &full, &TRUTHS),
                "service.holds" => {
                    let classes = DataClass::ALL.map(|class| (class.as_str(), class));
                    rule.holds = self.choice(&entry.value, &full, &classes);
                }
                _ => self.strange_key(entry, path, WHEN, WHEN_LATER),
            }
        }
    }

    /// A rule for some services only can speak of what is bought for them, and of nothing else; one
    /// for a class of data of the whole system as well, as far as that is one thing.
    fn conditions(&mut self, rule: &Rule, clauses: &[(Clause, Place)], path: &str) {
        use super::Clause::{ReplicasLeast, ReplicasMost, Standby, Utilisation};
        for (clause, place) in clauses.iter().filter(|(clause, _)| !clause.is_of_services()) {
            let of_each =
                matches!(clause, Standby | ReplicasLeast(_) | ReplicasMost(_) | Utilisation(_));
            if rule.stateful.is_some() || (rule.holds.is_some() && of_each) {
                let what = format!("{path}: {} for some services only", clause.text());
                self.unsupported(*place, &what);
            }
        }
    }
}
