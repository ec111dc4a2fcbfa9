//! Bodies of remote support: a session in which a technician helps at somebody's computer.
//!
//! A session is a meeting of its own kind. What the two say and show each other goes end to end ([`crate::remote`]);
//! what crosses here is who helped whom when, and what the agent at the computer lets be known of it.

use serde::{Deserialize, Deserializer, Serialize, de};
use utoipa::ToSchema;

use crate::feedback::{FeedbackQuestion, FeedbackQuestions, FeedbackRating, FeedbackRatings};
use crate::meeting::MeetingCode;
use crate::personal::{DisplayName, Title};
use crate::remote::{Capability, EndReason, Raising};
use crate::unattended::NotCome;
use crate::{AccountId, MeetingId, SupportSessionId, Timestamp};

/// Facts in one report.
pub const MOST_FACTS: usize = 64;

/// `POST /api/v1/support/sessions`: whoever gets its code or link is helped in it.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenSupport {
    /// As [`CreateMeeting::invitation_verifier`](crate::meeting::CreateMeeting::invitation_verifier).
    pub invitation_verifier: String,
}

/// A session as its technician sees it.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct SupportSession {
    pub id: SupportSessionId,
    /// That it takes place in.
    pub meeting: MeetingId,
    pub code: MeetingCode,
    pub technician: AccountId,
    pub technician_name: DisplayName,
    pub opened_at: Timestamp,
    /// Nobody new comes in by the code or the link from then on.
    pub code_until: Timestamp,
    pub state: SupportState,
    pub terms: SupportTerms,
    /// While it waits for an enrolled computer: why that does not come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_come: Option<NotCome>,
}

/// How far a session has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum SupportState {
    /// Nobody has come by its code.
    Waiting,
    Connected {
        since: Timestamp,
    },
    Ended {
        at: Timestamp,
        /// Somebody had come.
        was_connected: bool,
    },
    /// Nobody came while the code was good.
    Expired,
}

/// Answers `GET /api/v1/support/sessions`: one's own of the last 24 hours. Those that are not over first, then newest
/// first; 100 at the most.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct SupportSessions {
    pub sessions: Vec<SupportSession>,
}

/// Answers `GET /api/v1/support/codes/{code}`: whose help it is, for who types a code. Wrong, used and expired codes look
/// alike.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct SupportOffer {
    pub organisation: Title,
    pub technician: DisplayName,
    pub code_until: Timestamp,
}

/// Answers `GET /api/v1/meetings/{id}/support/terms`, with the participant's credential as bearer token: what policy
/// permits in a session. The person at the computer permits no more than this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SupportTerms {
    /// Each once.
    pub permitted: Vec<Capability>,
    /// The organisation keeps every session: nothing is permitted before recording is.
    pub must_record: bool,
    /// The fingerprint of the key that the recording is sealed to, in hexadecimal, where every session is kept: the
    /// person at the computer is shown it, and it is that of the page of recordings. Absent from a technician's list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording_key: Option<String>,
    /// How long the technician may do nothing.
    pub idle_minutes: u16,
    /// Of the whole session.
    pub longest_minutes: u16,
    pub file_limit: FileLimit,
    /// What the organisation asks of the person at the computer afterwards; absent where it asks what every one does, and
    /// from a technician's list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<FeedbackQuestion>>)]
    pub questions: Option<FeedbackQuestions>,
}

/// Answers `GET /api/v1/support/questions`, and is what `PUT` takes: what the organisation asks after sessions, 1 to 5
/// questions. Absent: whether the problem is solved, and for a rating.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupportQuestions {
    #[serde(default)]
    #[schema(value_type = Option<Vec<FeedbackQuestion>>)]
    pub questions: Option<FeedbackQuestions>,
}

/// Which files may go either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FileLimit {
    /// In bytes.
    pub largest: u64,
    /// In one session.
    pub most: u16,
    /// Also what a computer would run.
    pub programs: bool,
}

/// `POST /api/v1/meetings/{id}/support/facts`, with the agent's credential as bearer token: what it lets be known of the
/// session, in the order in which it happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportSupport {
    #[serde(deserialize_with = "some_facts")]
    #[schema(min_items = 1, max_items = 64)]
    pub facts: Vec<SupportFact>,
}

/// One thing that happened at the supported computer: no word, key, picture or name of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "fact", rename_all = "snake_case", deny_unknown_fields)]
pub enum SupportFact {
    Permitted {
        capability: Capability,
    },
    Refused {
        capability: Capability,
    },
    /// The local person said nothing in time, which is a no.
    Unanswered {
        capability: Capability,
    },
    /// It was permitted, and ended: taken back, given back, over, or without its ground.
    Withdrawn {
        capability: Capability,
    },
    ControlBegan {},
    ControlEnded {
        /// Events that reached the computer. No more than JSON's integers hold exactly (2^53 - 1), as all that is counted.
        #[serde(deserialize_with = "exact")]
        injected: u64,
        /// And that did not.
        #[serde(deserialize_with = "exact")]
        dropped: u64,
    },
    /// The local person took over for a moment, so often in a turn of control.
    LocalOverride {
        times: u32,
    },
    /// Input came though there was no control.
    InputWithoutControl {},
    /// A file came to the computer.
    FileKept {
        /// In bytes.
        #[serde(deserialize_with = "exact")]
        size: u64,
        /// In lower-case hexadecimal.
        #[serde(deserialize_with = "digest")]
        #[schema(pattern = "^[0-9a-f]{64}$")]
        sha256: String,
    },
    /// A file went to the technician.
    FileSent {
        /// In bytes.
        #[serde(deserialize_with = "exact")]
        size: u64,
        /// In lower-case hexadecimal.
        #[serde(deserialize_with = "digest")]
        #[schema(pattern = "^[0-9a-f]{64}$")]
        sha256: String,
    },
    FileFailed {},
    DiagnosticsSent {},
    /// Somebody else helps from here on.
    HandedOver {},
    /// The local person agreed that somebody else is there.
    WatcherAdmitted {},
    /// By an administrator's name and password the technician has their rights from here on.
    Raised {},
    NotRaised {
        why: Raising,
    },
    /// They have them no longer.
    Lowered {},
    /// The local person did not agree to a restart, or the computer could not come back from one.
    RestartRefused {},
    /// The computer restarts.
    Restarting {},
    /// After a restart it is in the session again, in which everything is asked anew.
    CameBack {},
    Ended {
        reason: EndReason,
    },
}

impl SupportFact {
    /// Whether nothing comes after it.
    pub fn is_of_end(&self) -> bool {
        matches!(self, Self::Ended { .. })
    }
}

/// `POST /api/v1/meetings/{id}/support/feedback`, with the agent's credential as bearer token: what the person who was
/// helped thinks of it. Once, until an hour after the end. What is absent was not answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SupportFeedback {
    pub solved: Option<bool>,
    #[serde(deserialize_with = "rating")]
    #[schema(minimum = 1, maximum = 5)]
    pub rating: Option<u8>,
    /// To what the organisation asks of its own; of what it does not ask nothing is kept.
    #[serde(skip_serializing_if = "FeedbackRatings::is_empty")]
    #[schema(value_type = Vec<FeedbackRating>)]
    pub answers: FeedbackRatings,
}

fn some_facts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<SupportFact>, D::Error> {
    let facts = Vec::<SupportFact>::deserialize(deserializer)?;
    (1..=MOST_FACTS)
        .contains(&facts.len())
        .then_some(facts)
        .ok_or_else(|| de::Error::custom("a report has 1 to 64 facts"))
}

fn exact<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let count = u64::deserialize(deserializer)?;
    (count < 1 << 53)
        .then_some(count)
        .ok_or_else(|| de::Error::custom("a count has 53 bits at the most"))
}

fn digest<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    let is_digest =
        text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    is_digest
        .then_some(text)
        .ok_or_else(|| de::Error::custom("SHA-256 has 64 lower-case hexadecimal digits"))
}

fn rating<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
    let rating = Option::<u8>::deserialize(deserializer)?;
    rating
        .is_none_or(|rating| (1..=5).contains(&rating))
        .then_some(rating)
        .ok_or_else(|| de::Error::custom("a rating is 1 to 5"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn a_state_says_since_when() {
        let since = Timestamp::from_micros(0);
        let connected = serde_json::to_value(SupportState::Connected { since }).unwrap();

        assert_eq!(connected["state"], "connected");
        let read: SupportState = serde_json::from_value(connected).unwrap();
        assert_eq!(read, SupportState::Connected { since });
        assert!(serde_json::from_value::<SupportState>(json!({ "state": "ended" })).is_err());
    }

    #[test]
    fn a_report_has_some_facts_and_not_more_than_fit() {
        let of = |count: usize| {
            let facts = vec![json!({ "fact": "control_began" }); count];
            serde_json::from_value::<ReportSupport>(json!({ "facts": facts }))
        };

        assert!(of(1).is_ok() && of(MOST_FACTS).is_ok());
        assert!(of(0).is_err() && of(MOST_FACTS + 1).is_err());
    }

    #[test]
    fn a_fact_is_read_as_it_is_written() {
        for fact in [
            SupportFact::Permitted {
                capability: Capability::ClipboardOut,
            },
            SupportFact::ControlEnded {
                injected: 7,
                dropped: 1,
            },
            SupportFact::FileKept {
                size: 0,
                sha256: SHA256.to_owned(),
            },
            SupportFact::WatcherAdmitted {},
            SupportFact::NotRaised {
                why: Raising::Wrong,
            },
            SupportFact::CameBack {},
            SupportFact::Ended {
                reason: EndReason::NotAnswered,
            },
        ] {
            let written = serde_json::to_value(&fact).unwrap();
            assert_eq!(
                serde_json::from_value::<SupportFact>(written).unwrap(),
                fact
            );
        }
    }

    #[test]
    fn a_fact_carries_nothing_that_it_does_not_name() {
        let short = &SHA256[1..];
        for wrong in [
            json!({ "fact": "looked" }),
            json!({ "fact": "permitted" }),
            json!({ "fact": "permitted", "capability": "shell" }),
            json!({ "fact": "permitted", "capability": "view", "why": "A lump" }),
            json!({ "fact": "file_kept", "size": -1, "sha256": SHA256 }),
            json!({ "fact": "file_kept", "size": 1_u64 << 53, "sha256": SHA256 }),
            json!({ "fact": "control_ended", "injected": u64::MAX, "dropped": 0 }),
            json!({ "fact": "file_kept", "size": 1, "sha256": SHA256, "name": "lump.pdf" }),
            json!({ "fact": "file_sent", "size": 1, "sha256": short }),
            json!({ "fact": "file_sent", "size": 1, "sha256": SHA256.to_uppercase() }),
            json!({ "fact": "ended", "reason": "bored" }),
        ] {
            assert!(
                serde_json::from_value::<SupportFact>(wrong.clone()).is_err(),
                "{wrong}"
            );
        }
    }

    #[test]
    fn feedback_is_a_yes_or_no_and_one_to_five_and_no_words() {
        let read = |value| serde_json::from_value::<SupportFeedback>(value);

        assert_eq!(read(json!({})).unwrap(), SupportFeedback::default());
        let all = read(json!({ "solved": false, "rating": 5 })).unwrap();
        assert_eq!((all.solved, all.rating), (Some(false), Some(5)));
        assert!(read(json!({ "solved": null, "rating": null })).is_ok());
        for wrong in [
            json!({ "rating": 0 }),
            json!({ "rating": 6 }),
            json!({ "solved": "yes" }),
            json!({ "words": "Thanks, Amy" }),
            json!({ "answers": [{ "question": "Why?", "rating": "Thanks, Amy" }] }),
            json!({ "answers": [{ "question": "Why?", "said": "Thanks, Amy" }] }),
        ] {
            assert!(read(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
