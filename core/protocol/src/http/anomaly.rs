//! Bodies about anomalies: which rules look through the log, what they found, what somebody thinks of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::personal::{DisplayName, Words};
use crate::{AccountId, AnomalyId, Timestamp};

/// What is looked for. Policy has its bounds.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum AnomalyRule {
    /// Refused sign-ins to one account.
    RefusedSignInsOfAccount,
    /// Refused sign-ins from one network, to whatever account.
    RefusedSignInsFromNetwork,
    /// Accounts at which somebody was locked out.
    LockedOutAccounts,
    /// Meeting codes that no meeting has, typed in one network.
    GuessedMeetingCodes,
    /// The log, a report or the evidence left the server outside of the usual hours.
    ExportsOutsideHours,
    /// So by one person, unusually often.
    ManyExports,
    /// A policy, or a rule of these, permits more than it did.
    PolicyLoosened,
    /// Emergency access was taken, by whomever.
    EmergencyAccess,
    /// Somebody was made an owner or admin, or invited as one.
    AdministratorMade,
    /// Somebody with power signed in with a browser that their account was not known in.
    UnknownBrowser,
    /// The machine's clock was set back, or what is kept of a log is not what was signed.
    AuditFault,
}

impl AnomalyRule {
    /// Every one, in their order.
    pub const ALL: [Self; 11] = [
        Self::RefusedSignInsOfAccount,
        Self::RefusedSignInsFromNetwork,
        Self::LockedOutAccounts,
        Self::GuessedMeetingCodes,
        Self::ExportsOutsideHours,
        Self::ManyExports,
        Self::PolicyLoosened,
        Self::EmergencyAccess,
        Self::AdministratorMade,
        Self::UnknownBrowser,
        Self::AuditFault,
    ];

    /// Its stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::RefusedSignInsOfAccount => "refused_sign_ins_of_account",
            Self::RefusedSignInsFromNetwork => "refused_sign_ins_from_network",
            Self::LockedOutAccounts => "locked_out_accounts",
            Self::GuessedMeetingCodes => "guessed_meeting_codes",
            Self::ExportsOutsideHours => "exports_outside_hours",
            Self::ManyExports => "many_exports",
            Self::PolicyLoosened => "policy_loosened",
            Self::EmergencyAccess => "emergency_access",
            Self::AdministratorMade => "administrator_made",
            Self::UnknownBrowser => "unknown_browser",
            Self::AuditFault => "audit_fault",
        }
    }
}

/// How a rule looks: from how many within how long on something is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AnomalyRuleSetting)]
pub struct RuleSetting {
    pub is_on: bool,
    pub threshold: u32,
    pub window_minutes: u32,
    /// Of [`AnomalyRule::ExportsOutsideHours`] alone: which hours are the usual ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usual_hours: Option<UsualHours>,
}

/// Hours of the day, in UTC: from one on and before another, which may be the next day's. Both the same: all day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UsualHours {
    /// 0 to 23.
    pub from: u8,
    /// 0 to 23.
    pub to: u8,
}

/// What an organisation says of rules; of what it does not name, the catalogue's word counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleChoices(pub BTreeMap<AnomalyRule, RuleSetting>);

/// Answers `GET /api/v1/admin/anomalies/rules`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct AnomalyRules {
    /// Rises with each change.
    pub revision: u64,
    /// Every rule, in the catalogue's order.
    pub rules: Vec<RuleStanding>,
}

/// One rule as it stands, and within which bounds it can.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = AnomalyRuleStanding)]
pub struct RuleStanding {
    pub rule: AnomalyRule,
    pub setting: RuleSetting,
    /// While the organisation says nothing of it.
    pub usual: RuleSetting,
    pub least_threshold: u32,
    pub most_threshold: u32,
    pub shortest_window_minutes: u32,
    pub longest_window_minutes: u32,
}

/// `PUT /api/v1/admin/anomalies/rules`: how these look from here on; those that are not named, as they usually do.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeAnomalyRules {
    /// As they were read.
    pub revision: u64,
    /// Each once at the most.
    pub rules: Vec<RuleChoice>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AnomalyRuleChoice)]
pub struct RuleChoice {
    pub rule: AnomalyRule,
    pub setting: RuleSetting,
}

/// Answers `GET /api/v1/admin/anomalies`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct AnomalyList {
    /// Newest first, 200 at the most; those that nobody has looked at are never left out for others.
    pub findings: Vec<Anomaly>,
    /// How many of all nobody has looked at.
    pub open: u32,
}

/// Something that a rule found, without what was said of it.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Anomaly {
    pub id: AnomalyId,
    pub rule: AnomalyRule,
    pub found_at: Timestamp,
    /// So many, within so long.
    pub count: u32,
    pub window_minutes: u32,
    /// Whom or what it is about, as in the log; absent where that is the organisation, or a network.
    pub subject: Option<Uuid>,
    /// Of an account of the organisation.
    pub display_name: Option<DisplayName>,
    /// Shortened, as in the log.
    pub network: Option<String>,
    pub review: Option<AnomalyReview>,
}

#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct AnomalyReview {
    pub outcome: AnomalyOutcome,
    pub at: Timestamp,
    pub by: AccountId,
    pub by_name: Option<DisplayName>,
}

/// What a reviewer came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnomalyOutcome {
    /// There is a good reason for it.
    Explained,
    Incident,
    NeedsFollowUp,
}

impl AnomalyOutcome {
    /// Its stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Explained => "explained",
            Self::Incident => "incident",
            Self::NeedsFollowUp => "needs_follow_up",
        }
    }
}

/// `POST /api/v1/admin/anomalies/{anomaly}/review`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewAnomaly {
    pub outcome: AnomalyOutcome,
    /// Kept sealed, for reviewers alone.
    pub note: Words,
}

/// Answers `GET /api/v1/admin/anomalies/{anomaly}/words`: what the reviewer said.
#[derive(Clone, Serialize, ToSchema)]
pub struct AnomalyWords {
    /// Absent while nobody has reviewed it.
    pub note: Option<Words>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_crosses_the_wire_under_its_name() {
        for rule in AnomalyRule::ALL {
            assert_eq!(serde_json::to_value(rule).unwrap(), rule.code());
        }
    }

    #[test]
    fn choices_are_read_as_they_are_written() {
        let text = r#"{"many_exports":{"is_on":false,"threshold":20,"window_minutes":1440}}"#;
        let choices: RuleChoices = serde_json::from_str(text).unwrap();

        assert_eq!(serde_json::to_string(&choices).unwrap(), text);
        let unknown = r#"{"parking":{"is_on":true,"threshold":1,"window_minutes":1}}"#;
        assert!(serde_json::from_str::<RuleChoices>(unknown).is_err());
    }
}
