//! What a phrase chooses without a number: clouds, regions, operations, the shape of a day.

use super::super::fault::IntentFault;
use super::super::regions::{is_place, provider_of};
use super::later::UNSUPPORTED;
use super::parser::Parser;
use super::quantity::Measure;
use super::tokens::Kind;

const PROVIDERS: &[(&str, &str)] = &[
    ("amazon web services", "aws"),
    ("aws", "aws"),
    ("amazon", "aws"),
    ("microsoft azure", "azure"),
    ("azure", "azure"),
    ("microsoft", "azure"),
    ("google cloud platform", "google"),
    ("google cloud", "google"),
    ("google", "google"),
    ("gcp", "google"),
];

const OPERATIONS: &[(&str, &str)] = &[
    ("operations : advanced", "advanced"),
    ("operations = advanced", "advanced"),
    ("operations advanced", "advanced"),
    ("advanced operations", "advanced"),
    ("canary releases", "advanced"),
    ("canary deployments", "advanced"),
    ("canary rollouts", "advanced"),
    ("canary", "advanced"),
    ("canaries", "advanced"),
    ("automatic rollback", "advanced"),
    ("automatic rollbacks", "advanced"),
    ("automated rollback", "advanced"),
    ("operations : standard", "standard"),
    ("operations = standard", "standard"),
    ("operations standard", "standard"),
    ("standard operations", "standard"),
    ("automated releases", "standard"),
    ("automated deployments", "standard"),
    ("automatic releases", "standard"),
    ("automatic deployments", "standard"),
    ("operations : basic", "basic"),
    ("operations = basic", "basic"),
    ("operations basic", "basic"),
    ("basic operations", "basic"),
    ("manual releases", "basic"),
    ("manual deployments", "basic"),
];

const SHAPES: &[(&str, &str)] = &[
    ("flat traffic", "flat"),
    ("flat load", "flat"),
    ("constant traffic", "flat"),
    ("constant load", "flat"),
    ("steady traffic", "flat"),
    ("steady load", "flat"),
    ("diurnal traffic", "diurnal"),
    ("diurnal load", "diurnal"),
    ("diurnal", "diurnal"),
];

impl Parser<'_, '_> {
    /// A choice that is a word or two.
    pub(super) fn choice(&mut self, at: usize) -> Option<usize> {
        if self.token(at)?.kind != Kind::Word {
            return None;
        }
        if let Some(next) = self.system(at) {
            return Some(next);
        }
        if let Some((next, help)) = self.row(at, UNSUPPORTED) {
            // What it is said to be belongs to it: "rpo of 5 minutes".
            let (_, number) = self.limits(next);
            let time =
                self.quantity(number).filter(|said| matches!(said.measure, Measure::Time { .. }));
            let next = time.map_or(next, |said| said.next);
            self.fault(IntentFault::Unsupported, (at, next), "is not supported yet", help);
            return Some(next);
        }
        self.provider(at)
            .or_else(|| self.region(at))
            .or_else(|| self.operations(at))
            .or_else(|| self.shape(at))
            .or_else(|| self.spare(at))
            .or_else(|| self.mean_latency(at))
    }

    fn provider(&mut self, at: usize) -> Option<usize> {
        let name = self.after_label(at, &["provider", "providers", "cloud"]);
        let (next, provider) = self.row(name, PROVIDERS)?;
        if self.joins_another(at, name, "providers") {
            let help = "a plan has one cloud; join them by `or` for the cheapest of them";
            self.fault(IntentFault::Unsupported, (name, next), "is one cloud more", help);
        }
        let label = format!("provider {provider}");
        self.state((name, next), &["run_on", "providers"], provider, &label);
        self.last_is_listed();
        Some(self.sequence(next, "cloud").unwrap_or(next))
    }

    /// Whether an `and` joins this cloud or region to one of which `last` speaks: both are meant.
    fn joins_another(&self, from: usize, name: usize, kind: &str) -> bool {
        let another = self.statements.last().is_some_and(|last| last.path == ["run_on", kind]);
        let fillers = ["in", "on", "the", "also", "region", "provider", "cloud", ","];
        let before = (0..from).rev().map(|at| self.word(at)).find(|word| !fillers.contains(word));
        another
            && (matches!(before, Some("and" | "&"))
                || (from..name).any(|at| self.word(at) == "and"))
    }

    /// The token after a word that says what follows, as in "region: eu-west-1".
    fn after_label(&self, at: usize, labels: &[&str]) -> usize {
        let Some((next, _)) = self.any_of(at, labels) else {
            return at;
        };
        self.any_of(next, &[":", "=", "is"]).map_or(next, |(after, _)| after)
    }

    fn last_is_listed(&mut self) {
        if let Some(statement) = self.statements.last_mut() {
            statement.listed = true;
        }
    }

    fn region(&mut self, at: usize) -> Option<usize> {
        let (from, at) = (at, self.after_label(at, &["region", "regions"]));
        let word = self.word(at).to_owned();
        if provider_of(&word).is_some() {
            if self.joins_another(from, at, "regions") {
                let help = "a plan has one region; join them by `or` for the cheapest of them";
                self.fault(IntentFault::Unsupported, (at, at + 1), "is one region more", help);
            }
            let label = format!("region {word}");
            self.state((at, at + 1), &["run_on", "regions"], &word, &label);
            self.last_is_listed();
            return Some(self.sequence(at + 1, "region").unwrap_or(at + 1));
        }
        for length in (1..=3).rev() {
            let words: Vec<&str> = (at..at + length).map(|at| self.word(at)).collect();
            let place = words.join(" ");
            if is_place(&place) {
                let span = self.place(at, at + length);
                self.places.push((span, place));
                return Some(at + length);
            }
        }
        if looks_like_region(&word) {
            self.places.push((self.place(at, at + 1), word));
            return Some(at + 1);
        }
        None
    }

    fn operations(&mut self, at: usize) -> Option<usize> {
        let (next, level) = self.row(at, OPERATIONS)?;
        self.state((at, next), &["operations"], level, &format!("operations {level}"));
        Some(next)
    }

    fn shape(&mut self, at: usize) -> Option<usize> {
        let (next, shape) = self.row(at, SHAPES)?;
        self.state((at, next), &["traffic", "shape"], shape, &format!("traffic {shape}"));
        Some(next)
    }

    /// "no headroom", "no instance down", "multi-az".
    fn spare(&mut self, at: usize) -> Option<usize> {
        let headroom = ["no headroom", "without headroom", "without any headroom", "zero headroom"];
        if let Some((next, _)) = self.any_of(at, &headroom) {
            let path = ["objectives", "headroom", "load"];
            self.state((at, next), &path, "0%", "headroom 0%");
            return Some(next);
        }
        let one = self.any_of(at, &["an instance", "a node", "a server", "any instance"]);
        if let Some(next) = one.and_then(|(machine, _)| self.is_down(machine)) {
            let path = ["objectives", "headroom", "instances_down"];
            self.state((at, next), &path, "1", "instances down 1");
            return Some(next);
        }
        let down = ["no instance down", "no instances down"];
        if let Some((next, _)) = self.any_of(at, &down) {
            let path = ["objectives", "headroom", "instances_down"];
            self.state((at, next), &path, "0", "instances down 0");
            return Some(next);
        }
        let zones = ["multi-az", "multi az", "multi-zone", "multi zone", "several zones"];
        let (next, _) = self.any_of(at, &zones)?;
        self.state((at, next), &["run_on", "zones", "at_least"], "2", "zones 2");
        Some(next)
    }

    /// A mean hides the slow requests, and a maximum cannot be promised.
    fn mean_latency(&mut self, at: usize) -> Option<usize> {
        let all = ["all requests", "every request", "each request", "all responses"];
        if let Some((next, _)) = self.any_of(at, &all) {
            let after = self.latency_words(next).map_or(next, |(_, after)| after);
            let (_, number) = self.limits(after);
            let limit = self.quantity(number)?;
            if limit.measure != (Measure::Time { long: false }) {
                return None;
            }
            let help = "a maximum cannot be promised; for example: 99% of requests under 400ms";
            self.fault(IntentFault::Percentile, (at, limit.next), "is no percentile", help);
            return Some(limit.next);
        }
        let (next, _) = self.any_of(at, &["average", "mean", "avg"])?;
        let (_, after) = self.latency_words(next)?;
        let help = "a mean hides the slow requests; for example: p95 under 400 ms";
        self.fault(IntentFault::Percentile, (at, after), "is no percentile", help);
        Some(next)
    }
}

/// Letters, hyphens and one number at the end, as in `us-east-9`.
fn looks_like_region(word: &str) -> bool {
    let stem = word.trim_end_matches(|letter: char| letter.is_ascii_lowercase());
    let name = stem.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let letters = name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-');
    let zone = word.len() - stem.len() <= 1;
    letters && zone && stem.len() > name.len() && name.matches('-').count() >= 1 && name.len() > 4
}
