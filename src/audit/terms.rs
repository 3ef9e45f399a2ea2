//! The terms that machines are bought on: whether they were listed, and what their hours cost.

use domain::intent::ServiceKind;
use domain::offer::{Offer, PurchaseTerm};
use domain::spec::{Line, OfferPart, PromisePart, ServicePart};
use domain::units::MicroDollars;

use super::Audit;
use super::bill::{Due, HOURS, alike, each, micros, peak, product};
use super::exact::{Span, Whole};
use super::fleet::sold;

/// Months of each term on which something is promised.
const MONTHS: [(PurchaseTerm, u32); 2] =
    [(PurchaseTerm::ReservedOneYear, 12), (PurchaseTerm::ReservedThreeYears, 36)];

/// Months of a term; `None` where nothing is promised.
fn months(term: PurchaseTerm) -> Option<u32> {
    MONTHS.iter().find(|(own, _)| *own == term).map(|(_, months)| *months)
}

impl Audit<'_> {
    /// Hours of a month in which the machines of a service are on, where they are there at all.
    pub(super) fn hours_on(&self, service: &ServicePart) -> Span {
        let rds = service.product.as_deref() == Some("aws.rds");
        match (service.kind, service.product.is_some()) {
            (ServiceKind::Cache, _) => Span::whole(HOURS),
            (ServiceKind::Sql, true) if !rds => Span::whole(HOURS),
            _ => Span::whole(HOURS).times(self.open()),
        }
    }

    /// What a spec says of how the machines of an offer are paid for.
    pub(super) fn purchase(&mut self, place: &str, part: &OfferPart) {
        let place_of = |name: &str| format!("{place}/{name}");
        let Some(committed) = part.committed else {
            let text = "nothing is promised, so it is bought on demand";
            let plain = part.purchase == PurchaseTerm::OnDemand;
            return self.book.holds(&place_of("purchase"), plain, text);
        };
        let most = part.autoscaling.as_ref().map_or_else(|| peak(part), |own| own.max.into());
        let count = u64::from(committed.instances);
        let listed = self.known.demand.purchase.contains(&committed.term);
        let text = "it is not among the terms that were listed";
        self.book.holds(&place_of("committed/term"), listed, text);
        let months = months(committed.term).unwrap_or(0);
        self.book.number(&place_of("committed/months"), committed.months.into(), months.into());
        let within = (1..=most).contains(&count);
        let text = "as many are never there";
        self.book.holds(&place_of("committed/instances"), within, text);
        let rest = if count < most { PurchaseTerm::OnDemand } else { committed.term };
        let words = (part.purchase.as_str(), rest.as_str());
        self.book.same(&place_of("purchase"), &words.0, &words.1);
    }

    /// Splits the hours of an offer that are due into those on demand and those that are promised.
    pub(super) fn promised(
        &self,
        service: &ServicePart,
        at: usize,
        offers: &[Offer],
        due: &mut Vec<Due>,
    ) {
        let part = &service.offers[at];
        let (Some(committed), Some(offer)) = (part.committed, sold(offers, service, part)) else {
            return;
        };
        let further = if at == 0 { String::new() } else { format!(".{}", at + 1) };
        let what = if service.product.is_some() { "nodes" } else { "compute" };
        let id = format!("{}.{what}{further}", service.name);
        let Some(place) = due.iter().position(|own| own.id == id) else { return };
        let on_demand = &mut due[place];
        let count = u64::from(committed.instances);
        let units = each(self.fleet_beyond(&service.offers, at, count), self.hours_on(service));
        let hours = Span::whole(HOURS).times(Span::whole(count));
        let (term, months) = (committed.term, months(committed.term).unwrap_or(0));
        let price = offer.prices.on(term);
        let all = u64::from(HOURS) * u64::from(months) * count * 1_000;
        let total = price.and_then(|price| product(price.unit_price, all)).unwrap_or(0);
        let promise = PromisePart {
            term,
            months,
            instances: committed.instances,
            total_micros: micros_of(total),
            on_demand_usd: offer.prices.on_demand.map(|price| price.unit_price),
        };
        let promised = Due {
            id: format!("{}.{what}-{}{further}", service.name, term.as_str()),
            service: on_demand.service.clone(),
            sku: on_demand.sku.clone(),
            price,
            units: alike(hours),
            promise: Some(promise),
            ..*on_demand
        };
        on_demand.units = units;
        if part.purchase == term {
            due[place] = promised;
        } else {
            due.push(promised);
        }
    }

    /// What a line says of a promise.
    pub(super) fn promise(&mut self, place: &str, line: &Line, right: Option<PromisePart>) {
        let place = format!("{place}/commitment");
        let (Some(own), Some(right)) = (line.commitment, right) else {
            let text = "a promise is told where there is none, or none where there is one";
            return self.book.holds(&place, line.commitment == right, text);
        };
        let words = (own.term.as_str(), right.term.as_str());
        self.book.same(&format!("{place}/term"), &words.0, &words.1);
        let counts =
            [("months", own.months, right.months), ("instances", own.instances, right.instances)];
        for (name, stated, right) in counts {
            self.book.number(&format!("{place}/{name}"), stated.into(), right.into());
        }
        let total = Whole::exactly(micros(right.total_micros));
        self.book.whole(&format!("{place}/total_micros"), micros(own.total_micros), total);
        let same = own.on_demand_usd == right.on_demand_usd;
        let text = "the catalog has another price on demand";
        self.book.holds(&format!("{place}/on_demand_usd"), same, text);
    }
}

/// An amount; none that is as large can be stated.
fn micros_of(amount: u128) -> MicroDollars {
    let micros = i64::try_from(amount).ok().and_then(|own| MicroDollars::new(own).ok());
    micros.unwrap_or(MicroDollars::ZERO)
}
