//! The size of an autoscaled fleet over the day.

/// Instances on average over the day, for every size at the peak and every floor.
pub(super) struct Day {
    /// The smallest size at the peak.
    fewest: u32,
    /// For each size from there and each floor, what the day asks for beyond the floor.
    beyond: Vec<Vec<f64>>,
}

impl Day {
    /// With a target that asks for the whole fleet at the peak, the fleet follows the load in
    /// proportion, rounded up to whole instances.
    ///
    /// `held_load` is the load that the fleet is sized for, as fractions of the peak at equal
    /// steps; the sizes at the peak are those from `fewest` to `most`.
    pub(super) fn new(held_load: &[f64], fewest: u32, most: u32) -> Self {
        let beyond = (fewest..=most).map(|peak| beyond_floors(held_load, peak)).collect();
        Self { fewest, beyond }
    }

    /// Instances on average with that many at the peak and at least `floor` at night.
    pub(super) fn expected_replicas(&self, peak: u32, floor: u32) -> f64 {
        let beyond = &self.beyond[(peak - self.fewest) as usize];
        f64::from(floor) + beyond[floor as usize]
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
        let day = Day::new(&load, 3, 9);
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
