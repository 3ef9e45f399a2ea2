//! Users to requests a second, in every reading.
//!
//! Little's law for users that pause between two actions gives the rate N / Z at most (the
//! interactive response-time law without the response time, which open arrivals must assume);
//! a day's users follow the funnel sessions × actions, spread by the peak-to-mean ratio.

use domain::demand::{DayProfile, LoadReading};
use domain::intent::{Intent, Shape};
use domain::objective::{Load, UserKind};
use domain::units::{Ratio, RequestsPerSecond, Seconds};

use crate::words::figure;

use super::CharacteriseError;
use super::book::Book;
use super::hours;

/// More requests a second than this are not planned for.
const RATE_LIMIT: f64 = 1e8;

/// Fewer requests a second than this, one in eleven days, are no load.
const RATE_FLOOR: f64 = 1e-6;

/// The readings of a bare number of users that are priced beside the first.
pub const OTHER_READINGS: [(UserKind, bool); 3] =
    [(UserKind::Concurrent, true), (UserKind::DailyActive, false), (UserKind::Registered, false)];

/// The load of the intent at its peak, growth included: of the requests that reach the edge, a
/// share `left` of all, and the rate of all.
pub(super) fn read(
    intent: &Intent,
    left: f64,
    book: &mut Book<'_>,
) -> (LoadReading, RequestsPerSecond) {
    let growth = growth(intent, book);
    let said = said(intent, book);
    let (users, rate, reading) = match &intent.objectives.load {
        None => {
            book.fault(CharacteriseError::NoLoad);
            (None, RequestsPerSecond::ZERO, String::new())
        }
        Some(Load::Rate(rate)) => {
            let rate = book.derived("demand.stated_rate", *rate, &said);
            (None, rate, format!("{} requests/s at the peak", figure(rate.value())))
        }
        Some(Load::Users { count, kind, think_time }) => {
            let kind = kind.unwrap_or(UserKind::Concurrent);
            let users = book.derived("demand.users", *count, &said);
            let (rate, reading) = people(intent, users, kind, *think_time, book);
            (Some((users, kind)), rate, reading)
        }
    };
    let formula = "rate of the reading × growth until the horizon";
    let grown = rate.value() * growth;
    if grown > RATE_LIMIT {
        let what = "the rate of requests a second".to_owned();
        book.fault(CharacteriseError::TooLarge { what, value: grown, limit: RATE_LIMIT });
    } else if grown * left < RATE_FLOOR && intent.objectives.load.is_some() {
        book.fault(CharacteriseError::TooSmall { value: grown });
    }
    let offered = RequestsPerSecond::of(grown.min(RATE_LIMIT));
    let peak = if left < 1.0 {
        book.derived("demand.offered", offered, formula);
        let formula = "demand.offered × what no content delivery network answers";
        book.derived("demand.peak", offered.times(left), formula)
    } else {
        book.derived("demand.peak", offered, formula)
    };
    (LoadReading { users, peak, mean: RequestsPerSecond::ZERO, reading }, offered)
}

/// How the load was stated: as it stands, or by its share of that of the whole.
fn said(intent: &Intent, book: &mut Book<'_>) -> String {
    let Some(share) = &intent.objectives.load_share else { return "as stated".to_owned() };
    let share = book.fixed("demand.load_share", share);
    format!("as stated × the environment's share, {share}")
}

/// The rate of a number of people and the reading in words.
fn people(
    intent: &Intent,
    users: u64,
    kind: UserKind,
    think_time: Option<Seconds>,
    book: &mut Book<'_>,
) -> (RequestsPerSecond, String) {
    let requests = requests_per_action(intent, book);
    let users = users as f64;
    if kind == UserKind::Concurrent {
        let stated = think_time.map(|time| domain::ledger::Stated::by_user(time, "intent"));
        let name = "demand.think_time";
        let pause: Seconds = book.stated(name, stated.as_ref(), name);
        let rate = if pause > Seconds::ZERO { users / pause.value() * requests } else { f64::MAX };
        let words = format!(
            "{} concurrent, {} s between pages, {requests} requests a page",
            thousands(users),
            pause.value()
        );
        return (bounded(rate), words);
    }
    let active = if kind == UserKind::Registered {
        let share: Ratio = book.default("demand.registered.active_share");
        users * share.value()
    } else {
        users
    };
    let sessions: f64 = book.default("demand.daily.sessions");
    let actions: f64 = book.default("demand.daily.actions_per_session");
    let peak_to_mean = peak_to_mean(intent, book);
    let mean = active * sessions * actions * requests / hours::day_length(intent).value();
    let words = format!(
        "{} {}, {sessions} sessions of {actions} pages a day, {requests} requests a page",
        thousands(users),
        kind.as_str()
    );
    (bounded(mean * peak_to_mean), words)
}

fn bounded(rate: f64) -> RequestsPerSecond {
    RequestsPerSecond::of(rate.min(1e300))
}

/// "10k" for 10,000: as people say it.
fn thousands(count: f64) -> String {
    if count >= 1e6 && (count / 1e4).fract() == 0.0 {
        format!("{}M", count / 1e6)
    } else if count >= 1e3 && (count / 10.0).fract() == 0.0 {
        format!("{}k", count / 1e3)
    } else {
        count.to_string()
    }
}

/// Requests of one action, weighted over the classes that state their own.
fn requests_per_action(intent: &Intent, book: &mut Book<'_>) -> f64 {
    let name = "demand.requests_per_action";
    let mut stated = intent.requests.iter().filter_map(|class| class.per_page.as_ref());
    match (stated.next(), stated.next()) {
        (Some(only), None) => book.stated(name, Some(only), name),
        (None, _) => book.default(name),
        (Some(_), Some(_)) => {
            let parts = intent.requests.iter().filter_map(|class| {
                Some((class.share.as_ref()?.value.value(), class.per_page.as_ref()?.value))
            });
            let (weight, sum) = parts.fold((0.0, 0.0), |(weight, sum), (share, pages)| {
                (weight + share, sum + share * pages)
            });
            let mean = if weight > 0.0 { sum / weight } else { 1.0 };
            book.derived(name, mean, "mean of the classes, weighted by their shares")
        }
    }
}

/// How much higher the peak is than the mean; 1 for a flat day.
pub(super) fn peak_to_mean(intent: &Intent, book: &mut Book<'_>) -> f64 {
    let name = "demand.peak_to_mean";
    match &intent.traffic.shape {
        Some(Shape::Flat) => book.derived(name, 1.0, "a flat day"),
        Some(Shape::Diurnal { peak_to_mean: Some(stated) }) => {
            book.stated(name, Some(stated), name)
        }
        Some(Shape::Diurnal { peak_to_mean: None }) | None => book.default(name),
    }
}

fn growth(intent: &Intent, book: &mut Book<'_>) -> f64 {
    let Some(growth) = &intent.traffic.growth else {
        return 1.0;
    };
    let growth = book.stated("demand.growth", Some(growth), "demand.growth");
    let horizon: Seconds =
        book.stated("demand.horizon", intent.traffic.horizon.as_ref(), "demand.horizon");
    let years = horizon.value() / Seconds::YEAR.value();
    libm::pow(1.0 + growth.value(), years)
}

/// The reading with the mean of its day.
pub(super) fn with_mean(mut load: LoadReading, day: &DayProfile) -> LoadReading {
    let sum: f64 = day.fractions.iter().map(|fraction| fraction.value()).sum();
    load.mean = load.peak.times(sum / day.fractions.len() as f64);
    load
}
