//! Fresh identities: UUIDv7, which sort by time.

use conclave_protocol::Timestamp;
use uuid::{Builder, Uuid};

use crate::secret::{self, NoRandomness};

pub(crate) fn fresh(now: Timestamp) -> Result<Uuid, NoRandomness> {
    let millis = u64::try_from(now.as_micros() / 1_000).unwrap_or(0);
    Ok(Builder::from_unix_timestamp_millis(millis, &secret::random()?).into_uuid())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_identities_sort_later() {
        let first = fresh(Timestamp::from_micros(1_000_000)).unwrap();
        let second = fresh(Timestamp::from_micros(1_001_000)).unwrap();

        assert!(first < second);
        assert_eq!(second.get_version_num(), 7);
    }
}
