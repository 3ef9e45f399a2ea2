//! The alarm of Azure: a budget of the subscription for what is tagged as the system.

use domain::spec::Spec;

use super::{ABOUT, ACTUAL, ADDRESSES, BEYOND, FORECAST, about, addresses, bills, ceiling_percent};
use crate::emit::hcl_text::{Body, code, list};
use crate::emit::terraform::names::system_of;
use crate::emit::terraform::variables::required;
use crate::emit::terraform_azure::AZURE;

/// More than that of a budget Azure does not watch for.
const MOST_PERCENT: u64 = 1_000;

pub(super) fn module(spec: &Spec) -> Body {
    let (expected, _) = bills(spec);
    let tag =
        Body::default().set("name", "plimsoll.dev:system").set("values", list([system_of(spec)]));
    let began = Body::default()
        .set("start_date", code("formatdate(\"YYYY-MM-01'T'00:00:00'Z'\", plantimestamp())"));
    let kept = Body::default().set("ignore_changes", code("[time_period]"));
    let budget = Body::default()
        .set("name", format!("plimsoll-{}", system_of(spec)))
        .set("subscription_id", code("data.azurerm_subscription.this.id"))
        .comment("In the currency that the subscription is billed in; the plan counts in dollars.")
        .set("amount", code(&expected))
        .set("time_grain", "Monthly")
        .gap()
        .comment("From the month in which it is first applied.")
        .block("time_period", &[], began)
        .gap()
        .comment("What is tagged as this system.")
        .block("filter", &[], Body::default().block("tag", &[], tag))
        .gap()
        .comment(FORECAST)
        .block("notification", &[], told("Forecasted", 100))
        .gap()
        .comment(ACTUAL)
        .block("notification", &[], told("Actual", 100))
        .gap()
        .comment(BEYOND)
        .block("notification", &[], told("Actual", ceiling_percent(spec).clamp(101, MOST_PERCENT)))
        .gap()
        .block("lifecycle", &[], kept);
    let provider = Body::default().block("features", &[], Body::default());
    required(ABOUT, &[AZURE])
        .part("", "provider", &["azurerm"], provider)
        .part("", "variable", &[ADDRESSES], addresses("owners of the subscription are as well"))
        .part("", "data", &["azurerm_subscription", "this"], Body::default())
        .part(
            &about(spec),
            "resource",
            &["azurerm_consumption_budget_subscription", "this"],
            budget,
        )
}

/// One notification: owners of the subscription are told as well, because Azure keeps none that
/// tells nobody.
fn told(kind: &str, percent: u64) -> Body {
    Body::default()
        .set("threshold_type", kind)
        .set("operator", "GreaterThan")
        .set("threshold", percent)
        .set("contact_emails", code("var.budget_addresses"))
        .set("contact_roles", list(["Owner"]))
}
