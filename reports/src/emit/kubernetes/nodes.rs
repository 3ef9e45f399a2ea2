//! What a node lets be allocated of its machine, and what a pod that fills it requests.
//!
//! The kubelet keeps a part of every node for itself and the system, by formulas that each cloud
//! publishes:
//!
//! - Google: of CPU 6% of the first core, 1% of the second, 0.5% of the next two and 0.25% of the
//!   rest; of memory 25% of the first 4 GiB, 20% of the next 4, 10% of the next 8, 6% of the next
//!   112 and 2% of the rest
//!   (<https://cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes>).
//! - AWS: the same of CPU; of memory 255 MiB, and 11 MiB for each pod that a node may have
//!   (<https://github.com/awslabs/amazon-eks-ami>). How many those are is not in a spec, so
//!   Google's parts stand for it, which are more: 1,844 MiB of 8 GiB, where 58 pods make 893.
//! - Azure: 60 millicores of one core, 100 of two, 140 of four, 180 of eight, 260 of sixteen; of
//!   memory 20 MB for each of 110 pods and 50 MB, at most a quarter
//!   (<https://learn.microsoft.com/azure/aks/node-resource-reservations>).
//!
//! All three evict pods when less than 100 MiB is free. Of a machine's memory, firmware and kernel
//! hide a part before the kubelet counts it: Karpenter reckons with 7.5%
//! (<https://karpenter.sh/docs/reference/settings/>). What the daemons of every node request (the
//! network, the proxy, logs and metrics) is set to 300 millicores and 256 MiB: judgement.

use domain::offer::Provider;
use domain::spec::{OfferPart, ServiceDemandPart};

/// What the pods of a node's own daemons request.
const DAEMONS_MILLI: u64 = 300;
const DAEMONS_MIB: u64 = 256;
/// Below this much free memory, pods are evicted.
const EVICTION_MIB: u64 = 100;
/// What firmware and kernel hide of a machine's memory, in thousandths.
const HIDDEN_PERMILLE: u64 = 75;

/// What one pod has of its node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Room {
    /// Millicores that it requests.
    pub(super) milli: u64,
    /// Memory that it requests, and may use at most.
    pub(super) memory_mib: u64,
    /// What the kubelet keeps.
    pub(super) kept_milli: u64,
    /// What the kubelet keeps and never lets get used, beside what firmware and kernel hide.
    pub(super) kept_mib: u64,
    /// What firmware and kernel hide.
    pub(super) hidden_mib: u64,
}

impl Room {
    /// Of a machine of an offer.
    pub(super) fn of(provider: Provider, offer: &OfferPart) -> Self {
        let cores = u64::from(offer.vcpu);
        let kept_milli = kept_milli(provider, cores);
        let hidden_mib =
            (u128::from(offer.memory_mib) * u128::from(HIDDEN_PERMILLE)).div_ceil(1_000);
        let hidden_mib = u64::try_from(hidden_mib).unwrap_or(u64::MAX);
        let kept_mib = kept_mib(provider, offer.memory_mib).saturating_add(EVICTION_MIB);
        let taken = kept_mib.saturating_add(hidden_mib).saturating_add(DAEMONS_MIB);
        Self {
            milli: (cores * 1_000).saturating_sub(kept_milli + DAEMONS_MILLI),
            memory_mib: offer.memory_mib.saturating_sub(taken),
            kept_milli,
            kept_mib,
            hidden_mib,
        }
    }

    /// How many requests may be in a pod at once: as many as the plan admits, and no more than its
    /// memory holds.
    pub(super) fn in_flight(self, admitted: u32, demand: &ServiceDemandPart) -> u32 {
        let free = self.memory_mib.saturating_sub(demand.memory_base_mib);
        let held = free.checked_div(demand.memory_per_request_mib);
        held.map_or(admitted, |held| u32::try_from(held).unwrap_or(u32::MAX).min(admitted))
    }

    /// The same in words.
    pub(super) fn said(self, offer: &OfferPart) -> String {
        format!(
            "The simulation gave the service the whole machine, {} cores and {} MiB. In a cluster \
             the kubelet keeps {} millicores and {} MiB of it, firmware and kernel hide {} MiB, \
             and the node's own daemons take {DAEMONS_MILLI} millicores and {DAEMONS_MIB} MiB: \
             that is headroom lost. The pod requests the rest.",
            offer.vcpu, offer.memory_mib, self.kept_milli, self.kept_mib, self.hidden_mib
        )
    }
}

fn kept_milli(provider: Provider, cores: u64) -> u64 {
    match provider {
        Provider::Azure => match cores {
            0 | 1 => 60,
            2..=4 => 60 + 20 * cores,
            _ => 100 + 10 * cores,
        },
        Provider::Aws | Provider::Google => {
            // In tenths of a millicore: 600, 100, twice 50, 25 for each other.
            let first = [0, 600, 700, 750, 800];
            let at = usize::try_from(cores.min(4)).unwrap_or(4);
            (first[at] + 25 * cores.saturating_sub(4)).div_ceil(10)
        }
    }
}

fn kept_mib(provider: Provider, memory: u64) -> u64 {
    if provider == Provider::Azure {
        // 2,250 MB in MiB.
        return memory.div_ceil(4).min(2_146);
    }
    if memory < 1_024 {
        return 255;
    }
    // Up to so many MiB, so many percent of what is beyond the step before.
    let steps = [(4_096, 25), (8_192, 20), (16_384, 10), (131_072, 6), (u64::MAX, 2)];
    let (mut below, mut kept) = (0, 0_u128);
    for (upto, percent) in steps {
        let part = memory.min(upto).saturating_sub(below);
        kept += u128::from(part) * percent;
        below = upto;
    }
    u64::try_from(kept.div_ceil(100)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values that the pages above print, or that follow from their tables by hand.
    #[test]
    fn clouds_keep_what_they_publish() {
        for (cores, aws, azure) in
            [(1, 60, 60), (2, 70, 100), (4, 80, 140), (8, 90, 180), (16, 110, 260), (64, 230, 740)]
        {
            assert_eq!(kept_milli(Provider::Aws, cores), aws, "{cores}");
            assert_eq!(kept_milli(Provider::Google, cores), aws, "{cores}");
            assert_eq!(kept_milli(Provider::Azure, cores), azure, "{cores}");
        }
        for (gib, google, azure) in
            [(4, 1_024, 1_024), (8, 1_844, 2_048), (16, 2_663, 2_146), (256, 12_166, 2_146)]
        {
            assert_eq!(kept_mib(Provider::Google, gib * 1_024), google, "{gib}");
            assert_eq!(kept_mib(Provider::Azure, gib * 1_024), azure, "{gib}");
        }
        assert_eq!(kept_mib(Provider::Google, 600), 255);
    }

    /// 255 MiB and 11 for each pod, for the most pods of AWS's own table of machines.
    #[test]
    fn what_stands_for_aws_is_no_less_than_what_it_keeps() {
        for (gib, pods) in [(2, 11), (4, 29), (8, 58), (16, 58), (32, 234), (64, 234), (192, 737)] {
            assert!(kept_mib(Provider::Aws, gib * 1_024) >= 255 + 11 * pods, "{gib} GiB");
        }
    }
}
