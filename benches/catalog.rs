//! How long the embedded catalog takes to load; the target is below 50 ms.

use criterion::{Criterion, criterion_group, criterion_main};

fn load(criterion: &mut Criterion) {
    criterion.bench_function("catalog/embedded", |bencher| bencher.iter(catalogs::embedded));
}

criterion_group!(benches, load);
criterion_main!(benches);
