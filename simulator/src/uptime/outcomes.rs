//! What uptime is made of, from the scenarios that were run and a few states simulated besides.

use super::faults::Rates;
use super::states::{Found, Outcomes, State, enumerate, fails_by_instance};
use crate::fault::SimulatorFault;
use crate::judge::{GOODPUT, Judge};
use crate::scenario::{About, Course, Finding, Kind, Lost, Scenario, Steady};
use crate::system::Condition;

/// A state that is more likely than this is simulated, where no scenario has been in it.
const WORTHWHILE: f64 = 2e-8;
/// How many such states are simulated at most, the likeliest first.
const STATES_MOST: usize = 8;

/// What a scenario, or a state simulated besides, found.
#[derive(Debug, Clone)]
struct Note {
    what: What,
    found: Found,
    course: Option<Course>,
    seen: bool,
}

/// What a note is about.
#[derive(Debug, Clone)]
enum What {
    Scenario(About),
    State(State),
    Dead(usize),
}

/// What was found, and what would have been had one of the findings been at an end of its interval.
pub(crate) struct Gathered {
    /// What was found.
    pub outcomes: Outcomes,
    /// One for each finding that may be better.
    pub better: Vec<Outcomes>,
    /// One for each finding that may be worse.
    pub worse: Vec<Outcomes>,
    /// Requests simulated besides the scenarios.
    pub requests: u64,
}

impl Note {
    fn of(what: What, finding: &Finding) -> Self {
        let Finding { lost, degraded, holds, .. } = *finding;
        let found = Found { lost, degraded, holds };
        Self { what, found, course: finding.course, seen: finding.seen }
    }

    /// The same, each of its independent figures moved to that end of its interval.
    fn moved(&self, end: f64) -> impl Iterator<Item = Self> + '_ {
        let lost = Self {
            found: Found { lost: self.found.lost.moved(end, 1.0), ..self.found },
            ..self.clone()
        };
        let course = self.course.map(|course| Self {
            course: Some(Course {
                lost_seconds: course.lost_seconds.moved(end, f64::MAX),
                lost_at_end: course.lost_at_end.moved(end, 1.0),
                ..course
            }),
            ..self.clone()
        });
        let is_certain = self.found.lost.half_width <= 0.0;
        (!is_certain).then_some(lost).into_iter().chain(course)
    }
}

/// Gathers what the scenarios found, and simulates what is missing.
///
/// # Errors
/// When the model of a state has a fault.
pub(crate) fn gather(
    judge: &Judge<'_>,
    findings: &[(Scenario, Finding)],
) -> Result<Gathered, SimulatorFault> {
    let told = findings
        .iter()
        .map(|(scenario, finding)| Note::of(What::Scenario(scenario.about.clone()), finding));
    let mut notes: Vec<Note> = told.collect();
    let known = Outcomes::of_notes(judge, &notes);
    let mut requests = 0;
    let rates = Rates::of(&judge.system.demand.faults, 1.0);
    let (mut missing, _) = enumerate(judge.system, &rates);
    missing.retain(|weighted| {
        weighted.probability > WORTHWHILE && !known.states.contains_key(&weighted.state)
    });
    missing.sort_by(|one, other| other.probability.total_cmp(&one.probability));
    for weighted in missing.into_iter().take(STATES_MOST) {
        let condition = Condition {
            lost_zones: weighted.state.zones.clone(),
            down: weighted.state.down.clone(),
            ..Condition::healthy()
        };
        let finding = in_condition(judge, &format!("{:?}", weighted.state), condition)?;
        requests += finding.simulated;
        notes.push(Note::of(What::State(weighted.state), &finding));
    }
    for service in judge.system.services() {
        let counted = fails_by_instance(judge.system, service) || judge.system.is_queue(service);
        if counted || known.dead.contains_key(&service) {
            continue;
        }
        let name = format!("dead:{}", judge.system.name(service));
        let finding = in_condition(judge, &name, Condition::without_service(service))?;
        requests += finding.simulated;
        notes.push(Note::of(What::Dead(service), &finding));
    }
    Ok(Gathered {
        outcomes: Outcomes::of_notes(judge, &notes),
        better: moved(judge, &notes, -1.0),
        worse: moved(judge, &notes, 1.0),
        requests,
    })
}

/// What would be known had one figure of the notes been at the low end (−1) or the high end (1) of
/// its interval.
fn moved(judge: &Judge<'_>, notes: &[Note], end: f64) -> Vec<Outcomes> {
    let mut all = Vec::new();
    for (place, note) in notes.iter().enumerate() {
        for other in note.moved(end) {
            let mut notes = notes.to_vec();
            notes[place] = other;
            all.push(Outcomes::of_notes(judge, &notes));
        }
    }
    all
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
    fn of_notes(judge: &Judge<'_>, notes: &[Note]) -> Self {
        let mut outcomes = Self::default();
        for note in notes {
            match &note.what {
                What::Scenario(about) => outcomes.note(judge, about, note),
                What::State(state) => {
                    outcomes.states.insert(state.clone(), note.found);
                }
                What::Dead(service) => {
                    outcomes.dead.insert(*service, note.found);
                }
            }
        }
        outcomes
    }

    fn note(&mut self, judge: &Judge<'_>, about: &About, note: &Note) {
        self.unseen |= !note.seen && matters(about);
        let found = note.found;
        match about {
            About::Peak => {
                self.states.insert(State::default(), found);
            }
            About::Instances(service, count) => {
                let state = State { zones: Vec::new(), down: vec![(*service, *count)] };
                self.states.insert(state, found);
                if let Some(course) = note.course {
                    self.ejections.insert(*service, course);
                }
            }
            About::Zones(zones) => {
                for zone in zones {
                    let state = State { zones: vec![*zone], down: Vec::new() };
                    self.states.insert(state, found);
                    if let Some(course) = note.course {
                        self.zones.insert(*zone, course);
                    }
                }
            }
            About::Failover(service) => {
                if let Some(course) = note.course {
                    self.failovers.insert(*service, course);
                    let shards = judge.system.topology.services[*service].shards.max(1);
                    let of_all = |share: f64| (share * f64::from(shards)).min(1.0);
                    self.dead.entry(*service).or_insert(Found {
                        lost: Lost::exactly(of_all(course.lost_at_end.value)),
                        degraded: of_all(course.degraded_at_end),
                        holds: false,
                    });
                }
            }
            About::Lost(service) => {
                self.dead.insert(*service, found);
            }
            About::Headroom | About::Day | About::Stall => {}
        }
    }
}
