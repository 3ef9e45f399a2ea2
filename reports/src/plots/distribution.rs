//! The distribution of the latency at the stated peak: what which share of the requests takes
//! longer than, and where the objectives are.

use domain::objective::LatencyObjective;
use domain::outcome::Answer;
use domain::verification::{Distribution, DistributionPoint, ScenarioResult};

use super::tail::{Curve, LIMITS, Limit, Point, Tails};
use super::{PlotFault, svg};
use crate::figures;
use crate::findings;
use crate::safe;

/// How curves are drawn, that of all requests first: shades, and how the lines are broken.
const STYLES: [(u8, Option<(u32, u32)>); 6] = [
    (0, None),
    (60, Some((10, 5))),
    (90, Some((2, 4))),
    (30, Some((18, 6))),
    (110, Some((6, 3))),
    (70, Some((4, 8))),
];

/// Letters of the name of a class in the title.
const NAME: usize = 16;

/// The distribution of the latency with its intervals, and the objectives with what the requests
/// that they speak of take.
///
/// # Errors
/// When the answer has no distribution, or the drawing fails.
pub fn latency_distribution(answer: &Answer) -> Result<String, PlotFault> {
    let curves = drawn(answer);
    let tails = peak(answer).and_then(|peak| tails(answer, peak, &curves));
    let tails = tails.ok_or(PlotFault::Nothing("distribution of the latency"))?;
    svg(&title(answer, &curves), |canvas| tails.draw(canvas))
}

/// The scenario whose distribution is kept.
pub(crate) fn peak(answer: &Answer) -> Option<&ScenarioResult> {
    answer.verification.scenarios.iter().find(|scenario| !scenario.distribution.is_empty())
}

/// The distributions that are drawn: of all requests, of the classes that objectives speak of, and
/// of others in their order, as many as can be told apart.
fn drawn(answer: &Answer) -> Vec<&Distribution> {
    let asked = |curve: &Distribution| {
        let mut objectives = answer.demand.objectives.latency.iter();
        objectives.any(|own| own.class.is_some() && own.class == curve.class)
    };
    let mut curves: Vec<&Distribution> =
        peak(answer).into_iter().flat_map(|own| &own.distribution).collect();
    curves.sort_by_key(|curve| (curve.class.is_some(), !asked(curve)));
    curves.truncate(STYLES.len());
    curves
}

/// How many distributions are drawn.
pub(crate) fn drawn_curves(answer: &Answer) -> usize {
    drawn(answer).len()
}

/// What the curve of a class is called.
pub(crate) fn name(curve: &Distribution) -> String {
    curve.class.as_ref().map_or("all requests".to_owned(), ToString::to_string)
}

fn tails(answer: &Answer, peak: &ScenarioResult, curves: &[&Distribution]) -> Option<Tails> {
    let lines: Vec<Curve> = curves
        .iter()
        .zip(STYLES)
        .map(|(curve, (shade, dash))| Curve {
            name: name(curve),
            shade,
            dash,
            points: curve.points.iter().filter_map(placed).collect(),
        })
        .filter(|curve| !curve.points.is_empty())
        .collect();
    let points = lines.iter().flat_map(|curve| &curve.points);
    let smallest = points.map(|point| point.above).reduce(f64::min)?;
    let objectives = || answer.demand.objectives.latency.iter();
    let mut limits: Vec<Limit> = objectives()
        .map(|own| Limit {
            share: own.percentile.tail().value(),
            time: own.limit.value(),
            words: format!(
                "{} at most {}",
                findings::objective(answer, &own.id()),
                figures::time(own.limit.value())
            ),
        })
        .take(LIMITS)
        .collect();
    limits.sort_by(|one, other| one.time.total_cmp(&other.time));
    let allowed = limits.iter().map(|limit| limit.share).fold(smallest, f64::min);
    Some(Tails {
        what: "latency at the load balancer",
        smallest: allowed,
        curves: lines,
        limits,
        marks: marks(answer, curves),
        caption: format!(
            "seed {} · {} requests at the stated peak · bands are 95% intervals · who is not \
             answered is slower than all",
            answer.verification.seed,
            figures::grouped(peak.requests)
        ),
    })
}

/// What can be drawn of a point.
fn placed(point: &DistributionPoint) -> Option<Point> {
    let (above, seen) = (f64::from(point.above_ppm) / 1e6, point.latency);
    let drawable = above > 0.0 && above < 1.0 && seen.value.is_finite() && seen.value > 0.0;
    let (value, low, high) = (seen.value, seen.low.min(seen.value), seen.high.max(seen.value));
    drawable.then_some(Point { above, value, low, high })
}

/// Where the curves are at the shares of the objectives; of all requests at some, where there is no
/// objective.
fn marks(answer: &Answer, curves: &[&Distribution]) -> Vec<(Point, String)> {
    let objectives = &answer.demand.objectives.latency;
    let mut marks = Vec::new();
    for own in objectives.iter().take(LIMITS) {
        if let Some(point) = crossing(own, curves).and_then(|(_, point)| placed(point)) {
            let class = own.class.as_ref().map_or(String::new(), |class| format!(" {class}"));
            let time = figures::time(point.value);
            marks.push((point, format!("{}{class} {time}", own.percentile)));
        }
    }
    let told: &[(u32, &str)] = if objectives.is_empty() {
        &[(500_000, "p50"), (50_000, "p95"), (10_000, "p99")]
    } else {
        &[]
    };
    for (above, name) in told {
        if let Some(point) = curves.first().and_then(|all| at(all, *above)).and_then(placed) {
            marks.push((point, format!("{name} {}", figures::time(point.value))));
        }
    }
    marks
}

fn at(curve: &Distribution, above_ppm: u32) -> Option<&DistributionPoint> {
    curve.points.iter().find(|point| point.above_ppm == above_ppm)
}

/// The curve that an objective speaks of, and its point at the share that may be slower.
fn crossing<'a>(
    objective: &LatencyObjective,
    curves: &[&'a Distribution],
) -> Option<(&'a Distribution, &'a DistributionPoint)> {
    let curve = *curves.iter().find(|curve| curve.class == objective.class)?;
    let above = 1_000 * u32::from(1_000 - objective.percentile.permille());
    Some((curve, at(curve, above)?))
}

/// The finding: the objective with the least room, and how slow the slowest are.
fn title(answer: &Answer, curves: &[&Distribution]) -> String {
    let objectives = answer.demand.objectives.latency.iter();
    let found = objectives.filter_map(|own| Some((own, crossing(own, curves)?)));
    let tightest = found.max_by(|(one, (_, at)), (other, (_, then))| {
        let used = |point: &DistributionPoint, own: &LatencyObjective| {
            point.latency.value / own.limit.value()
        };
        // Of equal ones the first, where the last would be taken.
        used(at, one).total_cmp(&used(then, other)).then(std::cmp::Ordering::Greater)
    });
    let (head, curve, share) = if let Some((own, (curve, point))) = tightest {
        let share = f64::from(own.percentile.permille()) / 1e3;
        let of = own.class.as_ref().map_or(String::new(), |class| {
            format!(" of {}", safe::fitted(&safe::clean(class.as_str()), NAME, "…"))
        });
        let (value, limit) = (point.latency.value, own.limit.value());
        let [share_told, value, limit] =
            [figures::percent(share, 1), figures::time(value), figures::time(limit)];
        (format!("{share_told}{of} within {value}, {limit} asked"), Some(curve), 1.0 - share)
    } else {
        let all = curves.first().copied();
        let within = |above: u32, words: &str| {
            let point = at(all?, above)?;
            Some(format!("{words} within {}", figures::time(point.latency.value)))
        };
        let told = [within(500_000, "half"), within(50_000, "95%"), within(10_000, "99%")];
        let told: Vec<String> = told.into_iter().flatten().collect();
        let told = told.join(", ");
        (if told.is_empty() { "At the stated peak".to_owned() } else { told }, all, 0.01)
    };
    let slowest = curve.into_iter().flat_map(|curve| curve.points.iter().rev());
    let mut slowest = slowest.filter(|point| point.above_ppm > 0);
    // One in a round number, and fewer than the share that was told already.
    let rare = slowest.find(|point| 1_000_000_u32.is_multiple_of(point.above_ppm));
    let rare = rare.filter(|point| f64::from(point.above_ppm) / 1e6 < share - 1e-9);
    match rare {
        None => head,
        Some(point) => format!(
            "{head}; 1 in {} above {}",
            figures::grouped(u64::from(1_000_000 / point.above_ppm)),
            figures::time(point.latency.value)
        ),
    }
}
