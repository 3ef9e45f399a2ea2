//! Who may open connections to whom: the flows of the spec, and nothing else.

use domain::intent::ServiceKind;
use domain::name::Name;
use domain::spec::{Flow, ServicePart, Spec};

use super::names::{DENY, LOOK_UP, Names};
use super::objects::{Object, object, pods_of};
use super::words::{fleets, is_fleet, service};
use crate::emit::yaml_text::{File, Map, list, texts};

/// Whatever is asked over HTTPS: queues of the cloud, whoever sends to them or takes from them.
const HTTPS: u16 = 443;

/// Addresses that no host in the internet has (RFC 1918).
const PRIVATE: [&str; 3] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

pub(super) fn file(spec: &Spec, names: &Names) -> File {
    let file = File::new(&format!(
        "What the plan's flows allow is allowed; any other connection of these pods is refused. \
         Addresses are those of the network of the spec, {}.",
        spec.network.vpc.cidr
    ));
    let file = file.document("Nothing is allowed but by a policy below.", deny(spec, names));
    let file = file.document("Names have to be looked up.", look_up(spec, names));
    fleets(spec).fold(file, |file, own| {
        let flows: Vec<String> = flows(spec, own).map(said).collect();
        file.document(&format!("{}: {}.", own.name, flows.join(", ")), policy(spec, names, own))
    })
}

fn named<'a>(name: &'a str, service: Option<&'a Name>) -> Object<'a> {
    Object { api: "networking.k8s.io/v1", kind: "NetworkPolicy", name, service }
}

fn deny(spec: &Spec, names: &Names) -> Map {
    let body = Map::default()
        .set("podSelector", Map::default())
        .set("policyTypes", list(["Ingress", "Egress"]));
    object(spec, names, named(DENY, None), Map::default()).set("spec", body)
}

fn look_up(spec: &Spec, names: &Names) -> Map {
    let of_system = texts([("kubernetes.io/metadata.name", "kube-system")]);
    let peer = Map::default()
        .set("namespaceSelector", Map::default().set("matchLabels", of_system))
        .set("podSelector", Map::default().set("matchLabels", texts([("k8s-app", "kube-dns")])));
    let ports =
        ["UDP", "TCP"].map(|protocol| Map::default().set("protocol", protocol).set("port", 53_u16));
    let rule = Map::default().set("to", list([peer])).set("ports", list(ports));
    let body = Map::default()
        .set("podSelector", Map::default())
        .set("policyTypes", list(["Egress"]))
        .set("egress", list([rule]));
    object(spec, names, named(LOOK_UP, None), Map::default()).set("spec", body)
}

/// The flows that begin or end at a service.
fn flows<'a>(spec: &'a Spec, own: &'a ServicePart) -> impl Iterator<Item = &'a Flow> {
    let mut flows: Vec<&Flow> = spec.network.flows.iter().collect();
    flows.sort_by_key(|flow| (&flow.from, &flow.to, flow.port));
    flows.dedup_by_key(|flow| (&flow.from, &flow.to, flow.port));
    flows.into_iter().filter(|flow| flow.from == own.name || flow.to == own.name)
}

fn said(flow: &Flow) -> String {
    format!("{} to {} at {}", flow.from, flow.to, flow.port)
}

fn policy(spec: &Spec, names: &Names, own: &ServicePart) -> Map {
    let (mut opened, mut entered) = (Vec::new(), Vec::new());
    for flow in flows(spec, own) {
        if let Some(to) = service(spec, &flow.to).filter(|_| flow.from == own.name) {
            opened.push(rule("to", peers(spec, names, to), port(flow, to)));
        }
        let Some(from) = service(spec, &flow.from).filter(|_| flow.to == own.name) else {
            continue;
        };
        let peers = peers(spec, names, from);
        // A queue opens no connection: whoever takes from it does.
        match from.kind {
            ServiceKind::Queue => opened.push(rule("to", peers, HTTPS)),
            _ => entered.push(rule("from", peers, flow.port)),
        }
    }
    let body = Map::default()
        .set("podSelector", Map::default().set("matchLabels", pods_of(names, &own.name)))
        .set("policyTypes", list(["Ingress", "Egress"]))
        .set("ingress", list(entered))
        .set("egress", list(opened));
    let name = names.service(&own.name);
    object(spec, names, named(name, Some(&own.name)), Map::default()).set("spec", body)
}

fn port(flow: &Flow, to: &ServicePart) -> u16 {
    if to.kind == ServiceKind::Queue { HTTPS } else { flow.port }
}

fn rule(direction: &str, peers: Vec<Map>, port: u16) -> Map {
    let ports = [Map::default().set("protocol", "TCP").set("port", port)];
    Map::default().set(direction, list(peers)).set("ports", list(ports))
}

/// Where a service is: its pods, or the addresses that it may have.
fn peers(spec: &Spec, names: &Names, other: &ServicePart) -> Vec<Map> {
    let block = |cidr: &str| Map::default().set("ipBlock", Map::default().set("cidr", cidr));
    if is_fleet(other) {
        let pods = Map::default().set("matchLabels", pods_of(names, &other.name));
        return vec![Map::default().set("podSelector", pods)];
    }
    match other.kind {
        ServiceKind::External => {
            let all = Map::default().set("cidr", "0.0.0.0/0").set("except", list(PRIVATE));
            vec![Map::default().set("ipBlock", all)]
        }
        // The plan's network has an endpoint for it somewhere.
        ServiceKind::Queue => vec![block(&spec.network.vpc.cidr)],
        _ => {
            let subnets = spec.network.subnets.iter();
            let own = subnets.filter(|subnet| subnet.group == other.subnet);
            own.map(|subnet| block(&subnet.cidr)).collect()
        }
    }
}
