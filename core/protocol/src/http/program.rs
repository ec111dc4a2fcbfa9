//! Bodies of managing programs: which act here by a key of their own, what they may, and until when.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::personal::{DisplayName, Label};
use crate::{AccountId, ProgramId, Timestamp};

/// What a program may. One that is not listed it may not.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
pub enum ProgramScope {
    /// Make, change and end the accounts and groups that the directory governs (SCIM 2.0).
    #[serde(rename = "scim")]
    Scim,
    /// See which meetings go on: numbers and the hosts' names.
    #[serde(rename = "meetings:read")]
    MeetingsRead,
    /// Read the organisation's audit log and its proofs.
    #[serde(rename = "audit:read")]
    AuditRead,
}

impl ProgramScope {
    /// Every one, in their order.
    pub const ALL: [Self; 3] = [Self::Scim, Self::MeetingsRead, Self::AuditRead];

    /// As it crosses the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scim => "scim",
            Self::MeetingsRead => "meetings:read",
            Self::AuditRead => "audit:read",
        }
    }
}

/// Whether a program's key opens anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProgramState {
    Active,
    Expired,
    /// By somebody, or because whoever made it lost the right to.
    Revoked,
}

/// Answers `GET /api/v1/programs`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct ProgramList {
    /// Newest first; those that ended stay for a year.
    pub programs: Vec<Program>,
}

/// A program that acts by a key of its own.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Program {
    pub id: ProgramId,
    pub name: Label,
    pub scopes: Vec<ProgramScope>,
    /// Whoever made it. It ends when they lose the right to make programs.
    pub made_by: AccountId,
    pub made_by_name: DisplayName,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    /// The day (UTC) on which it last did something.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_on: Option<Timestamp>,
    pub state: ProgramState,
}

/// `POST /api/v1/programs`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeProgram {
    pub name: Label,
    /// At least one.
    pub scopes: Vec<ProgramScope>,
    /// 1 to 365; 90 where it is absent.
    pub days: Option<u16>,
}

/// Answers `POST /api/v1/programs`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct ProgramMade {
    pub program: Program,
    /// The key, this once.
    pub key: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_crosses_the_wire_under_its_name() {
        for scope in ProgramScope::ALL {
            let written = serde_json::to_value(scope).unwrap();
            assert_eq!(written, scope.name());
        }
    }
}
