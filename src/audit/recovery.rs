//! What a spec says of how its databases recover, worked out again.

use domain::topology::Topology;

use super::Audit;
use super::asked::Asked;
use super::exact::Whole;
use crate::check::recovery::given;

impl Audit<'_> {
    pub(super) fn recovery(&mut self, asked: &Asked, topology: &Topology) {
        let demand = &asked.demand;
        let stands = demand.services.iter().zip(&topology.services);
        let asked_for = demand.policy.safeguards.iter().map(|own| !own.recovery.is_empty());
        let mut asked_for = asked_for.chain(std::iter::repeat(false));
        for (at, ((service, deployed), part)) in stands.zip(&self.spec.services).enumerate() {
            let place = format!("/services/{at}/recovery");
            let due = asked_for.next().unwrap_or(false);
            let (Some(part), true) = (part.recovery, due) else {
                let text = "it is not told where it is asked for, or told where it is not";
                self.book.holds(&place, part.recovery.is_some() == due, text);
                continue;
            };
            let Some(given) = given(demand, service, deployed) else {
                self.book.holds(&place, false, "nobody knows how it recovers");
                continue;
            };
            self.book.whole(&format!("{place}/rpo_us"), part.rpo_us, near(given.lost));
            self.book.whole(&format!("{place}/rto_us"), part.rto_us, near(given.away));
        }
    }
}

/// Seconds in microseconds, but for rounding.
fn near(seconds: f64) -> Whole {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "seconds of a ledger are bounded and not negative"
    )]
    let micros = (seconds * 1e6).round() as u128;
    Whole { least: micros.saturating_sub(1), most: micros + 1 }
}
