//! Deadlines of calls: for each distinct timeout a list through the visits, oldest first.
//!
//! A constant timeout makes deadlines fall due in the order in which the calls were sent, so a list
//! needs no sorting, and a call that is answered leaves it at once: the lists are never longer than
//! the calls in flight, however long the timeout is.

use super::NONE;
use super::visits::{Visits, Waiting};
use crate::time::NEVER;

/// The calls that wait with one timeout.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadlines {
    /// The timeout.
    pub span: u64,
    oldest: u32,
    newest: u32,
}

impl Deadlines {
    /// An empty list.
    pub(crate) const fn new(span: u64) -> Self {
        Self { span, oldest: NONE, newest: NONE }
    }

    /// Appends a call that was sent now.
    #[inline]
    pub(crate) fn append(&mut self, visits: &mut Visits, visit: u32, now: u64) {
        let record = visits.waiting_mut(visit);
        record.deadline = now.saturating_add(self.span);
        record.older = self.newest;
        record.newer = NONE;
        if self.newest == NONE {
            self.oldest = visit;
        } else {
            visits.waiting_mut(self.newest).newer = visit;
        }
        self.newest = visit;
    }

    /// Removes a call, wherever it stands; whether it was the first.
    #[inline]
    pub(crate) fn remove(&mut self, visits: &mut Visits, visit: u32) -> bool {
        let &Waiting { older, newer, .. } = visits.waiting(visit);
        if older == NONE {
            self.oldest = newer;
        } else {
            visits.waiting_mut(older).newer = newer;
        }
        if newer == NONE {
            self.newest = older;
        } else {
            visits.waiting_mut(newer).older = older;
        }
        older == NONE
    }

    /// The call whose deadline comes first.
    #[inline]
    pub(crate) const fn first(&self) -> u32 {
        self.oldest
    }

    /// When that is.
    #[inline]
    pub(crate) fn head(&self, visits: &Visits) -> u64 {
        if self.oldest == NONE { NEVER } else { visits.waiting(self.oldest).deadline }
    }
}
