//! A presenter's computer in their meeting: offered with a code, brought by the agent that runs on it, lent to one
//! participant at a time.

use serde::{Deserialize, Deserializer, Serialize, de};
use utoipa::ToSchema;

use crate::personal::{DisplayName, Secret, Title};
use crate::support::{MOST_FACTS, SupportFact};
use crate::{ParticipantId, Timestamp};

/// Whose computer a participant of the kind `companion` is, and whose hands may reach it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CompanionOf {
    pub owner: ParticipantId,
    /// Whom its owner chose. The person at the computer is asked all the same.
    pub controller: Option<ParticipantId>,
    /// Rises with each choice.
    pub turn: u32,
}

/// Answers `POST /api/v1/meetings/{id}/companion`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct CompanionCode {
    /// 256 secret bits as base64url, kept hashed: for the agent's link, and good once.
    pub code: String,
    pub code_until: Timestamp,
}

/// `POST /api/v1/companions/look-up` and `POST /api/v1/companions`: in the body, as it opens a meeting.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowCompanionCode {
    pub code: Secret,
}

/// Answers `POST /api/v1/companions/look-up`: into whose meeting, and as whose computer.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct CompanionOffer {
    pub organisation: Title,
    pub owner_name: DisplayName,
    /// As what the computer comes in.
    pub display_name: DisplayName,
    pub code_until: Timestamp,
}

/// `POST /api/v1/meetings/{id}/companion/{participant}/control`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveControl {
    /// Nobody: it is taken back.
    pub to: Option<ParticipantId>,
}

/// `POST /api/v1/meetings/{id}/companion/facts`: what the agent lets be known of one turn, in its order.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportCompanion {
    pub turn: u32,
    #[serde(deserialize_with = "some_facts")]
    #[schema(min_items = 1, max_items = 64)]
    pub facts: Vec<SupportFact>,
}

fn some_facts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<SupportFact>, D::Error> {
    let facts = Vec::<SupportFact>::deserialize(deserializer)?;
    (1..=MOST_FACTS)
        .contains(&facts.len())
        .then_some(facts)
        .ok_or_else(|| de::Error::custom("a report has 1 to 64 facts"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_report_says_something_and_not_too_much() {
        let read = |facts: serde_json::Value| {
            serde_json::from_value::<ReportCompanion>(json!({"turn": 1, "facts": facts}))
        };
        let began = json!({"fact": "control_began"});

        assert!(read(json!([began])).is_ok());
        assert!(read(json!([])).is_err());
        assert!(read(json!(vec![began; MOST_FACTS + 1])).is_err());
    }

    #[test]
    fn control_is_given_to_somebody_or_to_nobody() {
        let read = |value| serde_json::from_value::<GiveControl>(value);

        assert!(read(json!({"to": null})).is_ok_and(|give| give.to.is_none()));
        let somebody = json!({"to": "00000000-0000-7000-8000-000000000000"});
        assert!(read(somebody).is_ok_and(|give| give.to.is_some()));
        assert!(read(json!({"to": "everybody"})).is_err());
    }
}
