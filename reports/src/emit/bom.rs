//! The bill of materials: every resource with its type, count, place, tags, encryption and backup,
//! in one flat list, so that a policy engine need not know the form of a spec.

use std::collections::BTreeMap;

use domain::intent::ServiceKind;
use domain::name::Name;
use domain::offer::PurchaseTerm;
use domain::spec::{ApiVersion, EncryptionPart, OfferPart, ServicePart, Spec, Volume};
use schemars::JsonSchema;
use serde::Serialize;

use super::tags;

/// Where the published schema of version 1 is known by.
pub const BOM_SCHEMA_V1: &str = "https://plimsoll.dev/schemas/bom-v1.json";

/// Every resource of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BillOfMaterials {
    /// Where the schema is known by.
    #[serde(rename = "$schema")]
    pub schema: String,
    /// The version of this form.
    #[serde(rename = "apiVersion")]
    pub api_version: ApiVersion,
    /// `BillOfMaterials`.
    pub kind: &'static str,
    /// What the system is called.
    pub name: Name,
    /// The environment that it is for, where the spec says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// `sha256:` of the spec.
    pub spec_digest: String,
    /// The resources, in the order of the services.
    pub resources: Vec<Resource>,
    /// What is promised to the cloud; absent where nothing is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commitments: Vec<Commitment>,
}

/// Equal resources in one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// Unique within the bill: `app.instance.1.z1`.
    pub id: String,
    /// The service that it is for; absent for what belongs to none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<Name>,
    /// `instance`, `volume`, `database`, `cache`, `queue`, `balancer`, `cdn`, `network`, `subnet`
    /// or `nat_gateway`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// What it is by its provider's name; absent where the spec leaves it open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// The cloud.
    pub provider: String,
    /// The region; `global` for what stands in none.
    pub region: Name,
    /// The zone; null for what spans several or is placed by its provider.
    pub zone: Option<Name>,
    /// How many at the peak.
    pub count: u32,
    /// How many at most.
    pub count_max: u32,
    /// The tags that the module of its cloud puts on it, and the forecast of its bill has; on
    /// Google Cloud its labels.
    pub tags: BTreeMap<String, String>,
    /// How it is encrypted.
    pub encryption: Encryption,
    /// How it is backed up; null where it is not.
    pub backup: Option<BackedUp>,
    /// Whether the internet reaches it; null where that has no meaning.
    pub public: Option<bool>,
    /// The terms that it is bought on, over all zones; absent where that is on demand alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub purchase: Vec<&'static str>,
}

/// Instances that are paid for at all hours of a term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Commitment {
    /// The service that they are for.
    pub service: Name,
    /// What they are.
    pub product: String,
    /// For how long.
    pub term: &'static str,
    /// The same in months.
    pub months: u32,
    /// How many, over all zones.
    pub count: u32,
}

/// How something is encrypted; null where the spec does not say, which is not the same as no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Encryption {
    /// Where it is kept.
    pub at_rest: Option<bool>,
    /// On its way.
    pub in_transit: Option<bool>,
}

/// How something is backed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BackedUp {
    /// Kept for so many days.
    pub retention_days: u32,
    /// Whether any moment of those days can be gone back to.
    pub point_in_time: bool,
}

/// The bill of materials of a spec.
pub(super) fn bill(spec: &Spec) -> BillOfMaterials {
    // What is not ours is no resource.
    let own = spec.services.iter().filter(|own| own.kind != ServiceKind::External);
    let services = own.flat_map(|service| of_service(spec, service));
    BillOfMaterials {
        schema: BOM_SCHEMA_V1.to_owned(),
        api_version: ApiVersion::V1,
        kind: "BillOfMaterials",
        name: spec.metadata.name.clone(),
        environment: spec.metadata.environment_name().map(str::to_owned),
        spec_digest: spec.metadata.digest.clone(),
        resources: services.chain(of_network(spec)).collect(),
        commitments: spec.services.iter().flat_map(commitments).collect(),
    }
}

fn commitments(service: &ServicePart) -> Vec<Commitment> {
    let promised = service.offers.iter().filter_map(|offer| {
        let own = offer.committed?;
        Some(Commitment {
            service: service.name.clone(),
            product: offer.instance_type.clone(),
            term: own.term.as_str(),
            months: own.months,
            count: own.instances,
        })
    });
    promised.collect()
}

/// The terms of an offer; none where it is bought on demand alone.
fn terms(offer: &OfferPart) -> Vec<&'static str> {
    let Some(own) = offer.committed else { return Vec::new() };
    let rest = Some(offer.purchase).filter(|rest| *rest != own.term);
    [own.term].into_iter().chain(rest).map(PurchaseTerm::as_str).collect()
}

/// A resource of which there is one, with all that the spec says of every one.
fn plain(spec: &Spec, id: String, kind: &'static str) -> Resource {
    Resource {
        id,
        service: None,
        kind,
        product: None,
        provider: spec.placement.provider.as_str().to_owned(),
        region: spec.placement.region.clone(),
        zone: None,
        count: 1,
        count_max: 1,
        tags: tags::of(spec, None),
        encryption: Encryption::default(),
        backup: None,
        public: None,
        purchase: Vec::new(),
    }
}

fn of_service(spec: &Spec, service: &ServicePart) -> Vec<Resource> {
    let kind = match (service.kind, service.product.is_some()) {
        (ServiceKind::Balancer, true) => "balancer",
        (ServiceKind::Cache, true) => "cache",
        (ServiceKind::Sql, true) => "database",
        (ServiceKind::Queue, true) => "queue",
        _ => "instance",
    };
    let listens = service.listener.as_ref().map(|_| true);
    let of = |id: String, kind| Resource {
        service: Some(service.name.clone()),
        tags: tags::of(spec, Some(&service.name)),
        public: Some(service.listener.is_some()),
        ..plain(spec, id, kind)
    };
    let demanded = |said: fn(&EncryptionPart) -> bool| {
        service.encryption.as_ref().map(said).filter(|demanded| *demanded)
    };
    let encryption = Encryption {
        at_rest: service
            .volume
            .as_ref()
            .map(|volume| volume.encrypted)
            .or_else(|| demanded(|own| own.at_rest)),
        in_transit: listens.or_else(|| demanded(|own| own.in_transit)),
    };
    let backup = service.backup.as_ref().map(|backup| BackedUp {
        retention_days: backup.retention_days,
        point_in_time: backup.point_in_time,
    });
    if service.offers.is_empty() {
        let product = service.product.clone();
        let id = format!("{}.{kind}", service.name);
        return vec![Resource { product, encryption, backup, ..of(id, kind) }];
    }
    let mut resources = Vec::new();
    for (at, offer) in service.offers.iter().enumerate() {
        let zones = offer.per_zone.iter().filter(|(_, count)| **count > 0);
        for (zone, count) in zones {
            let id = format!("{}.{kind}.{}.{zone}", service.name, at + 1);
            let most = offer.autoscaling.as_ref().map_or(*count, |scaler| scaler.max);
            let here = Resource {
                product: Some(offer.instance_type.clone()),
                zone: Some(zone.clone()),
                count: *count,
                count_max: most.max(*count),
                encryption,
                backup,
                purchase: terms(offer),
                ..of(id, kind)
            };
            let volumes = [("root", &service.root_volume), ("data", &service.volume)];
            let volumes = volumes.into_iter().filter_map(|(name, volume)| {
                let id = format!("{}.volume.{name}.{}.{zone}", service.name, at + 1);
                Some(disk(volume.as_ref()?, &here, id))
            });
            let volumes: Vec<Resource> = volumes.collect();
            resources.push(here);
            resources.extend(volumes);
        }
    }
    resources
}

/// The volume of each of some instances.
fn disk(volume: &Volume, of: &Resource, id: String) -> Resource {
    Resource {
        id,
        kind: "volume",
        product: volume.product.clone(),
        encryption: Encryption { at_rest: Some(volume.encrypted), in_transit: None },
        public: None,
        purchase: Vec::new(),
        ..of.clone()
    }
}

fn of_network(spec: &Spec) -> Vec<Resource> {
    let mut resources = vec![plain(spec, "network".to_owned(), "network")];
    let public = |group: &Name| group.as_str() == "public";
    resources.extend(spec.network.subnets.iter().map(|subnet| Resource {
        zone: Some(subnet.zone.clone()),
        public: Some(public(&subnet.group)),
        ..plain(spec, format!("subnet.{}", subnet.name), "subnet")
    }));
    resources.extend(spec.network.cdn.as_ref().map(|cdn| Resource {
        product: Some(cdn.product.clone()),
        region: Name::of("global"),
        public: Some(true),
        encryption: Encryption { at_rest: None, in_transit: Some(true) },
        ..plain(spec, "cdn".to_owned(), "cdn")
    }));
    let gateways = spec.network.vpc.nat_gateways;
    if gateways > 0 {
        let gateway = plain(spec, "nat_gateway".to_owned(), "nat_gateway");
        resources.push(Resource { count: gateways, count_max: gateways, ..gateway });
    }
    resources
}
