//! Retry budgets: a token bucket for each caller.

/// Tokens that a bucket starts with and holds at most. The retry throttling of gRPC (its proposal
/// A6) has the same size in its example: enough for a hiccup, nothing for an outage.
const BURST: f64 = 10.0;

/// What a caller may still repeat.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    tokens: f64,
    earned: f64,
}

impl Budget {
    /// A full bucket into which each call puts so many tokens.
    pub(crate) const fn new(earned: f64) -> Self {
        Self { tokens: BURST, earned }
    }

    /// A call was made that is no retry.
    #[inline]
    pub(crate) const fn earn(&mut self) {
        self.tokens = (self.tokens + self.earned).min(BURST);
    }

    /// Takes a token for a retry, if there is one.
    #[inline]
    pub(crate) const fn spend(&mut self) -> bool {
        if self.tokens < 1.0 {
            return false;
        }
        self.tokens -= 1.0;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_stay_within_the_budget_and_its_burst() {
        let mut budget = Budget::new(0.1);
        let mut retries = 0;
        for _ in 0..1_000 {
            budget.earn();
            retries += u32::from(budget.spend());
        }
        assert!((109..=110).contains(&retries), "{retries}");
    }
}
