//! Beside a cluster that runs the programs nothing is made or asked for that its pods do not use.

use domain::intent::ServiceKind;
use domain::spec::{InputKind, ServicePart, Spec, SubnetTier};
use hcl::Expression;
use reports::emit::Format;

use super::specs;
use crate::terraform::module::{Module, inner, value, word};

fn services(spec: &Spec, kind: ServiceKind) -> impl Iterator<Item = &ServicePart> {
    spec.services.iter().filter(move |service| service.kind == kind)
}

/// A cluster's nodes come in to data by a rule each, and only where the owner names their group;
/// where there is one, nothing is built that it takes the place of.
#[test]
fn a_cluster_takes_the_place_of_machines() {
    for (shape, spec) in specs::all() {
        let module = Module::of(&spec, Format::TerraformAws);
        let data = [ServiceKind::Sql, ServiceKind::Cache];
        for service in data.into_iter().flat_map(|kind| services(&spec, kind)) {
            let label = format!("Nodes_to_{}", service.name.as_str().replace('-', "_"));
            let rule = module.resource("aws_vpc_security_group_ingress_rule", &label);
            assert_eq!(word(rule, "count"), "var.node_security_group == \"\" ? 0 : 1", "{shape}");
            assert_eq!(word(rule, "from_port"), service.port.to_string(), "{shape}");
            assert_eq!(word(rule, "referenced_security_group_id"), "var.node_security_group");
        }
        let subnets = module.labels("aws_subnet");
        for label in subnets {
            let tags = word(module.resource("aws_subnet", label), "tags");
            let tier = spec.network.subnets.iter().find(|own| own.group.as_str() == label);
            let (outside, inside) = match tier.expect("it is in the spec").tier {
                SubnetTier::Public => (true, false),
                SubnetTier::Private => (false, true),
                SubnetTier::Isolated => (false, false),
            };
            assert_eq!(tags.contains("kubernetes.io/role/elb"), outside, "{shape}: {label}");
            let within = tags.contains("kubernetes.io/role/internal-elb");
            assert_eq!(within, inside, "{shape}: {label}");
        }
    }
}

/// Whoever makes the cluster is told the network, the subnets of its nodes, and where a way out of
/// them is added.
#[test]
fn the_network_of_a_cluster_is_told() {
    for (shape, spec) in specs::all() {
        let module = Module::of(&spec, Format::TerraformAws);
        let outputs = module.blocks("output");
        let told = |name: &str| {
            let (_, body) = outputs.iter().find(|(labels, _)| labels[0] == name).expect(name);
            assert!(word(body, "description").len() > 20, "{shape}: {name}");
            word(body, "value")
        };
        assert_eq!(told("vpc_id"), "aws_vpc.this.id", "{shape}");
        let nodes = told("private_subnet_ids");
        for subnet in &spec.network.subnets {
            let group =
                format!("values(aws_subnet.{})[*].id", subnet.group.as_str().replace('-', "_"));
            let inside = subnet.tier == SubnetTier::Private;
            assert_eq!(nodes.contains(&group), inside, "{shape}: {}", subnet.group);
        }
        let tables = told("route_table_ids");
        for label in module.labels("aws_route_table") {
            assert!(tables.contains(&format!("aws_route_table.{label}.id")), "{shape}: {tables}");
        }
    }
}

/// What pods use of the module: the network, data, queues and the ways to them.
pub(in crate::terraform) fn used_by_pods(spec: &Spec, kind: &str, label: &str) -> bool {
    let service = spec.services.iter().find(|own| own.name.as_str().replace('-', "_") == label);
    let machines = [ServiceKind::Service, ServiceKind::Balancer];
    let queues = services(spec, ServiceKind::Queue).count() > 0;
    match kind {
        "aws_vpc"
        | "aws_default_security_group"
        | "aws_subnet"
        | "aws_internet_gateway"
        | "aws_route_table"
        | "aws_route_table_association"
        | "aws_sqs_queue" => true,
        "aws_security_group" => match service {
            Some(service) => !machines.contains(&service.kind),
            None => label == "Endpoints" && queues,
        },
        "aws_vpc_security_group_ingress_rule" => label.starts_with("Nodes_to_"),
        "aws_vpc_endpoint" => label == "sqs",
        _ => kind.starts_with("aws_db_") || kind.starts_with("aws_elasticache_"),
    }
}

#[test]
fn what_pods_do_not_use_is_not_made() {
    for (shape, spec) in specs::all() {
        let module = Module::of(&spec, Format::TerraformAws);
        let mut gone = 0;
        for (labels, body) in module.blocks("resource") {
            let out = word(body, "count") == "var.cluster ? 0 : 1";
            assert_eq!(!out, used_by_pods(&spec, labels[0], labels[1]), "{shape}: {labels:?}");
            gone += usize::from(out);
        }
        assert!(gone > 8, "{shape}: {gone}");
        // What is not always there is one of a list wherever it is named.
        let text = hcl::format::to_string(&module.0).expect("it is written");
        for (labels, body) in module.blocks("resource") {
            if word(body, "count") != "var.cluster ? 0 : 1" {
                continue;
            }
            let name = labels.join(".");
            for (at, _) in text.match_indices(&name) {
                let before = text[..at].chars().next_back();
                let after = &text[at + name.len()..];
                let whole = !before.is_some_and(|own| own.is_alphanumeric() || own == '_')
                    && !after.starts_with(|own: char| own.is_alphanumeric() || own == '_');
                assert!(!whole || !after.starts_with('.'), "{shape}: {name}{}", &after[..20]);
            }
        }
    }
}

/// An image, a certificate and a name are asked for unless there is a cluster; the place of a
/// password, which the database needs, always is.
#[test]
fn what_pods_do_not_use_is_not_asked_for() {
    for (shape, spec) in specs::all() {
        let module = Module::of(&spec, Format::TerraformAws);
        let variables = module.blocks("variable");
        for input in &spec.inputs_required {
            let found = variables.iter().find(|(labels, _)| labels[0] == input.name);
            let (_, body) = found.expect("every input is a variable");
            if input.kind == InputKind::SecretReference {
                assert_eq!(value(body, "default"), None, "{shape}: {}", input.name);
                assert_eq!(word(body, "nullable"), "false");
                continue;
            }
            assert_eq!(value(body, "default"), Some(&Expression::Null), "{shape}: {}", input.name);
            assert_eq!(value(body, "nullable"), None, "{shape}");
            let asked = word(inner(body, "validation"), "condition");
            assert_eq!(asked, format!("var.cluster || var.{} != null", input.name), "{shape}");
        }
    }
}
