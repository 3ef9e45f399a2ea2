//! Whole numbers of small parts as exact decimals.

use domain::units::MicroDollars;

pub(super) use crate::figures::whole_cents;

/// A whole number of small parts as a decimal: 12500 thousandths are 12.5.
pub(super) fn decimal(parts: u64, places: u32) -> String {
    let one = 10_u64.pow(places);
    let (whole, rest) = (parts / one, parts % one);
    if rest == 0 {
        return whole.to_string();
    }
    let rest = format!("{rest:0width$}", width = places as usize);
    format!("{whole}.{}", rest.trim_end_matches('0'))
}

/// Calls a second for people: to a tenth, and exactly where there is less than one.
pub(super) fn calls(micro_rps: u64) -> String {
    if micro_rps < 1_000_000 { decimal(micro_rps, 6) } else { decimal(micro_rps / 100_000, 1) }
}

/// Calls a second to hold a rate against: as exact as a rate that is measured.
pub(super) fn rate(micro_rps: u64) -> String {
    match micro_rps {
        1_000_000..100_000_000 => decimal(micro_rps / 1_000, 3),
        _ => calls(micro_rps),
    }
}

/// A share in percent for people: to a tenth.
pub(super) fn tenths(ppm: u64) -> String {
    decimal(ppm.saturating_add(500) / 1_000, 1)
}

/// A bill in dollars to the cent, as reports round it, without commas.
pub(super) fn cents(bill: MicroDollars) -> String {
    let cents = whole_cents(bill);
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// A part of a thousand in percent: 950 is `95`, 999 is `99.9`.
pub(super) fn percent(permille: u16) -> String {
    decimal(u64::from(permille), 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_parts_are_exact_decimals() {
        assert_eq!(decimal(12_500, 3), "12.5");
        assert_eq!(decimal(12_000, 3), "12");
        assert_eq!(decimal(1, 6), "0.000001");
        assert_eq!(decimal(0, 6), "0");
        assert_eq!((percent(950), percent(999)), ("95".to_owned(), "99.9".to_owned()));
        let bills = [7_304_144_999, 7_304_145_000, 13_770_090_001]
            .map(|own| MicroDollars::new(own).expect("a bill"));
        assert_eq!(bills.map(cents), ["7304.14", "7304.15", "13770.09"]);
        let told = [4_571_428_571, 5_000_000, 999_999, 50_000].map(calls);
        assert_eq!(told, ["4571.4", "5", "0.999999", "0.05"]);
        let rates = [5_714_285_713, 99_999_999, 1_260_499, 260_499].map(rate);
        assert_eq!(rates, ["5714.2", "99.999", "1.26", "0.260499"]);
        assert_eq!([866_178, 854_959, 120_000, 0].map(tenths), ["86.6", "85.5", "12", "0"]);
    }
}
