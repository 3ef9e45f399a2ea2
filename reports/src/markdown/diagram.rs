//! The topology as letters.

use domain::outcome::Answer;
use domain::topology::{Deployment, Redundancy};

use crate::composition;

/// Zones side by side, each service as a line over them; `*` is the one that serves, `o` the one
/// that stands by.
pub(super) fn diagram(answer: &Answer) -> String {
    let zones = usize::from(answer.plan.topology.zones);
    let services = answer.demand.services.iter().zip(&answer.plan.topology.services);
    let mut rows = vec![
        std::iter::once(String::new())
            .chain((1..=zones).map(|zone| format!("zone {zone}")))
            .collect::<Vec<_>>(),
    ];
    for (service, deployment) in services {
        let mut row = vec![service.name.to_string()];
        row.extend((0..zones).map(|zone| cell(deployment, zone)));
        rows.push(row);
    }
    let widest = |place: usize| {
        let cells = rows.iter().filter_map(|row: &Vec<String>| row.get(place));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..=zones).map(widest).collect();
    let lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
            cells.collect::<Vec<_>>().join(" | ").trim_end().to_owned()
        })
        .collect();
    lines.join("\n")
}

/// What of a service stands in a zone.
fn cell(deployment: &Deployment, zone: usize) -> String {
    let counts: Vec<(u32, &str)> = deployment
        .pools
        .iter()
        .filter_map(|pool| Some((*pool.per_zone.get(zone)?, pool.sku.as_str())))
        .filter(|(count, _)| *count > 0)
        .collect();
    if deployment.pools.is_empty() {
        return composition::product(deployment);
    }
    if counts.is_empty() {
        return "-".into();
    }
    let sign = match deployment.redundancy {
        Redundancy::Active => "",
        Redundancy::Single => " *",
        Redundancy::Standby { .. } if zone == 0 => " *",
        Redundancy::Standby { .. } => " o",
    };
    let words = counts.iter().map(|(count, sku)| format!("{count} x {sku}"));
    format!("{}{sign}", words.collect::<Vec<_>>().join(" + "))
}
