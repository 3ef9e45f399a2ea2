//! What a generator needs and no outcome depends on: settled here once, so that no generator has
//! to decide it. None of these numbers enters the model or the bill.

/// Addresses of the system's own network, from the private range of RFC 1918.
pub(super) const VPC_CIDR: &str = "10.0.0.0/16";

/// Zones for which the address plan has room: more than any region has.
pub(super) const MOST_ZONES: u8 = 16;

/// The oldest TLS that the edge speaks; RFC 8996 retires what is older.
pub(super) const TLS_MIN: &str = "1.2";

/// The edge closes an idle connection after a minute, the usual time of managed balancers.
pub const IDLE_TIMEOUT_US: u64 = 60_000_000;

/// The time that a leaving instance has for what it works on, where no autoscaler states one.
pub const DRAIN_US: u64 = 30_000_000;

/// Backups are kept for a week, so that a fault of a Friday can be taken back on a Monday.
pub const BACKUP_DAYS: u32 = 7;

/// Backups are taken at night for most of Europe and late in the evening for America.
pub(super) const BACKUP_WINDOW_UTC: &str = "03:00-04:00";

/// A rollout adds a quarter of the fleet at a time: four steps, whatever its size.
pub fn rollout_surge(peak: u32) -> u32 {
    peak.div_ceil(4).max(1)
}
