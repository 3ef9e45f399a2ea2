//! A recorded load, from CSV: moments and what came until the next one.
//!
//! The first column is a timestamp (`2026-06-22T00:01:00Z`) or a number of seconds; the second, by
//! its name, a count of the requests since that moment or a rate of them. Further columns are not
//! read. A row holds until the next, but no longer than rows usually are apart: a gap is a time
//! without requests. Of a trace that is longer than a day the day with the busiest minute is
//! taken; a shorter one is repeated until the day is full.

use domain::demand::{DayProfile, Demand};
use domain::units::{Ratio, RequestsPerSecond};
use jiff::Timestamp;
use miette::Diagnostic;
use thiserror::Error;

/// Minutes of a day: the steps of the profile.
const MINUTES: usize = 1_440;
/// Seconds of a day.
const DAY: f64 = 86_400.0;
/// Days beyond which nobody looks for the busiest.
const DAYS_MAX: f64 = 3_660.0;
/// Faults that are told one by one.
const TOLD: usize = 10;
/// Names of a column of moments.
const MOMENTS: [&str; 3] = ["timestamp", "time", "seconds"];
/// Names of a column of counts.
const COUNTS: [&str; 4] = ["requests", "count", "value", "pageviews"];
/// Names of a column of rates, in requests a second.
const RATES: [&str; 3] = ["requests_per_second", "rate", "rps"];

/// What is wrong with one line of a trace.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
#[error("line {line}: {message}")]
#[diagnostic(code(trace::line))]
pub struct LineFault {
    /// From 1.
    line: u64,
    /// What.
    message: String,
}

/// Why a text is not a trace.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
#[error("{name} is not a trace: {count} {}", if *count == 1 { "fault" } else { "faults" })]
#[diagnostic(
    code(trace::form),
    help(
        "write a header such as `timestamp,requests` or `seconds,requests_per_second`, and at \
         least two rows in the order of time"
    )
)]
pub struct TraceFaults {
    /// The file.
    name: String,
    /// How many faults there are.
    count: usize,
    /// The first of them.
    #[related]
    faults: Vec<LineFault>,
}

/// A day of load.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Trace {
    /// Its shape, by the minute.
    day: DayProfile,
    /// Its busiest minute.
    peak: RequestsPerSecond,
    /// Its mean.
    mean: RequestsPerSecond,
}

impl Trace {
    /// Reads the text of a file of that name.
    ///
    /// # Errors
    /// All faults of the text, with their lines.
    pub(crate) fn read(name: &str, text: &str) -> Result<Self, TraceFaults> {
        let mut reader = RowReader::default();
        reader.read(text);
        let RowReader { rows, mut faults, counts } = reader;
        if faults.is_empty() && rows.len() < 2 {
            faults.push(LineFault { line: 1, message: "there are fewer than two rows".to_owned() });
        }
        if faults.is_empty() {
            let days = (rows[rows.len() - 1].0 - rows[0].0) / DAY;
            if days > DAYS_MAX {
                let message = format!("the rows span {days:.0} days, more than ten years");
                faults.push(LineFault { line: 1, message });
            }
        }
        let whole =
            if faults.is_empty() { busiest_day(&pieces(&rows, counts)) } else { Vec::new() };
        let peak = whole.iter().copied().fold(0.0, f64::max);
        if faults.is_empty() && peak <= 0.0 {
            faults.push(LineFault { line: 1, message: "no request ever comes".to_owned() });
        }
        if !faults.is_empty() {
            let count = faults.len();
            faults.truncate(TOLD);
            return Err(TraceFaults { name: name.to_owned(), count, faults });
        }
        let fraction = |rate: &f64| Ratio::of((rate / peak).min(1.0));
        Ok(Self {
            day: DayProfile { fractions: whole.iter().map(fraction).collect() },
            peak: RequestsPerSecond::of(peak),
            mean: RequestsPerSecond::of(whole.iter().sum::<f64>() / MINUTES as f64),
        })
    }

    /// The demand with this load in place of its own.
    pub(crate) fn replace(self, demand: &mut Demand) {
        demand.load.users = None;
        demand.load.reading = format!("a trace of up to {:.1} requests/s", self.peak.value());
        demand.load.peak = self.peak;
        demand.load.mean = self.mean;
        demand.day = self.day;
    }
}

/// Rows of a moment in seconds and a number, with what is wrong with others.
#[derive(Default)]
struct RowReader {
    rows: Vec<(f64, f64)>,
    faults: Vec<LineFault>,
    /// Whether the numbers are counts; rates otherwise.
    counts: bool,
}

impl RowReader {
    fn read(&mut self, text: &str) {
        let mut reader =
            csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        match reader.headers() {
            Err(fault) => return self.fault(1, fault.to_string()),
            Ok(header) => self.header(&header.clone()),
        }
        for record in reader.records() {
            match record {
                Err(fault) => {
                    let line = fault.position().map_or(1, csv::Position::line);
                    self.fault(line, "this row has another number of columns".to_owned());
                }
                Ok(record) => self.row(&record),
            }
        }
    }

    fn fault(&mut self, line: u64, message: String) {
        self.faults.push(LineFault { line, message });
    }

    fn header(&mut self, header: &csv::StringRecord) {
        let named = |place: usize| header.get(place).unwrap_or_default().to_ascii_lowercase();
        if !MOMENTS.contains(&named(0).as_str()) {
            let known = MOMENTS.join(", ");
            self.fault(1, format!("the first column is none of {known}"));
        }
        self.counts = COUNTS.contains(&named(1).as_str());
        if !self.counts && !RATES.contains(&named(1).as_str()) {
            let (counts, rates) = (COUNTS.join(", "), RATES.join(", "));
            self.fault(
                1,
                format!(
                    "the second column is neither a count ({counts}) nor a rate a second ({rates})"
                ),
            );
        }
    }

    fn row(&mut self, record: &csv::StringRecord) {
        let line = record.position().map_or(1, csv::Position::line);
        let cell = |place: usize| record.get(place).unwrap_or_default();
        let Some(moment) = moment(cell(0)) else {
            return self.fault(line, format!("`{}` is no moment", brief(cell(0))));
        };
        let number = cell(1).parse::<f64>().ok().filter(|number| (0.0..=1e15).contains(number));
        let Some(number) = number else {
            return self.fault(line, format!("`{}` is no number of requests", brief(cell(1))));
        };
        if self.rows.last().is_some_and(|(before, _)| moment <= *before) {
            return self.fault(line, "this row is not later than the one before it".to_owned());
        }
        self.rows.push((moment, number));
    }
}

/// A moment in seconds.
fn moment(text: &str) -> Option<f64> {
    let seconds = text.parse::<f64>().ok().filter(|seconds| seconds.abs() < 1e12);
    seconds.or_else(|| {
        let stamp: Timestamp = text.parse().ok()?;
        Some(stamp.as_millisecond() as f64 / 1e3)
    })
}

/// A cell as a message quotes it.
fn brief(text: &str) -> String {
    text.chars().take(40).map(|letter| if letter.is_control() { '?' } else { letter }).collect()
}

/// A span of constant load.
struct Piece {
    from: f64,
    to: f64,
    /// Requests a second.
    rate: f64,
}

/// The rows as spans, none longer than twice what rows are usually apart.
fn pieces(rows: &[(f64, f64)], counts: bool) -> Vec<Piece> {
    let mut gaps: Vec<f64> = rows.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    gaps.sort_by(f64::total_cmp);
    let usual = gaps[gaps.len() / 2];
    let next = rows.iter().skip(1).map(|(moment, _)| *moment).chain([f64::INFINITY]);
    rows.iter()
        .zip(next)
        .map(|((from, number), next)| {
            let length = if next - from > 2.0 * usual { usual } else { next - from };
            let rate = if counts { number / length } else { *number };
            Piece { from: *from, to: from + length, rate }
        })
        .collect()
}

/// The mean rate in each minute of the day with the busiest one.
fn busiest_day(pieces: &[Piece]) -> Vec<f64> {
    let (start, end) = (pieces[0].from, pieces[pieces.len() - 1].to);
    if end - start < DAY {
        return repeated(pieces, start, end - start);
    }
    // Whole days from midnight on, where there is one; else the first day from the first row on.
    let midnight = (start / DAY).ceil() * DAY;
    let first = if end - midnight >= DAY { midnight } else { start };
    let days = ((end - first) / DAY).floor().max(1.0);
    let mut best: Vec<f64> = Vec::new();
    let mut best_peak = -1.0;
    let mut from = first;
    let mut rest = pieces;
    while from + DAY <= first + days * DAY {
        let day = minutes(rest, from);
        let peak = day.iter().copied().fold(0.0, f64::max);
        if peak > best_peak {
            (best, best_peak) = (day, peak);
        }
        from += DAY;
        rest = &rest[rest.iter().position(|piece| piece.to > from).unwrap_or(rest.len())..];
    }
    best
}

/// A short trace, one time after the other.
fn repeated(pieces: &[Piece], start: f64, length: f64) -> Vec<f64> {
    let once = minutes(pieces, start);
    let count = (length / 60.0).ceil().max(1.0);
    let own = (0..MINUTES).take_while(|minute| (*minute as f64) < count).count();
    (0..MINUTES).map(|minute| once[minute % own]).collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a minute of the day, which is no earlier than its start"
)]
/// The mean rate in each minute of a day; a minute at the end of a trace counts by its part.
fn minutes(pieces: &[Piece], start: f64) -> Vec<f64> {
    let mut sums = vec![(0.0, 0.0); MINUTES];
    for piece in pieces.iter().take_while(|piece| piece.from < start + DAY) {
        let (from, to) = (piece.from.max(start) - start, piece.to.min(start + DAY) - start);
        if to <= from {
            continue;
        }
        let touched = (0..MINUTES).skip((from / 60.0).floor().max(0.0) as usize);
        for minute in touched.take_while(|minute| (*minute as f64) * 60.0 < to) {
            let (low, high) = (minute as f64 * 60.0, (minute + 1) as f64 * 60.0);
            let part = high.min(to) - low.max(from);
            sums[minute].0 += part * piece.rate;
            sums[minute].1 += part;
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
        let text = "timestamp,requests\n2026-01-01T00:00:00Z,600\n2026-01-01T00:01:00Z,1200\n";
        let trace = Trace::read("trace", text).unwrap();
        close(trace.peak.value(), 20.0);
        close(trace.mean.value(), 15.0);
        assert_eq!(trace.day.fractions.len(), MINUTES);
        close(trace.day.fractions[0].value(), 0.5);
        close(trace.day.fractions[1].value(), 1.0);
        close(trace.day.fractions[2].value(), 0.5);
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
    fn all_faults_are_told_with_their_lines() {
        let text = "when,what\n0,1\nx,1\n5,-1\n3,nan\n4,1\n4,1\n";
        let faults = Trace::read("trace", text).unwrap_err();
        let lines: Vec<u64> = faults.faults.iter().map(|fault| fault.line).collect();
        assert_eq!(lines, [1, 1, 3, 4, 5, 7]);
        assert!(Trace::read("trace", "").is_err());
        assert!(Trace::read("trace", "seconds,rate\n0,0\n1,0\n").is_err());
        assert!(Trace::read("trace", "seconds,rate\n0,1\n1e11,1\n").is_err());
        assert!(Trace::read("trace", "seconds,rate\n0,1,2\n1,1\n").is_err());
    }
}
