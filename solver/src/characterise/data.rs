//! What a service holds, and what it is reached by.

use domain::demand::{DataDemand, Interface, ServiceIndex};
use domain::intent::{Intent, Service, ServiceKind};
use domain::ledger::Stated;
use domain::name::Name;
use domain::units::{Bytes, Mebibytes, Ratio};

use super::book::Book;
use super::calls::whole;
use super::queues;
use super::small;

pub(super) fn data(
    service: &Service,
    name: &str,
    place: &dyn Fn(&Name) -> Option<ServiceIndex>,
    book: &mut Book<'_>,
) -> Option<DataDemand> {
    let stem = match service.kind {
        ServiceKind::Cache => "cache",
        ServiceKind::Sql => "sql",
        ServiceKind::Balancer
        | ServiceKind::Service
        | ServiceKind::Queue
        | ServiceKind::External => return None,
    };
    let cache = service.kind == ServiceKind::Cache;
    let size: Mebibytes = if cache {
        let stated = service.working_set.as_ref();
        book.stated(&format!("{name}.working_set"), stated, "cache.working_set")
    } else {
        book.stated(&format!("{name}.storage"), service.storage.as_ref(), "sql.storage")
    };
    let hit_ratio = if cache {
        let stated = service.hit_ratio.as_ref();
        book.stated(&format!("{name}.hit_ratio"), stated, "cache.hit_ratio")
    } else {
        Ratio::ONE
    };
    let writes = if cache {
        Ratio::ZERO
    } else {
        book.stated(&format!("{name}.writes"), service.writes.as_ref(), "sql.writes")
    };
    let mut word = |field: &str, stated: Option<&Stated<String>>| {
        book.choice(&format!("{name}.{field}"), stated, &format!("{stem}.{field}"))
    };
    Some(DataDemand {
        engine: word("engine", service.engine.as_ref()),
        engine_version: word("engine_version", service.engine_version.as_ref()),
        size,
        hit_ratio,
        fallback: service.fallback.as_ref().and_then(place),
        writes,
        reserved_connections: if cache { 0 } else { reserved(service, name, book) },
        iops_per_query: service.iops_per_query.as_ref().map(|stated| {
            let path = format!("{name}.iops_per_query");
            book.stated(&path, Some(stated), &path)
        }),
    })
}

fn reserved(service: &Service, name: &str, book: &mut Book<'_>) -> u32 {
    let stated = service.connections.as_ref();
    small(book.stated(&format!("{name}.connections"), stated, "sql.connections_reserved"))
}

pub(super) fn interface(
    service: &Service,
    name: &str,
    default: &dyn Fn(&str) -> String,
    book: &mut Book<'_>,
) -> Interface {
    let stateless = service.kind == ServiceKind::Service;
    let mut path = || {
        let stated = service.health_path.as_ref();
        book.choice(&format!("{name}.health_path"), stated, "service.health_path")
    };
    let health_path = stateless.then(&mut path);
    let image = service.image.as_ref().map(|image| image.value.clone());
    let stated = service.port.as_ref();
    let port = port(book, &format!("{name}.port"), stated, &default("port"));
    Interface { port, health_path, image }
}

pub(super) fn port(
    book: &mut Book<'_>,
    name: &str,
    stated: Option<&Stated<u16>>,
    default: &str,
) -> u16 {
    let stated = stated.map(|stated| Stated {
        value: u64::from(stated.value),
        origin: stated.origin,
        source: stated.source.clone(),
        interval: None,
    });
    let port: u64 = book.stated(name, stated.as_ref(), default);
    u16::try_from(port).unwrap_or(u16::MAX)
}

/// Bytes of one call between a caller and this service, for the price of crossing zones.
pub(super) fn bytes_per_call(
    intent: &Intent,
    service: &Service,
    name: &str,
    book: &mut Book<'_>,
) -> Bytes {
    match service.kind {
        ServiceKind::Cache => {
            let each: Bytes = book.default("cache.bytes_per_lookup");
            let keys = most_lookups(intent, service);
            let formula = "bytes per lookup × lookups of a call";
            let total = Bytes::new(each.value().saturating_mul(u64::from(keys)));
            book.derived(&format!("{name}.bytes_per_call"), total, formula)
        }
        ServiceKind::Sql => book.default("sql.bytes_per_query"),
        ServiceKind::Service if queues::takes_messages(intent, service) => Bytes::ZERO,
        ServiceKind::External => Bytes::ZERO,
        ServiceKind::Service | ServiceKind::Balancer | ServiceKind::Queue => {
            book.default("service.bytes_per_call")
        }
    }
}

fn most_lookups(intent: &Intent, service: &Service) -> u32 {
    intent
        .services
        .iter()
        .flat_map(|caller| &caller.calls)
        .filter(|call| call.to == service.name)
        .filter_map(|call| call.lookups.as_ref())
        .map(|lookups| whole(lookups.value))
        .max()
        .unwrap_or(1)
}
