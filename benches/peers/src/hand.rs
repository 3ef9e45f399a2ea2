//! Loops written by hand for one model each: the ceiling of what an engine could reach.

use rand::RngExt;

use crate::Shown;
use crate::sample::{Figures, exponential, generator};

/// Servers of the queue.
pub(crate) const SERVERS: usize = 8;
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

    /// What comes first.
    fn first(&self) -> T {
        self.items[0].1
    }

    fn pop(&mut self) {
        let last = self.items.pop().expect("not empty");
        if !self.items.is_empty() {
            self.sink(last);
        }
    }

    /// Something later in place of what comes first.
    fn replace(&mut self, moment: f64, what: T) {
        self.sink((moment.to_bits(), what));
    }

    #[inline]
    fn sink(&mut self, item: (u64, T)) {
        let items = &mut self.items[..];
        let mut place = 0;
        loop {
            let child = place * 4 + 1;
            let Some(children) = items.get(child..(child + 4).min(items.len())) else { break };
            let mut least = (child, u64::MAX);
            for (at, of) in (child..).zip(children) {
                if of.0 < least.1 {
                    least = (at, of.0);
                }
            }
            if item.0 <= least.1 {
                break;
            }
            items[place] = items[least.0];
            place = least.0;
        }
        items[place] = item;
    }
}

/// M/M/8 with its completions in a heap.
pub(crate) fn queue_with_heap(customers: u64, seed: u64) -> Shown {
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
            let (born, started) = heap.first();
            figures.leaves(started - born, now - born);
            if let Some(born) = waiting.pop_front() {
                heap.replace(now + exponential(&mut random), (born, now));
            } else {
                heap.pop();
            }
        }
    }
    Shown { customers, wait: figures.wait() }
}

/// The servers of the queue: when each is done, and whom it serves.
struct Servers {
    /// Moments as bits, which are ordered like them; the highest number where a server is idle.
    done: [u64; SERVERS],
    whom: [(f64, f64); SERVERS],
    busy: usize,
    /// A bit for each server that is idle.
    idle: u32,
}

impl Servers {
    /// Who is done first, and when. Seven comparisons without a jump take less than a heap does.
    #[inline]
    fn first(&self) -> (usize, f64) {
        let of = |server: usize| (self.done[server], server);
        let least = |one: (u64, usize), other: (u64, usize)| {
            if other.0 < one.0 { other } else { one }
        };
        let low = least(least(of(0), of(1)), least(of(2), of(3)));
        let high = least(least(of(4), of(5)), least(of(6), of(7)));
        let (done, server) = least(low, high);
        (server, f64::from_bits(done))
    }

    #[inline]
    fn start(&mut self, server: usize, done: f64, whom: (f64, f64)) {
        self.done[server] = done.to_bits();
        self.whom[server] = whom;
    }
}

/// M/M/8 with its completions in eight slots.
pub(crate) fn queue(customers: u64, seed: u64) -> Shown {
    let mut random = generator(seed);
    let mut figures = Figures::new();
    let idle = f64::INFINITY.to_bits();
    let mut servers = Servers {
        done: [idle; SERVERS],
        whom: [(0.0, 0.0); SERVERS],
        busy: 0,
        idle: (1 << SERVERS) - 1,
    };
    let mut waiting = std::collections::VecDeque::new();
    let gap = 1.0 / (RATE * SERVERS as f64);
    let (mut now, mut came) = (0.0, 0);
    let mut arrival = exponential(&mut random) * gap;
    while came < customers {
        let (server, departure) = servers.first();
        let moment = arrival.min(departure);
        figures.passes(moment - now, servers.busy + waiting.len(), servers.busy);
        now = moment;
        if arrival < departure {
            came += 1;
            if servers.busy < SERVERS {
                let free = servers.idle.trailing_zeros() as usize % SERVERS;
                servers.idle &= servers.idle - 1;
                servers.busy += 1;
                servers.start(free, now + exponential(&mut random), (now, now));
            } else {
                waiting.push_back(now);
            }
            arrival = now + exponential(&mut random) * gap;
        } else {
            let (born, started) = servers.whom[server];
            figures.leaves(started - born, now - born);
            if let Some(born) = waiting.pop_front() {
                servers.start(server, now + exponential(&mut random), (born, now));
            } else {
                servers.busy -= 1;
                servers.idle |= 1 << server;
                servers.done[server] = idle;
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
            let server = heap.first();
            let place = server as usize;
            let (born, started) = lines[place].pop_front().expect("somebody was served");
            figures.leaves(started - born, now - born);
            inside -= 1;
            lengths[place] -= 1;
            if let Some(next) = lines[place].front_mut() {
                next.1 = now;
                heap.replace(now + exponential(&mut random), server);
            } else {
                heap.pop();
            }
        }
    }
    Shown { customers, wait: figures.wait() }
}
