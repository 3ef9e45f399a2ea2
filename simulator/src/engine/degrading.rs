//! Degraded answers: what a request is answered without.

use super::NONE;
use super::trial::Trial;
use super::visits::Flags;

impl Trial<'_> {
    /// A call failed in the end that its visit is answered without: if the request that it is made
    /// for is answered, it is degraded. A request looks up no keys, so none are missed otherwise.
    #[cold]
    pub(super) fn do_without(&mut self, visit: u32) {
        let mut root = visit;
        while self.visits[root].parent != NONE {
            root = self.visits[root].parent;
        }
        let record = &mut self.visits[root];
        // Nobody waits for what was given up on, nor for what is done for a message.
        if !record.flags.has(Flags::ABANDONED) && !record.state.is_gate() {
            record.missed = 1;
        }
    }

    /// A degraded request is answered.
    #[cold]
    pub(super) fn count_degraded(&mut self, root: u32) {
        let born = self.visits.waiting(root).born;
        if !self.clock.observes(born) {
            return;
        }
        self.tally.degraded += 1;
        if self.watch.bin > 0 {
            let bin = self.bin_of(born);
            self.tally.bins[bin].degraded += 1;
        }
    }
}
