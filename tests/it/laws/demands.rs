//! Laws of what is asked for: the stricter question never has the cheaper answer.

use domain::catalog::Catalog;
use domain::intent::{Intent, Pin, Shape};
use domain::name::Name;
use domain::objective::{Load, UserKind};
use domain::plan::Plan;
use domain::units::{MicroDollars, Ratio, RequestsPerSecond, Seconds};
use solver::characterise::{CharacteriseError, characterise};

use super::systems::{System, system};
use super::{CASES, CASES_SOLVED, Case, Cheapest, Tally, changed, cheapest, cost, planned};
use crate::support::{Draw, stated, uptime};

/// Tries a change of every system that asks for more.
fn stricter(law: u64, least: u64, change: impl Fn(&mut Draw, &mut Intent)) {
    let mut tally = Tally::default();
    for case in &*CASES_SOLVED {
        let mut draw = Draw::new(law * 0x0100_0000 + case.seed);
        let stricter = changed(&case.system, |intent| change(&mut draw, intent));
        let own = case.cheapest.as_ref().map(Cheapest::cost);
        tally.no_dearer(case.seed, own, cost(&stricter));
    }
    tally.expect(least);
}

/// Law 6: A tighter latency is never cheaper. Needs: all else stays, so that the plans that are
/// fast enough are among those that were; the ladder of variances does not depend on the limit.
#[test]
fn a_tighter_latency_is_never_cheaper() {
    stricter(6, CASES / 4, |draw, intent| {
        let own = intent.requests.iter_mut().flat_map(|class| &mut class.latency);
        for latency in intent.objectives.latency.iter_mut().chain(own) {
            if draw.chance(0.7) {
                latency.limit = latency.limit.times(draw.within(0.4, 1.0));
            }
        }
    });
}

/// Law 6 in small steps, which the rounding up to a step of the ladder could break. Needs: as
/// above.
#[test]
fn a_latency_tightened_little_by_little_never_gets_cheaper() {
    let (mut steps, mut moved) = (0, 0);
    for (case, own) in planned().step_by(4) {
        let mut last = own.cost();
        for step in 1..=12 {
            let part = 0.985_f64.powi(step);
            let tighter = changed(&case.system, |intent| {
                let own = intent.requests.iter_mut().flat_map(|class| &mut class.latency);
                for latency in intent.objectives.latency.iter_mut().chain(own) {
                    latency.limit = latency.limit.times(part);
                }
            });
            let Some(cost) = cost(&tighter) else { break };
            assert!(last <= cost, "seed {}: cheaper at {part}", case.seed);
            moved += u64::from(last < cost);
            (last, steps) = (cost, steps + 1);
        }
    }
    assert!(steps >= 2 * CASES && moved >= 20, "{moved} of {steps}");
}

/// Law 7: A tighter uptime is never cheaper. Needs: all else stays. What follows from the uptime,
/// the redundancy of its rung of the ladder, only takes plans away as well.
#[test]
fn a_tighter_uptime_is_never_cheaper() {
    stricter(7, CASES / 4, |draw, intent| {
        let own = intent.objectives.uptime.map_or(900_000, domain::units::Availability::ppm);
        let limits = [990_000, 995_000, 998_000, 999_000, 999_500, 999_800, 999_850];
        let tighter: Vec<u32> = limits.into_iter().filter(|limit| *limit > own).collect();
        if !tighter.is_empty() {
            intent.objectives.uptime = Some(uptime(tighter[draw.place(tighter.len())]));
        }
    });
}

/// Law 8: More users are never cheaper. Needs: all else stays, so that whatever carries them
/// carries fewer; a price that falls with the quantity falls for what is above a step only, so the
/// sum still grows.
#[test]
fn more_users_are_never_cheaper() {
    stricter(8, CASES / 2, |draw, intent| {
        let Some(Load::Users { count, .. }) = &mut intent.objectives.load else { unreachable!() };
        let share = u64::from(draw.whole(101, 300));
        *count = (*count * share).div_ceil(100);
    });
}

/// Law 9: A longer pause between two pages is never dearer. Needs: all else stays, and the users
/// are at work at once: the pause says how often they ask.
#[test]
fn a_longer_pause_is_never_dearer() {
    let mut tally = Tally::default();
    for (case, seed) in CASES_SOLVED.iter().cycle().zip(0..3 * CASES) {
        if tally.tried == CASES {
            break;
        }
        let mut draw = Draw::new(0x0900_0000 + seed);
        let short = draw.within(4.0, 9.0);
        let pauses = [short, short * draw.within(1.01, 3.0)].map(|pause| {
            let own = changed(&case.system, |intent| {
                let load = &mut intent.objectives.load;
                let Some(Load::Users { think_time, .. }) = load else { unreachable!() };
                *think_time = Some(Seconds::of(pause));
            });
            cost(&own)
        });
        tally.no_dearer(seed, pauses[1], pauses[0]);
    }
    tally.expect(CASES / 2);
}

/// Law 10: At a fixed mean, a higher peak is never cheaper. Needs: what a plan costs does not
/// depend on the shape of the day, so every service has a number that is pinned and does not
/// breathe. A fleet that follows the day in whole machines can be cheaper on a day with a higher
/// peak, and is in a tenth of these systems. The mean of a day is its own to a millionth.
#[test]
fn at_a_fixed_mean_a_higher_peak_is_never_cheaper() {
    let mut tally = Tally::default();
    for (case, seed) in CASES_SOLVED.iter().cycle().zip(0..3 * CASES) {
        if tally.tried == CASES {
            break;
        }
        let mut draw = Draw::new(0x1000_0000 + seed);
        let users = u64::from(draw.whole(20_000, 300_000));
        let counts: Vec<u32> = case.system.intent.pins.iter().map(|_| draw.whole(2, 6)).collect();
        let low = draw.within(1.2, 3.0);
        let costs = [low, low * draw.within(1.05, 2.5)].map(|peak_to_mean| {
            let own = changed(&case.system, |intent| {
                let kind = Some(UserKind::DailyActive);
                intent.objectives.load = Some(Load::Users { count: users, kind, think_time: None });
                let peak_to_mean = Some(stated(peak_to_mean));
                intent.traffic.shape = Some(Shape::Diurnal { peak_to_mean });
                for (pin, count) in intent.pins.iter_mut().zip(&counts) {
                    (pin.replicas_min, pin.replicas_max) =
                        (Some(stated(*count)), Some(stated(*count)));
                }
                intent.pins.push(Pin {
                    service: Name::of("edge"),
                    replicas_min: Some(stated(3)),
                    replicas_max: Some(stated(3)),
                    ..intent.pins[0].clone()
                });
            });
            cost(&own)
        });
        // What of the bill follows the mean of the day follows it to a millionth.
        let millionth =
            |cost: MicroDollars| MicroDollars::new(cost.micros() / 1_000_000 * 1_000_000);
        let dollars = costs.map(|cost| cost.and_then(|cost| millionth(cost).ok()));
        tally.no_dearer(seed, dollars[0], dollars[1]);
    }
    tally.expect(CASES / 4);
}

/// Law 16: Two systems that have nothing to do with each other cost no more together than apart.
/// Needs: one region; a managed balancer; no uptime, which both would share, and so one zone;
/// limits of latency that each speak of their own requests; responses of one size, shares and rates
/// that are exact in binary, and prices in tenths of a cent, so that nothing is rounded.
#[test]
fn two_systems_cost_no_more_together_than_apart() {
    let (mut tally, mut seed) = (Tally::default(), 0);
    while tally.tried < CASES {
        seed += 1;
        let (one, other) = (alone(seed, "a"), alone(7_000 + seed, "b"));
        // Both buy from the same catalog.
        let other = System { catalog: one.catalog.clone(), ..other };
        let apart = [&one, &other].map(cost);
        let (Some(first), Some(second)) = (apart[0], apart[1]) else { continue };
        let together = together(&one, &other);
        tally.no_dearer(seed, cost(&together), Some(first + second));
    }
    // At least the hours of one balancer are saved.
    tally.expect(CASES);
}

/// The rate of each of two systems: with theirs, shares are a half.
const RATE: f64 = 128.0;

/// A system of one class whose names begin with a letter of its own.
fn alone(seed: u64, letter: &str) -> System {
    let balanced = |seed: &u64| {
        let System { catalog, intent } = system(*seed);
        let regions = &catalog.regions;
        // Few services, because the program of both together is much larger.
        regions.len() == 1 && regions[0].balancer.is_some() && intent.services.len() <= 3
    };
    // The first seed from there on with one region and a balancer.
    let seed = (seed * 100..seed * 100 + 100).find(balanced).expect("most systems are such");
    let mut own = system(seed);
    let intent = &mut own.intent;
    intent.objectives.uptime = None;
    intent.assume.clear();
    intent.requests.truncate(1);
    intent.services[0].cpu_time.truncate(1);
    let name = |name: &Name| Name::of(&format!("{letter}-{name}"));
    let class = &mut intent.requests[0];
    (class.name, class.enters) = (name(&class.name), name(&class.enters));
    class.share = None;
    class.latency = std::mem::take(&mut intent.objectives.latency);
    for latency in &mut class.latency {
        latency.class = Some(class.name.clone());
    }
    for service in &mut intent.services {
        service.name = name(&service.name);
        service.calls.iter_mut().for_each(|call| call.to = name(&call.to));
        service.fallback = service.fallback.as_ref().map(name);
    }
    for pin in &mut intent.pins {
        pin.service = name(&pin.service);
    }
    intent.objectives.load = Some(Load::Rate(RequestsPerSecond::of(RATE)));
    own
}

fn together(one: &System, other: &System) -> System {
    let mut both = one.clone();
    let intent = &mut both.intent;
    intent.objectives.load = Some(Load::Rate(RequestsPerSecond::of(2.0 * RATE)));
    intent.services.extend(other.intent.services.iter().cloned());
    intent.requests.extend(other.intent.requests.iter().cloned());
    intent.pins.extend(other.intent.pins.iter().cloned());
    for class in &mut intent.requests {
        class.share = Some(stated(Ratio::of(0.5)));
    }
    // Each class works at its own services alone: what it does not call, it does not work at.
    for service in &mut intent.services {
        let letter = service.name.as_str().chars().next();
        let own =
            |class: &&domain::intent::RequestClass| class.name.as_str().chars().next() == letter;
        let class = intent.requests.iter().find(own).expect("a class of that letter");
        for (of, _) in &mut service.cpu_time {
            *of = Some(class.name.clone());
        }
    }
    both
}

/// Law 22: No users at all are refused, and hardly any cost the floor: as many machines as the
/// rules ask for whatever the load, which is neither nothing nor beyond what many users cost.
/// Needs: a plan for many users; the floor alone may be too slow for nobody.
#[test]
fn no_users_are_refused_and_one_costs_the_floor() {
    let with = |system: &System, users: u64| {
        changed(system, |intent| {
            intent.objectives.load =
                Some(Load::Users { count: users, kind: None, think_time: None });
        })
    };
    let machines = |plan: &Plan| -> MicroDollars {
        let lines = plan.bill.lines.iter();
        lines.filter(|line| !is_traffic(&line.id)).map(|line| line.amount.expected).sum()
    };
    let refused = |system: &System, catalog: &Catalog| {
        let faults = characterise(&system.intent, catalog, None).expect_err("nobody is no load");
        let too_small = |fault| matches!(fault, &CharacteriseError::TooSmall { value: 0.0 });
        assert!(faults.iter().any(too_small), "{faults:?}");
    };
    for Case { system, .. } in &*CASES_SOLVED {
        refused(&with(system, 0), &system.catalog);
    }
    let mut below = 0;
    for (case, own) in planned() {
        let few = [1, 2].map(|users| cheapest(&with(&case.system, users)));
        let [Some(one), Some(two)] = few else { panic!("seed {}: no floor", case.seed) };
        assert_eq!(machines(&one.plan), machines(&two.plan), "seed {}", case.seed);
        assert!(MicroDollars::ZERO < machines(&one.plan), "seed {}", case.seed);
        assert!(one.cost() <= two.cost() && two.cost() <= own.cost(), "seed {}", case.seed);
        below += u64::from(machines(&one.plan) < machines(&own.plan));
    }
    assert!(below >= CASES / 4, "many users cost more than the floor in {below} only");
}

/// Whether a line of a bill moves with every request.
fn is_traffic(id: &str) -> bool {
    id.starts_with("traffic.") || id == "edge.units"
}
