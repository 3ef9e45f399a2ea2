//! Section 7: what the simulation found: each check, each scenario, the cliff, the day, the faults.

use domain::outcome::Answer;
use domain::verification::{
    Check, Distribution, LoadCurvePoint, Method, Observed, ScenarioResult, SeriesPoint,
    Verification,
};

use super::{Block, Cell, Figure, Sheet, Table, sampled, word};
use crate::figures::{self, UNKNOWN, decimals, percent, time, time_range};
use crate::findings;
use crate::outcomes;
use crate::plots;
use crate::proven;

/// So many moments of a course stand in a table: every one of a short one, some of a long one.
const MOMENTS: usize = 48;

/// The command that adds the day and the faults.
const WITH_UPTIME: &str = "plimsoll plan … --set objectives.uptime=99.9%";

pub(super) fn simulation(sheet: Sheet<'_>) -> Vec<Block> {
    let answer = sheet.answer;
    let found = &answer.verification;
    let mut blocks = vec![
        Block::says(format!(
            "{} requests, seed {}, generator {}, {} allowed. Demanded checks decide the verdict; \
             the others stand beside them.",
            figures::grouped(found.requests),
            found.seed,
            found.generator,
            findings::error_allowed(found)
        )),
        checks(answer),
        Block::says(SURENESS),
    ];
    blocks.extend(bounds(answer));
    blocks.extend([
        Block::Heading("Scenarios"),
        scenarios(found),
        Block::says(WINDOWS),
        percentiles(answer),
    ]);
    blocks.push(Block::Heading("How long requests take"));
    blocks.extend(spread(sheet));
    blocks.push(Block::Heading("How far the cliff is"));
    blocks.extend(cliff(sheet));
    blocks.push(Block::Heading("The day"));
    blocks.extend(day(sheet));
    blocks.extend([Block::Heading("The worst minutes"), faults(sheet)]);
    blocks
}

fn checks(answer: &Answer) -> Block {
    let rows = answer.verification.checks.iter().map(|check| {
        let show = |value: f64| outcomes::quantity(answer, check, value);
        vec![
            Cell::code(&check.id),
            Cell::words(if check.demanded { "yes" } else { "no" }),
            Cell::figure(show(check.limit), check.limit),
            Cell::figure(outcomes::observed(check, show), check.observed.value),
            Cell::words(interval(answer, check)),
            Cell::verdict(check.verdict, word(check.verdict)),
            Cell::count(check.trials),
            Cell::count(check.requests),
        ]
    });
    let headings = [
        "check",
        "demanded",
        ">objective",
        ">observed",
        "95% interval",
        "verdict",
        ">trials",
        ">requests",
    ];
    Block::table("checks", "Checks", &headings, rows)
}

/// What the words under the interval mean.
const SURENESS: &str = "The interval holds the true value in 95% of such simulations. Uptime is \
    enumerated over all states, and its interval is what the simulated shares of some of them \
    leave open. \"All trials\" stands at the least and the largest of all trials, \"breaks by\" at \
    the least load that was seen to break it, \"exact\" where nothing is left to chance, and a \
    dash where all trials saw the same. Goodput is what a scenario has to serve by itself; uptime \
    weighs every state by how often it comes, so that its objective may be another one.";

fn interval(answer: &Answer, check: &Check) -> String {
    let show = |value: f64| outcomes::quantity(answer, check, value);
    let Observed { low, high, .. } = check.observed;
    if check.method == Method::Exact && low >= high {
        return "exact".into();
    }
    outcomes::sureness(check, outcomes::observed_range(answer, check), show)
}

/// What the model bounds, beside what was simulated.
fn bounds(answer: &Answer) -> Vec<Block> {
    let bounds = proven::bounds(answer);
    if bounds.is_empty() {
        return Vec::new();
    }
    let told = bounds.iter().map(|bound| format!("{}: {}.", bound.sum, bound.parts.join(", ")));
    vec![
        Block::says(
            "The proof form bounds each latency, however the services depend on each other: a \
             request is slower than the sum only if it is slower in one of them.",
        ),
        Block::List(told.collect()),
    ]
}

fn tail(scenario: &ScenarioResult, permille: u16) -> Option<&Observed> {
    scenario.latency.iter().find(|(own, _)| *own == permille).map(|(_, observed)| observed)
}

/// Which part of a scenario its shares are of.
const WINDOWS: &str = "Goodput is of the whole scenario: where something fails, from then until \
    what is offered is answered well again, or for as long as that was waited for. In the end is \
    what is served once the fault has been worked around; the check of goodput judges that, and \
    risks tell it. The p95 here is of good answers alone; the check of a latency counts what \
    failed as well, and is slower where something does.";

/// What is served once a fault has been worked around: judged beside the way there.
fn in_the_end(found: &Verification, scenario: &str) -> Option<Observed> {
    let of = |objective: &str| {
        let mut checks = found.checks.iter();
        checks.find(|own| own.scenario == scenario && own.objective == objective)
    };
    of("recovery")?;
    of("goodput").map(|check| check.observed)
}

fn scenarios(found: &Verification) -> Block {
    let rows = found.scenarios.iter().map(|scenario| {
        let busiest = scenario
            .utilisation
            .iter()
            .max_by(|left, right| left.1.value.total_cmp(&right.1.value));
        vec![
            Cell::words(&scenario.name),
            Cell::words(&scenario.summary),
            good(&scenario.goodput),
            in_the_end(found, &scenario.name).map(|own| good(&own)).unwrap_or_default(),
            tail(scenario, 950).map(latency).unwrap_or_default(),
            Cell::words(busiest.map_or(UNKNOWN.into(), |(name, observed)| {
                format!("{name} {}", percent(observed.value, 0))
            })),
            scenario.recovered_after.map(|after| Cell::time(after.value())).unwrap_or_default(),
            Cell::count(scenario.requests),
        ]
    });
    let headings = [
        "scenario",
        "what happens",
        ">goodput",
        ">in the end",
        ">p95 of good",
        "busiest",
        ">recovered after",
        ">requests",
    ];
    Block::table("scenarios", "Every scenario that was simulated", &headings, rows)
}

fn latency(observed: &Observed) -> Cell {
    Cell::time(observed.value)
}

fn good(observed: &Observed) -> Cell {
    Cell::figure(figures::good(observed.value), observed.value)
}

/// The distribution of the latency of good requests, as far as the spec keeps it.
fn percentiles(answer: &Answer) -> Block {
    let rows = answer.verification.scenarios.iter().flat_map(|scenario| {
        scenario.latency.iter().map(|(permille, observed)| {
            let permille = f64::from(*permille);
            vec![
                Cell::words(&scenario.name),
                Cell::figure(format!("p{}", decimals(permille / 10.0, 1)), permille),
                latency(observed),
                Cell::words(time_range(observed.low, observed.high)),
            ]
        })
    });
    let headings = ["scenario", ">percentile", ">latency", "95% interval"];
    let objectives = answer.demand.objectives.latency.iter().map(|own| {
        let name = findings::objective(answer, &own.id());
        format!("{name} at most {}", time(own.limit.value()))
    });
    let objectives: Vec<String> = objectives.collect();
    let objectives =
        if objectives.is_empty() { "none of latency".into() } else { objectives.join(", ") };
    Block::Folded(
        "Latency distribution of every scenario".to_owned(),
        vec![
            Block::table("percentiles", "Latency of good requests", &headings, rows),
            Block::says(format!("The objectives: {objectives}.")),
        ],
    )
}

/// What which share of the requests takes longer than, at the stated peak.
fn spread(sheet: Sheet<'_>) -> Vec<Block> {
    let Some(peak) = plots::peak(sheet.answer) else {
        let what = "The distribution of the latency was not kept";
        return vec![Block::Absent(what, "plimsoll plan … --out DIR")];
    };
    let curves = &peak.distribution;
    let told = curves.iter().filter_map(|curve| {
        let last = curve.points.last()?;
        Some(format!(
            "{}: {} of {} requests take longer than {}; {} of them were not answered, and count as \
             slower than every latency.",
            plots::curve_name(curve),
            percent(f64::from(last.above_ppm) / 1e6, 4),
            figures::grouped(curve.requests),
            time(last.latency.value),
            figures::grouped(curve.unanswered)
        ))
    });
    let drawn = plots::drawn_curves(sheet.answer);
    let drawn = if drawn < curves.len() {
        format!("; {drawn} of {} curves are drawn", curves.len())
    } else {
        String::new()
    };
    vec![
        Block::List(told.collect()),
        Block::Figure(Figure {
            id: "latency-distribution",
            description: "The share of the requests that take longer than a time, on a logarithmic \
                scale, with bands for their intervals; the limit of each objective and the share \
                that may take longer, and where the curve is at that share.",
            caption: format!(
                "seed {} · {} requests in {} trials of the stated peak; bands are 95% intervals; \
                 points that fewer than ten requests lie beyond are left out{drawn}",
                sheet.answer.verification.seed,
                figures::grouped(peak.requests),
                peak.trials
            ),
            plot: plots::latency_distribution,
            file: None,
            numbers: curves.iter().enumerate().map(exceedances).collect(),
            aside: false,
        }),
    ]
}

fn exceedances((place, curve): (usize, &Distribution)) -> Table {
    let rows = curve.points.iter().map(|point| {
        let Observed { value, low, high } = point.latency;
        vec![
            Cell::share(f64::from(point.above_ppm) / 1e6, 4),
            Cell::figure(figures::time_within(value, high), value),
            Cell::words(time_range(low, high)),
        ]
    });
    let caption = format!("Latency at the stated peak: {}", plots::curve_name(curve));
    let headings = [">slower", ">than", "95% interval"];
    Table::new(&format!("distribution-{place}"), &caption, &headings, rows)
}

fn cliff(sheet: Sheet<'_>) -> [Block; 2] {
    let found = &sheet.answer.verification;
    [
        breaking(sheet.answer),
        Block::Figure(Figure {
            id: "load-against-latency",
            description: "Percentiles of latency over the load, with bands for their intervals, \
                lines at the load that was asked for and that is held, and the objectives.",
            caption: format!("{}; bands are 95% intervals", sampled(sheet)),
            plot: plots::load_against_latency,
            file: Some(plots::LOAD_AGAINST_LATENCY_FILE),
            numbers: vec![curve(&found.load_curve)],
            aside: false,
        }),
    ]
}

fn breaking(answer: &Answer) -> Block {
    let Some(breaking) = &answer.verification.breaking_load else {
        let what = "The breaking load was not looked for";
        return Block::Absent(what, "plimsoll plan … --out DIR");
    };
    let holds = findings::counted_load(answer, breaking.holds);
    let then = match breaking.breaks {
        None => "no higher load was seen to break it".to_owned(),
        Some(breaks) => {
            let breaks = findings::load(answer, breaks);
            match findings::gives_in(answer, breaking) {
                Some(what) => format!("it breaks by {breaks}, where {what}"),
                None => format!("it breaks by {breaks}"),
            }
        }
    };
    Block::says(format!("Every objective holds up to {holds}; {then}."))
}

fn curve(points: &[LoadCurvePoint]) -> Table {
    let rows = points.iter().map(|point| {
        vec![
            Cell::share(point.factor, 0),
            latency(&point.p50),
            latency(&point.p95),
            Cell::words(time_range(point.p95.low, point.p95.high)),
            latency(&point.p99),
            good(&point.goodput),
        ]
    });
    let headings = [">load", ">p50", ">p95", "95% interval of the p95", ">p99", ">goodput"];
    Table::new("load-curve", "Latency against load", &headings, rows)
}

fn day(sheet: Sheet<'_>) -> Vec<Block> {
    let found = &sheet.answer.verification;
    let Some(day) = &found.day else {
        return vec![Block::Absent("The day was not simulated", WITH_UPTIME)];
    };
    let hours = day.instance_hours.iter();
    let hours: Vec<String> =
        hours.map(|(name, hours)| format!("{name} {}", decimals(*hours, 1))).collect();
    let hours = if hours.is_empty() { "none".into() } else { hours.join(", ") };
    let mut blocks = vec![Block::says(format!(
        "Over the day, instance-hours of autoscaled services: {hours}. {} of the simulated time \
         was simulated request by request; there the fluid model was off by at most {} of \
         utilisation. The worst window answered {} of its requests well.",
        figures::some(day.request_level_share),
        figures::some(day.fluid_error),
        figures::good(day.worst_goodput)
    ))];
    let course = found.scenarios.iter().find(|scenario| scenario.name == "day");
    blocks.extend(course.map(|course| {
        Block::Figure(Figure {
            id: "day",
            description: "The load that comes over the day, and the instances that serve, over \
                all services with an autoscaler, one above the other.",
            caption: format!("{}; mostly by the fluid model", sampled(sheet)),
            plot: plots::day,
            file: None,
            numbers: vec![moments("day-numbers", "The day", &course.series)],
            aside: true,
        })
    }));
    blocks
}

fn faults(sheet: Sheet<'_>) -> Block {
    let tables = plots::faulty(sheet.answer).enumerate().map(|(place, scenario)| {
        let caption = format!("Goodput over time: {}", scenario.name);
        moments(&format!("fault-{place}"), &caption, &scenario.series)
    });
    let numbers: Vec<Table> = tables.collect();
    if numbers.is_empty() {
        return Block::Absent("No fault was simulated", WITH_UPTIME);
    }
    Block::Figure(Figure {
        id: "worst-minutes",
        description: "For each fault the part of the requests that is answered well, over the \
            seconds around it.",
        caption: sampled(sheet),
        plot: plots::worst_minutes,
        file: None,
        numbers,
        aside: true,
    })
}

/// A course as a table, at most so many moments of it.
fn moments(id: &str, caption: &str, series: &[SeriesPoint]) -> Table {
    let step = series.len().div_ceil(MOMENTS).max(1);
    let rows = series.iter().step_by(step).map(|point| {
        let number = |value: f64| Cell::figure(figures::number(value), value);
        let p95 = point.latency_p95;
        vec![
            Cell::time(point.at.value()),
            number(point.offered),
            number(point.good),
            if p95 > 0.0 { Cell::time(p95) } else { Cell::default() },
            Cell::number(point.replicas, 1),
        ]
    });
    let headings = [">at", ">requests/s that come", ">answered well", ">p95", ">instances"];
    Table::new(id, caption, &headings, rows)
}
