//! Sections 3 to 5: what is built, of which parts, and why so many of them.

use domain::demand::ServiceIndex;
use domain::outcome::Answer;
use domain::topology::{Deployment, Pool, Redundancy};

use super::page::Page;
use super::understanding::share;
use crate::composition;
use crate::figures::{self, decimals, time};
use crate::safe;

pub(super) fn topology(page: &mut Page, answer: &Answer) {
    page.section(3, "Topology");
    page.says(&format!(
        "{}. A zone is a failure domain; one region is used, so the loss of the region is the loss \
         of the system.",
        composition::place(&answer.plan.topology)
    ));
    page.verbatim(&diagram(answer));
    if let Some(product) = &answer.plan.topology.cdn {
        let edge = &answer.demand.services[0].name;
        page.says(&safe::markdown(&format!(
            "Before the zones stands {product}, which passes on to {edge} what it does not answer."
        )));
    }
    let demand = &answer.demand;
    let calls = demand.services.iter().flat_map(|service| {
        service.calls.iter().map(|call| {
            let to = demand.service(call.to);
            let class = call.class.map(|index| demand.classes[index.0].name.to_string());
            vec![
                service.name.to_string(),
                to.name.to_string(),
                class.unwrap_or("every".into()),
                decimals(call.count, 3),
                (if call.parallel { "side by side" } else { "in turn" }).into(),
                to.interface.port.to_string(),
            ]
        })
    });
    let headings = ["from", "to", "class", ">calls a visit", "order", ">port"];
    page.table(&headings, &calls.collect::<Vec<_>>());
    let misses = demand.services.iter().filter_map(|service| {
        let data = service.data.as_ref()?;
        let fallback = &demand.service(data.fallback?).name;
        let (name, hits) = (&service.name, data.hit_ratio);
        Some(format!("{name} answers {hits} of its lookups; each other is one call to {fallback}"))
    });
    page.list(&misses.collect::<Vec<_>>());
}

/// Zones side by side, each service as a line over them; `*` is the one that serves, `o` the one
/// that stands by.
fn diagram(answer: &Answer) -> String {
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

pub(super) fn materials(page: &mut Page, answer: &Answer) {
    page.section(4, "Bill of materials");
    let services = answer.demand.services.iter().zip(&answer.plan.topology.services);
    let rows = services.enumerate().flat_map(|(place, (service, deployment))| {
        let index = ServiceIndex(place);
        let product = composition::product(deployment);
        let managed = deployment.pools.is_empty().then(|| {
            let empty = String::new;
            let name = service.name.to_string();
            let count = composition::count(answer, index);
            vec![name, product.clone(), count, empty(), empty(), empty(), empty()]
        });
        let pools = deployment.pools.iter().map(|pool| {
            vec![
                service.name.to_string(),
                format!("{} ({product})", pool.sku),
                composition::count_of(answer, index, pool),
                pool.vcpus.to_string(),
                figures::mebibytes(pool.memory.value() as f64),
                composition::architecture(pool.architecture).into(),
                pool.term.as_str().replace('_', " "),
            ]
        });
        managed.into_iter().chain(pools).collect::<Vec<_>>()
    });
    let headings = ["service", "type", "count", ">vCPU", ">memory", "set", "paid"];
    page.table(&headings, &rows.collect::<Vec<_>>());
    let storage = services_with_storage(answer);
    page.list(&storage);
}

fn services_with_storage(answer: &Answer) -> Vec<String> {
    let services = answer.demand.services.iter().zip(&answer.plan.topology.services);
    services
        .filter_map(|(service, deployment)| {
            let storage = deployment.storage?;
            let size = figures::mebibytes(storage.value() as f64);
            let connections = deployment.connections.map(|connections| {
                let (max, each) = (connections.max, connections.pool_per_instance);
                format!("; {max} connections, {each} for each instance of a caller")
            });
            let connections = connections.unwrap_or_default();
            Some(format!("{}: {size} of data{connections}", service.name))
        })
        .collect()
}

/// The speed of a server, on average over the offers; nothing without machines.
fn mean_speed(deployment: &Deployment) -> Option<f64> {
    match deployment.pools.as_slice() {
        [] => None,
        [only] => Some(only.speed.value()),
        several => {
            let servers = |pool: &Pool| f64::from(pool.servers) * f64::from(pool.replicas());
            let all: f64 = several.iter().map(servers).sum();
            let done: f64 = several.iter().map(|pool| servers(pool) * pool.speed.value()).sum();
            Some(done / all.max(1.0))
        }
    }
}

pub(super) fn capacity(page: &mut Page, answer: &Answer) {
    page.section(5, "Demand to capacity");
    page.says(
        "Offered load a = λ · s / v: calls a second, mean work of one on a reference vCPU, speed \
         of one server. Capacity c: the servers of all instances. Utilisation ρ = a / c; the other \
         columns put the load of the headroom on the same servers, or the stated peak on what an \
         instance or a zone leaves.",
    );
    if answer.plan.topology.services.iter().any(|service| service.pools.len() > 1) {
        page.says("Where a service stands on several offers, v is the mean over their servers.");
    }
    let demand = &answer.demand;
    let rows = demand.services.iter().enumerate().filter_map(|(place, service)| {
        let sizing = &answer.plan.sizing[place];
        let speed = mean_speed(&answer.plan.topology.services[place])?;
        let rate = sizing.arrival_rate.value();
        let load = sizing.offered_load.value();
        let work = if rate > 0.0 { load * speed / rate } else { 0.0 };
        let left = |state: Option<f64>| state.map_or("a copy takes over".into(), share);
        Some(vec![
            service.name.to_string(),
            format!(
                "{} · {} / {} = {}",
                figures::number(rate),
                time(work),
                decimals(speed, 3),
                decimals(load, 2)
            ),
            sizing.servers.to_string(),
            share(sizing.at_peak),
            share(sizing.with_headroom),
            left(sizing.instance_down),
            left(sizing.zone_lost),
            sizing.bottleneck.as_str().into(),
        ])
    });
    let headings = [
        "service",
        "a = λ · s / v",
        ">c",
        ">ρ at peak",
        ">with headroom",
        ">instance down",
        ">zone lost",
        "limited by",
    ];
    page.table(&headings, &rows.collect::<Vec<_>>());
}
