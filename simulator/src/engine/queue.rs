//! The queue of what is due: times with their owners, in order.

use crate::time::NEVER;

/// Bits of an entry that say whose it is; the rest of its low half is the sequence.
pub(super) const OWNER_BITS: u32 = 28;
/// Children of a node of the heap.
const ARITY: usize = 4;
/// Entries that lie sorted in front of the heap.
const FRONT: usize = 64;
/// Entries that are moved there at once when it has run empty.
const REFILL: usize = 32;

/// Entries by time, and by order of insertion within a nanosecond: the earliest ones sorted, the
/// others behind them in a 4-ary heap.
///
/// A busy station replaces its earliest completion by a later one all the time. Where few servers
/// are busy, moving a handful of sorted entries costs a third of what a heap does; where many are,
/// it costs the same.
#[derive(Debug)]
pub(super) struct Queue {
    /// Times of the earliest entries, the latest of them first; none is later than any of the
    /// heap.
    times: [u64; FRONT],
    /// The low halves of the same entries.
    lows: [u64; FRONT],
    count: usize,
    heap: Heap,
    sequence: u64,
}

impl Queue {
    pub(super) const fn new() -> Self {
        Self {
            times: [0; FRONT],
            lows: [0; FRONT],
            count: 0,
            heap: Heap { entries: Vec::new() },
            sequence: 0,
        }
    }

    /// The ticket of the entry: the low half of its sequence.
    #[inline(always)]
    pub(super) fn push(&mut self, time: u64, owner: u32) -> u32 {
        self.sequence += 1;
        let low = self.sequence << OWNER_BITS | u64::from(owner);
        if self.count < FRONT
            && (self.heap.entries.is_empty() || self.count > 0 && time < self.times[0])
        {
            self.insert(time, low);
        } else {
            self.push_behind(time, low);
        }
        ticket(low)
    }

    /// Puts an entry among those in front, behind those of the same time.
    #[inline(always)]
    fn insert(&mut self, time: u64, low: u64) {
        let mut at = self.count % FRONT;
        while at > 0 && self.times[at - 1] <= time {
            self.times[at] = self.times[at - 1];
            self.lows[at] = self.lows[at - 1];
            at -= 1;
        }
        self.times[at] = time;
        self.lows[at] = low;
        self.count += 1;
    }

    /// Puts an entry into the heap, or among those in front once there is room.
    #[inline(never)]
    fn push_behind(&mut self, time: u64, low: u64) {
        if self.count >= FRONT {
            self.make_room();
        }
        if self.count > 0 && time < self.times[0] {
            self.insert(time, low);
        } else {
            self.heap.push(entry(time, low));
        }
    }

    /// Moves the later half of the front into the heap.
    #[cold]
    fn make_room(&mut self) {
        for place in 0..FRONT / 2 {
            self.heap.push(entry(self.times[place], self.lows[place]));
        }
        self.times.copy_within(FRONT / 2.., 0);
        self.lows.copy_within(FRONT / 2.., 0);
        self.count = FRONT / 2;
    }

    /// All entries in no order: their times and low halves.
    pub(super) fn entries(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        let front = self.times.iter().zip(&self.lows).take(self.count);
        let front = front.map(|(time, low)| (*time, *low));
        front.chain(self.heap.entries.iter().map(|entry| (upper(*entry), lower(*entry))))
    }

    /// The earliest time.
    #[inline(always)]
    pub(super) fn head(&mut self) -> u64 {
        if self.count == 0 {
            if self.heap.entries.is_empty() {
                return NEVER;
            }
            self.refill();
        }
        self.times[(self.count - 1) % FRONT]
    }

    #[cold]
    #[inline(never)]
    fn refill(&mut self) {
        let count = self.heap.entries.len().min(REFILL);
        for place in (0..count).rev() {
            let entry = self.heap.pop().expect("there are as many as were counted");
            self.times[place] = upper(entry);
            self.lows[place] = lower(entry);
        }
        self.count = count;
    }

    /// The low half of the earliest entry; there is one, since its time was just looked at.
    #[inline]
    pub(super) fn pop(&mut self) -> u64 {
        self.count -= 1;
        self.lows[self.count % FRONT]
    }
}

/// A 4-ary heap.
#[derive(Debug)]
struct Heap {
    entries: Vec<u128>,
}

impl Heap {
    #[inline]
    fn push(&mut self, entry: u128) {
        self.entries.push(entry);
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

    #[inline]
    fn pop(&mut self) -> Option<u128> {
        let last = self.entries.pop()?;
        let Some(first) = self.entries.first().copied() else {
            return Some(last);
        };
        self.sink(last);
        Some(first)
    }

    #[inline]
    fn sink(&mut self, entry: u128) {
        let entries = &mut self.entries[..];
        let length = entries.len();
        let mut at = 0;
        loop {
            let first = at * ARITY + 1;
            let (least, value) = match entries.get(first..first + ARITY) {
                Some(children) => least_of(first, children),
                None if first < length => least_of(first, &entries[first..]),
                None => break,
            };
            if value >= entry {
                break;
            }
            entries[at] = value;
            at = least;
        }
        entries[at] = entry;
    }
}

/// The least of some entries, and its place.
#[inline]
fn least_of(first: usize, children: &[u128]) -> (usize, u128) {
    let mut least = (first, children[0]);
    for (place, child) in children.iter().enumerate().skip(1) {
        if *child < least.1 {
            least = (first + place, *child);
        }
    }
    least
}

const fn entry(time: u64, low: u64) -> u128 {
    (time as u128) << 64 | low as u128
}

const fn upper(entry: u128) -> u64 {
    (entry >> 64) as u64
}

#[expect(clippy::cast_possible_truncation, reason = "the low half of an entry is what is meant")]
const fn lower(entry: u128) -> u64 {
    entry as u64
}

#[expect(clippy::cast_possible_truncation, reason = "a ticket is the low half of a sequence")]
pub(super) const fn ticket(low: u64) -> u32 {
    (low >> OWNER_BITS) as u32
}
