//! An error's body for people and programs: RFC 9457 with a stable code.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `application/problem+json`. Programs branch on `code`; people read the page's text for it, or `detail`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the code is the type.
    #[serde(rename = "type")]
    pub kind: String,
    /// The HTTP status's own phrase.
    pub title: String,
    pub status: u16,
    /// What is wrong and what to do, in one English sentence. Holds no personal data.
    pub detail: String,
    /// Stable, snake_case; listed in `docs/errors.md`.
    pub code: String,
    /// Seconds to wait before another try, where that helps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}
