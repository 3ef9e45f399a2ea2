//! Which designs of a series are worth having: those that nothing beats.

use domain::frontier::{Point, Standing};

/// Marks the points of one outcome: a point is dominated where another one asks for at least as
/// much at no higher price, and of two that are alike the first one stands.
pub fn rank(points: &mut [Point]) {
    let beats = |rival: usize, at: usize| {
        let (one, other) = (&points[rival], &points[at]);
        let (Some(own), Some(others)) = (one.found.cost(), other.found.cost()) else {
            return false;
        };
        let alike = own == others && other.ask.is_as_strict_as(one.ask);
        one.ask.is_as_strict_as(other.ask) && own <= others && (!alike || rival < at)
    };
    let standing: Vec<Standing> = (0..points.len())
        .map(|at| match points[at].found.cost() {
            None => Standing::Unreached,
            Some(_) if (0..points.len()).any(|rival| rival != at && beats(rival, at)) => {
                Standing::Dominated
            }
            Some(_) => Standing::Frontier,
        })
        .collect();
    for (point, standing) in points.iter_mut().zip(standing) {
        point.standing = standing;
    }
}
