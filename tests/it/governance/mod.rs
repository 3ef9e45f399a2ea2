//! Who has to agree before a plan is built: approvals, what is generated, and the audit chain.

mod at_once;
mod chain;
mod fixtures;
mod lifted;
mod program;
mod signatures;

use std::path::Path;
use std::sync::OnceLock;

use domain::approval::NAMESPACE;
use ssh_key::private::{Ed25519Keypair, KeypairData};
use ssh_key::{HashAlg, LineEnding, PrivateKey};

use crate::support::program::{Said, plimsoll};

const PHRASE: &str = "handle 500 users, 99% uptime, 400ms latency";

/// The key of somebody, by a number.
fn key(of: u8) -> PrivateKey {
    let pair = KeypairData::from(Ed25519Keypair::from_seed(&[of; 32]));
    PrivateKey::new(pair, "").expect("a pair is a key")
}

/// A text signed for a namespace.
fn signed_for(namespace: &str, by: u8, text: &str) -> String {
    let signature = key(by).sign(namespace, HashAlg::Sha512, text.as_bytes());
    let signature = signature.expect("a key can sign");
    signature.to_pem(LineEnding::LF).expect("a signature has a text")
}

fn signed(by: u8, text: &str) -> String {
    signed_for(NAMESPACE, by, text)
}

/// The line of a signer in a policy.
fn signer(name: &str, of: u8, roles: &str) -> String {
    let public = key(of).public_key().to_openssh().expect("a key has a text");
    format!("  - {{name: {name}@example.com, key: {public}, roles: [{roles}]}}\n")
}

/// A policy in which one review is due for prod and two for agents.
fn policy(name: &str, stage: &str) -> String {
    format!(
        "apiVersion: plimsoll/v1\nkind: Policy\nmetadata: {{name: {name}}}\nstage: {stage}\n\
         rules: []\nreviews:\n  \
         - {{id: prod-change, when: {{environment: prod}}, approvals: 1, from: [platform]}}\n  \
         - {{id: dear, when: {{cost.expected: '> 1 USD/month'}}, approvals: 1, from: [finops]}}\n  \
         - {{id: by-agent, when: {{author.kind: agent}}, approvals: 2, from: [platform]}}\n\
         signers:\n{}{}{}",
        signer("lee", 1, "platform"),
        signer("park", 2, "platform, finops"),
        signer("bot", 3, "platform")
    )
}

/// The text of a spec for an environment, planned once under that policy by `bot@example.com`.
fn spec() -> &'static str {
    static SPEC: OnceLock<String> = OnceLock::new();
    SPEC.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let policy = file(folder.path(), "people.yaml", &policy("people", "run"));
        let said = plimsoll(&[
            "plan",
            PHRASE,
            "--set",
            "metadata.labels.environment=prod",
            "--policy",
            &policy,
            "--author",
            "bot@example.com",
            "--json",
        ]);
        assert_eq!(said.code, 0, "{}", said.stderr);
        said.stdout
    })
}

/// A file with a text.
fn file(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("a file can be written");
    path.display().to_string()
}

/// What a file holds.
fn text(path: &str) -> String {
    std::fs::read_to_string(path).expect("a file can be read")
}

/// That a command was refused for one reason, with exit code 2.
fn refused(said: &Said, code: &str) {
    assert_eq!(said.code, 2, "{code}: {}{}", said.stdout, said.stderr);
    assert!(said.stderr.contains(&format!("error[{code}]")), "{code}: {}", said.stderr);
}
