//! The course of a fault: how one trial of an episode is laid out in time, and what it lost.

use super::Lost;
use crate::engine::Bin;
use crate::time::seconds;

/// How a fault went, over all trials.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Course {
    /// Seconds' worth of requests lost, from the fault until goodput was back.
    pub lost_seconds: Lost,
    /// How long the fault lasted in truth, and until goodput was back.
    pub whole_seconds: f64,
    /// The share of requests lost at the end of the fault.
    pub lost_at_end: Lost,
    /// Seconds' worth of requests that were answered degraded in the same time.
    pub degraded_seconds: f64,
    /// The share of requests answered degraded at the end of the fault.
    pub degraded_at_end: f64,
}

/// How one trial of a fault went, in the same units.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Run {
    pub lost_seconds: f64,
    pub whole_seconds: f64,
    pub lost_at_end: f64,
    pub degraded_seconds: f64,
    pub degraded_at_end: f64,
}

impl Course {
    /// So much is lost, for certain, of so long.
    pub(crate) const fn certain(lost_seconds: f64, whole_seconds: f64) -> Self {
        Self {
            lost_seconds: Lost::exactly(lost_seconds),
            whole_seconds,
            lost_at_end: Lost::exactly(1.0),
            degraded_seconds: 0.0,
            degraded_at_end: 0.0,
        }
    }

    /// Over several trials.
    pub(super) fn over(runs: &[Run]) -> Self {
        let figure = |figure: fn(&Run) -> f64| Lost::over(runs.iter().map(figure));
        Self {
            lost_seconds: figure(|run| run.lost_seconds),
            whole_seconds: figure(|run| run.whole_seconds).value,
            lost_at_end: figure(|run| run.lost_at_end),
            degraded_seconds: figure(|run| run.degraded_seconds).value,
            degraded_at_end: figure(|run| run.degraded_at_end).value,
        }
    }
}

impl Run {
    /// Some seconds of it went so.
    fn add(&mut self, shares: Shares, length: f64) {
        self.lost_seconds += shares.lost * length;
        self.degraded_seconds += shares.degraded * length;
    }

    /// The share of good requests from the fault until goodput was back.
    pub(super) fn goodput(&self) -> f64 {
        if self.whole_seconds <= 0.0 {
            return 1.0;
        }
        (1.0 - self.lost_seconds / self.whole_seconds).clamp(0.0, 1.0)
    }
}

/// A phase of a fault as it is simulated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Span {
    /// When it begins.
    pub start: f64,
    /// How long it is simulated.
    pub length: f64,
    /// How long it lasts in truth.
    pub truth: f64,
}

/// The moments of an episode, in seconds from the start of a trial.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Timetable {
    /// When the fault strikes, and requests begin to be observed.
    pub warm_up: f64,
    /// The phases of the fault.
    pub phases: Vec<Span>,
    /// When the fault ends.
    pub end: f64,
    /// How long goodput is waited for after that.
    pub wait: f64,
    /// The width of a bin.
    pub bin: f64,
    /// Bins for which goodput must stay.
    pub stay: usize,
    /// Trials.
    pub trials: u32,
    /// Requests of one trial at most.
    pub requests_max: u64,
}

impl Timetable {
    /// How one trial went, from its bins.
    pub(super) fn run(&self, bins: &[Bin], recovered: Option<u64>) -> Run {
        let mut run = Run { lost_at_end: 1.0, ..Run::default() };
        for Span { start, length, truth } in self.phases.iter().copied() {
            let all = Shares::of(self.between(bins, start, start + length));
            // The half of a life that follows the first whole one, of two and a half.
            let settled = self.between(bins, start + 0.4 * length, start + 0.6 * length);
            let settled = Shares::of(settled);
            run.add(all, length);
            run.add(settled, truth - length);
            run.whole_seconds += truth;
            run.lost_at_end = settled.lost;
            run.degraded_at_end = settled.degraded;
        }
        let back = recovered.map_or(self.end + self.wait, seconds);
        let after = (back - self.end).max(0.0);
        run.add(Shares::of(self.between(bins, self.end, back)), after);
        run.whole_seconds += after;
        run
    }

    /// The bins that begin between two moments; the one that a short span falls into, at least.
    fn between<'a>(&self, bins: &'a [Bin], from: f64, to: f64) -> &'a [Bin] {
        let place = |moment: f64| whole(((moment - self.warm_up) / self.bin).max(0.0));
        let first = place(from).min(bins.len());
        let last = place(to).max(first + 1).min(bins.len());
        &bins[first.min(last)..last]
    }
}

/// The shares of the requests of some bins that were lost, and answered degraded.
#[derive(Debug, Clone, Copy)]
struct Shares {
    lost: f64,
    degraded: f64,
}

impl Shares {
    fn of(bins: &[Bin]) -> Self {
        let sum = |count: fn(&Bin) -> u32| bins.iter().map(|bin| u64::from(count(bin))).sum();
        let offered: u64 = sum(|bin| bin.offered);
        let (good, degraded): (u64, u64) = (sum(|bin| bin.good), sum(|bin| bin.degraded));
        if offered == 0 {
            return Self { lost: 0.0, degraded: 0.0 };
        }
        let share = |count: u64| count as f64 / offered as f64;
        Self { lost: 1.0 - share(good), degraded: share(degraded) }
    }
}

/// A small count that was rounded.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a small count that is not negative"
)]
pub(super) const fn whole(count: f64) -> usize {
    count as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bins(shares: &[(u32, u32)]) -> Vec<Bin> {
        let bin =
            |(offered, good): &(u32, u32)| Bin { offered: *offered, good: *good, ..Bin::default() };
        shares.iter().map(bin).collect()
    }

    fn times() -> Timetable {
        Timetable {
            warm_up: 1.0,
            phases: vec![Span { start: 1.0, length: 5.0, truth: 10.0 }],
            end: 6.0,
            wait: 60.0,
            bin: 1.0,
            stay: 2,
            trials: 1,
            requests_max: 1,
        }
    }

    #[test]
    fn what_was_left_out_of_a_phase_counts_like_its_middle_fifth() {
        // Half lost in the middle; of those after it some live on until the fault is over.
        let shares = [10, 10, 5, 8, 10, 10, 10].map(|good| (10, good));
        let run = times().run(&bins(&shares), Some(6_000_000_000));
        assert!((run.lost_seconds - (0.7 + 0.5 * 5.0)).abs() < 1e-12);
        assert!((run.whole_seconds - 10.0).abs() < 1e-12);
        assert!((run.lost_at_end - 0.5).abs() < 1e-12);
        assert!((run.goodput() - 0.68).abs() < 1e-12);
    }

    #[test]
    fn what_never_comes_back_is_lost_for_as_long_as_it_was_waited_for() {
        let shares = vec![(10, 0); 70];
        let run = times().run(&bins(&shares), None);
        assert!((run.lost_seconds - 70.0).abs() < 1e-12);
        assert!(run.goodput().abs() < 1e-12);
    }
}
