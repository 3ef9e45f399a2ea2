//! The policies that hold for an intent: those of the command line, and those that a spec was
//! planned under.

use std::path::PathBuf;

use domain::digest::sha256_text;
use domain::policy::{PolicySource, read_policies};
use domain::spec::Spec;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

use crate::failure::Failure;
use crate::input::{self, ReadIntent};

/// Reads the policies of a command line.
pub(crate) fn sources(files: &[PathBuf]) -> Result<Vec<PolicySource>, Failure> {
    let source = |path: &PathBuf| {
        let file = path.to_string_lossy().into_owned();
        Ok(source(file, input::document(path)?))
    };
    files.iter().map(source).collect()
}

/// The policies that a spec was planned under, as it holds them.
pub(crate) fn behind(spec: &Spec) -> Result<Vec<PolicySource>, Failure> {
    let documents = spec.policy.documents.iter();
    let sources: Vec<PolicySource> =
        documents.map(|own| source(own.file.clone(), own.text.clone())).collect();
    let digests = sources.iter().map(|source| &source.digest);
    if digests.eq(&spec.provenance.policy_digests) {
        Ok(sources)
    } else {
        Err(Failure::OtherPolicies)
    }
}

fn source(file: String, text: String) -> PolicySource {
    let digest = sha256_text(&Sha256::digest(text.as_bytes()));
    PolicySource { file, text, digest }
}

/// The intent under all of those policies, each once; refused where it asks for less than they
/// demand. Exceptions are judged on a day: the stated one, or else today.
pub(crate) fn govern(
    read: ReadIntent,
    sources: Vec<PolicySource>,
    on: Option<Date>,
) -> Result<ReadIntent, Failure> {
    let mut once: Vec<PolicySource> = Vec::new();
    for source in sources {
        if once.iter().all(|known| known.digest != source.digest) {
            once.push(source);
        }
    }
    let mut read = read;
    read.intent.policy = read_policies(&once)?;
    if !read.intent.policy.exceptions.is_empty() {
        read.intent.policy.on = Some(on.unwrap_or_else(today));
    }
    read.intent.policy.admit(&read.intent)?;
    Ok(read)
}

/// The day by the clock, in UTC.
fn today() -> Date {
    TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date()
}
