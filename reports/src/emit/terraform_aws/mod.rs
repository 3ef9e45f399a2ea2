//! Terraform for AWS: a root module that builds what the spec says and nothing besides.
//!
//! Every file of the module is always written, so that none of an earlier plan is left beside it.
//! What a spec holds that is not generated yet is refused: half a plan is not the plan.

mod balancer;
mod cache;
mod cluster;
mod database;
mod discovery;
mod endpoints;
mod fleet;
mod identity;
mod labels;
mod names;
mod network;
mod outputs;
mod queue;
mod refusals;
mod security;
mod told;
mod variables;

use domain::spec::Spec;

use super::Unsupported;

/// The files of the module.
pub(super) const FILES: [&str; 13] = [
    "terraform-aws/balancer.tf",
    "terraform-aws/cache.tf",
    "terraform-aws/database.tf",
    "terraform-aws/discovery.tf",
    "terraform-aws/endpoints.tf",
    "terraform-aws/fleet.tf",
    "terraform-aws/identity.tf",
    "terraform-aws/network.tf",
    "terraform-aws/outputs.tf",
    "terraform-aws/queue.tf",
    "terraform-aws/security.tf",
    "terraform-aws/variables.tf",
    "terraform-aws/versions.tf",
];

/// The texts of [`FILES`], in their order.
pub(super) fn texts(spec: &Spec) -> Result<[String; 13], Unsupported> {
    refusals::all(spec)?;
    let bodies = [
        balancer::file(spec),
        cache::file(spec),
        database::file(spec),
        discovery::file(spec),
        endpoints::file(spec),
        fleet::file(spec),
        identity::file(spec),
        network::file(spec),
        outputs::file(spec),
        queue::file(spec),
        security::file(spec),
        variables::file(spec),
        variables::versions(spec),
    ];
    Ok(bodies.map(|body| body.text()))
}

pub(super) use balancer::{algorithm, tls_policy};
pub(super) use labels::TAGS;
pub(super) use queue::name as queue_name;
pub(super) use variables::AWS;
