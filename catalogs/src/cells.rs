//! The cells of one row, read from left to right; what cannot be read is noted as a fault.
//!
//! A reader of a row takes every cell before it looks at any, so that all faults of the row are
//! found at once.

use csv::StringRecord;
use domain::name::Name;
use domain::offer::{Price, PriceBasis, Provider};
use domain::units::{QuantityError, UnitPrice};
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::fault::FaultKind;
use crate::table::{Line, Reading, Start};

/// No more of a cell than this is quoted, in characters.
const QUOTED: usize = 40;

/// The cells of one row.
pub(crate) struct Cells<'r> {
    reading: &'r mut Reading,
    record: &'r StringRecord,
    line: &'r Line<'r>,
    columns: &'static [&'static str],
    /// How many cells were taken.
    taken: usize,
}

impl<'r> Cells<'r> {
    /// The cells of a row that has one for each column.
    pub(crate) fn new(
        reading: &'r mut Reading,
        record: &'r StringRecord,
        line: &'r Line<'r>,
        columns: &'static [&'static str],
    ) -> Self {
        Self { reading, record, line, columns, taken: 0 }
    }

    /// Where this row begins.
    pub(crate) fn start(&self) -> Start {
        self.line.start()
    }

    /// Notes a fault of the whole row.
    pub(crate) fn add_row_fault(&mut self, kind: FaultKind) {
        let line = self.line;
        self.reading.faults.add(|| line.place(), kind);
    }

    /// Notes a fault of the cell that was taken last.
    pub(crate) fn add_fault(&mut self, kind: FaultKind) {
        let (line, column) = (self.line, self.taken.saturating_sub(1));
        self.reading.faults.add(|| line.place().cell(column), kind);
    }

    /// The next cell.
    ///
    /// # Panics
    /// When there is none: the readers take as many cells as their columns.
    fn take(&mut self) -> &'r str {
        let cell = &self.record[self.taken];
        self.taken += 1;
        cell
    }

    fn column(&self) -> &'static str {
        self.columns[self.taken - 1]
    }

    /// The next cell, unless it is empty.
    pub(crate) fn optional(&mut self) -> Option<&'r str> {
        Some(self.take()).filter(|cell| !cell.is_empty())
    }

    /// The next cell, which must not be empty.
    pub(crate) fn text(&mut self) -> Option<&'r str> {
        let cell = self.optional();
        if cell.is_none() {
            let column = self.column();
            self.add_fault(FaultKind::Empty { column });
        }
        cell
    }

    /// The next cell as a quantity, which must not be empty.
    pub(crate) fn quantity<T>(&mut self, read: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let cell = self.text()?;
        self.read(cell, read)
    }

    /// The next cell as a quantity, unless it is empty.
    pub(crate) fn optional_quantity<T>(
        &mut self,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let cell = self.optional()?;
        self.read(cell, read)
    }

    fn read<T>(&mut self, cell: &str, read: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        match read(cell) {
            Ok(quantity) => Some(quantity),
            Err(why) => {
                let (column, text) = (self.column(), quoted(cell));
                self.add_fault(FaultKind::Quantity { column, text, why });
                None
            }
        }
    }

    /// The next cell as one of several words.
    pub(crate) fn word<T: Copy>(&mut self, words: &[(&str, T)]) -> Option<T> {
        let cell = self.text()?;
        self.one_of(cell, words)
    }

    fn one_of<T: Copy>(&mut self, cell: &str, words: &[(&str, T)]) -> Option<T> {
        let found = words.iter().find(|(word, _)| *word == cell);
        if found.is_none() {
            let allowed = words.iter().map(|(word, _)| *word).collect::<Vec<_>>();
            self.add_fault(FaultKind::Word {
                column: self.column(),
                text: quoted(cell),
                allowed: allowed.join(", "),
            });
        }
        found.map(|(_, meaning)| *meaning)
    }

    /// The next cell as words with semicolons between them; it may be empty.
    pub(crate) fn words<T: Copy>(&mut self, words: &[(&str, T)]) -> Vec<T> {
        let cell = self.take();
        let parts = cell.split(';').filter(|_| !cell.is_empty());
        parts.filter_map(|part| self.one_of(part, words)).collect()
    }

    /// The next cell as a provider.
    pub(crate) fn provider(&mut self) -> Option<Provider> {
        self.word(&Provider::ALL.map(|provider| (provider.as_str(), provider)))
    }

    /// The next cell as a name.
    pub(crate) fn name(&mut self) -> Option<Name> {
        self.quantity(|cell| cell.parse().map_err(|fault| format!("{fault}")))
    }

    /// The next cell as a date that is not after the day of the catalog.
    pub(crate) fn date(&mut self) -> Option<Date> {
        let cell = self.text()?;
        let column = self.column();
        // Only the plain form: the parser would also take times and other calendars.
        let plain = cell.len() == 10;
        let Some(date) = cell.parse::<Date>().ok().filter(|_| plain) else {
            let text = quoted(cell);
            self.add_fault(FaultKind::Date { column, text });
            return None;
        };
        let as_of = self.reading.as_of;
        if date > as_of {
            self.add_fault(FaultKind::Future {
                column,
                date: date.to_string(),
                as_of: as_of.to_string(),
            });
        }
        Some(date)
    }

    /// The next three cells as a price, its basis and its date; `None` when all are empty.
    pub(crate) fn optional_price(&mut self, least: Least) -> Option<Price> {
        let column = self.columns[self.taken];
        let cells = [self.taken, self.taken + 1, self.taken + 2];
        let empty = cells.map(|at| self.record[at].is_empty());
        if empty == [true; 3] {
            self.taken += 3;
            return None;
        }
        if empty.contains(&true) {
            self.taken += 3;
            self.add_fault(FaultKind::IncompletePrice { column });
            return None;
        }
        let unit_price = self.quantity(|cell| unit_price(cell, least));
        let basis = self
            .word(&[("published", PriceBasis::Published), ("estimated", PriceBasis::Estimated)]);
        let as_of = self.date();
        self.reading.newest = self.reading.newest.max(as_of);
        Some(Price { unit_price: unit_price?, as_of: as_of?, basis: basis? })
    }

    /// The next three cells as a price, its basis and its date.
    pub(crate) fn price(&mut self, least: Least) -> Option<Price> {
        let column = self.columns[self.taken];
        let given = !self.record[self.taken].is_empty();
        let price = self.optional_price(least);
        if !given && price.is_none() {
            self.add_fault(FaultKind::Empty { column });
        }
        price
    }

    /// The next cell as keys of sources with semicolons between them.
    pub(crate) fn sources(&mut self) {
        let Some(cell) = self.text() else { return };
        for key in cell.split(';') {
            if !self.reading.sources.contains_key(key) {
                let key = quoted(key);
                self.add_fault(FaultKind::UnknownSource { key });
            }
        }
    }

    /// Checks that rows stand in the order of their keys and that none is there twice.
    pub(crate) fn follows<const N: usize>(
        &mut self,
        last: &mut Option<[String; N]>,
        key: [String; N],
        repeats: bool,
    ) {
        if let Some(before) = last.as_ref() {
            if *before == key && !repeats {
                let what = key.join(" ");
                self.add_row_fault(FaultKind::Duplicate { what });
            } else if *before > key {
                let (what, before) = (key.join(" "), before.join(" "));
                self.add_row_fault(FaultKind::Order { what, before });
            }
        }
        *last = Some(key);
    }
}

/// Whether a price may be nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Least {
    /// Something that the provider says it does not charge for.
    Free,
    /// Everything else: an unknown price is left empty, never zero.
    AboveZero,
}

fn unit_price(cell: &str, least: Least) -> Result<UnitPrice, String> {
    let price: UnitPrice = cell.parse().map_err(|fault| is(&fault))?;
    if least == Least::AboveZero && price.dollars().is_zero() {
        return Err("is zero; leave an unknown price empty".into());
    }
    Ok(price)
}

/// A whole number from `least` to `most`.
pub(crate) fn whole(cell: &str, least: u64, most: u64) -> Result<u64, String> {
    let digits = cell.bytes().all(|byte| byte.is_ascii_digit());
    let number = cell.parse::<u64>().ok().filter(|_| digits);
    number
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| format!("is not a whole number from {least} to {most}"))
}

/// A decimal above zero, in thousandths, at most `most` whole ones.
pub(crate) fn thousandths(cell: &str, most: u64) -> Result<u64, String> {
    let wrong = || format!("is not a number from 0.001 to {most} with at most 3 decimals");
    let number = Decimal::from_str_exact(cell).map_err(|_| wrong())?;
    let scaled = number
        .checked_mul(Decimal::from(1_000))
        .filter(|scaled| scaled.fract().is_zero())
        .ok_or_else(wrong)?;
    u64::try_from(scaled)
        .ok()
        .filter(|scaled| (1..=most * 1_000).contains(scaled))
        .ok_or_else(wrong)
}

/// A fault of a quantity as the end of a sentence.
pub(crate) fn is(fault: &QuantityError) -> String {
    format!("is {fault}")
}

fn quoted(cell: &str) -> String {
    let mut quoted: String = cell.chars().take(QUOTED).collect();
    if quoted.len() < cell.len() {
        quoted.push('…');
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousandths_are_exact_and_bounded() {
        assert_eq!(thousandths("0.25", 10), Ok(250));
        assert_eq!(thousandths("10", 10), Ok(10_000));
        for wrong in ["0", "-1", "10.001", "0.0001", "NaN", "1e400", "", "99999999999999999999"] {
            assert!(thousandths(wrong, 10).is_err(), "{wrong}");
        }
    }

    #[test]
    fn whole_numbers_are_plain_digits() {
        assert_eq!(whole("7", 1, 9), Ok(7));
        for wrong in ["0", "10", "+7", "7.0", " 7", "-7", "", "99999999999999999999999"] {
            assert!(whole(wrong, 1, 9).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_long_cell_is_quoted_in_part() {
        assert_eq!(quoted("short"), "short");
        assert_eq!(quoted(&"é".repeat(50)).chars().count(), QUOTED + 1);
    }
}
