//! Which service alone is to blame for a plan that does not hold.
//!
//! The scenario of the objection is run once more, with every service but one answering at once,
//! whatever comes. What still goes wrong there goes wrong beside any other choice for the rest: a
//! plan with faster or more instances elsewhere need not be looked at.

use domain::demand::Demand;
use domain::topology::Topology;
use domain::verification::{Check, ScenarioResult, Verdict, Verification};

use crate::fault::SimulatorFault;
use crate::judge::Judge;
use crate::scenario::{Kind, catalogue};
use crate::system::System;
use crate::verify::Settings;

/// The share of the requests of a verification that the second look may take.
const SHARE: u64 = 4;

/// A service that is to blame by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Culprit {
    /// Its place in the demand.
    pub service: usize,
    /// The check that it fails, or does not pass, with every other service answering at once.
    pub check: Check,
}

/// The service that fails the first objection of a verification by itself; `None` where it takes
/// several, or the objection is not about a steady load.
///
/// Services of somebody else are looked at, which no plan changes, and the busiest one of the
/// scenario. A failed check has to fail again, an undecided one must not pass.
///
/// # Errors
/// When the demand and the topology do not belong together.
pub fn culprit(
    demand: &Demand,
    topology: &Topology,
    verification: &Verification,
    settings: &Settings,
) -> Result<Option<Culprit>, SimulatorFault> {
    let objection = verification.first_objection().filter(|check| check.demanded);
    let Some(objection) = objection else { return Ok(None) };
    let scenario = verification.scenarios.iter().find(|known| known.name == objection.scenario);
    let place = |name: &String| demand.services.iter().position(|own| own.name.as_str() == name);
    let services = demand.services.iter().enumerate();
    let outside = services.filter(|(_, own)| own.external.is_some()).map(|(at, _)| at);
    let busiest = scenario.and_then(busiest).and_then(place);
    for suspect in outside.chain(busiest) {
        let check = fails_alone(demand, topology, suspect, objection, settings)?;
        if let Some(check) = check {
            return Ok(Some(Culprit { service: suspect, check }));
        }
    }
    Ok(None)
}

/// The service that is busy for the largest share of its time.
fn busiest(scenario: &ScenarioResult) -> Option<&String> {
    let busy = scenario.utilisation.iter().map(|(name, busy)| (busy.value, name));
    busy.max_by(|one, other| one.0.total_cmp(&other.0)).map(|(_, name)| name)
}

fn fails_alone(
    demand: &Demand,
    topology: &Topology,
    suspect: usize,
    objection: &Check,
    settings: &Settings,
) -> Result<Option<Check>, SimulatorFault> {
    let settings = Settings { request_limit: settings.request_limit / SHARE, ..*settings };
    let system = System::new(demand, topology)?.alone(suspect).within(settings.minute.as_ref());
    let silent = |_: &crate::verify::Progress<'_>| {};
    let judge = Judge::new(&system, &settings, &silent)?;
    let scenario = catalogue(&judge).into_iter().find(|known| known.name == objection.scenario);
    let Some(mut scenario) = scenario else { return Ok(None) };
    // The way into a condition is not what is asked here.
    let Kind::Steady(steady, _) = scenario.kind else { return Ok(None) };
    scenario.kind = Kind::Steady(steady, None);
    let finding = scenario.run(&judge)?;
    let again = finding.checks.into_iter().find(|check| check.id == objection.id);
    Ok(again.filter(|check| match objection.verdict {
        Verdict::Fail => check.verdict == Verdict::Fail,
        Verdict::Undecided => check.verdict != Verdict::Pass,
        Verdict::Pass => false,
    }))
}
