//! What programs are told, whatever starts them: the same names stand in the environment of a pod
//! and in the file of settings of a machine.
//!
//! Where something is found differs, and is asked of the format. Nothing told is a secret.

use domain::intent::ServiceKind;
use domain::name::Name;
use domain::offer::Provider;
use domain::spec::{ServicePart, Spec};

use super::decimal::decimal;
use super::queries;
use super::terraform::fleet::{is_fleet, is_managed};

/// A setting, with a remark before it where there is something to say.
pub(super) struct Setting<V> {
    pub(super) about: String,
    pub(super) name: String,
    pub(super) value: V,
}

/// Where something that is called is found.
pub(super) struct Place<V> {
    pub(super) host: V,
    /// What its certificate calls it, where that is not the host.
    pub(super) certified: Option<V>,
    /// Where the password is kept.
    pub(super) secret: Option<V>,
}

impl<V> Place<V> {
    /// A host that is called by its own name.
    pub(super) const fn at(host: V) -> Self {
        Self { host, certified: None, secret: None }
    }
}

/// The database that is made in a server; one of PostgreSQL's clients asks for that of its user.
pub(super) const DATABASE: &str = "plimsoll";
/// Who programs are there: whoever may do everything at first.
pub(super) const USER: &str = "plimsoll";

/// What programs are told of a database beside where it is.
pub(super) fn account(to: &Name) -> [(String, &'static str); 2] {
    let key = variable(to);
    [(format!("{key}_DATABASE"), DATABASE), (format!("{key}_USER"), USER)]
}

/// A limit that the simulation counts on: in small letters as machines are told it as JSON, in
/// capitals as a variable of a program's environment.
pub(super) struct Limit {
    pub(super) about: &'static str,
    pub(super) name: &'static str,
    pub(super) value: Amount,
}

/// How much a limit is.
pub(super) enum Amount {
    /// So many of a whole unit.
    Whole(u64),
    /// So many parts per million, told in per cent.
    PartsPerMillion(u64),
}

/// How a service calls others.
pub(super) fn calls(service: &ServicePart) -> Vec<Limit> {
    let Some(own) = &service.resilience else { return Vec::new() };
    let limit = |about, name, value| Limit { about, name, value };
    vec![
        limit(
            "What it does when a call of its own fails.",
            "call_timeout_ms",
            Amount::Whole(own.timeout_us / 1_000),
        ),
        limit("", "call_retries", Amount::Whole(own.retries.into())),
        limit(
            "The most of its calls that may be retries.",
            "call_retry_budget_percent",
            Amount::PartsPerMillion(own.retry_budget_ppm),
        ),
        limit(
            "It lets calls wait for so much work, and refuses what comes after.",
            "call_queue_ms",
            Amount::Whole(own.queue_us / 1_000),
        ),
    ]
}

/// How many requests may be in an instance, how many of them may wait, and why so many.
pub(super) struct Admitted {
    pub(super) about: String,
    pub(super) in_flight: u32,
    pub(super) queue: u32,
}

/// What the plan admits to an instance. Memory holds so many requests in all, and so many that
/// wait for a server are served in time: an instance refuses at whichever it reaches first, as the
/// simulation has it, so either may be the larger number.
pub(super) fn admitted(service: &ServicePart) -> Option<Admitted> {
    service.process.as_ref().map(|process| {
        let (in_flight, queue) = (process.max_in_flight, process.queue_limit);
        let full = if queue < in_flight { "" } else { "; memory is full before so many wait" };
        let about = format!(
            "What the simulation admits to one instance before it refuses: {in_flight} requests \
             in all, and {queue} of them waiting for a server{full}."
        );
        Admitted { about, in_flight, queue }
    })
}

/// The settings of a service; of what it calls, the places of each slice.
pub(super) fn settings<V: From<String>>(
    spec: &Spec,
    service: &ServicePart,
    admitted: Option<Admitted>,
    places: impl Fn(&ServicePart) -> Vec<Place<V>>,
) -> Vec<Setting<V>> {
    let mut told = Told(Vec::new());
    told.number("", "PORT", service.port);
    let mut about = "What it calls itself in what it measures, by which alerts find it.";
    for (name, value) in queries::called(spec, &service.name) {
        told.text(std::mem::take(&mut about), name, value);
    }
    if let Some(own) = admitted {
        told.number(&own.about, "MAX_IN_FLIGHT", own.in_flight);
        told.number("", "QUEUE_LIMIT", own.queue);
    }
    for own in calls(service) {
        let value = match own.value {
            Amount::Whole(count) => count.to_string(),
            Amount::PartsPerMillion(parts) => decimal(parts, 4),
        };
        told.text(own.about, &own.name.to_ascii_uppercase(), value);
    }
    for to in used(spec, service) {
        called(&mut told, spec, to, places(to));
    }
    told.0
}

/// How something is called.
fn called<V: From<String>>(
    told: &mut Told<V>,
    spec: &Spec,
    to: &ServicePart,
    places: Vec<Place<V>>,
) {
    let key = variable(&to.name);
    let several = places.len() > 1;
    let mut about = format!("How {} is called.", to.name);
    for (at, place) in places.into_iter().enumerate() {
        let key = part(&key, several.then_some(at));
        told.value(&std::mem::take(&mut about), &format!("{key}_HOST"), place.host);
        if let Some(name) = place.certified {
            told.value("", &format!("{key}_TLS_NAME"), name);
        }
        if let Some(secret) = place.secret {
            told.value("", &format!("{key}_PASSWORD_SECRET"), secret);
        }
    }
    told.number("", &format!("{key}_PORT"), to.port);
    if is_fleet(to) {
        told.text("", &format!("{key}_BALANCING"), to.algorithm.as_str().to_owned());
    }
    if is_sealed(spec, to) {
        told.text("", &format!("{key}_TLS"), "true".to_owned());
    }
    if let Some(own) = to.connections.filter(|_| !is_fleet(to)) {
        let about = "Connections that one instance may hold at most.";
        told.number(about, &format!("{key}_POOL"), own.pool_per_instance);
    }
}

struct Told<V>(Vec<Setting<V>>);

impl<V: From<String>> Told<V> {
    fn value(&mut self, about: &str, name: &str, value: V) {
        self.0.push(Setting { about: about.to_owned(), name: name.to_owned(), value });
    }

    fn text(&mut self, about: &str, name: &str, value: String) {
        self.value(about, name, value.into());
    }

    fn number(&mut self, about: &str, name: &str, number: impl Into<u64>) {
        self.text(about, name, number.into().to_string());
    }
}

/// A name as it stands in the environment of a program.
pub(super) fn variable(name: &Name) -> String {
    let own = name.as_str().replace('-', "_").to_ascii_uppercase();
    if own.starts_with(|letter: char| letter.is_ascii_digit()) { format!("_{own}") } else { own }
}

/// The beginning of the settings of one slice: that of the whole where there is one only.
pub(super) fn part(key: &str, at: Option<usize>) -> String {
    at.map_or_else(|| key.to_owned(), |at| format!("{key}_{}", at + 1))
}

/// The fleets that open connections to a service: those that call it, and those that take from
/// it where it is a queue.
pub(super) fn users<'a>(
    spec: &'a Spec,
    service: &'a ServicePart,
) -> impl Iterator<Item = &'a ServicePart> {
    let fleets = spec.services.iter().filter(|own| is_fleet(own));
    fleets.filter(|own| {
        let takes = service.kind == ServiceKind::Queue && service.targets.contains(&own.name);
        own.targets.contains(&service.name) || takes
    })
}

/// Everything that a fleet opens connections to.
pub(super) fn used<'a>(
    spec: &'a Spec,
    fleet: &'a ServicePart,
) -> impl Iterator<Item = &'a ServicePart> {
    spec.services.iter().filter(move |own| {
        let taken = own.kind == ServiceKind::Queue && own.targets.contains(&fleet.name);
        fleet.targets.contains(&own.name) || taken
    })
}

/// Whether calls to a service have to be encrypted: where a rule says so, where it is asked over
/// HTTPS wherever it is, and where the cloud takes no others, as AWS and Azure of their data.
pub(super) fn is_sealed(spec: &Spec, to: &ServicePart) -> bool {
    let data = is_managed(to, ServiceKind::Sql) || is_managed(to, ServiceKind::Cache);
    let by_cloud = matches!(spec.placement.provider, Provider::Aws | Provider::Azure);
    matches!(to.kind, ServiceKind::External | ServiceKind::Queue)
        || data && by_cloud
        || spec.network.flows.iter().any(|flow| flow.to == to.name && flow.encrypted)
}
