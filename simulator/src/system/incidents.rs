//! Faults of a system as incidents of its model.

use super::{Condition, System};
use crate::model::{Change, Incident};

/// Instances of one station that something happens to.
type Places = (usize, Vec<usize>);

impl System<'_> {
    /// Instances of a service that are down in a condition and serve in the healthy one.
    fn lost(&self, service: usize, condition: &Condition) -> Vec<usize> {
        let before = self.instances(service, &Condition::healthy());
        let after = self.instances(service, condition);
        (0..before.len()).filter(|at| before[*at].serving && !after[*at].serving).collect()
    }

    /// Standbys of a service that serve in a condition and not in the healthy one.
    fn taking_over(&self, service: usize, condition: &Condition) -> Vec<usize> {
        let before = self.instances(service, &Condition::healthy());
        let after = self.instances(service, condition);
        (0..before.len()).filter(|at| !before[*at].serving && after[*at].serving).collect()
    }

    fn over_stations(
        &self,
        condition: &Condition,
        places: impl Fn(&Self, usize, &Condition) -> Vec<usize>,
    ) -> Vec<Places> {
        self.services()
            .enumerate()
            .map(|(station, service)| (station, places(self, service, condition)))
            .filter(|(_, places)| !places.is_empty())
            .collect()
    }

    /// What is lost in a condition stops answering.
    pub(crate) fn going_down(&self, condition: &Condition, at: f64) -> Vec<Incident> {
        let lost = self.over_stations(condition, Self::lost);
        incidents(lost, at, |station, instances| Change::Down { station, instances })
    }

    /// What is lost in a condition is sent nothing more; of services with standbys too where those
    /// are said to take over.
    pub(crate) fn ejecting(&self, condition: &Condition, at: f64, standbys: bool) -> Vec<Incident> {
        let mut lost = self.over_stations(condition, Self::lost);
        lost.retain(|(station, _)| self.has_standbys(self.service(*station)) == standbys);
        incidents(lost, at, |station, instances| Change::Eject { station, instances })
    }

    /// Standbys take over what is lost in a condition.
    pub(crate) fn taking_over_from(&self, condition: &Condition, at: f64) -> Vec<Incident> {
        let standbys = self.over_stations(condition, Self::taking_over);
        incidents(standbys, at, |station, instances| Change::Admit { station, instances })
    }

    /// How many instances of each of its pools a condition takes out of a service.
    pub(crate) fn lost_by_pool(&self, service: usize, condition: &Condition) -> Vec<usize> {
        let healthy = self.instances(service, &Condition::healthy());
        let mut counts = vec![0; self.topology.services[service].pools.len()];
        for place in self.lost(service, condition) {
            counts[usize::from(healthy[place].pool)] += 1;
        }
        counts
    }

    /// The instances of a service that a condition takes out, as a plain number.
    pub(crate) fn lost_count(&self, service: usize, condition: &Condition) -> usize {
        self.lost(service, condition).len()
    }
}

fn incidents(
    places: Vec<Places>,
    at: f64,
    change: impl Fn(usize, Vec<usize>) -> Change,
) -> Vec<Incident> {
    places
        .into_iter()
        .map(|(station, instances)| Incident { at, change: change(station, instances) })
        .collect()
}
