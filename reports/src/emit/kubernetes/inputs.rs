//! What only the owner can say, in one place, and where each answer goes.
//!
//! An input without an answer is `null`, and kustomize refuses to build with its name. Whoever
//! applies the files without kustomize is refused by the API server: an empty image or secret and
//! a host between angle brackets are invalid there.

use std::collections::BTreeSet;

use domain::intent::ServiceKind;
use domain::name::Name;
use domain::offer::Provider;
use domain::spec::{InputKind, InputRequired, ServicePart, Spec};

use super::names::{INPUTS, Names};
use super::words;
use crate::emit::terraform::fleet::is_managed;
use crate::emit::terraform::names::ident;
use crate::emit::terraform::variables;
use crate::emit::told;
use crate::emit::yaml_text::{File, Map, Node, list};

/// An input: its key, and its value where it has a default.
#[derive(Debug)]
pub(super) struct Input<'a> {
    pub(super) key: String,
    pub(super) about: String,
    pub(super) default: Option<String>,
    service: &'a Name,
    asks: Asks,
}

/// What an input asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asks {
    /// What the spec asks for.
    Kind(InputKind),
    /// Where a slice of something that is run elsewhere is found.
    Host(usize),
}

/// All inputs: those of the spec in their order, then those with a default.
pub(super) fn all<'a>(spec: &'a Spec, names: &Names) -> Vec<Input<'a>> {
    let mut taken = BTreeSet::new();
    let mut claim = |wanted: &str| {
        let allowed = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let own = |letter| if allowed(letter) { letter } else { '_' };
        let mut key: String = wanted.chars().take(200).map(own).collect();
        if !key.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
            key.insert_str(0, "input_");
        }
        while !taken.insert(key.clone()) {
            key.push('_');
        }
        key
    };
    let asked = spec.inputs_required.iter();
    let mut inputs: Vec<Input<'a>> = asked
        .map(|input| Input {
            key: claim(&input.name),
            about: about(spec, input),
            default: None,
            service: &input.service,
            asks: Asks::Kind(input.kind),
        })
        .collect();
    for service in spec.services.iter().filter(|own| words::is_elsewhere(own)) {
        if service.kind == ServiceKind::External {
            continue;
        }
        for at in 0..slices(service) {
            let part = names.part(&service.name, at);
            inputs.push(Input {
                key: claim(&format!("{part}_host")),
                about: format!(
                    "{}: where it is found. The default is {}",
                    service.name,
                    said_of_default(spec, service)
                ),
                default: Some(default_host(spec, names, service, part)),
                service: &service.name,
                asks: Asks::Host(at),
            });
        }
    }
    inputs
}

/// How many addresses something has: each slice of a database has its own.
pub(super) fn slices(service: &ServicePart) -> usize {
    match service.kind {
        ServiceKind::Sql => usize::try_from(service.shards.max(1)).unwrap_or(1),
        _ => 1,
    }
}

/// AWS's queues have one address in a region.
fn is_regional(spec: &Spec, service: &ServicePart) -> bool {
    spec.placement.provider == Provider::Aws && service.kind == ServiceKind::Queue
}

fn default_host(spec: &Spec, names: &Names, service: &ServicePart, part: &str) -> String {
    if is_regional(spec, service) {
        return format!("sqs.{}.amazonaws.com", spec.placement.region);
    }
    format!("{part}.{}.internal", names.namespace)
}

fn said_of_default(spec: &Spec, service: &ServicePart) -> String {
    if is_regional(spec, service) {
        return "the address of all queues of the region".to_owned();
    }
    let zone = "a name in a private zone of your own, which has to lead to its address";
    let address = match words::unbuilt(spec) {
        Some(_) => String::new(),
        None => format!(
            "; terraform-{} says that as the output {}_address",
            spec.placement.provider.as_str(),
            ident(&service.name)
        ),
    };
    let sealed = if is_certified(spec, service) {
        "; calls are encrypted and its certificate bears no other name, so best put it here"
    } else {
        ""
    };
    format!("{zone}{address}{sealed}")
}

fn about(spec: &Spec, input: &InputRequired) -> String {
    let of = &input.service;
    let example = input.example.as_ref().map(|text| format!(", as {text}")).unwrap_or_default();
    match input.kind {
        InputKind::Image => {
            let service = words::service(spec, of);
            let offers = service.map(|own| own.offers.as_slice()).unwrap_or_default();
            let sets: BTreeSet<_> = offers.iter().map(|offer| offer.architecture).collect();
            let sets: Vec<&str> = sets.into_iter().map(super::pod::architecture).collect();
            format!("{of}: its image, for {}, best with its digest{example}", sets.join(" and "))
        }
        InputKind::Reference => format!(
            "{of}: the ARN of the certificate in ACM that it serves, which exists already{example}"
        ),
        InputKind::Hostname => format!("{of}: its name in DNS{example}"),
        InputKind::SecretReference => format!(
            "{of}: the Secret of this namespace in which its password is kept, which you make; \
             never the password itself{example}{}",
            rotated(spec, of)
        ),
    }
}

/// What is to be known of a password that RDS may make and rotate.
fn rotated(spec: &Spec, of: &Name) -> String {
    let managed = words::service(spec, of).is_some_and(|own| is_managed(own, ServiceKind::Sql));
    let place = variables::input(spec, of, InputKind::SecretReference);
    let Some(place) = place.filter(|_| managed && spec.placement.provider == Provider::Aws) else {
        return String::new();
    };
    format!(
        ". Where terraform-aws has {place} = \"managed\", RDS rotates the password every seven \
         days unless its secret says otherwise: this Secret keeps the old one, and pods have no \
         access with it, unless they read the secret of RDS themselves"
    )
}

/// The key of a service's input of a kind.
pub(super) fn key<'a>(inputs: &'a [Input<'_>], service: &Name, kind: InputKind) -> Option<&'a str> {
    let own = |input: &&Input<'_>| input.service == service && input.asks == Asks::Kind(kind);
    Some(&inputs.iter().find(own)?.key)
}

/// What stands where a name of DNS will be: no such name, so that nothing takes it for one.
pub(super) fn place_of_host(inputs: &[Input<'_>], service: &Name) -> String {
    let key = key(inputs, service, InputKind::Hostname);
    key.map_or_else(|| "<unknown>".to_owned(), |key| format!("<{key}>"))
}

/// The default of where something is found.
///
/// # Panics
/// When it has no such slice.
pub(super) fn host<'a>(inputs: &'a [Input<'_>], service: &Name, at: usize) -> &'a str {
    let own = |input: &&Input<'_>| input.service == service && input.asks == Asks::Host(at);
    let found = inputs.iter().find(own).and_then(|input| input.default.as_deref());
    found.expect("what is run elsewhere has an input for each slice")
}

/// The values, in a map that never reaches a cluster.
pub(super) fn file(spec: &Spec, names: &Names, inputs: &[Input<'_>]) -> File {
    let data = inputs.iter().fold(Map::default(), |data, input| {
        let value = input.default.clone().map_or(Node::Null, Node::from);
        data.remark(&format!("{}.", input.about)).set(&input.key, value)
    });
    let metadata = Map::default().set("name", INPUTS).set("namespace", names.namespace.as_str());
    let local = Map::default().set("config.kubernetes.io/local-config", "true");
    let document = Map::default()
        .set("apiVersion", "v1")
        .set("kind", "ConfigMap")
        .set("metadata", metadata.set("annotations", local))
        .set("data", data);
    File::new(&format!(
        "What only the owner of {} can say: put an answer in place of each null. kustomize refuses \
         to build, with its name, what is unanswered. Nothing here is a secret, and this map \
         itself is not sent to the cluster. kubectl apply -k puts a changed answer where it is \
         needed, and the pods that use it are started anew, one after another. Another password \
         in a Secret of the same name is seen by nobody: kubectl -n {} rollout restart \
         deployment.",
        spec.metadata.name, names.namespace
    ))
    .document("", document)
}

/// The files and where the answers go.
pub(super) fn kustomization(
    about: &str,
    resources: &[&str],
    (spec, names, inputs): (&Spec, &Names, &[Input<'_>]),
) -> File {
    let replacements = inputs.iter().filter_map(|input| {
        let targets = targets(spec, names, input);
        let source = Map::default()
            .set("kind", "ConfigMap")
            .set("name", INPUTS)
            .set("fieldPath", format!("data.{}", input.key));
        let own = Map::default().set("source", source);
        (!targets.is_empty()).then(|| own.set("targets", list(targets)))
    });
    let replacements: Vec<Map> = replacements.collect();
    let document = Map::default()
        .set("apiVersion", "kustomize.config.k8s.io/v1beta1")
        .set("kind", "Kustomization")
        .set("resources", list(resources.iter().copied()))
        .set("replacements", list(replacements));
    File::new(about).document("", document)
}

fn target(kind: &str, name: &str, paths: &[String]) -> Map {
    let select = Map::default().set("kind", kind).set("name", name);
    let paths = paths.iter().map(String::as_str);
    Map::default().set("select", select).set("fieldPaths", list(paths))
}

/// Where the answer to an input goes.
fn targets(spec: &Spec, names: &Names, input: &Input<'_>) -> Vec<Map> {
    let Some(service) = words::service(spec, input.service) else { return Vec::new() };
    let own = names.service(input.service);
    match input.asks {
        Asks::Kind(InputKind::Image) if words::is_fleet(service) => {
            let path = format!("spec.template.spec.containers.[name={own}].image");
            let kinds = (0..service.offers.len()).map(|at| names.part(input.service, at));
            kinds.map(|name| target("Deployment", name, std::slice::from_ref(&path))).collect()
        }
        Asks::Kind(InputKind::Hostname) if service.kind == ServiceKind::Balancer => {
            vec![target("Ingress", own, &["spec.rules.0.host".to_owned()])]
        }
        Asks::Kind(InputKind::Hostname) if service.kind == ServiceKind::External => {
            let path = "spec.externalName".to_owned();
            let found = vec![target("Service", own, &[path])];
            let told = certified(spec, names, service, 0);
            found.into_iter().chain(told).chain(restarted(spec, names, service, 0)).collect()
        }
        Asks::Kind(InputKind::Reference) if service.kind == ServiceKind::Balancer => {
            let path = format!("metadata.annotations.[{}]", super::balancer::CERTIFICATE);
            vec![target("Ingress", own, &[path])]
        }
        Asks::Kind(InputKind::SecretReference) => {
            let path = format!("spec.template.spec.volumes.[name={own}].secret.secretName");
            let callers = words::users(spec, service);
            let kinds = callers
                .flat_map(|caller| (0..caller.offers.len()).map(|at| names.part(&caller.name, at)));
            kinds.map(|name| target("Deployment", name, std::slice::from_ref(&path))).collect()
        }
        Asks::Host(at) => {
            let part = names.part(input.service, at);
            let found = vec![target("Service", part, &["spec.externalName".to_owned()])];
            let told = certified(spec, names, service, at);
            found.into_iter().chain(told).chain(restarted(spec, names, service, at)).collect()
        }
        Asks::Kind(_) => Vec::new(),
    }
}

/// The annotation of pods with the answer to where something is found: kustomize puts it there, so
/// that another answer is another pod, which a changed `Service` or `ConfigMap` by itself is not.
fn heed(names: &Names, service: &Name, at: usize) -> String {
    format!("host.plimsoll.dev/{}", names.part(service, at))
}

/// The pods that heed an answer: those of whoever calls what is found there.
fn restarted(spec: &Spec, names: &Names, service: &ServicePart, at: usize) -> Vec<Map> {
    let path = format!("spec.template.metadata.annotations.[{}]", heed(names, &service.name, at));
    let callers = words::users(spec, service);
    let kinds =
        callers.flat_map(|caller| (0..caller.offers.len()).map(|at| names.part(&caller.name, at)));
    kinds.map(|name| target("Deployment", name, std::slice::from_ref(&path))).collect()
}

/// The annotations of a service's pods with the answers that they heed, as they stand before
/// kustomize puts answers there.
pub(super) fn heeded(
    spec: &Spec,
    names: &Names,
    inputs: &[Input<'_>],
    service: &ServicePart,
) -> Vec<(String, String)> {
    let used = words::used(spec, service).filter(|to| words::is_elsewhere(to));
    let each = used.flat_map(|to| {
        (0..slices(to)).map(move |at| (heed(names, &to.name, at), stands(inputs, to, at)))
    });
    each.collect()
}

/// What stands where the place of something elsewhere is told, before kustomize puts it there.
pub(super) fn stands(inputs: &[Input<'_>], to: &ServicePart, at: usize) -> String {
    match to.kind {
        ServiceKind::External => place_of_host(inputs, &to.name),
        _ => host(inputs, &to.name, at).to_owned(),
    }
}

/// The settings with the name that a certificate of something elsewhere bears: a client that
/// checks it would find another name than the one it called.
fn certified(spec: &Spec, names: &Names, service: &ServicePart, at: usize) -> Vec<Map> {
    if !is_certified(spec, service) {
        return Vec::new();
    }
    let path = format!("data.{}", certified_by(service, at));
    let callers = words::users(spec, service);
    let own = callers.map(|caller| names.service(&caller.name));
    own.map(|name| target("ConfigMap", name, std::slice::from_ref(&path))).collect()
}

/// Whether something elsewhere is called encrypted.
pub(super) fn is_certified(spec: &Spec, service: &ServicePart) -> bool {
    words::is_elsewhere(service) && told::is_sealed(spec, service)
}

/// The setting with the name that a certificate bears.
fn certified_by(service: &ServicePart, at: usize) -> String {
    let key = told::variable(&service.name);
    format!("{}_TLS_NAME", told::part(&key, (slices(service) > 1).then_some(at)))
}
