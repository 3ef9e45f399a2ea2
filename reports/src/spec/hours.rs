//! The hours of a system, and the schedule of each service that follows from them.

use domain::demand::{Demand, ServiceDemand};
use domain::hours::{Hours, Shut, WEEKDAYS, clock};
use domain::spec::{HoursPart, OutOfHours, SchedulePart, WindowPart};
use domain::topology::{Deployment, Pool};

pub(super) fn hours(hours: &Hours) -> HoursPart {
    let windows = hours.runs().into_iter().map(|run| WindowPart {
        days: WEEKDAYS[run.first..=run.last].iter().map(|day| (*day).to_owned()).collect(),
        opens: clock(run.window.opens),
        closes: clock(run.window.closes),
    });
    HoursPart {
        zone: hours.zone().to_owned(),
        windows: windows.collect(),
        open_minutes_a_week: hours.minutes(),
    }
}

/// What becomes of a service outside the hours; `None` where it is always open.
pub(super) fn schedule(
    demand: &Demand,
    service: &ServiceDemand,
    deployment: &Deployment,
) -> Option<SchedulePart> {
    let own = demand.hours.as_ref()?;
    let shut = Shut::of(service.kind, deployment.product.as_deref());
    let (out_of_hours, text) = match (shut, deployment.product.is_some()) {
        (Shut::Off, _) => {
            (OutOfHours::Off, "scaled to no instance; their disks go and come with them")
        }
        (Shut::Stopped, _) => {
            (OutOfHours::Stopped, "stopped, not deleted: storage, volumes and backups stay")
        }
        (Shut::RunsOn, true) => (OutOfHours::RunsOn, "cannot be stopped, so it runs on"),
        (Shut::RunsOn, false) => {
            (OutOfHours::RunsOn, "runs on, because what it holds in memory would be lost")
        }
    };
    Some(SchedulePart {
        out_of_hours,
        hours: hours(own),
        opens_with: (shut == Shut::Off).then(|| opening(demand, deployment)),
        text: text.to_owned(),
    })
}

/// Instances for the load of the first step, and of the last one of the day before.
fn opening(demand: &Demand, deployment: &Deployment) -> u32 {
    let day = &demand.day.fractions;
    let ends = day.first().into_iter().chain(day.last()).map(|part| part.value());
    let load = ends.fold(0.0, f64::max);
    let of = |pool: &Pool| {
        let Some(scaler) = pool.autoscaler else { return pool.replicas() };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of a number of instances"
        )]
        let asked = (load * f64::from(pool.replicas()) - 1e-9).ceil() as u32;
        asked.max(scaler.min).min(pool.replicas())
    };
    deployment.pools.iter().map(of).sum()
}
