//! How the MLS working group writes its vectors: byte strings in hexadecimal, in JSON.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

/// A byte string.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Hex(pub(crate) Vec<u8>);

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let digits = String::deserialize(deserializer)?;
        let bytes = (0..digits.len()).step_by(2).map(|at| {
            let pair = digits.get(at..at + 2).unwrap_or_default();
            u8::from_str_radix(pair, 16).map_err(D::Error::custom)
        });
        bytes.collect::<Result<_, _>>().map(Self)
    }
}

impl fmt::Debug for Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
