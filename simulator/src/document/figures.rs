//! Figures of trials put together, in the units of the document.

use domain::model::{Awaits, Class, Contents, Model as Document, Servers, Station};
use domain::simulation::{
    ClassFigures, CurvePoint, Figure, FleetFigures, FleetPoint, Particulars, Percentiles, Requests,
    SeriesPoint, StationFigures,
};

use super::percentiles::Pooled;
use super::record::{Batch, Records, ratio};
use crate::engine::StationTally;
use crate::statistics::{Histogram, busiest};
use crate::time::SECOND;

/// The shares of the points of a distribution: closer together towards its end.
const CURVE: [f64; 24] = [
    0.001, 0.01, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.925,
    0.95, 0.97, 0.98, 0.99, 0.995, 0.998, 0.999,
];
/// Nanoseconds of a second.
const NANO: f64 = SECOND as f64;

/// The figures of some trials.
#[derive(Debug, Clone, Copy)]
pub(super) struct Figures<'a> {
    /// The trials.
    pub records: &'a Records,
    /// Seconds of the run for a second of the document.
    pub scale: f64,
    /// Whether it is the median that is to be exact: means have no finite variance.
    pub median: bool,
}

impl Figures<'_> {
    /// One sum over another.
    fn share(self, of: impl Fn(&Batch) -> (f64, f64) + Copy) -> Option<Figure> {
        ratio(self.records.batches.iter().map(of), 1.0)
    }

    fn number(self, of: impl Fn(&Batch) -> (f64, f64) + Copy) -> Option<Figure> {
        ratio(self.records.batches.iter().map(of), f64::INFINITY)
    }

    /// Nanoseconds over a count.
    fn time(self, of: impl Fn(&Batch) -> (f64, f64) + Copy) -> Option<Figure> {
        scaled(self.number(of)?, 1.0 / (NANO * self.scale))
    }

    /// A count over nanoseconds.
    fn rate(self, of: impl Fn(&Batch) -> (f64, f64) + Copy) -> Option<Figure> {
        scaled(self.number(of)?, NANO * self.scale)
    }

    /// Percentiles of times that each batch has in a histogram.
    fn percentiles<'a>(self, of: impl Fn(&'a Batch) -> &'a Histogram) -> Percentiles
    where
        Self: 'a,
    {
        let pooled = Pooled::of(self.records.batches.iter().map(of));
        let percentile = |share: f64| self.percentile(&pooled, share);
        Percentiles { p50: percentile(0.5), p95: percentile(0.95), p99: percentile(0.99) }
    }

    fn percentile<const BITS: u32>(self, pooled: &Pooled<BITS>, share: f64) -> Option<Figure> {
        scaled(pooled.at(share)?, 1.0 / (NANO * self.scale))
    }

    /// The mean response time.
    pub(super) fn response(self) -> Option<Figure> {
        scaled(self.records.response()?, 1.0 / self.scale)
    }

    /// The half-width of the interval of the mean response time, or of its median, as a share of
    /// it.
    pub(super) fn precision(self) -> Option<f64> {
        let response = if self.median { self.median()? } else { self.response()? };
        if response.high <= response.low {
            return Some(0.0);
        }
        (response.value > 0.0).then(|| (response.high - response.low) / 2.0 / response.value)
    }

    fn median(self) -> Option<Figure> {
        let all: Vec<Histogram> = self.records.batches.iter().map(all).collect();
        self.percentile(&Pooled::of(&all), 0.5)
    }

    /// All requests together.
    pub(super) fn requests(self) -> Requests {
        let all: Vec<Histogram> = self.records.batches.iter().map(all).collect();
        let all = Pooled::of(&all);
        let of_offered = |count: fn(&Batch) -> u64| {
            self.number(move |batch| (count(batch) as f64, batch.tally.offered as f64))
        };
        Requests {
            offered: self.rate(|batch| (batch.tally.offered as f64, batch.tally.observed as f64)),
            throughput: self.rate(|batch| (batch.tally.good as f64, batch.tally.observed as f64)),
            in_system: self.number(|batch| (batch.tally.area as f64, batch.tally.observed as f64)),
            response: self.response(),
            percentiles: Percentiles {
                p50: self.percentile(&all, 0.5),
                p95: self.percentile(&all, 0.95),
                p99: self.percentile(&all, 0.99),
            },
            lost: self.share(|batch| {
                let tally = &batch.tally;
                ((tally.offered - tally.good) as f64, tally.offered as f64)
            }),
            refused: of_offered(|batch| batch.tally.refused),
            timed_out: of_offered(|batch| batch.tally.timed_out),
            retried: of_offered(|batch| batch.tally.retried),
        }
    }

    /// The distribution of the response time.
    pub(super) fn distribution(self) -> Vec<CurvePoint> {
        let all: Vec<Histogram> = self.records.batches.iter().map(all).collect();
        let all = Pooled::of(&all);
        let point = |share: &f64| {
            let response = self.percentile(&all, *share)?;
            Some(CurvePoint { share: *share, response })
        };
        CURVE.iter().filter_map(point).collect()
    }

    /// Each class, where there are several.
    pub(super) fn classes(self, document: &Document) -> Vec<ClassFigures> {
        if document.classes.len() < 2 {
            return Vec::new();
        }
        let class = |(index, class): (usize, &Class)| ClassFigures {
            name: class.name.to_string(),
            response: self.time(|batch| {
                let tally = &batch.tally;
                (tally.latency_sums[index] as f64, tally.latencies[index].count() as f64)
            }),
            percentiles: self.percentiles(|batch| &batch.tally.latencies[index]),
            lost: self.share(|batch| {
                let failed = batch.tally.failed[index];
                (failed as f64, (batch.tally.latencies[index].count() + failed) as f64)
            }),
        };
        document.classes.iter().enumerate().map(class).collect()
    }

    /// Each station.
    pub(super) fn stations(self, document: &Document) -> Vec<StationFigures> {
        let station = |(index, station)| StationFigures {
            particulars: self.particulars(index, document),
            ..self.station(index, station)
        };
        document.stations.iter().enumerate().map(station).collect()
    }

    fn station(self, index: usize, station: &Station) -> StationFigures {
        let by_time = |sum: fn(&StationTally) -> f64| {
            move |batch: &Batch| (sum(&batch.tally.stations[index]), batch.tally.observed as f64)
        };
        let by_count = |of: fn(&StationTally) -> (f64, u64)| {
            move |batch: &Batch| {
                let (sum, count) = of(&batch.tally.stations[index]);
                (sum, count as f64)
            }
        };
        let partly = station.availability != Servers::Always;
        let busy = |batch: &Batch| (busiest(&batch.tally.pools[index]), 1.0);
        StationFigures {
            name: station.name.to_string(),
            policy: (station.count() > 1).then(|| station.balancer.definition()),
            visits: self.rate(by_time(|tally| tally.arrived as f64)),
            utilisation: self.share(busy),
            waiting: self.time(by_count(|tally| (tally.waiting as f64, tally.started))),
            waiting_percentiles: self.percentiles(|batch| &batch.tally.stations[index].waits),
            stay: self.time(by_count(|tally| (tally.staying as f64, tally.left))),
            queue: self.number(by_time(|tally| (tally.waiting + tally.gave_up_waiting) as f64)),
            number: self.number(by_time(|tally| tally.staying as f64)),
            waited: self.share(by_count(|tally| (tally.waited as f64, tally.started))),
            refused: self.share(by_count(|tally| (tally.refused as f64, tally.arrived))),
            gave_up: self.share(by_count(|tally| (tally.gave_up as f64, tally.arrived))),
            dropped: self.share(by_count(|tally| (tally.dropped as f64, tally.arrived))),
            servers_on: if partly {
                self.number(by_time(|tally| tally.servers.on as f64))
            } else {
                None
            },
            fleet: station.autoscaler.as_ref().map(|scaler| FleetFigures {
                policy: scaler.definition(),
                serving: self.number(by_time(|tally| tally.fleet.serving as f64)),
                paid: self.number(by_time(|tally| tally.fleet.paid() as f64)),
                instance_hours: self.hours(index),
                course: Vec::new(),
            }),
            particulars: Particulars::default(),
        }
    }

    /// What only some stations have.
    fn particulars(self, index: usize, document: &Document) -> Particulars {
        let station = &document.stations[index];
        let share = |of: fn(&StationTally) -> (u64, u64)| {
            self.share(move |batch: &Batch| {
                let (part, whole) = of(&batch.tally.stations[index]);
                (part as f64, whole as f64)
            })
        };
        let rate = |present: bool, of: fn(&StationTally) -> u64| {
            let counted = move |batch: &Batch| {
                (of(&batch.tally.stations[index]) as f64, batch.tally.observed as f64)
            };
            if present { self.rate(counted) } else { None }
        };
        let messages = document.stations.iter().flat_map(|caller| caller.calls.iter().flatten());
        let mut messages =
            messages.filter(|call| call.to.0 == index && call.awaits == Awaits::Nothing);
        let deadlines = document.sources.iter().any(|source| source.deadline.is_some());
        Particulars {
            contents: station.contents.as_ref().map(Contents::definition),
            hit_ratio: share(|tally| (tally.hits, tally.asked)),
            stale: share(|tally| (tally.stale, tally.reads)),
            lost_writes: rate(station.copies.is_some(), |tally| tally.lost_writes),
            connecting: self.time(|batch: &Batch| {
                let tally = &batch.tally.stations[index];
                (tally.connecting as f64, tally.connected as f64)
            }),
            unconnected: share(|tally| (tally.unconnected, tally.connected + tally.unconnected)),
            undelivered: rate(messages.next().is_some(), |tally| tally.undelivered),
            too_late: rate(deadlines, |tally| tally.too_late),
        }
    }

    /// Hours of instances of a station that are paid for in a trial.
    fn hours(self, index: usize) -> Option<Figure> {
        let paid = |batch: &Batch| {
            (batch.tally.stations[index].fleet.paid() as f64, f64::from(batch.trials))
        };
        scaled(self.number(paid)?, 1.0 / (3_600.0 * NANO * self.scale))
    }

    /// What the controller of a station asked for over time, in bins of a width in seconds.
    pub(super) fn fleet_course(self, index: usize, bin: f64) -> Vec<FleetPoint> {
        let asked = |batch: &Batch, at: usize| batch.fleets.get(index)?.get(at).copied();
        let batches = &self.records.batches;
        let bins = batches.iter().filter_map(|batch| Some(batch.fleets.get(index)?.len())).max();
        let point = |at: usize| {
            let asked = self.number(|batch| {
                let time = f64::from(batch.trials) * bin * self.scale * NANO;
                (asked(batch, at).unwrap_or(0) as f64, time)
            })?;
            Some(FleetPoint { at: (at as f64 + 0.5) * bin, asked })
        };
        (0..bins.unwrap_or(0)).filter_map(point).collect()
    }

    /// How it went over time, in bins of a width in seconds of the document.
    pub(super) fn series(self, bin: f64) -> Vec<SeriesPoint> {
        let bins = self.records.batches.iter().map(|batch| batch.series.len()).max().unwrap_or(0);
        let point = |index: usize| {
            let time = |batch: &Batch| f64::from(batch.trials) * bin * self.scale * NANO;
            let count = |of: fn(&super::record::Stretch) -> u64| {
                self.rate(move |batch| (batch.series.get(index).map_or(0, of) as f64, time(batch)))
            };
            let stretches = self.records.batches.iter().filter_map(|batch| batch.series.get(index));
            let pooled = Pooled::of(stretches.map(|stretch| &stretch.latencies));
            Some(SeriesPoint {
                at: (index as f64 + 0.5) * bin,
                offered: count(|stretch| stretch.offered)?,
                good: count(|stretch| stretch.good)?,
                p50: self.percentile(&pooled, 0.5),
                p95: self.percentile(&pooled, 0.95),
            })
        };
        (0..bins).filter_map(point).collect()
    }
}

/// The response times of all classes.
fn all(batch: &Batch) -> Histogram {
    let mut all = Histogram::default();
    for latencies in &batch.tally.latencies {
        all.merge(latencies);
    }
    all
}

/// A figure in another unit; none where it is no number.
fn scaled(observed: Figure, factor: f64) -> Option<Figure> {
    let value = observed.value * factor;
    let (low, high) = (observed.low * factor, observed.high * factor);
    value.is_finite().then_some(Figure { value, low, high })
}
