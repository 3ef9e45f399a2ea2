//! The archetype that a document asks for in place of services.

use super::Walker;
use crate::intent::Service;
use crate::intent::fault::IntentFault;
use crate::intent::tree::Node;
use crate::name::Name;

impl Walker<'_> {
    /// The archetype that a document asks for by its name.
    pub(super) fn archetype(&mut self, node: &Node) -> Option<Name> {
        let text = self.text(node, "archetype")?.to_owned();
        self.name(&text, node.place, "archetype")
    }

    /// An archetype takes the place of services; a document has one of the two.
    pub(super) fn archetype_or_services(&mut self, services: &[Service], root: &Node) {
        if let Some(archetype) = root.child("archetype")
            && !services.is_empty()
        {
            let message = "archetype stands beside services";
            let help = "an archetype brings services of its own; keep one of the two";
            self.note(IntentFault::MisplacedKey, archetype.place, message, help);
        }
    }
}
