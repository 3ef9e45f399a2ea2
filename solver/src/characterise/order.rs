//! The order of the services: every caller before what it calls, and otherwise as a request first
//! comes to them.
//!
//! The order in which somebody lists services says nothing, and neither do their names; yet among
//! plans of the same cost the one wins whose first service is the smallest. So the order rests on
//! what stays when services are listed or named otherwise: the requests, and what calls what.

use std::collections::VecDeque;

use domain::intent::{Intent, Service};
use domain::name::Name;

/// The places of the services in the intent.
///
/// The reader of the intent has refused cycles; should one remain, its members keep their order.
pub(super) fn callers_first(intent: &Intent) -> Vec<usize> {
    let services = &intent.services;
    let mut open = as_reached(intent);
    let calls =
        |from: usize, to: usize| callees(&services[from]).any(|name| name == &services[to].name);
    let mut order: Vec<usize> = Vec::new();
    while !open.is_empty() {
        let free = |at: &usize| !open.iter().any(|other| calls(*other, *at));
        let next = open.iter().position(free).unwrap_or(0);
        order.push(open.remove(next));
    }
    order
}

/// The services in breadth, from where the classes enter in their order and along the calls in
/// theirs; what nothing reaches comes last, as it was listed.
fn as_reached(intent: &Intent) -> Vec<usize> {
    let place = |name: &Name| intent.services.iter().position(|service| &service.name == name);
    let mut reached: Vec<usize> = Vec::new();
    let mut due: VecDeque<&Name> = intent.requests.iter().map(|class| &class.enters).collect();
    while let Some(name) = due.pop_front() {
        let Some(at) = place(name).filter(|at| !reached.contains(at)) else { continue };
        reached.push(at);
        due.extend(callees(&intent.services[at]));
    }
    let rest: Vec<usize> = (0..intent.services.len()).filter(|at| !reached.contains(at)).collect();
    reached.extend(rest);
    reached
}

/// What a service calls, in the order of its calls, and then what it falls back to.
fn callees(service: &Service) -> impl Iterator<Item = &Name> {
    service.calls.iter().map(|call| &call.to).chain(&service.fallback)
}
