//! The calls that a service makes, with every number filled in.

use domain::demand::{CallDemand, ClassIndex, ServiceIndex};
use domain::intent::{Call, Intent, Service};
use domain::ledger::Stated;
use domain::name::Name;
use domain::units::Ratio;

use super::book::Book;

pub(super) fn calls(
    intent: &Intent,
    service: &Service,
    name: &str,
    place: &dyn Fn(&Name) -> Option<ServiceIndex>,
    book: &mut Book<'_>,
) -> Vec<CallDemand> {
    let mut calls = Vec::new();
    for (at, call) in service.calls.iter().enumerate() {
        let Some(to) = place(&call.to) else { continue };
        let class = call.class.as_ref().and_then(|class| {
            intent.requests.iter().position(|request| &request.name == class).map(ClassIndex)
        });
        let path = call_path(service, call, name, at);
        let reads = call.reads.as_ref().map_or(Ratio::ONE, |reads| {
            book.stated(&format!("{path}.reads"), Some(reads), "reads")
        });
        calls.push(CallDemand {
            to,
            class,
            count: one_unless(call.count.as_ref(), &format!("{path}.count"), book),
            lookups: whole(one_unless(call.lookups.as_ref(), &format!("{path}.lookups"), book)),
            parallel: call.parallel,
            reads,
        });
    }
    calls
}

/// `services.app.calls.cache`, with the class or a number where one service is called twice.
fn call_path(service: &Service, call: &Call, name: &str, at: usize) -> String {
    let same = service.calls.iter().filter(|other| other.to == call.to).count();
    match &call.class {
        Some(class) => format!("{name}.calls.{}.{class}", call.to),
        None if same > 1 => format!("{name}.calls.{}.{at}", call.to),
        None => format!("{name}.calls.{}", call.to),
    }
}

fn one_unless(stated: Option<&Stated<f64>>, name: &str, book: &mut Book<'_>) -> f64 {
    stated.map_or(1.0, |stated| book.stated(name, Some(stated), name))
}

/// Keys of one call: at least one, and a whole number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to a small range just before"
)]
pub(super) fn whole(count: f64) -> u32 {
    count.round().clamp(1.0, 10_000.0) as u32
}
