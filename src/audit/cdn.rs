//! What stands before the edge, again, in whole numbers: that it is there, that what it passes on
//! is what reaches the edge, and what it costs.

use domain::catalog::Region;
use domain::cdn::CdnDemand;
use domain::plan::CostCategory;

use super::Audit;
use super::bill::{Due, SECONDS, Three, each};
use super::exact::Span;

impl Audit<'_> {
    /// Whether it stands where something is answered before the edge and nowhere else, and whether
    /// the requests before and behind it agree.
    pub(super) fn cdn(&mut self) {
        let demand = self.known.demand;
        let stands = self.spec.network.cdn.as_ref();
        let text = "a content delivery network stands where something is answered before the edge";
        self.book.holds("/network/cdn", stands.is_some() == demand.cdn.is_some(), text);
        if let Some((own, edge)) = stands.zip(demand.services.first()) {
            self.book.same("/network/cdn/origin", &own.origin, &edge.name);
            self.book.number("/network/cdn/port", own.port.into(), edge.interface.port.into());
        }
        let Some(cdn) = &demand.cdn else { return };
        let same = cdn.classes.len() == demand.classes.len();
        self.book.holds("/demand/cdn/classes", same, "they are of other classes");
        let (all, peak) = (self.known.micro(cdn.peak.value()), self.known.peak());
        for (at, (own, class)) in cdn.classes.iter().zip(&demand.classes).enumerate() {
            let passed = Span::whole(1_u32).minus(self.known.micro(own.cacheable.value()));
            let passed = all.times(self.known.micro(own.share.value())).times(passed);
            let reaches = peak.times(self.known.micro(class.share.value()));
            let (passed, reaches) = (passed.nearest(1_000), reaches.nearest(1_000));
            let meet = passed.least <= reaches.most + 1 && reaches.least <= passed.most + 1;
            let place = format!("/demand/cdn/classes/{at}");
            self.book.holds(&place, meet, "what it passes on is not what reaches the edge");
        }
    }

    /// Its lines, and whether what the edge sends to it costs what the internet costs.
    pub(super) fn cdn_lines(&self, cdn: &CdnDemand, region: &Region, due: &mut Vec<Due>) -> bool {
        let Some(sold) = &region.cdn else { return true };
        let mut push = |id: &str, sku: String, unit, (price, units): (_, Three)| {
            let (service, category) = ("traffic".to_owned(), CostCategory::Networking);
            let price = Some(price);
            let id = id.to_owned();
            due.push(Due { id, service, category, sku, unit, price, units, promise: None });
        };
        let month = |rate: Span| rate.times(Span::whole(SECONDS));
        let gigabytes = |bytes: Span| month(bytes).over(Span::whole(1_000_000_000_u64));
        let peak = self.known.micro(cdn.peak.value());
        let classes = cdn.classes.iter().zip(&self.known.demand.classes);
        let response = classes.fold(Span::ZERO, |sum, (own, class)| {
            let size = Span::whole(class.response.value());
            sum.plus(self.known.share(own.share.value()).times(size))
        });
        let sent = gigabytes(peak.times(response.up(1).as_span()));
        let mut from = Span::ZERO;
        for (at, tier) in sold.egress.iter().enumerate() {
            let to = tier.up_to_gb.map(Span::whole);
            let within = |all: Span| to.map_or(all, |to| all.min(to)).minus(from);
            let sku = match tier.up_to_gb {
                Some(gb) => format!("{} egress to {gb} GB", sold.product),
                None => format!("{} egress, the rest", sold.product),
            };
            let units = each(self.loads(), sent).map(within);
            push(&format!("traffic.cdn.{}", at + 1), sku, "gb", (tier.price, units));
            from = to.unwrap_or(from);
        }
        let counted = each(self.loads(), month(peak).over(Span::whole(10_000_u32)));
        let sku = format!("{} requests", sold.product);
        push("traffic.cdn.requests", sku, "ten_thousand_requests", (sold.requests, counted));
        let Some(fill) = sold.fill else { return true };
        if !fill.unit_price.dollars().is_zero() {
            let passed = self.known.peak().times(self.known.response().up(1).as_span());
            let units = each(self.loads(), gigabytes(passed));
            push(
                "traffic.cdn.fill",
                format!("{} from the region", sold.product),
                "gb",
                (fill, units),
            );
        }
        false
    }
}
