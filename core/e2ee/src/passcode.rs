//! A meeting's passcode: digits that people tell each other, and that no server learns.

use zeroize::Zeroizing;

/// 6 to 12 digits. Has no printable form; it is overwritten when it goes, but not what a run has made of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Passcode(Zeroizing<String>);

/// Other characters than digits, or fewer than 6, or more than 12.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a passcode has 6 to 12 digits")]
pub struct NotAPasscode;

impl Passcode {
    /// Spaces don't count: people write digits in groups.
    pub fn read(typed: &str) -> Result<Self, NotAPasscode> {
        let mut digits = Zeroizing::new(String::with_capacity(typed.len()));
        digits.extend(typed.chars().filter(|c| !c.is_whitespace()));
        let is_sound = (LEAST..=MOST).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_sound.then_some(Self(digits)).ok_or(NotAPasscode)
    }

    /// For the person whose meeting it is, and for their vault.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }
}

const LEAST: usize = 6;
const MOST: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passcode_has_six_to_twelve_digits() {
        assert_eq!(Passcode::read("123 456").unwrap().digits(), "123456");
        assert!(Passcode::read("123456789012").is_ok());
        for typed in [
            "",
            "12345",
            "1234567890123",
            "12345a",
            "１２３４５６",
            "123-456",
        ] {
            assert!(Passcode::read(typed).is_err(), "{typed:?}");
        }
    }
}
