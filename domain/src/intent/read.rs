//! Intents from what a command line is given: a phrase or a document, and settings.

use super::environments;
use super::fault::IntentFault;
use super::faults::{Faults, Noted};
use super::phrase::{self, Statement};
use super::setting::{self, Setting};
use super::text::{Form, Texts};
use super::tree::Node;
use super::walk::Walker;
use super::{Intent, graph, shorthand, yaml};
use std::collections::{BTreeMap, BTreeSet};

/// More settings than this are no command line.
const SETTINGS: usize = 1_000;

/// Where an intent comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// One line of plain words.
    Phrase(String),
    /// A document.
    Document {
        /// Its file name, for messages.
        name: String,
        /// What stands in it.
        text: String,
    },
}

/// What an intent was read from: kept for faults that are found later, and for the settings of
/// services that an archetype supplies.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Described {
    pub(super) texts: Texts,
    pub(super) root: Option<Node>,
    pub(super) pending: Vec<Setting>,
    source: Option<Source>,
    settings: Vec<String>,
}

impl Described {
    /// The phrase or document; `None` for an intent that was not read.
    pub const fn source(&self) -> Option<&Source> {
        self.source.as_ref()
    }

    /// The settings that came with it, each of the form `PATH=VALUE`.
    pub fn settings(&self) -> &[String] {
        &self.settings
    }
}

/// Reads an intent and applies the settings, each of the form `PATH=VALUE`.
///
/// A setting of a service or class while none is described waits for [`Intent::complete`].
///
/// # Errors
/// All faults at once, each with its place, a code and what to do.
pub fn read_intent(source: &Source, settings: &[String]) -> Result<Intent, Faults> {
    read_intent_given(source, settings, &[])
}

/// The same, where the last settings came in by options of their own: faults name those.
///
/// # Errors
/// As for [`read_intent`].
pub fn read_intent_given(
    source: &Source,
    settings: &[String],
    options: &[&str],
) -> Result<Intent, Faults> {
    let (mut texts, mut noted) = (Texts::default(), Noted::default());
    let (form, mut root, statements) = tree(source, &mut texts, &mut noted);
    shorthand::expand(&mut root, &texts, &mut noted);
    let read = read_settings((settings, options), &mut texts, &mut noted);
    let (pending, taken) = apply(read, (&mut root, &texts), &mut noted);
    shorthand::expand(&mut root, &texts, &mut noted);
    environments::expand(&mut root, &texts, &mut noted);
    let mut walker = Walker::new(&texts, &mut noted, BTreeMap::new());
    let mut intent = walker.intent(&root, form);
    let edges = std::mem::take(&mut walker.edges);
    graph::check(&intent, &edges, &root, &mut noted);
    if let Some(name) = &taken {
        environments::check_label(name, &root, &mut noted);
    }
    if !noted.is_empty() {
        let understood = understood(&statements, &noted);
        let faults = noted.into_faults(&texts);
        return Err(Faults { understood, ..faults });
    }
    if let Some(name) = taken {
        intent.environment = intent.environments.iter().find(|own| own.as_str() == name).cloned();
        intent.environments.clear();
    }
    if let Source::Phrase(text) = source {
        intent.phrase = Some(text.clone());
    }
    let (root, source) = (Some(root), Some(source.clone()));
    intent.described = Described { texts, root, pending, source, settings: settings.to_vec() };
    Ok(intent)
}

fn tree(source: &Source, texts: &mut Texts, noted: &mut Noted) -> (Form, Node, Vec<Statement>) {
    match source {
        Source::Phrase(text) => {
            let place = texts.add(Form::Phrase, "", text);
            let place = texts.whole(place);
            let (root, statements) = phrase::tree(text, texts, place, noted);
            (Form::Phrase, root, statements)
        }
        Source::Document { name, text } => {
            let place = texts.add(Form::Document, name, text);
            let root = yaml::tree(text, texts.whole(place), noted);
            (Form::Document, root, Vec::new())
        }
    }
}

/// Reads the settings; a path that is set twice is a fault.
fn read_settings(
    (settings, options): (&[String], &[&str]),
    texts: &mut Texts,
    noted: &mut Noted,
) -> Vec<Setting> {
    let mut read: Vec<Setting> = Vec::new();
    let mut seen = BTreeSet::new();
    let plain = settings.len().saturating_sub(options.len());
    for (at, content) in settings.iter().enumerate() {
        let option = at.checked_sub(plain).and_then(|at| options.get(at));
        let text = texts.add(Form::Setting, option.unwrap_or(&"--set"), content);
        if read.len() >= SETTINGS {
            let help = "write them into a document";
            noted.add(IntentFault::TooLarge, texts.whole(text), "too many settings", help);
            break;
        }
        let Some(setting) = setting::read(text, texts, noted) else {
            continue;
        };
        if !seen.insert(setting.name()) {
            let message = format!("{} is set twice", setting.name());
            noted.add(IntentFault::StatedTwice, setting.place(), message, "keep one of them");
        }
        read.push(setting);
    }
    read
}

/// Applies what can be applied, in the order given; what concerns services that nobody described is
/// given back, and the environment that was taken.
///
/// What is set before an environment is taken is set for all of them, and the environment's own
/// values win; what is set after it is set for that one.
fn apply(
    settings: Vec<Setting>,
    (root, texts): (&mut Node, &Texts),
    noted: &mut Noted,
) -> (Vec<Setting>, Option<String>) {
    let (mut pending, mut taken) = (Vec::new(), None);
    for setting in settings {
        if let Some((name, place)) = setting.taken() {
            if environments::take((name, place), root, texts, noted) {
                taken = Some(name.to_owned());
            }
            continue;
        }
        let first = setting.path[0].0.as_str();
        let described = root.child("services").is_some() || root.child(first).is_some();
        if matches!(first, "services" | "requests") && !described {
            pending.push(setting);
        } else {
            setting.apply(root, noted);
        }
    }
    (pending, taken)
}

/// What a phrase states that is not at fault.
fn understood(statements: &[Statement], noted: &Noted) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    for statement in statements {
        if !noted.touches(statement.place) && !labels.contains(&statement.label) {
            labels.push(statement.label.clone());
        }
    }
    labels
}
