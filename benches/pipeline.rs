//! How long the whole answer to the seed phrase takes, simulation and all; the target is below 2 s
//! on two cores.

use criterion::{Criterion, criterion_group, criterion_main};
use domain::intent::{Source, read_intent};
use plimsoll::planning::{Origin, Planner};

fn plan(criterion: &mut Criterion) {
    let catalog = catalogs::embedded();
    let phrase = "handle 10k users, 99.9% uptime, 400ms latency";
    let intent = read_intent(&Source::Phrase(phrase.to_owned()), &[]).expect("the phrase is sound");
    let intent = intent.complete_among(&catalog.archetypes).expect("the archetype can be read");
    let planner = Planner {
        catalog: &catalog,
        seed: 1,
        origin: Origin { command: "bench", intent_digest: "sha256:bench" },
        thorough: true,
        form: domain::plan::LatencyForm::Moment,
        progress: &|_| {},
    };
    let mut group = criterion.benchmark_group("pipeline");
    group.sample_size(10);
    group.bench_function("seed phrase", |bencher| bencher.iter(|| planner.plan(&intent)));
    group.finish();
}

criterion_group!(benches, plan);
criterion_main!(benches);
