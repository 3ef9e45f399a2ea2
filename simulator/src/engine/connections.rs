//! Connections: a call to some stations has to wait until its caller has one that is free.

use super::NONE;
use super::program::{Program, StepPlan};
use super::trial::{Todo, Trial};
use super::visits::{Flags, State, Visit};

/// The connections of one station to another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PoolPlan {
    /// The station called.
    pub to: u32,
    /// The pool of the caller's first instance among all pools.
    pub first: u32,
    /// That instance.
    pub first_instance: u32,
    /// How many it has.
    pub instances: u32,
    pub most: u32,
    /// Calls that may wait.
    pub waiting: u32,
    /// How long, in nanoseconds.
    pub patience: Option<u64>,
}

impl PoolPlan {
    /// How many pools there are up to the last one of this plan.
    pub(crate) const fn end(&self) -> usize {
        self.first as usize + self.instances as usize
    }
}

/// The connections of one instance to a station.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pool {
    /// Those in use.
    used: u32,
    /// Calls that wait for one, and the first and the last of them.
    waiting: u32,
    first: u32,
    last: u32,
}

impl Pool {
    pub(crate) const FREE: Self = Self { used: 0, waiting: 0, first: NONE, last: NONE };
}

impl Program {
    /// The pool of connections that a call of a step needs one of, or none.
    const fn pool_of(step: &StepPlan, record: &Visit) -> u32 {
        if record.flags.has(Flags::FALLBACK) { step.fallback_pool } else { step.pool }
    }
}

impl Trial<'_> {
    /// The pool among all that a call takes its connection from, and the station called.
    fn pool(&self, child: u32) -> (usize, u32) {
        let record = &self.visits[child];
        let step = &self.program.steps[record.call as usize];
        let plan = &self.program.pools[Program::pool_of(step, record) as usize];
        let caller = self.visits[record.parent].instance;
        ((plan.first + caller - plan.first_instance) as usize, plan.to)
    }

    /// Whether the caller's instance still lives the life in which it made a call.
    fn has_caller(&self, child: u32) -> bool {
        let caller = &self.visits[self.visits[child].parent];
        self.instances[caller.instance as usize].epoch == caller.epoch
    }

    /// Takes a connection for a call, or waits for one; what is left to be done where it is not
    /// sent now.
    pub(super) fn connect(&mut self, child: u32, pool: u32) -> Option<Todo> {
        // A message whose sender died is sent by whoever keeps it.
        if !self.has_caller(child) {
            return None;
        }
        let plan = self.program.pools[pool as usize];
        let (at, _) = self.pool(child);
        let pool = &mut self.pools[at];
        let record = &mut self.visits[child];
        if pool.used < plan.most {
            pool.used += 1;
            record.flags.set(Flags::HOLDS);
            self.count_connection(plan.to, 0);
            return None;
        }
        if pool.waiting >= plan.waiting {
            self.count_unconnected(plan.to);
            return Some(Todo::Reply(child, false));
        }
        record.state = State::Connecting;
        record.since = self.clock.now;
        record.next = NONE;
        record.ticket = match plan.patience {
            Some(patience) => self.agenda.due(self.clock.now.saturating_add(patience), child),
            None => 0,
        };
        let last = std::mem::replace(&mut pool.last, child);
        pool.waiting += 1;
        if last == NONE {
            pool.first = child;
        } else {
            self.visits[last].next = child;
        }
        Some(Todo::Done)
    }

    /// Gives a call's connection back, to whoever has waited longest.
    pub(super) fn disconnect(&mut self, child: u32) {
        self.visits[child].flags.clear(Flags::HOLDS);
        if !self.has_caller(child) {
            return;
        }
        let (at, station) = self.pool(child);
        loop {
            let next = self.next_waiting(at);
            if next == NONE {
                self.pools[at].used -= 1;
                return;
            }
            let record = &mut self.visits[next];
            record.ticket = 0;
            let (parent, step, since) = (record.parent, record.call, record.since);
            if self.is_alive(parent) {
                self.visits[next].flags.set(Flags::HOLDS);
                self.count_connection(station, self.clock.now - since);
                let todo = self.send_connected(next);
                self.todo.push(todo);
                return;
            }
            // The answer is not needed any more.
            self.visits.remove(next);
            let todo = self.settle(parent, step, 0);
            self.todo.push(todo);
        }
    }

    /// Takes the call that has waited longest for a connection out of its line, if there is one.
    fn next_waiting(&mut self, at: usize) -> u32 {
        let pool = &mut self.pools[at];
        let next = pool.first;
        if next != NONE {
            pool.waiting -= 1;
            pool.first = self.visits[next].next;
            if pool.first == NONE {
                pool.last = NONE;
            }
        }
        next
    }

    /// A call has waited for a connection for as long as it does. All wait equally long, so it is
    /// the first of its line.
    pub(super) fn give_up_connecting(&mut self, child: u32) -> Todo {
        let (at, station) = self.pool(child);
        let first = self.next_waiting(at);
        debug_assert_eq!(first, child, "who gives up has waited longest");
        self.count_unconnected(station);
        Todo::Reply(child, false)
    }

    /// An instance died: its connections are free, and calls that wait for one are not made.
    pub(super) fn drop_connections(&mut self, instance: u32) {
        let program = self.program;
        let station = self.instances[instance as usize].station;
        let first_instance = program.stations[station as usize].first_instance;
        for plan in program.pools.iter().filter(|pool| pool.first_instance == first_instance) {
            let at = (plan.first + instance - plan.first_instance) as usize;
            loop {
                let child = self.next_waiting(at);
                if child == NONE {
                    break;
                }
                let (parent, step) = (self.visits[child].parent, self.visits[child].call);
                self.visits.remove(child);
                self.visits[parent].flags.set(Flags::FAILED);
                let todo = self.settle(parent, step, 0);
                self.todo.push(todo);
            }
            self.pools[at] = Pool::FREE;
        }
    }

    fn count_connection(&mut self, station: u32, waiting: u64) {
        if self.clock.observes(self.clock.now) {
            let tally = &mut self.stations[station as usize].tally;
            tally.connected += 1;
            tally.connecting += u128::from(waiting);
        }
    }

    fn count_unconnected(&mut self, station: u32) {
        if self.clock.observes(self.clock.now) {
            self.stations[station as usize].tally.unconnected += 1;
        }
    }
}
