//! The alarm of AWS: a budget of what is tagged as the system.

use domain::spec::Spec;
use hcl::Expression;

use super::{ABOUT, ACTUAL, ADDRESSES, BEYOND, FORECAST, about, addresses, bills};
use crate::emit::hcl_text::{Body, code, list, map};
use crate::emit::terraform::names::system_of;
use crate::emit::terraform::variables::{required, tags};
use crate::emit::terraform_aws::AWS;

pub(super) fn module(spec: &Spec) -> Body {
    let (expected, ceiling) = bills(spec);
    let provider = Body::default().set("region", spec.placement.region.as_str()).gap().block(
        "default_tags",
        &[],
        Body::default().set("tags", map(tags(spec))),
    );
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
        .comment(FORECAST)
        .then(told("FORECASTED", "PERCENTAGE", 100.into()))
        .gap()
        .comment(ACTUAL)
        .then(told("ACTUAL", "PERCENTAGE", 100.into()))
        .gap()
        .comment(BEYOND)
        .then(told("ACTUAL", "ABSOLUTE_VALUE", code(&ceiling)));
    required(ABOUT, &[AWS])
        .part("", "provider", &["aws"], provider)
        .part("", "variable", &[ADDRESSES], addresses("with nobody the budget is kept silently"))
        .part(&about(spec), "resource", &["aws_budgets_budget", "this"], budget)
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
