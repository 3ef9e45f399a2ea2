//! The judging of a day, a fluid with windows, against all of its requests one by one.

use crate::common::{APP, autoscaler, demand, deployment, pool, topology};
use domain::demand::Demand;
use domain::topology::{Redundancy, Topology};
use domain::units::{RequestsPerSecond, Seconds};
use simulator::{Settings, WholeDay, whole_day};

/// Ten requests a second on average, each of which takes a server of an app for 0.4 s: twelve busy
/// servers at the peak, on machines of two, beside nothing else.
fn web(autoscaled: bool) -> (Demand, Topology) {
    let mut demand = demand();
    demand.load.peak = RequestsPerSecond::of(30.0);
    demand.load.mean = RequestsPerSecond::of(10.0);
    demand.services.truncate(APP + 1);
    let app = &mut demand.services[APP];
    app.calls.clear();
    app.work[0].cpu_time = Seconds::of(0.4);
    app.work[0].cv = 1.0;
    let mut topology = topology();
    topology.services.truncate(APP + 1);
    topology.services[APP] = deployment(Some(pool(2, 1.0, &[5, 5])), Redundancy::Active);
    topology.services[APP].pools[0].autoscaler = autoscaled.then(|| autoscaler(2, 10));
    (demand, topology)
}

fn measured((demand, topology): &(Demand, Topology), trials: u32) -> WholeDay {
    whole_day(demand, topology, &Settings::default(), trials).unwrap().unwrap()
}

/// The autoscaler sees ten requests a second with the noise that they have, and keeps what any look
/// of its window asked for; the fluid sees none of that. So the tolerances are wide here, and the
/// book has what is measured at ten times the rate.
#[test]
fn a_fluid_day_is_near_the_day_of_all_requests() {
    let day = measured(&web(true), 2);
    let [fleet] = day.fleets.as_slice() else { panic!("one service is autoscaled") };
    let error = fleet.hours.judged / fleet.hours.requests - 1.0;
    assert!(error.abs() < 0.1, "{error:+.3} of {fleet:?}");
    assert!(fleet.largest_gap < 2.0, "{fleet:?}");
    for (hour, figures) in day.hours.iter().enumerate() {
        let offered = figures.offered;
        assert!((offered.judged - offered.requests).abs() < 0.3, "{hour}: {figures:?}");
        let used = figures.utilisation[0];
        assert!((used.judged - used.requests).abs() < 0.06, "{hour}: {used:?}");
        assert!(offered.judged == 0.0 || figures.goodput.requests > 0.999, "{hour}: {figures:?}");
    }
    // The windows lie where the fluid has least to spare, so they may be worse than the same time
    // of a real day, where noise has brought an instance more; they must not be better.
    for window in &day.windows {
        let p95 = window.latency[1].expect("requests are answered");
        let ratio = p95.judged / p95.requests;
        assert!((0.9..1.5).contains(&ratio), "{window:?}");
    }
}

/// Where nothing scales, the window of the peak has what the busiest hour has.
#[test]
fn a_day_without_autoscalers_is_judged_at_its_peak() {
    let day = measured(&web(false), 1);
    assert_eq!(day.fleets, []);
    assert!(day.simulated > 800_000, "{}", day.simulated);
    let worst = day.hours.iter().filter_map(|hour| hour.latency[1]).fold(0.0, f64::max);
    let [window] = day.windows.as_slice() else {
        panic!("the peak is the only moment that matters")
    };
    let p95 = window.latency[1].expect("requests are answered");
    assert!((p95.judged / worst - 1.0).abs() < 0.1, "{worst}: {window:?}");
}

#[test]
fn the_same_day_gives_the_same_bits() {
    let system = web(true);
    assert_eq!(measured(&system, 1), measured(&system, 1));
}
