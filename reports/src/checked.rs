//! What a re-computation of a spec found: what does not hold, and what nobody could look at.

/// The result of checking a spec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What the system is called.
    pub name: String,
    /// The digest that the spec states of itself.
    pub spec_digest: String,
    /// How many comparisons were made.
    pub compared: u64,
    /// What does not hold, in the order in which it was found.
    pub faults: Vec<Fault>,
    /// What could not be checked.
    pub unchecked: Vec<Unchecked>,
}

/// Something that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where it stands: a JSON pointer into the spec.
    pub place: String,
    /// What is wrong, in words.
    pub text: String,
    /// What stands there, where it is a value.
    pub stated: Option<String>,
    /// What it should be: a value, or the range that rounding leaves.
    pub recomputed: Option<String>,
}

/// Something that could not be checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unchecked {
    /// Where it stands: JSON pointers into the spec.
    pub places: Vec<String>,
    /// Why, and who could.
    pub reason: String,
}
