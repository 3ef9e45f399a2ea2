//! How far the judging of a day, fluid and windows, is from all of its requests, simulated one by
//! one; no time is measured. `cargo bench --bench day` prints the tables of the book.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use domain::catalog::Catalog;
use domain::intent::{Source, read_intent};
use domain::outcome::{Answer, Outcome};
use plimsoll::planning::{Origin, Planner};
use simulator::{Pair, Settings, WholeDay, whole_day};

/// Days of each case: 300 requests a second at the peak are 100 on average.
const TRIALS: u32 = 4;

/// What is asked for, and what is set beside.
const CASES: [(&str, &[&str]); 3] = [
    ("300 requests/s, 99.9% uptime, 400ms latency", &[]),
    ("300 requests/s, 99.9% uptime, 400ms latency", &["services.app.cpu_time=60ms"]),
    ("300 requests/s, 99.9% uptime, 2s latency", &["services.app.cpu_time=200ms"]),
];

fn main() -> io::Result<()> {
    let catalog = catalogs::embedded();
    let mut out = io::stdout().lock();
    for (phrase, settings) in CASES {
        let answer = planned(&catalog, phrase, settings);
        let (demand, topology) = (&answer.demand, &answer.plan.topology);
        let day = whole_day(demand, topology, &Settings::default(), TRIALS);
        let day = day.expect("a plan can be simulated").expect("its day can be judged");
        writeln!(out, "{}", report(&format!("{phrase} {}", settings.join(" ")), &day))?;
    }
    Ok(())
}

fn planned(catalog: &Catalog, phrase: &str, settings: &[&str]) -> Box<Answer> {
    let settings: Vec<String> = settings.iter().map(|text| (*text).to_owned()).collect();
    let intent = read_intent(&Source::Phrase(phrase.to_owned()), &settings);
    let intent = intent.expect("the phrase is sound");
    let intent = intent.complete_among(&catalog.archetypes).expect("the archetype can be read");
    let planner = Planner {
        catalog,
        seed: 1,
        origin: Origin { command: "bench", intent_digest: "sha256:bench" },
        thorough: false,
        form: domain::plan::LatencyForm::Moment,
        progress: &|_| {},
    };
    match planner.plan(&intent).expect("the intent can be planned") {
        Outcome::Planned(answer) => answer,
        Outcome::Infeasible(_) => panic!("there is a plan for {phrase}"),
    }
}

fn report(title: &str, day: &WholeDay) -> String {
    let mut text = format!("{title}\n{TRIALS} days, {} requests\n", day.simulated);
    let mut line = |words: String| writeln!(text, "  {words}").expect("a text takes every line");
    for fleet in &day.fleets {
        let Pair { judged, requests } = fleet.hours;
        line(format!(
            "{}: {judged:.2} paid hours by the fluid, {requests:.2} ± {:.2} by requests; {:+.3} \
             instances in the mean, at most {:.2} within ten minutes",
            fleet.name, fleet.half_width, fleet.mean_excess, fleet.largest_gap,
        ));
    }
    let Pair { judged, requests } = day.goodput;
    line(format!("goodput: {judged:.6} in the windows, {requests:.6} over the day"));
    line("window         good           p50, p95, p99 in ms, judged | requests".to_owned());
    for window in &day.windows {
        let cells = window.latency.iter().map(|pair| pair.map_or("-".to_owned(), both));
        line(format!(
            "{} - {}  {:.5} | {:.5}  {}",
            clock(window.from),
            clock(window.to),
            window.goodput.judged,
            window.goodput.requests,
            cells.collect::<Vec<_>>().join("  "),
        ));
    }
    line(
        "hour  req/s          instances      utilisation    good     p50, p95, p99 in ms"
            .to_owned(),
    );
    for (hour, figures) in day.hours.iter().enumerate() {
        let serving = figures.serving.iter().zip(&figures.utilisation);
        let fleets = serving.map(|(serving, used)| {
            let (fluid, requests) = (serving.judged, serving.requests);
            let Pair { judged, requests: seen } = *used;
            format!("{fluid:.2} | {requests:.2}  {judged:.3} | {seen:.3}")
        });
        let latency = figures.latency.map(|found| found.map_or("-".to_owned(), milliseconds));
        line(format!(
            "{hour:02}    {:.1} | {:.1}  {}  {:.5}  {}",
            figures.offered.judged,
            figures.offered.requests,
            fleets.collect::<Vec<_>>().join("  "),
            figures.goodput.requests,
            latency.join("  "),
        ));
    }
    text
}

fn both(pair: Pair) -> String {
    format!("{} | {}", milliseconds(pair.judged), milliseconds(pair.requests))
}

fn milliseconds(seconds: f64) -> String {
    format!("{:.1}", seconds * 1_000.0)
}

/// A moment of the day in hours and minutes.
fn clock(seconds: f64) -> String {
    let minutes = seconds.rem_euclid(86_400.0) / 60.0;
    let hours = (minutes / 60.0).floor();
    format!("{hours:02.0}:{:02.0}", (minutes - hours * 60.0).floor())
}
