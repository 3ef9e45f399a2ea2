//! What only the owner can say, and what every resource is tagged with.

use std::collections::{BTreeMap, BTreeSet};

use domain::intent::ServiceKind;
use domain::name::Name;
use domain::offer::Architecture;
use domain::spec::{InputKind, InputRequired, Platform, ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, list, map};
use crate::spec::reviews::environment_in;

use super::names::system_of;
use crate::emit::decimal::decimal;

/// Names that Terraform keeps for itself, and those of the variables that have a default.
const TAKEN: [&str; 9] = [
    "count",
    "depends_on",
    "for_each",
    "lifecycle",
    "locals",
    "providers",
    "source",
    "version",
    "zones",
];

/// The inputs of a spec with the variable that each is, in their order.
pub(in crate::emit) fn inputs(spec: &Spec) -> Vec<(String, &InputRequired)> {
    let mut taken: BTreeSet<String> = TAKEN.iter().map(|name| (*name).to_owned()).collect();
    let named = spec.inputs_required.iter().map(|input| {
        let allowed = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let own = |letter| if allowed(letter) { letter } else { '_' };
        let mut name: String = input.name.chars().map(own).collect();
        if !name.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
            name.insert_str(0, "input_");
        }
        while !taken.insert(name.clone()) {
            name.push('_');
        }
        (name, input)
    });
    named.collect()
}

/// The variable of a service's input of a kind.
pub(super) fn input(spec: &Spec, service: &Name, kind: InputKind) -> Option<String> {
    let mut inputs = inputs(spec).into_iter();
    let (name, _) = inputs.find(|(_, own)| own.service == *service && own.kind == kind)?;
    Some(name)
}

/// `terraform`, the provider and its tags.
pub(super) fn versions(spec: &Spec) -> Body {
    let provider = Body::default().set("region", spec.placement.region.as_str()).gap().block(
        "default_tags",
        &[],
        Body::default().set("tags", code("local.tags")),
    );
    required("The versions that this was written for.").part("", "provider", &["aws"], provider)
}

/// `terraform { … }` with the versions of a module.
pub(in crate::emit) fn required(about: &str) -> Body {
    let aws = [("source", "hashicorp/aws"), ("version", "~> 5.100")];
    let key = |name| hcl::expr::ObjectKey::Identifier(hcl::Identifier::unchecked(name));
    let entries = aws.map(|(name, value)| (key(name), Expression::from(value)));
    let object = Expression::Object(entries.into_iter().collect());
    let providers = Body::default().set("aws", object);
    let terraform = Body::default().set("required_version", ">= 1.11").gap().block(
        "required_providers",
        &[],
        providers,
    );
    Body::file(about).gap().block("terraform", &[], terraform)
}

/// The labels, and what leads from a resource and its bill back to the spec.
pub(in crate::emit) fn tags(spec: &Spec) -> BTreeMap<String, String> {
    let mut tags = BTreeMap::from([
        ("plimsoll.dev/spec".to_owned(), spec.metadata.digest.clone()),
        ("plimsoll.dev/system".to_owned(), system_of(spec)),
    ]);
    if let Some(environment) = environment_in(spec) {
        tags.insert("environment".to_owned(), environment.to_owned());
    }
    tags.extend(spec.metadata.labels.clone());
    tags
}

/// One variable for each input of the spec, without a default; no other is without.
pub(super) fn file(spec: &Spec) -> Body {
    let body = Body::file(
        "What only the owner can say has no default. Nothing here is a secret: where one is \
         needed, its place is asked for.",
    );
    let body = inputs(spec).iter().fold(body, |body, (name, input)| {
        let service = spec.services.iter().find(|service| service.name == input.service);
        let (kind, described) = described(input, service);
        let variable =
            Body::default().set("description", described).set("type", kind).set("nullable", false);
        body.part("", "variable", &[name], variable)
    });
    let body = stock_images(spec)
        .fold(body, |body, (name, service)| body.part("", "variable", &[&name], image(service)));
    let count = spec.placement.zones.len();
    let about = format!(
        "The {count} zones of {} to use, each a different one; the first of the region when empty",
        spec.placement.region
    );
    let different = "length(distinct(var.zones)) == length(var.zones)";
    let condition = format!("contains([0, {count}], length(var.zones)) && {different}");
    let valid = Body::default()
        .set("condition", code(&condition))
        .set("error_message", format!("The plan stands in {count} different zones."));
    let zones = Body::default()
        .set("description", about)
        .set("type", code("list(string)"))
        .set("default", list(Vec::<Expression>::new()))
        .set("nullable", false)
        .gap()
        .block("validation", &[], valid);
    let monthly = decimal(spec.cost.monthly_micros.expected.micros().unsigned_abs() / 10_000, 2);
    let about = format!(
        "{} at {monthly} USD a month. Tags of the labels, and of the spec that this is built from.",
        spec.metadata.name
    );
    let locals = Body::default().set("tags", map(tags(spec)));
    body.part("", "variable", &["zones"], zones).part(&about, "locals", &[], locals)
}

/// The type of an input and what it is.
fn described(input: &InputRequired, service: Option<&ServicePart>) -> (Expression, String) {
    let of = &input.service;
    let example = input.example.as_ref().map(|text| format!(", as {text}")).unwrap_or_default();
    let text = code("string");
    match input.kind {
        InputKind::Image => {
            let archs = service.map(architectures).unwrap_or_default();
            let words: Vec<&str> = archs.iter().map(|own| own.as_str()).collect();
            let about = format!(
                "The machine image (AMI, {}) that instances of {of} start from, with the \
                 program in it and its root disk at /dev/xvda: they reach no registry, as the \
                 plan has no way out to the internet",
                words.join(" and ")
            );
            if archs.len() < 2 {
                return (text, about);
            }
            let each: Vec<String> = words.iter().map(|word| format!("{word} = string")).collect();
            (code(&format!("object({{ {} }})", each.join(", "))), about + ", by instruction set")
        }
        InputKind::Reference => {
            (text, format!("The ARN of the certificate in ACM that {of} serves{example}"))
        }
        InputKind::Hostname => (text, format!("The name in DNS by which {of} is reached{example}")),
        InputKind::SecretReference => (
            text,
            format!(
                "Where the password of {of} is kept: the ARN of a secret in Secrets Manager, or \
                 \"managed\" for one that RDS makes and rotates. Never the password itself"
            ),
        ),
    }
}

/// The instruction sets of a service's offers, each once.
pub(super) fn architectures(service: &ServicePart) -> BTreeSet<Architecture> {
    service.offers.iter().map(|offer| offer.architecture).collect()
}

/// The services on machines of our own for whose image the spec asks for no input.
pub(super) fn stock_images(spec: &Spec) -> impl Iterator<Item = (String, &ServicePart)> {
    let machines = spec.services.iter().filter(|service| {
        service.platform == Platform::Vm && service.kind != ServiceKind::Balancer
    });
    let without = machines.filter(|service| input(spec, &service.name, InputKind::Image).is_none());
    without.map(|service| (format!("{}_image", super::names::ident(&service.name)), service))
}

/// The image of a service for which the spec asks for none.
fn image(service: &ServicePart) -> Body {
    let described = format!(
        "The machine image (AMI) that instances of {} start from, which holds its software; the \
         spec asks for none, so the newest Amazon Linux stands here",
        service.name
    );
    let architectures = architectures(service);
    let stock = architectures.iter().map(|own| (own.as_str(), stock_image(*own)));
    let (kind, default) = match architectures.first() {
        Some(only) if architectures.len() == 1 => ("string", stock_image(*only).into()),
        _ => ("map(string)", map(stock)),
    };
    Body::default()
        .set("description", described)
        .set("type", code(kind))
        .set("default", default)
        .set("nullable", false)
}

/// Amazon's public parameter for the newest Amazon Linux 2023.
fn stock_image(architecture: Architecture) -> String {
    format!(
        "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-{}",
        architecture.as_str()
    )
}
