//! What a placement costs whatever is chosen in it: the managed balancer, what stands before the
//! edge, and the traffic.
//!
//! Egress is often more than half of a bill; a plan without traffic lines is wrong.

use domain::candidate::Rejection;
use domain::catalog::{ManagedBalancer, Tier};
use domain::cdn::{CdnDemand, ManagedCdn};
use domain::intent::ServiceKind;
use domain::offer::Price;
use domain::plan::{CostCategory, CostLine, ThreeBills};
use domain::units::{MilliUnits, Seconds};

use crate::layout::Layout;
use crate::model::Model;
use crate::purchase::HOURS;
use crate::screen::{Platform, managed_queue};

/// Parts of a rate that are rounding and no call.
const DUST: f64 = 1e-12;

/// Bytes of the GB in which traffic is billed.
const GB: f64 = 1e9;

/// The lines of a placement.
///
/// # Errors
/// The price that is not known there.
pub fn lines(
    model: &Model<'_>,
    layout: &Layout<'_>,
    edge: Platform,
) -> Result<Vec<CostLine>, Rejection> {
    let mut lines = Vec::new();
    if edge == Platform::Managed
        && let Some(balancer) = &layout.region.balancer
    {
        lines.extend(balancer_lines(model, balancer));
    }
    lines.extend(queue_lines(model, layout)?);
    match model.demand.cdn.as_ref() {
        Some(demand) => lines.extend(cdn_lines(model, demand, layout)?),
        None => lines.extend(internet_lines(model, layout)?),
    }
    lines.extend(zone_line(model, layout, edge)?);
    Ok(lines)
}

/// The load of a bill as a factor on the peak all month: the mean of the day, or the peak itself,
/// in the open hours.
fn loads(model: &Model<'_>) -> ThreeBills<f64> {
    let mean = model.demand.load.mean.ratio_to(model.demand.load.peak).unwrap_or(0.0);
    let open = model.demand.open_share();
    ThreeBills { expected: mean * open, peak_fleet: mean * open, ceiling: open }
}

fn each(loads: ThreeBills<f64>, quantity: impl Fn(f64) -> f64) -> ThreeBills<MilliUnits> {
    ThreeBills {
        expected: MilliUnits::rounded_up(quantity(loads.expected)),
        peak_fleet: MilliUnits::rounded_up(quantity(loads.peak_fleet)),
        ceiling: MilliUnits::rounded_up(quantity(loads.ceiling)),
    }
}

/// Hours and units. All of a unit's dimensions grow with the load, so the same one binds all day.
fn balancer_lines(model: &Model<'_>, balancer: &ManagedBalancer) -> [CostLine; 2] {
    let peak = model.demand.load.peak.value();
    let connections = peak / model.assumption("demand.requests_per_connection").max(1e-6);
    let open = connections * model.assumption("demand.open_connection_time");
    let gb_per_hour = peak * model.response().value() as f64 * 3600.0 / GB;
    let units = (gb_per_hour / balancer.unit_gb_per_hour)
        .max(connections / balancer.unit_connections_per_second)
        .max(open / balancer.unit_open_connections);
    let constant = ThreeBills { expected: 1.0, peak_fleet: 1.0, ceiling: 1.0 };
    let hours = each(constant, |_| HOURS);
    let unit_hours = each(loads(model), |load| load * units * HOURS);
    let line =
        |id, sku: String, unit, price, quantity| line(id, "edge", (sku, unit), price, quantity);
    let product = &balancer.product;
    [
        line("edge.hours", product.clone(), "hour", balancer.hour, hours),
        line("edge.units", format!("{product} units"), "unit_hour", balancer.unit_hour, unit_hours),
    ]
}

/// Requests to queues: so many for each message. Traffic to and from a queue within its region is
/// not billed.
fn queue_lines(model: &Model<'_>, layout: &Layout<'_>) -> Result<Vec<CostLine>, Rejection> {
    let demand = model.demand;
    let queues =
        demand.service_indices().filter(|index| demand.service(*index).kind == ServiceKind::Queue);
    let mut lines = Vec::new();
    for index in queues {
        let queue = managed_queue(layout.region, demand)?;
        let messages = model.traffic.rates[index.0] * Seconds::MONTH.value();
        let millions = messages * model.assumption("queue.requests_per_message") / 1e6;
        let quantity = each(loads(model), |load| load * millions);
        let name = demand.service(index).name.as_str();
        let sku = format!("{} requests", queue.product);
        let (id, unit) = (format!("{name}.requests"), "million_requests");
        lines.push(line(&id, name, (sku, unit), queue.million_requests, quantity));
    }
    Ok(lines)
}

/// Responses to the internet, by tier.
fn internet_lines(model: &Model<'_>, layout: &Layout<'_>) -> Result<Vec<CostLine>, Rejection> {
    let response = model.response().value() as f64;
    if response <= 0.0 {
        return Ok(Vec::new());
    }
    let tiers = &layout.region.internet_egress;
    if tiers.is_empty() {
        return Err(Rejection::RegionWithoutPrice("internet egress"));
    }
    let peak = model.demand.load.peak.value() * response * Seconds::MONTH.value() / GB;
    Ok(tier_lines(model, ("internet", "internet egress"), tiers, peak))
}

/// What is sent to clients, of which there are `peak` GB were it the peak all month.
fn tier_lines(
    model: &Model<'_>,
    (id, what): (&str, &str),
    tiers: &[Tier],
    peak: f64,
) -> Vec<CostLine> {
    let mut below = 0.0;
    let mut lines = Vec::new();
    for (at, tier) in tiers.iter().enumerate() {
        let above = tier.up_to_gb.map_or(f64::INFINITY, |gb| gb as f64);
        let within = |load: f64| ((peak * load).min(above) - below).max(0.0);
        let quantity = each(loads(model), within);
        if quantity.ceiling > MilliUnits::ZERO {
            let id = format!("traffic.{id}.{}", at + 1);
            let sku = match tier.up_to_gb {
                Some(gb) => format!("{what} to {gb} GB"),
                None => format!("{what}, the rest"),
            };
            lines.push(line(&id, "traffic", (sku, "gb"), tier.price, quantity));
        }
        below = above;
    }
    lines
}

/// A content delivery network: all responses leave by it, all requests are counted by it, and what
/// the edge answers is sent to it.
fn cdn_lines(
    model: &Model<'_>,
    demand: &CdnDemand,
    layout: &Layout<'_>,
) -> Result<Vec<CostLine>, Rejection> {
    let lacking = Rejection::RegionWithoutPrice("content delivery network");
    let ManagedCdn { product, requests, egress, fill } =
        layout.region.cdn.as_ref().ok_or(lacking)?;
    let offered = demand.peak.value() * Seconds::MONTH.value();
    let responses = demand.classes.iter().zip(&model.demand.classes);
    let response: f64 =
        responses.map(|(own, class)| own.share.value() * class.response.value() as f64).sum();
    let sent = offered * (response - 1e-9).ceil().max(0.0) / GB;
    let mut lines = tier_lines(model, ("cdn", &format!("{product} egress")), egress, sent);
    let counted = each(loads(model), |load| load * offered / 1e4);
    let sku = (format!("{product} requests"), "ten_thousand_requests");
    lines.push(line("traffic.cdn.requests", "traffic", sku, *requests, counted));
    match fill {
        None => lines.extend(internet_lines(model, layout)?),
        Some(price) if price.unit_price.dollars().is_zero() => {}
        Some(price) => {
            let response = model.response().value() as f64;
            let peak = model.demand.load.peak.value() * response * Seconds::MONTH.value() / GB;
            let quantity = each(loads(model), |load| load * peak);
            let sku = (format!("{product} from the region"), "gb");
            lines.push(line("traffic.cdn.fill", "traffic", sku, *price, quantity));
        }
    }
    Ok(lines)
}

/// Calls between services in different zones, billed in both directions.
fn zone_line(
    model: &Model<'_>,
    layout: &Layout<'_>,
    edge: Platform,
) -> Result<Option<CostLine>, Rejection> {
    let crossing = layout.crossing();
    let bytes = internal_bytes(model, edge) * crossing;
    if bytes <= 0.0 {
        return Ok(None);
    }
    let price = layout
        .region
        .between_zones
        .ok_or(Rejection::RegionWithoutPrice("traffic between zones"))?;
    let both_ways = 2.0 * bytes * Seconds::MONTH.value() / GB;
    let quantity = each(loads(model), |load| load * both_ways);
    let sku = "between zones, both directions".to_owned();
    Ok(Some(line("traffic.zones", "traffic", (sku, "gb"), price, quantity)))
}

/// Bytes a second between services at the peak. A managed balancer's own hops are not billed.
fn internal_bytes(model: &Model<'_>, edge: Platform) -> f64 {
    let demand = model.demand;
    let peak = demand.load.peak.value();
    demand
        .service_indices()
        .filter(|index| demand.service(*index).kind != ServiceKind::Balancer)
        .map(|index| {
            let entries = demand.classes.iter().filter(|class| class.enters == index);
            let (entering, responses) = entries.fold((0.0, 0.0), |(rate, bytes), class| {
                let rate_of_class = peak * class.share.value();
                (rate + rate_of_class, bytes + rate_of_class * class.response.value() as f64)
            });
            // Shares of classes leave dust where all calls come from the edge.
            let rate = model.traffic.rates[index.0];
            let internal = if rate - entering > rate * DUST { rate - entering } else { 0.0 };
            let from_edge = if edge == Platform::Managed { 0.0 } else { responses };
            internal * demand.service(index).bytes_per_call.value() as f64 + from_edge
        })
        .sum()
}

fn line(
    id: &str,
    service: &str,
    (sku, unit): (String, &'static str),
    price: Price,
    quantity: ThreeBills<MilliUnits>,
) -> CostLine {
    let amount = |quantity| price.unit_price.times(quantity);
    CostLine {
        id: id.to_owned(),
        service: service.to_owned(),
        category: CostCategory::Networking,
        sku,
        unit,
        unit_price: price.unit_price,
        quantity,
        amount: ThreeBills {
            expected: amount(quantity.expected),
            peak_fleet: amount(quantity.peak_fleet),
            ceiling: amount(quantity.ceiling),
        },
        as_of: price.as_of,
        basis: price.basis,
        promise: None,
    }
}
