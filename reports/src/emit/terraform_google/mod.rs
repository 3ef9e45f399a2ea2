//! Terraform for Google Cloud: a root module that builds what the spec says and nothing besides.
//!
//! Every file of the module is always written, so that none of an earlier plan is left beside it.
//! What a spec holds that is not generated yet is refused: half a plan is not the plan.

mod accounts;
mod balancer;
mod cache;
mod canary;
mod database;
mod disks;
mod firewall;
mod fleet;
mod front;
mod health;
mod names;
mod network;
mod nodes;
mod outputs;
mod refusals;
mod told;
mod valkey;
mod variables;

use domain::spec::Spec;

use super::Unsupported;
use super::terraform::variables::Required;

pub(super) use names::{SYSTEM_LABEL, labels};

/// The provider and the versions that this is written for.
pub(super) const GOOGLE: Required =
    Required { local: "google", source: "hashicorp/google", version: "~> 6.50" };

/// The files of the module.
pub(super) const FILES: [&str; 11] = [
    "terraform-google/accounts.tf",
    "terraform-google/balancer.tf",
    "terraform-google/cache.tf",
    "terraform-google/database.tf",
    "terraform-google/firewall.tf",
    "terraform-google/fleet.tf",
    "terraform-google/network.tf",
    "terraform-google/nodes.tf",
    "terraform-google/outputs.tf",
    "terraform-google/variables.tf",
    "terraform-google/versions.tf",
];

/// The texts of [`FILES`], in their order.
pub(super) fn texts(spec: &Spec) -> Result<[String; 11], Unsupported> {
    refusals::all(spec)?;
    let bodies = [
        accounts::file(spec),
        balancer::file(spec),
        cache::file(spec),
        database::file(spec),
        firewall::file(spec),
        fleet::file(spec),
        network::file(spec),
        nodes::file(spec),
        outputs::file(spec),
        variables::file(spec),
        variables::versions(spec),
    ];
    Ok(bodies.map(|body| body.text()))
}
