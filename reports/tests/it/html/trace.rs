//! Every number that a reader reads is one of the spec, or follows from some of them in a way that
//! is listed here. The rules are written down a second time: nothing of the report's own formatting
//! is used, so a figure that is rounded or scaled wrongly is found.

use std::collections::BTreeSet;

use domain::spec::{ObjectivePart, Spec};
use domain::study::{Studies, SwungPart};
use domain::units::MicroDollars;
use reports::spec;
use serde_json::Value;

use super::document::Page;

/// Numbers of our own words, each with the sentence that it stands in: no spec changes them.
const WORDS: [&str; 6] = [
    "95",   // "95% interval"
    "120",  // "at 120% of each value"
    "20",   // "+20% each"
    "99.9", // "plimsoll plan … --set objectives.uptime=99.9%"
    "0",    // nothing: of a gap, of what is refused
    "1",    // the first round, the first section
];

/// The numbers in a text: digits, with commas between thousands and a point before decimals.
pub(super) fn numbers(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let digit = |place: usize| letters.get(place).is_some_and(char::is_ascii_digit);
    let (mut found, mut place) = (Vec::new(), 0);
    while place < letters.len() {
        if !digit(place) {
            place += 1;
            continue;
        }
        let start = place;
        while digit(place) || matches!(letters.get(place), Some(',' | '.')) && digit(place + 1) {
            place += 1;
        }
        found.push(letters[start..place].iter().collect());
    }
    found
}

/// With so many decimals, without zeros at the end, with and without commas.
fn decimal(value: f64, places: usize, into: &mut BTreeSet<String>) {
    let text = format!("{value:.places$}");
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    for whole in [whole, &grouped] {
        into.insert(if rest.is_empty() { whole.to_owned() } else { format!("{whole}.{rest}") });
        let rest = rest.trim_end_matches('0');
        into.insert(if rest.is_empty() { whole.to_owned() } else { format!("{whole}.{rest}") });
    }
}

/// A value as it is read in some units, where it is neither tiny nor huge in them, to the nearest.
fn scaled(value: f64, units: &[f64], places: &[usize], into: &mut BTreeSet<String>) {
    for unit in units {
        let value = value / unit;
        if value == 0.0 || (0.05..20_000.0).contains(&value) {
            for places in places {
                decimal(value, *places, into);
            }
        }
    }
}

const TIMES: [f64; 6] = [1e-6, 1e-3, 1.0, 60.0, 3_600.0, 86_400.0];
const SIZES: [f64; 3] = [1.0, 1_024.0, 1_048_576.0];
const BYTES: [f64; 5] = [1.0, 1e3, 1e6, 1e9, 1e12];

/// A share: as a percentage to the nearest and, as goodput and uptime are, rounded down.
fn share(value: f64, into: &mut BTreeSet<String>) {
    for places in 0..5 {
        decimal(value * 100.0, places, into);
    }
    decimal((value * 1e5 + 1e-6).floor() / 1e3, 3, into);
    // What is small is told to its first digit.
    for places in 5..7 {
        decimal(value * 100.0, places, into);
    }
}

/// Micro-dollars: whole dollars, and cents, half of one rounded up.
fn money(micros: f64, into: &mut BTreeSet<String>) {
    decimal((micros.abs() / 1e6 + 0.5).floor(), 0, into);
    decimal((micros.abs() / 1e4 + 0.5).floor() / 1e2, 2, into);
}

/// A difference of two amounts, and that of the whole dollars as which they are shown.
fn between(one: f64, other: f64, into: &mut BTreeSet<String>) {
    money(one - other, into);
    decimal(((one / 1e6).round() - (other / 1e6).round()).abs(), 0, into);
}

/// An unavailability of so many parts: itself in millionths, what is left of the whole, minutes and
/// hours of a year.
fn unavailability(part: f64, into: &mut BTreeSet<String>) {
    decimal(part * 1e6, 1, into);
    decimal(((1.0 - part) * 1e5 + 1e-6).floor() / 1e3, 3, into);
    decimal(part * 525_600.0, 1, into);
    decimal(part * 8_760.0, 1, into);
}

/// A plain number: at most so many digits as suit its size.
fn plain(value: f64, into: &mut BTreeSet<String>) {
    for places in 0..4 {
        decimal(value, places, into);
    }
}

/// What a number of the spec is read as, by the unit in its name.
fn read_as(key: &str, value: f64, into: &mut BTreeSet<String>) {
    let ends = |end: &str| key.ends_with(end);
    match key {
        _ if ends("_micros") || ends("_micros_at_120_percent") => money(value, into),
        _ if ends("_us") => scaled(value / 1e6, &TIMES, &[0, 1], into),
        _ if ends("_ns") => scaled(value / 1e9, &TIMES, &[0, 1], into),
        _ if ends("_ppm") => {
            share(value / 1e6, into);
            plain(value / 1e6, into);
        }
        _ if ends("_permille") => {
            share(value / 1e3, into);
            decimal(value / 10.0, 1, into);
        }
        _ if ends("_ppb") => unavailability(value / 1e9, into),
        _ if ends("_micro_rps") || ends("micro_per_year") => plain(value / 1e6, into),
        _ if ends("_milli") || ends("_milli_rps") => plain(value / 1e3, into),
        _ if ends("_mib") => scaled(value, &SIZES, &[0, 1], into),
        _ if ends("_bytes") => scaled(value, &BYTES, &[0, 1], into),
        _ => plain(value, into),
    }
}

/// An entry of the ledger by its own unit.
fn entry(unit: &str, value: f64, into: &mut BTreeSet<String>) {
    match unit {
        "s" => scaled(value, &TIMES, &[0, 1], into),
        "ms" => scaled(value / 1e3, &TIMES, &[0, 1], into),
        "ratio" => share(value, into),
        "B" => scaled(value, &BYTES, &[0, 1], into),
        "MiB" => scaled(value, &SIZES, &[0, 1], into),
        _ => plain(value, into),
    }
}

/// All numbers and all words of a document; of a list also how long it is.
fn collect(key: &str, value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Number(number) => read_as(key, number.as_f64().expect("a number"), into),
        Value::String(text) if !text.starts_with("sha256:") => into.extend(numbers(text)),
        Value::Array(list) => {
            plain(list.len() as f64, into);
            for own in list {
                collect(key, own, into);
            }
        }
        Value::Object(fields) => {
            let unit = fields.get("unit").and_then(Value::as_str);
            if let (Some(unit), Some(value)) = (unit, fields.get("value")) {
                let ends = fields.get("interval").and_then(Value::as_array);
                for own in [value].into_iter().chain(ends.into_iter().flatten()) {
                    if let Some(own) = own.as_f64() {
                        entry(unit, own, into);
                    }
                }
            }
            for (own, value) in fields {
                into.extend(numbers(own));
                // What stands under a name with a unit has that unit: `amount_micros.expected`.
                let units = ["_micros", "_milli", "_permille"];
                let inherits = units.iter().any(|unit| key.ends_with(unit));
                collect(if inherits { key } else { own }, value, into);
            }
        }
        _ => {}
    }
}

/// What follows from several numbers of the spec, each by its own rule.
fn derived(spec: &Spec, into: &mut BTreeSet<String>) {
    let totals = spec.cost.monthly_micros;
    let micros = |amount: MicroDollars| amount.micros() as f64;
    // A change is what another plan costs beyond this one.
    let others = spec.alternatives.iter().chain(&spec.intent.other_readings);
    for cost in others.filter_map(|each| each.monthly_micros) {
        between(micros(cost), micros(totals.expected), into);
    }
    // What is left of a limit, or missing to it.
    for part in &spec.intent.objectives {
        if let ObjectivePart::Budget { expected_micros, ceiling_micros, .. } = part {
            let limits = [(expected_micros, totals.expected), (ceiling_micros, totals.ceiling)];
            for (limit, cost) in limits {
                if let Some(limit) = limit {
                    money(micros(*limit) - micros(cost), into);
                }
            }
        }
    }
    // What a service costs is the sum of its lines; its share is that of the expected bill.
    let services: BTreeSet<&str> = spec.cost.lines.iter().map(|line| &*line.service).collect();
    for service in services {
        let lines = || spec.cost.lines.iter().filter(|line| line.service == service);
        let sum = |of: fn(&domain::spec::Line) -> i64| lines().map(of).sum::<i64>() as f64;
        let expected = sum(|line| line.amount_micros.expected.micros());
        money(expected, into);
        money(sum(|line| line.amount_micros.peak_fleet.micros()), into);
        money(sum(|line| line.amount_micros.ceiling.micros()), into);
        decimal(expected / micros(totals.expected) * 100.0, 0, into);
    }
    worked(spec, into);
    judged(spec, into);
    // One in so many takes longer.
    let curves = spec.scenarios.iter().flat_map(|own| &own.distribution);
    for point in curves.flat_map(|curve| &curve.points).filter(|point| point.above_ppm > 0) {
        plain(f64::from(1_000_000 / point.above_ppm), into);
    }
    // Entries of the ledger by their origin, and those that are folded away.
    let defaults = spec.assumptions.iter();
    let defaults = defaults.filter(|entry| entry.origin == domain::ledger::Origin::Default);
    plain(defaults.count() as f64, into);
    plain(spec.assumptions.len().saturating_sub(10) as f64, into);
    for round in 1..=spec.optimality.rounds.len() {
        plain(round as f64, into);
    }
}

/// The work of a call is what keeps servers busy, at their speed, over the calls.
fn worked(spec: &Spec, into: &mut BTreeSet<String>) {
    for service in &spec.services {
        let sizing = &service.sizing;
        let servers = |offer: &domain::spec::OfferPart| {
            f64::from(offer.servers)
                * offer.per_zone.values().map(|count| f64::from(*count)).sum::<f64>()
        };
        let all: f64 = service.offers.iter().map(servers).sum();
        let speed: f64 = service
            .offers
            .iter()
            .map(|offer| servers(offer) * offer.speed_ppm as f64 / 1e6)
            .sum::<f64>()
            / all.max(1.0);
        let rate = sizing.arrival_micro_rps as f64 / 1e6;
        let load = sizing.load_erlang_milli as f64 / 1e3;
        scaled(load * speed / rate.max(1e-9), &TIMES, &[0, 1], into);
        decimal(speed, 3, into);
        decimal(load, 2, into);
    }
}

/// Loads in users, and how far they are beyond what was asked; what is left of limits.
fn judged(spec: &Spec, into: &mut BTreeSet<String>) {
    let users = spec.demand.users.map(|users| users.count as f64);
    let breaking = spec.breaking_load.iter();
    let loads = breaking.flat_map(|own| [Some(own.holds_ppm), own.breaks_ppm]).flatten();
    let limits = spec.checks.iter().filter_map(|check| check.limit_load_permille);
    let factors = loads.map(|ppm| ppm as f64 / 1e6).chain(limits.map(|own| own as f64 / 1e3));
    for factor in factors {
        decimal((factor - 1.0).abs() * 100.0, 0, into);
        let peak = spec.demand.peak_micro_rps as f64 / 1e6;
        plain(peak * factor, into);
        if let Some(users) = users {
            decimal((users * factor + 1e-6).floor(), 0, into);
        }
        // How busy the service that gives in is by then.
        for service in &spec.services {
            let busy = service.sizing.utilisation_permille.peak as f64 / 1e3;
            decimal(busy * factor * 100.0, 0, into);
        }
    }
    // What a latency is below its limit.
    for check in &spec.checks {
        if let (Some(limit), Some(seen)) = (check.limit_us, check.observed_us) {
            scaled(limit.saturating_sub(seen) as f64 / 1e6, &TIMES, &[0, 1], into);
        }
        // An availability that is kept as such, and the error budget of an objective.
        for ppm in [check.observed_ppm, check.limit_ppm].into_iter().flatten() {
            unavailability(1.0 - ppm as f64 / 1e6, into);
        }
    }
}

/// What follows from several numbers of studies.
fn compared(studies: &Studies, into: &mut BTreeSet<String>) {
    let micros = |cost: MicroDollars| cost.micros() as f64;
    if let Some(study) = &studies.explanation {
        collect("", &serde_json::to_value(study).expect("JSON"), into);
        // A change is what another plan costs beyond the one that is explained.
        let sides = study.prices.iter().flat_map(|own| [&own.less_strict, &own.stricter]).flatten();
        let designs = sides.filter_map(|side| side.design.as_ref()).chain(&study.runner_ups);
        let instead = study.offer.iter().flat_map(|own| &own.instead);
        let designs = designs.chain(instead.filter_map(|own| own.design.as_ref()));
        let swung = |swung: SwungPart| match swung {
            SwungPart::MonthlyMicros(cost) => Some(cost),
            SwungPart::NoPlan | SwungPart::Impossible => None,
        };
        let swings = study.assumptions.iter().flat_map(|own| {
            let ends = own.at_interval.into_iter().flatten();
            [own.half, own.twice].into_iter().chain(ends).filter_map(swung)
        });
        let costs = designs
            .map(|design| design.monthly_micros)
            .chain(study.elsewhere.iter().map(|own| own.monthly_micros))
            .chain(study.levers.iter().filter_map(|own| own.monthly_micros))
            .chain(swings);
        for cost in costs {
            between(micros(cost), micros(study.design.monthly_micros), into);
        }
        // So many of them change nothing.
        for count in 0..study.assumptions.len() {
            plain(count as f64, into);
        }
    }
    if let Some(study) = &studies.capacity {
        collect("", &serde_json::to_value(study).expect("JSON"), into);
    }
    if let Some(study) = &studies.frontier {
        collect("", &serde_json::to_value(study).expect("JSON"), into);
        for series in &study.series {
            let costs = series.points.iter().filter_map(|point| point.design.as_ref());
            let costs: Vec<f64> = costs.map(|design| micros(design.monthly_micros)).collect();
            for pair in costs.windows(2) {
                between(pair[1], pair[0], into);
            }
        }
        // A step is against the month before, the finding against now.
        let months = study.growth.iter().flat_map(|growth| &growth.months);
        let designs = months.filter_map(|month| month.design.as_ref());
        let costs: Vec<f64> = designs.map(|design| micros(design.monthly_micros)).collect();
        for (at, cost) in costs.iter().enumerate() {
            between(*cost, costs[at.saturating_sub(1)], into);
            between(*cost, costs[0], into);
        }
        for slack in &study.latency_slack {
            let tighter = slack.tighter.iter().filter_map(|limit| limit.design.as_ref());
            for design in tighter {
                between(micros(design.monthly_micros), micros(slack.monthly_micros), into);
            }
        }
    }
}

/// Every number that may stand in the report of a spec.
fn allowed(spec: &Spec) -> BTreeSet<String> {
    let mut allowed = BTreeSet::new();
    let text = spec::text(spec);
    collect("", &serde_json::from_str(&text).expect("a spec is JSON"), &mut allowed);
    derived(spec, &mut allowed);
    allowed.extend(WORDS.map(str::to_owned));
    allowed
}

/// Numbers in a page that come from nowhere, each with the text around it. Sections are counted in
/// the headings, the contents and the links; a digest stands as a whole.
pub(super) fn untraced(html: &str, spec: &Spec) -> Vec<String> {
    untraced_with(html, spec, &Studies::default())
}

/// The same where studies are shown: a number is one of the spec or of them.
pub(super) fn untraced_with(html: &str, spec: &Spec, studies: &Studies) -> Vec<String> {
    let (mut allowed, page) = (allowed(spec), Page::parse(html));
    compared(studies, &mut allowed);
    let whole = spec::text(spec);
    let counted = |element: &super::document::Element| {
        let around = |name: &str| element.around.iter().any(|own| own.starts_with(name));
        matches!(element.name.as_str(), "h2")
            || element.attribute("class") == Some("number")
            || around("nav")
    };
    let mut found = Vec::new();
    for (element, text) in page.read().filter(|(element, _)| !counted(element)) {
        let section =
            text.replace("section 2", "").replace("section 4", "").replace("section 5", "");
        let digest = text.split("sha256:").nth(1).map(|rest| rest.trim_end_matches('…'));
        if digest.is_some_and(|digest| whole.contains(digest.trim())) {
            continue;
        }
        let unknown = numbers(&section).into_iter().filter(|own| !allowed.contains(own));
        found.extend(unknown.map(|number| format!("{number} in {:?} of {}", text, element.name)));
    }
    found
}
