//! `--effort full`: every cheaper plan is excluded by a certified bound or by simulation.

use domain::catalog::Catalog;
use domain::demand::Demand;
use domain::intent::Intent;
use domain::outcome::{Answer, Outcome};
use domain::plan::{Certainty, Claim, Pursuit};
use domain::units::{MicroDollars, Probability};
use domain::verification::Status;
use plimsoll::check;
use plimsoll::planning::{Effort, Origin, Planner};
use simulator::{Evidence, verify};
use solver::assemble;
use solver::characterise::characterise;
use solver::cut::{Cut, CutKind};
use solver::model::{Model, Settings};
use solver::optimise::{Optimised, optimise};
use solver::option::ServiceOption;

use crate::support::program::plimsoll;
use crate::support::{Draw, catalog, chain, instance, latency, region, stated};

/// Instances of which each is searched to the end.
const INSTANCES: u64 = 30;
/// Smaller ones, in which every cheaper plan is simulated besides.
const SMALL: u64 = 16;
/// Rounds within which a search has to end.
const ROUNDS: usize = 40;

/// A few offers, services that work 20 to 100 ms for a request, and a limit that leaves some room
/// for waiting and not much.
fn generate(seed: u64, services: (u32, u32), users: (u32, u32)) -> (Catalog, Intent) {
    let mut draw = Draw::new(4_000 + seed);
    let offers = (0..draw.whole(2, 4)).map(|at| {
        let vcpus = 1 << draw.whole(1, 3);
        let pace = draw.within(0.8, 1.6);
        let hour = f64::from(vcpus) * pace * draw.within(0.03, 0.05);
        instance(&format!("offer{at}"), "here", (vcpus, pace), hour)
    });
    let catalog = catalog(vec![region("here")], offers.collect());
    let services = draw.whole(services.0, services.1);
    let cpu_times: Vec<f64> = (0..services).map(|_| draw.within(20.0, 100.0)).collect();
    let mut intent = chain(u64::from(draw.whole(users.0, users.1)), &cpu_times);
    let work: f64 = cpu_times.iter().sum();
    intent.objectives.latency = vec![latency(950, work * draw.within(2.2, 3.6))];
    let zones = if draw.chance(0.3) { 2 } else { 1 };
    intent.run_on.zones = Some(stated(zones));
    (catalog, intent)
}

fn tight(seed: u64) -> (Catalog, Intent) {
    generate(seed, (1, 3), (40, 160))
}

fn plan(catalog: &Catalog, intent: &Intent, effort: Effort) -> Option<Box<Answer>> {
    let planner = Planner {
        catalog,
        seed: 1,
        origin: Origin { command: "plimsoll plan", intent_digest: "sha256:test" },
        thorough: false,
        form: domain::plan::LatencyForm::Moment,
        progress: &|_| {},
    };
    match planner.plan_with(intent, effort).expect("a generated intent can be planned for") {
        Outcome::Planned(answer) => Some(answer),
        Outcome::Infeasible(_) => None,
    }
}

/// What a full answer claims agrees with how it came about.
fn assert_sound(seed: u64, catalog: &Catalog, answer: &Answer) {
    let optimality = &answer.plan.optimality;
    let what = format!("seed {seed}: {:?}", answer.rounds);
    assert_eq!(answer.status(), Status::Verified, "{what}");
    let faults = check::faults(&answer.demand, &answer.plan, catalog);
    assert!(faults.is_empty(), "seed {seed}: {faults:?}");
    assert!(answer.rounds.len() <= ROUNDS, "{what}");
    let last = answer.rounds.last().expect("a plan that was judged");
    assert_eq!((last.cost, last.cut), (optimality.objective, None), "{what}");
    let estimated =
        optimality.excluded.iter().filter(|excluded| excluded.certainty == Certainty::Estimated);
    match optimality.pursuit.expect("the search for cheaper plans was driven") {
        Pursuit::Complete => {
            assert_eq!(optimality.claim, Claim::CheapestVerified, "{what}");
            assert_eq!((optimality.gap_ppm(), estimated.count()), (0, 0), "{what}");
        }
        Pursuit::Undecided => {
            assert_eq!((optimality.claim, estimated.count()), (Claim::Verified, 0), "{what}");
            assert!(optimality.bound < optimality.objective, "{what}");
        }
        Pursuit::RoundsSpent => {
            assert_eq!((optimality.claim, answer.rounds.len()), (Claim::Verified, ROUNDS));
        }
    }
}

/// The cheapest plan of a demand at any cost by the certified model: latency binds where it is not
/// what a plan for the latency costs.
fn without_latency(catalog: &Catalog, intent: &Intent) -> Option<MicroDollars> {
    let demand = characterise(intent, catalog, None).expect("a generated intent is sound");
    match optimise(&Model::new(&demand, catalog, Settings::CERTIFIED), &[]) {
        Optimised::Found(found) => Some(found.cost),
        Optimised::Infeasible | Optimised::GaveUp => None,
    }
}

#[test]
fn thirty_tight_instances_end_within_forty_rounds_or_say_undecided() {
    let (mut planned, mut ended, mut binding, mut saved) = (0, 0, 0, 0);
    for seed in 0..INSTANCES {
        let (catalog, intent) = tight(seed);
        let quick = plan(&catalog, &intent, Effort::Quick);
        let full = plan(&catalog, &intent, Effort::Full);
        let Some(full) = full else {
            assert!(
                quick.is_none(),
                "seed {seed}: a quick search finds a plan and a full one none"
            );
            continue;
        };
        assert_sound(seed, &catalog, &full);
        let optimality = &full.plan.optimality;
        assert_ne!(optimality.pursuit, Some(Pursuit::RoundsSpent), "seed {seed}");
        planned += 1;
        ended += u64::from(optimality.pursuit == Some(Pursuit::Complete));
        let floor = without_latency(&catalog, &intent);
        binding += u64::from(floor.is_some_and(|floor| floor < optimality.objective));
        if let Some(quick) = quick {
            assert_eq!(quick.plan.optimality.pursuit, None);
            let quick = quick.plan.optimality.objective;
            assert!(optimality.objective <= quick, "seed {seed}");
            saved += u64::from(optimality.objective < quick);
        }
    }
    assert!(planned * 10 >= INSTANCES * 9, "only {planned} of {INSTANCES} have a plan");
    assert!(ended * 4 >= planned * 3, "only {ended} of {planned} end");
    assert!(binding * 3 >= planned, "latency binds in {binding} of {planned}");
    assert!(saved * 2 >= planned, "{saved} of {planned} are cheaper than the first that holds");
}

/// The cost of the cheapest plan below a limit that a simulation of every plan in the order of
/// their cost finds, with the number of plans that were simulated.
fn cheaper(catalog: &Catalog, demand: &Demand, limit: MicroDollars) -> (Option<MicroDollars>, u64) {
    let settings = simulator::Settings {
        seed: 1,
        alpha: Probability::of(0.05),
        evidence: Evidence::Demanded,
        ..simulator::Settings::default()
    };
    let model = Model::new(demand, catalog, Settings::CERTIFIED);
    let mut cuts: Vec<Cut> = Vec::new();
    loop {
        let simulated = cuts.len() as u64;
        let found = match optimise(&model, &cuts) {
            Optimised::Found(found) if found.cost < limit => found,
            Optimised::Found(_) | Optimised::Infeasible => return (None, simulated),
            Optimised::GaveUp => panic!("a small search ends by itself"),
        };
        let topology = assemble::plan(&model, &found).topology;
        let verification = verify(demand, &topology, &settings, &|_| {}).expect("a sound topology");
        if verification.status == Status::Verified {
            return (Some(found.cost), simulated + 1);
        }
        cuts.push(Cut {
            provider: found.layout.region.provider,
            region: found.layout.region.name.clone(),
            zones: found.layout.zones,
            signatures: found.options.iter().map(ServiceOption::signature).collect(),
            kind: CutKind::NoGood,
        });
    }
}

#[test]
fn no_plan_is_found_cheaper_by_simulating_all_in_the_order_of_their_cost() {
    let (mut ended, mut simulated) = (0, 0);
    for seed in 100..100 + SMALL {
        let (catalog, intent) = generate(seed, (1, 2), (40, 120));
        let Some(full) = plan(&catalog, &intent, Effort::Full) else { continue };
        assert_sound(seed, &catalog, &full);
        let optimality = &full.plan.optimality;
        let (found, plans) = cheaper(&catalog, &full.demand, optimality.objective);
        simulated += plans;
        match optimality.pursuit {
            Some(Pursuit::Complete) => {
                ended += 1;
                assert_eq!(found, None, "seed {seed}: {:?}", full.rounds);
            }
            // What was left open may hold, and costs no less than the bound.
            _ => assert!(found.is_none_or(|found| found >= optimality.bound), "seed {seed}"),
        }
    }
    assert!(ended * 4 >= SMALL * 3, "only {ended} of {SMALL} end");
    assert!(simulated >= 2 * SMALL, "only {simulated} plans are cheaper than what was found");
}

#[test]
fn the_effort_is_part_of_the_command_and_of_the_spec() {
    let phrase = "30 users, latency 200ms on aws";
    let full = plimsoll(&["plan", phrase, "--effort", "full", "--json"]);
    assert_eq!(full.code, 0, "{}{}", full.stdout, full.stderr);
    let spec = full.json();
    let command = spec["provenance"]["command"].as_str().expect("a command");
    assert!(command.contains(" --effort full "), "{command}");
    let pursuit = spec["optimality"]["pursuit"].as_str().expect("what became of the search");
    assert_eq!(pursuit == "complete", spec["optimality"]["claim"] == "cheapest_verified");
    let schema = plimsoll(&["schema", "spec"]).json();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let faults: Vec<String> = validator.iter_errors(&spec).map(|fault| fault.to_string()).collect();
    assert!(faults.is_empty(), "{faults:?}");
    let quick = plimsoll(&["plan", phrase, "--json"]).json();
    assert!(quick["optimality"].get("pursuit").is_none());
    let cost = |spec: &serde_json::Value| spec["cost"]["monthly_micros"]["expected"].as_u64();
    assert!(cost(&spec) <= cost(&quick));
    let refused = plimsoll(&["plan", phrase, "--effort", "most"]);
    assert_eq!(refused.code, 2, "{}", refused.stderr);
}
