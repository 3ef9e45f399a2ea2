//! Names under `assume:` that decide nothing: why, and how the same is said.

use domain::ledger::{Ledger, Origin};

use super::CharacteriseError;

/// What people set by a name that follows from other entries, and how they say it instead.
const INSTEAD: &[(&str, &str)] = &[
    ("demand.peak", "say --set objectives.load.requests_per_second=500/s, without growth"),
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

/// The entries that end alike: `services.db.writes` for `sql.writes`.
fn suggestion(name: &str, ledger: &Ledger) -> String {
    let field = name.rsplit('.').next().unwrap_or_default();
    let alike = |entry: &str| entry.rsplit('.').next() == Some(field);
    let names: Vec<String> = ledger
        .entries()
        .map(|entry| entry.name.as_str())
        .filter(|entry| alike(entry))
        .take(3)
        .map(|entry| format!("`{entry}`"))
        .collect();
    match names.as_slice() {
        [] => "the spec and the report list every assumption by its name".to_owned(),
        names => format!("did you mean {}?", names.join(" or ")),
    }
}
