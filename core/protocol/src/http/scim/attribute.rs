//! What a path of an attribute points at.

use super::{ENTERPRISE, GROUP, USER, Wrong};

/// An attribute of a user or a group, as far as this server distinguishes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attribute {
    UserName,
    DisplayName,
    ExternalId,
    Active,
    /// The parts of a name; without a part, all of them.
    Name(Option<NamePart>),
    Members,
    /// The server's own.
    ReadOnly,
    /// Read over.
    NotKept,
    /// The extension for employees, as a whole.
    Enterprise,
    /// Not a directory's to say.
    Refused,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NamePart {
    Formatted,
    Given,
    Family,
    Other,
}

/// The longest path: `members[value eq "…"]` and a schema's prefix have half of that.
const LONGEST: usize = 256;

impl Attribute {
    pub(super) fn parse(path: &str) -> Result<Self, Wrong> {
        if path.len() > LONGEST {
            return Err(Wrong::Path);
        }
        let path = path.trim().to_ascii_lowercase();
        let enterprise = ENTERPRISE.to_ascii_lowercase();
        if let Some(rest) = path.strip_prefix(&enterprise) {
            return match rest.strip_prefix(':') {
                Some(name) => Ok(of_enterprise(head(name))),
                None if rest.is_empty() => Ok(Self::Enterprise),
                None => Err(Wrong::Path),
            };
        }
        let path = without_prefix(&path);
        let name = head(path);
        match name {
            "username" => Ok(Self::UserName),
            "displayname" => Ok(Self::DisplayName),
            "externalid" => Ok(Self::ExternalId),
            "active" => Ok(Self::Active),
            "members" => Ok(Self::Members),
            "name" => Ok(Self::Name(part(path))),
            "id" | "meta" | "schemas" | "groups" => Ok(Self::ReadOnly),
            "roles" | "entitlements" | "password" => Ok(Self::Refused),
            _ if NOT_KEPT.contains(&name) => Ok(Self::NotKept),
            _ => Err(Wrong::Path),
        }
    }
}

/// Of a user's core schema (RFC 7643, 4.1).
const NOT_KEPT: &[&str] = &[
    "nickname",
    "profileurl",
    "title",
    "usertype",
    "preferredlanguage",
    "locale",
    "timezone",
    "emails",
    "phonenumbers",
    "ims",
    "photos",
    "addresses",
    "x509certificates",
];

/// Whose somebody is, is said by whose key it is.
pub(super) fn of_enterprise(name: &str) -> Attribute {
    match name.eq_ignore_ascii_case("organization") {
        true => Attribute::Refused,
        false => Attribute::NotKept,
    }
}

fn without_prefix(path: &str) -> &str {
    [USER, GROUP]
        .iter()
        .find_map(|schema| {
            let rest = path.strip_prefix(&schema.to_ascii_lowercase())?;
            rest.strip_prefix(':')
        })
        .unwrap_or(path)
}

fn head(path: &str) -> &str {
    path.split(['.', '[']).next().unwrap_or(path).trim()
}

fn part(path: &str) -> Option<NamePart> {
    let (_, part) = path.split_once('.')?;
    Some(match part {
        "formatted" => NamePart::Formatted,
        "givenname" => NamePart::Given,
        "familyname" => NamePart::Family,
        _ => NamePart::Other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    // Shows: ABUSE-16.
    #[test]
    fn no_spelling_of_a_right_is_read_over() {
        for path in [
            "roles",
            "Roles",
            " ROLES ",
            "roles[primary eq \"True\"].value",
            "roles.value",
            "entitlements",
            "password",
            "urn:ietf:params:scim:schemas:core:2.0:User:roles",
            "URN:IETF:params:scim:schemas:core:2.0:user:Roles[type eq \"x\"]",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:organization",
        ] {
            assert_eq!(Attribute::parse(path), Ok(Attribute::Refused), "{path}");
        }
    }

    #[test]
    fn what_is_not_kept_is_known_and_what_is_unknown_is_said_to_be() {
        for path in [
            "title",
            "emails[type eq \"work\"].value",
            "phoneNumbers[type eq \"mobile\"].value",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
        ] {
            assert_eq!(Attribute::parse(path), Ok(Attribute::NotKept), "{path}");
        }
        for path in ["", "role", "urn:example:User:roles", "is_owner", "$ref"] {
            assert_eq!(Attribute::parse(path), Err(Wrong::Path), "{path}");
        }
        assert_eq!(Attribute::parse(&"a".repeat(257)), Err(Wrong::Path));
    }
}
