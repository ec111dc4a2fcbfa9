//! A short word of a closed vocabulary: a reason, a role, a policy's name.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, de};

/// 1 to [`Code::MAX_BYTES`] bytes of `a-z`, `0-9`, `_`, `.` and `-`: nothing that a person typed fits by accident.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Code(Cow<'static, str>);

impl Code {
    /// Long enough for `meeting.join.host_absent`, too short for a sentence.
    pub const MAX_BYTES: usize = 64;

    /// # Panics
    /// When `word` is no code; in a `const` the compiler says so.
    #[must_use]
    pub const fn new(word: &'static str) -> Self {
        assert!(fits(word.as_bytes()), "not a code");
        Self(Cow::Borrowed(word))
    }

    pub fn parse(word: &str) -> Option<Self> {
        fits(word.as_bytes()).then(|| Self(Cow::Owned(word.to_owned())))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        Self::parse(&word).ok_or_else(|| de::Error::custom("not a code"))
    }
}

const fn fits(word: &[u8]) -> bool {
    let mut rest = word;
    while let [byte, tail @ ..] = rest {
        if !matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.' | b'-') {
            return false;
        }
        rest = tail;
    }
    !word.is_empty() && word.len() <= Code::MAX_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_a_name_and_an_address_are_no_codes() {
        for text in ["", "not a code", "Amy", "amy@clinic.example", "ünsal"] {
            assert_eq!(Code::parse(text), None, "{text}");
        }
        assert!(Code::parse("wrong_password").is_some());
    }

    #[test]
    fn a_code_is_bounded() {
        assert!(Code::parse(&"x".repeat(Code::MAX_BYTES)).is_some());
        assert!(Code::parse(&"x".repeat(Code::MAX_BYTES + 1)).is_none());
    }
}
