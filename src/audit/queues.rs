//! Queues again: what their requests cost, and what the age of their messages is held to.

use domain::catalog::Region;
use domain::intent::ServiceKind;
use domain::plan::CostCategory;

use super::Audit;
use super::arrivals::Arrivals;
use super::bill::{Due, SECONDS, each};
use super::exact::Span;

/// Requests that are billed together.
const MILLION: u32 = 1_000_000;

impl Audit<'_> {
    /// A line for each queue: so many requests for each message.
    pub(super) fn queues(&self, region: &Region, arrivals: &[Arrivals], due: &mut Vec<Due>) {
        let queues = self.known.demand.services.iter().zip(arrivals);
        for (queue, arrivals) in queues.filter(|(own, _)| own.kind == ServiceKind::Queue) {
            let sold = region.queue.as_ref();
            let messages = arrivals.rate.times(Span::whole(SECONDS));
            let requests = messages.times(self.assumed("queue.requests_per_message"));
            let product = sold.map_or("", |own| own.product.as_str());
            due.push(Due {
                id: format!("{}.requests", queue.name),
                service: queue.name.to_string(),
                category: CostCategory::Networking,
                sku: format!("{product} requests"),
                unit: "million_requests",
                price: sold.map(|own| own.million_requests),
                units: each(self.loads(), requests.over(Span::whole(MILLION))),
                promise: None,
            });
        }
    }

    /// What the age of messages is held to, in microseconds; the objective names their workers.
    pub(super) fn age(&self, objective: &str) -> Option<u64> {
        let workers = objective.strip_prefix("age-p99-")?;
        let mut services = self.spec.demand.services.iter();
        let own = services.find(|service| service.name.as_str() == workers)?;
        own.backlog.map(|backlog| backlog.drain_within_us)
    }
}
