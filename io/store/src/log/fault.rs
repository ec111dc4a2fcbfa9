//! Why a log is not continued: what is kept of it is not what was signed.

use conclave_protocol::OrganisationId;

/// Somebody has changed it behind the server's back, or the storage has. Nothing is signed over it; entries go on becoming
/// durable in the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("an entry of the outbox, at position {position}, can't be read")]
    Unreadable { position: i64 },
    #[error("the entries of the log of {} are not those of its last checkpoint", named(*log))]
    NotAsSigned { log: Option<OrganisationId> },
    #[error("the log of {} has as many entries as it can ever have", named(*log))]
    Full { log: Option<OrganisationId> },
    #[error("the host's name is too long for a log's")]
    NoName,
}

impl Fault {
    /// 1 to 64 characters of `a-z` and `_`, for the audit log.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "unreadable",
            Self::NotAsSigned { .. } => "not_as_signed",
            Self::Full { .. } => "full",
            Self::NoName => "no_name",
        }
    }
}

fn named(log: Option<OrganisationId>) -> String {
    log.map_or_else(
        || "the installation".to_owned(),
        |OrganisationId(id)| format!("organisation {id}"),
    )
}
