//! A recorded load, from CSV, as a day of load.
//!
//! A row holds until the next, but no longer than rows usually are apart: a gap is a time without
//! requests. Of a trace that is longer than a day the day with the busiest minute is taken; a
//! shorter one is repeated until the day is full.

use domain::demand::{DayProfile, Demand};
use domain::trace::{self, Header, Piece};
use domain::units::{Ratio, RequestsPerSecond, Seconds};
use miette::Diagnostic;
use reports::judged::Recorded;
use simulator::Minute;
use thiserror::Error;

/// Minutes of a day: the steps of the profile.
const MINUTES: usize = 1_440;
/// Seconds of a day.
const DAY: f64 = 86_400.0;
/// Days beyond which nobody looks for the busiest.
const DAYS_MAX: f64 = 3_660.0;
/// Seconds of a trace that says something of a day.
const SHORTEST: f64 = 600.0;
/// Requests a second that no system is asked for.
const RATE_MOST: f64 = 1e9;

/// What is wrong with one line of a trace.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
#[error("{name}, line {line}: {message}")]
#[diagnostic(
    code(trace::line),
    help("correct the line: a moment later than the one before it, and what came from then on")
)]
pub struct LineFault {
    /// The file.
    name: String,
    /// From 1.
    line: u64,
    /// What.
    message: String,
}

/// Why a text is not a trace.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum TraceFaults {
    /// Lines that cannot be read.
    #[error("{name} is not a trace: {count} {}", if *count == 1 { "fault" } else { "faults" })]
    #[diagnostic(
        code(trace::form),
        help(
            "write a header such as `timestamp,requests` or `seconds,requests_per_second`, and at \
             least two rows in the order of time"
        )
    )]
    Lines {
        /// The file.
        name: String,
        /// How many faults there are.
        count: usize,
        /// The first of them.
        #[related]
        faults: Vec<LineFault>,
    },
    /// What can be read is no day of load.
    #[error("{name} {message}")]
    #[diagnostic(
        code(trace::load),
        help("give at least ten minutes of a load of at most 1e9 requests a second")
    )]
    Load {
        /// The file.
        name: String,
        /// Why not.
        message: String,
    },
}

/// A day of load.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Trace {
    /// Its shape, by the minute.
    day: DayProfile,
    /// From its first row to the end of its last one.
    length: f64,
    /// Its busiest minute.
    peak: RequestsPerSecond,
    /// Its mean.
    mean: RequestsPerSecond,
    /// How bursty it is within a minute, where its rows tell.
    dispersion: Option<f64>,
    /// Its busiest minute second by second, where it has bursts.
    pub(crate) minute: Option<Minute>,
}

impl Trace {
    /// Reads the text of a file of that name.
    ///
    /// # Errors
    /// All faults of the text, with their lines.
    pub(crate) fn read(name: &str, text: &str) -> Result<Self, TraceFaults> {
        let rows = trace::Trace::read(text, Header::Due).map_err(|faults| lines(name, faults))?;
        let refused = |message: String| TraceFaults::Load { name: name.to_owned(), message };
        if rows.rows.len() < 2 {
            return Err(refused("has one row alone".to_owned()));
        }
        let pieces = rows.pieces();
        let length = pieces[pieces.len() - 1].to - pieces[0].from;
        if length < SHORTEST {
            return Err(refused(format!("spans {length} seconds")));
        }
        let days = length / DAY;
        if days > DAYS_MAX {
            return Err(refused(format!("spans {days:.0} days, more than ten years")));
        }
        let (whole, start) = busiest_day(&pieces);
        let peak = whole.iter().copied().fold(0.0, f64::max);
        if peak <= 0.0 {
            return Err(refused("has no request at all".to_owned()));
        }
        if peak > RATE_MOST {
            return Err(refused(format!("has {peak:.1e} requests a second in a minute")));
        }
        let dispersion = rows.dispersion();
        let busiest = whole.iter().position(|rate| *rate >= peak).unwrap_or(0);
        let seconds = means(&pieces, start + busiest as f64 * 60.0, 1.0, 60);
        let seconds = <[f64; 60]>::try_from(seconds).ok().and_then(|seconds| Minute::new(&seconds));
        let fraction = |rate: &f64| Ratio::of((rate / peak).min(1.0));
        Ok(Self {
            day: DayProfile { fractions: whole.iter().map(fraction).collect() },
            length,
            peak: RequestsPerSecond::of(peak),
            mean: RequestsPerSecond::of(whole.iter().sum::<f64>() / MINUTES as f64),
            dispersion,
            minute: seconds.filter(|_| dispersion.is_some_and(|index| index > 1.0)),
        })
    }

    /// What is said of it: its file, and the digest of that.
    pub(crate) fn recorded(&self, file: String, digest: String) -> Recorded {
        let length = Seconds::of(self.length);
        let (peak, mean, dispersion) = (self.peak, self.mean, self.dispersion);
        Recorded { file, digest, length, peak, mean, dispersion }
    }

    /// The demand with this load in place of its own.
    pub(crate) fn replace(self, demand: &mut Demand) {
        demand.load.users = None;
        demand.load.reading = format!("a trace of up to {:.1} requests/s", self.peak.value());
        demand.load.peak = self.peak;
        demand.load.mean = self.mean;
        demand.day = self.day;
        // A recorded day is one of 24 hours, and judged as such.
        demand.hours = None;
    }
}

fn lines(name: &str, faults: trace::TraceFaults) -> TraceFaults {
    let fault = |fault: trace::LineFault| LineFault {
        name: name.to_owned(),
        line: fault.line,
        message: fault.message,
    };
    TraceFaults::Lines {
        name: name.to_owned(),
        count: faults.count,
        faults: faults.told.into_iter().map(fault).collect(),
    }
}

/// The mean rate in each minute of the day with the busiest one, and when that day begins.
fn busiest_day(pieces: &[Piece]) -> (Vec<f64>, f64) {
    let (start, end) = (pieces[0].from, pieces[pieces.len() - 1].to);
    if end - start < DAY {
        return (repeated(pieces, start, end - start), start);
    }
    // Whole days from midnight on, where there is one; else the first day from the first row on.
    let midnight = (start / DAY).ceil() * DAY;
    let first = if end - midnight >= DAY { midnight } else { start };
    let days = ((end - first) / DAY).floor().max(1.0);
    let mut best: (Vec<f64>, f64) = (Vec::new(), first);
    let mut best_peak = -1.0;
    let mut from = first;
    let mut rest = pieces;
    while from + DAY <= first + days * DAY {
        let day = means(rest, from, 60.0, MINUTES);
        let peak = day.iter().copied().fold(0.0, f64::max);
        if peak > best_peak {
            (best, best_peak) = ((day, from), peak);
        }
        from += DAY;
        rest = &rest[rest.iter().position(|piece| piece.to > from).unwrap_or(rest.len())..];
    }
    best
}

/// A short trace, one time after the other.
fn repeated(pieces: &[Piece], start: f64, length: f64) -> Vec<f64> {
    let once = means(pieces, start, 60.0, MINUTES);
    let count = (length / 60.0).ceil().max(1.0);
    let own = (0..MINUTES).take_while(|minute| (*minute as f64) < count).count();
    (0..MINUTES).map(|minute| once[minute % own]).collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a minute of the day, which is no earlier than its start"
)]
/// The mean rate in each of so many spans of a width in seconds; one at the end of a trace counts
/// by its part.
fn means(pieces: &[Piece], start: f64, width: f64, count: usize) -> Vec<f64> {
    let whole = width * count as f64;
    let mut sums = vec![(0.0, 0.0); count];
    for piece in pieces.iter().take_while(|piece| piece.from < start + whole) {
        let (from, to) = (piece.from.max(start) - start, piece.to.min(start + whole) - start);
        if to <= from {
            continue;
        }
        let touched = (0..count).skip((from / width).floor().max(0.0) as usize);
        for span in touched.take_while(|span| (*span as f64) * width < to) {
            let (low, high) = (span as f64 * width, (span + 1) as f64 * width);
            let part = high.min(to) - low.max(from);
            sums[span].0 += part * piece.rate;
            sums[span].1 += part;
        }
    }
    sums.into_iter().map(|(sum, time)| if time > 0.0 { sum / time } else { 0.0 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9 * expected.max(1.0), "{found} for {expected}");
    }

    #[test]
    fn counts_are_divided_by_their_span_and_short_traces_repeat() {
        let row = |minute: u32| format!("{},{}\n", minute * 60, 600 * (1 + minute % 2));
        let text = format!("seconds,requests\n{}", (0..10).map(row).collect::<String>());
        let trace = Trace::read("trace", &text).unwrap();
        close(trace.peak.value(), 20.0);
        close(trace.mean.value(), 15.0);
        assert_eq!(trace.day.fractions.len(), MINUTES);
        close(trace.day.fractions[0].value(), 0.5);
        close(trace.day.fractions[1].value(), 1.0);
        close(trace.day.fractions[12].value(), 0.5);
    }

    #[test]
    fn of_several_days_the_busiest_is_taken() {
        use std::fmt::Write as _;
        let mut text = "seconds,rate\n".to_owned();
        for hour in 0..72 {
            let rate = if hour == 30 { 90 } else { 10 + hour / 24 };
            writeln!(text, "{},{rate}", hour * 3_600).unwrap();
        }
        let trace = Trace::read("trace", &text).unwrap();
        close(trace.peak.value(), 90.0);
        // Hour 30 is the sixth of the second day, on which all others have 11.
        close(trace.day.fractions[6 * 60].value(), 1.0);
        close(trace.mean.value(), (23.0 * 11.0 + 90.0) / 24.0);
    }

    #[test]
    fn a_gap_is_a_time_without_requests() {
        let text = "seconds,requests\n0,60\n60,60\n120,60\n3600,60\n3660,60\n";
        let trace = Trace::read("trace", text).unwrap();
        close(trace.day.fractions[2].value(), 1.0);
        close(trace.day.fractions[3].value(), 0.0);
        close(trace.day.fractions[60].value(), 1.0);
    }

    #[test]
    fn a_trace_by_the_second_has_its_busiest_minute() {
        let rows = |burst: u32| {
            let row = |second: u32| {
                let base = if second / 60 == 7 { 30 } else { 20 };
                format!("{second},{}\n", if second % 20 == 3 { burst } else { base })
            };
            let text = format!("seconds,requests\n{}", (0..900).map(row).collect::<String>());
            Trace::read("trace", &text).unwrap()
        };
        let bursty = rows(300);
        close(bursty.peak.value(), (57.0 * 30.0 + 3.0 * 300.0) / 60.0);
        assert!(bursty.dispersion.unwrap() > 10.0);
        let mut seconds = [30.0; 60];
        for second in [3, 23, 43] {
            seconds[second] = 300.0;
        }
        assert_eq!(bursty.minute, Minute::new(&seconds));
        assert_eq!(rows(20).minute, None);
    }

    #[test]
    fn faults_name_the_file_and_the_line() {
        let fault = Trace::read("day.csv", "seconds,rate\n0,1\nx,1\n").unwrap_err();
        let TraceFaults::Lines { faults, .. } = &fault else { panic!("{fault}") };
        assert_eq!(faults[0].to_string(), "day.csv, line 3: `x` is no moment");
    }

    #[test]
    fn what_is_no_load_of_a_day_is_refused() {
        for (text, said) in [
            ("seconds,rate\n0,1\n", "one row"),
            ("seconds,rate\n0,0\n600,0\n", "no request"),
            ("seconds,rate\n0,1\n1,1\n2,1\n", "spans 3 seconds"),
            ("seconds,rate\n0,1\n1e11,1\n", "ten years"),
            ("seconds,rate\n0,1e12\n600,1\n", "1.0e12 requests a second"),
        ] {
            let fault = Trace::read("day.csv", text).unwrap_err().to_string();
            assert!(fault.starts_with("day.csv ") && fault.contains(said), "{fault}");
        }
    }
}
