//! What the tables of a simulation do not say: policies, fleets and what was left out.

use std::fmt::Write as _;

use domain::simulation::{Effort, Figure, FleetFigures, Particulars, Simulation};

use super::Style;
use super::simulation::{SHOWN, Unit, between, shown, value};
use crate::figures;
use crate::safe;

/// What the tables do not say.
pub(super) fn remarks(simulation: &Simulation, screen: &mut String, style: Style) {
    let mut say = |text: String| {
        for (at, part) in safe::wrapped(&safe::clean(&text), 94, "\u{2026}").iter().enumerate() {
            let indent = if at == 0 { "  " } else { "    " };
            let _ = writeln!(screen, "{indent}{}", shown(part, style));
        }
    };
    let shown_stations = simulation.stations.iter().take(SHOWN);
    let policies: Vec<String> = shown_stations
        .filter_map(|station| Some(format!("{}: {}", station.name, station.policy.as_ref()?)))
        .collect();
    let missing = simulation.stations.len().saturating_sub(SHOWN);
    let cut = simulation.effort.cut_short;
    say(String::new());
    if let Some(tail) = &simulation.heavy_tail {
        say(format!(
            "{}: Pareto services of shape {} have no finite variance: a mean has no interval that \
             would mean anything, so that means are left out",
            tail.station, tail.shape
        ));
    }
    for policy in policies {
        say(policy);
    }
    for station in simulation.stations.iter().take(SHOWN) {
        if let Some(on) = station.servers_on {
            let on = (value(on.value, Unit::Number), between(on, Unit::Number));
            say(format!("{}: {} servers are on, {}", station.name, on.0, on.1));
        }
    }
    for station in simulation.stations.iter().take(SHOWN) {
        if let Some(fleet) = &station.fleet {
            say(fleet_line(&station.name, fleet, &simulation.effort));
        }
    }
    for station in simulation.stations.iter().take(SHOWN) {
        for part in particulars(&station.particulars) {
            say(format!("{}: {part}", station.name));
        }
    }
    if missing > 0 {
        say(format!("{missing} more stations: --json lists all"));
    }
    if cut > 0 {
        say(format!("{cut} trials were cut short: they took too many requests or events"));
    }
}

/// What an autoscaler did, and what that costs.
fn fleet_line(name: &str, fleet: &FleetFigures, effort: &Effort) -> String {
    let number = |figure: Option<Figure>| match figure {
        Some(figure) => {
            format!("{} ({})", value(figure.value, Unit::Number), between(figure, Unit::Number))
        }
        None => figures::UNKNOWN.to_owned(),
    };
    format!(
        "{name}: {}; {} instances serve and {} are paid for, {} instance-hours in {}",
        fleet.policy,
        number(fleet.serving),
        number(fleet.paid),
        number(fleet.instance_hours),
        value(effort.observed, Unit::Time)
    )
}

/// What only some stations have, in a line each.
fn particulars(found: &Particulars) -> Vec<String> {
    let said = |figure: Option<Figure>, unit: Unit, text: &str| {
        let figure = figure?;
        let ends = match unit {
            Unit::Share => between(
                Figure {
                    value: figure.value * 100.0,
                    low: figure.low * 100.0,
                    high: figure.high * 100.0,
                },
                Unit::Number,
            ),
            _ => between(figure, unit),
        };
        Some(format!("{} ({ends}) {text}", value(figure.value, unit)))
    };
    let contents = found.contents.clone().unwrap_or_default();
    [
        said(found.hit_ratio, Unit::Share, &format!("of the keys are there: {contents}")),
        said(found.stale, Unit::Share, "of the reads are of what is old"),
        said(found.lost_writes, Unit::Rate, "writes are lost with a primary"),
        said(found.connecting, Unit::Time, "is the mean wait for a connection to it"),
        said(found.unconnected, Unit::Share, "of the calls to it get no connection"),
        said(found.undelivered, Unit::Rate, "messages to it fail in the end"),
        said(found.too_late, Unit::Rate, "calls to it are not made, past their deadline"),
    ]
    .into_iter()
    .flatten()
    .collect()
}
