//! What changed from one spec to another: the plan, what holds, the bill, and what it comes from.

mod causes;
mod design;
mod outcomes;

use std::cmp::Reverse;

use domain::spec::{Platform, ServicePart, Spec};
use domain::units::{Margin, MicroDollars};
use domain::verification::{Status, Verdict};
use schemars::JsonSchema;
use serde::Serialize;

use crate::spec::design as document;

/// What changed from one spec to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "Plimsoll difference")]
pub struct Difference {
    /// The version of the document.
    #[serde(rename = "apiVersion")]
    #[schemars(extend("const" = "plimsoll/v1"))]
    pub api_version: &'static str,
    /// What the document is.
    #[schemars(extend("const" = "Difference"))]
    pub kind: &'static str,
    /// What the system is called, in the newer spec.
    pub name: String,
    /// Which way it went.
    pub course: Course,
    /// The older spec.
    pub from: Side,
    /// The newer one.
    pub to: Side,
    /// What is planned or holds otherwise: places, machines, outcomes.
    pub changes: Vec<Change>,
    /// What is paid for each service or kind of traffic, where that is another amount; what changes
    /// most first.
    pub bill: Vec<BillChange>,
    /// What was asked for, assumed, ruled or priced otherwise: outcomes and demand first, then
    /// places and services, then rules that bind, and labels last.
    pub causes: Vec<Change>,
}

/// Which way it went, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Course {
    /// Something that was demanded no longer holds, or the newer plan is not verified.
    Worse,
    /// The expected bill is higher.
    Dearer,
    /// It is lower.
    Cheaper,
    /// It is what it was.
    Same,
}

/// One of the two specs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Side {
    /// The digest that it states of itself.
    pub spec_digest: String,
    /// What became of its plan.
    pub status: Status,
    /// Its expected bill of a month.
    pub expected_micros: MicroDollars,
    /// Its bill with every autoscaler at its maximum and traffic at its peak.
    pub ceiling_micros: MicroDollars,
}

/// Something that is otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Change {
    /// What it is about: `app.machines`, `latency-p95@peak`.
    pub about: String,
    /// What it was; absent where there was nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What it is; absent where there is nothing any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Whether it held before and holds now, of what is judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held: Option<[Verdict; 2]>,
    /// Whether either outcome demands it, of what is judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub demanded: Option<bool>,
}

/// What is paid for a service, before and now, in the expected bill of a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BillChange {
    /// The service, or `traffic`.
    pub service: String,
    /// What it was.
    pub from_micros: MicroDollars,
    /// What it is.
    pub to_micros: MicroDollars,
}

impl Difference {
    /// What changed from one spec to another.
    pub fn between(from: &Spec, to: &Spec) -> Self {
        let (outcomes, worse) = outcomes::changes(from, to);
        let mut changes = design::changes(from, to);
        changes.extend(outcomes);
        let amount = |spec: &Spec| spec.cost.monthly_micros.expected;
        let course = match amount(to).cmp(&amount(from)) {
            _ if worse || to.verdict.status != Status::Verified => Course::Worse,
            std::cmp::Ordering::Greater => Course::Dearer,
            std::cmp::Ordering::Less => Course::Cheaper,
            std::cmp::Ordering::Equal => Course::Same,
        };
        Self {
            api_version: document::VERSION,
            kind: "Difference",
            name: to.metadata.name.to_string(),
            course,
            from: Side::of(from),
            to: Side::of(to),
            changes,
            bill: bill(from, to),
            causes: causes::changes(from, to),
        }
    }

    /// By how much the expected bill changed.
    pub fn margin(&self) -> Margin {
        self.to.expected_micros - self.from.expected_micros
    }

    /// As one JSON document.
    pub fn json(&self) -> String {
        document::text(self)
    }
}

/// The JSON Schema of that document, draft 2020-12, as text.
pub fn schema() -> String {
    document::schema::<Difference>("difference")
}

impl Side {
    fn of(spec: &Spec) -> Self {
        Self {
            spec_digest: spec.metadata.digest.clone(),
            status: spec.verdict.status,
            expected_micros: spec.cost.monthly_micros.expected,
            ceiling_micros: spec.cost.monthly_micros.ceiling,
        }
    }
}

impl Change {
    /// A change of a text, if it is one.
    fn of(about: impl Into<String>, from: Option<String>, to: Option<String>) -> Option<Self> {
        (from != to).then(|| Self { about: about.into(), from, to, held: None, demanded: None })
    }
}

/// What is paid for each service, where most changes first; equals in the order of the newer bill
/// and then of the older.
fn bill(from: &Spec, to: &Spec) -> Vec<BillChange> {
    let mut services: Vec<&str> = Vec::new();
    for line in to.cost.lines.iter().chain(&from.cost.lines) {
        if !services.contains(&line.service.as_str()) {
            services.push(&line.service);
        }
    }
    let change = |service: &str| {
        let (from_micros, to_micros) = (paid(from, service), paid(to, service));
        let service = service.to_owned();
        (from_micros != to_micros).then_some(BillChange { service, from_micros, to_micros })
    };
    services.sort_by_key(|service| Reverse(moved(from, to, service)));
    services.into_iter().filter_map(change).collect()
}

/// What is paid for a service in the expected bill.
fn paid(spec: &Spec, service: &str) -> MicroDollars {
    let lines = spec.cost.lines.iter().filter(|line| line.service == service);
    lines.map(|line| line.amount_micros.expected).sum()
}

/// By how much that is another amount, up or down, in micro-dollars.
fn moved(from: &Spec, to: &Spec, service: &str) -> u64 {
    (paid(to, service) - paid(from, service)).micros().unsigned_abs()
}

/// The services of both specs by name: those of the newer one in its order, then what is gone.
fn services<'s>(
    from: &'s Spec,
    to: &'s Spec,
) -> impl Iterator<Item = (Option<&'s ServicePart>, Option<&'s ServicePart>)> {
    let of =
        |spec: &'s Spec, name: &str| spec.services.iter().find(|own| own.name.as_str() == name);
    let now = to.services.iter().map(move |own| (of(from, own.name.as_str()), Some(own)));
    let gone = from.services.iter().filter(move |own| of(to, own.name.as_str()).is_none());
    now.chain(gone.map(|own| (Some(own), None)))
}

/// Whether a service is a managed product that is not bought by machines.
fn is_bought_whole(service: &ServicePart) -> bool {
    service.platform == Platform::Managed && service.offers.is_empty()
}
