//! How the calls to a shard are spread over its instances.

use super::{ModelFault, number};

/// Choices beyond which a balancer might as well look at all instances.
const CHOICES_MAX: u32 = 8;

/// Which serving instance takes a call. What is counted is every call from when it is sent until
/// its answer is back or its caller gives up; ties are broken at random.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Balancing {
    /// Any, each with the same probability.
    Random,
    /// In turn.
    RoundRobin,
    /// One with the fewest calls outstanding.
    LeastOutstanding,
    /// Of two different ones at random, the one with fewer calls outstanding.
    PowerOfTwo,
    /// Of some at random, one with the fewest calls outstanding.
    PowerOf {
        /// How many are drawn, 8 at most; all of them where there are fewer.
        choices: u32,
        /// Whether the same one may be drawn twice.
        replacement: bool,
    },
    /// One with no call outstanding; any at random where there is none.
    JoinIdle,
    /// Any, each with a probability in proportion to its weight.
    Weighted,
    /// The one that would have the fewest calls outstanding for each unit of its weight with this
    /// one among them: the largest weight / (calls + 1), by which Envoy's weighted least request
    /// deals out its turns (Envoy, "Supported load balancers", with an active request bias of 1).
    /// With equal weights it is least outstanding.
    LeastByWeight,
    /// The one that the client's number is hashed to, as long as the same instances serve.
    ClientHash {
        /// Clients, each as likely to be who calls.
        clients: u32,
    },
}

impl From<domain::topology::Balancing> for Balancing {
    fn from(balancing: domain::topology::Balancing) -> Self {
        use domain::topology::Balancing as Of;
        match balancing {
            Of::Random => Self::Random,
            Of::RoundRobin => Self::RoundRobin,
            Of::LeastOutstanding => Self::LeastOutstanding,
            Of::PowerOfTwo => Self::PowerOfTwo,
        }
    }
}

impl Balancing {
    /// What becomes of it where the weights of the instances differ. Turns, and choices of two, are
    /// not made by weight: there each instance gets its share at random, which waits longest.
    #[must_use]
    pub(crate) const fn by_weight(self) -> Self {
        match self {
            Self::Random | Self::RoundRobin | Self::PowerOfTwo => Self::Weighted,
            Self::LeastOutstanding => Self::LeastByWeight,
            other => other,
        }
    }

    /// Whether it looks at the calls outstanding.
    pub(crate) const fn counts(self) -> bool {
        match self {
            Self::Random | Self::RoundRobin | Self::Weighted | Self::ClientHash { .. } => false,
            Self::LeastOutstanding
            | Self::LeastByWeight
            | Self::PowerOfTwo
            | Self::PowerOf { .. }
            | Self::JoinIdle => true,
        }
    }

    /// Whether it keeps the instances in the order of their calls.
    pub(crate) const fn sorts(self) -> bool {
        matches!(self, Self::LeastOutstanding | Self::JoinIdle)
    }

    pub(super) fn validate(self, place: &str) -> Result<(), ModelFault> {
        match self {
            Self::PowerOf { choices, .. } => {
                number(place, "number of choices", choices.into(), 1.0)?;
                let room = f64::from(CHOICES_MAX) - f64::from(choices);
                number(place, "number of choices up to 8", room, 0.0)
            }
            Self::ClientHash { clients } => number(place, "number of clients", clients.into(), 1.0),
            _ => Ok(()),
        }
    }
}
