//! Where things are found on Azure.

use domain::intent::ServiceKind;
use domain::spec::{Platform, ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::{Body, map};
use crate::emit::terraform::outputs;

use super::settings::is_edge;
use super::{balancer, data, managed};

pub(super) fn file(spec: &Spec) -> Body {
    outputs::file(spec, |service| address(spec, service), |own| Some(own.as_str()))
}

fn address(spec: &Spec, service: &ServicePart) -> Option<(String, Expression)> {
    let of = &service.name;
    if is_edge(service) {
        let about = format!("The record in DNS by which {of} is reached");
        return Some((about, map(balancer::record(spec, service))));
    }
    if ![ServiceKind::Sql, ServiceKind::Cache].contains(&service.kind) {
        return None;
    }
    let found = match service.platform {
        Platform::Vm => (format!("Where {of} is, by slice and copy"), data::addresses(service)),
        Platform::Managed => (format!("Where {of} is"), managed::address(service)),
    };
    Some(found)
}
