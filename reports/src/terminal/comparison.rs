//! The best plan of each provider and region: what answers the intent, then the best of each
//! provider with what it is made of, then every region.

use domain::comparison::{Comparison, DataRuns, Evidence, Placed, Row};
use domain::units::Seconds;
use domain::verification::Status;

use super::Style;
use super::screen::{COLUMNS, Colour, Column, LINES, Screen, table};
use crate::composition;
use crate::differences;
use crate::figures::{self, UNKNOWN, beyond, counted, dollars, whole_dollars};
use crate::findings;
use crate::safe;

/// Lines of the screen that are kept for what stands below the regions.
const BELOW: usize = 4;

/// Lines that the machines of one plan take at most.
const MACHINES: usize = 2;

/// Everything side by side.
pub fn comparison(comparison: &Comparison, style: Style, elapsed: Option<&str>) -> String {
    let mut screen = Screen::new(style);
    head(&mut screen, comparison);
    screen.blank();
    providers(&mut screen, comparison, style);
    screen.blank();
    regions(&mut screen, comparison, style);
    screen.blank();
    let next = comparison.cheapest().map_or("REGION", |(row, _)| row.region.as_str());
    screen.line(&format!(
        " next: plimsoll plan … --set \"run_on.regions=[{next}]\" (that plan) · … --compare --json"
    ));
    let simulated = |row: &&Row| {
        row.placed().is_some_and(|placed| matches!(placed.evidence, Evidence::Simulated(_)))
    };
    let simulated = comparison.rows.iter().filter(simulated).count();
    let (seed, as_of) = (comparison.provenance.seed, comparison.provenance.catalog_as_of);
    let time = elapsed.map_or_else(String::new, |elapsed| format!(" · {elapsed}"));
    screen.line(&format!(
        " {} solved, {simulated} simulated · seed {seed} · prices {as_of}{time}",
        counted(comparison.rows.len(), "region")
    ));
    screen.finish()
}

/// The first line alone.
pub fn comparison_line(comparison: &Comparison, style: Style) -> String {
    let mut screen = Screen::unbounded(Style { colour: false, ..style });
    verdict(&mut screen, comparison);
    screen.finish()
}

fn head(screen: &mut Screen, comparison: &Comparison) {
    verdict(screen, comparison);
    // What an intent does not ask for may be cheaper, and is told beside.
    let answer = comparison.answered().map(|(_, placed)| placed.cost());
    if let Some((row, placed)) = comparison.cheapest()
        && answer.is_none_or(|answer| placed.cost() < answer)
    {
        let less = answer
            .map_or_else(String::new, |answer| format!(" ({})", beyond(placed.cost(), answer)));
        let place = format!("{} {}", row.provider, row.region);
        let how = "with databases and caches run on instances";
        screen.line(&format!("    {how}: {} a month on {place}{less}", dollars(placed.cost())));
    }
}

/// `VERIFIED  $7,304 a month  on aws us-east-1, 2 zones · cheapest of 5 regions with managed data`
fn verdict(screen: &mut Screen, comparison: &Comparison) {
    let self_run = comparison.demand.rules.self_run_data;
    let data = if self_run { "" } else { " with managed data" };
    let Some((_, placed)) = comparison.answered() else {
        let line = format!("INFEASIBLE  no region{data} carries what is asked for");
        screen.sentence(&line, Colour::Red);
        return;
    };
    let (status, colour) = match placed.evidence.status() {
        Some(Status::Verified) => ("VERIFIED", Colour::Green),
        Some(Status::Undecided | Status::Refuted) | None => ("UNDECIDED", Colour::Yellow),
    };
    let fits =
        |row: &&Row| row.placed().is_some_and(|placed| self_run || !placed.data.runs_itself());
    let among = counted(comparison.rows.iter().filter(fits).count(), "region");
    let any_data = !matches!(placed.data, DataRuns::None);
    let data = if any_data { data } else { "" };
    let line = format!(
        "{status}  {} a month  on {} · cheapest of {among}{data}",
        dollars(placed.cost()),
        composition::place(&placed.plan.topology)
    );
    screen.sentence(&line, colour);
}

/// The best of each provider, with what it is made of.
fn providers(screen: &mut Screen, comparison: &Comparison, style: Style) {
    let objectives = &comparison.demand.objectives;
    let latency = match objectives.latency.as_slice() {
        [] => "latency".to_owned(),
        [only] if only.class.is_none() => format!("latency {}", only.percentile),
        _ => "tightest latency".to_owned(),
    };

    let heading = ["best of each provider", "$/month", "peak", "ceiling"].map(str::to_owned);
    let heading =
        heading.into_iter().chain(["uptime".to_owned(), latency, "difference".to_owned()]);
    let mut rows = vec![heading.collect::<Vec<_>>()];
    let best: Vec<&Row> = comparison.best().collect();
    for row in &best {
        rows.push(match row.placed() {
            None => vec![format!("{}", row.provider), UNKNOWN.into()],
            Some(placed) => {
                let totals = placed.plan.bill.totals();
                let uptime = figures::availability(placed.unavailability().value());
                vec![
                    composition::place(&placed.plan.topology),
                    whole_dollars(totals.expected),
                    whole_dollars(totals.peak_fleet),
                    whole_dollars(totals.ceiling),
                    uptime,
                    tightest(comparison, placed).unwrap_or(UNKNOWN.into()),
                    margin(comparison, placed),
                ]
            }
        });
    }
    let columns = [(34, false), (9, true), (9, true), (9, true), (9, true), (20, true), (10, true)];
    let columns = columns.map(|(most, ends)| Column { most, ends });
    let lines = table(&rows, &columns, style);
    screen.line(&format!("  {}", lines[0]));
    for (row, line) in best.iter().zip(&lines[1..]) {
        screen.line(&format!("  {line}"));
        let beneath = match &row.found {
            Err(_) => "no plan in any of its regions".to_owned(),
            Ok(placed) => machines(comparison, placed),
        };
        let wrapped = safe::wrapped(&style.text(&beneath), COLUMNS - 4, style.cut());
        for line in wrapped.iter().take(MACHINES) {
            screen.line(&format!("    {line}"));
        }
    }
}

/// `app 19 × c7g.large, cache 2 × cache.r6g.large; data managed`
fn machines(comparison: &Comparison, placed: &Placed) -> String {
    let whole = differences::whole(&comparison.demand, &placed.plan.topology).join(", ");
    let data = match placed.data {
        DataRuns::None => String::new(),
        DataRuns::Managed => "; data managed".to_owned(),
        DataRuns::SelfRun => "; data self-run".to_owned(),
        DataRuns::Mixed => "; data partly self-run".to_owned(),
    };
    let sure = match placed.evidence.status() {
        Some(Status::Verified) => "",
        // The best of a provider was simulated in any case.
        Some(Status::Undecided | Status::Refuted) | None => "; undecided",
    };
    format!("{whole}{data}{sure}")
}

/// The latency that comes nearest to its limit: `53 of 400 ms`.
fn tightest(comparison: &Comparison, placed: &Placed) -> Option<String> {
    let objectives = &comparison.demand.objectives.latency;
    let found = objectives.iter().filter_map(|objective| {
        let found = placed.latency(&objective.id())?;
        Some((found.value() / objective.limit.value(), found, objective))
    });
    let (_, found, objective) = found.max_by(|one, other| one.0.total_cmp(&other.0))?;
    let of = |time: Seconds| figures::time(time.value());
    let (found, limit) = (of(found), of(objective.limit));
    let unit = limit.rsplit_once(' ').map_or("", |(_, unit)| unit);
    let found = found.strip_suffix(unit).map_or(found.as_str(), str::trim_end);
    Some(format!("{found} of {limit}"))
}

/// What a plan costs more than the cheapest of all.
fn margin(comparison: &Comparison, placed: &Placed) -> String {
    let Some((_, cheapest)) = comparison.cheapest() else { return UNKNOWN.to_owned() };
    let margin = placed.cost() - cheapest.cost();
    if margin.micros() == 0 {
        "cheapest".to_owned()
    } else {
        beyond(placed.cost(), cheapest.cost())
    }
}

/// Every region: those with a plan in a table, the others with what is in the way.
fn regions(screen: &mut Screen, comparison: &Comparison, style: Style) {
    let heading =
        ["every region", "zones", "data", "$/month", "peak", "ceiling", "difference", "verdict"];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    let mut nowhere: Vec<(&str, Vec<String>)> = Vec::new();
    for row in &comparison.rows {
        let place = format!("{} {}", row.provider, row.region);
        match &row.found {
            Err(reason) => match nowhere.iter_mut().find(|(known, _)| *known == reason.as_str()) {
                Some((_, places)) => places.push(place),
                None => nowhere.push((reason.as_str(), vec![place])),
            },
            Ok(placed) => {
                let totals = placed.plan.bill.totals();
                let bills = [totals.expected, totals.peak_fleet, totals.ceiling];
                let cells = [place, placed.plan.topology.zones.to_string(), data(placed)];
                let cells = cells.into_iter().chain(bills.map(whole_dollars));
                rows.push(cells.chain([margin(comparison, placed), sure(placed)]).collect());
            }
        }
    }
    let columns = [
        (26, false),
        (5, true),
        (8, false),
        (9, true),
        (9, true),
        (9, true),
        (10, true),
        (22, false),
    ];
    let columns = columns.map(|(most, ends)| Column { most, ends });
    let lines = table(&rows, &columns, style);
    let beneath: Vec<String> = nowhere
        .iter()
        .map(|(reason, places)| format!("no plan in {}: {reason}", places.join(", ")))
        .flat_map(|line| safe::wrapped(&style.text(&line), COLUMNS - 2, style.cut()))
        .collect();
    let room = LINES.saturating_sub(screen.height() + BELOW + beneath.len());
    let shown = if lines.len() <= room { lines.len() } else { room.saturating_sub(1).max(1) };
    for line in lines.iter().take(shown).chain(&beneath) {
        screen.line(&format!("  {line}"));
    }
    if shown < lines.len() {
        screen.line(&format!("    {} more: --json lists all", lines.len() - shown));
    }
}

fn data(placed: &Placed) -> String {
    match placed.data {
        DataRuns::None => UNKNOWN.to_owned(),
        some => some.as_str().to_owned(),
    }
}

/// How sure it is that a plan holds.
fn sure(placed: &Placed) -> String {
    match &placed.evidence {
        Evidence::SameAs(region, _) => format!("as {region}"),
        Evidence::Estimated => "estimated".to_owned(),
        Evidence::Simulated(found) => findings::status(found.status).to_lowercase(),
    }
}
