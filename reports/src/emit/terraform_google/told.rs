//! Where things are on Google Cloud, as machines are told in their metadata.

use domain::intent::ServiceKind;
use domain::spec::{ServicePart, Spec};
use hcl::Expression;

use crate::emit::hcl_text::{Body, code, list, map};
use crate::emit::terraform::fleet::is_managed;
use crate::emit::terraform::names::ident;
use crate::emit::terraform::told::{self, Places, Settings};

use super::names::{MOST, of_kind};
use super::{cache, database, nodes};

/// Where what a service is told stands.
pub(super) fn metadata(service: &ServicePart) -> Expression {
    map([("block-project-ssh-keys", "TRUE".into()), ("plimsoll", code(&told::json(service)))])
}

/// What a service is told.
pub(super) fn locals(spec: &Spec, service: &ServicePart) -> Body {
    told::locals(spec, service, &Google)
}

struct Google;

impl Places for Google {
    fn fleet(&self, spec: &Spec, target: &ServicePart) -> (&'static str, Expression) {
        let groups = target.offers.iter().map(|offer| of_kind(spec, target, offer, MOST));
        ("instance_groups", list(groups))
    }

    fn node(&self, service: &ServicePart, name: &str) -> Expression {
        code(&format!("google_compute_address.{}[\"{name}\"].address", ident(&service.name)))
    }

    fn managed(&self, target: &ServicePart) -> Expression {
        match target.kind {
            ServiceKind::Cache => list([cache::address(target)]),
            _ => database::addresses(target),
        }
    }

    fn port(&self, target: &ServicePart) -> Option<u16> {
        Some(if is_managed(target, ServiceKind::Cache) { cache::port(target) } else { target.port })
    }

    fn secret(&self, variable: &str) -> Expression {
        code(&format!("var.{variable}"))
    }

    fn more(&self, service: &ServicePart) -> Settings {
        if !nodes::archives(service) {
            return Settings::new();
        }
        let bucket = format!("google_storage_bucket.{}.name", ident(&service.name));
        vec![("log_archive", code(&bucket))]
    }
}
