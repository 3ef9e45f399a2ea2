//! Who has to agree before a plan is built: stages, reviews, and the people whose signatures count.

use jiff::civil::Date;

use crate::name::Name;
use crate::units::MicroDollars;

/// How much a platform trusts what comes out by itself; the strictest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Nothing but `dev` is built.
    Crawl,
    /// `dev` and `staging` are built freely, everything else by an approval.
    Walk,
    /// Everything is built, as far as reviews allow.
    Run,
}

/// Who asked for a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum AuthorKind {
    /// A person.
    #[default]
    Human,
    /// A program that acts for somebody.
    Agent,
}

/// Who asked for a plan, by name where it was given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Author {
    /// Mostly an e-mail address.
    pub name: Option<String>,
    /// A person or a program.
    pub kind: AuthorKind,
}

/// The earlier plan that one takes the place of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Superseded {
    /// `sha256:` of its spec.
    pub digest: String,
    /// Its expected bill of a month.
    pub expected: MicroDollars,
}

/// What the layers say about people, together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gatekeeping {
    /// The strictest stage that a layer states; `None` where none does, which holds nothing back.
    pub stage: Option<Stage>,
    /// The reviews of all layers.
    pub reviews: Vec<Review>,
    /// The signers of all layers, each once.
    pub signers: Vec<Signer>,
}

/// A reason to have somebody look at a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Its name: unique among all policies, with that of its policy before it where two share one.
    pub name: String,
    /// Where it stands: `platform.yaml:9:5`.
    pub place: String,
    /// When it is due: all of this at once.
    pub when: ReviewWhen,
    /// So many people have to approve.
    pub approvals: u32,
    /// The roles that count, at least one.
    pub from: Vec<Name>,
    /// Why there is such a review.
    pub because: Option<String>,
}

/// When a review is due. What is `None` is not asked about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReviewWhen {
    /// The plan is for that environment.
    pub environment: Option<Name>,
    /// The expected bill is above that of the plan before by more than so many millionths.
    pub increase_ppm: Option<u64>,
    /// The expected bill of a month is above that.
    pub expected: Option<MicroDollars>,
    /// Such an author asked for it.
    pub author: Option<AuthorKind>,
}

/// Somebody whose signature counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// An e-mail address.
    pub name: String,
    /// Where it stands first.
    pub place: String,
    /// The public key, as OpenSSH writes it, without a comment: `ssh-ed25519 AAAA…`.
    pub key: String,
    /// What the person may speak for.
    pub roles: Vec<Name>,
    /// The last day on which the key counts.
    pub until: Option<Date>,
}

impl Stage {
    /// Every stage, the strictest first.
    pub const ALL: [Self; 3] = [Self::Crawl, Self::Walk, Self::Run];

    /// As documents write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Crawl => "crawl",
            Self::Walk => "walk",
            Self::Run => "run",
        }
    }
}

impl AuthorKind {
    /// As documents write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Agent => "agent",
        }
    }
}

impl Signer {
    /// Whether the person speaks for one of those roles.
    pub fn has_any(&self, roles: &[Name]) -> bool {
        self.roles.iter().any(|own| roles.contains(own))
    }
}

impl Gatekeeping {
    /// Whether no layer says anything about people.
    pub fn is_empty(&self) -> bool {
        self.stage.is_none() && self.reviews.is_empty()
    }

    /// The signers who speak for one of those roles.
    pub fn signers_for<'g>(&'g self, roles: &'g [Name]) -> impl Iterator<Item = &'g Signer> {
        self.signers.iter().filter(|signer| signer.has_any(roles))
    }
}
