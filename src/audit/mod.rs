//! A spec re-computed from itself and the catalog alone: what it costs, how large and how busy
//! everything in it is, and whether it keeps every limit, in whole numbers.
//!
//! Nothing here comes from the model that the solver chose by, and nothing is simulated. What only
//! a simulation, a queueing estimate or another solution could tell is named as not checked.

mod arrivals;
mod asked;
mod backups;
mod bill;
mod book;
mod cdn;
mod claims;
mod exact;
mod fleet;
mod policy;
mod pools;
mod queues;
mod recovery;
mod schedule;
mod terms;
mod unchecked;

use domain::catalog::Catalog;
use domain::demand::Demand;
use domain::spec::{LedgerValue, Spec};
use domain::topology::Topology;
use reports::checked::Checked;
use reports::restore::{RestoreFaults, restore};

use arrivals::{Known, arrivals, in_order, ways};
use book::Book;
use exact::Span;

use crate::check;

pub use asked::{Asked, asked};

/// Ways through the calls of a request, beyond which they are not followed one by one.
const MOST_WAYS: u64 = 100_000;

/// What a spec is held against.
#[derive(Debug, Clone, Copy)]
pub struct Against<'a> {
    /// Prices and machines, where the spec was made from a catalog that is at hand.
    pub catalog: Option<&'a Catalog>,
    /// What the intent in the spec asks for, where it could be read again.
    pub asked: Option<&'a Asked>,
    /// Whether the digests in the spec are compared with its text.
    pub digests: bool,
}

/// Re-computes a spec.
///
/// # Errors
/// When nothing can be worked out from it, because what it describes has no meaning and its intent
/// could not be read either.
pub fn audit(spec: &Spec, against: &Against<'_>) -> Result<Checked, RestoreFaults> {
    let described = restore(spec, against.catalog);
    let mut book = Book::default();
    if let Err(unsound) = &described {
        for fault in &unsound.faults {
            book.push(&asked::place_of(fault), &fault.to_string(), None);
        }
    }
    let demand: &Demand = match (against.asked, &described) {
        (Some(asked), _) => &asked.demand,
        (None, Ok(described)) => &described.demand,
        (None, Err(faults)) => return Err(faults.clone()),
    };
    let known = Known { demand, rounded: against.asked.is_none() };
    let mut audit = Audit { spec, known, book };
    if against.digests {
        audit.digests();
    }
    if let Some(asked) = against.asked {
        asked.compare(spec, &mut audit.book);
    }
    audit.all(against.catalog);
    if let Ok(described) = &described {
        audit.rules((&described.demand, &described.topology), against.catalog);
        if let Some(asked) = against.asked {
            if let Some(catalog) = against.catalog {
                audit.policy(asked, &described.topology, &catalog.facts);
            }
            audit.recovery(asked, &described.topology);
        }
    }
    let Book { faults, compared } = audit.book;
    Ok(Checked {
        name: spec.metadata.name.to_string(),
        spec_digest: spec.metadata.digest.clone(),
        compared,
        faults,
        unchecked: unchecked::of(spec, against),
    })
}

/// A spec under examination.
struct Audit<'a> {
    spec: &'a Spec,
    known: Known<'a>,
    book: Book,
}

impl Audit<'_> {
    /// The rules and limits that what is described must keep.
    fn rules(&mut self, (demand, topology): (&Demand, &Topology), catalog: Option<&Catalog>) {
        let ordered = in_order(demand);
        let text = "a service stands before one that calls it";
        self.book.holds("/demand/services", ordered, text);
        let followed = ways(demand) <= MOST_WAYS;
        self.book.holds("/demand/services", followed, "its calls branch more than can be followed");
        if ordered && followed {
            let sold = catalog.map(|catalog| check::limits_sold(demand, topology, catalog));
            for text in
                check::limits(demand, topology).into_iter().chain(sold.into_iter().flatten())
            {
                self.book.push("/services", &text, None);
            }
        }
    }

    fn digests(&mut self) {
        let own = &self.spec.metadata;
        self.book.same("/metadata/digest", &own.digest, &reports::spec::digest(self.spec));
        let plan = reports::spec::plan_digest_in(self.spec);
        self.book.same("/metadata/plan_digest", &own.plan_digest, &plan);
    }

    fn all(&mut self, catalog: Option<&Catalog>) {
        let arrivals = arrivals(&self.known);
        self.amounts();
        self.services(&arrivals);
        let placement = &self.spec.placement;
        let region = catalog.and_then(|catalog| {
            let mut regions = catalog.regions.iter();
            regions.find(|own| own.provider == placement.provider && own.name == placement.region)
        });
        self.placement(region);
        if let Some((catalog, region)) = catalog.zip(region) {
            let provider = placement.provider;
            let offers = catalog.offers_in(provider, &placement.region);
            let boot = catalog.boot_times.get(&provider).map(|boot| boot.p90.value());
            self.machines_sold(offers, boot);
            self.bill((region, &catalog.facts), offers, &arrivals);
        }
        self.cdn();
        self.optimality();
        self.evidence();
        self.availability();
    }

    /// A number of the ledger that stands in the spec; nothing where it lacks one.
    fn assumed(&self, name: &str) -> Span {
        let entry = self.spec.assumptions.iter().find(|entry| entry.name == name);
        match entry.map(|entry| &entry.value) {
            Some(LedgerValue::Number(number)) => Span::of(*number),
            Some(LedgerValue::Choice(_)) | None => Span::ZERO,
        }
    }
}
