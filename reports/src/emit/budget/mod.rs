//! The cloud's own alarm for the bill, in Terraform.
//!
//! Each cloud is asked the same: to say so when a month is going to cost more than the plan
//! expects, when it has, and when it costs more than the plan can.

mod aws;
mod azure;
mod google;

use domain::offer::Provider;
use domain::spec::Spec;
use hcl::Expression;

use super::commitments;
use super::decimal::cents;
use super::hcl_text::{Body, code, list};
use super::tags::taken;
use super::terraform::refusals::refused;
use super::terraform::variables::tags;
use super::terraform_aws::TAGS;
use super::{Format, Unsupported};

/// The files of the module.
pub(super) const FILES: [&str; 1] = ["terraform-budget/main.tf"];

const ABOUT: &str = "The alarm for the bill of a plan.";
const ADDRESSES: &str = "budget_addresses";
const FORECAST: &str = "The month is going to cost more than the plan expects of it.";
const ACTUAL: &str = "The month has cost more than the plan expects of it.";
const BEYOND: &str =
    "It costs more than with every autoscaler at its maximum: nobody planned that.";

/// The texts of [`FILES`]; where labels are tags of the alarm, its cloud has to take them.
pub(super) fn texts(spec: &Spec) -> Result<[String; 1], Unsupported> {
    if spec.placement.provider == Provider::Aws {
        let mut labels = TAGS.refused(Format::Budget, spec, &tags(spec));
        labels.extend(taken(spec, Format::Budget));
        refused(Format::Budget, [], labels)?;
    }
    let module = match spec.placement.provider {
        Provider::Aws => aws::module(spec),
        Provider::Azure => azure::module(spec),
        Provider::Google => google::module(spec),
    };
    Ok([module.text()])
}

/// The expected bill of a month, and the most that it can be.
fn bills(spec: &Spec) -> (String, String) {
    let bill = &spec.cost.monthly_micros;
    (cents(bill.expected), cents(bill.ceiling))
}

/// The ceiling in percent of the expected bill, rounded up.
fn ceiling_percent(spec: &Spec) -> u64 {
    let bill = &spec.cost.monthly_micros;
    let (expected, ceiling) = (bill.expected.micros(), bill.ceiling.micros());
    (100 * ceiling.unsigned_abs()).div_ceil(expected.unsigned_abs().max(1))
}

fn about(spec: &Spec) -> String {
    let (expected, ceiling) = bills(spec);
    format!(
        "{expected} {} are expected of a month: {}. {ceiling} at most: {}.{}",
        spec.cost.currency,
        spec.cost.basis.expected,
        spec.cost.basis.ceiling,
        commitments::of_all(spec)
    )
}

/// The variable of those who are told, and what becomes of it when there is nobody.
fn addresses(otherwise: &str) -> Body {
    Body::default()
        .set("description", format!("Who is told by e-mail; {otherwise}"))
        .set("type", code("list(string)"))
        .set("default", list(Vec::<Expression>::new()))
        .set("nullable", false)
}
