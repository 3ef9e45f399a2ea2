//! What one trial counted.

use super::fleet::FleetTally;
use super::floor::ServerTime;
use crate::statistics::{CoarseHistogram, Histogram};

/// What one trial counted among the requests that arrived in the observed time.
#[derive(Debug, Clone)]
pub(crate) struct Tally {
    /// Nanoseconds observed.
    pub observed: u64,
    /// Requests that arrived.
    pub offered: u64,
    /// Those that were answered well.
    pub good: u64,
    /// Those of them that were answered without some optional call.
    pub degraded: u64,
    /// Those that were not, by class.
    pub failed: Vec<u64>,
    /// Latencies of good requests, by class.
    pub latencies: Vec<Histogram>,
    /// Sums of those latencies, in nanoseconds, by class.
    pub latency_sums: Vec<u128>,
    /// Sum of their squares, in square nanoseconds.
    pub latency_square: f64,
    /// By station, what became of the messages to it, where limits speak of any; empty elsewhere.
    pub messages: Vec<MessageTally>,
    /// For each limit, requests that it speaks of.
    pub judged: Vec<u64>,
    /// For each limit, those of them that took longer or failed.
    pub over: Vec<u64>,
    /// Attempts that were refused.
    pub refused: u64,
    /// Attempts that timed out.
    pub timed_out: u64,
    /// Attempts that were repeated.
    pub retried: u64,
    /// All requests of the trial, its warm-up included.
    pub requests: u64,
    /// By station.
    pub stations: Vec<StationTally>,
    /// By station, then by pool.
    pub pools: Vec<Vec<PoolTally>>,
    /// The time series.
    pub bins: Vec<Bin>,
    /// When goodput was back, from the start of the trial, where that was watched for.
    pub recovered: Option<u64>,
    /// Nanoseconds that requests spent in the system within the observed time, by the area under
    /// the number in system.
    pub area: u128,
    /// The same, by adding up the stay of every request: Little's law says that they are equal.
    pub stays: u128,
}

/// What one trial counted at one station, among visits that came in the observed time.
#[derive(Debug, Clone, Default)]
pub(crate) struct StationTally {
    /// Visits that came, the refused ones included.
    pub arrived: u64,
    /// Visits that were refused.
    pub refused: u64,
    /// Visits whose service began.
    pub started: u64,
    /// Those of them that had to wait.
    pub waited: u64,
    /// Sum of the waiting times, in nanoseconds.
    pub waiting: u128,
    /// Sum of the squares of the waiting times, in square nanoseconds, where their distribution was
    /// watched.
    pub waiting_square: f64,
    /// Visits that left.
    pub left: u64,
    /// Sum of their stays, in nanoseconds.
    pub staying: u128,
    /// Distribution of the waiting time, where that was watched.
    pub waits: Histogram,
    /// Visits that gave up waiting.
    pub gave_up: u64,
    /// Sum of their waiting times, in nanoseconds.
    pub gave_up_waiting: u128,
    /// Visits that were dropped because nobody waited for them any more.
    pub dropped: u64,
    /// Reads that were answered, where instances are copies.
    pub reads: u64,
    /// Those of them that were of what is old.
    pub stale: u64,
    /// Writes that were lost with a primary.
    pub lost_writes: u64,
    /// Calls to it that were not made since it was too late.
    pub too_late: u64,
    /// Calls to it that got a connection, where they need one.
    pub connected: u64,
    /// Sum of the times that they waited for it, in nanoseconds.
    pub connecting: u128,
    /// Calls to it that failed for want of a connection.
    pub unconnected: u64,
    /// Calls that nobody waited for, and that failed in the end.
    pub undelivered: u64,
    /// Keys that were asked for, where contents are simulated.
    pub asked: u64,
    /// Those of them that were there.
    pub hits: u64,
    /// What its servers did, where they are not always there.
    pub servers: ServerTime,
    /// What its instances cost, where a controller changes their number.
    pub fleet: FleetTally,
    /// By class, where there is more than one.
    pub classes: Vec<ClassTally>,
    /// Nanoseconds with each number of visits there, where that was watched.
    pub levels: Vec<u64>,
    /// Nanoseconds with no instance empty, likewise.
    pub all_busy: u64,
    /// Nanoseconds that visits spent inside, likewise, those included that nobody waits for.
    pub inside: u128,
    /// Instance-nanoseconds with at least one visit inside, with at least two and so on, likewise.
    pub depths: Vec<u128>,
}

/// What became of messages to a station that were handed over in the observed time.
#[derive(Debug, Clone, Default)]
pub(crate) struct MessageTally {
    /// From when each was handed over until it was done.
    pub latencies: Histogram,
    /// Those that were never done.
    pub failed: u64,
}

/// What one trial counted at one station of one class.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ClassTally {
    /// Visits that came and were not refused.
    pub arrived: u64,
    /// Visits whose service began.
    pub started: u64,
    /// Sum of the waiting times, in nanoseconds.
    pub waiting: u128,
    /// Visits that left.
    pub left: u64,
    /// Sum of their stays, in nanoseconds.
    pub staying: u128,
}

/// What one trial counted in one pool.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct PoolTally {
    /// Server-nanoseconds of work.
    pub busy: u128,
    /// Server-nanoseconds of instances that the balancer sent to.
    pub serving: u128,
}

/// One bin of the time series, by arrival.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bin {
    /// Requests that arrived.
    pub offered: u32,
    /// Those of them that were answered well.
    pub good: u32,
    /// Those of these that were answered without some optional call.
    pub degraded: u32,
    /// The latencies of the good ones.
    pub latencies: CoarseHistogram,
}

impl Tally {
    /// Nothing counted yet.
    pub(crate) fn new(classes: usize, limits: usize, pools: &[usize]) -> Self {
        Self {
            observed: 0,
            offered: 0,
            good: 0,
            degraded: 0,
            failed: vec![0; classes],
            latencies: vec![Histogram::default(); classes],
            latency_sums: vec![0; classes],
            latency_square: 0.0,
            messages: Vec::new(),
            judged: vec![0; limits],
            over: vec![0; limits],
            refused: 0,
            timed_out: 0,
            retried: 0,
            requests: 0,
            stations: vec![StationTally::default(); pools.len()],
            pools: pools.iter().map(|count| vec![PoolTally::default(); *count]).collect(),
            bins: Vec::new(),
            recovered: None,
            area: 0,
            stays: 0,
        }
    }

    /// Sum of the latencies of all classes, in nanoseconds.
    pub(crate) fn latency_sum(&self) -> u128 {
        self.latency_sums.iter().sum()
    }

    /// Both together, as if they were one trial. The time series and the recovery are not added
    /// up: the first has its own.
    pub(crate) fn merged(mut self, other: Self) -> Self {
        self.observed += other.observed;
        self.offered += other.offered;
        self.good += other.good;
        self.degraded += other.degraded;
        self.latency_square += other.latency_square;
        self.refused += other.refused;
        self.timed_out += other.timed_out;
        self.retried += other.retried;
        self.requests += other.requests;
        self.area += other.area;
        self.stays += other.stays;
        for (sum, latencies) in self.latencies.iter_mut().zip(&other.latencies) {
            sum.merge(latencies);
        }
        for (sum, messages) in self.messages.iter_mut().zip(&other.messages) {
            sum.latencies.merge(&messages.latencies);
            sum.failed += messages.failed;
        }
        for (sum, latencies) in self.latency_sums.iter_mut().zip(&other.latency_sums) {
            *sum += latencies;
        }
        for (sum, count) in self.failed.iter_mut().zip(other.failed) {
            *sum += count;
        }
        for (sum, count) in self.judged.iter_mut().zip(other.judged) {
            *sum += count;
        }
        for (sum, count) in self.over.iter_mut().zip(other.over) {
            *sum += count;
        }
        for (sum, station) in self.stations.iter_mut().zip(&other.stations) {
            sum.add(station);
        }
        let pools = self.pools.iter_mut().flatten().zip(other.pools.iter().flatten());
        for (sum, pool) in pools {
            sum.busy += pool.busy;
            sum.serving += pool.serving;
        }
        self
    }
}

impl StationTally {
    fn add(&mut self, other: &Self) {
        self.arrived += other.arrived;
        self.refused += other.refused;
        self.started += other.started;
        self.waited += other.waited;
        self.waiting += other.waiting;
        self.left += other.left;
        self.staying += other.staying;
        self.waiting_square += other.waiting_square;
        self.waits.merge(&other.waits);
        self.gave_up += other.gave_up;
        self.gave_up_waiting += other.gave_up_waiting;
        self.dropped += other.dropped;
        self.reads += other.reads;
        self.stale += other.stale;
        self.lost_writes += other.lost_writes;
        self.too_late += other.too_late;
        self.connected += other.connected;
        self.connecting += other.connecting;
        self.unconnected += other.unconnected;
        self.undelivered += other.undelivered;
        self.asked += other.asked;
        self.hits += other.hits;
        self.all_busy += other.all_busy;
        self.inside += other.inside;
        let longer = self.levels.len().max(other.levels.len());
        self.levels.resize(longer, 0);
        for (sum, level) in self.levels.iter_mut().zip(&other.levels) {
            *sum += level;
        }
        let deeper = self.depths.len().max(other.depths.len());
        self.depths.resize(deeper, 0);
        for (sum, depth) in self.depths.iter_mut().zip(&other.depths) {
            *sum += depth;
        }
        self.servers.on += other.servers.on;
        self.servers.starting += other.servers.starting;
        self.servers.none += other.servers.none;
        self.fleet.add(&other.fleet);
        for (sum, class) in self.classes.iter_mut().zip(&other.classes) {
            sum.arrived += class.arrived;
            sum.started += class.started;
            sum.waiting += class.waiting;
            sum.left += class.left;
            sum.staying += class.staying;
        }
    }
}
