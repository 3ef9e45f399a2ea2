//! What services add at least where they share the tail: a look before any program is built.

use super::LatencyState;
use super::latency::place_of_state;
use crate::option::ServiceOption;
use crate::proof::Tail;

/// Parts into which the whole tail is cut here; a share is rounded down to them, so that what is
/// found is never too much.
const PARTS: usize = 128;

/// The least that the quantiles of all services add up to, in s, where each has one of these
/// options and their shares are no more than the whole tail.
pub fn least_shared(services: &[Vec<ServiceOption<'_>>], view: usize, state: LatencyState) -> f64 {
    // The least sum by how many parts are shared so far.
    let mut sums = vec![f64::INFINITY; PARTS + 1];
    sums[0] = 0.0;
    for (service, options) in services.iter().enumerate() {
        let place = place_of_state(state.of(service));
        let mut next = vec![f64::INFINITY; PARTS + 1];
        for tail in options.iter().filter_map(|option| option.latency[view][place]) {
            let Tail { quantile, share } = tail.into();
            let parts = whole(share);
            for (sum, own) in next.iter_mut().skip(parts).zip(&sums) {
                *sum = sum.min(own + quantile);
            }
        }
        sums = next;
    }
    sums.into_iter().fold(f64::INFINITY, f64::min)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of 0 to 1 in parts"
)]
fn whole(share: f64) -> usize {
    (share * PARTS as f64 + 1e-9).floor() as usize
}
