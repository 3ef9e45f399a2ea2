//! Blocks of addresses: a subnet of Azure reaches over all zones, so it covers those of each.

use std::net::Ipv4Addr;

/// A block of addresses of version 4: its first, and the bits that all of it share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Block {
    first: u32,
    bits: u32,
}

impl Block {
    /// Read as `10.0.0.0/24`; none where it is something else, or has bits beyond its own.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/')?;
        let first = u32::from(address.parse::<Ipv4Addr>().ok()?);
        let bits: u32 = bits.parse().ok().filter(|bits| *bits <= 32)?;
        let own = Self { first, bits };
        (first & !own.mask() == 0).then_some(own)
    }

    const fn mask(self) -> u32 {
        if self.bits == 0 { 0 } else { u32::MAX << (32 - self.bits) }
    }

    /// Whether all of another block is in this one.
    pub(super) const fn holds(self, other: Self) -> bool {
        self.bits <= other.bits && other.first & self.mask() == self.first
    }

    /// Whether two blocks have an address in common.
    pub(super) const fn meets(self, other: Self) -> bool {
        self.holds(other) || other.holds(self)
    }

    /// The smallest block that holds both.
    fn with(self, other: Self) -> Self {
        let alike = (self.first ^ other.first).leading_zeros();
        let bits = alike.min(self.bits).min(other.bits);
        let wider = Self { first: 0, bits };
        Self { first: self.first & wider.mask(), bits }
    }

    /// The smallest block that holds all; none where one cannot be read or there is none.
    pub(super) fn over<'a>(mut texts: impl Iterator<Item = &'a str>) -> Option<Self> {
        let first = Self::read(texts.next()?)?;
        texts.try_fold(first, |all, text| Some(all.with(Self::read(text)?)))
    }

    /// As Azure reads it.
    pub(super) fn text(self) -> String {
        format!("{}/{}", Ipv4Addr::from(self.first), self.bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(texts: &[&str]) -> Option<String> {
        Block::over(texts.iter().copied()).map(Block::text)
    }

    #[test]
    fn a_block_covers_those_of_all_zones() {
        assert_eq!(over(&["10.0.0.0/24", "10.0.1.0/24"]).as_deref(), Some("10.0.0.0/23"));
        assert_eq!(over(&["10.0.16.0/24"]).as_deref(), Some("10.0.16.0/24"));
        let three = ["10.0.64.0/22", "10.0.68.0/22", "10.0.72.0/22"];
        assert_eq!(over(&three).as_deref(), Some("10.0.64.0/20"));
        assert_eq!(over(&["0.0.0.0/1", "128.0.0.0/1"]).as_deref(), Some("0.0.0.0/0"));
        for wrong in ["10.0.0.1/24", "10.0.0.0", "10.0.0.0/33", "fd00::/8", "x/1"] {
            assert_eq!(over(&[wrong]), None, "{wrong}");
        }
    }

    #[test]
    fn blocks_meet_where_one_holds_the_other() {
        let read = |text| Block::read(text).expect("a block");
        assert!(read("10.0.0.0/16").meets(read("10.0.3.0/24")));
        assert!(read("10.0.3.0/24").meets(read("10.0.0.0/16")));
        assert!(!read("10.0.2.0/24").meets(read("10.0.3.0/24")));
        assert!(!read("10.0.3.0/24").holds(read("10.0.0.0/16")));
    }
}
