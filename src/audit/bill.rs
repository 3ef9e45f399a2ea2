//! The bill again: every line with its price, its quantities and its amounts, and the sums.

use domain::catalog::Region;
use domain::facts::Facts;
use domain::intent::ServiceKind;
use domain::offer::{Offer, Price};
use domain::plan::CostCategory;
use domain::spec::{Line, OfferPart, PromisePart, RedundancyPart, ServicePart};
use domain::units::{Mebibytes, MicroDollars, UnitPrice};

use super::Audit;
use super::arrivals::Arrivals;
use super::exact::{Span, Whole};
use super::fleet::sold;

/// Hours of a month.
pub(super) const HOURS: u32 = 730;
pub(super) const SECONDS: u32 = HOURS * 3_600;

/// A quantity in the three bills: expected, of the fleet of the peak, at the ceiling.
pub(super) type Three = [Span; 3];

/// A line as it must be.
pub(super) struct Due {
    pub(super) id: String,
    pub(super) service: String,
    pub(super) category: CostCategory,
    pub(super) sku: String,
    pub(super) unit: &'static str,
    pub(super) price: Option<Price>,
    pub(super) units: Three,
    pub(super) promise: Option<PromisePart>,
}

pub(super) const fn alike(units: Span) -> Three {
    [units; 3]
}

pub(super) fn each(count: Three, units: Span) -> Three {
    count.map(|count| count.times(units))
}

pub(super) fn gibibytes(size: Mebibytes) -> Span {
    Span::whole(size.value()).over(Span::whole(1_024_u32))
}

impl Audit<'_> {
    pub(super) fn bill(
        &mut self,
        (region, facts): (&Region, &Facts),
        offers: &[Offer],
        arrivals: &[Arrivals],
    ) {
        let mut due = Vec::new();
        for service in &self.spec.services {
            for at in 0..service.offers.len() {
                self.machines(service, at, (region, offers), &mut due);
                self.promised(service, at, offers, &mut due);
            }
        }
        self.backups(region, facts, &mut due);
        self.balancer(region, &mut due);
        self.queues(region, arrivals, &mut due);
        self.traffic(region, arrivals, &mut due);
        let lines = &self.spec.cost.lines;
        for (at, line) in lines.iter().enumerate() {
            let place = format!("/cost/lines/{at}");
            match due.iter().find(|due| due.id == line.id) {
                Some(due) => self.line(&place, line, due),
                None => self.book.holds(&place, false, "nothing of the kind is needed"),
            }
            let again = lines.iter().take(at).any(|before| before.id == line.id);
            self.book.holds(&place, !again, "the line stands twice");
        }
        for due in &due {
            let needed = due.units[2].nearest(1_000).least > 0;
            let there = lines.iter().any(|line| line.id == due.id);
            let text = format!("the line `{}` is missing", due.id);
            self.book.holds("/cost/lines", there || !needed, &text);
        }
    }

    fn line(&mut self, place: &str, line: &Line, due: &Due) {
        let book = &mut self.book;
        book.same(&format!("{place}/service"), &line.service, &due.service);
        book.same(&format!("{place}/sku"), &line.sku, &due.sku);
        book.same(&format!("{place}/unit"), &line.unit.as_str(), &due.unit);
        let category = (line.service_category.as_str(), due.category.as_str());
        book.same(&format!("{place}/service_category"), &category.0, &category.1);
        if let Some(price) = due.price {
            book.same(&format!("{place}/unit_price_usd"), &line.unit_price_usd, &price.unit_price);
            book.same(&format!("{place}/as_of"), &line.as_of.0, &price.as_of);
            let basis = (line.price_basis.as_str(), price.basis.as_str());
            book.same(&format!("{place}/price_basis"), &basis.0, &basis.1);
        } else {
            book.holds(place, false, "the catalog has no price for it");
        }
        let quantities = [
            ("expected", line.quantity_milli.expected),
            ("peak_fleet", line.quantity_milli.peak_fleet),
            ("ceiling", line.quantity_milli.ceiling),
        ];
        for ((bill, quantity), units) in quantities.into_iter().zip(due.units) {
            let place = format!("{place}/quantity_milli/{bill}");
            book.whole(&place, quantity.thousandths(), units.up(1_000));
        }
        self.promise(place, line, due.promise);
    }

    /// Instances or nodes of one offer with their disks and volumes.
    fn machines(
        &self,
        service: &ServicePart,
        at: usize,
        (region, offers): (&Region, &[Offer]),
        due: &mut Vec<Due>,
    ) {
        let part = &service.offers[at];
        let Some(offer) = sold(offers, service, part) else { return };
        let name = service.name.as_str();
        let mut push = |suffix: &str, category, sku: String, price, units| {
            let unit = if matches!(suffix, "compute" | "nodes") { "hour" } else { "gib_month" };
            let id = match at {
                0 => format!("{name}.{suffix}"),
                _ => format!("{name}.{suffix}.{}", at + 1),
            };
            let service = name.to_owned();
            due.push(Due { id, service, category, sku, unit, price, units, promise: None });
        };
        let standby = matches!(service.redundancy, RedundancyPart::Standby { .. });
        let hours = self.hours_on(service);
        let count = self.fleet(&service.offers, at);
        let size = gibibytes(self.data_size(service));
        let (sku, databases) = (offer.sku.clone(), CostCategory::Databases);
        if service.product.is_some() && service.kind == ServiceKind::Sql {
            let prices = offer.prices;
            let price = if standby { prices.with_standby } else { prices.on_demand };
            push("nodes", databases, sku, price, alike(hours));
            let storage = region.sql_storage.as_ref();
            let (product, least) =
                storage.map_or(("", Span::ZERO), |own| (&own.product, gibibytes(own.minimum)));
            let price = storage
                .map(|own| if standby { own.standby_gib_month } else { own.single_gib_month });
            let zones = if standby { " multi-zone" } else { "" };
            let sku = format!("{product}{zones}");
            push("storage", databases, sku, price, alike(size.max(least)));
            return;
        }
        let units = each(count, hours);
        if service.product.is_some() {
            push("nodes", databases, sku, offer.prices.on_demand, units);
            return;
        }
        push("compute", CostCategory::Compute, sku, offer.prices.on_demand, units);
        let disk = region.disk_of(&offer.family);
        let least = disk.map_or(Span::ZERO, |disk| gibibytes(disk.minimum));
        let product = disk.map_or("", |disk| disk.product.as_str());
        let price = disk.map(|disk| disk.gib_month);
        let root = self.assumed("disk.size").over(Span::whole(1_024_u32));
        let storage = CostCategory::Storage;
        // Disks go with instances that are taken away, and stay where there is data.
        let stays = matches!(service.kind, ServiceKind::Cache | ServiceKind::Sql);
        let kept = if stays { Span::whole(1_u32) } else { self.open() };
        push("disk", storage, product.to_owned(), price, each(count, root.max(least).times(kept)));
        if service.kind == ServiceKind::Sql {
            let volumes = Span::whole(peak(part));
            let units = alike(size.max(least).times(volumes));
            push("data", storage, format!("{product} for data"), price, units);
        }
    }

    /// The share of a week in which the system is open.
    pub(super) fn open(&self) -> Span {
        let Some(hours) = &self.known.demand.hours else { return Span::whole(1_u32) };
        let windows = hours.days().iter().flatten();
        let minutes: u64 = windows.map(|own| u64::from(own.closes) - u64::from(own.opens)).sum();
        Span::whole(minutes).over(Span::whole(10_080_u32))
    }

    /// The load in each bill as parts of the peak all month.
    pub(super) fn loads(&self) -> Three {
        let mean = self.known.mean().over(self.known.peak());
        let open = self.open();
        [mean.times(open), mean.times(open), open]
    }

    fn balancer(&self, region: &Region, due: &mut Vec<Due>) {
        let managed = self.spec.services.first().is_some_and(|edge| edge.product.is_some());
        let Some(balancer) = region.balancer.as_ref().filter(|_| managed) else { return };
        let peak = self.known.peak();
        let response = self.known.response().up(1).as_span();
        let gigabytes = peak.times(response).over(Span::whole(1_000_000_000_u64));
        let opened = peak.over(self.assumed("demand.requests_per_connection"));
        let open = opened.times(self.assumed("demand.open_connection_time"));
        let dimensions = [
            gigabytes.times(Span::whole(3_600_u32)).over(Span::of(balancer.unit_gb_per_hour)),
            opened.over(Span::of(balancer.unit_connections_per_second)),
            open.over(Span::of(balancer.unit_open_connections)),
        ];
        let units = dimensions.into_iter().fold(Span::ZERO, Span::max);
        let hours = Span::whole(HOURS);
        let mut push = |suffix: &str, sku: String, unit, price, units| {
            due.push(Due {
                id: format!("edge.{suffix}"),
                service: "edge".to_owned(),
                category: CostCategory::Networking,
                sku,
                unit,
                price: Some(price),
                units,
                promise: None,
            });
        };
        push("hours", balancer.product.clone(), "hour", balancer.hour, alike(hours));
        let used = each(self.loads(), units.times(hours));
        let sku = format!("{} units", balancer.product);
        push("units", sku, "unit_hour", balancer.unit_hour, used);
    }

    fn traffic(&self, region: &Region, arrivals: &[Arrivals], due: &mut Vec<Due>) {
        let cdn = self.known.demand.cdn.as_ref();
        let internet = cdn.is_none_or(|cdn| self.cdn_lines(cdn, region, due));
        let mut push = |id: String, sku: String, price, units| {
            let (service, category) = ("traffic".to_owned(), CostCategory::Networking);
            let (unit, promise) = ("gb", None);
            due.push(Due { id, service, category, sku, unit, price, units, promise });
        };
        let month =
            |bytes: Span| bytes.over(Span::whole(1_000_000_000_u64)).times(Span::whole(SECONDS));
        let peak = self.known.peak();
        let sent = peak.times(self.known.response().up(1).as_span());
        let sent = each(self.loads(), month(sent));
        let mut from = Span::ZERO;
        let tiers = region.internet_egress.iter().filter(|_| internet);
        for (at, tier) in tiers.enumerate() {
            let to = tier.up_to_gb.map(Span::whole);
            let within = |all: Span| to.map_or(all, |to| all.min(to)).minus(from);
            let sku = match tier.up_to_gb {
                Some(gb) => format!("internet egress to {gb} GB"),
                None => "internet egress, the rest".to_owned(),
            };
            let id = format!("traffic.internet.{}", at + 1);
            push(id, sku, Some(tier.price), sent.map(within));
            from = to.unwrap_or(from);
        }
        let mut bytes = arrivals.iter().fold(Span::ZERO, |sum, own| sum.plus(own.bytes));
        if self.spec.services.first().is_some_and(|edge| edge.product.is_none()) {
            bytes = bytes.plus(peak.times(self.known.response()));
        }
        let zones = self.spec.placement.zones.len() as u64;
        if zones > 1 {
            let crossing = bytes.times(Span::whole(2 * (zones - 1))).over(Span::whole(zones));
            let sku = "between zones, both directions".to_owned();
            let units = each(self.loads(), month(crossing));
            push("traffic.zones".to_owned(), sku, region.between_zones, units);
        }
    }

    /// Amounts and sums need no catalog.
    pub(super) fn amounts(&mut self) {
        let cost = &self.spec.cost;
        self.book.number("/cost/hours_per_month", cost.hours_per_month.into(), HOURS.into());
        let mut sums = [0_u128; 3];
        for (at, line) in cost.lines.iter().enumerate() {
            let (quantity, amount) = (line.quantity_milli, line.amount_micros);
            let bills = [
                ("expected", quantity.expected, amount.expected),
                ("peak_fleet", quantity.peak_fleet, amount.peak_fleet),
                ("ceiling", quantity.ceiling, amount.ceiling),
            ];
            for ((bill, quantity, amount), sum) in bills.into_iter().zip(&mut sums) {
                let due = product(line.unit_price_usd, quantity.thousandths());
                let place = format!("/cost/lines/{at}/amount_micros/{bill}");
                let stated = micros(amount);
                *sum += stated;
                match due {
                    Some(due) => self.book.whole(&place, stated, Whole::exactly(due)),
                    None => self.book.holds(&place, false, "no amount is as large"),
                }
            }
        }
        let totals = cost.monthly_micros;
        let stated = [totals.expected, totals.peak_fleet, totals.ceiling];
        for ((bill, stated), sum) in
            ["expected", "peak_fleet", "ceiling"].iter().zip(stated).zip(sums)
        {
            let place = format!("/cost/monthly_micros/{bill}");
            self.book.whole(&place, micros(stated), Whole::exactly(sum));
        }
        let ordered = totals.expected <= totals.peak_fleet && totals.peak_fleet <= totals.ceiling;
        let text = "the three bills are not in their order";
        self.book.holds("/cost/monthly_micros", ordered, text);
    }
}

/// All instances of an offer at the peak.
pub(super) fn peak(part: &OfferPart) -> u64 {
    part.per_zone.values().map(|count| u64::from(*count)).sum()
}

pub(super) fn micros(amount: MicroDollars) -> u128 {
    u128::from(amount.micros().unsigned_abs())
}

/// Thousandths of a unit times dollars for one, in micro-dollars, rounded once and half to even:
/// worked out from the digits of the price.
pub(super) fn product(price: UnitPrice, thousandths: u64) -> Option<u128> {
    let text = price.to_string();
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let digits: u128 = format!("{whole}{part}").parse().ok()?;
    // A thousandth of a unit at a dollar is a thousand micro-dollars.
    let exact = digits.checked_mul(u128::from(thousandths))?.checked_mul(1_000)?;
    let scale = 10_u128.checked_pow(u32::try_from(part.len()).ok()?)?;
    let (below, rest) = (exact / scale, exact % scale);
    let up = match (rest * 2).cmp(&scale) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => below % 2 == 1,
        std::cmp::Ordering::Greater => true,
    };
    Some(below + u128::from(up))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_that_of_the_digits_and_half_to_even() {
        let amount = |price: &str, quantity| product(price.parse().unwrap(), quantity);
        assert_eq!(amount("0.0725", 5_682_848), Some(412_006_480));
        assert_eq!(amount("0.0000005", 1_000), Some(0));
        assert_eq!(amount("0.0000005", 3_000), Some(2));
        assert_eq!(amount("3", 1_500), Some(4_500_000));
    }
}
