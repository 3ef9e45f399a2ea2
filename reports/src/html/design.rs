//! Sections 3 and 4: what is built, how it is connected, and of which parts it is made.

use domain::spec::{HealthCheckPart, ServicePart, SubnetTier};
use maud::{Markup, html};

use super::Sheet;
use super::diagram;
use super::page::{Cell, Table, folded, list, section};
use crate::composition;
use crate::figures::{self, decimals};

pub(super) fn topology(sheet: &Sheet<'_>) -> Markup {
    let (spec, answer) = (sheet.spec, sheet.answer);
    let body = html! {
        p {
            (composition::place(&answer.plan.topology)) ". A zone is a failure domain: its outage \
            takes everything in it at once. One region is used, so the loss of the region is the \
            loss of the system. Lines are calls; a thick broken line is a copy of the state."
        }
        (diagram::large(sheet))
        (placement(sheet))
        (calls(sheet))
        (list(&misses(sheet)))
        (folded("Network: subnets and flows that are allowed", &html! {
            p {
                "Private network " code { (spec.network.vpc.cidr) } ", "
                (figures::counted(spec.network.vpc.nat_gateways as usize, "gateway"))
                " to the internet for private subnets. Any flow that is not listed is refused."
            }
            (Table::new("subnets", "Subnets", &["subnet", "reached by", "zone", "addresses"])
                .of(spec.network.subnets.iter().map(|subnet| vec![
                    Cell::words(subnet.name.as_str()),
                    Cell::words(match subnet.tier {
                        SubnetTier::Public => "the internet",
                        SubnetTier::Private => "other subnets",
                        SubnetTier::Isolated => "other subnets; reaches nothing itself",
                    }),
                    Cell::words(subnet.zone.as_str()),
                    Cell::words(&subnet.cidr),
                ])))
            (Table::new("flows", "Flows", &["from", "to", ">port", "a rule demands encryption"])
                .of(spec.network.flows.iter().map(|flow| vec![
                    Cell::words(flow.from.as_str()),
                    Cell::words(flow.to.as_str()),
                    Cell::figure(&flow.port.to_string(), flow.port.into()),
                    Cell::words(if flow.encrypted { "yes" } else { "no" }),
                ])))
        }))
    };
    section(3, "Topology", &body)
}

/// The drawing as a table.
fn placement(sheet: &Sheet<'_>) -> Markup {
    let zones = &sheet.spec.placement.zones;
    let mut headings = vec!["service".to_owned(), "type".to_owned()];
    headings.extend(zones.iter().map(|zone| format!(">zone {}", zone.id)));
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    let rows = sheet.spec.services.iter().enumerate().flat_map(|(place, service)| {
        let deployment = &sheet.answer.plan.topology.services[place];
        let managed = service.offers.is_empty().then(|| {
            let mut row = vec![
                Cell::words(service.name.as_str()),
                Cell::words(&composition::product(deployment)),
            ];
            row.extend(zones.iter().map(|_| Cell::words("managed")));
            row
        });
        let offers = service.offers.iter().map(|offer| {
            let mut row =
                vec![Cell::words(service.name.as_str()), Cell::words(&offer.instance_type)];
            row.extend(zones.iter().map(|zone| {
                Cell::count(offer.per_zone.get(&zone.id).copied().unwrap_or(0).into())
            }));
            row
        });
        managed.into_iter().chain(offers).collect::<Vec<_>>()
    });
    Table::new("placement", "Instances at the peak by zone", &headings).of(rows)
}

fn calls(sheet: &Sheet<'_>) -> Markup {
    let demand = &sheet.answer.demand;
    let rows = demand.services.iter().flat_map(|service| {
        service.calls.iter().map(|call| {
            let to = demand.service(call.to);
            let class = call.class.map(|index| demand.classes[index.0].name.to_string());
            vec![
                Cell::words(service.name.as_str()),
                Cell::words(to.name.as_str()),
                Cell::words(class.as_deref().unwrap_or("every")),
                Cell::figure(&decimals(call.count, 3), call.count),
                Cell::words(if call.parallel { "side by side" } else { "in turn" }),
            ]
        })
    });
    let headings = ["from", "to", "class", ">calls a visit", "order"];
    Table::new("calls", "Calls", &headings).of(rows)
}

fn misses(sheet: &Sheet<'_>) -> Vec<String> {
    let demand = &sheet.answer.demand;
    let misses = demand.services.iter().filter_map(|service| {
        let data = service.data.as_ref()?;
        let fallback = &demand.service(data.fallback?).name;
        let (name, hits) = (&service.name, data.hit_ratio);
        Some(format!("{name} answers {hits} of its lookups; each other is one call to {fallback}."))
    });
    misses.collect()
}

pub(super) fn materials(sheet: &Sheet<'_>) -> Markup {
    let spec = sheet.spec;
    let body = html! {
        (machines(sheet))
        (list(&stored(sheet)))
        (folded("How each service is run: health checks, releases, limits", &Table::new(
            "operation",
            "How each service is run",
            &["service", "spread by", "health check", "release", "admits", "retries"],
        ).of(spec.services.iter().map(operated))))
        (Table::new("inputs", "What only the owner can supply", &[
            "input", "kind", "service", "such as",
        ]).of(spec.inputs_required.iter().map(|input| vec![
            Cell::words(&input.name),
            Cell::words(match input.kind {
                domain::spec::InputKind::Image => "image",
                domain::spec::InputKind::Reference => "reference",
                domain::spec::InputKind::Hostname => "host name",
                domain::spec::InputKind::SecretReference => "reference to a secret",
            }),
            Cell::words(input.service.as_str()),
            Cell::words(input.example.as_deref().unwrap_or_default()),
        ])))
    };
    section(4, "Bill of materials", &body)
}

fn machines(sheet: &Sheet<'_>) -> Markup {
    let answer = sheet.answer;
    let rows = answer.demand.service_indices().flat_map(|index| {
        let service = &answer.demand.service(index).name;
        let deployment = &answer.plan.topology.services[index.0];
        let product = composition::product(deployment);
        let managed = deployment.pools.is_empty().then(|| {
            let mut row = vec![
                Cell::words(service.as_str()),
                Cell::words(&product),
                Cell::words(&composition::count(answer, index)),
            ];
            row.extend((0..4).map(|_| Cell::words("")));
            row
        });
        let pools = deployment.pools.iter().map(|pool| {
            let memory = pool.memory.value() as f64;
            vec![
                Cell::words(service.as_str()),
                Cell::words(&format!("{} ({product})", pool.sku)),
                Cell::figure(&composition::count_of(answer, index, pool), pool.replicas().into()),
                Cell::count(pool.vcpus.into()),
                Cell::figure(&figures::mebibytes(memory), memory),
                Cell::words(composition::architecture(pool.architecture)),
                Cell::words(&pool.term.as_str().replace('_', " ")),
            ]
        });
        managed.into_iter().chain(pools).collect::<Vec<_>>()
    });
    let headings = ["service", "type", ">count", ">vCPU", ">memory", "set", "paid"];
    Table::new("materials", "What is bought", &headings).of(rows)
}

fn stored(sheet: &Sheet<'_>) -> Vec<String> {
    let services = sheet.spec.services.iter();
    let volumes = services.clone().filter_map(|service| {
        let size = figures::mebibytes(service.volume.as_ref()?.size_mib as f64);
        let connections = service.connections.map(|own| {
            let (max, each) = (own.max, own.pool_per_instance);
            format!("; {max} connections, {each} for each instance of a caller")
        });
        let connections = connections.unwrap_or_default();
        Some(format!("{}: {size} of data for each instance{connections}.", service.name))
    });
    let backups = services.filter_map(|service| {
        let backup = service.backup.as_ref()?;
        let days = figures::counted(backup.retention_days as usize, "day");
        let moment = if backup.point_in_time { ", to any moment within them" } else { "" };
        let copied = backup.copy_region.as_ref();
        let copied = copied.map(|region| format!(", copied to {region}")).unwrap_or_default();
        let (name, window) = (&service.name, &backup.window_utc);
        Some(format!("{name}: backups of {days}{moment}{copied}, taken at {window} UTC."))
    });
    volumes.chain(backups).collect()
}

fn operated(service: &ServicePart) -> Vec<Cell> {
    let release = service.rollout.as_ref().map(|rollout| {
        let (surge, drain) = (rollout.max_surge, micros(rollout.drain_us));
        format!("{surge} more at a time, drained for {drain}")
    });
    let admits = service.process.map(|process| {
        format!("{} waiting, {} in all", process.queue_limit, process.max_in_flight)
    });
    let retries = service.resilience.map(|own| {
        let retries = if own.retries == 1 { "retry" } else { "retries" };
        format!("{} {retries}, each attempt within {}", own.retries, micros(own.timeout_us))
    });
    vec![
        Cell::words(service.name.as_str()),
        Cell::words(&service.algorithm.as_str().replace('_', " ")),
        Cell::words(&checked(&service.health_check)),
        Cell::words(&release.unwrap_or_default()),
        Cell::words(&admits.unwrap_or_default()),
        Cell::words(&retries.unwrap_or_default()),
    ]
}

fn checked(check: &HealthCheckPart) -> String {
    let path = check.path.as_ref().map(|path| format!(" {path}")).unwrap_or_default();
    format!(
        "{}{path} every {} within {}, out after {}, back after {}",
        check.protocol,
        micros(check.interval_us),
        micros(check.timeout_us),
        check.unhealthy_threshold,
        check.healthy_threshold
    )
}

/// A time of the spec.
pub(super) fn micros(micros: u64) -> String {
    figures::time(micros as f64 / 1e6)
}
