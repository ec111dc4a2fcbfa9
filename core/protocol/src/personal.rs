//! A person's words on the wire, bounded when they are parsed, and unprintable.

use serde::{Deserialize, Deserializer, Serialize, de};

/// A text that does not fit its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unfit(pub &'static str);

/// What a person is called in a meeting: 1 to 64 characters, no control or direction-changing characters.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "http", schema(value_type = String, min_length = 1, max_length = 64))]
pub struct DisplayName(String);

/// An e-mail address: the sign-in name of an account, kept as typed; compared by [`EmailAddress::normalised`].
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "http", schema(value_type = String, format = Email, max_length = 254))]
pub struct EmailAddress(String);

/// A meeting's title: 1 to 120 characters.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "http", schema(value_type = String, min_length = 1, max_length = 120))]
pub struct Title(String);

/// What somebody calls a thing of theirs: 1 to 64 characters.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "http", schema(value_type = String, min_length = 1, max_length = 64))]
pub struct Label(String);

/// What somebody asks for help with: a line of 1 to 200 characters.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "http", schema(value_type = String, min_length = 1, max_length = 200))]
pub struct Matter(String);

/// What somebody writes down for others to read: 1 to 2,000 characters, in lines.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "http", schema(value_type = String, min_length = 1, max_length = 2000))]
pub struct Words(String);

/// A password or token in a request. Never serialised.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "http", schema(value_type = String, format = Password))]
pub struct Secret(String);

impl Secret {
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself: hash it, compare it, never keep or print it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl DisplayName {
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        let seen = |name: &String| !name.chars().any(is_unseen) && !has_stray_selector(name);
        line(text, 64).filter(seen).map(Self).ok_or(Unfit(
            "a name has 1 to 64 characters and no control characters",
        ))
    }

    /// As it was taken once: of characters that are taken no longer, nothing is shown.
    pub fn kept(text: &str) -> Option<Self> {
        let text = line(text, 64)?;
        let mut seen = String::new();
        for c in text.chars() {
            if !is_unseen(c) && !is_stray(seen.chars().next_back(), c) {
                seen.push(c);
            }
        }
        line(&seen, 64).or_else(|| line(NAMELESS, 64)).map(Self)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Title {
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        line(text, 120).map(Self).ok_or(Unfit(
            "a title has 1 to 120 characters and no control characters",
        ))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Label {
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        line(text, 64).map(Self).ok_or(Unfit(
            "a label has 1 to 64 characters and no control characters",
        ))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Matter {
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        line(text, 200).map(Self).ok_or(Unfit(
            "a matter has 1 to 200 characters and no control characters",
        ))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Words {
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        let text = text.trim();
        let length = text.chars().count();
        let honest = text
            .chars()
            .all(|c| c == '\n' || !c.is_control() && !disguises(c));
        ((1..=2_000).contains(&length) && honest)
            .then(|| Self(text.to_owned()))
            .ok_or(Unfit(
                "these have 1 to 2,000 characters, and no control characters but line ends",
            ))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl EmailAddress {
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        let text = text.trim();
        let fits = text.len() <= 254
            && text.split_once('@').is_some_and(|(local, domain)| {
                !local.is_empty() && domain.contains('.') | (domain == "localhost")
            })
            && text.matches('@').count() == 1
            && text.chars().all(|c| !c.is_whitespace() && !c.is_control());
        fits.then(|| Self(text.to_owned()))
            .ok_or(Unfit("this is not an e-mail address"))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form that is unique in an organisation: lower case.
    pub fn normalised(&self) -> String {
        self.0.to_lowercase()
    }
}

macro_rules! deserialize_by_parsing {
    ($($name:ident),*) => {$(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).map_err(|Unfit(why)| de::Error::custom(why))
            }
        }
    )*};
}
deserialize_by_parsing!(DisplayName, EmailAddress, Label, Matter, Title, Words);

/// A trimmed line of 1 to `most` characters, unless it holds what could disguise it.
pub(crate) fn line(text: &str, most: usize) -> Option<String> {
    let text = text.trim();
    let length = text.chars().count();
    let honest = text.chars().all(|c| !c.is_control() && !disguises(c));
    ((1..=most).contains(&length) && honest).then(|| text.to_owned())
}

/// Characters that reorder or hide text: bidirectional controls, zero-width marks (Unicode TR 36, 3.2).
pub(crate) fn disguises(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Line separators, the Arabic mark, and what is drawn as nothing, some of it letters (UAX 44, Default_Ignorable_Code_Point);
/// but for variation selectors, which emoji and ideographs have. A meeting's group takes no such name either (`e2ee::identity`).
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{2028}'..='\u{2029}' | '\u{206a}'..='\u{206f}' | '\u{3164}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e00ff}'
        | '\u{e01f0}'..='\u{e0fff}')
}

/// Variation selectors belong to the character before them, those of ideographs (UTS 37), which Japanese names have, to an
/// ideograph. One that stands by itself is drawn as nothing.
fn has_stray_selector(text: &str) -> bool {
    let before = std::iter::once(None).chain(text.chars().map(Some));
    before
        .zip(text.chars())
        .any(|(before, c)| is_stray(before, c))
}

fn is_stray(before: Option<char>, c: char) -> bool {
    match c {
        '\u{fe00}'..='\u{fe0f}' => {
            before.is_none_or(|before| before.is_whitespace() || is_selector(before))
        }
        '\u{e0100}'..='\u{e01ef}' => before.is_none_or(|before| !is_ideograph(before)),
        _ => false,
    }
}

fn is_selector(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// CJK unified ideographs (UAX 44, Unified_Ideograph), and those that their blocks have room for.
fn is_ideograph(c: char) -> bool {
    matches!(c,
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{fa0e}'..='\u{fa0f}' | '\u{fa11}' | '\u{fa13}'..='\u{fa14}'
        | '\u{fa1f}' | '\u{fa21}' | '\u{fa23}'..='\u{fa24}' | '\u{fa27}'..='\u{fa29}' | '\u{20000}'..='\u{2a6df}'
        | '\u{2a700}'..='\u{2ee5f}' | '\u{30000}'..='\u{3347f}')
}

/// Of somebody of whose name nothing is seen.
const NAMELESS: &str = "?";

#[cfg(test)]
mod tests {
    use super::*;

    // Shows: ABUSE-17.
    #[test]
    fn a_name_that_reverses_its_neighbours_is_refused() {
        assert!(DisplayName::parse("Dr\u{202e}ymA").is_err());
    }

    // Shows: ABUSE-17.
    #[test]
    fn a_name_is_trimmed_and_bounded() {
        assert!(DisplayName::parse("  Amy  ").is_ok_and(|name| name.as_str() == "Amy"));
        assert!(DisplayName::parse("   ").is_err());
        assert!(DisplayName::parse(&"x".repeat(65)).is_err());
    }

    // Shows: ABUSE-17.
    #[test]
    fn a_matter_is_one_bounded_line() {
        assert!(Matter::parse(" My mail ").is_ok_and(|matter| matter.as_str() == "My mail"));
        assert!(Matter::parse(&"x".repeat(200)).is_ok());
        for wrong in ["", " ", "one\ntwo", "a\u{202e}b", &"x".repeat(201)] {
            assert!(Matter::parse(wrong).is_err(), "{wrong:?}");
        }
    }

    // Shows: ABUSE-17.
    #[test]
    fn letters_that_are_drawn_as_nothing_make_no_second_name() {
        for nothing in ['\u{ad}', '\u{61c}', '\u{2028}', '\u{3164}', '\u{ffa0}'] {
            let name = format!("A{nothing}my");
            assert!(DisplayName::parse(&name).is_err(), "{name:?}");
            assert!(DisplayName::kept(&name).is_some_and(|kept| kept.as_str() == "Amy"));
        }
        assert!(DisplayName::kept("\u{3164}").is_some_and(|kept| kept.as_str() == NAMELESS));
        assert!(DisplayName::kept("").is_none());
    }

    // Shows: ABUSE-17.
    #[test]
    fn a_variation_selector_is_taken_behind_what_it_varies_and_nowhere_else() {
        for name in [
            "Amy \u{2764}\u{fe0f}",
            "葛\u{e0100}城",
            "神\u{fe00}\u{9f8d}",
        ] {
            assert!(DisplayName::parse(name).is_ok(), "{name:?}");
            assert!(DisplayName::kept(name).is_some_and(|kept| kept.as_str() == name));
        }
        for (name, kept) in [
            ("Amy\u{e0100}", "Amy"),
            ("葛\u{e0100}\u{e0101}", "葛\u{e0100}"),
            ("葛\u{fe00}\u{e0101}", "葛\u{fe00}"),
            ("葛 \u{e0100}城", "葛 城"),
            ("\u{fe0f}Amy \u{fe0f}\u{fe0f}", "Amy"),
            ("\u{fe0f}", NAMELESS),
        ] {
            assert!(DisplayName::parse(name).is_err(), "{name:?}");
            assert!(DisplayName::kept(name).is_some_and(|name| name.as_str() == kept));
        }
    }

    #[test]
    fn an_address_needs_one_at_and_a_domain() {
        assert!(EmailAddress::parse("amy@clinic.example").is_ok());
        for wrong in [
            "amy",
            "@clinic.example",
            "amy@",
            "a@b@c.d",
            "a my@clinic.example",
        ] {
            assert!(EmailAddress::parse(wrong).is_err(), "{wrong}");
        }
    }
}
