//! How many visits are at a station and in its instances, and for how long.

use super::clock::Clock;
use super::trial::Trial;

/// Numbers beyond which they are counted as this many.
const MOST: usize = 4_096;

/// Visits inside one instance up to which it is counted how many instances have so many.
const DEPTHS: usize = 64;

/// Instances with at least so many visits inside.
#[derive(Debug, Clone, Copy, Default)]
struct Depth {
    instances: u32,
    since: u64,
    /// Instance-nanoseconds of the observed time.
    area: u128,
}

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
    /// Nanoseconds that visits spent inside, however many there were.
    area: u128,
    /// From one visit on.
    depths: Vec<Depth>,
}

impl Depth {
    fn count(&mut self, clock: Clock) {
        let span = clock.part(self.since, clock.now);
        self.since = clock.now;
        self.area += u128::from(span) * u128::from(self.instances);
    }
}

impl Gauge {
    /// An instance has come from one number of visits to another.
    fn move_depth(&mut self, clock: Clock, before: u32, after: u32) {
        let (low, high) = (before.min(after) as usize, before.max(after) as usize);
        let high = high.min(DEPTHS);
        if self.depths.len() < high {
            self.depths.resize(high, Depth::default());
        }
        for depth in self.depths.iter_mut().take(high).skip(low) {
            depth.count(clock);
            if after > before {
                depth.instances += 1;
            } else {
                depth.instances -= 1;
            }
        }
    }
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
        gauge.move_depth(self.clock, before, instance.in_flight);
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
        gauge.area += u128::from(span) * u128::from(gauge.count);
        if gauge.occupied == plan.instances {
            gauge.all += span;
        }
    }

    /// Adds up the last levels and hands them over.
    pub(super) fn close_gauges(&mut self) {
        for station in 0..self.gauges.len() {
            self.count_level(station);
            let mut gauge = std::mem::take(&mut self.gauges[station]);
            gauge.depths.iter_mut().for_each(|depth| depth.count(self.clock));
            let tally = &mut self.stations[station].tally;
            tally.levels = gauge.times;
            tally.all_busy = gauge.all;
            tally.inside = gauge.area;
            tally.depths = gauge.depths.iter().map(|depth| depth.area).collect();
        }
    }
}
