//! From an intent to a demand: users become requests a second, and every number that nobody stated
//! becomes a default with its source in the ledger.

mod book;
mod calls;
mod cdn;
mod classes;
mod data;
mod day;
mod external;
mod faults;
mod hours;
mod limits;
mod load;
mod order;
mod policy;
mod queues;
mod ranges;
mod rules;
mod safeguards;
mod services;
mod settings;
mod unused;

use domain::catalog::Catalog;
use domain::demand::Demand;
use domain::intent::Intent;
use domain::ledger::Stated;
use domain::name::Name;
use domain::objective::{Headroom, Objectives, Operations};
use domain::offer::PurchaseTerm;
use domain::policy::Gates;
use domain::units::{Ratio, ReadError};

use crate::words::figure;

use book::Book;
pub use book::Variation;
pub use load::OTHER_READINGS;
pub(crate) use policy::uptime_floor;

/// Why a demand cannot be worked out.
#[derive(Debug, Clone, PartialEq, thiserror::Error, miette::Diagnostic)]
pub enum CharacteriseError {
    /// Nobody said how many users or requests there are.
    #[error("no load is stated")]
    #[diagnostic(
        code(demand::no_load),
        help("say how many users or requests a second, for example: 10k users")
    )]
    NoLoad,
    /// The catalog lacks a default that the model needs.
    #[error("the catalog has no default for `{name}`")]
    #[diagnostic(
        code(demand::no_default),
        help("add it to defaults.csv of the catalog, or state it under `assume:`")
    )]
    NoDefault {
        /// Its name in the ledger.
        name: String,
    },
    /// A default or an override cannot be read.
    #[error("`{name}`: `{text}` {cause}")]
    #[diagnostic(code(demand::unreadable), help("{help}"))]
    Unreadable {
        /// Its name in the ledger.
        name: String,
        /// What stands there.
        text: String,
        /// What is wrong with it.
        cause: ReadError,
        /// What to write instead.
        help: String,
    },
    /// A default or an override is beyond what the entry may hold.
    #[error("`{name}` is {text}, which is not plausible")]
    #[diagnostic(code(demand::range), help("{range} is planned for"))]
    OutOfRange {
        /// Its name in the ledger.
        name: String,
        /// What stands there.
        text: String,
        /// What may stand there, in words.
        range: &'static str,
    },
    /// A name under `assume:` is no assumption of this demand.
    #[error("`{name}` is not an assumption of this plan ({place})")]
    #[diagnostic(code(demand::unknown_assumption), help("{help}"))]
    UnknownAssumption {
        /// The name.
        name: String,
        /// Where it was stated.
        place: String,
        /// What it may have been meant for.
        help: String,
    },
    /// A name under `assume:` is in the ledger, but something else decides it.
    #[error("`{name}` cannot be set by its name ({place}): {why}")]
    #[diagnostic(code(demand::not_settable), help("{help}"))]
    NotSettable {
        /// The name.
        name: String,
        /// Where it was stated.
        place: String,
        /// What decides it.
        why: String,
        /// How to say the same.
        help: String,
    },
    /// A choice that is not among those known.
    #[error("`{name}`: `{text}` is not one of {known}")]
    #[diagnostic(code(demand::unknown_choice), help("write one of {known}"))]
    UnknownChoice {
        /// The name in the ledger.
        name: String,
        /// What stands there.
        text: String,
        /// The words that are known.
        known: &'static str,
    },
    /// CPU time was measured on a machine that the catalog does not know.
    #[error("services.{service}: nobody measured the speed of `{machine}`")]
    #[diagnostic(
        code(demand::unknown_machine),
        help("name an instance type of the catalog, or state the CPU time on one vCPU of an m5")
    )]
    UnknownMachine {
        /// The service.
        service: String,
        /// The machine.
        machine: String,
    },
    /// More services than are planned together.
    #[error("{count} services are more than can be planned together")]
    #[diagnostic(
        code(demand::too_many_services),
        help("plan at most {limit} services in one document; split it where systems meet")
    )]
    TooManyServices {
        /// How many there are.
        count: usize,
        /// How many there may be.
        limit: usize,
    },
    /// The system would need more than the model can hold.
    #[error("{what} is {}, beyond what can be planned for", figure(*value))]
    #[diagnostic(code(demand::too_large), help("at most {} is planned for", figure(*limit)))]
    TooLarge {
        /// What is too large.
        what: String,
        /// How large it is.
        value: f64,
        /// How large it may be.
        limit: f64,
    },
    /// So little load that there is nothing to size.
    #[error("the rate of requests a second is {}: nothing is sized for that", figure(*value))]
    #[diagnostic(
        code(demand::too_small),
        help("say how many users or requests a second there are at the peak")
    )]
    TooSmall {
        /// Requests a second at the peak.
        value: f64,
    },
}

/// Services of one document: the rows of the program grow with their number, its size with the
/// square, and beyond this a plan takes minutes.
const SERVICES_MAX: usize = 64;

/// Works out what must be carried.
///
/// `variation` varies one assumption, to see how much the answer moves.
///
/// # Errors
/// When no load is stated, or a default or an override cannot be read: all faults at once.
pub fn characterise(
    intent: &Intent,
    catalog: &Catalog,
    variation: Option<&Variation>,
) -> Result<Demand, Vec<CharacteriseError>> {
    let count = intent.services.len();
    if count > SERVICES_MAX {
        return Err(vec![CharacteriseError::TooManyServices { count, limit: SERVICES_MAX }]);
    }
    let demand = demand((intent, catalog), variation, None)?;
    match cdn::barred(&demand, catalog) {
        Some(rule) => self::demand((intent, catalog), variation, Some(&rule)),
        None => Ok(demand),
    }
}

/// The demand; without a content delivery network where a rule bars it.
fn demand(
    (intent, catalog): (&Intent, &Catalog),
    variation: Option<&Variation>,
    barred: Option<&str>,
) -> Result<Demand, Vec<CharacteriseError>> {
    let mut book =
        Book::new(&catalog.defaults, &intent.assume, variation).within(policy::bounds(intent));
    let operations = operations(intent, &mut book);
    let objectives = objectives(intent, &mut book);
    let shares = classes::shares(intent, &mut book);
    let split = cdn::Split::read(intent, &shares, barred, &mut book);
    let (load, offered) = load::read(intent, split.left(), &mut book);
    let day = day::profile(intent, &mut book);
    let hours = hours::hours(intent, &mut book);
    let network = services::network(&mut book);
    let services = services::all(intent, catalog, &mut book);
    let shares = split.at_the_edge(shares);
    let classes = classes::classes(intent, (&services, &shares), &mut book);
    let rules = rules::rules(intent, &objectives, &mut book);
    let faults = faults::model(operations, split.stands(), &mut book);
    settings::record(&mut book);
    settings::users(intent, &mut book);
    settings::labels(intent, &mut book);
    let safeguards = safeguards::safeguards(intent, &services, &mut book);
    let pins = classes::pins(intent, &services);
    let ledger = book.close()?;
    let load = load::with_mean(load, &day);
    let demand = Demand {
        name: intent.metadata.name.clone().unwrap_or_else(|| fallback_name(intent)),
        load,
        day,
        hours,
        purchase: purchase(intent),
        classes,
        cdn: split.demand(offered),
        services,
        network,
        objectives,
        operations,
        run_on: classes::run_on(intent),
        pins,
        rules,
        policy: Gates { safeguards, ..policy::gates(intent, catalog) },
        faults,
        ledger,
    };
    let beyond = limits::faults(&demand);
    if beyond.is_empty() { Ok(demand) } else { Err(beyond) }
}

/// The terms that are listed beside on demand, each once and in their order.
fn purchase(intent: &Intent) -> Vec<PurchaseTerm> {
    let listed = |term: &PurchaseTerm| intent.purchase.iter().any(|own| own.value == *term);
    let beside = |term: &PurchaseTerm| *term != PurchaseTerm::OnDemand;
    PurchaseTerm::ALL.into_iter().filter(beside).filter(listed).collect()
}

/// The archetype's name, for a system that nobody named.
fn fallback_name(intent: &Intent) -> Name {
    intent.archetype.clone().unwrap_or_else(|| Name::of("system"))
}

fn operations(intent: &Intent, book: &mut Book<'_>) -> Operations {
    let stated = intent.operations.as_ref().map(|stated| Stated {
        value: stated.value.as_str().to_owned(),
        origin: stated.origin,
        source: stated.source.clone(),
        interval: None,
    });
    let name = "operations";
    let text = book.choice(name, stated.as_ref(), name);
    let known = Operations::ALL.into_iter().find(|level| level.as_str() == text);
    known.unwrap_or_else(|| {
        let (name, known) = (name.to_owned(), "basic, standard, advanced");
        book.fault(CharacteriseError::UnknownChoice { name, text, known });
        Operations::Standard
    })
}

fn objectives(intent: &Intent, book: &mut Book<'_>) -> Objectives {
    let stated = &intent.objectives;
    let mut latency = stated.latency.clone();
    latency.extend(intent.requests.iter().flat_map(|class| class.latency.iter().cloned()));
    policy::latency(intent, &mut latency);
    let load = book.stated("headroom.load", stated.headroom_load.as_ref(), "headroom.load");
    let instances_down = instances_down(intent, book);
    Objectives {
        uptime: policy::uptime(intent),
        latency,
        budget: policy::budget(intent),
        headroom: Headroom { load, instances_down },
    }
}

/// One instance down is demanded from 99.9% upwards, unless the headroom says otherwise.
fn instances_down(intent: &Intent, book: &mut Book<'_>) -> u32 {
    let stated = intent.objectives.instances_down.as_ref();
    let floor = domain::units::Availability::from_ppm(999_000).ok();
    if stated.is_none() && policy::uptime(intent) < floor {
        let rule = "an instance down is demanded from 99.9% upwards only";
        return small(book.derived("headroom.instances_down", 0_u64, rule));
    }
    let stated = stated.map(|stated| Stated {
        value: u64::from(stated.value),
        origin: stated.origin,
        source: stated.source.clone(),
        interval: None,
    });
    small(book.stated("headroom.instances_down", stated.as_ref(), "headroom.instances_down"))
}

/// A count that is a handful by its nature.
pub(crate) fn small(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The load with headroom, as a factor on the stated peak.
pub(crate) fn headroom_factor(headroom: Ratio) -> f64 {
    1.0 + headroom.value()
}
