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
    /// Nanoseconds of the observed time.
    span: u64,
}

impl Clock {
    /// A clock at the start of a trial.
    pub(crate) const fn new(warm_up: u64, end: u64) -> Self {
        Self { now: 0, warm_up, end, span: end.saturating_sub(warm_up) }
    }

    /// Ends the observed time with this nanosecond, if it would be later.
    pub(crate) fn cut_short(&mut self) {
        self.end = self.end.min(self.now.max(self.warm_up) + 1);
        self.span = self.end.saturating_sub(self.warm_up);
    }

    /// Whether a moment lies within the observed time.
    #[inline]
    pub(crate) const fn observes(&self, moment: u64) -> bool {
        moment.wrapping_sub(self.warm_up) < self.span
    }

    /// How much of a span lies within the observed time.
    #[inline]
    pub(crate) fn part(&self, from: u64, to: u64) -> u64 {
        to.min(self.end).saturating_sub(from.max(self.warm_up))
    }
}
