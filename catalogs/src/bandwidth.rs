//! Bandwidth that nobody states: the lowest that is known for each vCPU.

use domain::offer::{Offer, Peculiarity, Product, Provider};
use domain::units::Gigabits;

/// What is assumed of an offer whose bandwidth is unknown, for the ledger.
pub const UNKNOWN_BANDWIDTH: &str = "unknown bandwidth takes the lowest that is known for a vCPU \
     of the provider's instances with steady bandwidth, or of all providers' where it states none";

/// Gives every offer without a known bandwidth the lowest known for each of its vCPUs.
pub(crate) fn fill(offers: &mut [Offer]) {
    let everywhere = lowest(offers, |_| true);
    let rates = Provider::ALL.map(|provider| {
        let own = lowest(offers, |offer| offer.provider == provider);
        (provider, own.or(everywhere))
    });
    for offer in offers.iter_mut().filter(|offer| offer.network.is_none()) {
        let rate = rates.iter().find(|(provider, _)| *provider == offer.provider);
        if let Some((_, Some(rate))) = rate {
            offer.network = Some(rate.times(offer.milli_vcpus));
        }
    }
}

/// Megabits a second for so many thousandths of a vCPU: exact, so that no rounding adds up.
#[derive(Debug, Clone, Copy)]
struct Rate {
    megabits: u64,
    milli_vcpus: u64,
}

impl Rate {
    /// What so many vCPUs have at this rate, rounded down.
    fn times(self, milli_vcpus: u32) -> Gigabits {
        Gigabits::from_megabits(self.megabits * u64::from(milli_vcpus) / self.milli_vcpus)
    }
}

/// The lowest rate of the instances that keep their bandwidth for good.
fn lowest(offers: &[Offer], among: impl Fn(&Offer) -> bool) -> Option<Rate> {
    let steady = offers.iter().filter(|offer| {
        let peculiar = [Peculiarity::Burstable, Peculiarity::SharedCore];
        offer.product == Product::Instance
            && offer.network_known
            && peculiar.iter().all(|one| !offer.peculiarities.contains(one))
            && among(offer)
    });
    let rates = steady.filter_map(|offer| {
        Some(Rate {
            megabits: offer.network?.megabits(),
            milli_vcpus: u64::from(offer.milli_vcpus),
        })
    });
    rates.min_by(|one, other| {
        // Both factors are bounded far below 2^32 where they are read.
        (one.megabits * other.milli_vcpus).cmp(&(other.megabits * one.milli_vcpus))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::name::Name;
    use domain::offer::{Architecture, Prices};
    use domain::units::Mebibytes;

    use super::*;

    fn offer(provider: Provider, milli_vcpus: u32, megabits: Option<u64>) -> Offer {
        Offer {
            provider,
            region: Name::of("somewhere"),
            sku: "one".into(),
            family: "one".into(),
            product: Product::Instance,
            architecture: Architecture::X86_64,
            milli_vcpus,
            memory: Mebibytes::new(1),
            network: megabits.map(Gigabits::from_megabits),
            network_known: megabits.is_some(),
            zones: None,
            peculiarities: BTreeSet::new(),
            performance: None,
            prices: Prices::default(),
        }
    }

    #[test]
    fn the_lowest_rate_of_the_provider_is_taken_and_rounded_down() {
        let mut offers = [
            offer(Provider::Aws, 4_000, Some(1_001)),
            offer(Provider::Aws, 2_000, Some(1_000)),
            offer(Provider::Google, 1_000, Some(10)),
            offer(Provider::Aws, 2_000, None),
        ];
        fill(&mut offers);
        assert_eq!(offers[3].network, Some(Gigabits::from_megabits(500)));
        assert!(!offers[3].network_known);
    }

    #[test]
    fn a_burst_is_no_bandwidth() {
        let mut burst = offer(Provider::Aws, 2_000, Some(1));
        burst.peculiarities.insert(Peculiarity::Burstable);
        let mut offers =
            [burst, offer(Provider::Aws, 1_000, Some(100)), offer(Provider::Aws, 2_000, None)];
        fill(&mut offers);
        assert_eq!(offers[2].network, Some(Gigabits::from_megabits(200)));
    }

    #[test]
    fn a_provider_that_states_none_takes_the_lowest_of_all() {
        let mut offers = [
            offer(Provider::Aws, 1_000, Some(100)),
            offer(Provider::Google, 1_000, Some(50)),
            offer(Provider::Azure, 4_000, None),
        ];
        fill(&mut offers);
        assert_eq!(offers[2].network, Some(Gigabits::from_megabits(200)));
    }

    #[test]
    fn what_nobody_knows_stays_unknown() {
        let mut offers = [offer(Provider::Azure, 4_000, None)];
        fill(&mut offers);
        assert_eq!(offers[0].network, None);
    }
}
