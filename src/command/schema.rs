//! `plimsoll schema`: the JSON Schemas of the documents.

use crate::arguments::SchemaKind;
use crate::screen;

pub(super) fn run(kind: SchemaKind) {
    match kind {
        SchemaKind::Intent => screen::print(domain::intent::INTENT_SCHEMA),
        SchemaKind::Spec => screen::print(&reports::spec::schema()),
    }
}
