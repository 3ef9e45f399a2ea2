//! What can be wrong with an intent: one code for each kind of fault, the same for phrases,
//! documents and settings. The book explains each code under a heading of its own.

/// A fault in words: what is wrong, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Words {
    /// What is wrong, naming the part of the intent.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// Why a text is not an intent.
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
        pub enum IntentFault {
            $($(#[$doc])* #[error("{0}")] $name(Words),)*
        }

        impl IntentFault {
            /// Every code, in the order of the letters.
            pub const CODES: &'static [&'static str] = &[$($code),*];

            /// The stable code: scripts may rely on it, and the book explains it.
            pub const fn code(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => $code,)*
                }
            }

            /// What is wrong and what to do.
            pub const fn words(&self) -> &Words {
                match self {
                    $(Self::$name(words) => words,)*
                }
            }
        }
    };
}

faults! {
    /// An anchor or an alias: documents are read as they stand.
    Alias = "intent::alias",
    /// A unit with two usual meanings.
    Ambiguous = "intent::ambiguous",
    /// A word that is not among the words that may stand there.
    Choice = "intent::choice",
    /// Two statements that cannot both hold.
    Contradiction = "intent::contradiction",
    /// A text that is no country.
    Country = "intent::country",
    /// Services that call each other in a circle.
    Cycle = "intent::cycle",
    /// A limit that points the wrong way.
    Direction = "intent::direction",
    /// The same key twice in one mapping.
    DuplicateKey = "intent::duplicate_key",
    /// Nothing is stated.
    Empty = "intent::empty",
    /// Requests enter nowhere, or where they cannot.
    Entry = "intent::entry",
    /// An environment that the intent does not have.
    Environment = "intent::environment",
    /// A cache's misses go where they cannot be answered.
    Fallback = "intent::fallback",
    /// Hours of a week that are none.
    Hours = "intent::hours",
    /// A key that exists, but not for this kind of service or call.
    MisplacedKey = "intent::misplaced_key",
    /// A key that is due is not there.
    MissingKey = "intent::missing_key",
    /// A name that is not safe in every output, or that is taken.
    Name = "intent::name",
    /// A text where a number is due, or a number that is none.
    Number = "intent::number",
    /// An instance type that no catalog sells.
    Offer = "intent::offer",
    /// Something that is no percentile.
    Percentile = "intent::percentile",
    /// A decision that does not say for which service it was taken.
    Pin = "intent::pin",
    /// A number beyond what can be planned for.
    Range = "intent::range",
    /// A place that is not a region.
    Region = "intent::region",
    /// A setting that is not of the form PATH=VALUE, or whose path leads nowhere.
    Setting = "intent::setting",
    /// Several documents in one file.
    SeveralDocuments = "intent::several_documents",
    /// A value of another shape: a mapping where a text is due, or the other way round.
    Shape = "intent::shape",
    /// Shares that do not add up to the whole.
    Shares = "intent::shares",
    /// An outcome that is stated more than once.
    StatedTwice = "intent::stated_twice",
    /// The document is not YAML.
    Syntax = "intent::syntax",
    /// A tag: values are read by their place in the document.
    Tag = "intent::tag",
    /// A text with letters that may not stand in it.
    Text = "intent::text",
    /// More than a reader accepts: bytes, depth, nodes, services.
    TooLarge = "intent::too_large",
    /// A number without a unit, or with one that its quantity cannot have.
    Unit = "intent::unit",
    /// A request class that is not described.
    UnknownClass = "intent::unknown_class",
    /// A key that does not exist.
    UnknownKey = "intent::unknown_key",
    /// A service that is not described.
    UnknownService = "intent::unknown_service",
    /// A word that is not understood.
    UnknownWord = "intent::unknown_word",
    /// A service that no request ever reaches.
    UnreachableService = "intent::unreachable_service",
    /// A part of the schema that is not supported yet.
    Unsupported = "intent::unsupported",
    /// An uptime as a fraction, where a percentage is due.
    Uptime = "intent::uptime",
    /// Users of a kind that cannot be read as a load.
    Users = "intent::users",
    /// A document of another kind or version.
    Version = "intent::version",
}

/// The code of a fault in another kind of document; one that is in no pair keeps its own.
pub(crate) fn renamed(pairs: &[(&'static str, &'static str)], code: &'static str) -> &'static str {
    pairs.iter().find(|(intent, _)| *intent == code).map_or(code, |(_, own)| own)
}

/// Every code that those pairs give, in their order.
pub(crate) const fn renames<const COUNT: usize>(
    pairs: &[(&'static str, &'static str); COUNT],
) -> [&'static str; COUNT] {
    let mut codes = [""; COUNT];
    let mut at = 0;
    while at < COUNT {
        codes[at] = pairs[at].1;
        at += 1;
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_once_and_in_order() {
        let codes = IntentFault::CODES;
        assert!(codes.is_sorted_by(|one, other| one < other));
        assert!(codes.iter().all(|code| code.starts_with("intent::")));
    }

    #[test]
    fn a_fault_speaks_in_the_words_that_it_was_given() {
        let words = Words { message: "`400` has no unit".into(), help: "write 400ms".into() };
        let fault = IntentFault::Unit(words.clone());
        assert_eq!(fault.code(), "intent::unit");
        assert_eq!(fault.to_string(), "`400` has no unit");
        assert_eq!(fault.words(), &words);
    }
}
