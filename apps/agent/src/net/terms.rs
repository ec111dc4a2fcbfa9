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
    }
}
