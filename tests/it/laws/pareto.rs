//! The law of lists of designs: nothing on them is beaten, and what asks for more costs more.

use domain::design::{Ask, Design, Found};
use domain::frontier::{Point, Standing};
use domain::intent::Intent;
use domain::objective::Load;
use domain::units::{MicroDollars, Seconds};
use domain::verification::Status;
use plimsoll::standing::rank;
use solver::relax::set_latency;

use super::{CASES, Cheapest, changed, cheapest, planned};
use crate::support::{Draw, uptime};

fn point(ask: Ask, cost: Option<MicroDollars>, like: &Cheapest) -> Point {
    let found = match cost {
        None => Found::Nothing("nothing is enough".to_owned()),
        Some(cost) => {
            let mut plan = like.plan.clone();
            plan.optimality.objective = cost;
            let summary = String::new();
            let (status, requests, operations) = (Status::Verified, 1, None);
            Found::Design(Box::new(Design { plan, summary, status, requests, operations }))
        }
    };
    Point { ask, asked: false, found, standing: Standing::Unreached }
}

/// Holds the law for a list, and tells how many points are on the frontier and how many are beaten.
fn hold(points: &[Point]) -> (u64, u64) {
    let reached = || points.iter().filter(|point| point.found.cost().is_some());
    let on_it = || points.iter().filter(|point| point.standing == Standing::Frontier);
    for point in points {
        let unreached = point.standing == Standing::Unreached;
        assert_eq!(unreached, point.found.cost().is_none(), "{:?}", point.ask);
    }
    for one in on_it() {
        let dominated = |other: &&Point| {
            let more = other.ask.is_as_strict_as(one.ask) && !one.ask.is_as_strict_as(other.ask);
            let less = other.found.cost() < one.found.cost();
            let (no_less, no_dearer) =
                (other.ask.is_as_strict_as(one.ask), other.found.cost() <= one.found.cost());
            (more && no_dearer) || (less && no_less)
        };
        assert!(reached().find(dominated).is_none(), "{:?} is beaten", one.ask);
        for other in on_it().filter(|other| !std::ptr::eq(*other, one)) {
            let more = other.ask.is_as_strict_as(one.ask);
            assert_eq!(more, other.found.cost() > one.found.cost(), "{:?}", (one.ask, other.ask));
        }
    }
    // What was left out loses nothing: something on the list is as good.
    for left_out in reached() {
        let as_good = |other: &Point| {
            other.ask.is_as_strict_as(left_out.ask) && other.found.cost() <= left_out.found.cost()
        };
        assert!(on_it().any(as_good), "{:?} is lost", left_out.ask);
    }
    let count = on_it().count() as u64;
    (count, reached().count() as u64 - count)
}

/// Law 61, on any list: no point of it is dominated, it is monotone, and no design is lost. Needs:
/// the points are of one outcome.
#[test]
fn nothing_on_a_list_is_beaten() {
    let (_, like) = planned().next().expect("some system has a plan");
    let (mut on_it, mut beaten) = (0, 0);
    for seed in 0..CASES {
        let mut draw = Draw::new(0x6100_0000 + seed);
        let outcome = draw.whole(0, 2);
        let count = draw.whole(1, 24);
        let mut points: Vec<Point> = (0..count)
            .map(|_| {
                let value = draw.whole(1, 30);
                let ask = match outcome {
                    0 => Ask::Users(u64::from(value)),
                    1 => Ask::Uptime(uptime(990_000 + value)),
                    _ => Ask::Latency(Seconds::of(f64::from(value))),
                };
                // Dearer where more is asked for, more or less.
                let more = if outcome == 2 { 30 - value } else { value };
                let cost = MicroDollars::from_dollars(more / 2 + draw.whole(0, 8));
                let cost = (!draw.chance(0.15)).then_some(cost);
                point(ask, cost, like)
            })
            .collect();
        rank(&mut points);
        let (own, others) = hold(&points);
        on_it += own;
        beaten += others;
    }
    assert!(on_it >= 2 * CASES && beaten >= CASES, "{on_it} on a list, {beaten} beaten");
}

/// Law 61, on what is planned: the list of several users, uptimes or limits of latency, of which
/// the model asks for more at no lower price (laws 6, 7 and 8), so a point is beaten only by one
/// that costs as much.
#[test]
fn what_is_planned_for_more_costs_more_or_is_beaten() {
    let (mut lists, mut on_it, mut beaten) = (0, 0, 0);
    for (case, own) in planned().step_by(5) {
        let users = case.system.intent.objectives.load.clone();
        let Some(Load::Users { count, .. }) = users else { unreachable!() };
        let limit = case.system.intent.objectives.latency[0].limit;
        let shares = [50, 80, 100, 130, 200];
        let users = shares.map(|share| Ask::Users(count * share / 100));
        let uptimes = [990_000, 995_000, 999_000, 999_500, 999_800].map(uptime).map(Ask::Uptime);
        let limits = shares.map(|share| Ask::Latency(limit.times(share as f64 / 100.0)));
        for asks in [users, uptimes, limits] {
            let mut points: Vec<Point> = asks
                .into_iter()
                .map(|ask| {
                    let found = cheapest(&changed(&case.system, |intent| put(intent, ask)));
                    point(ask, found.as_ref().map(Cheapest::cost), own)
                })
                .collect();
            rank(&mut points);
            let (more, less) = hold(&points);
            for point in points.iter().filter(|point| point.standing == Standing::Dominated) {
                let mut others = points.iter().filter(|other| other.ask != point.ask);
                assert!(others.any(|other| other.found.cost() == point.found.cost()));
            }
            (lists, on_it, beaten) = (lists + 1, on_it + more, beaten + less);
        }
    }
    assert!(lists >= 90 && on_it >= 2 * lists && beaten >= 30, "{lists}: {on_it}, {beaten}");
}

fn put(intent: &mut Intent, ask: Ask) {
    match ask {
        Ask::Users(users) => {
            let Some(Load::Users { count, .. }) = &mut intent.objectives.load else {
                unreachable!()
            };
            *count = users;
        }
        Ask::Uptime(uptime) => intent.objectives.uptime = Some(uptime),
        Ask::Latency(limit) => set_latency(intent, 0, limit),
        Ask::Rate(_) => unreachable!("no list of rates is made here"),
    }
}
