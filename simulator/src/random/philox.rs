//! Philox4x32-10, a counter-based generator.
//!
//! Source: Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
//! A block of 128 random bits is a bijection of a 128-bit counter under a 64-bit key, so blocks
//! can be drawn in any order and on any thread.

/// Constants of the two multiplications in a round.
const MULTIPLIERS: [u64; 2] = [0xD251_1F53, 0xCD9E_8D57];
/// What the key grows by from round to round.
const KEY_STEPS: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];
/// Rounds; ten pass every test of `TestU01`.
const ROUNDS: u32 = 10;

/// The block of random bits for a counter under a key.
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    reason = "the two halves of a 64-bit product are what the generator is made of"
)]
pub fn philox4x32(key: [u32; 2], counter: [u32; 4]) -> [u32; 4] {
    let mut key = key;
    let mut block = counter;
    for _ in 0..ROUNDS {
        let first = MULTIPLIERS[0] * u64::from(block[0]);
        let second = MULTIPLIERS[1] * u64::from(block[2]);
        block = [
            (second >> 32) as u32 ^ block[1] ^ key[0],
            second as u32,
            (first >> 32) as u32 ^ block[3] ^ key[1],
            first as u32,
        ];
        key[0] = key[0].wrapping_add(KEY_STEPS[0]);
        key[1] = key[1].wrapping_add(KEY_STEPS[1]);
    }
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The known answers that the authors publish with Random123 (`kat_vectors`, philox 4x32 10).
    #[test]
    fn blocks_equal_the_published_known_answers() {
        let cases = [
            ([0; 2], [0; 4], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
            ([u32::MAX; 2], [u32::MAX; 4], [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
            (
                [0xa409_3822, 0x299f_31d0],
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
            ),
        ];
        for (key, counter, expected) in cases {
            assert_eq!(philox4x32(key, counter), expected);
        }
    }
}
