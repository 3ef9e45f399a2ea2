//! A trace: what came when, from the text of a CSV file.
//!
//! The first column is a timestamp (`2026-06-22T00:01:00Z`) or a number of seconds; the second, by
//! its name, a count of the requests since that moment or a rate of them a second. Further columns
//! are not read; empty lines and lines that start with `#` are passed over.

use jiff::Timestamp;

/// Names of a column of moments.
const MOMENTS: [&str; 3] = ["timestamp", "time", "seconds"];
/// Names of a column of counts.
const COUNTS: [&str; 4] = ["requests", "count", "value", "pageviews"];
/// Names of a column of rates, in requests a second.
const RATES: [&str; 3] = ["requests_per_second", "rate", "rps"];
/// Faults that are told one by one.
const TOLD: usize = 10;
/// The largest count, and the largest rate.
const NUMBER_MOST: f64 = 1e15;

/// What is wrong with one line of a trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineFault {
    /// From 1.
    pub line: u64,
    /// What.
    pub message: String,
}

/// Everything that is wrong with a trace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TraceFaults {
    /// How many faults there are.
    pub count: usize,
    /// The first of them.
    pub told: Vec<LineFault>,
}

/// Rows of a trace, each later than the one before it; at least one.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// A moment in seconds, and what came from then on.
    pub rows: Vec<(f64, f64)>,
    /// Whether the numbers are counts; rates in requests a second otherwise.
    pub counts: bool,
    /// Whether the first moment is one of the calendar; they are seconds from some start otherwise.
    pub dated: bool,
}

/// A span of constant load.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Piece {
    /// The moment at which it begins, in seconds.
    pub from: f64,
    /// The moment at which it ends.
    pub to: f64,
    /// Requests a second.
    pub rate: f64,
}

/// Whether a trace says in a first line what its columns are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Header {
    /// It must.
    Due,
    /// Where it does not, they are seconds and rates.
    Optional,
}

impl Trace {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// All faults of the text, with their lines.
    pub fn read(text: &str, header: Header) -> Result<Self, TraceFaults> {
        let mut reader = Reader { header, ..Reader::default() };
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let lines = (1..).zip(text.lines().map(str::trim));
        for (line, content) in lines.filter(|(_, text)| !text.is_empty() && !text.starts_with('#'))
        {
            let cells: Vec<&str> = content.split(',').map(cell).collect();
            reader.line(line, &cells);
        }
        let Reader { rows, mut faults, counts, dated, .. } = reader;
        if faults.count == 0 && rows.is_empty() {
            faults.note(1, "there is no row".to_owned());
        }
        if faults.count > 0 { Err(faults) } else { Ok(Self { rows, counts, dated }) }
    }

    /// What rows are usually apart, in seconds; for ever where there is one alone.
    pub fn usual_gap(&self) -> f64 {
        let gap = |pair: &[(f64, f64)]| pair[1].0 - pair[0].0;
        let mut gaps: Vec<f64> = self.rows.windows(2).map(gap).collect();
        gaps.sort_by(f64::total_cmp);
        gaps.get(gaps.len() / 2).copied().unwrap_or(f64::INFINITY)
    }

    /// The rows as spans, each until the next one, but none longer than twice what rows are usually
    /// apart: a gap is a time without requests.
    pub fn pieces(&self) -> Vec<Piece> {
        let usual = self.usual_gap();
        let next = self.rows.iter().skip(1).map(|(moment, _)| *moment).chain([f64::INFINITY]);
        let piece = |((from, number), next): (&(f64, f64), f64)| {
            let length = if next - from > 2.0 * usual { usual } else { next - from };
            let rate = if self.counts { number / length } else { *number };
            Piece { from: *from, to: from + length, rate }
        };
        self.rows.iter().zip(next).map(piece).collect()
    }
}

/// Seconds within which counts are compared.
const MINUTE: f64 = 60.0;
/// Rows of a minute that say something of its bursts.
const ROWS_LEAST: usize = 3;
/// Standard errors by which an index of dispersion has to differ from that of a Poisson stream.
const SURE: f64 = 3.0;
/// The largest index of dispersion that is taken from a trace.
const DISPERSION_MOST: f64 = 1e4;

impl Trace {
    /// How bursty it is within minutes: the index of dispersion of the counts of its rows, variance
    /// over mean about the mean of their own minute (Cox and Lewis, "The statistical analysis of
    /// series of events", 1966), pooled over all minutes with three rows at least. It is 1 for a
    /// Poisson stream, and where the difference from that may be chance. None where rows are too
    /// far apart to tell.
    pub fn dispersion(&self) -> Option<f64> {
        let usual = self.usual_gap();
        let (mut squares, mut expected, mut degrees) = (0.0, 0.0, 0.0);
        let pieces = self.pieces();
        let like = |piece: &&Piece| {
            let length = piece.to - piece.from;
            (length - usual).abs() <= 1e-6 * usual && piece.to <= end_of_minute(piece.from) + 1e-6
        };
        let like: Vec<&Piece> = pieces.iter().filter(like).collect();
        for rows in like.chunk_by(|one, next| next.from < end_of_minute(one.from)) {
            if rows.len() < ROWS_LEAST {
                continue;
            }
            let count = |piece: &&Piece| piece.rate * usual;
            let mean = rows.iter().map(count).sum::<f64>() / rows.len() as f64;
            squares += rows.iter().map(|row| (count(row) - mean).powi(2)).sum::<f64>();
            expected += mean * (rows.len() - 1) as f64;
            degrees += (rows.len() - 1) as f64;
        }
        if expected <= 0.0 {
            return None;
        }
        let index = squares / expected;
        let chance = 1.0 + SURE * (2.0 / degrees).sqrt();
        Some(if index <= chance { 1.0 } else { index.min(DISPERSION_MOST) })
    }
}

/// The end of the minute that a moment lies in.
fn end_of_minute(moment: f64) -> f64 {
    ((moment / MINUTE).floor() + 1.0) * MINUTE
}

impl TraceFaults {
    /// Notes a fault.
    pub fn note(&mut self, line: u64, message: String) {
        self.count += 1;
        if self.told.len() < TOLD {
            self.told.push(LineFault { line, message });
        }
    }
}

struct Reader {
    header: Header,
    /// How many cells a row has, once the first line is read.
    columns: Option<usize>,
    rows: Vec<(f64, f64)>,
    faults: TraceFaults,
    counts: bool,
    dated: bool,
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            header: Header::Due,
            columns: None,
            rows: Vec::new(),
            faults: TraceFaults::default(),
            counts: false,
            dated: false,
        }
    }
}

impl Reader {
    fn line(&mut self, line: u64, cells: &[&str]) {
        match self.columns {
            None => {
                self.columns = Some(cells.len());
                let plain = cells.iter().all(|cell| cell.parse::<f64>().is_ok());
                if self.header == Header::Due || !plain {
                    return self.head(line, cells);
                }
            }
            Some(columns) if columns != cells.len() => {
                let message = "this row has another number of columns".to_owned();
                return self.faults.note(line, message);
            }
            Some(_) => {}
        }
        self.row(line, cells);
    }

    fn head(&mut self, line: u64, cells: &[&str]) {
        let named =
            |place: usize| cells.get(place).copied().unwrap_or_default().to_ascii_lowercase();
        if !MOMENTS.contains(&named(0).as_str()) {
            let message = format!("the first column is none of {}", MOMENTS.join(", "));
            self.faults.note(line, message);
        }
        self.counts = COUNTS.contains(&named(1).as_str());
        if !self.counts && !RATES.contains(&named(1).as_str()) {
            let (counts, rates) = (COUNTS.join(", "), RATES.join(", "));
            let message = format!(
                "the second column is neither a count ({counts}) nor a rate a second ({rates})"
            );
            self.faults.note(line, message);
        }
    }

    fn row(&mut self, line: u64, cells: &[&str]) {
        let cell = |place: usize| cells.get(place).copied().unwrap_or_default();
        let Some((moment, dated)) = moment(cell(0)) else {
            return self.faults.note(line, format!("`{}` is no moment", brief(cell(0))));
        };
        let number = cell(1).parse::<f64>().ok().filter(|it| (0.0..=NUMBER_MOST).contains(it));
        let Some(number) = number else {
            let message = format!("`{}` is no number of requests", brief(cell(1)));
            return self.faults.note(line, message);
        };
        if self.rows.last().is_some_and(|(before, _)| moment <= *before) {
            let message = "this row is not later than the one before it".to_owned();
            return self.faults.note(line, message);
        }
        self.dated |= dated && self.rows.is_empty();
        self.rows.push((moment, number));
    }
}

/// A cell without what stands around it.
fn cell(text: &str) -> &str {
    let text = text.trim();
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    inner.map_or(text, str::trim)
}

/// A moment in seconds, and whether it is one of the calendar.
fn moment(text: &str) -> Option<(f64, bool)> {
    let seconds = text.parse::<f64>().ok().filter(|seconds| seconds.abs() < 1e12);
    seconds.map(|seconds| (seconds, false)).or_else(|| {
        let stamp: Timestamp = text.parse().ok()?;
        Some((stamp.as_millisecond() as f64 / 1e3, true))
    })
}

/// A cell as a message quotes it.
fn brief(text: &str) -> String {
    text.chars().take(40).map(|letter| if letter.is_control() { '?' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_is_two_columns_and_says_of_what() {
        let found = Trace::read("seconds,rate\n# night\n0,1.5\n\n60, 7\n", Header::Due).unwrap();
        assert_eq!(
            found,
            Trace { rows: vec![(0.0, 1.5), (60.0, 7.0)], counts: false, dated: false }
        );
        let text = "\u{feff}timestamp,\"requests\"\n2026-01-01T00:00:00Z,600\n";
        let found = Trace::read(text, Header::Due).unwrap();
        assert!(found.counts && found.dated && found.rows.len() == 1);
        let plain = "0,1.5\n60,7\n";
        assert!(Trace::read(plain, Header::Optional).is_ok());
        assert!(Trace::read(plain, Header::Due).is_err());
    }

    #[test]
    fn a_gap_is_a_time_without_requests() {
        let trace = Trace::read("seconds,requests\n0,60\n60,60\n120,60\n3600,60\n", Header::Due);
        let ends: Vec<f64> = trace.unwrap().pieces().iter().map(|piece| piece.to).collect();
        assert_eq!(ends, [60.0, 120.0, 180.0, 3_660.0]);
    }

    /// Rows of a second each, with these counts in turn.
    fn seconds(counts: &[u32]) -> Option<f64> {
        let rows = (0..600).map(|second| format!("{second},{}\n", counts[second % counts.len()]));
        let text = format!("seconds,requests\n{}", rows.collect::<String>());
        Trace::read(&text, Header::Due).unwrap().dispersion()
    }

    #[test]
    fn bursts_within_minutes_are_told_from_chance() {
        // Five seconds with 20 and one with 80: a mean of 30, and 500 about it.
        let index = seconds(&[20, 20, 20, 20, 20, 80]).unwrap();
        assert!((index - 500.0 / 30.0 * 60.0 / 59.0).abs() < 1e-9, "{index}");
        assert_eq!(seconds(&[30]), Some(1.0));
        // As much as a Poisson stream has.
        assert_eq!(seconds(&[25, 35, 25, 35]), Some(1.0));
        let minutes = "seconds,requests\n0,10\n60,900\n120,10\n180,900\n";
        assert_eq!(Trace::read(minutes, Header::Due).unwrap().dispersion(), None);
    }

    #[test]
    fn all_faults_are_told_with_their_lines() {
        let text = "when,what\n0,1\nx,1\n5,-1\n3,nan\n4,1\n4,1\n";
        let faults = Trace::read(text, Header::Due).unwrap_err();
        let lines: Vec<u64> = faults.told.iter().map(|fault| fault.line).collect();
        assert_eq!(lines, [1, 1, 3, 4, 5, 7]);
        for bad in ["", "seconds,rate", "0;1", "0,nan", "0,-1", "0,1e400", "a,b", "0,1,2\n1,1"] {
            assert!(Trace::read(bad, Header::Optional).is_err(), "{bad}");
        }
        let many = "x,y\n".repeat(1_000);
        let faults = Trace::read(&many, Header::Due).unwrap_err();
        assert!(faults.count > 900 && faults.told.len() == TOLD);
    }
}
