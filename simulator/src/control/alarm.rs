//! What EC2 Auto Scaling policies see of a group: one figure a period, and who is warm.

use super::Seen;

/// A group of instances over one period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Group {
    /// The mean utilisation of those that are warm; none where none gave a figure.
    pub metric: Option<f64>,
    /// How many are warm.
    pub warm: u32,
    /// How many are not yet.
    pub warming: u32,
}

impl Group {
    /// Of what is seen; an instance is warm so long after it came into service. What warms up is
    /// counted neither in the figure nor in the capacity.
    pub(super) fn of(seen: &Seen<'_>, warm_up: u64) -> Self {
        let (mut sum, mut figures, mut warm, mut warming) = (0.0, 0_u32, 0, 0);
        for member in seen.members {
            if member.age.is_none_or(|age| age < warm_up) {
                warming += 1;
                continue;
            }
            warm += 1;
            if let Some(utilisation) = member.utilisation {
                sum += utilisation;
                figures += 1;
            }
        }
        let metric = (figures > 0).then(|| sum / f64::from(figures));
        Self { metric, warm, warming }
    }
}

/// How many periods in a row a threshold was breached.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Breaches(u32);

impl Breaches {
    /// Counts a period; whether it was the last of so many.
    pub(super) fn count(&mut self, breached: bool, periods: u32) -> bool {
        self.0 = if breached { self.0.saturating_add(1) } else { 0 };
        breached && self.0 >= periods
    }
}
