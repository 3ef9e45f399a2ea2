//! What the expected bill counts as promised to the cloud for a term: no format buys that, so each
//! says it.

use domain::spec::{ServicePart, Spec};

/// "3 × c8g.xlarge for 36 months (`reserved_3y`)", one for each kind of machines with a promise.
fn promised(service: &ServicePart) -> impl Iterator<Item = String> {
    service.offers.iter().filter_map(|offer| {
        let own = offer.committed?;
        Some(format!(
            "{} × {} for {} months ({})",
            own.instances,
            offer.instance_type,
            own.months,
            own.term.as_str()
        ))
    })
}

/// Of one service, as the end of a sentence; nothing where nothing is promised.
pub(super) fn of(service: &ServicePart) -> String {
    let own: Vec<String> = promised(service).collect();
    if own.is_empty() {
        return String::new();
    }
    format!("; the expected bill has {} reserved, which nothing here buys", own.join(" and "))
}

/// Of all services, as a sentence after another; nothing where nothing is promised.
pub(super) fn of_all(spec: &Spec) -> String {
    let own = spec.services.iter();
    let own = own.flat_map(|own| promised(own).map(move |each| format!("{each} of {}", own.name)));
    let own: Vec<String> = own.collect();
    if own.is_empty() {
        return String::new();
    }
    format!(
        " The expected bill counts on what is reserved for a term: {}. Nothing here buys that: \
         bought beside this it is as expected, and dearer otherwise.",
        own.join(", ")
    )
}
