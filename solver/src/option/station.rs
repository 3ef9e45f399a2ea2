//! What an instance of a service adds to the latency of a request.

use domain::demand::ServiceIndex;
use domain::intent::ServiceKind;

use crate::layout::Layout;
use crate::model::Model;
use crate::queueing::Moments;

/// Equal instances of a service, each with its own queue, behind a balancer.
///
/// Arrivals are split at random over the instances, so each sees a Poisson stream: the upper bound
/// among the policies, which the simulation replaces by the policy of the plan.
pub(super) struct Station<'m, 'a> {
    pub(super) model: &'m Model<'a>,
    pub(super) layout: &'m Layout<'m>,
    pub(super) service: ServiceIndex,
    /// Requests that one instance works on at once.
    pub(super) servers: u32,
    /// Reference vCPUs of one server.
    pub(super) speed: f64,
}

impl Station<'_, '_> {
    /// What the service adds to a request of each view, with so many instances serving and the
    /// load at that factor of the peak; `None` for each where the load is not below the capacity.
    pub(super) fn latency(&self, serving: u32, factor: f64) -> Vec<Option<Moments>> {
        let ServiceIndex(at) = self.service;
        let traffic = &self.model.traffic;
        let wait = (serving > 0)
            .then(|| {
                let rate = traffic.rates[at] * factor / f64::from(serving);
                let mix = scaled(traffic.all.work[at], self.speed);
                self.model.settings.waiting.waiting_time(self.servers, rate, mix)
            })
            .flatten();
        self.model.views.iter().map(|view| Some(self.visit(*view, wait?))).collect()
    }

    /// What all visits of a request of that view add, with that wait at each.
    fn visit(&self, view: Option<domain::demand::ClassIndex>, wait: Moments) -> Moments {
        let ServiceIndex(at) = self.service;
        let view = self.model.traffic.view(view);
        let mut one = wait.plus(scaled(view.work[at], self.speed));
        if self.model.demand.services[at].kind != ServiceKind::Balancer {
            one = one.plus(self.model.round_trip(self.layout));
        }
        side_by_side(one, view.side_by_side[at]).repeated(view.visits[at])
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
