//! Spans of time in words, in the largest unit that leaves no fraction: "15min", "800ms".

use super::Seconds;

const UNITS: [(f64, &str); 5] =
    [(86_400.0, "d"), (3_600.0, "h"), (60.0, "min"), (1.0, "s"), (1e-3, "ms")];

/// A span of time in words, which reads again as the same span to the millisecond: "15min".
pub fn span(time: Seconds) -> String {
    let seconds = (time.value() * 1e3).round() / 1e3;
    if seconds <= 0.0 {
        return "0s".to_owned();
    }
    let whole = |(unit, _): &&(f64, &str)| {
        let count = seconds / unit;
        count >= 1.0 && (count - count.round()).abs() < 1e-9
    };
    match UNITS.iter().find(whole) {
        Some((unit, name)) => format!("{:.0}{name}", seconds / unit),
        None => format!("{seconds}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::read::Reading;
    use super::*;

    #[test]
    fn a_span_reads_again_as_itself() {
        for (seconds, text) in [
            (0.0, "0s"),
            (0.8, "800ms"),
            (1.2, "1200ms"),
            (60.0, "1min"),
            (900.0, "15min"),
            (5_400.0, "90min"),
            (86_400.0, "1d"),
        ] {
            assert_eq!(span(Seconds::of(seconds)), text);
            assert_eq!(Seconds::read(text).unwrap(), Seconds::of(seconds), "{text}");
        }
    }
}
