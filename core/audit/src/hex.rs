//! Bytes of a fixed length, written as lower-case hexadecimal.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A hash, a salt, a key's id: bytes that mean nothing to a reader.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Hex<const N: usize>(pub [u8; N]);

impl<const N: usize> Hex<N> {
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; N];
        let (pairs, odd) = text.as_bytes().as_chunks::<2>();
        if pairs.len() != N || !odd.is_empty() {
            return None;
        }
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = nibble(*high)? << 4 | nibble(*low)?;
        }
        Some(Self(bytes))
    }
}

impl<const N: usize> std::fmt::Display for Hex<N> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl<const N: usize> Serialize for Hex<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, const N: usize> Deserialize<'de> for Hex<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("not the expected hexadecimal"))
    }
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_and_nothing_else() {
        let bytes = Hex([0x00, 0xa5, 0xff]);

        assert_eq!(bytes.to_string(), "00a5ff");
        assert!(Hex::parse("00a5ff") == Some(bytes));
        for wrong in ["00A5FF", "00a5f", "00a5ff00", "00a5fg", "é0a5f"] {
            assert!(Hex::<3>::parse(wrong).is_none(), "{wrong}");
        }
    }
}
