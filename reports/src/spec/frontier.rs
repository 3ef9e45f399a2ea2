//! A frontier as one JSON document and as CSV.

use domain::design::Found;
use domain::frontier::{Frontier, Point, Series, Slack};
use domain::spec::ProvenancePart;
use domain::units::MicroDollars;
use schemars::JsonSchema;
use serde::Serialize;

use super::design::{self, AskPart, FoundPart, VERSION};
use super::intent;
use super::measure::micros;

/// What outcomes cost against each other: designs, each solved and simulated, none interpolated.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Plimsoll frontier")]
struct Document {
    /// The version of the document.
    #[serde(rename = "apiVersion")]
    #[schemars(extend("const" = "plimsoll/v1"))]
    api_version: &'static str,
    /// What the document is.
    #[schemars(extend("const" = "Frontier"))]
    kind: &'static str,
    /// Where it came from.
    provenance: ProvenancePart,
    /// How the load was read.
    reading: String,
    /// Designs that no other one of their series beats.
    designs: u64,
    /// One outcome each; all others stay as they were stated.
    series: Vec<SeriesPart>,
    /// How far other latencies can be tightened for nothing.
    latency_slack: Vec<SlackPart>,
}

#[derive(Serialize, JsonSchema)]
struct SeriesPart {
    /// `users`, `requests`, `uptime`, `latency p95`.
    outcome: String,
    /// In the order of their values, smallest first.
    points: Vec<PointPart>,
}

#[derive(Serialize, JsonSchema)]
struct PointPart {
    /// The value.
    ask: AskPart,
    /// Whether it is what the intent asks for.
    asked: bool,
    /// `frontier`, `dominated` where another point asks for more at no higher price, `unreached`.
    standing: &'static str,
    /// What came of it.
    #[serde(flatten)]
    found: FoundPart,
}

#[derive(Serialize, JsonSchema)]
struct SlackPart {
    /// `latency p95`.
    outcome: String,
    /// The limit as it was asked for.
    asked_us: u64,
    /// The price of what was asked for.
    monthly_micros: MicroDollars,
    /// The tightest limit, in whole milliseconds, at that price; absent where one less costs more.
    #[serde(skip_serializing_if = "Option::is_none")]
    free_to_us: Option<u64>,
    /// Limits below that.
    tighter: Vec<TighterPart>,
}

#[derive(Serialize, JsonSchema)]
struct TighterPart {
    /// The limit.
    limit_us: u64,
    /// What came of it.
    #[serde(flatten)]
    found: FoundPart,
}

/// A frontier as one JSON document.
pub fn frontier(frontier: &Frontier) -> String {
    let document = Document {
        api_version: VERSION,
        kind: "Frontier",
        provenance: intent::provenance(&frontier.provenance, None, None),
        reading: frontier.demand.load.reading.clone(),
        designs: frontier.designs() as u64,
        series: frontier.series.iter().map(series).collect(),
        latency_slack: frontier.slack.iter().map(slack).collect(),
    };
    design::text(&document)
}

/// The JSON Schema of such documents.
pub fn frontier_schema() -> String {
    design::schema::<Document>("frontier")
}

fn series(series: &Series) -> SeriesPart {
    let point = |point: &Point| PointPart {
        ask: design::ask(point.ask),
        asked: point.asked,
        standing: point.standing.as_str(),
        found: design::found(&point.found),
    };
    SeriesPart { outcome: series.name.clone(), points: series.points.iter().map(point).collect() }
}

fn slack(slack: &Slack) -> SlackPart {
    SlackPart {
        outcome: slack.name.clone(),
        asked_us: micros(slack.asked),
        monthly_micros: slack.cost,
        free_to_us: slack.free_to.map(micros),
        tighter: slack
            .tighter
            .iter()
            .map(|(limit, found)| TighterPart {
                limit_us: micros(*limit),
                found: design::found(found),
            })
            .collect(),
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
