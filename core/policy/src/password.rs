//! Which passwords are good enough, without asking anybody outside.
//!
//! Length does the work (NIST SP 800-63B-4: 15 characters where a password stands alone); no rule
//! asks for digits or signs. What is refused is what guessers try first: well-known phrases,
//! and texts that are hardly more than well-known words, the organisation's or person's own
//! names, rows of the keyboard or repetitions.

mod guessable;

use unicode_normalization::UnicodeNormalization;

use guessable::guessable;

/// A password in the one form that is hashed (NFC). Neither printable nor comparable.
pub struct Password(String);

/// Why a password is not good enough. A person is told which, and tries another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    TooShort,
    TooLong,
    /// Among those that guessers try first.
    WellKnown,
}

/// Words that somebody who knows the person would try.
#[derive(Clone, Copy, Default)]
pub struct Context<'a> {
    pub organisation: &'a str,
    pub display_name: &'a str,
    pub email: &'a str,
}

/// In characters of the normal form.
pub const SHORTEST: usize = 15;

/// A sentence or two; hashing must not cost more because a stranger sends a book.
pub const LONGEST: usize = 256;

impl Password {
    /// A password that somebody chooses.
    pub fn choose(text: &str, context: Context<'_>) -> Result<Self, Weakness> {
        let password = Self::attempt(text).ok_or(Weakness::TooLong)?;
        if password.0.chars().count() < SHORTEST {
            return Err(Weakness::TooShort);
        }
        match guessable(&password.0, context) {
            true => Err(Weakness::WellKnown),
            false => Ok(password),
        }
    }

    /// A password that somebody signs in with. `None`: too long to be anybody's.
    pub fn attempt(text: &str) -> Option<Self> {
        if text.len() > LONGEST * LONGEST_CHARACTER {
            return None;
        }
        let normal: String = text.nfc().collect();
        (normal.chars().count() <= LONGEST).then_some(Self(normal))
    }

    /// The bytes to hash.
    pub fn reveal(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// Bytes that one character of the normal form may come from: a decomposed letter with its marks.
const LONGEST_CHARACTER: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    const CLINIC: Context<'_> = Context {
        organisation: "Riverside Clinic",
        display_name: "Amy Weatherwax",
        email: "a.weatherwax@riverside-clinic.example",
    };

    fn chosen(text: &str) -> Result<(), Weakness> {
        Password::choose(text, CLINIC).map(drop)
    }

    // Shows: REQ-ID-02.
    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(chosen("fourteen chars"), Err(Weakness::TooShort));
        assert_eq!(chosen("fifteen of them"), Ok(()));
        assert_eq!(chosen("пятнадцать букв"), Ok(()));
        assert_eq!(chosen(&"long ænough ".repeat(22)), Err(Weakness::TooLong));
        assert_eq!(chosen(&"x".repeat(1 << 20)), Err(Weakness::TooLong));
    }

    #[test]
    fn one_password_however_the_keyboard_composes_it() {
        let composed = Password::attempt("caf\u{e9} at the corner").unwrap();
        let decomposed = Password::attempt("cafe\u{301} at the corner").unwrap();

        assert_eq!(composed.reveal(), decomposed.reveal());
    }

    #[test]
    fn spaces_are_part_of_a_password() {
        let with = Password::attempt("two  spaces here").unwrap();

        assert_eq!(with.reveal(), b"two  spaces here");
    }

    // Shows: REQ-ID-02.
    #[test]
    fn ordinary_good_passwords_are_accepted() {
        for good in [
            "gravel umbrella tuesday",
            "plum-coloured Lorry 7 times",
            "mein alter Kater frisst Spargel",
            "kTz9#vQw!eR2mLp8",
            "839201749302846",
            "the bishop hid my bicycle",
            "ilovemydogbustersomuch",
            "снег над рекой утром",
            "雨の日は図書館で本を読みながら待つ",
        ] {
            assert_eq!(chosen(good), Ok(()), "{good}");
        }
    }

    // Shows: REQ-ID-02.
    #[test]
    fn what_guessers_try_first_is_refused() {
        for bad in [
            "password1234567",
            "Password Password",
            "P@ssw0rd!P@ssw0rd!",
            "passwordpassword2026!",
            "qwertyuiopasdfgh",
            "1q2w3e4r5t6y7u8i9o0p",
            "1qaz2wsx3edc4rfv",
            "aaaaaaaaaaaaaaaaaaaa",
            "abcabcabcabcabcabc",
            "abcdefghijklmnopqrst",
            "123456789012345",
            "987654321098765",
            "correct horse battery staple",
            "Correct-Horse-Battery-Staple1",
            "May the Force be with you",
            "iloveyouiloveyou",
            "administrator123",
            "WelcomeWelcome2025",
            "letmeinletmein!!",
            "changemechangeme",
        ] {
            assert_eq!(chosen(bad), Err(Weakness::WellKnown), "{bad}");
        }
    }

    // Shows: REQ-ID-02.
    #[test]
    fn a_sentence_of_more_than_sixty_four_characters_is_a_password() {
        let sentence = "the ferry to the island leaves when the tide is high, said the heron";

        assert!(sentence.chars().count() > 64);
        assert_eq!(chosen(sentence), Ok(()));
    }

    // Shows: REQ-ID-02.
    #[test]
    fn names_of_the_place_and_the_person_do_not_make_a_password() {
        for bad in [
            "Riverside Clinic 2026",
            "riverside-clinic-password",
            "Conclave Hospital 1!",
            "AmyWeatherwax1987",
            "weatherwaxweatherwax",
            "a.weatherwax@riverside-clinic.example",
        ] {
            assert_eq!(chosen(bad), Err(Weakness::WellKnown), "{bad}");
        }
        assert_eq!(chosen("Riverside umbrella tuesday"), Ok(()));
    }

    #[test]
    fn a_context_of_nothing_refuses_nothing_more() {
        let password = Password::choose("gravel umbrella tuesday", Context::default());

        assert!(password.is_ok());
    }
}
