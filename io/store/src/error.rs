//! Why the store did not do what it was asked.

use std::sync::Arc;

use conclave_audit::Unwritable;

/// The act is not possible as things stand; nothing of it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Somebody else changed it first: read again, decide again.
    #[error("it changed in the meantime")]
    Conflict,
    #[error("there is no such thing")]
    NotFound,
    #[error("the installation has an owner")]
    OwnerExists,
    /// Unknown, used or too old: one answer for all three.
    #[error("the one-time link is not valid")]
    SetupLinkSpent,
    /// Draw another code.
    #[error("the meeting code is in use")]
    CodeTaken,
    #[error("the meeting has ended")]
    MeetingEnded,
    #[error("the meeting goes on")]
    MeetingLive,
    #[error("the meeting, or its lobby, is full")]
    MeetingFull,
    #[error("the meeting is locked")]
    MeetingLocked,
    /// Admitted, denied or gone already.
    #[error("the participant does not wait")]
    NotWaiting,
    #[error("the participant is not in the meeting")]
    NotInside,
    /// Unknown, spent or too old: one answer for all three.
    #[error("the ticket is not valid")]
    TicketSpent,
    /// Requests to be added, of one account.
    #[error("as many browsers ask as may at one time")]
    TooManyAsk,
    #[error("the address has an account")]
    AccountExists,
    /// Not, or no longer, as it must be for the change.
    #[error("the account is not in the state for this")]
    AccountState,
    #[error("the organisation needs an active owner")]
    LastOwner,
    /// Whoever does it may not, or may not any more.
    #[error("their rights do not reach so far")]
    NotAllowed,
    /// It is another than it was when it was checked.
    #[error("the password was changed in the meantime")]
    PasswordChanged,
    /// Of an invitation, a request or a reset. Unknown, used, replaced or too old: one answer for all four.
    #[error("the mailed link is not valid")]
    LinkSpent,
    /// Another group of the organisation has the name.
    #[error("the name is taken")]
    NameTaken,
    #[error("the organisation has as many groups as it may")]
    TooManyGroups,
    /// The role must have a second factor, and this is the only one.
    #[error("it is the last second factor")]
    LastFactor,
    #[error("the account has as many passkeys as it may")]
    TooManyPasskeys,
    #[error("the organisation has as many programs as it may")]
    TooManyPrograms,
    #[error("the organisation has as many people as it may")]
    TooManyPeople,
    #[error("the group has as many members as it may")]
    TooManyMembers,
    /// Somebody or something else of the directory's has it.
    #[error("the external id is taken")]
    ExternalIdTaken,
    /// Of an account that no directory brought.
    #[error("the address is its holder's")]
    AddressIsTheirs,
    #[error("the organisation's directory says who is in the group")]
    ManagedByDirectory,
    #[error("as many accounts wait for approval as may")]
    TooManyPending,
    /// Somebody has connected it, or the account has one of this provider.
    #[error("the identity is connected already")]
    IdentityTaken,
    /// Without it nobody could sign in to the account.
    #[error("it is the last way to sign in")]
    LastWay,
    #[error("the register has as many agreements as it may")]
    TooManyAgreements,
    /// None of them is old enough to be forgotten.
    #[error("as many exports are kept as may be")]
    TooManyExports,
    #[error("the register has as many complaints as it may")]
    TooManyComplaints,
    #[error("the register has as many trainings as it may")]
    TooManyTrainings,
    /// Of one account, or of the organisation.
    #[error("as many views are saved as may be")]
    TooManyViews,
    /// The same key was used for another request.
    #[error("the idempotency key belongs to another request")]
    KeyReused,
    /// One at a time.
    #[error("the account's emergency access is open already")]
    EmergencyOpen,
    /// Never taken, given back, or its time is over.
    #[error("no emergency access is open")]
    NoEmergency,
    #[error("they were put out of the meeting")]
    PutOut,
    /// Of one technician.
    #[error("as many support sessions are open as may be")]
    TooManySupport,
    /// Of one support session.
    #[error("as much was let be known of the session as may be")]
    TooManyFacts,
    #[error("as many recording keys were made as may be")]
    TooManyRecordingKeys,
    /// Of one session, or in bytes, of one recording or of all.
    #[error("as much is recorded as may be")]
    TooMuchRecorded,
    /// Of one organisation, or links for more of them.
    #[error("as many computers are enrolled as may be")]
    TooManyComputers,
    /// Of one computer.
    #[error("as many people may help at the computer as may be")]
    TooManyGrants,
    /// Of one organisation.
    #[error("as many people wait for help as may")]
    QueueFull,
    /// By another technician, or they are about to.
    #[error("who asked for help is taken")]
    RequestTaken,
}

impl Refused {
    /// 1 to 64 characters of `a-z` and `_`, for the audit log.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Conflict => "conflict",
            Self::NotFound => "not_found",
            Self::OwnerExists => "owner_exists",
            Self::SetupLinkSpent => "setup_link_invalid",
            Self::CodeTaken => "code_taken",
            Self::MeetingEnded => "meeting_ended",
            Self::MeetingLive => "meeting_live",
            Self::MeetingFull => "meeting_full",
            Self::MeetingLocked => "meeting_locked",
            Self::NotWaiting => "not_waiting",
            Self::NotInside => "not_inside",
            Self::TicketSpent => "ticket_spent",
            Self::TooManyAsk => "too_many_ask",
            Self::AccountExists => "account_exists",
            Self::AccountState => "account_state",
            Self::LastOwner => "last_owner",
            Self::NotAllowed => "not_allowed",
            Self::PasswordChanged => "password_changed",
            Self::LinkSpent => "link_invalid",
            Self::NameTaken => "name_taken",
            Self::TooManyGroups => "too_many_groups",
            Self::LastFactor => "last_factor",
            Self::TooManyPasskeys => "too_many_passkeys",
            Self::TooManyPrograms => "too_many_programs",
            Self::TooManyPeople => "too_many_people",
            Self::TooManyMembers => "too_many_members",
            Self::ExternalIdTaken => "external_id_taken",
            Self::AddressIsTheirs => "address_is_theirs",
            Self::ManagedByDirectory => "managed_by_directory",
            Self::TooManyPending => "too_many_pending",
            Self::IdentityTaken => "identity_taken",
            Self::LastWay => "last_way",
            Self::TooManyAgreements => "too_many_agreements",
            Self::TooManyExports => "too_many_exports",
            Self::TooManyComplaints => "too_many_complaints",
            Self::TooManyTrainings => "too_many_trainings",
            Self::TooManyViews => "too_many_views",
            Self::KeyReused => "key_reused",
            Self::EmergencyOpen => "emergency_open",
            Self::NoEmergency => "no_emergency",
            Self::PutOut => "put_out",
            Self::TooManySupport => "too_many_support",
            Self::TooManyFacts => "too_many_facts",
            Self::TooManyRecordingKeys => "too_many_recording_keys",
            Self::TooMuchRecorded => "too_much_recorded",
            Self::TooManyComputers => "too_many_computers",
            Self::TooManyGrants => "too_many_grants",
            Self::QueueFull => "queue_full",
            Self::RequestTaken => "already_taken",
        }
    }
}

/// Why an action is not durable.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Too many writes wait: try again in a moment.
    #[error("the store is busy")]
    Busy,
    #[error("the audit entry has no canonical form")]
    Entry(#[from] Unwritable),
    /// The record held no entry.
    #[error("the action has no audit entry")]
    Unrecorded,
    /// The database cannot write (disk full, read-only, locked, connection lost). Nothing of the
    /// action is known to be written.
    #[error("the database could not write")]
    Unavailable(#[source] Cause),
}

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("the database could not read")]
    Unavailable(#[source] Cause),
}

/// Why the store did not open. Each is one clear line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the data directory {path} cannot be used")]
    DataDirectory {
        path: std::path::PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("another server uses the data directory {path}")]
    InUse { path: std::path::PathBuf },
    #[error(
        "the database has schema version {found}, this server knows versions up to {known}: use the newer server"
    )]
    FromNewerVersion { found: i64, known: i64 },
    #[error("there is no database at {path}")]
    NoDatabase { path: std::path::PathBuf },
    #[error(
        "the database has schema version {found}, this program's is {known}: start its server first"
    )]
    OfOtherVersion { found: i64, known: i64 },
    #[error("migration {version} of the database failed")]
    Migration {
        version: i64,
        #[source]
        source: Cause,
    },
    #[error("the database address is not one of PostgreSQL's")]
    Address,
    #[error("the database could not be opened")]
    Database(#[source] Cause),
    #[error("the spool file {path} cannot be used")]
    Spool {
        path: std::path::PathBuf,
        #[source]
        source: std::io::Error,
    },
}

/// The database's own words, for the operator's eyes. Holds no values of statements.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Cause(Arc<sqlx::Error>);

impl From<sqlx::Error> for Cause {
    fn from(error: sqlx::Error) -> Self {
        Self(Arc::new(error))
    }
}

impl From<Arc<sqlx::Error>> for Cause {
    fn from(error: Arc<sqlx::Error>) -> Self {
        Self(error)
    }
}

impl From<sqlx::Error> for ReadError {
    fn from(error: sqlx::Error) -> Self {
        Self::Unavailable(Cause::from(error))
    }
}
