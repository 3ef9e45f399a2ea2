//! The optimum against brute force and against HiGHS, and what `check` says of it, on many small
//! generated systems.

use domain::catalog::Catalog;
use domain::intent::Intent;
use plimsoll::audit::{Against, asked, audit};
use plimsoll::check;
use solver::backend::{BackendAnswer, mixed_integer};
use solver::characterise::characterise;
use solver::model::{Model, Settings};
use solver::optimise::programs;
use solver::program::Program;

use crate::support::brute::{brute_force, least_by_trying};
use crate::support::document::{answer, reread};
use crate::support::plans::cost;
use crate::support::{Draw, assume, catalog, chain, instance, latency, region, uptime};

const INSTANCES: u64 = 500;

/// A catalog of three offers, and an intent for one to four services that may have two each, as a
/// document states it.
pub(crate) fn generate(seed: u64) -> (Catalog, Intent) {
    let mut draw = Draw::new(seed);
    let offers = (0..3).map(|at| {
        let vcpus = 2 << draw.whole(0, 2);
        // To the thousandth, as catalogs state it.
        let pace = (draw.within(0.6, 2.5) * 1e3).round() / 1e3;
        let hour = f64::from(vcpus) * pace * draw.within(0.02, 0.05);
        instance(&format!("offer{at}"), "here", (vcpus, pace), hour)
    });
    let catalog = catalog(vec![region("here")], offers.collect());
    let services = draw.whole(1, 4);
    let cpu_times: Vec<f64> = (0..services).map(|_| written(draw.within(2.0, 20.0))).collect();
    let users = u64::from(draw.whole(50, 900));
    let mut intent = chain(users, &cpu_times);
    let work: f64 = cpu_times.iter().sum();
    let uptimes = [999_830, 999_840, 999_850, 999_860];
    intent.objectives.uptime = Some(uptime(uptimes[draw.whole(0, 3) as usize]));
    if draw.chance(0.2) {
        // Machines that fail often and for long, so that one to spare is worth its price.
        assume(&mut intent, "availability.instance.rate", "2/year");
        assume(&mut intent, "availability.instance.repair", "4h");
        intent.objectives.uptime = Some(uptime(draw.whole(9_970, 9_989) * 100));
    }
    intent.objectives.latency = vec![latency(950, written(work * draw.within(1.0, 6.0) + 10.0))];
    if draw.chance(0.5) {
        intent.objectives.latency.push(latency(990, written(work * draw.within(2.0, 9.0) + 12.0)));
    }
    let quota = f64::from(services) * draw.within(4.0, 24.0);
    assume(&mut intent, "rules.vcpu_quota", &format!("{}", quota.round()));
    // Two numbers of each of three offers: at most six options a service.
    let fewest = 1 + u32::from(draw.chance(0.5));
    for service in &intent.services.clone() {
        intent.pins.push(domain::intent::Pin {
            service: service.name.clone(),
            instance_type: None,
            replicas_min: Some(crate::support::stated(fewest + 1)),
            replicas_max: Some(crate::support::stated(fewest + 2)),
            provider: None,
            product: None,
        });
    }
    (catalog, reread(&intent))
}

/// Milliseconds as somebody writes them down: to the hundredth.
fn written(milliseconds: f64) -> f64 {
    (milliseconds * 100.0).round() / 100.0
}

#[test]
fn the_plan_equals_brute_force() {
    let mut feasible = 0;
    for seed in 0..INSTANCES {
        let (catalog, intent) = generate(seed);
        let demand = characterise(&intent, &catalog, None).unwrap();
        let model = Model::new(&demand, &catalog, Settings::GUARDED);
        for programs in programs(&model) {
            for group in programs.plain.groups.iter().filter(|group| !group.auxiliary) {
                assert!(group.columns.len() <= 6, "seed {seed}: {} options", group.columns.len());
            }
        }
        let expected = least_by_trying(&model);
        assert_eq!(cost(&intent, &catalog), expected, "seed {seed}");
        feasible += u64::from(expected.is_some());
    }
    assert!(feasible * 2 > INSTANCES, "only {feasible} of {INSTANCES} are feasible");
}

#[test]
fn plain_and_pruned_programs_agree_in_highs() {
    let cost = |program: &Program| match mixed_integer(program) {
        // A gap of its last bits is left at times; what it is worth is compared here anyway.
        BackendAnswer::Optimal(choice) | BackendAnswer::Limit(Some(choice)) => Some(choice.cost),
        BackendAnswer::Infeasible => None,
        other => panic!("HiGHS neither solved nor refused: {other:?}"),
    };
    for seed in 0..INSTANCES {
        let (catalog, intent) = generate(seed);
        let demand = characterise(&intent, &catalog, None).unwrap();
        let model = Model::new(&demand, &catalog, Settings::GUARDED);
        for programs in programs(&model) {
            let expected = brute_force(&programs.plain);
            assert_eq!(cost(&programs.plain), expected, "seed {seed}, plain");
            assert_eq!(cost(&programs.pruned), expected, "seed {seed}, pruned");
        }
    }
}

#[test]
fn check_accepts_every_answer() {
    let mut accepted = 0;
    for seed in 0..INSTANCES {
        let (catalog, intent) = generate(seed);
        let Some(answer) = answer(&intent, &catalog) else { continue };
        let faults = check::faults(&answer.demand, &answer.plan, &catalog);
        assert!(faults.is_empty(), "seed {seed}: {faults:?}");
        let spec = reports::spec::render(&answer);
        let asked = asked(&spec, &catalog).expect("the intent in it can be read again");
        for asked in [Some(&asked), None] {
            let against = Against { catalog: Some(&catalog), asked, digests: true };
            let checked = audit(&spec, &against).expect("it can be looked at");
            assert_eq!(checked.faults, [], "seed {seed}, its intent known: {}", asked.is_some());
        }
        accepted += 1;
    }
    assert!(accepted * 2 > INSTANCES, "only {accepted} of {INSTANCES} are feasible");
}

#[test]
fn latency_uptime_and_quota_each_bind_in_a_fifth_of_the_instances() {
    let mut binding = [0_u64; 3];
    for seed in 0..INSTANCES {
        let (catalog, intent) = generate(seed);
        let whole = cost(&intent, &catalog);
        let mut without = [intent.clone(), intent.clone(), intent];
        without[0].objectives.latency.clear();
        // The redundancy that the uptime asks for stays: only the sum of unavailability goes.
        without[1].assume.retain(|(name, _)| name != "availability.instance.rate");
        assume(&mut without[1], "availability.instance.rate", "0/year");
        assume(&mut without[1], "availability.region.rate", "0/year");
        assume(&mut without[1], "availability.change.rate", "0/year");
        assume(&mut without[1], "availability.zone.rate", "0/year");
        assume(&mut without[1], "availability.balancer", "0");
        without[2].assume.retain(|(name, _)| name != "rules.vcpu_quota");
        for (count, loosened) in binding.iter_mut().zip(&without) {
            *count += u64::from(cost(loosened, &catalog) != whole);
        }
    }
    for (name, count) in ["latency", "uptime", "quota"].iter().zip(binding) {
        assert!(count * 5 >= INSTANCES, "{name} binds in {count} of {INSTANCES}");
    }
}
