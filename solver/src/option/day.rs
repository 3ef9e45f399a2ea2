//! The size of an autoscaled fleet over the day.

use std::sync::OnceLock;

/// Instances on average over the day, for every size at the peak and every floor.
///
/// With a target that asks for the whole fleet at the peak, the fleet follows the load in
/// proportion, rounded up to whole instances. A size is worked out when it is first asked for.
#[derive(Debug, Clone)]
pub struct Day {
    /// The load that the fleet is sized for, as fractions of the peak at equal steps.
    held_load: Vec<f64>,
    /// For each size at the peak and each floor, what the day asks for beyond the floor.
    beyond: Vec<OnceLock<Vec<f64>>>,
}

impl Day {
    /// A day for fleets of at most so many at the peak.
    pub fn new(held_load: Vec<f64>, most: u32) -> Self {
        Self { held_load, beyond: vec![OnceLock::new(); most as usize + 1] }
    }

    /// Instances on average with that many at the peak and at least `floor` at night.
    pub(super) fn expected_replicas(&self, peak: u32, floor: u32) -> f64 {
        let row = self.beyond[peak as usize].get_or_init(|| beyond_floors(&self.held_load, peak));
        f64::from(floor) + row[floor as usize]
    }

    /// Instances on average beyond so many, with that many at the peak and no more than those at
    /// night.
    pub(super) fn expected_beyond(&self, peak: u32, beyond: u32) -> f64 {
        let row = self.beyond[peak as usize].get_or_init(|| beyond_floors(&self.held_load, peak));
        row[beyond as usize]
    }

    /// Following instances on average over the day beside some that stand, all in units of one that
    /// follows: with `all` at the peak, `stands` of it standing, never fewer nor more than bounds.
    pub(super) fn expected_beside(
        &self,
        (all, stands): (f64, f64),
        (fewest, most): (u32, u32),
    ) -> f64 {
        let (fewest, most) = (f64::from(fewest), f64::from(most));
        let wanted = |load: &f64| (load * all - stands - 1e-9).ceil().clamp(fewest, most);
        self.held_load.iter().map(wanted).sum::<f64>() / self.held_load.len() as f64
    }

    /// The load on average, as a fraction of the peak.
    pub(super) fn mean_load(&self) -> f64 {
        self.held_load.iter().sum::<f64>() / self.held_load.len() as f64
    }
}

/// For each floor from 0 to the peak, the mean of what is asked for beyond it.
fn beyond_floors(held_load: &[f64], peak: u32) -> Vec<f64> {
    let mut asked = vec![0_u32; peak as usize + 1];
    for load in held_load {
        asked[wanted(*load, peak)] += 1;
    }
    let mut beyond = vec![0.0; asked.len()];
    let (mut more, mut sum) = (0_u32, 0.0);
    for floor in (0..asked.len()).rev() {
        sum += f64::from(more) / held_load.len() as f64;
        beyond[floor] = sum;
        more += asked[floor];
    }
    beyond
}

/// Whole instances that a load asks for.
fn wanted(load: f64, peak: u32) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a fraction of a small count"
    )]
    let wanted = (load * f64::from(peak) - 1e-9).ceil().max(0.0) as usize;
    wanted.min(peak as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_is_that_of_the_fleet_step_by_step() {
        let load = [0.1, 0.2, 0.55, 1.0, 0.7];
        let day = Day::new(load.to_vec(), 9);
        for peak in 3..=9 {
            for floor in 0..=peak {
                let fleet = load
                    .iter()
                    .map(|part| (part * f64::from(peak) - 1e-9).ceil().max(f64::from(floor)));
                let mean = fleet.sum::<f64>() / load.len() as f64;
                let found = day.expected_replicas(peak, floor);
                assert!((found - mean).abs() < 1e-12, "{peak} {floor}: {found} {mean}");
            }
        }
    }
}
