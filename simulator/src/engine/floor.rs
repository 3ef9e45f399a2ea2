//! Queues and servers of an instance that are not plain: lines that visits can leave anywhere.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::NONE;
use super::clock::Clock;
use super::visits::Visits;

/// A line of visits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    first: u32,
    last: u32,
    pub count: u32,
}

impl Line {
    pub(crate) const EMPTY: Self = Self { first: NONE, last: NONE, count: 0 };

    /// The first of the line, or none.
    pub(crate) const fn first(&self) -> u32 {
        self.first
    }

    /// The last of the line, or none.
    pub(crate) const fn last(&self) -> u32 {
        self.last
    }

    /// Puts a visit at the end.
    pub(crate) fn append(&mut self, visits: &mut Visits, visit: u32) {
        visits[visit].next = NONE;
        visits.held_mut(visit).before = self.last;
        match self.last {
            NONE => self.first = visit,
            last => visits[last].next = visit,
        }
        self.last = visit;
        self.count += 1;
    }

    /// Puts a visit at the head.
    pub(crate) fn prepend(&mut self, visits: &mut Visits, visit: u32) {
        visits[visit].next = self.first;
        visits.held_mut(visit).before = NONE;
        match self.first {
            NONE => self.last = visit,
            first => visits.held_mut(first).before = visit,
        }
        self.first = visit;
        self.count += 1;
    }

    /// Takes a visit out, wherever it stands.
    pub(crate) fn remove(&mut self, visits: &mut Visits, visit: u32) {
        let (before, next) = (visits.held(visit).before, visits[visit].next);
        match before {
            NONE => self.first = next,
            before => visits[before].next = next,
        }
        match next {
            NONE => self.last = before,
            next => visits.held_mut(next).before = before,
        }
        self.count -= 1;
    }

    /// The visit at a place of the line.
    pub(crate) fn at(&self, visits: &Visits, place: u32) -> u32 {
        let mut visit = self.first;
        for _ in 0..place {
            visit = visits[visit].next;
        }
        visit
    }
}

/// Visits that share the servers: each has had the same service since it came, so they end in the
/// order of the total at which they will have had enough.
#[derive(Debug)]
pub(crate) struct Share {
    /// Nanoseconds of service that each one there all the time has had.
    pub given: f64,
    /// When that was reckoned.
    pub since: u64,
    /// Whose end is on the agenda, or none.
    pub aimed: u32,
    /// Totals at which visits have had enough, in order of time and then of arrival.
    ends: BinaryHeap<Reverse<(u64, u64, u32)>>,
    count: u64,
}

impl Share {
    const fn new() -> Self {
        Self { given: 0.0, since: 0, aimed: NONE, ends: BinaryHeap::new(), count: 0 }
    }

    /// How many share.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A visit comes with so much work.
    pub(crate) fn push(&mut self, work: u64, visit: u32) {
        self.count += 1;
        let end = self.given + work as f64;
        self.ends.push(Reverse((end.to_bits(), self.count, visit)));
    }

    /// Who has had enough next, and at which total.
    pub(crate) fn next(&self) -> Option<(f64, u32)> {
        self.ends.peek().map(|Reverse((end, _, visit))| (f64::from_bits(*end), *visit))
    }

    /// Takes whoever has had enough.
    pub(crate) fn pop(&mut self) {
        self.aimed = NONE;
        if let Some(Reverse((end, ..))) = self.ends.pop() {
            self.given = self.given.max(f64::from_bits(end));
        }
        if self.ends.is_empty() {
            self.given = 0.0;
        }
    }

    /// All leave at once.
    pub(crate) fn clear(&mut self) -> Vec<u32> {
        self.given = 0.0;
        self.aimed = NONE;
        self.ends.drain().map(|Reverse((_, _, visit))| visit).collect()
    }
}

/// What the servers of an instance did, in server-nanoseconds of the observed time.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ServerTime {
    /// On, at work or not.
    pub on: u128,
    /// Being set up or started.
    pub starting: u128,
    /// Nanoseconds with none on.
    pub none: u128,
}

/// The queue and the servers of an instance.
#[derive(Debug)]
pub(crate) struct Floor {
    /// Those who wait, by priority.
    pub waiting: Vec<Line>,
    /// Those who are served one by one, by priority, in order of their start.
    pub served: Vec<Line>,
    pub share: Share,
    /// Bells of set-ups under way, the latest last, and those that are not in use.
    pub starting: Vec<u32>,
    pub idle_bells: Vec<u32>,
    /// Bells of servers that wait for a crew, the next one first; and crews at work.
    pub broken: std::collections::VecDeque<u32>,
    pub repairing: u32,
    pub time: ServerTime,
    since: u64,
}

impl Floor {
    pub(crate) fn new(ranks: usize) -> Self {
        Self {
            waiting: vec![Line::EMPTY; ranks],
            served: vec![Line::EMPTY; ranks],
            share: Share::new(),
            starting: Vec::new(),
            idle_bells: Vec::new(),
            broken: std::collections::VecDeque::new(),
            repairing: 0,
            time: ServerTime::default(),
            since: 0,
        }
    }

    /// Adds up what the servers did until now, before it changes.
    pub(crate) fn count_time(&mut self, clock: Clock, on: u32) {
        let span = u128::from(clock.part(self.since, clock.now));
        self.since = clock.now;
        self.time.on += span * u128::from(on);
        self.time.starting += span * self.starting.len() as u128;
        self.time.none += if on == 0 { span } else { 0 };
    }
}
