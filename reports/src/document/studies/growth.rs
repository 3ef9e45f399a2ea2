//! What a load that grows takes, month by month.

use domain::outcome::Answer;
use domain::study::{AskPart, DesignPart, GrowthPart, MonthPart};
use domain::units::MicroDollars;

use super::{beyond, told};
use crate::document::{Block, Cell, Figure, Sheet, Table};
use crate::figures;
use crate::findings;
use crate::plots;

/// What puts growth into a report, in the folder of its spec.
const GROWTH: &str = "plimsoll frontier spec.json --over users --growth 5% --json > growth.json && \
                      plimsoll report spec.json --with growth.json --out with-growth.html";

/// What section 10 has of a frontier.
pub(in crate::document) fn growth(sheet: Sheet<'_>) -> Vec<Block> {
    let study = sheet.studies.growing();
    let asked = study.and_then(|study| Some((study, study.growth.as_ref()?)));
    let Some((study, growth)) = asked else {
        let what = "Growth, and the month in which this design ends, are not in a spec";
        return vec![Block::Absent(what, GROWTH)];
    };
    let outlook = Outlook::of(sheet.answer, growth);
    vec![
        Block::Heading("Growth"),
        Block::says(format!(
            "{}. The design of a month is the cheapest one that carries its load with all that \
             is asked, each solved and simulated; months count from the load that was asked for. \
             The broken line is the largest load at which this design was seen to hold with every \
             instance up and nothing in reserve.",
            outlook.finding(growth)
        )),
        Block::Studied(Figure {
            id: "growth",
            description: "The load by the month as a line that rises, against a broken line at \
                what this design was seen to hold; below it the expected bill of the cheapest \
                design for each month, as steps.",
            caption: format!("Seed {} · prices as they are now.", study.provenance.seed),
            plot: |answer, studies| {
                let study = studies.growing();
                study.map_or_else(plots::nothing_asked, |own| plots::growth(answer, own))
            },
            file: None,
            numbers: vec![months(&outlook, growth)],
            aside: false,
        }),
    ]
}

fn months(outlook: &Outlook, growth: &GrowthPart) -> Table {
    let mut before: Option<MicroDollars> = None;
    let rows = growth.months.iter().map(|month| {
        let cost = month.found().cost();
        let step = before.zip(cost).map(|(before, cost)| beyond(cost, before));
        before = cost.or(before);
        let load = month.ask.ask().map(plots::value).unwrap_or_default();
        let ends = outlook.ends == Some(month.month);
        vec![
            Cell::count(month.month),
            Cell::figure(load, load_of(month)).marked(ends.then_some("THIS DESIGN ENDS")),
            cost.map(Cell::dollars).unwrap_or_default(),
            step.unwrap_or_default(),
            told(month.found()),
        ]
    });
    let rows: Vec<Vec<Cell>> = rows.collect();
    let headings = [">month", ">load at the peak", ">USD a month", ">step", "what changes"];
    let caption = "Growth by the month, each design against that of the month before";
    Table::new("growth-months", caption, &headings, rows)
}

/// The load of a month in its unit.
pub(crate) fn load_of(month: &MonthPart) -> f64 {
    match month.ask {
        AskPart::Users(count) => count as f64,
        AskPart::RateMicroRps(rate) => rate as f64 / 1e6,
        AskPart::UptimePpm(_) | AskPart::LatencyUs(_) => 0.0,
    }
}

/// When something has to be done.
pub(crate) struct Outlook {
    /// The load that this design was seen to hold, where that was looked for.
    pub(crate) holds: Option<f64>,
    /// The first month whose load is beyond what this design carries with all that is asked; where
    /// that was not looked for, beyond what it was seen to hold.
    pub(crate) ends: Option<u32>,
    /// What this design has to keep in reserve until then; `None` where it is not known to.
    reserve: Option<String>,
    /// The first month whose cheapest design is of other machines, and what it costs with what the
    /// month before does.
    step: Option<(u32, [MicroDollars; 2])>,
}

impl Outlook {
    pub(crate) fn of(answer: &Answer, growth: &GrowthPart) -> Self {
        let now = growth.months.first();
        let breaking = answer.verification.breaking_load.as_ref();
        let holds = breaking.zip(now).map(|(breaking, now)| load_of(now) * breaking.holds);
        let beyond = |month: &&MonthPart| holds.is_some_and(|holds| load_of(month) > holds + 1e-6);
        // Traffic makes every month dearer; what has to be done is to change the machines.
        let step = growth.months.windows(2).find_map(|pair| {
            let [before, month] = [&pair[0], &pair[1]].map(|own| own.found().design());
            let (before, design) = (before?, month?);
            let costs = [before.monthly_micros, design.monthly_micros];
            (!is_as_built(before, design)).then_some((pair[1].month, costs))
        });
        let last = growth.months.last().map_or(0, |own| own.month);
        let (ends, reserve) = match growth.carried_to {
            Some(carried) => {
                let reserve = findings::headroom(answer);
                let kept = reserve.map_or_else(String::new, |kept| format!(" with {kept}"));
                ((carried < last).then(|| carried + 1), Some(kept))
            }
            None => (growth.months.iter().find(beyond).map(|own| own.month), None),
        };
        Self { holds, ends, reserve, step }
    }

    /// The finding in a sentence without its point.
    pub(crate) fn finding(&self, growth: &GrowthPart) -> String {
        let rate = figures::percent(growth.monthly_ppm as f64 / 1e6, 2);
        let last = growth.months.last().map_or(0, |own| own.month);
        let alone = " by the load alone, with nothing in reserve";
        let ends = match (&self.reserve, self.holds, self.ends) {
            (None, None, _) => "where this design ends was not looked for".to_owned(),
            (None, _, Some(month)) => format!("this design ends in month {month}{alone}"),
            (None, _, None) => format!("this design lasts beyond month {last}{alone}"),
            (Some(kept), _, Some(month)) => {
                let before = month.saturating_sub(1);
                let last = match before {
                    0 => "now".to_owned(),
                    before => format!("up to and in month {before}"),
                };
                format!("this design carries what is asked{kept} {last}, and ends in month {month}")
            }
            (Some(kept), _, None) => {
                format!("this design carries what is asked{kept} beyond month {last}")
            }
        };
        let step = match self.step {
            None => "its machines stay as they are".to_owned(),
            Some((month, [before, then])) => {
                let change = figures::beyond(then, before);
                format!("the machines first change in month {month}, at {change}")
            }
        };
        format!("At {rate} more a month {ends}; {step}")
    }
}

/// Whether two designs are the same machines in the same places.
fn is_as_built(one: &DesignPart, other: &DesignPart) -> bool {
    let place = |own: &DesignPart| (own.provider, own.region.clone(), own.zones, own.operations);
    place(one) == place(other) && one.services == other.services
}
