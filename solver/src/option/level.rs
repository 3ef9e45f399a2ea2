//! The shares of the tail that an option may have in the proof form.

use super::source::componentwise_least;
use super::{ServiceOption, Source};
use crate::model::Model;
use crate::proof::Level;
use crate::queueing::Moments;

/// Each option with each share of the tail, in the order of the options and then of the shares,
/// largest first. In the moment form, and where an option takes no time, there is nothing to share.
pub(crate) fn at_levels<'a>(
    model: &Model<'a>,
    options: Vec<ServiceOption<'a>>,
) -> Vec<ServiceOption<'a>> {
    let Some(proof) = &model.proof else { return options };
    let shares = proof.shares.len();
    let mut found = Vec::with_capacity(options.len() * shares);
    for option in options {
        // What is a floor already has no shares to choose from.
        if option.latency.len() != model.lanes() {
            found.push(option);
            continue;
        }
        let of_share = |share: usize| -> Vec<[Option<Moments>; 4]> {
            option.latency.iter().skip(share).step_by(shares).copied().collect()
        };
        let first = of_share(0);
        if (1..shares).all(|share| of_share(share) == first) {
            found.push(ServiceOption { latency: first, ..option });
            continue;
        }
        found.extend((0..shares).map(|share| ServiceOption {
            latency: of_share(share),
            level: Some(Level(share)),
            ..option.clone()
        }));
    }
    found
}

impl<'a> Source<'_, 'a> {
    /// What every option of the service has at least with each share of the tail, where `floor` is
    /// what it has whatever the share.
    pub(crate) fn shared_floor(&self, floor: &ServiceOption<'a>) -> Vec<ServiceOption<'a>> {
        let wide = ServiceOption { latency: self.fastest(), ..floor.clone() };
        let mut shared = at_levels(self.model, vec![wide]);
        shared.retain(|option| option.latency.iter().all(|view| view.iter().any(Option::is_some)));
        shared
    }
}

/// The best of all shares in each part, by view and state.
pub(super) fn best(
    model: &Model<'_>,
    latency: Vec<[Option<Moments>; 4]>,
) -> Vec<[Option<Moments>; 4]> {
    let Some(proof) = &model.proof else { return latency };
    let best = |shares: &[[Option<Moments>; 4]]| {
        let mut shares = shares.iter().copied();
        let first = shares.next().unwrap_or_default();
        shares.fold(first, |best, own| {
            std::array::from_fn(|state| componentwise_least(best[state], own[state]))
        })
    };
    latency.chunks(proof.shares.len()).map(best).collect()
}
