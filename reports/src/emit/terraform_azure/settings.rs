//! Where things are on Azure, as machines are told in their user data.

use domain::intent::ServiceKind;
use domain::spec::{Platform, ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, list};
use crate::emit::terraform::data::is_data;
use crate::emit::terraform::told::{self, Places, Settings};

use super::names::ident;
use super::{backups, identity, managed, ports};

/// What machines of a service are given when they start, as Azure wants it written.
pub(super) fn user_data(service: &ServicePart) -> Expression {
    code(&format!("base64encode({})", told::json(service)))
}

/// What a service is told.
pub(super) fn locals(spec: &Spec, service: &ServicePart) -> Body {
    told::locals(spec, service, &Azure)
}

struct Azure;

impl Places for Azure {
    fn fleet(&self, _: &Spec, target: &ServicePart) -> (&'static str, Expression) {
        ("hosts", ports::told(target))
    }

    fn node(&self, service: &ServicePart, name: &str) -> Expression {
        let cards = format!("azurerm_network_interface.{}", ident(&service.name));
        code(&format!("{cards}[\"{name}\"].private_ip_address"))
    }

    fn managed(&self, target: &ServicePart) -> Expression {
        list([managed::address(target)])
    }

    /// Machines of a fleet have ports of the address before them, one each.
    fn port(&self, target: &ServicePart) -> Option<u16> {
        (target.platform == Platform::Managed || is_data(target)).then_some(target.port)
    }

    fn secret(&self, variable: &str) -> Expression {
        identity::address(variable)
    }

    fn more(&self, service: &ServicePart) -> Settings {
        backups::told(service)
    }
}

/// Whether a service is what the internet reaches first.
pub(super) fn is_edge(service: &ServicePart) -> bool {
    service.kind == ServiceKind::Balancer && service.platform == Platform::Vm
}
