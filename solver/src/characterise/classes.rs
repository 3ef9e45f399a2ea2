//! The request classes and the pins, with their services found.

use domain::demand::{ClassDemand, ServiceDemand, ServiceIndex, ServicePin};
use domain::intent::{Intent, RequestClass, RunOn};
use domain::units::Ratio;

use super::book::Book;
use super::queues;

/// The shares of the classes in all requests; they add up to the whole.
pub(super) fn shares(intent: &Intent, book: &mut Book<'_>) -> Vec<Ratio> {
    let alone = intent.requests.len() == 1;
    let stated: f64 =
        intent.requests.iter().filter_map(|class| Some(class.share.as_ref()?.value.value())).sum();
    let silent = intent.requests.iter().filter(|class| class.share.is_none()).count();
    let rest = (1.0 - stated).max(0.0) / silent.max(1) as f64;
    let share = |class: &RequestClass| {
        let name = format!("requests.{}.share", class.name);
        match &class.share {
            Some(share) => book.fixed(&name, share),
            None if alone => Ratio::ONE,
            None => {
                let rule = "what the stated shares leave, in equal parts";
                book.derived(&name, Ratio::of(rest.min(1.0)), rule)
            }
        }
    };
    intent.requests.iter().map(share).collect()
}

/// The classes with their shares of the requests that reach the edge.
pub(super) fn classes(
    intent: &Intent,
    (services, shares): (&[ServiceDemand], &[Ratio]),
    book: &mut Book<'_>,
) -> Vec<ClassDemand> {
    let classes = intent.requests.iter().zip(shares).filter_map(|(class, share)| {
        let path = format!("requests.{}.response", class.name);
        let response = book.stated(&path, class.response.as_ref(), "service.response");
        let enters = services.iter().position(|service| service.name == class.enters)?;
        let (name, enters) = (class.name.clone(), ServiceIndex(enters));
        Some(ClassDemand { name, share: *share, enters, response })
    });
    classes.collect()
}

pub(super) fn pins(intent: &Intent, services: &[ServiceDemand]) -> Vec<ServicePin> {
    intent
        .pins
        .iter()
        .filter_map(|pin| {
            let service = services.iter().position(|service| service.name == pin.service)?;
            let mut pin = ServicePin {
                service: ServiceIndex(service),
                instance_type: pin.instance_type.as_ref().map(|stated| stated.value.clone()),
                replicas_min: pin.replicas_min.as_ref().map(|stated| stated.value),
                replicas_max: pin.replicas_max.as_ref().map(|stated| stated.value),
            };
            queues::pinned(&mut pin, services);
            Some(pin)
        })
        .collect()
}

/// Where it may run, narrowed to the clouds that the pins imply.
pub(super) fn run_on(intent: &Intent) -> RunOn {
    let mut run_on = intent.run_on.clone();
    for provider in intent.pins.iter().filter_map(|pin| pin.provider) {
        if run_on.providers.is_empty() {
            run_on.providers.push(provider);
        } else {
            run_on.providers.retain(|allowed| *allowed == provider);
        }
    }
    run_on
}
