//! Chains of births and deaths.

use crate::model::ModelFault;

/// States beyond which a chain would not fit into memory with all that is worked out about it.
const STATES_MAX: usize = 10_000_000;

/// A Markov chain in continuous time on 0, 1, …, n that moves by one.
///
/// Source of all that is worked out here: Trivedi, *Probability and Statistics with Reliability,
/// Queuing and Computer Science Applications* 2e (2002), 8.2.
#[derive(Debug, Clone, PartialEq)]
pub struct Chain {
    births: Vec<f64>,
    deaths: Vec<f64>,
    shares: Vec<f64>,
}

impl Chain {
    /// A chain with these rates: at place i, that from state i to i + 1, and that back.
    ///
    /// # Errors
    /// When the lists are not equally long, or a rate is not a finite number above 0.
    pub fn new(births: Vec<f64>, deaths: Vec<f64>) -> Result<Self, ModelFault> {
        let place = "chain";
        if births.len() != deaths.len() {
            return Err(ModelFault::PerClass {
                place: place.to_owned(),
                found: deaths.len(),
                classes: births.len(),
            });
        }
        if births.len() >= STATES_MAX {
            let (place, limit) = (place.to_owned(), STATES_MAX as u64);
            return Err(ModelFault::TooMany { place, what: "states", limit });
        }
        if let Some(rate) =
            births.iter().chain(&deaths).find(|rate| !rate.is_finite() || **rate <= 0.0)
        {
            let (place, number) = (place.to_owned(), *rate);
            return Err(ModelFault::Number { place, what: "rate above 0", number });
        }
        let shares = shares(&births, &deaths);
        Ok(Self { births, deaths, shares })
    }

    /// The share of time in each state.
    pub fn shares(&self) -> &[f64] {
        &self.shares
    }

    /// The share of time in a state or above it.
    pub fn share_from(&self, state: usize) -> f64 {
        // The smallest first, so that nothing of them is lost.
        let above = self.shares.get(state..).unwrap_or_default();
        let mut above = above.to_vec();
        above.sort_unstable_by(f64::total_cmp);
        above.iter().sum()
    }

    /// The mean state.
    pub fn mean(&self) -> f64 {
        self.shares.iter().enumerate().map(|(state, share)| state as f64 * share).sum()
    }

    /// How often it comes to a state from the one below, in a unit of time.
    pub fn entries(&self, state: usize) -> f64 {
        let below = state.checked_sub(1);
        below
            .and_then(|below| Some(self.shares.get(below)? * self.births.get(below)?))
            .unwrap_or(0.0)
    }

    /// The mean time from state 0 until it first comes to a state; infinite where it never does.
    pub fn first_passage(&self, state: usize) -> f64 {
        if state > self.births.len() {
            return f64::INFINITY;
        }
        // From i to i + 1: wait, perhaps go down first, and come back.
        let mut sum = 0.0;
        let mut step = 0.0;
        for (at, birth) in self.births[..state].iter().enumerate() {
            let death = at.checked_sub(1).map_or(0.0, |below| self.deaths[below]);
            step = (1.0 + death * step) / birth;
            sum += step;
        }
        sum
    }
}

/// Shares in proportion to the products of births over deaths, scaled so that none overflows.
fn shares(births: &[f64], deaths: &[f64]) -> Vec<f64> {
    let mut logarithms = vec![0.0];
    let mut sum = 0.0;
    for (birth, death) in births.iter().zip(deaths) {
        sum += libm::log(*birth) - libm::log(*death);
        logarithms.push(sum);
    }
    let most = logarithms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = logarithms.iter().map(|at| libm::exp(at - most)).collect();
    let whole: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / whole).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_without_bounds_in_sight_is_geometric() {
        let chain = Chain::new(vec![1.0; 2_000], vec![2.0; 2_000]).unwrap();
        for state in [0, 1, 5, 40] {
            let exact = 0.5_f64.powi(state + 1);
            let found = chain.shares()[usize::try_from(state).unwrap()];
            assert!((found / exact - 1.0).abs() < 1e-12, "{state}: {found}");
        }
        // From state n on it is as likely as to be in state n - 1.
        assert!((chain.share_from(40) / chain.shares()[39] - 1.0).abs() < 1e-12);
        assert!((chain.mean() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn steep_chains_do_not_overflow() {
        let chain = Chain::new(vec![1e9; 400], vec![1e-9; 400]).unwrap();
        assert!((chain.shares()[400] - 1.0).abs() < 1e-12);
        assert!((chain.mean() - 400.0).abs() < 1e-9);
        assert!(chain.share_from(401) == 0.0 && chain.entries(0) == 0.0);
    }

    #[test]
    fn rates_that_are_none_are_refused() {
        for births in [vec![0.0], vec![f64::NAN], vec![f64::INFINITY], vec![-1.0], vec![1.0; 2]] {
            assert!(Chain::new(births, vec![1.0]).is_err());
        }
        assert_eq!(Chain::new(Vec::new(), Vec::new()).unwrap().shares(), [1.0]);
    }
}
