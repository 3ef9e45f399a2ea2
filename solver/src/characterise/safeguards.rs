//! What is demanded for the data of each service, by the intent and by rules: of several demands
//! the strictest holds.

use domain::demand::ServiceDemand;
use domain::intent::{Intent, ServiceKind};
use domain::objective::Recovery;
use domain::policy::Clause;
use domain::safeguard::Safeguard;
use domain::units::{Ratio, Seconds};

use super::book::Book;

/// What a database without a standby gives.
const RECOVERY: [&str; 3] =
    ["recovery.log_interval", "recovery.restore.start", "recovery.restore.per_gib"];
/// The share of a database that its backup of a day adds.
const CHANGE: &str = "backup.daily_change";

/// One for each service; none at all where nothing is demanded. What is assumed of recovery and of
/// backups is written down where it is asked about only.
pub(super) fn safeguards(
    intent: &Intent,
    services: &[ServiceDemand],
    book: &mut Book<'_>,
) -> Vec<Safeguard> {
    let all: Vec<Safeguard> = services.iter().map(|service| of(intent, service)).collect();
    let recovers = all.iter().any(|own| !own.recovery.is_empty());
    if recovers || RECOVERY.iter().any(|name| book.is_overridden(name)) {
        for name in RECOVERY {
            book.default::<Seconds>(name);
        }
    }
    if all.iter().any(Safeguard::is_backed_up) || book.is_overridden(CHANGE) {
        book.default::<Ratio>(CHANGE);
    }
    let nothing = Safeguard::default();
    if all.iter().all(|own| *own == nothing) { Vec::new() } else { all }
}

fn of(intent: &Intent, service: &ServiceDemand) -> Safeguard {
    let mut safeguard = Safeguard::default();
    if service.kind == ServiceKind::External {
        return safeguard;
    }
    let database = service.kind == ServiceKind::Sql;
    if database {
        safeguard.recovery = intent.objectives.recovery;
    }
    let stateful = matches!(service.kind, ServiceKind::Cache | ServiceKind::Sql);
    for (at, rule) in intent.policy.acting(intent) {
        if intent.policy.reach(at, intent).has(&service.name, stateful) {
            for clause in &rule.clauses {
                demand(&mut safeguard, clause, database);
            }
        }
    }
    safeguard
}

fn demand(safeguard: &mut Safeguard, clause: &Clause, database: bool) {
    let recovery = &mut safeguard.recovery;
    match clause {
        Clause::EncryptedAtRest => safeguard.at_rest = true,
        Clause::EncryptedInTransit => safeguard.in_transit = true,
        Clause::Rpo(most) if database => {
            *recovery = recovery.and(Recovery { rpo: Some(*most), rto: None });
        }
        Clause::Rto(most) if database => {
            *recovery = recovery.and(Recovery { rpo: None, rto: Some(*most) });
        }
        Clause::BackupDays(days) if database => {
            safeguard.backup_days = safeguard.backup_days.max(Some(*days));
        }
        Clause::BackupCopy if database => safeguard.backup_copy = true,
        _ => {}
    }
}
