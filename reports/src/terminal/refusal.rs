//! Why there is no plan, and the nearest thing that works.

use domain::offer::Provider;
use domain::outcome::{Change, ConflictPart, Infeasible, Relaxation};
use domain::plan::Certainty;
use domain::verification::Status;

use super::Style;
use super::screen::{COLUMNS, Colour, Column, LINES, Screen, wrapped_table};
use crate::figures::dollars;
use crate::findings;
use crate::safe;

/// So many lines of details and of the conflict stand on the screen.
const MOST_DETAILS: usize = 6;
const MOST_PARTS: usize = 10;

/// Lines around the relaxations: headings, what does not help, what to do next, the footer.
const AROUND: usize = 10;

/// The verdict that there is no plan.
pub fn infeasible(infeasible: &Infeasible, style: Style) -> String {
    let mut screen = Screen::new(style);
    head(&mut screen, infeasible);
    details(&mut screen, infeasible, style);
    conflict(&mut screen, &infeasible.conflict, style);
    relaxations(&mut screen, infeasible, style);
    screen.blank();
    screen.line(&next(infeasible));
    screen.line(&footer(infeasible));
    screen.finish()
}

pub(super) fn head(screen: &mut Screen, infeasible: &Infeasible) {
    let how = match infeasible.certainty {
        Certainty::Estimated => " (by estimate)",
        Certainty::Certified | Certainty::Simulated => "",
    };
    let headline = format!("INFEASIBLE{how}  {}", infeasible.headline);
    screen.sentence(&headline, Colour::Red);
}

fn details(screen: &mut Screen, infeasible: &Infeasible, style: Style) {
    let details = infeasible.details.iter();
    let mut lines: Vec<String> = details
        .flat_map(|detail| safe::wrapped(&style.text(detail), COLUMNS - 2, style.cut()))
        .collect();
    if infeasible.certainty == Certainty::Estimated {
        let doubt =
            "this rests on an estimate of waiting times: it does not say that no plan can hold";
        lines.push(doubt.to_owned());
    }
    if lines.is_empty() {
        return;
    }
    screen.blank();
    if lines.len() > MOST_DETAILS {
        lines.truncate(MOST_DETAILS - 1);
        lines.push("--json has the rest".to_owned());
    }
    for line in &lines {
        screen.line(&format!("  {line}"));
    }
}

/// Rows on as many lines as they take, in at most so many; what is left out is counted.
fn listed(screen: &mut Screen, rows: &[Vec<String>], lines: usize) {
    let mut height = 0;
    for (place, row) in rows.iter().enumerate() {
        let last = usize::from(place + 1 < rows.len());
        if height + row.len() + last > lines {
            screen.line(&format!("    {} more: --json lists all", rows.len() - place));
            return;
        }
        for line in row {
            screen.line(&format!("    {line}"));
        }
        height += row.len();
    }
}

fn conflict(screen: &mut Screen, parts: &[ConflictPart], style: Style) {
    if parts.is_empty() {
        return;
    }
    screen.blank();
    screen.line(match parts.len() {
        1 => "  this cannot hold, whatever else is asked",
        _ => "  these cannot hold together, whatever else is asked (any fewer of them can)",
    });
    let rows: Vec<Vec<String>> = parts
        .iter()
        .map(|part| {
            let because = format!("→ {}", part.because);
            vec![part.name.clone(), part.stated.clone(), because]
        })
        .collect();
    let columns = [18, 28, 46].map(|most| Column { most, ends: false });
    listed(screen, &wrapped_table(&rows, &columns, style), MOST_PARTS);
}

fn relaxations(screen: &mut Screen, infeasible: &Infeasible, style: Style) {
    screen.blank();
    let relaxations = &infeasible.relaxations;
    if relaxations.is_empty() {
        screen.line("  nothing that was tried alone makes it possible");
    } else {
        let alone = relaxations.iter().all(|each| each.changes.len() == 1);
        let how = if alone { ", one change at a time" } else { "" };
        screen.line(&format!("  the nearest thing that works{how} (each solved and simulated)"));
        let rows: Vec<Vec<String>> = relaxations.iter().flat_map(rows).collect();
        let columns = [24, 20, 2, 24, 18].map(|most| Column { most, ends: false });
        let room = LINES.saturating_sub(screen.height() + AROUND);
        listed(screen, &wrapped_table(&rows, &columns, style), room);
    }
    let useless: Vec<String> = infeasible.relaxations.iter().filter_map(useless).collect();
    if !useless.is_empty() {
        let text = format!("certainly not enough: {}", useless.join(", "));
        for line in safe::wrapped(&style.text(&text), COLUMNS - 2, style.cut()).iter().take(4) {
            screen.line(&format!("  {line}"));
        }
    }
    if !infeasible.no_help.is_empty() {
        let text = format!("no help alone: {}", infeasible.no_help.join(", "));
        for line in safe::wrapped(&style.text(&text), COLUMNS - 2, style.cut()).iter().take(4) {
            screen.line(&format!("  {line}"));
        }
    }
}

/// The last value on the way to a relaxation that is certain not to help.
fn useless(relaxation: &Relaxation) -> Option<String> {
    let value = relaxation.useless.as_ref()?;
    Some(format!("{} {value}", relaxation.changes.first()?.name))
}

/// A row for each change; the price and a doubt about the plan stand on the first one.
fn rows(relaxation: &Relaxation) -> Vec<Vec<String>> {
    let doubt = match relaxation.status {
        Status::Verified => "",
        Status::Refuted => ", refuted",
        Status::Undecided => ", undecided",
    };
    let row = |(place, change): (usize, &Change)| {
        let name = match place {
            0 => change.name.clone(),
            _ => format!("and {}", change.name),
        };
        // A larger budget is the price itself.
        let price = match (place, change.name.as_str()) {
            (0, "budget") => doubt.trim_start_matches([',', ' ']).to_owned(),
            (0, _) => format!("{}{doubt}", dollars(relaxation.cost)),
            _ => String::new(),
        };
        vec![name, change.from.clone(), "→".into(), change.to.clone(), price]
    };
    relaxation.changes.iter().enumerate().map(row).collect()
}

/// The command that takes the nearest change, where it is one that has an option.
fn next(infeasible: &Infeasible) -> String {
    let nearest = infeasible.relaxations.first();
    let option = nearest.and_then(|nearest| match nearest.changes.as_slice() {
        [only] => option(only, nearest),
        _ => None,
    });
    match option {
        Some(option) => format!(" next: plimsoll plan … {option} · nothing was written"),
        None => " next: plimsoll plan … with one of these changes · nothing was written".into(),
    }
}

fn option(change: &Change, relaxation: &Relaxation) -> Option<String> {
    let to = change.to.trim();
    let is_word = !to.is_empty() && to.chars().all(|letter| letter.is_ascii_lowercase());
    match change.name.as_str() {
        "budget" => {
            // The option takes whole dollars, and less than the bill would be refused again.
            let whole = relaxation.cost.micros().unsigned_abs().div_ceil(1_000_000);
            Some(format!("--budget {whole}USD/month"))
        }
        "operations" if is_word => Some(format!("--set operations={to}")),
        _ => None,
    }
}

fn footer(infeasible: &Infeasible) -> String {
    let regions: u32 = infeasible.searched.iter().map(|(_, regions)| regions).sum();
    let providers: Vec<&str> = infeasible
        .searched
        .iter()
        .filter(|(_, regions)| *regions > 0)
        .map(|(provider, _)| Provider::as_str(*provider))
        .collect();
    let searched = match (providers.as_slice(), regions) {
        ([], _) => "no region searched".to_owned(),
        (_, 1) => format!("1 region of {} searched", findings::listed(&providers)),
        _ => format!("{regions} regions of {} searched", findings::listed(&providers)),
    };
    let provenance = &infeasible.provenance;
    format!(" {searched} · seed {} · prices {}", provenance.seed, provenance.catalog_as_of)
}
