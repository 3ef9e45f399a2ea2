//! Windows of the day that are simulated request by request.

use super::fluid::{Fluid, POINTS, STEP};
use crate::judge::Judge;
use crate::model::{Change, Incident, Model, Rate};
use crate::system::Condition;

/// A span of the day around a moment that matters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Window {
    /// Its middle, in seconds from midnight.
    pub middle: f64,
}

/// The moments that matter: the busiest for an autoscaled service, the peak, the end of the
/// steepest ramp. Moments closer than the length of a window are one.
pub(super) fn windows(fluid: &Fluid, length: f64) -> Vec<Window> {
    let mut points = vec![most(&fluid.load)];
    for fleet in &fluid.fleets {
        points.push(most(&fleet.utilisation));
    }
    if !fluid.fleets.is_empty() {
        // A ramp shows in how much the load grows within a quarter of an hour.
        let span = 90;
        let all = fluid.load.len();
        let growth: Vec<f64> = (0..all)
            .map(|point| fluid.load[point] - fluid.load[(point + all - span) % all])
            .collect();
        points.push(most(&growth));
    }
    let mut windows: Vec<Window> = Vec::new();
    for point in points {
        let middle = point as f64 * STEP;
        if windows.iter().all(|window| (window.middle - middle).abs() >= length) {
            windows.push(Window { middle });
        }
    }
    windows
}

/// The first of the places with the largest value.
fn most(values: &[f64]) -> usize {
    let mut best = 0;
    for (place, value) in values.iter().enumerate() {
        if *value > values[best] {
            best = place;
        }
    }
    best
}

/// A point of a day of so many for a moment that may lie before it or after it.
fn point(moment: f64, count: usize) -> usize {
    let points = (moment / STEP).floor().rem_euclid(count as f64);
    (0..count).find(|place| *place as f64 >= points).unwrap_or(0)
}

/// The model of a span of the day: its load, and its fleets as the fluid has them.
pub(super) fn model(judge: &Judge<'_>, fluid: &Fluid, start: f64, length: f64) -> Model {
    let count = 1 + whole(length / STEP);
    let points: Vec<usize> =
        (0..count).map(|step| point(start + step as f64 * STEP, fluid.load.len())).collect();
    let rate = |place: &usize| fluid.load[*place] * judge.peak();
    let steps = (0..).zip(&points).map(|(step, place)| (f64::from(step) * STEP, rate(place)));
    let mut condition =
        Condition { rate: Some(Rate::Steps(steps.collect())), ..Condition::healthy() };
    for fleet in &fluid.fleets {
        let most = points.iter().map(|place| fleet.serving[*place]).max().unwrap_or(1);
        condition.fleet.push((fleet.service, most));
    }
    let mut model = judge.system.model(&condition);
    for fleet in &fluid.fleets {
        let station = judge.system.station(fleet.service).expect("a fleet is a station");
        let serving = |place: &usize| fleet.serving[*place] as usize;
        let first = serving(&points[0]);
        for instance in model.stations[station].instances.iter_mut().skip(first) {
            instance.serving = false;
        }
        let mut before = first;
        for (step, place) in (0..).zip(&points) {
            let now = serving(place);
            let at = f64::from(step) * STEP;
            if now != before {
                let instances = now.min(before)..now.max(before);
                model.incidents.push(change(station, instances, at, now > before));
            }
            before = now;
        }
    }
    model
}

fn change(station: usize, instances: std::ops::Range<usize>, at: f64, more: bool) -> Incident {
    let instances = instances.collect();
    let change = if more {
        Change::Admit { station, instances }
    } else {
        Change::Eject { station, instances }
    };
    Incident { at, change }
}

/// The mean of a fleet's utilisation over a span of the day.
pub(super) fn mean_utilisation(utilisation: &[f64], start: f64, length: f64) -> f64 {
    let count = 1 + whole(length / STEP);
    let points = (0..count).map(|step| point(start + step as f64 * STEP, utilisation.len()));
    points.map(|place| utilisation[place]).sum::<f64>() / count as f64
}

/// A number of points of a day, or of two.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of points of a day"
)]
pub(super) fn whole(number: f64) -> usize {
    number.clamp(0.0, 2.0 * POINTS as f64) as usize
}
