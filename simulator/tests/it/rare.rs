//! States too rare to be waited for: the exact shares against simulations that are made for them.

use proptest::prelude::*;
use simulator::exact::{Availability, Replicas, Spares, Zones};
use simulator::model::{Floor, Instance, Resilience, Servers, Service, Station};
use simulator::random::{Fraction, Purpose, Streams};
use simulator::statistics::{Experiment, run};

use crate::queues::{experiment, model, source};

fn replicas(count: u32, needed: u32, lasts: f64, repair: f64) -> Replicas {
    Replicas { count, needed, lasts, repair, crews: count, spares: Spares::Hot }
}

fn exact(replicas: &Replicas) -> Availability {
    replicas.availability().unwrap()
}

/// A uniform number for a step of a cycle.
fn uniform(streams: &Streams, cycle: u64, step: u32) -> f64 {
    Fraction(streams.draw(Purpose::Year, 0, cycle, step).first()).open()
}

/// How much of the time fewer than needed are up, and the standard error: regenerative cycles from
/// all up to all up, in which failures are made as likely as repairs and every cycle is weighed by
/// how much less likely it is (balanced failure biasing; Shahabuddin, Management Science 40, 1994).
/// Times are not drawn: the mean stay in each state is known.
fn by_importance(replicas: &Replicas, cycles: u64, seed: u64) -> (f64, f64) {
    const BIAS: f64 = 0.5;
    let streams = Streams::new(seed, 0, 0);
    let fails = |down: u32| f64::from(replicas.count - down) / replicas.lasts;
    let mends = |down: u32| f64::from(down.min(replicas.crews)) / replicas.repair;
    let (mut out, mut squares) = (0.0, 0.0);
    for cycle in 0..cycles {
        let (mut down, mut weight, mut lost, mut step) = (1, 1.0, 0.0, 0);
        while down > 0 {
            let all = fails(down) + mends(down);
            if replicas.count - down < replicas.needed {
                lost += weight / all;
            }
            let can_fail = down < replicas.count;
            if can_fail && uniform(&streams, cycle, step) < BIAS {
                weight *= fails(down) / all / BIAS;
                down += 1;
            } else {
                weight *= mends(down) / all / if can_fail { 1.0 - BIAS } else { 1.0 };
                down -= 1;
            }
            step += 1;
        }
        out += lost;
        squares += lost * lost;
    }
    let count = cycles as f64;
    let mean = out / count;
    let error = ((squares / count - mean * mean) / count).sqrt();
    // The mean length of a cycle is exact: that of the time with all up over its share.
    let share_up = exact(&Replicas { needed: replicas.count, ..*replicas });
    let length = 1.0 / fails(0) / (1.0 - share_up.unavailability);
    (mean / length, error / length)
}

/// Law 51, first half: the exact shares lie within the interval of importance sampling, where a
/// share of one in a thousand million leaves plain simulation nothing to count. Needs: exponential
/// times, so that the state at a moment says all.
#[test]
fn what_nobody_sees_is_as_rare_as_importance_sampling_says() {
    for (seed, replicas) in [
        (1, replicas(3, 1, 1_000.0, 1.0)),
        (2, replicas(3, 2, 2_000.0, 2.0)),
        (3, Replicas { crews: 1, ..replicas(3, 1, 1_000.0, 1.0) }),
        (4, replicas(5, 3, 500.0, 1.0)),
    ] {
        let known = exact(&replicas).unavailability;
        assert!(known < 1e-5, "{replicas:?} is not rare: {known}");
        let (found, error) = by_importance(&replicas, 200_000, seed);
        assert!(error < 0.01 * known, "{replicas:?}: {found} ± {error}");
        // An error of 0.1% in each of four.
        assert!((found - known).abs() < 3.5 * error, "{replicas:?}: {found} ± {error}, {known}");
    }
}

/// Law 51, second half: where one moment in a hundred is lost, the engine sees the same share.
#[test]
fn what_is_seen_often_enough_is_seen_as_often_as_it_is() {
    let lasts = Service::Exponential { mean: 10.0 };
    let repair = Service::Exponential { mean: 1.0 };
    for crews in [1, 2] {
        let floor = Floor {
            servers: Servers::Failing { lasts: lasts.clone(), repair: repair.clone(), crews },
            ..Floor::default()
        };
        let work = Service::Exponential { mean: 0.1 };
        let station =
            Station { floor, ..Station::queue("pair", vec![Instance::with_servers(2)], work) };
        let model = model(source(1.0, Resilience::NONE), vec![station]);
        let experiment = Experiment { trials: 20, ..experiment(100.0, 20_000.0) };
        let found = run(&model, &experiment).unwrap().servers_none(0);
        let known = exact(&Replicas { crews, ..replicas(2, 1, 10.0, 1.0) }).unavailability;
        assert!(known > 5e-3 && found.standard_error < 0.05 * known);
        let interval = found.interval(0.999);
        assert!(interval.covers(known), "{crews} crews: {interval:?} without {known}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Law 47: what needs all of its parts is up no more than any of them, what needs one of them
    /// no less. Needs: enough crews, so that no part waits for the repair of another.
    #[test]
    fn a_series_is_no_better_than_a_part_and_a_choice_no_worse(
        count in 1_u32..12,
        lasts in 1.0_f64..1e5,
        share in 1e-5_f64..0.5,
    ) {
        let of = |count, needed| exact(&replicas(count, needed, lasts, lasts * share));
        let part = of(1, 1).unavailability;
        let slack = 1.0 + 1e-9;
        prop_assert!(of(count, count).unavailability * slack >= part);
        prop_assert!(of(count, 1).unavailability <= part * slack);
        let mut before = of(count, 1).unavailability;
        for needed in 2..=count {
            let next = of(count, needed).unavailability;
            prop_assert!(next * slack >= before, "{needed} of {count}: {next} after {before}");
            before = next;
        }
    }

    /// The same with zones: no layout is out less than its zones are all out at once, nor more than
    /// any of its zones and replicas is, where all are needed.
    #[test]
    fn zones_bound_what_stands_in_them(
        zones in 1_u32..5,
        per_zone in 1_u32..5,
        zone in 0.0_f64..0.3,
        replica in 0.0_f64..0.3,
    ) {
        let layout = |needed| Zones { zones, per_zone, needed, zone, replica };
        let of = |needed| layout(needed).unavailability().unwrap();
        let all_out = zone.powi(zones.cast_signed());
        prop_assert!(of(1) >= all_out * (1.0 - 1e-9));
        prop_assert!(of(zones * per_zone) >= zone.max(replica) - 1e-12);
        for needed in 1..zones * per_zone {
            prop_assert!(of(needed) <= of(needed + 1) + 1e-15);
        }
    }
}
