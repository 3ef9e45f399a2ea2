//! Autoscale settings: the bounds of the spec, and rules that keep a fleet as busy as it says.

use domain::spec::{AutoscalingPart, OfferPart, ServicePart, Spec};
use hcl::Expression;

use crate::emit::decimal::decimal;
use crate::emit::hcl_text::{Body, code};
use crate::emit::terraform::fleet::{bounds, label, warm_up};
use crate::emit::terraform::words::seconds;

use super::{fleet, resource, tags};

/// The window that Azure looks at, in minutes: no shorter one is to be had.
const WINDOW: u64 = 5;

/// The setting of a kind of machines that follows the load.
pub(super) fn setting(spec: &Spec, service: &ServicePart, offer: &OfferPart) -> Body {
    let Some(scaler) = &offer.autoscaling else { return Body::default() };
    let label = label(service, offer);
    let set = format!("azurerm_linux_virtual_machine_scale_set.{label}.id");
    let (least, most, peak) = bounds(offer);
    let capacity = Body::default()
        .comment("Where nothing is measured there are as many as at the peak.")
        .set("default", peak)
        .set("minimum", least)
        .set("maximum", most);
    let (out, back) = (scale_out(scaler, &set, most), scale_in(scaler, &set, least));
    let warm = warm_up(spec, service, offer).div_ceil(60).max(1);
    let profile = Body::default()
        .set("name", "load")
        .gap()
        .block("capacity", &[], capacity)
        .gap()
        .then(out.with_cooldown(warm))
        .gap()
        .then(back.with_cooldown(in_window(scaler)));
    let body = resource(fleet::name(spec, service, offer))
        .set("target_resource_id", code(&set))
        .set("tags", tags(service))
        .gap()
        .block("profile", &[], profile);
    let about = format!(
        "Between {least} and {most} machines, so that they are {}% busy. Azure looks at the last \
         {WINDOW} minutes where the simulation looks at {} s, so it adds a quarter of the most at \
         once.",
        decimal(scaler.target_ppm, 4),
        seconds(scaler.period_us)
    );
    let labels = ["azurerm_monitor_autoscale_setting", &label];
    Body::default().part(&about, "resource", &labels, body)
}

/// A rule without the time that it waits afterwards.
struct Rule {
    about: String,
    trigger: Body,
    direction: &'static str,
    by: u32,
}

impl Rule {
    /// The rule, which waits so many minutes afterwards.
    fn with_cooldown(self, minutes: u64) -> Body {
        let action = Body::default()
            .set("direction", self.direction)
            .set("type", "ChangeCount")
            .set("value", self.by)
            .set("cooldown", format!("PT{minutes}M"));
        let rule = Body::default().block("metric_trigger", &[], self.trigger).gap().block(
            "scale_action",
            &[],
            action,
        );
        Body::default().comment(&self.about).block("rule", &[], rule)
    }
}

fn trigger(set: &str, operator: &str, ppm: u64, minutes: u64) -> Body {
    Body::default()
        .set("metric_name", "Percentage CPU")
        .set("metric_resource_id", code(set))
        .set("time_grain", "PT1M")
        .set("statistic", "Average")
        .set("time_aggregation", "Average")
        .set("time_window", format!("PT{minutes}M"))
        .set("operator", operator)
        .set("threshold", Expression::from(ppm as f64 / 10_000.0))
}

fn scale_out(scaler: &AutoscalingPart, set: &str, most: u32) -> Rule {
    Rule {
        about: "Busier than the plan wants them: more, which then have the time to start.".into(),
        trigger: trigger(set, "GreaterThan", scaler.target_ppm, WINDOW),
        direction: "Increase",
        by: most.div_ceil(4).max(1),
    }
}

/// The least busy that a fleet may be before one leaves: even of the smallest number that may lose
/// one, the rest are then no busier than the plan wants them.
pub(super) fn spare_ppm(scaler: &AutoscalingPart, least: u32) -> u64 {
    let least = u64::from(least.max(1));
    scaler.target_ppm * least / (least + 1)
}

fn scale_in(scaler: &AutoscalingPart, set: &str, least: u32) -> Rule {
    Rule {
        about: format!(
            "After {} s without need one leaves: the rest are then no busier than the plan wants \
             them, even where {} are left.",
            seconds(scaler.scale_in_window_us),
            least.max(1)
        ),
        trigger: trigger(set, "LessThan", spare_ppm(scaler, least), in_window(scaler)),
        direction: "Decrease",
        by: 1,
    }
}

/// How long there has to be no need, in minutes.
fn in_window(scaler: &AutoscalingPart) -> u64 {
    seconds(scaler.scale_in_window_us).div_ceil(60).max(WINDOW)
}
