//! Reads a model document: YAML, of which JSON is a part, with everything bounded beforehand.

use super::Model;
use super::walk::Reader;
use crate::intent::Faults;
use crate::intent::faults::Noted;
use crate::intent::text::{Form, Texts};
use crate::intent::yaml;

/// How the files that a model names are read: what stands in one, or in words why it cannot be
/// read, such as "cannot be read: permission denied".
pub type Traces<'a> = &'a dyn Fn(&str) -> Result<String, String>;

/// Reads a document; `name` is its file name, for messages.
///
/// # Errors
/// All faults at once, each with line and column, a code and what to do.
pub fn read_model(text: &str, name: &str, traces: Traces<'_>) -> Result<Model, Faults> {
    let (mut texts, mut noted) = (Texts::default(), Noted::default());
    let place = texts.add(Form::Model, name, text);
    let root = yaml::tree(text, texts.whole(place), &mut noted);
    let model = Reader::new(&mut noted, traces).model(&root);
    match model {
        Some(model) if noted.is_empty() => Ok(model),
        _ => Err(noted.into_faults(&texts)),
    }
}
