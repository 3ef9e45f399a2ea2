//! Numbers as messages say them: a few digits, and commas from a thousand.

/// A number that is not negative: `4,571`, `0.167`, `2e12` from a million millions on.
pub fn figure(number: f64) -> String {
    if !number.is_finite() || number >= 1e12 || (number > 0.0 && number < 1e-6) {
        return format!("{number:.0e}");
    }
    if number >= 1_000.0 {
        return grouped(&format!("{number:.0}"));
    }
    // Three digits that count, without zeros at the end.
    let decimals = (0..=8).find(|decimals| number * 10_f64.powi(*decimals) >= 99.5).unwrap_or(8);
    let text = format!("{number:.*}", usize::try_from(decimals).unwrap_or(0));
    if text.contains('.') {
        return text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    text
}

/// The digits of a whole number with a comma for every thousand: `10,000`.
pub(crate) fn grouped(digits: &str) -> String {
    let parts: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .filter_map(|digits| std::str::from_utf8(digits).ok())
        .collect();
    parts.join(",")
}

#[cfg(test)]
mod tests {
    use super::figure;

    #[test]
    fn a_figure_has_the_digits_that_count() {
        for (number, text) in [
            (1.0 / 6.0, "0.167"),
            (0.0, "0"),
            (1.0, "1"),
            (2.5, "2.5"),
            (500.0, "500"),
            (999.96, "1000"),
            (4_571.43, "4,571"),
            (457_142_857.14, "457,142,857"),
            (1e8, "100,000,000"),
            (1.5e15, "2e15"),
            (0.000_44, "0.00044"),
            (1e-9, "1e-9"),
        ] {
            assert_eq!(figure(number), text, "{number}");
        }
    }
}
