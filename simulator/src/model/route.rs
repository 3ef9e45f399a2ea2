//! Where a visit goes when it is done at a station.

use super::{ModelFault, number};

/// A chance to go on to a station; with what the routes of a class leave of 1 it answers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Route {
    /// The station; any of them, the present one included.
    pub to: usize,
    /// The chance.
    pub chance: f64,
}

impl Route {
    /// Goes on with a chance.
    pub const fn to(to: usize, chance: f64) -> Self {
        Self { to, chance }
    }
}

/// Refuses routes that lead nowhere, or with more than certainty.
pub(super) fn validate(place: &str, routes: &[Route], stations: usize) -> Result<(), ModelFault> {
    for route in routes {
        number(place, "chance", route.chance, 0.0)?;
        if route.to >= stations {
            let place = place.to_owned();
            return Err(ModelFault::Dangling { place, what: "station", index: route.to });
        }
    }
    let sum: f64 = routes.iter().map(|route| route.chance).sum();
    number(place, "chance to answer", 1.0 - sum, -1e-9)
}
