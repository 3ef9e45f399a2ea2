//! Requests that have deadlines, and what those stop.

use crate::awaits::calling;
use crate::queues::{experiment, model};
use crate::systems::exponential;
use simulator::model::{
    Arrivals, Backoff, Call, Instance, Jitter, Model, Resilience, Service, Source, Station,
};
use simulator::statistics::{Statistics, run};

/// A station that refuses everybody, and clients that try again every second.
fn closed() -> Model {
    let station = Station::queue("closed", vec![Instance::with_servers(0)], exponential(1.0));
    let station = Station { queue_limit: Some(0), ..station };
    let backoff = Backoff { time: 1.0, growth: 1.0, most: None, jitter: Jitter::None };
    let resilience = Resilience { retries: Resilience::FOREVER, backoff, ..Resilience::NONE };
    let source = Source { resilience, ..Source::of(Arrivals::regular(0.1)) };
    model(source, vec![station])
}

fn over_a_thousand_seconds(model: &Model) -> Statistics {
    run(model, &experiment(0.0, 999.5)).unwrap()
}

#[test]
fn no_attempt_is_made_after_the_deadline() {
    let mut model = closed();
    model.sources[0].deadline = Some(3.5);
    let statistics = over_a_thousand_seconds(&model);
    // At once, and one, two and three seconds later.
    assert_eq!(statistics.visits(0).refused, 4 * 4 * 99);
    model.sources[0].deadline = Some(1.5);
    assert_eq!(over_a_thousand_seconds(&model).visits(0).refused, 4 * 2 * 99);
}

#[test]
fn clients_that_never_give_up_are_given_up_in_the_end() {
    let statistics = over_a_thousand_seconds(&closed());
    assert!(statistics.goodput().mean == 0.0 && statistics.visits(0).refused > 4 * 99 * 100);
}

/// A request whose third call would be too late is of two calls.
#[test]
fn calls_after_the_deadline_are_not_made_whoever_would_make_them() {
    let service = Service::Fixed { time: 1.0 };
    let back = Station::queue("back", vec![Instance::with_servers(9)], service);
    let mut model = calling(1.0, Call::to(1, 5.0), back);
    model.sources[0].arrivals = Arrivals::regular(0.1);
    assert!((over_a_thousand_seconds(&model).goodput().mean - 1.0).abs() < 1e-12);
    model.sources[0].deadline = Some(1.5);
    let statistics = over_a_thousand_seconds(&model);
    assert_eq!(statistics.visits(1).arrived, 4 * 2 * 99);
    assert!(statistics.goodput().mean == 0.0);
    // Retries would be too late as well.
    model.stations[0].resilience.retries = 3;
    assert_eq!(over_a_thousand_seconds(&model).visits(1).arrived, 4 * 2 * 99);
}
