//! How long the optimum takes over the nine-region snapshot, from the demand to the proof.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use domain::catalog::Catalog;
use domain::demand::Demand;
use domain::intent::{Source, read_intent};
use solver::characterise::characterise;
use solver::model::{Model, Settings};
use solver::optimise::optimise;

/// The seed phrase, a system in which latency binds, and one in which uptime does.
const PHRASES: [(&str, &str); 3] = [
    ("seed", "handle 10k users, 99.9% uptime, 400ms latency"),
    ("latency binds", "10k users, 99.9% uptime, p95 40ms"),
    ("uptime binds", "10k users, 99.98% uptime, 400ms latency"),
];

fn demand(phrase: &str, catalog: &Catalog) -> Demand {
    let intent = read_intent(&Source::Phrase(phrase.to_owned()), &[]).expect("the phrase is sound");
    let intent = intent.complete(&catalog.archetypes[0]).expect("the archetype can be read");
    characterise(&intent, catalog, None).expect("the demand can be worked out")
}

fn solve(criterion: &mut Criterion) {
    let catalog = catalogs::embedded();
    for (name, phrase) in PHRASES {
        let demand = demand(phrase, &catalog);
        criterion.bench_function(&format!("solve/{name}"), |bencher| {
            bencher.iter(|| {
                let model = Model::new(black_box(&demand), &catalog, Settings::GUARDED);
                optimise(&model, &[])
            });
        });
    }
}

criterion_group!(benches, solve);
criterion_main!(benches);
