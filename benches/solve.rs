//! How long the optimum takes over the nine-region snapshot, from the demand to the proof, and how
//! much longer HiGHS takes for the programs of all placements, over what pruning leaves of them.

#![expect(clippy::disallowed_methods, reason = "HiGHS is timed once, which criterion cannot do")]
#![expect(clippy::print_stderr, reason = "the comparison is what the bench is run for")]

#[path = "systems/mod.rs"]
mod systems;

use std::hint::black_box;
use std::time::Instant;

use criterion::{Criterion, criterion_group, criterion_main};
use domain::catalog::Catalog;
use domain::demand::Demand;
use domain::intent::{Source, read_intent};
// The program's allocator.
use plimsoll as _;
use solver::backend::{BackendAnswer, mixed_integer};
use solver::characterise::characterise;
use solver::model::{Model, Settings};
use solver::optimise::{Optimised, Optimum, optimise, undominated_programs};
use solver::program::Program;

/// The seed phrase, a system in which latency binds, and one in which uptime does.
const PHRASES: [(&str, &str); 3] = [
    ("seed", "handle 10k users, 99.9% uptime, 400ms latency"),
    ("latency binds", "10k users, 99.9% uptime, p95 40ms"),
    ("uptime binds", "10k users, 99.98% uptime, 400ms latency"),
];

/// Systems of so many services in which latency, uptime and quota all bind.
struct Size {
    services: usize,
    /// How many users each of them has; HiGHS is compared on the first.
    users: &'static [u32],
    /// The median in ms that is aimed at.
    target: f64,
}

/// Over a decade of loads, because the time hangs on which machines happen to be cheapest.
const SIZES: [Size; 3] = [
    Size {
        services: 4,
        users: &[
            20_000, 4_000, 6_000, 9_000, 12_000, 15_000, 25_000, 30_000, 40_000, 50_000, 60_000,
        ],
        target: 10.0,
    },
    Size { services: 10, users: &[20_000, 5_000, 10_000, 40_000, 60_000], target: 40.0 },
    Size { services: 40, users: &[20_000, 10_000, 40_000], target: 300.0 },
];

/// Runs of which the median is compared with HiGHS.
const RUNS: usize = 11;

fn demand(phrase: &str, catalog: &Catalog) -> Demand {
    let intent = read_intent(&Source::Phrase(phrase.to_owned()), &[]).expect("the phrase is sound");
    let intent = intent.complete_among(&catalog.archetypes).expect("the archetype can be read");
    characterise(&intent, catalog, None).expect("the demand can be worked out")
}

fn solved<'a>(demand: &'a Demand, catalog: &'a Catalog) -> Optimum<'a> {
    let model = Model::new(demand, catalog, Settings::GUARDED);
    match optimise(&model, &[]) {
        Optimised::Found(optimum) => *optimum,
        Optimised::Infeasible | Optimised::GaveUp => panic!("there is a plan"),
    }
}

fn phrases(criterion: &mut Criterion) {
    let catalog = catalogs::embedded();
    for (name, phrase) in PHRASES {
        let demand = demand(phrase, &catalog);
        criterion.bench_function(&format!("solve/{name}"), |bencher| {
            bencher.iter(|| solved(black_box(&demand), &catalog));
        });
    }
}

fn sizes(criterion: &mut Criterion) {
    let catalog = catalogs::embedded();
    let mut group = criterion.benchmark_group("solve");
    group.sample_size(20);
    for Size { services, users, target } in SIZES {
        let mut medians = Vec::new();
        for users in users {
            let Some(demand) = systems::demand(services, *users, &catalog) else {
                eprintln!("{services} services, {users} users: no limits that all bind");
                continue;
            };
            group.bench_function(format!("{services} services/{users} users"), |bencher| {
                bencher.iter(|| solved(black_box(&demand), &catalog));
            });
            let median = median(&demand, &catalog);
            let optimum = solved(&demand, &catalog);
            let (cost, gap) = (optimum.cost.dollars(), optimum.cost - optimum.bound);
            eprintln!("  median {median:.1} ms, ${cost:.2}, gap {}", gap.micros());
            if medians.is_empty() {
                eprintln!("  memory at the peak, set-up included, before HiGHS: {}", peak_memory());
                compare(median, &demand, &catalog);
            }
            medians.push(median);
        }
        medians.sort_by(f64::total_cmp);
        let [first, .., last] = medians.as_slice() else { panic!("two systems at least") };
        eprintln!(
            "{services} services: median {:.1} ms over {} systems ({first:.1} to {last:.1}; target \
             {target})",
            medians[medians.len() / 2],
            medians.len()
        );
    }
    group.finish();
}

/// The median time of the optimum, in ms.
fn median(demand: &Demand, catalog: &Catalog) -> f64 {
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let started = Instant::now();
            black_box(solved(demand, catalog));
            started.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[RUNS / 2]
}

/// Prints how many times that HiGHS takes.
fn compare(ours: f64, demand: &Demand, catalog: &Catalog) {
    let model = Model::new(demand, catalog, Settings::GUARDED);
    let programs = undominated_programs(&model);
    let columns: usize = programs.iter().map(Program::design_columns).sum();
    let started = Instant::now();
    let best = programs
        .iter()
        .filter_map(|program| match mixed_integer(program) {
            BackendAnswer::Optimal(choice) => Some(choice.cost),
            _ => None,
        })
        .count();
    let highs = started.elapsed().as_secs_f64() * 1e3;
    eprintln!(
        "  HiGHS, {} placements with {columns} columns, {best} with a plan: {highs:.0} ms, {:.1} \
         times ours",
        programs.len(),
        highs / ours
    );
}

/// The most memory that the process has held so far, as the system tells it.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.map_or("unknown".to_owned(), |line| line.replace("VmHWM:", "").trim().to_owned())
}

criterion_group!(benches, phrases, sizes);
criterion_main!(benches);
