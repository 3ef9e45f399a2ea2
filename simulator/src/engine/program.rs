//! A model compiled to flat arrays with integer places.

use domain::topology::Balancing;

use super::misses::Misses;
use super::{NONE, place};
use crate::model::service::Sampler;
use crate::model::{Call, Change, Model, ModelFault, Rate, Resilience};
use crate::random::Fraction;
use crate::time::{SECOND, from_seconds};

/// One station.
#[derive(Debug, Clone)]
pub(crate) struct StationPlan {
    /// The first of its shards among all shards.
    pub first_group: u32,
    /// How many shards it has.
    pub shards: u32,
    /// The first of its instances among all instances.
    pub first_instance: u32,
    /// Visits that may wait in an instance.
    pub queue_limit: u32,
    /// Visits that may be in an instance.
    pub in_flight_limit: u32,
    /// How many pools its instances belong to.
    pub pools: usize,
    /// Whether its visits make calls of their own.
    pub calls: bool,
}

/// One instance.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InstancePlan {
    pub station: u32,
    pub group: u32,
    pub zone: u16,
    pub pool: u16,
    pub servers: u32,
    pub slowness: f64,
    pub serving: bool,
    /// Whether the balancer counts the calls outstanding.
    pub counted: bool,
}

/// Who makes calls: a station for its visits, or a source's clients for their requests.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CallerPlan {
    /// Its list of deadlines, or none.
    pub deadlines: u32,
    /// Its retry budget, or none where every retry is allowed.
    pub budget: u32,
    /// The longest first back-off.
    pub backoff: f64,
    pub retries: u8,
}

/// Where a call goes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target {
    /// The station, or none.
    pub station: u32,
    /// The first of its shards among all shards.
    pub group: u32,
    /// How many shards it has.
    pub shards: u32,
    /// The service of the class there.
    pub sampler: u32,
}

/// One step of what a visit does after it was served, or the call that is a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StepPlan {
    /// Who makes the calls.
    pub caller: CallerPlan,
    /// Where they go.
    pub to: Target,
    /// Where keys are asked for that the cache does not have.
    pub fallback: Target,
    /// The zones that clients call from, among all lists of zones.
    pub zones: u32,
    /// Calls that are always made.
    pub whole: u32,
    /// The chance of one more, in units of 2⁻⁶⁴.
    pub fraction: u64,
    /// The table of its misses, or none.
    pub misses: u32,
    pub keys: u32,
    pub parallel: bool,
}

/// One source.
#[derive(Debug, Clone)]
pub(crate) struct SourcePlan {
    /// The gaps, of mean 1.
    pub gaps: Sampler,
    pub rate: Rate,
    /// Upper bounds of the classes' shares, in units of 2⁻⁶⁴; the last class has what is left.
    classes: Vec<u64>,
    /// Whether there is more than one class, or more than one way in.
    pub has_choices: bool,
}

impl SourcePlan {
    /// The class of a request for a uniform number.
    #[inline]
    pub(crate) fn class(&self, uniform: Fraction) -> u16 {
        if self.classes.is_empty() {
            return 0;
        }
        let class = self.classes.partition_point(|bound| *bound <= uniform.0);
        u16::try_from(class).expect("a validated model has fewer classes")
    }
}

/// Something that happens at a moment.
#[derive(Debug, Clone)]
pub(crate) struct IncidentPlan {
    pub at: u64,
    pub change: Change,
}

/// A model, ready to be run.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    pub stations: Vec<StationPlan>,
    pub instances: Vec<InstancePlan>,
    /// The policy of each shard of each station.
    pub policies: Vec<Balancing>,
    /// Lists of zones that clients call from; the first one is empty, for all other callers.
    pub zones: Vec<Vec<u16>>,
    /// Which steps a station takes for a class: the first, and the one after the last.
    pub programs: Vec<(u32, u32)>,
    pub steps: Vec<StepPlan>,
    /// By source and class, the step that is its request.
    pub entries: Vec<u32>,
    /// By station and class, in nanoseconds.
    pub services: Vec<Sampler>,
    pub misses: Vec<Misses>,
    pub sources: Vec<SourcePlan>,
    pub timeouts: Vec<u64>,
    pub budgets: Vec<f64>,
    /// Delays of the network that are not nothing.
    pub delays: Vec<u64>,
    /// The delay within a zone and between zones, as a place among them, or none.
    pub ways: [u32; 2],
    pub incidents: Vec<IncidentPlan>,
    pub classes: usize,
}

impl Program {
    /// Compiles a model.
    ///
    /// # Errors
    /// When the model has a fault.
    pub(crate) fn new(model: &Model) -> Result<Self, ModelFault> {
        model.validate()?;
        let mut program = Self::empty(model);
        for station in &model.stations {
            program.add_station(station);
        }
        for station in &model.stations {
            let caller = program.caller_plan(&station.resilience);
            for (class, calls) in station.calls.iter().enumerate() {
                let steps = program.add_steps(caller, 0, class, calls);
                program.programs.push(steps);
            }
        }
        for source in &model.sources {
            program.add_source(source);
        }
        program.add_incidents(model);
        Ok(program)
    }

    fn empty(model: &Model) -> Self {
        let network = [model.network.same_zone, model.network.cross_zone].map(from_seconds);
        let mut delays: Vec<u64> = network.into_iter().filter(|delay| *delay > 0).collect();
        delays.dedup();
        let way = |delay| delays.iter().position(|known| *known == delay).map_or(NONE, place);
        Self {
            ways: network.map(way),
            delays,
            stations: Vec::new(),
            instances: Vec::new(),
            policies: Vec::new(),
            zones: vec![Vec::new()],
            programs: Vec::new(),
            steps: Vec::new(),
            entries: Vec::new(),
            services: Vec::new(),
            misses: Vec::new(),
            sources: Vec::new(),
            timeouts: Vec::new(),
            budgets: Vec::new(),
            incidents: Vec::new(),
            classes: model.classes,
        }
    }

    fn add_station(&mut self, station: &crate::model::Station) {
        let own = place(self.stations.len());
        let first_group = place(self.policies.len());
        let pools = station.instances.iter().map(|instance| usize::from(instance.pool) + 1).max();
        self.stations.push(StationPlan {
            first_group,
            shards: station.shards,
            first_instance: place(self.instances.len()),
            queue_limit: station.queue_limit.unwrap_or(u32::MAX),
            in_flight_limit: station.in_flight_limit.unwrap_or(u32::MAX),
            pools: pools.unwrap_or(0),
            calls: station.calls.iter().any(|calls| !calls.is_empty()),
        });
        self.policies.extend((0..station.shards).map(|_| station.balancing));
        self.instances.extend(station.instances.iter().map(|instance| InstancePlan {
            station: own,
            group: first_group + instance.shard,
            zone: instance.zone,
            pool: instance.pool,
            servers: instance.servers,
            slowness: 1.0 / instance.speed,
            serving: instance.serving,
            counted: super::balancer::counts(station.balancing),
        }));
        let unit = SECOND as f64;
        self.services.extend(station.service.iter().map(|service| Sampler::new(service, unit)));
    }

    fn caller_plan(&mut self, resilience: &Resilience) -> CallerPlan {
        let deadlines = resilience.timeout.map_or(NONE, |timeout| {
            let span = from_seconds(timeout).max(1);
            let known = self.timeouts.iter().position(|known| *known == span);
            place(known.unwrap_or_else(|| {
                self.timeouts.push(span);
                self.timeouts.len() - 1
            }))
        });
        let budget = resilience.budget.map_or(NONE, |earned| {
            self.budgets.push(earned);
            place(self.budgets.len() - 1)
        });
        CallerPlan {
            deadlines,
            retries: resilience.retries,
            budget,
            backoff: resilience.backoff * SECOND as f64,
        }
    }

    fn target(&self, station: Option<usize>, class: usize) -> Target {
        let Some(station) = station else {
            return Target { station: NONE, group: NONE, shards: 0, sampler: NONE };
        };
        let plan = &self.stations[station];
        Target {
            station: place(station),
            group: plan.first_group,
            shards: plan.shards,
            sampler: place(station * self.classes + class),
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "validated to lie within 0..=1e9, and a fraction of 1 times 2⁶⁴"
    )]
    fn add_steps(
        &mut self,
        caller: CallerPlan,
        zones: u32,
        class: usize,
        calls: &[Call],
    ) -> (u32, u32) {
        let first = place(self.steps.len());
        for call in calls {
            let lookup = call.lookup;
            let misses = lookup.map_or(NONE, |lookup| {
                self.misses.push(Misses::new(lookup.keys, lookup.hit_ratio));
                place(self.misses.len() - 1)
            });
            self.steps.push(StepPlan {
                caller,
                to: self.target(Some(call.to), class),
                fallback: self.target(lookup.and_then(|lookup| lookup.fallback), class),
                zones,
                whole: call.count.trunc() as u32,
                fraction: (call.count.fract() * 18_446_744_073_709_551_616.0) as u64,
                misses,
                keys: lookup.map_or(0, |lookup| lookup.keys),
                parallel: call.parallel,
            });
        }
        (first, place(self.steps.len()))
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share times 2⁶⁴; the cast saturates"
    )]
    fn add_source(&mut self, source: &crate::model::Source) {
        let caller = self.caller_plan(&source.resilience);
        let zones = if source.zones.is_empty() { 0 } else { place(self.zones.len()) };
        if zones > 0 {
            self.zones.push(source.zones.clone());
        }
        for (class, station) in source.enters.iter().enumerate() {
            let (entry, _) = self.add_steps(caller, zones, class, &[Call::to(*station, 1.0)]);
            self.entries.push(entry);
        }
        let whole: f64 = source.mix.iter().sum();
        let mut sum = 0.0;
        let classes = source.mix[1..].iter().zip(&source.mix).map(|(_, weight)| {
            sum += weight / whole;
            (sum * 18_446_744_073_709_551_616.0) as u64
        });
        let has_choices = self.classes > 1
            || source.zones.len() > 1
            || source.enters.iter().any(|station| !self.is_single(*station));
        self.sources.push(SourcePlan {
            classes: classes.collect(),
            has_choices,
            gaps: Sampler::new(&source.arrivals.gaps, 1.0 / source.arrivals.gaps.mean()),
            rate: source.arrivals.rate.clone(),
        });
    }

    /// Whether a station is one instance, so that nothing decides on the way to it.
    fn is_single(&self, station: usize) -> bool {
        let of = |instance: &&InstancePlan| instance.station as usize == station;
        self.instances.iter().filter(of).count() == 1
    }

    fn add_incidents(&mut self, model: &Model) {
        self.incidents.extend(model.incidents.iter().map(|incident| IncidentPlan {
            at: from_seconds(incident.at),
            change: incident.change.clone(),
        }));
        // A stable sort: what is stated first happens first.
        self.incidents.sort_by_key(|incident| incident.at);
    }

    /// The steps that a visit of a class takes after it was served.
    #[inline]
    pub(crate) fn steps_of(&self, station: u32, class: u16) -> (u32, u32) {
        self.programs[station as usize * self.classes + usize::from(class)]
    }

    /// The step that is a request of a class from a source.
    #[inline]
    pub(crate) fn entry(&self, source: usize, class: u16) -> u32 {
        self.entries[source * self.classes + usize::from(class)]
    }

    /// Who makes the calls of a step.
    #[inline]
    pub(crate) fn caller(&self, step: u32) -> &CallerPlan {
        &self.steps[step as usize].caller
    }
}
