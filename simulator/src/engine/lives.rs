//! Lives of instances: they die, are repaired, are found out, admitted again, and warm up.

use super::NONE;
use super::program::Program;
use super::trial::Trial;
use crate::model::service::{Further, Sampler};
use crate::model::{HealthCheck, Life};
use crate::random::{Fraction, Purpose};
use crate::time::{SECOND, from_seconds, nanoseconds};

/// What tells these clocks from those of servers among the streams.
const ENTITY: u32 = 1 << 27;
/// What rings for an instance: its end or that of its repair, what its checks find, and the end of
/// its warm-up.
const TIMERS: u32 = 3;

/// How the instances of a station fare.
#[derive(Debug, Clone)]
pub(crate) struct LifePlan {
    /// In nanoseconds.
    lasts: Option<Sampler>,
    repair: Sampler,
    check: Option<CheckPlan>,
    /// How long an instance is slower, and how many times.
    warm_up: Option<(u64, f64)>,
    /// The station's first instance among all that have a life.
    pub first: u32,
}

/// Checks, in nanoseconds.
#[derive(Debug, Clone, Copy)]
struct CheckPlan {
    interval: u64,
    unhealthy_after: u64,
    healthy_after: u64,
}

/// The life of an instance.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct LifeState {
    place: u32,
    /// Ends and repairs so far.
    count: u64,
    /// Whether it is being repaired.
    broken: bool,
    /// Whether its checks took it from the balancer.
    ejected: bool,
    /// When its first check is.
    phase: u64,
    /// The tickets of its timers; nothing while they are not set.
    tickets: [u32; TIMERS as usize],
}

impl LifePlan {
    pub(super) fn new(life: &Life, first: u32) -> Self {
        let time = |service| Sampler::new(service, SECOND as f64);
        let check = |check: &HealthCheck| CheckPlan {
            interval: from_seconds(check.interval).max(1),
            unhealthy_after: check.unhealthy_after.into(),
            healthy_after: check.healthy_after.into(),
        };
        Self {
            lasts: life.lasts.as_ref().map(time),
            repair: time(&life.repair),
            check: life.check.as_ref().map(check),
            warm_up: life.warm_up.map(|warm_up| (from_seconds(warm_up.time), warm_up.slowness)),
            first,
        }
    }
}

impl CheckPlan {
    /// When so many checks in a row will have found something that began at a moment.
    fn found(&self, phase: u64, since: u64, checks: u64) -> u64 {
        let before = since.saturating_sub(phase).div_ceil(self.interval);
        let checks = before.saturating_add(checks - 1);
        phase.saturating_add(checks.saturating_mul(self.interval))
    }
}

impl Program {
    /// How an instance with a life fares.
    fn life_plan(&self, instance: u32) -> &LifePlan {
        let station = self.instances[instance as usize].station;
        &self.lives[self.stations[station as usize].life as usize]
    }

    /// Lives that have not begun.
    pub(super) fn lives_of_all(&self) -> Vec<LifeState> {
        let has_life = |place: &u32| {
            let station = self.instances[*place as usize].station;
            self.stations[station as usize].life != NONE
        };
        let places = (0..super::place(self.instances.len())).filter(has_life);
        places.map(|place| LifeState { place, ..LifeState::default() }).collect()
    }
}

impl Trial<'_> {
    /// All lives begin.
    pub(super) fn begin_lives(&mut self) {
        let program = self.program;
        for own in 0..super::place(self.lives.len()) {
            let plan = program.life_plan(self.lives[own as usize].place);
            if let Some(check) = plan.check {
                let draw = self.streams.draw(Purpose::Upkeep, ENTITY | own, 0, 1);
                let phase = Fraction(draw.first()).open() * check.interval as f64;
                self.lives[own as usize].phase = nanoseconds(phase);
            }
            if let Some(lasts) = &plan.lasts {
                self.set_clock(own, lasts);
            }
        }
    }

    /// The life of an instance, or none.
    fn life_of(&self, instance: u32) -> u32 {
        let station = &self.program.stations[self.instances[instance as usize].station as usize];
        if station.life == NONE {
            return NONE;
        }
        self.program.lives[station.life as usize].first + instance - station.first_instance
    }

    fn set_timer(&mut self, own: u32, timer: u32, time: u64) {
        let before = self.stations.len() + self.bells.len() + self.primaries.len();
        let id = super::place(before) + own * TIMERS + timer;
        self.lives[own as usize].tickets[timer as usize] = self.agenda.ring_at(time, id);
    }

    fn set_clock(&mut self, own: u32, time: &Sampler) {
        let life = &mut self.lives[own as usize];
        life.count += 1;
        let (request, entity) = (life.count, ENTITY | own);
        let draw = self.streams.draw(Purpose::Upkeep, entity, request, 0);
        let further = || Further { streams: &self.streams, entity, request, path: 5 };
        let span = nanoseconds(time.sample(Fraction(draw.first()), further));
        self.set_timer(own, 0, self.clock.now.saturating_add(span));
    }

    /// A timer of a life rings.
    pub(super) fn ring_life(&mut self, timer: u32, ticket: u32) {
        let (own, timer) = (timer / TIMERS, timer % TIMERS);
        let life = &mut self.lives[own as usize];
        if life.tickets[timer as usize] != ticket {
            return;
        }
        life.tickets[timer as usize] = 0;
        let place = life.place;
        match timer {
            0 => self.turn(own, place),
            1 => self.find_out(own, place),
            _ => {
                let slowness = self.program.instances[place as usize].slowness;
                self.instances[place as usize].slowness = slowness;
            }
        }
    }

    /// An instance dies, or is repaired.
    fn turn(&mut self, own: u32, place: u32) {
        let program = self.program;
        let plan = program.life_plan(place);
        let life = &mut self.lives[own as usize];
        life.broken = !life.broken;
        if life.broken {
            self.set_clock(own, &plan.repair);
            self.kill(place);
        } else {
            // In the end nothing dies any more, or whoever waits for ever would be waited for.
            if let Some(lasts) = plan.lasts.as_ref().filter(|_| !self.is_winding_up()) {
                self.set_clock(own, lasts);
            }
            self.revive(place);
        }
    }

    /// Checks have found an instance to be dead, or to be alive.
    fn find_out(&mut self, own: u32, place: u32) {
        let up = self.instances[place as usize].up;
        if up != self.lives[own as usize].ejected || !up && !self.balancers.serves(place) {
            return;
        }
        self.count_serving(place);
        if up {
            self.balancers.admit(&[place]);
        } else {
            self.balancers.eject(&[place]);
        }
        self.lives[own as usize].ejected = !up;
    }

    /// An instance died or is back: its checks will find out, and whoever is back warms up.
    pub(super) fn live_on(&mut self, place: u32) {
        let own = self.life_of(place);
        if own == NONE {
            return;
        }
        let up = self.instances[place as usize].up;
        let now = self.clock.now;
        let plan = self.program.life_plan(place);
        let (check, warm_up) = (plan.check, plan.warm_up);
        let life = &mut self.lives[own as usize];
        life.tickets[1] = 0;
        if let Some(check) = check.filter(|_| up == life.ejected) {
            let checks = if up { check.healthy_after } else { check.unhealthy_after };
            let time = check.found(life.phase, now, checks);
            self.set_timer(own, 1, time);
        }
        if let Some((time, slowness)) = warm_up.filter(|_| up) {
            let own_slowness = self.program.instances[place as usize].slowness;
            self.instances[place as usize].slowness = own_slowness * slowness;
            self.set_timer(own, 2, now.saturating_add(time));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_find_out_at_their_own_moments() {
        let check = CheckPlan { interval: 10, unhealthy_after: 3, healthy_after: 2 };
        // Checks at 4, 14, 24, 34: what began at 5 is found at 14, and is certain at 34.
        for (since, checks, found) in [(5, 1, 14), (5, 3, 34), (14, 1, 14), (0, 1, 4), (15, 2, 34)]
        {
            assert_eq!(check.found(4, since, checks), found, "{since}, {checks}");
        }
    }
}
