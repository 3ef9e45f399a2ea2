//! What the cloud calls what a line of the bill buys, in the words of FOCUS 1.2.
//!
//! FOCUS wants each `ServiceName` to be an offering of the provider with one category and one
//! subcategory (ServiceName-C-005 and -008), and units in its own spelling (its attribute "Unit
//! Format").

use domain::intent::ServiceKind;
use domain::offer::Provider;
use domain::plan::CostCategory;
use domain::spec::{Line, Spec};

/// An offering of a cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Offering {
    /// As the cloud calls it.
    pub(super) name: &'static str,
    /// The category of FOCUS.
    pub(super) category: &'static str,
    /// Its part of that.
    pub(super) subcategory: &'static str,
}

/// The names of AWS, of Azure and of Google Cloud.
type Names = [&'static str; 3];

const MACHINES: Names =
    ["Amazon Elastic Compute Cloud", "Azure Virtual Machines", "Google Compute Engine"];
const DISKS: Names =
    ["Amazon Elastic Block Store", "Azure Disk Storage", "Google Cloud Persistent Disk"];
const BACKUPS: Names =
    ["AWS backup storage", "Azure backup storage", "Google Cloud backup storage"];
const DATABASES: Names =
    ["Amazon Relational Database Service", "Azure Database", "Google Cloud SQL"];
const CACHES: Names = ["Amazon ElastiCache", "Azure Cache for Redis", "Google Cloud Memorystore"];
const BALANCERS: Names =
    ["Elastic Load Balancing", "Azure Load Balancing", "Google Cloud Load Balancing"];
const QUEUES: Names = ["Amazon Simple Queue Service", "Azure Service Bus", "Google Cloud Pub/Sub"];
const NEAR_USERS: Names = ["Amazon CloudFront", "Azure Front Door", "Google Cloud CDN"];
const TRAFFIC: Names = ["AWS Data Transfer", "Azure Bandwidth", "Google Cloud data transfer"];

/// What a line buys.
pub(super) fn offering(spec: &Spec, line: &Line) -> Offering {
    let service = spec.services.iter().find(|own| own.name.as_str() == line.service);
    let kind = service.map(|own| own.kind);
    let category = line.service_category.as_str();
    let (names, category, subcategory) = match line.service_category {
        CostCategory::Compute => (MACHINES, category, "Virtual Machines"),
        CostCategory::Storage if is_backup(line) => (BACKUPS, category, "Backup Storage"),
        CostCategory::Storage => (DISKS, category, "Block Storage"),
        CostCategory::Databases if kind == Some(ServiceKind::Cache) => {
            (CACHES, category, "Caching")
        }
        CostCategory::Databases => (DATABASES, category, "Relational Databases"),
        CostCategory::Networking if line.unit == "gb" && !is_near_users(line) => {
            (TRAFFIC, category, "Network Connectivity")
        }
        CostCategory::Networking => match kind {
            Some(ServiceKind::Balancer) => (BALANCERS, category, "Application Networking"),
            // The bill puts what is sent beside the network; FOCUS has a category for it.
            Some(ServiceKind::Queue) => (QUEUES, "Integration", "Messaging"),
            _ => (NEAR_USERS, category, "Content Delivery"),
        },
    };
    let at = match spec.placement.provider {
        Provider::Aws => 0,
        Provider::Azure => 1,
        Provider::Google => 2,
    };
    Offering { name: names[at], category, subcategory }
}

fn is_backup(line: &Line) -> bool {
    line.id.contains(".backup")
}

fn is_near_users(line: &Line) -> bool {
    line.id.starts_with("traffic.cdn")
}

/// A unit of the bill as FOCUS spells it.
pub(super) fn unit(own: &str) -> &str {
    match own {
        "hour" => "Hours",
        "unit_hour" => "Capacity Unit-Hours",
        "gib_month" => "GiB-Months",
        "gb" => "GB",
        "ten_thousand_requests" => "10000 Requests",
        "million_requests" => "1000000 Requests",
        other => other,
    }
}
