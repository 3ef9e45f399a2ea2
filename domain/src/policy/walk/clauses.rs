//! What a rule requires, limits, allows and denies.

use super::{Reader, network};
use crate::hours::Hours;
use crate::intent::fault::IntentFault;
use crate::intent::text::Place;
use crate::intent::tree::{Entry, Node, Value};
use crate::intent::words::{joined, shown};
use crate::offer::{Architecture, Provider, PurchaseTerm};
use crate::policy::{Clause, Subject};
use crate::units::{Availability, MicroDollars, Ratio, Reading, Seconds};

const REQUIRE: &[&str] = &[
    "uptime",
    "latency.p50",
    "latency.p90",
    "latency.p95",
    "latency.p99",
    "latency.p99.9",
    "recovery.rpo",
    "recovery.rto",
    "headroom.load",
    "headroom.instances_down",
    "zones",
    "replicas",
    "database.standby",
    "survives_zone_loss",
    "utilisation",
    "hours",
    "price.age",
    "labels",
];
const LIMIT: &[&str] = &["cost.expected", "cost.ceiling"];
/// What can be approved by a later version.
const SUBJECTS_LATER: &[&str] = &["service"];
/// Names in one list.
pub(super) const NAMES: usize = 1_000;
/// Days that a price may be old: a price of no age at all is none.
const DAYS: (f64, f64) = (1.0, 36_500.0);
const DAY: f64 = 86_400.0;
/// As many as an intent may ask for.
const COUNTS: (u32, u32) = (1, 10_000);

/// Which way a bound points.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Least,
    Most,
}

impl Way {
    const fn sign(self) -> &'static str {
        match self {
            Self::Least => ">=",
            Self::Most => "<=",
        }
    }

    const fn other(self) -> Self {
        match self {
            Self::Least => Self::Most,
            Self::Most => Self::Least,
        }
    }
}

impl Reader<'_> {
    pub(super) fn require(&mut self, node: &Node, path: &str, clauses: &mut Vec<(Clause, Place)>) {
        for entry in self.entries(node, path) {
            let full = joined(path, &entry.key);
            if let Some(clause) = self.requirement(entry, path, &full) {
                clauses.push((clause, entry.value.place));
            }
        }
    }

    fn requirement(&mut self, entry: &Entry, path: &str, full: &str) -> Option<Clause> {
        use Way::{Least, Most};
        let node = &entry.value;
        match entry.key.as_str() {
            "uptime" => self.uptime(node, full).map(Clause::Uptime),
            "headroom.load" => {
                let load: Ratio = self.bound(node, full, Least)?;
                Some(Clause::HeadroomLoad(load))
            }
            "headroom.instances_down" => {
                self.counted(node, full, Least, (0, 100)).map(Clause::InstancesDown)
            }
            "zones" => self.counted(node, full, Least, (1, 6)).map(Clause::Zones),
            "replicas" => match self.way(node, full)? {
                Least => self.counted(node, full, Least, COUNTS).map(Clause::ReplicasLeast),
                Most => self.counted(node, full, Most, COUNTS).map(Clause::ReplicasMost),
            },
            "database.standby" => self.demanded(node, full, Clause::Standby),
            "survives_zone_loss" => self.demanded(node, full, Clause::ZoneLoss),
            "utilisation" => {
                let share: Ratio = self.bound(node, full, Most)?;
                if share > Ratio::ZERO {
                    return Some(Clause::Utilisation(share));
                }
                let help = "above 0% to 100% is planned for";
                let message = format!("{} leaves nothing to be used", shown(full));
                self.note(IntentFault::Range, node.place, message, help);
                None
            }
            "hours" => {
                let office = Clause::Hours(Hours::office("UTC"));
                self.choice(node, full, &[("office", ())]).map(|()| office)
            }
            "price.age" => self.age(node, full),
            "labels" => self.labels_due(node, full),
            key if REQUIRE.contains(&key) => self.floor(entry, full),
            key if network::KEYS.contains(&key) => self.guarded(entry, full),
            _ => {
                let known: Vec<&str> = REQUIRE.iter().chain(&network::KEYS).copied().collect();
                self.strange_key(entry, path, &known, &[]);
                None
            }
        }
    }

    pub(super) fn limit(&mut self, node: &Node, path: &str, clauses: &mut Vec<(Clause, Place)>) {
        for entry in self.entries(node, path) {
            let (value, full) = (&entry.value, joined(path, &entry.key));
            let bill: fn(MicroDollars) -> Clause = match entry.key.as_str() {
                "cost.expected" => Clause::Expected,
                "cost.ceiling" => Clause::Ceiling,
                _ => {
                    self.strange_key(entry, path, LIMIT, &[]);
                    continue;
                }
            };
            let Some(text) = self.text(value, &full).map(str::to_owned) else { continue };
            if let Some(amount) = self.quantity(value, &full, &text) {
                clauses.push((bill(amount), value.place));
            }
        }
    }

    /// What a rule allows or denies, by subject.
    pub(super) fn names(
        &mut self,
        node: &Node,
        path: &str,
        allows: bool,
        clauses: &mut Vec<(Clause, Place)>,
    ) {
        let known: Vec<&str> = Subject::ALL.into_iter().map(Subject::as_str).collect();
        for entry in self.entries(node, path) {
            let subject = Subject::ALL.into_iter().find(|subject| subject.as_str() == entry.key);
            let Some(subject) = subject else {
                self.strange_key(entry, path, &known, SUBJECTS_LATER);
                continue;
            };
            let full = joined(path, &entry.key);
            let items = self.items(&entry.value, &full, NAMES);
            let read = items.iter().filter_map(|item| self.pattern(item, &full, subject));
            let names: Vec<String> = read.collect();
            let Some(names) = self.some(names, &entry.value, &full) else { continue };
            let clause =
                if allows { Clause::Allow(subject, names) } else { Clause::Deny(subject, names) };
            clauses.push((clause, entry.value.place));
        }
    }

    /// One name, in which a family and a region may hold `*`; the others are words that are known.
    fn pattern(&mut self, node: &Node, path: &str, subject: Subject) -> Option<String> {
        let words: Vec<&str> = match subject {
            Subject::Family | Subject::Region => {
                let text = self.printable(node, path)?;
                let plain = |letter: char| {
                    letter.is_ascii_alphanumeric() || matches!(letter, '*' | '-' | '_' | '.')
                };
                if !text.is_empty() && text.chars().all(plain) {
                    return Some(text);
                }
                let message = format!("{}: `{}` is no name", shown(path), shown(&text));
                let help = "write letters, digits, - and _; * stands for anything";
                self.note(IntentFault::Name, node.place, message, help);
                return None;
            }
            Subject::Provider => Provider::ALL.into_iter().map(Provider::as_str).collect(),
            Subject::Architecture => {
                vec![Architecture::X86_64.as_str(), Architecture::Arm64.as_str()]
            }
            Subject::Product => {
                vec![
                    "instance",
                    "managed_sql",
                    "managed_cache",
                    "managed_balancer",
                    "managed_cdn",
                    "managed_queue",
                ]
            }
            Subject::Platform => vec!["vm", "managed", "kubernetes", "containers"],
            Subject::Kubernetes => vec!["eks", "aks", "gke"],
            Subject::Purchase => [
                PurchaseTerm::OnDemand,
                PurchaseTerm::ReservedOneYear,
                PurchaseTerm::ReservedThreeYears,
                PurchaseTerm::Spot,
            ]
            .map(PurchaseTerm::as_str)
            .to_vec(),
        };
        let choices: Vec<(&str, &str)> = words.into_iter().map(|word| (word, word)).collect();
        self.choice(node, path, &choices).map(str::to_owned)
    }

    /// Something that can only be demanded: to demand its absence would make plans worse.
    pub(super) fn demanded(&mut self, node: &Node, path: &str, clause: Clause) -> Option<Clause> {
        self.choice(node, path, &[("true", ())]).map(|()| clause)
    }

    /// Which way a bound points, by its sign.
    fn way(&mut self, node: &Node, path: &str) -> Option<Way> {
        let text = self.text(node, path)?.trim_start();
        let ways = [Way::Least, Way::Most];
        let found = ways.into_iter().find(|way| text.starts_with(way.sign()));
        if found.is_none() {
            self.no_sign(node, path, ">= or <=");
        }
        found
    }

    fn no_sign(&mut self, node: &Node, path: &str, due: &str) {
        let message = format!("{} does not say in which direction", shown(path));
        let help = format!("write {due} before the number");
        self.note(IntentFault::Direction, node.place, message, help);
    }

    /// Notes a bound that would let pass what it is there to keep out.
    fn other_way(&mut self, node: &Node, path: &str, way: Way) {
        let (due, found) = (way.sign(), way.other().sign());
        let message = format!("{} points the wrong way: {found}, and {due} is due", shown(path));
        let help = match way {
            Way::Least => "it is a floor: write >= before the number",
            Way::Most => "it is a cap: write <= before the number",
        };
        self.note(IntentFault::Direction, node.place, message, help);
    }

    /// The number after its sign.
    fn after<'n>(&mut self, node: &'n Node, path: &str, way: Way) -> Option<&'n str> {
        let Value::Text(text) = &node.value else {
            self.wrong_shape(node, path, "a text");
            return None;
        };
        let text = text.trim_start();
        let rest = text.strip_prefix(way.sign());
        if rest.is_none() {
            if text.starts_with(way.other().sign()) {
                self.other_way(node, path, way);
            } else {
                self.no_sign(node, path, way.sign());
            }
        }
        rest.map(str::trim)
    }

    pub(super) fn bound<T: Reading>(&mut self, node: &Node, path: &str, way: Way) -> Option<T> {
        let text = self.after(node, path, way)?;
        self.quantity(node, path, text)
    }

    fn counted(
        &mut self,
        node: &Node,
        path: &str,
        way: Way,
        (low, high): (u32, u32),
    ) -> Option<u32> {
        let text = self.after(node, path, way)?;
        let count: u64 = self.quantity(node, path, text)?;
        self.within(count, node, path, (low, high))
    }

    fn uptime(&mut self, node: &Node, path: &str) -> Option<Availability> {
        let uptime: Availability = self.bound(node, path, Way::Least)?;
        if uptime.ppm() >= 500_000 {
            return Some(uptime);
        }
        let message = format!("{} is {uptime}, which is not plausible", shown(path));
        let help = "50% to 99.9999% is planned for";
        self.note(IntentFault::Range, node.place, message, help);
        None
    }

    /// The oldest that a price may be, in whole days.
    fn age(&mut self, node: &Node, path: &str) -> Option<Clause> {
        self.days(node, path, (Way::Most, f64::floor)).map(Clause::PriceAge)
    }

    /// Whole days, of which a part is rounded the given way.
    pub(super) fn days(
        &mut self,
        node: &Node,
        path: &str,
        (way, rounded): (Way, fn(f64) -> f64),
    ) -> Option<u32> {
        let span: Seconds = self.bound(node, path, way)?;
        let days = rounded(span.value() / DAY);
        if days < DAYS.0 || days > DAYS.1 {
            let message = format!("{} is out of range", shown(path));
            self.note(IntentFault::Range, node.place, message, "1 day to 100 years can be asked");
            return None;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number within the range above"
        )]
        let days = days as u32;
        Some(days)
    }

    /// A list with at least one entry; what was wrong with its entries has been noted.
    pub(super) fn some<T>(&mut self, list: Vec<T>, node: &Node, path: &str) -> Option<Vec<T>> {
        if let Value::List(items) = &node.value
            && items.is_empty()
        {
            let message = format!("{} is an empty list", shown(path));
            self.note(IntentFault::MissingKey, node.place, message, "name at least one");
        }
        (!list.is_empty()).then_some(list)
    }
}
