//! Assumptions that the solver reads from the ledger when it builds options and topologies.

use domain::intent::Intent;
use domain::ledger::{Origin, Stated};
use domain::units::{Mebibytes, Ratio, Seconds};

use super::book::Book;

/// Where the users are, and what follows from that.
pub(super) fn users(intent: &Intent, book: &mut Book<'_>) {
    let Some(stated) = &intent.traffic.users_in else { return };
    let codes: Vec<&str> = stated.value.iter().map(domain::area::Country::as_str).collect();
    let countries = Stated {
        value: codes.join(", "),
        origin: stated.origin,
        source: format!(
            "{}; says whose law protects them, and no latency: that is at the balancer",
            stated.source
        ),
        interval: None,
    };
    book.choice("traffic.users_in", Some(&countries), "traffic.users_in");
}

/// Labels that a policy filled in.
pub(super) fn labels(intent: &Intent, book: &mut Book<'_>) {
    for (key, rule) in &intent.metadata.filled {
        let found = intent.metadata.labels.iter().find(|(own, _)| own == key);
        let (_, value) = found.expect("a label that was filled in is there");
        let source = format!("policy rule {rule}: the intent has no label {key}");
        let (value, origin) = (value.clone(), Origin::Derived);
        let name = format!("metadata.labels.{key}");
        book.choice(&name, Some(&Stated { value, origin, source, interval: None }), &name);
    }
}

/// Writes them down, so that they are in the ledger of every answer.
pub(super) fn record(book: &mut Book<'_>) {
    for name in ["autoscaler.period", "autoscaler.scale_in_window", "autoscaler.drain"] {
        let _: Seconds = book.default(name);
    }
    for name in ["health_check.interval", "health_check.timeout", "demand.open_connection_time"] {
        let _: Seconds = book.default(name);
    }
    for name in ["health_check.unhealthy_after", "health_check.healthy_after"] {
        let _: u64 = book.default(name);
    }
    for name in ["sql.connections_max", "sql.connections_per_instance"] {
        let _: u64 = book.default(name);
    }
    for name in ["autoscaler.ceiling", "demand.requests_per_connection", "sql.connections_per_gib"]
    {
        let _: f64 = book.default(name);
    }
    for name in ["service.memory_usable", "cache.memory_overhead", "autoscaler.target_min"] {
        let _: Ratio = book.default(name);
    }
    let _: Mebibytes = book.default("disk.size");
}
