//! What only the owner can say, and what every resource is labelled with.

use std::collections::{BTreeMap, BTreeSet};

use domain::intent::ServiceKind;
use domain::name::Name;
use domain::offer::Architecture;
use domain::spec::{InputKind, InputRequired, Platform, ServicePart, Spec};
use hcl::Expression;

use crate::emit::commitments;
use crate::emit::decimal::cents;
use crate::emit::hcl_text::{Body, code, list, map};

use super::fleet::{architectures, is_managed};
use super::names::{ident, system_of};

/// Names that Terraform keeps for itself, and those of the variables that have a default.
const TAKEN: [&str; 10] = [
    "count",
    "depends_on",
    "for_each",
    "lifecycle",
    "locals",
    "may_stop",
    "providers",
    "source",
    "version",
    "zones",
];

/// A provider: what it is called in the module, where it comes from, and which versions.
pub(in crate::emit) struct Required {
    /// As the module calls it: `aws`.
    pub local: &'static str,
    /// Where it comes from: `hashicorp/aws`.
    pub source: &'static str,
    /// Which versions do: `~> 5.100`.
    pub version: &'static str,
}

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
pub(in crate::emit) fn input(spec: &Spec, service: &Name, kind: InputKind) -> Option<String> {
    let mut inputs = inputs(spec).into_iter();
    let (name, _) = inputs.find(|(_, own)| own.service == *service && own.kind == kind)?;
    Some(name)
}

/// `terraform { … }` with the versions of a module.
pub(in crate::emit) fn required(about: &str, providers: &[Required]) -> Body {
    let key = |name| hcl::expr::ObjectKey::Identifier(hcl::Identifier::unchecked(name));
    let providers = providers.iter().fold(Body::default(), |body, own| {
        let entries = [("source", own.source), ("version", own.version)];
        let entries = entries.map(|(name, value)| (key(name), Expression::from(value)));
        body.set(own.local, Expression::Object(entries.into_iter().collect()))
    });
    let terraform = Body::default().set("required_version", ">= 1.11").gap().block(
        "required_providers",
        &[],
        providers,
    );
    Body::file(about).gap().block("terraform", &[], terraform)
}

/// The keys of what leads from a resource and its bill back to the spec.
pub(in crate::emit) const BACK: [&str; 2] = ["plimsoll.dev/spec", "plimsoll.dev/system"];

/// The labels, and what leads from a resource and its bill back to the spec.
pub(in crate::emit) fn tags(spec: &Spec) -> BTreeMap<String, String> {
    let mut tags = spec.metadata.labels.clone();
    if let Some(environment) = spec.metadata.environment_name() {
        tags.insert("environment".to_owned(), environment.to_owned());
    }
    // Whatever a label says: by these the bill and its alarm find the system.
    tags.extend([
        (BACK[0].to_owned(), spec.metadata.digest.clone()),
        (BACK[1].to_owned(), system_of(spec)),
    ]);
    tags
}

/// What says the type of an input of a service, and what it is.
pub(in crate::emit) type Describes =
    dyn Fn(&InputRequired, Option<&ServicePart>) -> (Expression, String);

/// How a cloud describes what it asks for.
pub(in crate::emit) struct Asked<'a> {
    /// The type of an input of a service and what it is.
    pub input: &'a Describes,
    /// The image of a service for which the spec asks for none: the variable's body.
    pub stock: &'a dyn Fn(&ServicePart) -> Body,
    /// The variable with which nobody uses an input of a kind, if there is one.
    pub unused_with: &'a dyn Fn(InputKind) -> Option<&'static str>,
    /// What the labels are called in the cloud, as the map to write.
    pub tags: (&'static str, BTreeMap<String, String>),
}

/// One variable for each input of the spec, without a default; no other is without. Where another
/// variable may say that nobody uses it, it may be left out then, and only then.
pub(in crate::emit) fn file(spec: &Spec, asked: &Asked<'_>) -> Body {
    let body = Body::file(
        "What only the owner can say has no default. Nothing here is a secret: where one is \
         needed, its place is asked for.",
    );
    let body = inputs(spec).iter().fold(body, |body, (name, input)| {
        let service = spec.services.iter().find(|service| service.name == input.service);
        let (kind, described) = (asked.input)(input, service);
        let variable = Body::default().set("description", described).set("type", kind);
        let variable = match (asked.unused_with)(input.kind) {
            None => variable.set("nullable", false),
            Some(other) => variable.then(needed_unless(other, name)),
        };
        body.part("", "variable", &[name], variable)
    });
    let body = stock_images(spec).fold(body, |body, (name, service)| {
        body.part("", "variable", &[&name], (asked.stock)(service))
    });
    let monthly = cents(spec.cost.monthly_micros.expected);
    let (word, tags) = &asked.tags;
    let mut capital = (*word).to_owned();
    capital[..1].make_ascii_uppercase();
    let about = format!(
        "{} at {monthly} USD a month. {capital} of the labels, and of the spec that this is built \
         from.{}",
        spec.metadata.name,
        commitments::of_all(spec)
    );
    let locals = Body::default().set(word, map(tags.clone()));
    body.part("", "variable", &["zones"], zones(spec)).part(&about, "locals", &[], locals)
}

/// That an input is asked for unless another variable is true.
fn needed_unless(other: &str, name: &str) -> Body {
    let valid = Body::default()
        .set("condition", code(&format!("var.{other} || var.{name} != null")))
        .set("error_message", format!("{name} is asked for, unless {other} is true."));
    Body::default().set("default", Expression::Null).gap().block("validation", &[], valid)
}

/// Which zones are used.
fn zones(spec: &Spec) -> Body {
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
    Body::default()
        .set("description", about)
        .set("type", code("list(string)"))
        .set("default", list(Vec::<Expression>::new()))
        .set("nullable", false)
        .gap()
        .block("validation", &[], valid)
}

/// The example of an input, as a description ends with it.
pub(in crate::emit) fn example(input: &InputRequired) -> String {
    input.example.as_ref().map(|text| format!(", as {text}")).unwrap_or_default()
}

/// The type of an image and what it is: one for each instruction set of a service, with what the
/// cloud says of it after the names of the sets.
pub(in crate::emit) fn image(
    service: Option<&ServicePart>,
    about: impl Fn(&str) -> String,
) -> (Expression, String) {
    let sets = service.map(architectures).unwrap_or_default();
    let words: Vec<&str> = sets.iter().map(|own| own.as_str()).collect();
    let about = about(&words.join(" and "));
    if sets.len() < 2 {
        return (code("string"), about);
    }
    let each: Vec<String> = words.iter().map(|word| format!("{word} = string")).collect();
    (code(&format!("object({{ {} }})", each.join(", "))), about + ", by instruction set")
}

/// A variable for the image of a service for which the spec asks for none, with the cloud's own
/// image of each instruction set.
pub(in crate::emit) fn stock(
    service: &ServicePart,
    described: String,
    stock: impl Fn(Architecture) -> String,
) -> Body {
    let sets = architectures(service);
    let each = sets.iter().map(|own| (own.as_str(), stock(*own)));
    let (kind, default) = match sets.first() {
        Some(only) if sets.len() == 1 => ("string", stock(*only).into()),
        _ => ("map(string)", map(each)),
    };
    Body::default()
        .set("description", described)
        .set("type", code(kind))
        .set("default", default)
        .set("nullable", false)
}

/// The variable with how many passwords a database has had, where the place of one is asked for.
pub(in crate::emit) fn password_version(spec: &Spec, service: &ServicePart) -> Option<String> {
    let managed = is_managed(service, ServiceKind::Sql);
    input(spec, &service.name, InputKind::SecretReference).filter(|_| managed)?;
    Some(format!("{}_password_version", ident(&service.name)))
}

/// Those variables.
pub(in crate::emit) fn password_versions(spec: &Spec) -> Body {
    let own = spec.services.iter().filter_map(|own| Some((own, password_version(spec, own)?)));
    own.fold(Body::default(), |body, (service, name)| {
        let about = format!(
            "To be counted up whenever the secret of {} has another password: Terraform keeps \
             none, so it sees no change of one, and gives the database the secret's when this \
             number is another",
            service.name
        );
        let own = Body::default()
            .set("description", about)
            .set("type", code("number"))
            .set("default", 1)
            .set("nullable", false);
        body.part("", "variable", &[&name], own)
    })
}

/// The services on machines of our own for whose image the spec asks for no input.
pub(in crate::emit) fn stock_images(spec: &Spec) -> impl Iterator<Item = (String, &ServicePart)> {
    let machines = spec.services.iter().filter(|service| service.platform == Platform::Vm);
    let without = machines.filter(|service| input(spec, &service.name, InputKind::Image).is_none());
    without.map(|service| (format!("{}_image", ident(&service.name)), service))
}
