//! The instant of an entry: UTC to the millisecond, RFC 3339 with exactly three fraction digits.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntryTime(i64);

impl EntryTime {
    /// Drops what is finer than a millisecond.
    pub const fn from_unix_micros(micros: i64) -> Self {
        Self(micros.div_euclid(1_000))
    }

    pub const fn as_unix_millis(self) -> i64 {
        self.0
    }
}

impl Serialize for EntryTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let time = OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000)
            .map_err(ser::Error::custom)?;
        serializer.collect_str(&format_args!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            time.year(),
            u8::from(time.month()),
            time.day(),
            time.hour(),
            time.minute(),
            time.second(),
            time.millisecond(),
        ))
    }
}

impl<'de> Deserialize<'de> for EntryTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let time = OffsetDateTime::parse(&text, &Rfc3339).map_err(de::Error::custom)?;
        i64::try_from(time.unix_timestamp_nanos().div_euclid(1_000_000))
            .map(Self)
            .map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_three_fraction_digits_always() {
        let time = EntryTime::from_unix_micros(1_795_336_200_000_999);

        assert_eq!(
            serde_json::to_string(&time).unwrap(),
            "\"2026-11-22T08:30:00.000Z\""
        );
    }
}
