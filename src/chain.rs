//! The audit chain: a file of JSON lines, each with the hash of the line before.
//!
//! A line that was changed, taken out or moved breaks the chain where it stood. Lines that were cut
//! off at the end leave a chain that holds: only who kept the last hash, or the count, can tell.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use domain::digest::sha256_text;
use domain::record::Record;
use jiff::Timestamp;
use miette::Diagnostic;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::failure::Failure;

/// No record is as long.
const LINE: u64 = 1 << 20;

/// Why a chain does not hold; the lines before that one do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Diagnostic)]
pub enum ChainFault {
    /// A line is not as it was written.
    #[error("{file}, line {line}: {what}")]
    #[diagnostic(
        code(audit::changed),
        help("the line is not as it was written; the lines before it are")
    )]
    Changed {
        /// Which.
        file: String,
        /// From 1.
        line: u64,
        /// How that is seen.
        what: String,
    },
    /// A line does not follow upon the one before.
    #[error("{file}, line {line}: it follows upon another line than the one before it")]
    #[diagnostic(code(audit::order), help("a line was taken out, put in or moved right here"))]
    Order {
        /// Which.
        file: String,
        /// From 1.
        line: u64,
    },
    /// The last line is not complete.
    #[error("{file}, line {line}: it does not end")]
    #[diagnostic(code(audit::unfinished), help("the line was cut while or after it was written"))]
    Unfinished {
        /// Which.
        file: String,
        /// From 1.
        line: u64,
    },
    /// The chain ends elsewhere than it should.
    #[error("{file}, line {line}: the chain ends there, with {found}, and not with {expected}")]
    #[diagnostic(code(audit::last), help("lines were cut off at the end, or added"))]
    Last {
        /// Which.
        file: String,
        /// The last line; 0 where there is none.
        line: u64,
        /// How it ends.
        found: String,
        /// How it should end.
        expected: String,
    },
}

/// A chain that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holds {
    /// How many lines it has.
    pub lines: u64,
    /// The hash of the last one.
    pub last: String,
}

/// The hash before the first line.
fn nothing() -> String {
    sha256_text(&[0; 32])
}

/// Verifies a chain line by line.
///
/// # Errors
/// The first line that is not as it was written or does not follow upon the one before.
pub fn verify(file: &str, text: impl Read) -> Result<Holds, ChainFault> {
    let mut reader = BufReader::new(text);
    let mut holds = Holds { lines: 0, last: nothing() };
    loop {
        let (line, file) = (holds.lines + 1, file.to_owned());
        let mut bytes = Vec::new();
        let changed = |what: String| ChainFault::Changed { file: file.clone(), line, what };
        let read = reader.by_ref().take(LINE).read_until(b'\n', &mut bytes);
        if read.map_err(|cause| changed(format!("it cannot be read: {cause}")))? == 0 {
            return Ok(holds);
        }
        if bytes.pop() != Some(b'\n') {
            return Err(ChainFault::Unfinished { file, line });
        }
        let record = recorded(&bytes).map_err(changed)?;
        if record.previous != holds.last {
            return Err(ChainFault::Order { file, line });
        }
        holds = Holds { lines: line, last: record.hash };
    }
}

/// A line as it was written.
fn recorded(bytes: &[u8]) -> Result<Record, String> {
    let none = |_| "it is not a record".to_owned();
    let record: Record = serde_json::from_slice(bytes).map_err(none)?;
    if hash(&record) != record.hash {
        return Err("its hash is another one".to_owned());
    }
    if canonical(&record).as_bytes() != bytes {
        return Err("it is laid out in another way".to_owned());
    }
    Ok(record)
}

/// `sha256:` of a record without its own hash.
fn hash(record: &Record) -> String {
    let mut value = serde_json::to_value(record).expect("a record is JSON");
    if let Some(parts) = value.as_object_mut() {
        parts.remove("hash");
    }
    let mut text = String::new();
    write_sorted(&value, &mut text);
    sha256_text(&Sha256::digest(text.as_bytes()))
}

/// The only text of a record: keys in the order of the letters, and no space between them.
fn canonical(record: &Record) -> String {
    let value = serde_json::to_value(record).expect("a record is JSON");
    let mut text = String::new();
    write_sorted(&value, &mut text);
    text
}

fn write_sorted(value: &Value, text: &mut String) {
    match value {
        Value::Object(parts) => {
            let mut keys: Vec<&String> = parts.keys().collect();
            keys.sort_unstable();
            for (at, key) in keys.into_iter().enumerate() {
                text.push(if at == 0 { '{' } else { ',' });
                text.push_str(&Value::from(key.as_str()).to_string());
                text.push(':');
                write_sorted(&parts[key], text);
            }
            text.push_str(if parts.is_empty() { "{}" } else { "}" });
        }
        Value::Array(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                write_sorted(item, text);
            }
            text.push(']');
        }
        leaf => text.push_str(&leaf.to_string()),
    }
}

/// A file that a line is to be added to.
pub(crate) struct Chain {
    path: PathBuf,
}

impl Chain {
    /// Looks whether the chain holds, before any work is done that it is to record.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let chain = Self { path: path.to_owned() };
        if path.exists() {
            let refused = |cause| Failure::Read { path: path.to_owned(), cause };
            verify(&chain.name(), File::open(path).map_err(refused)?)?;
        }
        Ok(chain)
    }

    fn name(&self) -> String {
        self.path.to_string_lossy().into_owned()
    }

    /// Adds a line, while nobody else does.
    pub(crate) fn append(&self, record: Record) -> Result<(), Failure> {
        let refused = |cause| Failure::Write { path: self.path.clone(), cause };
        let options = OpenOptions::new().read(true).append(true).create(true).clone();
        let mut file = options.open(&self.path).map_err(refused)?;
        file.lock().map_err(refused)?;
        file.seek(SeekFrom::Start(0)).map_err(refused)?;
        let holds = verify(&self.name(), &file)?;
        let mut record = Record { time: now(), previous: holds.last, ..record };
        record.hash = hash(&record);
        let line = format!("{}\n", canonical(&record));
        file.write_all(line.as_bytes()).and_then(|()| file.sync_all()).map_err(refused)
    }
}

/// The moment, to the second.
fn now() -> String {
    let now = Timestamp::now().as_second();
    Timestamp::from_second(now).map_or_else(|_| String::new(), |now| now.to_string())
}

/// The day, in UTC.
pub(crate) fn today() -> jiff::civil::Date {
    Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}
