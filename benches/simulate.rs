//! The engine on plain models, and the verification of the seed phrase's plan.
//!
//! `make bench-simulator` compares with other simulators; this one follows our own speed.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use domain::intent::{Source, read_intent};
use domain::outcome::{Answer, Outcome};
use plimsoll::planning::{Origin, Planner};
use simulator::model::{Arrivals, Balancing, Instance, Model, Network, Service, Station};
use simulator::statistics::{Experiment, run};
use simulator::{Evidence, Settings, verify, verify_scenarios};

const CUSTOMERS: u32 = 500_000;

/// Instances of some servers at 90% behind least connections, all figures kept.
fn farm(instances: usize, servers: u32) -> (Model, f64) {
    let rate = 0.9 * instances as f64 * f64::from(servers);
    let service = Service::Exponential { mean: 1.0 };
    let fleet = vec![Instance::with_servers(servers); instances];
    let station = Station {
        balancing: Balancing::LeastOutstanding,
        ..Station::queue("farm", fleet, service)
    };
    let model = Model {
        classes: 1,
        sources: vec![simulator::model::Source::of(Arrivals::poisson(rate))],
        stations: vec![station],
        network: Network::default(),
        incidents: Vec::new(),
        controllers: Vec::new(),
    };
    (model, rate)
}

fn queues(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("simulate");
    group.sample_size(10).throughput(Throughput::Elements(CUSTOMERS.into()));
    for (name, instances, servers) in [("M/M/8", 1, 8), ("100 instances", 100, 1)] {
        let (model, rate) = farm(instances, servers);
        let experiment = Experiment {
            seed: 1,
            scenario: "bench".to_owned(),
            trials: 1,
            warm_up: 0.0,
            observed: f64::from(CUSTOMERS) / rate,
            load: 1.0,
            percentiles: vec![0.5, 0.95, 0.99],
            waits: false,
            levels: false,
        };
        group.bench_function(name, |bencher| bencher.iter(|| run(&model, &experiment)));
    }
    group.finish();
}

/// The answer to the seed phrase.
fn answer() -> Answer {
    let catalog = catalogs::embedded();
    let phrase = "handle 10k users, 99.9% uptime, 400ms latency";
    let intent = read_intent(&Source::Phrase(phrase.to_owned()), &[]).expect("the phrase is sound");
    let intent = intent.complete_among(&catalog.archetypes).expect("the archetype can be read");
    let planner = Planner {
        catalog: &catalog,
        seed: 1,
        origin: Origin { command: "bench", intent_digest: "sha256:bench" },
        thorough: false,
        form: domain::plan::LatencyForm::Moment,
        progress: &|_| {},
    };
    match planner.plan(&intent) {
        Ok(Outcome::Planned(answer)) => *answer,
        other => panic!("the seed phrase is planned: {other:?}"),
    }
}

fn verification(criterion: &mut Criterion) {
    let answer = answer();
    let (demand, topology) = (&answer.demand, &answer.plan.topology);
    let demanded: Vec<String> =
        ["peak", "headroom", "day", "instance-down:app"].map(str::to_owned).into_iter().collect();
    let settings = Settings::default();
    let mut group = criterion.benchmark_group("verify the seed phrase");
    group.sample_size(10);
    group.bench_function("demanded scenarios", |bencher| {
        bencher.iter(|| verify_scenarios(demand, topology, &demanded, &settings, &|_| {}));
    });
    let needed = Settings { evidence: Evidence::Demanded, ..settings };
    group.bench_function("and what its uptime rests on", |bencher| {
        bencher.iter(|| verify(demand, topology, &needed, &|_| {}));
    });
    group.bench_function("everything", |bencher| {
        bencher.iter(|| verify(demand, topology, &settings, &|_| {}));
    });
    group.finish();
}

criterion_group!(benches, queues, verification);
criterion_main!(benches);
