//! A stretch of time along an axis, in one unit.

/// The time across, in one unit that suits its end, so that it is divided evenly.
pub(super) struct Span {
    /// Where it ends, in that unit.
    pub(super) end: f64,
    /// What the unit is called.
    pub(super) unit: &'static str,
    /// How many seconds it has.
    pub(super) seconds: f64,
}

impl Span {
    /// For an end in seconds.
    pub(super) fn of(end: f64) -> Self {
        let (unit, seconds) = match end {
            _ if end < 1e-3 => ("microseconds", 1e-6),
            _ if end < 1.0 => ("milliseconds", 1e-3),
            _ if end < 300.0 => ("seconds", 1.0),
            _ if end < 10_800.0 => ("minutes", 60.0),
            _ if end < 432_000.0 => ("hours", 3_600.0),
            _ => ("days", 86_400.0),
        };
        Self { end: (end / seconds).max(1e-9), unit, seconds }
    }
}
