//! What a plan is made of: what runs where, on how many machines, and what each part costs.

use domain::demand::ServiceIndex;
use domain::external::External;
use domain::intent::ServiceKind;
use domain::offer::{Architecture, Provider};
use domain::outcome::Answer;
use domain::plan::{CostLine, ThreeBills};
use domain::topology::{Autoscaler, Deployment, Pool, Redundancy, Topology};
use domain::units::{MicroDollars, MilliUnits};

use crate::figures::{self, UNKNOWN, time};

/// The service of cost lines that belong to no service of the demand.
pub(crate) const TRAFFIC: &str = "traffic";

/// Where a plan runs: `aws us-east-1, 2 zones`.
pub(crate) fn place(topology: &Topology) -> String {
    let zones = if topology.zones == 1 { "zone" } else { "zones" };
    let (provider, region) = (topology.provider, &topology.region);
    format!("{provider} {region}, {} {zones}", topology.zones)
}

/// The plan in one line: what runs and where.
pub(crate) fn summary(answer: &Answer) -> String {
    let services = answer.demand.services.iter().zip(&answer.plan.topology.services);
    let parts: Vec<String> = services
        .map(|(service, deployment)| match deployment.pools.as_slice() {
            [] => format!("{} {}", service.name, product(deployment)),
            pools => {
                let machines = pools.iter().map(machines).collect::<Vec<_>>().join(" + ");
                format!("{} {machines}{}", service.name, copies(deployment))
            }
        })
        .collect();
    format!("{}; {}", parts.join(", "), place(&answer.plan.topology))
}

/// Equal machines: `8 × c8g.xlarge`.
pub(crate) fn machines(pool: &Pool) -> String {
    format!("{} × {}", pool.replicas(), pool.sku)
}

/// What stands behind the machines of a service.
pub(crate) fn copies(deployment: &Deployment) -> &'static str {
    match deployment.redundancy {
        Redundancy::Active | Redundancy::Single => "",
        Redundancy::Standby { .. } => " with standby",
    }
}

/// A managed product by the name that people use.
pub(crate) fn product(deployment: &Deployment) -> String {
    match deployment.product.as_deref() {
        None => "self-run".into(),
        Some("aws.alb") => "application load balancer".into(),
        Some(other) => other.into(),
    }
}

/// How many instances run, and between which bounds: `8 (4–12)`, `1 + standby`, `managed`.
pub(crate) fn count(answer: &Answer, index: ServiceIndex) -> String {
    let deployment = &answer.plan.topology.services[index.0];
    let service = answer.demand.service(index);
    if service.external.is_some() {
        return UNKNOWN.into();
    }
    if deployment.pools.is_empty() {
        return "managed".into();
    }
    if service.kind == ServiceKind::Sql
        && matches!(deployment.redundancy, Redundancy::Standby { .. })
    {
        return format!("{} + standby", deployment.shards);
    }
    let bound = |limit: fn(&Autoscaler) -> u32| -> u32 {
        let pools = deployment.pools.iter();
        pools.map(|pool| pool.autoscaler.as_ref().map_or(pool.replicas(), limit)).sum()
    };
    let replicas = deployment.replicas();
    match (bound(|scaler| scaler.min), bound(|scaler| scaler.max)) {
        (min, max) if min == replicas && max == replicas => replicas.to_string(),
        (min, max) => format!("{replicas} ({min}–{max})"),
    }
}

/// How many instances of one of its offers run: of the only one as [`count`] says it, of several
/// each with its own bounds: `3`, `2 (0–5)`.
pub(crate) fn count_of(answer: &Answer, index: ServiceIndex, pool: &Pool) -> String {
    if answer.plan.topology.services[index.0].pools.len() == 1 {
        return count(answer, index);
    }
    let replicas = pool.replicas();
    match pool.autoscaler {
        Some(scaler) if (scaler.min, scaler.max) != (replicas, replicas) => {
            format!("{replicas} ({}–{})", scaler.min, scaler.max)
        }
        _ => replicas.to_string(),
    }
}

/// What is known of a service of somebody else: `external, p50 120 ms, p99 600 ms, 99.99%`.
fn of_somebody_else(external: &External) -> String {
    let (p50, p99) = (time(external.p50.value()), time(external.p99.value()));
    format!("external, p50 {p50}, p99 {p99}, up {}", external.uptime)
}

/// What a service runs on: type, size and engine; of several types how many of each.
pub(crate) fn runs_on(answer: &Answer, index: ServiceIndex) -> String {
    let service = answer.demand.service(index);
    let deployment = &answer.plan.topology.services[index.0];
    if let Some(external) = &service.external {
        return of_somebody_else(external);
    }
    let first = match deployment.pools.as_slice() {
        [] => return product(deployment),
        [only] => only,
        several => return several.iter().map(machines).collect::<Vec<_>>().join(" + "),
    };
    let mut words = vec![first.sku.clone()];
    if service.kind == ServiceKind::Service || deployment.product.is_none() {
        words.push(format!("{} vCPU", first.vcpus));
        words.push(figures::mebibytes(first.memory.value() as f64));
        words.push(architecture(first.architecture).into());
    }
    if let Some(data) = &service.data {
        words.push(match standby(answer, deployment) {
            Some(standby) => format!("{}, {standby}", data.engine),
            None => data.engine.clone(),
        });
    }
    words.join("  ")
}

/// The word for an instruction set.
pub(crate) const fn architecture(architecture: Architecture) -> &'static str {
    match architecture {
        Architecture::X86_64 => "x86",
        Architecture::Arm64 => "arm",
    }
}

/// The word for a standby in another zone, where a database has one.
fn standby(answer: &Answer, deployment: &Deployment) -> Option<&'static str> {
    let managed = deployment.product.is_some();
    match deployment.redundancy {
        Redundancy::Active | Redundancy::Single => None,
        Redundancy::Standby { .. } if deployment.connections.is_none() => None,
        Redundancy::Standby { .. } => match answer.plan.topology.provider {
            Provider::Aws if managed => Some("multi-AZ"),
            _ => Some("standby"),
        },
    }
}

/// The lines of the bill by service: services in their order, then what belongs to none.
pub(crate) fn cost_groups(answer: &Answer) -> Vec<(String, Vec<&CostLine>)> {
    let mut groups: Vec<(String, Vec<&CostLine>)> = answer
        .demand
        .services
        .iter()
        .map(|service| (service.name.to_string(), Vec::new()))
        .collect();
    for line in &answer.plan.bill.lines {
        match groups.iter_mut().find(|(name, _)| *name == line.service) {
            Some((_, lines)) => lines.push(line),
            None => groups.push((line.service.clone(), vec![line])),
        }
    }
    groups
}

/// What some lines cost together.
pub(crate) fn cost_of(lines: &[&CostLine]) -> ThreeBills<MicroDollars> {
    ThreeBills {
        expected: lines.iter().map(|line| line.amount.expected).sum(),
        peak_fleet: lines.iter().map(|line| line.amount.peak_fleet).sum(),
        ceiling: lines.iter().map(|line| line.amount.ceiling).sum(),
    }
}

/// What lines of traffic carry: `24 TB out, 4.8 TB between zones`. A line of traffic is counted in
/// `gb`; the last part of its identifier starts with `zones` where it stays inside the region.
pub(crate) fn traffic(lines: &[&CostLine]) -> String {
    let carried = |inside: bool| {
        let thousandths = lines
            .iter()
            .filter(|line| line.unit == "gb" && is_between_zones(line) == inside)
            .filter(|line| line.id != "traffic.cdn.fill")
            .map(|line| line.quantity.expected.thousandths())
            .sum::<u64>()
            .min(MilliUnits::LIMIT.thousandths());
        MilliUnits::from_thousandths(thousandths)
    };
    let words = [(carried(false), "out"), (carried(true), "between zones")];
    let parts: Vec<String> = words
        .iter()
        .filter(|(quantity, _)| *quantity > MilliUnits::ZERO)
        .map(|(quantity, word)| format!("{} {word}", figures::gigabytes(*quantity)))
        .collect();
    parts.join(", ")
}

fn is_between_zones(line: &CostLine) -> bool {
    let part = line.id.rsplit('.').next().unwrap_or_default();
    part.starts_with("zone")
}
