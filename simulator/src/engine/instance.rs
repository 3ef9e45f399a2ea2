//! What goes on inside one instance.

use super::NONE;
use super::program::InstancePlan;
use super::visits::Visits;

/// An instance during a trial.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Instance {
    /// Servers at work.
    pub busy: u32,
    /// How many it has.
    pub servers: u32,
    /// Visits that wait for one.
    pub queued: u32,
    /// Visits inside, those that wait for their own calls included.
    pub in_flight: u32,
    first: u32,
    last: u32,
    /// How often it has died, modulo 2¹⁶; visits of an earlier life are lost.
    pub epoch: u16,
    /// Its station.
    pub station: u32,
    /// Its floor, where it is not plain; none elsewhere.
    pub floor: u32,
    /// Time of a visit as a multiple of that on an instance of speed 1.
    pub slowness: f64,
    /// Nanoseconds of service given within the observed time.
    pub busy_time: u64,
    /// Nanoseconds of all service that was begun, modulo 2⁶⁴.
    pub given: u64,
    /// Nanoseconds of the observed time that the balancer sent to it, up to `serving_since`.
    pub serving_time: u64,
    /// Since when the balancer sends to it.
    pub serving_since: u64,
    /// Its zone.
    pub zone: u16,
    /// Its pool.
    pub pool: u16,
    /// Whether it answers.
    pub up: bool,
    /// Whether its balancer counts the calls outstanding.
    pub counted: bool,
}

impl Instance {
    /// An empty instance.
    pub(crate) const fn new(plan: &InstancePlan) -> Self {
        Self {
            busy: 0,
            servers: plan.servers,
            queued: 0,
            in_flight: 0,
            first: NONE,
            last: NONE,
            epoch: 0,
            station: plan.station,
            floor: plan.floor,
            slowness: plan.slowness,
            busy_time: 0,
            given: 0,
            serving_time: 0,
            serving_since: 0,
            zone: plan.zone,
            pool: plan.pool,
            up: true,
            counted: plan.counted,
        }
    }

    /// Appends a visit to the queue.
    #[inline]
    pub(crate) fn enqueue(&mut self, visits: &mut Visits, visit: u32) {
        visits[visit].next = NONE;
        if self.last == NONE {
            self.first = visit;
        } else {
            visits[self.last].next = visit;
        }
        self.last = visit;
        self.queued += 1;
    }

    /// Takes the visit that has waited longest.
    #[inline]
    pub(crate) fn dequeue(&mut self, visits: &Visits) -> Option<u32> {
        if self.first == NONE {
            return None;
        }
        let visit = self.first;
        self.first = visits[visit].next;
        if self.first == NONE {
            self.last = NONE;
        }
        self.queued -= 1;
        Some(visit)
    }
}
