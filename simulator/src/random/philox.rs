//! Philox2x64-7, a counter-based generator.
//!
//! Source: Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
//! A block of 128 random bits is a bijection of a 128-bit counter under a 64-bit key, so blocks
//! can be drawn in any order and on any thread. Six rounds pass every test of `BigCrush` there; one
//! more is taken.

/// The constant of the multiplication in a round.
const MULTIPLIER: u64 = 0xD2B7_4407_B1CE_6E93;
/// What the key grows by from round to round: the golden ratio.
const KEY_STEP: u64 = 0x9E37_79B9_7F4A_7C15;
/// Rounds.
const ROUNDS: usize = 7;

/// The keys of all rounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Philox<const COUNT: usize = ROUNDS> {
    keys: [u64; COUNT],
}

impl<const COUNT: usize> Philox<COUNT> {
    /// The generator of a key.
    pub const fn new(key: u64) -> Self {
        let mut keys = [key; COUNT];
        let mut round = 1;
        while round < COUNT {
            keys[round] = keys[round - 1].wrapping_add(KEY_STEP);
            round += 1;
        }
        Self { keys }
    }

    /// The block of random bits for a counter.
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the two halves of a 128-bit product are what the generator is made of"
    )]
    pub fn block(&self, counter: [u64; 2]) -> [u64; 2] {
        let [mut left, mut right] = counter;
        for key in self.keys {
            let product = u128::from(MULTIPLIER) * u128::from(left);
            left = (product >> 64) as u64 ^ key ^ right;
            right = product as u64;
        }
        [left, right]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The known answers of the generator's authors (`kat_vectors` of Random123).
    #[test]
    fn the_known_answers_come_out() {
        let none = Philox::<7>::new(0).block([0, 0]);
        assert_eq!(none, [0xB41D_A69F_BFEF_C666, 0x511E_9CE1_A553_4056]);
        let none = Philox::<10>::new(0).block([0, 0]);
        assert_eq!(none, [0xCA00_A045_9843_D731, 0x66C2_4222_C9A8_45B5]);
        let pi = [0x243F_6A88_85A3_08D3, 0x1319_8A2E_0370_7344];
        let pi = Philox::<10>::new(0xA409_3822_299F_31D0).block(pi);
        assert_eq!(pi, [0x0A5E_742C_2997_341C, 0xB0F8_83D3_8000_DE5D]);
    }
}
