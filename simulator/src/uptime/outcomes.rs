//! What uptime is made of, from the scenarios that were run and a few states simulated besides.

use super::faults::Rates;
use super::states::{Found, Outcomes, State, enumerate, fails_by_instance};
use crate::fault::SimulatorFault;
use crate::judge::{GOODPUT, Judge};
use crate::scenario::{About, Finding, Kind, Scenario, Steady};
use crate::system::Condition;

/// A state that is more likely than this is simulated, where no scenario has been in it.
const WORTHWHILE: f64 = 2e-8;
/// How many such states are simulated at most, the likeliest first.
const STATES_MOST: usize = 8;

impl From<&Finding> for Found {
    fn from(finding: &Finding) -> Self {
        Self { lost: finding.lost_share, holds: finding.holds }
    }
}

/// Gathers what the scenarios found, and simulates what is missing.
///
/// # Errors
/// When the model of a state has a fault.
pub(crate) fn gather(
    judge: &Judge<'_>,
    findings: &[(Scenario, Finding)],
) -> Result<(Outcomes, u64), SimulatorFault> {
    let mut outcomes = Outcomes::default();
    for (scenario, finding) in findings {
        outcomes.note(judge, &scenario.about, finding);
    }
    let mut simulated = 0;
    let rates = Rates::of(&judge.system.demand.faults, 1.0);
    let (mut missing, _) = enumerate(judge.system, &rates);
    missing.retain(|weighted| {
        weighted.probability > WORTHWHILE && !outcomes.states.contains_key(&weighted.state)
    });
    missing.sort_by(|one, other| other.probability.total_cmp(&one.probability));
    for weighted in missing.into_iter().take(STATES_MOST) {
        let condition = Condition {
            lost_zones: weighted.state.zones.clone(),
            down: weighted.state.down.clone(),
            ..Condition::healthy()
        };
        let finding = in_condition(judge, &format!("{:?}", weighted.state), condition)?;
        simulated += finding.simulated;
        outcomes.states.insert(weighted.state, (&finding).into());
    }
    for service in judge.system.services() {
        if fails_by_instance(judge.system, service) || outcomes.dead.contains_key(&service) {
            continue;
        }
        let name = format!("dead:{}", judge.system.name(service));
        let finding = in_condition(judge, &name, Condition::without_service(service))?;
        simulated += finding.simulated;
        outcomes.dead.insert(service, finding.lost_share);
    }
    Ok((outcomes, simulated))
}

/// The peak in a condition, not demanded by anybody.
fn in_condition(
    judge: &Judge<'_>,
    name: &str,
    condition: Condition,
) -> Result<Finding, SimulatorFault> {
    let steady = Steady { condition, load: 1.0, goodput: GOODPUT };
    let scenario = Scenario {
        name: name.to_owned(),
        summary: String::new(),
        about: About::Stall,
        demanded: false,
        kind: Kind::Steady(steady, None),
    };
    scenario.run(judge)
}

/// Whether what happens in a scenario is a part of the uptime.
pub(crate) const fn matters(about: &About) -> bool {
    matches!(
        about,
        About::Peak | About::Instances(..) | About::Zones(_) | About::Failover(_) | About::Lost(_)
    )
}

impl Outcomes {
    fn note(&mut self, judge: &Judge<'_>, about: &About, finding: &Finding) {
        self.unseen |= !finding.seen && matters(about);
        let found = Found::from(finding);
        match about {
            About::Peak => {
                self.states.insert(State::default(), found);
            }
            About::Instances(service, count) => {
                let state = State { zones: Vec::new(), down: vec![(*service, *count)] };
                self.states.insert(state, found);
                if let Some(course) = finding.course {
                    self.ejections.insert(*service, course);
                }
            }
            About::Zones(zones) => {
                for zone in zones {
                    let state = State { zones: vec![*zone], down: Vec::new() };
                    self.states.insert(state, found);
                    if let Some(course) = finding.course {
                        self.zones.insert(*zone, course);
                    }
                }
            }
            About::Failover(service) => {
                if let Some(course) = finding.course {
                    self.failovers.insert(*service, course);
                    let shards = judge.system.topology.services[*service].shards.max(1);
                    let dead = (course.lost_at_end * f64::from(shards)).min(1.0);
                    self.dead.entry(*service).or_insert(dead);
                }
            }
            About::Lost(service) => {
                self.dead.insert(*service, finding.lost_share);
            }
            About::Headroom | About::Day | About::Stall => {}
        }
    }
}
