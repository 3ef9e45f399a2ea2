//! Which scenarios there are for a system, and which of them its outcome demands.

use domain::intent::ServiceKind;
use domain::topology::Redundancy;
use domain::units::Availability;

use super::episode::{Episode, Phase};
use super::overload::overload;
use super::steady::Steady;
use super::{About, Kind, Scenario};
use crate::judge::{GOODPUT, Judge};
use crate::model::{Awaits, Change, Incident};
use crate::system::{Condition, System};

/// How long the slowest dependency stalls in the blip test, in seconds.
const BLIP: f64 = 10.0;

/// From which uptime on, in parts per million, something is demanded.
const FROM_THREE_NINES: u32 = 999_000;
const FROM_THREE_AND_A_HALF: u32 = 999_500;
const FROM_FOUR_NINES: u32 = 999_900;

/// Every scenario of a system, in the order in which they are told.
pub(crate) fn catalogue(judge: &Judge<'_>) -> Vec<Scenario> {
    let system = judge.system;
    let objectives = &system.demand.objectives;
    let uptime = objectives.uptime.map_or(0, Availability::ppm);
    let peak =
        Steady { condition: Condition::healthy(), load: 1.0, goodput: judge.goodput_at_peak() };
    let mut scenarios = vec![Scenario {
        name: "peak".to_owned(),
        summary: "The stated peak, everything in order.".to_owned(),
        about: About::Peak,
        demanded: true,
        kind: Kind::Steady(peak, None),
    }];
    let headroom = objectives.headroom.load.value();
    if headroom > 0.0 {
        scenarios.push(with_headroom(headroom));
    }
    scenarios.push(Scenario {
        name: "day".to_owned(),
        summary: "The load of a day, followed by the autoscalers.".to_owned(),
        about: About::Day,
        demanded: uptime >= FROM_THREE_NINES,
        kind: Kind::Day,
    });
    scenarios.extend(instances_down(system, uptime >= FROM_THREE_NINES));
    scenarios.extend(failovers(system, uptime >= FROM_THREE_AND_A_HALF));
    scenarios.extend(zone_losses(system, uptime >= FROM_FOUR_NINES));
    scenarios.extend(blip(judge, uptime >= FROM_FOUR_NINES));
    scenarios.extend(caches_lost(system));
    scenarios
}

fn with_headroom(headroom: f64) -> Scenario {
    Scenario {
        name: "headroom".to_owned(),
        summary: format!("The stated peak and {}% more.", (headroom * 1e4).round() / 1e2),
        about: About::Headroom,
        demanded: true,
        kind: Kind::Steady(
            Steady { condition: Condition::healthy(), load: 1.0 + headroom, goodput: GOODPUT },
            None,
        ),
    }
}

/// The peak in a condition.
fn in_condition(condition: Condition) -> Steady {
    Steady { condition, load: 1.0, goodput: GOODPUT }
}

/// One instance down of every stateless service, and of every cache all of whose nodes serve.
fn instances_down(system: &System<'_>, demanded: bool) -> Vec<Scenario> {
    let asked = system.demand.objectives.headroom.instances_down;
    let ejection = system.demand.faults.ejection.value();
    let mut scenarios = Vec::new();
    for service in system.services() {
        let kind = system.demand.services[service].kind;
        let apart = matches!(kind, ServiceKind::Sql | ServiceKind::Queue | ServiceKind::External);
        if apart || system.has_standbys(service) {
            continue;
        }
        let name = system.name(service);
        let count = asked.max(1);
        let condition = Condition::without_instances(service, count);
        let episode = Episode {
            phases: vec![Phase {
                incidents: system.going_down(&condition, 0.0),
                duration: ejection,
                shortened: true,
            }],
            end: system.ejecting(&condition, 0.0, false),
            demanded: false,
            hopeless: is_hopeless(system, &condition),
        };
        let instances = if count == 1 { "One instance" } else { "Instances" };
        scenarios.push(Scenario {
            name: format!("instance-down:{name}"),
            summary: format!(
                "{instances} of {name} down at the stated peak, silent until ejected {ejection} s \
                 later."
            ),
            about: About::Instances(service, count),
            demanded: demanded && asked > 0,
            kind: Kind::Steady(in_condition(condition), Some(episode)),
        });
    }
    scenarios
}

/// The primary of each database and cache with a standby is lost.
fn failovers(system: &System<'_>, demanded: bool) -> Vec<Scenario> {
    let mut scenarios = Vec::new();
    for service in system.services() {
        let Redundancy::Standby { failover } = system.topology.services[service].redundancy else {
            continue;
        };
        let name = system.name(service);
        let is_sql = system.demand.services[service].kind == ServiceKind::Sql;
        let (prefix, what) =
            if is_sql { ("sql-failover", "The primary") } else { ("cache-loss", "A node") };
        let condition = Condition::without_primary(service);
        scenarios.push(Scenario {
            name: format!("{prefix}:{name}"),
            summary: format!(
                "{what} of {name} is lost at the stated peak; its standby takes over within {} s.",
                failover.value()
            ),
            about: About::Failover(service),
            demanded: demanded && is_sql,
            kind: Kind::Episode(Episode {
                phases: vec![Phase {
                    incidents: system.going_down(&condition, 0.0),
                    duration: failover.value(),
                    shortened: true,
                }],
                end: taken_over(system, &condition),
                demanded: true,
                hopeless: is_hopeless(system, &condition),
            }),
        });
    }
    scenarios
}

/// Whether a condition leaves a station more work at the peak than it can do.
fn is_hopeless(system: &System<'_>, condition: &Condition) -> bool {
    overload(&system.model(condition), 1.0).is_some()
}

fn taken_over(system: &System<'_>, condition: &Condition) -> Vec<Incident> {
    let mut end = system.ejecting(condition, 0.0, true);
    end.extend(system.taking_over_from(condition, 0.0));
    end
}

/// Each zone is lost, unless it is exactly like one before it.
fn zone_losses(system: &System<'_>, demanded: bool) -> Vec<Scenario> {
    let zones = u16::from(system.topology.zones);
    let mut seen: Vec<Vec<Vec<usize>>> = Vec::new();
    let mut scenarios: Vec<Scenario> = Vec::new();
    for zone in 0..zones {
        let condition = Condition::without_zone(zone);
        let lost = |service| system.lost_by_pool(service, &condition);
        let losses: Vec<Vec<usize>> = system.services().map(lost).collect();
        if let Some(like) = seen.iter().position(|known| *known == losses) {
            if let About::Zones(zones) = &mut scenarios[like].about {
                zones.push(zone);
            }
            continue;
        }
        seen.push(losses);
        scenarios.push(Scenario {
            name: format!("zone-loss:{}", zone + 1),
            summary: format!(
                "Zone {} is lost at the stated peak, and what is left goes on without it.",
                zone + 1
            ),
            about: About::Zones(vec![zone]),
            demanded,
            kind: Kind::Steady(
                in_condition(condition.clone()),
                Some(zone_loss(system, &condition)),
            ),
        });
    }
    scenarios
}

/// A zone goes: traffic leaves it after its ejection, and each standby takes over in its own time.
fn zone_loss(system: &System<'_>, condition: &Condition) -> Episode {
    let ejection = system.demand.faults.zone_ejection.value();
    let mut steps = vec![(ejection, system.ejecting(condition, 0.0, false))];
    for service in system.services() {
        let redundancy = system.topology.services[service].redundancy;
        let Redundancy::Standby { failover } = redundancy else {
            continue;
        };
        if system.lost_count(service, condition) > 0 {
            let station = system.station(service).expect("a service with standbys is a station");
            let mut step = taken_over(system, condition);
            step.retain(|incident| concerns(incident, station));
            steps.push((failover.value(), step));
        }
    }
    steps.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut phases = Vec::new();
    let mut incidents = system.going_down(condition, 0.0);
    let mut from = 0.0;
    for (at, step) in steps {
        phases.push(Phase { incidents, duration: at - from, shortened: true });
        incidents = step;
        from = at;
    }
    let hopeless = is_hopeless(system, condition);
    Episode { phases, end: incidents, demanded: true, hopeless }
}

fn concerns(incident: &Incident, of: usize) -> bool {
    match incident.change {
        Change::Down { station, .. }
        | Change::Up { station, .. }
        | Change::Eject { station, .. }
        | Change::Admit { station, .. }
        | Change::Stall { station, .. } => station == of,
    }
}

/// The service whose visits take longest among those that other services call; the entry service
/// where none is called.
fn slowest_dependency(system: &System<'_>) -> Option<usize> {
    let model = system.model(&Condition::healthy());
    let loads = model.load(1.0);
    let called = |station: usize| {
        let callers = model.stations.iter().enumerate().filter(|(caller, _)| {
            system.demand.services[system.service(*caller)].kind != ServiceKind::Balancer
        });
        let calls = callers.flat_map(|(_, caller)| caller.calls.iter().flatten());
        calls.filter(|call| call.awaits != Awaits::Nothing).any(|call| {
            call.to == station || call.lookup.is_some_and(|lookup| lookup.fallback == Some(station))
        })
    };
    let slower = |one: &usize, other: &usize| {
        // Of equally slow ones the first.
        loads[*one].service.total_cmp(&loads[*other].service).then(other.cmp(one))
    };
    let dependency = (0..loads.len()).filter(|station| called(*station)).max_by(slower);
    dependency.map(|station| system.service(station)).or_else(|| system.entries().next())
}

fn blip(judge: &Judge<'_>, demanded: bool) -> Option<Scenario> {
    let system = judge.system;
    let service = slowest_dependency(system)?;
    let station = system.station(service)?;
    let stall = Incident { at: 0.0, change: Change::Stall { station, duration: BLIP } };
    Some(Scenario {
        name: "blip".to_owned(),
        summary: format!(
            "{} stands still for {BLIP} s at the stated peak; goodput must come back by itself.",
            system.name(service)
        ),
        about: About::Stall,
        demanded,
        kind: Kind::Episode(Episode {
            phases: vec![Phase { incidents: vec![stall], duration: BLIP, shortened: false }],
            end: Vec::new(),
            demanded: true,
            hopeless: false,
        }),
    })
}

/// Every node of a cache is lost, and all its keys are asked of its fallback: told, never demanded.
fn caches_lost(system: &System<'_>) -> Vec<Scenario> {
    let is_cache = |service: &usize| system.demand.services[*service].kind == ServiceKind::Cache;
    system
        .services()
        .filter(is_cache)
        .map(|service| {
            let name = system.name(service);
            Scenario {
                name: format!("cache-lost:{name}"),
                summary: format!(
                    "All of {name} is lost at the stated peak, and every key is asked of its \
                     fallback."
                ),
                about: About::Lost(service),
                demanded: false,
                kind: Kind::Steady(in_condition(Condition::without_service(service)), None),
            }
        })
        .collect()
}
