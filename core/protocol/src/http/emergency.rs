//! Bodies of emergency access: why somebody takes it, what it opens at this moment, and what others think of it later.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::personal::{DisplayName, Secret, Words};
use crate::{AccountId, EmergencyUseId, Timestamp};

/// Why somebody takes emergency access. In their own words they say more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EmergencyReason {
    PatientInDanger,
    /// Who is responsible can't be reached.
    ClinicianUnreachable,
    SystemFailure,
    /// Nothing is the matter: somebody tries whether it works.
    Drill,
}

impl EmergencyReason {
    pub const ALL: [Self; 4] = [
        Self::PatientInDanger,
        Self::ClinicianUnreachable,
        Self::SystemFailure,
        Self::Drill,
    ];

    /// Its stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::PatientInDanger => "patient_in_danger",
            Self::ClinicianUnreachable => "clinician_unreachable",
            Self::SystemFailure => "system_failure",
            Self::Drill => "drill",
        }
    }
}

/// How a use came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EmergencyEnd {
    /// Whoever took it gave it back.
    Holder,
    /// Its time was over.
    Time,
}

/// What a reviewer came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EmergencyOutcome {
    Justified,
    NotJustified,
    NeedsFollowUp,
}

impl EmergencyOutcome {
    /// Its stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Justified => "justified",
            Self::NotJustified => "not_justified",
            Self::NeedsFollowUp => "needs_follow_up",
        }
    }
}

/// `POST /api/v1/emergency`: takes emergency access.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvokeEmergency {
    pub reason: EmergencyReason,
    /// What is the matter. Kept sealed, for reviewers alone.
    pub words: Words,
}

/// How emergency access stands for who asks.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct EmergencyStanding {
    /// Policy lets them take it.
    pub may_invoke: bool,
    /// Theirs, while it is open.
    pub open: Option<OpenEmergency>,
}

#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct OpenEmergency {
    pub id: EmergencyUseId,
    pub reason: EmergencyReason,
    pub invoked_at: Timestamp,
    /// Nothing is open from then on.
    pub expires_at: Timestamp,
}

/// Answers `GET /api/v1/emergency/uses`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct EmergencyUses {
    /// Newest first, 200 at the most; those that wait for a review are never left out for others.
    pub uses: Vec<EmergencyUse>,
    /// How many of all wait for their review for longer than they may.
    pub overdue: u32,
    pub drill: EmergencyDrills,
}

/// One use, without what was said of it.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct EmergencyUse {
    pub id: EmergencyUseId,
    /// Who took it; absent where the operator's drill did.
    pub account: Option<AccountId>,
    pub display_name: Option<DisplayName>,
    pub reason: EmergencyReason,
    pub invoked_at: Timestamp,
    pub expires_at: Timestamp,
    /// Absent while it is open.
    pub ended_at: Option<Timestamp>,
    pub ended_by: Option<EmergencyEnd>,
    /// How often a meeting was entered by it.
    pub entered: u32,
    /// Until when it is to be reviewed.
    pub review_due_at: Timestamp,
    /// That was, and nobody did.
    pub overdue: bool,
    pub review: Option<EmergencyReview>,
}

#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct EmergencyReview {
    pub outcome: EmergencyOutcome,
    pub at: Timestamp,
    /// Absent where it is of the operator's drill.
    pub by: Option<AccountId>,
    pub by_name: Option<DisplayName>,
}

/// How lately the operator has proved that all of it works.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct EmergencyDrills {
    pub last: Option<EmergencyDrill>,
    /// None passed within the last 31 days.
    pub overdue: bool,
}

#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct EmergencyDrill {
    pub at: Timestamp,
    pub passed: bool,
    /// The step that failed.
    pub failed_at: Option<String>,
}

/// Answers `GET /api/v1/emergency/uses/{use}/words`: what was said of a use.
#[derive(Clone, Serialize, ToSchema)]
pub struct EmergencyWords {
    /// By who took it.
    pub words: Words,
    /// By who reviewed it.
    pub note: Option<Words>,
}

/// `POST /api/v1/emergency/uses/{use}/review`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewEmergency {
    pub outcome: EmergencyOutcome,
    /// Kept sealed, for reviewers alone.
    pub note: Words,
}

/// Answers `GET /api/v1/emergency/codes`: the sealed codes of the organisation.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct EmergencyCodes {
    /// Absent until somebody makes them.
    pub set: Option<EmergencyCodeSet>,
}

/// Those that count: a later set makes an earlier one void.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct EmergencyCodeSet {
    pub made_at: Timestamp,
    pub made_by: AccountId,
    pub made_by_name: DisplayName,
    /// By their numbers.
    pub codes: Vec<EmergencyCode>,
}

/// What is known of a code: never the code.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct EmergencyCode {
    /// As it is printed beside it, from 1.
    pub number: u32,
    pub used: Option<UsedEmergencyCode>,
}

#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct UsedEmergencyCode {
    pub at: Timestamp,
    pub by: AccountId,
    pub by_name: DisplayName,
}

/// Answers `POST /api/v1/emergency/codes`.
#[derive(Serialize, ToSchema)]
pub struct EmergencyCodesMade {
    /// By their numbers; shown this once.
    pub codes: Vec<String>,
}

/// `POST /api/v1/session/emergency`: signs in with one of the sealed codes, for emergency access alone.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInByEmergencyCode {
    /// The account's own address, as typed.
    pub email: Secret,
    /// Spaces and hyphens don't count.
    pub code: Secret,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_crosses_the_wire_under_its_name() {
        for reason in EmergencyReason::ALL {
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.code());
        }
    }

    // Shows: ABUSE-67.
    #[test]
    fn without_a_reason_and_words_nothing_is_asked_for() {
        for wrong in [
            r#"{"words":"Fell"}"#,
            r#"{"reason":"drill"}"#,
            r#"{"reason":"curiosity","words":"Fell"}"#,
            r#"{"reason":"drill","words":" \n "}"#,
        ] {
            assert!(serde_json::from_str::<InvokeEmergency>(wrong).is_err());
        }
        let right = r#"{"reason":"drill","words":"Fell.\nAlone."}"#;
        assert!(serde_json::from_str::<InvokeEmergency>(right).is_ok());
    }
}
