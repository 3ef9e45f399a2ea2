//! What a content delivery network answers before the edge, and what is left of the load.
//!
//! Its hits reach nothing behind it: the edge sees (1 − h) of the requests of a class of which a
//! share h is answered before it (theory: requests = actions × requests × (1 − hit ratio)). What
//! can be cached is a property of requests; whether something may stand before the edge that keeps
//! copies all over the world is up to the rules, and without it all requests reach the edge.

use std::collections::BTreeSet;

use domain::candidate::Rejection;
use domain::catalog::Catalog;
use domain::cdn::{CachedClass, CdnDemand, MOST_CACHEABLE};
use domain::demand::Demand;
use domain::intent::Intent;
use domain::ledger::{Origin, Stated};
use domain::units::{Ratio, RequestsPerSecond};

use super::book::Book;
use crate::gates;

/// The entry that says whether there is one.
const ENTRY: &str = "cdn";

/// What is answered before the edge of each class; `None` where nothing is.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Split(Option<Vec<CachedClass>>);

/// The rule that bars one everywhere, where a demand has one; `None` where it may stand.
pub(super) fn barred(demand: &Demand, catalog: &Catalog) -> Option<String> {
    demand.cdn.as_ref()?;
    let sold = catalog.regions.iter().filter(|region| region.cdn.is_some());
    let sellers: BTreeSet<_> = sold.map(|region| region.provider).collect();
    let mut first = None;
    for provider in sellers {
        match gates::cdn(demand, provider) {
            Some(Rejection::Policy(rule)) => first = first.or(Some(rule)),
            _ => return None,
        }
    }
    first
}

impl Split {
    /// Reads what of each class can be cached, unless a rule bars that.
    pub(super) fn read(
        intent: &Intent,
        shares: &[Ratio],
        barred: Option<&str>,
        book: &mut Book<'_>,
    ) -> Self {
        if intent.requests.iter().all(|class| class.cacheable.is_none()) {
            return Self(None);
        }
        let (said, source) = match barred {
            Some(rule) => ("none", format!("policy rule {rule}")),
            None => ("before_the_edge", "requests say what is `cacheable`".to_owned()),
        };
        let origin = Origin::Derived;
        let said = Stated { value: said.to_owned(), origin, source, interval: None };
        book.choice(ENTRY, Some(&said), ENTRY);
        if barred.is_some() {
            return Self(None);
        }
        let classes = intent.requests.iter().zip(shares).map(|(class, share)| {
            let name = format!("requests.{}.cacheable", class.name);
            let stated = class.cacheable.as_ref();
            let cacheable = stated.map(|stated| book.stated(&name, Some(stated), &name));
            // Varied, it may be beyond what anybody may state.
            let cacheable = cacheable.unwrap_or_default().min(MOST_CACHEABLE);
            CachedClass { share: *share, cacheable }
        });
        Self(Some(classes.collect()))
    }

    /// Whether there is one.
    pub(super) const fn stands(&self) -> bool {
        self.0.is_some()
    }

    /// The share of all requests that reach the edge.
    pub(super) fn left(&self) -> f64 {
        let passed =
            |class: &CachedClass| class.share.value() * class.cacheable.complement().value();
        self.0.as_ref().map_or(1.0, |classes| classes.iter().map(passed).sum())
    }

    /// The shares of the classes in the requests that reach the edge.
    pub(super) fn at_the_edge(&self, shares: Vec<Ratio>) -> Vec<Ratio> {
        let Some(classes) = &self.0 else { return shares };
        let left = self.left();
        let share = |class: &CachedClass| {
            let passed = class.share.value() * class.cacheable.complement().value();
            Ratio::of((passed / left).min(1.0))
        };
        classes.iter().map(share).collect()
    }

    /// With the rate of all requests at the peak.
    pub(super) fn demand(self, peak: RequestsPerSecond) -> Option<CdnDemand> {
        Some(CdnDemand { peak, classes: self.0? })
    }
}
