//! The day as a fluid: the load moves, the autoscalers follow, and no request is looked at.
//!
//! Each autoscaled service sees the work that the flow of calls brings it, in instances that it
//! would keep busy. Its controller looks once a period at the mean utilisation of that period,
//! which never exceeds 1, and asks for `ceil(instances · utilisation / target)` within its bounds.
//! Of a service on two kinds of machines the first kind stands: what it can do counts in instances
//! of the second kind, of which those are asked for that are missing beside it. All are taken to be
//! as busy as one another.
//! More instances serve after the warm-up; fewer are kept as soon as no look within the scale-in
//! window asked for more, and the leaving ones are paid for while they drain. Two days are followed
//! and the second one is kept, so that it begins as it ends.

use std::collections::VecDeque;

use domain::demand::DayProfile;

use super::windows;
use crate::control::Standing;
use crate::system::{Condition, Scaled, System};

/// Seconds of a whole day.
pub(super) const DAY: f64 = 86_400.0;
/// Seconds between two points of the fluid.
pub(super) const STEP: f64 = 10.0;
/// Points of a whole day.
pub(super) const POINTS: usize = 8_640;

/// An autoscaled service over the day.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fleet {
    /// The service.
    pub service: usize,
    /// Instances that serve, at each point, those that stand among them.
    pub serving: Vec<u32>,
    /// Work as a share of what those can do, at each point; above 1 where it is too much.
    pub utilisation: Vec<f64>,
    /// Instance-hours paid for, those of what stands among them.
    pub hours: f64,
}

/// The day.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fluid {
    /// The load as a fraction of the peak, at each point.
    pub load: Vec<f64>,
    /// The autoscaled services.
    pub fleets: Vec<Fleet>,
    /// The highest utilisation of a service that is not autoscaled, at the peak.
    pub fixed: f64,
}

impl Fluid {
    /// How long the day is, in seconds: a whole one, or the shortest open one.
    pub(super) fn length(&self) -> f64 {
        self.load.len() as f64 * STEP
    }
}

/// Follows a system over a day. Of a system with hours that is its shortest open day, and the next
/// one follows at once: nobody judges it while it is shut, and it opens with the fleet that the
/// load then asks for.
pub(super) fn follow(system: &System<'_>) -> Fluid {
    let length = system.demand.day_length().value();
    let points = windows::whole((length / STEP).round()).max(1);
    let load: Vec<f64> = (0..points)
        .map(|point| fraction(&system.demand.day, point as f64 * STEP / length))
        .collect();
    let model = system.model(&Condition::healthy());
    let loads = model.load(1.0);
    let mut fleets = Vec::new();
    let mut fixed: f64 = 0.0;
    for (station, service) in system.services().enumerate() {
        let Some(scaled) = system.autoscaler(service) else {
            fixed = fixed.max(loads[station].utilisation());
            continue;
        };
        let work = loads[station].work / scaled.each;
        fleets.push(Fleet::follow(service, &scaled, work, &load));
    }
    Fluid { load, fleets, fixed }
}

/// The load at a part of the day, between the points of the profile in a straight line.
pub(super) fn fraction(profile: &DayProfile, part: f64) -> f64 {
    let count = profile.fractions.len();
    if count == 0 {
        return 1.0;
    }
    let place = part * count as f64;
    let before = (0..count).rev().find(|index| *index as f64 <= place).unwrap_or(0);
    let (low, high) = (profile.fractions[before], profile.fractions[(before + 1) % count]);
    let weight = place - before as f64;
    low.value() * (1.0 - weight) + high.value() * weight
}

/// A controller and its instances at a moment.
struct Control<'a> {
    scaled: &'a Scaled,
    serving: u32,
    /// When more instances begin to serve, and how many.
    warming: VecDeque<(f64, u32)>,
    /// Until when instances that left are paid for, and how many.
    draining: VecDeque<(f64, u32)>,
    /// When looks asked for how many.
    asked: VecDeque<(f64, u32)>,
    /// Sum of the utilisations since the last look, and how many there were.
    measured: (f64, f64),
    next_look: f64,
}

impl Fleet {
    /// So many instances of the kind that comes and goes would be kept busy at the peak.
    fn follow(service: usize, scaled: &Scaled, work: f64, load: &[f64]) -> Self {
        let mut control = Control::new(scaled, work * load[0]);
        let points = load.len();
        let mut fleet = Self {
            service,
            serving: Vec::with_capacity(points),
            utilisation: Vec::with_capacity(points),
            hours: 0.0,
        };
        for point in 0..2 * points {
            let now = point as f64 * STEP;
            let wanted = work * load[point % points];
            control.pass(now, wanted);
            if point >= points {
                fleet.serving.push(control.serving);
                fleet.utilisation.push(wanted / control.capacity());
                fleet.hours += f64::from(control.paid()) * STEP / 3_600.0;
            }
        }
        fleet
    }
}

impl<'a> Control<'a> {
    fn new(scaled: &'a Scaled, wanted: f64) -> Self {
        let Standing { instances, capacity } = scaled.standing;
        let start = whole(wanted / scaled.rules.target.value().max(1e-6) - capacity);
        let start = instances.saturating_add(start);
        Self {
            scaled,
            serving: start.clamp(scaled.least(), scaled.most()),
            warming: VecDeque::new(),
            draining: VecDeque::new(),
            asked: VecDeque::new(),
            measured: (0.0, 0.0),
            next_look: scaled.rules.period.value(),
        }
    }

    /// What serves can do, in instances of the kind that comes and goes.
    fn capacity(&self) -> f64 {
        self.scaled.standing.capacity_of(self.serving).max(1e-9)
    }

    /// Time passes to a moment at which so many instances would be kept busy.
    fn pass(&mut self, now: f64, wanted: f64) {
        while self.warming.front().is_some_and(|(ready, _)| *ready <= now) {
            let (_, more) = self.warming.pop_front().expect("there is a first");
            self.serving += more;
        }
        while self.draining.front().is_some_and(|(gone, _)| *gone <= now) {
            self.draining.pop_front();
        }
        self.measured.0 += (wanted / self.capacity()).min(1.0);
        self.measured.1 += 1.0;
        if now >= self.next_look {
            self.look(now);
            self.next_look = now + self.scaled.rules.period.value().max(STEP);
        }
    }

    fn look(&mut self, now: f64) {
        let utilisation = self.measured.0 / self.measured.1;
        self.measured = (0.0, 0.0);
        let Scaled { rules, standing, .. } = self.scaled;
        let needed = standing.capacity_of(self.serving) * utilisation;
        let asked = standing.instances_for(needed / rules.target.value().max(1e-6));
        let asked = asked.clamp(self.scaled.least(), self.scaled.most());
        self.asked.push_back((now, asked));
        let window = rules.scale_in_window.value();
        while self.asked.front().is_some_and(|(then, _)| *then + window < now) {
            self.asked.pop_front();
        }
        let coming: u32 = self.warming.iter().map(|(_, more)| more).sum();
        let most = self.asked.iter().map(|(_, asked)| *asked).max().unwrap_or(asked);
        if asked > self.serving + coming {
            let more = asked - self.serving - coming;
            self.warming.push_back((now + rules.warm_up.value(), more));
        } else if most < self.serving && coming == 0 {
            let fewer = self.serving - most;
            self.serving = most;
            self.draining.push_back((now + rules.drain.value(), fewer));
        }
    }

    /// Instances that are paid for.
    fn paid(&self) -> u32 {
        let waiting = self.warming.iter().chain(&self.draining);
        self.serving + waiting.map(|(_, count)| count).sum::<u32>()
    }
}

/// The least whole number that is not below.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what fits")]
fn whole(number: f64) -> u32 {
    number.ceil().clamp(0.0, 1e9) as u32
}

#[cfg(test)]
mod tests {
    use domain::topology::Autoscaler;
    use domain::units::{Ratio, Seconds};

    use super::*;

    fn scaled(standing: Standing) -> Scaled {
        Scaled { rules: rules(), standing, each: 1.0 }
    }

    fn rules() -> Autoscaler {
        Autoscaler {
            min: 2,
            max: 20,
            target: Ratio::of(0.5),
            period: Seconds::of(60.0),
            warm_up: Seconds::of(120.0),
            scale_in_window: Seconds::of(300.0),
            drain: Seconds::of(30.0),
        }
    }

    fn day(load: impl Fn(f64) -> f64) -> Fleet {
        beside(Standing::default(), load)
    }

    fn beside(standing: Standing, load: impl Fn(f64) -> f64) -> Fleet {
        let load: Vec<f64> = (0..POINTS).map(|point| load(point as f64 / POINTS as f64)).collect();
        Fleet::follow(0, &scaled(standing), 8.0, &load)
    }

    /// Four stand that do as much as five: beside them eleven are missing of sixteen.
    #[test]
    fn what_stands_counts_with_what_it_can_do() {
        let standing = Standing { instances: 4, capacity: 5.0 };
        let fleet = beside(standing, |_| 1.0);
        assert!(fleet.serving.iter().all(|serving| *serving == 4 + 11));
        assert!((fleet.hours - 15.0 * 24.0).abs() < 1e-6);
        assert!(fleet.utilisation.iter().all(|share| (share - 0.5).abs() < 1e-12));
        // A quarter of the load is less than what stands and the least beside it are good for.
        let fleet = beside(standing, |_| 0.25);
        assert!(fleet.serving.iter().all(|serving| *serving == 4 + 2));
        assert!(fleet.utilisation.iter().all(|share| (share - 2.0 / 7.0).abs() < 1e-12));
    }

    #[test]
    fn a_standing_instance_like_the_others_is_like_a_bound() {
        let load = |part| 0.55 - 0.45 * libm::cos(2.0 * std::f64::consts::PI * part);
        let mixed = beside(Standing { instances: 3, capacity: 3.0 }, load);
        let rules = Autoscaler { min: 5, max: 23, ..rules() };
        let load: Vec<f64> = (0..POINTS).map(|point| load(point as f64 / POINTS as f64)).collect();
        let standing = Standing::default();
        let equal = Fleet::follow(0, &Scaled { rules, standing, each: 1.0 }, 8.0, &load);
        assert_eq!(mixed.serving, equal.serving);
        assert!((mixed.hours - equal.hours).abs() < 1e-6);
    }

    #[test]
    fn a_constant_load_keeps_a_constant_fleet() {
        let fleet = day(|_| 1.0);
        assert!(fleet.serving.iter().all(|serving| *serving == 16));
        assert!((fleet.hours - 16.0 * 24.0).abs() < 1e-6);
        assert!(fleet.utilisation.iter().all(|share| (share - 0.5).abs() < 1e-12));
    }

    #[test]
    fn a_fleet_follows_the_load_within_its_bounds() {
        let fleet = day(|part| 0.55 - 0.45 * libm::cos(2.0 * std::f64::consts::PI * part));
        assert!(fleet.serving.iter().all(|serving| (2..=20).contains(serving)));
        assert_eq!(fleet.serving.iter().max(), Some(&16));
        assert_eq!(fleet.serving.iter().min(), Some(&2));
        let worst = fleet.utilisation.iter().fold(0.0_f64, |worst, share| worst.max(*share));
        assert!(worst < 0.6, "a slow day is followed closely: {worst}");
        assert!(fleet.hours < 0.65 * 16.0 * 24.0 && fleet.hours > 8.0 * 0.55 * 24.0);
    }

    #[test]
    fn a_slower_start_never_lowers_the_worst_utilisation() {
        let step = |part: f64| if part < 0.5 { 0.2 } else { 1.0 };
        let load: Vec<f64> = (0..POINTS).map(|point| step(point as f64 / POINTS as f64)).collect();
        let mut least = 0.0;
        for warm_up in [0.0, 60.0, 600.0, 3_600.0] {
            let rules = Autoscaler { warm_up: Seconds::of(warm_up), ..rules() };
            let scaled = Scaled { rules, ..scaled(Standing::default()) };
            let fleet = Fleet::follow(0, &scaled, 8.0, &load);
            let lost: f64 = fleet.utilisation.iter().map(|share| (share - 1.0).max(0.0)).sum();
            assert!(lost >= least, "{warm_up}");
            least = lost;
        }
        assert!(least > 0.0);
    }
}
