//! Alerts for when programs are dead: nobody measures requests then, so that no promise is seen to
//! be broken.

use domain::spec::{HoursPart, Spec};
use serde_json::Value;

use super::{Alert, alert, edge, in_cloudwatch, words};
use crate::emit::decimal::decimal;
use crate::emit::objectives::uptime;
use crate::emit::queries;

/// The rules.
pub(super) fn rules(spec: &Spec) -> Vec<Value> {
    let mut all = vec![unmeasured(spec)];
    all.extend(unanswered(spec));
    all
}

/// Where requests enter nothing is measured.
fn unmeasured(spec: &Spec) -> Value {
    let missing: Vec<String> =
        queries::counted(spec).iter().map(|own| format!("absent({own})")).collect();
    let mut why = "Dead programs measure nothing, and break no promise that is measured. One that \
                   had no request since it started measures nothing either."
        .to_owned();
    if let Some(hours) = &spec.demand.hours {
        why = format!("{why} {}", shut(hours));
    }
    let mut rule = alert(
        spec,
        &Alert {
            name: "NothingMeasured".to_owned(),
            expression: missing.join(" or "),
            lasting: "5m",
            urgency: "page",
            summary: "nobody measures the requests that enter".to_owned(),
            why,
        },
    );
    if spec.demand.hours.is_some() {
        rule["labels"]["hours"] = "open".into();
    }
    rule
}

/// Nothing runs outside the hours, which rules cannot tell: they know no time zone.
fn shut(hours: &HoursPart) -> String {
    let open: Vec<String> = hours
        .windows
        .iter()
        .map(|own| format!("{} from {} to {}", own.days.join(", "), own.opens, own.closes))
        .collect();
    format!(
        "It is open {} ({}): mute hours=\"open\" in the alert manager at other times.",
        open.join("; "),
        hours.zone
    )
}

/// The largest share that the balancer may answer in the programs' place, in ppm, whatever may be
/// lost: half of what it hands on.
const MOST_UNANSWERED: u64 = 500_000;

/// The balancer answers with failures of its own, since no program does.
fn unanswered(spec: &Spec) -> Option<Value> {
    let (edge, promise) = (edge(spec)?, uptime(spec)?);
    // As fast as the most urgent of the alerts of a promise, 14.4 times.
    let budget = 1_000_000 - u64::from(promise.ppm);
    let share = decimal((budget * 144 / 10).min(MOST_UNANSWERED), 6);
    let sum = |of: &str| {
        let metric = format!("aws_applicationelb_{of}_sum");
        format!("sum({})", in_cloudwatch(spec, &metric, &edge.name))
    };
    let (failed, handed_on) = (sum("httpcode_elb_5_xx_count"), sum("request_count"));
    Some(alert(
        spec,
        &Alert {
            name: format!("{}Unanswered", words(edge.name.as_str())),
            // What no machine was there for is not handed on, and may be all there is.
            expression: format!("{failed} > {share} * ({handed_on} or 0 * {failed})"),
            lasting: "5m",
            urgency: "page",
            summary: format!("{} answers with failures, since no program does", edge.name),
            why: format!("It does so for more than {share} of the requests that it hands on."),
        },
    ))
}
