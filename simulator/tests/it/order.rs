//! The order that the search for cheaper plans assumes when a refuted plan speaks for others: fewer
//! equal instances are never faster, and neither is a whole than one of its stations alone.
//!
//! Both sides see the same requests with the same work (common random numbers), so what differs is
//! the order and not the luck; a percentile is read off cells that are 0.8% wide.

use crate::queues::{experiment, model, source};
use simulator::model::{Backoff, Balancing, Call, Instance, Model, Resilience, Service, Station};
use simulator::statistics::{Experiment, run};

/// Stations and chains that are generated.
const CASES: u64 = 60;
/// The zone of indifference of a verdict.
const TOLERANCE: f64 = 0.01;
/// The percentiles that are compared.
const SHARES: [f64; 2] = [0.95, 0.99];

/// A number within `low..high` for a case and a purpose (splitmix64, G. L. Steele et al. 2014).
fn draw(case: u64, purpose: u64, (low, high): (f64, f64)) -> f64 {
    let mut mixed = (case * 64 + purpose + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^= mixed >> 31;
    low + (high - low) * (mixed >> 11) as f64 / (1_u64 << 53) as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count")]
fn whole(case: u64, purpose: u64, (low, high): (u32, u32)) -> u32 {
    draw(case, purpose, (f64::from(low), f64::from(high) + 1.0)) as u32
}

fn percentiles(model: &Model, requests: f64) -> Vec<f64> {
    let rate = model.sources[0].arrivals.clone();
    let simulator::model::Rate::Constant(rate) = rate.rate else { panic!("a constant rate") };
    let time = requests / rate;
    let experiment =
        Experiment { percentiles: SHARES.to_vec(), trials: 4, ..experiment(time / 8.0, time) };
    let found = run(model, &experiment).unwrap();
    (0..SHARES.len()).map(|place| found.percentile(place).mean).collect()
}

fn station(name: &str, instances: usize, servers: u32, service: Service) -> Station {
    Station {
        balancing: Balancing::LeastOutstanding,
        ..Station::queue(name, vec![Instance::with_servers(servers); instances], service)
    }
}

/// With fewer instances of the same offer no percentile of the latency is better. Needs: equal
/// instances without state, calls that go to the one with the fewest outstanding, a load below the
/// capacity, and retries, if any, after a time-out that is far above the percentile only.
#[test]
fn fewer_equal_instances_are_never_faster() {
    for case in 0..CASES {
        let servers = whole(case, 0, (1, 8));
        let fewer = whole(case, 1, (1, 9)) as usize;
        let more = fewer + whole(case, 2, (1, 3)) as usize;
        let mean = draw(case, 3, (0.02, 0.1));
        let service = Service::LogNormal { mean, cv: draw(case, 4, (0.2, 1.6)) };
        let busy = draw(case, 5, (0.2, 0.93));
        let rate = busy * fewer as f64 * f64::from(servers) / mean;
        let retries = u8::from(draw(case, 6, (0.0, 1.0)) < 0.5);
        let resilience = Resilience {
            timeout: Some(mean * 60.0),
            retries,
            budget: Some(0.1),
            backoff: Backoff::jitter(0.05),
        };
        let of = |instances| {
            let station = station("app", instances, servers, service.clone());
            percentiles(&model(source(rate, resilience), vec![station]), 30_000.0)
        };
        for (few, many) in of(fewer).into_iter().zip(of(more)) {
            let what = format!("case {case}: {fewer} and {more} x {servers}, {busy:.2} busy");
            assert!(few >= many * (1.0 - TOLERANCE), "{what}: {few} below {many}");
        }
    }
}

/// A request through a chain takes no less, at any percentile, than at one of its stations with
/// all others answering at once. Needs: what the other law needs, at every station.
#[test]
fn a_whole_is_never_faster_than_a_part_of_it() {
    for case in 0..CASES {
        let length = whole(case, 10, (2, 3));
        let rate = draw(case, 11, (20.0, 200.0));
        let parts: Vec<(usize, u32, f64, f64)> = (0..u64::from(length))
            .map(|part| {
                let servers = whole(case, 12 + 8 * part, (1, 4));
                let mean = draw(case, 13 + 8 * part, (0.02, 0.1));
                let busy = draw(case, 14 + 8 * part, (0.3, 0.9));
                let cv = draw(case, 15 + 8 * part, (0.2, 1.4));
                let instances = (rate * mean / f64::from(servers) / busy).ceil();
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a small count"
                )]
                let instances = instances as usize;
                (instances, servers, mean, cv)
            })
            .collect();
        let of = |alone: Option<usize>| {
            let stations = parts.iter().enumerate().map(|(at, (instances, servers, mean, cv))| {
                let service = match alone {
                    Some(alone) if alone != at => Service::Fixed { time: 0.0 },
                    _ => Service::LogNormal { mean: *mean, cv: *cv },
                };
                let mut station = station(&format!("s{at}"), *instances, *servers, service);
                if at + 1 < parts.len() {
                    station.calls = vec![vec![Call::to(at + 1, 1.0)]];
                }
                station
            });
            percentiles(&model(source(rate, Resilience::NONE), stations.collect()), 20_000.0)
        };
        let whole = of(None);
        for alone in 0..parts.len() {
            for (whole, part) in whole.iter().zip(of(Some(alone))) {
                let what = format!("case {case}, part {alone} of {parts:?}");
                assert!(*whole >= part * (1.0 - TOLERANCE), "{what}: {whole} below {part}");
            }
        }
    }
}
