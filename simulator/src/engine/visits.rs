//! The slab of visits: one record for each call attempt in flight, and one for each request.

use std::ops::{Index, IndexMut};

use super::NONE;
use super::agenda::VISITS_MAX;

/// Where a visit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Not in use.
    Free,
    /// On its way to an instance.
    Travelling,
    /// In the queue of an instance.
    Waiting,
    /// On a server.
    Served,
    /// Waiting for its own calls, or about to make one.
    Calling,
    /// Waiting to be sent again.
    BackingOff,
    /// Its instance died; only its caller's deadline is left.
    Lost,
}

/// One attempt of a call, or a request as its client sees it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visit {
    /// When its caller gives up.
    pub deadline: u64,
    /// When it came to its instance, or when the request came into being.
    pub since: u64,
    /// How long its service takes.
    pub duration: u64,
    /// The request that it belongs to.
    pub request: u64,
    /// The visit that called; none for a request, or once the caller has given up.
    pub parent: u32,
    /// Where it is served; none for a request.
    pub instance: u32,
    /// The next in the queue of its instance, or in the list of free records.
    pub next: u32,
    /// Its neighbours among the deadlines.
    pub older: u32,
    /// See `older`.
    pub newer: u32,
    /// Its place in the tree of calls, the attempt included; names its random stream.
    pub path: u32,
    /// Calls that it has made, each counted once.
    pub made: u32,
    /// Calls that are still to be made in the current step.
    pub remaining: u32,
    /// Calls that are under way.
    pub pending: u32,
    /// Keys that are still to be fetched from the fallback of the current step.
    pub to_fetch: u32,
    /// Keys of this very call that the cache does not have.
    pub missed: u32,
    /// The step of its program that comes next; the current one is before it.
    pub step: u32,
    /// Where its program ends.
    pub end: u32,
    /// The step of its caller's program that this call belongs to.
    pub call: u32,
    /// Incarnation of the instance that it came to.
    pub epoch: u32,
    /// Who calls on its behalf: its station, or its client after the stations.
    pub caller: u32,
    /// Its class.
    pub class: u16,
    /// Attempts before this one.
    pub attempt: u8,
    /// Stalls of its station that its service has been prolonged by, modulo 256.
    pub stalls: u8,
    /// Where it is.
    pub state: State,
    /// Whether this call goes to the fallback of its step.
    pub fallback: bool,
    /// Whether one of its calls failed in the end.
    pub failed: bool,
    /// Whether its caller has given up.
    pub abandoned: bool,
}

impl Visit {
    /// A record with nothing in it.
    pub(crate) const EMPTY: Self = Self {
        deadline: 0,
        since: 0,
        duration: 0,
        request: 0,
        parent: NONE,
        instance: NONE,
        next: NONE,
        older: NONE,
        newer: NONE,
        path: 0,
        made: 0,
        remaining: 0,
        pending: 0,
        to_fetch: 0,
        missed: 0,
        step: 0,
        end: 0,
        call: NONE,
        epoch: 0,
        caller: 0,
        class: 0,
        attempt: 0,
        stalls: 0,
        state: State::Free,
        fallback: false,
        failed: false,
        abandoned: false,
    };
}

/// All visits, with a list of records that are free.
#[derive(Debug)]
pub(crate) struct Visits {
    records: Vec<Visit>,
    free: u32,
}

impl Visits {
    /// No visit yet.
    pub(crate) const fn new() -> Self {
        Self { records: Vec::new(), free: NONE }
    }

    /// Puts a visit into a free record.
    #[inline]
    pub(crate) fn insert(&mut self, visit: Visit) -> u32 {
        if self.free == NONE {
            let place = super::place(self.records.len());
            assert!(place < VISITS_MAX, "more visits in flight than the agenda can tell apart");
            self.records.push(visit);
            return place;
        }
        let place = self.free;
        let record = &mut self.records[place as usize];
        self.free = record.next;
        *record = visit;
        place
    }

    /// Frees a record.
    #[inline]
    pub(crate) fn remove(&mut self, place: u32) {
        let record = &mut self.records[place as usize];
        debug_assert!(record.state != State::Free, "a visit is freed once");
        record.state = State::Free;
        record.next = self.free;
        self.free = place;
    }

    /// Every visit that is in flight.
    pub(crate) fn in_flight(&self) -> impl Iterator<Item = &Visit> {
        self.records.iter().filter(|visit| visit.state != State::Free)
    }
}

impl Index<u32> for Visits {
    type Output = Visit;
    #[inline]
    fn index(&self, place: u32) -> &Visit {
        &self.records[place as usize]
    }
}

impl IndexMut<u32> for Visits {
    #[inline]
    fn index_mut(&mut self, place: u32) -> &mut Visit {
        &mut self.records[place as usize]
    }
}
