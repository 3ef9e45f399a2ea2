//! M/M/8 in desque.

use std::collections::VecDeque;

use desque::serial::{Event, Simulation};
use desque::{Result, SimState, SimTime};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::Shown;
use crate::hand::SERVERS;
use crate::sample::{Figures, exponential, generator};

#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
struct Moment(f64);

impl Eq for Moment {}

impl Ord for Moment {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl SimTime for Moment {}

struct Queue {
    random: Xoshiro256PlusPlus,
    figures: Figures,
    waiting: VecDeque<f64>,
    free: usize,
    left: u64,
    /// When the number of customers last changed.
    since: f64,
}

impl Queue {
    /// Adds up what was there until now.
    fn pass(&mut self, now: f64) {
        let busy = SERVERS - self.free;
        self.figures.passes(now - self.since, busy + self.waiting.len(), busy);
        self.since = now;
    }
}

impl SimState<Moment> for Queue {
    fn is_complete(&self, _: &Moment) -> bool {
        self.left == 0
    }
}

#[derive(Debug)]
struct Arrival;

#[derive(Debug)]
struct Departure {
    born: f64,
    started: f64,
}

fn start(sim: &mut Simulation<Queue, Moment>, born: f64) -> Result {
    let now = sim.current_time().0;
    let time = exponential(&mut sim.state_mut().random);
    sim.schedule(Departure { born, started: now }, Moment(now + time))
}

impl Event<Queue, Moment> for Arrival {
    fn execute(&mut self, sim: &mut Simulation<Queue, Moment>) -> Result {
        let now = sim.current_time().0;
        let queue = sim.state_mut();
        queue.pass(now);
        queue.left -= 1;
        let gap = exponential(&mut queue.random) / 7.2;
        if queue.free > 0 {
            queue.free -= 1;
            start(sim, now)?;
        } else {
            queue.waiting.push_back(now);
        }
        sim.schedule(Self, Moment(now + gap))
    }
}

impl Event<Queue, Moment> for Departure {
    fn execute(&mut self, sim: &mut Simulation<Queue, Moment>) -> Result {
        let now = sim.current_time().0;
        let queue = sim.state_mut();
        queue.pass(now);
        queue.figures.leaves(self.started - self.born, now - self.born);
        if let Some(born) = queue.waiting.pop_front() {
            start(sim, born)
        } else {
            queue.free += 1;
            Ok(())
        }
    }
}

pub(crate) fn run(customers: u64, seed: u64) -> Shown {
    let queue = Queue {
        random: generator(seed),
        figures: Figures::new(),
        waiting: VecDeque::new(),
        free: SERVERS,
        left: customers,
        since: 0.0,
    };
    let mut sim = Simulation::new(queue, Moment(0.0));
    sim.schedule(Arrival, Moment(0.0)).expect("now is not in the past");
    sim.run().expect("no event fails");
    Shown { customers, wait: sim.state().figures.wait() }
}
