//! The worked example of Bronson, Aghayev, Charapko & Zhu, "Metastable failures in distributed
//! systems" (HotOS 2021): a database of 300 requests a second, clients that wait a second and try
//! once more, and an outage of ten seconds. What keeps the system down is not the outage but the
//! retries that it leaves behind: twice the load, above 150 more than there is.

use crate::queues::{experiment, model, source};
use simulator::model::{Backoff, Change, Incident, Instance, Model, Resilience, Service, Station};
use simulator::statistics::{Statistics, run};

const ONCE_MORE: Resilience =
    Resilience { timeout: Some(1.0), retries: 1, budget: None, backoff: Backoff::jitter(0.0) };

/// The database at a rate, out from the 60th to the 70th second.
fn database(rate: f64, resilience: Resilience) -> Model {
    let service = Service::Exponential { mean: 1.0 / 300.0 };
    let station = Station::queue("database", vec![Instance::with_servers(1)], service);
    let outage = Incident { at: 60.0, change: Change::Stall { station: 0, duration: 10.0 } };
    Model { incidents: vec![outage], ..model(source(rate, resilience), vec![station]) }
}

/// A hundred seconds from a moment on.
fn seen(model: &Model, from: f64) -> Statistics {
    run(model, &experiment(from, 100.0)).unwrap()
}

#[test]
fn at_280_of_300_the_system_never_recovers() {
    let model = database(280.0, ONCE_MORE);
    let before = run(&model, &experiment(10.0, 40.0)).unwrap();
    assert!(before.goodput().mean > 0.999);
    for from in [300.0, 800.0] {
        let after = seen(&model, from);
        assert!(after.throughput().mean < 1.0, "{:?}", after.throughput());
        let sent = after.visit_rate(0).mean;
        assert!((sent - 560.0).abs() < 10.0, "{sent} attempts a second");
    }
}

#[test]
fn half_the_capacity_is_the_limit_of_one_retry() {
    assert!(seen(&database(160.0, ONCE_MORE), 800.0).throughput().mean < 1.0);
    let recovered = seen(&database(140.0, ONCE_MORE), 300.0);
    assert!(recovered.goodput().mean > 0.999, "{:?}", recovered.goodput());
}

#[test]
fn without_retries_it_recovers() {
    let model = database(280.0, Resilience { retries: 0, ..ONCE_MORE });
    // The outage leaves 2,800 requests behind, and 20 a second are caught up on: 140 s.
    let recovered = seen(&model, 400.0);
    assert!(recovered.goodput().mean > 0.99, "{:?}", recovered.goodput());
}

#[test]
fn a_budget_of_a_tenth_saves_what_is_below_ten_elevenths() {
    let budget = Resilience { budget: Some(0.1), ..ONCE_MORE };
    let down = seen(&database(280.0, budget), 800.0);
    assert!(down.throughput().mean < 1.0, "{:?}", down.throughput());
    let sent = down.visit_rate(0).mean;
    assert!((sent - 308.0).abs() < 6.0, "{sent} attempts a second");
    let up = seen(&database(255.0, budget), 800.0);
    assert!(up.goodput().mean > 0.99, "{:?}", up.goodput());
}

#[test]
fn dropping_what_nobody_waits_for_rescues_280() {
    let mut model = database(280.0, ONCE_MORE);
    model.stations[0].floor.drop_expired = true;
    // What is left of the outage is thrown away, and what is served is waited for; what just about
    // came too late holds on for a while.
    let after = seen(&model, 300.0);
    assert!(after.goodput().mean > 0.999, "{:?}", after.goodput());
    assert!((after.throughput().mean - 280.0).abs() < 5.0, "{:?}", after.throughput());
}
