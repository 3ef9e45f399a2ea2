//! What becomes of a service outside the hours, again: from its kind and product alone.

use domain::intent::ServiceKind;
use domain::spec::{OutOfHours, ServicePart};

use super::Audit;
use super::bill::peak;
use super::exact::Whole;

impl Audit<'_> {
    pub(super) fn schedule(&mut self, place: &str, part: &ServicePart) {
        let place = format!("{place}/schedule");
        let hours = self.spec.demand.hours.as_ref();
        let text = "there is a schedule where there are hours, and nowhere else";
        self.book.holds(&place, hours.is_some() == part.schedule.is_some(), text);
        let Some((own, hours)) = part.schedule.as_ref().zip(hours) else { return };
        self.book.holds(&format!("{place}/hours"), own.hours == *hours, "they are not the hours");
        let due = match (part.kind, part.product.as_deref()) {
            (ServiceKind::Sql, None | Some("aws.rds")) => OutOfHours::Stopped,
            (ServiceKind::Service | ServiceKind::Balancer, None) => OutOfHours::Off,
            _ => OutOfHours::RunsOn,
        };
        let text = "data must survive, and what can be off is off";
        self.book.holds(&format!("{place}/out_of_hours"), own.out_of_hours == due, text);
        let starts = own.opens_with.is_some() == (due == OutOfHours::Off);
        self.book.holds(&place, starts, "what is taken away comes back, and nothing else");
        if let Some(count) = own.opens_with {
            let due = self.opening(part);
            self.book.whole(&format!("{place}/opens_with"), count, due);
        }
    }

    /// Instances for the load with which a day begins and ends, which the spec rounds.
    fn opening(&self, part: &ServicePart) -> Whole {
        let day = &self.spec.demand.day_ppm;
        let ends = [day.first(), day.last()].into_iter().flatten().copied();
        let load = u128::from(ends.max().unwrap_or(1_000_000));
        let (mut least, mut most) = (0, 0);
        for offer in &part.offers {
            let peak = u128::from(peak(offer));
            let own = offer.autoscaling.as_ref().map_or(peak, |own| own.min.into());
            let asked = |load: u128| (load * peak).div_ceil(1_000_000).max(own).min(peak);
            least += asked(load.saturating_sub(1));
            most += asked(load + 1);
        }
        Whole { least, most }
    }
}
