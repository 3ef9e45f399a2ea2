//! A trace: rates over time in a CSV file.

use super::Point;
use crate::units::Seconds;

/// Lines of a trace.
const LINES: usize = 100_000;

/// The points of a trace: two columns, `seconds` and `rate`, the names in the first line or left
/// out; empty lines and lines that start with `#` are passed over.
pub(super) fn points(text: &str) -> Result<Vec<Point>, String> {
    let mut points = Vec::new();
    let lines = (1..).zip(text.lines().map(str::trim));
    let lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    for (place, (number, line)) in lines.enumerate() {
        if place == 0 && line.replace([' ', '"'], "") == "seconds,rate" {
            continue;
        }
        if points.len() == LINES {
            return Err(format!("has more than {LINES} lines"));
        }
        let numbers = line.split_once(',').and_then(|(at, rate)| Some((plain(at)?, plain(rate)?)));
        let Some((at, rate)) = numbers else {
            return Err(format!("has no two plain numbers in line {number}"));
        };
        points.push(Point { at: Seconds::new(at).map_err(|fault| fault.to_string())?, rate });
    }
    if points.is_empty() { Err("holds no rate".to_owned()) } else { Ok(points) }
}

/// A number that is finite, not negative and not absurd.
fn plain(text: &str) -> Option<f64> {
    let number: f64 = text.trim().trim_matches('"').parse().ok()?;
    (0.0..=1e12).contains(&number).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_is_two_columns() {
        let found = points("seconds,rate\n# night\n0,1.5\n\n60, 7\n").unwrap();
        let rates: Vec<f64> = found.iter().map(|point| point.rate).collect();
        assert_eq!(rates, [1.5, 7.0]);
        for bad in ["", "seconds,rate", "0;1", "0,nan", "0,-1", "0,1e400", "a,b"] {
            assert!(points(bad).is_err(), "{bad}");
        }
    }
}
