//! Prints customers a second of our engine, of a loop written by hand and of other simulators, all
//! on one core in one run, and their ratios.
//!
//! `peers SPEC PYTHON` also runs the topology of that spec at its peak, and SimPy and Ciw by that
//! interpreter where it has them. Every queue is M/M/8 at 90% unless
//! said otherwise; its exact mean wait is 0.876916 service times (Erlang C), and a figure without
//! that wait is not worth printing. `peers --memory` prints the memory that 100 million customers
//! took at most, in a process of its own.

mod desque_queue;
mod hand;
mod nexosim_queue;
mod ours;
mod sample;

use std::process::{Command, ExitCode};
use std::time::Instant;

/// Runs of each, of which the fastest counts: what disturbs a run only makes it slower.
const RUNS: usize = 5;
/// The exact mean wait of M/M/8 at 90%, in service times.
const WAIT: f64 = 0.876_916;

/// What a run showed.
#[derive(Clone, Copy)]
pub(crate) struct Shown {
    /// Customers that came.
    pub customers: u64,
    /// Their mean wait, where it was counted.
    pub wait: f64,
}

/// The fastest of some runs, in millions of customers a second.
fn fastest(name: &str, mut run: impl FnMut(u64) -> Shown) -> f64 {
    let mut best: f64 = 0.0;
    let mut waits = 0.0;
    for seed in 0..RUNS as u64 {
        let started = Instant::now();
        let shown = run(seed + 1);
        let rate = shown.customers as f64 / started.elapsed().as_secs_f64() / 1e6;
        best = best.max(rate);
        waits += shown.wait / RUNS as f64;
    }
    println!("  {name:<44} {best:>8.3} M/s   wait {waits:.4}");
    best
}

/// The same of a simulator in Python, by its own clock and in one run: it takes seconds.
fn in_python(peer: &str, customers: &str) -> Option<f64> {
    let python = std::env::args().nth(2)?;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/in_python.py");
    let output = Command::new(python).args([script, peer, customers]).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let mut words = text.split_whitespace().skip(1);
    let rate: f64 = words.next()?.parse().ok()?;
    println!("  {peer:<44} {rate:>8.3} M/s   wait {}", words.next()?);
    Some(rate)
}

fn target(what: &str, ratio: f64, least: f64) -> bool {
    let met = ratio >= least;
    println!("  {:<4} {what}: {ratio:.2}, asked {least}", if met { "ok" } else { "MISS" });
    met
}

/// Customers of the run whose memory is measured.
const MANY: u64 = 100_000_000;

/// The memory that this process took at most, in MiB, as its system counts it.
fn peak_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024.0)
}

/// The same of a process that simulates 100 million customers and nothing else.
fn memory_of_many() -> Option<f64> {
    let own = std::env::current_exe().ok()?;
    let output = Command::new(own).arg("--memory").output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some("--memory") {
        let shown = ours::resilient(MANY, 1);
        assert!(shown.customers >= MANY * 99 / 100, "all of them came");
        println!("{}", peak_memory().unwrap_or(f64::NAN));
        return ExitCode::SUCCESS;
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("one thread starts");
    let all = pool.install(measure);
    let scales = ours::two_cores_over_one();
    let mut all = all & target("two cores over one", scales, 1.8);
    match memory_of_many() {
        Some(most) => {
            let met = most < 200.0;
            let word = if met { "ok" } else { "MISS" };
            println!("  {word:<4} MiB for {MANY} customers: {most:.0}, asked less than 200");
            all &= met;
        }
        None => println!("  -    this system does not say how much memory was taken"),
    }
    if all { ExitCode::SUCCESS } else { ExitCode::from(4) }
}

fn measure() -> bool {
    println!("M/M/8 at 90%, exact wait {WAIT}");
    // What is compared with is the faster of two ways to write it.
    let slots = fastest("by hand, eight slots", |seed| hand::queue(4_000_000, seed));
    let by_hand = fastest("by hand, a 4-ary heap", |seed| hand::queue_with_heap(4_000_000, seed));
    let by_hand = by_hand.max(slots);
    let own = fastest("plimsoll", |seed| ours::queue(4_000_000, seed));
    let desque = fastest("desque", |seed| desque_queue::run(2_000_000, seed));
    let nexosim = fastest("nexosim", |seed| nexosim_queue::run(200_000, seed));
    let simpy = in_python("simpy", "200000");
    let ciw = in_python("ciw", "100000");
    println!("100 instances behind least connections at 90%");
    let farm_by_hand = fastest("a loop written by hand", |seed| hand::farm(1_000_000, seed));
    let farm = fastest("plimsoll", |seed| ours::farm(1_000_000, seed));
    println!("8 instances with power of two, timeouts, retries, and one that fails and comes back");
    let resilient = fastest("plimsoll", |seed| ours::resilient(2_000_000, seed));
    let web = std::env::args().nth(1).map(|path| {
        println!("the topology of {path} at its peak");
        let described = ours::described(&path);
        fastest("plimsoll, in requests", |seed| ours::topology(&described, seed))
    });
    println!("ratios");
    let mut met = target("a hand-written loop over desque", by_hand / desque, 2.2);
    met &= target("plimsoll over a hand-written loop", own / by_hand, 0.5);
    met &= target("plimsoll over desque", own / desque, 1.0);
    met &= target("plimsoll over nexosim", own / nexosim, 6.0);
    for (name, peer, least) in [("SimPy", simpy, 80.0), ("Ciw", ciw, 170.0)] {
        match peer {
            Some(peer) => met &= target(&format!("plimsoll over {name}"), own / peer, least),
            None => println!("  -    {name} is not there"),
        }
    }
    met &= target("farm: plimsoll over a hand-written loop", farm / farm_by_hand, 0.4);
    met &= target("with everything on, M/s", resilient, 5.0);
    if let Some(web) = web {
        met &= target("the topology, M requests/s", web, 1.0);
    }
    met
}
