//! The agenda: what happens next.

use std::collections::VecDeque;

use super::queue::{OWNER_BITS, Queue, ticket};
use crate::time::NEVER;

/// The bit of an owner that tells timers from visits.
const TIMER: u32 = 1 << (OWNER_BITS - 1);
/// Visits that the agenda can tell apart, and timers.
pub(crate) const OWNERS_MAX: u32 = TIMER;

/// Something of the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Due {
    /// Something that a visit waits for is over; the ticket tells whether it still does.
    Visit(u32, u32),
    /// A timer rings; the ticket tells whether it was set again since.
    Timer(u32, u32),
}

/// Something of a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lane {
    /// A visit arrives at its instance.
    Delivery(u32),
    /// A source sends a request.
    Arrival(usize),
    /// The first deadline of a list has come.
    Deadline(usize),
    /// The next incident.
    Incident,
    /// A controller has something to do.
    Control,
}

/// All that is going to happen.
///
/// Beside the queue there are lanes whose own order is known: a ring for each delay of the network,
/// the next arrival of each source, the oldest of each list of deadlines, the next incident. The
/// earliest of the lanes is kept, so that most events look at it and nothing else.
#[derive(Debug)]
pub(crate) struct Agenda {
    queue: Queue,
    rings: Vec<VecDeque<(u64, u32)>>,
    /// The earliest time of each ring, source and deadline list, and of the incidents.
    heads: Vec<u64>,
    sources: usize,
    deadlines: usize,
    incident: usize,
    /// The earliest of the heads, and the first lane that has it.
    next: u64,
    lane: usize,
    /// None of the other lanes comes before that.
    others: (u64, usize),
}

impl Agenda {
    /// An empty agenda with rings, sources and deadline lists.
    pub(crate) fn new(rings: usize, sources: usize, deadlines: usize) -> Self {
        Self {
            queue: Queue::new(),
            rings: vec![VecDeque::new(); rings],
            heads: vec![NEVER; rings + sources + deadlines + 1],
            sources: rings,
            deadlines: rings + sources,
            incident: rings + sources + deadlines,
            next: NEVER,
            lane: 0,
            others: (NEVER, 0),
        }
    }

    /// The time of the earliest event, and whether it is one of the queue.
    #[inline(always)]
    pub(crate) fn earliest(&mut self) -> (u64, bool) {
        let due = self.queue.head();
        if due <= self.next { (due, true) } else { (self.next, false) }
    }

    /// Takes the earliest event, which was just found in the queue.
    #[inline]
    pub(crate) fn take_due(&mut self) -> Due {
        let low = self.queue.pop();
        let owner = owner(low);
        if owner & TIMER == 0 {
            Due::Visit(owner, ticket(low))
        } else {
            Due::Timer(owner & !TIMER, ticket(low))
        }
    }

    /// Takes the earliest event, which was just found in a lane.
    #[inline]
    pub(crate) fn take_lane(&mut self) -> Lane {
        let lane = self.lane;
        if lane < self.sources {
            let ring = &mut self.rings[lane];
            let (_, visit) = ring.pop_front().expect("the ring's head was its first entry");
            let head = ring.front().map_or(NEVER, |next| next.0);
            self.set(lane, head);
            Lane::Delivery(visit)
        } else if lane < self.deadlines {
            Lane::Arrival(lane - self.sources)
        } else if lane < self.incident {
            Lane::Deadline(lane - self.deadlines)
        } else if lane == self.incident {
            Lane::Incident
        } else {
            Lane::Control
        }
    }

    /// Changes the head of a lane. All lanes are looked at only where the earliest one falls back
    /// behind what is known of the others.
    #[inline]
    fn set(&mut self, lane: usize, time: u64) {
        self.heads[lane] = time;
        if lane == self.lane {
            self.next = time;
            if (time, lane) >= self.others {
                self.look_again();
            }
        } else if (time, lane) < (self.next, self.lane) {
            self.others = (self.next, self.lane);
            self.next = time;
            self.lane = lane;
        } else if (time, lane) < self.others {
            self.others = (time, lane);
        }
    }

    #[inline(never)]
    fn look_again(&mut self) {
        let (mut first, mut second) = ((NEVER, 0), (NEVER, 0));
        for (lane, head) in self.heads.iter().enumerate() {
            if *head < first.0 {
                second = first;
                first = (*head, lane);
            } else if *head < second.0 {
                second = (*head, lane);
            }
        }
        (self.next, self.lane) = first;
        self.others = second;
    }

    /// Something that a visit waits for is over then; the ticket that its event will show.
    #[inline(always)]
    pub(crate) fn due(&mut self, time: u64, visit: u32) -> u32 {
        self.queue.push(time, visit)
    }

    /// A timer rings then; the ticket that its event will show.
    pub(crate) fn ring_at(&mut self, time: u64, timer: u32) -> u32 {
        self.queue.push(time, timer | TIMER)
    }

    /// A delivery through a ring; times within a ring never go back.
    #[inline]
    pub(crate) fn deliver(&mut self, ring: usize, time: u64, visit: u32) {
        if self.rings[ring].is_empty() {
            self.set(ring, time);
        }
        self.rings[ring].push_back((time, visit));
    }

    /// When a source sends next.
    #[inline]
    pub(crate) fn set_arrival(&mut self, source: usize, time: u64) {
        self.set(self.sources + source, time);
    }

    /// When the first deadline of a list is.
    #[inline]
    pub(crate) fn set_deadline(&mut self, list: usize, time: u64) {
        self.set(self.deadlines + list, time);
    }

    /// When the next incident is.
    pub(crate) fn set_incident(&mut self, time: u64) {
        self.set(self.incident, time);
    }

    /// When a controller has something to do next; there is no such lane before this is said.
    pub(crate) fn set_control(&mut self, time: u64) {
        self.heads.resize(self.incident + 2, NEVER);
        self.set(self.incident + 1, time);
    }

    /// Whether nothing is going to happen but what controllers do.
    pub(crate) fn is_idle(&mut self) -> bool {
        self.queue.head() == NEVER && self.heads[..=self.incident].iter().all(|at| *at == NEVER)
    }

    /// What is due of visits, in no order: times, visits and tickets.
    pub(crate) fn visits_due(&self) -> impl Iterator<Item = (u64, u32, u32)> + '_ {
        let visits = self.queue.entries().filter(|(_, low)| owner(*low) & TIMER == 0);
        visits.map(|(time, low)| (time, owner(low), ticket(low)))
    }
}

const fn owner(low: u64) -> u32 {
    (low & ((1 << OWNER_BITS) - 1)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    enum Event {
        Due(Due),
        Lane(Lane),
    }

    fn take(agenda: &mut Agenda) -> (u64, Event) {
        let (time, due) = agenda.earliest();
        let event =
            if due { Event::Due(agenda.take_due()) } else { Event::Lane(agenda.take_lane()) };
        (time, event)
    }

    /// Against a sorted list, from a handful of entries to some hundreds and back.
    #[test]
    fn entries_come_in_order_of_time_and_then_of_insertion() {
        let mut agenda = Agenda::new(0, 0, 0);
        let mut expected: Vec<(u64, Due)> = Vec::new();
        let mut now = 0;
        for step in 0..20_000_u32 {
            let swell = (step / 1_000) % 4;
            let grows = (step * 7_919) % 8 < 3 + swell;
            if grows || expected.is_empty() {
                let time = now + u64::from(step.wrapping_mul(2_654_435_761) >> 24);
                let due = Due::Visit(step, agenda.due(time, step));
                let after = expected.partition_point(|(known, _)| *known <= time);
                expected.insert(after, (time, due));
            } else {
                let (time, due) = expected.remove(0);
                assert_eq!(take(&mut agenda), (time, Event::Due(due)));
                now = time;
            }
        }
        assert!(expected.len() > 100);
    }

    #[test]
    fn at_the_same_nanosecond_completions_come_before_deliveries_and_arrivals() {
        let mut agenda = Agenda::new(1, 1, 0);
        agenda.set_arrival(0, 4);
        agenda.deliver(0, 4, 1);
        let due = Due::Visit(2, agenda.due(4, 2));
        let mut order = Vec::new();
        for _ in 0..3 {
            let (_, event) = take(&mut agenda);
            if let Event::Lane(Lane::Arrival(source)) = event {
                agenda.set_arrival(source, NEVER);
            }
            order.push(event);
        }
        let lanes = [Lane::Delivery(1), Lane::Arrival(0)];
        assert_eq!(order, [Event::Due(due), Event::Lane(lanes[0]), Event::Lane(lanes[1])]);
    }

    #[test]
    fn visits_and_timers_are_told_apart() {
        let mut agenda = Agenda::new(0, 0, 0);
        let visit = agenda.due(2, 7);
        let timer = agenda.ring_at(1, 7);
        assert_eq!(take(&mut agenda), (1, Event::Due(Due::Timer(7, timer))));
        assert_eq!(take(&mut agenda), (2, Event::Due(Due::Visit(7, visit))));
        assert_ne!(visit, timer);
    }

    #[test]
    fn the_earliest_lane_is_known_however_lanes_change() {
        let mut agenda = Agenda::new(0, 3, 2);
        let mut heads = [NEVER; 5];
        for step in 0..2_000_u64 {
            let lane = usize::try_from(step * 31 % 5).unwrap();
            heads[lane] = step * 7_919 % 97;
            match lane {
                0..=2 => agenda.set_arrival(lane, heads[lane]),
                _ => agenda.set_deadline(lane - 3, heads[lane]),
            }
            let least = *heads.iter().min().unwrap();
            let first = heads.iter().position(|head| *head == least).unwrap();
            let lane = if first < 3 { Lane::Arrival(first) } else { Lane::Deadline(first - 3) };
            assert_eq!(take(&mut agenda), (least, Event::Lane(lane)));
        }
    }
}
