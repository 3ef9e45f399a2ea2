//! Compliance profiles: bundles of rules that the program carries with it, in the form of policies.
//!
//! They are the part of a law or standard that a topology can show. Each rule names its clause.

use crate::name::Name;

/// A law or standard, as far as rules speak of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Profile {
    /// Regulation (EU) 2016/679.
    Gdpr,
    /// The Security Rule, 45 CFR Part 164, Subpart C.
    Hipaa,
    /// PCI DSS 4.0.1.
    PciDss,
    /// Trust Services Criteria.
    Soc2,
}

impl Profile {
    /// Every profile.
    pub const ALL: [Self; 4] = [Self::Gdpr, Self::Hipaa, Self::PciDss, Self::Soc2];

    /// As policies write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gdpr => "gdpr",
            Self::Hipaa => "hipaa",
            Self::PciDss => "pci_dss",
            Self::Soc2 => "soc2",
        }
    }

    /// Its rules as a policy document.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Gdpr => include_str!("gdpr.yaml"),
            Self::Hipaa => include_str!("hipaa.yaml"),
            Self::PciDss => include_str!("pci_dss.yaml"),
            Self::Soc2 => include_str!("soc2.yaml"),
        }
    }

    /// What its rules are told apart by.
    pub(super) fn name(self) -> Name {
        Name::of(if self == Self::PciDss { "pci-dss" } else { self.as_str() })
    }

    /// Where its rules stand, for messages.
    pub(super) fn file(self) -> String {
        format!("compliance/{}.yaml", self.as_str())
    }
}
