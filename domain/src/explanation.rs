//! Why a plan is as it is: what each requirement costs, what came close, what was not bought, and
//! what would change the price.

use crate::demand::Demand;
use crate::design::{Design, Found};
use crate::ledger::Value;
use crate::name::Name;
use crate::outcome::Provenance;
use crate::plan::Exclusion;
use crate::units::MicroDollars;

/// Everything that explains one plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// How the intent was understood.
    pub demand: Demand,
    /// The cheapest verified plan.
    pub design: Design,
    /// The price of each requirement, and after them of each rule of a policy that acts.
    pub prices: Vec<Price>,
    /// The rules of policies on which no choice of a plan depends.
    pub idle: Vec<IdleRule>,
    /// The cheapest verified plans of other designs, cheapest first.
    pub runner_ups: Vec<Design>,
    /// Other regions of the provider in which the plan is the same machines, cheapest first.
    pub elsewhere: Vec<(Name, MicroDollars)>,
    /// Cheaper plans that the simulation refuted.
    pub refuted: Vec<Exclusion>,
    /// Offers that were not bought where the plan stands: each reason with an example.
    pub rejected: Vec<Rejected>,
    /// What the owner could change, priced.
    pub levers: Vec<Lever>,
    /// Why one offer was not bought, when that was asked.
    pub offer: Option<OfferAnswer>,
    /// What half and twice each assumption costs, when that was asked; largest change first.
    pub swings: Vec<Swing>,
    /// Where it came from.
    pub provenance: Provenance,
}

impl Explanation {
    /// The requirements and rules of which less would be cheaper.
    pub fn binding(&self) -> impl Iterator<Item = &Price> {
        let here = self.design.cost();
        self.prices.iter().filter(move |price| {
            let less = price.less.as_ref().and_then(|less| less.found.cost());
            less.is_some_and(|less| less < here)
        })
    }

    /// Those of which less costs the same.
    pub fn free(&self) -> impl Iterator<Item = &Price> {
        let here = self.design.cost();
        self.prices.iter().filter(move |price| {
            let less = price.less.as_ref().and_then(|less| less.found.cost());
            less.is_some_and(|less| less >= here)
        })
    }
}

/// A rule of a policy on which no choice of a plan depends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdleRule {
    /// Its name.
    pub rule: String,
    /// Where it stands: `platform.yaml:9:5`.
    pub place: String,
    /// What it says.
    pub says: String,
    /// Why nothing depends on it.
    pub why: String,
}

/// What a requirement costs: plans for less and for more of it, each solved and simulated.
#[derive(Debug, Clone, PartialEq)]
pub struct Price {
    /// `users`, `uptime`, `latency p95`, `headroom`, `region`, `provider`, `policy rule spread`.
    pub name: String,
    /// Where the rule stands that it is; `None` for what the intent asks for.
    pub place: Option<String>,
    /// As it was asked for.
    pub asked: String,
    /// How it was varied: `±25%`.
    pub varied: String,
    /// With less of it.
    pub less: Option<Repriced>,
    /// With more of it.
    pub more: Option<Repriced>,
}

/// One requirement at another value.
#[derive(Debug, Clone, PartialEq)]
pub struct Repriced {
    /// The value.
    pub value: String,
    /// What came of it.
    pub found: Found,
}

/// A reason for which offers were not bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// In a word or two: `burstable`, `too small`.
    pub reason: String,
    /// How many offers it kept out.
    pub offers: u64,
    /// One of them.
    pub example: String,
    /// Why that one was not bought.
    pub why: String,
    /// The offer that dominates it, where that is the reason.
    pub by: Option<String>,
}

/// Something that the owner could change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lever {
    /// `compress-responses`, `halve-queries`, `halve-misses`, `operations`, `self-run-data`.
    pub id: String,
    /// In words.
    pub text: String,
    /// What the cheapest plan would cost; `None` where there is none.
    pub cost: Option<MicroDollars>,
}

/// Why an offer was not bought.
#[derive(Debug, Clone, PartialEq)]
pub struct OfferAnswer {
    /// Its name.
    pub sku: String,
    /// What keeps it out by itself, where the plan stands.
    pub reasons: Vec<String>,
    /// What it would cost on it, service by service: those that could run on it.
    pub instead: Vec<(String, Found)>,
}

/// What other values of an assumption cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Swing {
    /// The name in the ledger.
    pub name: String,
    /// Its value.
    pub value: Value,
    /// The unit of the value.
    pub unit: &'static str,
    /// At half of it.
    pub half: Swung,
    /// At twice.
    pub twice: Swung,
    /// At both ends of the range within which the true value is believed to lie, each with its
    /// value, where such a range is known.
    pub within: Option<[(f64, Swung); 2]>,
}

/// What a varied assumption costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Swung {
    /// The cheapest plan's expected bill.
    Cost(MicroDollars),
    /// There is no plan.
    NoPlan,
    /// It cannot have that value.
    Impossible,
}
