//! Section 5: why so many of each, with the formula beside its value.

use domain::plan::Sizing;
use domain::topology::{Deployment, Pool};
use maud::{Markup, html};

use super::page::{Cell, Figure, Table, section};
use super::{PageFault, Sheet, drawn};
use crate::figures::{self, decimals, time};
use crate::plots;

pub(super) fn capacity(sheet: &Sheet<'_>) -> Result<Markup, PageFault> {
    let plot = drawn(plots::utilisation(sheet.answer))?;
    let several = sheet.spec.services.iter().any(|service| service.offers.len() > 1);
    let body = html! {
        p {
            "Offered load a = λ · s / v: calls a second, mean work of one on a reference vCPU, \
            speed of one server. Capacity c: the servers of all instances. Utilisation ρ = a / c; \
            the other columns put the load of the headroom on the same servers, or the stated peak \
            on what an instance or a zone leaves."
        }
        @if several {
            p { "Where a service stands on several offers, v is the mean over their servers." }
        }
        (numbers(sheet, "sizing", "Demand to capacity of each service"))
        @if let Some(plot) = plot {
            (Figure {
                id: "utilisation",
                description: "Bars of how busy the servers of each service are at the peak, with \
                    the \
                    load of the headroom, with one instance down and with a zone lost, against a \
                    line at all of their capacity.",
                caption: "Computed, not simulated: what is asked of each service over what its \
                    instances do.",
            }.of(&plot, &numbers(sheet, "utilisation-numbers", "Utilisation of each service")))
        }
        (scaling(sheet))
    };
    Ok(section(5, "Demand to capacity", &body))
}

/// The speed of a server, on average over the offers; nothing without machines.
fn mean_speed(deployment: &Deployment) -> Option<f64> {
    let servers = |pool: &Pool| f64::from(pool.servers) * f64::from(pool.replicas());
    let all: f64 = deployment.pools.iter().map(servers).sum();
    let done: f64 = deployment.pools.iter().map(|pool| servers(pool) * pool.speed.value()).sum();
    match deployment.pools.as_slice() {
        [] => None,
        [only] => Some(only.speed.value()),
        _ => Some(done / all.max(1.0)),
    }
}

fn numbers(sheet: &Sheet<'_>, id: &str, caption: &str) -> Markup {
    let answer = sheet.answer;
    let rows = answer.demand.services.iter().enumerate().filter_map(|(place, service)| {
        let sizing = &answer.plan.sizing[place];
        let speed = mean_speed(&answer.plan.topology.services[place])?;
        Some(vec![
            Cell::words(service.name.as_str()),
            Cell::figure(&formula(sizing, speed), sizing.offered_load.value()),
            Cell::count(sizing.servers.into()),
            busy(Some(sizing.at_peak)),
            busy(Some(sizing.with_headroom)),
            busy(sizing.instance_down),
            busy(sizing.zone_lost),
            Cell::words(sizing.bottleneck.as_str()),
        ])
    });
    let headings = [
        "service",
        ">a = λ · s / v",
        ">c",
        ">ρ at peak",
        ">with headroom",
        ">instance down",
        ">zone lost",
        "limited by",
    ];
    Table::new(id, caption, &headings).of(rows)
}

/// `4,571 · 10 ms / 0.863 = 52.97`
fn formula(sizing: &Sizing, speed: f64) -> String {
    let rate = sizing.arrival_rate.value();
    let load = sizing.offered_load.value();
    let work = if rate > 0.0 { load * speed / rate } else { 0.0 };
    format!(
        "{} · {} / {} = {}",
        figures::number(rate),
        time(work),
        decimals(speed, 3),
        decimals(load, 2)
    )
}

/// How busy servers are in some state.
fn busy(state: Option<f64>) -> Cell {
    match state {
        None => Cell::words("a copy takes over"),
        Some(value) if !value.is_finite() => Cell::words("nothing left"),
        Some(value) => {
            let text = figures::percent(value, 1);
            let text = if value >= 1.0 { format!("✗ {text}") } else { text };
            Cell::figure(&text, value)
        }
    }
}

/// What changes the number of instances, and when.
fn scaling(sheet: &Sheet<'_>) -> Markup {
    let rows = sheet.spec.services.iter().flat_map(|service| {
        service.offers.iter().filter_map(move |offer| {
            let own = offer.autoscaling.as_ref()?;
            let target = own.target_ppm as f64 / 1e6;
            let micros = super::design::micros;
            Some(vec![
                Cell::words(&format!("{} {}", service.name, offer.instance_type)),
                Cell::words(&own.metric.replace('_', " ")),
                Cell::figure(&figures::percent(target, 1), target),
                Cell::count(own.min.into()),
                Cell::count(own.max.into()),
                Cell::figure(&micros(own.warmup_us), own.warmup_us as f64),
                Cell::figure(&micros(own.scale_in_window_us), own.scale_in_window_us as f64),
            ])
        })
    });
    let headings = [
        "service",
        "steers by",
        ">to",
        ">at least",
        ">at most",
        ">until a new one serves",
        ">scales in after",
    ];
    Table::new("scaling", "Scaling triggers", &headings).of(rows)
}
