//! Terraform for Azure: a root module that builds what the spec says and nothing besides.
//!
//! Every file of the module is always written, so that none of an earlier plan is left beside it.
//! What a spec holds that is not generated yet is refused: half a plan is not the plan.

mod backups;
mod balancer;
mod cidr;
mod data;
mod fleet;
mod identity;
mod labels;
mod machine;
mod managed;
mod names;
mod network;
mod outputs;
mod ports;
mod refusals;
mod scaling;
mod security;
mod settings;
mod variables;

use domain::spec::{ServicePart, Spec};
use hcl::Expression;

use super::Unsupported;
use super::hcl_text::{Body, code};

pub(super) use variables::{AZURE, tags as tags_of};

/// The files of the module.
pub(super) const FILES: [&str; 9] = [
    "terraform-azure/balancer.tf",
    "terraform-azure/cache.tf",
    "terraform-azure/database.tf",
    "terraform-azure/fleet.tf",
    "terraform-azure/network.tf",
    "terraform-azure/outputs.tf",
    "terraform-azure/security.tf",
    "terraform-azure/variables.tf",
    "terraform-azure/versions.tf",
];

/// The texts of [`FILES`], in their order.
pub(super) fn texts(spec: &Spec) -> Result<[String; 9], Unsupported> {
    refusals::all(spec)?;
    let bodies = [
        balancer::file(spec),
        data::caches(spec),
        data::databases(spec),
        fleet::file(spec),
        network::file(spec),
        outputs::file(spec),
        security::file(spec),
        variables::file(spec),
        variables::versions(spec),
    ];
    Ok(bodies.map(|body| body.text()))
}

/// What every resource of Azure begins with: its name, its group and its region.
fn resource(name: impl Into<Expression>) -> Body {
    Body::default()
        .set("name", name)
        .set("resource_group_name", code("azurerm_resource_group.this.name"))
        .set("location", code("azurerm_resource_group.this.location"))
}

/// The tags of what belongs to one service.
fn tags(service: &ServicePart) -> Expression {
    code(&format!("merge(local.tags, {{ service = \"{}\" }})", service.name))
}
