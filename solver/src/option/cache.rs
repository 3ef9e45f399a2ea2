//! Caches: shards on a node each, with a copy in another zone where data must be redundant.

use domain::candidate::Rejection;
use domain::demand::{Demand, ServiceIndex};
use domain::hours::Shut;
use domain::topology::Balancing;
use domain::units::{Gigabits, MicroDollars};

use super::station::Station;
use super::{Copies, Found, ServiceOption, Source, by_view, vcpus};
use crate::availability;
use crate::purchase::{self, Fleet, Item, ItemKind};
use crate::queueing::Moments;
use crate::reach::noticed;
use crate::screen::{Candidate, Platform};

const COPIES: [Copies; 2] = [Copies::Single, Copies::Standby];

/// The least that any number of shards of any candidate costs.
pub(super) fn least_cost(source: &Source<'_, '_>) -> Option<MicroDollars> {
    each(source).filter_map(|shards| shards.least_cost()).min()
}

/// The fewest vCPUs of any number of shards of any candidate.
pub(super) fn least_vcpus(source: &Source<'_, '_>) -> u64 {
    let fewest = each(source).filter_map(|shards| {
        let count = shards.holding().next()?;
        Some(vcpus(&shards.candidate, shards.nodes(count)))
    });
    fewest.min().unwrap_or(0)
}

/// All numbers of shards of all candidates that hold by themselves and are wanted.
pub(super) fn collect<'a>(source: &Source<'_, 'a>, found: &mut Found<'a, '_>) {
    for candidate in source.candidates() {
        let mut fits = false;
        for shards in allowed(source).map(|copies| Shards::new(source, candidate, copies)) {
            for count in shards.holding() {
                fits = true;
                let items = shards.items(count);
                // More shards never cost less, so the first that is too dear ends the search.
                if !found.admits(purchase::total(&items).expected) {
                    break;
                }
                found.take(shards.option(count, items));
            }
        }
        if !fits {
            found.reject(Rejection::TooSmall, candidate);
        }
    }
}

/// The moments of each candidate at its largest number of shards, where it is fastest.
pub(super) fn fastest(source: &Source<'_, '_>, improve: &mut dyn FnMut(Vec<[Option<Moments>; 4]>)) {
    for shards in each(source) {
        if let Some(most) = shards.holding().last() {
            improve(shards.latency(most));
        }
    }
}

/// One shard, copied where that is allowed.
pub(super) fn least_unavailability(source: &Source<'_, '_>) -> f64 {
    allowed(source)
        .map(|copies| {
            unavailability((source.model.demand, source.service), source.stock.platform, copies)
        })
        .fold(f64::INFINITY, f64::min)
}

/// What one shard adds, in ppm.
fn unavailability(
    (demand, service): (&Demand, ServiceIndex),
    platform: Platform,
    copies: Copies,
) -> f64 {
    let each = match copies {
        Copies::Standby => availability::failover(&demand.faults.cache_failover),
        Copies::Single | Copies::Active => availability::outage(&demand.faults.instance),
    };
    let self_run = platform == Platform::SelfRun;
    let each = if self_run { each * demand.faults.self_run_factor } else { each };
    each * noticed(demand, service)
}

fn each<'m, 'a>(source: &'m Source<'m, 'a>) -> impl Iterator<Item = Shards<'m, 'a>> {
    source.candidates().flat_map(move |candidate| {
        allowed(source).map(move |copies| Shards::new(source, candidate, copies))
    })
}

/// How its nodes may be copied.
fn allowed<'m>(source: &'m Source<'_, '_>) -> impl Iterator<Item = Copies> + use<'m> {
    let rules = &source.model.demand.rules;
    let layout = source.layout;
    let single = !rules.redundant_data && !layout.survives_zone_loss;
    let standby = !layout.survives_zone_loss || layout.zones >= 2;
    COPIES.into_iter().filter(move |copies| match copies {
        Copies::Single => single,
        Copies::Standby => standby,
        Copies::Active => false,
    })
}

/// The numbers of shards of one candidate with one way of copying them.
struct Shards<'m, 'a> {
    station: Station<'m, 'a>,
    candidate: Candidate<'a>,
    platform: Platform,
    copies: Copies,
}

impl<'m, 'a> Shards<'m, 'a> {
    fn new(source: &Source<'m, 'a>, candidate: &Candidate<'a>, copies: Copies) -> Self {
        let threads = source.model.demand.service(source.service).servers_max;
        let servers = candidate.servers.min(threads.unwrap_or(u32::MAX));
        Self {
            station: source.station(candidate, (servers, Balancing::Random)),
            candidate: *candidate,
            platform: source.stock.platform,
            copies,
        }
    }

    /// Every number of shards that holds by itself, from the fewest.
    fn holding(&self) -> impl Iterator<Item = u32> + '_ {
        let most = self.station.model.demand.rules.replicas_max;
        (1..=most).filter(|shards| self.holds(*shards))
    }

    fn least_cost(&self) -> Option<MicroDollars> {
        let fewest = self.holding().next()?;
        Some(purchase::total(&self.items(fewest)).expected)
    }

    const fn nodes(&self, shards: u32) -> u32 {
        match self.copies {
            Copies::Standby => shards * 2,
            Copies::Single | Copies::Active => shards,
        }
    }

    fn holds(&self, shards: u32) -> bool {
        let model = self.station.model;
        let rules = &model.demand.rules;
        let Some(data) = &model.demand.service(self.station.service).data else { return false };
        // The node sizes of managed caches are what is left for data; an instance also runs a
        // system.
        let usable = match self.platform {
            Platform::Managed => 1.0,
            Platform::SelfRun => model.constants.memory_usable,
        };
        let memory = self.candidate.offer.memory.value() as f64 * usable;
        let overhead = 1.0 + model.constants.cache_overhead;
        let needed = data.size.value() as f64 * overhead / f64::from(shards);
        let bytes =
            model.bytes_per_second[self.station.service.0] * model.headroom / f64::from(shards);
        let network = self.candidate.offer.network.map_or(0.0, Gigabits::bytes_per_second);
        memory >= needed
            && self.station.within(shards, 1.0, rules.utilisation_cache.value())
            && self.station.within(shards, model.headroom, rules.utilisation_headroom.value())
            && bytes <= network * rules.utilisation_cache.value()
            && self.pinned(shards)
    }

    fn pinned(&self, shards: u32) -> bool {
        let nodes = self.nodes(shards);
        let pins = &self.station.model.demand.pins;
        pins.iter().filter(|pin| pin.service == self.station.service).all(|pin| {
            pin.replicas_min.is_none_or(|least| nodes >= least)
                && pin.replicas_max.is_none_or(|most| nodes <= most)
        })
    }

    fn items(&self, shards: u32) -> Vec<Item> {
        let (model, machine) = (self.station.model, (&self.candidate, 0));
        let fleet = Fleet::fixed(model, &self.candidate, Shut::RunsOn, self.nodes(shards));
        match self.platform {
            Platform::Managed => {
                purchase::machine_hours(model, machine, (&fleet, ItemKind::Node), Shut::RunsOn)
            }
            Platform::SelfRun => purchase::instances(model, machine, &fleet, Shut::RunsOn),
        }
    }

    /// A copy takes over, so the states with something lost are the base state again.
    fn latency(&self, shards: u32) -> Vec<[Option<Moments>; 4]> {
        let model = self.station.model;
        let base = self.station.latency(shards, 1.0);
        let headroom = self.station.latency(shards, model.headroom);
        by_view(&[base.clone(), headroom, base.clone(), base], model.lanes())
    }

    fn option(&self, shards: u32, items: Vec<Item>) -> ServiceOption<'a> {
        let replicas = self.nodes(shards);
        let demand = self.station.model.demand;
        let each = unavailability((demand, self.station.service), self.platform, self.copies);
        ServiceOption {
            candidate: Some(self.candidate),
            standing: None,
            platform: self.platform,
            replicas,
            shards,
            copies: self.copies,
            balancing: self.station.balancing,
            servers: self.station.servers,
            floor: replicas,
            ceiling: replicas,
            expected_replicas: f64::from(replicas),
            cost: purchase::total(&items),
            items,
            unavailability: each * f64::from(shards),
            survives_zone_loss: self.copies == Copies::Standby && self.station.layout.zones >= 2,
            latency: self.latency(shards),
            level: None,
            vcpus: vcpus(&self.candidate, replicas),
            connections: 0,
        }
    }
}
