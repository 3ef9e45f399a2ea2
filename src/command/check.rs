//! `plimsoll check`: a spec re-computed from itself and the catalog alone.

#![expect(clippy::disallowed_methods, reason = "the clock is looked at here, for the footer only")]

use std::path::Path;
use std::time::Instant;

use domain::spec::Spec;
use reports::checked::{Checked, Fault};
use reports::{spec, terminal};

use crate::arguments::CheckArguments;
use crate::audit::{Against, asked, audit};
use crate::failure::{Exit, Failure};
use crate::input;
use crate::screen;

pub(super) fn run(arguments: &CheckArguments) -> Result<Exit, Failure> {
    let started = Instant::now();
    let spec = input::spec(&arguments.spec)?;
    let checked = checked(&spec, arguments.catalog.as_deref())?;
    show(arguments, &checked, started)?;
    Ok(if checked.faults.is_empty() { Exit::Verified } else { Exit::Refuted })
}

/// Re-computes a spec, from the catalog of a folder or the embedded one.
pub(crate) fn checked(spec: &Spec, folder: Option<&Path>) -> Result<Checked, Failure> {
    let catalog = input::catalog(folder)?;
    let own = folder.is_some() || catalog.digest == spec.provenance.catalog.digest;
    let catalog = own.then_some(catalog);
    // A spec need not hold its intent, and may be held against other prices: then less is checked,
    // and that is said.
    let reading = catalog.as_ref().map(|catalog| asked(spec, catalog));
    let other = matches!(reading, Some(Err(Failure::OtherIntent)));
    let asked = reading.and_then(Result::ok);
    let against = Against { catalog: catalog.as_ref(), asked: asked.as_ref(), digests: true };
    let mut checked = audit(spec, &against)?;
    if other {
        checked.faults.push(Fault {
            place: "/provenance/intent_digest".to_owned(),
            text: Failure::OtherIntent.to_string(),
            stated: None,
            recomputed: None,
        });
    }
    Ok(checked)
}

fn show(arguments: &CheckArguments, checked: &Checked, started: Instant) -> Result<(), Failure> {
    let style = screen::style_of_stdout();
    let text = if arguments.json {
        spec::checked(checked)
    } else if arguments.quiet {
        terminal::checked_line(checked, style)
    } else {
        let elapsed = format!("{:.2} s", started.elapsed().as_secs_f64());
        terminal::checked(checked, style, Some(&elapsed))
    };
    screen::print(&text)
}
