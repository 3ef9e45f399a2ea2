//! What calls between stations went through.

use super::Estimate;
use super::run::Statistics;
use crate::time::SECOND;

impl Statistics {
    /// Requests in the system that are not at a station, on average: where it is the only one, they
    /// wait for their next attempt.
    pub fn away_from(&self, station: usize) -> Estimate {
        self.over(|trial| {
            let there = trial.stations[station].staying;
            (trial.area as f64 - there as f64) / trial.observed as f64
        })
    }

    /// Mean time that an answered request was not at a station, in seconds; likewise.
    pub fn time_away_from(&self, station: usize) -> Estimate {
        self.over(|trial| {
            let there = trial.stations[station].staying;
            (trial.latency_sum as f64 - there as f64) / trial.good as f64 / SECOND as f64
        })
    }

    /// Mean time that calls to a station waited for a connection, of those that needed and got one,
    /// in seconds.
    pub fn connecting(&self, station: usize) -> Estimate {
        self.over(|trial| {
            let tally = &trial.stations[station];
            tally.connecting as f64 / tally.connected as f64 / SECOND as f64
        })
    }

    /// Calls to a station that are not made since the deadline of their request has passed, a
    /// second.
    pub fn too_late(&self, station: usize) -> Estimate {
        self.over(|trial| trial.stations[station].too_late as f64 / trial.seconds())
    }

    /// Share of the reads from a station that are stale, where its instances are copies.
    pub fn stale(&self, station: usize) -> Estimate {
        self.over(|trial| {
            let tally = &trial.stations[station];
            tally.stale as f64 / tally.reads as f64
        })
    }

    /// Writes to a station that are lost with its primary, a second.
    pub fn lost_writes(&self, station: usize) -> Estimate {
        self.over(|trial| trial.stations[station].lost_writes as f64 / trial.seconds())
    }

    /// Calls to a station that fail for want of a connection, a second.
    pub fn unconnected(&self, station: usize) -> Estimate {
        self.over(|trial| trial.stations[station].unconnected as f64 / trial.seconds())
    }

    /// Calls to a station that nobody waits for and that fail in the end, a second.
    pub fn undelivered(&self, station: usize) -> Estimate {
        self.over(|trial| trial.stations[station].undelivered as f64 / trial.seconds())
    }

    /// Share of the keys asked of a cache that were there, where its contents are simulated.
    pub fn hit_ratio(&self, station: usize) -> Estimate {
        self.over(|trial| {
            let tally = &trial.stations[station];
            tally.hits as f64 / tally.asked as f64
        })
    }
}
