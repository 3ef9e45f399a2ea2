//! Clauses in words, as reports and messages write them.

use super::{Clause, Rule};
use crate::units::{MicroDollars, span};

impl Clause {
    /// What it says: "uptime >= 99.95%", "deny family t*, e2".
    pub fn text(&self) -> String {
        match self {
            Self::Uptime(least) => format!("uptime >= {least}"),
            Self::Latency(percentile, most) => format!("latency.{percentile} <= {}", span(*most)),
            Self::Rpo(most) => format!("recovery.rpo <= {}", span(*most)),
            Self::Rto(most) => format!("recovery.rto <= {}", span(*most)),
            Self::HeadroomLoad(least) => format!("headroom.load >= {least}"),
            Self::InstancesDown(least) => format!("headroom.instances_down >= {least}"),
            Self::Expected(most) => format!("cost.expected {}", money(*most)),
            Self::Ceiling(most) => format!("cost.ceiling {}", money(*most)),
            Self::Zones(least) => format!("zones >= {least}"),
            Self::ReplicasLeast(least) => format!("replicas >= {least}"),
            Self::ReplicasMost(most) => format!("replicas <= {most}"),
            Self::Standby => "database.standby".to_owned(),
            Self::ZoneLoss => "survives_zone_loss".to_owned(),
            Self::Utilisation(most) => format!("utilisation <= {most}"),
            Self::Hours(hours) => format!("hours {hours}"),
            Self::PriceAge(days) => format!("price.age <= {days}d"),
            Self::Labels(labels) => format!("labels {}", listed(labels)),
            Self::RegionIn(areas) => format!("region.in {}", listed(areas)),
            Self::BackupIn(areas) => format!("backup.region.in {}", listed(areas)),
            Self::PrivateSubnets => "subnets private".to_owned(),
            Self::DatabasePrivate => "database.public false".to_owned(),
            Self::Ingress(ports) => format!("ingress {}", listed(ports)),
            Self::EncryptedAtRest => "encryption.at_rest".to_owned(),
            Self::EncryptedInTransit => "encryption.in_transit".to_owned(),
            Self::BackupDays(days) => format!("backup.retention >= {days}d"),
            Self::BackupCopy => "backup.copy another_region".to_owned(),
            Self::Allow(subject, names) => {
                format!("allow {} {}", subject.as_str(), names.join(", "))
            }
            Self::Deny(subject, names) => {
                format!("deny {} {}", subject.as_str(), names.join(", "))
            }
        }
    }
}

impl Rule {
    /// All that it says, in one line.
    pub fn text(&self) -> String {
        let clauses: Vec<String> = self.clauses.iter().map(Clause::text).collect();
        let of = match self.stateful {
            Some(true) => " of services with data",
            Some(false) => " of services without data",
            None => "",
        };
        let class = match self.holds {
            Some(class) => format!(" where {} data is held", class.as_str()),
            None => String::new(),
        };
        format!("{}{of}{class}", clauses.join("; "))
    }
}

/// "IE, DE".
fn listed<T: ToString>(items: &[T]) -> String {
    let items: Vec<String> = items.iter().map(ToString::to_string).collect();
    items.join(", ")
}

fn money(most: MicroDollars) -> String {
    format!("<= {}", amount(most))
}

/// "20000 USD/month", with what is left of a dollar where something is.
pub(super) fn amount(amount: MicroDollars) -> String {
    let micros = amount.micros();
    let (dollars, rest) = (micros / 1_000_000, micros % 1_000_000);
    if rest == 0 {
        format!("{dollars} USD/month")
    } else {
        let rest = format!("{rest:06}");
        // Cents have two digits, and what is left of one has no more than it needs.
        let (cents, left) = rest.split_at(2);
        format!("{dollars}.{cents}{} USD/month", left.trim_end_matches('0'))
    }
}
