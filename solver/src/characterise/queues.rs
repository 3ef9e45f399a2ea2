//! Queues, and what is asked of the workers that take their messages.

use domain::demand::{
    Backlog, CallDemand, FailureHandling, Interface, ServiceDemand, ServicePin, Work,
};
use domain::intent::{Intent, Service, ServiceKind};
use domain::units::{Bytes, Mebibytes, Ratio, Seconds};

use super::book::Book;

/// A managed queue: it does no work of its own, and hands each message over until it is done.
pub(super) fn queue(
    intent: &Intent,
    service: &Service,
    calls: Vec<CallDemand>,
    book: &mut Book<'_>,
) -> ServiceDemand {
    // The price of a message, which the bill reads.
    let _: f64 = book.default("queue.requests_per_message");
    ServiceDemand { calls, ..unsized_service(intent, service, ServiceKind::Queue) }
}

/// A service that runs on nothing of ours: no work, no calls, and nothing that could fail here.
pub(super) fn unsized_service(
    intent: &Intent,
    service: &Service,
    kind: ServiceKind,
) -> ServiceDemand {
    ServiceDemand {
        name: service.name.clone(),
        kind,
        work: vec![Work::default(); intent.requests.len()],
        calls: Vec::new(),
        servers_max: None,
        memory_base: Mebibytes::ZERO,
        memory_per_request: Mebibytes::ZERO,
        startup: Seconds::ZERO,
        on_failure: FailureHandling {
            timeout: Seconds::ZERO,
            retries: 0,
            retry_budget: Ratio::ZERO,
            queue: Seconds::ZERO,
        },
        degrades: Vec::new(),
        data: None,
        backlog: None,
        external: None,
        interface: Interface { port: 443, health_path: None, image: None },
        bytes_per_call: Bytes::ZERO,
    }
}

/// What is asked of a service that takes messages from a queue; nothing of all others.
pub(super) fn backlog(
    intent: &Intent,
    service: &Service,
    name: &str,
    book: &mut Book<'_>,
) -> Option<Backlog> {
    takes_messages(intent, service).then(|| Backlog {
        drain_within: book.stated(
            &format!("{name}.drain_within"),
            service.drain_within.as_ref(),
            "queue.drain_within",
        ),
        standstill: book.default("queue.standstill"),
    })
}

/// Messages may wait for a worker for as long as they may be late.
pub(super) fn patient(handling: FailureHandling, backlog: Option<Backlog>) -> FailureHandling {
    let queue = backlog.map_or(handling.queue, |backlog| backlog.drain_within);
    FailureHandling { queue, ..handling }
}

/// Whether a service takes messages from a queue.
pub(super) fn takes_messages(intent: &Intent, service: &Service) -> bool {
    let queues = intent.services.iter().filter(|other| other.kind == ServiceKind::Queue);
    queues.flat_map(|queue| &queue.calls).any(|call| call.to == service.name)
}

/// A message of which nothing is heard is handed over again when it is late.
pub(super) fn redelivered(services: &mut [ServiceDemand]) {
    for at in 0..services.len() {
        let queue = services[at].kind == ServiceKind::Queue;
        let workers = services[at].calls.first().filter(|_| queue).map(|call| call.to.0);
        if let Some(backlog) = workers.and_then(|workers| services[workers].backlog) {
            services[at].on_failure.timeout = backlog.drain_within;
        }
    }
}

/// Who speaks of a queue speaks of its workers: nothing else of it can be chosen.
pub(super) fn pinned(pin: &mut ServicePin, services: &[ServiceDemand]) {
    let own = &services[pin.service.0];
    if own.kind == ServiceKind::Queue
        && let Some(call) = own.calls.first()
    {
        pin.service = call.to;
    }
}
