//! Floors of outcomes beside the uptime: latencies, and what is lost with a database.

use super::Reader;
use super::clauses::Way;
use crate::intent::fault::IntentFault;
use crate::intent::tree::{Entry, Node};
use crate::intent::words::shown;
use crate::policy::Clause;
use crate::units::{Percentile, Seconds};

/// As an intent may ask for: a millisecond to a minute.
const LATENCY: (f64, f64) = (1e-3, 60.0);
const LATENCY_WORDS: &str = "1 ms to 60 s can be asked";
/// Up to a year.
const RECOVERY: (f64, f64) = (0.0, 31_536_000.0);
const RECOVERY_WORDS: &str = "0 s to 1 year can be asked";

impl Reader<'_> {
    /// A floor of an outcome by its key, which is known.
    pub(super) fn floor(&mut self, entry: &Entry, full: &str) -> Option<Clause> {
        let node = &entry.value;
        match entry.key.as_str() {
            "recovery.rpo" => {
                self.within_span(node, full, (RECOVERY, RECOVERY_WORDS)).map(Clause::Rpo)
            }
            "recovery.rto" => {
                self.within_span(node, full, (RECOVERY, RECOVERY_WORDS)).map(Clause::Rto)
            }
            key => {
                let permille = match key.strip_prefix("latency.p")? {
                    "99.9" => 999,
                    whole => whole.parse::<u16>().ok()?.checked_mul(10)?,
                };
                let percentile = Percentile::from_permille(permille).ok()?;
                let limit = self.within_span(node, full, (LATENCY, LATENCY_WORDS))?;
                Some(Clause::Latency(percentile, limit))
            }
        }
    }

    /// A time that may be at most so long, itself within what can be asked.
    fn within_span(
        &mut self,
        node: &Node,
        path: &str,
        ((low, high), help): ((f64, f64), &str),
    ) -> Option<Seconds> {
        let time: Seconds = self.bound(node, path, Way::Most)?;
        if (low..=high).contains(&time.value()) {
            return Some(time);
        }
        let message = format!("{} is not plausible", shown(path));
        self.note(IntentFault::Range, node.place, message, help);
        None
    }
}
