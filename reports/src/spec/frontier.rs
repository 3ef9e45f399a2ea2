//! A frontier as one JSON document and as CSV.

use domain::design::{Design, Found};
use domain::frontier::{Frontier, Growth, Point, Series, Slack};
use domain::spec::ApiVersion;
use domain::study::{
    AskPart, DesignPart, FrontierDocument, FrontierKind, GrowthPart, MonthPart, PointPart,
    SeriesPart, SlackPart, TighterPart,
};

use super::measure::{micros, ratio};
use super::{design, intent, sha256};

/// A frontier as a document that can be read back.
pub fn frontier(frontier: &Frontier) -> FrontierDocument {
    let mut document = FrontierDocument {
        api_version: ApiVersion::V1,
        kind: FrontierKind::Frontier,
        digest: String::new(),
        provenance: intent::provenance(&frontier.provenance, None, None),
        reading: frontier.demand.load.reading.clone(),
        designs: frontier.designs() as u64,
        series: frontier.series.iter().map(|own| series(frontier, own)).collect(),
        latency_slack: frontier.slack.iter().map(slack).collect(),
        growth: frontier.growth.as_ref().map(|own| growth(frontier, own)),
    };
    document.digest = sha256(&frontier_text(&document));
    document
}

/// Its only form as bytes.
pub fn frontier_text(document: &FrontierDocument) -> String {
    design::text(document)
}

/// The JSON Schema of such documents.
pub fn frontier_schema() -> String {
    design::schema::<FrontierDocument>("frontier")
}

fn series(frontier: &Frontier, series: &Series) -> SeriesPart {
    let points =
        series.points.iter().zip(stepped(frontier, series.points.iter().map(|point| &point.found)));
    let points = points.map(|(point, (design, unreachable))| PointPart {
        ask: design::ask(point.ask),
        asked: point.asked,
        standing: point.standing,
        design,
        unreachable,
    });
    SeriesPart { outcome: series.name.clone(), points: points.collect() }
}

fn growth(frontier: &Frontier, growth: &Growth) -> GrowthPart {
    let months = growth.months.iter();
    let months = months.clone().zip(stepped(frontier, months.map(|month| &month.found)));
    let months = months.map(|(month, (design, unreachable))| MonthPart {
        month: month.month,
        ask: design::ask(month.load),
        design,
        unreachable,
    });
    GrowthPart {
        monthly_ppm: ratio(growth.monthly),
        months: months.collect(),
        carried_to: growth.carried_to,
    }
}

/// What came of each value in turn: its design beside the last one before it, or why there is none.
fn stepped<'a>(
    frontier: &Frontier,
    found: impl Iterator<Item = &'a Found>,
) -> Vec<(Option<DesignPart>, Option<String>)> {
    let mut before: Option<&Design> = None;
    let each = found.map(|found| {
        let parts = design::parted(found, |own| match before {
            Some(before) => design::compared(&frontier.demand, before, own),
            None => design::whole(&frontier.demand, own),
        });
        before = found.design().or(before);
        parts
    });
    each.collect()
}

fn slack(slack: &Slack) -> SlackPart {
    let tighter = slack.tighter.iter().map(|(limit, found)| {
        let (design, unreachable) = design::parted(found, design::design);
        TighterPart { limit_us: micros(*limit), design, unreachable }
    });
    SlackPart {
        outcome: slack.name.clone(),
        asked_us: micros(slack.asked),
        monthly_micros: slack.cost,
        free_to_us: slack.free_to.map(micros),
        tighter: tighter.collect(),
    }
}

/// A frontier as CSV: a row for each point, amounts in dollars with all their digits.
pub fn frontier_csv(frontier: &Frontier) -> String {
    let heading = "outcome,value,unit,asked,standing,monthly_usd,plan,plan_digest,reason\n";
    let mut text = heading.to_owned();
    for series in &frontier.series {
        for point in &series.points {
            text.push_str(&row(&series.name, point));
        }
    }
    text
}

fn row(outcome: &str, point: &Point) -> String {
    let unit = match design::ask(point.ask) {
        AskPart::Users(_) => "users",
        AskPart::RateMicroRps(_) => "requests/s",
        AskPart::UptimePpm(_) => "percent",
        AskPart::LatencyUs(_) => "seconds",
    };
    let (cost, plan, digest, reason) = match &point.found {
        Found::Design(design) => {
            let micros = design.cost().micros();
            let cost = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
            let digest = super::plan_digest(&design.plan);
            (cost, design.summary.clone(), digest, String::new())
        }
        Found::Nothing(reason) => (String::new(), String::new(), String::new(), reason.clone()),
    };
    let cells = [
        outcome.to_owned(),
        point.ask.number().to_string(),
        unit.to_owned(),
        point.asked.to_string(),
        point.standing.as_str().to_owned(),
        cost,
        plan,
        digest,
        reason,
    ];
    let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
    format!("{}\n", cells.join(","))
}

/// A cell as RFC 4180 has it.
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}
