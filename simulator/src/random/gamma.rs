//! Quantiles of the gamma distribution.

use libm::{exp, expm1, lgamma, log, pow};

use super::normal_quantile;

/// The number below which lies such a part of a gamma distribution of this shape and scale 1; the
/// part lies strictly between 0 and 1.
///
/// Newton's steps on the distribution function, kept within a bracket that shrinks; the function
/// is its series below the shape and its continued fraction above (Abramowitz & Stegun, 6.5.29 and
/// 6.5.31). It starts at the cube of Wilson & Hilferty (1931), or at the first term of the series.
pub fn gamma_quantile(shape: f64, below: f64) -> f64 {
    let (mut low, mut high) = (0.0, f64::INFINITY);
    let mut at = start(shape, below);
    for _ in 0..200 {
        let error = distribution(shape, at) - below;
        if error > 0.0 {
            high = at;
        } else {
            low = at;
        }
        let density = exp((shape - 1.0) * log(at) - at - lgamma(shape));
        let mut next = at - error / density;
        if !(next > low && next < high) {
            next = if high.is_finite() { f64::midpoint(low, high) } else { at * 2.0 };
        }
        if (next - at).abs() <= 1e-14 * at {
            return next;
        }
        at = next;
    }
    at
}

fn start(shape: f64, below: f64) -> f64 {
    // The first term of the series: part = xᵃ / Γ(a + 1).
    let small = exp((log(below) + lgamma(shape + 1.0)) / shape).max(1e-300);
    if small < 0.2 * shape {
        return small;
    }
    let spread = 1.0 / (9.0 * shape);
    let cube = pow(1.0 - spread + normal_quantile(below) * spread.sqrt(), 3.0);
    if cube > 0.0 { cube * shape } else { small }
}

/// The part of the distribution below a number.
fn distribution(shape: f64, at: f64) -> f64 {
    let scale = shape * log(at) - at - lgamma(shape);
    if at < shape + 1.0 {
        let mut term = 1.0 / shape;
        let mut sum = term;
        for step in 1..10_000 {
            term *= at / (shape + f64::from(step));
            sum += term;
            if term < sum * 1e-17 {
                break;
            }
        }
        return exp(scale + log(sum));
    }
    // Lentz's evaluation of the fraction.
    let mut beside = at + 1.0 - shape;
    let mut upper = 1e300;
    let mut lower = 1.0 / beside;
    let mut product = lower;
    for step in 1..10_000 {
        let step = f64::from(step);
        let part = -step * (step - shape);
        beside += 2.0;
        lower = 1.0 / (part * lower + beside);
        upper = beside + part / upper;
        let factor = lower * upper;
        product *= factor;
        if (factor - 1.0).abs() < 1e-16 {
            break;
        }
    }
    -expm1(scale + log(product))
}

#[cfg(test)]
mod tests {
    use statrs::distribution::{ContinuousCDF, Gamma};

    use super::*;

    #[test]
    fn quantiles_lead_back_to_their_shares() {
        for shape in [0.05, 0.3, 1.0, 2.5, 16.0, 400.0] {
            let known = Gamma::new(shape, 1.0).unwrap();
            for below in [1e-6, 0.01, 0.3, 0.5, 0.9, 0.999, 1.0 - 1e-9] {
                let found = known.cdf(gamma_quantile(shape, below));
                assert!((found - below).abs() < 1e-9 + 1e-6 * below, "{shape} {below}: {found}");
            }
        }
        assert!((gamma_quantile(1.0, 0.5) - std::f64::consts::LN_2).abs() < 1e-12);
    }
}
