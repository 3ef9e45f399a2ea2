//! Approvals: whether those that are given count, and whether they are enough.
//!
//! An approval is signed with `ssh-keygen -Y sign`; private keys are never touched here. Signatures
//! are verified by the crate `ssh-key`, over the text of the approval as it stands.

mod fault;
mod judge;

use domain::approval::{Approval, NAMESPACE};
use domain::policy::{Demanded, Signer};
use domain::spec::Spec;
use jiff::civil::Date;
use ssh_key::{HashAlg, PublicKey, SshSig};

pub use fault::{ApprovalFault, ApprovalFaults};
pub use judge::{Lack, admissible, approved_spec, judge};

/// An approval as it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// Its file.
    pub file: String,
    /// What stands in it.
    pub text: String,
    /// What stands in the file beside it: the signature.
    pub signature: String,
}

/// What approvals are judged by.
#[derive(Debug, Clone, Copy)]
pub struct Bench<'a> {
    /// What is to be built.
    pub spec: &'a Spec,
    /// Whose signatures count.
    pub signers: &'a [Signer],
    /// Every review, with whether it is due.
    pub demanded: &'a [Demanded],
    /// The day on which it is to be built.
    pub on: Date,
}

/// The key of a signer, where it is one.
pub(crate) fn key(signer: &Signer) -> Option<PublicKey> {
    PublicKey::from_openssh(&signer.key).ok()
}

/// How an approval is signed.
pub(crate) fn how_to_sign(file: &str) -> String {
    format!("ssh-keygen -Y sign -n {NAMESPACE} -f KEY {file}")
}

/// Reads an approval and finds out whose signature it bears.
fn opened<'a>(given: &Given, bench: &Bench<'a>) -> Result<(Approval, &'a Signer), ApprovalFault> {
    let file = given.file.clone();
    let approval: Approval = serde_json::from_str(&given.text)
        .map_err(|fault| ApprovalFault::Form { file: file.clone(), message: plain(&fault) })?;
    let (theirs, ours) = (&approval.spec, &approved_spec(bench.spec));
    if theirs != ours {
        let named = |digest: &str| digest.chars().take(71).filter(char::is_ascii_graphic).collect();
        let (theirs, ours) = (named(&theirs.digest), named(&ours.digest));
        return Err(ApprovalFault::Digest { file, theirs, ours });
    }
    let help = how_to_sign(&file);
    let signature = SshSig::from_pem(given.signature.as_bytes()).map_err(|_| {
        let message = damage(&given.signature).to_owned();
        ApprovalFault::SignatureForm { file: file.clone(), message, help: help.clone() }
    })?;
    if signature.namespace() != NAMESPACE {
        let letters = signature.namespace().chars().take(80);
        let found = letters.filter(char::is_ascii_graphic).collect();
        return Err(ApprovalFault::Namespace { file, found, help });
    }
    let keys = bench.signers.iter().filter_map(|signer| Some((signer, key(signer)?)));
    let mut listed = keys.filter(|(_, key)| key.key_data() == signature.public_key());
    let Some((signer, key)) = listed.next() else {
        let key = signature.public_key().fingerprint(HashAlg::Sha256).to_string();
        return Err(ApprovalFault::Key { file, key });
    };
    if key.verify(NAMESPACE, given.text.as_bytes(), &signature).is_err() {
        return Err(ApprovalFault::Signature { file });
    }
    if signer.name != approval.by {
        let signer = signer.name.clone();
        return Err(ApprovalFault::Signer { file, by: safe(&approval.by), signer });
    }
    Ok((approval, signer))
}

/// What is wrong with a text that holds no signature, in plain words.
fn damage(text: &str) -> &'static str {
    const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----";
    const END: &str = "-----END SSH SIGNATURE-----";
    let mut lines = text.trim().lines().map(str::trim);
    match (lines.next(), lines.next_back()) {
        (None | Some(""), _) => "it is empty",
        (Some(first), _) if first != BEGIN => "its first line is not -----BEGIN SSH SIGNATURE-----",
        (_, last) if last != Some(END) => {
            "its last line is not -----END SSH SIGNATURE-----: part of it is missing"
        }
        _ => "what stands between its first and last line is damaged",
    }
}

/// The message of the reader, which may quote the document.
fn plain(fault: &serde_json::Error) -> String {
    safe(&fault.to_string())
}

/// A text that is short, and safe on a terminal.
fn safe(text: &str) -> String {
    let letters = text.chars().take(200);
    letters.map(|letter| if matches!(letter, ' '..='~') { letter } else { '?' }).collect()
}
