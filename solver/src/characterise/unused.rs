//! Names under `assume:` that decide nothing: why, and how the same is said.

use domain::intent::nearest;
use domain::ledger::{Ledger, Origin};

use super::CharacteriseError;

/// What people set by a name that follows from other entries, and how they say it instead.
const INSTEAD: &[(&str, &str)] = &[
    ("demand.peak", "say --set objectives.load.requests_per_second=500/s, without growth"),
    ("demand.offered", "say --set objectives.load.requests_per_second=500/s, without growth"),
    ("demand.stated_rate", "say --set objectives.load.requests_per_second=500/s"),
    ("demand.users", "say --set objectives.load.users=10k"),
    ("demand.peak_to_mean", "say --set traffic.shape.diurnal.peak_to_mean=3"),
    ("headroom.instances_down", "say --set objectives.headroom.instances_down=1"),
    ("operations", "say --set operations=advanced"),
];

/// The fault of an override that no part of the demand took.
pub(super) fn fault(name: &str, place: &str, ledger: &Ledger) -> CharacteriseError {
    let (name, place) = (name.to_owned(), place.to_owned());
    let instead = INSTEAD.iter().find(|(known, _)| *known == name).map(|(_, help)| *help);
    let Some(entry) = ledger.find(&name) else {
        let help = instead.map_or_else(|| suggestion(&name, ledger), str::to_owned);
        return CharacteriseError::UnknownAssumption { name, place, help };
    };
    let why = match entry.origin {
        Origin::Derived => format!("it follows from others ({})", entry.source),
        Origin::Catalog => "it is a row of the catalog".to_owned(),
        Origin::User | Origin::Default => "the document states it".to_owned(),
    };
    let help = match (instead, entry.origin) {
        (Some(instead), _) => instead.to_owned(),
        (None, Origin::Derived) => "set what it follows from".to_owned(),
        (None, _) => format!("say --set {name}=..., or change it in the document"),
    };
    CharacteriseError::NotSettable { name, place, why, help }
}

/// Names that are named as known, where none is near.
const NAMED: usize = 8;

/// The entry that a slip away was meant, those that end alike (`services.db.writes` for
/// `sql.writes`), or else what is known in the same part of the ledger.
fn suggestion(name: &str, ledger: &Ledger) -> String {
    let quoted = |names: &[&str]| -> Vec<String> {
        names.iter().map(|entry| format!("`{entry}`")).collect()
    };
    let entries: Vec<&str> = ledger.entries().map(|entry| entry.name.as_str()).collect();
    if let Some(near) = nearest(name, entries.iter().copied()) {
        return format!("did you mean `{near}`?");
    }
    let field = name.rsplit('.').next().unwrap_or_default();
    let alike = |entry: &&&str| entry.rsplit('.').next() == Some(field);
    let alike: Vec<&str> = entries.iter().filter(alike).copied().take(3).collect();
    if !alike.is_empty() {
        return format!("did you mean {}?", quoted(&alike).join(" or "));
    }
    let part = name.split('.').next().unwrap_or_default();
    let beside = entries.iter().filter(|entry| entry.split('.').next() == Some(part));
    let beside: Vec<&str> = beside.copied().collect();
    let all = "the spec and the report list every assumption by its name";
    match beside.split_at(beside.len().min(NAMED)) {
        ([], _) => all.to_owned(),
        (named, []) => format!("known are {}", quoted(named).join(", ")),
        (named, more) => {
            format!("known are {} and {} more; {all}", quoted(named).join(", "), more.len())
        }
    }
}
