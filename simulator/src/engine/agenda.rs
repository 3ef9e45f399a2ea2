//! The agenda: what happens next.

use std::collections::VecDeque;

use crate::time::NEVER;

/// Bits of a heap entry that name a visit; the rest of its low half is the sequence.
const VISIT_BITS: u32 = 28;
/// Visits that the agenda can tell apart.
pub(crate) const VISITS_MAX: u32 = 1 << VISIT_BITS;
/// Children of a node of the heap.
const ARITY: usize = 4;

/// A 4-ary heap of visits by time, and by order of insertion within a nanosecond.
///
/// Taking the earliest entry leaves a hole, which the next insertion fills directly: in a busy
/// station every completion starts the next service, so this halves the work.
#[derive(Debug, Default)]
struct Heap {
    entries: Vec<u128>,
    hole: bool,
    sequence: u64,
}

impl Heap {
    #[inline]
    fn push(&mut self, time: u64, visit: u32) {
        self.sequence += 1;
        let low = self.sequence << VISIT_BITS | u64::from(visit);
        let entry = u128::from(time) << 64 | u128::from(low);
        if self.hole {
            self.hole = false;
            self.sink(entry);
        } else {
            self.entries.push(entry);
            self.rise(entry);
        }
    }

    /// The earliest time, once a hole is closed.
    #[inline]
    fn head(&mut self) -> u64 {
        if self.hole {
            self.hole = false;
            let last = self.entries.pop().expect("a hole is an entry");
            if !self.entries.is_empty() {
                self.sink(last);
            }
        }
        self.entries.first().map_or(NEVER, |entry| upper(*entry))
    }

    /// The visit of the earliest entry; there is one, since its time was just looked at.
    #[inline]
    fn pop(&mut self) -> u32 {
        self.hole = true;
        lower(self.entries[0]) & (VISITS_MAX - 1)
    }

    #[inline]
    fn sink(&mut self, entry: u128) {
        let entries = &mut self.entries[..];
        let length = entries.len();
        let mut at = 0;
        loop {
            let first = at * ARITY + 1;
            if first >= length {
                break;
            }
            let mut least = first;
            for child in first + 1..(first + ARITY).min(length) {
                if entries[child] < entries[least] {
                    least = child;
                }
            }
            if entries[least] >= entry {
                break;
            }
            entries[at] = entries[least];
            at = least;
        }
        entries[at] = entry;
    }

    #[inline]
    fn rise(&mut self, entry: u128) {
        let mut at = self.entries.len() - 1;
        while at > 0 {
            let parent = (at - 1) / ARITY;
            if self.entries[parent] <= entry {
                break;
            }
            self.entries[at] = self.entries[parent];
            at = parent;
        }
        self.entries[at] = entry;
    }
}

const fn upper(entry: u128) -> u64 {
    (entry >> 64) as u64
}

#[expect(clippy::cast_possible_truncation, reason = "the lowest bits of an entry are the visit")]
const fn lower(entry: u128) -> u32 {
    entry as u32
}

/// What the earliest event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    /// A visit's service or back-off ends.
    Due(u32),
    /// A visit arrives at its instance.
    Delivery(u32),
    /// A source sends a request.
    Arrival(usize),
    /// The first deadline of a list has come.
    Deadline(usize),
    /// The next incident.
    Incident,
}

/// All that is going to happen.
#[derive(Debug)]
pub(crate) struct Agenda {
    heap: Heap,
    rings: Vec<VecDeque<(u64, u32)>>,
    /// The earliest time of the heap, of each ring, source and deadline list, and of the incidents.
    heads: Vec<u64>,
    sources: usize,
    deadlines: usize,
}

impl Agenda {
    /// An empty agenda with rings, sources and deadline lists.
    pub(crate) fn new(rings: usize, sources: usize, deadlines: usize) -> Self {
        Self {
            heap: Heap::default(),
            rings: vec![VecDeque::new(); rings],
            heads: vec![NEVER; 1 + rings + sources + deadlines + 1],
            sources: 1 + rings,
            deadlines: 1 + rings + sources,
        }
    }

    /// The time of the earliest event and its place among the heads.
    #[inline]
    pub(crate) fn earliest(&mut self) -> (u64, usize) {
        let mut time = self.heap.head();
        let mut lane = 0;
        for (place, head) in self.heads.iter().enumerate().skip(1) {
            if *head < time {
                time = *head;
                lane = place;
            }
        }
        (time, lane)
    }

    /// Takes the event that was found the earliest.
    #[inline]
    pub(crate) fn take(&mut self, lane: usize) -> Event {
        if lane == 0 {
            Event::Due(self.heap.pop())
        } else if lane < self.sources {
            let ring = &mut self.rings[lane - 1];
            let (_, visit) = ring.pop_front().expect("the ring's head was its first entry");
            self.heads[lane] = ring.front().map_or(NEVER, |next| next.0);
            Event::Delivery(visit)
        } else if lane < self.deadlines {
            Event::Arrival(lane - self.sources)
        } else if lane + 1 < self.heads.len() {
            Event::Deadline(lane - self.deadlines)
        } else {
            Event::Incident
        }
    }

    /// A service or back-off that ends then.
    #[inline]
    pub(crate) fn due(&mut self, time: u64, visit: u32) {
        self.heap.push(time, visit);
    }

    /// A delivery through a ring; times within a ring never go back.
    #[inline]
    pub(crate) fn deliver(&mut self, ring: usize, time: u64, visit: u32) {
        if self.rings[ring].is_empty() {
            self.heads[1 + ring] = time;
        }
        self.rings[ring].push_back((time, visit));
    }

    /// When a source sends next.
    #[inline]
    pub(crate) fn set_arrival(&mut self, source: usize, time: u64) {
        self.heads[self.sources + source] = time;
    }

    /// When the first deadline of a list is.
    #[inline]
    pub(crate) fn set_deadline(&mut self, list: usize, time: u64) {
        self.heads[self.deadlines + list] = time;
    }

    /// When the next incident is.
    pub(crate) fn set_incident(&mut self, time: u64) {
        let last = self.heads.len() - 1;
        self.heads[last] = time;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heap_yields_times_in_order_and_ties_in_order_of_insertion() {
        let mut agenda = Agenda::new(0, 0, 0);
        let times = [5, 3, 9, 3, 1, 7, 3, 2, 8, 5, 5, 0, 4];
        for (visit, time) in (0..).zip(times) {
            agenda.due(time, visit);
        }
        let mut expected: Vec<(u64, u32)> = times.into_iter().zip(0..).collect();
        expected.sort_unstable();
        for (time, visit) in expected {
            let (head, lane) = agenda.earliest();
            assert_eq!((head, agenda.take(lane)), (time, Event::Due(visit)));
        }
        assert_eq!(agenda.earliest().0, NEVER);
    }

    #[test]
    fn a_hole_is_filled_by_the_next_insertion() {
        let mut agenda = Agenda::new(1, 0, 0);
        let mut last = 0;
        for step in 0..1_000_u64 {
            let visit = u32::try_from(step).unwrap();
            agenda.due(last + (step * 7_919) % 101, visit);
            if step % 3 != 0 {
                let (time, lane) = agenda.earliest();
                assert!(time >= last);
                last = time;
                agenda.take(lane);
            }
        }
    }

    #[test]
    fn at_the_same_nanosecond_completions_come_before_deliveries_and_arrivals() {
        let mut agenda = Agenda::new(1, 1, 0);
        agenda.set_arrival(0, 4);
        agenda.deliver(0, 4, 1);
        agenda.due(4, 2);
        let mut order = Vec::new();
        for _ in 0..3 {
            let (_, lane) = agenda.earliest();
            let event = agenda.take(lane);
            if let Event::Arrival(source) = event {
                agenda.set_arrival(source, NEVER);
            }
            order.push(event);
        }
        assert_eq!(order, [Event::Due(2), Event::Delivery(1), Event::Arrival(0)]);
    }
}
