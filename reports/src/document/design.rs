//! Sections 3 and 4: what is built, how it is connected, and of which parts it is made.

use domain::demand::Demand;
use domain::outcome::Answer;
use domain::spec::{HealthCheckPart, InputKind, ServicePart, Spec, SubnetTier};

use super::{Block, Cell, Sheet, micros};
use crate::composition;
use crate::figures::{self, time};

pub(super) fn topology(sheet: Sheet<'_>) -> Vec<Block> {
    let (spec, answer) = (sheet.spec, sheet.answer);
    let vpc = &spec.network.vpc;
    let mut blocks = vec![
        Block::says(format!(
            "{}. A zone is a failure domain: its outage takes everything in it at once. One \
             region is used, so the loss of the region is the loss of the system.",
            composition::place(&answer.plan.topology)
        )),
        Block::Topology,
    ];
    blocks.extend(answer.plan.topology.cdn.as_ref().map(|product| {
        let edge = &answer.demand.services[0].name;
        Block::says(format!(
            "Before the zones stands {product}, which passes on to {edge} what it does not answer."
        ))
    }));
    let gateways = figures::counted(vpc.nat_gateways as usize, "gateway");
    blocks.extend([
        placement(sheet),
        calls(&answer.demand),
        Block::List(misses(&answer.demand)),
        Block::Folded(
            "Subnets, and flows that are allowed".to_owned(),
            vec![
                Block::says(format!(
                    "Private network {}, {gateways} to the internet for private subnets. Any flow \
                     that is not listed is refused.",
                    vpc.cidr
                )),
                subnets(spec),
                flows(spec),
            ],
        ),
    ]);
    blocks
}

fn subnets(spec: &Spec) -> Block {
    let rows = spec.network.subnets.iter().map(|subnet| {
        let reached = match subnet.tier {
            SubnetTier::Public => "the internet",
            SubnetTier::Private => "other subnets",
            SubnetTier::Isolated => "other subnets; reaches nothing itself",
        };
        vec![
            Cell::words(&subnet.name),
            Cell::words(reached),
            Cell::words(&subnet.zone),
            Cell::words(&subnet.cidr),
        ]
    });
    Block::table("subnets", "Subnets", &["subnet", "reached by", "zone", "addresses"], rows)
}

fn flows(spec: &Spec) -> Block {
    let rows = spec.network.flows.iter().map(|flow| {
        vec![
            Cell::words(&flow.from),
            Cell::words(&flow.to),
            Cell::figure(flow.port, flow.port.into()),
            Cell::words(if flow.encrypted { "yes" } else { "no" }),
        ]
    });
    Block::table("flows", "Flows", &["from", "to", ">port", "a rule demands encryption"], rows)
}

/// The drawing as a table.
fn placement(sheet: Sheet<'_>) -> Block {
    let zones = &sheet.spec.placement.zones;
    let columns: Vec<String> = zones.iter().map(|zone| format!(">zone {}", zone.id)).collect();
    let mut headings = vec!["service", "type"];
    headings.extend(columns.iter().map(String::as_str));
    let rows = sheet.spec.services.iter().enumerate().flat_map(|(place, service)| {
        let deployment = &sheet.answer.plan.topology.services[place];
        let managed = service.offers.is_empty().then(|| {
            let mut row =
                vec![Cell::words(&service.name), Cell::words(composition::product(deployment))];
            row.extend(zones.iter().map(|_| Cell::words("managed")));
            row
        });
        let offers = service.offers.iter().map(|offer| {
            let mut row = vec![Cell::words(&service.name), Cell::words(&offer.instance_type)];
            let count = |zone| offer.per_zone.get(zone).copied().unwrap_or(0);
            row.extend(zones.iter().map(|zone| Cell::count(count(&zone.id))));
            row
        });
        managed.into_iter().chain(offers).collect::<Vec<_>>()
    });
    Block::table("placement", "Instances at the peak by zone", &headings, rows)
}

fn calls(demand: &Demand) -> Block {
    let rows = demand.services.iter().flat_map(|service| {
        service.calls.iter().map(|call| {
            let to = demand.service(call.to);
            let class = call.class.map(|index| demand.classes[index.0].name.as_str());
            vec![
                Cell::words(&service.name),
                Cell::words(&to.name),
                Cell::words(class.unwrap_or("every")),
                Cell::number(call.count, 3),
                Cell::words(if call.parallel { "side by side" } else { "in turn" }),
                Cell::figure(to.interface.port, to.interface.port.into()),
            ]
        })
    });
    let headings = ["from", "to", "class", ">calls a visit", "order", ">port"];
    Block::table("calls", "Calls", &headings, rows)
}

fn misses(demand: &Demand) -> Vec<String> {
    let misses = demand.services.iter().filter_map(|service| {
        let data = service.data.as_ref()?;
        let fallback = &demand.service(data.fallback?).name;
        let (name, hits) = (&service.name, data.hit_ratio);
        Some(format!("{name} answers {hits} of its lookups; each other is one call to {fallback}."))
    });
    misses.collect()
}

pub(super) fn materials(sheet: Sheet<'_>) -> Vec<Block> {
    let spec = sheet.spec;
    let headings = ["service", "spread by", "health check", "release", "admits", "retries"];
    let operated = spec.services.iter().map(operated);
    let operation = Block::table("operation", "How each service is run", &headings, operated);
    let inputs = spec.inputs_required.iter().map(|input| {
        let kind = match input.kind {
            InputKind::Image => "image",
            InputKind::Reference => "reference",
            InputKind::Hostname => "host name",
            InputKind::SecretReference => "reference to a secret",
        };
        vec![
            Cell::words(&input.name),
            Cell::words(kind),
            Cell::words(&input.service),
            Cell::words(input.example.as_deref().unwrap_or_default()),
        ]
    });
    let headings = ["input", "kind", "service", "such as"];
    vec![
        machines(sheet.answer),
        Block::List(stored(spec)),
        Block::Folded(
            "Health checks, releases, limits of each service".to_owned(),
            vec![operation],
        ),
        Block::table("inputs", "What only the owner can supply", &headings, inputs),
    ]
}

fn machines(answer: &Answer) -> Block {
    let rows = answer.demand.service_indices().flat_map(|index| {
        let service = &answer.demand.service(index).name;
        let deployment = &answer.plan.topology.services[index.0];
        let product = composition::product(deployment);
        let managed = deployment.pools.is_empty().then(|| {
            let mut row = vec![
                Cell::words(service),
                Cell::words(&product),
                Cell::words(composition::count(answer, index)),
            ];
            row.extend((0..4).map(|_| Cell::default()));
            row
        });
        let pools = deployment.pools.iter().map(|pool| {
            let memory = pool.memory.value() as f64;
            vec![
                Cell::words(service),
                Cell::words(format!("{} ({product})", pool.sku)),
                Cell::figure(composition::count_of(answer, index, pool), pool.replicas().into()),
                Cell::count(pool.vcpus),
                Cell::figure(figures::mebibytes(memory), memory),
                Cell::words(composition::architecture(pool.architecture)),
                Cell::words(pool.term.as_str().replace('_', " ")),
            ]
        });
        managed.into_iter().chain(pools).collect::<Vec<_>>()
    });
    let headings = ["service", "type", ">count", ">vCPU", ">memory", "set", "paid"];
    Block::table("materials", "What is bought", &headings, rows)
}

fn stored(spec: &Spec) -> Vec<String> {
    let services = spec.services.iter();
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
        let (surge, drain) = (rollout.max_surge, time(micros(rollout.drain_us)));
        format!("{surge} more at a time, drained for {drain}")
    });
    let admits = service.process.map(|process| {
        let (waiting, most) = (process.queue_limit, process.max_in_flight);
        // Memory holds so many in all, and so many that wait are served in time.
        if waiting < most {
            format!("{waiting} waiting, {most} in all")
        } else {
            format!("{most} in all, full before {waiting} wait")
        }
    });
    let retries = service.resilience.map(|own| {
        let retries = if own.retries == 1 { "retry" } else { "retries" };
        format!("{} {retries}, each attempt within {}", own.retries, time(micros(own.timeout_us)))
    });
    vec![
        Cell::words(&service.name),
        Cell::words(service.algorithm.as_str().replace('_', " ")),
        Cell::words(checked(&service.health_check)),
        Cell::words(release.unwrap_or_default()),
        Cell::words(admits.unwrap_or_default()),
        Cell::words(retries.unwrap_or_default()),
    ]
}

fn checked(check: &HealthCheckPart) -> String {
    let path = check.path.as_ref().map(|path| format!(" {path}")).unwrap_or_default();
    format!(
        "{}{path} every {} within {}, out after {}, back after {}",
        check.protocol,
        time(micros(check.interval_us)),
        time(micros(check.timeout_us)),
        check.unhealthy_threshold,
        check.healthy_threshold
    )
}
