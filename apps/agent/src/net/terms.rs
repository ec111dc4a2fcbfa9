//! What policy permits, as the session takes it.

use std::time::Duration;

use conclave_client::protocol::support::SupportTerms;
use conclave_remote::{FileRules, Limits};

pub(super) fn limits(terms: &SupportTerms) -> Limits {
    let minutes = |minutes: u16| Duration::from_secs(60 * u64::from(minutes));
    Limits {
        permitted: terms.permitted.iter().copied().collect(),
        idle: minutes(terms.idle_minutes),
        longest: minutes(terms.longest_minutes),
        longest_consent: minutes(terms.longest_minutes),
        files: FileRules {
            largest: terms.file_limit.largest,
            most: terms.file_limit.most,
            programs: terms.file_limit.programs,
        },
        must_record: terms.must_record,
        sealed_to: terms.recording_key.as_deref().and_then(fingerprint),
    }
}

/// `None`: it is none.
fn fingerprint(digits: &str) -> Option<[u8; 32]> {
    let is_one = digits.len() == 64 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    let pairs = is_one.then(|| digits.as_bytes().chunks(2))?;
    let bytes = pairs.map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok());
    let bytes: Option<Vec<u8>> = bytes.collect();
    bytes?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    // Shows: REQ-AU-04.
    #[test]
    fn a_fingerprint_is_read_whole_or_not_at_all() {
        let digits = "0a".repeat(32);

        assert_eq!(fingerprint(&digits), Some([10; 32]));
        for (pair, times) in [("0a", 1), ("0g", 32), ("+1", 32), ("0a", 33)] {
            assert_eq!(fingerprint(&pair.repeat(times)), None, "{pair}");
        }
    }
}
