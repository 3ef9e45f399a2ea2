//! What a horizontal pod autoscaler steers to, and how fast it may change the number of pods.

use super::{period, span, whole};
use crate::model::{ModelFault, number};

/// A horizontal pod autoscaler.
#[derive(Debug, Clone, PartialEq)]
pub struct HorizontalPod {
    /// The utilisation that it steers to, in percent.
    pub target: u32,
    /// Seconds between two looks.
    pub period: f64,
    /// How fast it may grow.
    pub up: Rules,
    /// How fast it may shrink.
    pub down: Rules,
}

/// How fast the number may change in one direction.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// How far from 1 the quotient of utilisation and target may be, as a share.
    pub tolerance: f64,
    /// Seconds of the stabilisation window.
    pub window: f64,
    /// Which policy counts.
    pub select: Select,
    /// The policies.
    pub policies: Vec<Pace>,
}

/// Which of several policies counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Select {
    /// The one that allows the largest change (`Max`).
    Largest,
    /// The one that allows the smallest change (`Min`).
    Smallest,
    /// None: no change in this direction (`Disabled`).
    Disabled,
}

/// By how much the number may change within a period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// By how much.
    pub amount: Amount,
    /// Within how many seconds.
    pub period: f64,
}

/// A number of pods, or a share of those that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// So many.
    Pods(u32),
    /// So many percent.
    Percent(u32),
}

impl HorizontalPod {
    /// With the defaults: a look every 15 s; up, the larger of 4 pods and 100% in 15 s without a
    /// window; down, 100% in 15 s with a window of 300 s.
    pub fn of(target: u32) -> Self {
        let pace = |amount| Pace { amount, period: 15.0 };
        let rules =
            |window, policies| Rules { tolerance: 0.1, window, select: Select::Largest, policies };
        Self {
            target,
            period: 15.0,
            up: rules(0.0, vec![pace(Amount::Pods(4)), pace(Amount::Percent(100))]),
            down: rules(300.0, vec![pace(Amount::Percent(100))]),
        }
    }

    pub(super) fn validate(&self, place: &str) -> Result<(), ModelFault> {
        number(place, "target utilisation in percent", self.target.into(), 1.0)?;
        period(place, self.period)?;
        for rules in [&self.up, &self.down] {
            number(place, "tolerance", rules.tolerance, 0.0)?;
            number(place, "stabilisation window", rules.window, 0.0)?;
            number(place, "number of policies", rules.policies.len() as f64, 1.0)?;
            for pace in &rules.policies {
                period(place, pace.period)?;
            }
        }
        Ok(())
    }
}

impl Rules {
    /// How far a number may go within the policies, `from` giving it at the start of a period.
    pub(super) fn limit(&self, grows: bool, current: u32, from: impl Fn(u64) -> f64) -> u32 {
        if self.select == Select::Disabled {
            return current;
        }
        let limits = self.policies.iter().map(|pace| {
            let start = from(span(pace.period));
            match (pace.amount, grows) {
                (Amount::Pods(pods), true) => start + f64::from(pods),
                (Amount::Pods(pods), false) => start - f64::from(pods),
                (Amount::Percent(share), true) => (start * (1.0 + f64::from(share) / 100.0)).ceil(),
                (Amount::Percent(share), false) => {
                    (start * (1.0 - f64::from(share) / 100.0)).trunc()
                }
            }
        });
        let far = if grows == (self.select == Select::Largest) {
            limits.fold(f64::NEG_INFINITY, f64::max)
        } else {
            limits.fold(f64::INFINITY, f64::min)
        };
        whole(if grows { far.max(current.into()) } else { far.clamp(0.0, current.into()) })
    }
}
