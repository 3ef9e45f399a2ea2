//! Amounts of US dollars a month, and unit prices.

use rust_decimal::Decimal;

use super::super::read::{ReadError, Reading, expanded, float, split};
use super::super::{MicroDollars, QuantityError, UnitPrice};

/// No budget is larger than a billion dollars a month.
const LARGEST: u64 = 1_000_000_000;

/// An amount without the marks of its currency, and whether there was one.
fn without_currency(text: &str) -> (&str, bool) {
    let text = text.trim();
    for mark in ["US$", "USD", "$"] {
        if let Some(head) = text.get(..mark.len())
            && head.eq_ignore_ascii_case(mark)
        {
            return (text[mark.len()..].trim_start(), true);
        }
    }
    (text, false)
}

/// What stands after the number: whether it names the currency, and what is left of it.
fn after_number(unit: &str) -> (bool, &str) {
    for name in ["us dollars", "dollars", "dollar", "usd", "$"] {
        if let Some(rest) = unit.strip_prefix(name) {
            return (true, rest.trim_start());
        }
    }
    (false, unit)
}

/// An amount a month: "3000 USD/month", "$3000", "3k USD"; of "36k USD/year" a twelfth.
impl Reading for MicroDollars {
    fn read(text: &str) -> Result<Self, ReadError> {
        let (stripped, marked) = without_currency(text);
        let (number, unit) = split(&expanded(stripped), "3000 USD/month")?;
        let unit = unit.to_ascii_lowercase();
        let (named, period) = after_number(&unit);
        let monthly = ["", "/month", "/mo", "a month", "per month", "monthly"];
        let yearly = ["/year", "/yr", "a year", "per year", "yearly", "annually"];
        let of_a_year = yearly.contains(&period);
        if !monthly.contains(&period) && !of_a_year {
            return Err(ReadError::WrongUnit {
                unit: period.to_owned(),
                quantity: "a monthly budget",
                example: "3000 USD/month",
            });
        }
        if !marked && !named {
            let suggestion = format!("{number} USD/month");
            return Err(ReadError::MissingUnit { suggestion });
        }
        if number > Decimal::from(LARGEST) {
            let (value, limit) = (float(number), LARGEST as f64);
            return Err(QuantityError::TooLarge { value, limit }.into());
        }
        let micros = number * Decimal::from(1_000_000);
        if !micros.fract().is_zero() {
            return Err(ReadError::TooFine("a millionth of a dollar"));
        }
        // A twelfth, rounded down: a limit is never widened.
        let micros = if of_a_year { (micros / Decimal::from(12)).floor() } else { micros };
        let micros = i64::try_from(micros).map_err(|_| QuantityError::NotANumber)?;
        Ok(Self::new(micros)?)
    }
}

/// The price of one unit: "0.0225 USD".
impl Reading for UnitPrice {
    fn read(text: &str) -> Result<Self, ReadError> {
        let (stripped, _) = without_currency(text);
        let (number, unit) = split(stripped, "0.0225 USD")?;
        if !matches!(unit.to_ascii_lowercase().as_str(), "" | "usd") {
            return Err(ReadError::WrongUnit { unit, quantity: "a price", example: "0.0225 USD" });
        }
        Ok(Self::new(number)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_an_amount_a_month() {
        for (text, dollars) in [
            ("$1500", 1_500),
            ("$1,500/month", 1_500),
            ("20000 USD/month", 20_000),
            ("$3k/mo", 3_000),
            ("3k USD", 3_000),
            ("2000 dollars per month", 2_000),
            ("USD 500 a month", 500),
            ("500$", 500),
            ("1.5M USD", 1_500_000),
            ("$6,000/yr", 500),
            ("72k USD per year", 6_000),
        ] {
            let amount = MicroDollars::from_dollars(dollars);
            assert_eq!(MicroDollars::read(text), Ok(amount), "{text}");
        }
    }

    #[test]
    fn what_is_no_budget_is_refused() {
        assert!(matches!(MicroDollars::read("1500"), Err(ReadError::MissingUnit { .. })));
        for text in ["1500 EUR", "1500 USD/week", "1500 usdusd", "$5/fortnight"] {
            assert!(matches!(MicroDollars::read(text), Err(ReadError::WrongUnit { .. })), "{text}");
        }
        for text in ["$-5", "1e10 USD", "$1e27"] {
            assert!(matches!(MicroDollars::read(text), Err(ReadError::OutOfRange(_))), "{text}");
        }
        assert!(matches!(MicroDollars::read("$0.0000001"), Err(ReadError::TooFine(_))));
        assert_eq!(MicroDollars::read("$100/year").unwrap().micros(), 8_333_333);
        assert!(MicroDollars::read("$").is_err());
        assert!(MicroDollars::read("-$5").is_err());
    }

    #[test]
    fn a_unit_price_is_exact() {
        assert_eq!(UnitPrice::read("0.0225 USD").unwrap().dollars(), Decimal::new(225, 4));
        assert_eq!(UnitPrice::read("$3e-8").unwrap().dollars(), Decimal::new(3, 8));
        assert!(UnitPrice::read("0.02 EUR").is_err());
    }
}
