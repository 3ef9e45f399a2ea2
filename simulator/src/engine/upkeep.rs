//! Servers that fail and are repaired, are set up and switched off, are started and stopped.

use super::NONE;
use super::program::ServersPlan;
use super::trial::Trial;
use crate::model::Discipline;
use crate::model::service::{Further, Sampler};
use crate::random::{Fraction, Purpose};
use crate::time::nanoseconds;

/// What rings for an instance.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bell {
    place: u32,
    /// How often it was set.
    count: u64,
    /// Its ticket; nothing while it is not set.
    ticket: u32,
    /// Whether what is under way is a repair.
    repair: bool,
}

impl Trial<'_> {
    /// Hangs the bells of all instances that have any.
    pub(super) fn hang_bells(&mut self) {
        let program = self.program;
        for place in 0..super::place(self.instances.len()) {
            if self.instances[place as usize].floor == NONE {
                continue;
            }
            let floor = self.instances[place as usize].floor as usize;
            let all = program.instances[place as usize].servers;
            let count = match &self.floor_plan(place).servers {
                ServersPlan::Always => 0,
                ServersPlan::Failing { .. } => all,
                ServersPlan::SetUp(_) => {
                    self.instances[place as usize].servers = 0;
                    all
                }
                ServersPlan::Thresholds { least, .. } => {
                    self.instances[place as usize].servers = all.min(*least);
                    1
                }
            };
            for _ in 0..count {
                let bell = super::place(self.bells.len());
                self.bells.push(Bell { place, count: 0, ticket: 0, repair: false });
                match &program.floor_of(program.instances[place as usize].station).servers {
                    ServersPlan::Failing { lasts, .. } => self.set_bell(bell, lasts),
                    _ => self.floors[floor].idle_bells.push(bell),
                }
            }
        }
    }

    fn set_bell(&mut self, bell: u32, time: &Sampler) {
        let own = &mut self.bells[bell as usize];
        own.count += 1;
        let request = own.count;
        let draw = self.streams.draw(Purpose::Upkeep, bell, request, 0);
        let further = || Further { streams: &self.streams, entity: bell, request, path: 4 };
        let span = nanoseconds(time.sample(Fraction(draw.first()), further));
        let timer = super::place(self.stations.len()) + bell;
        own.ticket = self.agenda.ring_at(self.clock.now + span, timer);
    }

    /// Changes the number of servers that are on.
    pub(super) fn change_servers(&mut self, place: u32, servers: u32) {
        let sharing = matches!(self.floor_plan(place).discipline, Discipline::Sharing { .. });
        if sharing {
            self.reckon(place);
        }
        let instance = &mut self.instances[place as usize];
        self.floors[instance.floor as usize].count_time(self.clock, instance.servers);
        instance.servers = servers;
        if sharing {
            self.aim(place);
        }
    }

    /// As many set-ups as visits wait for one.
    pub(super) fn set_up(&mut self, place: u32) {
        let program = self.program;
        let instance = self.instances[place as usize];
        let ServersPlan::SetUp(time) = &program.floor_of(instance.station).servers else {
            return;
        };
        let of = instance.floor as usize;
        let off = program.instances[place as usize].servers - instance.servers;
        let wanted = if instance.up { instance.queued.min(off) as usize } else { 0 };
        if self.floors[of].starting.len() == wanted {
            return;
        }
        self.floors[of].count_time(self.clock, instance.servers);
        while self.floors[of].starting.len() > wanted {
            let bell = self.floors[of].starting.pop().unwrap_or(NONE);
            self.bells[bell as usize].ticket = 0;
            self.floors[of].idle_bells.push(bell);
        }
        while self.floors[of].starting.len() < wanted {
            let Some(bell) = self.floors[of].idle_bells.pop() else {
                return;
            };
            self.floors[of].starting.push(bell);
            self.set_bell(bell, time);
        }
    }

    /// An arrival may start a server.
    pub(super) fn start_at_threshold(&mut self, place: u32) {
        let program = self.program;
        let instance = self.instances[place as usize];
        let plan = &program.floor_of(instance.station).servers;
        let ServersPlan::Thresholds { up, start, .. } = plan else {
            return;
        };
        let all = program.instances[place as usize].servers;
        let of = instance.floor as usize;
        if instance.in_flight >= *up
            && instance.servers < all
            && let Some(bell) = self.floors[of].idle_bells.pop()
        {
            self.floors[of].count_time(self.clock, instance.servers);
            self.floors[of].starting.push(bell);
            self.set_bell(bell, start);
        }
    }

    /// A departure may stop a server; whom it served goes back.
    pub(super) fn stop_at_threshold(&mut self, place: u32) {
        let instance = self.instances[place as usize];
        let plan = &self.program.floor_of(instance.station).servers;
        let ServersPlan::Thresholds { least, down, .. } = plan else {
            return;
        };
        if instance.servers > *least && instance.in_flight <= down + 1 {
            self.change_servers(place, instance.servers - 1);
            if instance.busy > instance.servers - 1 {
                self.interrupt_one(place, 0);
            }
        }
    }

    fn interrupt_one(&mut self, place: u32, mut chosen: u32) {
        let floor = &self.floors[self.instances[place as usize].floor as usize];
        let mut found = NONE;
        for line in &floor.served {
            if chosen < line.count {
                found = line.at(&self.visits, chosen);
                break;
            }
            chosen -= line.count;
        }
        if found != NONE {
            self.interrupt(found);
        }
    }

    /// A bell rings.
    pub(super) fn ring_bell(&mut self, bell: u32, ticket: u32) {
        let bells = super::place(self.bells.len());
        if bell >= bells {
            let shards = super::place(self.primaries.len());
            return match (bell - bells).checked_sub(shards) {
                Some(timer) => self.ring_life(timer, ticket),
                None => self.fail_over(bell - bells, ticket),
            };
        }
        if self.bells[bell as usize].ticket != ticket {
            return;
        }
        self.bells[bell as usize].ticket = 0;
        let program = self.program;
        let Bell { place, repair, .. } = self.bells[bell as usize];
        let instance = self.instances[place as usize];
        let of = instance.floor as usize;
        match &program.floor_of(instance.station).servers {
            ServersPlan::Always => {}
            ServersPlan::Failing { lasts, repair: time, crews } => {
                if repair {
                    self.change_servers(place, instance.servers + 1);
                    self.bells[bell as usize].repair = false;
                    if !self.is_winding_up() {
                        self.set_bell(bell, lasts);
                    }
                    match self.floors[of].broken.pop_front() {
                        Some(next) => self.set_bell(next, time),
                        None => self.floors[of].repairing -= 1,
                    }
                } else {
                    self.fail_server(bell, place);
                    self.bells[bell as usize].repair = true;
                    if self.floors[of].repairing < *crews {
                        self.floors[of].repairing += 1;
                        self.set_bell(bell, time);
                    } else {
                        self.floors[of].broken.push_back(bell);
                    }
                }
            }
            ServersPlan::SetUp(_) | ServersPlan::Thresholds { .. } => {
                self.change_servers(place, instance.servers + 1);
                self.floors[of].starting.retain(|known| *known != bell);
                self.floors[of].idle_bells.push(bell);
            }
        }
        self.fill(place);
    }

    /// A server fails: any of those that are up, as likely one that serves as one that does not.
    fn fail_server(&mut self, bell: u32, place: u32) {
        let instance = self.instances[place as usize];
        self.change_servers(place, instance.servers - 1);
        let count = self.bells[bell as usize].count;
        let draw = self.streams.draw(Purpose::Upkeep, bell, count, 1);
        let chosen = Fraction(draw.first()).choose(instance.servers);
        if chosen < instance.busy {
            self.interrupt_one(place, chosen);
        }
    }
}
