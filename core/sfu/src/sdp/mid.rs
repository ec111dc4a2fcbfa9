//! The names of media sections and of their simulcast layers.

use std::fmt;

/// A media section's name, from `a=mid`: 1 to 16 letters, digits and underscores.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mid(Name<16>);

/// A simulcast layer's name, from `a=rid`: 1 to 8 letters, digits and underscores.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rid(Name<8>);

impl Mid {
    /// `None` when the name is empty, too long or has other characters: the engine would
    /// change such a name, and its answer would speak of a section that nobody offered.
    pub fn new(name: &str) -> Option<Self> {
        Name::new(name).map(Self)
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl Rid {
    pub fn new(name: &str) -> Option<Self> {
        Name::new(name).map(Self)
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Display for Mid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Mid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Rid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Rid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// ASCII, padded with zero bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Name<const N: usize>([u8; N]);

impl<const N: usize> Name<N> {
    fn new(name: &str) -> Option<Self> {
        let wellformed = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if name.is_empty() || !wellformed {
            return None;
        }
        let mut bytes = [0; N];
        bytes
            .get_mut(..name.len())?
            .copy_from_slice(name.as_bytes());
        Some(Self(bytes))
    }

    fn as_str(&self) -> &str {
        let length = self.0.iter().position(|b| *b == 0).unwrap_or(N);
        let (name, _) = self.0.split_at(length);
        std::str::from_utf8(name).expect("a name is ASCII, checked by `new`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_as_it_was_written() {
        assert_eq!(Mid::new("sdparta_0").unwrap().as_str(), "sdparta_0");
        assert_eq!(
            Mid::new("0123456789abcdef").unwrap().to_string(),
            "0123456789abcdef"
        );
        assert_eq!(Rid::new("q").unwrap().as_str(), "q");
    }

    #[test]
    fn a_name_that_the_engine_would_change_is_refused() {
        for name in ["", "a-b", "a b", "ä", "0123456789abcdefg", "a\0"] {
            assert_eq!(Mid::new(name), None, "{name:?}");
        }
        assert_eq!(Rid::new("123456789"), None);
    }
}
