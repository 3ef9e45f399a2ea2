//! A topology judged by its demand: every scenario, uptime, the load curve, and the verdict.

use domain::demand::Demand;
use domain::topology::Topology;
use domain::units::Probability;
use domain::verification::{Check, Observed, Status, Verdict, Verification};
use rayon::prelude::*;

use crate::fault::SimulatorFault;
use crate::judge::Judge;
use crate::load::{self, LoadCurve, load_curve};
use crate::random::GENERATOR;
use crate::scenario::{About, Finding, Scenario, catalogue};
use crate::system::{Minute, System};
use crate::uptime::{self, gather};

/// How a topology is judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// The seed of all streams.
    pub seed: u64,
    /// The error that this round's verdict may make.
    pub alpha: Probability,
    /// Requests that one scenario may take, its warm-ups included; more than that is undecided.
    pub request_limit: u64,
    /// How much is run beyond what the outcome demands.
    pub evidence: Evidence,
    /// What a minute of the load is like within, where it is not like a Poisson stream.
    pub minute: Option<Minute>,
}

/// How much is run beyond what the outcome demands: scenarios that are not demanded, the curve of
/// latency against load, and the load at which it breaks. Unless all is asked for, a plan that the
/// undisturbed peak or its headroom refutes is not put to faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// Nothing but what the uptime is worked out from.
    Demanded,
    /// All of it, unless a demanded check has failed by then.
    UnlessRefuted,
    /// All of it, whatever came out.
    Always,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            seed: 1,
            alpha: Probability::of(0.05),
            request_limit: 2_000_000,
            evidence: Evidence::UnlessRefuted,
            minute: None,
        }
    }
}

/// How far the judging has come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress<'a> {
    /// The scenario that has just taken a look.
    pub scenario: &'a str,
    /// Requests that it has simulated so far.
    pub requests: u64,
    /// The 95th percentile of the latency in it, in seconds.
    pub latency_p95: Option<Observed>,
}

/// Scenarios with what they found.
type Findings = Vec<(Scenario, Finding)>;

/// Judges a topology.
///
/// The same demand, topology and settings give the same verification, bit for bit, on any number of
/// threads.
///
/// # Errors
/// When the demand and the topology do not belong together, or hold numbers that mean nothing. A
/// topology that does not hold is no error but an answer.
pub fn verify(
    demand: &Demand,
    topology: &Topology,
    settings: &Settings,
    progress: &(dyn Fn(&Progress<'_>) + Sync),
) -> Result<Verification, SimulatorFault> {
    let system = System::new(demand, topology)?.within(settings.minute.as_ref());
    let mut judge = Judge::new(&system, settings, progress)?;
    let scenarios = catalogue(&judge);
    judge.count_checks(&scenarios);
    let (demanded, rest): (Vec<_>, Vec<_>) =
        scenarios.into_iter().partition(|scenario| scenario.demanded);
    // They come first in the catalogue: what refutes there is the first objection.
    let (undisturbed, disturbed): (Vec<_>, Vec<_>) = demanded
        .into_iter()
        .partition(|scenario| matches!(scenario.about, About::Peak | About::Headroom));
    let mut case = Case::default();
    let goes_on = |case: &Case| settings.evidence == Evidence::Always || !case.refutes();
    case.findings.extend(run(&judge, undisturbed)?);
    if goes_on(&case) {
        case.findings.extend(run(&judge, disturbed)?);
    }
    if goes_on(&case) {
        let all = settings.evidence != Evidence::Demanded;
        let for_uptime = demand.objectives.uptime.is_some();
        let wanted = |scenario: &Scenario| all || for_uptime && uptime::matters(&scenario.about);
        let rest = rest.into_iter().filter(wanted).collect();
        let (findings, curve) = rayon::join(
            || run(&judge, rest),
            || all.then(|| load_curve(&judge, case.load())).transpose(),
        );
        case.findings.extend(findings?);
        case.curve = curve?;
        case.add_uptime(&judge)?;
    }
    Ok(case.verification(demand, settings))
}

/// The names of the scenarios that there are for a topology, in the order in which they are told.
///
/// # Errors
/// As [`verify`].
pub fn scenario_names(demand: &Demand, topology: &Topology) -> Result<Vec<String>, SimulatorFault> {
    let system = System::new(demand, topology)?;
    let settings = Settings::default();
    let judge = Judge::new(&system, &settings, &|_| {})?;
    Ok(catalogue(&judge).into_iter().map(|scenario| scenario.name).collect())
}

/// Judges a topology by some scenarios alone, each as if it were demanded; nothing is said of its
/// uptime or of where it breaks. Names of other scenarios are passed over.
///
/// # Errors
/// As [`verify`].
pub fn verify_scenarios(
    demand: &Demand,
    topology: &Topology,
    names: &[String],
    settings: &Settings,
    progress: &(dyn Fn(&Progress<'_>) + Sync),
) -> Result<Verification, SimulatorFault> {
    let system = System::new(demand, topology)?.within(settings.minute.as_ref());
    let mut judge = Judge::new(&system, settings, progress)?;
    let mut scenarios = catalogue(&judge);
    scenarios.retain(|scenario| names.contains(&scenario.name));
    for scenario in &mut scenarios {
        scenario.demanded = true;
    }
    judge.count_checks(&scenarios);
    let case = Case { findings: run(&judge, scenarios)?, ..Case::default() };
    Ok(case.verification(demand, settings))
}

/// Runs scenarios side by side; the findings stand in the order of the scenarios.
fn run(judge: &Judge<'_>, scenarios: Vec<Scenario>) -> Result<Findings, SimulatorFault> {
    scenarios
        .into_par_iter()
        .map(|scenario| {
            let finding = scenario.run(judge)?;
            Ok((scenario, finding))
        })
        .collect()
}

/// What has been found so far.
#[derive(Default)]
struct Case {
    findings: Findings,
    curve: Option<LoadCurve>,
    uptime: Option<domain::verification::UptimeResult>,
    checks: Vec<Check>,
    requests: u64,
}

impl Case {
    fn all_checks(&self) -> impl Iterator<Item = &Check> {
        self.findings.iter().flat_map(|(_, finding)| &finding.checks).chain(&self.checks)
    }

    fn refutes(&self) -> bool {
        self.all_checks().any(|check| check.demanded && check.verdict == Verdict::Fail)
    }

    /// The highest load at which every demanded check passed.
    fn load(&self) -> f64 {
        let passed = |about: &About| {
            let finding = self.findings.iter().find(|(scenario, _)| scenario.about == *about);
            finding.is_some_and(|(_, finding)| {
                finding.checks.iter().all(|check| check.verdict == Verdict::Pass)
            })
        };
        let headroom = self.findings.iter().find_map(|(scenario, _)| match &scenario.kind {
            crate::scenario::Kind::Steady(steady, _) if scenario.about == About::Headroom => {
                Some(steady.load)
            }
            _ => None,
        });
        match headroom {
            Some(load) if passed(&About::Headroom) => load,
            _ if passed(&About::Peak) => 1.0,
            _ => 0.0,
        }
    }

    fn add_uptime(&mut self, judge: &Judge<'_>) -> Result<(), SimulatorFault> {
        let Some(objective) = judge.system.demand.objectives.uptime else {
            return Ok(());
        };
        let found = gather(judge, &self.findings)?;
        self.requests += found.requests;
        let (result, interval) = uptime::uptime(judge, &found, objective);
        let requests = self.findings.iter().map(|(_, finding)| finding.simulated).sum();
        let unseen = found.outcomes.unseen;
        self.checks.push(uptime::check(interval, objective, unseen, requests));
        self.uptime = Some(result);
        Ok(())
    }

    fn verification(mut self, demand: &Demand, settings: &Settings) -> Verification {
        if let Some(curve) = &self.curve {
            self.requests += curve.requests;
            let asked = 1.0 + demand.objectives.headroom.load.value();
            self.checks.push(load::check(&curve.breaking, asked, curve.requests));
        }
        self.requests += self.findings.iter().map(|(_, finding)| finding.simulated).sum::<u64>();
        let mut checks: Vec<Check> = self.all_checks().cloned().collect();
        // A stable sort: demanded ones first, each kind in the order in which it was run.
        checks.sort_by_key(|check| !check.demanded);
        let day = self.findings.iter().find_map(|(_, finding)| finding.day.clone());
        let curve = self.curve;
        Verification {
            status: status(&checks),
            checks,
            scenarios: self.findings.into_iter().map(|(_, finding)| finding.result).collect(),
            breaking_load: curve.as_ref().map(|curve| curve.breaking.clone()),
            load_curve: curve.map(|curve| curve.points).unwrap_or_default(),
            day,
            uptime: self.uptime,
            alpha: settings.alpha,
            seed: settings.seed,
            generator: GENERATOR,
            requests: self.requests,
        }
    }
}

/// A plan is refuted by any demanded check that fails, and verified when all of them pass.
fn status(checks: &[Check]) -> Status {
    let demanded = || checks.iter().filter(|check| check.demanded);
    if demanded().any(|check| check.verdict == Verdict::Fail) {
        Status::Refuted
    } else if demanded().all(|check| check.verdict == Verdict::Pass) {
        Status::Verified
    } else {
        Status::Undecided
    }
}
