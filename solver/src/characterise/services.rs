//! Services with every number filled in, the edge first and callers before what they call.

use domain::catalog::Catalog;
use domain::degradation::Degradation;
use domain::demand::{
    CallDemand, ClassIndex, FailureHandling, Interface, NetworkDelay, ServiceDemand, ServiceIndex,
    Work,
};
use domain::intent::{Intent, Service, ServiceKind};
use domain::ledger::Stated;
use domain::name::Name;
use domain::units::{Bytes, Ratio, Seconds};

use super::book::Book;
use super::calls::calls;
use super::data::{bytes_per_call, data, interface, port};
use super::external::external;
use super::order::callers_first;
use super::{CharacteriseError, small};
use super::{policy, queues};

/// The name of the balancer that every request enters by.
pub(super) const EDGE: &str = "edge";

pub(super) fn network(book: &mut Book<'_>) -> NetworkDelay {
    NetworkDelay {
        same_zone: book.default("network.same_zone"),
        cross_zone: book.default("network.cross_zone"),
    }
}

/// All services of the intent behind an edge that calls where the classes enter.
pub(super) fn all(intent: &Intent, catalog: &Catalog, book: &mut Book<'_>) -> Vec<ServiceDemand> {
    let order = callers_first(intent);
    let place = |name: &Name| {
        order
            .iter()
            .position(|at| &intent.services[*at].name == name)
            .map(|at| ServiceIndex(at + 1))
    };
    let mut services = vec![edge(intent, &place, book)];
    for at in &order {
        let stated = &intent.services[*at];
        let speed = measured_speed(stated, catalog, book);
        services.push(service((intent, speed), stated, &place, book));
    }
    queues::redelivered(&mut services);
    services
}

fn edge(
    intent: &Intent,
    place: &dyn Fn(&Name) -> Option<ServiceIndex>,
    book: &mut Book<'_>,
) -> ServiceDemand {
    let cpu_time: Seconds = book.default("edge.cpu_time");
    let cv: f64 = book.default("edge.spread");
    let calls = intent
        .requests
        .iter()
        .enumerate()
        .filter_map(|(class, request)| {
            Some(CallDemand {
                to: place(&request.enters)?,
                class: Some(ClassIndex(class)),
                count: 1.0,
                lookups: 1,
                parallel: false,
                reads: Ratio::ONE,
            })
        })
        .collect();
    ServiceDemand {
        name: Name::of(EDGE),
        kind: ServiceKind::Balancer,
        work: vec![Work { cpu_time, cv }; intent.requests.len()],
        calls,
        servers_max: None,
        memory_base: book.default("edge.memory_base"),
        memory_per_request: book.default("edge.memory_per_request"),
        startup: book.default("edge.startup"),
        on_failure: client_handling(intent, book),
        degrades: Vec::new(),
        data: None,
        backlog: None,
        external: None,
        interface: Interface {
            port: port(book, "edge.port", policy::edge_port(intent).as_ref(), "edge.port"),
            health_path: None,
            image: None,
        },
        bytes_per_call: Bytes::ZERO,
    }
}

/// The client behaves towards the edge as the services that it enters behave towards theirs.
fn client_handling(intent: &Intent, book: &mut Book<'_>) -> FailureHandling {
    let entry = intent.requests.first().map(|class| &class.enters);
    let service = intent.services.iter().find(|service| Some(&service.name) == entry);
    failure_handling(EDGE, service, book)
}

fn service(
    (intent, speed): (&Intent, f64),
    service: &Service,
    place: &dyn Fn(&Name) -> Option<ServiceIndex>,
    book: &mut Book<'_>,
) -> ServiceDemand {
    let name = format!("services.{}", service.name);
    let kind = service.kind;
    let stem = stem(kind);
    let default =
        |field: &str| format!("{}.{field}", if has(kind, field) { stem } else { "service" });
    let calls = calls(intent, service, &name, place, book);
    if kind == ServiceKind::Queue {
        return queues::queue(intent, service, calls, book);
    }
    if let Some(stated) = &service.external {
        return external(intent, service, stated, book);
    }
    let cache = kind == ServiceKind::Cache;
    let backlog = queues::backlog(intent, service, &name, book);
    ServiceDemand {
        name: service.name.clone(),
        kind,
        work: work((intent, speed), service, &name, &default, book),
        calls,
        servers_max: cache.then(|| small(book.default("cache.threads"))),
        memory_base: book.stated(
            &format!("{name}.memory.base"),
            service.memory_base.as_ref(),
            &default("memory_base"),
        ),
        memory_per_request: book.stated(
            &format!("{name}.memory.per_request"),
            service.memory_per_request.as_ref(),
            &default("memory_per_request"),
        ),
        startup: book.stated(
            &format!("{name}.startup"),
            service.startup.as_ref(),
            &default("startup"),
        ),
        on_failure: queues::patient(failure_handling(&name, Some(service), book), backlog),
        degrades: service
            .degrades
            .iter()
            .filter_map(|(without, serve)| {
                Some(Degradation { without: place(without)?, serve: *serve })
            })
            .collect(),
        data: data(service, &name, place, book),
        backlog,
        external: None,
        interface: interface(service, &name, &default, book),
        bytes_per_call: bytes_per_call(intent, service, &name, book),
    }
}

/// Where the defaults of a kind of service stand.
const fn stem(kind: ServiceKind) -> &'static str {
    match kind {
        ServiceKind::Balancer => "edge",
        ServiceKind::Service => "service",
        ServiceKind::Cache => "cache",
        ServiceKind::Sql => "sql",
        ServiceKind::Queue => "queue",
        ServiceKind::External => "external",
    }
}

/// Whether a kind of data service has a default of its own for that field.
fn has(kind: ServiceKind, field: &str) -> bool {
    matches!(kind, ServiceKind::Cache | ServiceKind::Sql)
        && matches!(field, "cpu_time" | "spread" | "startup" | "port")
}

fn work(
    (intent, speed): (&Intent, f64),
    service: &Service,
    name: &str,
    default: &dyn Fn(&str) -> String,
    book: &mut Book<'_>,
) -> Vec<Work> {
    let cv: f64 =
        book.stated(&format!("{name}.spread.cv"), service.spread.as_ref(), &default("spread"));
    let general = service.cpu_time.iter().find(|(class, _)| class.is_none());
    let specific = service.cpu_time.iter().any(|(class, _)| class.is_some());
    let of_class = |class: &Name| {
        service.cpu_time.iter().find(|(of, _)| of.as_ref() == Some(class)).map(|(_, time)| time)
    };
    intent
        .requests
        .iter()
        .map(|class| {
            let cpu_time = match of_class(&class.name) {
                Some(time) => {
                    let name = format!("{name}.cpu_time.{}", class.name);
                    book.stated(&name, Some(time), &name)
                }
                // A service that states times for some classes only does nothing for the others.
                None if specific && general.is_none() => Seconds::ZERO,
                None => {
                    let stated = general.map(|(_, time)| time);
                    book.stated(&format!("{name}.cpu_time"), stated, &default("cpu_time"))
                }
            };
            Work { cpu_time: cpu_time.times(speed), cv }
        })
        .collect()
}

/// Reference vCPUs of the machine that a service's CPU time was measured on: 1 for the reference.
fn measured_speed(service: &Service, catalog: &Catalog, book: &mut Book<'_>) -> f64 {
    let Some(machine) = &service.measured_on else { return 1.0 };
    let name = format!("services.{}.measured_on", service.name);
    book.choice(&name, Some(machine), &name);
    let offer = catalog.offers.iter().find(|offer| offer.sku == machine.value);
    let Some(performance) = offer.and_then(|offer| offer.performance) else {
        let (service, machine) = (service.name.to_string(), machine.value.clone());
        book.fault(CharacteriseError::UnknownMachine { service, machine });
        return 1.0;
    };
    // The middle, because the measurement was taken on the machine as it is.
    let speed = performance.speed.middle.min(performance.capacity.middle).value();
    let formula = "the middle of the slower of the machine's two speeds";
    book.derived(&format!("{name}.speed"), speed, formula)
}

fn failure_handling(name: &str, service: Option<&Service>, book: &mut Book<'_>) -> FailureHandling {
    let stated = service.map(|service| &service.on_failure);
    let retries = stated.and_then(|stated| stated.retries.as_ref()).map(|stated| Stated {
        value: u64::from(stated.value),
        origin: stated.origin,
        source: stated.source.clone(),
        interval: None,
    });
    FailureHandling {
        timeout: book.stated(
            &format!("{name}.timeout"),
            stated.and_then(|stated| stated.timeout.as_ref()),
            "service.timeout",
        ),
        retries: small(book.stated(
            &format!("{name}.retries"),
            retries.as_ref(),
            "service.retries",
        )),
        retry_budget: book.stated(
            &format!("{name}.retry_budget"),
            stated.and_then(|stated| stated.retry_budget.as_ref()),
            "service.retry_budget",
        ),
        queue: book.default("service.queue"),
    }
}
