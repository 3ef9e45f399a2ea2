//! What is plausible. A latency of 400 s is a slip of the unit, not a wish; saying so at once is
//! kinder than a plan for it. The bands are wide: they catch slips, they do not judge.

use crate::cdn::MOST_CACHEABLE;
use crate::units::{
    Availability, Bytes, Mebibytes, MicroDollars, Ratio, RequestsPerSecond, Seconds,
};

/// The range in which a value is believed.
pub(super) struct Band<T> {
    /// The least.
    pub(super) low: T,
    /// The most.
    pub(super) high: T,
    /// Both, in words.
    pub(super) range: &'static str,
}

const fn band<T>(low: T, high: T, range: &'static str) -> Band<T> {
    Band { low, high, range }
}

const fn uptime(ppm: u32) -> Availability {
    match Availability::from_ppm(ppm) {
        Ok(uptime) => uptime,
        Err(_) => panic!("an uptime of the program's own is below the whole"),
    }
}

const TIB: u64 = 1 << 20;

pub(super) const LATENCY: Band<Seconds> =
    band(Seconds::of(1e-3), Seconds::of(60.0), "1 ms to 60 s");
pub(super) const UPTIME: Band<Availability> =
    band(uptime(500_000), uptime(999_999), "50% to 99.9999%");
pub(super) const EXTERNAL_UPTIME: Band<Ratio> =
    band(Ratio::of(0.5), Ratio::of(0.999_999), "50% to 99.9999%");
pub(super) const EXTERNAL_LATENCY: Band<Seconds> =
    band(Seconds::of(1e-4), Seconds::of(60.0), "0.1 ms to 60 s");
pub(super) const USERS: Band<u64> = band(1, 1_000_000_000, "1 to 1,000,000,000");
pub(super) const RATE: Band<RequestsPerSecond> = band(
    RequestsPerSecond::of(1e-3),
    RequestsPerSecond::of(1e8),
    "0.001 to 100,000,000 requests/s",
);
pub(super) const THINK_TIME: Band<Seconds> =
    band(Seconds::of(0.1), Seconds::of(86_400.0), "100 ms to 1 day");
pub(super) const BUDGET: Band<MicroDollars> = band(
    MicroDollars::from_dollars(1),
    MicroDollars::from_dollars(1_000_000_000),
    "$1 to $1,000,000,000 a month",
);
pub(super) const SHARE: Band<Ratio> = band(Ratio::ZERO, Ratio::ONE, "0% to 100%");
pub(super) const POSITIVE_SHARE: Band<Ratio> = band(Ratio::of(1e-6), Ratio::ONE, "0.0001% to 100%");
pub(super) const CACHEABLE: Band<Ratio> =
    band(Ratio::of(1e-6), MOST_CACHEABLE, "0.0001% to 99.99%");
pub(super) const INSTANCES_DOWN: Band<u64> = band(0, 100, "0 to 100");
pub(super) const HORIZON: Band<Seconds> =
    band(Seconds::of(86_400.0), Seconds::of(315_360_000.0), "1 day to 10 years");
pub(super) const LOST: Band<Seconds> =
    band(Seconds::ZERO, Seconds::of(31_536_000.0), "0 s to 1 year");
pub(super) const AWAY: Band<Seconds> =
    band(Seconds::of(1.0), Seconds::of(31_536_000.0), "1 s to 1 year");
pub(super) const PEAK_TO_MEAN: Band<f64> = band(1.0, 100.0, "1 to 100");
pub(super) const PER_PAGE: Band<f64> = band(0.01, 10_000.0, "0.01 to 10,000");
pub(super) const RESPONSE: Band<Bytes> = band(Bytes::new(1), Bytes::new(1 << 30), "1 B to 1 GiB");
pub(super) const CPU_TIME: Band<Seconds> =
    band(Seconds::of(1e-6), Seconds::of(60.0), "1 us to 60 s");
pub(super) const SPREAD: Band<f64> = band(0.0, 20.0, "0 to 20");
pub(super) const MEMORY: Band<Mebibytes> =
    band(Mebibytes::ZERO, Mebibytes::new(24 * TIB), "0 to 24 TiB");
pub(super) const WORKING_SET: Band<Mebibytes> =
    band(Mebibytes::new(1), Mebibytes::new(24 * TIB), "1 MiB to 24 TiB");
pub(super) const STORAGE: Band<Mebibytes> =
    band(Mebibytes::new(1), Mebibytes::new(64 * TIB), "1 MiB to 64 TiB");
pub(super) const STARTUP: Band<Seconds> = band(Seconds::ZERO, Seconds::of(3_600.0), "0 to 1 h");
pub(super) const DRAIN: Band<Seconds> =
    band(Seconds::of(1.0), Seconds::of(86_400.0), "1 s to 1 day");
pub(super) const TIMEOUT: Band<Seconds> =
    band(Seconds::of(1e-3), Seconds::of(3_600.0), "1 ms to 1 h");
pub(super) const RETRIES: Band<u64> = band(0, 10, "0 to 10");
pub(super) const CALLS: Band<f64> = band(1e-6, 10_000.0, "0.000001 to 10,000");
pub(super) const LOOKUPS: Band<u64> = band(1, 10_000, "1 to 10,000");
pub(super) const IOPS: Band<f64> = band(1e-6, 1_000.0, "0.000001 to 1,000");
pub(super) const CONNECTIONS: Band<u64> = band(1, 100_000, "1 to 100,000");
pub(super) const PORT: Band<u64> = band(1, 65_535, "1 to 65535");
pub(super) const ZONES: Band<u64> = band(1, 6, "1 to 6");
pub(super) const REPLICAS: Band<u64> = band(1, 10_000, "1 to 10,000");
