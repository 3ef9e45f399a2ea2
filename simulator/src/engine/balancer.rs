//! Balancers: which instance of a shard takes the next call.
//!
//! Each policy in one line; all count a call from when it is sent until its answer is back or its
//! caller gives up, see all calls of all callers, and break ties at random:
//! - random: any serving instance, each with the same probability;
//! - round robin: the serving instances in turn;
//! - least outstanding: a serving instance with the fewest calls outstanding;
//! - power of two: two different serving instances at random, of these the one with fewer calls
//!   outstanding;
//! - power of d: of d serving instances at random, different ones or not, one with the fewest;
//! - join idle: a serving instance without calls outstanding, any at random where there is none;
//! - weighted: any serving instance, with a probability in proportion to its weight;
//! - least by weight: the serving instance with the fewest calls outstanding, the next one
//!   included, for each unit of its weight;
//! - client hash: the serving instance that the number of the client is hashed to.
//!
//! Where a station prefers its callers' zones, each policy is applied to the serving instances of
//! the caller's zone, as long as there are enough of them.

use super::NONE;
use super::group::{Group, Seat};
use crate::model::Balancing;
use crate::random::Fraction;

/// The balancers of all shards of all stations.
#[derive(Debug, Clone)]
pub(crate) struct Balancers {
    groups: Vec<Group>,
    seats: Vec<Seat>,
    /// The instances that are near to a caller, while one of them is chosen.
    near: Group,
}

impl Balancers {
    /// Balancers with these policies and, for each instance, its group and whether it serves.
    pub(crate) fn new(policies: &[Balancing], instances: &[(u32, bool, f64)]) -> Self {
        let seat = |(group, _, weight): &(u32, bool, f64)| Seat {
            group: *group,
            position: NONE,
            outstanding: 0,
            weight: *weight,
        };
        let mut balancers = Self {
            groups: policies.iter().map(|policy| Group::new(*policy)).collect(),
            near: Group::new(Balancing::Random),
            seats: instances.iter().map(seat).collect(),
        };
        let serving = (0..).zip(instances).filter(|(_, (_, serving, _))| *serving);
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
        if group.members.is_empty() {
            return NONE;
        }
        let place = group.place(seats, route);
        let instance = group.members[place as usize];
        if group.policy.counts() {
            let seat = &mut self.seats[instance as usize];
            seat.outstanding += 1;
            if group.sorted {
                let from = seat.outstanding - 1;
                group.rise(&mut self.seats, instance, from as usize);
            }
        }
        instance
    }

    /// The instance that takes the next call among those that are near, and is sent it, where at
    /// least so many of them serve; that among all where not.
    pub(crate) fn pick_near(
        &mut self,
        group: u32,
        route: &mut Fraction,
        (least, zone, is_near): (u32, u16, impl Fn(u32) -> bool),
    ) -> u32 {
        let all = &mut self.groups[group as usize];
        let near = &mut self.near;
        near.policy = all.policy;
        near.members.clear();
        near.members.extend(all.members.iter().filter(|member| is_near(**member)));
        if near.members.is_empty() || near.members.len() < least as usize {
            return self.pick(group, route);
        }
        near.weigh(&self.seats);
        let turn = usize::from(zone);
        if all.near_turns.len() <= turn {
            all.near_turns.resize(turn + 1, 0);
        }
        near.turn = all.near_turns[turn];
        let place = near.place(&self.seats, route);
        all.near_turns[turn] = near.turn;
        let instance = near.members[place as usize];
        self.send_to(instance);
        instance
    }

    /// A call is sent to an instance that its balancer did not choose.
    pub(crate) fn send_to(&mut self, instance: u32) {
        let seat = &mut self.seats[instance as usize];
        let group = &mut self.groups[seat.group as usize];
        if group.policy.counts() {
            seat.outstanding += 1;
            if seat.position != NONE && group.sorted {
                let from = seat.outstanding - 1;
                group.rise(&mut self.seats, instance, from as usize);
            }
        }
    }

    /// An answer came back, or the caller gave up; only where the policy counts calls.
    pub(crate) fn answered(&mut self, instance: u32) {
        let seat = &mut self.seats[instance as usize];
        debug_assert!(seat.outstanding > 0, "every answer belongs to a call");
        seat.outstanding -= 1;
        if seat.position != NONE {
            let group = &mut self.groups[seat.group as usize];
            if group.sorted {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};

    fn balancer(policy: Balancing, count: u32) -> Balancers {
        Balancers::new(&[policy], &vec![(0, true, 1.0); count as usize])
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
        let of = |replacement| Balancing::PowerOf { choices: 3, replacement };
        let clients = Balancing::ClientHash { clients: 100_000 };
        for policy in [
            Balancing::Random,
            Balancing::LeastOutstanding,
            Balancing::PowerOfTwo,
            of(false),
            of(true),
            Balancing::JoinIdle,
            Balancing::Weighted,
            Balancing::LeastByWeight,
            clients,
        ] {
            let mut balancers = balancer(policy, 5);
            let counts_calls = policy.counts();
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

    /// Against plain divisions, in zones and out of them, while instances come and go.
    #[test]
    fn least_by_weight_picks_what_a_scan_would() {
        let weights = [100.0, 130.0, 260.0, 100.0, 137.0];
        let seats: Vec<(u32, bool, f64)> = weights.map(|weight| (0, true, weight)).to_vec();
        let mut balancers = Balancers::new(&[Balancing::LeastByWeight], &seats);
        let mut calls = [0_u32; 5];
        let mut serving = [true; 5];
        for step in 0..20_000_u64 {
            let mut random = route(step);
            let instance = random.choose(5);
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
            let load = |at: usize| f64::from(calls[at] + 1) / weights[at];
            let near = step % 3 == 0 && serving[2..].contains(&true);
            let among = if near { 2..5 } else { 0..5 };
            let least = among.filter(|at| serving[*at]).map(load).reduce(f64::min);
            let picked = if near {
                balancers.pick_near(0, &mut random, (1, 0, |member| member >= 2))
            } else {
                balancers.pick(0, &mut random)
            };
            assert_eq!(picked != NONE, least.is_some());
            if let Some(least) = least {
                let picked = picked as usize;
                assert!(serving[picked] && load(picked) <= least * (1.0 + 1e-12));
                calls[picked] += 1;
            }
        }
    }

    #[test]
    fn what_has_no_weight_is_picked_only_where_nothing_else_is() {
        let seats = [(0, true, 0.0), (0, true, 100.0), (0, true, 0.0)];
        let mut balancers = Balancers::new(&[Balancing::LeastByWeight], &seats);
        assert!((0..50).all(|request| balancers.pick(0, &mut route(request)) == 1));
        balancers.eject(&[1]);
        let picked: Vec<u32> =
            (0..20).map(|request| balancers.pick(0, &mut route(request))).collect();
        assert!(picked.contains(&0) && picked.contains(&2) && !picked.contains(&1));
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

    #[test]
    fn all_choices_without_replacement_are_least_outstanding() {
        let mut balancers = balancer(Balancing::PowerOf { choices: 5, replacement: false }, 5);
        let mut calls = [0_u32; 5];
        for request in 0..1_000 {
            let picked = balancers.pick(0, &mut route(request)) as usize;
            assert_eq!(Some(&calls[picked]), calls.iter().min());
            calls[picked] += 1;
        }
    }

    #[test]
    fn a_client_stays_with_its_instance_and_an_idle_one_is_found() {
        let mut balancers = balancer(Balancing::ClientHash { clients: 1 }, 7);
        let first = balancers.pick(0, &mut route(0));
        assert!((1..50).all(|request| balancers.pick(0, &mut route(request)) == first));
        let mut balancers = balancer(Balancing::JoinIdle, 7);
        let mut picked: Vec<u32> =
            (0..7).map(|request| balancers.pick(0, &mut route(request))).collect();
        picked.sort_unstable();
        assert_eq!(picked, [0, 1, 2, 3, 4, 5, 6]);
    }
}
