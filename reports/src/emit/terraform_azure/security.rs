//! Rules of the network: one group for each service, and rules from the flows of the spec alone.

use std::collections::BTreeMap;

use domain::name::Name;
use domain::spec::{Flow, Platform, RedundancyPart, ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, list};
use crate::emit::terraform::network::{INTERNET, flows};

use super::names::{cloud, ident, of};
use super::settings::is_edge;
use super::{identity, ports, resource, tags};

/// The last rule of a group: a later one counts less.
const LAST: u32 = 4_096;

pub(super) fn file(spec: &Spec) -> Body {
    let body = Body::file(
        "One group for each service. What the plan's flows allow is allowed; any other connection \
         is refused, to the internet as well.",
    );
    let body = spec.services.iter().fold(body, |body, service| {
        let label = ident(&service.name);
        let named = || resource(of(spec, service, 80)).set("tags", tags(service));
        let body =
            body.part("", "resource", &["azurerm_application_security_group", &label], named());
        if !has_rules(service) {
            return body;
        }
        body.part("", "resource", &["azurerm_network_security_group", &label], named())
    });
    let mut rules = Rules { body, next: BTreeMap::new() };
    for (label, flow) in flows(spec) {
        rules.flow(spec, flow, &label);
    }
    for service in spec.services.iter().filter(|service| has_rules(service)) {
        rules.own(spec, service);
    }
    rules.body
}

/// Whether a service's machines are ours, and so are the rules of their cards.
fn has_rules(service: &ServicePart) -> bool {
    service.platform == Platform::Vm
}

/// The group that the cards of a service are in.
pub(super) fn group(service: &Name) -> Expression {
    code(&format!("azurerm_application_security_group.{}.id", ident(service)))
}

/// The rules of a service's cards.
pub(super) fn rules_of(service: &ServicePart) -> Expression {
    code(&format!("azurerm_network_security_group.{}.id", ident(&service.name)))
}

/// One end of a rule: a group of cards, or what Azure has a word for.
enum End<'a> {
    Group(&'a Name),
    Word(&'a str),
    Address(Expression),
}

impl End<'_> {
    fn set(&self, body: Body, side: &str) -> Body {
        match self {
            Self::Group(name) => {
                body.set(&format!("{side}_application_security_group_ids"), list([group(name)]))
            }
            Self::Word(word) => body.set(&format!("{side}_address_prefix"), *word),
            Self::Address(own) => body.set(&format!("{side}_address_prefix"), own.clone()),
        }
    }
}

/// Rules of several groups, each with a number of its own.
struct Rules {
    body: Body,
    next: BTreeMap<(String, &'static str), u32>,
}

/// What a rule allows.
struct Allowed<'a> {
    label: &'a str,
    name: String,
    from: End<'a>,
    to: End<'a>,
    port: String,
}

impl Rules {
    fn flow(&mut self, spec: &Spec, flow: &Flow, label: &str) {
        let find = |name: &Name| spec.services.iter().find(|own| own.name == *name);
        let name = |side: &str| {
            let port = flow.port.to_string();
            cloud(&[flow.from.as_str(), "to", flow.to.as_str(), &port, side], 80)
        };
        let outside = flow.from.as_str() == INTERNET;
        let from = || if outside { End::Word("Internet") } else { End::Group(&flow.from) };
        let port = flow.port.to_string();
        if let Some(to) = find(&flow.to).filter(|own| has_rules(own)) {
            let label = &format!("{label}_in");
            let rule = Allowed {
                label,
                name: name("in"),
                from: from(),
                to: End::Group(&flow.to),
                port: port.clone(),
            };
            self.allow(to, "Inbound", rule);
        }
        if let Some(caller) = find(&flow.from).filter(|own| has_rules(own)) {
            let label = &format!("{label}_out");
            let rule =
                Allowed { label, name: name("out"), from: from(), to: End::Group(&flow.to), port };
            self.allow(caller, "Outbound", rule);
            if let Some(to) = find(&flow.to).filter(|own| ports::are_called(spec, own)) {
                let rule = Allowed {
                    label: &format!("{label}_each"),
                    name: name("each"),
                    from: from(),
                    to: End::Address(ports::address(to)),
                    port: ports::all(to),
                };
                self.allow(caller, "Outbound", rule);
            }
        }
    }

    /// What a service's machines need besides the flows, and that nothing else is let through.
    fn own(&mut self, spec: &Spec, service: &ServicePart) {
        let label = ident(&service.name);
        let this = || End::Group(&service.name);
        if is_edge(service) {
            let own = Allowed {
                label: &format!("{label}_probed"),
                name: "probes".to_owned(),
                from: End::Word("AzureLoadBalancer"),
                to: this(),
                port: service.port.to_string(),
            };
            self.allow(service, "Inbound", own);
        }
        let copies = matches!(service.redundancy, RedundancyPart::Standby { .. });
        if copies || service.shards > 1 {
            for (direction, side) in [("Inbound", "in"), ("Outbound", "out")] {
                let own = Allowed {
                    label: &format!("{label}_copies_{side}"),
                    name: format!("copies-{side}"),
                    from: this(),
                    to: this(),
                    port: "*".to_owned(),
                };
                self.allow(service, direction, own);
            }
        }
        for (what, word) in identity::reached(spec, service) {
            let own = Allowed {
                label: &format!("{label}_reaches_{what}"),
                name: what.to_owned(),
                from: this(),
                to: End::Word(word),
                port: "443".to_owned(),
            };
            self.allow(service, "Outbound", own);
        }
        for (direction, side) in [("Inbound", "in"), ("Outbound", "out")] {
            let rule = head(service, &format!("nothing-else-{side}"), direction, LAST)
                .set("access", "Deny")
                .set("protocol", "*")
                .set("source_address_prefix", "*")
                .set("source_port_range", "*")
                .set("destination_address_prefix", "*")
                .set("destination_port_range", "*");
            self.push(&format!("{label}_nothing_else_{side}"), rule);
        }
    }

    fn allow(&mut self, service: &ServicePart, direction: &'static str, own: Allowed<'_>) {
        let next = self.next.entry((service.name.to_string(), direction)).or_insert(100);
        let head = head(service, &own.name, direction, *next);
        *next += 1;
        let rule = head.set("access", "Allow").set("protocol", "Tcp");
        let rule = own.from.set(rule, "source").set("source_port_range", "*");
        let rule = own.to.set(rule, "destination").set("destination_port_range", own.port);
        self.push(own.label, rule);
    }

    fn push(&mut self, label: &str, rule: Body) {
        let body = std::mem::take(&mut self.body);
        self.body = body.part("", "resource", &["azurerm_network_security_rule", label], rule);
    }
}

fn head(service: &ServicePart, name: &str, direction: &str, priority: u32) -> Body {
    let group = format!("azurerm_network_security_group.{}.name", ident(&service.name));
    Body::default()
        .set("name", name)
        .set("resource_group_name", code("azurerm_resource_group.this.name"))
        .set("network_security_group_name", code(&group))
        .set("direction", direction)
        .set("priority", priority)
}
