//! What only the owner of a system can supply.

use domain::demand::{Demand, ServiceDemand};
use domain::intent::ServiceKind;
use domain::spec::{InputKind, InputRequired};

/// Every such input, in the order of the services.
pub(super) fn required(demand: &Demand) -> Vec<InputRequired> {
    let services = demand.services.iter().flat_map(of_service);
    services.chain(before_the_edge(demand)).collect()
}

/// A content delivery network shows a certificate of its own.
fn before_the_edge(demand: &Demand) -> Option<InputRequired> {
    demand.cdn.as_ref()?;
    Some(InputRequired {
        name: "cdn_certificate".to_owned(),
        kind: InputKind::Reference,
        service: demand.services.first()?.name.clone(),
        example: None,
    })
}

fn of_service(service: &ServiceDemand) -> Vec<InputRequired> {
    let input = |what: &str, kind, example: Option<&str>| InputRequired {
        name: format!("{}_{what}", service.name.as_str().replace('-', "_")),
        kind,
        service: service.name.clone(),
        example: example.map(str::to_owned),
    };
    match service.kind {
        ServiceKind::Balancer => vec![
            input("certificate", InputKind::Reference, None),
            input("domain", InputKind::Hostname, Some("www.example.com")),
        ],
        ServiceKind::Service if service.interface.image.is_none() => {
            let example = Some("registry.example.com/web:1.0");
            vec![input("image", InputKind::Image, example)]
        }
        ServiceKind::Sql => vec![input("password", InputKind::SecretReference, None)],
        ServiceKind::External => vec![input("url", InputKind::Hostname, Some("api.example.com"))],
        ServiceKind::Service | ServiceKind::Cache | ServiceKind::Queue => Vec::new(),
    }
}
