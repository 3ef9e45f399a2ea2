//! The present moment, and which part of time is observed.

/// The present moment and the observed time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    /// The present nanosecond.
    pub now: u64,
    /// What comes before this moment fills the system and is not observed.
    pub warm_up: u64,
    /// The end of the observed time: that of the watch, or earlier when it was cut short.
    pub end: u64,
}

impl Clock {
    /// Whether a moment lies within the observed time.
    #[inline]
    pub(crate) const fn observes(&self, moment: u64) -> bool {
        moment >= self.warm_up && moment < self.end
    }

    /// How much of a span lies within the observed time.
    #[inline]
    pub(crate) fn part(&self, from: u64, to: u64) -> u64 {
        to.min(self.end).saturating_sub(from.max(self.warm_up))
    }
}
