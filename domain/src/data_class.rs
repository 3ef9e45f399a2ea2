//! Classes of data that laws and standards speak of.

/// What kind of data a service holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DataClass {
    /// About people who can be told apart: what the GDPR speaks of.
    Personal,
    /// About the health of people: what HIPAA speaks of.
    Health,
    /// Of payment cards: what PCI DSS speaks of.
    Payment,
}

impl DataClass {
    /// Every class.
    pub const ALL: [Self; 3] = [Self::Personal, Self::Health, Self::Payment];

    /// As documents write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Personal => "personal",
            Self::Health => "health",
            Self::Payment => "payment",
        }
    }
}
