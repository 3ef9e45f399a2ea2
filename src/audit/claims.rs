//! What a spec claims of itself beyond its machines: where it runs, how good it is proven to be,
//! which limits its evidence was held to, and how its unavailability adds up.

use std::collections::BTreeSet;

use domain::catalog::Region;
use domain::plan::{Claim, LatencyForm};
use domain::spec::{CheckPart, EstimatePart, ObjectivePart, Term};
use domain::units::Availability;

use super::Audit;
use super::bill::micros;
use super::exact::{Span, Whole};

/// A recovery is given a minute.
const RECOVERY_US: u64 = 60_000_000;
/// The share of requests that must be answered well, in millionths: at the peak that of the uptime
/// between these, in every other scenario the lower one.
const GOOD: (u64, u64) = (999_000, 999_900);
/// Seconds of the year against which outages are counted.
const YEAR: u64 = 365 * 86_400;

impl Audit<'_> {
    pub(super) fn placement(&mut self, region: Option<&Region>) {
        let zones = self.spec.placement.zones.len() as u64;
        if let Some(most) = region.and_then(|region| region.zones) {
            let text = "the region has fewer zones";
            self.book.holds("/placement/zones", zones <= u64::from(most), text);
        }
        let names: BTreeSet<_> = self.spec.placement.zones.iter().map(|zone| &zone.id).collect();
        let text = "a zone stands twice";
        self.book.holds("/placement/zones", names.len() as u64 == zones, text);
        // No line of the bill pays for one.
        let gateways = self.spec.network.vpc.nat_gateways;
        self.book.number("/network/vpc/nat_gateways", gateways.into(), 0);
        for (at, flow) in self.spec.network.flows.iter().enumerate() {
            let mut services = self.known.demand.services.iter();
            let Some(to) = services.find(|service| service.name == flow.to) else { continue };
            let place = format!("/network/flows/{at}/port");
            self.book.number(&place, flow.port.into(), to.interface.port.into());
        }
    }

    pub(super) fn optimality(&mut self) {
        let own = &self.spec.optimality;
        let objective = micros(own.objective_micros);
        let total = micros(self.spec.cost.monthly_micros.expected);
        self.book.whole("/optimality/objective_micros", objective, Whole::exactly(total));
        if let Some(last) = own.rounds.last() {
            let place = format!("/optimality/rounds/{}/monthly_micros", own.rounds.len() - 1);
            self.book.whole(&place, micros(last.monthly_micros), Whole::exactly(total));
        }
        let bound = micros(own.bound_micros);
        // A claim that nothing is cheaper is one that the bound is the cost.
        let least = if own.claim == Claim::CheapestVerified { objective } else { 0 };
        let right = Whole { least, most: objective };
        self.book.whole("/optimality/bound_micros", bound, right);
        let program = Whole { least: bound.min(objective), most: objective };
        let stated = micros(own.program_bound_micros);
        self.book.whole("/optimality/program_bound_micros", stated, program);
        let above = objective.saturating_sub(bound) * 1_000_000;
        let gap = above.checked_div(objective).unwrap_or(0);
        self.book.whole("/optimality/gap_ppm", own.gap_ppm, Whole::exactly(gap));
        let text = "more was kept than was looked at";
        self.book.holds("/optimality/kept", own.kept <= own.designs, text);
        let budget = self.known.demand.objectives.budget;
        let bills = self.spec.cost.monthly_micros;
        let limits = [
            ("expected", bills.expected, budget.expected),
            ("ceiling", bills.ceiling, budget.ceiling),
        ];
        for (bill, amount, limit) in limits {
            let place = format!("/cost/monthly_micros/{bill}");
            let within = limit.is_none_or(|limit| amount <= limit);
            self.book.holds(&place, within, "it is above the budget");
        }
        let oldest = self.spec.cost.lines.iter().map(|line| line.as_of).min();
        let stated = self.spec.provenance.catalog.oldest_price_used;
        let place = "/provenance/catalog/oldest_price_used";
        self.book.holds(place, stated == oldest, "it is not the oldest price of a line");
    }

    /// The limits that the evidence was held to are those of the objectives.
    pub(super) fn evidence(&mut self) {
        let spec = self.spec;
        for (at, check) in spec.checks.iter().enumerate() {
            let place = format!("/checks/{at}");
            self.limit(&place, check);
        }
        for (at, estimate) in spec.estimates.iter().enumerate() {
            let place = format!("/estimates/{at}/limit_us");
            match self.threshold(&estimate.objective) {
                Some(limit) => self.book.number(&place, estimate.limit_us, limit),
                None => self.book.holds(&place, false, "there is no such objective"),
            }
            if estimate.form == LatencyForm::Proof {
                self.proof(&format!("/estimates/{at}"), estimate);
            }
        }
        let users = self.known.demand.load.users;
        let breaking = spec.breaking_load.as_ref();
        if let Some((breaking, (users, _))) = breaking.zip(users)
            && let Some(stated) = breaking.holds_users
        {
            let whole = |ppm: u64| u128::from(users) * u128::from(ppm) / 1_000_000;
            let most = whole(breaking.holds_ppm.saturating_add(1));
            let right = Whole { least: whole(breaking.holds_ppm.saturating_sub(1)), most };
            self.book.whole("/breaking_load/holds_users", stated, right);
        }
    }

    /// The bound of a latency is the sum of what the services keep to, each rounded; it is within
    /// the limit, and their shares of what may be slower are no more than all of it.
    fn proof(&mut self, place: &str, estimate: &EstimatePart) {
        let sum: u128 = estimate.parts.iter().map(|part| u128::from(part.quantile_us)).sum();
        let rounding = estimate.parts.len() as u128 + 1;
        let right = Whole { least: sum.saturating_sub(rounding), most: sum + rounding };
        self.book.whole(&format!("{place}/percentile_us"), estimate.percentile_us, right);
        let shares: u128 = estimate.parts.iter().map(|part| u128::from(part.share_ppb)).sum();
        let all = shares <= 1_000_000_000 + rounding;
        self.book.holds(&format!("{place}/parts"), all, "they share more than there is");
        let within = estimate.percentile_us <= estimate.limit_us.saturating_add(1);
        self.book.holds(&format!("{place}/percentile_us"), within, "it is above its limit");
    }

    fn limit(&mut self, place: &str, check: &CheckPart) {
        let objectives = &self.known.demand.objectives;
        if let Some(stated) = check.limit_us {
            let due = match check.objective.as_str() {
                "recovery" => Some(RECOVERY_US),
                objective => self.threshold(objective).or_else(|| self.age(objective)),
            };
            let place = format!("{place}/limit_us");
            match due {
                Some(due) => self.book.number(&place, stated, due),
                None => self.book.holds(&place, false, "there is no such objective"),
            }
        }
        if let Some(stated) = check.limit_ppm {
            let uptime = objectives.uptime.map(|uptime| u64::from(uptime.ppm()));
            let place = format!("{place}/limit_ppm");
            match (check.objective.as_str(), check.scenario.as_str()) {
                ("uptime", _) => self.book.number(&place, stated, uptime.unwrap_or(0)),
                (_, "peak") => {
                    let due = uptime.unwrap_or(GOOD.0).clamp(GOOD.0, GOOD.1);
                    self.book.number(&place, stated, due);
                }
                _ => self.book.number(&place, stated, GOOD.0),
            }
        }
        if let Some(stated) = check.limit_load_permille {
            let headroom = self.known.micro(objectives.headroom.load.value());
            let due = Span::whole(1_u32).plus(headroom).down(1_000);
            self.book.whole(&format!("{place}/limit_load_permille"), stated, due);
        }
    }

    /// The limit of a latency objective as the intent of the spec states it.
    fn threshold(&self, objective: &str) -> Option<u64> {
        self.spec.intent.objectives.iter().find_map(|part| match part {
            ObjectivePart::Latency { id, threshold_us, .. } if id == objective => {
                Some(*threshold_us)
            }
            _ => None,
        })
    }

    /// The terms around the services, their sum, and the budget of errors.
    pub(super) fn availability(&mut self) {
        let own = &self.spec.availability;
        let faults = &self.known.demand.faults;
        let year = Span::whole(YEAR);
        let lasting = |rate: f64, seconds: f64| {
            self.known.micro(rate).times(self.known.micro(seconds)).over(year)
        };
        let (region, change) = (&faults.region, &faults.change);
        let failed = lasting(change.rate.value(), change.duration.value())
            .times(self.known.micro(change.failing.value()))
            .times(self.known.micro(change.reach.value()));
        let ppm = |share: f64| Span::of(share).over(Span::whole(1_000_000_u32));
        let mut terms = vec![
            ("region", lasting(region.rate.value(), region.duration.value())),
            ("change", failed),
            ("dns", ppm(faults.dns.value())),
        ];
        if self.known.demand.cdn.is_some() {
            terms.push(("cdn", ppm(faults.cdn.value())));
        }
        for (name, share) in terms {
            let at = own.terms.iter().position(|term| term.name == name);
            let Some(at) = at else {
                let text = format!("the term `{name}` is missing");
                self.book.holds("/availability/terms", false, &text);
                continue;
            };
            let place = format!("/availability/terms/{at}/unavailability_ppb");
            let stated = own.terms[at].unavailability_ppb;
            self.book.whole(&place, stated, share.nearest(1_000_000_000));
        }
        self.sum("/availability/total_ppb", own.total_ppb, &own.terms);
        if let Some(budget) = self.known.demand.objectives.uptime.map(Availability::error_budget) {
            let budget = Span::of(budget.value()).times(Span::whole(1_000_u32)).nearest(1).most;
            let within = u128::from(own.total_ppb) <= budget + 1;
            self.book.holds("/availability/total_ppb", within, "it is above the budget of errors");
        }
        if let Some(uptime) = &self.spec.uptime {
            self.sum("/uptime/request_weighted_ppb", uptime.request_weighted_ppb, &uptime.terms);
        }
    }

    /// Each term was rounded, and so was the sum.
    fn sum(&mut self, place: &str, stated: u64, terms: &[Term]) {
        let sum = terms.iter().fold(0_u128, |sum, term| sum + u128::from(term.unavailability_ppb));
        let off = (terms.len() as u128).div_ceil(2) + 1;
        self.book.whole(place, stated, Whole { least: sum.saturating_sub(off), most: sum + off });
    }
}
