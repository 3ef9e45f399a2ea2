//! Which archetype an intent asks for, where it describes no services.

use super::Intent;
use super::fault::IntentFault;
use super::faults::{Faults, Noted};
use super::nearest::did_you_mean;
use crate::catalog::Archetype;
use crate::name::Name;

/// The archetype of an intent that asks for none.
const USUAL: &str = "web";

impl Intent {
    /// Takes the services of the archetype that is asked for, or of `web` where none is; see
    /// [`Intent::complete`]. Without any archetype of that name an intent that asks for none stays
    /// as it is.
    ///
    /// # Errors
    /// When the archetype that is asked for does not exist, or cannot be taken.
    pub fn complete_among(self, archetypes: &[Archetype]) -> Result<Self, Faults> {
        let wanted = self.chosen.as_ref().map_or(USUAL, Name::as_str);
        let found = archetypes.iter().find(|archetype| archetype.name.as_str() == wanted);
        if let Some(archetype) = found {
            return self.complete(archetype);
        }
        if self.chosen.is_none() {
            return Ok(self);
        }
        let mut noted = Noted::default();
        let texts = &self.described.texts;
        let known: Vec<&str> = archetypes.iter().map(|archetype| archetype.name.as_str()).collect();
        let place = self.place_of(&["archetype"], texts);
        let help = match did_you_mean(wanted, &known) {
            question if question.ends_with('?') => question,
            _ => format!("the archetypes are {}", known.join(", ")),
        };
        noted.add(IntentFault::Choice, place, format!("`{wanted}` is no archetype"), help);
        Err(noted.into_faults(texts))
    }
}
