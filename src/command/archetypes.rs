//! `plimsoll archetypes`: the defaults, each with where it comes from.

use std::fmt::Write as _;

use domain::catalog::DefaultValue;

use crate::failure::{Exit, Failure};
use crate::screen;

pub(super) fn run(name: Option<&str>) -> Result<Exit, Failure> {
    let catalog = catalogs::embedded();
    let wanted = |archetype: &&domain::catalog::Archetype| {
        name.is_none_or(|name| archetype.name.as_str() == name)
    };
    let archetypes: Vec<_> = catalog.archetypes.iter().filter(wanted).collect();
    if let (Some(name), true) = (name, archetypes.is_empty()) {
        let known: Vec<&str> =
            catalog.archetypes.iter().map(|archetype| archetype.name.as_str()).collect();
        return Err(Failure::Unknown {
            name: name.to_owned(),
            what: "an archetype",
            help: format!("there is: {}", known.join(", ")),
        });
    }
    let mut text = String::new();
    for archetype in archetypes {
        let _ = writeln!(text, "{}: {}\n", archetype.name, archetype.summary);
        table(&mut text, archetype.sources.iter());
        let _ = writeln!(text, "\nand of every system, unless the intent says otherwise\n");
    }
    table(&mut text, catalog.defaults.values.iter());
    screen::print(&text)?;
    Ok(Exit::Verified)
}

fn table<'d>(text: &mut String, values: impl Iterator<Item = (&'d String, &'d DefaultValue)>) {
    for (name, default) in values {
        let range = match (&default.low, &default.high) {
            (Some(low), Some(high)) => format!("{low} – {high}"),
            _ => String::new(),
        };
        let line = format!("  {name:42} {:>12}  {range:18}", default.value);
        let _ = writeln!(text, "{}", line.trim_end());
        for line in wrapped(&default.source) {
            let _ = writeln!(text, "      {line}");
        }
    }
}

/// A source in lines that fit on a screen of a hundred columns under its value.
fn wrapped(source: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in source.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= 90 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
