//! The slab of visits: one record for each call attempt in flight, requests included.
//!
//! A record is one line of the cache. What only visits with calls of their own need lies beside it,
//! and what only visits whose caller waits with a deadline need lies beside that, so that a visit
//! touches no more memory than it uses.

use std::ops::{Index, IndexMut};

use super::NONE;
use super::agenda::OWNERS_MAX;

/// Where a visit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
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
    /// Waiting for a connection of its caller's.
    Connecting,
    /// A user between two requests.
    Thinking,
    /// Its instance died; only its caller's deadline is left.
    Lost,
    /// No visit, but a gate that waits for some of its calls.
    Quorum,
    /// A gate that has waited for enough of them.
    Settled,
    /// A gate of calls that nobody waits for.
    Outbox,
}

impl State {
    /// Whether it is that of a gate.
    #[inline]
    pub(crate) const fn is_gate(self) -> bool {
        self as u8 >= Self::Quorum as u8
    }
}

/// One attempt of a call; that of a request's client is the request itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visit {
    /// When it came to its instance.
    pub since: u64,
    /// How long its service takes.
    pub work: u64,
    /// The request that it belongs to.
    pub request: u64,
    /// The visit that called; none for a request, or once the caller has given up.
    pub parent: u32,
    /// Where it is served; none while it is nowhere.
    pub instance: u32,
    /// The next in the queue of its instance, or in the list of free records.
    pub next: u32,
    /// Its place in the tree of calls, the same in every attempt: what it asks for is drawn by it.
    pub path: u32,
    /// The step that it was called by.
    pub call: u32,
    /// Its station.
    pub station: u32,
    /// The ticket of the event that it waits for; others of its events are out of date.
    pub ticket: u32,
    /// Keys that the cache does not have.
    pub missed: u16,
    /// Which attempts it is made in, its own and those of its callers; 0 where all are first ones.
    pub lineage: u16,
    /// Its class.
    pub class: u16,
    /// Incarnation of the instance that it came to, modulo 2¹⁶.
    pub epoch: u16,
    /// Attempts before this one, 255 of them at most.
    pub attempt: u8,
    /// Where it is.
    pub state: State,
    /// Stalls of its station that its service has been prolonged by, modulo 256.
    pub stalls: u8,
    /// What it is beside that.
    pub flags: Flags,
}

/// Marks of a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Flags(u8);

impl Flags {
    /// It goes to the fallback of its step.
    pub(crate) const FALLBACK: Self = Self(1);
    /// One of its calls failed in the end.
    pub(crate) const FAILED: Self = Self(2);
    /// Its caller has given up.
    pub(crate) const ABANDONED: Self = Self(4);
    /// Its service has begun once, where it can be interrupted.
    pub(crate) const RESUMED: Self = Self(8);
    /// It holds a connection of its caller's.
    pub(crate) const HOLDS: Self = Self(16);
    /// It reads from a copy.
    pub(crate) const READS: Self = Self(32);
    /// It writes to a primary.
    pub(crate) const WRITES: Self = Self(64);
    /// Somebody has to hear of its answer beside its caller: a balancer that counts calls, or a
    /// list of deadlines.
    pub(crate) const NOTED: Self = Self(128);
    /// What is looked at when it is answered to another visit.
    pub(crate) const UNUSUAL: Self = Self(16 | 32 | 64);

    /// Whether it has a mark, or any of some.
    #[inline]
    pub(crate) const fn has(self, marks: Self) -> bool {
        self.0 & marks.0 != 0
    }

    /// Takes a mark from it.
    pub(crate) const fn clear(&mut self, mark: Self) {
        self.0 &= !mark.0;
    }

    /// Gives it a mark.
    #[inline]
    pub(crate) const fn set(&mut self, mark: Self) {
        self.0 |= mark.0;
    }
}

/// How far the draws of an attempt are from those of the attempt before it.
const ATTEMPT_STEP: u32 = 0x9E37_79B9;
/// How much further the lineage of callers counts than that of their calls.
const LINEAGE_STEP: u16 = 41;

impl Visit {
    /// A record with nothing in it.
    pub(crate) const EMPTY: Self = Self {
        since: 0,
        work: 0,
        request: 0,
        parent: NONE,
        instance: NONE,
        next: NONE,
        path: 0,
        call: NONE,
        station: 0,
        ticket: 0,
        missed: 0,
        lineage: 0,
        class: 0,
        epoch: 0,
        attempt: 0,
        state: State::Travelling,
        stalls: 0,
        flags: Flags(0),
    };

    /// What names the draws of this attempt: where it goes, and how long it takes.
    #[inline]
    pub(crate) const fn stream(&self) -> u32 {
        self.path.wrapping_add((self.lineage as u32).wrapping_mul(ATTEMPT_STEP))
    }

    /// The lineage of its calls.
    #[inline]
    pub(crate) const fn lineage_of_calls(&self) -> u16 {
        self.lineage.wrapping_mul(LINEAGE_STEP)
    }

    /// Whether its caller has given up.
    #[inline]
    pub(crate) const fn is_abandoned(&self) -> bool {
        self.flags.has(Flags::ABANDONED)
    }

    /// Whether it is a request, or what is left of one whose client has given up.
    #[inline]
    pub(crate) const fn has_no_parent(&self) -> bool {
        self.parent == NONE
    }
}

/// How far a visit has come with its own calls.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Progress {
    /// The step of its program that comes next; the current one is before it.
    pub step: u32,
    /// Where its program ends.
    pub end: u32,
    /// Calls that it has made, each counted once.
    pub made: u32,
    /// Calls that are still to be made in the current step.
    pub remaining: u32,
    /// Calls that are under way.
    pub pending: u32,
    /// Keys that are still to be fetched from the fallback of the current step.
    pub to_fetch: u32,
}

/// What a caller keeps about a call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Waiting {
    /// When a request came into being.
    pub born: u64,
    /// When the caller gives up.
    pub deadline: u64,
    /// From when on it is of no use, where its request has a deadline.
    pub expires: u64,
    /// Its neighbours among the deadlines.
    pub older: u32,
    /// See `older`.
    pub newer: u32,
}

/// What a visit is held by on a floor that is not plain.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held {
    /// When its service will be over.
    pub due: u64,
    /// Since when it has been waiting.
    pub since: u64,
    /// Who stands before it in its line.
    pub before: u32,
    /// Its line.
    pub rank: u8,
}

/// All visits, with a list of records that are free.
#[derive(Debug)]
pub(crate) struct Visits {
    records: Vec<Visit>,
    progress: Vec<Progress>,
    waiting: Vec<Waiting>,
    held: Vec<Held>,
    origins: Vec<u32>,
    free: u32,
}

impl Visits {
    /// No visit yet.
    pub(crate) const fn new() -> Self {
        Self {
            records: Vec::new(),
            progress: Vec::new(),
            waiting: Vec::new(),
            held: Vec::new(),
            origins: Vec::new(),
            free: NONE,
        }
    }

    /// Fills a free record. What lies beside it is left as it was.
    ///
    /// The record is filled in place: one built elsewhere from small fields and copied in wide
    /// words stalls the processor, which cannot forward several stores to one load.
    #[inline(always)]
    pub(crate) fn insert(&mut self, fill: impl FnOnce(&mut Visit)) -> u32 {
        if self.free == NONE {
            self.grow();
        }
        let place = self.free;
        let record = &mut self.records[place as usize];
        self.free = record.next;
        *record = Visit::EMPTY;
        fill(record);
        place
    }

    /// Adds a free record.
    #[cold]
    fn grow(&mut self) {
        let place = super::place(self.records.len());
        assert!(place < OWNERS_MAX, "more visits in flight than the agenda can tell apart");
        self.records.push(Visit::EMPTY);
        self.progress.push(Progress::default());
        self.waiting.push(Waiting { born: 0, deadline: 0, expires: 0, older: NONE, newer: NONE });
        self.held.push(Held { due: 0, since: 0, before: NONE, rank: 0 });
        self.origins.push(0);
        self.free = place;
    }

    /// Frees a record.
    #[inline]
    pub(crate) fn remove(&mut self, place: u32) {
        let record = &mut self.records[place as usize];
        debug_assert!(record.state != State::Free, "a visit is freed once");
        record.state = State::Free;
        record.ticket = 0;
        record.next = self.free;
        self.free = place;
    }

    /// A copy of a visit and of what its caller keeps about it.
    pub(crate) fn copy(&mut self, place: u32) -> u32 {
        let waiting = self.waiting[place as usize];
        let (record, origin) = (self.records[place as usize], self.origins[place as usize]);
        let copy = self.insert(|copy| *copy = record);
        self.waiting[copy as usize] = waiting;
        self.origins[copy as usize] = origin;
        copy
    }

    /// How far a visit has come.
    #[inline]
    pub(crate) fn progress(&mut self, place: u32) -> &mut Progress {
        &mut self.progress[place as usize]
    }

    /// What a visit's caller keeps about it.
    #[inline]
    pub(crate) fn waiting(&self, place: u32) -> &Waiting {
        &self.waiting[place as usize]
    }

    /// What a visit's caller keeps about it.
    #[inline]
    pub(crate) fn waiting_mut(&mut self, place: u32) -> &mut Waiting {
        &mut self.waiting[place as usize]
    }

    /// The path of a call at the station that it was sent to first, where calls may go on.
    pub(crate) fn origin(&mut self, place: u32) -> &mut u32 {
        &mut self.origins[place as usize]
    }

    /// What a visit is held by.
    pub(crate) fn held(&self, place: u32) -> &Held {
        &self.held[place as usize]
    }

    /// What a visit is held by.
    pub(crate) fn held_mut(&mut self, place: u32) -> &mut Held {
        &mut self.held[place as usize]
    }

    /// The step and the number of calls still under way of each gate of calls that nobody waits
    /// for, and when they were made.
    pub(crate) fn outboxes(&self) -> Vec<((u32, u32), u64)> {
        let records = self.records.iter().zip(&self.waiting).zip(&self.progress);
        records
            .filter(|((visit, _), _)| visit.state == State::Outbox)
            .map(|((visit, waiting), progress)| ((visit.call, progress.pending), waiting.born))
            .collect()
    }

    /// The requests that are in flight, each with the moment that it came into being.
    pub(crate) fn requests(&self) -> impl Iterator<Item = (&Visit, u64)> {
        let records = self.records.iter().zip(&self.waiting);
        records
            .filter(|(visit, _)| {
                !matches!(visit.state, State::Free | State::Thinking | State::Outbox)
                    && visit.has_no_parent()
                    && !visit.is_abandoned()
            })
            .map(|(visit, waiting)| (visit, waiting.born))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_is_one_line_of_the_cache() {
        assert_eq!(size_of::<Visit>(), 64);
    }
}
