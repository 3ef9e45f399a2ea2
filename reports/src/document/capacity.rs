//! Section 5: why so many of each, with the formula beside its value.

use domain::plan::Sizing;
use domain::spec::Spec;
use domain::topology::{Deployment, Pool};

use super::{Block, Cell, Figure, Sheet, Table, micros};
use crate::figures::{self, decimals, percent, time};
use crate::plots;

pub(super) fn capacity(sheet: Sheet<'_>) -> Vec<Block> {
    let mut blocks = vec![Block::says(
        "Offered load a = λ · s / v: calls a second, mean work of one on a reference vCPU, speed \
         of one server. Capacity c: the servers of all instances; where a vCPU carries more than \
         one thread's speed, an instance has more servers than vCPUs. Utilisation ρ = a / c; the \
         other columns put the load of the headroom on the same servers, or the stated peak on \
         what an instance or a zone leaves.",
    )];
    if sheet.spec.services.iter().any(|service| service.offers.len() > 1) {
        let mean = "Where a service stands on several offers, v is the mean over their servers.";
        blocks.push(Block::says(mean));
    }
    blocks.extend([
        Block::Table(numbers(sheet, "sizing", "Demand to capacity of each service")),
        Block::Figure(Figure {
            id: "utilisation",
            description: "Bars of how busy the servers of each service are at the peak, with the \
                load of the headroom, with one instance down and with a zone lost, against a line \
                at all of their capacity.",
            caption: "Computed, not simulated: what is asked of each service over what its \
                instances do."
                .to_owned(),
            plot: plots::utilisation,
            file: None,
            numbers: vec![numbers(sheet, "utilisation-numbers", "Utilisation of each service")],
            aside: true,
        }),
        scaling(sheet.spec),
    ]);
    blocks
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

fn numbers(sheet: Sheet<'_>, id: &str, caption: &str) -> Table {
    let answer = sheet.answer;
    let rows = answer.demand.services.iter().enumerate().filter_map(|(place, service)| {
        let sizing = &answer.plan.sizing[place];
        let speed = mean_speed(&answer.plan.topology.services[place])?;
        Some(vec![
            Cell::words(&service.name),
            Cell::figure(formula(sizing, speed), sizing.offered_load.value()),
            Cell::count(sizing.servers),
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
    Table::new(id, caption, &headings, rows)
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
        Some(value) if value >= 1.0 => Cell::figure(format!("✗ {}", percent(value, 1)), value),
        Some(value) => Cell::share(value, 1),
    }
}

/// What changes the number of instances, and when.
fn scaling(spec: &Spec) -> Block {
    let rows = spec.services.iter().flat_map(|service| {
        service.offers.iter().filter_map(move |offer| {
            let own = offer.autoscaling.as_ref()?;
            Some(vec![
                Cell::words(format!("{} {}", service.name, offer.instance_type)),
                Cell::words(own.metric.replace('_', " ")),
                Cell::share(own.target_ppm as f64 / 1e6, 1),
                Cell::count(own.min),
                Cell::count(own.max),
                Cell::time(micros(own.warmup_us)),
                Cell::time(micros(own.scale_in_window_us)),
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
    Block::table("scaling", "Scaling triggers", &headings, rows)
}
