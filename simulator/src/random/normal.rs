//! Quantiles of the normal and of Student's distribution, the same on every platform.

use libm::{cos, exp, log, pow};

/// A polynomial, its constant term first.
#[inline]
fn polynomial<const N: usize>(coefficients: &[f64; N], at: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * at + coefficient)
}

const CENTRE: ([f64; 8], [f64; 8]) = (
    [
        3.387_132_872_796_366_5,
        133.141_667_891_784_38,
        1_971.590_950_306_551_3,
        13_731.693_765_509_46,
        45_921.953_931_549_87,
        67_265.770_927_008_7,
        33_430.575_583_588_13,
        2_509.080_928_730_122_7,
    ],
    [
        1.0,
        42.313_330_701_600_91,
        687.187_007_492_057_9,
        5_394.196_021_424_751,
        21_213.794_301_586_597,
        39_307.895_800_092_71,
        28_729.085_735_721_943,
        5_226.495_278_852_854,
    ],
);

const TAIL: ([f64; 8], [f64; 8]) = (
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        0.241_780_725_177_450_6,
        0.022_723_844_989_269_184,
        0.000_774_545_014_278_341_4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        0.689_767_334_985_1,
        0.148_103_976_427_480_08,
        0.015_198_666_563_616_457,
        0.000_547_593_808_499_534_5,
        1.050_750_071_644_416_9e-9,
    ],
);

const FAR_TAIL: ([f64; 8], [f64; 8]) = (
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        0.296_560_571_828_504_87,
        0.026_532_189_526_576_124,
        0.001_242_660_947_388_078_4,
        0.000_027_115_555_687_434_876,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0,
        0.599_832_206_555_887_9,
        0.136_929_880_922_735_8,
        0.014_875_361_290_850_615,
        0.000_786_869_131_145_613_3,
        0.000_018_463_183_175_100_548,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
);

/// The standard normal variate below which lies the given probability, strictly within 0 and 1.
///
/// Source: Wichura, "Algorithm AS 241: the percentage points of the normal distribution" (Applied
/// Statistics 37, 1988), routine PPND16: about 16 digits.
#[inline]
pub fn normal_quantile(probability: f64) -> f64 {
    let offset = probability - 0.5;
    if offset.abs() <= 0.425 {
        let square = 0.180_625 - offset * offset;
        return offset * polynomial(&CENTRE.0, square) / polynomial(&CENTRE.1, square);
    }
    let nearer = probability.min(1.0 - probability);
    let root = (-log(nearer)).sqrt();
    let size = if root <= 5.0 {
        polynomial(&TAIL.0, root - 1.6) / polynomial(&TAIL.1, root - 1.6)
    } else {
        polynomial(&FAR_TAIL.0, root - 5.0) / polynomial(&FAR_TAIL.1, root - 5.0)
    };
    if offset < 0.0 { -size } else { size }
}

/// The variate of Student's distribution below which lies the given probability, for at least one
/// degree of freedom.
///
/// Source: Hill, "Algorithm 396: Student's t-quantiles" (Communications of the ACM 13, 1970);
/// exact for one and two degrees, about six digits above.
pub fn student_quantile(probability: f64, degrees: u32) -> f64 {
    let both_tails = 2.0 * probability.min(1.0 - probability);
    let size = student_two_sided(both_tails, f64::from(degrees.max(1)));
    if probability < 0.5 { -size } else { size }
}

#[expect(clippy::many_single_char_names, reason = "the letters of the published algorithm")]
fn student_two_sided(both_tails: f64, degrees: f64) -> f64 {
    use std::f64::consts::FRAC_PI_2;
    if degrees < 1.5 {
        let angle = both_tails * FRAC_PI_2;
        return cos(angle) / libm::sin(angle);
    }
    if degrees < 2.5 {
        return (2.0 / (both_tails * (2.0 - both_tails)) - 2.0).max(0.0).sqrt();
    }
    let a = 1.0 / (degrees - 0.5);
    let b = 48.0 / (a * a);
    let mut c = ((20_700.0 * a / b - 98.0) * a - 16.0) * a + 96.36;
    let d = ((94.5 / (b + c) - 3.0) / b + 1.0) * (a * FRAC_PI_2).sqrt() * degrees;
    let mut y = pow(d * both_tails, 2.0 / degrees);
    if y > 0.05 + a {
        let x = normal_quantile(both_tails * 0.5);
        y = x * x;
        if degrees < 5.0 {
            c += 0.3 * (degrees - 4.5) * (x + 0.6);
        }
        c += (((0.05 * d * x - 5.0) * x - 7.0) * x - 2.0) * x + b;
        y = (((((0.4 * y + 6.3) * y + 36.0) * y + 94.5) / c - y - 3.0) / b + 1.0) * x;
        y = a * y * y;
        y = if y > 0.002 { exp(y) - 1.0 } else { 0.5 * y * y + y };
    } else {
        let first = (degrees + 6.0) / (degrees * y) - 0.089 * d - 0.822;
        y = ((1.0 / (first * (degrees + 2.0) * 3.0) + 0.5 / (degrees + 4.0)) * y - 1.0)
            * (degrees + 1.0)
            / (degrees + 2.0)
            + 1.0 / y;
    }
    (degrees * y).sqrt()
}

#[cfg(test)]
mod tests {
    use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

    use super::*;

    #[test]
    fn normal_quantiles_invert_the_distribution() {
        let normal = Normal::standard();
        for step in 1..2_000 {
            let probability = f64::from(step) / 2_000.0;
            let back = normal.cdf(normal_quantile(probability));
            assert!((back - probability).abs() < 1e-10, "{probability}: {back}");
        }
        for probability in [1e-3, 1e-6, 1e-9, 1e-12, 1e-15] {
            let back = normal.cdf(normal_quantile(probability));
            assert!((back / probability - 1.0).abs() < 1e-8, "{probability}: {back}");
        }
        assert!((normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-14);
    }

    #[test]
    fn student_quantiles_agree_with_another_implementation() {
        for degrees in [1, 2, 3, 4, 5, 7, 11, 19, 50, 399] {
            let student = StudentsT::new(0.0, 1.0, f64::from(degrees)).unwrap();
            for probability in [0.55, 0.9, 0.95, 0.975, 0.995, 0.9995, 0.02, 0.0001] {
                let expected = student.inverse_cdf(probability);
                let found = student_quantile(probability, degrees);
                assert!(
                    (found / expected - 1.0).abs() < 2e-4,
                    "{degrees}, {probability}: {found} against {expected}"
                );
            }
        }
    }
}
