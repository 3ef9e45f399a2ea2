//! What an instance of a service adds to the latency of a request.

use domain::demand::ServiceIndex;
use domain::intent::ServiceKind;
use domain::topology::Balancing;

use crate::layout::Layout;
use crate::model::{Model, Viewpoint};
use crate::proof::Proof;
use crate::queueing::{Moments, WaitTail};

/// Equal instances of a service, each with its own queue, behind a balancer.
#[derive(Clone, Copy)]
pub(super) struct Station<'m, 'a> {
    pub(super) model: &'m Model<'a>,
    pub(super) layout: &'m Layout<'m>,
    pub(super) service: ServiceIndex,
    /// Requests that one instance works on at once.
    pub(super) servers: u32,
    /// Reference vCPUs of one server.
    pub(super) speed: f64,
    /// How calls are spread over the instances.
    pub(super) balancing: Balancing,
}

impl Station<'_, '_> {
    /// What the service adds to a request of each view, with so many instances serving and the
    /// load at that factor of the peak; `None` for each where the load is not below the capacity.
    pub(super) fn latency(&self, serving: u32, factor: f64) -> Vec<Option<Moments>> {
        if let Some(proof) = &self.model.proof {
            return self.tails(proof, self.waiting_tail(serving, factor));
        }
        let stays = self.stays(serving, factor);
        self.visits(&|view| stays.map(|stays| stays.of(view)))
    }

    /// The same if no request ever waited.
    pub(super) fn unhindered(&self) -> Vec<Option<Moments>> {
        let stay = Stay { wait: Moments::default(), speed: self.speed };
        self.visits(&|view| Some(stay.of(view)))
    }

    /// The same in the proof form, for each share of the tail that it may have. Where zones are
    /// crossed at times, every round trip is one that does; and whatever the policy of the
    /// balancer, the wait is that of a random choice, which is the longest.
    fn tails(&self, proof: &Proof, wait: Option<WaitTail>) -> Vec<Option<Moments>> {
        let ServiceIndex(at) = self.service;
        let demand = self.model.demand;
        let trip = match demand.services[at].kind {
            ServiceKind::Balancer => 0.0,
            _ if self.layout.zones > 1 => demand.network.cross_zone.value(),
            _ => demand.network.same_zone.value(),
        };
        proof.tails(at, wait, (self.speed, trip))
    }

    /// How long a visit to one of so many waits, whatever the policy of the balancer; `None` where
    /// the load is not below what they can do.
    fn waiting_tail(&self, serving: u32, factor: f64) -> Option<WaitTail> {
        let ServiceIndex(at) = self.service;
        let traffic = &self.model.traffic;
        if serving == 0 {
            return None;
        }
        let rate = traffic.rates[at] * factor / f64::from(serving);
        let mix = scaled(traffic.all.work[at], self.speed);
        self.model.settings.waiting.waiting_tail(self.servers, rate, mix)
    }

    /// What the service adds to a request of each view where nobody ever waits for a server.
    pub(super) fn without_waiting(&self) -> Vec<Option<Moments>> {
        match &self.model.proof {
            Some(proof) => self.tails(proof, Some(WaitTail::exponential(0.0, 1.0))),
            None => self.visits(&|work| Some(scaled(work, self.speed))),
        }
    }

    /// One visit at an instance, with so many serving; `None` where the load is not below what
    /// they can do.
    pub(super) fn stays(&self, serving: u32, factor: f64) -> Option<Stay> {
        let ServiceIndex(at) = self.service;
        let traffic = &self.model.traffic;
        let wait = self.model.settings.waiting.waiting_in_fleet(
            (self.balancing, serving),
            self.servers,
            traffic.rates[at] * factor,
            scaled(traffic.all.work[at], self.speed),
        )?;
        Some(Stay { wait, speed: self.speed })
    }

    /// What all visits of a request of each view add, where one visit stays that long for its
    /// reference CPU time.
    pub(super) fn visits(&self, stay: &dyn Fn(Moments) -> Option<Moments>) -> Vec<Option<Moments>> {
        let ServiceIndex(at) = self.service;
        let view = |view: &Viewpoint| {
            let view = self.model.traffic.view(view.class);
            let mut one = stay(view.work[at])?;
            if self.model.demand.services[at].kind != ServiceKind::Balancer {
                one = one.plus(self.model.round_trip(self.layout));
            }
            Some(side_by_side(one, view.side_by_side[at]).repeated(view.awaited[at]))
        };
        self.model.views.iter().map(view).collect()
    }

    /// Whether so many instances stay below that utilisation at that factor of the peak.
    pub(super) fn within(&self, serving: u32, factor: f64, utilisation: f64) -> bool {
        self.utilisation(serving, factor) <= utilisation + 1e-12
    }

    /// Utilisation of so many instances at that factor of the peak.
    pub(super) fn utilisation(&self, serving: u32, factor: f64) -> f64 {
        let servers = f64::from(self.servers) * f64::from(serving);
        if servers <= 0.0 {
            return f64::INFINITY;
        }
        self.model.reference_load(self.service) * factor / self.speed / servers
    }
}

/// One visit at an instance.
#[derive(Clone, Copy)]
pub(super) struct Stay {
    wait: Moments,
    speed: f64,
}

impl Stay {
    /// The wait, and work of so much reference CPU time.
    pub(super) fn of(self, work: Moments) -> Moments {
        self.wait.plus(scaled(work, self.speed))
    }

    /// One of several stays, each with its probability.
    pub(super) fn either(parts: Vec<(f64, Moments)>) -> Moments {
        let (mut mean, mut square) = (0.0, 0.0);
        for (probability, stay) in parts {
            mean += probability * stay.mean;
            square += probability * (stay.variance + stay.mean * stay.mean);
        }
        Moments { mean, variance: (square - mean * mean).max(0.0) }
    }
}

fn scaled(work: Moments, speed: f64) -> Moments {
    Moments { mean: work.mean / speed, variance: work.variance / (speed * speed) }
}

/// The longest of several independent copies: at most mean + σ(n − 1)/√(2n − 1) whatever their
/// distribution (E. J. Gumbel 1954; H. O. Hartley and H. A. David 1954).
fn side_by_side(one: Moments, copies: f64) -> Moments {
    if copies <= 1.0 {
        return one;
    }
    let shift = (copies - 1.0) / (2.0 * copies - 1.0).sqrt();
    Moments { mean: one.mean + shift * one.variance.sqrt(), variance: one.variance }
}
