//! Laws of the search: bounds, other solvers, other starts, and what a plan says of its rivals.

use domain::intent::{Pin, Shape};
use domain::objective::Budget;
use domain::units::{MicroDollars, Seconds};
use solver::backend::{BackendAnswer, mixed_integer, multipliers};
use solver::cut::{Cut, CutKind};
use solver::model::{Model, Settings};
use solver::optimise::{Optimised, PlacementPrograms, optimise, programs};
use solver::option::ServiceOption;
use solver::program::{Column, Label, Program};
use solver::reduced::lagrangian_bound;
use solver::relax::set_latency;
use solver::search::cheapest as search;

use super::systems::System;
use super::{CASES, CASES_SOLVED, Case, Cheapest, changed, cheapest, demand, planned};
use crate::support::brute::fill;
use crate::support::{Draw, assume, stated, uptime};

/// The programs of every placement of a system.
fn programs_of(system: &System) -> Vec<PlacementPrograms> {
    let demand = demand(system);
    programs(&Model::new(&demand, &system.catalog, Settings::GUARDED))
}

/// The multipliers that HiGHS gives; none where the relaxation has no solution.
fn relaxed(program: &Program) -> Option<Vec<f64>> {
    match multipliers(program) {
        BackendAnswer::Optimal(found) => found.feasible.then_some(found.rows),
        BackendAnswer::Infeasible => None,
        other => panic!("HiGHS neither solved nor refused: {other:?}"),
    }
}

fn with_fixed(programs: &PlacementPrograms, micros: i64) -> MicroDollars {
    programs.fixed + MicroDollars::new(micros).expect("a cost is not negative")
}

/// Law 11: A limit that the plan without it keeps can be stated and nothing changes. Needs: the
/// plan keeps it with some room, because latency is rounded up to the steps of its ladder; and for
/// the uptime, the same rung of redundancy. That a limit with slack at the optimum can go, as is
/// said of continuous programs, does not hold where machines are whole: see the next test.
#[test]
fn a_limit_that_is_kept_without_it_changes_nothing() {
    let mut tried = [0_u64; 4];
    for (case, _) in planned() {
        let mut draw = Draw::new(0x1100_0000 + case.seed);
        let kind = (case.seed % 4) as usize;
        let free = without(&case.system, kind);
        let Some(own) = cheapest(&free) else { continue };
        let limited = match kind {
            0 => quota(&free, &own, draw.whole(0, 9)),
            1 => budget(&free, &own, draw.whole(0, 9)),
            2 => faster(&free, &own, draw.within(1.07, 1.5)),
            _ => more_uptime(&free, &own, draw.within(0.0, 1.0)),
        };
        let found = cheapest(&limited).unwrap_or_else(|| panic!("seed {}: {kind}", case.seed));
        assert_eq!(found.cost(), own.cost(), "seed {}: {kind}", case.seed);
        assert_eq!(found.machines(), own.machines(), "seed {}: {kind}", case.seed);
        tried[kind] += 1;
    }
    assert!(tried.iter().sum::<u64>() >= CASES && tried.iter().all(|tried| *tried >= 30));
}

/// Why law 11 is not stated as for continuous programs: of this quota something is left, and yet a
/// larger one makes a cheaper plan.
#[test]
fn a_limit_with_slack_can_bind_where_machines_are_whole() {
    let mut program = Program::default();
    let fleets = [("1 x large", 25), ("3 x small", 30)];
    let columns = fleets.map(|(name, cost)| Column { name: Label::Text(name.to_owned()), cost });
    program.add_group("app", false, columns.into());
    let without = search(&program, &[], None).best.expect("nothing limits it");
    program.add_row("quota.vcpus", 7.0, 1.0, |_, column| [8.0, 6.0][column]);
    let within = search(&program, &[0.0], None).best.expect("one of them fits");
    assert!(program.activity(&program.rows[0], &within.columns) < program.rows[0].limit);
    assert!(without.cost < within.cost);
}

/// The system without a quota, as loose as latency and uptime of its rung can be asked for.
fn without(system: &System, kind: usize) -> System {
    changed(system, |intent| match kind {
        0 => intent.assume.retain(|(name, _)| name != "rules.vcpu_quota"),
        1 => intent.objectives.budget = Budget::default(),
        2 => {
            let classes = intent.requests.iter().map(|class| class.latency.len()).sum::<usize>();
            for at in 0..intent.objectives.latency.len() + classes {
                set_latency(intent, at, Seconds::of(3_600.0));
            }
        }
        _ => intent.objectives.uptime = Some(uptime(900_000)),
    })
}

fn vcpus(system: &System, own: &Cheapest) -> u32 {
    let region = &own.plan.topology.region;
    let each = |sku: &str| {
        let mut offers = system.catalog.offers.iter();
        let offer = offers.find(|offer| &offer.region == region && offer.sku == sku);
        offer.map_or(0, domain::offer::Offer::vcpus)
    };
    own.bought.iter().map(|bought| each(&bought.sku) * bought.replicas).sum()
}

fn quota(free: &System, own: &Cheapest, room: u32) -> System {
    let quota = (vcpus(free, own) + room).to_string();
    changed(free, |intent| assume(intent, "rules.vcpu_quota", &quota))
}

fn budget(free: &System, own: &Cheapest, room: u32) -> System {
    let totals = own.plan.bill.totals();
    let more = MicroDollars::from_dollars(room);
    changed(free, |intent| {
        intent.objectives.budget =
            Budget { expected: Some(totals.expected + more), ceiling: Some(totals.ceiling + more) };
    })
}

fn faster(free: &System, own: &Cheapest, room: f64) -> System {
    let guard = Settings::GUARDED.guard.expect("the guarded model has one");
    changed(free, |intent| {
        for (at, estimate) in own.plan.estimates.iter().enumerate() {
            set_latency(intent, at, estimate.percentile.times(guard * room));
        }
    })
}

fn more_uptime(free: &System, own: &Cheapest, part: f64) -> System {
    let total = own.plan.availability.total.value();
    let kept = uptime(998_999).error_budget().value().max(total + 1.0);
    let budget = kept + (100_000.0 - kept) * part;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "parts of a million"
    )]
    let ppm = (1e6 - budget).floor() as u32;
    changed(free, |intent| intent.objectives.uptime = Some(uptime(ppm)))
}

/// Law 18: The bound of the relaxation is at most the reported cost, which is at most that of any
/// plan made by hand. Needs: nothing; a plan is made by hand by choosing options at random, and
/// counts where it breaks no row.
#[test]
fn the_bound_is_below_the_plan_and_any_plan_by_hand_above() {
    let mut by_hand = 0;
    for (case, own) in planned() {
        let mut draw = Draw::new(0x1800_0000 + case.seed);
        let certified = bound_without_estimates(case);
        assert!(certified <= own.cost() && own.bound <= own.cost(), "seed {}", case.seed);
        let mut lowest = None;
        for programs in programs_of(&case.system) {
            let program = &programs.plain;
            if let Some(multipliers) = relaxed(program) {
                let bound =
                    programs.fixed.micros() as f64 + lagrangian_bound(program, &multipliers);
                lowest = Some(lowest.map_or(bound, |lowest: f64| lowest.min(bound)));
            }
            for _ in 0..20 {
                let Some(micros) = at_random(&mut draw, program) else { continue };
                assert!(own.cost() <= with_fixed(&programs, micros), "seed {}", case.seed);
                by_hand += 1;
            }
        }
        let lowest = lowest.expect("where there is a plan, a relaxation has a solution");
        assert!(lowest <= own.cost().micros() as f64 + 1.0, "seed {}: {lowest}", case.seed);
    }
    assert!(by_hand >= 5 * CASES, "only {by_hand} plans by hand");
}

/// The bound of the model that excludes only what is certain not to work.
fn bound_without_estimates(case: &Case) -> MicroDollars {
    let demand = demand(&case.system);
    match optimise(&Model::new(&demand, &case.system.catalog, Settings::CERTIFIED), &[]) {
        Optimised::Found(optimum) => optimum.bound,
        _ => panic!("seed {}: what the guarded model allows is allowed here", case.seed),
    }
}

/// What a choice at random costs that breaks no row.
fn at_random(draw: &mut Draw, program: &Program) -> Option<i64> {
    let design = program.groups.iter().take_while(|group| !group.auxiliary).count();
    let mut columns: Vec<usize> =
        program.groups.iter().map(|group| draw.place(group.columns.len())).collect();
    let cost = program.cost(&columns[..design]);
    fill(program, &mut columns, design).then_some(cost)
}

/// Laws 19 and 20: Another solver gives the same cost; the search against brute force is in
/// `optimum`. Needs: HiGHS ends by itself, over every placement.
#[test]
fn another_solver_gives_the_same_cost() {
    let mut planned = 0;
    for case in &*CASES_SOLVED {
        let solved = programs_of(&case.system).into_iter().filter_map(|programs| {
            match mixed_integer(&programs.plain) {
                // A gap of its last bits is left at times; its choice is compared here anyway.
                BackendAnswer::Optimal(choice) | BackendAnswer::Limit(Some(choice)) => {
                    Some(with_fixed(&programs, choice.cost))
                }
                BackendAnswer::Infeasible => None,
                other => panic!("HiGHS neither solved nor refused: {other:?}"),
            }
        });
        let solved = solved.min();
        assert_eq!(solved, case.cheapest.as_ref().map(Cheapest::cost), "seed {}", case.seed);
        planned += u64::from(solved.is_some());
    }
    assert!(planned >= CASES, "only {planned}");
}

/// Law 21: Neither the multipliers that the search starts from, nor a plan that is known, nor the
/// number of threads change the plan. Needs: the search ends by itself; nothing in it is random.
#[test]
fn the_start_changes_nothing() {
    let mut compared = 0;
    let pools = [1, 2].map(|threads| {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can start")
    });
    for case in &*CASES_SOLVED {
        let mut draw = Draw::new(0x2100_0000 + case.seed);
        for programs in programs_of(&case.system) {
            let program = &programs.pruned;
            let Some(multipliers) = relaxed(program) else { continue };
            let first = search(program, &multipliers, None);
            assert!(first.complete, "seed {}", case.seed);
            let other = |draw: &mut Draw| -> Vec<f64> {
                let each = |own: &f64| own * draw.within(0.7, 1.4) + draw.within(0.0, 0.1);
                multipliers.iter().map(each).collect()
            };
            let cost = first.best.as_ref().map(|best| best.cost);
            for known in [None, cost] {
                let again = search(program, &other(&mut draw), known);
                assert!(again.complete, "seed {}", case.seed);
                assert_eq!(again.best, first.best, "seed {}", case.seed);
                compared += u64::from(again.best.is_some());
            }
        }
        if case.seed.is_multiple_of(4) {
            let found = pools.each_ref().map(|pool| pool.install(|| cheapest(&case.system)));
            assert!(found.iter().all(|found| *found == case.cheapest), "seed {}", case.seed);
        }
    }
    assert!(compared >= 2 * CASES, "only {compared}");
}

/// Law 24: Pinning all that a plan says gives that plan. Needs: the pin says what the plan is: as
/// many machines as at the peak, no fewer where the day is flat; where fleets follow the day a pin
/// says at most so many, for a fleet that may never be smaller is dearer at night.
#[test]
fn the_plan_that_is_pinned_costs_what_it_did() {
    let mut forced = [0_u64; 2];
    for case in &*CASES_SOLVED {
        let flat = case.seed.is_multiple_of(2);
        let system = changed(&case.system, |intent| {
            if flat {
                intent.traffic.shape = Some(Shape::Flat);
            }
        });
        let Some(own) = cheapest(&system) else { continue };
        let pinned = changed(&system, |intent| {
            intent.run_on.regions = vec![own.plan.topology.region.clone()];
            intent.run_on.zones = Some(stated(u32::from(own.plan.topology.zones)));
            let services = demand(&system).services.into_iter().zip(&own.bought);
            let bought = services.filter(|(_, bought)| !bought.sku.is_empty());
            intent.pins = bought
                .map(|(service, bought)| Pin {
                    service: service.name,
                    instance_type: Some(stated(bought.sku.clone())),
                    replicas_min: flat.then(|| stated(bought.replicas)),
                    replicas_max: Some(stated(bought.replicas)),
                    provider: None,
                    product: None,
                })
                .collect();
        });
        let found = cheapest(&pinned).unwrap_or_else(|| panic!("seed {}: no plan", case.seed));
        assert_eq!(found.cost(), own.cost(), "seed {}", case.seed);
        assert_eq!(found.machines(), own.machines(), "seed {}", case.seed);
        forced[usize::from(flat)] += 1;
    }
    assert!(forced.iter().sum::<u64>() >= CASES && forced.iter().all(|forced| *forced >= 60));
}

/// Law 25: Excluding the plan gives another one that costs no less, and so on. Needs: nothing; the
/// cut forbids that plan alone.
#[test]
fn a_plan_that_is_excluded_is_followed_by_a_dearer_one() {
    let (mut excluded, mut dearer) = (0, 0);
    for (case, own) in planned() {
        let demand = demand(&case.system);
        let model = Model::new(&demand, &case.system.catalog, Settings::GUARDED);
        let (mut cuts, mut last): (Vec<Cut>, _) = (Vec::new(), own.cost());
        for _ in 0..3 {
            let Optimised::Found(optimum) = optimise(&model, &cuts) else { break };
            let cut = Cut {
                provider: optimum.layout.region.provider,
                region: optimum.layout.region.name.clone(),
                zones: optimum.layout.zones,
                signatures: optimum.options.iter().map(ServiceOption::signature).collect(),
                kind: CutKind::NoGood,
            };
            assert!(last <= optimum.cost, "seed {}: after {} cuts", case.seed, cuts.len());
            assert!(!cuts.contains(&cut), "seed {}: an excluded plan again", case.seed);
            dearer += u64::from(last < optimum.cost);
            excluded += u64::from(!cuts.is_empty());
            last = optimum.cost;
            cuts.push(cut);
        }
    }
    assert!(excluded >= 3 * CASES / 2 && dearer >= CASES, "{excluded}, {dearer}");
}
