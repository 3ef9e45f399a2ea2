//! What the command line is given: an intent in its three forms, a model, and a catalog.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use domain::catalog::Catalog;
use domain::digest::sha256_text;
use domain::intent::{Intent, Source, read_intent_given};
use domain::model::{Model, read_model};
use domain::name::Name;
use domain::plan::LatencyForm;
use domain::policy::PolicySource;
use domain::spec::Spec;
use jiff::civil::Date;
use reports::judged::Recorded;
use sha2::{Digest, Sha256};

use crate::failure::Failure;
use crate::governance;
use crate::trace::Trace;

/// What stands for standard input.
pub(crate) const STDIN: &str = "-";

/// An intent document is at most this long; the reader refuses what is longer with its own words,
/// so a little more is taken here.
const INTENT_LIMIT: u64 = 1024 * 1024 + 1;

/// A spec or a trace is at most this long.
const SPEC_LIMIT: u64 = 64 * 1024 * 1024;
/// A study is at most this long; the reader refuses what is longer with its own words, so a little
/// more is taken here.
const STUDY_LIMIT: u64 = 16 * 1024 * 1024 + 1;
/// A trace of rates is at most this long.
const TRACE_LIMIT: u64 = 16 * 1024 * 1024;

/// A file of a catalog is at most this long.
const CATALOG_LIMIT: u64 = 64 * 1024 * 1024;

/// What a command is asked about: words or a path, and what is set beside them.
pub(crate) struct Asked<'a> {
    pub(crate) intent: &'a str,
    pub(crate) settings: &'a [String],
    pub(crate) headroom: Option<&'a str>,
    pub(crate) budget: Option<&'a str>,
    /// Settings that came in by another option, with its name.
    pub(crate) further: &'a [(&'static str, String)],
    /// The files of policies.
    pub(crate) policies: &'a [PathBuf],
    /// The day on which exceptions are judged, where one is stated.
    pub(crate) on: Option<Date>,
    /// The environment that is taken of several.
    pub(crate) environment: Option<&'a str>,
}

/// An intent, or the same one in each of its environments.
pub(crate) enum Intents {
    /// Without environments, or with one that was taken.
    One(Box<ReadIntent>),
    /// In the order of the document.
    Several(Vec<(Name, ReadIntent)>),
}

/// An intent with the digest of what it was read from.
pub(crate) struct ReadIntent {
    pub(crate) intent: Intent,
    pub(crate) digest: String,
    /// The seed of the spec that the intent was taken from.
    pub(crate) seed: Option<u64>,
    /// How latencies were worked out for that spec.
    pub(crate) form: Option<LatencyForm>,
}

/// Reads the intent of a command that answers for one environment.
pub(crate) fn intent(asked: &Asked<'_>, catalog: &Catalog) -> Result<ReadIntent, Failure> {
    let given = Given::new(asked, catalog)?;
    let intent = given.complete(asked.environment, catalog)?;
    if intent.0.environments.is_empty() {
        return given.govern(intent);
    }
    let names: Vec<&str> = intent.0.environments.iter().map(Name::as_str).collect();
    Err(Failure::Environments { names: names.join(", ") })
}

/// Reads the intent of a command that answers for all environments.
pub(crate) fn intents(asked: &Asked<'_>, catalog: &Catalog) -> Result<Intents, Failure> {
    let given = Given::new(asked, catalog)?;
    let whole = given.complete(asked.environment, catalog)?;
    if whole.0.environments.is_empty() {
        return Ok(Intents::One(Box::new(given.govern(whole)?)));
    }
    let read = |name: &Name| {
        let intent = given.complete(Some(name.as_str()), catalog);
        let read = intent.and_then(|intent| given.govern(intent));
        match read {
            Ok(read) => Ok((name.clone(), read)),
            Err(cause) => Err(Failure::InEnvironment { name: name.clone(), cause: vec![cause] }),
        }
    };
    whole.0.environments.iter().map(read).collect::<Result<_, _>>().map(Intents::Several)
}

/// What the intent of a command is read from: an existing path is a file, `-` is standard input,
/// anything else is a phrase. A file is an intent document or a spec, which holds the intent that
/// it was planned from. Services that nobody described are those of the archetype.
struct Given {
    source: Source,
    /// Those that stand before an environment is taken.
    settings: Vec<String>,
    /// Those that come in by options of their own, after it.
    options: Vec<(&'static str, String)>,
    /// What a command asks beside the intent: no part of it, and not in its digest.
    further: Vec<(&'static str, String)>,
    seed: Option<u64>,
    form: Option<LatencyForm>,
    /// Those of a spec.
    policies: Vec<PolicySource>,
    /// Those of the command line.
    files: Vec<PathBuf>,
    /// The day on which exceptions are judged: that of the command line, or of a spec.
    on: Option<Date>,
}

impl Given {
    fn new(asked: &Asked<'_>, catalog: &Catalog) -> Result<Self, Failure> {
        let (mut source, mut settings) = (source(asked.intent)?, Vec::new());
        let (mut seed, mut form, mut policies) = (None, None, Vec::new());
        let mut on = asked.on;
        if let Some(spec) = described_in(&source)? {
            seed = Some(spec.provenance.seed);
            form = spec.estimates.first().map(|estimate| estimate.form);
            policies = governance::behind(&spec)?;
            on = on.or(spec.policy.on.map(|day| day.0));
            let edited = reports::spec::digest(&spec) != spec.metadata.digest;
            (source, settings) = behind(spec, asked.intent, catalog)?;
            if edited {
                return Err(Failure::EditedSpec);
            }
        }
        settings.extend_from_slice(asked.settings);
        let (options, files) = (shorthands(asked), asked.policies.to_vec());
        let further = asked.further.to_vec();
        Ok(Self { source, settings, options, further, seed, form, policies, files, on })
    }

    /// The intent in an environment, or as a whole, with the digest of what it was read from.
    fn complete(
        &self,
        environment: Option<&str>,
        catalog: &Catalog,
    ) -> Result<(Intent, String), Failure> {
        let taken = environment.map(|name| ("--environment", format!("environment={name}")));
        let (mut settings, mut options) = (self.settings.clone(), Vec::new());
        for (option, setting) in taken.into_iter().chain(self.options.iter().cloned()) {
            options.push(option);
            settings.push(setting);
        }
        let digest = digest(&self.source, &settings);
        for (option, setting) in self.further.iter().cloned() {
            options.push(option);
            settings.push(setting);
        }
        Ok((complete(&self.source, (&settings, &options), catalog)?, digest))
    }

    fn govern(&self, (intent, digest): (Intent, String)) -> Result<ReadIntent, Failure> {
        let read = ReadIntent { intent, digest, seed: self.seed, form: self.form };
        let mut policies = self.policies.clone();
        policies.extend(governance::sources(&self.files)?);
        governance::govern(read, policies, self.on)
    }
}

/// The intent of a document or phrase, with the services of the archetype where it has none.
fn complete(
    source: &Source,
    (settings, options): (&[String], &[&str]),
    catalog: &Catalog,
) -> Result<Intent, Failure> {
    let intent = read_intent_given(source, settings, options)?;
    let intent = intent.complete_among(&catalog.archetypes)?;
    intent.check_against(catalog)?;
    Ok(intent)
}

/// The intent that a spec was planned from, under the policies that it was planned under.
pub(crate) fn behind_spec(spec: &Spec, catalog: &Catalog) -> Result<Intent, Failure> {
    let policies = governance::behind(spec)?;
    let (source, settings) = behind(spec.clone(), "the spec", catalog)?;
    let intent = complete(&source, (&settings, &[]), catalog)?;
    let read = ReadIntent { intent, digest: String::new(), seed: None, form: None };
    Ok(governance::govern(read, policies, spec.policy.on.map(|day| day.0))?.intent)
}

/// The spec that a document is, if it is one.
fn described_in(source: &Source) -> Result<Option<Spec>, Failure> {
    let Source::Document { name, text } = source else { return Ok(None) };
    let is_spec = text.trim_start().starts_with('{')
        && serde_json::from_str::<serde_json::Value>(text)
            .is_ok_and(|document| document["kind"] == "Spec");
    if is_spec {
        return spec_in(name, text).map(Some);
    }
    if text.len() as u64 > INTENT_LIMIT {
        return Err(Failure::Size { path: name.into(), limit: INTENT_LIMIT });
    }
    Ok(None)
}

/// What a spec was planned from. Prices are those of the catalog at hand, so it must be the same.
fn behind(spec: Spec, name: &str, catalog: &Catalog) -> Result<(Source, Vec<String>), Failure> {
    let source = match (spec.intent.phrase, spec.intent.document) {
        (_, Some(text)) => Source::Document { name: name.to_owned(), text },
        (Some(phrase), None) => Source::Phrase(phrase),
        (None, None) => return Err(Failure::NoIntent),
    };
    if digest(&source, &spec.intent.settings) != spec.provenance.intent_digest {
        return Err(Failure::OtherIntent);
    }
    if spec.provenance.catalog.digest != catalog.digest {
        let (theirs, ours) = (spec.provenance.catalog.as_of.0, catalog.as_of);
        return Err(Failure::OtherCatalog { theirs, ours });
    }
    Ok((source, spec.intent.settings))
}

/// Reads the model of a command; the traces that it names stand beside it.
pub(crate) fn model(argument: &str) -> Result<Model, Failure> {
    let text = given(argument, INTENT_LIMIT)?;
    let folder = Path::new(argument).parent().map(Path::to_owned).unwrap_or_default();
    let trace = |file: &str| {
        let path = folder.join(file);
        let read = open(&path).and_then(|file| self::text(file, &path, TRACE_LIMIT));
        read.map_err(|failure| match failure {
            Failure::Read { cause, .. } => format!("cannot be read: {cause}"),
            Failure::Size { limit, .. } => format!("is larger than {} MiB", limit >> 20),
            _ => "is not UTF-8 text".to_owned(),
        })
    };
    Ok(read_model(&text, argument, &trace)?)
}

/// The text of a policy.
pub(crate) fn document(path: &Path) -> Result<String, Failure> {
    text(open(path)?, path, INTENT_LIMIT)
}

/// The text of a study.
pub(crate) fn study(path: &Path) -> Result<String, Failure> {
    text(open(path)?, path, STUDY_LIMIT)
}

fn source(argument: &str) -> Result<Source, Failure> {
    if argument == STDIN || Path::new(argument).exists() {
        let text = given(argument, SPEC_LIMIT)?;
        return Ok(Source::Document { name: argument.to_owned(), text });
    }
    Ok(Source::Phrase(argument.to_owned()))
}

/// Reads a spec: a path is a file, `-` is standard input.
pub(crate) fn spec(argument: &str) -> Result<Spec, Failure> {
    spec_in(argument, &given(argument, SPEC_LIMIT)?)
}

/// The spec in the text of a file, which a fault of it names.
fn spec_in(argument: &str, text: &str) -> Result<Spec, Failure> {
    let file = if argument == STDIN { "standard input" } else { argument };
    domain::spec::read(text).map_err(|cause| Failure::Spec { file: file.to_owned(), cause })
}

/// Reads a spec that is byte for byte as it was written: any other text, though it may say the
/// same, is not what was looked at and signed.
pub(crate) fn sealed(argument: &str) -> Result<Spec, Failure> {
    let text = given(argument, SPEC_LIMIT)?;
    let spec = spec_in(argument, &text)?;
    let stated = &spec.metadata.digest;
    // An older version is not the text of the spec that was read from it.
    let found = reports::spec::digest_of(&text, stated);
    if found == *stated {
        return Ok(spec);
    }
    let file = argument.to_owned();
    Err(Failure::ChangedSpec { file, stated: brief(stated), found })
}

/// A digest as it stands in a spec, short and safe whatever it is.
pub(crate) fn brief(text: &str) -> String {
    text.chars()
        .take(200)
        .map(|letter| if letter.is_ascii_graphic() { letter } else { '?' })
        .collect()
}

/// Reads a trace; what is said of it is told beside.
pub(crate) fn trace(path: &Path) -> Result<(Trace, Recorded), Failure> {
    let text = text(open(path)?, path, SPEC_LIMIT)?;
    let file = path.to_string_lossy().into_owned();
    let trace = Trace::read(&file, &text)?;
    let recorded = trace.recorded(file, sha256_text(&Sha256::digest(text.as_bytes())));
    Ok((trace, recorded))
}

/// The settings that options of the command line stand for, each with its option.
fn shorthands(asked: &Asked<'_>) -> Vec<(&'static str, String)> {
    let mut settings = Vec::new();
    if let Some(headroom) = asked.headroom {
        const OPTION: &str = "--headroom";
        settings.push((OPTION, format!("objectives.headroom.load={headroom}")));
        if headroom.trim().trim_end_matches('%').trim().parse() == Ok(0.0) {
            settings.push((OPTION, "objectives.headroom.instances_down=0".to_owned()));
        }
    }
    if let Some(budget) = asked.budget {
        settings.push(("--budget", format!("objectives.budget={budget}")));
    }
    settings
}

fn digest(source: &Source, settings: &[String]) -> String {
    let mut hasher = Sha256::new();
    let (kind, content) = match source {
        Source::Phrase(text) => ("phrase", text),
        Source::Document { text, .. } => ("document", text),
    };
    for part in [kind, content].into_iter().chain(settings.iter().map(String::as_str)) {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    sha256_text(&hasher.finalize())
}

/// The catalog of a folder, or the embedded one.
pub(crate) fn catalog(folder: Option<&Path>) -> Result<Catalog, Failure> {
    match folder {
        None => Ok(catalogs::embedded()),
        Some(folder) if folder.is_dir() && !folder.join("catalog.toml").exists() => {
            Err(Failure::NoCatalog { path: folder.to_owned() })
        }
        Some(folder) => Ok(catalogs::read(&catalog_files(folder)?)?),
    }
}

/// The files of a catalog by their path in its folder.
pub(crate) fn catalog_files(folder: &Path) -> Result<BTreeMap<String, String>, Failure> {
    let mut files = BTreeMap::new();
    let mut open_folders = vec![folder.to_owned()];
    while let Some(current) = open_folders.pop() {
        let refused = |cause| Failure::Read { path: current.clone(), cause };
        for entry in std::fs::read_dir(&current).map_err(refused)? {
            let entry = entry.map_err(refused)?;
            let path = entry.path();
            // A link could lead out of the catalog, or round in a circle.
            let kind = entry.file_type().map_err(refused)?;
            if kind.is_dir() {
                open_folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).unwrap_or(&path);
            let name: Vec<Cow<'_, str>> =
                name.components().map(|part| part.as_os_str().to_string_lossy()).collect();
            let name = name.join("/");
            if kind.is_file() && catalogs::belongs(&name) {
                files.insert(name, text(open(&path)?, &path, CATALOG_LIMIT)?);
            }
        }
    }
    Ok(files)
}

/// The text of a file, or of standard input.
fn given(argument: &str, limit: u64) -> Result<String, Failure> {
    if argument == STDIN {
        return text(io::stdin().lock(), Path::new("standard input"), limit);
    }
    let path = Path::new(argument);
    text(open(path)?, path, limit)
}

fn open(path: &Path) -> Result<File, Failure> {
    File::open(path).map_err(|cause| Failure::Read { path: path.to_owned(), cause })
}

/// At most `limit` bytes of text.
fn text(reader: impl Read, path: &Path, limit: u64) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let read = reader.take(limit + 1).read_to_end(&mut bytes);
    read.map_err(|cause| Failure::Read { path: path.to_owned(), cause })?;
    if bytes.len() as u64 > limit {
        return Err(Failure::Size { path: path.to_owned(), limit });
    }
    String::from_utf8(bytes).map_err(|_| Failure::Encoding { path: path.to_owned() })
}
