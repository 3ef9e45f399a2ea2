//! Laws of quantities: units are names of the same thing, and a bill adds up.

use plimsoll::check;
use serde_json::{Value, json};

use super::systems::System;
use super::{CASES, CASES_SOLVED, Cheapest, changed, cheapest, demand, planned};
use crate::support::Draw;
use crate::support::document::{json_of, read};
use domain::objective::{Budget, Load};
use domain::units::{MicroDollars, RequestsPerSecond};

/// Law 14: The same quantities in other units make the same plan. Needs: the other unit says
/// exactly as much; a budget of a year is twelve of a month.
#[test]
fn other_units_are_the_same_plan() {
    let mut planned = 0;
    let mut rewritten = 0;
    for case in &*CASES_SOLVED {
        let mut draw = Draw::new(0x1400_0000 + case.seed);
        let system = changed(&case.system, |intent| {
            if let Some(own) = case.cheapest.as_ref().filter(|_| case.seed.is_multiple_of(2)) {
                let dollars = u32::try_from(own.cost().micros() / 1_000_000 + 1).unwrap();
                let expected = Some(MicroDollars::from_dollars(dollars));
                intent.objectives.budget = Budget { expected, ceiling: None };
            }
            if case.seed.is_multiple_of(3) {
                let rate = RequestsPerSecond::of(f64::from(draw.whole(20, 300)));
                intent.objectives.load = Some(Load::Rate(rate));
            }
        });
        let document = json_of(&system.intent);
        let mut other = document.clone();
        rewritten += rewrite(&mut draw, "", &mut other);
        let plans = [&document, &other].map(|document| {
            let intent = read(&document.to_string());
            cheapest(&System { intent, ..system.clone() })
        });
        let [own, other] = plans.each_ref().map(Option::as_ref);
        assert!(own == other, "seed {}: {:?} and {:?}", case.seed, costs(own), costs(other));
        // What is read is what was meant, but for the last bits of its times.
        let meant = cheapest(&system);
        let machines = [own, meant.as_ref()].map(|of| of.map(Cheapest::machines));
        assert!(machines[0] == machines[1], "seed {}: read otherwise", case.seed);
        planned += u64::from(own.is_some());
    }
    assert!(planned * 4 >= CASES * 3, "only {planned}");
    assert!(rewritten >= 5 * CASES, "only {rewritten} quantities in another unit");
}

fn costs(of: Option<&Cheapest>) -> Option<MicroDollars> {
    of.map(Cheapest::cost)
}

/// Writes the quantities of a document in other units, and counts them.
fn rewrite(draw: &mut Draw, key: &str, value: &mut Value) -> u64 {
    match value {
        Value::Object(parts) => {
            parts.iter_mut().map(|(key, value)| rewrite(draw, key, value)).sum()
        }
        Value::Array(items) => items.iter_mut().map(|item| rewrite(draw, key, item)).sum(),
        Value::String(text) => {
            let Some(other) = in_another_unit(draw, key, text) else { return 0 };
            *value = json!(other);
            1
        }
        _ => 0,
    }
}

/// The same quantity in another unit; `None` for what is no quantity with a unit.
fn in_another_unit(draw: &mut Draw, key: &str, text: &str) -> Option<String> {
    let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.');
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    let second = draw.chance(0.5);
    Some(match unit {
        "ms" if second => format!("{} s", shifted(number, -3)),
        "ms" => format!("{}us", shifted(number, 3)),
        "%" => format!("{number} percent"),
        "MiB" => {
            let count: u64 = number.parse().ok()?;
            if second { format!("{}KiB", count << 10) } else { format!("{}B", count << 20) }
        }
        " USD/month" => {
            let dollars: u64 = number.strip_suffix(".000000")?.parse().ok()?;
            if second { format!("${} per year", dollars * 12) } else { format!("${dollars}") }
        }
        " B" | "B" if second => format!("{}kB", shifted(number, -3)),
        " B" | "B" => format!("{number} bytes"),
        "" if key == "requests_per_second" => {
            let rate: u64 = number.parse().ok()?;
            if second { format!("{} req/min", rate * 60) } else { format!("{}/h", rate * 3_600) }
        }
        _ => return None,
    })
}

/// A decimal times a power of ten, digit by digit.
fn shifted(number: &str, power: i32) -> String {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let zeros = "0".repeat(power.unsigned_abs() as usize);
    let places = zeros.len() + whole.len();
    let point = places.checked_add_signed(power as isize).expect("there are zeros enough");
    let digits = format!("{zeros}{whole}{part}{zeros}");
    let (whole, part) = digits.split_at(point);
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    if part.is_empty() { whole.to_owned() } else { format!("{whole}.{part}") }
}

/// Law 17: The bill, recomputed from what is bought, in whole numbers, is the reported cost. Needs:
/// nothing; quantities are thousandths of a unit, prices decimals, and each line is rounded once,
/// half to even. What each line must be is worked out once more by `plimsoll::check`.
#[test]
fn the_bill_recomputed_in_whole_numbers_is_the_cost() {
    let mut lines = 0;
    for (case, own) in planned() {
        let bill = &own.plan.bill;
        let sum: i128 = bill
            .lines
            .iter()
            .map(|line| {
                let price = line.unit_price.to_string();
                let amount = amount(&price, line.quantity.expected.thousandths());
                assert_eq!(amount, line.amount.expected.micros().into(), "{line:?}");
                amount
            })
            .sum();
        assert_eq!(sum, own.cost().micros().into(), "seed {}", case.seed);
        let faults = check::faults(&demand(&case.system), &own.plan, &case.system.catalog);
        assert!(faults.is_empty(), "seed {}: {faults:?}", case.seed);
        lines += bill.lines.len() as u64;
    }
    assert!(lines >= CASES * 5, "only {lines}");
}

/// Thousandths of a unit at a price for one, in micro-dollars, half to even.
fn amount(price: &str, thousandths: u64) -> i128 {
    let (whole, part) = price.split_once('.').unwrap_or((price, ""));
    let digits: i128 = format!("{whole}{part}").parse().expect("a price is a decimal");
    let scale = part.chars().fold(1, |scale, _| scale * 10);
    let exact = digits * i128::from(thousandths) * 1_000;
    let (below, rest) = (exact / scale, exact % scale);
    let up = 2 * rest > scale || 2 * rest == scale && below % 2 == 1;
    below + i128::from(up)
}
