//! How our types lie in columns: as five types that both databases have.

use std::time::Duration;

use conclave_policy::second_factor::Assurance;
use conclave_protocol::account::{AccountRole, AccountState};
use conclave_protocol::anomaly::{AnomalyOutcome, AnomalyRule, RuleChoices};
use conclave_protocol::complaint::{ComplaintKind, ComplaintOutcome};
use conclave_protocol::emergency::{EmergencyEnd, EmergencyOutcome, EmergencyReason};
use conclave_protocol::evidence::{AgreementState, ClaimState, DecisionChoice};
use conclave_protocol::factor::BrowserKind;
use conclave_protocol::feedback::{FeedbackQuestions, FeedbackRatings};
use conclave_protocol::meeting::{
    Admission, DataMode, EndCause, EntryRule, MeetingCode, MeetingState, ParticipantRole, Sharing,
    Uninvited,
};
use conclave_protocol::meeting_session::ClientKind;
use conclave_protocol::mls::{Epoch, GroupId, LeafIndex, Opaque};
use conclave_protocol::personal::{DisplayName, EmailAddress, Label, Matter, Title, Words};
use conclave_protocol::policy::Layer;
use conclave_protocol::recording::{
    Custodians, RecordedFeedback, RecordingState, RecordingTrouble,
};
use conclave_protocol::risk::{RiskChoice, RiskLevel};
use conclave_protocol::saved_view::SavedFilter;
use conclave_protocol::schedule::Schedule;
use conclave_protocol::scim::ExternalId;
use conclave_protocol::vault::Unread;
use conclave_protocol::{
    AccountGroupId, AccountId, AnomalyId, EmergencyUseId, InvitationId, MeetingId, OrganisationId,
    ParticipantId, ProgramId, SavedViewId, SupportDeviceId, SupportRequestId, SupportSessionId,
    Timestamp,
};
use uuid::Uuid;

use crate::read::device::DeviceKind;
use crate::read::policy::LayerKind;
use crate::read::program::Scopes;
use crate::read::quality::Direction;
use crate::read::ticket::TicketKind;
use crate::secret::{PasswordHash, TokenHash};

/// `Raw` is `i64`, `bool`, `String`, `Uuid` or `Vec<u8>`, or an option of one.
pub(crate) trait Column: Sized {
    type Raw;

    fn into_raw(self) -> Self::Raw;
    fn from_raw(raw: Self::Raw) -> Result<Self, Misfit>;
}

/// A column holds what its type never writes: damage, or another program's hand.
#[derive(Debug, thiserror::Error)]
#[error("a column does not hold a {0}")]
pub(crate) struct Misfit(&'static str);

impl From<Misfit> for sqlx::Error {
    fn from(misfit: Misfit) -> Self {
        Self::Decode(Box::new(misfit))
    }
}

macro_rules! column {
    ($($type:ty as $raw:ty: |$value:ident| $into:expr, |$read:ident| $from:expr;)*) => {$(
        impl Column for $type {
            type Raw = $raw;

            fn into_raw(self) -> $raw {
                let $value = self;
                $into
            }

            fn from_raw($read: $raw) -> Result<Self, Misfit> {
                $from.ok_or(Misfit(stringify!($type)))
            }
        }
    )*};
}

column! {
    bool as bool: |value| value, |raw| Some(raw);
    i64 as i64: |value| value, |raw| Some(raw);
    String as String: |value| value, |raw| Some(raw);
    Vec<u8> as Vec<u8>: |value| value, |raw| Some(raw);
    Uuid as Uuid: |value| value, |raw| Some(raw);
    u64 as i64: |value| i64::try_from(value).unwrap_or(i64::MAX), |raw| Self::try_from(raw).ok();
    u32 as i64: |value| value.into(), |raw| Self::try_from(raw).ok();
    Timestamp as i64: |value| value.as_micros(), |raw| Some(Self::from_micros(raw));
    Duration as i64:
        |value| i64::try_from(value.as_micros()).unwrap_or(i64::MAX),
        |raw| u64::try_from(raw).ok().map(Self::from_micros);
    AccountId as Uuid: |id| id.0, |raw| Some(Self(raw));
    AccountGroupId as Uuid: |id| id.0, |raw| Some(Self(raw));
    Layer as String:
        |layer| serde_json::to_string(&layer).unwrap_or_default(),
        |raw| serde_json::from_str(&raw).ok();
    FeedbackQuestions as String:
        |questions| serde_json::to_string(&questions).unwrap_or_default(),
        |raw| serde_json::from_str(&raw).ok();
    FeedbackRatings as String:
        |ratings| serde_json::to_string(&ratings).unwrap_or_default(),
        |raw| serde_json::from_str(&raw).ok();
    Schedule as String:
        |schedule| serde_json::to_string(&schedule).unwrap_or_default(),
        |raw| serde_json::from_str(&raw).ok();
    MeetingId as Uuid: |id| id.0, |raw| Some(Self(raw));
    InvitationId as Uuid: |id| id.0, |raw| Some(Self(raw));
    OrganisationId as Uuid: |id| id.0, |raw| Some(Self(raw));
    EmergencyUseId as Uuid: |id| id.0, |raw| Some(Self(raw));
    AnomalyId as Uuid: |id| id.0, |raw| Some(Self(raw));
    SavedViewId as Uuid: |id| id.0, |raw| Some(Self(raw));
    SupportSessionId as Uuid: |id| id.0, |raw| Some(Self(raw));
    SupportDeviceId as Uuid: |id| id.0, |raw| Some(Self(raw));
    SupportRequestId as Uuid: |id| id.0, |raw| Some(Self(raw));
    RuleChoices as String:
        |choices| serde_json::to_string(&choices).unwrap_or_default(),
        |raw| serde_json::from_str(&raw).ok();
    Custodians as String:
        |custodians| serde_json::to_string(&custodians).unwrap_or_default(),
        |raw| kept_names(&raw).and_then(Custodians::new);
    SavedFilter as String:
        |filter| serde_json::to_string(&filter).unwrap_or_default(),
        |raw| serde_json::from_str(&raw).ok();
    ProgramId as Uuid: |id| id.0, |raw| Some(Self(raw));
    Scopes as String:
        |scopes| serde_json::to_string(&scopes.0).unwrap_or_default(),
        |raw| serde_json::from_str(&raw).ok().map(Self);
    ExternalId as String: |id| id.as_str().to_owned(), |raw| Self::parse(&raw);
    ParticipantId as Uuid: |id| id.0, |raw| Some(Self(raw));
    GroupId as Uuid: |id| Uuid::from_bytes(id.0), |raw| Some(Self(raw.into_bytes()));
    Epoch as i64:
        |epoch| i64::try_from(epoch.0).unwrap_or(i64::MAX),
        |raw| u64::try_from(raw).ok().map(Self);
    LeafIndex as i64: |leaf| leaf.0.into(), |raw| u32::try_from(raw).ok().map(Self);
    Opaque as Vec<u8>: |bytes| bytes.as_bytes().to_vec(), |raw| Self::new(raw).ok();
    MeetingCode as i64:
        |code| code.as_number().into(),
        |raw| u32::try_from(raw).ok().and_then(Self::from_number);
    [u8; 32] as Vec<u8>: |bytes| bytes.to_vec(), |raw| raw.try_into().ok();
    TokenHash as Vec<u8>: |hash| hash.0.to_vec(), |raw| raw.try_into().ok().map(Self);
    PasswordHash as String: |hash| hash.0, |raw| Some(Self(raw));
    Title as String: |title| title.as_str().to_owned(), |raw| Self::parse(&raw).ok();
    Words as String: |words| words.as_str().to_owned(), |raw| Self::parse(&raw).ok();
    Matter as String: |matter| matter.as_str().to_owned(), |raw| Self::parse(&raw).ok();
    Label as String: |label| label.as_str().to_owned(), |raw| Self::parse(&raw).ok();
    DisplayName as String: |name| name.as_str().to_owned(), |raw| Self::kept(&raw);
    EmailAddress as String: |email| email.as_str().to_owned(), |raw| Self::parse(&raw).ok();
}

impl<const MOST: usize> Column for Unread<MOST> {
    type Raw = Vec<u8>;

    fn into_raw(self) -> Vec<u8> {
        self.into_bytes()
    }

    fn from_raw(raw: Vec<u8>) -> Result<Self, Misfit> {
        Self::new(raw).ok_or(Misfit("bounded value"))
    }
}

impl<C: Column> Column for Option<C> {
    type Raw = Option<C::Raw>;

    fn into_raw(self) -> Self::Raw {
        self.map(C::into_raw)
    }

    fn from_raw(raw: Self::Raw) -> Result<Self, Misfit> {
        raw.map(C::from_raw).transpose()
    }
}

/// A JSON array of them, as they were taken once.
fn kept_names(json: &str) -> Option<Vec<DisplayName>> {
    let names: Vec<String> = serde_json::from_str(json).ok()?;
    let kept = names.iter().map(|name| DisplayName::kept(name));
    kept.collect()
}

macro_rules! words {
    ($($type:ident { $($variant:ident = $word:literal),* })*) => {$(
        impl Column for $type {
            type Raw = String;

            fn into_raw(self) -> String {
                match self { $(Self::$variant => $word,)* }.to_owned()
            }

            fn from_raw(raw: String) -> Result<Self, Misfit> {
                match raw.as_str() {
                    $($word => Ok(Self::$variant),)*
                    _ => Err(Misfit(stringify!($type))),
                }
            }
        }
    )*};
}

words! {
    AccountRole {
        Owner = "owner", Admin = "admin", AccountManager = "account_manager",
        Representative = "representative", Auditor = "auditor", Member = "member"
    }
    AccountState {
        Pending = "pending", Active = "active", Suspended = "suspended", Removed = "removed"
    }
    Assurance {
        Password = "password", Totp = "totp", RecoveryCode = "recovery_code", Passkey = "passkey",
        SingleSignOn = "single_sign_on", SingleSignOnTotp = "single_sign_on_totp",
        SingleSignOnRecoveryCode = "single_sign_on_recovery_code",
        SingleSignOnOfTwo = "single_sign_on_of_two", EmergencyCode = "emergency_code"
    }
    DeviceKind {
        Session = "session", KnownBrowser = "known_browser", Passkey = "passkey",
        Authenticator = "authenticator"
    }
    BrowserKind {
        Chrome = "chrome", Edge = "edge", Firefox = "firefox", Safari = "safari", Other = "other"
    }
    ClientKind {
        Chrome = "chrome", Edge = "edge", Firefox = "firefox", Safari = "safari",
        OtherBrowser = "other_browser", Program = "program"
    }
    MeetingState { Scheduled = "scheduled", Live = "live", Ended = "ended" }
    ParticipantRole {
        Host = "host", CoHost = "co_host", Participant = "participant", Guest = "guest",
        Companion = "companion"
    }
    EndCause {
        Host = "host", Administrator = "administrator", Empty = "empty",
        HostAbsent = "host_absent", TooLong = "too_long"
    }
    DataMode { Conduit = "conduit", Retain = "retain", Archive = "archive" }
    LayerKind { Organisation = "organisation", Group = "group", Account = "account" }
    EntryRule { Link = "link", Lobby = "lobby", Invited = "invited" }
    Uninvited { Wait = "wait", Refuse = "refuse" }
    Sharing { Everybody = "everybody", Hosts = "hosts" }
    Admission {
        Waiting = "waiting", HostAbsent = "host_absent", Admitted = "admitted",
        Denied = "denied", Expelled = "expelled", Left = "left"
    }
    TicketKind { Join = "join", Resume = "resume" }
    Direction { Published = "published", Subscribed = "subscribed" }
    ClaimState {
        Proven = "proven", Stale = "stale", NotMet = "not_met", NotApplicable = "not_applicable"
    }
    DecisionChoice {
        Implemented = "implemented", Equivalent = "equivalent", NotReasonable = "not_reasonable"
    }
    AgreementState { Draft = "draft", Signed = "signed", Ended = "ended" }
    RecordedFeedback {
        Elsewhere = "elsewhere", Awaited = "awaited", Kept = "kept", Missing = "missing"
    }
    RecordingState {
        Open = "open", Whole = "whole", Incomplete = "incomplete", Damaged = "damaged",
        Deleted = "deleted"
    }
    RecordingTrouble {
        Incomplete = "incomplete", Damaged = "damaged", WithoutFeedback = "without_feedback"
    }
    RiskLevel { Low = "low", Moderate = "moderate", High = "high" }
    RiskChoice {
        Accepted = "accepted", Reduced = "reduced", Shared = "shared", Avoided = "avoided"
    }
    ComplaintKind {
        Complaint = "complaint", Access = "access", Amendment = "amendment",
        Accounting = "accounting", Restriction = "restriction", Other = "other"
    }
    ComplaintOutcome {
        Resolved = "resolved", NoCause = "no_cause", Referred = "referred",
        Withdrawn = "withdrawn"
    }
    EmergencyReason {
        PatientInDanger = "patient_in_danger", ClinicianUnreachable = "clinician_unreachable",
        SystemFailure = "system_failure", Drill = "drill"
    }
    EmergencyEnd { Holder = "holder", Time = "time" }
    AnomalyRule {
        RefusedSignInsOfAccount = "refused_sign_ins_of_account",
        RefusedSignInsFromNetwork = "refused_sign_ins_from_network",
        LockedOutAccounts = "locked_out_accounts", GuessedMeetingCodes = "guessed_meeting_codes",
        ExportsOutsideHours = "exports_outside_hours", ManyExports = "many_exports",
        PolicyLoosened = "policy_loosened", EmergencyAccess = "emergency_access",
        AdministratorMade = "administrator_made", UnknownBrowser = "unknown_browser",
        AuditFault = "audit_fault"
    }
    AnomalyOutcome {
        Explained = "explained", Incident = "incident", NeedsFollowUp = "needs_follow_up"
    }
    EmergencyOutcome {
        Justified = "justified", NotJustified = "not_justified", NeedsFollowUp = "needs_follow_up"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_type_of_ours_writes_is_refused() {
        assert!(u64::from_raw(-1).is_err());
        assert!(MeetingCode::from_raw(1_000_000_000).is_err());
        assert!(TokenHash::from_raw(vec![0; 31]).is_err());
        assert!(MeetingState::from_raw("Live".to_owned()).is_err());
        assert!(Title::from_raw(String::new()).is_err());
    }

    #[test]
    fn an_absent_value_stays_absent() {
        assert!(Option::<Timestamp>::from_raw(None).is_ok_and(|read| read.is_none()));
        assert_eq!(Some(Timestamp::from_micros(5)).into_raw(), Some(5));
    }
}
