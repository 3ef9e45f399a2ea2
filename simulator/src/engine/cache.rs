//! What one instance of a cache holds.

use super::NONE;
use crate::model::Eviction;
use crate::random::Fraction;

/// A place for an item, between its neighbours by the time they were last asked for.
#[derive(Debug, Clone, Copy)]
struct Slot {
    item: u32,
    newer: u32,
    older: u32,
}

/// The items of an instance, each found at once.
#[derive(Debug, Clone)]
pub(crate) struct Cache {
    eviction: Eviction,
    capacity: usize,
    slots: Vec<Slot>,
    /// By item, its slot or none.
    slot_of: Vec<u32>,
    newest: u32,
    oldest: u32,
}

impl Cache {
    /// An empty cache for some of so many items.
    pub(crate) fn new(items: u32, capacity: u32, eviction: Eviction) -> Self {
        Self {
            eviction,
            capacity: capacity as usize,
            slots: Vec::new(),
            slot_of: vec![NONE; items as usize],
            newest: NONE,
            oldest: NONE,
        }
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        for slot in self.slots.drain(..) {
            self.slot_of[slot.item as usize] = NONE;
        }
        self.newest = NONE;
        self.oldest = NONE;
    }

    /// Whether an item is there; it is from then on. The number chooses who makes room.
    pub(crate) fn ask(&mut self, item: u32, mut uniform: Fraction) -> bool {
        let slot = self.slot_of[item as usize];
        if slot != NONE {
            if self.eviction == Eviction::LeastRecent && slot != self.newest {
                self.unlink(slot);
                self.link(slot);
            }
            return true;
        }
        let slot = if self.slots.len() < self.capacity {
            self.slots.push(Slot { item, newer: NONE, older: NONE });
            super::place(self.slots.len() - 1)
        } else {
            let slot = match self.eviction {
                Eviction::LeastRecent | Eviction::FirstIn => self.oldest,
                Eviction::Random => uniform.choose(super::place(self.slots.len())),
            };
            self.unlink(slot);
            let gone = std::mem::replace(&mut self.slots[slot as usize].item, item);
            self.slot_of[gone as usize] = NONE;
            slot
        };
        self.slot_of[item as usize] = slot;
        self.link(slot);
        false
    }

    fn link(&mut self, slot: u32) {
        let newest = std::mem::replace(&mut self.newest, slot);
        let own = &mut self.slots[slot as usize];
        own.newer = NONE;
        own.older = newest;
        if newest == NONE {
            self.oldest = slot;
        } else {
            self.slots[newest as usize].newer = slot;
        }
    }

    fn unlink(&mut self, slot: u32) {
        let Slot { newer, older, .. } = self.slots[slot as usize];
        if newer == NONE {
            self.newest = older;
        } else {
            self.slots[newer as usize].older = older;
        }
        if older == NONE {
            self.oldest = newer;
        } else {
            self.slots[older as usize].newer = newer;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is asked for in this order, and whether it was there.
    fn hits(eviction: Eviction, items: &[u32]) -> Vec<bool> {
        let mut cache = Cache::new(10, 2, eviction);
        items.iter().map(|item| cache.ask(*item, Fraction(0))).collect()
    }

    #[test]
    fn the_least_recent_goes_or_the_first() {
        let items = [1, 2, 1, 3, 1, 2];
        let least_recent = hits(Eviction::LeastRecent, &items);
        assert_eq!(least_recent, [false, false, true, false, true, false]);
        let first_in = hits(Eviction::FirstIn, &items);
        assert_eq!(first_in, [false, false, true, false, false, false]);
    }

    #[test]
    fn what_is_forgotten_is_not_there() {
        let mut cache = Cache::new(3, 3, Eviction::Random);
        for item in [0, 1, 2] {
            assert!(!cache.ask(item, Fraction(0)));
        }
        assert!(cache.ask(1, Fraction(0)));
        cache.clear();
        assert!(!cache.ask(1, Fraction(0)) && cache.ask(1, Fraction(0)));
    }
}
