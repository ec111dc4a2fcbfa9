//! SCIM 2.0 as an organisation's directory speaks it (RFC 7643, RFC 7644): what it may say, read strictly.
//!
//! Kept are an address, a name, the directory's own name for somebody, and whether they are active. What a directory sends
//! beside is read over and not kept, except for what would give somebody rights: that is refused.
//!
//! # Security
//!
//! Names of attributes are compared without case and behind their schema's prefix (RFC 7643, 2.1), so that no spelling of
//! `roles` is read over instead of refused.

pub mod answer;
pub mod filter;
pub mod group;
pub mod user;

mod attribute;
mod patch;

use serde::{Deserialize, Deserializer, Serialize, de};

/// Why a request of a directory is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// No JSON of this shape.
    Syntax,
    /// A filter of another kind than those that are served.
    Filter,
    /// No such attribute, or none that can be pointed at so.
    Path,
    /// The attribute has no such value.
    Value,
    /// The attribute is not the directory's to change, or can't be without a value.
    Mutability,
    /// It would give somebody rights, a password, or to another organisation.
    Refused,
}

/// What a directory calls a thing of its own: 1 to 256 characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct ExternalId(String);

impl ExternalId {
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=256).contains(&text.chars().count());
        (fits && !text.chars().any(char::is_control)).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for ExternalId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("not an external id"))
    }
}

/// `null` is none.
fn external_id(value: &serde_json::Value) -> Result<Option<ExternalId>, Wrong> {
    match value {
        serde_json::Value::Null => Ok(None),
        serde_json::Value::String(text) => ExternalId::parse(text).map(Some).ok_or(Wrong::Value),
        _ => Err(Wrong::Value),
    }
}

pub const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
pub const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
pub const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
pub const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
pub const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";
