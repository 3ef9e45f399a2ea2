//! The topology as a drawing: zones side by side as the failure domains that they are, a row for
//! each service with what stands in each zone, and lines for the calls that are allowed.

use domain::spec::{Flow, RedundancyPart, ServicePart};
use domain::topology::Redundancy;
use maud::{Markup, html};

use super::visible::visible;
use crate::composition;
use crate::document::Sheet;
use crate::findings;
use crate::safe;

/// Pixels between zones, of the names at the left, and between lines of calls.
const GAP: usize = 14;
const NAMES: usize = 124;
const LANE: usize = 12;

/// How a drawing is measured.
struct Measure {
    id: &'static str,
    row: usize,
    between: usize,
    column: usize,
    lanes: usize,
    zones: usize,
}

impl Measure {
    /// The left edge of the zones.
    const fn zones_from(&self) -> usize {
        NAMES + 16 + (self.lanes + 1) * LANE
    }

    const fn zone(&self, zone: usize) -> usize {
        self.zones_from() + zone * (self.column + GAP)
    }

    const fn width(&self) -> usize {
        self.zone(self.zones) - GAP + 12
    }

    /// The upper edge of a row; row 0 is what comes in from outside.
    const fn top(&self, row: usize) -> usize {
        if row == 0 { 6 } else { 58 + (row - 1) * (self.row + self.between) }
    }

    const fn middle(&self, row: usize) -> usize {
        if row == 0 { 16 } else { self.top(row) + self.row / 2 }
    }
}

/// The drawing of the first screen: what stands where.
pub(super) fn small(sheet: Sheet<'_>) -> Markup {
    drawing(sheet, "design", (22, 7), false)
}

/// The drawing of its own section, with sizes.
pub(super) fn large(sheet: Sheet<'_>) -> Markup {
    drawing(sheet, "topology", (44, 14), true)
}

fn drawing(
    sheet: Sheet<'_>,
    id: &'static str,
    (row, between): (usize, usize),
    detailed: bool,
) -> Markup {
    let spec = sheet.spec;
    let zones = spec.placement.zones.len();
    let lanes = spec.network.flows.len();
    let measure = Measure { id, row, between, column: 190, lanes, zones };
    let height = measure.top(spec.services.len() + 1) + 12;
    let names = [format!("{id}-title"), format!("{id}-desc")];
    let width = measure.width();
    let class = if detailed { "diagram large" } else { "diagram" };
    html! {
        div.scroll role="region" aria-labelledby=(names[0]) tabindex="0" {
            svg class=(class) viewBox=(format!("0 0 {width} {height}"))
                width=(width) height=(height) role="img" aria-labelledby=(names.join(" ")) {
                title id=(names[0]) {
                    "Topology on " (composition::place(&sheet.answer.plan.topology))
                }
                desc id=(names[1]) { (visible(&described(sheet))) }
                defs { marker id=(format!("{id}-tip")) viewBox="0 0 8 8" refX="7" refY="4"
                    markerWidth="7" markerHeight="7" orient="auto" {
                    path.tip d="M0 0L8 4L0 8z" {}
                } }
                text x="4" y="20" { "internet" }
                (domains(sheet, &measure, height))
                @for (place, service) in spec.services.iter().enumerate() {
                    (service_row(sheet, &measure, (place, service), detailed))
                }
                @for (lane, flow) in spec.network.flows.iter().enumerate() {
                    (connection(sheet, &measure, lane, flow))
                }
            }
        }
    }
}

/// The same in words.
fn described(sheet: Sheet<'_>) -> String {
    let flows = sheet.spec.network.flows.iter().map(|flow| format!("{} to {}", flow.from, flow.to));
    format!(
        "{}. Calls go from {}.",
        composition::summary(sheet.answer),
        flows.collect::<Vec<_>>().join(", ")
    )
}

/// The region around its zones.
fn domains(sheet: Sheet<'_>, measure: &Measure, height: usize) -> Markup {
    let placement = &sheet.spec.placement;
    let left = measure.zones_from() - 8;
    let width = measure.width() - 4 - left;
    html! {
        rect.region x=(left) y="24" width=(width) height=(height - 28) rx="6" {}
        text.small x=(left) y="18" { "region " (placement.region) }
        @for (place, zone) in placement.zones.iter().enumerate() {
            rect.zone x=(measure.zone(place)) y="32" width=(measure.column) height=(height - 44)
                rx="4" {}
            text.small x=(measure.zone(place) + 8) y="48" { "zone " (zone.id) ": a failure domain" }
        }
    }
}

fn service_row(
    sheet: Sheet<'_>,
    measure: &Measure,
    (place, service): (usize, &ServicePart),
    detailed: bool,
) -> Markup {
    let (top, middle) = (measure.top(place + 1), measure.middle(place + 1));
    let name = safe::fitted(service.name.as_str(), 16, "…");
    let rate = sheet.answer.plan.sizing[place].arrival_rate;
    let line = if detailed { middle - 3 } else { middle + 4 };
    html! {
        text.name x="4" y=(line) { (name) }
        @if detailed {
            text.small x="4" y=(middle + 13) { (findings::rate(rate, service.kind)) }
        }
        @if service.offers.is_empty() {
            @let width = measure.zone(measure.zones) - GAP - measure.zones_from() - 12;
            rect.box x=(measure.zones_from() + 6) y=(top) width=(width) height=(measure.row)
                rx="10" {}
            text x=(measure.zones_from() + 16) y=(middle + 4) {
                (visible(&product(sheet, place))) ", in every zone"
            }
        } @else {
            (copies(measure, service, middle))
            @for zone in 0..measure.zones {
                (cell(sheet, measure, (place, service, zone), detailed))
            }
        }
    }
}

fn product(sheet: Sheet<'_>, place: usize) -> String {
    composition::product(&sheet.answer.plan.topology.services[place])
}

/// What keeps the state of one zone in another one.
fn copies(measure: &Measure, service: &ServicePart, middle: usize) -> Markup {
    let standby = matches!(service.redundancy, RedundancyPart::Standby { .. });
    let end = measure.zone(measure.zones) - GAP - 20;
    html! {
        @if standby && measure.zones > 1 {
            path.copy d=(format!("M{} {middle}H{end}", measure.zones_from() + 20)) {}
        }
    }
}

fn cell(
    sheet: Sheet<'_>,
    measure: &Measure,
    (place, service, zone): (usize, &ServicePart, usize),
    detailed: bool,
) -> Markup {
    let id = &sheet.spec.placement.zones[zone].id;
    let here: Vec<(u32, &str)> = service
        .offers
        .iter()
        .filter_map(|offer| Some((*offer.per_zone.get(id)?, offer.instance_type.as_str())))
        .filter(|(count, _)| *count > 0)
        .collect();
    if here.is_empty() {
        return Markup::default();
    }
    let deployment = &sheet.answer.plan.topology.services[place];
    let first = first_zone(sheet, service) == Some(zone);
    let role = match deployment.redundancy {
        Redundancy::Active => "",
        Redundancy::Single => "the only one",
        Redundancy::Standby { .. } if first => "● primary",
        Redundancy::Standby { .. } => "○ standby",
    };
    let words = here.iter().map(|(count, sku)| format!("{count} × {sku}"));
    let words = words.collect::<Vec<_>>().join(" + ");
    let (top, middle) = (measure.top(place + 1), measure.middle(place + 1));
    let text = match (detailed, role) {
        (true, _) | (false, "" | "the only one") => words,
        (false, role) => format!("{} {words}", role.chars().next().unwrap_or(' ')),
    };
    let fits = if detailed { 23 } else { 24 };
    let left = measure.zone(zone);
    let class = if role.starts_with('○') { "box standby" } else { "box" };
    html! {
        rect class=(class) x=(left + 6) y=(top) width=(measure.column - 12) height=(measure.row)
            rx="3" {}
        text x=(left + 14) y=(if detailed { middle - 3 } else { middle + 4 }) {
            (visible(&safe::fitted(&text, fits, "…")))
        }
        @if detailed {
            text.small x=(left + 14) y=(middle + 13) {
                @if role.is_empty() { (serving(service)) } @else { (role) }
            }
        }
    }
}

/// The first zone that holds any of it.
fn first_zone(sheet: Sheet<'_>, service: &ServicePart) -> Option<usize> {
    let zones = &sheet.spec.placement.zones;
    zones.iter().position(|zone| {
        service.offers.iter().any(|offer| offer.per_zone.get(&zone.id).is_some_and(|own| *own > 0))
    })
}

/// How many of it there may be.
fn serving(service: &ServicePart) -> String {
    match &service.replicas {
        Some(replicas) if replicas.min != replicas.max => {
            format!("{} – {} over all zones", replicas.min, replicas.max)
        }
        _ => "all serve".to_owned(),
    }
}

/// A line from the caller to what it calls, in a lane of its own.
fn connection(sheet: Sheet<'_>, measure: &Measure, lane: usize, flow: &Flow) -> Markup {
    let row = |name: &str| {
        let mut services = sheet.spec.services.iter();
        services.position(|service| service.name.as_str() == name).map_or(0, |place| place + 1)
    };
    let (from, to) =
        (measure.middle(row(flow.from.as_str())), measure.middle(row(flow.to.as_str())));
    let across = NAMES + 8 + (lane + 1) * LANE;
    let start = if row(flow.from.as_str()) == 0 { 56 } else { NAMES };
    // What leaves and what arrives at one row do not hide each other.
    let (from, to) = (from + 3, to - 3);
    let end = measure.zones_from() + 5;
    html! {
        path.flow d=(format!("M{start} {from}H{across}V{to}H{end}"))
            marker-end=(format!("url(#{}-tip)", measure.id)) {
            title { (flow.from) " to " (flow.to) ", port " (flow.port) }
        }
    }
}
