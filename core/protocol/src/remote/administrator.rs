//! Rights of an administrator at an attended computer: what is typed for them, and what comes of it.

use zeroize::Zeroizing;

use super::wire::{Malformed, Reader, Writer, coded};
use crate::personal::Unfit;

/// The name and the password of an administrator of the computer. They go from the technician's page to the computer, sealed,
/// and to its own rules. At most [`Credential::LONGEST`] bytes each, in one line. Without `Debug`; overwritten when it goes.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    name: Zeroizing<String>,
    password: Zeroizing<String>,
}

coded! {
    /// What came of a credential.
    Raising {
        /// It was an administrator's.
        Raised = 0,
        /// It was not. Which of the two was wrong is not said.
        Wrong = 1,
        /// As many were wrong as may be in a session.
        TooMany = 2,
        /// The computer could not ask, or nobody permitted it.
        Impossible = 3,
    }
}

impl Credential {
    /// In bytes: what a computer where nobody sits takes, too.
    pub const LONGEST: usize = 240;

    pub fn parse(name: &str, password: &str) -> Result<Self, Unfit> {
        let fits = [name, password].iter().all(|text| is_line(text));
        fits.then(|| Self {
            name: Zeroizing::new(name.to_owned()),
            password: Zeroizing::new(password.to_owned()),
        })
        .ok_or(Unfit(
            "a name and a password have 1 to 240 bytes in one line",
        ))
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn password(&self) -> &str {
        &self.password
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        let (name, password) = (reader.text()?, reader.text()?);
        Self::parse(name, password).map_err(|_| Malformed)
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.text(&self.name);
        writer.text(&self.password);
    }
}

impl Raising {
    /// Its stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Wrong => "wrong",
            Self::TooMany => "too_many",
            Self::Impossible => "impossible",
        }
    }
}

/// What would be another line is another answer to whoever asks next.
fn is_line(text: &str) -> bool {
    (1..=Credential::LONGEST).contains(&text.len()) && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Shows: REQ-AC-31.
    #[test]
    fn a_credential_is_one_line_each_and_no_longer_than_a_computer_takes() {
        let longest = "x".repeat(Credential::LONGEST);
        assert!(Credential::parse("amy", "correct horse").is_ok());
        assert!(Credential::parse(&longest, &longest).is_ok());

        for (name, password) in [
            ("", "x"),
            ("amy", ""),
            ("amy", "one\ntwo"),
            ("amy\0", "x"),
            ("amy", &"x".repeat(Credential::LONGEST + 1)),
        ] {
            assert!(Credential::parse(name, password).is_err());
        }
    }

    #[test]
    fn an_outcome_crosses_the_wire_under_its_name() {
        for outcome in Raising::ALL {
            assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.code());
        }
    }
}
