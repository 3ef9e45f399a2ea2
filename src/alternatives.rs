//! What the answer would cost under other requirements: solved, not simulated, and said so.

use domain::demand::Demand;
use domain::intent::Intent;
use domain::ledger::{Origin, Stated, Value};
use domain::objective::{Load, UserKind};
use domain::outcome::{Alternative, Sensitivity};
use domain::plan::Plan;
use domain::units::{Bytes, MicroDollars, Percentile, Ratio, Reading, Seconds};
use rayon::prelude::*;
use solver::characterise::{Variation, characterise};

use crate::planning::Planner;

/// By how much an assumption is varied to see what the price rests on.
const VARIATION: f64 = 1.2;

/// What is left of a response that is compressed: the lever that is always priced.
const COMPRESSED: f64 = 0.7;

/// What that lever is called, and in words.
pub(crate) const COMPRESS: &str = "compress-responses";
pub(crate) const COMPRESSION: &str = "compress responses 30%";

/// Assumptions that are varied, times services, at most: each is a solve, which takes the longer
/// the more services there are. Those of the services that cost most come first.
const VARIED: usize = 480;
/// Assumptions that are varied however many services there are.
const VARIED_LEAST: usize = 12;

/// A different question to the same catalog.
struct Question {
    id: String,
    text: String,
    intent: Intent,
}

/// Asks the questions that differ in one respect from an answered one.
pub(crate) struct Alternatives<'p> {
    pub(crate) planner: &'p Planner<'p>,
    pub(crate) intent: &'p Intent,
    pub(crate) demand: &'p Demand,
    pub(crate) plan: &'p Plan,
}

impl Alternatives<'_> {
    /// The other readings of a bare number of users.
    pub(crate) fn other_readings(&self) -> Vec<Alternative> {
        let Some(Load::Users { count, kind: None, think_time }) = &self.intent.objectives.load
        else {
            return Vec::new();
        };
        let reading = |id: &str, text: &str, kind, think_time| {
            let mut intent = self.intent.clone();
            // It belongs to the reading that was answered, and to no other.
            intent.assume.retain(|(name, _)| name != "demand.think_time");
            intent.objectives.load = Some(Load::Users { count: *count, kind, think_time });
            Question { id: format!("reading:{id}"), text: text.to_owned(), intent }
        };
        let slow = self.planner.catalog.defaults.values.get("demand.slow_think_time");
        let slow = slow.and_then(|slow| Seconds::read(&slow.value).ok());
        let mut questions = Vec::new();
        if let (None, Some(slow)) = (think_time, slow) {
            let text = format!("at {} s between pages", slow.value());
            let kind = Some(UserKind::Concurrent);
            questions.push(reading("slow", &text, kind, Some(slow)));
        }
        for kind in [UserKind::DailyActive, UserKind::Registered] {
            let id = kind.as_str().replace(' ', "_");
            let text = format!("{count} {}", kind.as_str());
            questions.push(reading(&id, &text, Some(kind), None));
        }
        self.ask(questions)
    }

    /// Headroom dropped, another percentile, compressed responses, data services run oneself.
    pub(crate) fn others(&self) -> Vec<Alternative> {
        let mut questions = vec![self.without_headroom()];
        questions.extend(self.at_p99());
        questions.extend(self.self_run_anywhere());
        questions.extend(self.without_cdn());
        questions.extend(self.compressed());
        self.ask(questions)
    }

    fn without_headroom(&self) -> Question {
        let mut intent = self.intent.clone();
        intent.objectives.headroom_load = Some(Stated::by_user(Ratio::ZERO, "alternative"));
        intent.objectives.instances_down = Some(Stated::by_user(0, "alternative"));
        Question { id: "headroom:0".into(), text: "without headroom".into(), intent }
    }

    /// The same limits at p99, where the percentile was not stated.
    fn at_p99(&self) -> Option<Question> {
        let mut intent = self.intent.clone();
        let unstated = |objective: &&mut domain::objective::LatencyObjective| {
            !objective.percentile_stated && objective.percentile != Percentile::P99
        };
        let changed: Vec<_> = intent.objectives.latency.iter_mut().filter(unstated).collect();
        if changed.is_empty() {
            return None;
        }
        for objective in changed {
            objective.percentile = Percentile::P99;
        }
        Some(Question { id: "latency:p99".into(), text: "read as p99".into(), intent })
    }

    fn self_run_anywhere(&self) -> Option<Question> {
        if self.demand.rules.self_run_data {
            return None;
        }
        let mut intent = self.intent.clone();
        let anywhere = Stated::by_user("anywhere".to_owned(), "alternative");
        intent.assume.push(("rules.self_run_data".to_owned(), anywhere));
        let text = "databases and caches run on instances, anywhere".into();
        Some(Question { id: "self-run-data:anywhere".into(), text, intent })
    }

    /// All requests at the edge, where some are answered before it.
    fn without_cdn(&self) -> Option<Question> {
        self.demand.cdn.as_ref()?;
        let mut intent = self.intent.clone();
        intent.requests.iter_mut().for_each(|class| class.cacheable = None);
        let of_it = |name: &str| name.ends_with(".cacheable") || name == "availability.cdn";
        intent.assume.retain(|(name, _)| !of_it(name));
        let text = "without a content delivery network".into();
        Some(Question { id: "cdn:none".into(), text, intent })
    }

    fn compressed(&self) -> Option<Question> {
        let id = format!("lever:{COMPRESS}");
        Some(Question {
            id,
            text: COMPRESSION.into(),
            intent: compressed(self.intent, self.demand)?,
        })
    }

    /// What each assumption about the load and the work moves, largest first.
    pub(crate) fn sensitivities(&self) -> Vec<Sensitivity> {
        let mut names: Vec<String> = self.names().collect();
        names.sort_by_cached_key(|name| std::cmp::Reverse(self.weight(name)));
        names.truncate((VARIED / self.demand.services.len().max(1)).max(VARIED_LEAST));
        let objective = self.plan.optimality.objective;
        let mut found: Vec<Sensitivity> = names
            .into_par_iter()
            .filter_map(|name| {
                let variation = Variation { name: name.clone(), factor: VARIATION };
                let demand =
                    characterise(self.intent, self.planner.catalog, Some(&variation)).ok()?;
                let cost = self.planner.solved_cost(&demand);
                Some(Sensitivity { name, change: cost.map(|cost| cost - objective) })
            })
            .collect();
        let size = |sensitivity: &Sensitivity| {
            sensitivity.change.map_or(i64::MAX, |change| change.micros().abs())
        };
        found.sort_by(|a, b| size(b).cmp(&size(a)).then_with(|| a.name.cmp(&b.name)));
        found
    }

    /// The expected bill of the service that an assumption is about; what is about no service
    /// weighs most.
    fn weight(&self, name: &str) -> i64 {
        let service = name.strip_prefix("services.").and_then(|rest| rest.split('.').next());
        let Some(service) = service else { return i64::MAX };
        let lines = self.plan.bill.lines.iter().filter(|line| line.service == service);
        lines.map(|line| line.amount.expected).sum::<MicroDollars>().micros()
    }

    /// The assumptions that a user could measure: those about users, requests and their work.
    fn names(&self) -> impl Iterator<Item = String> + '_ {
        self.demand
            .ledger
            .entries()
            .filter(|entry| matches!(entry.value, Value::Number(_)))
            .filter(|entry| matches!(entry.origin, Origin::User | Origin::Default))
            .map(|entry| entry.name.clone())
            .filter(|name| measurable(name))
    }

    fn ask(&self, questions: Vec<Question>) -> Vec<Alternative> {
        questions
            .into_par_iter()
            .map(|Question { id, text, intent }| {
                let demand = characterise(&intent, self.planner.catalog, None).ok();
                let cost = demand.and_then(|demand| self.planner.solved_cost(&demand));
                Alternative { id, text, cost }
            })
            .collect()
    }
}

/// The same with every response compressed, of whichever class; `None` where nothing responds.
pub(crate) fn compressed(intent: &Intent, demand: &Demand) -> Option<Intent> {
    let mut compressed = intent.clone();
    for (class, demand) in compressed.requests.iter_mut().zip(&demand.classes) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "less than the size that there is"
        )]
        let left = (demand.response.value() as f64 * COMPRESSED).ceil() as u64;
        class.response = Some(Stated::by_user(Bytes::new(left), "lever"));
    }
    let own = |name: &str| name.starts_with("requests.") && name.ends_with(".response");
    compressed.assume.retain(|(name, _)| !own(name));
    (!intent.requests.is_empty()).then_some(compressed)
}

/// Whether an assumption is one that its owner can measure and that moves the load or the work.
fn measurable(name: &str) -> bool {
    let of_load =
        matches!(name, "demand.think_time" | "demand.requests_per_action" | "demand.peak_to_mean");
    let of_request = name.starts_with("requests.")
        && (name.ends_with(".response") || name.ends_with(".cacheable"));
    let of_service = name.starts_with("services.")
        && (name.ends_with(".cpu_time") || name.ends_with(".working_set"))
        || name == "cache.bytes_per_lookup";
    of_load || of_request || of_service
}
