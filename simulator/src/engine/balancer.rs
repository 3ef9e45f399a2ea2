//! Balancers: which instance of a shard takes the next call.
//!
//! Each policy in one line; all count a call from when it is sent until its answer is back or its
//! caller gives up, see all calls of all callers, and break ties at random:
//! - random: any serving instance, each with the same probability;
//! - round robin: the serving instances in turn;
//! - least outstanding: a serving instance with the fewest calls outstanding;
//! - power of two: two different serving instances at random, of these the one with fewer calls
//!   outstanding.

use domain::topology::Balancing;

use super::NONE;
use crate::random::Fraction;

/// An instance as its balancer sees it.
#[derive(Debug, Clone, Copy)]
struct Seat {
    /// Its shard among all shards of all stations.
    group: u32,
    /// Its place among the members; none while nothing is sent to it.
    position: u32,
    /// Calls that were sent to it and not answered yet, where the policy counts them.
    outstanding: u32,
}

/// The balancer of one shard.
#[derive(Debug, Clone)]
struct Group {
    policy: Balancing,
    /// The only member, where there is no choice and nothing to count; none elsewhere.
    only: u32,
    /// The serving instances; under least outstanding, in order of their outstanding calls.
    members: Vec<u32>,
    /// For least outstanding: the place of the first member with at least so many calls.
    levels: Vec<u32>,
    /// For round robin: whose turn it is.
    turn: u32,
}

/// The balancers of all shards of all stations.
#[derive(Debug, Clone)]
pub(crate) struct Balancers {
    groups: Vec<Group>,
    seats: Vec<Seat>,
}

impl Balancers {
    /// Balancers with these policies and, for each instance, its group and whether it serves.
    pub(crate) fn new(policies: &[Balancing], instances: &[(u32, bool)]) -> Self {
        let group = |policy: &Balancing| Group {
            policy: *policy,
            only: NONE,
            members: Vec::new(),
            levels: Vec::new(),
            turn: 0,
        };
        let seat =
            |(group, _): &(u32, bool)| Seat { group: *group, position: NONE, outstanding: 0 };
        let mut balancers = Self {
            groups: policies.iter().map(group).collect(),
            seats: instances.iter().map(seat).collect(),
        };
        let serving = (0..).zip(instances).filter(|(_, (_, serving))| *serving);
        balancers.admit(&serving.map(|(instance, _)| instance).collect::<Vec<u32>>());
        balancers
    }

    /// The instance that takes the next call to a group, and is sent it; none when nothing serves.
    #[inline]
    pub(crate) fn pick(&mut self, group: u32, route: &mut Fraction) -> u32 {
        let only = self.groups[group as usize].only;
        if only == NONE { self.choose(group, route) } else { only }
    }

    fn choose(&mut self, group: u32, route: &mut Fraction) -> u32 {
        let seats = &self.seats;
        let group = &mut self.groups[group as usize];
        let count = super::place(group.members.len());
        if count == 0 {
            return NONE;
        }
        let place = match group.policy {
            Balancing::Random => route.choose(count),
            Balancing::RoundRobin => {
                let turn = group.turn % count;
                group.turn = turn + 1;
                turn
            }
            Balancing::LeastOutstanding => {
                let least = seats[group.members[0] as usize].outstanding as usize;
                route.choose(group.levels[least + 1])
            }
            Balancing::PowerOfTwo if count == 1 => 0,
            Balancing::PowerOfTwo => {
                let one = route.choose(count);
                let other = route.choose(count - 1);
                let other = other + u32::from(other >= one);
                let calls = |place: u32| seats[group.members[place as usize] as usize].outstanding;
                if calls(other) < calls(one) { other } else { one }
            }
        };
        let instance = group.members[place as usize];
        if counts(group.policy) {
            let seat = &mut self.seats[instance as usize];
            seat.outstanding += 1;
            if group.policy == Balancing::LeastOutstanding {
                let from = seat.outstanding - 1;
                group.rise(&mut self.seats, instance, from as usize);
            }
        }
        instance
    }

    /// An answer came back, or the caller gave up; only where the policy counts calls.
    pub(crate) fn answered(&mut self, instance: u32) {
        let seat = &mut self.seats[instance as usize];
        debug_assert!(seat.outstanding > 0, "every answer belongs to a call");
        seat.outstanding -= 1;
        if seat.position != NONE {
            let group = &mut self.groups[seat.group as usize];
            if group.policy == Balancing::LeastOutstanding {
                let from = seat.outstanding + 1;
                group.fall(&mut self.seats, instance, from as usize);
            }
        }
    }

    /// Sends to these instances from now on.
    pub(crate) fn admit(&mut self, instances: &[u32]) {
        for instance in instances {
            let seat = self.seats[*instance as usize];
            if seat.position == NONE {
                self.groups[seat.group as usize].members.push(*instance);
                // Any place but none marks it as a member until the group is put in order.
                self.seats[*instance as usize].position = 0;
            }
        }
        self.put_in_order(instances);
    }

    /// Sends to these instances no more.
    pub(crate) fn eject(&mut self, instances: &[u32]) {
        for instance in instances {
            self.seats[*instance as usize].position = NONE;
        }
        self.put_in_order(instances);
    }

    /// Whether an instance is sent calls to.
    pub(crate) fn serves(&self, instance: u32) -> bool {
        self.seats[instance as usize].position != NONE
    }

    /// Puts the groups of these instances in order after their members changed.
    fn put_in_order(&mut self, instances: &[u32]) {
        let mut groups: Vec<u32> =
            instances.iter().map(|instance| self.seats[*instance as usize].group).collect();
        groups.sort_unstable();
        groups.dedup();
        for group in groups {
            self.groups[group as usize].put_in_order(&mut self.seats);
        }
    }
}

/// Whether a policy looks at the calls outstanding.
pub(crate) const fn counts(policy: Balancing) -> bool {
    match policy {
        Balancing::Random | Balancing::RoundRobin => false,
        Balancing::LeastOutstanding | Balancing::PowerOfTwo => true,
    }
}

impl Group {
    fn put_in_order(&mut self, seats: &mut [Seat]) {
        self.members.retain(|member| seats[*member as usize].position != NONE);
        let by_load = self.policy == Balancing::LeastOutstanding;
        self.members.sort_unstable_by_key(|member| {
            let load = seats[*member as usize].outstanding;
            (if by_load { load } else { 0 }, *member)
        });
        for (position, member) in (0..).zip(&self.members) {
            seats[*member as usize].position = position;
        }
        self.only = match self.members.as_slice() {
            [only] if !counts(self.policy) => *only,
            _ => NONE,
        };
        self.levels.clear();
        if by_load {
            let most = self.members.last().map_or(0, |last| seats[*last as usize].outstanding);
            for level in 0..=most + 1 {
                let below = |member: &u32| seats[*member as usize].outstanding < level;
                self.levels.push(super::place(self.members.partition_point(below)));
            }
        }
    }

    /// Moves a member from a level to the one above: it changes places with the last of its level.
    #[inline]
    fn rise(&mut self, seats: &mut [Seat], instance: u32, from: usize) {
        let last = self.levels[from + 1] - 1;
        self.swap(seats, instance, last);
        self.levels[from + 1] = last;
        if self.levels.len() == from + 2 {
            self.levels.push(super::place(self.members.len()));
        }
    }

    /// Moves a member from a level to the one below: it changes places with the first of its level.
    #[inline]
    fn fall(&mut self, seats: &mut [Seat], instance: u32, from: usize) {
        let first = self.levels[from];
        self.swap(seats, instance, first);
        self.levels[from] = first + 1;
    }

    #[inline]
    fn swap(&mut self, seats: &mut [Seat], instance: u32, place: u32) {
        let position = seats[instance as usize].position;
        let other = self.members[place as usize];
        self.members[position as usize] = other;
        self.members[place as usize] = instance;
        seats[other as usize].position = position;
        seats[instance as usize].position = place;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};

    fn balancer(policy: Balancing, count: u32) -> Balancers {
        Balancers::new(&[policy], &vec![(0, true); count as usize])
    }

    fn route(request: u64) -> Fraction {
        Fraction(Streams::new(3, 0, 0).draw(Purpose::Visit, 0, request, 0).second())
    }

    /// Against a plain scan: whatever is sent, answered, ejected and admitted, the pick is among
    /// the serving instances with the fewest calls.
    #[test]
    fn least_outstanding_picks_what_a_scan_would() {
        let mut balancers = balancer(Balancing::LeastOutstanding, 7);
        let mut calls = [0_u32; 7];
        let mut serving = [true; 7];
        for step in 0..20_000_u64 {
            let mut random = route(step);
            let instance = random.choose(7);
            match random.choose(40) {
                0 => {
                    serving[instance as usize] = false;
                    balancers.eject(&[instance]);
                }
                1..=3 => {
                    serving[instance as usize] = true;
                    balancers.admit(&[instance]);
                }
                4..=21 if calls[instance as usize] > 0 => {
                    calls[instance as usize] -= 1;
                    balancers.answered(instance);
                }
                _ => {}
            }
            let least = (0..7).filter(|at| serving[*at]).map(|at| calls[at]).min();
            let picked = balancers.pick(0, &mut random);
            assert_eq!((picked != NONE).then(|| calls[picked as usize]), least);
            if picked != NONE {
                assert!(serving[picked as usize]);
                calls[picked as usize] += 1;
            }
        }
    }

    #[test]
    fn ties_are_broken_evenly() {
        for policy in [Balancing::Random, Balancing::LeastOutstanding, Balancing::PowerOfTwo] {
            let mut balancers = balancer(policy, 5);
            let counts_calls = super::counts(policy);
            let mut counts = [0_u32; 5];
            for request in 0..20_000 {
                let picked = balancers.pick(0, &mut route(request));
                counts[picked as usize] += 1;
                if counts_calls {
                    balancers.answered(picked);
                }
            }
            // 4,000 expected each with a standard deviation of 57; five of them is never.
            assert!(counts.iter().all(|count| count.abs_diff(4_000) < 285), "{counts:?}");
        }
    }

    #[test]
    fn round_robin_takes_turns_and_skips_what_does_not_serve() {
        let mut balancers = balancer(Balancing::RoundRobin, 3);
        balancers.eject(&[1]);
        let picks: Vec<u32> =
            (0..4).map(|request| balancers.pick(0, &mut route(request))).collect();
        assert_eq!(picks, [0, 2, 0, 2]);
        balancers.eject(&[0, 2]);
        assert_eq!(balancers.pick(0, &mut route(9)), NONE);
    }

    #[test]
    fn power_of_two_draws_two_different_instances() {
        let mut balancers = balancer(Balancing::PowerOfTwo, 2);
        let busy = balancers.pick(0, &mut route(0));
        for request in 0..100 {
            let picked = balancers.pick(0, &mut route(request));
            assert_ne!(picked, busy);
            balancers.answered(picked);
        }
    }
}
