//! What to ask Prometheus for, by the names of the OpenTelemetry conventions for HTTP servers as
//! their exporter writes them (<https://opentelemetry.io/docs/specs/semconv/http/http-metrics/>),
//! with the service in `service_name`, the system in `service_namespace` (programs are told both,
//! as the variables of their environment that OpenTelemetry reads) and the request class in
//! `class`.

use domain::name::Name;
use domain::spec::{ClassPart, Spec};

use super::decimal::decimal;
use super::terraform::names::system_of;

/// Requests a second that enter, of a class or of all, in a window such as `5m`.
pub(super) fn requests(spec: &Spec, class: Option<&Name>, window: &str) -> String {
    rate("count", &labels(spec, class, &[]), window)
}

/// Of those, the ones that are answered well; none where others came in and no such one was seen.
pub(super) fn answered(spec: &Spec, class: Option<&Name>, window: &str) -> String {
    some(&rate("count", &labels(spec, class, &[WELL]), window), &requests(spec, class, window))
}

/// Of those, the ones that are answered well and within so many µs: who is not is slower than any
/// latency. A bucket must end there.
pub(super) fn within(spec: &Spec, class: Option<&Name>, limit_us: u64, window: &str) -> String {
    let le = format!("le=\"{}\"", decimal(limit_us, 6));
    let within = rate("bucket", &labels(spec, class, &[&le, WELL]), window);
    some(&within, &requests(spec, class, window))
}

/// What is answered well: a request that is itself wrong (4xx) is answered.
const WELL: &str = "http_response_status_code!~\"5..\"";

/// A part of a sum; 0 and not nothing where there is a sum and nobody has written of the part, as
/// where no request was ever answered well.
fn some(part: &str, of: &str) -> String {
    format!("({part} or 0 * {of})")
}

/// What is counted of the requests, at each service that they enter at.
pub(super) fn counted(spec: &Spec) -> Vec<String> {
    let of = |own: &str| {
        let system = system_of(spec);
        format!(
            "http_server_request_duration_seconds_count\
             {{service_name=\"{own}\",service_namespace=\"{system}\"}}"
        )
    };
    entries(spec, None).into_iter().map(of).collect()
}

fn rate(part: &str, labels: &str, window: &str) -> String {
    format!("sum(rate(http_server_request_duration_seconds_{part}{{{labels}}}[{window}]))")
}

/// What programs are told to call themselves in what they measure: the variables that SDKs of
/// OpenTelemetry read.
pub(super) fn called(spec: &Spec, service: &Name) -> [(&'static str, String); 2] {
    let namespace = format!("service.namespace={}", system_of(spec));
    [("OTEL_SERVICE_NAME", service.to_string()), ("OTEL_RESOURCE_ATTRIBUTES", namespace)]
}

/// The services that requests enter at, with what else is asked for.
fn labels(spec: &Spec, class: Option<&Name>, more: &[&str]) -> String {
    let mut labels = match entries(spec, class).as_slice() {
        [one] => vec![format!("service_name=\"{one}\"")],
        several => vec![format!("service_name=~\"{}\"", several.join("|"))],
    };
    // The same service of another system or environment is another one.
    labels.push(format!("service_namespace=\"{}\"", system_of(spec)));
    labels.extend(class.map(|class| format!("class=\"{class}\"")));
    labels.extend(more.iter().map(|own| (*own).to_owned()));
    labels.join(",")
}

/// The services that requests of a class enter at, or all requests.
fn entries<'s>(spec: &'s Spec, class: Option<&Name>) -> Vec<&'s str> {
    let concerned = |own: &&ClassPart| class.is_none_or(|class| own.name == *class);
    let mut enters: Vec<&str> =
        spec.demand.classes.iter().filter(concerned).map(|own| own.enters.as_str()).collect();
    enters.sort_unstable();
    enters.dedup();
    enters
}
