//! Fleets: stations whose instances come and go as a controller says.

use super::clock::Clock;
use super::program::Program;
use crate::control::{Controller, Member as Seen, Steering};
use crate::model::service::Sampler;
use crate::time::{SECOND, from_seconds};

/// Changes of a fleet that are remembered one by one.
const COURSE_MOST: usize = 100_000;

/// A controller with its times in nanoseconds.
#[derive(Debug, Clone)]
pub(crate) struct ControllerPlan {
    pub station: u32,
    pub boot: Sampler,
    pub warm_up: u64,
    pub warm_up_speed: f64,
    pub drain: u64,
    pub controller: Controller,
}

impl ControllerPlan {
    pub(super) fn new(controller: &Controller) -> Self {
        Self {
            station: super::place(controller.station),
            boot: Sampler::new(&controller.boot, SECOND as f64),
            warm_up: from_seconds(controller.warm_up),
            warm_up_speed: controller.warm_up_speed,
            drain: from_seconds(controller.drain),
            controller: controller.clone(),
        }
    }
}

/// What a fleet cost and did within the observed time.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct FleetTally {
    /// Instance-nanoseconds of booting, serving and leaving; all of them are paid for.
    pub booting: u128,
    /// See `booting`.
    pub serving: u128,
    /// See `booting`.
    pub leaving: u128,
    /// When which number was asked for, from the start of the trial on.
    pub course: Vec<(u64, u32)>,
    /// What the controller saw, where that was watched.
    pub looks: Vec<Look>,
}

/// A fleet as its controller saw it at a look.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Look {
    /// Nanoseconds from the start of the trial.
    pub at: u64,
    /// Instances that served.
    pub serving: u32,
    /// The sum of their utilisations since the look before.
    pub busy: f64,
}

impl FleetTally {
    /// Instance-nanoseconds that are paid for.
    pub(crate) const fn paid(&self) -> u128 {
        self.booting + self.serving + self.leaving
    }

    /// Adds what another trial counted; the course stays that of the first.
    pub(super) fn add(&mut self, other: &Self) {
        self.booting += other.booting;
        self.serving += other.serving;
        self.leaving += other.leaving;
    }
}

/// What an instance of a fleet is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// It is not there.
    Off,
    /// It is being booted.
    Booting,
    /// It is sent calls.
    Serving,
    /// It finishes what it has.
    Leaving,
}

/// An instance of a fleet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    pub phase: Phase,
    /// How often it has changed; what was planned before a change is out of date.
    pub life: u32,
    /// How often it was booted.
    pub boots: u64,
    /// Since when it is sent calls; none where it was from the start.
    pub serving_from: Option<u64>,
    /// When what it still works on is lost.
    pub deadline: u64,
    /// Nanoseconds of service that it had given at the last look.
    pub given: u64,
}

/// A fleet.
#[derive(Debug)]
pub(super) struct Fleet {
    /// Its controller's place in the program.
    pub plan: usize,
    /// The first of its instances among all.
    pub first: u32,
    pub members: Vec<Member>,
    pub steering: Steering,
    pub desired: u32,
    /// When it was last looked at.
    pub looked: u64,
    pub tally: FleetTally,
    /// How many boot, serve and leave.
    counts: [u32; 3],
    since: u64,
}

impl Fleet {
    pub(super) fn new(program: &Program, plan: usize) -> Self {
        let controller = &program.controllers[plan];
        let station = &program.stations[controller.station as usize];
        let first = station.first_instance as usize;
        let instances = &program.instances[first..first + station.instances as usize];
        let members = instances.iter().map(|instance| Member {
            phase: if instance.serving { Phase::Serving } else { Phase::Off },
            life: 0,
            boots: 0,
            serving_from: None,
            deadline: 0,
            given: 0,
        });
        let members: Vec<Member> = members.collect();
        let serving = members.iter().filter(|member| member.phase == Phase::Serving).count();
        let desired = super::place(serving);
        Self {
            plan,
            first: station.first_instance,
            members,
            steering: Steering::new(&controller.controller),
            desired,
            looked: 0,
            tally: FleetTally { course: vec![(0, desired)], ..FleetTally::default() },
            counts: [0, desired, 0],
            since: 0,
        }
    }

    /// Those that are there or booting, without those that leave.
    pub(super) fn present(&self) -> u32 {
        self.counts[0] + self.counts[1]
    }

    /// How many leave.
    pub(super) const fn leaving(&self) -> u32 {
        self.counts[2]
    }

    /// A member goes over to another phase.
    pub(super) fn turn(&mut self, clock: Clock, member: usize, phase: Phase) {
        self.count(clock);
        let own = &mut self.members[member];
        let place = |phase| match phase {
            Phase::Off => None,
            Phase::Booting => Some(0),
            Phase::Serving => Some(1),
            Phase::Leaving => Some(2),
        };
        if let Some(place) = place(own.phase) {
            self.counts[place] -= 1;
        }
        if let Some(place) = place(phase) {
            self.counts[place] += 1;
        }
        own.phase = phase;
        own.life = own.life.wrapping_add(1);
    }

    /// Adds up what the members did until now.
    pub(super) fn count(&mut self, clock: Clock) {
        let span = u128::from(clock.part(self.since, clock.now));
        self.since = clock.now;
        let [booting, serving, leaving] = self.counts.map(u128::from);
        self.tally.booting += span * booting;
        self.tally.serving += span * serving;
        self.tally.leaving += span * leaving;
    }

    /// Another number is asked for.
    pub(super) fn ask(&mut self, now: u64, desired: u32) {
        if desired != self.desired && self.tally.course.len() < COURSE_MOST {
            self.tally.course.push((now, desired));
        }
        self.desired = desired;
    }

    /// Keeps what the controller sees.
    pub(super) fn note(&mut self, now: u64, members: &[Seen]) {
        if self.tally.looks.len() < COURSE_MOST {
            let serving = members.iter().filter(|member| member.age.is_some());
            let busy = serving.clone().filter_map(|member| member.utilisation).sum();
            let serving = super::place(serving.count());
            self.tally.looks.push(Look { at: now, serving, busy });
        }
    }

    /// Members in a phase, in their order.
    pub(super) fn in_phase(&self, phase: Phase) -> impl DoubleEndedIterator<Item = usize> + '_ {
        let of_phase = move |(_, member): &(usize, &Member)| member.phase == phase;
        self.members.iter().enumerate().filter(of_phase).map(|(place, _)| place)
    }
}
