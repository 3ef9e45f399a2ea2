//! How many visits are at a station, and for how long.

use super::trial::Trial;

/// Numbers beyond which they are counted as this many.
const MOST: usize = 4_096;

/// The number of visits at a station.
#[derive(Debug, Clone, Default)]
pub(crate) struct Gauge {
    count: u32,
    /// Instances that are not empty.
    occupied: u32,
    since: u64,
    /// Nanoseconds of the observed time with each number.
    times: Vec<u64>,
    /// Nanoseconds with no instance empty.
    all: u64,
}

impl Trial<'_> {
    /// The number of visits inside an instance has changed from this one.
    #[cold]
    pub(super) fn note(&mut self, place: u32, before: u32) {
        let instance = self.instances[place as usize];
        let station = instance.station as usize;
        self.count_level(station);
        let gauge = &mut self.gauges[station];
        gauge.count = gauge.count + instance.in_flight - before;
        gauge.occupied = gauge.occupied + u32::from(instance.in_flight > 0) - u32::from(before > 0);
    }

    fn count_level(&mut self, station: usize) {
        let clock = self.clock;
        let plan = &self.program.stations[station];
        let gauge = &mut self.gauges[station];
        let span = clock.part(gauge.since, clock.now);
        gauge.since = clock.now;
        let level = (gauge.count as usize).min(MOST);
        if gauge.times.len() <= level {
            gauge.times.resize(level + 1, 0);
        }
        gauge.times[level] += span;
        if gauge.occupied == plan.instances {
            gauge.all += span;
        }
    }

    /// Adds up the last levels and hands them over.
    pub(super) fn close_gauges(&mut self) {
        for station in 0..self.gauges.len() {
            self.count_level(station);
            let gauge = std::mem::take(&mut self.gauges[station]);
            let tally = &mut self.stations[station].tally;
            tally.levels = gauge.times;
            tally.all_busy = gauge.all;
        }
    }
}
