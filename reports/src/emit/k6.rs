//! The load that was simulated, as a k6 script (<https://grafana.com/docs/k6/latest/>): an open
//! model, whose arrivals do not wait for answers, with the objectives as thresholds.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use domain::spec::{ClassPart, Spec};

use super::decimal::{calls, decimal};
use super::objectives::{LatencyPromise, headroom_ppm, latencies, uptime};
use super::terraform::names::system_of;

/// How the test goes on, in s: up to the peak, at the peak, up to the headroom, at the headroom.
const STAGES: [(u32, &str); 4] =
    [(120, "peak"), (600, "peak"), (120, "headroom"), (300, "headroom")];

/// The script.
pub(super) fn script(spec: &Spec) -> String {
    let mut text = String::new();
    let name = system_of(spec);
    let digest = &spec.metadata.digest;
    let peak = calls(spec.demand.peak_micro_rps);
    let more = decimal(headroom_ppm(spec), 4);
    let _ = write!(
        text,
        "// The load of {name} as Plimsoll simulated it, from {digest}.\n\
         // {peak} requests a second at the peak, then {more}% more, which must hold as well.\n\
         // Arrivals do not wait for answers: what is too slow piles up, as it does for users.\n\
         //\n\
         //   k6 run --env BASE_URL=https://www.example.com load.js\n\
         //\n\
         // The objectives are those {where_}; run it near there.\n\
         import http from 'k6/http';\n\
         import {{ check }} from 'k6';\n\
         import {{ Rate }} from 'k6/metrics';\n\n",
        where_ = measured(spec),
    );
    text.push_str(
        "const BASE_URL = __ENV.BASE_URL;\n\
         if (!BASE_URL) {\n  \
           throw new Error('say where it runs: --env BASE_URL=https://www.example.com');\n\
         }\n\n\
         http.setResponseCallback(http.expectedStatuses({ min: 200, max: 399 }));\n\n\
         // Who is not answered well is slower than any latency: a Rate counts both.\n\
         const IN_TIME = [\n",
    );
    for limit in limits(spec) {
        let (metric, limit) = (quoted(&in_time(limit)), decimal(limit, 3));
        let _ = writeln!(text, "  {{ limit: {limit}, met: new Rate({metric}) }},");
    }
    text.push_str("];\n\nexport const options = {\n  scenarios: {\n");
    for class in &spec.demand.classes {
        scenario(&mut text, spec, class);
    }
    text.push_str("  },\n  thresholds: {\n");
    for (metric, limits) in thresholds(spec) {
        let limits: Vec<String> = limits.iter().map(|limit| quoted(limit)).collect();
        let _ = writeln!(text, "    {}: [{}],", quoted(&metric), limits.join(", "));
    }
    let timeout = timeout_us(spec);
    let _ = write!(
        text,
        "  }},\n}};\n\n\
         // One request of the class that its scenario stands for.\n\
         export function request() {{\n  \
           const answer = http.get(BASE_URL + __ENV.CLASS_PATH, {{ timeout: {} }});\n  \
           const well = answer.status >= 200 && answer.status < 400;\n  \
           check(answer, {{ 'answered well': () => well }});\n  \
           for (const {{ limit, met }} of IN_TIME) {{\n    \
             met.add(well && answer.timings.duration <= limit);\n  \
           }}\n\
         }}\n",
        quoted(&format!("{}s", decimal(timeout, 6))),
    );
    text
}

/// Where the latencies are measured, for people.
fn measured(spec: &Spec) -> &'static str {
    use domain::objective::MeasuredAt;
    match latencies(spec).next().map(|promise| promise.measured_at) {
        Some(MeasuredAt::Balancer) => "at the load balancer",
        Some(MeasuredAt::Client) => "of a client",
        None => "of the spec",
    }
}

/// How long a client of the edge waits, in µs.
fn timeout_us(spec: &Spec) -> u64 {
    let edge = spec.services.first().and_then(|edge| edge.resilience.as_ref());
    edge.map_or(60_000_000, |resilience| resilience.timeout_us)
}

fn scenario(text: &mut String, spec: &Spec, class: &ClassPart) {
    let peak = per_minute(spec.demand.peak_micro_rps, class.share_ppm, 0);
    let headroom = per_minute(spec.demand.peak_micro_rps, class.share_ppm, headroom_ppm(spec));
    // Who answers within the limits keeps so many busy (J. D. C. Little, 1961); who answers only
    // when it is too late, so many.
    let slowest = latencies(spec).map(|promise| promise.limit_us).max().unwrap_or(1_000_000);
    let busy = users(headroom, slowest);
    let most = users(headroom, timeout_us(spec)).max(busy);
    let path = format!("PATH_{}", class.name.as_str().to_uppercase().replace('-', "_"));
    let _ = write!(
        text,
        "    {name}: {{\n      \
           executor: 'ramping-arrival-rate',\n      \
           exec: 'request',\n      \
           env: {{ CLASS_PATH: __ENV.{path} || '/' }},\n      \
           tags: {{ class: {name} }},\n      \
           timeUnit: '1m',\n      \
           startRate: 0,\n      \
           preAllocatedVUs: {busy},\n      \
           maxVUs: {most},\n      \
           stages: [\n",
        name = quoted(class.name.as_str()),
    );
    for (seconds, level) in STAGES {
        let target = if level == "peak" { peak } else { headroom };
        let _ =
            writeln!(text, "        {{ target: {target}, duration: '{seconds}s' }}, // {level}");
    }
    text.push_str("      ],\n    },\n");
}

/// Requests a minute of a share of a rate with so much more, rounded up.
fn per_minute(micro_rps: u64, share_ppm: u64, more_ppm: u64) -> u64 {
    let product =
        u128::from(micro_rps) * 60 * u128::from(share_ppm) * (1_000_000 + u128::from(more_ppm));
    u64::try_from(product.div_ceil(1_000_000_u128.pow(3))).unwrap_or(u64::MAX)
}

/// Requests under way at that rate a minute, each for so long.
fn users(per_minute: u64, each_us: u64) -> u64 {
    let product = u128::from(per_minute) * u128::from(each_us);
    u64::try_from(product.div_ceil(60_000_000)).unwrap_or(u64::MAX).max(1)
}

/// The limits of the latencies in µs, each once.
fn limits(spec: &Spec) -> BTreeSet<u64> {
    latencies(spec).map(|promise| promise.limit_us).collect()
}

/// The metric of what is answered well within so many µs; a dot is no letter of a name.
fn in_time(limit_us: u64) -> String {
    format!("answered_within_{}_ms", decimal(limit_us, 3).replace('.', "_"))
}

/// Metrics with what they must keep to: the objectives, and that the load was really offered.
fn thresholds(spec: &Spec) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for LatencyPromise { class, permille, limit_us, .. } in latencies(spec) {
        let of = class.map_or_else(String::new, |class| format!("{{class:{class}}}"));
        let metric = format!("{}{of}", in_time(limit_us));
        let limit = format!("rate>={}", decimal(u64::from(permille), 3));
        match found.iter_mut().find(|(known, _)| *known == metric) {
            Some((_, limits)) => limits.push(limit),
            None => found.push((metric, vec![limit])),
        }
    }
    if let Some(promise) = uptime(spec) {
        let lost = decimal(1_000_000 - u64::from(promise.ppm), 6);
        found.push(("http_req_failed".to_owned(), vec![format!("rate<={lost}")]));
    }
    found.push(("dropped_iterations".to_owned(), vec!["count==0".to_owned()]));
    found
}

/// A text of the script: what JSON escapes, JavaScript reads.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a text is JSON")
}
