//! Alerting rules for Prometheus: promises that are being broken, and loads and utilisations beyond
//! what the simulation saw hold.
//!
//! Promises are watched by how fast they use up what they may lose, over a long and a short window
//! at once ("The Site Reliability Workbook", 2018, chapter 5).

use domain::intent::ServiceKind;
use domain::name::Name;
use domain::offer::Provider;
use domain::spec::{BreakingLoadPart, Platform, ServicePart, Spec};
use serde_json::{Value, json};

use super::decimal::{calls, decimal, percent, rate, tenths};
use super::objectives::{headroom_ppm, latencies, uptime};
use super::terraform::names::system_of;
use super::terraform_google::{self, SYSTEM_LABEL};
use super::{queries, yaml};

mod outages;

/// How many times too fast, over a long and a short window, and how urgent that is.
const BURNS: [(&str, &str, &str, &str); 3] =
    [("14.4", "1h", "5m", "page"), ("6", "6h", "30m", "page"), ("1.1", "3d", "6h", "ticket")];

/// The name of what the rules record of every service, so that one place says how it is measured.
const UTILISATION: &str = "plimsoll:service_utilisation:ratio";

/// The rules.
pub(super) fn rules(spec: &Spec) -> String {
    let system = system_of(spec);
    let group =
        |of: &str, rules: Vec<Value>| json!({"name": format!("{system}-{of}"), "rules": rules});
    let recorded: Vec<Value> = spec.services.iter().filter_map(|own| recorded(spec, own)).collect();
    let mut groups = vec![
        group("recorded", recorded),
        group("outages", outages::rules(spec)),
        group("promises", promises(spec)),
        group("load", loads(spec)),
        group("utilisation", utilisations(spec)),
    ];
    groups.extend(balancer(spec).map(|rule| group("balancer", vec![rule])));
    groups.retain(|group| group["rules"].as_array().is_some_and(|rules| !rules.is_empty()));
    yaml::document(&json!({"groups": groups}))
}

/// One alert.
struct Alert<'a> {
    name: String,
    expression: String,
    lasting: &'a str,
    urgency: &'a str,
    summary: String,
    why: String,
}

fn alert(spec: &Spec, alert: &Alert<'_>) -> Value {
    let system = system_of(spec);
    let mut labels = json!({"severity": alert.urgency, "system": &system});
    if let Some(environment) = spec.metadata.environment_name() {
        labels["environment"] = environment.into();
    }
    json!({
        "alert": alert.name,
        "expr": alert.expression,
        "for": alert.lasting,
        "labels": labels,
        "annotations": {
            "summary": format!("{system}: {}", alert.summary),
            "description": alert.why,
            "spec": spec.metadata.digest,
        },
    })
}

/// Promises that lose what they may too fast.
fn promises(spec: &Spec) -> Vec<Value> {
    let mut all = Vec::new();
    for promise in latencies(spec) {
        let (class, limit) = (promise.class, promise.limit_us);
        let bad = |window: &str| {
            let within = queries::within(spec, class, limit, window);
            format!("1 - {within} / {}", queries::requests(spec, class, window))
        };
        let said = format!("{}% within {} ms", percent(promise.permille), decimal(limit, 3));
        let budget = 1_000_000 - u64::from(promise.permille) * 1000;
        all.extend(burning(spec, (promise.id, &said), budget, &bad));
    }
    if let Some(promise) = uptime(spec) {
        let bad = |window: &str| {
            let well = queries::answered(spec, None, window);
            format!("1 - {well} / {}", queries::requests(spec, None, window))
        };
        let said = format!("{}% answered well", decimal(u64::from(promise.ppm), 4));
        let budget = 1_000_000 - u64::from(promise.ppm);
        all.extend(burning(spec, (promise.id, &said), budget, &bad));
    }
    all
}

/// The alerts of one promise, of which `budget_ppm` of the requests may fail.
fn burning(
    spec: &Spec,
    (id, said): (&str, &str),
    budget_ppm: u64,
    bad: &dyn Fn(&str) -> String,
) -> Vec<Value> {
    let of = |(factor, long, short, urgency): (&str, &str, &str, &'static str)| {
        let tenths: u64 = factor.replace('.', "").parse().unwrap_or(0);
        let tenths = if factor.contains('.') { tenths } else { tenths * 10 };
        let share = budget_ppm * tenths;
        // More than all requests never fail.
        (share < 10_000_000).then(|| {
            let share = decimal(share, 7);
            alert(
                spec,
                &Alert {
                    name: format!("{}Burning{}", words(id), words(long)),
                    expression: format!("({}) > {share} and ({}) > {share}", bad(long), bad(short)),
                    lasting: "2m",
                    urgency,
                    summary: format!("{id} loses what it may lose {factor} times too fast"),
                    why: format!(
                        "Promised is {said}; over {long} and {short} more than {share} miss it."
                    ),
                },
            )
        })
    };
    BURNS.into_iter().filter_map(of).collect()
}

/// `latency-p95` as `LatencyP95`.
fn words(id: &str) -> String {
    let parts = id.split(|sign: char| !sign.is_ascii_alphanumeric());
    parts
        .map(|part| {
            let mut signs = part.chars();
            let first = signs.next().map(|sign| sign.to_ascii_uppercase());
            first.into_iter().chain(signs).collect::<String>()
        })
        .collect()
}

/// Loads beyond what was asked for, and on the way to where the simulation saw it break.
fn loads(spec: &Spec) -> Vec<Value> {
    let peak = u128::from(spec.demand.peak_micro_rps);
    let times = |ppm: u64| u64::try_from(peak * u128::from(ppm) / 1_000_000).unwrap_or(u64::MAX);
    let requests = queries::requests(spec, None, "5m");
    let of = |name: &str, ppm: u64, urgency, summary: String, why: String| {
        alert(
            spec,
            &Alert {
                name: name.to_owned(),
                expression: format!("{requests} > {}", rate(times(ppm))),
                lasting: "5m",
                urgency,
                summary,
                why,
            },
        )
    };
    let headroom = headroom_ppm(spec);
    let mut all = vec![of(
        "LoadBeyondPeak",
        1_000_000,
        "ticket",
        format!(
            "more than the {} requests a second that were planned for",
            calls(times(1_000_000))
        ),
        format!(
            "The plan keeps {}% in reserve: plan again before it is gone.",
            decimal(headroom, 4)
        ),
    )];
    if headroom > 0 {
        all.push(of(
            "LoadBeyondHeadroom",
            1_000_000 + headroom,
            "page",
            "the load has used up the headroom of the plan".to_owned(),
            "Nothing beyond this was demanded of the plan.".to_owned(),
        ));
    }
    if let Some(BreakingLoadPart { holds_ppm, saturates, .. }) = &spec.breaking_load {
        let broke = if saturates.is_empty() { "it" } else { saturates.as_str() };
        all.push(of(
            "LoadNearBreaking",
            *holds_ppm,
            "page",
            format!("{broke} saturates beyond this load"),
            format!(
                "{}% of the peak is the largest load that the simulation saw hold.",
                decimal(holds_ppm / 1_000, 1)
            ),
        ));
    }
    all
}

/// The system as what is built is labelled with it: by the tag that its module gives everything.
fn tagged(spec: &Spec) -> String {
    match spec.placement.provider {
        Provider::Aws | Provider::Azure => system_of(spec),
        Provider::Google => {
            terraform_google::labels(spec).remove(SYSTEM_LABEL).unwrap_or_else(|| system_of(spec))
        }
    }
}

/// What an exporter of `CloudWatch` says of a service: each tag of a resource is a label, with an
/// underscore for every sign that no label takes.
fn in_cloudwatch(spec: &Spec, metric: &str, service: &Name) -> String {
    let system = tagged(spec);
    format!("{metric}{{tag_plimsoll_dev_system=\"{system}\",tag_service=\"{service}\"}}")
}

/// What is recorded of the utilisation of a service; `None` where nobody is known to measure it.
fn recorded(spec: &Spec, service: &ServicePart) -> Option<Value> {
    let managed = |metric| {
        let metric = format!("aws_{metric}cpuutilization_average");
        format!("max({}) / 100", in_cloudwatch(spec, &metric, &service.name))
    };
    let expression = match (service.platform, service.kind, spec.placement.provider) {
        (Platform::Vm, ..) => format!(
            "1 - avg(rate(node_cpu_seconds_total\
             {{mode=\"idle\",service=\"{}\",system=\"{}\"}}[5m]))",
            service.name,
            tagged(spec),
        ),
        (Platform::Managed, ServiceKind::Sql, Provider::Aws) => managed("rds_"),
        (Platform::Managed, ServiceKind::Cache, Provider::Aws) => managed("elasticache_engine_"),
        (Platform::Managed, ..) => return None,
    };
    Some(json!({
        "record": UTILISATION,
        "expr": expression,
        "labels": {"service": service.name.as_str(), "system": system_of(spec)},
    }))
}

/// Services that are busier than the simulation saw them with the largest load that was asked for:
/// that of the headroom, or of the peak where none is kept.
fn utilisations(spec: &Spec) -> Vec<Value> {
    let named = |name: &str| spec.scenarios.iter().find(|scenario| scenario.name == name);
    let (most, load) = match named("headroom") {
        Some(most) => (most, "with all of the headroom"),
        None => match named("peak") {
            Some(most) => (most, "at the peak that was planned for"),
            None => return Vec::new(),
        },
    };
    let of = |service: &ServicePart| {
        recorded(spec, service)?;
        let seen = most.utilisation.get(service.name.as_str())?;
        // An autoscaler keeps a fleet at its target whatever the load.
        let target = service.offers.iter().find_map(|offer| offer.autoscaling.as_ref());
        let most = seen.ci95_ppm[1].max(target.map_or(0, |scaler| scaler.target_ppm));
        // No less than that, and not finer than a tenth of a percent.
        let most = most.div_ceil(1_000).min(1_000);
        Some(alert(
            spec,
            &Alert {
                name: format!("{}Busy", words(service.name.as_str())),
                expression: format!(
                    "{UTILISATION}{{service=\"{}\",system=\"{}\"}} > {}",
                    service.name,
                    system_of(spec),
                    decimal(most, 3)
                ),
                lasting: "10m",
                urgency: "ticket",
                summary: format!("{} is busier than {load}", service.name),
                why: format!(
                    "The simulation saw it {}% busy {load} ({} to {}%).",
                    tenths(seen.observed_ppm),
                    tenths(seen.ci95_ppm[0]),
                    tenths(seen.ci95_ppm[1])
                ),
            },
        ))
    };
    spec.services.iter().filter_map(of).collect()
}

/// The managed balancer at the edge, where its cloud's measurements are asked for.
fn edge(spec: &Spec) -> Option<&ServicePart> {
    let edge = spec.services.first().filter(|edge| edge.platform == Platform::Managed)?;
    let known = spec.placement.provider == Provider::Aws && edge.kind == ServiceKind::Balancer;
    known.then_some(edge)
}

/// The balancer at the edge counts units of what it carries: more of them than the dearest bill
/// has.
fn balancer(spec: &Spec) -> Option<Value> {
    let edge = edge(spec)?;
    let line = format!("{}.units", edge.name);
    let line = spec.cost.lines.iter().find(|own| own.id == line)?;
    let units =
        line.quantity_milli.ceiling.thousandths() / u64::from(spec.cost.hours_per_month.max(1));
    Some(alert(
        spec,
        &Alert {
            name: format!("{}BeyondCeiling", words(edge.name.as_str())),
            expression: format!(
                "sum({}) > {}",
                in_cloudwatch(spec, "aws_applicationelb_consumed_lcus_average", &edge.name),
                decimal(units, 3)
            ),
            lasting: "15m",
            urgency: "ticket",
            summary: format!("{} carries more than the ceiling of the bill", edge.name),
            why: format!("The ceiling pays for {} units an hour, all month.", decimal(units, 3)),
        },
    ))
}
