//! Why an approval does not count.

use std::fmt;

use jiff::civil::Date;
use miette::Diagnostic;

/// Why an approval does not count. Each has the file that it is in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Diagnostic)]
pub enum ApprovalFault {
    /// It is no approval.
    #[error("{file} is not an approval: {message}")]
    #[diagnostic(code(approval::form), help("plimsoll approve writes one"))]
    Form {
        /// Which.
        file: String,
        /// What is wrong with it.
        message: String,
    },
    /// It is for another spec.
    #[error("{file} is for another spec: {theirs}, and this is {ours}")]
    #[diagnostic(
        code(approval::digest),
        help("have this spec approved; one byte makes it another one")
    )]
    Digest {
        /// Which.
        file: String,
        /// What it is for.
        theirs: String,
        /// What is to be built.
        ours: String,
    },
    /// There is no signature that could be read.
    #[error("{file}.sig is not an SSH signature: {message}")]
    #[diagnostic(code(approval::signature_form), help("{help}"))]
    SignatureForm {
        /// The approval.
        file: String,
        /// What is wrong with it.
        message: String,
        /// How it is made.
        help: String,
    },
    /// It was signed for something else.
    #[error("{file} is signed for `{found}`, which is no approval")]
    #[diagnostic(code(approval::namespace), help("{help}"))]
    Namespace {
        /// Which.
        file: String,
        /// The namespace of the signature.
        found: String,
        /// How it is made.
        help: String,
    },
    /// The key is not that of a signer.
    #[error("{file} is signed with a key that no policy lists: {key}")]
    #[diagnostic(
        code(approval::key),
        help("sign it with the key of a listed signer, or have the key listed under signers")
    )]
    Key {
        /// Which.
        file: String,
        /// The key's fingerprint.
        key: String,
    },
    /// The signature is not of that text.
    #[error("the signature of {file} does not match its text")]
    #[diagnostic(code(approval::signature), help("sign the file again as it stands"))]
    Signature {
        /// Which.
        file: String,
    },
    /// The key is another person's.
    #[error("{file} is given by {by} and signed with the key of {signer}")]
    #[diagnostic(code(approval::signer), help("everybody signs approvals of their own"))]
    Signer {
        /// Which.
        file: String,
        /// Whose it claims to be.
        by: String,
        /// Whose key it is.
        signer: String,
    },
    /// It is over.
    #[error("{file} counted until {until}, and today is {on}")]
    #[diagnostic(code(approval::expired), help("have the spec approved again"))]
    Expired {
        /// Which.
        file: String,
        /// Its last day.
        until: Date,
        /// The day on which it is used.
        on: Date,
    },
    /// It is dated before there was anything to approve, or after today.
    #[error("{file} is dated {dated}, {why}")]
    #[diagnostic(code(approval::early), help("write the day on which it was given"))]
    Early {
        /// Which.
        file: String,
        /// Its day.
        dated: Date,
        /// Why that cannot be.
        why: String,
    },
    /// The signer's key is over.
    #[error("{file}: the key of {signer} counted until {until}")]
    #[diagnostic(
        code(approval::key_expired),
        help("have another signer approve, or have the key's last day moved in the policy")
    )]
    KeyExpired {
        /// Which.
        file: String,
        /// Whose key.
        signer: String,
        /// Its last day.
        until: Date,
    },
    /// The signer may not speak for the review.
    #[error("{file}: {by} is {roles}, and {wanted}")]
    #[diagnostic(code(approval::role), help("have somebody with that role approve"))]
    Role {
        /// Which.
        file: String,
        /// Whose it is.
        by: String,
        /// In which roles.
        roles: String,
        /// What is wanted.
        wanted: String,
    },
    /// The same person approved the same thing before.
    #[error("{file} and {other} are both by {by}, who counts once")]
    #[diagnostic(code(approval::twice), help("leave one of them out, and ask somebody else"))]
    Twice {
        /// Which.
        file: String,
        /// The other one.
        other: String,
        /// Whose they are.
        by: String,
    },
    /// The author approves the plan.
    #[error("{file} is by {by}, who asked for the plan")]
    #[diagnostic(code(approval::author), help("nobody approves a plan of their own"))]
    Author {
        /// Which.
        file: String,
        /// Whose it is.
        by: String,
    },
    /// There is no such review.
    #[error("{file} is for the review `{review}`, which is not due for this spec")]
    #[diagnostic(code(approval::review), help("{help}"))]
    Review {
        /// Which.
        file: String,
        /// The review.
        review: String,
        /// Those that are due.
        help: String,
    },
    /// Nobody of that name is listed.
    #[error("no policy lists a signer called `{by}`")]
    #[diagnostic(code(approval::unlisted), help("{help}"))]
    Unlisted {
        /// The name.
        by: String,
        /// Who is listed.
        help: String,
    },
}

/// Every approval that does not count, at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalFaults(pub Vec<ApprovalFault>);

impl fmt::Display for ApprovalFaults {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.0.len();
        let plural = if count == 1 { " does" } else { "s do" };
        write!(formatter, "{count} approval{plural} not count")
    }
}

impl std::error::Error for ApprovalFaults {}

impl Diagnostic for ApprovalFaults {
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(self.0.iter().map(|fault| fault as &dyn Diagnostic)))
    }
}
