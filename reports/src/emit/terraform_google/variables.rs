//! What only the owner can say, and what every resource is labelled with.

use domain::offer::Architecture;
use domain::spec::{InputKind, InputRequired, Platform, ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, map};
use crate::emit::terraform::stock::{software, warned};
use crate::emit::terraform::variables::{self, Asked, example, required, tags};

use super::names::{labels, untold};
use super::{GOOGLE, canary, nodes};

/// `terraform`, the provider and its labels.
pub(super) fn versions(spec: &Spec) -> Body {
    let provider = Body::default()
        .set("region", spec.placement.region.as_str())
        .set("default_labels", code("local.labels"));
    required("The versions that this was written for.", &[GOOGLE]).part(
        "The project is the one that the environment names (GOOGLE_PROJECT).",
        "provider",
        &["google"],
        provider,
    )
}

/// One variable for each input of the spec, without a default; no other is without.
pub(super) fn file(spec: &Spec) -> Body {
    let asked = Asked {
        input: &described,
        stock: &|service| {
            let described = format!(
                "The machine image that instances of {} start from, which holds {} and reads what \
                 the plan says from its metadata; the spec asks for none, so plain Debian stands \
                 here",
                service.name,
                software(service)
            );
            variables::stock(service, described, stock_image)
        },
        unused_with: &|_| None,
        tags: ("tags", tags(spec)),
    };
    let lost = match untold(spec) {
        0 => {
            "The same as Google's labels, which hold as much of the digest as they can.".to_owned()
        }
        count => format!(
            "The same as Google's labels, which hold as much of the digest as they can and are of \
             small letters, digits, hyphens and underscores alone: {count} of the tags stand above \
             only, and are told to machines and by the output `tags`."
        ),
    };
    let labels = Body::default().set("labels", map(labels(spec)));
    variables::file(spec, &asked)
        .then(canary::variables(spec))
        .then(nodes::variables(spec))
        .part(&lost, "locals", &[], labels)
        .then(warned(spec, STOCK, "Debian"))
}

/// The type of an input and what it is.
fn described(input: &InputRequired, service: Option<&ServicePart>) -> (Expression, String) {
    let (of, example) = (&input.service, example(input));
    let own = service.is_some_and(|service| service.platform == Platform::Vm);
    let about = match input.kind {
        InputKind::Image => {
            return variables::image(service, |sets| {
                format!(
                    "The machine image ({sets}) that instances of {of} start from, with the \
                     program in it: they reach no registry, as the plan has no way out to the \
                     internet"
                )
            });
        }
        InputKind::Reference if own => format!(
            "Where the certificate that {of} serves and its key are kept: a secret in Secret \
             Manager, as projects/PROJECT/secrets/NAME{example}. Never the key itself"
        ),
        InputKind::Reference => format!(
            "The certificate that {of} serves, as the link of an SSL certificate in Compute \
             Engine{example}"
        ),
        InputKind::Hostname => format!("The name in DNS by which {of} is reached{example}"),
        InputKind::SecretReference => format!(
            "Where the password of {of} is kept: a secret in Secret Manager, as \
             projects/PROJECT/secrets/NAME. Never the password itself"
        ),
    };
    (code("string"), about)
}

/// Whose the stock images are.
const STOCK: &str = "debian-cloud";

/// The newest image of Debian 12 for an instruction set.
fn stock_image(architecture: Architecture) -> String {
    let family = match architecture {
        Architecture::Arm64 => "debian-12-arm64",
        Architecture::X86_64 => "debian-12",
    };
    format!("projects/{STOCK}/global/images/family/{family}")
}
