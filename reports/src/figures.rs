//! Numbers with their units as people read them: rounded for the eye, exact nowhere.

use domain::ledger::Value;
use domain::units::{Margin, MicroDollars, MilliUnits};

/// What stands where a value is not available.
pub(crate) const UNKNOWN: &str = "–";

/// A whole number with a comma for every thousand.
pub(crate) fn grouped(whole: u64) -> String {
    let digits = whole.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// So many of something: `1 round`, `3 rounds`.
pub(crate) fn counted(count: usize, one: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        _ => format!("{} {one}s", grouped(count as u64)),
    }
}

/// A number that is not negative, rounded to a whole one, with commas.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, and no figure is negative"
)]
pub(crate) fn rounded(value: f64) -> String {
    if value.is_finite() { grouped(value.round() as u64) } else { "unbounded".into() }
}

/// A number with at most so many decimals, none of them a trailing zero.
pub(crate) fn decimals(value: f64, most: usize) -> String {
    if !value.is_finite() {
        return "unbounded".into();
    }
    let text = format!("{value:.most$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// A number that is read at a glance: commas from a thousand, decimals below a hundred.
pub(crate) fn number(value: f64) -> String {
    match value {
        _ if !value.is_finite() => "unbounded".into(),
        _ if value >= 1_000.0 => rounded(value),
        _ if value >= 100.0 || value.fract() == 0.0 => decimals(value, 0),
        _ if value >= 10.0 => decimals(value, 1),
        _ if value >= 0.01 => decimals(value, 2),
        _ => format!("{value:.1e}"),
    }
}

/// An amount in whole dollars: the one way in which amounts are rounded for the eye.
pub(crate) fn rounded_dollars(amount: MicroDollars) -> u64 {
    amount.micros().unsigned_abs().saturating_add(500_000) / 1_000_000
}

/// An amount in whole dollars with commas, without the sign.
pub(crate) fn whole_dollars(amount: MicroDollars) -> String {
    grouped(rounded_dollars(amount))
}

/// An amount in whole dollars: `$3,382`.
pub(crate) fn dollars(amount: MicroDollars) -> String {
    format!("${}", whole_dollars(amount))
}

/// A difference in whole dollars: `+$447`, `−$479`.
pub(crate) fn change(margin: Margin) -> String {
    let whole = margin.micros().unsigned_abs().saturating_add(500_000) / 1_000_000;
    let sign = if margin.micros() < 0 && whole > 0 { '−' } else { '+' };
    format!("{sign}${}", grouped(whole))
}

/// What one amount is above another, as the difference of the two as they are shown.
pub(crate) fn beyond(cost: MicroDollars, here: MicroDollars) -> String {
    let (cost, here) = (rounded_dollars(cost), rounded_dollars(here));
    let sign = if cost < here { '−' } else { '+' };
    format!("{sign}${}", grouped(cost.abs_diff(here)))
}

/// Two amounts and by how much the second is above the first: in whole dollars where these add up,
/// and to the cent elsewhere.
pub(crate) fn step(from: MicroDollars, to: MicroDollars) -> [String; 3] {
    let margin = (to - from).micros();
    let whole = rounded_dollars(from).abs_diff(rounded_dollars(to));
    if whole == margin.unsigned_abs().saturating_add(500_000) / 1_000_000
        && (whole == 0) == (margin == 0)
    {
        return [dollars(from), dollars(to), change(to - from)];
    }
    let (before, now) = (whole_cents(from), whole_cents(to));
    let sign = if now < before { '−' } else { '+' };
    let size = now.abs_diff(before);
    let by = format!("{sign}${}.{:02}", grouped(size / 100), size % 100);
    [format!("${}", cents(from)), format!("${}", cents(to)), by]
}

/// An amount in whole cents: the one way in which amounts are rounded to them.
pub(crate) fn whole_cents(amount: MicroDollars) -> u64 {
    amount.micros().unsigned_abs().saturating_add(5_000) / 10_000
}

/// An amount to the cent, for tables that add up: `547.31`.
pub(crate) fn cents(amount: MicroDollars) -> String {
    let cents = whole_cents(amount);
    format!("{}.{:02}", grouped(cents / 100), cents % 100)
}

/// A fraction as a percentage with at most so many decimals.
pub(crate) fn percent(fraction: f64, most: usize) -> String {
    format!("{}%", decimals(fraction * 100.0, most))
}

/// A fraction as a percentage of which something is left, however small: `12.5%`, `0.02%`.
pub(crate) fn some(fraction: f64) -> String {
    let fits = (1..=6).find(|most| decimals(fraction * 100.0, *most) != "0");
    percent(fraction, fits.unwrap_or(1))
}

/// A share of good requests as a percentage, never rounded up: `99.998%`.
pub(crate) fn good(share: f64) -> String {
    // What a quotient of counts falls short of a whole number by is no shortfall.
    percent((share * 1e5 + 1e-6).floor() / 1e5, 3)
}

/// What is left of the whole by an unavailability in parts per million, never rounded up.
pub(crate) fn availability(unavailable_ppm: f64) -> String {
    let percent = (100.0 - unavailable_ppm / 1e4).max(0.0);
    // What a difference of floating numbers falls short of a whole number by is no shortfall.
    let kept = (percent * 1e3 + 1e-6).floor() / 1e3;
    format!("{}%", decimals(kept, 3))
}

/// A unit of time for showing spans of that order: its name and its seconds.
fn time_unit(seconds: f64) -> (&'static str, f64) {
    match seconds {
        _ if seconds < 1e-3 => ("µs", 1e-6),
        _ if seconds < 1.0 => ("ms", 1e-3),
        _ if seconds < 120.0 => ("s", 1.0),
        _ if seconds < 7_200.0 => ("min", 60.0),
        _ if seconds < 172_800.0 => ("h", 3_600.0),
        _ => ("days", 86_400.0),
    }
}

/// A span of time in seconds: `24 ms`, `1.2 s`, `15 min`.
pub(crate) fn time(seconds: f64) -> String {
    if !seconds.is_finite() {
        return "unbounded".into();
    }
    if seconds <= 0.0 {
        return "0 s".into();
    }
    let (unit, size) = time_unit(seconds * (1.0 + 1e-9));
    let value = seconds / size;
    let digits = usize::from(value < 10.0);
    format!("{} {unit}", decimals(value, digits))
}

/// Two spans of time in one unit: `23.8 – 24.3 ms`.
pub(crate) fn time_range(low: f64, high: f64) -> String {
    if !low.is_finite() {
        return time(low);
    }
    if !high.is_finite() {
        return format!("{} – {}", time(low), time(high));
    }
    let (unit, size) = time_unit(high.max(1e-9) * (1.0 + 1e-9));
    let digits = usize::from(high / size < 100.0);
    let end = |seconds: f64| decimals(seconds / size, digits);
    format!("{} – {} {unit}", end(low), end(high))
}

/// A time as finely as the range that it lies in is told, which ends there.
pub(crate) fn time_within(seconds: f64, high: f64) -> String {
    if !high.is_finite() {
        return time(seconds);
    }
    let (unit, size) = time_unit(high.max(1e-9) * (1.0 + 1e-9));
    format!("{} {unit}", decimals(seconds / size, usize::from(high / size < 100.0)))
}

/// A number of bytes as traffic is billed, by thousands: `6 kB`, `24 TB`.
pub(crate) fn bytes(count: f64) -> String {
    let (unit, size) = match count {
        _ if count < 1e3 => ("B", 1.0),
        _ if count < 1e6 => ("kB", 1e3),
        _ if count < 1e9 => ("MB", 1e6),
        _ if count < 1e12 => ("GB", 1e9),
        _ => ("TB", 1e12),
    };
    let value = count / size;
    let digits = usize::from(value < 100.0);
    format!("{} {unit}", decimals(value, digits))
}

/// Gigabytes of a bill: `24.0 TB`.
pub(crate) fn gigabytes(quantity: MilliUnits) -> String {
    let gigabytes = quantity.thousandths() as f64 / 1e3;
    match gigabytes {
        _ if gigabytes < 1.0 => bytes(gigabytes * 1e9),
        _ if gigabytes < 100.0 => format!("{gigabytes:.1} GB"),
        _ if gigabytes < 1e3 => format!("{gigabytes:.0} GB"),
        _ => format!("{:.1} TB", gigabytes / 1e3),
    }
}

/// A quantity of a bill with commas and its thousandths.
pub(crate) fn quantity(quantity: MilliUnits) -> String {
    let (whole, rest) = (quantity.thousandths() / 1_000, quantity.thousandths() % 1_000);
    let rest = format!("{rest:03}");
    match rest.trim_end_matches('0') {
        "" => grouped(whole),
        rest => format!("{}.{rest}", grouped(whole)),
    }
}

/// The unit of a cost line as people write it.
pub(crate) fn unit(unit: &str) -> String {
    match unit {
        "gb" => "GB".into(),
        "gib_month" => "GiB and month".into(),
        "unit_hour" => "unit and hour".into(),
        other => other.replace('_', " "),
    }
}

/// Memory in MiB as it is sold: `8 GiB`.
pub(crate) fn mebibytes(count: f64) -> String {
    if count < 1_024.0 {
        format!("{} MiB", decimals(count, 0))
    } else if count < 1_048_576.0 {
        format!("{} GiB", decimals(count / 1_024.0, 1))
    } else {
        format!("{} TiB", decimals(count / 1_048_576.0, 1))
    }
}

/// So many of something simulated: `18.4 M`.
pub(crate) fn many(count: u64) -> String {
    match count {
        0..1_000_000 => grouped(count),
        1_000_000..1_000_000_000 => format!("{:.1} M", count as f64 / 1e6),
        _ => format!("{:.1} G", count as f64 / 1e9),
    }
}

/// A value of the ledger by the name of its entry: a port is a name that is a number.
pub(crate) fn entry(name: &str, value: &Value, unit: &str) -> String {
    match value {
        Value::Number(port) if name.rsplit('.').next() == Some("port") => decimals(*port, 3),
        _ => ledger(value, unit),
    }
}

/// A value of the ledger in its unit.
pub(crate) fn ledger(value: &Value, unit: &str) -> String {
    let number_of = match value {
        Value::Choice(word) => return word.clone(),
        Value::Number(number) => *number,
    };
    match unit {
        "s" => time(number_of),
        "ms" => time(number_of / 1e3),
        "ratio" => percent(number_of, 4),
        "B" => bytes(number_of),
        "MiB" => mebibytes(number_of),
        "/s" => format!("{}/s", number(number_of)),
        "/year" => format!("{}/year", number(number_of)),
        "count" => number(number_of),
        other => format!("{} {other}", number(number_of)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_rounded_to_the_dollar() {
        let amount = |micros| MicroDollars::new(micros).unwrap();
        assert_eq!(dollars(amount(3_382_241_120)), "$3,382");
        assert_eq!(dollars(amount(499_999)), "$0");
        assert_eq!(dollars(amount(500_000)), "$1");
        assert_eq!(cents(amount(547_313_120)), "547.31");
        assert_eq!(change(amount(1_000_000) - amount(480_000_000)), "−$479");
        assert_eq!(change(amount(0) - amount(400_000)), "+$0");
        // 7,304 and 641 are shown, and 6,664 would not be what is between them.
        assert_eq!(beyond(amount(640_600_000), amount(7_304_400_000)), "−$6,663");
        assert_eq!(beyond(amount(7_304_400_000), amount(640_600_000)), "+$6,663");
    }

    #[test]
    fn a_step_adds_up_as_it_is_told() {
        let amount = |micros| MicroDollars::new(micros).unwrap();
        let told = |from, to| step(amount(from), amount(to)).join(" ");
        assert_eq!(told(3_382_000_000, 3_499_000_000), "$3,382 $3,499 +$117");
        assert_eq!(told(819_870_000, 553_490_000), "$819.87 $553.49 −$266.38");
        assert_eq!(told(100_400_000, 100_600_000), "$100.40 $100.60 +$0.20");
        assert_eq!(told(5_000_000, 5_300_000), "$5.00 $5.30 +$0.30");
        assert_eq!(told(0, 0), "$0 $0 +$0");
        for from in (0..40_000_000).step_by(777_777) {
            for to in (0..40_000_000).step_by(999_983) {
                let number = |text: &String| -> f64 {
                    text.replace('−', "-").replace(['$', ',', '+'], "").parse().unwrap()
                };
                let told = step(amount(from), amount(to));
                let [before, now, by] = [&told[0], &told[1], &told[2]].map(number);
                assert!((now - before - by).abs() < 1e-6, "{told:?}");
            }
        }
    }

    #[test]
    fn times_take_the_unit_of_their_order() {
        let cases = [(0.024_05, "24 ms"), (0.4, "400 ms"), (1.2, "1.2 s"), (7.0, "7 s")];
        for (seconds, text) in cases {
            assert_eq!(time(seconds), text);
        }
        assert_eq!(time(0.000_5), "500 µs");
        assert_eq!(time(0.001), "1 ms");
        assert_eq!(time(900.0), "15 min");
        assert_eq!(time(f64::INFINITY), "unbounded");
        assert_eq!(time_range(0.023_8, 0.024_3), "23.8 – 24.3 ms");
        assert_eq!(time_range(0.9, 1.1), "0.9 – 1.1 s");
    }

    #[test]
    fn an_availability_is_never_overstated() {
        assert_eq!(good(0.999_999), "99.999%");
        assert_eq!(some(0.000_23), "0.02%");
        assert_eq!(some(0.125), "12.5%");
        assert_eq!(some(0.0), "0%");
        assert_eq!(good(0.999), "99.9%");
        assert_eq!(good(1.0), "100%");
        assert_eq!(availability(260.0), "99.974%");
        assert_eq!(availability(100.4), "99.989%");
        assert_eq!(availability(100.0), "99.99%");
        assert_eq!(availability(2_000_000.0), "0%");
    }

    #[test]
    fn a_port_is_no_quantity() {
        let value = Value::Number(8_080.0);
        assert_eq!(entry("services.app.port", &value, "count"), "8080");
        assert_eq!(entry("edge.port", &Value::Number(443.0), "count"), "443");
        assert_eq!(entry("demand.users", &value, "count"), "8,080");
    }

    #[test]
    fn sizes_take_the_unit_of_their_order() {
        assert_eq!(bytes(6_000.0), "6 kB");
        assert_eq!(gigabytes(MilliUnits::whole(24_027)), "24.0 TB");
        assert_eq!(quantity(MilliUnits::from_thousandths(24_027_500)), "24,027.5");
        assert_eq!(mebibytes(8_192.0), "8 GiB");
        assert_eq!(many(18_400_000), "18.4 M");
        assert_eq!(grouped(1_000_000), "1,000,000");
        assert_eq!(number(4_571.4), "4,571");
        assert_eq!(number(2.34), "2.34");
    }
}
