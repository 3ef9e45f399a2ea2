//! Tables: files of comma-separated values with stated columns, read row by row.

use std::collections::BTreeMap;

use csv::{ReaderBuilder, StringRecord};
use jiff::civil::Date;

use crate::cells::Cells;
use crate::fault::{CatalogFaults, FaultKind};
use crate::place::Place;
use crate::sources::Source;

/// The files of a catalog by path.
pub(crate) type Files<'a> = BTreeMap<&'a str, &'a str>;

/// No catalog has more rows than this.
pub(crate) const ROWS_MAX: usize = 200_000;

/// What is known while the tables are read.
pub(crate) struct Reading {
    /// What was wrong so far.
    pub(crate) faults: CatalogFaults,
    /// No row may be dated later.
    pub(crate) as_of: Date,
    /// The newest date of a price so far.
    pub(crate) newest: Option<Date>,
    /// The keys that rows may name.
    pub(crate) sources: BTreeMap<String, Source>,
    /// Rows so far, over all tables.
    rows: usize,
}

impl Reading {
    /// Nothing read so far.
    pub(crate) fn new(
        as_of: Date,
        sources: BTreeMap<String, Source>,
        faults: CatalogFaults,
    ) -> Self {
        Self { faults, as_of, newest: None, sources, rows: 0 }
    }

    /// Reads a table that every catalog has; `each` gets one row after the other.
    pub(crate) fn required(
        &mut self,
        files: &Files<'_>,
        file: &str,
        columns: &'static [&'static str],
        each: impl FnMut(&mut Cells<'_>),
    ) {
        match files.get(file) {
            Some(text) => self.table(file, text, columns, each),
            None => self.faults.add(|| Place::file(file), FaultKind::MissingFile),
        }
    }

    /// Reads a table that a catalog may lack.
    pub(crate) fn optional(
        &mut self,
        files: &Files<'_>,
        file: &str,
        columns: &'static [&'static str],
        each: impl FnMut(&mut Cells<'_>),
    ) {
        if let Some(text) = files.get(file) {
            self.table(file, text, columns, each);
        }
    }

    /// Reads a table; `each` gets one row after the other.
    pub(crate) fn table(
        &mut self,
        file: &str,
        text: &str,
        columns: &'static [&'static str],
        mut each: impl FnMut(&mut Cells<'_>),
    ) {
        let mut reader =
            ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let mut record = StringRecord::new();
        let mut first = true;
        loop {
            let line = Line::at(file, text, &reader);
            match reader.read_record(&mut record) {
                Ok(false) if first => return self.add_columns_fault(&line, columns),
                Ok(false) => return,
                Err(fault) => {
                    // The text is UTF-8 and rows may be of any length, so nothing is left to fail.
                    let message = fault.to_string();
                    return self.faults.add(|| line.place(), FaultKind::Row { message });
                }
                Ok(true) => {}
            }
            if first {
                first = false;
                if record != *columns {
                    return self.add_columns_fault(&line, columns);
                }
            } else if !self.row(&record, &line, columns, &mut each) {
                return;
            }
        }
    }

    /// One row; `false` when no more are read.
    fn row(
        &mut self,
        record: &StringRecord,
        line: &Line<'_>,
        columns: &'static [&'static str],
        each: &mut impl FnMut(&mut Cells<'_>),
    ) -> bool {
        self.rows += 1;
        if self.rows > ROWS_MAX {
            if self.rows == ROWS_MAX + 1 {
                let limit = ROWS_MAX;
                self.faults.add(|| line.place(), FaultKind::TooManyRows { limit });
            }
            return false;
        }
        if record.len() == columns.len() {
            each(&mut Cells::new(self, record, line, columns));
        } else {
            let message = format!(
                "the row has {} cells where there are {} columns",
                record.len(),
                columns.len()
            );
            self.faults.add(|| line.place(), FaultKind::Row { message });
        }
        true
    }

    fn add_columns_fault(&mut self, line: &Line<'_>, columns: &[&str]) {
        let expected = columns.join(",");
        self.faults.add(|| line.place(), FaultKind::Columns { expected });
    }
}

/// Where a row begins; its text is cut out only when there is a fault to show.
pub(crate) struct Line<'a> {
    file: &'a str,
    text: &'a str,
    start: Start,
}

/// The beginning of a row within its file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Start {
    /// Offset in bytes.
    offset: usize,
    /// Line, from 1.
    number: usize,
}

impl<'a> Line<'a> {
    /// A row of a file that begins there.
    pub(crate) const fn new(file: &'a str, text: &'a str, start: Start) -> Self {
        Self { file, text, start }
    }

    fn at(file: &'a str, text: &'a str, reader: &csv::Reader<&[u8]>) -> Self {
        let position = reader.position();
        let start = Start {
            offset: usize::try_from(position.byte()).unwrap_or(usize::MAX),
            number: usize::try_from(position.line()).unwrap_or(usize::MAX),
        };
        Self::new(file, text, start)
    }

    /// Where it begins.
    pub(crate) const fn start(&self) -> Start {
        self.start
    }

    /// The place of the whole line; empty lines before it are skipped.
    pub(crate) fn place(&self) -> Place {
        let rest = self.text.get(self.start.offset..).unwrap_or_default();
        let row = rest.trim_start_matches(['\r', '\n']);
        let skipped = rest[..rest.len() - row.len()].matches('\n').count();
        Place::line(self.file, self.start.number + skipped, row)
    }
}
