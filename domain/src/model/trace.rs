//! The rates of a model from a trace.

use super::Point;
use crate::trace::{Header, Trace, TraceFaults};
use crate::units::Seconds;

/// Rows of a trace.
const ROWS: usize = 100_000;
/// The largest rate.
const RATE_MOST: f64 = 1e12;

/// The points of a trace: rates hold until the next row; of counts, what came is spread evenly over
/// the time until the next one. A first row of the calendar is at 0.
pub(super) fn points(text: &str) -> Result<Vec<Point>, String> {
    let trace = Trace::read(text, Header::Optional).map_err(|faults| told(&faults))?;
    if trace.rows.len() > ROWS {
        return Err(format!("has more than {ROWS} rows"));
    }
    let start = if trace.dated { trace.rows[0].0 } else { 0.0 };
    let mut points = Vec::new();
    let mut add = |moment: f64, rate: f64| {
        if rate > RATE_MOST {
            return Err(format!("has a rate of {rate:.1e} a second, above 1e12"));
        }
        let at = Seconds::new(moment - start).map_err(|fault| fault.to_string())?;
        points.push(Point { at, rate });
        Ok(())
    };
    if !trace.counts {
        for (moment, rate) in &trace.rows {
            add(*moment, *rate)?;
        }
        return Ok(points);
    }
    if trace.rows.len() < 2 {
        return Err("holds one count alone, of a time that nothing says".to_owned());
    }
    let pieces = trace.pieces();
    let next = pieces.iter().skip(1).map(|piece| piece.from).chain([f64::INFINITY]);
    for (piece, next) in pieces.iter().zip(next) {
        add(piece.from, piece.rate)?;
        if piece.to < next {
            add(piece.to, 0.0)?;
        }
    }
    Ok(points)
}

fn told(faults: &TraceFaults) -> String {
    let first = &faults.told[0];
    let more = match faults.count {
        1 => String::new(),
        count => format!("; it has {} more faults", count - 1),
    };
    format!("cannot be read: line {}: {}{more}", first.line, first.message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(f64, f64)> {
        let points = points(text).unwrap();
        points.iter().map(|point| (point.at.value(), point.rate)).collect()
    }

    #[test]
    fn rates_hold_and_counts_are_spread() {
        assert_eq!(found("seconds,rate\n0,1.5\n\n60, 7\n"), [(0.0, 1.5), (60.0, 7.0)]);
        let dated = "time,rps\n2026-01-01T00:00:10Z,1.5\n2026-01-01T00:01:10Z, 7\n";
        assert_eq!(found(dated), [(0.0, 1.5), (60.0, 7.0)]);
        let counts = "seconds,requests\n0,120\n60,60\n120,0\n";
        assert_eq!(found(counts), [(0.0, 2.0), (60.0, 1.0), (120.0, 0.0), (180.0, 0.0)]);
    }

    #[test]
    fn what_is_no_trace_is_refused() {
        for bad in ["", "seconds,rate", "0;1", "0,nan", "0,-1", "0,1e14", "seconds,requests\n0,1"] {
            assert!(points(bad).is_err(), "{bad}");
        }
    }
}
