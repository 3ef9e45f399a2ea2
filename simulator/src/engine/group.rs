//! The instances of one shard, as its balancer keeps them.

use std::cmp::Ordering;

use super::NONE;
use crate::model::Balancing;
use crate::random::Fraction;

/// An instance as its balancer sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seat {
    /// Its shard among all shards of all stations.
    pub group: u32,
    /// Its place among the members; none while nothing is sent to it.
    pub position: u32,
    /// Calls that were sent to it and not answered yet, where the policy counts them.
    pub outstanding: u32,
    pub weight: f64,
}

/// The balancer of one shard.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub policy: Balancing,
    /// The only member, where there is no choice and nothing to count; none elsewhere.
    pub only: u32,
    /// Whether its members stand in order of their outstanding calls: where the policy asks for it,
    /// and there is more than one.
    pub sorted: bool,
    /// The serving instances; under least outstanding, in order of their outstanding calls.
    pub members: Vec<u32>,
    /// For least outstanding: the place of the first member with at least so many calls.
    pub levels: Vec<u32>,
    /// For weighted: the weights of the members up to each.
    pub weights: Vec<f64>,
    /// For round robin: whose turn it is.
    pub turn: u32,
    /// The same by zone, for calls that stay in theirs.
    pub near_turns: Vec<u32>,
}

impl Group {
    /// A shard without members.
    pub(super) const fn new(policy: Balancing) -> Self {
        Self {
            policy,
            only: NONE,
            sorted: false,
            members: Vec::new(),
            levels: Vec::new(),
            weights: Vec::new(),
            turn: 0,
            near_turns: Vec::new(),
        }
    }

    /// Which of its members takes the next call; there is one.
    #[inline]
    pub(super) fn place(&mut self, seats: &[Seat], route: &mut Fraction) -> u32 {
        let count = super::place(self.members.len());
        if count == 1 {
            return 0;
        }
        match self.policy {
            Balancing::Random => route.choose(count),
            Balancing::RoundRobin => {
                let turn = self.turn % count;
                self.turn = turn + 1;
                turn
            }
            Balancing::LeastOutstanding => {
                let least = seats[self.members[0] as usize].outstanding as usize;
                route.choose(self.levels[least + 1])
            }
            Balancing::PowerOfTwo => {
                let one = route.choose(count);
                let other = route.choose(count - 1);
                let other = other + u32::from(other >= one);
                let calls = |place: u32| seats[self.members[place as usize] as usize].outstanding;
                if calls(other) < calls(one) { other } else { one }
            }
            Balancing::PowerOf { choices, replacement } => {
                self.best_of(seats, route, choices, replacement)
            }
            Balancing::JoinIdle => {
                let idle = seats[self.members[0] as usize].outstanding == 0;
                route.choose(if idle { self.levels[1] } else { count })
            }
            Balancing::Weighted => self.by_weight(route),
            Balancing::LeastByWeight => self.least_by_weight(seats, route),
            Balancing::ClientHash { clients } => {
                let hash = u64::from(route.choose(clients)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
                Fraction(hash ^ hash >> 29).choose(count)
            }
        }
    }

    /// Works out what the choice among members in order takes, without their seats' knowledge.
    pub(super) fn weigh(&mut self, seats: &[Seat]) {
        self.weights.clear();
        self.levels.clear();
        let mut sum = 0.0;
        if self.policy == Balancing::Weighted {
            self.weights.extend(self.members.iter().map(|member| {
                sum += seats[*member as usize].weight;
                sum
            }));
        }
        if self.policy.sorts() {
            // Only where the least level ends is ever asked for.
            let load = |member: &u32| seats[*member as usize].outstanding;
            let least = load(&self.members[0]);
            let end = self.members.partition_point(|member| load(member) <= least);
            self.levels.resize(least as usize + 1, 0);
            self.levels.push(super::place(end));
        }
    }

    pub(super) fn put_in_order(&mut self, seats: &mut [Seat]) {
        self.members.retain(|member| seats[*member as usize].position != NONE);
        let by_load = self.policy.sorts() && self.members.len() > 1;
        self.sorted = by_load;
        self.members.sort_unstable_by_key(|member| {
            let load = seats[*member as usize].outstanding;
            (if by_load { load } else { 0 }, *member)
        });
        for (position, member) in (0..).zip(&self.members) {
            seats[*member as usize].position = position;
        }
        self.only = match self.members.as_slice() {
            [only] if !self.policy.counts() => *only,
            _ => NONE,
        };
        let mut sum = 0.0;
        self.weights.clear();
        if self.policy == Balancing::Weighted {
            self.weights.extend(self.members.iter().map(|member| {
                sum += seats[*member as usize].weight;
                sum
            }));
        }
        self.levels.clear();
        if by_load {
            let most = self.members.last().map_or(0, |last| seats[*last as usize].outstanding);
            for level in 0..=most + 1 {
                let below = |member: &u32| seats[*member as usize].outstanding < level;
                self.levels.push(super::place(self.members.partition_point(below)));
            }
        }
    }

    /// Of some members at random, one with the fewest calls: the first drawn of those.
    pub(super) fn best_of(
        &self,
        seats: &[Seat],
        route: &mut Fraction,
        choices: u32,
        replacement: bool,
    ) -> u32 {
        let count = super::place(self.members.len());
        let choices = if replacement { choices } else { choices.min(count) };
        let mut drawn = [NONE; 8];
        let mut best = (u32::MAX, 0);
        for draw in 0..choices.min(8) {
            let mut place = route.choose(if replacement { count } else { count - draw });
            if !replacement {
                // The place among those not drawn yet: those drawn lie sorted.
                let mut at = 0;
                while at < draw as usize && drawn[at] <= place {
                    place += 1;
                    at += 1;
                }
                drawn.copy_within(at..draw as usize, at + 1);
                drawn[at] = place;
            }
            let calls = seats[self.members[place as usize] as usize].outstanding;
            if draw == 0 || calls < best.0 {
                best = (calls, place);
            }
        }
        best.1
    }

    /// The member with the fewest calls for each unit of weight once this one is among them.
    fn least_by_weight(&self, seats: &[Seat], route: &mut Fraction) -> u32 {
        let seat = |member: &u32| &seats[*member as usize];
        // (calls + 1) / weight of one against that of another, without a division: exact where
        // weights are whole numbers, so that ties are ties.
        let against = |one: &Seat, other: &Seat| {
            let own = f64::from(one.outstanding + 1) * other.weight;
            own.total_cmp(&(f64::from(other.outstanding + 1) * one.weight))
        };
        let mut best = seat(&self.members[0]);
        let mut ties = 1;
        for member in &self.members[1..] {
            match against(seat(member), best) {
                Ordering::Less => (best, ties) = (seat(member), 1),
                Ordering::Equal => ties += 1,
                Ordering::Greater => {}
            }
        }
        let chosen = route.choose(ties);
        let is_best = |member: &u32| against(seat(member), best) == Ordering::Equal;
        let mut places = (0..).zip(&self.members).filter(|(_, member)| is_best(member));
        places.nth(chosen as usize).map_or(0, |(place, _)| place)
    }

    /// A member by its weight; what is left of the number is uniform again.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share times 2⁶⁴; the cast saturates"
    )]
    pub(super) fn by_weight(&self, route: &mut Fraction) -> u32 {
        let whole = self.weights.last().copied().unwrap_or(0.0);
        let at = route.open() * whole;
        let place = self.weights.partition_point(|sum| *sum <= at).min(self.weights.len() - 1);
        let below = if place > 0 { self.weights[place - 1] } else { 0.0 };
        let part = (at - below) / (self.weights[place] - below).max(1e-300);
        *route = Fraction((part * 18_446_744_073_709_551_616.0) as u64);
        super::place(place)
    }

    /// Moves a member from a level to the one above: it changes places with the last of its level.
    #[inline]
    pub(super) fn rise(&mut self, seats: &mut [Seat], instance: u32, from: usize) {
        let last = self.levels[from + 1] - 1;
        self.swap(seats, instance, last);
        self.levels[from + 1] = last;
        if self.levels.len() == from + 2 {
            self.levels.push(super::place(self.members.len()));
        }
    }

    /// Moves a member from a level to the one below: it changes places with the first of its level.
    #[inline]
    pub(super) fn fall(&mut self, seats: &mut [Seat], instance: u32, from: usize) {
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
