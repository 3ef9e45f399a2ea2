//! The stage, the reviews and the signers of a policy.

use std::collections::BTreeMap;

use super::{LABELS, Reader};
use crate::intent::fault::IntentFault;
use crate::intent::nearest::did_you_mean;
use crate::intent::text::Place;
use crate::intent::tree::{Entry, Node, Value};
use crate::intent::words::{joined, shown};
use crate::name::Name;
use crate::policy::{AuthorKind, Review, ReviewWhen, Signer, Stage};
use crate::units::{MicroDollars, Ratio, Reading};

const REVIEW: &[&str] = &["id", "when", "approvals", "from", "because"];
const WHEN: &[&str] = &["environment", "cost.increase", "cost.expected", "author.kind"];
const SIGNER: &[&str] = &["name", "key", "roles", "until"];
/// Reviews and signers of a policy.
const REVIEWS: usize = 100;
const SIGNERS: usize = 1_000;
/// The kinds of keys whose signatures can be verified.
const KEYS: [&str; 2] = ["ssh-ed25519", "ecdsa-sha2-nistp256"];
/// As long as a key of those kinds may be, and more.
const KEY: usize = 400;
/// How a bound begins beyond which a review is due.
const ABOVE: char = '>';

/// What a policy says about people, with its places.
#[derive(Default)]
pub(in crate::policy) struct People {
    pub(in crate::policy) stage: Option<Stage>,
    pub(in crate::policy) reviews: Vec<(Review, Place)>,
    pub(in crate::policy) signers: Vec<(Signer, Place)>,
}

impl Reader<'_> {
    pub(super) fn people(&mut self, root: &Node) -> People {
        let stages = Stage::ALL.map(|stage| (stage.as_str(), stage));
        let stage = root.child("stage").and_then(|node| self.choice(node, "stage", &stages));
        let reviews = root.child("reviews").map_or_else(Vec::new, |node| self.reviews(node));
        let signers = root.child("signers").map_or_else(Vec::new, |node| self.signers(node));
        People { stage, reviews, signers }
    }

    fn reviews(&mut self, node: &Node) -> Vec<(Review, Place)> {
        let mut seen: BTreeMap<String, Place> = BTreeMap::new();
        let mut reviews = Vec::new();
        for item in self.items(node, "reviews", REVIEWS) {
            let Some((review, place)) = self.review(item) else { continue };
            if let Some(first) = seen.insert(review.name.clone(), place) {
                let message = format!("a review is called `{}` already", review.name);
                let help = format!("it stands at {}", self.texts.origin(first));
                self.note(IntentFault::Name, place, message, help);
            }
            reviews.push((review, place));
        }
        reviews
    }

    fn review(&mut self, node: &Node) -> Option<(Review, Place)> {
        self.due(node, "id", "a review", "prod-change");
        self.due(node, "approvals", "a review", "1");
        self.due(node, "from", "a review", "[platform]");
        let id = node.child("id");
        let place = id.map_or(node.place, |id| id.place);
        let name = id.and_then(|id| self.name(id, "reviews.id"));
        let path = name.as_ref().map_or("reviews".to_owned(), |name| format!("reviews.{name}"));
        let mut review = Review {
            name: name.as_ref().map(ToString::to_string).unwrap_or_default(),
            place: self.texts.origin(place),
            when: ReviewWhen::default(),
            approvals: 1,
            from: Vec::new(),
            because: None,
        };
        for entry in self.entries(node, &path) {
            let (value, full) = (&entry.value, joined(&path, &entry.key));
            match entry.key.as_str() {
                "id" => {}
                "when" => self.review_when(value, &full, &mut review.when),
                "approvals" => {
                    review.approvals = self.count(value, &full, (1, 100)).unwrap_or(1);
                }
                "from" => review.from = self.roles(value, &full),
                "because" => review.because = self.printable(value, &full),
                _ => self.strange_key(entry, &path, REVIEW, &[]),
            }
        }
        name.map(|_| (review, place))
    }

    fn review_when(&mut self, node: &Node, path: &str, when: &mut ReviewWhen) {
        for entry in self.entries(node, path) {
            let (value, full) = (&entry.value, joined(path, &entry.key));
            match entry.key.as_str() {
                "environment" => when.environment = self.name(value, &full),
                "cost.increase" => {
                    let share: Option<Ratio> = self.above(value, &full);
                    when.increase_ppm = share.map(millionths);
                }
                "cost.expected" => when.expected = self.above::<MicroDollars>(value, &full),
                "author.kind" => {
                    let kinds = [AuthorKind::Human, AuthorKind::Agent];
                    let kinds = kinds.map(|kind| (kind.as_str(), kind));
                    when.author = self.choice(value, &full, &kinds);
                }
                _ => self.strange_key(entry, path, WHEN, &[]),
            }
        }
    }

    /// The quantity after `>`.
    fn above<T: Reading>(&mut self, node: &Node, path: &str) -> Option<T> {
        let text = self.text(node, path)?.trim_start();
        let Some(rest) = text.strip_prefix(ABOVE).filter(|rest| !rest.starts_with('=')) else {
            let message = format!("{} does not say beyond what", shown(path));
            let help = format!("write {ABOVE} before the number");
            self.note(IntentFault::Direction, node.place, message, help);
            return None;
        };
        self.quantity(node, path, rest.trim())
    }

    fn roles(&mut self, node: &Node, path: &str) -> Vec<Name> {
        let items = self.items(node, path, LABELS);
        if items.is_empty() && matches!(node.value, Value::List(_)) {
            let message = format!("{} is an empty list", shown(path));
            self.note(IntentFault::MissingKey, node.place, message, "name at least one role");
        }
        items.iter().filter_map(|item| self.name(item, path)).collect()
    }

    fn signers(&mut self, node: &Node) -> Vec<(Signer, Place)> {
        let items = self.items(node, "signers", SIGNERS);
        items.iter().filter_map(|item| self.signer(item)).collect()
    }

    fn signer(&mut self, node: &Node) -> Option<(Signer, Place)> {
        self.due(node, "name", "a signer", "a.lee@example.com");
        self.due(node, "key", "a signer", "ssh-ed25519 AAAA…");
        self.due(node, "roles", "a signer", "[platform]");
        let place = node.child("name").map_or(node.place, |name| name.place);
        let (mut name, mut key, mut roles, mut until) = (None, None, Vec::new(), None);
        for entry in self.entries(node, "signers") {
            let (value, full) = (&entry.value, joined("signers", &entry.key));
            match entry.key.as_str() {
                "name" => name = self.address(value, &full),
                "key" => key = self.key(value, &full),
                "roles" => roles = self.roles(value, &full),
                "until" => until = self.day(value, &full),
                _ => self.strange_signer(entry),
            }
        }
        let signer =
            Signer { name: name?, place: self.texts.origin(place), key: key?, roles, until };
        Some((signer, place))
    }

    fn strange_signer(&mut self, entry: &Entry) {
        let message = format!("{} is not a key of a signer", shown(&entry.key));
        let help = did_you_mean(&entry.key, SIGNER);
        self.note(IntentFault::UnknownKey, entry.place, message, help);
    }

    /// A name without spaces, as an e-mail address is.
    fn address(&mut self, node: &Node, path: &str) -> Option<String> {
        let text = self.printable(node, path)?;
        if !text.is_empty() && !text.contains(char::is_whitespace) {
            return Some(text);
        }
        let message = format!("{}: `{}` is no name", shown(path), shown(&text));
        self.note(IntentFault::Name, node.place, message, "write an e-mail address");
        None
    }

    /// A public key as OpenSSH writes it, of a kind that can be verified; its comment is dropped.
    fn key(&mut self, node: &Node, path: &str) -> Option<String> {
        let text = self.text(node, path)?;
        let mut words = text.split_ascii_whitespace();
        let (kind, body) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "+/=".contains(letter);
        if KEYS.contains(&kind) && (1..=KEY).contains(&body.len()) && body.chars().all(plain) {
            return Some(format!("{kind} {body}"));
        }
        let message = format!("{} is not a public key that can be verified", shown(path));
        let help = format!("copy the line of a .pub file that begins with {}", KEYS.join(" or "));
        self.note(IntentFault::Choice, node.place, message, help);
        None
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share is at least 0 and at most 1"
)]
fn millionths(share: Ratio) -> u64 {
    (share.value() * 1e6).round() as u64
}
