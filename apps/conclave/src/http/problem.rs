//! Errors on the wire: RFC 9457 problems with stable codes.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use conclave_protocol::problem::Problem;
use conclave_store::{ReadError, Refused, WriteError};

use crate::media::Busy;
use crate::passkeys::NotAccepted;
use crate::passwords::Overloaded;
use crate::sealing::Unopened;
use crate::secret::NoRandomness;
use crate::single_sign_on::NotDeparted;

/// One kind of refusal: its status, its stable code and its sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    pub status: StatusCode,
    pub code: &'static str,
    pub detail: &'static str,
}

macro_rules! kinds {
    ($($name:ident = $status:ident, $code:literal, $detail:literal;)*) => {
        $(pub(crate) const $name: Kind = Kind {
            status: StatusCode::$status,
            code: $code,
            detail: $detail,
        };)*

        /// Every kind, in the order of `docs/errors.md`.
        pub const ALL: &[Kind] = &[$($name),*];
    };
}

kinds! {
    MALFORMED_REQUEST = BAD_REQUEST, "malformed_request",
        "The request is not what this address expects; see /api/v1/openapi.json.";
    UNSUPPORTED_MEDIA_TYPE = UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type",
        "Send the body as application/json.";
    BODY_TOO_LARGE = PAYLOAD_TOO_LARGE, "body_too_large",
        "The body is larger than this server takes.";
    NOT_FOUND = NOT_FOUND, "not_found",
        "There is nothing at this address.";
    METHOD_NOT_ALLOWED = METHOD_NOT_ALLOWED, "method_not_allowed",
        "This address does not take this method.";
    CROSS_SITE = FORBIDDEN, "cross_site_request",
        "The request comes from a page of another site.";
    REQUEST_TIMEOUT = REQUEST_TIMEOUT, "request_timeout",
        "The request took too long.";
    IDEMPOTENCY_KEY_MISSING = BAD_REQUEST, "idempotency_key_missing",
        "Send an Idempotency-Key header with a UUID, the same one with each repetition.";
    IDEMPOTENCY_KEY_NOT_RANDOM = BAD_REQUEST, "idempotency_key_not_random",
        "To join, the Idempotency-Key is a random UUID (version 4), kept secret for a day.";
    IDEMPOTENCY_KEY_REUSED = UNPROCESSABLE_ENTITY, "idempotency_key_reused",
        "This Idempotency-Key belongs to another request; use a fresh one.";
    OWNER_EXISTS = CONFLICT, "owner_exists",
        "This server has an owner already; sign in.";
    SETUP_LINK_INVALID = FORBIDDEN, "setup_link_invalid",
        "The link is used, too old or wrong; restart the server for a fresh one.";
    PASSWORD_TOO_SHORT = UNPROCESSABLE_ENTITY, "password_too_short",
        "The password needs at least 15 characters.";
    PASSWORD_TOO_LONG = UNPROCESSABLE_ENTITY, "password_too_long",
        "The password has at most 256 characters.";
    PASSWORD_COMMON = UNPROCESSABLE_ENTITY, "password_common",
        "This password is easy to guess; choose another.";
    SIGN_IN_FAILED = UNAUTHORIZED, "sign_in_failed",
        "The e-mail address or the password is wrong.";
    NOT_SIGNED_IN = UNAUTHORIZED, "not_signed_in",
        "Sign in first.";
    TOO_MANY_ATTEMPTS = TOO_MANY_REQUESTS, "too_many_attempts",
        "Too many wrong attempts; wait and try again.";
    TOO_MANY_REQUESTS = TOO_MANY_REQUESTS, "too_many_requests",
        "Too many requests come from your address; wait a moment.";
    NOT_ALLOWED = FORBIDDEN, "not_allowed",
        "You may not do this.";
    NOT_AUTHENTICATED = UNAUTHORIZED, "not_authenticated",
        "Send the participant's credential as bearer token; join the meeting to get one.";
    MEETING_NOT_FOUND = NOT_FOUND, "meeting_not_found",
        "There is no such meeting for you: the code may be wrong, or the meeting over.";
    MEETING_FULL = CONFLICT, "meeting_full",
        "The meeting, or its lobby, has as many people as it holds.";
    MEETING_LOCKED = CONFLICT, "meeting_locked",
        "The host has locked the meeting: nobody new comes in until they unlock it.";
    MEETING_ENDED = GONE, "meeting_ended",
        "The meeting is over.";
    INVITATION_VERIFIER_INVALID = UNPROCESSABLE_ENTITY, "invitation_verifier_invalid",
        "The invitation verifier is 32 bytes as base64url without padding.";
    TIME_OUT_INVALID = UNPROCESSABLE_ENTITY, "time_out_invalid",
        "A meeting's time-outs are at least two minutes, and no longer than this server's.";
    NOT_ADMITTED = FORBIDDEN, "not_admitted",
        "You are not in the meeting, or not yet.";
    PARTICIPANT_NOT_FOUND = NOT_FOUND, "participant_not_found",
        "There is no such participant in this meeting.";
    PARTICIPANT_NOT_WAITING = CONFLICT, "participant_not_waiting",
        "The participant does not wait any more.";
    PARTICIPANT_NOT_INSIDE = CONFLICT, "participant_not_inside",
        "The participant is not in the meeting, or not any more.";
    VAULT_MOVED_ON = CONFLICT, "vault_moved_on",
        "Another browser of this account changed the vault first; read it again.";
    DEVICE_LIST_INVALID = UNPROCESSABLE_ENTITY, "device_list_invalid",
        "The entries do not continue this account's list of devices, its key has not signed them, or there would be more than 512.";
    VAULT_INVALID = UNPROCESSABLE_ENTITY, "vault_invalid",
        "No browser of this account's list has signed this version of the vault; read it again.";
    TOO_MANY_DEVICE_REQUESTS = CONFLICT, "too_many_device_requests",
        "Three browsers of this account ask to be added already; answer them, or wait 15 minutes.";
    DEVICE_REQUEST_NOT_FOUND = NOT_FOUND, "device_request_not_found",
        "There is no such request, or no longer.";
    CHANGED_MEANWHILE = CONFLICT, "changed_meanwhile",
        "It was changed at the same moment; look at it again, then try again.";
    SWITCHED_OFF = FORBIDDEN, "switched_off",
        "This is switched off for you; ask who manages the accounts of your organisation.";
    PASSCODE_NEEDED = FORBIDDEN, "passcode_needed",
        "Whoever came without the link is let in once they have shown that they know the passcode.";
    NO_GUESTS = FORBIDDEN, "no_guests",
        "Only people with an account of the organisation come into this meeting; sign in first.";
    GROUP_NOT_FOUND = NOT_FOUND, "group_not_found",
        "There is no such group, or nobody like that in it.";
    GROUP_NAME_TAKEN = CONFLICT, "group_name_taken",
        "Another group has this name.";
    TOO_MANY_GROUPS = CONFLICT, "too_many_groups",
        "There are 200 groups already; delete one first.";
    POLICY_SUBJECT_NOT_FOUND = NOT_FOUND, "policy_subject_not_found",
        "There is no such group or account.";
    HELD_BY_PROFILE = CONFLICT, "held_by_profile",
        "The healthcare profile holds this setting; leave the profile first.";
    PROFILE_OFF = CONFLICT, "profile_off",
        "The healthcare profile is not on.";
    NEEDS_ANOTHER = FORBIDDEN, "needs_another",
        "Another owner or admin must confirm this.";
    CONFIRMATION_EXPIRED = CONFLICT, "confirmation_expired",
        "Nobody asked for this within the last 24 hours.";
    NO_CODE_FREE = SERVICE_UNAVAILABLE, "no_code_free",
        "No free meeting code was found; try again.";
    BUSY = SERVICE_UNAVAILABLE, "busy",
        "The server has too much to do at this moment; try again.";
    STORE_UNAVAILABLE = SERVICE_UNAVAILABLE, "store_unavailable",
        "The server can't read or write its data at this moment; try again.";
    SECOND_FACTOR_REQUIRED = FORBIDDEN, "second_factor_required",
        "Your role needs a second factor; set one up first.";
    SECOND_FACTOR_WRONG = UNAUTHORIZED, "second_factor_wrong",
        "The code is wrong, or was used before.";
    SIGN_IN_EXPIRED = UNAUTHORIZED, "sign_in_expired",
        "This took longer than five minutes; begin again.";
    STEP_UP_REQUIRED = FORBIDDEN, "step_up_required",
        "Prove first that it is you who sits there.";
    PASSKEY_REFUSED = UNAUTHORIZED, "passkey_refused",
        "This passkey does not open an account here.";
    PASSKEYS_UNAVAILABLE = CONFLICT, "passkeys_unavailable",
        "This server is reached without a name, for which no passkeys are made.";
    PASSKEY_TAKEN = CONFLICT, "passkey_taken",
        "This passkey is set up already.";
    TOO_MANY_PASSKEYS = CONFLICT, "too_many_passkeys",
        "An account has at most 16 passkeys; remove one first.";
    CEREMONY_EXPIRED = CONFLICT, "ceremony_expired",
        "This was not begun, or took longer than five minutes; begin again.";
    SIGN_IN_WAY_NOT_FOUND = NOT_FOUND, "sign_in_way_not_found",
        "Your account has no such way to sign in, or no longer.";
    LAST_FACTOR = CONFLICT, "last_factor",
        "Your role needs a second factor, and this is the only one; set up another first.";
    SESSION_NOT_FOUND = NOT_FOUND, "session_not_found",
        "You are not signed in there, or no longer.";
    INTERNAL = INTERNAL_SERVER_ERROR, "internal",
        "The server made a mistake, and has recorded it.";
    ACCOUNT_NOT_ACTIVE = FORBIDDEN, "account_not_active",
        "This account waits for approval, or is suspended; ask an administrator.";
    ACCOUNT_NOT_FOUND = NOT_FOUND, "account_not_found",
        "There is no such account, or no longer.";
    ACCOUNT_STATE = CONFLICT, "account_state",
        "The account is not, or no longer, in the state for this; read the list again.";
    ACCOUNT_EXISTS = CONFLICT, "account_exists",
        "This address has an account already.";
    OWN_ACCOUNT = FORBIDDEN, "own_account",
        "Nobody changes their own account in this way; ask another administrator.";
    LAST_OWNER = CONFLICT, "last_owner",
        "The organisation needs an active owner; make another one first.";
    INVITATION_NOT_FOUND = NOT_FOUND, "invitation_not_found",
        "There is no such invitation, or no longer.";
    LINK_INVALID = FORBIDDEN, "link_invalid",
        "The link is used, replaced, too old or wrong; ask for another.";
    EMAIL_UNUSABLE = UNPROCESSABLE_ENTITY, "email_unusable",
        "No mail can be sent to this address.";
    MAIL_UNAVAILABLE = NOT_IMPLEMENTED, "mail_unavailable",
        "This server sends no mail; ask an administrator.";
    ACCOUNT_REQUESTS_CLOSED = FORBIDDEN, "account_requests_closed",
        "Accounts are by invitation here; ask an administrator for one.";
    KEY_REFUSED = UNAUTHORIZED, "key_refused",
        "This key opens nothing here: it is wrong, over, or not for this.";
    PROGRAM_NOT_FOUND = NOT_FOUND, "program_not_found",
        "There is no such program, or no longer.";
    PROGRAM_INVALID = UNPROCESSABLE_ENTITY, "program_invalid",
        "A program has at least one scope, each once, and lasts 1 to 365 days.";
    TOO_MANY_PROGRAMS = CONFLICT, "too_many_programs",
        "There are 50 programs already; end one first.";
    MANAGED_BY_DIRECTORY = CONFLICT, "managed_by_directory",
        "Your directory says who is in this group and what it is called; change it there.";
    SCIM_SYNTAX = BAD_REQUEST, "scim_syntax",
        "The body is not what SCIM has for this; see docs/scim.md.";
    SCIM_FILTER = BAD_REQUEST, "scim_filter",
        "Served are the filters userName, externalId and displayName, with eq alone.";
    SCIM_PATH = BAD_REQUEST, "scim_path",
        "There is no such attribute here, or it can't be pointed at so.";
    SCIM_VALUE = BAD_REQUEST, "scim_value",
        "An attribute has a value that it can't have, or one that it must have is missing.";
    SCIM_MUTABILITY = BAD_REQUEST, "scim_mutability",
        "This attribute is not the directory's to change, or can't be without a value.";
    SCIM_FORBIDDEN = FORBIDDEN, "scim_forbidden",
        "Roles, entitlements, passwords and the organisation are not the directory's to set.";
    SCIM_NOT_FOUND = NOT_FOUND, "scim_not_found",
        "There is no such user or group for the directory.";
    SCIM_VERSION = PRECONDITION_FAILED, "scim_version",
        "It is not in this version any more; read it again.";
    SCIM_NOT_ITS_OWN = FORBIDDEN, "scim_not_its_own",
        "The directory restores only whom it has suspended itself, and owners and admins are not its own.";
    EXTERNAL_ID_TAKEN = CONFLICT, "external_id_taken",
        "Another one has this external id.";
    TOO_MANY_PEOPLE = CONFLICT, "too_many_people",
        "The organisation has as many people as it may.";
    TOO_MANY_MEMBERS = CONFLICT, "too_many_members",
        "A group has at most 2,000 members, and at most 1,000 change at one time.";
    TOO_MANY_PENDING = CONFLICT, "too_many_pending",
        "As many accounts wait for approval as may; ask an administrator to decide on them, then open the link again.";
    SCHEDULE_INVALID = UNPROCESSABLE_ENTITY, "schedule_invalid",
        "A schedule has a known time zone, 5 minutes to 24 hours, and 1 to 200 occurrences within two years.";
    MEETING_LIVE = CONFLICT, "meeting_live",
        "The meeting goes on; end it first.";
    SINGLE_SIGN_ON_OFF = NOT_IMPLEMENTED, "single_sign_on_off",
        "This server has no identity provider to sign in by.";
    SINGLE_SIGN_ON_UNAVAILABLE = SERVICE_UNAVAILABLE, "single_sign_on_unavailable",
        "The identity provider can't be reached, or is not set up as it should be; sign in another way, or try again later.";
    SINGLE_SIGN_ON_EXPIRED = UNAUTHORIZED, "single_sign_on_expired",
        "This was begun in another browser, or longer than ten minutes ago, or is used; begin again.";
    SINGLE_SIGN_ON_REFUSED = UNAUTHORIZED, "single_sign_on_refused",
        "The identity provider did not say, as it should, who you are; begin again.";
    SINGLE_SIGN_ON_UNKNOWN = FORBIDDEN, "single_sign_on_unknown",
        "No account here is connected with this identity; accept an invitation with it, or sign in another way and connect it.";
    IDENTITY_TAKEN = CONFLICT, "identity_taken",
        "This identity is connected with an account already, or the account with another identity.";
    LAST_WAY = CONFLICT, "last_way",
        "Nobody could sign in to your account without it; set up another way first.";
    LOGOUT_TOKEN_INVALID = BAD_REQUEST, "logout_token_invalid",
        "This is not a logout token of the identity provider, or came before.";
    AUDIT_NOT_FOUND = NOT_FOUND, "audit_not_found",
        "The audit log has no such entry, nothing of that time, or nothing yet.";
    REPORT_SPAN_INVALID = UNPROCESSABLE_ENTITY, "report_span_invalid",
        "A report is of a time that ends after it begins, and of a year at the most.";
    SAFEGUARD_NOT_FOUND = NOT_FOUND, "safeguard_not_found",
        "There is nothing of this name that the organisation decides about.";
    SAFEGUARD_REQUIRED = UNPROCESSABLE_ENTITY, "safeguard_required",
        "The rule requires this: there is nothing to decide but that it is implemented.";
    DECISION_INVALID = UNPROCESSABLE_ENTITY, "decision_invalid",
        "Say when you decide anew: later than now, and within a year.";
    AGREEMENT_NOT_FOUND = NOT_FOUND, "agreement_not_found",
        "There is no such agreement.";
    AGREEMENT_INVALID = UNPROCESSABLE_ENTITY, "agreement_invalid",
        "What is signed was signed once and ends later; a document's hash has 64 hexadecimal digits.";
    TOO_MANY_AGREEMENTS = CONFLICT, "too_many_agreements",
        "The register has as many agreements, or as many changes of them, as it may.";
    EXPORT_NOT_FOUND = NOT_FOUND, "export_not_found",
        "There is no such export, or it is kept no more.";
    TOO_MANY_EXPORTS = CONFLICT, "too_many_exports",
        "As much was taken out within a year as is kept, and what was issued is not forgotten sooner.";
    RISK_NOT_FOUND = NOT_FOUND, "risk_not_found",
        "The register has no such risk.";
    ASSESSMENT_INVALID = UNPROCESSABLE_ENTITY, "assessment_invalid",
        "Say when you look at it again: later than now, and within two years.";
    COMPLAINT_NOT_FOUND = NOT_FOUND, "complaint_not_found",
        "There is no such complaint.";
    COMPLAINT_INVALID = UNPROCESSABLE_ENTITY, "complaint_invalid",
        "What came in came in before now.";
    COMPLAINT_CLOSED = CONFLICT, "complaint_closed",
        "Somebody has closed this already.";
    TOO_MANY_COMPLAINTS = CONFLICT, "too_many_complaints",
        "The register has as many complaints as it may.";
    TRAINING_NOT_FOUND = NOT_FOUND, "training_not_found",
        "The register has no such training.";
    TRAINING_INVALID = UNPROCESSABLE_ENTITY, "training_invalid",
        "A training was completed before now, and is good for five years at the most.";
    TRAINING_WITHDRAWN = CONFLICT, "training_withdrawn",
        "Somebody has taken this back already.";
    TOO_MANY_TRAININGS = CONFLICT, "too_many_trainings",
        "The register has as many trainings as it may.";
    ANOMALY_NOT_FOUND = NOT_FOUND, "anomaly_not_found",
        "There is no such finding.";
    ANOMALY_REVIEWED = CONFLICT, "anomaly_reviewed",
        "Somebody has reviewed this finding already.";
    ANOMALY_RULES_INVALID = UNPROCESSABLE_ENTITY, "anomaly_rules_invalid",
        "Each rule is named once at the most, and stays within its bounds; only exports outside of the usual hours have some.";
    SAVED_VIEW_NOT_FOUND = NOT_FOUND, "saved_view_not_found",
        "There is no such view for you, or no longer.";
    SAVED_VIEW_INVALID = UNPROCESSABLE_ENTITY, "saved_view_invalid",
        "This is no filter of that page, or it names a group or host that is not there.";
    SAVED_VIEW_BROKEN = UNPROCESSABLE_ENTITY, "saved_view_broken",
        "The view names a group or host that is not there any more; save another one.";
    TOO_MANY_SAVED_VIEWS = CONFLICT, "too_many_saved_views",
        "An account keeps 50 views at the most, and an organisation 200; remove one first.";
    STRONGER_PROOF_REQUIRED = FORBIDDEN, "stronger_proof_required",
        "Prove first that it is you, by the strongest way to sign in that your account has.";
    EMERGENCY_OPEN = CONFLICT, "emergency_open",
        "This emergency access is open; end it first.";
    EMERGENCY_NOT_OPEN = FORBIDDEN, "emergency_not_open",
        "You have no emergency access that is open.";
    EMERGENCY_NOT_FOUND = NOT_FOUND, "emergency_not_found",
        "There is no such use of emergency access.";
    EMERGENCY_REVIEWED = CONFLICT, "emergency_reviewed",
        "Somebody has reviewed this already.";
    OWN_EMERGENCY = FORBIDDEN, "own_emergency",
        "Whoever took emergency access does not review it; another owner, admin or auditor does.";
    EMERGENCY_ONLY = FORBIDDEN, "emergency_only",
        "A sealed code opens emergency access and nothing else; sign in as always for this.";
    EMERGENCY_CODE_WRONG = UNAUTHORIZED, "emergency_code_wrong",
        "The e-mail address or the code is wrong, the code is used, or it is not for this account.";
    PUT_OUT = FORBIDDEN, "put_out",
        "You were put out of this meeting, and do not come in by emergency access.";
    COMPANION_NOT_FOUND = NOT_FOUND, "companion_not_found",
        "There is no such computer of yours in a meeting: its code may be wrong, used or too old.";
    SUPPORT_NOT_FOUND = NOT_FOUND, "support_not_found",
        "There is no such support session for you: the code may be wrong, used or too old.";
    SUPPORT_CODE_OVER = CONFLICT, "support_code_over",
        "The code is used, or was good for ten minutes; give another one.";
    SUPPORT_OVER = GONE, "support_over",
        "The support session has been over for more than an hour.";
    FEEDBACK_GIVEN = CONFLICT, "feedback_given",
        "Feedback is given once, and was.";
    FEEDBACK_SEALED = CONFLICT, "feedback_sealed",
        "This session is recorded: what is said of it is sealed by the program that recorded it, and taken in no other way.";
    TOO_MANY_SUPPORT = CONFLICT, "too_many_support",
        "You have 20 support sessions that are not over; end one first.";
    TOO_MANY_SUPPORT_FACTS = CONFLICT, "too_many_support_facts",
        "As many facts as may be are on record of this session.";
    QUEUE_OFF = FORBIDDEN, "queue_off",
        "Nobody waits for help in this way here; ask your own IT people for a code.";
    QUEUE_FULL = CONFLICT, "queue_full",
        "As many people wait for help as may; try again in some minutes.";
    SUPPORT_REQUEST_NOT_FOUND = NOT_FOUND, "support_request_not_found",
        "There is no such request for help, or it waits no longer.";
    ALREADY_TAKEN = CONFLICT, "already_taken",
        "Another technician helps them.";
    RECORDING_NOT_FOUND = NOT_FOUND, "recording_not_found",
        "There is no such recording for you, or not this piece of it; say again why you want to see it.";
    RECORDING_DELETED = GONE, "recording_deleted",
        "This recording was deleted: its time was over.";
    RECORDING_DIFFERS = CONFLICT, "recording_differs",
        "Other bytes are kept under this number, or the recording has ended.";
    RECORDING_NOT_WHOLE = CONFLICT, "recording_not_whole",
        "Pieces of this recording are missing, or it has ended.";
    RECORDING_KEY_MISSING = CONFLICT, "recording_key_missing",
        "This organisation keeps every support session, and has no key yet to seal them to.";
    RECORDING_KEY_INVALID = UNPROCESSABLE_ENTITY, "recording_key_invalid",
        "This is no public part of a recording key.";
    RECORDING_KEY_KNOWN = CONFLICT, "recording_key_known",
        "The organisation has this key already.";
    TOO_MANY_RECORDING_KEYS = CONFLICT, "too_many_recording_keys",
        "The organisation has made 20 recording keys.";
    TOO_MUCH_RECORDED = CONFLICT, "too_much_recorded",
        "As much is recorded as may be.";
    RETENTION_INVALID = UNPROCESSABLE_ENTITY, "retention_invalid",
        "Recordings are kept for 1 to 7,300 days.";
    COMPUTER_NOT_FOUND = NOT_FOUND, "computer_not_found",
        "There is no such computer, it was taken out, or its enrolment is over.";
    COMPUTER_KEYS_TAKEN = CONFLICT, "computer_keys_taken",
        "These keys are of a computer that is enrolled; make other ones.";
    COMPUTER_KEYS_INVALID = UNPROCESSABLE_ENTITY, "computer_keys_invalid",
        "These are not a computer's keys.";
    ENROLMENT_INVALID = GONE, "enrolment_invalid",
        "The enrolment link is wrong, used, or was good for ten minutes; make another one.";
    ENROLMENT_END_INVALID = UNPROCESSABLE_ENTITY, "enrolment_end_invalid",
        "A computer's enrolment lasts 1 to 730 days.";
    TOO_MANY_COMPUTERS = CONFLICT, "too_many_computers",
        "500 computers are enrolled, or 20 links for more of them are good; take one out first.";
    TOO_MANY_GRANTS = CONFLICT, "too_many_grants",
        "50 people may help at this computer; take one of them out first.";
    COMPUTER_OFFLINE = CONFLICT, "computer_offline",
        "The computer is not connected at this moment.";
    COMPUTER_BUSY = CONFLICT, "computer_busy",
        "The computer is asked by others at this moment; try again.";
    CREDENTIALS_REFUSED = FORBIDDEN, "credentials_refused",
        "The computer knows no administrator with this name and password.";
    TOO_MANY_CREDENTIALS = TOO_MANY_REQUESTS, "too_many_credentials",
        "Five tries at one computer in 15 minutes are all; wait.";
    CREDENTIALS_STALE = CONFLICT, "credentials_stale",
        "The computer's service began anew, or saw this before; connect again.";
    NO_DESKTOP = CONFLICT, "no_desktop",
        "No desktop is there on the computer that could be shown.";
    COMPUTER_FAILED = CONFLICT, "computer_failed",
        "The computer could not begin; look at its log.";
}

/// A refusal, perhaps with the seconds after which another try makes sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) kind: Kind,
    retry_after: Option<u32>,
}

impl Refusal {
    pub(crate) fn after(kind: Kind, wait: std::time::Duration) -> Self {
        let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX);
        Self {
            kind,
            retry_after: Some(seconds.saturating_add(1)),
        }
    }
}

impl From<Kind> for Refusal {
    fn from(kind: Kind) -> Self {
        let again = kind.status == StatusCode::SERVICE_UNAVAILABLE || kind == TOO_MANY_REQUESTS;
        Self {
            kind,
            retry_after: again.then_some(1),
        }
    }
}

impl From<ReadError> for Refusal {
    fn from(error: ReadError) -> Self {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "a question to the store failed"
        );
        STORE_UNAVAILABLE.into()
    }
}

impl From<WriteError> for Refusal {
    fn from(error: WriteError) -> Self {
        let kind = match &error {
            WriteError::Refused(refused) => of_refused(*refused),
            WriteError::Busy => BUSY,
            WriteError::Entry(_) | WriteError::Unrecorded => INTERNAL,
            WriteError::Unavailable(_) => STORE_UNAVAILABLE,
        };
        if kind == INTERNAL || kind == STORE_UNAVAILABLE {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "a write to the store failed"
            );
        }
        kind.into()
    }
}

/// What the store's refusals mean where an endpoint has no words of its own for them.
fn of_refused(refused: Refused) -> Kind {
    match refused {
        Refused::Conflict => CHANGED_MEANWHILE,
        Refused::NotFound => MEETING_NOT_FOUND,
        Refused::OwnerExists => OWNER_EXISTS,
        Refused::SetupLinkSpent => SETUP_LINK_INVALID,
        Refused::CodeTaken => NO_CODE_FREE,
        Refused::MeetingEnded => MEETING_ENDED,
        Refused::MeetingLive => MEETING_LIVE,
        Refused::MeetingFull => MEETING_FULL,
        Refused::MeetingLocked => MEETING_LOCKED,
        Refused::NotWaiting => PARTICIPANT_NOT_WAITING,
        Refused::NotInside => PARTICIPANT_NOT_INSIDE,
        Refused::TicketSpent => NOT_ADMITTED,
        Refused::TooManyAsk => TOO_MANY_DEVICE_REQUESTS,
        Refused::NameTaken => GROUP_NAME_TAKEN,
        Refused::TooManyGroups => TOO_MANY_GROUPS,
        Refused::KeyReused => IDEMPOTENCY_KEY_REUSED,
        Refused::AccountExists => ACCOUNT_EXISTS,
        Refused::AccountState => ACCOUNT_STATE,
        Refused::LastOwner => LAST_OWNER,
        Refused::NotAllowed => NOT_ALLOWED,
        Refused::PasswordChanged => SIGN_IN_FAILED,
        Refused::LinkSpent => LINK_INVALID,
        Refused::LastFactor => LAST_FACTOR,
        Refused::TooManyPasskeys => TOO_MANY_PASSKEYS,
        Refused::TooManyPrograms => TOO_MANY_PROGRAMS,
        Refused::TooManyPeople => TOO_MANY_PEOPLE,
        Refused::TooManyMembers => TOO_MANY_MEMBERS,
        Refused::ExternalIdTaken => EXTERNAL_ID_TAKEN,
        Refused::AddressIsTheirs => SCIM_MUTABILITY,
        Refused::ManagedByDirectory => MANAGED_BY_DIRECTORY,
        Refused::TooManyPending => TOO_MANY_PENDING,
        Refused::IdentityTaken => IDENTITY_TAKEN,
        Refused::LastWay => LAST_WAY,
        Refused::TooManyAgreements => TOO_MANY_AGREEMENTS,
        Refused::TooManyExports => TOO_MANY_EXPORTS,
        Refused::TooManyViews => TOO_MANY_SAVED_VIEWS,
        Refused::TooManyComplaints => TOO_MANY_COMPLAINTS,
        Refused::TooManyTrainings => TOO_MANY_TRAININGS,
        Refused::EmergencyOpen => EMERGENCY_OPEN,
        Refused::NoEmergency => EMERGENCY_NOT_OPEN,
        Refused::PutOut => PUT_OUT,
        Refused::TooManySupport => TOO_MANY_SUPPORT,
        Refused::TooManyFacts => TOO_MANY_SUPPORT_FACTS,
        Refused::TooManyRecordingKeys => TOO_MANY_RECORDING_KEYS,
        Refused::TooMuchRecorded => TOO_MUCH_RECORDED,
        Refused::TooManyComputers => TOO_MANY_COMPUTERS,
        Refused::TooManyGrants => TOO_MANY_GRANTS,
        Refused::QueueFull => QUEUE_FULL,
        Refused::RequestTaken => ALREADY_TAKEN,
    }
}

impl From<NotAccepted> for Refusal {
    fn from(error: NotAccepted) -> Self {
        match error {
            NotAccepted::NoCeremony => CEREMONY_EXPIRED,
            NotAccepted::Wrong => PASSKEY_REFUSED,
            NotAccepted::Broken => INTERNAL,
        }
        .into()
    }
}

impl From<NotDeparted> for Refusal {
    fn from(error: NotDeparted) -> Self {
        match error {
            NotDeparted::Unavailable(_) => SINGLE_SIGN_ON_UNAVAILABLE.into(),
            NotDeparted::Randomness(error) => error.into(),
        }
    }
}

impl From<Unopened> for Refusal {
    fn from(error: Unopened) -> Self {
        tracing::error!(%error, "what is sealed can't be read");
        INTERNAL.into()
    }
}

impl From<Overloaded> for Refusal {
    fn from(Overloaded: Overloaded) -> Self {
        BUSY.into()
    }
}

impl From<Busy> for Refusal {
    fn from(_: Busy) -> Self {
        BUSY.into()
    }
}

impl From<NoRandomness> for Refusal {
    fn from(error: NoRandomness) -> Self {
        tracing::error!(%error, "a secret could not be made");
        INTERNAL.into()
    }
}

impl IntoResponse for Kind {
    fn into_response(self) -> Response {
        Refusal::from(self).into_response()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self { kind, retry_after } = self;
        let problem = Problem {
            kind: "about:blank".to_owned(),
            title: kind.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: kind.status.as_u16(),
            detail: kind.detail.to_owned(),
            code: kind.code.to_owned(),
            retry_after,
        };
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = (kind.status, body).into_response();
        let headers = response.headers_mut();
        let media_type = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, media_type);
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}
