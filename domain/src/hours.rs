//! The hours of a week in which a system is open. Outside them it is off, but for what holds data.
//!
//! A week is the same all year: a change of the clocks moves the hours with it, so it changes no
//! share of a week and no bill.

use std::fmt;

use crate::intent::ServiceKind;
use crate::units::{Ratio, Seconds};

/// The days of a week, as documents write them.
pub const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Minutes of a week.
pub const WEEK: u32 = 10_080;

/// Minutes of a day.
const DAY: u16 = 1_440;

/// An open window is at least this long, in minutes: a shorter one is hardly worth a start.
pub const SHORTEST: u16 = 60;

/// The span of a day in which a system is open, in minutes from midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    /// When it opens.
    pub opens: u16,
    /// When it closes, after it opened; 1,440 for midnight.
    pub closes: u16,
}

impl Window {
    /// A window, where it is at least [`SHORTEST`] long and within a day.
    pub const fn new(opens: u16, closes: u16) -> Option<Self> {
        if closes <= DAY && opens < closes && closes - opens >= SHORTEST {
            Some(Self { opens, closes })
        } else {
            None
        }
    }

    /// How long it is, in minutes.
    pub const fn minutes(self) -> u32 {
        (self.closes - self.opens) as u32
    }
}

impl fmt::Display for Window {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{}", clock(self.opens), clock(self.closes))
    }
}

/// `08:00` for 480 minutes from midnight.
pub fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Days of a week, one after another, that are open at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// The first, as a place in [`WEEKDAYS`].
    pub first: usize,
    /// The last.
    pub last: usize,
    /// When they are open.
    pub window: Window,
}

impl Run {
    /// `mon-fri`, or `sat`.
    pub fn days(&self) -> String {
        let (first, last) = (WEEKDAYS[self.first], WEEKDAYS[self.last]);
        if self.first == self.last { first.to_owned() } else { format!("{first}-{last}") }
    }
}

/// The hours of a week in which a system is open: at least one window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    days: [Option<Window>; 7],
    zone: String,
}

impl Hours {
    /// Hours by day, Monday first, in the time zone of that name; `None` where every day is shut.
    pub fn new(days: [Option<Window>; 7], zone: impl Into<String>) -> Option<Self> {
        days.iter().any(Option::is_some).then(|| Self { days, zone: zone.into() })
    }

    /// Office hours: Monday to Friday from 8 to 19, 55 of the 168 hours of a week. Judgement: a
    /// working day with an hour to spare on either side.
    pub fn office(zone: impl Into<String>) -> Self {
        let day = Some(Window { opens: 8 * 60, closes: 19 * 60 });
        Self { days: [day, day, day, day, day, None, None], zone: zone.into() }
    }

    /// The window of each day, Monday first.
    pub const fn days(&self) -> &[Option<Window>; 7] {
        &self.days
    }

    /// The time zone, by its name in the IANA database.
    pub fn zone(&self) -> &str {
        &self.zone
    }

    /// Open minutes of a week.
    pub fn minutes(&self) -> u32 {
        self.days.iter().flatten().map(|window| window.minutes()).sum()
    }

    /// Whether it is never shut.
    pub fn is_always(&self) -> bool {
        self.minutes() == WEEK
    }

    /// The open share of a week, and so of a year and of the month that bills are quoted for.
    pub fn share(&self) -> Ratio {
        Ratio::of(f64::from(self.minutes()) / f64::from(WEEK))
    }

    /// The shortest open day: the one on which a day's load comes and goes fastest.
    pub fn shortest_day(&self) -> Seconds {
        let minutes = self.days.iter().flatten().map(|window| window.minutes()).min();
        minutes.map_or(Seconds::DAY, |minutes| Seconds::of(f64::from(minutes) * 60.0))
    }

    /// Days in a row with the same window, in the order of the week.
    pub fn runs(&self) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for (day, window) in self.days.iter().enumerate() {
            let Some(window) = *window else { continue };
            match runs.last_mut() {
                Some(run) if run.last + 1 == day && run.window == window => run.last = day,
                _ => runs.push(Run { first: day, last: day, window }),
            }
        }
        runs
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for run in self.runs() {
            write!(formatter, "{} {} ", run.days(), run.window)?;
        }
        formatter.write_str(&self.zone)
    }
}

/// What becomes of a service while the system is shut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shut {
    /// Its instances are taken away, with the disks that they start from.
    Off,
    /// It is stopped and not deleted: its disks, its data and its backups stay and are paid for.
    Stopped,
    /// It runs on and is paid for.
    RunsOn,
}

impl Shut {
    /// As the spec writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Stopped => "stopped",
            Self::RunsOn => "runs_on",
        }
    }

    /// What becomes of a service of that kind, run as that managed product or on instances.
    ///
    /// RDS can be stopped for up to seven days at a time, and its storage and backups stay and are
    /// charged ("Stopping an Amazon RDS DB instance temporarily", Amazon RDS User Guide); no week
    /// with an open window is shut for as long. Of other managed databases no such promise is
    /// known. An `ElastiCache` cluster is charged for as long as it is available, used or not, and
    /// its guide names deleting it as the way to end that ("Deleting a cluster", Amazon
    /// `ElastiCache` User Guide); what any cache holds is in memory and would not survive. That a
    /// managed balancer has no off switch either is general knowledge, read from no page.
    pub fn of(kind: ServiceKind, product: Option<&str>) -> Self {
        match (kind, product) {
            (ServiceKind::Balancer | ServiceKind::Service, None) => Self::Off,
            (ServiceKind::Sql, None | Some("aws.rds")) => Self::Stopped,
            _ => Self::RunsOn,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn office_hours_are_55_of_168() {
        let office = Hours::office("UTC");
        assert_eq!(office.minutes(), 55 * 60);
        assert_eq!(office.to_string(), "mon-fri 08:00-19:00 UTC");
        assert!((office.share().value() - 55.0 / 168.0).abs() < 1e-15);
        assert!((office.shortest_day().value() - 11.0 * 3_600.0).abs() < 1e-9);
    }

    #[test]
    fn days_alike_stand_together() {
        let (long, short) = (Window::new(0, 1_440), Window::new(600, 840));
        let hours = Hours::new([long, long, short, None, long, short, short], "Europe/Dublin");
        let hours = hours.expect("some days are open");
        let text =
            "mon-tue 00:00-24:00 wed 10:00-14:00 fri 00:00-24:00 sat-sun 10:00-14:00 Europe/Dublin";
        assert_eq!(hours.to_string(), text);
        assert!(Hours::new([None; 7], "UTC").is_none());
        assert!(Hours::new([long; 7], "UTC").is_some_and(|hours| hours.is_always()));
    }

    #[test]
    fn a_window_is_within_a_day_and_worth_a_start() {
        for (opens, closes) in [(600, 600), (600, 500), (600, 659), (1_400, 1_441)] {
            assert_eq!(Window::new(opens, closes), None, "{opens} {closes}");
        }
        assert_eq!(Window::new(1_380, 1_440).map(Window::minutes), Some(60));
    }
}
