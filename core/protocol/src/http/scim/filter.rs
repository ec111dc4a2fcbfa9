//! The filters that are served: one attribute that equals one text (RFC 7644, 3.4.2.2).

use super::Wrong;

/// What a directory looks somebody or something up by.
#[derive(Clone, PartialEq, Eq)]
pub enum Filter {
    /// Of users only.
    UserName(String),
    ExternalId(String),
    DisplayName(String),
}

/// The longest filter: an address has 254 characters.
const LONGEST: usize = 512;

impl Filter {
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        if text.len() > LONGEST {
            return Err(Wrong::Filter);
        }
        let (attribute, rest) = text.trim().split_once(' ').ok_or(Wrong::Filter)?;
        let (operator, value) = rest.trim_start().split_once(' ').ok_or(Wrong::Filter)?;
        if !operator.eq_ignore_ascii_case("eq") {
            return Err(Wrong::Filter);
        }
        // A JSON string (RFC 7644, figure 1), and nothing behind it.
        let value: String = serde_json::from_str(value).map_err(|_| Wrong::Filter)?;
        match attribute.to_ascii_lowercase().as_str() {
            "username" => Ok(Self::UserName(value)),
            "externalid" => Ok(Self::ExternalId(value)),
            "displayname" => Ok(Self::DisplayName(value)),
            _ => Err(Wrong::Filter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_attribute_equals_one_text() {
        assert!(
            Filter::parse(r#"userName eq "bo@clinic.example""#)
                == Ok(Filter::UserName("bo@clinic.example".to_owned()))
        );
        assert!(
            Filter::parse(r#" externalid  EQ  "a\"b" "#)
                == Ok(Filter::ExternalId("a\"b".to_owned()))
        );
    }

    #[test]
    fn every_other_filter_is_refused() {
        for text in [
            "",
            "userName",
            "userName eq bo",
            r#"userName sw "b""#,
            r#"userName eq "a" or userName eq "b""#,
            r#"id eq "1""#,
            r#"roles eq "owner""#,
            r#"not (userName eq "a")"#,
            r#"userName eq 5"#,
        ] {
            assert!(Filter::parse(text) == Err(Wrong::Filter), "{text}");
        }
        let long = format!(r#"userName eq "{}""#, "a".repeat(512));
        assert!(Filter::parse(&long) == Err(Wrong::Filter));
    }
}
