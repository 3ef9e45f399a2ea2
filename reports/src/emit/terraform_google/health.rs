//! Health checks, and where their requests come from.

use domain::spec::{HealthCheckPart, ServicePart};

use crate::emit::hcl_text::Body;
use crate::emit::terraform::words::seconds;

/// Where health checks and the front ends of application balancers send from, by
/// <https://docs.cloud.google.com/load-balancing/docs/firewall-rules>.
pub(super) const PROBES: [&str; 2] = ["130.211.0.0/22", "35.191.0.0/16"];

/// Where health checks of passthrough network balancers come from as well, by the same page.
pub(super) const PASSED_THROUGH: [&str; 2] = ["209.85.152.0/22", "209.85.204.0/22"];

/// The numbers of a check, and what it asks for.
pub(super) fn check(name: String, service: &ServicePart, encrypted: bool) -> Body {
    let own = &service.health_check;
    let asked = Body::default().set("port", u32::from(service.port));
    let (kind, asked) = match (&own.path, encrypted) {
        (Some(path), false) => ("http_health_check", asked.set("request_path", path.as_str())),
        (Some(path), true) => ("https_health_check", asked.set("request_path", path.as_str())),
        (None, _) => ("tcp_health_check", asked),
    };
    Body::default()
        .set("name", name)
        .set("check_interval_sec", seconds(own.interval_us))
        .set("timeout_sec", seconds(own.timeout_us))
        .set("unhealthy_threshold", own.unhealthy_threshold)
        .set("healthy_threshold", own.healthy_threshold)
        .gap()
        .block(kind, &[], asked)
}

/// After how many seconds a failed instance is left alone.
pub(super) fn away(service: &ServicePart) -> u64 {
    let own = &service.health_check;
    seconds(own.interval_us) * u64::from(own.unhealthy_threshold)
}

/// What a health check of Google cannot be: `None` where it can.
pub(super) fn within(check: &HealthCheckPart) -> Option<String> {
    let (every, wait) = (check.interval_us, check.timeout_us);
    let whole = every % 1_000_000 == 0 && wait % 1_000_000 == 0;
    let (every, wait) = (seconds(every), seconds(wait));
    let counts = [check.unhealthy_threshold, check.healthy_threshold];
    let fits = (1..=300).contains(&every)
        && (1..=every).contains(&wait)
        && counts.iter().all(|count| (1..=10).contains(count));
    (!whole || !fits).then(|| "a health check that Google Cloud cannot make".to_owned())
}
