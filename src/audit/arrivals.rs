//! What arrives at each service at the stated peak, by following a request down the calls.

use domain::demand::{ClassIndex, Demand, ServiceIndex};

use super::exact::Span;

/// Half of the last digit of what a spec keeps to millionths, and a little more.
const MILLIONTH: u128 = 1_000_000;
/// The same of a time in nanoseconds.
const NANOSECOND: u128 = 1_000;

/// A demand, and how finely its numbers are known.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) demand: &'a Demand,
    /// Read back from a spec, so that every number was rounded once.
    pub(super) rounded: bool,
}

impl Known<'_> {
    /// A number that a spec keeps to millionths.
    pub(super) fn micro(&self, value: f64) -> Span {
        Span::of(value).widened(if self.rounded { MILLIONTH } else { 0 })
    }

    fn nano(&self, value: f64) -> Span {
        Span::of(value).widened(if self.rounded { NANOSECOND } else { 0 })
    }

    pub(super) fn peak(&self) -> Span {
        self.micro(self.demand.load.peak.value())
    }

    pub(super) fn mean(&self) -> Span {
        self.micro(self.demand.load.mean.value())
    }

    /// The steps of the day as parts of the peak.
    pub(super) fn day(&self) -> Vec<Span> {
        let steps = self.demand.day.fractions.iter();
        steps.map(|step| self.micro(step.value()).min(Span::whole(1_u32))).collect()
    }

    /// Bytes of a response on average.
    pub(super) fn response(&self) -> Span {
        let classes = self.demand.classes.iter();
        classes.fold(Span::ZERO, |sum, class| {
            sum.plus(self.share(class.share.value()).times(Span::whole(class.response.value())))
        })
    }

    /// A share of which nothing and all are exact.
    pub(super) fn share(&self, value: f64) -> Span {
        if value <= 0.0 || value >= 1.0 { Span::of(value) } else { self.micro(value) }
    }
}

/// What arrives at one service.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arrivals {
    /// Calls a second.
    pub(super) rate: Span,
    /// Reference CPUs that they keep busy.
    pub(super) work: Span,
    /// Bytes a second from other services; not those from the edge.
    pub(super) bytes: Span,
}

/// Of every service, in the order of the demand: callers stand before what they call, so one way
/// through is enough. What leads back is left out, and is a fault of its own.
pub(super) fn arrivals(known: &Known<'_>) -> Vec<Arrivals> {
    let nothing = Arrivals { rate: Span::ZERO, work: Span::ZERO, bytes: Span::ZERO };
    let count = known.demand.services.len();
    let mut found = vec![nothing; count];
    for (at, class) in known.demand.classes.iter().enumerate() {
        let mut rates = vec![Span::ZERO; count];
        if let Some(edge) = rates.first_mut() {
            *edge = known.peak().times(known.share(class.share.value()));
        }
        for service in 0..count {
            follow(known, (ClassIndex(at), service), &mut rates, &mut found);
        }
    }
    found
}

/// Whether every service stands before what it calls.
pub(super) fn in_order(demand: &Demand) -> bool {
    demand.services.iter().enumerate().all(|(at, service)| {
        service.calls.iter().all(|call| {
            let data = demand.services.get(call.to.0).and_then(|callee| callee.data.as_ref());
            let fallback = data.and_then(|data| data.fallback);
            call.to.0 > at && fallback.is_none_or(|to| to.0 > at)
        })
    })
}

/// How many ways there are through the calls, each followed to its end; as many as can be counted
/// where there are more.
pub(super) fn ways(demand: &Demand) -> u64 {
    let mut ways = vec![0_u64; demand.services.len()];
    if let Some(edge) = ways.first_mut() {
        *edge = 1;
    }
    for (at, service) in demand.services.iter().enumerate() {
        for call in &service.calls {
            let data = demand.services.get(call.to.0).and_then(|callee| callee.data.as_ref());
            let fallback = data.and_then(|data| data.fallback);
            for to in [Some(call.to), fallback].into_iter().flatten().filter(|to| to.0 > at) {
                if let Some(own) = ways.get(to.0).copied() {
                    ways[to.0] = own.saturating_add(ways[at]);
                }
            }
        }
    }
    ways.into_iter().fold(0, u64::saturating_add)
}

/// Notes what arrives at a service, and passes on what it calls.
fn follow(
    known: &Known<'_>,
    (class, at): (ClassIndex, usize),
    rates: &mut [Span],
    found: &mut [Arrivals],
) {
    let demand = known.demand;
    let (own, rate) = (&demand.services[at], rates[at]);
    found[at].rate = found[at].rate.plus(rate);
    if let Some(work) = own.work.get(class.0) {
        let work = rate.times(known.nano(work.cpu_time.value()));
        found[at].work = found[at].work.plus(work);
    }
    // What the edge passes on is a response, not a call between services.
    let mut pass = |to: ServiceIndex, calls: Span, counted: bool| {
        if to.0 > at && to.0 < rates.len() {
            rates[to.0] = rates[to.0].plus(calls);
            if counted {
                let bytes = Span::whole(demand.services[to.0].bytes_per_call.value());
                found[to.0].bytes = found[to.0].bytes.plus(calls.times(bytes));
            }
        }
    };
    for call in own.calls.iter().filter(|call| call.class.is_none_or(|of| of == class)) {
        let calls = rate.times(known.micro(call.count));
        pass(call.to, calls, at != 0);
        let data = demand.services.get(call.to.0).and_then(|callee| callee.data.as_ref());
        if let Some((data, fallback)) = data.and_then(|data| Some((data, data.fallback?))) {
            let missing = Span::whole(1_u32).minus(known.share(data.hit_ratio.value()));
            pass(fallback, calls.times(Span::whole(call.lookups)).times(missing), true);
        }
    }
}
