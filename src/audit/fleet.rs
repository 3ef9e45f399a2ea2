//! What runs again: every size from the catalog, every count from the offers, every limit from the
//! demand and the ledger, and how busy it all is.

use domain::demand::ServiceDemand;
use domain::intent::ServiceKind;
use domain::offer::{Offer, Product};
use domain::safeguard::Safeguard;
use domain::spec::{AutoscalingPart, OfferPart, RedundancyPart, ServicePart};
use domain::units::Mebibytes;

use super::Audit;
use super::arrivals::Arrivals;
use super::bill::peak;
use super::exact::{Span, Whole};
use super::pools;

/// How busy something is of which nothing is left, in thousandths.
const NOTHING_LEFT: u128 = 1_000_000;

/// What an offer of a service is sold as there.
pub(super) fn sold<'a>(
    offers: &'a [Offer],
    service: &ServicePart,
    part: &OfferPart,
) -> Option<&'a Offer> {
    offers.iter().filter(|offer| offer.sku == part.instance_type).find(|offer| {
        match (&offer.product, service.kind) {
            (Product::Instance, _) => service.product.is_none(),
            (Product::ManagedSql { engine }, ServiceKind::Sql)
            | (Product::ManagedCache { engine }, ServiceKind::Cache) => {
                service.product.is_some() && Some(engine) == service.engine.as_ref()
            }
            _ => false,
        }
    })
}

/// A service with its demand and what arrives at it.
#[derive(Clone, Copy)]
pub(super) struct Unit<'a> {
    place: &'a str,
    part: &'a ServicePart,
    demand: &'a ServiceDemand,
    safeguard: Option<&'a Safeguard>,
    arrivals: Arrivals,
}

impl Audit<'_> {
    /// Everything about the services that needs no catalog.
    pub(super) fn services(&mut self, arrivals: &[Arrivals]) {
        let spec = self.spec;
        for (at, part) in spec.services.iter().enumerate() {
            let place = format!("/services/{at}");
            let demand = self.known.demand;
            let own = demand.services.iter().position(|service| service.name == part.name);
            let Some(own) = own.filter(|own| *own == at) else {
                self.book.holds(&place, false, "it is not the service that is asked for there");
                continue;
            };
            self.schedule(&place, part);
            let unit = Unit {
                place: &place,
                part,
                demand: &demand.services[own],
                safeguard: demand.policy.safeguards.get(own),
                arrivals: arrivals[own],
            };
            self.counts(&unit);
            self.settings(&unit);
            self.limits(&unit);
            self.sizing(&unit);
            self.shared(&place, (at, part));
            for (at, offer) in part.offers.iter().enumerate() {
                if let Some(scaler) = &offer.autoscaling {
                    let place = format!("{place}/offers/{at}/autoscaling");
                    self.autoscaling(&place, &unit, (offer, scaler));
                }
            }
        }
    }

    /// How many there are, in all places that say so.
    fn counts(&mut self, unit: &Unit<'_>) {
        let (place, part) = (unit.place, unit.part);
        let all: u64 = part.offers.iter().map(peak).sum();
        let copies: u64 =
            if matches!(part.redundancy, RedundancyPart::Standby { .. }) { 2 } else { 1 };
        let shards = if matches!(part.redundancy, RedundancyPart::Active {}) || all == 0 {
            1
        } else {
            all / copies
        };
        self.book.number(&format!("{place}/shards"), part.shards.into(), shards);
        let text = "a standby has one instance for each that serves";
        self.book.holds(place, all.is_multiple_of(copies), text);
        if let RedundancyPart::Standby { failover_us } = part.redundancy {
            let faults = &self.known.demand.faults;
            let sql = part.kind == ServiceKind::Sql;
            let failover = if sql { faults.sql_failover } else { faults.cache_failover };
            let place = format!("{place}/redundancy/failover_us");
            self.time(&place, failover_us, Span::of(failover.duration.value()));
        }
        let there = part.replicas.is_some() != part.offers.is_empty();
        self.book.holds(place, there, "replicas stand beside offers and nowhere else");
        let Some(replicas) = &part.replicas else { return };
        let place = format!("{place}/replicas");
        let bound = |limit: fn(&AutoscalingPart) -> u32| -> u64 {
            let offers = part.offers.iter();
            offers
                .map(|own| own.autoscaling.as_ref().map_or(peak(own), |own| limit(own).into()))
                .sum()
        };
        self.book.number(&format!("{place}/peak"), replicas.peak.into(), all);
        self.book.number(&format!("{place}/min"), replicas.min.into(), bound(|own| own.min));
        self.book.number(&format!("{place}/max"), replicas.max.into(), bound(|own| own.max));
        for zone in &self.spec.placement.zones {
            let here = part.offers.iter().filter_map(|offer| offer.per_zone.get(&zone.id));
            let here: u64 = here.map(|count| u64::from(*count)).sum();
            let stated = replicas.per_zone.get(&zone.id).copied().unwrap_or(0);
            self.book.number(&format!("{place}/per_zone/{}", zone.id), stated.into(), here);
        }
        let expected = (0..part.offers.len()).map(|at| self.fleet(&part.offers, at)[0]);
        let expected = expected.fold(Span::ZERO, Span::plus).up(1_000);
        self.book.whole(&format!("{place}/expected_milli"), replicas.expected_milli, expected);
    }

    /// What was stated for it or settled for everybody.
    fn settings(&mut self, unit: &Unit<'_>) {
        let (place, part, demand) = (unit.place, unit.part, unit.demand);
        let door = demand.interface.port;
        self.book.number(&format!("{place}/port"), part.port.into(), door.into());
        if let Some(listener) = &part.listener {
            let place = format!("{place}/listener");
            self.book.number(&format!("{place}/port"), listener.port.into(), door.into());
            let settled = reports::spec::settled::IDLE_TIMEOUT_US;
            self.book.number(
                &format!("{place}/idle_timeout_us"),
                listener.idle_timeout_us,
                settled,
            );
        }
        let check = &part.health_check;
        let times = [
            ("interval_us", check.interval_us, "health_check.interval"),
            ("timeout_us", check.timeout_us, "health_check.timeout"),
        ];
        for (name, stated, assumed) in times {
            let right = self.assumed(assumed);
            self.time(&format!("{place}/health_check/{name}"), stated, right);
        }
        let counts = [
            ("unhealthy_threshold", check.unhealthy_threshold, "health_check.unhealthy_after"),
            ("healthy_threshold", check.healthy_threshold, "health_check.healthy_after"),
        ];
        for (name, stated, assumed) in counts {
            let right = self.assumed(assumed).up(1);
            self.book.whole(&format!("{place}/health_check/{name}"), stated, right);
        }
        if let Some(rollout) = &part.rollout {
            let place = format!("{place}/rollout");
            let all: u64 = part.offers.iter().map(peak).sum();
            let surge = reports::spec::settled::rollout_surge(u32::try_from(all).unwrap_or(0));
            let drains = part.offers.iter().filter_map(|offer| offer.autoscaling.as_ref());
            let drain = drains.map(|own| own.drain_us).max();
            let drain = drain.unwrap_or(reports::spec::settled::DRAIN_US);
            self.book.number(&format!("{place}/max_surge"), rollout.max_surge.into(), surge.into());
            self.book.number(
                &format!("{place}/max_unavailable"),
                rollout.max_unavailable.into(),
                0,
            );
            self.book.number(&format!("{place}/drain_us"), rollout.drain_us, drain);
        }
        if let Some(backup) = &part.backup {
            let place = format!("{place}/backup/retention_days");
            let demanded = unit.safeguard.and_then(|own| own.backup_days).unwrap_or(0);
            let days = reports::spec::settled::BACKUP_DAYS.max(demanded);
            self.book.number(&place, backup.retention_days.into(), days.into());
        }
        if let Some(handling) = part.resilience {
            let place = format!("{place}/resilience");
            let own = demand.on_failure;
            self.time(
                &format!("{place}/timeout_us"),
                handling.timeout_us,
                Span::of(own.timeout.value()),
            );
            self.time(&format!("{place}/queue_us"), handling.queue_us, Span::of(own.queue.value()));
            self.book.number(
                &format!("{place}/retries"),
                handling.retries.into(),
                own.retries.into(),
            );
            let budget = self.known.micro(own.retry_budget.value()).nearest(1_000_000);
            let place = format!("{place}/retry_budget_ppm");
            self.book.whole(&place, handling.retry_budget_ppm, budget);
        }
    }

    /// What one instance admits, and how large its disks are.
    fn limits(&mut self, unit: &Unit<'_>) {
        let (place, part, demand) = (unit.place, unit.part, unit.demand);
        if let Some(volume) = &part.root_volume {
            let size = self.assumed("disk.size").down(1);
            self.book.whole(&format!("{place}/root_volume/size_mib"), volume.size_mib, size);
        }
        if let Some(volume) = &part.volume {
            let size = self.data_size(part).value();
            self.book.number(&format!("{place}/volume/size_mib"), volume.size_mib, size);
        }
        let Some(offer) = part.offers.first() else { return };
        if let Some(connections) = part.connections {
            let place = format!("{place}/connections");
            let memory = Span::whole(offer.memory_mib).over(Span::whole(1_024_u32));
            let most = memory.times(self.assumed("sql.connections_per_gib"));
            let most = most.min(self.assumed("sql.connections_max")).down(1);
            let reserved = demand.data.as_ref().map_or(0, |data| data.reserved_connections);
            let most = most.at_least(reserved.into());
            self.book.whole(&format!("{place}/max"), connections.max, most);
            let each = self.assumed("sql.connections_per_instance").up(1).at_least(1);
            let place = format!("{place}/pool_per_instance");
            self.book.whole(&place, connections.pool_per_instance, each);
        }
        let Some(process) = part.process else { return };
        let place = format!("{place}/process");
        // Work that may wait, in requests: the time of one is its mean work at the offer's speed.
        // Instances of several offers admit alike: what the weakest of them can.
        let waits = part.offers.iter().map(|offer| {
            let waiting = Span::of(demand.on_failure.queue.value());
            let waiting = waiting.times(Span::whole(offer.servers));
            let done = unit.arrivals.rate.times(self.speed(offer)).over(unit.arrivals.work);
            waiting.times(done)
        });
        let queue = waits.reduce(Span::min).unwrap_or(Span::ZERO);
        let queue = queue.up(1).at_least(1).at_most(1_000_000_000);
        self.book.whole(&format!("{place}/queue_limit"), process.queue_limit, queue);
        let memory = part.offers.iter().map(|offer| offer.memory_mib).min().unwrap_or(0);
        let in_flight = match part.kind {
            ServiceKind::Service | ServiceKind::Balancer => {
                let usable = self.assumed("service.memory_usable");
                let free = Span::whole(memory).times(usable);
                let free = free.minus(Span::whole(demand.memory_base.value()));
                let each = Span::whole(demand.memory_per_request.value()).max(Span::of(0.001));
                free.over(each).down(1).at_most(1_000_000_000)
            }
            ServiceKind::Cache | ServiceKind::Sql | ServiceKind::Queue | ServiceKind::External => {
                Whole::exactly(u64::from(process.queue_limit) + u64::from(offer.servers))
            }
        };
        self.book.whole(&format!("{place}/max_in_flight"), process.max_in_flight, in_flight);
    }

    /// What arrives, what that keeps busy, and how busy it is in each state.
    fn sizing(&mut self, unit: &Unit<'_>) {
        let (part, sizing) = (unit.part, &unit.part.sizing);
        let place = format!("{}/sizing", unit.place);
        let rate = unit.arrivals.rate.nearest(1_000_000);
        self.book.whole(&format!("{place}/arrival_micro_rps"), sizing.arrival_micro_rps, rate);
        let busy = sizing.utilisation_permille;
        let places = |name: &str| format!("{place}/utilisation_permille/{name}");
        if part.offers.is_empty() {
            let nothing = [
                (format!("{place}/load_erlang_milli"), sizing.load_erlang_milli),
                (format!("{place}/servers"), sizing.servers.into()),
                (places("peak"), busy.peak),
                (places("headroom"), busy.headroom),
                (places("instance_down"), busy.instance_down.unwrap_or(0)),
                (places("zone_lost"), busy.zone_lost.unwrap_or(0)),
            ];
            for (place, stated) in nothing {
                self.book.number(&place, stated, 0);
            }
            return;
        }
        let work = unit.arrivals.work;
        let erlangs = work.over(self.mean_speed(&part.offers)).nearest(1_000);
        self.book.whole(&format!("{place}/load_erlang_milli"), sizing.load_erlang_milli, erlangs);
        let active = matches!(part.redundancy, RedundancyPart::Active {});
        let all = pools::all(&part.offers);
        let shards = u64::from(part.shards);
        let serving = if active { all } else { vec![shards] };
        let servers = pools::servers(&part.offers, &serving);
        self.book.number(&format!("{place}/servers"), sizing.servers.into(), servers);
        let headroom = self.known.demand.objectives.headroom.load.value();
        let more = work.times(Span::whole(1_u32).plus(self.known.micro(headroom)));
        let at = |audit: &Self, work: Span, counts: &[u64]| {
            let busy = work.over(audit.capacity(&part.offers, counts));
            busy.nearest(1_000).at_most(NOTHING_LEFT)
        };
        let right = [at(self, work, &serving), at(self, more, &serving)];
        self.book.whole(&places("peak"), busy.peak, right[0]);
        self.book.whole(&places("headroom"), busy.headroom, right[1]);
        let one_down =
            if active { pools::without_one(&part.offers) } else { vec![shards.saturating_sub(1)] };
        let losses = [
            ("instance_down", busy.instance_down, one_down),
            ("zone_lost", busy.zone_lost, pools::without_a_zone(&part.offers)),
        ];
        for (name, stated, left) in losses {
            let place = places(name);
            if let Some(stated) = stated {
                let right = at(self, work, &left);
                self.book.whole(&place, stated, right);
            } else {
                let none = !active || left.iter().all(|count| *count == 0);
                self.book.holds(&place, none, "it is left out, and something is left");
            }
        }
    }

    fn autoscaling(
        &mut self,
        place: &str,
        unit: &Unit<'_>,
        (offer, scaler): (&OfferPart, &AutoscalingPart),
    ) {
        let offers = &unit.part.offers;
        let busy = unit.arrivals.work.over(self.capacity(offers, &pools::all(offers)));
        // What never falls below its number is not steered to less than a machine's own work.
        let stays = u64::from(scaler.min) == peak(offer);
        let least = if stays { self.assumed("autoscaler.target_min").up(1_000).least } else { 0 };
        let target = busy.up(1_000).at_least(least.max(1)).at_most(1_000);
        let ppm = Whole { least: target.least * 1_000, most: target.most * 1_000 };
        self.book.whole(&format!("{place}/target_ppm"), scaler.target_ppm, ppm);
        let times = [
            ("period_us", scaler.period_us, "autoscaler.period"),
            ("scale_in_window_us", scaler.scale_in_window_us, "autoscaler.scale_in_window"),
            ("drain_us", scaler.drain_us, "autoscaler.drain"),
        ];
        for (name, stated, assumed) in times {
            self.time(&format!("{place}/{name}"), stated, self.assumed(assumed));
        }
        let within = (u64::from(scaler.min)..=u64::from(scaler.max)).contains(&peak(offer));
        self.book.holds(place, within, "the fleet of the peak is not within its bounds");
    }

    /// Every machine as it is sold.
    pub(super) fn machines_sold(&mut self, offers: &[Offer], boot: Option<f64>) {
        let spec = self.spec;
        for (at, service) in spec.services.iter().enumerate() {
            for (number, part) in service.offers.iter().enumerate() {
                let place = format!("/services/{at}/offers/{number}");
                self.purchase(&place, part);
                match sold(offers, service, part) {
                    Some(offer) => self.machine(&place, service, (part, offer)),
                    None => self.book.holds(&place, false, "it is not sold there"),
                }
                let demand = self.known.demand.services.get(at);
                if let (Some(scaler), Some(demand)) = (&part.autoscaling, demand) {
                    let warm_up =
                        Span::of(boot.unwrap_or(0.0)).plus(Span::of(demand.startup.value()));
                    self.time(&format!("{place}/autoscaling/warmup_us"), scaler.warmup_us, warm_up);
                }
            }
        }
    }

    fn machine(&mut self, place: &str, service: &ServicePart, (part, offer): (&OfferPart, &Offer)) {
        let book = &mut self.book;
        book.same(&format!("{place}/family"), &part.family, &offer.family);
        let words = (part.architecture.as_str(), offer.architecture.as_str());
        book.same(&format!("{place}/architecture"), &words.0, &words.1);
        book.number(&format!("{place}/vcpu"), part.vcpu.into(), offer.vcpus().into());
        book.number(&format!("{place}/memory_mib"), part.memory_mib, offer.memory.value());
        let network = offer.network.map_or(0, domain::units::Gigabits::megabits);
        let place_of = |name: &str| format!("{place}/{name}");
        book.number(&place_of("network_mbps"), part.network_mbps.unwrap_or(0), network);
        let zones = offer.zones.map_or(0, u64::from);
        let used = part.per_zone.values().filter(|count| **count > 0).count() as u64;
        book.holds(&place_of("per_zone"), used <= zones, "it is not sold in as many zones");
        let Some(performance) = offer.performance else {
            return book.holds(&place_of("speed_ppm"), false, "nobody measured how fast it is");
        };
        // Both are kept on the low side: the capacity is split into servers of the lower speed.
        let capacity = Span::of(performance.capacity.low.value());
        let speed = Span::of(performance.speed.low.value());
        let vcpus = Span::whole(offer.vcpus());
        let faster = capacity.above(speed);
        let servers = if faster { vcpus.times(capacity).over(speed) } else { vcpus };
        let threads = self.known.demand.services.iter().find(|own| own.name == service.name);
        let threads = threads.and_then(|own| own.servers_max);
        let threads = threads.filter(|_| service.kind == ServiceKind::Cache);
        let servers = servers.down(1).at_most(threads.unwrap_or(u32::MAX).into());
        book.whole(&place_of("servers"), part.servers, servers);
        let slower = if faster { speed } else { capacity };
        book.whole(&place_of("speed_ppm"), part.speed_ppm, slower.nearest(1_000_000));
    }

    /// A time in microseconds.
    pub(super) fn time(&mut self, place: &str, stated: u64, seconds: Span) {
        self.book.whole(place, stated, seconds.nearest(1_000_000));
    }

    /// The data that a service holds.
    pub(super) fn data_size(&self, service: &ServicePart) -> Mebibytes {
        let mut services = self.known.demand.services.iter();
        let own = services.find(|own| own.name == service.name);
        own.and_then(|own| own.data.as_ref()).map_or(Mebibytes::new(0), |data| data.size)
    }
}
