//! What policy permits, as the session takes it.

use std::time::Duration;

use conclave_client::protocol::feedback::{FeedbackQuestion, QuestionKind};
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

/// What the organisation asks of its own. `None`: it asks what every one does. Words are for where they are sealed alone.
pub(super) fn questions(terms: &SupportTerms) -> Option<Vec<FeedbackQuestion>> {
    let asked = terms.questions.as_ref()?.as_slice().iter();
    let asked = asked.filter(|it| terms.must_record || it.kind == QuestionKind::Rating);
    Some(asked.cloned().collect())
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
    use serde_json::{Value, json};

    use super::*;

    // Shows: REQ-RS-07.
    #[test]
    fn words_are_asked_for_where_they_are_sealed_alone() {
        let of = |must_record: bool, questions: Value| {
            let terms = json!({
                "permitted": [],
                "must_record": must_record,
                "idle_minutes": 15,
                "longest_minutes": 60,
                "file_limit": {"largest": 1, "most": 1, "programs": false},
                "questions": questions
            });
            let terms: SupportTerms = serde_json::from_value(terms).unwrap();
            questions_asked(&terms)
        };
        let own = json!([
            {"kind": "rating", "text": "How quick was it?"},
            {"kind": "text", "text": "What was it about?"}
        ]);

        assert_eq!(of(true, own.clone()), Some(2));
        assert_eq!(of(false, own.clone()), Some(1));
        assert_eq!(of(false, json!([own[1]])), Some(0));
        assert_eq!(of(true, Value::Null), None);
    }

    fn questions_asked(terms: &SupportTerms) -> Option<usize> {
        questions(terms).map(|questions| questions.len())
    }

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
