//! Models of `tests/tables/systems.csv` whose queues or servers are not plain.

use crate::fleets;
use crate::queues::model;
use crate::systems::{exponential, queue};
use simulator::model::{
    Arrivals, Backoff, Balancing, Discipline, Floor, Instance, Model, Phase, Resilience, Servers,
    Service, Source, Station,
};

/// A queue with a floor, at a rate.
fn floor(rate: f64, station: Station, floor: Floor) -> Model {
    model(Source::of(Arrivals::poisson(rate)), vec![Station { floor, ..station }])
}

fn of(discipline: Discipline) -> Floor {
    Floor { discipline, ..Floor::default() }
}

/// One server for two classes, the first before the second.
fn priorities(rates: [f64; 2], means: [f64; 2], preemptive: bool) -> Model {
    let floor = Floor { priorities: vec![0, 1], ..of(Discipline::Priority { preemptive }) };
    let station = Station {
        service: means.map(exponential).to_vec(),
        calls: vec![Vec::new(); 2],
        floor,
        ..queue(1, 1.0)
    };
    let source = Source {
        mix: rates.to_vec(),
        enters: vec![0, 0],
        ..Source::of(Arrivals::poisson(rates.iter().sum()))
    };
    Model { classes: 2, ..model(source, vec![station]) }
}

fn patient(rate: f64, servers: u32, patience: Service) -> Model {
    floor(rate, queue(servers, 1.0), Floor { patience: Some(patience), ..Floor::default() })
}

fn servers(rate: f64, count: u32, servers: Servers) -> Model {
    floor(rate, queue(count, 1.0), Floor { servers, ..Floor::default() })
}

/// One server of a service with mean 1 at half its capacity.
fn half(service: &str, discipline: Discipline) -> Model {
    let service = match service {
        "exponential" => exponential(1.0),
        "fixed" => Service::Fixed { time: 1.0 },
        "hyperexponential" => Service::Hyperexponential {
            branches: vec![
                (0.887_298_334_620_742, 1.0 / 1.774_596_669_241_48),
                (0.112_701_665_379_258, 1.0 / 0.225_403_330_758_517),
            ],
        },
        other => panic!("no such service: {other}"),
    };
    let station = Station::queue("queue", vec![Instance::with_servers(1)], service);
    floor(0.5, station, of(discipline))
}

/// One server without a queue; whom it refuses tries again for ever.
fn retrial(rate: f64, mean: f64) -> Model {
    let resilience = Resilience {
        retries: Resilience::FOREVER,
        backoff: Backoff::exponential(mean),
        ..Resilience::NONE
    };
    let source = Source { resilience, ..Source::of(Arrivals::poisson(rate)) };
    model(source, vec![Station { queue_limit: Some(0), ..queue(1, 1.0) }])
}

/// One server with so many places to wait.
fn lossy(rate: f64, queue_limit: u32) -> Model {
    let station = Station { queue_limit: Some(queue_limit), ..queue(1, 1.0) };
    model(Source::of(Arrivals::poisson(rate)), vec![station])
}

/// Single servers behind a balancer.
pub(crate) fn farm(rate: f64, count: usize, balancing: Balancing) -> Model {
    let instances = vec![Instance::with_servers(1); count];
    let station = Station::queue("farm", instances, exponential(1.0));
    model(Source::of(Arrivals::poisson(rate)), vec![Station { balancing, ..station }])
}

/// The model of a case.
pub(crate) fn system(name: &str) -> Model {
    let sharing = Discipline::Sharing { most: None };
    let setup = |mean| Servers::SetUp { time: exponential(mean) };
    match name {
        "prio_np_mm1_ciw" => priorities([0.2, 0.6], [1.0, 1.0], false),
        "prio_np_mixed" => {
            let mut model = priorities([0.4, 0.05], [0.5, 8.0], false);
            model.stations[0].service[1] = Service::Fixed { time: 8.0 };
            model
        }
        "prio_pr_mm1" => priorities([0.2, 0.6], [1.0, 1.0], true),
        "erlangA_c8_over" => patient(9.6, 8, exponential(1.0)),
        "erlangA_c1" => patient(1.5, 1, exponential(0.5)),
        "timeout_c8_tau0.5" => patient(7.2, 8, Service::Fixed { time: 0.5 }),
        "timeout_c50" => patient(52.0, 50, Service::Fixed { time: 0.2 }),
        "timeout_c2_crit" => patient(2.0, 2, Service::Fixed { time: 1.0 }),
        "jmt_mg1ps_coxian" => {
            let phases = Phase::coxian(&[(0.25, 0.125), (2.0, 0.0)]);
            let service = Service::Phases { phases };
            let station = Station::queue("queue", vec![Instance::with_servers(1)], service);
            floor(1.0, station, of(sharing))
        }
        "ciw_limited_ps_R3" => floor(10.0, queue(3, 1.0 / 12.0), of(sharing)),
        "setup_k1_lam0.5_alpha0.1" => servers(0.5, 1, setup(10.0)),
        "setup_k1_lam0.8_alpha1.0" => servers(0.8, 1, setup(1.0)),
        "setup_k2_lam1.0_alpha0.1" => servers(1.0, 2, setup(10.0)),
        "setup_k8_lam5.6_alpha0.1" => servers(5.6, 8, setup(10.0)),
        "breakdown_c2_lam1.2" => {
            let (lasts, repair) = (exponential(100.0), exponential(10.0));
            servers(1.2, 2, Servers::Failing { lasts, repair, crews: 2 })
        }
        "autoscale_hyst_lam1.2" => {
            let start = exponential(10.0);
            servers(1.2, 2, Servers::Thresholds { least: 1, up: 5, down: 1, start })
        }
        "retrial_lam0.5_nu1" => retrial(0.5, 1.0),
        "retrial_lam0.7_nu0.2" => retrial(0.7, 5.0),
        "mmck_c1_K5_lam0.8" => lossy(0.8, 4),
        "mmck_c1_K10_lam1" => lossy(1.0, 9),
        "mg_inf" => model(Source::of(Arrivals::poisson(20.0)), vec![queue(1_000_000, 2.5)]),
        "lb_jsq_m2_rho0.7" => farm(1.4, 2, Balancing::LeastOutstanding),
        "lb_jsq_m2_rho0.9" => farm(1.8, 2, Balancing::LeastOutstanding),
        "lb_jsq_m3_rho0.7" => farm(2.1, 3, Balancing::LeastOutstanding),
        "lb_po2wo_m3_rho0.7" => farm(2.1, 3, Balancing::PowerOfTwo),
        "lb_weighted_2to1" => {
            let mut model = farm(2.4, 2, Balancing::Weighted);
            let first = &mut model.stations[0].instances[0];
            first.speed = 2.0;
            first.weight = 2.0;
            model
        }
        "lb_po2w_m3_rho0.7" => farm(2.1, 3, Balancing::PowerOf { choices: 2, replacement: true }),
        "lb_jiq_m2_rho0.8" => farm(1.6, 2, Balancing::JoinIdle),
        "pod_meanfield_d3_lam0.9" => {
            farm(900.0, 1_000, Balancing::PowerOf { choices: 3, replacement: false })
        }
        other => match other.split_once(' ') {
            Some(("mg1ps_rho0.5", service)) => half(service, sharing),
            Some(("mg1lcfs_rho0.5", service)) => {
                half(service, Discipline::LastCome { preemptive: true })
            }
            _ => fleets::system(other),
        },
    }
}
