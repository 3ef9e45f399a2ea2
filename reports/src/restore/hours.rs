//! The hours of a system, from the spec.

use domain::hours::{Hours, WEEKDAYS, Window};

use super::Reader;

/// What no number of minutes is.
const PLACE: &str = "demand.hours";

impl Reader<'_> {
    /// The hours that a spec states; those that are none are at fault.
    pub(super) fn hours(&mut self) -> Option<Hours> {
        let part = self.spec.demand.hours.as_ref()?;
        let mut days = [None; 7];
        let mut sound = true;
        for window in &part.windows {
            let times = minutes(&window.opens).zip(minutes(&window.closes));
            let times = times.and_then(|(opens, closes)| Window::new(opens, closes));
            sound &= times.is_some() && !window.days.is_empty();
            for day in &window.days {
                match WEEKDAYS.iter().position(|known| known == day) {
                    Some(at) if days[at].is_none() => days[at] = times,
                    _ => sound = false,
                }
            }
        }
        let hours = Hours::new(days, part.zone.clone());
        let stated = part.open_minutes_a_week;
        if !sound || hours.is_none() {
            self.out_of_range(PLACE, "hours of a week", stated.into());
            return None;
        }
        let found = hours.as_ref().map_or(0, Hours::minutes);
        let place = format!("{PLACE}.open_minutes_a_week");
        self.same(place, stated.into(), ("demand.hours.windows", found.into()));
        hours
    }
}

/// Minutes from midnight of `08:00`.
fn minutes(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes) = (hours.parse::<u16>().ok()?, minutes.parse::<u16>().ok()?);
    (hours <= 24 && minutes < 60).then_some(hours * 60 + minutes)
}
