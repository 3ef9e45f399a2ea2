//! The alarm of Google: a budget of the project's billing account, for what is labelled as the
//! system.

use domain::spec::Spec;
use hcl::Expression;

use super::{ABOUT, ACTUAL, ADDRESSES, BEYOND, FORECAST, about, addresses, ceiling_percent};
use crate::emit::decimal::{decimal, whole_cents};
use crate::emit::hcl_text::{Body, code, list, map};
use crate::emit::terraform::names::system_of;
use crate::emit::terraform::variables::required;
use crate::emit::terraform_google::{GOOGLE, SYSTEM_LABEL, labels};

/// Cents of a dollar, and billionths of one in a cent.
const CENTS: u64 = 100;
const NANOS: u64 = 10_000_000;

pub(super) fn module(spec: &Spec) -> Body {
    // To the cent, as the bill is told everywhere else.
    let expected = whole_cents(spec.cost.monthly_micros.expected);
    let amount = Body::default()
        .set("currency_code", spec.cost.currency.as_str())
        .set("units", (expected / CENTS).to_string())
        .set("nanos", expected % CENTS * NANOS);
    let system = labels(spec).remove(SYSTEM_LABEL).unwrap_or_default();
    let filter = Body::default()
        .set("projects", list([code("\"projects/${data.google_project.this.number}\"")]))
        .set("calendar_period", "MONTH")
        .set("labels", map([(SYSTEM_LABEL, system)]));
    let channels =
        code("[for channel in google_monitoring_notification_channel.told : channel.id]");
    let rule = Body::default()
        .set("monitoring_notification_channels", channels)
        .set("disable_default_iam_recipients", code("length(var.budget_addresses) > 0"));
    let budget = Body::default()
        .set("billing_account", code("data.google_project.this.billing_account"))
        .set("display_name", format!("plimsoll-{}", system_of(spec)))
        .gap()
        .block("amount", &[], Body::default().block("specified_amount", &[], amount))
        .gap()
        .comment("What is labelled as this system.")
        .block("budget_filter", &[], filter)
        .gap()
        .comment(FORECAST)
        .block("threshold_rules", &[], passed("FORECASTED_SPEND", 100))
        .gap()
        .comment(ACTUAL)
        .block("threshold_rules", &[], passed("CURRENT_SPEND", 100))
        .gap()
        .comment(BEYOND)
        .block("threshold_rules", &[], passed("CURRENT_SPEND", ceiling_percent(spec).max(101)))
        .gap()
        .block("all_updates_rule", &[], rule);
    let channel = Body::default()
        .set("for_each", code("toset(var.budget_addresses)"))
        .set("display_name", code("each.value"))
        .set("type", "email")
        .set("labels", map([("email_address", code("each.value"))]));
    let provider = Body::default().set("region", spec.placement.region.as_str());
    let named = "The project is the one that the environment names (GOOGLE_PROJECT).";
    required(ABOUT, &[GOOGLE])
        .part(named, "provider", &["google"], provider)
        .part(
            "",
            "variable",
            &[ADDRESSES],
            addresses("with nobody, those who keep the billing account are"),
        )
        .part("", "data", &["google_project", "this"], Body::default())
        .part("", "resource", &["google_monitoring_notification_channel", "told"], channel)
        .part(&about(spec), "resource", &["google_billing_budget", "this"], budget)
}

/// A share of the amount that is passed, in percent.
fn passed(basis: &str, percent: u64) -> Body {
    let share: Expression = code(&decimal(percent, 2));
    Body::default().set("threshold_percent", share).set("spend_basis", basis)
}
