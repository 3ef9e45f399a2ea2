//! What is worked out exactly against known answers: `tests/tables/exact.csv`.

use simulator::exact::{Availability, Chain, Replicas, Spares, Zones};
use simulator::model::{Contents, Eviction};

const TABLE: &str = include_str!("../../../tests/tables/exact.csv");

fn replicas(count: u32, needed: u32, (lasts, repair): (f64, f64), crews: u32) -> Availability {
    let replicas = Replicas { count, needed, lasts, repair, crews, spares: Spares::Hot };
    replicas.availability().unwrap()
}

fn of_replicas(found: &Availability, metric: &str) -> f64 {
    match metric {
        "unavailability" => found.unavailability,
        "availability" => 1.0 - found.unavailability,
        "downtime_min_per_year" => found.unavailability * 365.0 * 24.0 * 60.0,
        "outages_per_year" => found.outages * 365.0 * 24.0,
        "mean_outage_hours" => found.mean_outage,
        "mttf_system_from_all_up_hours" => found.first_outage,
        "mean_up" => found.mean_up,
        other => panic!("no such metric: {other}"),
    }
}

/// Ten machines that run for 5 hours, and two who repair them in 1.
fn machines(metric: &str) -> f64 {
    let births = (0..10).map(|down| f64::from(10 - down) / 5.0).collect();
    let deaths = (1..=10).map(|down| f64::from(2.min(down))).collect();
    let chain = Chain::new(births, deaths).unwrap();
    let busy: f64 =
        (0..).zip(chain.shares()).map(|(down, share)| f64::from(2.min(down)) * share).sum();
    match metric {
        "L" => chain.mean(),
        "X" => busy,
        "R" => chain.mean() / busy,
        "Rq" => chain.mean() / busy - 1.0,
        "utilization" => busy / 2.0,
        "P_all_up" => chain.shares()[0],
        other => panic!("no such metric: {other}"),
    }
}

fn found(case: &str, metric: &str) -> f64 {
    match case {
        "avail_1of2_hot" => of_replicas(&replicas(2, 1, (1_000.0, 4.0), 2), metric),
        "avail_1of2_onecrew" => of_replicas(&replicas(2, 1, (1_000.0, 4.0), 1), metric),
        "avail_6of8_onecrew" => of_replicas(&replicas(8, 6, (300.0, 2.0), 1), metric),
        "avail_zones_3x2_need4" => {
            let replica = 0.25 / 720.25;
            let zones = Zones { zones: 3, per_zone: 2, needed: 4, zone: 1e-4, replica };
            zones.unavailability().unwrap()
        }
        "machine_repair_N10_c2" => machines(metric),
        cache => popular(cache),
    }
}

/// The hit ratio of the most popular items, in a case such as `cache_exact_n8_C3_zipf0.8`.
fn popular(case: &str) -> f64 {
    let [_, _, items, capacity, exponent] = case.split('_').collect::<Vec<&str>>()[..] else {
        panic!("no such case: {case}");
    };
    let contents = Contents {
        items: items[1..].parse().unwrap(),
        exponent: exponent[4..].parse().unwrap(),
        capacity: capacity[1..].parse().unwrap(),
        eviction: Eviction::LeastRecent,
    };
    contents.popularity().iter().take(contents.capacity as usize).sum()
}

#[test]
fn rare_states_have_their_exact_shares() {
    let lines: Vec<&str> = TABLE.lines().filter(|line| !line.starts_with('#')).skip(1).collect();
    assert_eq!(lines.len(), 33);
    for line in lines {
        let fields: Vec<&str> = line.split(',').collect();
        let expected: f64 = fields[2].parse().unwrap();
        let found = found(fields[0], fields[1]);
        assert!((found / expected - 1.0).abs() < 1e-9, "{line}: {found}");
    }
}
