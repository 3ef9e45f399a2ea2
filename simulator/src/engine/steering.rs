//! The control loop: it looks at a fleet, asks its controller, boots instances and lets them go.
//!
//! All of it happens in a lane of its own, so that models without a controller pay nothing. What an
//! instance is busy with is not followed event by event: at a look it is what it was given to do
//! minus what is still to come, which is found in the queue. Whether a leaving instance is empty is
//! looked at once a second, as clouds bill.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::NONE;
use super::fleet::{Fleet, Phase};
use super::trial::Trial;
use super::visits::State;
use crate::control::{Member as SeenMember, Seen};
use crate::model::Discipline;
use crate::model::service::Further;
use crate::random::{Fraction, Purpose};
use crate::time::{NEVER, SECOND, nanoseconds};

/// The path of the draws for boots: those of upkeep have others.
const BOOT_PATH: u32 = 8;

/// What happens to a fleet; its first number says which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    /// A member has booted, in that life of it.
    Booted(usize, usize, u32),
    /// A member is warm.
    Warm(usize, usize, u32),
    /// A leaving member may be empty.
    Empty(usize, usize, u32),
    /// The controller looks.
    Look(usize),
}

/// All fleets, and what is going to happen to them.
#[derive(Debug, Default)]
pub(super) struct Control {
    fleets: Vec<Fleet>,
    due: BinaryHeap<Reverse<(u64, u64, Step)>>,
    steps: u64,
}

impl Control {
    fn plan(&mut self, time: u64, step: Step) {
        self.steps += 1;
        if time < NEVER {
            self.due.push(Reverse((time, self.steps, step)));
        }
    }

    fn next(&self) -> u64 {
        self.due.peek().map_or(NEVER, |Reverse((time, ..))| *time)
    }

    /// Whether nothing but looks is going to happen.
    fn only_looks(&self) -> bool {
        self.due.iter().all(|Reverse((.., step))| matches!(step, Step::Look(_)))
    }
}

impl Trial<'_> {
    /// Sets up the fleets, where there are any.
    pub(super) fn open_control(&mut self) {
        let count = self.program.controllers.len();
        if count == 0 {
            return;
        }
        let mut control = Control::default();
        for plan in 0..count {
            let fleet = Fleet::new(self.program, plan);
            for member in fleet.in_phase(Phase::Off) {
                self.instances[fleet.first as usize + member].up = false;
            }
            let first = if fleet.steering.looks_at_start() { 0 } else { fleet.steering.next(0) };
            control.plan(first, Step::Look(plan));
            control.fleets.push(fleet);
        }
        self.agenda.set_control(control.next());
        self.control = Some(Box::new(control));
    }

    /// What is due at this nanosecond.
    #[cold]
    pub(super) fn steer(&mut self) {
        let mut control = self.control.take().expect("a lane of control has fleets");
        while let Some(Reverse((time, _, step))) = control.due.peek().copied() {
            if time > self.clock.now {
                break;
            }
            control.due.pop();
            match step {
                Step::Look(fleet) => self.look(&mut control, fleet),
                Step::Booted(fleet, member, life) => {
                    if control.fleets[fleet].members[member].life == life {
                        self.put_to_work(&mut control, fleet, &[member]);
                    }
                }
                Step::Warm(fleet, member, life) => {
                    let fleet = &control.fleets[fleet];
                    if fleet.members[member].life == life {
                        let place = fleet.first as usize + member;
                        self.instances[place].slowness = self.program.instances[place].slowness;
                    }
                }
                Step::Empty(fleet, member, life) => {
                    if control.fleets[fleet].members[member].life == life {
                        self.let_go(&mut control, fleet, member);
                    }
                }
            }
        }
        // Looks alone do not keep a trial going: what is still open then never ends.
        let over = self.clock.now >= self.clock.end && control.only_looks();
        let next = if over && self.agenda.is_idle() { NEVER } else { control.next() };
        self.agenda.set_control(next);
        self.control = Some(control);
    }

    /// A controller looks at its fleet.
    fn look(&mut self, control: &mut Control, of: usize) {
        let now = self.clock.now;
        let members = self.measure(&mut control.fleets[of]);
        let fleet = &mut control.fleets[of];
        if self.watch.looks {
            fleet.note(now, &members);
        }
        let (desired, leaving) = (fleet.desired, fleet.leaving());
        let seen = Seen { now, desired, members: &members, leaving };
        let desired = fleet.steering.decide(&seen);
        fleet.ask(now, desired);
        fleet.looked = now;
        let next = fleet.steering.next(now);
        control.plan(next, Step::Look(of));
        self.add_instances(control, of);
        self.remove_instances(control, of);
    }

    /// What each member did since the last look.
    fn measure(&mut self, fleet: &mut Fleet) -> Vec<SeenMember> {
        let now = self.clock.now;
        let to_come = self.work_to_come(fleet);
        let looked = fleet.looked;
        let mut seen = Vec::new();
        for ((place, member), to_come) in (fleet.first..).zip(&mut fleet.members).zip(to_come) {
            let instance = &self.instances[place as usize];
            let given = instance.given.wrapping_sub(to_come);
            let done = given.wrapping_sub(member.given).cast_signed().max(0);
            member.given = given;
            match member.phase {
                Phase::Off | Phase::Leaving => {}
                Phase::Booting => seen.push(SeenMember { age: None, utilisation: None }),
                Phase::Serving => {
                    let from = member.serving_from.unwrap_or(0).max(looked);
                    let servers = f64::from(self.program.instances[place as usize].servers);
                    let whole = servers * now.saturating_sub(from) as f64;
                    let utilisation = if whole > 0.0 { done as f64 / whole } else { 0.0 };
                    seen.push(SeenMember {
                        age: Some(member.serving_from.map_or(NEVER, |from| now - from)),
                        utilisation: instance.up.then_some(utilisation.min(1.0)),
                    });
                }
            }
        }
        seen
    }

    /// For each member, the service that it has begun and not given yet, in nanoseconds.
    fn work_to_come(&mut self, fleet: &Fleet) -> Vec<u64> {
        let mut to_come = vec![0_u64; fleet.members.len()];
        let sharing = |trial: &Self| {
            trial.instances[fleet.first as usize].floor != NONE
                && matches!(trial.floor_plan(fleet.first).discipline, Discipline::Sharing { .. })
        };
        if fleet.members.is_empty() {
            return to_come;
        }
        if sharing(self) {
            for place in (fleet.first..).take(fleet.members.len()) {
                self.reckon(place);
            }
            return to_come;
        }
        for (time, owner, ticket) in self.agenda.visits_due() {
            let visit = &self.visits[owner];
            if visit.ticket != ticket || visit.state != State::Served {
                continue;
            }
            let place = visit.instance.wrapping_sub(fleet.first) as usize;
            if let Some(sum) = to_come.get_mut(place)
                && self.instances[visit.instance as usize].epoch == visit.epoch
            {
                *sum = sum.wrapping_add(time - self.clock.now);
            }
        }
        to_come
    }

    /// Boots what is missing, the first ones first.
    fn add_instances(&mut self, control: &mut Control, of: usize) {
        let fleet = &control.fleets[of];
        let missing = fleet.desired.saturating_sub(fleet.present()) as usize;
        let chosen: Vec<usize> = fleet.in_phase(Phase::Off).take(missing).collect();
        let mut ready = Vec::new();
        for member in chosen {
            let fleet = &mut control.fleets[of];
            fleet.turn(self.clock, member, Phase::Booting);
            fleet.members[member].boots += 1;
            let life = fleet.members[member].life;
            let time = self.boot_time(fleet, member);
            if time == 0 {
                ready.push(member);
            } else {
                let at = self.clock.now.saturating_add(time);
                control.plan(at, Step::Booted(of, member, life));
            }
        }
        self.put_to_work(control, of, &ready);
    }

    fn boot_time(&self, fleet: &Fleet, member: usize) -> u64 {
        let entity = fleet.first + super::place(member);
        let request = fleet.members[member].boots;
        let draw = self.streams.draw(Purpose::Upkeep, entity, request, BOOT_PATH);
        let further = || Further { streams: &self.streams, entity, request, path: BOOT_PATH + 1 };
        let plan = &self.program.controllers[fleet.plan];
        nanoseconds(plan.boot.sample(Fraction(draw.first()), further))
    }

    /// The balancer sends to these members from now on.
    fn put_to_work(&mut self, control: &mut Control, of: usize, members: &[usize]) {
        let now = self.clock.now;
        let program = self.program;
        let mut places = Vec::new();
        for member in members {
            let fleet = &mut control.fleets[of];
            fleet.turn(self.clock, *member, Phase::Serving);
            let own = &mut fleet.members[*member];
            let (place, life) = (fleet.first + super::place(*member), own.life);
            own.serving_from = Some(now);
            let plan = &program.controllers[fleet.plan];
            let instance = &mut self.instances[place as usize];
            own.given = instance.given;
            instance.up = true;
            instance.slowness = program.instances[place as usize].slowness;
            if plan.warm_up > 0 {
                instance.slowness /= plan.warm_up_speed;
                control.plan(now.saturating_add(plan.warm_up), Step::Warm(of, *member, life));
            }
            self.count_serving(place);
            places.push(place);
        }
        self.balancers.admit(&places);
    }

    /// Lets go what is too much: what boots first, then the last ones.
    fn remove_instances(&mut self, control: &mut Control, of: usize) {
        let fleet = &mut control.fleets[of];
        let surplus = fleet.present().saturating_sub(fleet.desired) as usize;
        let booting: Vec<usize> = fleet.in_phase(Phase::Booting).rev().take(surplus).collect();
        let serving = surplus - booting.len();
        let leaving: Vec<usize> = fleet.in_phase(Phase::Serving).rev().take(serving).collect();
        for member in booting {
            fleet.turn(self.clock, member, Phase::Off);
        }
        let mut places = Vec::new();
        for member in &leaving {
            let place = fleet.first + super::place(*member);
            self.count_serving(place);
            places.push(place);
        }
        self.balancers.eject(&places);
        for member in leaving {
            let fleet = &mut control.fleets[of];
            fleet.turn(self.clock, member, Phase::Leaving);
            let drain = self.program.controllers[fleet.plan].drain;
            fleet.members[member].deadline = self.clock.now.saturating_add(drain);
            if drain == 0 {
                self.let_go(control, of, member);
            } else {
                self.plan_to_let_go(control, of, member);
            }
        }
    }

    /// When it is looked whether a leaving member is empty: not before what was sent to it has
    /// come, and at its deadline at last.
    fn plan_to_let_go(&self, control: &mut Control, of: usize, member: usize) {
        let farthest = self.program.delays.iter().max().map_or(0, |delay| delay + 1);
        let own = control.fleets[of].members[member];
        let at = self.clock.now.saturating_add(SECOND.max(farthest)).min(own.deadline);
        control.plan(at, Step::Empty(of, member, own.life));
    }

    /// A leaving member is gone if it is empty, or out of time.
    fn let_go(&mut self, control: &mut Control, of: usize, member: usize) {
        let fleet = &mut control.fleets[of];
        let place = fleet.first + super::place(member);
        let is_empty = self.instances[place as usize].in_flight == 0;
        if !is_empty && self.clock.now < fleet.members[member].deadline {
            return self.plan_to_let_go(control, of, member);
        }
        fleet.turn(self.clock, member, Phase::Off);
        self.kill(place);
        self.add_instances(control, of);
    }

    /// Whether the balancer may send to an instance: what a controller has not put to work is not
    /// there.
    pub(super) fn is_manned(&self, place: u32) -> bool {
        let station = self.instances[place as usize].station;
        let fleets = self.control.iter().flat_map(|control| &control.fleets);
        let mut own =
            fleets.filter(|fleet| self.program.controllers[fleet.plan].station == station);
        own.next().is_none_or(|fleet| {
            fleet.members[(place - fleet.first) as usize].phase == Phase::Serving
        })
    }

    /// Adds up what the fleets did until the end.
    pub(super) fn close_control(&mut self) {
        let Some(mut control) = self.control.take() else {
            return;
        };
        for fleet in &mut control.fleets {
            fleet.count(self.clock);
            let station = self.program.controllers[fleet.plan].station as usize;
            self.stations[station].tally.fleet = std::mem::take(&mut fleet.tally);
        }
    }
}
