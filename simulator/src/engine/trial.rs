//! One trial: the state of a run, and its loop over events.

use super::agenda::{Agenda, Due, Lane};
use super::arrivals::SourceState;
use super::balancer::Balancers;
use super::budget::Budget;
use super::cache::Cache;
use super::clock::Clock;
use super::connections::{Pool, PoolPlan};
use super::copies::{Copy, Primary};
use super::deadlines::Deadlines;
use super::floor::Floor;
use super::gauge::Gauge;
use super::instance::Instance;
use super::lives::LifeState;
use super::program::Program;
use super::station::Station;
use super::steering::Control;
use super::tally::{PoolTally, Tally};
use super::upkeep::Bell;
use super::visits::{State, Visits};
use super::watch::Watch;
use crate::random::Streams;
use crate::time::NEVER;

/// What is left to be done at the present nanosecond.
#[derive(Debug, Clone, Copy)]
pub(super) enum Todo {
    /// Nothing.
    Done,
    /// A visit goes on with its program.
    Advance(u32),
    /// A call is back, well or not.
    Reply(u32, bool),
}

/// A run of a program.
#[derive(Debug)]
pub(crate) struct Trial<'a> {
    pub(super) program: &'a Program,
    pub(super) watch: &'a Watch,
    pub(super) streams: Streams,
    pub(super) clock: Clock,
    pub(super) agenda: Agenda,
    pub(super) visits: Visits,
    pub(super) instances: Vec<Instance>,
    pub(super) stations: Vec<Station>,
    pub(super) floors: Vec<Floor>,
    pub(super) bells: Vec<Bell>,
    pub(super) caches: Vec<Cache>,
    pub(super) pools: Vec<Pool>,
    pub(super) copies: Vec<Copy>,
    pub(super) lives: Vec<LifeState>,
    /// By shard among all shards.
    pub(super) primaries: Vec<Primary>,
    /// By station, where that is watched; empty elsewhere.
    pub(super) gauges: Vec<Gauge>,
    pub(super) balancers: Balancers,
    pub(super) budgets: Vec<Budget>,
    pub(super) deadlines: Vec<Deadlines>,
    pub(super) sources: Vec<SourceState>,
    /// What is left to be done at this nanosecond, beside what is being done.
    pub(super) todo: Vec<Todo>,
    pub(super) next_incident: usize,
    /// The fleets that controllers change, where there are any.
    pub(super) control: Option<Box<Control>>,
    /// Observed requests that are not finished.
    pub(super) open: u64,
    /// Requests in the system.
    pub(super) present: u64,
    /// When their number last changed within the observed time.
    pub(super) present_since: u64,
    /// Bins of the series that were looked at for recovery.
    pub(super) bins_seen: usize,
    pub(super) tally: Tally,
}

impl<'a> Trial<'a> {
    /// An empty system, about to be run.
    pub(crate) fn new(program: &'a Program, watch: &'a Watch, streams: Streams) -> Self {
        let pools: Vec<usize> = program.stations.iter().map(|station| station.pools).collect();
        let seats: Vec<(u32, bool, f64)> = program
            .instances
            .iter()
            .map(|instance| (instance.group, instance.serving, instance.weight))
            .collect();
        let mut trial = Self {
            program,
            watch,
            streams,
            clock: Clock::new(watch.warm_up, watch.end),
            agenda: Agenda::new(
                program.delays.len(),
                program.sources.len(),
                program.timeouts.len(),
            ),
            visits: Visits::new(),
            instances: program.instances.iter().map(Instance::new).collect(),
            stations: program
                .stations
                .iter()
                .map(|plan| Station::new(plan, watch, program.classes))
                .collect(),
            floors: program
                .instances
                .iter()
                .filter(|instance| instance.floor != super::NONE)
                .map(|instance| Floor::new(program.floor_of(instance.station).ranks))
                .collect(),
            bells: Vec::new(),
            caches: program.caches(),
            copies: program.copies_of_all(),
            lives: program.lives_of_all(),
            primaries: program.primaries(),
            pools: vec![Pool::FREE; program.pools.last().map_or(0, PoolPlan::end)],
            gauges: if watch.levels {
                vec![Gauge::default(); program.stations.len()]
            } else {
                Vec::new()
            },
            balancers: Balancers::new(&program.policies, &seats),
            budgets: program.budgets.iter().map(|earned| Budget::new(*earned)).collect(),
            deadlines: program.timeouts.iter().map(|span| Deadlines::new(*span)).collect(),
            sources: vec![SourceState::default(); program.sources.len()],
            todo: Vec::new(),
            next_incident: 0,
            control: None,
            open: 0,
            present: 0,
            present_since: watch.warm_up,
            bins_seen: 0,
            tally: Tally::new(program.classes, watch.limits.len(), &pools),
        };
        trial.watch_messages();
        trial.hang_bells();
        trial.begin_lives();
        for source in 0..program.sources.len() {
            trial.open_source(source);
        }
        trial.schedule_incident();
        trial.open_control();
        trial
    }

    /// Runs until the observed time is over and every request observed is finished.
    pub(crate) fn run(mut self) -> Tally {
        let mut left = self.watch.events_max;
        while self.step() {
            left -= 1;
            if left == 0 {
                self.cut_short();
                break;
            }
        }
        self.conclude()
    }

    /// Takes the next event with all that follows from it at once; whether there was one to take.
    #[inline]
    fn step(&mut self) -> bool {
        let (time, due) = self.agenda.earliest();
        if time >= self.clock.end && (self.open == 0 || time == NEVER) {
            return false;
        }
        self.clock.now = time;
        let todo = if due {
            match self.agenda.take_due() {
                Due::Visit(visit, ticket) => self.due(visit, ticket),
                Due::Timer(timer, ticket) => {
                    self.ring(timer, ticket);
                    Todo::Done
                }
            }
        } else {
            match self.agenda.take_lane() {
                Lane::Arrival(source) => self.arrive(source),
                Lane::Delivery(visit) => self.deliver(visit),
                Lane::Deadline(list) => self.expire(list),
                Lane::Incident => {
                    self.strike();
                    Todo::Done
                }
                Lane::Control => {
                    self.steer();
                    Todo::Done
                }
            }
        };
        if !matches!(todo, Todo::Done) || !self.todo.is_empty() {
            self.follow(todo);
        }
        true
    }

    /// Does all that is left to be done at the present nanosecond.
    #[inline(never)]
    fn follow(&mut self, mut todo: Todo) {
        loop {
            todo = match todo {
                Todo::Advance(visit) => self.advance(visit),
                Todo::Reply(visit, good) => self.reply(visit, good),
                Todo::Done => match self.todo.pop() {
                    Some(next) => next,
                    None => return,
                },
            };
        }
    }

    /// Something that a visit waited for is over.
    #[inline]
    fn due(&mut self, visit: u32, ticket: u32) -> Todo {
        let record = &self.visits[visit];
        if record.ticket != ticket {
            return Todo::Done;
        }
        if record.state == State::Served { self.complete(visit) } else { self.due_otherwise(visit) }
    }

    /// A visit that is not being served has waited for long enough.
    #[cold]
    fn due_otherwise(&mut self, visit: u32) -> Todo {
        match self.visits[visit].state {
            State::Thinking => self.ask(visit),
            State::Waiting => self.give_up(visit),
            State::Connecting => self.give_up_connecting(visit),
            _ => self.resend(visit),
        }
    }

    /// The number of requests in the system is about to change.
    #[inline]
    pub(super) fn count_present(&mut self) {
        let to = self.clock.now.min(self.clock.end);
        if to > self.present_since {
            let span = to - self.present_since;
            self.tally.area += u128::from(span) * u128::from(self.present);
            self.present_since = to;
        }
    }

    fn conclude(mut self) -> Tally {
        self.clock.now = self.clock.now.max(self.clock.end);
        self.count_present();
        self.tally.observed = self.clock.end.saturating_sub(self.clock.warm_up);
        let in_flight = self.visits.requests();
        let requests: Vec<(u64, u16)> =
            in_flight.map(|(request, born)| (born, request.class)).collect();
        let mut stays = self.tally.stays;
        for (born, class) in requests {
            stays += u128::from(self.clock.part(born, self.clock.end));
            // What was given up on was not answered.
            if self.clock.observes(born) {
                self.count_failure(class);
            }
        }
        self.tally.stays = stays;
        // Little's law, as an identity of every trial: the area under the number of requests in
        // the system is the sum of their stays.
        assert_eq!(self.tally.area, stays, "Little's law holds in every trial");
        let failed: u64 = self.tally.failed.iter().sum();
        let out = self.tally.good + failed;
        assert_eq!(self.tally.offered, out, "what comes in is answered, or has failed");
        self.close_messages();
        self.close_floors();
        self.close_gauges();
        self.close_control();
        self.count_pools();
        self.tally.stations = self.stations.into_iter().map(|station| station.tally).collect();
        self.tally
    }

    /// Adds up what servers that are not plain did until the end.
    fn close_floors(&mut self) {
        for place in 0..super::place(self.instances.len()) {
            let instance = self.instances[place as usize];
            if instance.floor == super::NONE {
                continue;
            }
            self.reckon(place);
            let floor = &mut self.floors[instance.floor as usize];
            floor.count_time(self.clock, instance.servers);
            let sum = &mut self.stations[instance.station as usize].tally.servers;
            sum.on += floor.time.on;
            sum.starting += floor.time.starting;
            sum.none += floor.time.none;
        }
    }

    fn count_pools(&mut self) {
        for (place, instance) in (0..).zip(&self.instances) {
            let mut serving = instance.serving_time;
            if self.balancers.serves(place) {
                serving += self.clock.part(instance.serving_since, self.clock.end);
            }
            let pool = &mut self.tally.pools[instance.station as usize][usize::from(instance.pool)];
            *pool = PoolTally {
                busy: pool.busy + u128::from(instance.busy_time),
                serving: pool.serving
                    + u128::from(serving)
                        * u128::from(self.program.instances[place as usize].servers),
            };
        }
    }
}
