//! What only the owner can say, in the words of AWS, and the provider with its tags.

use domain::offer::Architecture;
use domain::spec::{InputKind, InputRequired, ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code};
use crate::emit::terraform::fleet::is_fleet;
use crate::emit::terraform::variables::{
    self, Asked, Required, example, password_version, required, tags,
};

use super::cluster;
use super::told::{start, start_variable};

/// The provider that modules for AWS are written for.
pub(in crate::emit) const AWS: Required =
    Required { local: "aws", source: "hashicorp/aws", version: "~> 5.100" };

/// `terraform`, the provider and its tags.
pub(super) fn versions(spec: &Spec) -> Body {
    let provider = Body::default().set("region", spec.placement.region.as_str()).gap().block(
        "default_tags",
        &[],
        Body::default().set("tags", code("local.tags")),
    );
    required("The versions that this was written for.", &[AWS]).part(
        "",
        "provider",
        &["aws"],
        provider,
    )
}

/// One variable for each input of the spec, without a default; no other is without.
pub(super) fn file(spec: &Spec) -> Body {
    let asked = Asked {
        input: &described,
        stock: &stock,
        unused_with: &|kind| (kind != InputKind::SecretReference).then_some(cluster::CLUSTER),
        tags: ("tags", tags(spec)),
    };
    let starts = spec.services.iter().filter(|service| is_fleet(service)).map(start_variable);
    let body = starts.fold(variables::file(spec, &asked), Body::then);
    body.then(variables::password_versions(spec)).then(cluster::variables())
}

/// The variables that no input of the spec may be called, beside those of every cloud.
pub(super) fn own(spec: &Spec) -> impl Iterator<Item = String> {
    let fleets = spec.services.iter().filter(|service| is_fleet(service));
    let passwords = spec.services.iter().filter_map(|own| password_version(spec, own));
    let cluster = [cluster::CLUSTER, cluster::NODES].map(str::to_owned);
    fleets.map(start).chain(passwords).chain(cluster)
}

/// The type of an input and what it is.
fn described(input: &InputRequired, service: Option<&ServicePart>) -> (Expression, String) {
    let of = &input.service;
    let text = code("string");
    match input.kind {
        InputKind::Image => variables::image(service, |sets| {
            let asked = service.and_then(|own| own.health_check.path.as_deref());
            let answers = asked.zip(service).map_or_else(String::new, |(path, own)| {
                format!("; the program answers {path} at port {}, or is replaced", own.port)
            });
            format!(
                "The machine image (AMI, {sets}) that instances of {of} start from, with the \
                 program in it and its root disk at /dev/xvda: they reach no registry, as the \
                 plan has no way out to the internet{answers}"
            )
        }),
        InputKind::Reference => {
            (text, format!("The ARN of the certificate in ACM that {of} serves{}", example(input)))
        }
        InputKind::Hostname => {
            (text, format!("The name in DNS by which {of} is reached{}", example(input)))
        }
        InputKind::SecretReference => (
            text,
            format!(
                "Where the password of {of} is kept: the ARN of a secret in Secrets Manager, or \
                 \"managed\" for one that RDS makes, and rotates every seven days unless its \
                 secret says otherwise. Pods of a cluster that were given a password then have no \
                 access with it, unless they read the secret of RDS themselves: beside a cluster \
                 name a secret of your own. Never the password itself"
            ),
        ),
    }
}

/// The image of a service for which the spec asks for none.
fn stock(service: &ServicePart) -> Body {
    let described = format!(
        "The machine image (AMI) that instances of {} start from, which holds its software; the \
         spec asks for none, so the newest Amazon Linux stands here",
        service.name
    );
    variables::stock(service, described, stock_image)
}

/// Amazon's public parameter for the newest Amazon Linux 2023.
fn stock_image(architecture: Architecture) -> String {
    format!(
        "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-{}",
        architecture.as_str()
    )
}
