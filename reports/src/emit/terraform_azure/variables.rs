//! What only the owner can say, in the words of Azure, and the provider.

use std::collections::BTreeMap;

use domain::offer::Architecture;
use domain::spec::{InputKind, InputRequired, ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code};
use crate::emit::terraform::stock::{software, warned};
use crate::emit::terraform::variables::{self, Asked, Required, example, required};

use super::machine::KEY;

/// The provider that modules for Azure are written for.
pub(in crate::emit) const AZURE: Required =
    Required { local: "azurerm", source: "hashicorp/azurerm", version: "~> 4.55" };

/// A key that no private one belongs to: its 32 bytes are the SHA-256 of [`NOBODY`].
const KEY_OF_NOBODY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKlYqoBpwpFVpUHGShrmxAa6MuuRhBEpacM2T0TxBaCp nobody";

/// The first text of its kind whose digest is a point of the curve; nobody knows more of that.
const NOBODY: &str = "plimsoll: nobody logs in 1";

/// `terraform` and the provider.
pub(super) fn versions(_: &Spec) -> Body {
    let storage = Body::default()
        .comment(
            "Nobody outside the network reaches the accounts with backups, nor does Terraform.",
        )
        .set("data_plane_available", false);
    let features = Body::default().block("storage", &[], storage);
    let provider = Body::default().block("features", &[], features);
    required(
        "The versions that this was written for. The subscription is that of the environment \
         (ARM_SUBSCRIPTION_ID).",
        &[AZURE],
    )
    .part("", "provider", &["azurerm"], provider)
}

/// The labels, and what leads from a resource and its bill back to the spec: Azure takes no slash
/// in the name of a tag, so a colon stands for the one of the program's own.
pub(in crate::emit) fn tags(spec: &Spec) -> BTreeMap<String, String> {
    let own = |key: String| match key.strip_prefix("plimsoll.dev/") {
        Some(rest) if !spec.metadata.labels.contains_key(&key) => format!("plimsoll.dev:{rest}"),
        _ => key,
    };
    variables::tags(spec).into_iter().map(|(key, value)| (own(key), value)).collect()
}

/// One variable for each input of the spec, without a default; no other is without.
pub(super) fn file(spec: &Spec) -> Body {
    let asked = Asked {
        input: &described,
        stock: &stock,
        unused_with: &|_| None,
        tags: ("tags", tags(spec)),
    };
    let key = Body::default()
        .set(
            "description",
            format!(
                "Whose SSH key the machines would take; nobody's when left out: the key is the \
                 SHA-256 of \"{NOBODY}\", to which nobody has the private one. No rule of the \
                 network lets SSH through"
            ),
        )
        .set("type", code("string"))
        .set("default", KEY_OF_NOBODY)
        .set("nullable", false);
    let body = variables::file(spec, &asked).part("", "variable", &[KEY], key);
    body.then(variables::password_versions(spec)).then(warned(spec, STOCK, "Ubuntu"))
}

/// The variables that no input of the spec may be called, beside those of every cloud.
pub(super) fn own(spec: &Spec) -> impl Iterator<Item = String> {
    let passwords = spec.services.iter().filter_map(|own| variables::password_version(spec, own));
    passwords.chain([KEY.to_owned()])
}

/// The type of an input and what it is.
fn described(input: &InputRequired, service: Option<&ServicePart>) -> (Expression, String) {
    let of = &input.service;
    let text = code("string");
    match input.kind {
        InputKind::Image => variables::image(service, |sets| {
            format!(
                "The machine image ({sets}) that instances of {of} start from, with the program \
                 in it: the resource of a version in a gallery, or publisher:offer:sku:version of \
                 the marketplace. They reach no registry, as the plan has no way out to the \
                 internet"
            )
        }),
        InputKind::Reference => (
            text,
            format!(
                "Where the certificate that {of} serves is kept: the resource of its secret in a \
                 key vault, /subscriptions/…/vaults/NAME/secrets/NAME{}",
                example(input)
            ),
        ),
        InputKind::Hostname => {
            (text, format!("The name in DNS by which {of} is reached{}", example(input)))
        }
        InputKind::SecretReference => (
            text,
            format!(
                "Where the password of {of} is kept: the resource of a secret in a key vault, \
                 /subscriptions/…/vaults/NAME/secrets/NAME. Never the password itself"
            ),
        ),
    }
}

/// The image of a service for which the spec asks for none.
fn stock(service: &ServicePart) -> Body {
    let described = format!(
        "The machine image that instances of {} start from, which holds {} and reads what the \
         plan says from its user data: the resource of a version in a gallery, or \
         publisher:offer:sku:version of the marketplace; the spec asks for none, so plain Ubuntu \
         stands here",
        service.name,
        software(service)
    );
    variables::stock(service, described, stock_image)
}

/// What the stock images have in common.
const STOCK: &str = "Canonical:ubuntu-24_04-lts";

/// Canonical's image of Ubuntu 24.04 in the marketplace.
fn stock_image(architecture: Architecture) -> String {
    match architecture {
        Architecture::X86_64 => format!("{STOCK}:server:latest"),
        Architecture::Arm64 => format!("{STOCK}:server-arm64:latest"),
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest as _, Sha256};

    use super::*;

    /// The last 32 bytes of an SSH key of Ed25519 are the key: 43 of its letters are them but for
    /// the two bits before the first.
    #[test]
    fn the_default_key_is_a_digest_and_no_ones() {
        const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let text = KEY_OF_NOBODY.split(' ').nth(1).expect("a key has two words");
        let digits = text.bytes().map(|letter| {
            let at = LETTERS.iter().position(|own| *own == letter).expect("a letter of base 64");
            u8::try_from(at).expect("it is below 64")
        });
        let bits: Vec<bool> =
            digits.flat_map(|digit| (0..6).rev().map(move |bit| digit >> bit & 1 == 1)).collect();
        let bytes: Vec<u8> = bits
            .chunks_exact(8)
            .map(|byte| byte.iter().fold(0, |all, bit| all << 1 | u8::from(*bit)))
            .collect();
        let digest = Sha256::digest(NOBODY.as_bytes());
        assert_eq!(bytes.len(), 4 + 11 + 4 + 32);
        assert_eq!(bytes[19..], digest[..]);
    }
}
