//! Environments by name, the share of the load that one takes, its hours and its terms.

use super::{Walker, joined, shown};
use crate::hours::{Hours, SHORTEST, WEEKDAYS, Window};
use crate::intent::bands;
use crate::intent::environments::{KEYS, SHARE};
use crate::intent::fault::IntentFault;
use crate::intent::nearest::nearest;
use crate::intent::tree::{Entry, Node, Value};
use crate::ledger::Stated;
use crate::name::Name;
use crate::objective::Load;
use crate::offer::PurchaseTerm;
use crate::units::{Ratio, RequestsPerSecond};

/// More environments than this in one document are a slip.
const ENVIRONMENTS: usize = 20;

/// The longest name of a time zone is far shorter.
const ZONE: usize = 64;

impl Walker<'_> {
    /// The names of all environments; what stands in a patch is read when it is taken.
    pub(super) fn environments(&mut self, node: &Node) -> Vec<Name> {
        let path = "environments";
        let mut names = Vec::new();
        for entry in self.bounded(node, path, ENVIRONMENTS).unwrap_or_default() {
            let full = joined(path, &entry.key);
            names.extend(self.name(&entry.key, entry.place, path));
            if matches!(entry.value.value, Value::Null) {
                continue;
            }
            for part in self.mapping(&entry.value, &full).unwrap_or_default() {
                if !KEYS.contains(&part.key.as_str()) {
                    self.strange_key(part, &full, KEYS, &[]);
                } else if part.key == "requests" {
                    self.classes_of(part, &full);
                }
            }
        }
        if node.entries().is_empty() && matches!(node.value, Value::Map(_)) {
            let help = "name one, or leave the key out";
            self.note(IntentFault::Empty, node.place, "environments names none", help);
        }
        names
    }

    /// An environment asks other outcomes of a class, and nothing else.
    fn classes_of(&mut self, part: &Entry, path: &str) {
        let path = joined(path, &part.key);
        for class in self.mapping(&part.value, &path).unwrap_or_default() {
            let full = joined(&path, &class.key);
            for entry in self.mapping(&class.value, &full).unwrap_or_default() {
                if entry.key != "objectives" {
                    self.strange_key(entry, &full, &["objectives"], &[]);
                }
            }
        }
    }

    /// The share of a load that an environment takes; no document can write it there itself.
    pub(super) fn load_share(&mut self, load: &Node) -> Option<Stated<Ratio>> {
        let mut entries = load.entries().iter();
        let share = entries.find(|entry| entry.key == SHARE && !entry.stated)?;
        self.quantity(&share.value, "load", &bands::POSITIVE_SHARE)
    }

    /// `office`, or windows by day with a time zone.
    pub(super) fn hours(&mut self, node: &Node) -> Option<Stated<Hours>> {
        let hours = match &node.value {
            Value::Text(_) => {
                self.choice(node, "hours", &[("office", ())])?;
                Some(Hours::office("UTC"))
            }
            _ => self.windows(node),
        };
        Some(self.stated(hours?, node, "hours"))
    }

    fn windows(&mut self, node: &Node) -> Option<Hours> {
        let before = self.noted.count();
        let (mut days, mut zone) = ([None; 7], "UTC".to_owned());
        let mut office = false;
        for entry in self.mapping(node, "hours")? {
            let path = joined("hours", &entry.key);
            if entry.key == "zone" {
                zone = self.zone(&entry.value, &path).unwrap_or(zone);
                continue;
            }
            if entry.key == "office" {
                office = self.truth(&entry.value, &path) == Some(true);
                continue;
            }
            let Some((first, last)) = days_of(&entry.key) else {
                let message = format!("{} is not a day", shown(&path));
                let help = "write mon, sat-sun, mon-fri, or zone";
                self.note(IntentFault::UnknownKey, entry.place, &message, help);
                continue;
            };
            let Some(window) = self.open_window(&entry.value, &path) else { continue };
            for day in first..=last {
                if days[day].replace(window).is_some() {
                    let message = format!("hours states {} twice", WEEKDAYS[day]);
                    self.note(IntentFault::StatedTwice, entry.place, &message, "keep one of them");
                }
            }
        }
        if office && days.iter().any(Option::is_some) {
            let message = "hours states office hours and days of its own";
            self.note(IntentFault::Contradiction, node.place, message, "keep one of them");
        }
        let hours = if office { Some(Hours::office(zone)) } else { Hours::new(days, zone) };
        if hours.is_none() && self.noted.count() == before {
            let help = "for example: {mon-fri: \"08:00-19:00\", zone: Europe/Dublin}, or office";
            self.note(IntentFault::Empty, node.place, "hours opens on no day", help);
        }
        hours
    }

    /// A name as the IANA time zone database has them: `Europe/Dublin`, `UTC`.
    fn zone(&mut self, node: &Node, path: &str) -> Option<String> {
        let text = self.printable(node, path, ZONE)?;
        let part = |part: &str| {
            let mut letters = part.chars();
            letters.next().is_some_and(|letter| letter.is_ascii_uppercase())
                && letters.all(|letter| {
                    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '+')
                })
        };
        let formed = text == "UTC" || text.contains('/') && text.split('/').all(part);
        if formed && (text == "UTC" || zones().any(|known| known == text)) {
            return Some(text);
        }
        let message = format!("{path}: `{}` is not a time zone", shown(&text));
        let plain = "write its name in the IANA database, such as Europe/Dublin or UTC".to_owned();
        let meant = nearest(&text, zones()).filter(|_| formed);
        let help = &meant.map_or(plain, |meant| format!("did you mean `{meant}`?"));
        self.note(IntentFault::Hours, node.place, &message, help);
        None
    }

    /// `08:00-19:00`.
    fn open_window(&mut self, node: &Node, path: &str) -> Option<Window> {
        let text = self.text(node, path)?;
        let ends = text.split_once('-').map(|(from, to)| (minutes(from), minutes(to)));
        let example = "for example: \"08:00-19:00\"";
        let Some((Some(opens), Some(closes))) = ends else {
            let message = format!("{path} is `{}`, not a time from and to", shown(text));
            self.note(IntentFault::Hours, node.place, &message, example);
            return None;
        };
        let window = Window::new(opens, closes);
        if window.is_none() {
            let message = format!("{path} is `{}`, which is not plausible", shown(text));
            let help = format!(
                "a window opens and closes on one day and lasts at least {SHORTEST} minutes; \
                 write 24:00 for midnight"
            );
            self.note(IntentFault::Hours, node.place, &message, help);
        }
        window
    }

    /// The terms on which machines may be bought.
    pub(super) fn purchase(&mut self, node: &Node) -> Vec<Stated<PurchaseTerm>> {
        let path = "purchase";
        let mut terms: Vec<Stated<PurchaseTerm>> = Vec::new();
        let items = self.list(node, path, PurchaseTerm::ALL.len());
        let read = items.is_some();
        for item in items.unwrap_or_default() {
            let choices = PurchaseTerm::ALL.map(|term| (term.as_str(), term));
            let Some(term) = self.choice(item, path, &choices) else {
                return terms;
            };
            if terms.iter().any(|known| known.value == term) {
                let message = format!("{path} names {} twice", term.as_str());
                self.note(IntentFault::StatedTwice, item.place, &message, "keep one of them");
            }
            terms.push(self.stated(term, item, path));
        }
        if read && terms.iter().all(|term| term.value != PurchaseTerm::OnDemand) {
            let message = "purchase does not list on_demand";
            let help = "add on_demand: what no promise covers is bought so";
            self.note(IntentFault::MissingKey, node.place, message, help);
        }
        terms
    }
}

/// The names of all time zones but `UTC`.
fn zones() -> impl Iterator<Item = &'static str> {
    let lines = include_str!("../zones.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace)
}

/// The first and the last day of `mon` or `mon-fri`.
fn days_of(key: &str) -> Option<(usize, usize)> {
    let place = |day: &str| WEEKDAYS.iter().position(|known| *known == day);
    let (first, last) = key.split_once('-').unwrap_or((key, key));
    let (first, last) = (place(first)?, place(last)?);
    (first <= last).then_some((first, last))
}

/// Minutes from midnight of `08:00`, up to `24:00`.
fn minutes(text: &str) -> Option<u16> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let number = |digits: &str| {
        let plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| digits.parse::<u16>().ok()).flatten()
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours <= 24 && minutes < 60).then_some(hours * 60 + minutes)
}

/// So much of a load; at least one of those people are left.
pub(super) fn part_of(load: &Load, share: Ratio) -> Load {
    match *load {
        Load::Users { count, kind, think_time } => {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a share of a plausible number of people"
            )]
            let count = (count as f64 * share.value() - 1e-9).ceil().max(1.0) as u64;
            Load::Users { count, kind, think_time }
        }
        Load::Rate(rate) => Load::Rate(RequestsPerSecond::of(rate.value() * share.value())),
    }
}
