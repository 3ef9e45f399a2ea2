//! Loops written by hand for one model each: the ceiling of what an engine could reach.

use rand::RngExt;

use crate::Shown;
use crate::sample::{Figures, exponential, generator};

const SERVERS: usize = 8;
const RATE: f64 = 0.9;
const INSTANCES: usize = 100;

/// A 4-ary heap of moments with what leaves then; positive moments are ordered like their bits.
struct Heap<T: Copy> {
    items: Vec<(u64, T)>,
}

impl<T: Copy> Heap<T> {
    fn next(&self) -> f64 {
        self.items.first().map_or(f64::INFINITY, |(moment, _)| f64::from_bits(*moment))
    }

    fn push(&mut self, moment: f64, what: T) {
        let item = (moment.to_bits(), what);
        let mut place = self.items.len();
        self.items.push(item);
        while place > 0 {
            let parent = (place - 1) / 4;
            if self.items[parent].0 <= item.0 {
                break;
            }
            self.items[place] = self.items[parent];
            place = parent;
        }
        self.items[place] = item;
    }

    fn pop(&mut self) -> T {
        let first = self.items[0].1;
        let last = self.items.pop().expect("not empty");
        if !self.items.is_empty() {
            let count = self.items.len();
            let mut place = 0;
            loop {
                let child = place * 4 + 1;
                if child >= count {
                    break;
                }
                let mut least = child;
                for other in child + 1..(child + 4).min(count) {
                    if self.items[other].0 < self.items[least].0 {
                        least = other;
                    }
                }
                if last.0 <= self.items[least].0 {
                    break;
                }
                self.items[place] = self.items[least];
                place = least;
            }
            self.items[place] = last;
        }
        first
    }
}

/// M/M/8.
pub(crate) fn queue(customers: u64, seed: u64) -> Shown {
    let mut random = generator(seed);
    let mut figures = Figures::new();
    let mut heap: Heap<(f64, f64)> = Heap { items: Vec::with_capacity(SERVERS) };
    let mut waiting = std::collections::VecDeque::new();
    let gap = 1.0 / (RATE * SERVERS as f64);
    let (mut now, mut came) = (0.0, 0);
    let mut arrival = exponential(&mut random) * gap;
    while came < customers {
        let departure = heap.next();
        let moment = arrival.min(departure);
        figures.passes(moment - now, heap.items.len() + waiting.len(), heap.items.len());
        now = moment;
        if arrival < departure {
            came += 1;
            if heap.items.len() < SERVERS {
                heap.push(now + exponential(&mut random), (now, now));
            } else {
                waiting.push_back(now);
            }
            arrival = now + exponential(&mut random) * gap;
        } else {
            let (born, started) = heap.pop();
            figures.leaves(started - born, now - born);
            if let Some(born) = waiting.pop_front() {
                heap.push(now + exponential(&mut random), (born, now));
            }
        }
    }
    Shown { customers, wait: figures.wait() }
}

/// A farm of single servers; each customer joins the one with the fewest, ties at random.
pub(crate) fn farm(customers: u64, seed: u64) -> Shown {
    let mut random = generator(seed);
    let mut figures = Figures::new();
    let mut heap: Heap<u32> = Heap { items: Vec::with_capacity(INSTANCES) };
    // Bytes, so that a few instructions compare them all; nobody waits behind 255.
    let mut lengths = [0_u8; INSTANCES];
    let mut lines: Vec<std::collections::VecDeque<(f64, f64)>> =
        (0..INSTANCES).map(|_| std::collections::VecDeque::new()).collect();
    let gap = 1.0 / (RATE * INSTANCES as f64);
    let (mut now, mut came, mut inside) = (0.0, 0, 0_usize);
    let mut arrival = exponential(&mut random) * gap;
    while came < customers {
        let departure = heap.next();
        let moment = arrival.min(departure);
        figures.passes(moment - now, inside, heap.items.len());
        now = moment;
        if arrival < departure {
            came += 1;
            inside += 1;
            let least = lengths.iter().copied().min().expect("there are instances");
            let ties: u8 = lengths.iter().map(|length| u8::from(*length == least)).sum();
            let chosen = random.random_range(0..usize::from(ties));
            let mut equal = (0..INSTANCES).filter(|place| lengths[*place] == least);
            let place = equal.nth(chosen).expect("one of the ties");
            lengths[place] += 1;
            lines[place].push_back((now, now));
            if lengths[place] == 1 {
                heap.push(now + exponential(&mut random), place as u32);
            }
            arrival = now + exponential(&mut random) * gap;
        } else {
            let place = heap.pop() as usize;
            let (born, started) = lines[place].pop_front().expect("somebody was served");
            figures.leaves(started - born, now - born);
            inside -= 1;
            lengths[place] -= 1;
            if let Some(next) = lines[place].front_mut() {
                next.1 = now;
                heap.push(now + exponential(&mut random), place as u32);
            }
        }
    }
    Shown { customers, wait: figures.wait() }
}
