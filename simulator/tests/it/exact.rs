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

/// The number of machines that are down, of those that run for so long, with so many people who
/// repair one in a time.
fn machines_down(machines: u32, (lasts, repair): (f64, f64), people: u32) -> Chain {
    let births = (0..machines).map(|down| f64::from(machines - down) / lasts).collect();
    let deaths = (1..=machines).map(|down| f64::from(people.min(down)) / repair).collect();
    Chain::new(births, deaths).unwrap()
}

/// Ten machines that run for 5 hours, and two who repair them in 1.
fn machines(metric: &str) -> f64 {
    let chain = machines_down(10, (5.0, 1.0), 2);
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

/// A data centre of 120 machines that run for 500 minutes, with some who repair one in 20.
fn data_centre(people: u32, metric: &str) -> f64 {
    let chain = machines_down(120, (500.0, 20.0), people);
    let down = |up: &str| 120 - up.parse::<usize>().unwrap();
    if metric == "mean_up" {
        return 120.0 - chain.mean();
    }
    match metric.strip_suffix("_or_more") {
        Some(up) => 1.0 - chain.share_from(down(&up["P_up_".len()..]) + 1),
        None => chain.shares()[down(&metric["P_up_".len()..])],
    }
}

/// M/M/c/K that is offered so much, in services of mean 1.
fn loss(servers: u32, places: u32, offered: f64, metric: &str) -> f64 {
    let deaths = (1..=places).map(|inside| f64::from(servers.min(inside))).collect();
    let chain = Chain::new(vec![offered; places as usize], deaths).unwrap();
    if metric == "utilization" {
        let idle = (0..servers).zip(chain.shares());
        let idle: f64 = idle.map(|(inside, share)| f64::from(servers - inside) * share).sum();
        return 1.0 - idle / f64::from(servers);
    }
    let inside = metric.strip_prefix('p').map_or(0, |inside| inside.parse().unwrap());
    chain.shares()[inside]
}

fn found(case: &str, metric: &str) -> f64 {
    match case {
        "mmck_c8_K16_lam7.2" => loss(8, 16, 7.2, metric),
        "mmck_c8_K16_lam9.6" => loss(8, 16, 9.6, metric),
        "mmck_c8_K40_lam12" => loss(8, 40, 12.0, metric),
        // M/M/3: beyond 200 inside lies nothing that a number could tell.
        "ciw_limited_ps_R3" => loss(3, 200, 10.0 / 12.0, metric),
        "aws_redundancy" => of_replicas(&replicas(2, 1, (99.0, 1.0), 2), metric),
        "pbd_ch7_datacenter_N2" => data_centre(2, metric),
        "pbd_ch7_datacenter_N5" => data_centre(5, metric),
        "pbd_ch7_datacenter_N10" => data_centre(10, metric),
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
    assert_eq!(lines.len(), 49);
    for line in lines {
        let fields: Vec<&str> = line.split(',').collect();
        let expected: f64 = fields[2].parse().unwrap();
        let found = found(fields[0], fields[1]);
        assert!((found / expected - 1.0).abs() < 1e-9, "{line}: {found}");
    }
}
