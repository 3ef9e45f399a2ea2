//! Studies: documents about a plan that stand beside its spec, and that its report can show.
//!
//! An explanation says why the plan is as it is, a frontier what other outcomes would cost. Each is
//! bound to what it was asked of by the digests in its provenance, and sealed by its own digest.
//! Numbers carry their unit in their name, as those of a spec do.

mod bound;
mod capacity;
mod design;
mod explanation;
mod frontier;
mod read;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::spec::ProvenancePart;

pub use bound::{Difference, differences};
pub use capacity::{CapacityDocument, CarefulPart, CarriedPart, RefusedAskPart};
pub use design::{AskPart, DesignPart, Reached, RunningPart, RunsPart};
pub use explanation::{
    ElsewherePart, ExplanationDocument, IdleRulePart, InsteadPart, LeverPart, OfferAnswerPart,
    PricePart, RefutedPart, RejectedPart, RepricedPart, SwingPart, SwungPart,
};
pub use frontier::{
    FrontierDocument, GrowthPart, MonthPart, PointPart, SeriesPart, SlackPart, TighterPart,
};
pub use read::{StudyFault, read};

/// What an explanation calls itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum ExplanationKind {
    /// Why a plan is as it is.
    Explanation,
}

/// What a frontier calls itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum FrontierKind {
    /// What outcomes cost against each other.
    Frontier,
}

/// What a capacity calls itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum CapacityKind {
    /// What a budget buys.
    Capacity,
}

/// A document about a plan.
#[derive(Debug, Clone, PartialEq)]
pub enum Study {
    /// Why it is as it is.
    Explanation(Box<ExplanationDocument>),
    /// What other outcomes would cost.
    Frontier(Box<FrontierDocument>),
    /// What a budget buys.
    Capacity(Box<CapacityDocument>),
}

impl Study {
    /// What it calls itself.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Explanation(_) => "Explanation",
            Self::Frontier(_) => "Frontier",
            Self::Capacity(_) => "Capacity",
        }
    }

    /// Where it came from.
    pub const fn provenance(&self) -> &ProvenancePart {
        match self {
            Self::Explanation(own) => &own.provenance,
            Self::Frontier(own) => &own.provenance,
            Self::Capacity(own) => &own.provenance,
        }
    }

    /// The digest that it states of itself.
    pub fn digest(&self) -> &str {
        match self {
            Self::Explanation(own) => &own.digest,
            Self::Frontier(own) => &own.digest,
            Self::Capacity(own) => &own.digest,
        }
    }
}

/// What a report shows beside its spec: at most one of each kind, and of two frontiers one that
/// looks at growth.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Studies {
    /// Why the plan is as it is.
    pub explanation: Option<Box<ExplanationDocument>>,
    /// What other outcomes would cost.
    pub frontier: Option<Box<FrontierDocument>>,
    /// What a load that grows takes, where `frontier` was not asked for that.
    pub growth: Option<Box<FrontierDocument>>,
    /// What a budget buys.
    pub capacity: Option<Box<CapacityDocument>>,
}

impl Studies {
    /// Takes a study in; gives it back where there is one of its kind. A frontier with growth
    /// stands beside one without: they are asked for apart, and shown in sections of their own.
    pub fn add(&mut self, study: Study) -> Option<Study> {
        match study {
            Study::Explanation(own) if self.explanation.is_none() => self.explanation = Some(own),
            Study::Frontier(own) => return self.add_frontier(own).map(Study::Frontier),
            Study::Capacity(own) if self.capacity.is_none() => self.capacity = Some(own),
            again @ (Study::Explanation(_) | Study::Capacity(_)) => return Some(again),
        }
        None
    }

    fn add_frontier(&mut self, own: Box<FrontierDocument>) -> Option<Box<FrontierDocument>> {
        let grows = own.growth.is_some();
        match self.frontier.take() {
            None => self.frontier = Some(own),
            Some(other) if self.growth.is_none() && other.growth.is_some() != grows => {
                let (frontier, growth) = if grows { (other, own) } else { (own, other) };
                (self.frontier, self.growth) = (Some(frontier), Some(growth));
            }
            there => {
                self.frontier = there;
                return Some(own);
            }
        }
        None
    }

    /// The document that says what a load that grows takes.
    pub fn growing(&self) -> Option<&FrontierDocument> {
        let own = self.growth.as_ref().or(self.frontier.as_ref());
        own.map(AsRef::as_ref).filter(|own| own.growth.is_some())
    }
}
