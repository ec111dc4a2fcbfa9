//! The name of a key that signs notes; a log's origin is the name of its key.

use std::fmt;

/// 1 to [`KeyName::MAX_BYTES`] bytes without spaces, control characters and `+` (C2SP signed-note).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyName(String);

impl KeyName {
    /// Room for a host's name (253 bytes, RFC 1035) and the log's path.
    pub const MAX_BYTES: usize = 320;

    pub fn parse(name: &str) -> Option<Self> {
        let wrong = |c: char| c.is_whitespace() || c.is_control() || c == '+';
        let fits = (1..=Self::MAX_BYTES).contains(&name.len()) && !name.chars().any(wrong);
        fits.then(|| Self(name.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_pluses_and_control_characters_are_in_no_name() {
        for wrong in [
            "",
            "a b",
            "a+b",
            "a\u{a0}b",
            "a\nb",
            "a\u{7f}",
            &"x".repeat(321),
        ] {
            assert_eq!(KeyName::parse(wrong), None, "{wrong}");
        }
        assert!(KeyName::parse("clinic.example/audit/system").is_some());
    }
}
