//! The cloud's own alarm for the bill, in Terraform.

use domain::offer::Provider;
use domain::spec::Spec;
use hcl::Expression;

use super::hcl_text::{Body, code, list, map};
use super::terraform::names::system_of;
use super::terraform::refusals::of_provider;
use super::terraform::variables::{required, tags};
use super::terraform_aws::AWS;
use super::{Format, Unsupported};

/// The files of the module.
pub(super) const FILES: [&str; 1] = ["terraform-budget/main.tf"];

/// The texts of [`FILES`].
pub(super) fn texts(spec: &Spec) -> Result<[String; 1], Unsupported> {
    of_provider(spec, Format::Budget, Provider::Aws)?;
    Ok([module(spec).text()])
}

/// Cents as a decimal.
fn dollars(micros: i64) -> String {
    let cents = micros.unsigned_abs().div_ceil(10_000);
    format!("{}.{:02}", cents / 100, cents % 100)
}

fn module(spec: &Spec) -> Body {
    let bill = &spec.cost.monthly_micros;
    let (expected, ceiling) = (dollars(bill.expected.micros()), dollars(bill.ceiling.micros()));
    let provider = Body::default().set("region", spec.placement.region.as_str()).gap().block(
        "default_tags",
        &[],
        Body::default().set("tags", map(tags(spec))),
    );
    let addresses = Body::default()
        .set("description", "Who is told by e-mail; with nobody the budget is kept silently")
        .set("type", code("list(string)"))
        .set("default", list(Vec::<Expression>::new()))
        .set("nullable", false);
    let filter = Body::default()
        .set("name", "TagKeyValue")
        .set("values", list([format!("user:plimsoll.dev/system${}", system_of(spec))]));
    let budget = Body::default()
        .set("name", format!("plimsoll-{}", system_of(spec)))
        .set("budget_type", "COST")
        .set("time_unit", "MONTHLY")
        .set("limit_unit", spec.cost.currency.as_str())
        .set("limit_amount", expected.as_str())
        .gap()
        .comment("What is tagged as this system; the tag has to be a cost allocation tag.")
        .block("cost_filter", &[], filter)
        .gap()
        .comment("The month is going to cost more than the plan expects of it.")
        .then(told("FORECASTED", "PERCENTAGE", 100.into()))
        .gap()
        .comment("It has.")
        .then(told("ACTUAL", "PERCENTAGE", 100.into()))
        .gap()
        .comment("It costs more than with every autoscaler at its maximum: nobody planned that.")
        .then(told("ACTUAL", "ABSOLUTE_VALUE", code(&ceiling)));
    let about = format!(
        "{expected} {} are expected of a month: {}. {ceiling} at most: {}.",
        spec.cost.currency, spec.cost.basis.expected, spec.cost.basis.ceiling
    );
    required("The alarm for the bill of a plan.", &[AWS])
        .part("", "provider", &["aws"], provider)
        .part("", "variable", &["budget_addresses"], addresses)
        .part(&about, "resource", &["aws_budgets_budget", "this"], budget)
}

/// One notification, where there is somebody to tell.
fn told(kind: &str, threshold: &str, value: Expression) -> Body {
    let content = Body::default()
        .set("notification_type", kind)
        .set("comparison_operator", "GREATER_THAN")
        .set("threshold_type", threshold)
        .set("threshold", value)
        .set("subscriber_email_addresses", code("var.budget_addresses"));
    let body = Body::default()
        .set("for_each", code("length(var.budget_addresses) == 0 ? [] : [true]"))
        .gap()
        .block("content", &[], content);
    Body::default().block("dynamic", &["notification"], body)
}
