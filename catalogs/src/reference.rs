//! What a plan rests on beside prices: agreements, boot times, defaults and archetypes.

use std::collections::BTreeMap;

use domain::catalog::{Archetype, BootTime, DefaultValue, Defaults, Sla};
use domain::offer::Provider;
use domain::units::{Probability, Ratio, Reading as _, Seconds};

use crate::cells::Cells;
use crate::fault::FaultKind;
use crate::place::Place;
use crate::table::{Files, Reading};

const SLAS: [&str; 6] = ["provider", "service", "scope", "share", "as_of", "source"];

const BOOT_TIMES: [&str; 5] = ["provider", "p50", "p90", "as_of", "source"];

const DEFAULTS: [&str; 5] = ["name", "value", "low", "high", "source"];

const ARCHETYPES: [&str; 2] = ["name", "summary"];

const ARCHETYPE: [&str; 5] = ["path", "value", "low", "high", "source"];

/// Reads `slas.csv`.
pub(crate) fn slas(reading: &mut Reading, files: &Files<'_>) -> Vec<Sla> {
    let mut slas = Vec::new();
    let mut last = None;
    reading.required(files, "slas.csv", &SLAS, |cells| {
        let provider = cells.provider();
        let service = cells.text().map(str::to_owned);
        let scope = cells.text().map(str::to_owned);
        let share = cells.quantity(|cell| Ratio::read(cell).map_err(|fault| fault.to_string()));
        cells.date();
        let source = cells.text().map(str::to_owned);
        if let (Some(provider), Some(service), Some(scope)) = (provider, &service, &scope) {
            let key = [provider.to_string(), service.clone(), scope.clone()];
            cells.follows(&mut last, key, false);
        }
        slas.extend((|| {
            Some(Sla {
                provider: provider?,
                service: service?,
                scope: scope?,
                share: Probability::of(share?.value()),
                source: source?,
            })
        })());
    });
    slas
}

/// Reads `boot_times.csv`.
pub(crate) fn boot_times(reading: &mut Reading, files: &Files<'_>) -> BTreeMap<Provider, BootTime> {
    let mut times = BTreeMap::new();
    let mut last = None;
    reading.required(files, "boot_times.csv", &BOOT_TIMES, |cells| {
        let provider = cells.provider();
        let p50 = cells.quantity(|cell| Seconds::read(cell).map_err(|fault| fault.to_string()));
        let p90 = cells.quantity(|cell| Seconds::read(cell).map_err(|fault| fault.to_string()));
        if p50.zip(p90).is_some_and(|(p50, p90)| p50 > p90) {
            let what = "the boot time";
            cells.add_fault(FaultKind::Range { what });
        }
        cells.date();
        cells.sources();
        let Some(provider) = provider else { return };
        cells.follows(&mut last, [provider.to_string()], false);
        if let Some((p50, p90)) = p50.zip(p90) {
            times.insert(provider, BootTime { p50, p90 });
        }
    });
    times
}

/// Reads `defaults.csv`.
pub(crate) fn defaults(reading: &mut Reading, files: &Files<'_>) -> Defaults {
    let mut values = BTreeMap::new();
    reading.required(files, "defaults.csv", &DEFAULTS, sourced(&mut values));
    Defaults { values }
}

/// Reads `archetypes.csv` and the two files of each archetype. Whether a document is an intent is
/// for the reader of intents to find.
pub(crate) fn archetypes(reading: &mut Reading, files: &Files<'_>) -> Vec<Archetype> {
    let mut archetypes = Vec::new();
    let mut last = None;
    reading.required(files, "archetypes.csv", &ARCHETYPES, |cells| {
        let name = cells.name();
        let summary = cells.text();
        let Some((name, summary)) = name.zip(summary) else {
            return;
        };
        cells.follows(&mut last, [name.to_string()], false);
        archetypes.push(Archetype {
            name,
            summary: summary.to_owned(),
            document: String::new(),
            sources: BTreeMap::new(),
        });
    });
    for archetype in &mut archetypes {
        let file = format!("archetypes/{}.yaml", archetype.name);
        match files.get(file.as_str()) {
            Some(document) => (*document).clone_into(&mut archetype.document),
            None => reading.faults.add(|| Place::file(&file), FaultKind::MissingFile),
        }
        let file = format!("archetypes/{}.csv", archetype.name);
        let sources = sourced(&mut archetype.sources);
        reading.required(files, &file, &ARCHETYPE, sources);
    }
    archetypes
}

/// Reads rows of a name, a value with its low and high end, and where they come from.
fn sourced(values: &mut BTreeMap<String, DefaultValue>) -> impl FnMut(&mut Cells<'_>) + use<'_> {
    let mut last = None;
    move |cells| {
        let name = cells.text();
        let value = cells.text();
        let low = cells.optional().map(str::to_owned);
        let high = cells.optional().map(str::to_owned);
        let source = cells.text();
        let (Some(name), Some(value), Some(source)) = (name, value, source) else {
            return;
        };
        cells.follows(&mut last, [name.to_owned()], false);
        let value = DefaultValue { value: value.to_owned(), low, high, source: source.to_owned() };
        values.insert(name.to_owned(), value);
    }
}
