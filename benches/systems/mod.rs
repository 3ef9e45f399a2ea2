//! Systems of any number of services whose latency, uptime and quota all bind.
//!
//! A tree of services with two classes of requests, a cache for every ten of them and a database
//! for every five. The limits are taken from the optimum without them: each is put a little below
//! what that optimum reaches, so that it takes a dearer plan to keep it.

use std::fmt::Write as _;

use domain::catalog::Catalog;
use domain::demand::Demand;
use domain::intent::{Source, read_intent};
use domain::units::MicroDollars;
use solver::assemble;
use solver::characterise::characterise;
use solver::model::{Model, Settings};
use solver::optimise::{Optimised, Optimum, optimise};

/// The limits of a system.
#[derive(Debug, Clone, Copy)]
struct Limits {
    /// p95 and p99 of all requests, and of those that write, in ms.
    latency: [[f64; 2]; 2],
    /// The availability, in ppm.
    uptime: u32,
    vcpus: Option<u32>,
}

/// Hardly a limit, in ms.
const SLOW: f64 = 60_000.0;
/// Parts of a latency, in percent.
const FASTER: [u32; 6] = [100, 97, 93, 88, 82, 75];
/// Parts of a quota, in percent.
const FEWER: [u32; 4] = [98, 95, 90, 85];
/// Uptimes between which the rules of redundancy stay the same, in ppm; the strictest first.
const UPTIMES: [(u32, u32); 3] = [(999_500, 999_899), (999_000, 999_499), (990_000, 998_999)];

/// A demand of so many services and users in which latency, uptime and quota bind; `None` where no
/// limits that are tried all do.
pub(crate) fn demand(services: usize, users: u32, catalog: &Catalog) -> Option<Demand> {
    let size = (services, users);
    let solve = |limits: Limits| optimum(&read(size, limits, catalog), catalog);
    let costs_more =
        |limits: Limits, than: MicroDollars| solve(limits).is_none_or(|(cost, ..)| cost > than);
    let slow = |uptime| Limits { latency: [[SLOW; 2]; 2], uptime, vcpus: None };
    let possible = UPTIMES.into_iter().find_map(|(low, high)| Some((low, high, solve(slow(low))?)));
    let (low, high, (cost, ..)) = possible.expect("a hundredth of the time may be lost");
    let uptime = least(low, high, |uptime| costs_more(slow(uptime), cost));
    // A plan on few vCPUs has fast ones; the limits are put around what such a plan reaches.
    let (_, _, vcpus) = solve(slow(uptime)).expect("the first that costs more is possible");
    let few = Limits { vcpus: Some(vcpus * 9 / 10), ..slow(uptime) };
    let (_, reached, _) = solve(few)?;
    let shares = FASTER.into_iter().flat_map(|fast| FEWER.map(|fewer| (fast, fewer)));
    let mut limits = shares.filter_map(|(fast, fewer)| {
        let guard = Settings::GUARDED.guard.unwrap_or(1.0);
        let part = |at: usize| reached[at] * guard * f64::from(fast) / 100.0;
        let quick = Limits { latency: [[part(0), part(1)], [part(2), part(3)]], ..slow(uptime) };
        let (_, _, vcpus) = solve(quick)?;
        Some(Limits { vcpus: Some(vcpus * fewer / 100), ..quick })
    });
    let all_bind = |limits: &Limits| {
        let Some((cost, ..)) = solve(*limits) else { return false };
        let loosened = [
            Limits { latency: [[SLOW; 2]; 2], ..*limits },
            Limits { uptime: low, ..*limits },
            Limits { vcpus: None, ..*limits },
        ];
        let cheaper = |limits| solve(limits).is_some_and(|(loosened, ..)| loosened < cost);
        loosened.into_iter().all(cheaper)
    };
    Some(read(size, limits.find(all_bind)?, catalog))
}

/// The least number above `low` for which something holds that holds for every larger one;
/// `high` when it holds for none below.
fn least(low: u32, high: u32, holds: impl Fn(u32) -> bool) -> u32 {
    let (mut low, mut high) = (low, high);
    while high - low > 1 {
        let middle = u32::midpoint(low, high);
        if holds(middle) { high = middle } else { low = middle }
    }
    high
}

/// The cost of the optimum, what it reaches of each objective in ms, and its vCPUs.
fn optimum(demand: &Demand, catalog: &Catalog) -> Option<(MicroDollars, Vec<f64>, u32)> {
    let model = Model::new(demand, catalog, Settings::GUARDED);
    let Optimised::Found(optimum) = optimise(&model, &[]) else { return None };
    let reached = assemble::worst_estimates(&model, &optimum);
    let reached = reached.iter().map(|estimate| estimate.percentile.value() * 1e3).collect();
    Some((optimum.cost, reached, vcpus(&optimum)))
}

fn vcpus(optimum: &Optimum<'_>) -> u32 {
    let vcpus: u64 = optimum.options.iter().map(|option| option.vcpus).sum();
    u32::try_from(vcpus).expect("a few hundred")
}

fn read(size: (usize, u32), limits: Limits, catalog: &Catalog) -> Demand {
    let text = document(size, limits);
    let source = Source::Document { name: "system".to_owned(), text };
    let quota = limits.vcpus.map(|vcpus| format!("rules.vcpu_quota={vcpus}"));
    let settings: Vec<String> = quota.into_iter().collect();
    let intent = read_intent(&source, &settings).unwrap_or_else(|faults| panic!("{faults:?}"));
    characterise(&intent, catalog, None).expect("the demand can be worked out")
}

/// The intent as it would be written.
fn document((services, users): (usize, u32), limits: Limits) -> String {
    let databases = services.div_ceil(5).min(8);
    let caches = services.div_ceil(10);
    let apps = services - databases - caches;
    let [all, writes] = limits.latency;
    let uptime = limits.uptime;
    let mut text = format!(
        "apiVersion: plimsoll/v1\nkind: Intent\nmetadata: {{name: system}}\nobjectives:\n  \
         load: {{concurrent_users: {users}}}\n  uptime: {}.{:04}%\n  latency: {{p95: {:.3}ms, p99: \
         {:.3}ms}}\nrequests:\n  read: {{share: 80%, enters: app0, per_page: 3, response: 6kB}}\n  \
         write:\n    share: 20%\n    enters: app0\n    per_page: 3\n    response: 2kB\n    \
         objectives: {{latency: {{p95: {:.3}ms, p99: {:.3}ms}}}}\n\
         operations: advanced\nservices:\n",
        uptime / 10_000,
        uptime % 10_000,
        all[0],
        all[1],
        writes[0],
        writes[1],
    );
    for app in 0..apps {
        let work = 3.0 + 1.7 * f64::from(u32::try_from(app * 7 % 11).unwrap_or(0));
        let _ = write!(
            text,
            "  app{app}:\n    type: service\n    \
             cpu_time: {{read: {work:.1}ms, write: {:.1}ms}}\n    \
             memory: {{base: 400MiB, per_request: 1MiB}}\n    startup: 30s\n    calls:\n",
            work * 1.5
        );
        for callee in [2 * app + 1, 2 * app + 2].into_iter().filter(|callee| *callee < apps) {
            let _ = writeln!(text, "      - {{to: app{callee}, count: 0.6}}");
        }
        let _ = writeln!(text, "      - {{to: cache{}, for: read}}", app % caches);
        let _ = writeln!(text, "      - {{to: db{}, for: write, reads: 50%}}", app % databases);
    }
    for cache in 0..caches {
        let _ = write!(
            text,
            "  cache{cache}:\n    type: cache\n    working_set: 6GiB\n    hit_ratio: 90%\n    \
             fallback: db{}\n",
            cache % databases
        );
    }
    for database in 0..databases {
        let _ = write!(
            text,
            "  db{database}:\n    type: sql\n    engine: postgres\n    cpu_time: 1ms\n    storage: \
             100GiB\n"
        );
    }
    text
}
