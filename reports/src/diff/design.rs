//! What is planned otherwise: places, zones, machines, autoscalers, storage, backups. Machines come
//! before the rest of a service, and what moves most of the bill before what moves less.

use std::cmp::Reverse;

use domain::spec::{RedundancyPart, ServicePart, Spec};

use super::{Change, is_bought_whole, moved, services};
use crate::figures;

/// Every change of the design.
pub(super) fn changes(from: &Spec, to: &Spec) -> Vec<Change> {
    let place = |spec: &Spec| {
        let placement = &spec.placement;
        Some(format!("{} {}", placement.provider, placement.region))
    };
    let zones = |spec: &Spec| Some(spec.placement.zones.len().to_string());
    let mut all: Vec<Option<Change>> = vec![
        Change::of("placement", place(from), place(to)),
        Change::of("zones", zones(from), zones(to)),
    ];
    let mut pairs: Vec<_> = services(from, to).collect();
    pairs.sort_by_key(|(before, now)| {
        Reverse(now.or(*before).map_or(0, |own| moved(from, to, own.name.as_str())))
    });
    let parts = PARTS.iter().enumerate();
    let (bought, rest): (Vec<_>, Vec<_>) = parts.partition(|(at, _)| *at < BOUGHT);
    for parts in [bought, rest] {
        for (before, now) in &pairs {
            let Some(name) = now.or(*before).map(|own| &own.name) else { continue };
            for (_, (part, text)) in &parts {
                let said = |own: Option<&ServicePart>| own.and_then(text);
                all.push(Change::of(format!("{name}.{part}"), said(*before), said(*now)));
            }
        }
    }
    all.into_iter().flatten().collect()
}

/// A part of a service in words; `None` where it has none.
type Said = fn(&ServicePart) -> Option<String>;

/// So many of the parts say what is bought.
const BOUGHT: usize = 2;

const PARTS: [(&str, Said); 9] = [
    ("product", |own| own.product.clone()),
    ("machines", machines),
    ("zones", per_zone),
    ("autoscaling", autoscaling),
    ("promised", promised),
    ("redundancy", |own| {
        (!is_bought_whole(own)).then(|| match own.redundancy {
            RedundancyPart::Active {} => "all serve".to_owned(),
            RedundancyPart::Standby { .. } => "a standby in another zone".to_owned(),
            RedundancyPart::Single {} => "one, without a copy".to_owned(),
        })
    }),
    ("storage", |own| {
        let size = own.volume.as_ref()?.size_mib;
        Some(figures::mebibytes(size as f64))
    }),
    ("backup", |own| {
        let backup = own.backup.as_ref()?;
        let copy = backup.copy_region.as_ref();
        let copy = copy.map_or_else(String::new, |region| format!(", a copy in {region}"));
        Some(format!("{} days{copy}", backup.retention_days))
    }),
    ("connections", |own| {
        let connections = own.connections.as_ref()?;
        Some(format!("{}, {} an instance", connections.max, connections.pool_per_instance))
    }),
];

fn machines(service: &ServicePart) -> Option<String> {
    let offers = service.offers.iter().map(|offer| {
        let count: u32 = offer.per_zone.values().sum();
        format!("{count} × {}", offer.instance_type)
    });
    let offers: Vec<String> = offers.collect();
    (!offers.is_empty()).then(|| offers.join(" + "))
}

fn per_zone(service: &ServicePart) -> Option<String> {
    let counts: Vec<String> =
        service.replicas.as_ref()?.per_zone.values().map(u32::to_string).collect();
    (counts.len() > 1).then(|| counts.join(" + "))
}

/// What is paid for a term, needed or not.
fn promised(service: &ServicePart) -> Option<String> {
    let promises = service.offers.iter().filter_map(|offer| {
        let own = offer.committed?;
        let (count, term) = (own.instances, own.term.as_str());
        Some(format!("{count} × {} for {} months ({term})", offer.instance_type, own.months))
    });
    let promises: Vec<String> = promises.collect();
    (!promises.is_empty()).then(|| promises.join(" + "))
}

fn autoscaling(service: &ServicePart) -> Option<String> {
    let scaled = service.offers.iter().filter_map(|offer| offer.autoscaling.as_ref());
    let scaled: Vec<String> = scaled
        .map(|own| {
            let target = figures::percent(own.target_ppm as f64 / 1e6, 0);
            format!("{} to {} at {target}", own.min, own.max)
        })
        .collect();
    (!scaled.is_empty()).then(|| scaled.join(" + "))
}
