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
    /// The same key was used for another request.
    #[error("the idempotency key belongs to another request")]
    KeyReused,
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
            Self::MeetingFull => "meeting_full",
            Self::MeetingLocked => "meeting_locked",
            Self::NotWaiting => "not_waiting",
            Self::NotInside => "not_inside",
            Self::TicketSpent => "ticket_spent",
            Self::TooManyAsk => "too_many_ask",
            Self::KeyReused => "key_reused",
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
