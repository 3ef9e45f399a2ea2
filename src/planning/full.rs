//! The search for every cheaper plan that holds: until a certified bound says that there is none.
//!
//! A plan that holds comes first, found as quickly as may be. Then the model with less and less of
//! a guard proposes, while that finds something cheaper. What is left after that is excluded family
//! by family, a family being all plans on the same offers: its cheapest plan is what the certified
//! bound rests on, but judged is the one that promises most below the cost of what holds already.
//! When that is refuted, everything smaller on the same offers is refuted with it, where more
//! instances cannot hurt. No estimate excludes anything: it only chooses what is looked at.

use domain::demand::{Demand, ServiceIndex};
use domain::plan::{Plan, Pursuit};
use domain::topology::{Balancing, Deployment, Redundancy, Topology};
use domain::units::MicroDollars;
use domain::verification::{Check, CheckUnit, Status, Verdict, Verification};
use simulator::{Culprit, Evidence, SimulatorFault};
use solver::cut::{Cut, CutKind};
use solver::model::{Model, Settings};
use solver::optimise::{Optimised, Optimum, any, optimise};
use solver::option::{ServiceOption, Signature};

use super::search::Search;
use super::{Judged, PlanningError, ROUNDS, is_beyond};

/// What proposes the first plan that holds, with the rounds that each may take: the usual guard, a
/// stricter one where that is refuted again and again, and then less of it where it allows nothing.
const FIRST: [(f64, usize); 5] = [(1.15, 6), (1.4, 6), (1.0, 6), (0.85, 3), (0.7, 3)];

/// What proposes cheaper plans then, with the rounds that each may take.
const CHEAPER: [(f64, usize); 3] = [(1.0, 4), (0.9, 3), (0.8, 2)];

/// Between these guards the most promising plan of a family is looked for.
const PROMISE: (f64, f64) = (0.02, 1.15);
/// How near to the largest guard one has to be, as a share of it.
pub(super) const PRECISION: f64 = 0.03;

/// By so much a family is enlarged to see whether any number of its instances can do.
const LARGER: u32 = 4;

/// A plan that holds, or that could not be decided, with the round in which it was judged.
pub(super) struct Held {
    pub(super) plan: Plan,
    pub(super) verification: Verification,
    pub(super) round: usize,
}

impl Held {
    fn cost(&self) -> MicroDollars {
        self.plan.optimality.objective
    }
}

impl<'s> Search<'s> {
    /// The cheapest plan that holds, and how sure it is that it is; `None` where none was found
    /// and none was worth reporting.
    pub(super) fn drive(mut self) -> Result<Option<Judged>, PlanningError> {
        let mut held = None;
        for (guard, rounds) in FIRST {
            for _ in 0..rounds.min(ROUNDS - self.rounds.len()) {
                let Some((plan, verification)) = self.round(guarded(guard))? else { break };
                if is_beyond(&verification) {
                    return Ok(Some(self.conclude((plan, verification))));
                }
                held = self.holding(held, &plan, &verification);
                if held.is_some() {
                    break;
                }
            }
            if held.is_some() {
                held = self.cheaper(held)?;
                break;
            }
        }
        let (held, ended) = self.exclude(held)?;
        // A plan that stayed undecided is worth reporting; one that was refuted is not.
        let open = self.open.take();
        Ok(held.or(open).map(|held| self.answer(held, ended)))
    }

    /// What the estimate takes for nearly good enough, cheapest first.
    fn cheaper(&mut self, mut held: Option<Held>) -> Result<Option<Held>, PlanningError> {
        for (guard, rounds) in CHEAPER {
            for _ in 0..rounds.min(ROUNDS - self.rounds.len()) {
                let model = self.model(guarded(guard));
                let Some(optimum) = self.below(&model, &[], cost_of(held.as_ref())) else { break };
                let (plan, verification) = self.judge_one(&model, &optimum)?;
                held = self.holding(held, &plan, &verification);
            }
        }
        Ok(held)
    }

    /// Judges family after family until the certified model allows nothing cheaper, and says
    /// whether it came to that.
    fn exclude(&mut self, mut held: Option<Held>) -> Result<(Option<Held>, bool), PlanningError> {
        let certified = self.model(Settings::CERTIFIED);
        let mut halve = false;
        loop {
            let most = cost_of(held.as_ref());
            let least = match optimise(&certified, &self.cuts) {
                Optimised::Infeasible => return Ok((held, true)),
                Optimised::Found(least) if most.is_some_and(|most| least.bound >= most) => {
                    return Ok((held, true));
                }
                Optimised::Found(least) if most.is_none_or(|most| least.cost < most) => least,
                // The search for the bound gave up.
                Optimised::Found(_) | Optimised::GaveUp => return Ok((held, false)),
            };
            if self.rounds.len() >= ROUNDS {
                return Ok((held, false));
            }
            // After a success the next one is looked for half the way down.
            let most = most.map(|most| if halve { middle(least.cost, most) } else { most });
            let (plan, verification) =
                match self.promising(&[family(&least)], most, PROMISE, PRECISION) {
                    Some((model, optimum)) => self.judge_one(&model, &optimum)?,
                    None => self.judge_one(&certified, &least)?,
                };
            let before = self.rounds.len();
            held = self.holding(held, &plan, &verification);
            halve = held.as_ref().is_some_and(|held| held.round + 1 == before);
        }
    }

    /// A plan of the largest guard with which the model, some further cuts and a limit of cost
    /// allow any; `None` where there is none with the least one. Others with that guard may be
    /// cheaper.
    pub(super) fn promising(
        &self,
        further: &[Cut],
        most: Option<MicroDollars>,
        (mut low, mut high): (f64, f64),
        precision: f64,
    ) -> Option<(Model<'s>, Optimum<'s>)> {
        let cuts: Vec<Cut> = self.cuts.iter().chain(further).cloned().collect();
        let at = |guard: f64| {
            let model = self.model(guarded(guard));
            any(&model, &cuts, most).map(|found| (model, found))
        };
        let mut best = at(low)?;
        while high / low > 1.0 + precision {
            let between = (low * high).sqrt();
            match at(between) {
                Some(found) => (best, low) = (found, between),
                None => high = between,
            }
        }
        Some(best)
    }

    /// Where a family is refuted again and again, because of the work itself and not of waiting, a
    /// multiple of its instances is judged: when even that is refuted, the whole family goes.
    pub(super) fn enlarge(
        &mut self,
        cut: &mut Cut,
        topology: &Topology,
    ) -> Result<(), SimulatorFault> {
        let again = self.proofs.iter().any(|known| are_kin(&known.signatures, &cut.signatures));
        let done = self.enlarged.iter().any(|known| are_kin(known, &cut.signatures));
        let whole = matches!(cut.kind, CutKind::Alike | CutKind::AtMost);
        let equal = topology.services.iter().all(is_equal);
        if !again || done || !whole || !equal {
            return Ok(());
        }
        self.enlarged.push(cut.signatures.clone());
        let mut large = topology.clone();
        for pool in large.services.iter_mut().flat_map(|service| &mut service.pools) {
            for count in &mut pool.per_zone {
                *count = count.saturating_mul(LARGER);
            }
        }
        let settings = simulator::Settings { evidence: Evidence::Demanded, ..self.settings() };
        let verification = simulator::verify(self.demand, &large, &settings, &|_| {})?;
        if reach(self.demand, &large, &verification, None) == CutKind::AtMost {
            cut.kind = CutKind::AtMost;
            for signature in &mut cut.signatures {
                signature.replicas = signature.replicas.saturating_mul(LARGER);
            }
        }
        Ok(())
    }

    fn model(&self, settings: Settings) -> Model<'s> {
        Model::new(self.demand, self.planner.catalog, settings)
    }

    /// The cheapest plan that a model and some further cuts allow, if it costs less than that.
    fn below(
        &self,
        model: &Model<'s>,
        further: &[Cut],
        most: Option<MicroDollars>,
    ) -> Option<Box<Optimum<'s>>> {
        let cuts: Vec<Cut> = self.cuts.iter().chain(further).cloned().collect();
        match optimise(model, &cuts) {
            Optimised::Found(found) => most.is_none_or(|most| found.cost < most).then_some(found),
            Optimised::Infeasible | Optimised::GaveUp => None,
        }
    }

    /// The cheaper one of what held so far and what was judged last.
    fn holding(
        &self,
        held: Option<Held>,
        plan: &Plan,
        verification: &Verification,
    ) -> Option<Held> {
        let holds = verification.status == Status::Verified;
        let cheaper = cost_of(held.as_ref()).is_none_or(|most| plan.optimality.objective < most);
        if !holds || !cheaper {
            return held;
        }
        Some(Held {
            plan: plan.clone(),
            verification: verification.clone(),
            round: self.rounds.len() - 1,
        })
    }

    /// The answer: the plan that holds, or could not be decided, with its round as the last one.
    fn answer(mut self, held: Held, ended: bool) -> Judged {
        let cost = held.cost();
        let round = self.rounds.remove(held.round);
        self.rounds.push(round);
        let certified = self.model(Settings::CERTIFIED);
        // What stayed undecided may hold.
        let sure = match optimise(&certified, &self.proofs) {
            Optimised::Found(least) => least.bound >= cost,
            Optimised::Infeasible => true,
            Optimised::GaveUp => false,
        };
        let mut judged = self.conclude((held.plan, held.verification));
        let optimality = &mut judged.plan.optimality;
        optimality.excluded.retain(|exclusion| exclusion.cost < cost);
        optimality.excluded.sort_by_key(|exclusion| exclusion.cost);
        let pursuit = match (ended, sure) {
            (true, true) => Pursuit::Complete,
            (true, false) => Pursuit::Undecided,
            (false, _) => Pursuit::RoundsSpent,
        };
        let verified = judged.verification.status == Status::Verified;
        optimality.pursuit = verified.then_some(pursuit);
        judged
    }
}

/// What is left of it is the family of a plan: all plans on the same offers.
fn family(plan: &Optimum<'_>) -> Cut {
    Cut {
        provider: plan.layout.region.provider,
        region: plan.layout.region.name.clone(),
        zones: plan.layout.zones,
        signatures: plan.options.iter().map(ServiceOption::signature).collect(),
        kind: CutKind::Strangers,
    }
}

/// Whether plans differ in their numbers of instances at most.
fn are_kin(one: &[Signature], other: &[Signature]) -> bool {
    let kind = |signature: &Signature| (signature.sku.clone(), signature.copies, signature.shards);
    one.iter().map(kind).eq(other.iter().map(kind))
}

const fn guarded(guard: f64) -> Settings {
    Settings { guard: Some(guard), ..Settings::GUARDED }
}

fn cost_of(held: Option<&Held>) -> Option<MicroDollars> {
    held.map(Held::cost)
}

fn middle(low: MicroDollars, high: MicroDollars) -> MicroDollars {
    let micros = low.micros() + (high - low).micros() / 2 + 1;
    MicroDollars::new(micros).unwrap_or(high)
}

/// How far the cut of a plan reaches that did not hold.
///
/// Fewer instances of the same offers are no better when the objection is a latency at a steady
/// load; the instances are equal, without state, and each call goes to the one with the fewest
/// outstanding; a call is repeated only after it has missed the objective already; and the limit is
/// missed by more than the trips between zones make up for, which other numbers in other zones may
/// save. That one order is assumed, and a property test of the simulator compares stations by it.
/// The rest of a plan can only add to what a service takes by itself.
pub(super) fn reach(
    demand: &Demand,
    topology: &Topology,
    verification: &Verification,
    culprit: Option<&Culprit>,
) -> CutKind {
    let whole = verification.first_objection();
    let check = culprit.map(|culprit| &culprit.check).or(whole);
    let Some(check) = check.filter(|_| verification.status == Status::Refuted) else {
        return CutKind::Alike;
    };
    let clear = is_clear(demand, topology, check);
    match culprit {
        Some(Culprit { service, .. }) if clear && is_equal(&topology.services[*service]) => {
            CutKind::ServiceAtMost(ServiceIndex(*service))
        }
        Some(Culprit { service, .. }) => CutKind::Service(ServiceIndex(*service)),
        None if clear && topology.services.iter().all(is_equal) => CutKind::AtMost,
        None => CutKind::Alike,
    }
}

/// Whether a check fails in a steady state by more than trips between zones account for, and
/// whether what is repeated has missed it before.
fn is_clear(demand: &Demand, topology: &Topology, check: &Check) -> bool {
    let scenario = check.scenario.split(':').next().unwrap_or_default();
    let steady = ["peak", "headroom", "instance-down"].contains(&scenario);
    let late = demand.services.iter().all(|service| {
        let handling = &service.on_failure;
        handling.retries == 0 || handling.timeout.value() >= check.limit
    });
    let saved = if topology.zones > 1 { most_saved(demand) } else { 0.0 };
    let missed = check.verdict == Verdict::Fail && check.observed.low > check.limit + saved;
    steady && late && missed && check.unit == CheckUnit::Seconds
}

/// What a request gains at most, in seconds, when none of its trips leaves a zone.
fn most_saved(demand: &Demand) -> f64 {
    let network = demand.network;
    let one = (network.cross_zone.value() - network.same_zone.value()).max(0.0);
    let trips = demand.classes.iter().map(|class| 1.0 + trips(demand, class.enters, 0));
    one * trips.fold(1.0, f64::max)
}

/// The most round trips behind a visit of a service; infinitely many where calls go in a circle.
fn trips(demand: &Demand, service: ServiceIndex, depth: usize) -> f64 {
    if depth > demand.services.len() {
        return f64::INFINITY;
    }
    let calls = demand.service(service).calls.iter();
    calls
        .map(|call| {
            let data = demand.service(call.to).data.as_ref();
            let misses = data.and_then(|data| data.fallback).map_or(0.0, |fallback| {
                f64::from(call.lookups) * (1.0 + trips(demand, fallback, depth + 1))
            });
            call.count.ceil() * (1.0 + trips(demand, call.to, depth + 1) + misses)
        })
        .sum()
}

/// Whether a service runs on equal instances without state, each call going to the least busy one;
/// a managed balancer has no instances.
fn is_equal(deployment: &Deployment) -> bool {
    let stateless = deployment.redundancy == Redundancy::Active
        && deployment.shards <= 1
        && deployment.storage.is_none();
    let spread = deployment.balancing == Balancing::LeastOutstanding;
    match deployment.pools.len() {
        0 => deployment.limits.is_none(),
        1 => stateless && spread,
        _ => false,
    }
}
