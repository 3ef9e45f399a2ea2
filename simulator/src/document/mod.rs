//! A model document as the engine takes it, run until its mean response time is known as exactly as
//! was asked for.
//!
//! | file | answers |
//! |---|---|
//! | `convert`, `rates`, `distributions` | how a document becomes a [`Model`] |
//! | `fleets` | the same for autoscalers, and what they asked for over time |
//! | `upkeep` | the same for lives, contents, copies and connections |
//! | `outlook` | what the document asks of its stations, from flows alone |
//! | `pace` | how long trials are, and in which unit of time they are run |
//! | `growth` | whether the number in the system grows for ever |
//! | `scaling` | whether a fleet is outgrown |
//! | `tails` | whether a mean is a figure that trials can settle |
//! | `record` | which figures of a trial are kept |
//! | `percentiles` | what the percentiles of all trials are, and how sure |
//! | `figures` | how they are put together |
//! | `run` | when there are enough trials |

mod convert;
mod distributions;
mod figures;
mod fleets;
mod growth;
mod outlook;
mod pace;
mod percentiles;
mod rates;
mod record;
mod run;
mod scaling;
mod tails;
mod upkeep;

use domain::model::Model as Document;

use crate::model::{Model, ModelFault};

pub use run::{Interim, simulate};

/// A document as a model, in seconds, with incidents counted from the start of a trial.
///
/// # Errors
/// When it means nothing to the engine; a document that was read means something.
pub fn model(document: &Document) -> Result<Model, ModelFault> {
    let model = convert::Converter { scale: 1.0, warm_up: 0.0 }.model(document);
    model.validate()?;
    Ok(model)
}
