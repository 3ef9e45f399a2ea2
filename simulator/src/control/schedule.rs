//! Scheduled scaling: a number of instances by the time of the day.

use crate::model::{ModelFault, number};
use crate::time::{NEVER, from_seconds};

/// A number by the time, over and over again.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    /// Seconds after which it begins anew: 86,400 for a day.
    pub period: f64,
    /// The number where no window says otherwise.
    pub otherwise: u32,
    /// Windows; where several hold at once, the largest number counts.
    pub windows: Vec<Window>,
}

/// A part of the period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Seconds from the start of the period.
    pub from: f64,
    /// The end, which is no longer part of it; an end before the start lies in the next period.
    pub to: f64,
    /// How many instances.
    pub count: u32,
}

impl Schedule {
    pub(super) fn validate(&self, place: &str) -> Result<(), ModelFault> {
        super::period(place, self.period)?;
        for window in &self.windows {
            for moment in [window.from, window.to] {
                number(place, "moment of a window", moment, 0.0)?;
                number(place, "moment before the end of the period", self.period, moment)?;
            }
        }
        Ok(())
    }
}

/// A schedule in nanoseconds.
#[derive(Debug, Clone)]
pub(super) struct Clock {
    period: u64,
    otherwise: u32,
    windows: Vec<(u64, u64, u32)>,
}

impl Clock {
    pub(super) fn new(schedule: &Schedule) -> Self {
        let period = super::span(schedule.period);
        let moment = |seconds| from_seconds(seconds).min(period);
        let windows = schedule.windows.iter();
        Self {
            period,
            otherwise: schedule.otherwise,
            windows: windows
                .map(|window| (moment(window.from), moment(window.to), window.count))
                .collect(),
        }
    }

    /// The number at a moment.
    pub(super) fn wanted(&self, now: u64) -> u32 {
        let at = now % self.period;
        let holds = |window: &&(u64, u64, u32)| {
            let (from, to, _) = **window;
            if from <= to { (from..to).contains(&at) } else { at >= from || at < to }
        };
        let most = self.windows.iter().filter(holds).map(|window| window.2).max();
        most.unwrap_or(self.otherwise)
    }

    /// The next moment at which a window begins or ends.
    pub(super) fn next(&self, now: u64) -> u64 {
        let start = now - now % self.period;
        let moments = self.windows.iter().flat_map(|window| [window.0, window.1]);
        let later = moments.map(|moment| {
            let moment = start.saturating_add(moment % self.period);
            if moment > now { moment } else { moment.saturating_add(self.period) }
        });
        later.min().unwrap_or(NEVER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::SECOND;

    fn clock(windows: &[(f64, f64, u32)]) -> Clock {
        let windows = windows.iter().map(|(from, to, count)| {
            let (from, to, count) = (*from * 3_600.0, *to * 3_600.0, *count);
            Window { from, to, count }
        });
        Clock::new(&Schedule { period: 86_400.0, otherwise: 2, windows: windows.collect() })
    }

    #[test]
    fn the_largest_window_that_holds_counts() {
        let clock = clock(&[(8.0, 20.0, 6), (12.0, 14.0, 9), (22.0, 1.0, 4)]);
        let hour = 3_600 * SECOND;
        let found: Vec<u32> = (0..24).map(|at| clock.wanted(at * hour)).collect();
        let mut expected = [2; 24];
        expected[8..20].fill(6);
        expected[12..14].fill(9);
        expected[22..].fill(4);
        expected[0] = 4;
        assert_eq!(found, expected);
        assert_eq!(clock.wanted(24 * hour - 1), 4);
        assert_eq!(clock.wanted((3 * 24 + 12) * hour), 9);
    }

    #[test]
    fn the_next_look_is_at_the_next_edge() {
        let clock = clock(&[(8.0, 20.0, 6), (22.0, 1.0, 4)]);
        let hour = 3_600 * SECOND;
        let mut at = 0;
        let mut edges = Vec::new();
        for _ in 0..6 {
            at = clock.next(at);
            edges.push(at / hour);
        }
        assert_eq!(edges, [1, 8, 20, 22, 25, 32]);
        let never = Clock { period: hour, otherwise: 1, windows: Vec::new() };
        assert_eq!(never.next(5), NEVER);
    }
}
